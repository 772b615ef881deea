//! What the snapshots say: drift, and values that enums lose.

use kickdb_core::dialect::live::catalog;
use kickdb_core::runner::{Boot, DriftCheck, Event, Options, Runner, Source, boot};
use kickdb_core::{Error, journal, snapshot};
use kickdb_testdb::Engine;

use super::place::{Draft, Place, on_every, quick};

const A: &str = "20260101_000000_tasks";
const B: &str = "20260102_000000_fewer";

/// The text of `snapshot.json` for what these statements make, from a database that goes away again.
async fn snapshot_of(place: &Place, statements: &[&str]) -> String {
    let scratch = place.database.engine().database();
    let mut connection = kickdb_core::dialect::live::connect(scratch.url()).await.unwrap();
    for sql in statements {
        connection.execute(sql).await.unwrap();
    }
    let schema = catalog(&mut *connection).await.unwrap();
    let text = snapshot::write(&schema, connection.dialect()).unwrap();
    connection.close().await.unwrap();
    text
}

fn strict() -> Options {
    Options {
        drift_check: DriftCheck::Error,
        ..quick()
    }
}

#[test]
fn drift_is_named_and_refused_or_told() {
    on_every(async |place| {
        let tasks = "CREATE TABLE tasks (id integer PRIMARY KEY, title varchar(80) NOT NULL, done boolean NOT NULL DEFAULT false)";
        let notes = "CREATE TABLE notes (id integer PRIMARY KEY)";
        place.add(&Draft {
            snapshot: Some(snapshot_of(place, &[tasks]).await),
            ..Draft::new(A, tasks, "DROP TABLE tasks")
        });
        place.add(&Draft {
            snapshot: Some(snapshot_of(place, &[tasks, notes]).await),
            ..Draft::new(B, notes, "DROP TABLE notes")
        });
        let mut runner = place.runner(strict()).await;
        runner.latest().await.unwrap();
        runner.redo().await.unwrap();
        runner.down().await.unwrap();

        place.execute("ALTER TABLE tasks ADD COLUMN by_hand text").await;
        place.execute("ALTER TABLE tasks DROP COLUMN done").await;
        place.execute("CREATE TABLE stray (id integer PRIMARY KEY)").await;
        let Err(Error::Drift(drift)) = runner.latest().await else {
            panic!("three things were changed by hand");
        };
        assert_eq!(drift.added, ["column tasks.by_hand", "table stray"]);
        assert_eq!(drift.removed, ["column tasks.done"]);
        assert_eq!(place.applied().await, format!("{A}@1"), "nothing ran");
        assert!(place.is_free().await);

        let mut warned = place
            .runner(Options {
                drift_check: DriftCheck::Warn,
                ..quick()
            })
            .await;
        let told = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let heard = std::sync::Arc::clone(&told);
        warned.observe(move |event| {
            if let Event::Drift(_) = event {
                heard.store(true, std::sync::atomic::Ordering::Relaxed);
            }
        });
        let report = warned.latest().await.unwrap();
        assert!(report.notes[0].contains("tasks.by_hand") && told.load(std::sync::atomic::Ordering::Relaxed));
    });
}

#[test]
fn a_removed_enum_value_asks_for_a_word() {
    on_every(async |place| {
        let table = |values: &str| match place.database.engine() {
            Engine::Sqlite => vec![format!(
                "CREATE TABLE tasks (id integer PRIMARY KEY, state text NOT NULL CHECK (state IN ({values})))"
            )],
            Engine::Mysql => vec![format!(
                "CREATE TABLE tasks (id integer PRIMARY KEY, state enum({values}) NOT NULL)"
            )],
            Engine::Postgres => vec![
                format!("CREATE TYPE state AS ENUM ({values})"),
                "CREATE TABLE tasks (id integer PRIMARY KEY, state state NOT NULL)".to_owned(),
            ],
        };
        let (all, fewer) = (table("'open', 'later', 'done'"), table("'open', 'done'"));
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let fewer: Vec<&str> = fewer.iter().map(String::as_str).collect();
        let drop = match place.is(Engine::Postgres) {
            true => "DROP TABLE tasks; DROP TYPE state",
            false => "DROP TABLE tasks",
        };
        let again = |with: &[&str]| format!("{drop};\n{}", with.join(";\n"));
        place.add(&Draft {
            snapshot: Some(snapshot_of(place, &all).await),
            ..Draft::new(A, &all.join(";\n"), drop)
        });
        place.add(&Draft {
            snapshot: Some(snapshot_of(place, &fewer).await),
            ..Draft::new(B, &again(&fewer), &again(&all))
        });
        let Err(Error::EnumDrop(lost)) = place.runner(quick()).await.latest().await else {
            panic!("`later` goes");
        };
        assert_eq!(
            (lost.id.as_str(), lost.values.as_slice()),
            (B, ["later".to_owned()].as_slice())
        );
        assert_eq!(lost.columns, ["tasks.state"]);
        assert_eq!(place.applied().await, "", "asked before the first write");
        let confirmed = Options {
            confirm_enum_drop: true,
            ..strict()
        };
        assert_eq!(place.runner(confirmed).await.latest().await.unwrap().done.len(), 2);
    });
}

/// The folder as a program would hold it. Leaked: a test ends soon.
fn embedded(place: &Place) -> &'static journal::Embedded {
    fn leak(text: String) -> &'static str {
        Box::leak(text.into_boxed_str())
    }
    let read = |path: String| leak(std::fs::read_to_string(place.path().join(path)).unwrap());
    let journal = place.journal();
    let migrations = journal["entries"].as_array().unwrap().iter().map(|entry| {
        let id = leak(entry["id"].as_str().unwrap().to_owned());
        journal::EmbeddedMigration {
            id,
            up: Some(read(format!("{id}/up.sql"))),
            down: Some(read(format!("{id}/down.sql"))),
            snapshot: Some(read(format!("{id}/snapshot.json"))),
            meta: Some(read(format!("{id}/meta.json"))),
        }
    });
    Box::leak(Box::new(journal::Embedded {
        path: "migrations",
        journal: Some(read("_journal.json".to_owned())),
        migrations: Box::leak(migrations.collect()),
    }))
}

#[test]
fn a_starting_program_refuses_applies_or_ignores() {
    on_every(async |place| {
        place.add(&Draft::new(
            A,
            "CREATE TABLE tasks (id integer PRIMARY KEY)",
            "DROP TABLE tasks",
        ));
        let (program, url) = (embedded(place), place.database.url());
        boot(url, program, Boot::Ignore, quick()).await.unwrap();
        let error = boot(url, program, Boot::FailIfPending, quick()).await.unwrap_err();
        assert!(error.to_string().contains(A), "{error}");
        let starts = (0..8).map(|_| boot(url, program, Boot::Apply, quick()));
        let reports = futures_util::future::join_all(starts).await;
        let done: usize = reports.into_iter().map(|report| report.unwrap().done.len()).sum();
        assert_eq!(done, 1, "many replicas migrate once");
        boot(url, program, Boot::FailIfPending, quick()).await.unwrap();
        assert_eq!(place.applied().await, format!("{A}@1"));
    });
}

const PROGRAM: &str = "#[derive(Table)]\n#[table(name = \"tasks\")]\npub struct Task {\n    #[column(primary_key)]\n    pub id: i64,\n    \
                       #[column(type = \"varchar(80)\")]\n    pub title: String,\n}\n";

#[cfg(all(feature = "lower", feature = "sqlite"))]
#[test]
fn a_program_in_sync_does_not_serve_a_database_that_was_changed_by_hand() {
    use kickdb_core::client::Db;
    use kickdb_core::decl::{Problem, Resolved, resolve};
    use kickdb_core::dialect::{Dialect, by_name};
    use kickdb_core::lower::{self, Origin};

    fn declared(dialect: &dyn Dialect) -> Result<Resolved, Vec<Problem>> {
        let origin = Origin {
            file: "schema.rs".into(),
            module: "app".to_owned(),
        };
        resolve(&lower::file(PROGRAM, &origin).unwrap(), dialect)
    }

    on_every(async |place| {
        let dialect = by_name(place.database.engine().name()).unwrap();
        crate::rebase::migrate(place.path(), PROGRAM, "one", 0, dialect);
        let program = embedded(place);
        let connect = |policy: Boot, drift_check: DriftCheck, in_sync: bool| {
            let builder = Db::builder(place.database.url())
                .migrations(program)
                .on_boot(policy)
                .migration_options(Options {
                    require_reviewed: false,
                    drift_check,
                    ..Options::default()
                });
            match in_sync {
                true => builder.in_sync(declared).connect(),
                false => builder.connect(),
            }
        };
        for policy in [Boot::Apply, Boot::FailIfPending, Boot::Apply] {
            connect(policy, DriftCheck::Error, true).await.unwrap();
        }
        place.execute("ALTER TABLE tasks ADD COLUMN by_hand integer").await;
        for policy in [Boot::FailIfPending, Boot::Apply] {
            let error = connect(policy, DriftCheck::Error, true).await.unwrap_err();
            assert_eq!(error.code(), "migration_drift");
            assert!(error.to_string().contains("tasks.by_hand"), "{error}");
            // Who says that it is known, or does not ask, is served.
            connect(policy, DriftCheck::Warn, true).await.unwrap();
            connect(policy, DriftCheck::Ignore, true).await.unwrap();
            connect(policy, DriftCheck::Error, false).await.unwrap();
        }
        connect(Boot::Ignore, DriftCheck::Error, true).await.unwrap();
        assert!(place.is_free().await);
    });
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_database_in_memory_is_migrated_over_its_one_connection() {
    let folder = tempfile::tempdir().unwrap();
    let source = Source::Folder(folder.path().to_owned());
    let mut runner = Runner::connect("sqlite::memory:", source, strict()).await.unwrap();
    assert!(
        runner.latest().await.unwrap().done.is_empty(),
        "an absent journal is an empty one"
    );
    let rows = runner
        .connection()
        .query("SELECT CAST(count(*) AS text) FROM kick_migrations", &[])
        .await
        .unwrap();
    assert_eq!(rows, [[Some("0".to_owned())]]);
}
