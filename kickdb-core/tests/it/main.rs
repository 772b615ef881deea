//! What holds across the modules of the core, on real engines where one is needed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[cfg(feature = "live")]
mod cases;
#[cfg(feature = "live")]
mod compiled;
#[cfg(feature = "live")]
mod drift;
#[cfg(feature = "uuid")]
mod expanded;
mod folder;
mod growth;
mod hazards;
mod laws;
mod layers;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "live")]
mod names;
#[cfg(all(feature = "live", feature = "lower", feature = "sqlite"))]
mod online;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "live")]
mod proof;
#[cfg(feature = "uuid")]
mod query;
#[cfg(feature = "lower")]
mod raise;
#[cfg(all(feature = "live", feature = "lower", feature = "sqlite"))]
mod rebase;
#[cfg(feature = "live")]
mod runner;
mod sample;
#[cfg(feature = "sqlite")]
mod sqlite;
mod support;
#[cfg(feature = "live")]
mod there_and_back;
