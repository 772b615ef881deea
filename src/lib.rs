//! kickdb
