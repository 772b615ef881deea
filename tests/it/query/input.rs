//! What users and other programs put in: it is refused in words, or is a value like any other, and never SQL.

use futures_util::TryStreamExt as _;
use kickdb::Error;
use kickdb::prelude::*;
use kickdb_core::dialect::live;
use kickdb_testdb::Engine;
use serde_json::json;
use uuid::Uuid;

use super::values::sample;
use super::{each, each_with, label, tasks};
use crate::model::{Label, Sample, Task, TaskStatus};

/// Every character that means something somewhere, and what a fuzzer would try.
fn nasty() -> Vec<String> {
    let mut all: Vec<String> = [
        "'",
        "''",
        "\"",
        "`",
        "\\",
        "\\'",
        ";",
        "--",
        "#",
        "/*",
        "*/",
        "%",
        "_",
        "*",
        "?",
        "$1",
        ":a",
        "@x",
        "{0}",
        "{}",
        "[a]",
        "(",
        ")",
        "\n",
        "\r",
        "\t",
        "\u{1a}",
        "\u{7f}",
        "\u{202e}",
        "\u{feff}",
        "é",
        "日本",
        "🦀",
        "' OR '1'='1",
        "'); DROP TABLE label; --",
        "\"; DROP TABLE label; --",
        "`; DROP TABLE label; --",
        "\\\"; DROP TABLE label; --",
        "$tag$",
        "E'\\''",
        "0x27",
        "x' || 'y",
        "null",
        "",
        " ",
        "a\u{300}",
    ]
    .map(str::to_owned)
    .to_vec();
    // Bytes of a linear congruential generator, as the characters that they are.
    let mut state = 42u64;
    for _ in 0..40 {
        let text = (0..12).map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            char::from(u8::try_from(state >> 57).unwrap_or(1).max(1))
        });
        all.push(text.collect());
    }
    all
}

#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "searched", unmanaged, reason = "a table of FTS5, made by the test")]
struct Searched {
    #[column(primary_key, name = "rowid")]
    id: i64,
    body: String,
}

async fn sought(db: &Db, text: &str) {
    Searched::query()
        .filter(Searched::BODY.search(text))
        .count(db)
        .await
        .unwrap();
}

#[tokio::test]
async fn no_value_ever_becomes_sql() {
    each_with(async |db, database| {
        let mut row = sample(1);
        let (project, _) = tasks(db, &["t"]).await;
        let searched = match database.engine() {
            Engine::Postgres => None,
            Engine::Mysql => Some("ALTER TABLE tasks ADD FULLTEXT KEY words (title)"),
            Engine::Sqlite => Some("CREATE VIRTUAL TABLE searched USING fts5(body)"),
        };
        if let Some(sql) = searched {
            let mut raw = live::connect(database.url()).await.unwrap();
            raw.execute(sql).await.unwrap();
            raw.close().await.unwrap();
        }
        for (at, text) in nasty().into_iter().enumerate() {
            // As a row, and found again by its value, in each place where a text can stand.
            row.id = 100 + i32::try_from(at).unwrap();
            row.text = text.clone();
            row.words = vec![text.clone(), "other".into()];
            row.document = json!({ text.clone(): { "in": text.clone() } });
            Sample::insert_row(&row).exec(db).await.unwrap();
            let one = || Sample::query().filter(Sample::ID.eq(row.id));
            assert_eq!(one().one(db).await.unwrap(), row);
            let conditions = [
                Sample::TEXT.eq(&text),
                Sample::TEXT.in_([text.as_str(), "other"]),
                Sample::TEXT.contains(&text),
                Sample::TEXT.starts_with(&text),
                Sample::TEXT.ends_with(&text),
                Sample::TEXT.between(text.clone(), text.clone()),
                Sample::WORDS.has(&text),
                Sample::WORDS.has_all(vec![text.clone()]),
                Sample::WORDS.overlaps(vec![text.clone()]),
                Sample::TEXT
                    .in_query(Sample::query().filter(Sample::TEXT.eq(&text)).select(Sample::TEXT))
                    .over(),
                case(Sample::TEXT.eq(&text), &*text).or_null().eq(&text).over(),
                fragment::<bool, _, _>("{} = {}", (Sample::TEXT, val(text.clone())))
                    .is_true()
                    .over(),
            ];
            for (number, condition) in conditions.into_iter().enumerate() {
                let found = one().filter(condition).count(db).await.unwrap();
                assert_eq!(found, 1, "{text:?}, condition {number}");
            }
            let (whole, quoted, inside) = one()
                .select((
                    Sample::TEXT.concat(text.as_str()),
                    coalesce(null_if(Sample::TEXT, text.as_str()), text.as_str()),
                    Sample::DOCUMENT.json_text([text.as_str(), "in"]),
                ))
                .one(db)
                .await
                .unwrap();
            assert_eq!((whole, quoted), (format!("{text}{text}"), text.clone()));
            // SQLite does not read the escapes of a key in a path, and MariaDB does not find each key that a path quotes (10.11:
            // none of `--`). Both then find nothing.
            let escaped = text.contains(['"', '\\']) || text.chars().any(char::is_control) || text.is_empty();
            match database.engine() {
                Engine::Mysql => assert!(inside.is_none() || inside == Some(text.clone())),
                Engine::Sqlite if escaped => assert!(inside.is_none() || inside == Some(text.clone())),
                _ => assert_eq!(inside, Some(text.clone()), "{text:?}"),
            }
            // As what is written, sought, or chosen.
            let changed = Task::update()
                .set(Task::TITLE, format!("{text}!"))
                .filter(Task::PROJECT_ID.eq(project.id))
                .returning(db)
                .await
                .unwrap();
            assert_eq!(changed[0].title, format!("{text}!"));
            assert_eq!(
                chosen(&text, [("id", Task::ID.asc())]).unwrap_err().code(),
                "validation"
            );
            match database.engine() {
                // In a table of its own: only those of FTS5 are searched.
                Engine::Sqlite => sought(db, &text).await,
                _ => drop(Task::query().filter(Task::TITLE.search(&text)).count(db).await.unwrap()),
            }
            let replaced = one().select(Sample::TEXT.replaced(&text, "-")).one(db).await.unwrap();
            assert!(text.is_empty() || replaced == "-", "{replaced:?}");
        }
        // All tables are there.
        assert_eq!(Label::query().count(db).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn lists_of_any_length() {
    each(async |db| {
        let red = label(db, "red").await;
        label(db, "blue").await;
        let none: [i32; 0] = [];
        assert_eq!(Label::query().filter(Label::ID.in_(none)).count(db).await.unwrap(), 0);
        assert_eq!(
            Label::query().filter(Label::ID.not_in(none)).count(db).await.unwrap(),
            2
        );
        let many = || (0..100_000).map(|n| n * 1_000 + red.id);
        assert_eq!(Label::query().filter(Label::ID.in_(many())).count(db).await.unwrap(), 1);
        assert_eq!(
            Label::query().filter(Label::ID.not_in(many())).count(db).await.unwrap(),
            1
        );
        let names = (0..100_000).map(|n| format!("n{n}'\"\\")).chain(["blue".to_owned()]);
        assert_eq!(
            Label::query().filter(Label::NAME.in_(names)).count(db).await.unwrap(),
            1
        );
        let row = sample(1);
        Sample::insert_row(&row).exec(db).await.unwrap();
        let found = async |condition| Sample::query().filter(condition).count(db).await.unwrap();
        let times = (0..600).map(|n| row.instant + chrono::Duration::seconds(n));
        assert_eq!(found(Sample::INSTANT.in_(times)).await, 1);
        let keys = (0..600).map(|n| if n == 5 { row.key } else { Uuid::from_u128(n) });
        assert_eq!(found(Sample::KEY.in_(keys)).await, 1);
        let amounts = (0..600).map(|n| row.amount + rust_decimal::Decimal::from(n));
        assert_eq!(found(Sample::AMOUNT.in_(amounts)).await, 1);
        let states = (0..600).map(|_| TaskStatus::InProgress);
        assert_eq!(found(Sample::STATUS.in_(states)).await, 1);
        let days = (0..600).map(|n| row.day + chrono::Duration::days(n));
        assert_eq!(found(Sample::DAY.in_(days)).await, 1);
        let bytes = (0..600).map(|n| if n == 9 { row.bytes.clone() } else { vec![1] });
        assert_eq!(found(Sample::BYTES.in_(bytes)).await, 1);
        let doubles = (0..600).map(|n| row.double + f64::from(n));
        assert_eq!(found(Sample::DOUBLE.in_(doubles)).await, 1);
    })
    .await;
}

#[tokio::test]
async fn numbers_that_do_not_fit() {
    each_with(async |db, database| {
        let (_, all) = tasks(db, &["a"]).await;
        // More than the column holds: an error of the engine, and of kickdb where the engine keeps it.
        let mut raw = live::connect(database.url()).await.unwrap();
        let written = raw.execute("UPDATE tasks SET votes = 3000000000").await;
        raw.close().await.unwrap();
        match database.engine() {
            Engine::Sqlite => {
                written.unwrap();
                let Err(Error::Decode { column, message, .. }) = Task::find(all[0].id).one(db).await else {
                    panic!("it does not fit into an i32")
                };
                assert_eq!(column, "votes");
                assert!(message.contains("3000000000 is out of its range"), "{message}");
            }
            _ => assert!(written.is_err()),
        }
        let sum = Task::update()
            .set_to(Task::VOTES, Task::VOTES.plus(i32::MAX))
            .all_rows();
        match database.engine() {
            Engine::Sqlite => {}
            _ => assert_eq!(sum.exec(db).await.unwrap_err().code(), "query"),
        }
        let product = Sample::query().select(Sample::BIG.times(2));
        Sample::insert_row(&sample(1)).exec(db).await.unwrap();
        assert!(matches!(product.one(db).await.unwrap_err().code(), "query" | "decode"));
        let far = Sample {
            instant: chrono::DateTime::<chrono::Utc>::MAX_UTC,
            ..sample(2)
        };
        assert_eq!(
            Sample::insert_row(&far).exec(db).await.unwrap_err().code(),
            "validation"
        );
    })
    .await;
}

#[tokio::test]
async fn texts_and_documents_that_do_not_fit_the_type() {
    each_with(async |db, database| {
        let (_, all) = tasks(db, &["a"]).await;
        let mut raw = live::connect(database.url()).await.unwrap();
        raw.execute("UPDATE tasks SET meta = '{\"colour\": 1}'").await.unwrap();
        let Err(Error::Decode { column, message, .. }) = Task::find(all[0].id).one(db).await else {
            panic!("it has no color")
        };
        assert_eq!(column, "meta");
        assert!(message.contains("color"), "{message}");
        raw.execute("UPDATE tasks SET meta = '{\"color\": \"red\"}'")
            .await
            .unwrap();
        // Only SQLite keeps what is no UTF-8 in a text.
        if database.engine() == Engine::Sqlite {
            raw.execute("UPDATE tasks SET title = CAST(x'61ff62' AS text)")
                .await
                .unwrap();
            let error = Task::find(all[0].id).one(db).await.unwrap_err();
            assert!(
                matches!(&error, Error::Decode { column, .. } if column == "title"),
                "{error}"
            );
        }
        raw.close().await.unwrap();
        assert_eq!(Task::query().count(db).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn none_where_there_must_be_one_and_two_where_there_may_be_one() {
    each(async |db| {
        label(db, "a").await;
        label(db, "b").await;
        let none = Label::query().filter(Label::ID.lt(0)).one(db).await.unwrap_err();
        assert_eq!(none.code(), "not_found");
        let two = Label::query().optional(db).await.unwrap_err();
        assert_eq!(two.code(), "validation");
        assert!(two.to_string().contains("more than one row"), "{two}");
    })
    .await;
}

#[tokio::test]
async fn a_server_that_goes_in_the_middle_of_a_stream() {
    each_with(async |db, database| {
        let find = match database.engine() {
            Engine::Sqlite => return,
            Engine::Postgres => {
                "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            }
            Engine::Mysql => {
                "SELECT CAST(ID AS char) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> connection_id()"
            }
        };
        let project = super::project(db, "kickdb").await;
        let long = "x".repeat(200);
        let rows: Vec<Task> = (1..2_001).map(|n| super::task(&project, n, &long)).collect();
        Task::insert_many(&rows).exec(db).await.unwrap();
        // Four million rows: more than lie in buffers on the way.
        let mut stream = Box::pin(Task::query().cross_join(super::language::Parent).stream(db));
        assert!(stream.try_next().await.unwrap().is_some());
        let mut raw = live::connect(database.url()).await.unwrap();
        for row in raw.query(find, &[]).await.unwrap() {
            let id = row[0].clone().unwrap();
            let kill = match database.engine() {
                Engine::Postgres => format!("SELECT pg_terminate_backend({id})"),
                _ => format!("KILL {id}"),
            };
            raw.execute(&kill).await.unwrap();
        }
        raw.close().await.unwrap();
        let mut seen = 1;
        let error = loop {
            match stream.try_next().await {
                Ok(Some(_)) => seen += 1,
                Ok(None) => panic!("the server was gone after {seen} rows"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.code(), "connection", "{error}");
        drop(stream);
        // The pool opens another connection.
        assert_eq!(Task::query().count(db).await.unwrap(), 2_000);
    })
    .await;
}
