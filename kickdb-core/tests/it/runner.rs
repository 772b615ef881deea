//! The runner on real engines: each scenario runs on every engine at hand.
#![allow(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

#[path = "runner/place.rs"]
mod place;

#[path = "runner/events.rs"]
mod events;
#[path = "runner/gates.rs"]
mod gates;
#[path = "runner/lock.rs"]
mod lock;
#[cfg(feature = "mysql")]
#[path = "runner/mysql.rs"]
mod mysql;
#[cfg(feature = "postgres")]
#[path = "runner/postgres.rs"]
mod postgres;
#[cfg(feature = "sqlite")]
#[path = "runner/rebuild.rs"]
mod rebuild;
#[path = "runner/stepwise.rs"]
mod stepwise;
#[path = "runner/survival.rs"]
mod survival;
#[path = "runner/walk.rs"]
mod walk;
