//! Queries on each engine at hand, each test on a database of its own.

mod collations;
mod conditions;
mod encrypted;
mod errors;
mod fuzz;
mod in_place;
mod input;
mod interop;
mod joined;
mod joins;
mod kept;
mod language;
mod lent;
mod many;
mod native;
mod pool;
mod raw;
mod relations;
mod rendered;
mod routed;
mod rows;
mod sql;
mod tenants;
mod transactions;
mod unsupported;
mod values;
mod vectors;
mod watched;
mod web;
mod writes;

use kickdb::prelude::*;
use kickdb::registry;
use kickdb_core::decl::{Item, link};
use kickdb_core::dialect::{Dialect, live};
use kickdb_core::diff::Renames;
use kickdb_core::ir::{self, IndexKey, Schema, SqlType};
use kickdb_core::plan::plan;
use kickdb_testdb::{Database, Engine, engines};
use uuid::Uuid;

use crate::model::{Email, Label, Project, Task, TaskMeta, TaskNumber, TaskStatus, User};

/// Runs a test on each engine, with the tables of the model.
async fn each(test: impl AsyncFn(&Db)) {
    each_with(async |db, _| test(db).await).await;
}

async fn each_with(test: impl AsyncFn(&Db, &Database)) {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        let database = engine.database();
        create_tables(database.url()).await;
        let db = Db::connect(database.url()).await.unwrap();
        test(&db, &database).await;
        db.close().await;
    }
}

async fn create_tables(url: &str) {
    let mut connection = live::connect(url).await.unwrap();
    let dialect = connection.dialect();
    let schema = schema(dialect);
    let plan = plan(&Schema::default(), &schema, &Renames::default(), dialect).unwrap();
    for step in plan.up.steps {
        connection.execute(&step.sql).await.unwrap();
    }
    connection.close().await.unwrap();
}

/// The model's schema, without the indexes that an engine refuses, and with the one type that it wants to be told.
fn schema(dialect: &dyn Dialect) -> Schema {
    if let Ok(resolved) = registry::schema(dialect) {
        return resolved.schema;
    }
    let mut items = registry::items().unwrap();
    // Of types that only PostgreSQL has, and made by their own test.
    let own = |module: &str| module.ends_with("::native") || module.ends_with("::vectors");
    items.retain(|item| !matches!(item, Item::Table(table) if own(&table.module)));
    let mut schema = link(&items, dialect).unwrap().schema;
    let names: Vec<_> = schema.tables.keys().cloned().collect();
    for name in names {
        let table = schema.tables.get_mut(&name).unwrap();
        let refused = |index: &ir::Index| {
            index.predicate.is_some() || index.parts.iter().any(|part| matches!(part.key, IndexKey::Expr(_)))
        };
        table.indexes.retain(|_, index| !refused(index));
        if name.to_string() == "sample" {
            let amount = table
                .columns
                .iter_mut()
                .find(|column| column.name == *"amount")
                .unwrap();
            amount.ty = SqlType::Decimal(Some((38, 7)));
        }
    }
    dialect.normalize(&mut schema).unwrap();
    schema
}

async fn user(db: &Db, name: &str) -> User {
    User::insert()
        .email(Email::try_from(format!("{name}@example.org")).unwrap())
        .name(name)
        .returning(db)
        .await
        .unwrap()
}

async fn project(db: &Db, name: &str) -> Project {
    let owner = match User::query().filter(User::NAME.eq("ada")).optional(db).await.unwrap() {
        Some(owner) => owner,
        None => user(db, "ada").await,
    };
    Project::insert()
        .owner_id(owner.id)
        .name(name)
        .id(Uuid::new_v4())
        .returning(db)
        .await
        .unwrap()
}

/// A task as a value, with everything given.
fn task(project: &Project, number: i32, title: &str) -> Task {
    Task {
        id: Uuid::from_u128(u128::from(number.unsigned_abs())),
        project_id: project.id,
        number: TaskNumber(number),
        title: title.to_owned(),
        status: TaskStatus::Todo,
        parent_id: None,
        meta: Json(TaskMeta {
            color: "red".to_owned(),
        }),
        votes: number,
        created_at: "2026-04-27T15:30:12.123456Z".parse().unwrap(),
        deleted_at: None,
        weight: 0,
        r#type: "task".to_owned(),
        uuid: None,
    }
}

/// A project with tasks of these titles, numbered from 1.
async fn tasks(db: &Db, titles: &[&str]) -> (Project, Vec<Task>) {
    let project = project(db, "kickdb").await;
    let tasks: Vec<Task> = (1..).zip(titles).map(|(n, title)| task(&project, n, title)).collect();
    assert_eq!(Task::insert_many(&tasks).exec(db).await.unwrap(), tasks.len() as u64);
    (project, tasks)
}

async fn label(db: &Db, name: &str) -> Label {
    Label::insert().name(name).returning(db).await.unwrap()
}
