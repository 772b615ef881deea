use std::fmt;
use std::time::Duration;

use super::policy::Direction;
use crate::error::{Drift, Error};

/// What happens during a run, as it happens.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Another runner holds the lock, and is waited for.
    Waiting {
        /// The holder.
        by: &'a str,
        /// Since when, in UTC.
        since: &'a str,
    },
    /// Something that is accepted but worth a word.
    Note(&'a str),
    /// The database differs from the last applied snapshot, and the options say to go on.
    Drift(&'a Drift),
    /// A migration begins.
    Started {
        /// Its id.
        id: &'a str,
        /// Up or down.
        direction: Direction,
        /// Which one of this run, from 1.
        number: usize,
        /// How many this run has.
        of: usize,
    },
    /// A statement begins.
    Statement {
        /// The migration's id.
        id: &'a str,
        /// Which one of the migration, from 1.
        number: usize,
        /// How many the migration has.
        of: usize,
        /// The statement.
        sql: &'a str,
    },
    /// Somebody held a lock for too long; the migration was rolled back and is tried again.
    Retrying {
        /// The migration's id.
        id: &'a str,
        /// The server's message.
        reason: &'a str,
        /// How long is waited before.
        pause: Duration,
    },
    /// A migration is through and recorded.
    Finished {
        /// Its id.
        id: &'a str,
        /// Up or down.
        direction: Direction,
        /// How long it took.
        took: Duration,
    },
    /// A migration failed.
    Failed {
        /// Its id.
        id: &'a str,
        /// Why.
        error: &'a Error,
    },
}

type Observer = Box<dyn FnMut(&Event<'_>) + Send>;

/// Everybody who wants to hear of events.
#[derive(Default)]
pub(crate) struct Observers(Vec<Observer>);

impl fmt::Debug for Observers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Observers({})", self.0.len())
    }
}

impl Observers {
    pub(crate) fn add(&mut self, observer: impl FnMut(&Event<'_>) + Send + 'static) {
        self.0.push(Box::new(observer));
    }

    pub(crate) fn tell(&mut self, event: &Event<'_>) {
        trace(event);
        for observer in &mut self.0 {
            observer(event);
        }
    }
}

/// The same for the log. Statements may hold data of the application, so they are only for the deepest level.
fn trace(event: &Event<'_>) {
    match event {
        Event::Waiting { by, since } => tracing::info!(by, since, "waiting for the migration lock"),
        Event::Note(note) => tracing::warn!("{note}"),
        Event::Drift(drift) => tracing::warn!("{drift}"),
        Event::Started {
            id,
            direction,
            number,
            of,
        } => tracing::info!(
            migration = id,
            direction = direction.as_str(),
            number,
            of,
            "migration begins"
        ),
        Event::Statement { id, number, of, sql } => {
            tracing::trace!(migration = id, number, of, sql, "statement begins")
        }
        Event::Retrying { id, reason, pause } => {
            tracing::warn!(migration = id, reason, ?pause, "migration is tried again");
        }
        Event::Finished { id, direction, took } => {
            tracing::info!(migration = id, direction = direction.as_str(), ?took, "migration done");
        }
        Event::Failed { id, error } => tracing::error!(migration = id, code = error.code(), %error, "migration failed"),
    }
}
