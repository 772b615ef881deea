//! Windows, aggregates, sets of rows, and which rows are read.

use kickdb::Error;
use kickdb::prelude::*;
use kickdb_testdb::Engine;

use super::super::{each, each_with, task, tasks};
use crate::model::{Label, Task, TaskStatus};

#[tokio::test]
async fn windows() {
    each(async |db| {
        let (project, _) = tasks(db, &["a", "b", "c"]).await;
        let twin = Task {
            votes: 3,
            id: uuid::Uuid::new_v4(),
            ..task(&project, 4, "d")
        };
        Task::insert_row(&twin).exec(db).await.unwrap();
        let by_votes = || window().partition_by(Task::PROJECT_ID).order_by(Task::VOTES);
        let rows: Vec<(String, i64, i64, i64, Option<i32>)> = Task::query()
            .order_by(Task::NUMBER)
            .select((
                Task::TITLE,
                row_number().over(window().order_by(Task::NUMBER.desc())),
                rank().over(by_votes()),
                dense_rank().over(by_votes()),
                lag(Task::VOTES, 1).over(window().order_by(Task::NUMBER)),
            ))
            .all(db)
            .await
            .unwrap();
        assert_eq!(
            rows,
            [
                ("a".into(), 4, 1, 1, None),
                ("b".into(), 3, 2, 2, Some(1)),
                ("c".into(), 2, 3, 3, Some(2)),
                ("d".into(), 1, 3, 3, Some(3)),
            ]
        );
        let running: Vec<(i64, Option<i64>, Option<f64>, Option<String>)> = Task::query()
            .order_by(Task::NUMBER)
            .select((
                count_all().over(window()),
                sum(Task::VOTES).over(window().order_by(Task::NUMBER).rows(Bound::Before(1), Bound::Current)),
                avg(Task::VOTES).over(window().order_by(Task::NUMBER)),
                last_value(Task::TITLE).over(window().order_by(Task::NUMBER).rows(Bound::Start, Bound::End)),
            ))
            .all(db)
            .await
            .unwrap();
        let sums: Vec<_> = running.iter().map(|row| (row.0, row.1)).collect();
        assert_eq!(sums, [(4, Some(1)), (4, Some(3)), (4, Some(5)), (4, Some(6))]);
        assert_eq!(running[1].2, Some(1.5));
        assert_eq!(running[0].3.as_deref(), Some("d"));
    })
    .await;
}

#[tokio::test]
async fn aggregates() {
    each_with(async |db, database| {
        tasks(db, &["a", "b", "c"]).await;
        let row = Task::query()
            .select((
                avg(Task::VOTES),
                count_all().only(Task::VOTES.gt(1)),
                sum(Task::VOTES).only(Task::TITLE.ne("a")),
                max(Task::VOTES).only(Task::TITLE.eq("none")),
                list_of(Task::VOTES),
            ))
            .one(db)
            .await
            .unwrap();
        assert_eq!((row.0, row.1, row.2, row.3), (Some(2.0), 2, Some(5), None));
        let mut list = row.4.unwrap();
        list.sort_unstable();
        assert_eq!(list, [1, 2, 3]);
        let joined = Task::query().select(text_of(Task::TITLE, "; '"));
        match database.engine() {
            Engine::Mysql => assert_eq!(joined.one(db).await.unwrap_err().code(), "unsupported_by_dialect"),
            _ => assert_eq!(joined.one(db).await.unwrap().unwrap().len(), "a; 'b; 'c".len()),
        }
    })
    .await;
}

#[tokio::test]
async fn sets_of_rows() {
    each(async |db| {
        tasks(db, &["a", "b", "c"]).await;
        let titles = |low: i32, high: i32| Task::query().filter(Task::VOTES.between(low, high)).select(Task::TITLE);
        let all = async |query: Query<String, _>| query.order_by_nth(1).all(db).await.unwrap();
        assert_eq!(all(titles(1, 2).union(titles(2, 3))).await, ["a", "b", "c"]);
        assert_eq!(all(titles(1, 2).union_all(titles(2, 3))).await, ["a", "b", "b", "c"]);
        assert_eq!(all(titles(1, 2).intersect(titles(2, 3))).await, ["b"]);
        assert_eq!(all(titles(1, 3).except(titles(2, 2))).await, ["a", "c"]);
        assert_eq!(all(titles(1, 1).union(titles(2, 2)).except(titles(1, 1))).await, ["b"]);
        let cut = titles(1, 3).order_by(Task::VOTES.desc()).limit(1);
        let both = cut.union_all(Label::query().select(Label::NAME));
        assert_eq!(both.clone().order_by_nth_desc(1).limit(5).all(db).await.unwrap(), ["c"]);
        assert_eq!(both.count(db).await.unwrap(), 1);
        assert!(titles(1, 1).union(titles(9, 9)).exists(db).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn the_first_of_each() {
    each_with(async |db, database| {
        tasks(db, &["a", "b"]).await;
        let query = Task::query()
            .distinct_on(Task::PROJECT_ID)
            .order_by((Task::PROJECT_ID, Task::VOTES.desc()))
            .select(Task::TITLE);
        match database.engine() {
            Engine::Postgres => assert_eq!(query.all(db).await.unwrap(), ["b"]),
            _ => {
                let error = query.all(db).await.unwrap_err();
                assert_eq!(error.code(), "unsupported_by_dialect");
                assert!(error.to_string().contains("row_number()"), "{error}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn locks() {
    each_with(async |db, database| {
        tasks(db, &["a", "b"]).await;
        let next = || Task::query().order_by(Task::ID).limit(1).for_update().skip_locked();
        if database.engine() == Engine::Sqlite {
            for query in [next(), Task::query().for_share()] {
                assert_eq!(query.all(db).await.unwrap_err().code(), "unsupported_by_dialect");
            }
            return;
        }
        let mut first = db.begin().await.unwrap();
        let taken = next().one(&mut first).await.unwrap();
        let mut second = db.begin().await.unwrap();
        let other = next().one(&mut second).await.unwrap();
        assert_eq!((taken.title.as_str(), other.title.as_str()), ("a", "b"));
        let refused = Task::query().filter(Task::ID.eq(taken.id)).for_update().nowait();
        assert!(matches!(
            refused.one(&mut second).await.unwrap_err(),
            Error::Query { .. }
        ));
        drop(second);
        first.commit().await.unwrap();
        assert_eq!(Task::query().for_share().all(db).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn groups_by_what_is_computed_with_a_value() {
    each(async |db| {
        tasks(db, &["a", "b", "c"]).await;
        let odd = || Task::VOTES.remainder(2);
        let groups: Vec<(i64, TaskStatus, Option<i32>)> = Task::query()
            .filter(Task::VOTES.lt(2).or(Task::VOTES.gt(2)).or(Task::VOTES.eq(2)))
            .group_by((Task::STATUS, odd()))
            .order_by(odd())
            .select((count_all(), Task::STATUS, odd()))
            .all(db)
            .await
            .unwrap();
        assert_eq!(groups, [(1, TaskStatus::Todo, Some(0)), (2, TaskStatus::Todo, Some(1))]);
        // A part of another query, with an equal key of its own.
        let sizes = Task::query().group_by(odd()).select((count_all(), odd()));
        assert_eq!(sizes.count(db).await.unwrap(), 2);
        let having = |condition: Condition<Task>| Task::query().group_by(odd()).having(condition);
        let kept = having(odd().eq(1)).select((odd(), max(Task::TITLE)));
        assert_eq!(kept.all(db).await.unwrap(), [(Some(1), Some("c".into()))]);
        // A key inside of more, and one that is not read; a key inside of an aggregate is a value of each row.
        let one = having(odd().plus(1).eq(1) | odd().is_null()).select(count_all());
        assert_eq!(one.clone().all(db).await.unwrap(), [1]);
        assert_eq!(one.count(db).await.unwrap(), 1);
        let both = Task::query()
            .group_by(odd())
            .having(sum(Task::VOTES.remainder(2)).ge(0).and(odd().in_([0, 1])))
            .order_by(odd().desc())
            .select((sum(odd()), count_all()));
        assert_eq!(both.all(db).await.unwrap(), [(Some(2), 2), (Some(0), 1)]);
        let lengths = Task::query()
            .group_by(case(Task::VOTES.gt(2), "many").otherwise("few"))
            .select((case(Task::VOTES.gt(2), "many").otherwise("few"), sum(Task::VOTES)));
        let mut lengths = lengths.all(db).await.unwrap();
        lengths.sort();
        assert_eq!(lengths, [("few".to_owned(), Some(3)), ("many".to_owned(), Some(3))]);
    })
    .await;
}
