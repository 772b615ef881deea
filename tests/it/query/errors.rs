use kickdb::Error;
use kickdb::prelude::*;
use kickdb_core::dialect::live;
use kickdb_testdb::{Engine, engines};
use uuid::Uuid;

use super::{each, each_with, label, project, task, tasks};
use crate::model::{Label, Project, Task, User};

#[tokio::test]
async fn a_unique_violation_names_table_and_columns() {
    each(async |db| {
        let (project, _) = tasks(db, &["a"]).await;
        let twin = Task {
            id: Uuid::new_v4(),
            ..task(&project, 1, "twin")
        };
        let Err(Error::UniqueViolation(broken)) = Task::insert_row(&twin).exec(db).await else {
            panic!("the number is taken")
        };
        assert_eq!(broken.table.as_deref(), Some("tasks"));
        assert_eq!(broken.columns, ["project_id", "number"]);
        assert_eq!(broken.constraint.as_deref(), Some("tasks_project_id_number_key"));
        assert!(broken.source.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_foreign_key_violation() {
    each(async |db| {
        let (mut project, _) = tasks(db, &["a"]).await;
        let Err(Error::ForeignKeyViolation(broken)) = User::delete().filter(User::NAME.eq("ada")).exec(db).await else {
            panic!("the user has projects")
        };
        assert_eq!(broken.table.as_deref(), Some("projects"));
        assert_eq!(broken.constraint.as_deref(), Some("projects_owner_id_fkey"));
        project.id = Uuid::nil();
        let orphan = Task::insert_row(&task(&project, 9, "orphan")).exec(db).await;
        assert_eq!(orphan.unwrap_err().code(), "foreign_key_violation");
    })
    .await;
}

#[tokio::test]
async fn a_check_and_a_length() {
    each(async |db| {
        let project = project(db, "kickdb").await;
        let Err(Error::CheckViolation(broken)) = Task::insert_row(&task(&project, 1, "")).exec(db).await else {
            panic!("the title is blank")
        };
        assert_eq!(broken.constraint.as_deref(), Some("tasks_title_not_blank"));
    })
    .await;
}

#[tokio::test]
async fn a_not_null_violation_names_the_column() {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        // A table that is stricter than the struct.
        let database = engine.database();
        let mut raw = live::connect(database.url()).await.unwrap();
        let create = "CREATE TABLE label (id integer PRIMARY KEY, name text NOT NULL, extra integer NOT NULL)";
        raw.execute(create).await.unwrap();
        raw.close().await.unwrap();
        let db = Db::connect(database.url()).await.unwrap();
        let Err(Error::NotNullViolation(broken)) = Label::insert().id(1).name("x").exec(&db).await else {
            panic!("the table wants more")
        };
        assert_eq!(broken.table.as_deref(), Some("label"));
        assert_eq!(broken.columns, ["extra"]);
        db.close().await;
    }
}

#[tokio::test]
async fn a_value_that_cannot_be_read_names_column_and_type() {
    each_with(async |db, database| {
        let (_, all) = tasks(db, &["a"]).await;
        let mut raw = live::connect(database.url()).await.unwrap();
        let change: &[&str] = match database.engine() {
            Engine::Sqlite => &[
                "PRAGMA ignore_check_constraints = ON",
                "UPDATE tasks SET status = 'paused'",
            ],
            Engine::Mysql => &[
                "ALTER TABLE tasks MODIFY status enum('todo', 'in_progress', 'done', 'paused') NOT NULL",
                "UPDATE tasks SET status = 'paused'",
            ],
            Engine::Postgres => &[
                "ALTER TYPE task_status ADD VALUE 'paused'",
                "UPDATE tasks SET status = 'paused'",
            ],
        };
        for sql in change {
            raw.execute(sql).await.unwrap();
        }
        raw.close().await.unwrap();
        let error = Task::find(all[0].id).one(db).await.unwrap_err();
        assert_eq!(error.code(), "decode");
        let message = error.to_string();
        for part in ["`status`", "TaskStatus", "`paused`", "todo, in_progress, done"] {
            assert!(message.contains(part), "{message}");
        }
        // The connection is still good.
        assert_eq!(Task::query().count(db).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_missing_table_is_a_query_error_with_its_sql() {
    each_with(async |db, database| {
        label(db, "x").await;
        let mut raw = live::connect(database.url()).await.unwrap();
        raw.execute("DROP TABLE task_label").await.unwrap();
        raw.execute("DROP TABLE label").await.unwrap();
        raw.close().await.unwrap();
        let Err(Error::Query { sql, message, .. }) = Label::query().all(db).await else {
            panic!("the table is gone")
        };
        assert!(sql.starts_with("SELECT"), "{sql}");
        assert!(message.contains("label"), "{message}");
        assert_eq!(Project::query().count(db).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn not_found_names_the_table_and_the_key() {
    each(async |db| {
        let error = Task::find(Uuid::nil()).one(db).await.unwrap_err();
        assert_eq!(error.to_string(), "no row of `tasks` for this key (id)");
    })
    .await;
}
