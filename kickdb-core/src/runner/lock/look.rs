//! One look at the lock, which takes it where it is free.

use super::holder::{Holder, Lease, Suspect, read_holder};
use super::{Terms, first};
use crate::dialect::live::{Arg, Connection, Limits, Refusal, refusal};
use crate::error::Result;
use crate::runner::tracking::{Tracking, finish};

/// What one look at the lock gave.
pub(super) enum Look {
    Taken,
    Held(Holder),
    /// Somebody writes, so that nothing could be seen or done.
    Busy,
}

/// Looks once, and takes the lock where it is free, or held by a suspect that had its time.
pub(super) async fn look(
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
        } else if state != "idle" && holder.by.is_empty() {
            // A runner in the midst of taking the lock, whose row will say who it is, or of giving it back.
            return Ok(Look::Busy);
        } else if state != "idle" {
            // Its lease may have run out while the server still works for the one that is gone.
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
