//! One runner at a time.
//!
//! Row 1 of `kick_migrations_lock` is what every tool sees. Beside it lies a lease in `kick_lease`, which a heartbeat on a
//! connection of its own renews: where it has run out, the holder is dead and the lock is taken over. All time is the
//! database's. A holder that was robbed after all (its machine slept) cannot record anything: [`Lock::fence`] is part of
//! every transaction that does.

mod holder;
mod look;

use std::time::{Duration, Instant};

use self::holder::{Suspect, suspected};
use self::look::{Look, look};
use super::cancel::Cancel;
use super::heart::Heart;
use super::observe::{Event, Observers};
use super::tracking::{Tracking, finish};
use crate::dialect::live::{Arg, Connection};
use crate::error::{Error, LockHeld, Result};

/// How the lock is taken and kept.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    /// The holder's name, unlike any other's.
    pub(crate) owner: String,
    /// How long to wait for another holder.
    pub(crate) wait: Duration,
    /// How long the lock outlives the last sign of life.
    pub(crate) lease: Duration,
}

impl Terms {
    pub(super) fn beat_every(&self) -> Duration {
        self.lease / 8
    }

    /// How long a lease that has run out is looked at before it is taken over: a machine, or a database, that slept gets
    /// the time for one heartbeat.
    fn grace(&self) -> Duration {
        self.lease / 3
    }

    fn lease_millis(&self) -> Arg {
        Arg::Int(i64::try_from(self.lease.as_millis()).unwrap_or(i64::MAX))
    }
}

/// How long is between two looks at a lock that another one holds.
const POLL: Duration = Duration::from_millis(100);

/// How long writes of others (not runners) may keep the database busy before that counts as a held lock.
const BUSY: Duration = Duration::from_secs(5);

/// The lock, held. Dropped without [`release`](Lock::release), it is released in the background.
#[derive(Debug)]
pub(crate) struct Lock {
    terms: Terms,
    tracking: Tracking,
    heart: Option<Heart>,
}

impl Lock {
    /// Takes the lock, waiting as long as the terms say.
    pub(crate) async fn take(
        connection: &mut dyn Connection,
        tracking: &Tracking,
        terms: Terms,
        cancel: &Cancel,
        observers: &mut Observers,
    ) -> Result<Self> {
        let begun = Instant::now();
        let mut suspect: Option<Suspect> = None;
        let mut told = false;
        loop {
            if cancel.is_cancelled() {
                return Err(cancelled());
            }
            let look = look(connection, tracking, &terms, suspect.as_ref()).await?;
            let (refused, patience) = match look {
                Look::Taken => break,
                Look::Busy => {
                    suspect = None;
                    (busy(), terms.wait.max(BUSY))
                }
                Look::Held(holder) if holder.expired() => {
                    suspect = suspected(suspect, &holder);
                    // A dead one is waited out whatever the terms say: it is a matter of moments.
                    (holder.refusal(), terms.wait.max(terms.grace() * 4))
                }
                Look::Held(holder) => {
                    suspect = None;
                    if !told && !terms.wait.is_zero() {
                        told = true;
                        observers.tell(&Event::Waiting {
                            by: &holder.by,
                            since: &holder.since,
                        });
                    }
                    (holder.refusal(), terms.wait)
                }
            };
            if begun.elapsed() >= patience {
                return Err(refused);
            }
            tokio::select! {
                () = tokio::time::sleep(POLL.min(terms.beat_every())) => {}
                () = cancel.cancelled() => return Err(cancelled()),
            }
        }
        Self::keep(connection, tracking, terms).await
    }

    /// Starts the heartbeat of a lock that was just taken.
    async fn keep(connection: &mut dyn Connection, tracking: &Tracking, terms: Terms) -> Result<Self> {
        let mut lock = Self {
            terms,
            tracking: tracking.clone(),
            heart: None,
        };
        match Heart::start(connection, tracking, &lock.terms).await {
            Ok(heart) => {
                lock.heart = heart;
                Ok(lock)
            }
            Err(error) => {
                // Without a heartbeat the lock would be lost before the work is done.
                let _ = lock.release(connection).await;
                Err(error)
            }
        }
    }

    /// Fails where the lock is no longer ours; renews the lease where it is. Run inside the transaction that records
    /// something, this makes the record and the lock one: whoever takes the lock over waits for this transaction.
    pub(crate) async fn fence(&self, connection: &mut dyn Connection) -> Result<()> {
        let row = format!(
            "UPDATE {} SET \"locked_by\" = \"locked_by\" WHERE \"id\" = 1 AND \"locked_by\" = $1",
            self.tracking.table("kick_migrations_lock")
        );
        let ours = connection.change(&row, &[self.terms.owner.as_str().into()]).await?;
        if ours == 0 || !renew(connection, &self.tracking, &self.terms).await? {
            return Err(lost_error());
        }
        Ok(())
    }

    /// Waits until the lock is lost, and says so.
    pub(crate) async fn lost(&self) -> Error {
        match &self.heart {
            Some(heart) => {
                let mut lost = heart.lost.clone();
                // An error is a task that is gone; without it the lease runs out, which comes to the same.
                let _ = lost.wait_for(|lost| *lost).await;
                lost_error()
            }
            // Nobody else can see a database in memory.
            None => std::future::pending().await,
        }
    }

    /// Interrupts the statement that the connection of the work is running, where the engine can.
    pub(crate) async fn interrupt(&self) {
        if let Some(heart) = &self.heart {
            heart.interrupt().await;
        }
    }

    /// Gives the lock back, over the heart's connection where the work's is broken.
    pub(crate) async fn release(mut self, connection: &mut dyn Connection) -> Result<()> {
        let other = match self.heart.take() {
            Some(heart) => heart.stop().await,
            None => None,
        };
        let mut released = release(connection, &self.tracking, &self.terms.owner).await;
        if let Some(mut other) = other {
            if released.is_err() {
                released = release(&mut *other, &self.tracking, &self.terms.owner).await;
            }
            // It has nothing more to say; an error here changes nothing.
            let _ = other.close().await;
        }
        if let Some(session) = &connection.phrases().session {
            let _ = connection.execute(session.release).await;
        }
        released
    }
}

/// Gives back what `owner` holds.
pub(crate) async fn release(connection: &mut dyn Connection, tracking: &Tracking, owner: &str) -> Result<()> {
    connection.execute(tracking.phrases().begin).await?;
    let released = release_inside(connection, tracking, owner).await;
    finish(connection, released).await
}

async fn release_inside(connection: &mut dyn Connection, tracking: &Tracking, owner: &str) -> Result<()> {
    let row = format!(
        "UPDATE {} SET \"locked_at\" = NULL, \"locked_by\" = NULL WHERE \"id\" = 1 AND \"locked_by\" = $1",
        tracking.table("kick_migrations_lock")
    );
    connection.change(&row, &[owner.into()]).await?;
    let lease = format!("DELETE FROM {} WHERE \"owner\" = $1", tracking.table("kick_lease"));
    connection.change(&lease, &[owner.into()]).await.map(drop)
}

/// Renews the lease; `false` where it is no longer ours.
pub(super) async fn renew(connection: &mut dyn Connection, tracking: &Tracking, terms: &Terms) -> Result<bool> {
    let sql = format!(
        "UPDATE {} SET \"beat\" = \"beat\" + 1, \"expires_at\" = {} + $1 WHERE \"id\" = 1 AND \"owner\" = $2",
        tracking.table("kick_lease"),
        tracking.phrases().millis
    );
    let args = [terms.lease_millis(), terms.owner.as_str().into()];
    Ok(connection.change(&sql, &args).await? == 1)
}

pub(super) async fn first(connection: &mut dyn Connection, sql: &str) -> Result<Option<String>> {
    let rows = connection.query(sql, &[]).await?;
    Ok(rows.into_iter().next().and_then(|row| row.into_iter().next()).flatten())
}

fn busy() -> Error {
    Error::LockHeld(Box::new(LockHeld::new(
        "another connection that is writing to the database",
        "a moment ago",
        Some(true),
    )))
}

fn cancelled() -> Error {
    Error::Cancelled {
        what: "waiting for the migration lock".to_owned(),
        state: "nothing was changed".to_owned(),
    }
}

fn lost_error() -> Error {
    Error::Cancelled {
        what: "the run".to_owned(),
        state: "it lost the migration lock, because the database did not hear from it for too long and another runner took over; nothing was recorded since. Look at `cargo kickdb migrate status`, then run it again".to_owned(),
    }
}
