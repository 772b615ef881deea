//! An engine to try statements on, and what the rules say of them.

use kickdb_core::dialect::live::{Connection, Row, catalog, connect};
use kickdb_core::ir::Schema;
use kickdb_core::lint::{Finding, Input, Level, lint};
use kickdb_testdb::{Database, Engine, engines};

/// A database with tables in it, and what is known of them.
pub(super) struct Tried {
    connection: Box<dyn Connection>,
    schema: Schema,
    _database: Database,
}

impl Tried {
    /// A database of its own after a script; `None` where there is no such engine.
    pub(super) async fn after(engine: Engine, script: &[&str]) -> Option<Self> {
        let engine = engines(&[engine]).pop()?;
        let database = engine.database();
        let mut connection = connect(database.url()).await.unwrap();
        for sql in script {
            connection.execute(sql).await.unwrap();
        }
        let schema = catalog(&mut *connection).await.unwrap();
        Some(Self {
            connection,
            schema,
            _database: database,
        })
    }

    /// The server's answer to a statement, where it refuses that.
    pub(super) async fn refusal(&mut self, sql: &str) -> Option<String> {
        self.connection.execute(sql).await.err().map(|error| error.to_string())
    }

    pub(super) async fn run(&mut self, sql: &str) {
        self.connection.execute(sql).await.unwrap();
    }

    pub(super) async fn row(&mut self, sql: &str) -> Row {
        self.connection.query(sql, &[]).await.unwrap().remove(0)
    }

    /// What the rules find in a statement, knowing the tables.
    pub(super) fn found(&self, sql: &str) -> Vec<Finding> {
        let input = Input {
            before: Some(&self.schema),
            ..Input::new(self.connection.dialect())
        };
        lint(sql, &input)
    }
}

/// The codes of what takes the longer the bigger the table is, notes left out.
pub(super) fn slow(found: &[Finding]) -> Vec<&'static str> {
    let slow = found
        .iter()
        .filter(|finding| finding.rule.harm.grows() && finding.level >= Level::Warn);
    slow.map(|finding| finding.rule.code).collect()
}
