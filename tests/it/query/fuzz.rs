//! What a fuzzer makes up, in each place where a value or a name may come from a user.

use kickdb::client::Tenants;
use kickdb::prelude::*;
use kickdb_testdb::{Database, Engine};
use proptest::prelude::{Strategy as _, any, prop_oneof};
use proptest::strategy::{BoxedStrategy, ValueTree as _};
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use super::values::sample;
use super::{each_with, label};
use crate::model::{Label, Sample};

/// How many on each engine; `PROPTEST_CASES` says another number.
const CASES: u32 = 48;

/// Texts of any characters, and texts of those that mean something to somebody.
fn texts() -> BoxedStrategy<String> {
    prop_oneof![
        any::<String>(),
        "[-'\"`\\\\;%_*?$:@#/(){}\\[\\]=<>|&!,.a0 \n\r\t\u{0}\u{1a}é🦀]{0,24}",
        "('|\"|`|\\\\|\\)|\\]){0,3}(;|--|/\\*|\\*/| OR | UNION SELECT |DROP TABLE label){0,3}",
    ]
    .boxed()
}

fn runner() -> (TestRunner, u32) {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    (TestRunner::new(Config::default()), cases.unwrap_or(CASES))
}

fn next<V: std::fmt::Debug>(strategy: &BoxedStrategy<V>, runner: &mut TestRunner) -> V {
    strategy.new_tree(runner).expect("nothing is filtered out").current()
}

#[tokio::test]
async fn made_up_values_are_values() {
    each_with(async |db, database| {
        label(db, "here").await;
        let (mut runner, cases) = runner();
        let bytes = any::<Vec<u8>>().boxed();
        let numbers = (any::<i16>(), any::<i64>(), any::<f64>()).boxed();
        for id in 0..i32::try_from(cases).unwrap() {
            let (small, big, double) = next(&numbers, &mut runner);
            let double = if double.is_finite() { double } else { 0.5 };
            let text = next(&texts(), &mut runner);
            let row = Sample {
                text: text.clone(),
                bytes: next(&bytes, &mut runner),
                words: vec![text.clone(), "other".into()],
                document: json!([text.clone()]),
                small,
                big,
                double,
                ..sample(id)
            };
            check(db, database, row).await;
        }
        assert_eq!(Label::query().select(Label::NAME).all(db).await.unwrap(), ["here"]);
    })
    .await;
}

async fn check(db: &Db, database: &Database, row: Sample) {
    let (id, text) = (row.id, row.text.clone());
    if text.contains('\0') && database.engine() != Engine::Mysql {
        assert_eq!(
            Sample::insert_row(&row).exec(db).await.unwrap_err().code(),
            "validation"
        );
        let sought = Sample::query().filter(Sample::TEXT.eq(&text)).count(db).await;
        assert_eq!(sought.unwrap_err().code(), "validation");
        return;
    }
    // PostgreSQL has no NUL in a JSON document either, and MariaDB compares its texts.
    Sample::insert_row(&row)
        .exec(db)
        .await
        .unwrap_or_else(|error| panic!("{text:?}: {error}"));
    let one = || Sample::query().filter(Sample::ID.eq(id));
    assert_eq!(one().one(db).await.unwrap(), row, "{text:?}");
    let conditions = [
        Sample::TEXT.eq(&text),
        Sample::TEXT.in_([text.as_str(), "other"]),
        Sample::TEXT.in_((0..40).map(|n| if n == 7 { text.clone() } else { format!("n{n}") })),
        Sample::TEXT.contains(&text),
        Sample::TEXT.starts_with(&text),
        Sample::TEXT.ends_with(&text),
        Sample::BYTES.eq(row.bytes.clone()),
        Sample::SMALL.eq(row.small),
        Sample::BIG.in_([row.big]),
        Sample::TEXT.concat(text.as_str()).eq(format!("{text}{text}")).over(),
        case(Sample::TEXT.eq(&text), &*text).or_null().eq(&text).over(),
    ];
    for (number, condition) in conditions.into_iter().enumerate() {
        let found = one().filter(condition).count(db).await;
        assert_eq!(
            found.unwrap_or_else(|error| panic!("{text:?}, {number}: {error}")),
            1,
            "{text:?}, condition {number}"
        );
    }
    let own: Vec<String> = sql("SELECT text FROM sample WHERE id = {} AND text = {}")
        .bind(id)
        .bind(text.as_str())
        .all(db)
        .await
        .unwrap();
    assert_eq!(own, [text.as_str()]);
    let found = sql("UPDATE sample SET text = {} WHERE id = {}")
        .bind(text.as_str())
        .bind(id)
        .exec(db)
        .await;
    assert_eq!(found.unwrap(), 1);
}

#[tokio::test]
async fn made_up_names_are_names() {
    each_with(async |db, database| {
        label(db, "here").await;
        let (mut runner, cases) = runner();
        for _ in 0..cases {
            let name = next(&texts(), &mut runner);
            let order = chosen(&name, [("id", Label::ID.asc())]);
            assert_eq!(order.unwrap_err().code(), "validation");
            // A name that is wrong is an error, and one that is right is no more than a name.
            let aliased = sql("SELECT t.{} FROM (SELECT id AS {} FROM label) AS t")
                .name(name.as_str())
                .name(name.as_str())
                .all::<i32, _>(db)
                .await;
            match aliased {
                Ok(ids) => assert_eq!(ids, [1], "{name:?}"),
                Err(error) => assert!(matches!(error.code(), "validation" | "query"), "{name:?}: {error}"),
            }
            let column = sql("SELECT {} FROM label")
                .name(name.as_str())
                .all::<String, _>(db)
                .await;
            match column {
                // SQLite takes a name that is no column for a text.
                Ok(read) => assert_eq!((database.engine(), read), (Engine::Sqlite, vec![name.clone()])),
                Err(error) => assert!(matches!(error.code(), "validation" | "query"), "{name:?}: {error}"),
            }
            let path = Sample::query()
                .select(Sample::DOCUMENT.json_text([name.as_str()]))
                .all(db)
                .await;
            match path {
                Ok(none) => assert!(none.is_empty()),
                Err(error) => assert_eq!(error.code(), "validation", "{name:?}: {error}"),
            }
            if database.engine() == Engine::Postgres {
                let tenant = Tenants::schemas(db.clone()).unwrap().get(&name).await;
                let code = match tenant {
                    Ok(tenant) => Label::query().count(&tenant).await.unwrap_err().code(),
                    Err(error) => error.code(),
                };
                assert_eq!(code, "tenant_unknown", "{name:?}");
            }
        }
        assert_eq!(Label::query().select(Label::NAME).all(db).await.unwrap(), ["here"]);
    })
    .await;
}
