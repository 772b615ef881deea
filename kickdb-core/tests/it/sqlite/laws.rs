//! The laws that need a database, over random pairs of schemas with rows in them.

use std::collections::BTreeMap;

use kickdb_core::diff::diff;
use kickdb_core::ir::ColumnValue;
use kickdb_core::snapshot;

use super::random::{Random, edit, quoted, rows, schema};
use super::*;

/// As many as are worth the time of each run. A run of 9,000 took four minutes when this
/// was written, and all of them held.
const PAIRS: u64 = 300;

#[tokio::test]
async fn there_and_back_with_every_row() {
    for seed in crate::sample::seeds(PAIRS) {
        if let Err(why) = pair(seed).await {
            panic!("seed {seed}: {why}");
        }
    }
}

async fn pair(seed: u64) -> Result<(), String> {
    let mut random = Random::new(seed);
    let mut from = schema(&mut random);
    sqlite()
        .normalize(&mut from)
        .map_err(|refusals| format!("{refusals:?}"))?;
    let (mut to, renames) = edit(&from, &mut random);
    sqlite()
        .normalize(&mut to)
        .map_err(|refusals| format!("{refusals:?}"))?;

    let file = snapshot::write(&from, sqlite()).map_err(|error| error.to_string())?;
    let read = snapshot::read(&file, sqlite()).map_err(|error| error.to_string())?;
    expect(&read.schema, &from, "written and read")?;

    let mut database = Database::empty().await;
    database.run(&create(&from)).await?;
    expect(&database.schema().await, &from, "created")?;
    database.execute(&rows(&from)).await;
    let before = contents(&mut database, &from).await;

    let plan = plan(&from, &to, &renames, sqlite()).map_err(|error| error.to_string())?;
    let told = |why: String, script: &Script| {
        let sql: Vec<&str> = script.steps.iter().map(|step| step.sql.as_str()).collect();
        format!("{why}\n{}", sql.join(";\n"))
    };
    database.run(&plan.up).await.map_err(|why| told(why, &plan.up))?;
    let there = database.schema().await;
    expect(&there, &to, "up").map_err(|why| told(why, &plan.up))?;
    let left = diff(&there, &to, &Renames::default()).changes;
    assert!(left.is_empty(), "seed {seed}: {left:?}");
    kept(&before, &contents(&mut database, &to).await, &from, &to, &renames).map_err(|why| told(why, &plan.up))?;

    database.run(&plan.down).await.map_err(|why| told(why, &plan.down))?;
    expect(&database.schema().await, &from, "down").map_err(|why| told(why, &plan.down))?;
    let after = contents(&mut database, &from).await;
    kept(&before, &after, &from, &to, &renames).map_err(|why| told(why, &plan.down))?;
    Ok(())
}

/// Equal up to the order of columns.
fn expect(found: &Schema, wanted: &Schema, when: &str) -> Result<(), String> {
    let sorted = |schema: &Schema| {
        let mut schema = schema.clone();
        for table in schema.tables.values_mut() {
            table.columns.sort_by(|one, other| one.name.cmp(&other.name));
        }
        schema
    };
    let (found, wanted) = (sorted(found), sorted(wanted));
    for (name, table) in &wanted.tables {
        if found.tables.get(name) != Some(table) {
            return Err(format!(
                "{when}: found\n{:#?}\nwanted\n{table:#?}",
                found.tables.get(name)
            ));
        }
    }
    if found == wanted {
        Ok(())
    } else {
        Err(format!(
            "{when}: found {:?}, {:#?}\nwanted {:?}, {:#?}",
            found.tables.keys(),
            found.objects,
            wanted.tables.keys(),
            wanted.objects
        ))
    }
}

type Contents = BTreeMap<(Qualified, Name), Vec<String>>;

/// The values of each column, in the order of the key.
async fn contents(database: &mut Database, schema: &Schema) -> Contents {
    let mut contents = Contents::new();
    for table in schema.tables.values() {
        let key = quoted(&table.primary_key.as_ref().unwrap().columns[0]);
        for column in &table.columns {
            let sql = format!(
                "SELECT quote({}) FROM {} ORDER BY {key}",
                quoted(&column.name),
                quoted(&table.name.name)
            );
            contents.insert((table.name.clone(), column.name.clone()), database.rows(&sql).await);
        }
    }
    contents
}

/// What both schemas have, of one type and not computed, is the same as at first.
fn kept(before: &Contents, after: &Contents, from: &Schema, to: &Schema, renames: &Renames) -> Result<(), String> {
    for ((table, column), values) in before {
        let new_table = renames.tables.get(table).unwrap_or(table);
        let renamed = renames.columns.get(&(new_table.clone(), column.clone()));
        let new_column = renamed.unwrap_or(column);
        let (Some(one), Some(two)) = (
            from.tables[table].column(column),
            to.tables.get(new_table).and_then(|table| table.column(new_column)),
        ) else {
            continue;
        };
        let computed = |column: &kickdb_core::ir::Column| matches!(column.value, ColumnValue::Generated { .. });
        if one.ty != two.ty || one.nullable != two.nullable || computed(one) || computed(two) {
            continue;
        }
        let found = after
            .get(&(new_table.clone(), new_column.clone()))
            .or_else(|| after.get(&(table.clone(), column.clone())));
        if found != Some(values) {
            return Err(format!("{table}.{column} was {values:?} and is {found:?}"));
        }
    }
    Ok(())
}
