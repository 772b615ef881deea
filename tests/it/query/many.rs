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
        db.close().await;
    }
}
