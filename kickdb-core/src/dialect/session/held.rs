//! A connection of sqlx, and whose it is.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, Database, Transaction};

/// Why a connection is there.
const THERE: &str = "nothing is sent after the transaction that was begun on a lent connection";

pub(crate) enum Held<'c, DB: Database> {
    /// Opened by kickdb.
    Own(DB::Connection),
    /// Taken from a pool of sqlx, which gets it back where this is dropped.
    Pool(PoolConnection<DB>),
    /// Lent for one query by whoever holds it.
    Lent(&'c mut DB::Connection),
    /// Lent, and in a transaction that was begun for this one query. sqlx undoes it where this is dropped.
    Begun(Transaction<'c, DB>),
    /// Given back with the end of that transaction.
    Gone,
}

impl<DB: Database> Held<'_, DB> {
    /// Begins a transaction on a connection that is lent outside of any, so that sqlx knows of it. `true` where it did.
    pub(super) async fn begin(&mut self) -> Result<bool, sqlx::Error> {
        match std::mem::replace(self, Self::Gone) {
            Self::Lent(lent) if !lent.is_in_transaction() => {
                *self = Self::Begun(lent.begin().await?);
                Ok(true)
            }
            other => {
                *self = other;
                Ok(false)
            }
        }
    }

    /// Ends what [`begin`](Held::begin) began.
    pub(super) async fn end(&mut self, keep: bool) -> Result<(), sqlx::Error> {
        match std::mem::replace(self, Self::Gone) {
            Self::Begun(begun) if keep => begun.commit().await,
            Self::Begun(begun) => begun.rollback().await,
            other => {
                *self = other;
                Ok(())
            }
        }
    }

    /// Has its pool close it instead of lending it again.
    pub(super) fn spoil(&mut self) {
        if let Self::Pool(pooled) = self {
            pooled.close_on_drop();
        }
    }

    pub(super) fn is_own(&self) -> bool {
        matches!(self, Self::Own(_))
    }
}

impl<DB: Database> Deref for Held<'_, DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Own(own) => own,
            Self::Pool(pooled) => pooled,
            Self::Lent(lent) => lent,
            Self::Begun(begun) => begun,
            Self::Gone => panic!("{THERE}"),
        }
    }
}

impl<DB: Database> DerefMut for Held<'_, DB> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        match self {
            Self::Own(own) => own,
            Self::Pool(pooled) => pooled,
            Self::Lent(lent) => lent,
            Self::Begun(begun) => begun,
            Self::Gone => panic!("{THERE}"),
        }
    }
}
