//! The built `cargo-kickdb`, driven as a user drives it: in a folder of its own, by its arguments, judged by what it
//! prints, by its exit code and by what it leaves behind.

mod project;

mod configuration;
mod diff;
mod generate;
mod review;
mod setup;
mod source;
