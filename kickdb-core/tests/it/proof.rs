//! A migration that does not do what it says is found before it is written.

use kickdb_core::dialect::by_name;
use kickdb_core::diff::{Backfills, Renames};
use kickdb_core::ir::{Column, PrimaryKey, Schema, SqlType, Table};
use kickdb_core::journal::{NewMigration, Outcome, Request, generate, read};
use kickdb_core::proof::{Fault, Refuted, Verdict, prove};
use kickdb_core::runner::{Cancel, Direction};
use kickdb_testdb::{Engine, engines};

use crate::sample::{local, name};

fn first(engine: Engine) -> Vec<NewMigration> {
    let dialect = by_name(engine.name()).unwrap();
    let mut table = Table::new(local("tasks"));
    table.columns.push(Column::new(name("id"), SqlType::Text));
    table.columns[0].ty = SqlType::Int {
        bits: kickdb_core::ir::IntBits::B64,
        unsigned: false,
    };
    table.columns.push(Column::new(name("title"), SqlType::Text));
    table.primary_key = Some(PrimaryKey::new(name("tasks_pkey"), vec![name("id")]));
    let mut to = Schema::default();
    to.tables.insert(table.name.clone(), table);
    dialect.normalize(&mut to).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let request = Request {
        folder: &read(dir.path(), dialect).unwrap(),
        from: &Schema::default(),
        to: &to,
        renames: Renames::default(),
        rename_flags: &[],
        drop_flags: &[],
        backfills: Backfills::default(),
        name: "one",
        now: "2026-04-27T15:30:12Z".parse().unwrap(),
        after: None,
        empty: false,
        online: false,
        repairs: None,
    };
    match generate(&request, dialect).unwrap() {
        Outcome::Migrations(new) => new,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_file_must_lead_where_it_says() {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        let database = engine.database();
        let dialect = by_name(engine.name()).unwrap();
        let verdict = async |change: &dyn Fn(&mut NewMigration)| {
            let mut new = first(engine);
            change(&mut new[0]);
            let from = Schema::default();
            prove(&from, &new, Some(database.url()), dialect, &Cancel::new())
                .await
                .unwrap()
        };
        let proven = verdict(&|_| {}).await;
        assert!(
            matches!(&proven, Verdict::Proven(proof) if proof.up && proof.down),
            "{proven:?}"
        );

        let refuted = |verdict: Verdict| match verdict {
            Verdict::Refuted(refuted) => refuted,
            other => panic!("{engine:?}: {other:?}"),
        };
        let Refuted { id, direction, fault } = refuted(verdict(&|new| new.up = new.up.replace("title", "titel")).await);
        assert_eq!((id.as_str(), direction), ("20260427_153012_one", Direction::Up));
        let Fault::Differs(drift) = fault else {
            panic!("{fault:?}")
        };
        assert_eq!(
            (drift.added, drift.removed),
            (
                vec!["column tasks.titel".to_owned()],
                vec!["column tasks.title".to_owned()]
            )
        );

        let none = refuted(verdict(&|new| new.down = "-- nothing\n".to_owned()).await);
        assert_eq!(none.direction, Direction::Down);
        assert!(
            matches!(&none.fault, Fault::Differs(drift) if drift.added == ["table tasks"]),
            "{none:?}"
        );

        let broken = refuted(verdict(&|new| new.up.push_str("\nDROP TABLE nowhere;\n")).await);
        let Fault::Statement { sql, line, message } = broken.fault else {
            panic!("{broken:?}")
        };
        assert_eq!(sql, "DROP TABLE nowhere");
        assert!(line > 2 && message.contains("nowhere"), "{line}: {message}");
    }
}

#[tokio::test]
async fn a_proof_that_is_stopped_leaves_nothing_behind() {
    for engine in engines(&[Engine::Postgres, Engine::Mysql]) {
        let database = engine.database();
        let cancel = Cancel::new();
        cancel.cancel();
        let (from, new) = (Schema::default(), first(engine));
        let dialect = by_name(engine.name()).unwrap();
        let stopped = prove(&from, &new, Some(database.url()), dialect, &cancel).await;
        assert_eq!(stopped.unwrap_err().code(), "cancelled");
    }
}
