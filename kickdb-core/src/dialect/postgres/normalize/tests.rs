use super::*;
use crate::dialect::{Objects, Types};
use crate::ir::{Action, Check, IntBits};
use crate::ir::{
    Column, ColumnValue, Expr, ForeignKey, Identity, Index, IndexKey, IndexPart, PrimaryKey, SqlType, Table,
};

fn name(text: &str) -> Name {
    Name::new(text).expect("it is a name")
}

fn column(of: &str, ty: &str) -> Column {
    Column::new(name(of), Postgres.parse(ty).expect(ty))
}

fn table(of: &str, columns: Vec<Column>) -> Table {
    Table {
        columns,
        ..Table::new(Qualified::local(name(of)))
    }
}

fn schema(tables: Vec<Table>) -> Schema {
    Schema {
        tables: tables.into_iter().map(|table| (table.name.clone(), table)).collect(),
        ..Schema::default()
    }
}

fn normal(mut schema: Schema) -> Schema {
    Postgres.normalize(&mut schema).expect("PostgreSQL can have it");
    let once = schema.clone();
    Postgres.normalize(&mut schema).expect("it still can");
    assert_eq!(schema, once, "the normal form is not stable");
    schema
}

fn refused(mut schema: Schema) -> String {
    let refusals = Postgres.normalize(&mut schema).expect_err("PostgreSQL cannot have it");
    refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn public_is_no_schema_and_others_are_collected() {
    let mut tasks = table("tasks", vec![column("id", "bigint")]);
    tasks.name.schema = Some(name("public"));
    let mut invoices = table("invoices", vec![column("task_id", "bigint")]);
    invoices.name.schema = Some(name("billing"));
    let key = ForeignKey {
        on_delete: Action::Cascade,
        ..ForeignKey::new(
            name("invoices_task_id_fkey"),
            vec![name("task_id")],
            tasks.name.clone(),
            Vec::new(),
        )
    };
    invoices.foreign_keys.insert(key.name.clone(), key);
    tasks.primary_key = Some(PrimaryKey::new(name("tasks_pkey"), vec![name("id")]));
    let schema = normal(schema(vec![tasks, invoices.clone()]));
    assert_eq!(schema.namespaces, BTreeSet::from([name("billing")]));
    let key = &schema.tables[&invoices.name].foreign_keys[&name("invoices_task_id_fkey")];
    assert_eq!(key.references, Qualified::local(name("tasks")));
    assert_eq!(key.referenced, [name("id")]);
}

#[test]
fn what_goes_without_saying_is_not_said() {
    let mut tasks = table(
        "tasks",
        vec![
            column("id", "bigint"),
            column("title", "varchar(40)"),
            column("at", "timestamptz"),
        ],
    );
    tasks.columns[0].nullable = true;
    tasks.columns[0].value = ColumnValue::identity(Identity::Always);
    tasks.columns[1].collation = Some(name("default"));
    tasks.columns[1].comment = Some(String::new());
    tasks.columns[1].value = ColumnValue::Default(Expr::Sql("NULL".into()));
    let part = |key, descending, nulls_first, opclass: Option<&str>| IndexPart {
        descending,
        nulls_first,
        opclass: opclass.map(name),
        ..IndexPart::new(key)
    };
    let index = Index {
        nulls_distinct: false,
        method: Some(name("btree")),
        predicate: Some(Expr::Sql("((title)::text <> ''::text)".into())),
        options: std::collections::BTreeMap::new(),
        ..Index::new(
            name("tasks_idx"),
            vec![
                part(IndexKey::Column(name("title")), false, Some(false), Some("text_ops")),
                part(IndexKey::Column(name("at")), true, Some(true), None),
                part(
                    IndexKey::Expr(Expr::Sql("(tasks.title)".into())),
                    false,
                    Some(true),
                    Some("text_pattern_ops"),
                ),
            ],
        )
    };
    tasks.indexes.insert(index.name.clone(), index);
    let schema = normal(schema(vec![tasks]));
    let table = &schema.tables[&Qualified::local(name("tasks"))];
    assert!(!table.columns[0].nullable);
    assert_eq!(table.columns[1], column("title", "varchar(40)"));
    let index = &table.indexes[&name("tasks_idx")];
    assert_eq!((index.method.as_ref(), index.nulls_distinct), (None, true));
    assert_eq!(index.predicate, Some(Expr::Sql("title <> ''".into())));
    assert_eq!(index.parts[0], part(IndexKey::Column(name("title")), false, None, None));
    assert_eq!(index.parts[1], part(IndexKey::Column(name("at")), true, None, None));
    assert_eq!(
        index.parts[2],
        part(
            IndexKey::Column(name("title")),
            false,
            Some(true),
            Some("text_pattern_ops")
        )
    );
}

#[test]
fn everything_that_cannot_be_is_refused_at_once() {
    let unsigned = Column::new(
        name("count"),
        SqlType::Int {
            bits: IntBits::B32,
            unsigned: true,
        },
    );
    let mut text_identity = column("id", "text");
    text_identity.value = ColumnValue::identity(Identity::ByDefault);
    let long = "x".repeat(64);
    let mut tasks = table(
        "tasks",
        vec![unsigned, text_identity, column(&long, "text"), column("xmin", "text")],
    );
    let check = Check::new(name("tasks_pkey"), Expr::Bool(true));
    tasks.checks.insert(check.name.clone(), check);
    tasks.primary_key = Some(PrimaryKey::new(name("tasks_pkey"), vec![name("id")]));
    let mut pkey = table("tasks_pkey", Vec::new());
    pkey.name.schema = Some(name("public"));
    let mut system = table("stats", Vec::new());
    system.name.schema = Some(name("pg_mine"));
    let message = refused(schema(vec![tasks, pkey, system]));
    for part in [
        "`tasks.count`: PostgreSQL has no type `unsigned integer`; PostgreSQL has only signed integers",
        "`tasks.id`: a column of type `text` cannot count by itself",
        "has 64 bytes, PostgreSQL keeps 63",
        "`tasks.xmin`: every table of PostgreSQL has a system column",
        "a primary key and a check of this table have the same name",
        "`tasks_pkey.tasks_pkey`: the name of this table is already that of a primary key of `tasks`",
        "the schema `pg_mine` is PostgreSQL's own",
    ] {
        assert!(message.contains(part), "missing: {part}\nin:\n{message}");
    }
}

#[test]
fn an_enum_by_the_name_of_an_extension_type_is_an_enum() {
    let cube = Enum {
        name: Qualified::local(name("cube")),
        values: vec!["a".into()],
        comment: None,
    };
    let mut schema = schema(vec![table("t", vec![column("c", "cube"), column("cs", "cube[]")])]);
    schema.enums.insert(cube.name.clone(), cube.clone());
    let schema = normal(schema);
    let columns = &schema.tables[&Qualified::local(name("t"))].columns;
    assert_eq!(columns[0].ty, SqlType::Enum(cube.name.clone()));
    assert_eq!(columns[1].ty, SqlType::Array(Box::new(SqlType::Enum(cube.name))));
}

#[test]
fn an_enum_value_is_there_once() {
    let mut schema = Schema::default();
    let mood = Enum {
        name: Qualified::local(name("mood")),
        values: vec!["a".into(), "a".into()],
        comment: None,
    };
    schema.enums.insert(mood.name.clone(), mood);
    assert!(refused(schema).contains("`mood`: the value `a` is there twice"));
}

#[test]
fn what_the_server_would_take_for_its_own_is_refused() {
    for (sql, refused) in [
        ("CREATE DOMAIN date AS text", true),
        ("CREATE TYPE point AS (x integer)", true),
        ("CREATE COLLATION \"C\" (locale = 'C')", true),
        ("CREATE DOMAIN app.date AS text", false),
        ("CREATE COLLATION c (locale = 'C')", false),
    ] {
        let mut schema = Schema::default();
        let (id, object) = Postgres.read_object(sql).expect(sql);
        schema.objects.insert(id, object);
        let found = Postgres.normalize(&mut schema).err().unwrap_or_default();
        let told = found.iter().any(|refusal| refusal.message.contains("itself has a"));
        assert_eq!(told, refused, "{sql}: {found:?}");
    }
}

#[test]
fn rows_of_a_table_named_like_a_type_of_the_servers_are_refused() {
    let own = Qualified::local(name("point"));
    let row = |ty: SqlType| table("t", vec![Column::new(name("p"), ty)]);
    let of = |ty: SqlType| schema(vec![row(ty), table("point", vec![column("x", "integer")])]);
    let told = refused(of(SqlType::Array(Box::new(SqlType::Enum(own.clone())))));
    assert!(told.contains("`t.p`: it holds rows of `point`"), "{told}");
    // The server's own beside a table of the name.
    normal(of(SqlType::Native("point".into())));
    let elsewhere = Qualified {
        schema: Some(name("app")),
        ..own
    };
    normal(of(SqlType::Enum(elsewhere)));
}
