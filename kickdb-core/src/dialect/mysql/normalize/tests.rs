use std::num::NonZeroU32;

use crate::dialect::Normalize;
use crate::dialect::mysql::Mysql;
use crate::ident::{Name, Qualified};
use crate::ir::{
    Column, ColumnValue, Deferrable, Enum, Expr, ForeignKey, Identity, Index, IndexKey, IndexPart, PrimaryKey, Schema,
    SqlType, Table, Unique,
};

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn index(of: &str, column: &str) -> Index {
    Index {
        options: std::collections::BTreeMap::new(),
        ..Index::new(name(of), vec![IndexPart::new(IndexKey::Column(name(column)))])
    }
}

/// One table `t` with a key, an owner and what a test adds.
fn schema(add: impl FnOnce(&mut Table)) -> Schema {
    let mut table = Table::new(Qualified::local(name("t")));
    table.columns.push(Column::new(name("id"), SqlType::Uuid));
    table.primary_key = Some(PrimaryKey::new(name("t_pkey"), vec![name("id")]));
    add(&mut table);
    let state = Qualified::local(name("state"));
    let e = Enum {
        name: state.clone(),
        values: vec!["todo".into(), "it's".into()],
        comment: None,
    };
    Schema {
        tables: [(table.name.clone(), table)].into(),
        enums: [(state, e)].into(),
        ..Schema::default()
    }
}

fn normal(add: impl FnOnce(&mut Table)) -> Table {
    let mut schema = schema(add);
    Mysql.normalize(&mut schema).unwrap();
    assert!(schema.enums.is_empty(), "an enum is part of the column's type");
    let once = schema.clone();
    Mysql.normalize(&mut schema).unwrap();
    assert_eq!(schema, once, "normalize rests");
    schema.tables.into_values().next().unwrap()
}

fn refused(add: impl FnOnce(&mut Table)) -> String {
    let refusals = Mysql.normalize(&mut schema(add)).unwrap_err();
    refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn default(ty: SqlType, value: Expr) -> Option<Expr> {
    let table = normal(|table| {
        let mut column = Column::new(name("c"), ty);
        column.nullable = true;
        column.value = ColumnValue::Default(value);
        table.columns.push(column);
    });
    match table.columns.into_iter().nth(1).unwrap().value {
        ColumnValue::Default(expr) => Some(expr),
        _ => None,
    }
}

#[test]
fn defaults_are_what_the_server_would_say() {
    let sql = |text: &str| Expr::Sql(text.to_owned());
    let text = |text: &str| Expr::Text(text.to_owned());
    let moment = |precision| SqlType::Timestamp { precision, zoned: true };
    let decimal = SqlType::Decimal(Some((10, 2)));
    for (ty, given, said) in [
        (SqlType::Bool, sql("1"), Some(Expr::Bool(true))),
        (decimal.clone(), sql("1.5"), Some(sql("1.50"))),
        (decimal, Expr::Int(3), Some(sql("3.00"))),
        (SqlType::Float { double: true }, sql("1e3"), Some(Expr::Int(1000))),
        (SqlType::Text, Expr::Null, None),
        (SqlType::Text, sql("'it\\'s'"), Some(text("it's"))),
        (moment(None), sql("NOW(6)"), Some(Expr::Now)),
        (moment(None), sql("CURRENT_TIMESTAMP"), Some(Expr::Now)),
        (moment(Some(0)), text("2020-01-01"), Some(text("2020-01-01 00:00:00"))),
        (SqlType::Date, Expr::Now, Some(sql("curdate()"))),
        (SqlType::Uuid, sql("(UUID())"), Some(Expr::NewUuid)),
        (
            SqlType::Array(Box::new(SqlType::Text)),
            Expr::EmptyArray,
            Some(text("[]")),
        ),
        (
            moment(None),
            sql("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"),
            Some(sql("current_timestamp(6) on update current_timestamp(6)")),
        ),
        (
            moment(None),
            sql("CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)"),
            Some(sql("current_timestamp(6) on update current_timestamp(6)")),
        ),
    ] {
        assert_eq!(default(ty.clone(), given.clone()), said, "{ty:?} {given:?}");
    }
}

#[test]
fn an_enum_is_inline_and_a_key_has_one_name() {
    let table = normal(|table| {
        let state = Qualified::local(name("state"));
        table.columns.push(Column::new(name("s"), SqlType::Enum(state)));
        let mut unique = index("one_s", "s");
        unique.unique = true;
        table.indexes.insert(name("one_s"), unique);
    });
    assert_eq!(table.columns[1].ty, SqlType::Native("enum('todo','it''s')".into()));
    assert_eq!(table.columns[0].ty, SqlType::Char(NonZeroU32::new(36).unwrap()));
    assert_eq!(table.primary_key.unwrap().name, "PRIMARY");
    assert!(table.indexes.is_empty() && table.uniques.contains_key(&name("one_s")));
}

#[test]
fn the_index_of_a_foreign_key_belongs_to_it() {
    let key = |table: &mut Table| {
        table.columns.push(Column::new(name("up"), SqlType::Uuid));
        let key = ForeignKey::new(name("t_up"), vec![name("up")], table.name.clone(), vec![name("id")]);
        table.foreign_keys.insert(key.name.clone(), key);
        table.indexes.insert(name("t_up"), index("t_up", "up"));
    };
    assert!(normal(key).indexes.is_empty());
    let other = normal(|table| {
        key(table);
        table.indexes.insert(name("own"), index("own", "up"));
    });
    assert_eq!(other.indexes.len(), 2, "beside another index it is one of its own");
}

#[test]
fn what_the_server_cannot_have_is_refused_with_its_place() {
    let unique = |columns: &[&str]| Unique::new(name("t_key"), columns.iter().map(|column| name(column)).collect());
    let said = refused(|table| {
        table.columns.push(Column::new(name("title"), SqlType::Text));
        table.indexes.insert(name("t_idx"), index("t_idx", "title"));
    });
    assert!(said.contains("`t.title`") && said.contains("varchar(255)"), "{said}");
    let said = refused(|table| {
        let mut partial = index("part", "id");
        partial.predicate = Some(Expr::Sql("id IS NOT NULL".into()));
        partial.include = vec![name("id")];
        table.indexes.insert(name("part"), partial);
    });
    assert!(
        said.contains("partial") && said.contains("beside an index's key"),
        "{said}"
    );
    let said = refused(|table| {
        let mut unique = unique(&["id"]);
        unique.deferrable = Deferrable::Deferred;
        unique.nulls_distinct = false;
        table.uniques.insert(name("t_key"), unique);
        let mut counts = Column::new(
            name("n"),
            SqlType::Int {
                bits: crate::ir::IntBits::B32,
                unsigned: false,
            },
        );
        counts.value = ColumnValue::identity(Identity::ByDefault);
        table.columns.push(counts);
        table.columns.push(Column::new(name("N"), SqlType::Decimal(None)));
        table.comment = Some("x".into());
        table
            .indexes
            .insert(name(&"i".repeat(65)), index(&"i".repeat(65), "id"));
    });
    for part in [
        "deferred",
        "NULLs are always different",
        "first of a key",
        "column `n`",
        "decimal(19, 4)",
        "65 characters",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn a_column_counts_in_groups_where_the_engine_lets_it() {
    let counting = |engine: Option<&str>| {
        let mut schema = schema(|table| {
            let mut counts = Column::new(
                name("n"),
                SqlType::Int {
                    bits: crate::ir::IntBits::B32,
                    unsigned: false,
                },
            );
            counts.value = ColumnValue::identity(Identity::ByDefault);
            table.columns.push(counts);
            table.primary_key = Some(PrimaryKey::new(name("PRIMARY"), vec![name("id"), name("n")]));
            let engine = engine.map(|engine| (super::ENGINE.to_owned(), engine.to_owned()));
            table.options.extend(engine);
        });
        Mysql.normalize(&mut schema).is_ok()
    };
    let may = [None, Some("InnoDB"), Some("MyISAM"), Some("aria")].map(counting);
    assert_eq!(may, [false, false, true, true]);
}

/// The server keeps such a key by a hash, and says so; a B-tree it would need a length for.
#[test]
fn a_unique_key_over_a_text_is_one_however_the_server_keeps_it() {
    let with = |method: Option<&str>| {
        let mut schema = schema(|table| {
            table.columns.push(Column::new(name("title"), SqlType::Text));
            let mut unique = index("t_key", "title");
            unique.unique = true;
            unique.method = method.map(name);
            table.indexes.insert(name("t_key"), unique);
        });
        Mysql.normalize(&mut schema).unwrap();
        schema
    };
    assert_eq!(with(Some("hash")), with(None));
    let table = with(None).tables.into_values().next().unwrap();
    assert!(table.indexes.is_empty() && table.uniques.contains_key(&name("t_key")));
}

#[test]
fn a_text_is_as_wide_as_its_character_set_allows() {
    let wide = |collation: Option<&str>, length: u32| {
        let mut schema = schema(|table| {
            let length = NonZeroU32::new(length).unwrap();
            table.columns.push(Column::new(name("title"), SqlType::Varchar(length)));
            if let Some(collation) = collation {
                table.options.insert(super::COLLATE.to_owned(), collation.to_owned());
            }
        });
        Mysql.normalize(&mut schema).map_err(|refusals| refusals[0].to_string())
    };
    for (collation, most) in [
        (None, 16_383),
        (Some("utf8mb4_bin"), 16_383),
        (Some("utf8mb3_bin"), 21_844),
        (Some("ucs2_bin"), 32_766),
        (Some("latin1_bin"), 65_532),
    ] {
        wide(collation, most).unwrap();
        let refused = wide(collation, most + 1).unwrap_err();
        assert!(
            refused.contains("t.title") && refused.contains(&most.to_string()),
            "{refused}"
        );
    }
}
