//! The bookkeeping in the user's database: what is applied, and how far a stopped migration has come.

use std::collections::BTreeMap;

use super::lock::first;
use super::policy::{Applied, Direction, Found, Progress};
use crate::dialect::live::{Arg, Connection, Phrases, Refusal, Row, refusal};
use crate::error::{Error, Result};
use crate::ident::Name;

/// How often the tables are tried to be made while others make them at the same moment.
const ATTEMPTS: u32 = 20;

/// A change of the bookkeeping that no migration made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByHand<'a> {
    /// `migration-accept`, `migration-repair` or `migration-baseline`.
    pub(crate) what: &'a str,
    pub(crate) migration: &'a str,
    pub(crate) by: &'a str,
    /// What was changed into what, and why.
    pub(crate) notes: &'a str,
}

/// Where the bookkeeping is.
#[derive(Clone, Debug)]
pub(crate) struct Tracking {
    /// The schema in quotes with its dot, or nothing.
    place: String,
    phrases: &'static Phrases,
    /// Whether all tables are there.
    complete: bool,
    /// Whether at least the table of what is applied is there: another tool may have made it.
    applied: bool,
}

impl Tracking {
    /// Looks where the tables are or would be. Writes nothing.
    pub(crate) async fn find(connection: &mut dyn Connection, schema: Option<&Name>) -> Result<Self> {
        let phrases = connection.phrases();
        let dialect = connection.dialect();
        if schema.is_some() && !dialect.caps().schemas {
            return Err(Error::Unsupported {
                feature: "`tracking_schema`".to_owned(),
                dialect: dialect.id().as_str(),
                hint: format!("{} has no schemas; leave it out", dialect.title()),
            });
        }
        let asked = schema.map_or(Arg::Null, |name| Arg::Text(name.as_str().to_owned()));
        let row = connection.query(phrases.place, &[asked]).await?.into_iter().next();
        let (found, complete, applied) = match row.as_deref() {
            Some([found, complete, applied]) => (
                found.clone(),
                complete.as_deref() == Some("1"),
                applied.as_deref() == Some("1"),
            ),
            _ => (None, false, false),
        };
        let name = match found {
            Some(found) => Name::new(found).ok(),
            None => schema.cloned(),
        };
        let mut place = String::new();
        if let Some(name) = &name {
            dialect.quote(name, &mut place);
            place.push('.');
        }
        Ok(Self {
            place,
            phrases,
            complete,
            applied,
        })
    }

    /// Makes the tables that are not there. Safe when many start at once.
    pub(crate) async fn create(connection: &mut dyn Connection, schema: Option<&Name>) -> Result<Self> {
        let mut attempt = 1;
        loop {
            let tracking = Self::find(connection, schema).await?;
            if tracking.complete && tracking.has_lock_row(connection).await? {
                return Ok(tracking);
            }
            let made = tracking.make(connection, schema).await;
            let again = match &made {
                Ok(()) => true,
                // `IF NOT EXISTS` does not look at what another transaction is about to commit.
                Err(error) => matches!(refusal(connection, error), Refusal::Busy | Refusal::Exists),
            };
            if !again || attempt == ATTEMPTS {
                made?;
                return Err(Error::validation(
                    "the tables `kick_migrations`, `kick_migrations_lock`, `kick_operations`, `kick_lease` and `kick_progress` were made but are not found; does `search_path` lead to them?",
                ));
            }
            attempt += 1;
            if made.is_err() {
                tokio::time::sleep(std::time::Duration::from_millis(25 * u64::from(attempt))).await;
            }
        }
    }

    async fn make(&self, connection: &mut dyn Connection, schema: Option<&Name>) -> Result<()> {
        connection.execute(self.phrases.begin).await?;
        let made = self.make_inside(connection, schema).await;
        finish(connection, made).await
    }

    async fn make_inside(&self, connection: &mut dyn Connection, schema: Option<&Name>) -> Result<()> {
        if schema.is_some() {
            let name = self.place.trim_end_matches('.');
            connection
                .execute(&format!("CREATE SCHEMA IF NOT EXISTS {name}"))
                .await?;
        }
        for sql in self.phrases.tables {
            connection.execute(&sql.replace("{p}", &self.place)).await?;
        }
        Ok(())
    }

    /// A table that another tool made may have been left without its row.
    async fn has_lock_row(&self, connection: &mut dyn Connection) -> Result<bool> {
        let sql = format!(
            "SELECT '1' FROM {} WHERE \"id\" = 1",
            self.table("kick_migrations_lock")
        );
        Ok(!connection.query(&sql, &[]).await?.is_empty())
    }

    /// A table's full name.
    pub(crate) fn table(&self, name: &str) -> String {
        format!("{}\"{name}\"", self.place)
    }

    pub(crate) fn phrases(&self) -> &'static Phrases {
        self.phrases
    }

    fn utc(&self, column: &str) -> String {
        self.phrases.utc.replace("{}", column)
    }

    fn text(&self, value: &str) -> String {
        format!("CAST({value} AS {})", self.phrases.text)
    }

    /// What is applied, and how far stopped migrations have come. Empty where there are no tables yet.
    pub(crate) async fn read(&self, connection: &mut dyn Connection) -> Result<Found> {
        let applied = match self.applied {
            true => self.read_applied(connection).await?,
            false => Vec::new(),
        };
        let progress = match self.complete {
            true => self.read_progress(connection).await?,
            false => BTreeMap::new(),
        };
        Ok(Found { applied, progress })
    }

    async fn read_applied(&self, connection: &mut dyn Connection) -> Result<Vec<Applied>> {
        // A row that another tool marked as reversed instead of deleting it says nothing.
        let sql = format!(
            "SELECT {}, {}, {}, {}, {} FROM {} WHERE \"direction\" = 'up' ORDER BY \"id\"",
            self.text("\"id\""),
            self.text("\"name\""),
            self.text("\"hash\""),
            self.text("\"batch\""),
            self.utc("\"applied_at\""),
            self.table("kick_migrations"),
        );
        let rows = connection.query(&sql, &[]).await?;
        rows.into_iter().map(applied).collect()
    }

    async fn read_progress(&self, connection: &mut dyn Connection) -> Result<BTreeMap<String, Progress>> {
        let sql = format!(
            "SELECT {}, {}, {}, {}, {} FROM {}",
            self.text("\"id\""),
            self.text("\"direction\""),
            self.text("\"hash\""),
            self.text("\"done\""),
            self.text("\"attempted\""),
            self.table("kick_progress"),
        );
        let rows = connection.query(&sql, &[]).await?;
        rows.into_iter().map(progress).collect()
    }

    /// Records a migration as applied now.
    pub(crate) async fn insert(
        &self,
        connection: &mut dyn Connection,
        id: &str,
        name: &str,
        hash: &str,
        batch: i64,
    ) -> Result<()> {
        let row = Applied {
            id: id.to_owned(),
            name: name.to_owned(),
            hash: hash.to_owned(),
            batch,
            applied_at: String::new(),
        };
        self.insert_row(connection, &row).await
    }

    /// Records a migration as applied when the row says, and now where it does not.
    pub(crate) async fn insert_row(&self, connection: &mut dyn Connection, row: &Applied) -> Result<()> {
        let table = self.table("kick_migrations");
        let stale = format!("DELETE FROM {table} WHERE \"id\" = $1 AND \"direction\" <> 'up'");
        connection.change(&stale, &[row.id.as_str().into()]).await?;
        let mut args = vec![
            row.id.as_str().into(),
            row.name.as_str().into(),
            row.hash.as_str().into(),
            Arg::Int(row.batch),
        ];
        let at = match row.applied_at.is_empty() {
            true => self.phrases.now.to_owned(),
            false => {
                args.push(row.applied_at.as_str().into());
                self.phrases.moment.replace("{}", "$5")
            }
        };
        let sql = format!(
            "INSERT INTO {table} (\"id\", \"name\", \"hash\", \"batch\", \"applied_at\", \"direction\") VALUES ($1, $2, $3, $4, {at}, 'up')"
        );
        connection.change(&sql, &args).await.map(drop)
    }

    /// Records a migration as not applied.
    pub(crate) async fn delete(&self, connection: &mut dyn Connection, id: &str) -> Result<()> {
        let sql = format!("DELETE FROM {} WHERE \"id\" = $1", self.table("kick_migrations"));
        connection.change(&sql, &[id.into()]).await.map(drop)
    }

    /// Records how far a migration has come.
    pub(crate) async fn note_progress(
        &self,
        connection: &mut dyn Connection,
        id: &str,
        progress: &Progress,
    ) -> Result<()> {
        self.forget_progress(connection, id).await?;
        let sql = format!(
            "INSERT INTO {} (\"id\", \"direction\", \"hash\", \"done\", \"attempted\") VALUES ($1, $2, $3, $4, $5)",
            self.table("kick_progress")
        );
        let args = [
            id.into(),
            progress.direction.as_str().into(),
            progress.hash.as_str().into(),
            number(progress.done),
            number(progress.attempted),
        ];
        connection.change(&sql, &args).await.map(drop)
    }

    /// Has the row of an applied migration tell other files.
    pub(crate) async fn rehash(&self, connection: &mut dyn Connection, id: &str, hash: &str) -> Result<()> {
        let sql = format!(
            "UPDATE {} SET \"hash\" = $1 WHERE \"id\" = $2",
            self.table("kick_migrations")
        );
        connection.change(&sql, &[hash.into(), id.into()]).await.map(drop)
    }

    /// Records that somebody changed the bookkeeping by hand, and why.
    pub(crate) async fn log(&self, connection: &mut dyn Connection, by_hand: &ByHand<'_>) -> Result<()> {
        let sql = format!(
            "INSERT INTO {} (\"id\", \"operation_type\", \"applied_at\", \"duration_ms\", \"applied_by\", \"notes\") \
             VALUES ($1, $2, {}, 0, $3, $4)",
            self.table("kick_operations"),
            self.phrases.now
        );
        let id = first(connection, &format!("SELECT {}", self.text(self.phrases.millis))).await?;
        let id = format!("{}:{}:{}", by_hand.what, by_hand.migration, id.unwrap_or_default());
        let args = [id.into(), by_hand.what.into(), by_hand.by.into(), by_hand.notes.into()];
        connection.change(&sql, &args).await.map(drop)
    }

    /// A migration is through.
    pub(crate) async fn forget_progress(&self, connection: &mut dyn Connection, id: &str) -> Result<()> {
        let sql = format!("DELETE FROM {} WHERE \"id\" = $1", self.table("kick_progress"));
        connection.change(&sql, &[id.into()]).await.map(drop)
    }
}

/// Ends the open transaction: COMMIT where all went well, else ROLLBACK.
pub(crate) async fn finish<T, E: From<Error>>(
    connection: &mut dyn Connection,
    outcome: std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    match outcome {
        Ok(value) => match connection.execute("COMMIT").await {
            Ok(_) => Ok(value),
            Err(error) => {
                // SQLite keeps the transaction open where COMMIT failed; elsewhere there is nothing left to roll back.
                roll_back(connection).await;
                Err(error.into())
            }
        },
        Err(error) => {
            roll_back(connection).await;
            Err(error)
        }
    }
}

/// Ends the open transaction without a trace. Its own error is not told: another one came before it and says what happened,
/// and a connection that is broken rolls back by itself.
pub(crate) async fn roll_back(connection: &mut dyn Connection) {
    // The answer to a statement that was interrupted may still be on its way, and then is the first one's outcome.
    if connection.execute("ROLLBACK").await.is_err() {
        let _ = connection.execute("ROLLBACK").await;
    }
}

fn number(value: usize) -> Arg {
    Arg::Int(i64::try_from(value).unwrap_or(i64::MAX))
}

fn applied(row: Row) -> Result<Applied> {
    let [id, name, hash, batch, applied_at] = cells(row, "kick_migrations")?;
    Ok(Applied {
        batch: parse(&batch, "kick_migrations.batch")?,
        id,
        name,
        hash,
        applied_at,
    })
}

fn progress(row: Row) -> Result<(String, Progress)> {
    let [id, direction, hash, done, attempted] = cells(row, "kick_progress")?;
    let direction = match direction.as_str() {
        "down" => Direction::Down,
        _ => Direction::Up,
    };
    let progress = Progress {
        direction,
        hash,
        done: parse(&done, "kick_progress.done")?,
        attempted: parse(&attempted, "kick_progress.attempted")?,
    };
    Ok((id, progress))
}

fn cells<const N: usize>(row: Row, table: &str) -> Result<[String; N]> {
    let cells: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
    cells.try_into().map_err(|_| Error::Decode {
        column: table.to_owned(),
        wanted: "a row of the bookkeeping",
        message: "it has another number of columns".to_owned(),
    })
}

fn parse<T: std::str::FromStr>(text: &str, column: &str) -> Result<T> {
    text.parse().map_err(|_| Error::Decode {
        column: column.to_owned(),
        wanted: "a whole number",
        message: format!("it is `{text}`"),
    })
}
