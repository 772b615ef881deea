//! Migrations, applied and reversed: either wholly and recorded, or not at all, or stopped at a known statement.
//!
//! A [`Runner`] is a connection, a [`Source`] of migrations and [`Options`]. What may run is decided before the first write;
//! only one runner works at a time; each migration and its record are one transaction. Migrations that cannot run in a
//! transaction are recorded statement by statement, and the next run goes on where the last one stopped.

mod apply;
mod boot;
mod cancel;
mod checks;
mod client_words;
mod heart;
mod lock;
mod mark;
mod material;
mod observe;
mod options;
mod owner;
mod policy;
mod rebuild;
mod replaced;
mod run;
mod script;
mod status;
mod stepwise;
mod tracking;

pub(crate) use self::boot::start;
pub use self::boot::{Boot, boot};
pub use self::cancel::Cancel;
pub use self::mark::{Accepted, StoppedAt, Verdict};
pub use self::observe::Event;
pub use self::options::{DriftCheck, Options};
pub use self::policy::{Applied, Direction, Goal};
pub use self::run::{Done, Report, Runner};
pub use self::script::{Planned, Source, Statement};
pub use self::status::{HashState, Standing, State, applied};
