//! PostgreSQL's DDL and catalog, on a real server.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod alter;
mod bodies;
mod builtin;
mod composite;
mod counters;
mod enums;
mod filled;
mod followers;
mod hidden;
mod moment;
mod order;
mod pairs;
mod random;
mod read_back;
mod rights;
mod versions;

use std::sync::OnceLock;

use kickdb_core::dialect::live::{Connection, catalog_within, connect, version};
use kickdb_core::dialect::postgres::Postgres;
use kickdb_core::dialect::{Normalize, ServerVersion, Types, Versions};
use kickdb_core::diff::Renames;
use kickdb_core::ident::{Name, Qualified};
use kickdb_core::ir::{Column, ColumnValue, Expr, Schema, Table};
use kickdb_core::plan::{Plan, Script, plan};
use kickdb_testdb::{Database, Engine, engines};

/// The version of the server, once a test has met it.
static VERSION: OnceLock<ServerVersion> = OnceLock::new();

/// Whether the server is this one or a newer one. Asked after [`Server::empty`].
fn is_at_least(major: u32) -> bool {
    VERSION.get().is_none_or(|version| version.is_at_least((major, 0)))
}

/// An empty database with one connection to it.
struct Server {
    connection: Box<dyn Connection>,
    kept: Database,
    /// Transactions since the last VACUUM.
    ended: u32,
}

/// So many schemas may come and go before what is left of them in the catalog makes each look at it several times as slow:
/// autovacuum comes by once a minute.
const BETWEEN_VACUUMS: u32 = 8;

impl Server {
    /// `None` where there is no server.
    async fn empty() -> Option<Self> {
        let engine = engines(&[Engine::Postgres]).into_iter().next()?;
        let database = engine.database();
        let mut connection = connect(database.url()).await.unwrap();
        let version = version(&mut *connection).await.unwrap();
        VERSION.get_or_init(|| version);
        Some(Self {
            connection,
            kept: database,
            ended: 0,
        })
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
        self.connection
            .execute(sql)
            .await
            .map(|_| ())
            .map_err(|error| error.to_string())
    }

    /// Ends a transaction.
    async fn end(&mut self, how: &str) {
        self.execute(how).await;
        self.ended += 1;
        if self.ended.is_multiple_of(BETWEEN_VACUUMS) {
            self.execute("VACUUM").await;
        }
    }

    /// As a runner does: the whole script or nothing.
    async fn try_run(&mut self, script: &Script) -> Result<(), String> {
        self.execute("BEGIN").await;
        for step in &script.steps {
            if let Err(error) = self.try_execute(&step.sql).await {
                self.end("ROLLBACK").await;
                return Err(format!("{error}\n{}", step.sql));
            }
        }
        self.end("COMMIT").await;
        Ok(())
    }

    /// Statement by statement, as a runner does where some of them run in no transaction.
    async fn run_freely(&mut self, script: &Script) -> Result<(), String> {
        for step in &script.steps {
            let done = self.try_execute(&step.sql).await;
            done.map_err(|error| format!("{error}\n{}", step.sql))?;
        }
        Ok(())
    }

    async fn run(&mut self, script: &Script) {
        self.try_run(script)
            .await
            .unwrap_or_else(|error| panic!("{error}\n\nin:\n{}", text(script)));
    }

    async fn schema(&mut self) -> Schema {
        catalog_within(&mut *self.connection).await.unwrap()
    }

    /// The rows of a query, each as one text.
    async fn rows(&mut self, sql: &str) -> Vec<String> {
        let rows = self
            .connection
            .query(sql, &[])
            .await
            .unwrap_or_else(|error| panic!("{error}\n{sql}"));
        let text = |row: Vec<Option<String>>| {
            let values: Vec<String> = row
                .into_iter()
                .map(|value| value.unwrap_or_else(|| "NULL".into()))
                .collect();
            values.join(" | ")
        };
        rows.into_iter().map(text).collect()
    }

    /// Brings the database from one schema to the other, and reads it back.
    async fn moves(&mut self, from: &Schema, to: &Schema) -> Plan {
        let plan = plan_between(from, to);
        self.run(&plan.up).await;
        assert_same(&self.schema().await, to, &plan.up);
        plan
    }
}

fn plan_between(from: &Schema, to: &Schema) -> Plan {
    plan(from, to, &Renames::default(), &Postgres).unwrap()
}

fn text(script: &Script) -> String {
    script.steps.iter().map(|step| format!("{};\n", step.sql)).collect()
}

/// Equal up to the order of columns, which no `ALTER TABLE` changes, and to what an older server says in other words.
fn assert_same(live: &Schema, wanted: &Schema, script: &Script) {
    let sorted = |schema: &Schema| {
        let mut schema = schema.clone();
        if let Some(version) = VERSION.get() {
            Postgres.as_told_by(&mut schema, version);
        }
        schema
            .tables
            .values_mut()
            .for_each(|table| table.columns.sort_by(|a, b| a.name.cmp(&b.name)));
        schema
    };
    let (live, wanted) = (sorted(live), sorted(wanted));
    if live != wanted {
        for (name, table) in &wanted.tables {
            if let Some(is) = live.tables.get(name) {
                assert_table(is, table, script);
            }
        }
        panic!(
            "the database has\n{live:#?}\nwanted\n{wanted:#?}\nafter\n{}",
            text(script)
        );
    }
}

/// The part that differs, not the whole table.
fn assert_table(is: &Table, wanted: &Table, script: &Script) {
    let context = || format!("{} after\n{}", wanted.name, text(script));
    for column in &wanted.columns {
        assert_eq!(is.column(&column.name), Some(column), "{}", context());
    }
    assert_eq!(is.primary_key, wanted.primary_key, "{}", context());
    assert_eq!(is.uniques, wanted.uniques, "{}", context());
    assert_eq!(is.foreign_keys, wanted.foreign_keys, "{}", context());
    assert_eq!(is.checks, wanted.checks, "{}", context());
    for (name, index) in &wanted.indexes {
        assert_eq!(is.indexes.get(name), Some(index), "{}", context());
    }
    assert_eq!(is, wanted, "{}", context());
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn local(text: &str) -> Qualified {
    Qualified::local(name(text))
}

fn column(of: &str, ty: &str) -> Column {
    Column::new(name(of), Postgres.parse(ty).unwrap())
}

fn optional(of: &str, ty: &str) -> Column {
    Column {
        nullable: true,
        ..column(of, ty)
    }
}

fn with_default(column: Column, sql: &str) -> Column {
    Column {
        value: ColumnValue::Default(Expr::Sql(sql.into())),
        ..column
    }
}

fn table(of: &str, columns: Vec<Column>) -> Table {
    Table {
        columns,
        ..Table::new(local(of))
    }
}

/// The tables in normal form.
fn schema(tables: impl IntoIterator<Item = Table>) -> Schema {
    normal(Schema {
        tables: tables.into_iter().map(|table| (table.name.clone(), table)).collect(),
        ..Schema::default()
    })
}

fn normal(mut schema: Schema) -> Schema {
    Postgres.normalize(&mut schema).unwrap_or_else(|refusals| {
        let lines: Vec<String> = refusals.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    });
    schema
}
