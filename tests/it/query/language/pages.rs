//! Pages, orders that a user chooses, and SQL of the program's own.

use kickdb::prelude::*;

use super::super::{each, tasks};
use crate::model::{Task, TaskStatus};

#[tokio::test]
async fn pages_by_key() {
    each(async |db| {
        let titles: Vec<String> = (0..25).map(|n| format!("t{n}")).collect();
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        tasks(db, &titles).await;
        // Many rows of equal votes, so that the second column of the key counts.
        Task::update()
            .set(Task::VOTES, 7)
            .filter(Task::VOTES.gt(5))
            .exec(db)
            .await
            .unwrap();
        let mut after = None;
        let mut seen = Vec::new();
        let mut pages = 0;
        loop {
            let page = Task::query()
                .filter(Task::TITLE.ne("t3"))
                .keyset((Task::VOTES.down(), Task::NUMBER.up()), after, 10)
                .fetch(db)
                .await
                .unwrap();
            pages += 1;
            seen.extend(
                page.rows
                    .iter()
                    .map(|task| (std::cmp::Reverse(task.votes), task.number.0)),
            );
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!((pages, seen.len()), (3, 24));
        assert!(seen.is_sorted());
        let exact = Task::query()
            .keyset((Task::NUMBER.up(),), None, 25)
            .fetch(db)
            .await
            .unwrap();
        assert_eq!((exact.rows.len(), exact.next), (25, None));
    })
    .await;
}

#[tokio::test]
async fn an_order_that_a_user_chooses() {
    each(async |db| {
        tasks(db, &["b", "a"]).await;
        let orders = || [("title", Task::TITLE.asc()), ("votes", Task::VOTES.desc())];
        let sorted = async |name: &str| {
            let order = chosen(name, orders())?;
            Task::query()
                .order_by((order, Task::ID))
                .select(Task::TITLE)
                .all(db)
                .await
        };
        assert_eq!(sorted("title").await.unwrap(), ["a", "b"]);
        assert_eq!(sorted("votes").await.unwrap(), ["a", "b"]);
        let error = sorted("title; DROP TABLE tasks").await.unwrap_err();
        assert_eq!(error.code(), "validation");
        assert!(error.to_string().contains("there are title, votes"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn sql_of_the_programs_own() {
    each(async |db| {
        tasks(db, &["a", "it's"]).await;
        let longer = |than: i64| fragment::<bool, _, _>("length({}) > {}", (Task::TITLE, val(than)));
        let rows = Task::query().filter(longer(1)).select(Task::TITLE);
        assert_eq!(rows.all(db).await.unwrap(), ["it's"]);
        let bound = fragment::<String, _, _>("replace({}, {}, 'x')", (Task::TITLE, val("'s".to_owned())));
        let rows = Task::query().filter(longer(1).is_true()).select(bound);
        assert_eq!(rows.all(db).await.unwrap(), ["itx"]);
        fn open<S>(query: Query<Task, S>) -> Query<Task, S>
        where
            Task: kickdb::query::ValidIn<S, kickdb::query::Here>,
        {
            query.filter(Task::STATUS.ne(TaskStatus::Done))
        }
        assert_eq!(Task::query().apply(open).count(db).await.unwrap(), 2);
    })
    .await;
}
