//! The laws that need a server, over random pairs of schemas with rows in them.

use std::collections::BTreeMap;

use kickdb_core::diff::{Backfills, Renames, diff, fill};
use kickdb_core::ident::{Name, Qualified};
use kickdb_core::ir::{Column, ColumnValue, Schema};
use kickdb_core::plan::{Script, plan_changes};
use kickdb_core::snapshot;

use super::random::{edit, quoted, rows, schema};
use super::{Database, mysql, planned, text};
use crate::sample::{Random, seeds, sorted};

/// As many as are worth the time of each run.
const PAIRS: u64 = 300;

/// The server writes each change to disk by itself: several connections wait for that at a time.
const AT_A_TIME: u64 = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_and_back_with_every_row() {
    let mut running = tokio::task::JoinSet::new();
    for worker in 0..AT_A_TIME {
        running.spawn(async move {
            let Some(mut database) = Database::empty().await else {
                return;
            };
            let every = usize::try_from(AT_A_TIME).unwrap();
            for seed in seeds(PAIRS).skip(usize::try_from(worker).unwrap()).step_by(every) {
                if let Err(why) = pair(seed, &mut database).await {
                    panic!("seed {seed}: {why}");
                }
            }
        });
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
}

/// Nothing → from, with rows → to → from → nothing.
async fn pair(seed: u64, database: &mut Database) -> Result<(), String> {
    let mut random = Random::new(seed);
    let normal = |mut schema: Schema| {
        let refused = |refusals: Vec<_>| format!("{refusals:?}");
        mysql().normalize(&mut schema).map_err(refused).map(|()| schema)
    };
    let from = normal(schema(&mut random))?;
    let (to, renames) = edit(&from, &mut random);
    let to = normal(to)?;
    for schema in [&from, &to] {
        let file = snapshot::write(schema, mysql()).map_err(|error| error.to_string())?;
        let read = snapshot::read(&file, mysql()).map_err(|error| error.to_string())?;
        expect(&read.schema, schema, "written and read")?;
    }

    let made = planned(&Schema::default(), &from);
    // Both ways as `diff` goes them, with values for what the rows must have.
    let way = |from: &Schema, to: &Schema, renames: &Renames| {
        let changes = diff(from, to, renames).changes;
        let (filled, _) = fill(changes.clone(), to, &Backfills::default(), mysql());
        let plan = plan_changes(from, &filled, mysql()).map_err(|error| error.to_string())?;
        Ok::<_, String>((plan.up, Renames::of(&changes)))
    };
    let (up, renamed) = way(&from, &to, &renames)?;
    let (down, _) = way(&to, &from, &renamed.inverse())?;
    step(database, &made.up, &from, "create").await?;
    for sql in rows(&from) {
        database
            .try_execute(&sql)
            .await
            .map_err(|why| format!("{why}\n{sql}"))?;
    }
    let before = contents(database, &from).await;
    step(database, &up, &to, "up").await?;
    let told = |why: String| format!("{why}\n{}\n\nand down\n{}", text(&up), text(&down));
    let there = contents(database, &to).await;
    kept(&before, &there, &from, &to, &renames, true).map_err(told)?;
    step(database, &down, &from, "down").await?;
    let back = contents(database, &from).await;
    kept(&before, &back, &from, &to, &renames, false).map_err(told)?;
    step(database, &made.down, &Schema::default(), "drop").await
}

async fn step(database: &mut Database, script: &Script, wanted: &Schema, what: &str) -> Result<(), String> {
    let told = |why: String| format!("{what}: {why}\nin\n{}", text(script));
    database.run(script).await.map_err(told)?;
    let found = database.schema().await;
    let left = diff(&found, wanted, &Renames::default()).changes;
    if !left.is_empty() {
        return Err(told(format!("{left:?}")));
    }
    expect(&found, wanted, what).map_err(told)
}

/// Equal up to the order of columns.
fn expect(found: &Schema, wanted: &Schema, what: &str) -> Result<(), String> {
    let (found, wanted) = (sorted(found.clone()), sorted(wanted.clone()));
    match found == wanted {
        true => Ok(()),
        false => Err(format!("{what}: found\n{found:#?}\nwanted\n{wanted:#?}")),
    }
}

type Contents = BTreeMap<(Qualified, Name), Vec<String>>;

/// The values of each column, in the order of the key.
async fn contents(database: &mut Database, schema: &Schema) -> Contents {
    let mut contents = Contents::new();
    for table in schema.tables.values() {
        let hex = |column: &Column| format!("COALESCE(HEX({}), '-')", quoted(&column.name));
        let columns: Vec<String> = table.columns.iter().map(hex).collect();
        let of = quoted(&table.name.name);
        let sql = format!("SELECT CONCAT_WS('|', {}) FROM {of} ORDER BY `id`", columns.join(", "));
        let rows = database.rows(&sql).await;
        for (at, column) in table.columns.iter().enumerate() {
            let values = rows
                .iter()
                .map(|row| row.split('|').nth(at).unwrap_or_default().to_owned());
            contents.insert((table.name.clone(), column.name.clone()), values.collect());
        }
    }
    contents
}

/// What both schemas have and nothing computes is the same as at first; on the way there, where it has the same type.
fn kept(
    before: &Contents,
    after: &Contents,
    from: &Schema,
    to: &Schema,
    renames: &Renames,
    there: bool,
) -> Result<(), String> {
    for ((table, old), values) in before {
        let new = renames.columns.get(&(table.clone(), old.clone())).unwrap_or(old);
        let one = from.tables[table].column(old);
        let other = to.tables.get(table).and_then(|table| table.column(new));
        let (Some(one), Some(other)) = (one, other) else {
            continue;
        };
        let mut both = [one, other].into_iter();
        let computed = both.any(|column| matches!(column.value, ColumnValue::Generated { .. }));
        if computed || there && (one.ty != other.ty || one.collation != other.collation) {
            continue;
        }
        let now = if there { new } else { old };
        let found = after.get(&(table.clone(), now.clone()));
        if found != Some(values) {
            return Err(format!("{table}.{old} was {values:?} and is {found:?}"));
        }
    }
    Ok(())
}
