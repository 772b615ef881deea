//! A database for one proof.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::dialect::Dialect;
use crate::dialect::live::{Arg, Connection, Scratch as Place, connect, in_database, scratch};
use crate::error::{Error, Result};

/// A database that nobody else uses, made for this and dropped at the end.
pub(super) struct Scratch {
    pub(super) connection: Box<dyn Connection>,
    /// What made it, where somebody must drop it.
    home: Option<Home>,
}

/// The connection that made a database, and the statement that drops it.
struct Home {
    connection: Box<dyn Connection>,
    drop: String,
}

impl Scratch {
    /// Makes one, or says why it cannot.
    pub(super) async fn make(
        url: Option<&str>,
        dialect: &'static dyn Dialect,
        patience: Duration,
    ) -> std::result::Result<Self, String> {
        let place = match scratch(dialect) {
            None => return Err(format!("this build cannot connect to {}", dialect.title())),
            Some(Place::Memory(url)) => {
                return Ok(Self {
                    connection: open(url, patience).await?,
                    home: None,
                });
            }
            Some(server) => server,
        };
        let url = url.ok_or("no database is configured")?;
        let mut home = Home {
            connection: open(url, patience).await?,
            drop: String::new(),
        };
        home.sweep(place).await;
        let made = home.make(place).await;
        let name = match made {
            Ok(name) => name,
            Err(error) => {
                let _ = home.connection.close().await;
                return Err(format!("a scratch database cannot be made: {}", plain(&error)));
            }
        };
        match open(&in_database(url, &name), patience).await {
            Ok(connection) => Ok(Self {
                connection,
                home: Some(home),
            }),
            Err(reason) => {
                home.end().await?;
                Err(reason)
            }
        }
    }

    /// Drops it, or says what is left behind.
    pub(super) async fn end(self) -> std::result::Result<(), String> {
        // It may be in the middle of a statement; the server ends that with the connection.
        let _ = tokio::time::timeout(Duration::from_secs(2), self.connection.close()).await;
        match self.home {
            Some(home) => home.end().await,
            None => Ok(()),
        }
    }
}

impl Home {
    /// Makes the database, and gives its name.
    async fn make(&mut self, place: &Place) -> Result<String> {
        let Place::Server {
            create,
            drop,
            session,
            hold,
            ..
        } = place
        else {
            return Ok(String::new());
        };
        let name = name(&self.one(session, &[]).await?);
        if let Some(hold) = hold {
            self.one(hold, &[name.as_str().into()]).await?;
        }
        let sql = self.one(create, &[name.as_str().into()]).await?;
        self.connection.execute(&sql).await?;
        self.drop = drop.replace("{}", &name);
        Ok(name)
    }

    /// Drops what runs that were killed have left behind. What this user may not drop stays.
    async fn sweep(&mut self, place: &Place) {
        let Place::Server { drop, left, .. } = place else {
            return;
        };
        let left = self.connection.query(left, &[]).await.unwrap_or_default();
        for name in left.into_iter().flatten().flatten() {
            let _ = self.connection.execute(&drop.replace("{}", &name)).await;
        }
    }

    /// The one value of a query.
    async fn one(&mut self, query: &str, args: &[Arg]) -> Result<String> {
        let rows = self.connection.query(query, args).await?;
        Ok(rows.into_iter().flatten().flatten().next().unwrap_or_default())
    }

    async fn end(mut self) -> std::result::Result<(), String> {
        let dropped = self.connection.execute(&self.drop).await;
        let _ = self.connection.close().await;
        dropped.map(drop).map_err(|error| {
            let (reason, sql) = (plain(&error), self.drop);
            format!("the scratch database is still there ({reason}); drop it by hand: {sql}")
        })
    }
}

async fn open(url: &str, patience: Duration) -> std::result::Result<Box<dyn Connection>, String> {
    let opened = tokio::time::timeout(patience, connect(url)).await;
    let opened = opened.map_err(|_| format!("the server does not answer within {} s", patience.as_secs()))?;
    opened.map_err(|error| plain(&error))
}

/// A name that nobody takes for a database of theirs. Its last part is the session whose it is.
fn name(session: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("kickdb_proof_{}_{}_{session}", std::process::id(), now.as_micros())
}

/// What the engine says, without what was asked of it.
pub(super) fn plain(error: &Error) -> String {
    match error {
        Error::Query { message, .. } => message.clone(),
        other => other.to_string(),
    }
}
