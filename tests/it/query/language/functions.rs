//! Functions of texts, numbers, JSON, lists, and choices.

use kickdb::prelude::*;
use kickdb_testdb::Engine;
use serde_json::json;

use super::super::values::sample;
use super::super::{each, each_with, tasks, user};
use super::Parent;
use crate::model::{Label, Sample, Task, TaskMeta, User};

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

#[tokio::test]
async fn all_words_are_searched_for() {
    each_with(async |db, database| {
        let titles = [
            "the quick brown fox",
            "a lazy dog",
            "a quick dog of C++",
            "don't sit on the mat",
        ];
        tasks(db, &titles).await;
        let mut raw = kickdb_core::dialect::live::connect(database.url()).await.unwrap();
        let made: &[&str] = match database.engine() {
            Engine::Postgres => &[],
            Engine::Mysql => &["ALTER TABLE tasks ADD FULLTEXT KEY words (title)"],
            Engine::Sqlite => &[
                "DROP TABLE task_label",
                "DROP TABLE label",
                "CREATE VIRTUAL TABLE label USING fts5(id UNINDEXED, name)",
            ],
        };
        if database.engine() == Engine::Sqlite {
            // Without a table of FTS5 the engine says so.
            let found = Task::query().filter(Task::TITLE.search("fox")).count(db).await;
            assert_eq!(found.unwrap_err().code(), "query");
        }
        for sql in made {
            raw.execute(sql).await.unwrap();
        }
        raw.close().await.unwrap();
        let labels = (1..).zip(titles).map(|(id, name)| Label { id, name: name.into() });
        Label::insert_many(&labels.collect::<Vec<_>>()).exec(db).await.unwrap();
        let found = async |words: &str| -> Vec<i32> {
            if database.engine() == Engine::Sqlite {
                let labels = Label::query().filter(Label::NAME.search(words)).order_by(Label::ID);
                return labels.select(Label::ID).all(db).await.unwrap();
            }
            let tasks = Task::query().filter(Task::TITLE.search(words)).order_by(Task::NUMBER);
            let numbers = tasks.select(Task::NUMBER).all(db).await.unwrap();
            numbers.into_iter().map(|number| number.0).collect()
        };
        assert_eq!(found("fox").await, [1]);
        assert_eq!(found("fox brown").await, [1]);
        assert_eq!(found("quick").await, [1, 3]);
        assert_eq!(found("quick dog").await, [3]);
        assert_eq!(found("fox dog").await, [0; 0]);
        // What the engine leaves out of its index is not missed; FTS5 leaves nothing out.
        let both: &[i32] = if database.engine() == Engine::Sqlite {
            &[1]
        } else {
            &[1, 3]
        };
        assert_eq!(found("the quick").await, both);
        assert_eq!(
            found("x quick").await,
            if database.engine() == Engine::Mysql {
                &[1, 3][..]
            } else {
                &[]
            }
        );
        assert_eq!(found("don't sit").await, [4]);
        // No operator of any engine is one.
        for words in [
            "quick -dog",
            "+quick (dog",
            "quick dog*",
            "\"quick\" dog",
            "name: quick dog@2",
            "quick ~ <> dog",
        ] {
            let expected: &[i32] = if words.contains(':') { &[] } else { &[3] };
            assert_eq!(found(words).await, expected, "{words}");
        }
        for words in ["", " ", "\"", "+-*", "()", "++ :"] {
            assert_eq!(found(words).await, [0; 0], "{words:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn values_of_an_expression_type() {
    each(async |db| {
        let user = user(db, "ada").await;
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
