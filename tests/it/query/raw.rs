//! Statements that are SQL of the program's own.

use futures_util::TryStreamExt as _;
use kickdb::prelude::*;
use kickdb_testdb::Engine;

use super::{create_tables, each, each_with, label, tasks};
use crate::model::{Label, Task, TaskStatus};

#[derive(Debug, PartialEq, Row)]
struct Card {
    #[row(Task::TITLE)]
    title: String,
    #[row(count_all())]
    r#much: i64,
}

#[tokio::test]
async fn it_is_read_as_what_queries_are_read_as() {
    each(async |db| {
        let (project, all) = tasks(db, &["it's", "b"]).await;
        // A table's struct finds its columns by their names, whatever their order.
        let names = <Task as Table>::META.columns.iter().rev();
        let found: Vec<Task> = names
            .fold(sql("SELECT ").then("1 AS one"), |so_far, name| {
                so_far.then(", {}").name(*name)
            })
            .then(" FROM tasks WHERE project_id = {} AND title = {}")
            .bind(project.id)
            .bind("it's")
            .all(db)
            .await
            .unwrap();
        assert_eq!(found, all[..1]);
        let card: Card = sql("SELECT count(*) AS much, min(title) AS title FROM tasks")
            .one(db)
            .await
            .unwrap();
        assert_eq!(
            card,
            Card {
                title: "b".into(),
                much: 2
            }
        );
        let pairs: Vec<(i32, Option<String>)> = sql("SELECT votes, title FROM tasks WHERE votes > {} ORDER BY {}")
            .bind(0)
            .name("votes")
            .all(db)
            .await
            .unwrap();
        assert_eq!(pairs, [(1, Some("it's".into())), (2, Some("b".into()))]);
        let titles = sql("SELECT title FROM tasks ORDER BY title");
        let streamed: Vec<String> = titles.stream(db).try_collect().await.unwrap();
        assert_eq!(streamed, ["b", "it's"]);
        let none: Option<i64> = sql("SELECT 1 FROM tasks WHERE title = {}")
            .bind("c")
            .optional(db)
            .await
            .unwrap();
        assert_eq!(none, None);
        let state: TaskStatus = sql("SELECT status FROM tasks WHERE status = {} AND votes = 1")
            .bind(TaskStatus::Todo)
            .one(db)
            .await
            .unwrap();
        assert_eq!(state, TaskStatus::Todo);
        // And it writes, also in a transaction.
        let mut tx = db.begin().await.unwrap();
        let changed = sql("UPDATE {} SET title = {}, created_at = {}")
            .name("tasks")
            .bind("changed")
            .bind(all[0].created_at)
            .exec(&mut tx)
            .await
            .unwrap();
        assert_eq!(changed, 2);
        tx.rollback().await.unwrap();
        assert_eq!(
            Task::query().filter(Task::TITLE.eq("changed")).count(db).await.unwrap(),
            0
        );
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_is_told() {
    each(async |db| {
        label(db, "a").await;
        let error = sql("SELECT {}, {}").bind(1).exec(db).await.unwrap_err();
        assert_eq!(error.code(), "validation");
        assert!(error.to_string().contains("2 places"), "{error}");
        for name in ["", "a\0b"] {
            let error = sql("SELECT 1 AS {}").name(name).exec(db).await.unwrap_err();
            assert_eq!(error.code(), "validation", "{name:?}");
        }
        let missing = sql("SELECT name FROM label").all::<Label, _>(db).await.unwrap_err();
        assert_eq!(missing.code(), "decode");
        assert!(
            missing.to_string().contains("`id`") && missing.to_string().contains("there are name"),
            "{missing}"
        );
        let twice = sql("SELECT id, name, name FROM label")
            .one::<Label, _>(db)
            .await
            .unwrap_err();
        assert!(twice.to_string().contains("several columns"), "{twice}");
        let wide = sql("SELECT id, name FROM label")
            .one::<(i32,), _>(db)
            .await
            .unwrap_err();
        assert!(wide.to_string().contains("2 columns"), "{wide}");
        let wrong = sql("SELECT name FROM label").one::<i32, _>(db).await.unwrap_err();
        assert!(wrong.to_string().contains("`name`"), "{wrong}");
        let none = sql("SELECT name FROM label WHERE id < 0")
            .one::<String, _>(db)
            .await
            .unwrap_err();
        assert_eq!(none.code(), "not_found");
    })
    .await;
}

#[tokio::test]
async fn names_are_never_more_than_names() {
    each_with(async |db, database| {
        label(db, "a").await;
        let hostile = [
            "\"",
            "`",
            "'",
            "\\",
            "a\"; DROP TABLE label; --",
            "a`; DROP TABLE label; --",
            "é",
            " ",
            "[x]",
            "?",
            "$1",
            "{}",
        ];
        for name in hostile {
            let error = sql("SELECT {} FROM label").name(name).all::<String, _>(db).await;
            // SQLite takes a name that is no column for a text.
            match database.engine() {
                Engine::Sqlite => assert!(error.is_err() || error.unwrap() == [name], "{name:?}"),
                _ => assert_eq!(error.unwrap_err().code(), "query", "{name:?}"),
            }
            let aliased = sql("SELECT * FROM (SELECT id AS {} FROM label) AS t WHERE t.{} = {}")
                .name(name)
                .name(name)
                .bind(1);
            let found = aliased.one::<i32, _>(db).await;
            // MariaDB has names that end with a space for wrong.
            assert!(
                matches!(found, Ok(1)) || (name == " " && database.engine() == Engine::Mysql),
                "{name:?}: {found:?}"
            );
        }
        assert_eq!(Label::query().count(db).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn it_counts_as_a_write_unless_it_says_otherwise() {
    let databases = [(); 2].map(|()| Engine::Sqlite.database());
    let mut dbs = Vec::new();
    for (database, name) in databases.iter().zip(["primary", "replica"]) {
        create_tables(database.url()).await;
        let db = Db::connect(database.url()).await.unwrap();
        label(&db, name).await;
        dbs.push(db);
    }
    let db = Db::routed(dbs.remove(0), dbs).unwrap().scope();
    let read = sql("SELECT name FROM label");
    assert_eq!(
        read.clone().only_reads().one::<String, _>(&db).await.unwrap(),
        "replica"
    );
    assert_eq!(read.clone().one::<String, _>(&db).await.unwrap(), "primary");
    assert_eq!(read.only_reads().one::<String, _>(&db).await.unwrap(), "primary");
}

#[tokio::test]
async fn batches_are_of_the_size_that_was_asked_for() {
    each(async |db| {
        tasks(db, &["a", "b", "c", "d", "e"]).await;
        let batches: Vec<Vec<String>> = Task::query()
            .order_by(Task::NUMBER)
            .select(Task::TITLE)
            .batches(2, db)
            .try_collect()
            .await
            .unwrap();
        assert_eq!(batches, [vec!["a", "b"], vec!["c", "d"], vec!["e"]]);
        let none: Vec<Vec<Label>> = Label::query().batches(0, db).try_collect().await.unwrap();
        assert!(none.is_empty());
    })
    .await;
}
