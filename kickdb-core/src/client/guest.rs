//! A connection that somebody else holds, lent for one query.

use std::fmt;

use super::link::{Link, State};
use super::observe::NOBODY;
use crate::dialect::Dialect;
use crate::dialect::session::Session;
use crate::error::Result;

/// A connection that is lent for one query. No pool of kickdb knows of it, so that nobody but `tracing` looks on.
#[doc(hidden)]
pub struct Guest<'c> {
    session: Box<dyn Session + 'c>,
    dialect: &'static dyn Dialect,
    state: State,
}

impl<'c> Guest<'c> {
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    pub(super) fn new(session: Box<dyn Session + 'c>, dialect: &'static dyn Dialect) -> Self {
        let state = State::default();
        Self {
            session,
            dialect,
            state,
        }
    }

    pub(super) fn link(&mut self) -> Link<'_> {
        Link {
            session: &mut *self.session,
            state: &mut self.state,
            watch: &NOBODY,
            dialect: self.dialect,
        }
    }

    /// Begins a transaction where its owner has not begun one; `true` where it did.
    pub(super) async fn begin(&mut self) -> Result<bool> {
        self.session.begin_lent().await
    }

    pub(super) async fn end(&mut self, keep: bool) -> Result<()> {
        self.session.end_lent(keep).await
    }
}

impl fmt::Debug for Guest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guest").finish_non_exhaustive()
    }
}
