//! Updates and deletes by what is in other tables.

use kickdb::prelude::*;

use super::{each, label, project, task, tasks};
use crate::model::{Label, Note, Project, Task, TaskLabel, TaskStatus, User};

async fn titles(db: &Db) -> Vec<String> {
    let query = Task::query().order_by(Task::NUMBER).select(Task::TITLE);
    query.all(db).await.unwrap()
}

#[tokio::test]
async fn rows_change_by_rows_of_other_tables() {
    each(async |db| {
        let (kickdb, mut all) = tasks(db, &["a", "b"]).await;
        let other = project(db, "other").await;
        let third = task(&other, 3, "c");
        Task::insert_row(&third).exec(db).await.unwrap();
        let renamed = Task::update()
            .join(Project, Task::PROJECT_ID.eq(Project::ID))
            .set_to(Task::TITLE, Project::NAME)
            .set(Task::STATUS, TaskStatus::Done)
            .filter(Project::NAME.eq("kickdb").and(Task::VOTES.gt(1)));
        assert_eq!(renamed.clone().exec(db).await.unwrap(), 1);
        assert_eq!(titles(db).await, ["a", "kickdb", "c"]);
        // Through two tables, and with what was changed.
        let mut changed = Task::update()
            .join(Project, Task::PROJECT_ID.eq(Project::ID))
            .join(User, User::ID.eq(Project::OWNER_ID))
            .set_to(Task::TITLE, Project::NAME.concat("/").concat(User::NAME))
            .set_to(Task::VOTES, Task::VOTES.plus(10))
            .filter(Project::ID.eq(kickdb.id))
            .returning(db)
            .await
            .unwrap();
        changed.sort_by_key(|task| task.number.0);
        for task in &mut all {
            task.title = "kickdb/ada".into();
            task.votes += 10;
        }
        all[1].status = TaskStatus::Done;
        assert_eq!(changed, all);
        assert_eq!(titles(db).await, ["kickdb/ada", "kickdb/ada", "c"]);
        // Nothing is set.
        let nothing = Task::update().join(Project, Task::PROJECT_ID.eq(Project::ID));
        assert_eq!(nothing.exec(db).await.unwrap_err().code(), "validation");
    })
    .await;
}

#[tokio::test]
async fn a_row_with_several_matches_changes_once() {
    each(async |db| {
        let (_, all) = tasks(db, &["a", "b"]).await;
        for name in ["red", "blue"] {
            let label = label(db, name).await;
            let link = TaskLabel {
                task_id: all[0].id,
                label_id: label.id,
            };
            TaskLabel::insert_row(&link).exec(db).await.unwrap();
        }
        let voted = Task::update()
            .join(TaskLabel, TaskLabel::TASK_ID.eq(Task::ID))
            .set_to(Task::VOTES, Task::VOTES.plus(1));
        let rows = voted.returning(db).await.unwrap();
        assert_eq!((rows.len(), rows[0].votes), (1, 2));
        let gone = Task::delete()
            .using(TaskLabel, TaskLabel::TASK_ID.eq(Task::ID))
            .using(Label, Label::ID.eq(TaskLabel::LABEL_ID))
            .filter(Label::NAME.eq("red").or(Label::NAME.eq("blue")));
        assert_eq!(gone.exec(db).await.unwrap(), 1);
        assert_eq!(titles(db).await, ["b"]);
    })
    .await;
}

#[tokio::test]
async fn rows_go_by_rows_of_other_tables() {
    each(async |db| {
        let (_, all) = tasks(db, &["a", "b"]).await;
        let other = project(db, "other").await;
        Task::insert_row(&task(&other, 3, "c")).exec(db).await.unwrap();
        let of = |name: &str, votes: i32| {
            Task::delete()
                .using(Project, Task::PROJECT_ID.eq(Project::ID))
                .filter(Project::NAME.eq(name))
                .filter(Task::VOTES.ge(votes))
        };
        assert_eq!(of("kickdb", 2).returning(db).await.unwrap(), all[1..]);
        assert_eq!(of("none", 0).exec(db).await.unwrap(), 0);
        assert_eq!(of("other", 0).exec(db).await.unwrap(), 1);
        assert_eq!(titles(db).await, ["a"]);
        assert_eq!(Project::query().count(db).await.unwrap(), 2);
    })
    .await;
}

kickdb::alias!(Above of Note);

#[tokio::test]
async fn rows_that_are_marked_as_deleted_stay_out_of_it() {
    each(async |db| {
        Note::insert().id(1).body("top").exec(db).await.unwrap();
        Note::insert().id(2).parent_id(1).body("below").exec(db).await.unwrap();
        let marked = || {
            Note::delete()
                .using(Above, Note::PARENT_ID.eq(Note::ID.of(Above)))
                .filter(Note::BODY.of(Above).eq("top"))
        };
        let rows = marked().returning(db).await.unwrap();
        assert_eq!((rows.len(), rows[0].id), (1, 2));
        assert!(rows[0].deleted_at.is_some());
        // It is marked already, and then the other one is.
        assert_eq!(marked().exec(db).await.unwrap(), 0);
        Note::restore().filter(Note::ID.eq(2)).exec(db).await.unwrap();
        Note::delete().filter(Note::ID.eq(1)).exec(db).await.unwrap();
        assert_eq!(marked().exec(db).await.unwrap(), 0);
        let edited = Note::update()
            .join(Above, Note::PARENT_ID.eq(Note::ID.of(Above)))
            .set_to(Note::BODY, Note::BODY.of(Above));
        assert_eq!(edited.exec(db).await.unwrap(), 0);
    })
    .await;
}
