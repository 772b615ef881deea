//! A file of a migration, run on a database that holds no rows.

use super::Fault;
use super::scratch::plain;
use crate::dialect::live::{Connection, Refusal, refusal};
use crate::error::{Error, Result};
use crate::plan::{Source, read};

/// Runs a file as the runner would. Gives the statement that failed; an error is a connection that broke.
pub(super) async fn file(connection: &mut dyn Connection, text: &str, transaction: bool) -> Result<Option<Fault>> {
    let source = read(text, connection.dialect());
    let phrases = connection.phrases();
    let keys = phrases
        .foreign_keys
        .as_ref()
        .filter(|_| source.session.foreign_keys_off);
    if let Some(keys) = keys {
        connection.execute(keys.off).await?;
    }
    let together = transaction || source.session.foreign_keys_off;
    if together {
        connection.execute(phrases.begin).await?;
    }
    let fault = statements(connection, &source).await?;
    if together && fault.is_none() {
        connection.execute("COMMIT").await?;
    }
    if let Some(keys) = keys.filter(|_| fault.is_none()) {
        connection.execute(keys.on).await?;
    }
    Ok(fault)
}

async fn statements(connection: &mut dyn Connection, source: &Source<'_>) -> Result<Option<Fault>> {
    for statement in &source.statements {
        match connection.execute(statement.sql).await {
            Ok(_) => {}
            // That the user may not do it here says nothing about the statement.
            Err(error) if refusal(connection, &error) == Refusal::Forbidden => return Err(error),
            Err(error @ Error::Connection { .. }) => return Err(error),
            Err(error) => {
                let message = plain(&error);
                return Ok(Some(Fault::Statement {
                    sql: statement.sql.to_owned(),
                    line: statement.line,
                    message,
                }));
            }
        }
    }
    Ok(None)
}
