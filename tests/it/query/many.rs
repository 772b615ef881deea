//! More rows than anybody wants to hold in memory.

use kickdb::prelude::*;
use kickdb::testing;
use kickdb_core::dialect::live;
use kickdb_testdb::{Engine, engines};

use super::{create_tables, each, project, task};
use crate::model::{Label, Task};

/// A million where this variable is set: that takes minutes, and more with other tests beside it.
const MILLION: &str = "KICKDB_TEST_MILLION";

/// The most memory that this process has had, in megabytes, where the system tells it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace()
        .next()?
        .parse::<u64>()
        .ok()
        .map(|kilobytes| kilobytes / 1024)
}

#[tokio::test]
async fn rows_without_end_take_bounded_memory() {
    let all = std::env::var_os(MILLION).is_some();
    let count = if all { 1_000_000 } else { 10_000 };
    each(async |db| {
        let before = peak();
        let rows = (1..=count).map(|id| Label {
            id,
            name: format!("label number {id}"),
        });
        let (inserted, sent) = testing::watch(Label::insert_each(rows).exec(db)).await;
        assert_eq!(inserted.unwrap(), u64::from(count.unsigned_abs()));
        let copied = sent.statements().iter().any(|sql| sql.starts_with("COPY "));
        assert_eq!(
            copied,
            db.dialect().id().as_str() == "postgres",
            "{:?}",
            sent.statements().first()
        );
        // A million rows in memory would be more than a hundred megabytes.
        if let (true, Some(before), Some(after)) = (all, before, peak()) {
            assert!(after - before < 64, "{before} to {after} MB");
        }
        assert_eq!(Label::query().count(db).await.unwrap(), i64::from(count));
        let last = Label::find(count).one(db).await.unwrap();
        assert_eq!(last.name, format!("label number {count}"));
    })
    .await;
}

#[tokio::test]
async fn copied_rows_are_what_they_were() {
    each(async |db| {
        let of = project(db, "large").await;
        let rows: Vec<Task> = (1..=4_321)
            .map(|n| Task {
                deleted_at: (n % 2 == 0).then(|| "2026-04-27T15:30:12.5Z".parse().unwrap()),
                uuid: (n % 3 == 0).then(|| uuid::Uuid::from_u128(7)),
                ..task(&of, n, "tab\t, \\N and \\. and é\n")
            })
            .collect();
        assert_eq!(Task::insert_each(rows.clone()).exec(db).await.unwrap(), 4_321);
        assert_eq!(Task::query().order_by(Task::NUMBER).all(db).await.unwrap(), rows);

        // What the engine cannot keep is refused by its name, the rows before it are not kept, and the connection goes on.
        let refused = (10_001..=15_000i32).map(|n| Task {
            title: if n == 14_999 { "a\0b" } else { "t" }.to_owned(),
            id: uuid::Uuid::from_u128(n.unsigned_abs().into()),
            ..task(&of, n, "t")
        });
        let refused = Task::insert_each(refused).exec(db).await;
        if db.dialect().id().as_str() != "mysql" {
            assert_eq!(refused.unwrap_err().code(), "validation");
            assert_eq!(Task::query().count(db).await.unwrap(), 4_321);
        }
    })
    .await;
}

/// How a list of rows was sent, where they are of the size from which on the engine has a faster way.
async fn copied<R>(db: &Db, work: impl Future<Output = R>) -> (R, bool) {
    let (done, sent) = testing::watch(work).await;
    let copied = sent.statements().iter().any(|sql| sql.starts_with("COPY "));
    assert!(!copied || db.dialect().id().as_str() == "postgres", "{sent:?}");
    (done, copied)
}

#[tokio::test]
async fn many_rows_that_are_there_already_are_copied_too() {
    each(async |db| {
        let postgres = db.dialect().id().as_str() == "postgres";
        let of = project(db, "large").await;
        let rows: Vec<Task> = (1..=4_200)
            .map(|n| Task {
                uuid: (n % 3 == 0).then(|| uuid::Uuid::from_u128(7)),
                ..task(&of, n, "tab\t, \\N and é\n")
            })
            .collect();
        let (done, by_copy) = copied(db, Task::insert_many(&rows).exec(db)).await;
        assert_eq!((done.unwrap(), by_copy), (4_200, postgres));
        assert_eq!(Task::query().order_by(Task::NUMBER).all(db).await.unwrap(), rows);

        // One that is there already: nothing is kept, and the connection goes on.
        let mut twice: Vec<Task> = (5_001..=9_100).map(|n| task(&of, n, "t")).collect();
        twice.push(task(&of, 1, "twice"));
        let (done, by_copy) = copied(db, Task::insert_many(&twice).exec(db)).await;
        let kickdb::Error::UniqueViolation(broken) = done.unwrap_err() else {
            panic!("the number is taken")
        };
        assert_eq!((broken.table.as_deref(), by_copy), (Some("tasks"), postgres));
        assert_eq!(Task::query().count(db).await.unwrap(), 4_200);
        // It is part of the transaction around it.
        twice.pop();
        let undone: kickdb::Result<()> = db
            .transaction(async |tx| {
                assert_eq!(Task::insert_many(&twice).exec(&mut *tx).await?, 4_100);
                assert_eq!(Task::query().count(&mut *tx).await?, 8_300);
                Err(kickdb::Error::validation("no"))
            })
            .await;
        assert!(undone.is_err());
        assert_eq!(Task::query().count(db).await.unwrap(), 4_200);
        // Statements where rows come back, are met, or take a default.
        let (done, by_copy) = copied(db, Task::insert_many(&twice).returning(db)).await;
        assert_eq!((done.unwrap().len(), by_copy), (4_100, false));
        let met = Task::insert_many(&rows).on_conflict(Task::ID).do_nothing();
        let (done, by_copy) = copied(db, met.exec(db)).await;
        assert_eq!((done.unwrap(), by_copy), (0, false));

        // Rows column by column: all of them with the same columns, with the database's clock, and with different columns.
        let label = |n: i32| Label::insert().name(format!("l{n}"));
        let labels = Label::insert_all((0..4_100).map(label));
        let (done, by_copy) = copied(db, labels.exec(db)).await;
        assert_eq!((done.unwrap(), by_copy), (4_100, postgres));
        let some = (0..4_100).map(|n| match n % 2 {
            0 => label(10_000 + n),
            _ => label(10_000 + n).id(100_000 + n),
        });
        let (done, by_copy) = copied(db, Label::insert_all(some).exec(db)).await;
        assert_eq!((done.unwrap(), by_copy), (4_100, false));
        let note = |id: i32| crate::model::Note::insert().id(id).body("b").deleted_at(now());
        let (done, by_copy) = copied(db, crate::model::Note::insert_all((0..4_100).map(note)).exec(db)).await;
        assert_eq!((done.unwrap(), by_copy), (4_100, false));
    })
    .await;
}

#[tokio::test]
async fn tables_that_copy_does_not_write_are_written_by_statements() {
    for engine in engines(&[Engine::Postgres]) {
        let database = engine.database();
        create_tables(database.url()).await;
        let mut owner = live::connect(database.url()).await.unwrap();
        owner.execute("CREATE TABLE seen (n bigint)").await.unwrap();
        let rule = "CREATE RULE note AS ON INSERT TO label DO ALSO INSERT INTO seen VALUES (1)";
        owner.execute(rule).await.unwrap();
        owner.close().await.unwrap();
        let db = Db::connect(database.url()).await.unwrap();
        let rows = (1..=5_000).map(|id| Label {
            id,
            name: format!("label {id}"),
        });
        let (inserted, sent) = testing::watch(Label::insert_each(rows).exec(&db)).await;
        assert!(inserted.unwrap() >= 5_000);
        assert!(
            sent.statements().iter().all(|sql| sql.starts_with("INSERT ")),
            "{sent:?}"
        );
        assert_eq!(Label::query().count(&db).await.unwrap(), 5_000);
        let rows: Vec<Label> = (5_001..=10_000)
            .map(|id| Label {
                id,
                name: format!("label {id}"),
            })
            .collect();
        let (inserted, by_copy) = copied(&db, Label::insert_many(&rows).exec(&db)).await;
        assert!(inserted.is_ok() && !by_copy);
        assert_eq!(Label::query().count(&db).await.unwrap(), 10_000);
        db.close().await;
    }
}
