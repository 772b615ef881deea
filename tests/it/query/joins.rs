use kickdb::prelude::*;
use uuid::Uuid;

use super::{each, project, tasks, user};
use crate::model::{Project, Sample, Task, TaskStatus, User};

#[tokio::test]
async fn inner_join_of_two_and_three_tables() {
    each(async |db| {
        let (project, _) = tasks(db, &["a", "b"]).await;
        let rows: Vec<(String, String, String)> = Task::query()
            .join(Project, Task::PROJECT_ID.eq(Project::ID))
            .join(User, Project::OWNER_ID.eq(User::ID))
            .filter(User::NAME.eq("ada").and(Task::TITLE.ne("b")))
            .select((Task::TITLE, Project::NAME, User::NAME))
            .all(db)
            .await
            .unwrap();
        assert_eq!(rows, [("a".into(), "kickdb".into(), "ada".into())]);

        // Without a selection the rows are those of the first table.
        let rows = Project::query()
            .join(Task, Task::PROJECT_ID.eq(Project::ID))
            .filter(Task::TITLE.eq("a"))
            .all(db)
            .await
            .unwrap();
        assert_eq!(rows, [project]);
    })
    .await;
}

#[tokio::test]
async fn a_left_join_makes_its_columns_optional() {
    each(async |db| {
        let (first, all) = tasks(db, &["a"]).await;
        let second = project(db, "empty").await;
        let rows: Vec<(String, Option<String>, Option<TaskStatus>, Option<Uuid>, Option<Task>)> = Project::query()
            .left_join(Task, Task::PROJECT_ID.eq(Project::ID))
            .order_by(Project::NAME)
            .select((Project::NAME, Task::TITLE, Task::STATUS, Task::PARENT_ID, Task))
            .all(db)
            .await
            .unwrap();
        assert_eq!(rows[0], (second.name, None, None, None, None));
        assert_eq!(
            rows[1],
            (
                first.name,
                Some("a".into()),
                Some(TaskStatus::Todo),
                None,
                Some(all[0].clone())
            )
        );
    })
    .await;
}

#[tokio::test]
async fn whole_tables_side_by_side() {
    each(async |db| {
        let (project, all) = tasks(db, &["a"]).await;
        let rows: Vec<(Task, Project)> = Task::query()
            .join(Project, Task::PROJECT_ID.eq(Project::ID))
            .select((Task, Project))
            .all(db)
            .await
            .unwrap();
        assert_eq!(rows, [(all[0].clone(), project)]);
    })
    .await;
}

#[tokio::test]
async fn groups_and_aggregates() {
    each(async |db| {
        tasks(db, &["a", "b", "c"]).await;
        project(db, "empty").await;
        user(db, "bob").await;
        let per_project = Project::query()
            .left_join(Task, Task::PROJECT_ID.eq(Project::ID))
            .group_by(Project::NAME)
            .order_by(Project::NAME)
            .select((Project::NAME, count(Task::ID), sum(Task::VOTES), max(Task::TITLE)));
        assert_eq!(
            per_project.clone().all(db).await.unwrap(),
            [
                ("empty".to_owned(), 0, None, None),
                ("kickdb".to_owned(), 3, Some(6), Some("c".to_owned())),
            ]
        );
        assert_eq!(per_project.clone().count(db).await.unwrap(), 2);
        let busy = per_project.having(count(Task::ID).gt(2)).all(db).await.unwrap();
        assert_eq!(busy.len(), 1);
        let (all, least, statuses) = Task::query()
            .select((count_all(), min(Task::VOTES), count_distinct(Task::STATUS)))
            .one(db)
            .await
            .unwrap();
        assert_eq!((all, least, statuses), (3, Some(1), 1));
        assert_eq!(Task::query().select(count_all()).count(db).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn arithmetic_over_what_may_be_null_is_optional() {
    each(async |db| {
        tasks(db, &["a"]).await;
        project(db, "empty").await;
        let rows: Vec<(Option<i32>, Option<i32>, i64, i64)> = Project::query()
            .left_join(Task, Task::PROJECT_ID.eq(Project::ID))
            .group_by((Project::NAME, Task::VOTES, Task::WEIGHT))
            .order_by(Project::NAME)
            .select((
                Task::VOTES.plus(1),
                Task::VOTES.times(Task::WEIGHT.plus(3)),
                count(Task::ID),
                count(Task::ID).plus(1),
            ))
            .all(db)
            .await
            .unwrap();
        assert_eq!(rows, [(None, None, 0, 1), (Some(2), Some(3), 1, 2)]);

        let twice: Vec<i32> = Task::query()
            .select(Task::VOTES.plus(Task::VOTES))
            .all(db)
            .await
            .unwrap();
        assert_eq!(twice, [2]);
        let sample = Sample {
            maybe: None,
            ..super::values::sample(1)
        };
        Sample::insert_row(&sample).exec(db).await.unwrap();
        let none: Vec<Option<f64>> = Sample::query()
            .select(Sample::DOUBLE.plus(Sample::MAYBE))
            .all(db)
            .await
            .unwrap();
        assert_eq!(none, [None]);
    })
    .await;
}
