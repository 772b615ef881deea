//! MariaDB's DDL and catalog, on a server.
#![allow(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

mod ahead;
mod alter;
mod drift;
mod expressions;
mod keys;
mod laws;
mod over_values;
mod pairs;
mod random;
mod read_back;
mod views;
mod woken;

use kickdb_core::dialect::live::{Connection, catalog, connect};
use kickdb_core::dialect::{Dialect, by_name};
use kickdb_core::diff::Renames;
use kickdb_core::ident::{Name, Qualified};
use kickdb_core::ir::{Schema, Table};
use kickdb_core::plan::{Plan, Script, plan};
use kickdb_testdb::{Engine, engines};

/// A database of its own on the server.
struct Database {
    connection: Box<dyn Connection>,
    kept: kickdb_testdb::Database,
}

impl Database {
    /// An empty database; `None` where no server is at hand.
    async fn empty() -> Option<Self> {
        let engine = engines(&[Engine::Mysql]).pop()?;
        let database = engine.database();
        Some(Self {
            connection: connect(database.url()).await.unwrap(),
            kept: database,
        })
    }

    async fn with(sql: &str) -> Option<Self> {
        let mut database = Self::empty().await?;
        database.execute(sql).await;
        Some(database)
    }

    fn url(&self) -> &str {
        self.kept.url()
    }

    async fn execute(&mut self, sql: &str) {
        self.try_execute(sql)
            .await
            .unwrap_or_else(|error| panic!("{error}\n{sql}"));
    }

    async fn try_execute(&mut self, sql: &str) -> Result<(), String> {
        let done = self.connection.execute(sql).await;
        done.map(|_| ()).map_err(|error| error.to_string())
    }

    async fn schema(&mut self) -> Schema {
        catalog(&mut *self.connection).await.unwrap()
    }

    /// The rows of a query, each as one text.
    async fn rows(&mut self, sql: &str) -> Vec<String> {
        let rows = self.connection.query(sql, &[]).await;
        let rows = rows.unwrap_or_else(|error| panic!("{error}\n{sql}"));
        let text = |row: Vec<Option<String>>| {
            let values: Vec<String> = row
                .into_iter()
                .map(|value| value.unwrap_or_else(|| "NULL".into()))
                .collect();
            values.join(" | ")
        };
        rows.into_iter().map(text).collect()
    }

    async fn run(&mut self, script: &Script) -> Result<(), String> {
        for step in &script.steps {
            let done = self.try_execute(&step.sql).await;
            done.map_err(|error| format!("{error}\n{}", step.sql))?;
        }
        Ok(())
    }
}

fn mysql() -> &'static dyn Dialect {
    by_name("mysql").unwrap()
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn table<'a>(schema: &'a Schema, of: &str) -> &'a Table {
    &schema.tables[&Qualified::local(name(of))]
}

/// What turns one schema into the other.
fn planned(from: &Schema, to: &Schema) -> Plan {
    plan(from, to, &Renames::default(), mysql()).unwrap()
}

/// Every statement of a script.
fn text(script: &Script) -> String {
    let statements: Vec<&str> = script.steps.iter().map(|step| step.sql.as_str()).collect();
    statements.join(";\n")
}

/// Turns a database that `from` makes into one that `to` makes and back, and holds what is read back against both; gives
/// what was run forward.
async fn there_and_back(from: &str, to: &str) -> Option<String> {
    let mut database = Database::with(from).await?;
    let before = database.schema().await;
    let after = Database::with(to).await?.schema().await;
    let plan = planned(&before, &after);
    database.run(&plan.up).await.unwrap();
    assert_same(database.schema().await, after, &plan.up);
    database.run(&plan.down).await.unwrap();
    assert_same(database.schema().await, before, &plan.down);
    Some(text(&plan.up))
}

/// Holds what is there against what should be; a column that was added stands at the end, which is no difference.
fn assert_same(mut found: Schema, mut wanted: Schema, script: &Script) {
    for table in found.tables.values_mut().chain(wanted.tables.values_mut()) {
        table.columns.sort_by(|one, other| one.name.cmp(&other.name));
    }
    assert_eq!(found, wanted, "\n{}", text(script));
}
