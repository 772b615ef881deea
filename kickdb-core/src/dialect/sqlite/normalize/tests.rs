use crate::dialect::Normalize;
use crate::dialect::sqlite::Sqlite;
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Enum, Expr, Identity, IntBits, PrimaryKey, Schema, SqlType, Table};

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn with(table: Table) -> Schema {
    let mut schema = Schema::default();
    schema.tables.insert(table.name.clone(), table);
    schema
}

fn table(columns: Vec<Column>) -> Table {
    let mut table = Table::new(Qualified::local(name("t")));
    table.columns = columns;
    table
}

const INT: SqlType = SqlType::Int {
    bits: IntBits::B32,
    unsigned: false,
};

#[test]
fn an_enum_becomes_text_with_a_check() {
    let mood = Qualified::local(name("mood"));
    let mut schema = with(table(vec![Column::new(name("m"), SqlType::Enum(mood.clone()))]));
    let values = vec!["sad".to_owned(), "it's ok".to_owned()];
    schema.enums.insert(
        mood.clone(),
        Enum {
            name: mood,
            values,
            comment: None,
        },
    );
    Sqlite.normalize(&mut schema).unwrap();
    let table = schema.tables.values().next().unwrap();
    assert_eq!(table.columns[0].ty, SqlType::Text);
    assert_eq!(
        table.checks[&name("t_m_check")].expr,
        Expr::Sql("\"m\" IN ('sad', 'it''s ok')".to_owned())
    );
    assert!(schema.enums.is_empty());
}

#[test]
fn a_lone_integer_key_counts_by_itself() {
    let mut one = table(vec![Column::new(name("id"), INT)]);
    one.primary_key = Some(PrimaryKey::new(name("k"), vec![name("id")]));
    let mut schema = with(one.clone());
    Sqlite.normalize(&mut schema).unwrap();
    let normal = schema.tables.values().next().unwrap();
    assert_eq!(normal.columns[0].value, ColumnValue::identity(Identity::ByDefault));
    assert_eq!(normal.primary_key.as_ref().unwrap().name, "t_pkey");

    one.options.insert("without_rowid".to_owned(), "true".to_owned());
    let mut schema = with(one);
    Sqlite.normalize(&mut schema).unwrap();
    let normal = schema.tables.values().next().unwrap();
    assert_eq!(normal.columns[0].value, ColumnValue::Required);
    assert_eq!(normal.options.keys().collect::<Vec<_>>(), ["without rowid"]);
}

#[test]
fn named_schemas_are_refused() {
    let mut schema = with(Table {
        name: Qualified {
            schema: Some(name("billing")),
            name: name("t"),
        },
        ..table(vec![Column::new(name("a"), INT)])
    });
    schema.namespaces.insert(name("billing"));
    let refusals = Sqlite.normalize(&mut schema).unwrap_err();
    assert_eq!(
        refusals[0].to_string(),
        "`billing.t`: SQLite has no named schemas; leave the schema out, or put it in front of the table's name (`billing_invoices`)"
    );
}
