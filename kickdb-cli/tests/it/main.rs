//! The built `cargo-kickdb`, driven as a user drives it: in a folder of its own, by its arguments, judged by what it
//! prints, by its exit code and by what it leaves behind.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod project;

mod adopt;
mod backfill;
mod bad_input;
mod by_hand;
mod calamity;
mod configuration;
mod crowd;
mod diff;
mod docs;
mod drift;
#[cfg(unix)]
mod galera;
mod generate;
mod interrupt;
mod introspect;
mod lint;
mod mentions;
mod migrate;
mod objects;
mod probes;
mod proof;
mod rebase;
mod review;
mod setup;
mod source;
mod squash;
mod tenants;
mod versions;
