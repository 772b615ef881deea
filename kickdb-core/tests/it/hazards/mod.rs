//! The rules against what they speak of: their pages, and the engines themselves.

#[cfg(feature = "live")]
mod engine;
mod generated;
#[cfg(feature = "mysql")]
mod mysql;
mod pages;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
