//! Declared schemas: what is made of them is their normal form.

use std::num::NonZeroU32;

use kickdb_core::ir::{
    Action, Check, Column, ColumnValue, Deferrable, Enum, Expr, ForeignKey, Identity, Index, IndexKey, IndexPart,
    IntBits, PrimaryKey, SqlType, Unique,
};

use super::*;

fn column(named: &str, ty: SqlType, value: ColumnValue) -> Column {
    Column {
        value,
        ..Column::new(name(named), ty)
    }
}

fn names(texts: &[&str]) -> Vec<Name> {
    texts.iter().map(|text| name(text)).collect()
}

/// One of each type and default that a struct can have.
fn declared() -> Schema {
    let default = |expr: Expr| ColumnValue::Default(expr);
    let required = ColumnValue::Required;
    let mut tasks = Table::new(Qualified::local(name("tasks")));
    let status = Qualified::local(name("task_status"));
    let int = |bits| SqlType::Int { bits, unsigned: false };
    tasks.columns = vec![
        column("id", SqlType::Uuid, default(Expr::NewUuid)),
        column("done", SqlType::Bool, default(Expr::Bool(false))),
        column("small", int(IntBits::B16), default(Expr::Int(-3))),
        column("ratio", SqlType::Float { double: false }, required.clone()),
        column(
            "title",
            SqlType::Varchar(NonZeroU32::new(200).unwrap()),
            default(Expr::Text("it's".into())),
        ),
        column(
            "price",
            SqlType::Decimal(Some((10, 2))),
            default(Expr::Sql("'0.00'".into())),
        ),
        column(
            "at",
            SqlType::Timestamp {
                precision: None,
                zoned: true,
            },
            default(Expr::Now),
        ),
        column("on", SqlType::Date, default(Expr::Now)),
        column(
            "tags",
            SqlType::Array(Box::new(SqlType::Text)),
            default(Expr::EmptyArray),
        ),
        column("meta", SqlType::Json { binary: true }, default(Expr::Text("{}".into()))),
        column("raw", SqlType::Bytes, default(Expr::Sql("x'00'".into()))),
        column(
            "status",
            SqlType::Enum(status.clone()),
            default(Expr::Text("in progress".into())),
        ),
        column("old_status", SqlType::Enum(status.clone()), required.clone()),
        column(
            "title_length",
            int(IntBits::B32),
            ColumnValue::Generated {
                expr: Expr::Sql("length(title)".into()),
                stored: false,
            },
        ),
        column("parent", SqlType::Uuid, required),
    ];
    tasks.columns[12].nullable = true;
    tasks.columns[14].nullable = true;
    tasks.primary_key = Some(PrimaryKey::new(name("whatever"), names(&["id"])));
    add_constraints(&mut tasks);
    let mut counters = Table::new(Qualified::local(name("counters")));
    counters.columns = vec![
        column("id", int(IntBits::B32), ColumnValue::identity(Identity::Serial)),
        column("comment", SqlType::Text, ColumnValue::Required),
    ];
    counters.columns[1].comment = Some("gone on SQLite".into());
    counters.primary_key = Some(PrimaryKey::new(name("counters_pkey"), names(&["id"])));
    let values = vec!["todo".to_owned(), "in progress".to_owned(), "it's done".to_owned()];
    let mut schema = Schema::default();
    schema.enums.insert(
        status.clone(),
        Enum {
            name: status,
            values,
            comment: None,
        },
    );
    for table in [tasks, counters] {
        schema.tables.insert(table.name.clone(), table);
    }
    schema
}

fn add_constraints(tasks: &mut Table) {
    let unique = Unique::new(name("tasks_title_small_key"), names(&["title", "small"]));
    tasks.uniques.insert(unique.name.clone(), unique);
    let key = ForeignKey {
        on_delete: Action::SetNull,
        on_update: Action::Restrict,
        deferrable: Deferrable::Immediate,
        ..ForeignKey::new(
            name("tasks_parent_fkey"),
            names(&["parent"]),
            tasks.name.clone(),
            names(&["id"]),
        )
    };
    tasks.foreign_keys.insert(key.name.clone(), key);
    let check = Check::new(
        name("tasks_title_not_blank"),
        Expr::Sql("length( title )>0 and title is not null".into()),
    );
    tasks.checks.insert(check.name.clone(), check);
    let part = |key| IndexPart::new(key);
    let lower = part(IndexKey::Expr(Expr::Sql("lower(title)".into())));
    let at = IndexPart {
        descending: true,
        nulls_first: Some(false),
        ..part(IndexKey::Column(name("at")))
    };
    let index = Index {
        unique: true,
        method: Some(name("btree")),
        predicate: Some(Expr::Sql("done = 0".into())),
        options: std::collections::BTreeMap::new(),
        ..Index::new(name("tasks_title_lower_idx"), vec![lower, at])
    };
    tasks.indexes.insert(index.name.clone(), index);
}

#[tokio::test]
async fn what_is_declared_is_what_is_read() {
    let mut schema = declared();
    sqlite().normalize(&mut schema).unwrap();
    let mut database = Database::empty().await;
    database.run(&create(&schema)).await.unwrap();
    assert_eq!(database.schema().await, schema);
    assert!(schema.enums.is_empty());
    let mut again = schema.clone();
    sqlite().normalize(&mut again).unwrap();
    assert_eq!(again, schema);
}

#[tokio::test]
async fn defaults_and_checks_do_what_they_say() {
    let mut schema = declared();
    sqlite().normalize(&mut schema).unwrap();
    let mut database = Database::empty().await;
    database.run(&create(&schema)).await.unwrap();
    database.execute("INSERT INTO tasks (ratio) VALUES (1)").await;
    let rows = database
        .rows("SELECT quote(done), quote(small), title, price, tags, quote(raw), status, title_length || '', length(\"on\") || '' FROM tasks")
        .await;
    assert_eq!(rows, ["0 | -3 | it's | 0.00 | [] | X'00' | in progress | 4 | 10"]);
    let uuid = &database.rows("SELECT id FROM tasks").await[0];
    let shape: String = uuid.chars().map(|c| if c == '-' { '-' } else { 'x' }).collect();
    assert_eq!(shape, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
    assert_eq!(&uuid[14..15], "4");
    assert!(uuid.chars().all(|c| matches!(c, '-' | '0'..='9' | 'a'..='f')), "{uuid}");
    let error = database
        .try_execute("UPDATE tasks SET status = 'lost'")
        .await
        .unwrap_err();
    assert!(error.contains("tasks_status_check"), "{error}");
}

#[test]
fn what_sqlite_cannot_have_is_refused_by_name() {
    let mut schema = declared();
    let tasks = schema
        .tables
        .values_mut()
        .find(|table| table.name.name == "tasks")
        .unwrap();
    tasks.columns[2].ty = SqlType::Int {
        bits: IntBits::B64,
        unsigned: true,
    };
    tasks.columns[3].value = ColumnValue::identity(Identity::ByDefault);
    tasks
        .uniques
        .values_mut()
        .for_each(|unique| unique.deferrable = Deferrable::Deferred);
    tasks
        .indexes
        .values_mut()
        .for_each(|index| index.method = Some(name("gin")));
    tasks
        .checks
        .values_mut()
        .for_each(|check| check.expr = Expr::Sql("length(title > 0".into()));
    let twin = column("TITLE", SqlType::Text, ColumnValue::Required);
    tasks.columns.push(twin);
    let refusals = sqlite().normalize(&mut schema).unwrap_err();
    let places: Vec<String> = refusals
        .iter()
        .map(|refusal| refusal.part.as_ref().unwrap().to_string())
        .collect();
    assert_eq!(
        places,
        [
            "TITLE",
            "tasks_title_not_blank",
            "small",
            "ratio",
            "tasks_title_small_key",
            "tasks_title_lower_idx"
        ]
    );
}
