//! A database and a folder of migrations written by hand.

use std::path::Path;
use std::time::Duration;

use kickdb_core::dialect::live::{Connection, connect};
use kickdb_core::runner::{Options, Runner, Source};
use kickdb_testdb::{Database, Engine, engines};
use sha2::{Digest, Sha256};

use crate::compiled::compiled;

/// Runs a scenario on each engine that is compiled in and at hand.
pub(crate) fn on_each(scenario: impl AsyncFn(&Place)) {
    let wanted: Vec<Engine> = compiled()
        .into_iter()
        .filter(|engine| *engine != Engine::Mysql)
        .collect();
    on(&wanted, scenario);
}

/// The same with MariaDB, where no migration is one transaction.
pub(crate) fn on_every(scenario: impl AsyncFn(&Place)) {
    on(&compiled(), scenario);
}

/// Runs a scenario on those of the engines that are at hand.
pub(crate) fn on(wanted: &[Engine], scenario: impl AsyncFn(&Place)) {
    for engine in engines(wanted) {
        let place = Place::new(engine);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(scenario(&place));
    }
}

pub(crate) struct Place {
    pub(crate) database: Database,
    folder: tempfile::TempDir,
}

/// One migration to write.
pub(crate) struct Draft<'a> {
    pub(crate) id: &'a str,
    pub(crate) up: &'a str,
    pub(crate) down: &'a str,
    pub(crate) reviewed: bool,
    pub(crate) transaction: bool,
    /// The text of `snapshot.json`; `None` writes one without tables.
    pub(crate) snapshot: Option<String>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(id: &'a str, up: &'a str, down: &'a str) -> Self {
        Self {
            id,
            up,
            down,
            reviewed: true,
            transaction: true,
            snapshot: None,
        }
    }
}

impl Place {
    /// An empty database, and a folder without migrations.
    pub(crate) fn new(engine: Engine) -> Self {
        Self {
            database: engine.database(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn is(&self, engine: Engine) -> bool {
        self.database.engine() == engine
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Adds a migration behind those that are there.
    pub(crate) fn add(&self, draft: &Draft<'_>) {
        let mut journal = self.journal();
        let entries = journal["entries"].as_array_mut().unwrap();
        let previous = entries.last().map(|entry| entry["id"].clone()).unwrap_or_default();
        let dialect = self.database.engine().name();
        let snapshot = draft.snapshot.clone().unwrap_or_else(|| {
            format!("{{\n  \"version\": 1,\n  \"dialect\": \"{dialect}\",\n  \"tables\": {{}}\n}}\n")
        });
        let (up, down) = (format!("{}\n", draft.up), format!("{}\n", draft.down));
        let tag = draft.id.splitn(3, '_').last().unwrap();
        let mut meta = serde_json::json!({
            "id": draft.id, "name": tag, "createdAt": "2026-04-27T15:30:12.000Z", "reviewed": draft.reviewed,
            "dialect": dialect, "previousId": previous, "downIsDraft": false, "empty": false,
        });
        if !draft.transaction {
            meta["transaction"] = false.into();
        }
        self.write(draft.id, "up.sql", &up);
        self.write(draft.id, "down.sql", &down);
        self.write(draft.id, "snapshot.json", &snapshot);
        self.write(
            draft.id,
            "meta.json",
            &format!("{}\n", serde_json::to_string_pretty(&meta).unwrap()),
        );
        entries.push(serde_json::json!({
            "id": draft.id, "tag": tag, "hash": hash(&up, &down, &snapshot), "createdAt": "2026-04-27T15:30:12.000Z",
        }));
        self.write_journal(&journal);
    }

    pub(crate) fn journal(&self) -> serde_json::Value {
        match std::fs::read_to_string(self.path().join("_journal.json")) {
            Ok(text) => serde_json::from_str(&text).unwrap(),
            Err(_) => {
                serde_json::json!({ "version": 1, "dialect": self.database.engine().name(), "entries": [] })
            }
        }
    }

    pub(crate) fn write_journal(&self, journal: &serde_json::Value) {
        let text = format!("{}\n", serde_json::to_string_pretty(journal).unwrap());
        std::fs::write(self.path().join("_journal.json"), text).unwrap();
    }

    pub(crate) fn write(&self, id: &str, file: &str, text: &str) {
        let folder = self.path().join(id);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(file), text).unwrap();
    }

    pub(crate) async fn runner(&self, options: Options) -> Runner {
        let source = Source::Folder(self.path().to_owned());
        Runner::connect(self.database.url(), source, options).await.unwrap()
    }

    pub(crate) async fn connection(&self) -> Box<dyn Connection> {
        connect(self.database.url()).await.unwrap()
    }

    /// The first column of a query's rows, one word each.
    pub(crate) async fn ask(&self, sql: &str) -> String {
        let mut connection = self.connection().await;
        let rows = connection.query(sql, &[]).await.unwrap();
        connection.close().await.unwrap();
        let words = rows.into_iter().map(|row| row[0].clone().unwrap_or_else(|| "-".into()));
        words.collect::<Vec<_>>().join(" ")
    }

    pub(crate) async fn execute(&self, sql: &str) {
        let mut connection = self.connection().await;
        connection.execute(sql).await.unwrap();
        connection.close().await.unwrap();
    }

    /// The applied migrations as `id@batch`.
    pub(crate) async fn applied(&self) -> String {
        self.ask(match self.database.engine() {
            Engine::Mysql => "SELECT CONCAT(id, '@', batch) FROM kick_migrations ORDER BY id",
            _ => "SELECT id || '@' || CAST(batch AS text) FROM kick_migrations ORDER BY id",
        })
        .await
    }

    /// Nobody holds the lock.
    pub(crate) async fn is_free(&self) -> bool {
        let row = "SELECT CAST(id AS char(1)) FROM kick_migrations_lock WHERE locked_at IS NULL AND locked_by IS NULL";
        self.ask(row).await == "1"
    }
}

/// As formats.md says, by hand.
fn hash(up: &str, down: &str, snapshot: &str) -> String {
    let digest = Sha256::digest(format!("{up}|{down}|{snapshot}"));
    format!(
        "sha256:{}",
        digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    )
}

/// Options with a lease that runs out within a test's patience.
pub(crate) fn quick() -> Options {
    Options {
        lease: Duration::from_millis(1200),
        lock_timeout: Some(Duration::from_millis(300)),
        drift_check: kickdb_core::runner::DriftCheck::Ignore,
        ..Options::default()
    }
}
