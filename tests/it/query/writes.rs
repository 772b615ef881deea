use kickdb::prelude::*;
use uuid::Uuid;

use super::{each, label, project, task, tasks};
use crate::model::{Label, Task, TaskLabel, TaskMeta, TaskNumber, TaskStatus};

#[tokio::test]
async fn an_insert_column_by_column_takes_defaults() {
    each(async |db| {
        let project = project(db, "kickdb").await;
        let given = Task::insert()
            .id(Uuid::from_u128(7))
            .project_id(project.id)
            .number(TaskNumber(1))
            .title("x")
            .meta(Json(TaskMeta { color: "blue".into() }))
            .votes(3);
        let row = given.returning(db).await.unwrap();
        assert_eq!(
            (row.status, row.weight, row.r#type.as_str()),
            (TaskStatus::Todo, 0, "task")
        );
        assert_eq!((row.meta.color.as_str(), row.parent_id), ("blue", None));
        let age = chrono::Utc::now().signed_duration_since(row.created_at);
        assert!(age.num_minutes().abs() < 2, "{age}");
        // What the default wrote is read, and found again by its value.
        let same = Task::query().filter(Task::CREATED_AT.eq(row.created_at));
        assert_eq!(same.one(db).await.unwrap(), row);
    })
    .await;
}

#[tokio::test]
async fn now_is_a_value_of_a_new_row_and_of_a_patch() {
    each(async |db| {
        let (project, all) = tasks(db, &["a"]).await;
        let row = Task::insert()
            .project_id(project.id)
            .number(TaskNumber(2))
            .title("b")
            .meta(Json(TaskMeta { color: "red".into() }))
            .votes(0)
            .id(Uuid::from_u128(9))
            .created_at(now())
            .deleted_at(now())
            .returning(db)
            .await
            .unwrap();
        assert_eq!(row.deleted_at, Some(row.created_at));
        let deleted = |patch: Option<bool>| {
            Task::update()
                .set(Task::VOTES, 1)
                .set_some(Task::DELETED_AT, patch.map(|deleted| deleted.then(now)))
                .filter(Task::ID.eq(all[0].id))
                .returning(db)
        };
        assert!(deleted(Some(true)).await.unwrap()[0].deleted_at.is_some());
        assert!(deleted(None).await.unwrap()[0].deleted_at.is_some());
        assert!(deleted(Some(false)).await.unwrap()[0].deleted_at.is_none());
    })
    .await;
}

#[tokio::test]
async fn identities_are_drawn() {
    each(async |db| {
        let (first, second) = (label(db, "a").await, label(db, "b").await);
        assert!(second.id > first.id);
    })
    .await;
}

#[tokio::test]
async fn whole_rows_come_back_equal() {
    each(async |db| {
        let project = project(db, "kickdb").await;
        let one = task(&project, 1, "one");
        let child = Task {
            parent_id: Some(one.id),
            uuid: Some(Uuid::max()),
            deleted_at: Some("1969-12-31T23:59:59.999999Z".parse().unwrap()),
            ..task(&project, 2, "child")
        };
        assert_eq!(
            Task::insert_row(&one).returning(db).await.unwrap(),
            std::slice::from_ref(&one)
        );
        assert_eq!(Task::insert_row(&child).exec(db).await.unwrap(), 1);
        assert_eq!(Task::find(child.id).one(db).await.unwrap(), child);
    })
    .await;
}

#[tokio::test]
async fn more_rows_than_one_statement_can_bind() {
    each(async |db| {
        let project = project(db, "kickdb").await;
        let mut rows: Vec<Task> = (1..=6_000).map(|n| task(&project, n, "many")).collect();
        assert_eq!(Task::insert_many(&rows).exec(db).await.unwrap(), 6_000);
        assert_eq!(Task::query().count(db).await.unwrap(), 6_000);
        // The last one is there already: nothing of all the statements may be kept.
        for row in &mut rows[..5_999] {
            row.id = Uuid::new_v4();
            row.number.0 += 10_000;
        }
        let error = Task::insert_many(&rows).exec(db).await.unwrap_err();
        assert_eq!(error.code(), "unique_violation");
        assert_eq!(Task::query().count(db).await.unwrap(), 6_000);
        assert_eq!(Task::insert_many(&[]).exec(db).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn upserts() {
    each(async |db| {
        let red = label(db, "red").await;
        let again = || Label {
            id: red.id + 1,
            name: "red".into(),
        };
        let kept = Label::insert_row(&again()).on_conflict(Label::NAME).do_nothing();
        assert_eq!(kept.clone().exec(db).await.unwrap(), 0);
        assert_eq!(kept.returning(db).await.unwrap(), []);
        let some = Label::insert_many(&[
            again(),
            Label {
                id: red.id + 2,
                name: "blue".into(),
            },
        ])
        .on_conflict(Label::NAME)
        .do_nothing();
        assert_eq!(some.exec(db).await.unwrap(), 1);
        let moved = Label::insert_row(&again())
            .on_conflict(Label::NAME)
            .do_update(Label::ID);
        assert_eq!(moved.clone().exec(db).await.unwrap(), 1);
        assert_eq!(moved.returning(db).await.unwrap(), [again()]);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_duplicate_is_an_error_all_the_same() {
    each(async |db| {
        let project = project(db, "kickdb").await;
        let rows = [task(&project, 1, "kept"), task(&project, 2, "")];
        let insert = Task::insert_many(&rows)
            .on_conflict((Task::PROJECT_ID, Task::NUMBER))
            .do_nothing();
        assert_eq!(insert.exec(db).await.unwrap_err().code(), "check_violation");
        let orphan = Task {
            project_id: Uuid::nil(),
            ..task(&project, 3, "orphan")
        };
        let insert = Task::insert_row(&orphan).on_conflict(Task::ID).do_nothing();
        assert_eq!(insert.exec(db).await.unwrap_err().code(), "foreign_key_violation");
        assert_eq!(Task::query().count(db).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn an_update_gives_its_rows_back_within_a_transaction_and_without() {
    each(async |db| {
        let titles: Vec<String> = (0..1_500).map(|n| format!("t{n}")).collect();
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        tasks(db, &titles).await;
        let done = || {
            Task::update()
                .set(Task::STATUS, TaskStatus::Done)
                .filter(Task::VOTES.gt(100))
        };
        let rows = done().returning(db).await.unwrap();
        assert_eq!(rows.len(), 1_400);
        assert!(
            rows.iter()
                .all(|task| task.status == TaskStatus::Done && task.votes > 100)
        );
        // The row is no longer among those that the filter asks for.
        let moved = Task::update().set(Task::VOTES, 0).filter(Task::VOTES.eq(7));
        assert_eq!(moved.returning(db).await.unwrap()[0].votes, 0);
        let undone: Result<(), kickdb::Error> = db
            .transaction(async |tx| {
                let rows = Task::update()
                    .set(Task::WEIGHT, 5)
                    .all_rows()
                    .returning(&mut *tx)
                    .await?;
                assert_eq!(rows.len(), 1_500);
                Err(kickdb::Error::validation("no"))
            })
            .await;
        assert!(undone.is_err());
        assert_eq!(Task::query().filter(Task::WEIGHT.eq(5)).count(db).await.unwrap(), 0);
        let red = label(db, "red").await;
        let (_, links) = (&red, Task::query().limit(3).all(db).await.unwrap());
        for task in &links {
            let link = TaskLabel {
                task_id: task.id,
                label_id: red.id,
            };
            TaskLabel::insert_row(&link).exec(db).await.unwrap();
        }
        // A key of several columns, which an update of other columns may not change here.
        let other = label(db, "other").await;
        let moved = TaskLabel::update().set(TaskLabel::LABEL_ID, other.id).all_rows();
        match moved.returning(db).await {
            Ok(rows) => assert!(rows.iter().all(|row| row.label_id == other.id)),
            Err(error) => {
                assert_eq!(error.code(), "unsupported_by_dialect");
                assert_eq!(db.dialect().id().as_str(), "mysql");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn updates_and_deletes() {
    each(async |db| {
        let (_, all) = tasks(db, &["a", "b", "c"]).await;
        let done = Task::update()
            .set(Task::STATUS, TaskStatus::Done)
            .set(Task::PARENT_ID, all[0].id)
            .set_to(Task::VOTES, Task::VOTES.plus(10))
            .filter(Task::TITLE.ne("a"));
        assert_eq!(done.exec(db).await.unwrap(), 2);
        let changed = Task::update()
            .set(Task::PARENT_ID, None)
            .filter(Task::ID.eq(all[1].id))
            .filter(Task::STATUS.eq(TaskStatus::Done));
        let changed = changed.returning(db).await.unwrap();
        assert_eq!((changed[0].votes, changed[0].parent_id), (12, None));
        assert_eq!(Task::update().set(Task::VOTES, 0).all_rows().exec(db).await.unwrap(), 3);
        let gone = Task::delete().filter(Task::TITLE.eq("c")).returning(db).await.unwrap();
        assert_eq!(gone.len(), 1);
        assert_eq!(Task::delete().all_rows().exec(db).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_empty_list_of_conditions_does_not_touch_every_row() {
    each(async |db| {
        tasks(db, &["a"]).await;
        let none = || all_of(Vec::<Condition<Task>>::new());
        let error = Task::delete().filter(none()).exec(db).await.unwrap_err();
        assert!(error.to_string().contains("`.all_rows()`"), "{error}");
        let error = Task::update().set(Task::VOTES, 1).filter(none()).exec(db).await;
        assert_eq!(error.unwrap_err().code(), "validation");
        assert_eq!(Task::query().count(db).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_composite_key() {
    each(async |db| {
        let (_, all) = tasks(db, &["a"]).await;
        let red = label(db, "red").await;
        let link = TaskLabel {
            task_id: all[0].id,
            label_id: red.id,
        };
        TaskLabel::insert_row(&link).exec(db).await.unwrap();
        assert_eq!(TaskLabel::find((all[0].id, red.id)).one(db).await.unwrap(), link);
        assert_eq!(
            TaskLabel::find((all[0].id, red.id + 1)).optional(db).await.unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn rows_that_set_different_columns() {
    each(async |db| {
        let project = project(db, "kickdb").await;
        let new = |number: i32, title: &str| {
            Task::insert()
                .project_id(project.id)
                .title(title)
                .number(TaskNumber(number))
                .meta(Json(TaskMeta { color: "red".into() }))
                .votes(number)
                .id(Uuid::from_u128(u128::from(number.unsigned_abs())))
        };
        let rows = [
            new(1, "a"),
            // The same columns in another order.
            new(2, "b").weight(7).status(TaskStatus::Done),
            new(3, "c").status(TaskStatus::Todo).weight(8),
            new(4, "d"),
            new(5, "e").parent_id(Uuid::from_u128(1)),
        ];
        let back = Task::insert_all(rows.clone()).returning(db).await.unwrap();
        let seen: Vec<_> = back
            .iter()
            .map(|task| (task.title.as_str(), task.weight, task.status))
            .collect();
        assert_eq!(
            seen,
            [
                ("a", 0, TaskStatus::Todo),
                ("b", 7, TaskStatus::Done),
                ("c", 8, TaskStatus::Todo),
                ("d", 0, TaskStatus::Todo),
                ("e", 0, TaskStatus::Todo),
            ]
        );
        assert_eq!((back[4].parent_id, back[3].r#type.as_str()), (Some(back[0].id), "task"));
        let mut again = rows.to_vec();
        again.push(new(6, "f").weight(1));
        let insert = Task::insert_all(again)
            .on_conflict((Task::PROJECT_ID, Task::NUMBER))
            .do_nothing();
        assert_eq!(insert.len(), 6);
        let inserted = insert.returning(db).await.unwrap();
        assert_eq!(inserted.iter().map(|task| task.number.0).collect::<Vec<_>>(), [6]);
        // One row that is refused takes all with it, whatever the number of statements.
        let error = Task::insert_all([new(7, "g"), new(8, "").weight(1)])
            .exec(db)
            .await
            .unwrap_err();
        assert_eq!(error.code(), "check_violation");
        assert_eq!(Task::query().count(db).await.unwrap(), 6);
        let many = (100..5_100).map(|n| {
            if n % 2 == 0 {
                new(n, "even")
            } else {
                new(n, "odd").weight(n)
            }
        });
        let many = Task::insert_all(many).returning(db).await.unwrap();
        assert!(
            (100..)
                .zip(&many)
                .all(|(n, task)| task.number.0 == n && task.weight == n * (n % 2))
        );
        assert_eq!(many.len(), 5_000);
    })
    .await;
}
