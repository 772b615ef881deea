//! Enum types that change under columns with rows.

use std::collections::{BTreeMap, BTreeSet};

use kickdb_core::dialect::Emit;
use kickdb_core::dialect::postgres::Postgres;
use kickdb_core::ident::Qualified;
use kickdb_core::ir::{Check, Enum, Expr, Index, IndexKey, IndexPart, Schema, SqlType};
use kickdb_core::plan::Steps;

use super::{
    Server, assert_same, column, local, name, normal, optional, plan_between, schema, table, text, with_default,
};

fn mood(values: &[&str]) -> Enum {
    Enum {
        name: local("Mood"),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        comment: None,
    }
}

/// A table with a column of the enum with that default, a list of it, a check and an index that say one of its values.
fn people(values: &[&str], default: &str) -> Schema {
    let ty = SqlType::Enum(local("Mood"));
    let mut state = with_default(column("state", "text"), &format!("'{default}'"));
    state.ty = ty.clone();
    let mut history = with_default(optional("history", "text"), "'{}'");
    history.ty = SqlType::Array(Box::new(ty));
    let mut people = table("people", vec![column("id", "integer"), state, history]);
    let check = Check::new(name("people_check"), Expr::Sql("state <> 'ok' OR id > 0".into()));
    people.checks.insert(check.name.clone(), check);
    let index = Index {
        predicate: Some(Expr::Sql("state = 'ok'".into())),
        ..Index::new(name("people_idx"), vec![IndexPart::new(IndexKey::Column(name("id")))])
    };
    people.indexes.insert(index.name.clone(), index);
    let mut schema = schema([people]);
    schema.enums.insert(local("Mood"), mood(values));
    normal(schema)
}

#[tokio::test]
async fn a_value_is_added_in_its_place_without_touching_rows() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    let (a, b) = (
        people(&["sad", "ok"], "ok"),
        people(&["new", "sad", "so", "ok", "it's"], "ok"),
    );
    server.moves(&Schema::default(), &a).await;
    let plan = server.moves(&a, &b).await;
    assert_eq!(
        text(&plan.up),
        "ALTER TYPE \"Mood\" ADD VALUE 'new' BEFORE 'sad';\nALTER TYPE \"Mood\" ADD VALUE 'so' AFTER 'sad';\n\
         ALTER TYPE \"Mood\" ADD VALUE 'it''s';\n"
    );
}

#[tokio::test]
async fn a_value_is_added_and_used_at_once() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    let (a, b) = (people(&["sad", "ok"], "ok"), people(&["sad", "ok", "glad"], "glad"));
    server.moves(&Schema::default(), &a).await;
    server
        .execute("INSERT INTO people (id, history) VALUES (1, '{ok,sad}')")
        .await;
    let plan = server.moves(&a, &b).await;
    server.execute("INSERT INTO people (id) VALUES (2)").await;
    let rows = "SELECT state::text, history::text FROM people ORDER BY id";
    assert_eq!(server.rows(rows).await, ["ok | {ok,sad}", "glad | {}"]);
    let error = server.try_run(&plan.down).await.expect_err("a row still has the value");
    assert!(error.contains("glad"), "{error}");
    assert_same(&server.schema().await, &b, &plan.down);
    server.execute("DELETE FROM people WHERE id = 2").await;
    server.run(&plan.down).await;
    assert_same(&server.schema().await, &a, &plan.down);
    assert_eq!(server.rows(rows).await, ["ok | {ok,sad}"]);
}

#[tokio::test]
async fn values_are_removed_and_reordered() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    let (a, b) = (people(&["sad", "so", "ok"], "so"), people(&["ok", "sad"], "sad"));
    server.moves(&Schema::default(), &a).await;
    server.execute("INSERT INTO people (id, state) VALUES (1, 'ok')").await;
    let plan = server.moves(&a, &b).await;
    assert_eq!(server.rows("SELECT state::text FROM people").await, ["ok"]);
    server.run(&plan.down).await;
    assert_same(&server.schema().await, &a, &plan.down);
}

#[tokio::test]
async fn values_swap_their_names() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    let a = people(&["sad", "ok"], "ok");
    server.moves(&Schema::default(), &a).await;
    server.execute("INSERT INTO people (id, state) VALUES (1, 'sad')").await;
    let renamed = BTreeMap::from([("sad".to_owned(), "ok".to_owned()), ("ok".to_owned(), "sad".to_owned())]);
    let mut steps = Steps::default();
    let to = mood(&["ok", "sad"]);
    Postgres
        .alter_enum(
            &mood(&["sad", "ok"]),
            &to,
            &renamed,
            &BTreeSet::new(),
            (&a, &[]),
            &mut steps,
        )
        .unwrap();
    server.run(&steps.finish()).await;
    assert_eq!(server.rows("SELECT state::text FROM people").await, ["ok"]);
    let live = server.schema().await;
    assert_eq!(live.enums[&local("Mood")].values, ["ok", "sad"]);
}

#[tokio::test]
async fn a_type_moves_to_another_schema() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    server.moves(&Schema::default(), &people(&["sad", "ok"], "ok")).await;
    server.execute("CREATE SCHEMA other").await;
    let to = Qualified {
        schema: Some(name("other")),
        name: name("mood"),
    };
    let mut steps = Steps::default();
    Postgres.rename_enum(&local("Mood"), &to, &mut steps).unwrap();
    Postgres
        .rename_table(
            &local("people"),
            &Qualified {
                schema: Some(name("other")),
                name: name("Folk"),
            },
            &mut steps,
        )
        .unwrap();
    server.run(&steps.finish()).await;
    let live = server.schema().await;
    assert!(live.enums.contains_key(&to) && live.tables.len() == 1, "{live:?}");
    assert!(plan_between(&live, &live).up.steps.is_empty());
}
