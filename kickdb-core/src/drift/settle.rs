//! Asks the engine whether texts that differ mean the same.

use super::doubt::{Answer, doubts, take};
use crate::dialect::live::{Connection, catalog_by};
use crate::dialect::{Doubts, Trial};
use crate::error::{Error, Result};
use crate::ir::Schema;

/// Brings `expected` into the words of the connected database, whose schema `live` is, wherever the engine says that both
/// mean the same. Gives what stays open because the engine could not be asked, with the reason: whether that differs is not
/// known.
///
/// Nothing is left behind in the database: what the engine is asked about is made in a transaction that is rolled back, or
/// dropped again where DDL cannot be rolled back. Where no text differs nothing is asked. Both schemas are in normal form.
///
/// # Errors
///
/// When the connection breaks.
pub async fn settle(connection: &mut dyn Connection, expected: &mut Schema, live: &Schema) -> Result<Vec<String>> {
    let doubts = doubts(expected, live);
    if doubts.is_empty() {
        return Ok(Vec::new());
    }
    let Some(trial) = connection.dialect().trial(&doubts) else {
        return Ok(Vec::new());
    };
    let begin = connection.phrases().begin;
    connection.execute(begin).await?;
    let asked = ask(connection, &doubts, &trial).await;
    connection.execute("ROLLBACK").await?;
    for sql in &trial.undo {
        connection.execute(sql).await?;
    }
    match asked {
        Ok(answers) => Ok(take(expected, live, &doubts, &answers)),
        Err(Error::Query { message, .. }) => {
            let tables = doubts.expected.tables.keys().map(|name| format!("table {name}"));
            let things = tables.chain(doubts.expected.objects.keys().map(ToString::to_string));
            Ok(things.map(|thing| format!("{thing}: {message}")).collect())
        }
        Err(error) => Err(error),
    }
}

async fn ask(connection: &mut dyn Connection, doubts: &Doubts, trial: &Trial) -> Result<[Answer; 2]> {
    for sql in &trial.statements {
        connection.execute(sql).await?;
    }
    let mut refused = <[std::collections::BTreeMap<_, _>; 2]>::default();
    for row in connection.query(trial.refused, &[]).await? {
        let mut values = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || values.next().unwrap_or_default();
        let (side, thing, code, message) = (next(), next(), next(), next());
        refused[usize::from(side == "2")].insert(thing, (code, message));
    }
    let read = catalog_by(connection, &trial.catalog).await?;
    let [one, other] = connection.dialect().told(doubts, &read);
    let [refused_one, refused_other] = refused;
    Ok([
        Answer {
            told: one,
            refused: refused_one,
        },
        Answer {
            told: other,
            refused: refused_other,
        },
    ])
}
