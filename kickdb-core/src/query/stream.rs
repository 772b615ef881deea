//! Rows as a stream: a future that reads from the connection, and a small channel between it and the reader.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::future::BoxFuture;
use futures_core::stream::Stream;
use tokio::sync::mpsc::{Receiver, Sender, channel, error::TrySendError};

use crate::client::{Executor, Use};
use crate::dialect::session::{Collect, Next};
use crate::error::{Error, Result};
use crate::value::{Cells, Statement};

/// How many rows lie ready; the driver reads whole network packets anyway.
const AHEAD: usize = 16;

struct Rows<'e, Out> {
    drive: Option<BoxFuture<'e, Result<()>>>,
    failed: Option<Error>,
    ready: Receiver<Out>,
}

pub(super) fn rows<'e, Out: Send + 'static>(
    on: impl Executor + 'e,
    what: Use,
    statement: Result<Statement>,
    decode: impl FnMut(&dyn Cells) -> Result<Out> + Send + 'static,
) -> impl Stream<Item = Result<Out>> + Send + 'e {
    let (sender, ready) = channel(AHEAD);
    let drive = async move {
        let statement = statement?;
        let mut lease = on.source().lease(what).await?;
        lease.rows(statement, Offer { decode, sender }).await.map(drop)
    };
    Rows {
        drive: Some(Box::pin(drive)),
        failed: None,
        ready,
    }
}

/// Puts rows into the channel.
struct Offer<Out, D> {
    decode: D,
    sender: Sender<Out>,
}

impl<Out: Send + 'static, D: FnMut(&dyn Cells) -> Result<Out> + Send + 'static> Collect for Offer<Out, D> {
    fn row(&mut self, row: &dyn Cells) -> Result<Next> {
        let row = (self.decode)(row)?;
        Ok(match self.sender.try_send(row) {
            // Closed: the reader is gone, and the future that drives this with it.
            Ok(()) | Err(TrySendError::Closed(_)) => None,
            Err(TrySendError::Full(row)) => {
                let sender = self.sender.clone();
                Some(Box::pin(async move {
                    sender.send(row).await.ok();
                }))
            }
        })
    }

    fn again(&mut self) -> bool {
        false
    }
}

impl<Out> Stream for Rows<'_, Out> {
    type Item = Result<Out>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Out>>> {
        let this = &mut *self;
        // Rows that lie ready come before the end, or the error, that comes after them.
        if let Poll::Ready(Some(row)) = this.ready.poll_recv(context) {
            return Poll::Ready(Some(Ok(row)));
        }
        if let Some(drive) = &mut this.drive
            && let Poll::Ready(done) = drive.as_mut().poll(context)
        {
            // The sender goes with it, so that the channel ends after the last row.
            this.drive = None;
            this.failed = done.err();
        }
        match this.ready.poll_recv(context) {
            Poll::Ready(Some(row)) => Poll::Ready(Some(Ok(row))),
            Poll::Ready(None) => Poll::Ready(this.failed.take().map(Err)),
            Poll::Pending => Poll::Pending,
        }
    }
}
