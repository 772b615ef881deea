//! What each construct of the language gives, on each engine that has it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use kickdb::Error;
use kickdb::prelude::*;
use kickdb_testdb::Engine;
use serde_json::json;

use super::values::sample;
use super::{each, each_with, project, task, tasks};
use crate::model::{Label, Project, Sample, Task, TaskMeta, TaskStatus, User};

kickdb::alias!(pub(super) Parent of Task);

#[derive(Debug, Clone, PartialEq, Derived)]
pub(super) struct Load {
    pub project_id: uuid::Uuid,
    pub open: i64,
}

#[derive(Debug, Clone, PartialEq, Derived)]
pub(super) struct Tree {
    pub id: uuid::Uuid,
    pub depth: i64,
}

#[tokio::test]
async fn texts() {
    each(async |db| {
        let text = "  Ada LOVELACE ";
        let (_, all) = tasks(db, &[text, "100%"]).await;
        let row = Task::query().filter(Task::ID.eq(all[0].id));
        let (lower, upper, length) = row
            .clone()
            .select((Task::TITLE.lower(), Task::TITLE.upper(), Task::TITLE.char_length()))
            .one(db)
            .await
            .unwrap();
        assert_eq!(
            (lower.as_str(), upper.as_str(), length),
            ("  ada lovelace ", "  ADA LOVELACE ", 15)
        );
        let trimmed = row
            .clone()
            .select((
                Task::TITLE.trimmed(),
                Task::TITLE.trimmed_start(),
                Task::TITLE.trimmed_end(),
            ))
            .one(db)
            .await
            .unwrap();
        assert_eq!(
            trimmed,
            ("Ada LOVELACE".into(), "Ada LOVELACE ".into(), "  Ada LOVELACE".into())
        );
        let parts = row
            .clone()
            .select((
                Task::TITLE.trimmed().concat("!").concat(Task::TYPE),
                Task::TITLE.substring(3, 3),
                Task::TITLE.replaced("LOVE", "{0} ?"),
                Task::TITLE.position("LOVE"),
                Task::TITLE.position("love"),
            ))
            .one(db)
            .await
            .unwrap();
        assert_eq!(
            parts,
            (
                "Ada LOVELACE!task".into(),
                "Ada".into(),
                "  Ada {0} ?LACE ".into(),
                7,
                0
            )
        );
        // A part of a text that may be NULL may be NULL.
        let none: Option<i64> = Task::query()
            .left_join(Parent, Task::PARENT_ID.eq(Task::ID.of(Parent)))
            .filter(Task::ID.eq(all[0].id))
            .select(Task::TITLE.of(Parent).char_length())
            .one(db)
            .await
            .unwrap();
        assert_eq!(none, None);
    })
    .await;
}

#[tokio::test]
async fn numbers() {
    each(async |db| {
        let mut row = sample(1);
        (row.double, row.big, row.small, row.maybe) = (-2.5, -7, 3, None);
        Sample::insert_row(&row).exec(db).await.unwrap();
        let query = Sample::query();
        let (abs, negated, floor, ceil) = query
            .clone()
            .select((
                Sample::DOUBLE.abs(),
                Sample::BIG.negated(),
                Sample::DOUBLE.floor(),
                Sample::DOUBLE.ceil(),
            ))
            .one(db)
            .await
            .unwrap();
        assert_eq!((abs, negated, floor, ceil), (2.5, 7, -3.0, -2.0));
        let (whole, remainder, zero, nothing, half) = query
            .clone()
            .select((
                Sample::BIG.divided_by(2),
                Sample::BIG.remainder(4),
                Sample::BIG.divided_by(0),
                Sample::MAYBE.plus(1.0),
                Sample::DOUBLE.divided_by(-0.5),
            ))
            .one(db)
            .await
            .unwrap();
        assert_eq!(
            (whole, remainder, zero, nothing, half),
            (Some(-3), Some(-3), None, None, Some(5.0))
        );
        let (number, text, short) = query
            .select((
                Sample::BIG.cast::<String>(),
                val("12".to_owned()).cast::<i64>(),
                Sample::BIG.cast::<f64>(),
            ))
            .one(db)
            .await
            .unwrap();
        assert_eq!((number.as_str(), text, short), ("-7", 12, -7.0));
    })
    .await;
}

#[tokio::test]
async fn dates_and_times() {
    each_with(async |db, database| {
        let instant: DateTime<Utc> = "2026-04-27T15:30:12.500Z".parse().unwrap();
        let mut row = sample(1);
        (row.instant, row.wall, row.day) = (instant, instant.naive_utc(), instant.date_naive());
        Sample::insert_row(&row).exec(db).await.unwrap();
        let zone = matches!(database.engine(), Engine::Postgres);
        let mut tx = db.begin().await.unwrap();
        if zone {
            // What a part of an instant is must not depend on the session.
            fragment_of_a_session(&mut tx).await;
        }
        let (year, month, day, weekday, hour, minute, second) = Sample::query()
            .select((
                Sample::INSTANT.year(),
                Sample::INSTANT.month(),
                Sample::DAY.day(),
                Sample::DAY.weekday(),
                Sample::INSTANT.hour(),
                Sample::WALL.minute(),
                Sample::INSTANT.second(),
            ))
            .one(&mut tx)
            .await
            .unwrap();
        assert_eq!((year, month, day, weekday), (2026, 4, 27, 1));
        assert_eq!((hour, minute, second), (15, 30, 12));
        let starts = Sample::query()
            .select((
                Sample::INSTANT.start_of_year(),
                Sample::INSTANT.start_of_month(),
                Sample::INSTANT.start_of_day(),
                Sample::WALL.start_of_hour(),
                Sample::INSTANT.date(),
            ))
            .one(&mut tx)
            .await
            .unwrap();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(starts.0, at("2026-01-01T00:00:00Z"));
        assert_eq!(starts.1, at("2026-04-01T00:00:00Z"));
        assert_eq!(starts.2, at("2026-04-27T00:00:00Z"));
        assert_eq!(starts.3, at("2026-04-27T15:00:00Z").naive_utc());
        assert_eq!(starts.4, row.day);
        let day = Duration::from_secs(86_400);
        let (later, earlier, since) = Sample::query()
            .select((
                Sample::INSTANT.later(day),
                Sample::WALL.earlier(Duration::from_millis(1_500)),
                Sample::INSTANT.seconds_since(at("2026-04-27T15:30:00Z")),
            ))
            .one(&mut tx)
            .await
            .unwrap();
        assert_eq!(later, at("2026-04-28T15:30:12.5Z"));
        assert_eq!(earlier, at("2026-04-27T15:30:11Z").naive_utc());
        assert!((since - 12.5).abs() < 0.001, "{since}");
        // What was computed is found by its value.
        let same = Sample::query().filter(Sample::INSTANT.start_of_month().eq(at("2026-04-01T00:00:00Z")));
        assert_eq!(same.count(&mut tx).await.unwrap(), 1);
        let soon = Sample::query().filter(Sample::INSTANT.later(day).gt(at("2026-04-28T00:00:00Z")));
        assert_eq!(soon.count(&mut tx).await.unwrap(), 1);
    })
    .await;
}

async fn fragment_of_a_session(tx: &mut Transaction) {
    let zone = fragment::<String, _, _>("set_config('TimeZone', {}, true)", val("Pacific/Auckland".to_owned()));
    Sample::query().select(zone).first(tx).await.unwrap();
}

#[tokio::test]
async fn json_documents() {
    each_with(async |db, database| {
        let mut row = sample(1);
        row.document = json!({"a": {"b\"c": [1, "two", null, true]}, "n": null, "7": "seven", "x'y": 1.5});
        Sample::insert_row(&row).exec(db).await.unwrap();
        let path = || JsonPath::from(["a", "b\"c"]);
        let quoted = Sample::query()
            .select((
                Sample::DOCUMENT.json_text(path().at(0)),
                Sample::DOCUMENT.json_text(path().at(1)),
                Sample::DOCUMENT.json_text(path().at(3)),
            ))
            .one(db)
            .await
            .unwrap();
        assert_eq!(quoted, (Some("1".into()), Some("two".into()), Some("true".into())));
        let others = Sample::query()
            .select((
                Sample::DOCUMENT.json_text("7"),
                Sample::DOCUMENT.json_text("x'y"),
                Sample::DOCUMENT.json_text("n"),
                Sample::DOCUMENT.json_text("none"),
                Sample::DOCUMENT.json_part(path().at(1)),
                Sample::DOCUMENT.json_part("none"),
            ))
            .one(db)
            .await
            .unwrap();
        assert_eq!(others.0.as_deref(), Some("seven"));
        assert_eq!(others.1.as_deref(), Some("1.5"));
        assert_eq!((others.2, others.3), (None, None));
        assert_eq!((others.4, others.5), (Some(json!("two")), None));
        let has = async |condition| Sample::query().filter(condition).count(db).await.unwrap() == 1;
        assert!(has(Sample::DOCUMENT.json_has("n")).await);
        assert!(!has(Sample::DOCUMENT.json_has("none")).await);
        assert!(!has(Sample::DOCUMENT.json_has(path().at(9))).await);
        assert!(has(Sample::DOCUMENT.json_text("7").eq("seven")).await);
        assert!(has(Sample::DOCUMENT.json_text(path().at(0)).cast::<i64>().gt(0)).await);
        let contains = Sample::query().filter(Sample::DOCUMENT.json_contains(json!({"7": "seven"})));
        match database.engine() {
            Engine::Sqlite => assert_eq!(contains.count(db).await.unwrap_err().code(), "unsupported_by_dialect"),
            _ => assert_eq!(contains.count(db).await.unwrap(), 1),
        }
    })
    .await;
}

#[tokio::test]
async fn lists() {
    each(async |db| {
        let mut row = sample(1);
        (row.numbers, row.words) = (vec![1, 2, i64::MAX], vec!["a".into(), "b\"c".into()]);
        Sample::insert_row(&row).exec(db).await.unwrap();
        let found = async |condition| Sample::query().filter(condition).count(db).await.unwrap() == 1;
        assert!(found(Sample::NUMBERS.has(i64::MAX)).await);
        assert!(!found(Sample::NUMBERS.has(3)).await);
        assert!(found(Sample::WORDS.has("b\"c")).await);
        assert!(found(Sample::NUMBERS.has_all(vec![2, 1])).await);
        assert!(!found(Sample::NUMBERS.has_all(vec![2, 3])).await);
        assert!(found(Sample::WORDS.overlaps(vec!["z".to_owned(), "a".to_owned()])).await);
        assert!(!found(Sample::WORDS.overlaps(vec!["z".to_owned()])).await);
        let length = Sample::query()
            .select(Sample::NUMBERS.list_length())
            .one(db)
            .await
            .unwrap();
        assert_eq!(length, 3);
    })
    .await;
}

#[tokio::test]
async fn choices() {
    each(async |db| {
        tasks(db, &["a", "b", "c"]).await;
        let heat = case(Task::VOTES.gt(2), "hot")
            .when(Task::VOTES.gt(1), Task::TITLE)
            .otherwise("cold");
        let rows: Vec<(String, Option<i32>, Option<String>)> = Task::query()
            .order_by(Task::NUMBER)
            .select((
                heat,
                case(Task::VOTES.eq(1), Task::VOTES).or_null(),
                null_if(Task::TITLE, "a"),
            ))
            .all(db)
            .await
            .unwrap();
        assert_eq!(
            rows,
            [
                ("cold".into(), Some(1), None),
                ("b".into(), None, Some("b".into())),
                ("hot".into(), None, Some("c".into())),
            ]
        );
        // What fills in for NULL is no `Option` any more, also behind a left join.
        let parents: Vec<(String, Option<bool>)> = Task::query()
            .left_join(Parent, Task::PARENT_ID.eq(Task::ID.of(Parent)))
            .limit(1)
            .select((
                coalesce(Task::TITLE.of(Parent), "none"),
                Task::VOTES.of(Parent).gt(1).into_bool(),
            ))
            .all(db)
            .await
            .unwrap();
        assert_eq!(parents, [("none".into(), None)]);
    })
    .await;
}

/// A project with two tasks, the second below the first, and a project without any.
async fn family(db: &Db) -> (Project, Project, Vec<Task>) {
    let (first, mut all) = tasks(db, &["top", "below"]).await;
    let second = project(db, "empty").await;
    Task::update()
        .set(Task::PARENT_ID, all[0].id)
        .filter(Task::ID.eq(all[1].id))
        .exec(db)
        .await
        .unwrap();
    all[1].parent_id = Some(all[0].id);
    (first, second, all)
}

#[tokio::test]
async fn outer_joins() {
    each_with(async |db, database| {
        let (first, second, _) = family(db).await;
        let right: Vec<(Option<String>, String)> = Task::query()
            .right_join(Project, Task::PROJECT_ID.eq(Project::ID))
            .order_by((Project::NAME, Task::TITLE))
            .select((Task::TITLE, Project::NAME))
            .all(db)
            .await
            .unwrap();
        assert_eq!(
            right,
            [
                (None, second.name.clone()),
                (Some("below".into()), first.name.clone()),
                (Some("top".into()), first.name.clone()),
            ]
        );
        // Without `select`, the first table's rows are optional.
        let rows: Vec<Option<Task>> = Task::query()
            .right_join(Project, Task::PROJECT_ID.eq(Project::ID))
            .filter(Project::NAME.eq("empty"))
            .all(db)
            .await
            .unwrap();
        assert_eq!(rows, [None]);
        let full = Task::query()
            .full_join(Project, Task::PROJECT_ID.eq(Project::ID).and(Task::TITLE.eq("top")))
            .select((Task, Project));
        match database.engine() {
            Engine::Mysql => {
                let error = full.all(db).await.unwrap_err();
                assert_eq!(error.code(), "unsupported_by_dialect");
                assert!(error.to_string().contains("union_all"), "{error}");
            }
            _ => {
                let rows: Vec<(Option<Task>, Option<Project>)> = full.all(db).await.unwrap();
                let shape: std::collections::BTreeSet<_> = rows
                    .iter()
                    .map(|(task, project)| {
                        (
                            task.as_ref().map(|task| task.title.as_str()),
                            project.as_ref().map(|project| project.name.as_str()),
                        )
                    })
                    .collect();
                let expected = [
                    (None, Some("empty")),
                    (Some("below"), None),
                    (Some("top"), Some("kickdb")),
                ];
                assert_eq!(shape, expected.into_iter().collect());
            }
        }
        let pairs = Task::query().cross_join(Project).count(db).await.unwrap();
        assert_eq!(pairs, 4);
    })
    .await;
}

#[tokio::test]
async fn a_table_twice() {
    each(async |db| {
        family(db).await;
        let rows: Vec<(String, Option<String>, Option<Parent>)> = Task::query()
            .left_join(Parent, Task::PARENT_ID.eq(Task::ID.of(Parent)))
            .order_by(Task::NUMBER)
            .select((Task::TITLE, Task::TITLE.of(Parent), Parent))
            .all(db)
            .await
            .unwrap();
        assert_eq!(rows[0].1, None);
        assert_eq!(rows[1].1.as_deref(), Some("top"));
        assert_eq!(rows[1].2.as_ref().map(|parent| parent.row.title.as_str()), Some("top"));
        let parents = Parent::query()
            .filter(Task::TITLE.of(Parent).eq("top"))
            .all(db)
            .await
            .unwrap();
        assert_eq!(parents.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn subqueries() {
    each(async |db| {
        let (first, _, _) = family(db).await;
        let with_tasks = Project::query()
            .filter(Project::ID.in_query(Task::query().select(Task::PROJECT_ID)))
            .select(Project::NAME);
        assert_eq!(with_tasks.all(db).await.unwrap(), [first.name.as_str()]);
        let without = Project::query()
            .filter(Project::ID.not_in_query(Task::query().select(Task::PROJECT_ID)))
            .select(Project::NAME);
        assert_eq!(without.all(db).await.unwrap(), ["empty"]);
        let own = || Task::query().outer(Project).filter(Task::PROJECT_ID.eq(Project::ID));
        let there = Project::query().filter(exists(own())).select(Project::NAME);
        assert_eq!(there.all(db).await.unwrap(), [first.name.as_str()]);
        let none = Project::query().filter(not_exists(own())).select(Project::NAME);
        assert_eq!(none.all(db).await.unwrap(), ["empty"]);
        let counts: Vec<(String, Option<i64>, Option<i32>)> = Project::query()
            .order_by(Project::NAME)
            .select((
                Project::NAME,
                own().select(count_all()).scalar(),
                own().order_by(Task::VOTES.desc()).limit(1).select(Task::VOTES).scalar(),
            ))
            .all(db)
            .await
            .unwrap();
        assert_eq!(
            counts,
            [("empty".into(), Some(0), None), (first.name.clone(), Some(2), Some(2))]
        );
        // In an update and a delete, too.
        let closed = Task::update()
            .set(Task::STATUS, TaskStatus::Done)
            .filter(Task::PROJECT_ID.in_query(Project::query().filter(Project::NAME.eq("kickdb")).select(Project::ID)));
        assert_eq!(closed.exec(db).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn derived_tables() {
    each_with(async |db, database| {
        let (first, _, all) = family(db).await;
        let load = || {
            Task::query()
                .filter(Task::STATUS.ne(TaskStatus::Done))
                .group_by(Task::PROJECT_ID)
                .select((Task::PROJECT_ID, count_all()))
        };
        let rows: Vec<Load> = Load::of(load()).filter(Load::OPEN.gt(1)).all(db).await.unwrap();
        assert_eq!(
            rows,
            [Load {
                project_id: first.id,
                open: 2
            }]
        );
        let named: Vec<(String, Option<i64>)> = Project::query()
            .define(Load, load())
            .left_join(Load, Load::PROJECT_ID.eq(Project::ID))
            .order_by(Project::NAME)
            .select((Project::NAME, Load::OPEN))
            .all(db)
            .await
            .unwrap();
        assert_eq!(named, [("empty".into(), None), (first.name.clone(), Some(2))]);
        let top = Task::query()
            .filter(Task::PARENT_ID.is_null())
            .select((Task::ID, val(0i64)));
        let below = Tree::query()
            .join(Task, Task::PARENT_ID.eq(Tree::ID))
            .select((Task::ID, Tree::DEPTH.plus(1)));
        let depths: Vec<(String, i64)> = Tree::query()
            .define_recursive(Tree, top, below)
            .join(Task, Task::ID.eq(Tree::ID))
            .order_by(Tree::DEPTH)
            .select((Task::TITLE, Tree::DEPTH))
            .all(db)
            .await
            .unwrap();
        assert_eq!(depths, [("top".into(), 0), ("below".into(), 1)]);
        let best = Task::query()
            .outer(Project)
            .filter(Task::PROJECT_ID.eq(Project::ID))
            .order_by(Task::VOTES.desc())
            .limit(1)
            .select((Task::ID, val(7i64)));
        let lateral = Project::query()
            .left_join_lateral(Tree, best)
            .order_by(Project::NAME)
            .select((Project::NAME, Tree::ID));
        match database.engine() {
            Engine::Postgres => {
                let rows: Vec<(String, Option<uuid::Uuid>)> = lateral.all(db).await.unwrap();
                assert_eq!(rows, [("empty".into(), None), (first.name.clone(), Some(all[1].id))]);
            }
            _ => assert_eq!(lateral.all(db).await.unwrap_err().code(), "unsupported_by_dialect"),
        }
    })
    .await;
}

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
        let groups: Vec<(i64, TaskStatus, Option<i32>)> = Task::query()
            .group_by((Task::STATUS, Task::VOTES.remainder(2)))
            .having(count_all().gt(1))
            .select((count_all(), Task::STATUS, Task::VOTES.remainder(2)))
            .all(db)
            .await
            .unwrap_or_default();
        // PostgreSQL and MySQL cannot see that two placeholders hold the same value, see the documentation.
        if matches!(database.engine(), Engine::Sqlite) {
            assert_eq!(groups, [(2, TaskStatus::Todo, Some(1))]);
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

#[tokio::test]
async fn words_are_searched_for() {
    each_with(async |db, database| {
        tasks(db, &["the quick brown fox", "a lazy dog"]).await;
        let found = || {
            Task::query()
                .filter(Task::TITLE.search("brown fox"))
                .select(Task::NUMBER)
        };
        match database.engine() {
            Engine::Postgres => assert_eq!(found().all(db).await.unwrap().len(), 1),
            Engine::Mysql => {
                let mut raw = kickdb_core::dialect::live::connect(database.url()).await.unwrap();
                raw.execute("ALTER TABLE tasks ADD FULLTEXT KEY words (title)")
                    .await
                    .unwrap();
                raw.close().await.unwrap();
                assert_eq!(found().all(db).await.unwrap().len(), 1);
            }
            // Without a table of FTS5 the engine says so.
            Engine::Sqlite => assert_eq!(found().all(db).await.unwrap_err().code(), "query"),
        }
    })
    .await;
}

#[tokio::test]
async fn values_of_an_expression_type() {
    each(async |db| {
        let user = super::user(db, "ada").await;
        let meta = Json(TaskMeta { color: "red".into() });
        let row = User::query()
            .select((val(true), val(1.5f64), val(meta.clone()), User::NAME))
            .one(db)
            .await
            .unwrap();
        assert_eq!(row, (true, 1.5, meta, user.name));
    })
    .await;
}
