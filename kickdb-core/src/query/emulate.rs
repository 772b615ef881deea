//! Rows of an update on an engine that gives none back: its rows are locked and their keys read, then they are changed and
//! read, all of it in one transaction.

use super::gather::Gather;
use super::node::Node;
use super::reader::Reader;
use super::render::Writer;
use super::table::Table;
use super::update::{Update, refuse_vacuous};
use crate::client::{Executor, Lease, Use};
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::value::{Cell, Fault, Statement, Value};

/// So many keys in one statement: few round trips, and no list that the server has to think about for long.
const AT_ONCE: usize = 1_000;

pub(super) async fn update<T: Table, F>(update: Update<T, F>, on: impl Executor) -> Result<Vec<T>> {
    let dialect = on.engine();
    let keys = lock::<T, F>(&update, dialect)?;
    // What the engine does not have is refused before anything is sent.
    change(&update, dialect, one_of::<T>(&[]))?;
    let mut lease = on.source().lease(Use::Write).await?;
    let began = lease.begin().await?;
    let done = run(update, dialect, keys, &mut lease).await;
    if began {
        match &done {
            Ok(_) => lease.commit().await?,
            // The first error is the one that counts.
            Err(_) => lease.rollback().await.unwrap_or_default(),
        }
    }
    done
}

async fn run<T: Table, F>(
    update: Update<T, F>,
    dialect: &dyn Dialect,
    keys: Statement,
    lease: &mut Lease<'_>,
) -> Result<Vec<T>> {
    let found = lease.rows(keys, Gather::new(key::<T>)).await?.rows;
    let mut gather = Gather::new(T::decode);
    for some in found.chunks(AT_ONCE) {
        let these = one_of::<T>(some);
        lease.execute(change(&update, dialect, these.clone())?).await?;
        gather = lease.rows(read::<T>(dialect, these)?, gather.more()).await?;
    }
    Ok(gather.rows)
}

/// The key of a row as values to bind again.
fn key<T: Table>(row: &mut Reader<'_>) -> Result<Vec<Value>> {
    let width = T::META.primary_key.len();
    let key: Result<Vec<Value>, Fault> = (0..width).map(|_| row.cell().and_then(Cell::into_value)).collect();
    key.map_err(|fault| fault.at(T::META.name, "a key"))
}

/// The keys of the rows that will be changed, which nobody else can change from then on.
fn lock<T: Table, F>(update: &Update<T, F>, dialect: &dyn Dialect) -> Result<Statement> {
    let table = T::META;
    let unsupported = |feature: String, hint: &str| Error::Unsupported {
        feature,
        dialect: dialect.id().as_str(),
        hint: hint.to_owned(),
    };
    if table.primary_key.is_empty() {
        return Err(unsupported(
            format!(
                "`.returning(…)` of an update of `{}`, which has no primary key,",
                table.name
            ),
            "use `.exec(…)` and read the rows afterwards",
        ));
    }
    if let Some((column, _)) = update
        .sets
        .iter()
        .find(|(column, _)| table.primary_key.contains(column))
    {
        return Err(unsupported(
            format!(
                "`.returning(…)` of an update that changes the key `{}.{column}`",
                table.name
            ),
            "use `.exec(…)` and read the rows by their new keys",
        ));
    }
    refuse_vacuous(update.filter.as_ref(), "update", table.name)?;
    let joined = !update.joins.is_empty();
    let mut writer = Writer::new(dialect, joined);
    // A row for which there are several others is one all the same.
    writer.push(if joined { "SELECT DISTINCT " } else { "SELECT " });
    writer.read_names(table, table.primary_key);
    writer.push(" FROM ");
    writer.table(table);
    for join in update.joins.clone() {
        writer.join(join, &mut Vec::new());
    }
    writer.filter(update.chosen_rows());
    writer.push(" FOR UPDATE");
    writer.finish()
}

fn change<T: Table, F>(update: &Update<T, F>, dialect: &dyn Dialect, these: Node) -> Result<Statement> {
    let mut chosen = Update::<T, F>::of(update.sets.clone(), Some(these));
    chosen.joins.clone_from(&update.joins);
    chosen.render(dialect, false)
}

fn read<T: Table>(dialect: &dyn Dialect, these: Node) -> Result<Statement> {
    let mut writer = Writer::new(dialect, false);
    writer.push("SELECT ");
    writer.read_names(T::META, T::META.columns);
    writer.push(" FROM ");
    writer.table(T::META);
    writer.filter(Some(these));
    writer.finish()
}

/// The condition that a row has one of these keys.
fn one_of<T: Table>(keys: &[Vec<Value>]) -> Node {
    let column = |at: usize| Node::Column {
        table: T::META,
        name: T::META.primary_key[at],
    };
    if T::META.primary_key.len() == 1 {
        return Node::In {
            of: Box::new(column(0)),
            list: keys.iter().flatten().cloned().map(Node::Value).collect(),
            not: false,
        };
    }
    let same = |key: &Vec<Value>| {
        let parts = key.iter().cloned().enumerate();
        Node::All(
            parts
                .map(|(at, value)| Node::binary(column(at), "=", Node::Value(value)))
                .collect(),
        )
    };
    Node::Any(keys.iter().map(same).collect())
}
