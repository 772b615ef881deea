use kickdb::prelude::*;
use uuid::Uuid;

use super::{each, tasks};
use crate::model::{Task, TaskNumber, TaskStatus};

/// The titles that a condition finds, in order.
async fn titles(db: &Db, condition: Condition<Task>) -> Vec<String> {
    let query = Task::query().filter(condition).order_by(Task::NUMBER);
    query.select(Task::TITLE).all(db).await.unwrap()
}

#[tokio::test]
async fn comparisons() {
    each(async |db| {
        let (_, all) = tasks(db, &["a", "b", "c"]).await;
        assert_eq!(titles(db, Task::TITLE.eq("b")).await, ["b"]);
        assert_eq!(titles(db, Task::TITLE.ne(&all[1].title)).await, ["a", "c"]);
        assert_eq!(titles(db, Task::VOTES.lt(2)).await, ["a"]);
        assert_eq!(titles(db, Task::VOTES.le(2)).await, ["a", "b"]);
        assert_eq!(titles(db, Task::NUMBER.gt(TaskNumber(2))).await, ["c"]);
        assert_eq!(titles(db, Task::ID.ge(all[1].id)).await, ["b", "c"]);
        assert_eq!(titles(db, Task::STATUS.eq(TaskStatus::Todo)).await.len(), 3);
        assert_eq!(
            titles(db, Task::STATUS.in_([TaskStatus::Done, TaskStatus::InProgress]))
                .await
                .len(),
            0
        );
        assert_eq!(titles(db, Task::VOTES.between(2, 3)).await, ["b", "c"]);
        assert_eq!(titles(db, Task::TITLE.in_(["a", "c", "z"])).await, ["a", "c"]);
        assert_eq!(titles(db, Task::TITLE.not_in(["a", "c"])).await, ["b"]);
        assert_eq!(titles(db, Task::TITLE.in_(Vec::<String>::new())).await.len(), 0);
        assert_eq!(titles(db, Task::TITLE.not_in(Vec::<&str>::new())).await.len(), 3);
        assert_eq!(titles(db, Task::PARENT_ID.is_null()).await.len(), 3);
        assert_eq!(titles(db, Task::PARENT_ID.is_not_null()).await.len(), 0);
        assert_eq!(titles(db, Task::CREATED_AT.eq(all[0].created_at)).await.len(), 3);
        // A comparison may have more digits than the engine keeps.
        assert_eq!(titles(db, Task::CREATED_AT.lt(chrono::Utc::now())).await.len(), 3);
        assert_eq!(titles(db, Task::VOTES.eq(Task::WEIGHT).over()).await.len(), 0);
        assert_eq!(titles(db, Task::VOTES.times(2).eq(4)).await, ["b"]);
    })
    .await;
}

#[tokio::test]
async fn conditions_combine() {
    each(async |db| {
        tasks(db, &["a", "b", "c", "d"]).await;
        let (a, b) = (|| Task::TITLE.eq("a"), || Task::TITLE.eq("b"));
        assert_eq!(titles(db, a() | b()).await, ["a", "b"]);
        assert_eq!(titles(db, (a() | b()) & Task::VOTES.gt(1)).await, ["b"]);
        assert_eq!(titles(db, a() | (b() & Task::VOTES.gt(5))).await, ["a"]);
        assert_eq!(titles(db, !(a() | b())).await, ["c", "d"]);
        assert_eq!(titles(db, a().or(b()).and(Task::VOTES.lt(2)).over()).await, ["a"]);
        assert_eq!(titles(db, not(a()) & not(b()) & Task::VOTES.ne(4)).await, ["c"]);
        assert_eq!(titles(db, any_of([a(), b()])).await, ["a", "b"]);
        assert_eq!(titles(db, any_of([])).await.len(), 0);
        assert_eq!(titles(db, all_of([])).await.len(), 4);

        let mut wanted = vec![Task::VOTES.ge(2)];
        wanted.extend(Some("d").map(|title| Task::TITLE.ne(title)));
        assert_eq!(titles(db, all_of(wanted)).await, ["b", "c"]);

        let nothing: Option<i32> = None;
        let query = Task::query()
            .filter(nothing.map(|votes| Task::VOTES.eq(votes)))
            .filter(Some(3).map(|votes| Task::VOTES.ge(votes)));
        assert_eq!(query.count(db).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn patterns_mean_the_same_everywhere() {
    each(async |db| {
        tasks(
            db,
            &[
                "100%",
                "100 percent",
                "a_b",
                "axb",
                r"back\slash",
                "[set]*?",
                "Größe",
                "ABC",
            ],
        )
        .await;
        assert_eq!(titles(db, Task::TITLE.contains("100%")).await, ["100%"]);
        assert_eq!(titles(db, Task::TITLE.contains("a_b")).await, ["a_b"]);
        assert_eq!(titles(db, Task::TITLE.contains(r"k\s")).await, [r"back\slash"]);
        assert_eq!(titles(db, Task::TITLE.starts_with("[set]*")).await, ["[set]*?"]);
        assert_eq!(titles(db, Task::TITLE.ends_with("?")).await, ["[set]*?"]);
        assert_eq!(titles(db, Task::TITLE.like("a_b")).await, ["a_b", "axb"]);
        assert_eq!(titles(db, Task::TITLE.like(r"a\_b")).await, ["a_b"]);
        assert_eq!(titles(db, Task::TITLE.like("100%")).await, ["100%", "100 percent"]);
        assert_eq!(titles(db, Task::TITLE.like(r"100\%")).await, ["100%"]);
        assert_eq!(titles(db, Task::TITLE.contains("größe")).await.len(), 0);
        assert_eq!(titles(db, Task::TITLE.contains("ABC")).await, ["ABC"]);
        assert_eq!(titles(db, Task::TITLE.contains("abc")).await.len(), 0);
        assert_eq!(titles(db, Task::TITLE.ilike("abc")).await, ["ABC"]);
        assert_eq!(titles(db, Task::TITLE.ilike(r"BACK\\S%")).await, [r"back\slash"]);
    })
    .await;
}

#[tokio::test]
async fn values_are_never_sql() {
    each(async |db| {
        let evil = "'; DROP TABLE tasks; --";
        tasks(db, &[evil, "$1", "?1", "{}"]).await;
        assert_eq!(titles(db, Task::TITLE.eq(evil)).await, [evil]);
        assert_eq!(titles(db, Task::TITLE.contains("'; DROP")).await, [evil]);
        assert_eq!(titles(db, Task::TITLE.in_(["$1", "?1"])).await.len(), 2);
        assert_eq!(Task::query().count(db).await.unwrap(), 4);
    })
    .await;
}

#[tokio::test]
async fn the_shapes_of_an_answer() {
    each(async |db| {
        let (_, all) = tasks(db, &["a", "b", "c"]).await;
        assert_eq!(Task::find(all[0].id).one(db).await.unwrap(), all[0]);
        assert_eq!(Task::find(Uuid::nil()).optional(db).await.unwrap(), None);
        let by_title = |title: &'static str| Task::query().filter(Task::TITLE.eq(title));
        assert_eq!(by_title("b").one(db).await.unwrap(), all[1]);
        assert_eq!(by_title("z").optional(db).await.unwrap(), None);
        assert_eq!(by_title("z").one(db).await.unwrap_err().code(), "not_found");
        assert!(
            Task::query()
                .one(db)
                .await
                .unwrap_err()
                .to_string()
                .contains("more than one row")
        );
        let newest = Task::query().order_by(Task::NUMBER.desc());
        assert_eq!(newest.clone().first(db).await.unwrap().unwrap().title, "c");
        assert_eq!(newest.clone().limit(2).all(db).await.unwrap().len(), 2);
        assert_eq!(newest.clone().offset(1).all(db).await.unwrap()[0].title, "b");
        assert_eq!(newest.clone().limit(2).offset(2).count(db).await.unwrap(), 1);
        assert!(by_title("a").exists(db).await.unwrap());
        assert!(!by_title("z").exists(db).await.unwrap());
        let distinct = Task::query().select(Task::STATUS).distinct();
        assert_eq!(distinct.clone().all(db).await.unwrap(), [TaskStatus::Todo]);
        assert_eq!(distinct.count(db).await.unwrap(), 1);
        let order = (Task::PARENT_ID.asc().nulls_last(), Task::TITLE.desc());
        assert_eq!(
            Task::query().order_by(order).first(db).await.unwrap().unwrap().title,
            "c"
        );
    })
    .await;
}
