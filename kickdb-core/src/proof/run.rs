//! A file of a migration, run on a database that holds no rows.

use super::Fault;
use super::scratch::plain;
use crate::dialect::Dialect;
use crate::dialect::live::{Connection, Refusal, refusal};
use crate::error::{Error, Result};
use crate::ir::Schema;
use crate::plan::{Statement, read};

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
    let fault = match together {
        true => in_pieces(connection, &source.statements).await?,
        false => one_by_one(connection, &source.statements).await?,
    };
    if together && fault.is_none() {
        connection.execute("COMMIT").await?;
    }
    if let Some(keys) = keys.filter(|_| fault.is_none()) {
        connection.execute(keys.on).await?;
    }
    Ok(fault)
}

/// How many statements are sent at once: each call costs a round trip, or the way to the engine's own thread.
const PIECE: usize = 250;

/// Runs statements in a transaction, many at once. Those of a call that fails run again, to tell which one it is.
async fn in_pieces(connection: &mut dyn Connection, all: &[Statement<'_>]) -> Result<Option<Fault>> {
    let stands_alone = connection.phrases().stands_alone;
    let alike = |one: &Statement<'_>, next: &Statement<'_>| !stands_alone(one.sql) && !stands_alone(next.sql);
    for piece in all.chunk_by(alike).flat_map(|run| run.chunks(PIECE)) {
        if let [_] = piece {
            let fault = one_by_one(connection, piece).await?;
            if fault.is_some() {
                return Ok(fault);
            }
            continue;
        }
        let text = piece.iter().map(|statement| format!("{}\n;\n", statement.sql));
        let text = text.collect::<String>();
        connection.execute("SAVEPOINT kick_piece").await?;
        match connection.execute(&text).await {
            Ok(_) => drop(connection.execute("RELEASE SAVEPOINT kick_piece").await?),
            Err(error @ Error::Connection { .. }) => return Err(error),
            Err(_) => {
                connection.execute("ROLLBACK TO SAVEPOINT kick_piece").await?;
                let fault = one_by_one(connection, piece).await?;
                if fault.is_some() {
                    return Ok(fault);
                }
            }
        }
    }
    Ok(None)
}

async fn one_by_one(connection: &mut dyn Connection, statements: &[Statement<'_>]) -> Result<Option<Fault>> {
    for statement in statements {
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

/// What is wrong with a view or trigger that names a table or column that is not there, where the engine lets that be.
pub(super) async fn dangling(connection: &mut dyn Connection, schema: &Schema) -> Result<Option<String>> {
    // Tables name only what is there. To find that out again costs SQLite a walk over all of them.
    if schema.objects.is_empty() {
        return Ok(None);
    }
    let Some(rebuild) = &connection.phrases().rebuild else {
        return Ok(None);
    };
    match rebuild.try_out(connection).await {
        Err(error @ Error::Connection { .. }) => Err(error),
        Err(error) => Ok(Some(plain(&error)).filter(|message| (rebuild.names_nothing)(message))),
        Ok(()) => Ok(None),
    }
}

/// The statement that made what such a message is about, or the last one, which left it behind.
pub(super) fn maker(text: &str, message: &str, dialect: &dyn Dialect) -> Option<Fault> {
    let source = read(text, dialect);
    let makes = |statement: &&Statement<'_>| {
        dialect.read_object(statement.sql).is_ok_and(|(id, _)| {
            let named = format!(" {}:", id.name.name);
            message.contains(&named)
        })
    };
    let all = &source.statements;
    let statement = all.iter().find(makes).or(all.last())?;
    Some(Fault::Statement {
        sql: statement.sql.to_owned(),
        line: statement.line,
        message: message.to_owned(),
    })
}
