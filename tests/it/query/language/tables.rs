//! Joins, aliases, subqueries and queries that are tables.

use kickdb::prelude::*;
use kickdb_testdb::Engine;

use super::super::{each, each_with, project, tasks};
use super::{Load, Parent, Tree};
use crate::model::{Project, Task, TaskStatus};

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
