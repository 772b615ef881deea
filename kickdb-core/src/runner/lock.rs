//! One runner at a time.
//!
//! Row 1 of `kick_migrations_lock` is what every tool sees. Beside it lies a lease in `kick_lease`, which a heartbeat on a
//! connection of its own renews: where it has run out, the holder is dead and the lock is taken over. All time is the
//! database's. A holder that was robbed after all (its machine slept) cannot record anything: [`Lock::fence`] is part of
//! every transaction that does.

use std::time::{Duration, Instant};

use super::cancel::Cancel;
use super::heart::Heart;
use super::observe::{Event, Observers};
use super::tracking::{Tracking, finish};
use crate::dialect::live::{Arg, Connection, Limits, Refusal, refusal};
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

/// Who holds the lock, as far as the tables tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Holder {
    by: String,
    since: String,
    lease: Option<Lease>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Lease {
    owner: String,
    beat: String,
    expired: bool,
}

impl Lease {
    /// One that runs.
    fn of(owner: &str) -> Self {
        Self {
            owner: owner.to_owned(),
            beat: String::new(),
            expired: false,
        }
    }
}

impl Holder {
    /// Whether the lease belongs to the holder, and has run out. A tool that knows no leases is never robbed.
    fn expired(&self) -> bool {
        self.lease
            .as_ref()
            .is_some_and(|lease| lease.owner == self.by && lease.expired)
    }

    fn alive(&self) -> Option<bool> {
        match &self.lease {
            Some(lease) if lease.owner == self.by => Some(!lease.expired),
            _ => None,
        }
    }

    fn refusal(&self) -> Error {
        Error::LockHeld(Box::new(LockHeld::new(&self.by, &self.since, self.alive())))
    }
}

/// What one look at the lock gave.
enum Look {
    Taken,
    Held(Holder),
    /// Somebody writes, so that nothing could be seen or done.
    Busy,
}

/// A holder whose lease has run out, and since when it has not moved.
struct Suspect {
    lease: Lease,
    since: Instant,
}

impl Suspect {
    /// Whether it is still this holder that has not moved, and it had its time.
    fn is_over(&self, holder: &Holder, terms: &Terms) -> bool {
        let same = |lease: &Lease| lease.owner == self.lease.owner && lease.beat == self.lease.beat;
        holder.expired() && holder.lease.as_ref().is_some_and(same) && self.since.elapsed() >= terms.grace()
    }
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

/// Looks once, and takes the lock where it is free, or held by a suspect that had its time.
async fn look(
    connection: &mut dyn Connection,
    tracking: &Tracking,
    terms: &Terms,
    suspect: Option<&Suspect>,
) -> Result<Look> {
    let Some(session) = &connection.phrases().session else {
        return look_at_row(connection, tracking, terms, suspect).await;
    };
    let own = first(connection, session.try_take).await?.as_deref() == Some("1");
    if !own && let Some((id, state)) = first_row(connection, session.holder).await? {
        let mut holder = read_holder(connection, tracking).await?.unwrap_or_default();
        let quiet = matches!(state.as_str(), "idle" | "waiting");
        if quiet && suspect.is_some_and(|suspect| suspect.is_over(&holder, terms)) {
            // A client that was stopped, or whose host is gone: should it come back, it must find that it has lost. Where this
            // may not be done, the row alone decides; what a transaction of it has locked is waited for.
            let _ = connection.query(session.end, &[Arg::Text(id)]).await;
        } else if state == "waiting" && holder.expired() {
            return Ok(Look::Held(holder));
        } else if state == "waiting" && holder.by.is_empty() {
            // A runner between two statements of taking the lock, whose row will say who it is.
            return Ok(Look::Busy);
        } else if state != "idle" {
            // The row may be free or its lease run out while the server still works for the one that is gone.
            if holder.alive() != Some(true) {
                holder.by = format!("the server's session {id} whose client is gone, and which is {state}");
                holder.lease = Some(Lease::of(&holder.by));
            }
            return Ok(Look::Held(holder));
        }
    }
    let look = look_at_row(connection, tracking, terms, suspect).await;
    if own && !matches!(look, Ok(Look::Taken)) {
        connection.execute(session.release).await?;
    }
    look
}

/// The session that holds the lock of the server, and what it is doing. An idle one is a runner between two statements,
/// whose row then says so, or one whose client is gone.
async fn first_row(connection: &mut dyn Connection, sql: &str) -> Result<Option<(String, String)>> {
    let row = connection.query(sql, &[]).await?.into_iter().next();
    Ok(match row.as_deref() {
        Some([Some(id), Some(state)]) => Some((id.clone(), state.clone())),
        _ => None,
    })
}

async fn look_at_row(
    connection: &mut dyn Connection,
    tracking: &Tracking,
    terms: &Terms,
    suspect: Option<&Suspect>,
) -> Result<Look> {
    let seen = match read_holder(connection, tracking).await {
        Err(error) if refusal(connection, &error) == Refusal::Busy => return Ok(Look::Busy),
        seen => seen?,
    };
    if let Some(holder) = &seen
        && !holder.expired()
    {
        return Ok(Look::Held(holder.clone()));
    }
    // Whoever writes while we look at a suspect may be the suspect: then it is alive, and we must not wait to be next.
    let impatient = tracking.phrases().impatient.filter(|_| suspect.is_some());
    if let Some((on, _)) = impatient {
        connection.execute(on).await?;
    }
    let look = try_row(connection, tracking, terms, suspect).await;
    if let Some((_, off)) = impatient {
        connection.execute(off).await?;
    }
    match look {
        Err(error) if refusal(connection, &error) == Refusal::Busy => Ok(match seen {
            // Its heartbeat has to wait as well while its own long statement writes.
            Some(holder) => Look::Held(Holder {
                lease: Some(Lease::of(&holder.by)),
                ..holder
            }),
            None => Look::Busy,
        }),
        look => look,
    }
}

async fn try_row(
    connection: &mut dyn Connection,
    tracking: &Tracking,
    terms: &Terms,
    suspect: Option<&Suspect>,
) -> Result<Look> {
    // Somebody may have the row in a transaction that they have left open: that is a lock that is held, and no reason to hang.
    let limits = |local| {
        let limits = Limits {
            lock: Some(terms.beat_every()),
            statement: None,
            local,
        };
        // Where one writer has the whole file, its own patience counts.
        match tracking.phrases().impatient {
            Some(_) => Vec::new(),
            None => (tracking.phrases().limits)(&limits),
        }
    };
    // Before the transaction, where that can be: whoever looks in its middle takes this for a session that hangs.
    let before = limits(false);
    for sql in &before {
        connection.execute(sql).await?;
    }
    connection.execute(tracking.phrases().begin).await?;
    let look = async {
        for sql in limits(true).iter().filter(|_| before.is_empty()) {
            connection.execute(sql).await?;
        }
        try_row_inside(connection, tracking, terms, suspect).await
    };
    let look = look.await;
    let look = finish(connection, look).await;
    for sql in tracking.phrases().unlimited.iter().filter(|_| !before.is_empty()) {
        connection.execute(sql).await?;
    }
    look
}

async fn try_row_inside(
    connection: &mut dyn Connection,
    tracking: &Tracking,
    terms: &Terms,
    suspect: Option<&Suspect>,
) -> Result<Look> {
    let (lock, lease) = (tracking.table("kick_migrations_lock"), tracking.table("kick_lease"));
    let (now, millis) = (tracking.phrases().now, tracking.phrases().millis);
    let owner = || Arg::Text(terms.owner.clone());

    let free = format!(
        "UPDATE {lock} SET \"locked_at\" = {now}, \"locked_by\" = $1 WHERE \"id\" = 1 AND \"locked_at\" IS NULL"
    );
    let mut taken = connection.change(&free, &[owner()]).await? == 1;
    if !taken {
        let Some(suspect) = suspect.filter(|suspect| suspect.since.elapsed() >= terms.grace()) else {
            return Ok(held(read_holder(connection, tracking).await?));
        };
        // A heartbeat at this very moment waits for this transaction or makes it find nothing.
        let dead = format!(
            "DELETE FROM {lease} WHERE \"id\" = 1 AND \"owner\" = $1 AND CAST(\"beat\" AS {}) = $2 AND \"expires_at\" < {millis}",
            tracking.phrases().text
        );
        let args = [suspect.lease.owner.as_str().into(), suspect.lease.beat.as_str().into()];
        if connection.change(&dead, &args).await? == 1 {
            let take = format!(
                "UPDATE {lock} SET \"locked_at\" = {now}, \"locked_by\" = $1 WHERE \"id\" = 1 AND \"locked_by\" = $2"
            );
            let args = [owner(), suspect.lease.owner.as_str().into()];
            taken = connection.change(&take, &args).await? == 1;
        }
    }
    if !taken {
        return Ok(held(read_holder(connection, tracking).await?));
    }
    connection
        .change(&format!("DELETE FROM {lease} WHERE \"id\" = 1"), &[])
        .await?;
    let insert =
        format!("INSERT INTO {lease} (\"id\", \"owner\", \"beat\", \"expires_at\") VALUES (1, $1, 0, {millis} + $2)");
    connection.change(&insert, &[owner(), terms.lease_millis()]).await?;
    Ok(Look::Taken)
}

fn held(holder: Option<Holder>) -> Look {
    // Released between two statements: the next look finds it free.
    holder.map_or(Look::Busy, Look::Held)
}

/// Who holds the row, `None` where it is free.
async fn read_holder(connection: &mut dyn Connection, tracking: &Tracking) -> Result<Option<Holder>> {
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

pub(super) async fn first(connection: &mut dyn Connection, sql: &str) -> Result<Option<String>> {
    let rows = connection.query(sql, &[]).await?;
    Ok(rows.into_iter().next().and_then(|row| row.into_iter().next()).flatten())
}

fn suspected(suspect: Option<Suspect>, holder: &Holder) -> Option<Suspect> {
    let lease = holder.lease.clone()?;
    match suspect {
        Some(suspect) if suspect.lease.owner == lease.owner && suspect.lease.beat == lease.beat => Some(suspect),
        _ => Some(Suspect {
            lease,
            since: Instant::now(),
        }),
    }
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
