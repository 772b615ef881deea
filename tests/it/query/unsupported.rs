//! What an engine does not have is told before anything is sent.

use std::fmt::Debug;

use kickdb::prelude::*;
use kickdb::{Result, testing};

use super::language::Tree;
use super::{each, tasks};
use crate::model::{Label, Project, Sample, Task, TaskLabel};

/// Runs a query: on one of these engines it is refused and nothing is sent, on the others it is done.
async fn told<T: Debug>(db: &Db, lacking: &[&str], what: &str, work: impl Future<Output = Result<T>>) {
    let engine = db.dialect().id();
    let (done, sent) = testing::watch(work).await;
    if !lacking.contains(&engine.as_str()) {
        assert!(done.is_ok(), "{what} on {engine}: {done:?}");
        assert!(!sent.statements().is_empty(), "{what} on {engine}: it is not watched");
        return;
    }
    let error = done.unwrap_err();
    assert_eq!(error.code(), "unsupported_by_dialect", "{what} on {engine}: {error}");
    // What is lacking, where, and what to do instead.
    let text = error.to_string();
    assert!(text.contains(&format!(" is not available on {engine}: ")), "{text}");
    assert!(sent.statements().is_empty(), "{what} on {engine}: {sent:?}");
}

#[tokio::test]
async fn reading() {
    each(async |db| {
        tasks(db, &["a", "b"]).await;
        let of_project = || Task::PROJECT_ID.eq(Project::ID);
        let both = Task::query().full_join(Project, of_project());
        told(
            db,
            &["mysql"],
            "a full join",
            both.clone().select((Task, Project)).all(db),
        )
        .await;
        told(db, &["mysql"], "its rows counted", both.count(db)).await;
        let own = || Task::query().outer(Project).filter(of_project());
        let lateral = || own().limit(1).select((Task::ID, val(1i64)));
        let no_lateral = ["mysql", "sqlite"];
        let inner = Project::query().join_lateral(Tree, lateral());
        told(db, &no_lateral, "a lateral join", inner.clone().all(db)).await;
        told(db, &no_lateral, "a lateral join that exists", inner.exists(db)).await;
        let left = Project::query().left_join_lateral(Tree, lateral());
        told(db, &no_lateral, "a left lateral join", left.first(db)).await;
        let first = Task::query().distinct_on(Task::PROJECT_ID).order_by(Task::PROJECT_ID);
        told(db, &no_lateral, "DISTINCT ON", first.all(db)).await;

        let locked = Task::query().limit(1).for_update();
        told(db, &["sqlite"], "a lock", locked.clone().all(db)).await;
        told(
            db,
            &["sqlite"],
            "a lock that waits for nobody",
            locked.skip_locked().all(db),
        )
        .await;
        told(db, &["sqlite"], "a shared lock", Task::query().for_share().all(db)).await;

        let contains = || Sample::DOCUMENT.json_contains(serde_json::json!({}));
        told(
            db,
            &["sqlite"],
            "a part of JSON",
            Sample::query().filter(contains()).all(db),
        )
        .await;
        let texts = Task::query().select(text_of(Task::TITLE, ", "));
        told(db, &["mysql"], "the texts of a group", texts.one(db)).await;
        let by_size = Sample::query().order_by(Sample::AMOUNT);
        told(db, &["sqlite"], "an order of decimals", by_size.all(db)).await;
        let inside = Task::query().filter(exists(Sample::query().filter(contains())));
        told(db, &["sqlite"], "inside of a subquery", inside.all(db)).await;
        let deferrable = TransactionOptions::new().serializable().read_only().deferrable();
        let begun = async { db.begin_with(&deferrable).await?.commit().await };
        if db.dialect().id().as_str() != "postgres" {
            told(db, &["mysql", "sqlite"], "a deferrable transaction", begun).await;
        }
    })
    .await;
}

#[tokio::test]
async fn relations() {
    each(async |db| {
        let (_, all) = tasks(db, &["a"]).await;
        // The rows are not fetched where what belongs to them cannot be.
        let document = || Task::META.json_contains(Json(crate::model::TaskMeta { color: "red".into() }));
        let filtered = Project::query().with(Project::TASKS.filter(document()));
        told(db, &["sqlite"], "a relation's filter", filtered.clone().all(db)).await;
        told(db, &["sqlite"], "with one row", filtered.one(db)).await;
        let deep = Task::query().with(Task::PROJECT.with(Project::TASKS.filter(document())));
        told(db, &["sqlite"], "a relation of a relation", deep.all(db)).await;
        let found = Task::find(all[0].id).with(Task::CHILDREN.filter(document()));
        told(db, &["sqlite"], "with a row by its key", found.optional(db)).await;
        let asked = Project::query().filter(Project::TASKS.any(document()));
        told(db, &["sqlite"], "a question about related rows", asked.all(db)).await;
    })
    .await;
}

#[tokio::test]
async fn writing() {
    each(async |db| {
        let (_, all) = tasks(db, &["a", "b"]).await;
        let label = super::label(db, "red").await;
        let link = TaskLabel {
            task_id: all[0].id,
            label_id: label.id,
        };
        TaskLabel::insert_row(&link).exec(db).await.unwrap();
        let moved = TaskLabel::update().set(TaskLabel::LABEL_ID, label.id).all_rows();
        told(db, &["mysql"], "rows whose key is changed", moved.returning(db)).await;
        let document = || Sample::DOCUMENT.json_contains(serde_json::json!({}));
        let update = Sample::update().set(Sample::SMALL, 1).filter(document());
        told(db, &["sqlite"], "an update's filter", update.clone().exec(db)).await;
        told(db, &["sqlite"], "with its rows", update.returning(db)).await;
        told(
            db,
            &["sqlite"],
            "a delete's filter",
            Sample::delete().filter(document()).exec(db),
        )
        .await;
        let texts = || Task::query().select(text_of(Task::TITLE, ", ")).scalar();
        let joined = Label::update()
            .set_to(Label::NAME, coalesce(texts(), "none"))
            .all_rows();
        told(db, &["mysql"], "what is set", joined.clone().exec(db)).await;
        told(db, &["mysql"], "what is set, with the rows", joined.returning(db)).await;
        let rows = Task::query().select(coalesce(text_of(Task::TITLE, "/"), "none"));
        told(
            db,
            &["mysql"],
            "an insert of a query",
            Label::insert_from(Label::NAME, rows).exec(db),
        )
        .await;
        let patch = Label::patch().set_to(Label::NAME, coalesce(texts(), "none"));
        let met = Label::insert_row(&label).on_conflict(Label::ID).do_update_with(patch);
        told(db, &["mysql"], "a conflict", met.exec(db)).await;
    })
    .await;
}
