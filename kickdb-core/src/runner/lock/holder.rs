//! Who holds the lock, and whether that one still lives.

use std::time::Instant;

use super::Terms;
use crate::dialect::live::Connection;
use crate::error::{Error, LockHeld, Result};
use crate::runner::tracking::Tracking;

/// Who holds the lock, as far as the tables tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) by: String,
    pub(super) since: String,
    pub(super) lease: Option<Lease>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lease {
    pub(super) owner: String,
    pub(super) beat: String,
    pub(super) expired: bool,
}

impl Lease {
    /// One that runs.
    pub(super) fn of(owner: &str) -> Self {
        Self {
            owner: owner.to_owned(),
            beat: String::new(),
            expired: false,
        }
    }
}

impl Holder {
    /// Whether the lease belongs to the holder, and has run out. A tool that knows no leases is never robbed.
    pub(super) fn expired(&self) -> bool {
        self.lease
            .as_ref()
            .is_some_and(|lease| lease.owner == self.by && lease.expired)
    }

    pub(super) fn alive(&self) -> Option<bool> {
        match &self.lease {
            Some(lease) if lease.owner == self.by => Some(!lease.expired),
            _ => None,
        }
    }

    pub(super) fn refusal(&self) -> Error {
        Error::LockHeld(Box::new(LockHeld::new(&self.by, &self.since, self.alive())))
    }
}

/// A holder whose lease has run out, and since when it has not moved.
pub(super) struct Suspect {
    pub(super) lease: Lease,
    pub(super) since: Instant,
}

impl Suspect {
    /// Whether it is still this holder that has not moved, and it had its time.
    pub(super) fn is_over(&self, holder: &Holder, terms: &Terms) -> bool {
        let same = |lease: &Lease| lease.owner == self.lease.owner && lease.beat == self.lease.beat;
        holder.expired() && holder.lease.as_ref().is_some_and(same) && self.since.elapsed() >= terms.grace()
    }
}

/// The suspect after another look at the holder: the same one as long as nothing of it moves.
pub(super) fn suspected(suspect: Option<Suspect>, holder: &Holder) -> Option<Suspect> {
    let lease = holder.lease.clone()?;
    match suspect {
        Some(suspect) if suspect.lease.owner == lease.owner && suspect.lease.beat == lease.beat => Some(suspect),
        _ => Some(Suspect {
            lease,
            since: Instant::now(),
        }),
    }
}

/// Who holds the row, `None` where it is free.
pub(super) async fn read_holder(connection: &mut dyn Connection, tracking: &Tracking) -> Result<Option<Holder>> {
    let phrases = tracking.phrases();
    let sql = format!(
        "SELECT CAST(l.\"locked_by\" AS {text}), {since}, CAST(k.\"owner\" AS {text}), CAST(k.\"beat\" AS {text}), \
         CASE WHEN k.\"expires_at\" < {millis} THEN '1' ELSE '0' END \
         FROM {lock} l LEFT JOIN {lease} k ON k.\"id\" = 1 WHERE l.\"id\" = 1 AND l.\"locked_at\" IS NOT NULL",
        text = phrases.text,
        since = phrases.utc.replace("{}", "l.\"locked_at\""),
        millis = phrases.millis,
        lock = tracking.table("kick_migrations_lock"),
        lease = tracking.table("kick_lease"),
    );
    let mut rows = connection.query(&sql, &[]).await?.into_iter();
    Ok(rows.next().map(|row| {
        let mut cells = row.into_iter();
        let mut next = || cells.next().flatten();
        let (by, since) = (next(), next().unwrap_or_default());
        let lease = match (next(), next(), next()) {
            (Some(owner), Some(beat), expired) => Some(Lease {
                owner,
                beat,
                expired: expired.as_deref() == Some("1"),
            }),
            _ => None,
        };
        Holder {
            by: by.unwrap_or_else(|| "somebody who left no name".to_owned()),
            since,
            lease,
        }
    }))
}
