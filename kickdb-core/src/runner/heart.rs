//! The sign of life of a lock, on a connection of its own.

use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot, watch};

use super::lock::{Terms, release, renew};
use super::tracking::Tracking;
use crate::dialect::live::{Arg, Connection, Limits, Refusal, refusal};
use crate::error::Result;

/// How often an abandoned lock is tried to be released before it is left to run out.
const GOODBYES: u32 = 16;

/// The task that renews the lease. Where this is dropped, the task interrupts the work, releases the lock and ends.
#[derive(Debug)]
pub(super) struct Heart {
    orders: mpsc::Sender<Order>,
    /// Turns `true` when the lock is lost.
    pub(super) lost: watch::Receiver<bool>,
}

enum Order {
    /// Interrupt what the connection of the work is running.
    Interrupt(oneshot::Sender<()>),
    /// End, and hand the connection back.
    Stop(oneshot::Sender<Box<dyn Connection>>),
}

impl Heart {
    /// Starts the task; `None` where no second connection can see the database.
    pub(super) async fn start(work: &mut dyn Connection, tracking: &Tracking, terms: &Terms) -> Result<Option<Self>> {
        let Some(mut connection) = work.another().await? else {
            return Ok(None);
        };
        for sql in (tracking.phrases().limits)(&Limits {
            lock: Some(terms.beat_every()),
            statement: None,
            local: false,
        }) {
            connection.execute(&sql).await?;
        }
        let session = match &tracking.phrases().session {
            Some(session) => super::lock::first(work, session.id).await?,
            None => None,
        };
        let (orders, receiver) = mpsc::channel(4);
        let (sender, lost) = watch::channel(false);
        let beat = Beat {
            connection,
            tracking: tracking.clone(),
            terms: terms.clone(),
            session,
            lost: sender,
        };
        tokio::spawn(beat.run(receiver));
        Ok(Some(Self { orders, lost }))
    }

    pub(super) async fn interrupt(&self) {
        let (done, heard) = oneshot::channel();
        if self.orders.send(Order::Interrupt(done)).await.is_ok() {
            // An error is a task that is gone, and there is nothing to wait for.
            let _ = heard.await;
        }
    }

    /// Ends the task; its connection, where the task still has it.
    pub(super) async fn stop(self) -> Option<Box<dyn Connection>> {
        let (done, heard) = oneshot::channel();
        self.orders.send(Order::Stop(done)).await.ok()?;
        heard.await.ok()
    }
}

struct Beat {
    connection: Box<dyn Connection>,
    tracking: Tracking,
    terms: Terms,
    /// The server's session of the work.
    session: Option<String>,
    lost: watch::Sender<bool>,
}

impl Beat {
    async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        let mut renewed = Instant::now();
        let mut pause = self.terms.beat_every();
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(Order::Interrupt(done)) => {
                        self.interrupt().await;
                        // Whoever asked may have stopped waiting.
                        let _ = done.send(());
                    }
                    Some(Order::Stop(done)) => {
                        let _ = done.send(self.connection);
                        return;
                    }
                    None => return self.goodbye().await,
                },
                () = tokio::time::sleep(pause) => pause = self.beat(&mut renewed).await,
            }
        }
    }

    /// Renews the lease once, and says when to do it again.
    async fn beat(&mut self, renewed: &mut Instant) -> Duration {
        let every = self.terms.beat_every();
        match renew(&mut *self.connection, &self.tracking, &self.terms).await {
            Ok(true) => *renewed = Instant::now(),
            Ok(false) => {
                self.lost.send_replace(true);
            }
            // Somebody writes: most likely the work itself, whose commit renews the lease. Nobody can take over meanwhile.
            Err(error) if refusal(&*self.connection, &error) == Refusal::Busy => return every / 4,
            Err(_) => {
                if let Ok(Some(fresh)) = self.connection.another().await {
                    self.connection = fresh;
                }
                if renewed.elapsed() > self.terms.lease {
                    self.lost.send_replace(true);
                }
                return every / 4;
            }
        }
        every
    }

    async fn interrupt(&mut self) {
        let (Some(session), Some(id)) = (&self.tracking.phrases().session, self.session.clone()) else {
            return;
        };
        // Where it cannot be interrupted, it ends by itself.
        let _ = self.connection.query(session.interrupt, &[Arg::Text(id)]).await;
    }

    /// The lock was dropped: by a panic, or a future that nobody waits for any more. What the work had open is rolled back
    /// with its connection; until then its rows are locked.
    async fn goodbye(mut self) {
        self.interrupt().await;
        for _ in 0..GOODBYES {
            if release(&mut *self.connection, &self.tracking, &self.terms.owner)
                .await
                .is_ok()
            {
                break;
            }
            tokio::time::sleep(self.terms.beat_every()).await;
        }
        let _ = self.connection.close().await;
    }
}
