//! SQLite's DDL and catalog, on databases in memory.

mod alter;
mod foreign;
mod laws;
mod pairs;
mod random;
mod read_back;
mod values;

use kickdb_core::dialect::live::{Connection, catalog, connect};
use kickdb_core::dialect::{Dialect, by_name};
use kickdb_core::diff::{Renames, TableChange};
use kickdb_core::ident::{Name, Qualified};
use kickdb_core::ir::{Schema, Table};
use kickdb_core::plan::{Script, Steps, plan};

/// A database in memory.
struct Database(Box<dyn Connection>);

impl Database {
    async fn empty() -> Self {
        Self(connect("sqlite::memory:").await.unwrap())
    }

    async fn with(sql: &str) -> Self {
        let mut database = Self::empty().await;
        database.execute(sql).await;
        database
    }

    async fn execute(&mut self, sql: &str) {
        self.try_execute(sql)
            .await
            .unwrap_or_else(|error| panic!("{error}\n{sql}"));
    }

    async fn try_execute(&mut self, sql: &str) -> Result<(), String> {
        self.0.execute(sql).await.map(|_| ()).map_err(|error| error.to_string())
    }

    async fn schema(&mut self) -> Schema {
        catalog(&mut *self.0).await.unwrap()
    }

    /// The rows of a query, each as one text.
    async fn rows(&mut self, sql: &str) -> Vec<String> {
        let rows = self
            .0
            .query(sql, &[])
            .await
            .unwrap_or_else(|error| panic!("{error}\n{sql}"));
        let text = |row: Vec<Option<String>>| {
            let values: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
            values.join(" | ")
        };
        rows.into_iter().map(text).collect()
    }

    /// Runs a script the way a runner does: foreign keys off before the transaction where that is asked for, and a look
    /// at all of them before its end.
    async fn run(&mut self, script: &Script) -> Result<(), String> {
        if script.session.foreign_keys_off {
            self.execute("PRAGMA foreign_keys = OFF").await;
        }
        self.execute("BEGIN").await;
        let mut result = Ok(());
        for step in &script.steps {
            result = self.try_execute(&step.sql).await;
            if result.is_err() {
                break;
            }
        }
        if result.is_ok() && script.session.foreign_keys_off {
            let broken = self.rows("SELECT \"table\" FROM pragma_foreign_key_check").await;
            if !broken.is_empty() {
                result = Err(format!("foreign keys of {broken:?} point to nothing"));
            }
        }
        self.execute(if result.is_ok() { "COMMIT" } else { "ROLLBACK" }).await;
        self.execute("PRAGMA foreign_keys = ON").await;
        result
    }
}

fn sqlite() -> &'static dyn Dialect {
    by_name("sqlite").unwrap()
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn table<'a>(schema: &'a Schema, of: &str) -> &'a Table {
    &schema.tables[&Qualified::local(name(of))]
}

/// The schema that SQL makes.
async fn schema_of(sql: &str) -> Schema {
    Database::with(sql).await.schema().await
}

/// The script that makes all that is in a schema.
fn create(schema: &Schema) -> Script {
    plan(&Schema::default(), schema, &Renames::default(), sqlite())
        .unwrap()
        .up
}

/// The script that turns one state of a table into another.
fn alter(from: &Schema, to: &Schema, of: &str, renamed: &[(&str, &str)]) -> Script {
    let changes: Vec<TableChange> = renamed
        .iter()
        .map(|(from, to)| TableChange::RenameColumn {
            from: name(from),
            to: name(to),
        })
        .collect();
    let mut steps = Steps::default();
    sqlite()
        .alter_table(table(from, of), table(to, of), &changes, &Schema::default(), &mut steps)
        .unwrap();
    steps.finish()
}

fn is_rebuild(script: &Script) -> bool {
    script.steps.iter().any(|step| step.sql.starts_with("DROP TABLE"))
}
