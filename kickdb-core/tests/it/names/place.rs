//! Where a name can stand: a schema with each of the names there, rows for it, and a look at them.

use std::num::NonZeroU32;

use kickdb_core::dialect::{Dialect, EnumStorage};
use kickdb_core::diff::Renames;
use kickdb_core::ident::{Name, Qualified};
use kickdb_core::ir::{
    Action, Check, Column, ColumnValue, Counter, Enum, Exclusion, Expr, ForeignKey, Identity, Index, IndexKey,
    IndexPart, IntBits, PrimaryKey, Schema, SqlType, Table, Unique,
};

use super::quoted;

type Dyn<'a> = &'a dyn Dialect;

/// One position.
pub(super) struct Place {
    pub(super) name: &'static str,
    /// Whether the engine has such a thing.
    pub(super) on: fn(Dyn<'_>) -> bool,
    /// Each name in that place, each in a table of its own; with other types after the change.
    pub(super) schema: fn(&[&str], bool, Dyn<'_>) -> Schema,
    /// What of it must be said to be the same under another name.
    pub(super) renames: fn(&[[&str; 2]]) -> Renames,
    /// Rows of table number so and so.
    pub(super) fill: fn(usize, &str, Dyn<'_>) -> Vec<String>,
    /// A query for a row, and its answer at one end of the pair.
    pub(super) look: fn(usize, &[&str; 2], usize, Dyn<'_>) -> (String, String),
}

pub(super) const PLACES: &[Place] = &[
    Place {
        name: "table",
        on: everywhere,
        schema: |names, after, _| {
            let tables = names.iter().enumerate().flat_map(|(at, text)| {
                let mut table = with_note(text, at, after);
                table.comment = Some((*text).to_owned());
                let mut child = plain(&format!("child {at}"));
                child.columns.push(optional("parent", int()));
                let mut key = foreign_key(&format!("fk {at}"), "parent", text, "id");
                key.on_delete = Action::Cascade;
                child.foreign_keys.insert(key.name.clone(), key);
                [table, child]
            });
            of(tables)
        },
        renames: |pairs| {
            let mut renames = Renames::default();
            renames
                .tables
                .extend(pairs.iter().map(|[from, to]| (local(from), local(to))));
            renames
        },
        fill: |at, text, dialect| {
            let (table, child) = (table_name(text, dialect), quoted(&format!("child {at}"), dialect));
            vec![
                format!("INSERT INTO {table} (id) VALUES ({at})"),
                format!("INSERT INTO {child} (id, parent) VALUES (1, {at})"),
            ]
        },
        look: |at, pair, end, dialect| {
            let (table, child) = (table_name(pair[end], dialect), quoted(&format!("child {at}"), dialect));
            let sql = format!(
                "SELECT {} FROM {table} t JOIN {child} c ON c.parent = t.id",
                text_of("t.id", dialect)
            );
            (sql, at.to_string())
        },
    },
    Place {
        name: "column",
        on: everywhere,
        schema: columns,
        renames: |pairs| {
            let mut renames = Renames::default();
            for (at, [from, to]) in pairs.iter().enumerate() {
                for table in ["t", "child "] {
                    let table = local(&format!("{table}{at}"));
                    renames.columns.insert((table, name(from)), name(to));
                }
            }
            renames
        },
        fill: |at, text, dialect| {
            let column = quoted(text, dialect);
            vec![
                format!("INSERT INTO t{at} (nr) VALUES (1)"),
                format!(
                    "INSERT INTO {} (nr, {column}) SELECT 1, {column} FROM t{at}",
                    quoted(&format!("child {at}"), dialect)
                ),
            ]
        },
        // The value came from the default, the computed column from the value.
        look: |at, pair, end, dialect| {
            let (column, child) = (quoted(pair[end], dialect), quoted(&format!("child {at}"), dialect));
            let sql = format!(
                "SELECT concat(t.{column}, '|', t.computed) FROM t{at} t JOIN {child} c ON c.{column} = t.{column}"
            );
            let first = first_default(pair, end);
            (sql, format!("{first}|{first}"))
        },
    },
    Place {
        name: "primary key",
        on: |dialect| dialect.id().as_str() != "mysql",
        schema: |names, after, _| {
            each(names, after, |table, text| {
                table.primary_key = Some(PrimaryKey::new(name(text), vec![name("id")]));
            })
        },
        renames: no_renames,
        fill: insert_id,
        look: look_id,
    },
    Place {
        name: "unique",
        on: everywhere,
        schema: |names, after, _| {
            each(names, after, |table, text| {
                let unique = Unique::new(name(text), vec![name("nr")]);
                table.uniques.insert(unique.name.clone(), unique);
            })
        },
        renames: no_renames,
        fill: insert_id,
        look: look_id,
    },
    Place {
        name: "check",
        on: everywhere,
        schema: |names, after, _| {
            each(names, after, |table, text| {
                let check = Check::new(name(text), Expr::Sql("nr >= 0".to_owned()));
                table.checks.insert(check.name.clone(), check);
            })
        },
        renames: no_renames,
        fill: insert_id,
        look: look_id,
    },
    Place {
        name: "foreign key",
        on: everywhere,
        schema: |names, after, _| {
            let mut schema = each(names, after, |table, text| {
                let key = foreign_key(text, "nr", "target", "id");
                table.foreign_keys.insert(key.name.clone(), key);
                table.columns[1].nullable = true;
            });
            schema.tables.insert(local("target"), plain("target"));
            schema
        },
        renames: no_renames,
        fill: |at, _, _| {
            vec![
                format!("INSERT INTO target (id) VALUES ({at})"),
                format!("INSERT INTO t{at} (id, nr) VALUES (0, {at})"),
            ]
        },
        look: |at, _, _, dialect| (format!("SELECT {} FROM t{at}", text_of("nr", dialect)), at.to_string()),
    },
    Place {
        name: "index",
        on: everywhere,
        schema: |names, after, _| {
            each(names, after, |table, text| {
                let part = IndexPart {
                    descending: true,
                    ..IndexPart::new(IndexKey::Column(name("nr")))
                };
                let index = Index::new(name(text), vec![part, IndexPart::new(IndexKey::Column(name("id")))]);
                table.indexes.insert(index.name.clone(), index);
            })
        },
        renames: no_renames,
        fill: insert_id,
        look: look_id,
    },
    Place {
        name: "exclusion",
        on: postgres,
        schema: |names, after, _| {
            each(names, after, |table, text| {
                let part = IndexPart::new(IndexKey::Column(name("nr")));
                let exclusion = Exclusion::new(name(text), name("btree"), vec![(part, "=".to_owned())]);
                table.exclusions.insert(exclusion.name.clone(), exclusion);
            })
        },
        renames: no_renames,
        fill: insert_id,
        look: look_id,
    },
    Place {
        name: "enum",
        on: everywhere,
        schema: |names, after, dialect| {
            let first = if after && !is_type(dialect) { "second" } else { "first" };
            let mut schema = each(names, after, |table, text| {
                let mut column = Column::new(name("kind"), SqlType::Enum(local(text)));
                column.value = ColumnValue::Default(Expr::Text((*text).to_owned()));
                table.columns.push(column);
            });
            for text in names {
                let values = vec![first.to_owned(), (*text).to_owned()];
                let comment = Some((*text).to_owned());
                schema.enums.insert(
                    local(text),
                    Enum {
                        name: local(text),
                        values,
                        comment,
                    },
                );
            }
            schema
        },
        renames: |pairs| {
            let mut renames = Renames::default();
            for [from, to] in pairs {
                renames.enums.insert(local(from), local(to));
                renames.values.insert((local(to), (*from).to_owned()), (*to).to_owned());
            }
            renames
        },
        fill: |at, text, dialect| {
            if is_type(dialect) {
                insert_id(at, text, dialect)
            } else {
                Vec::new()
            }
        },
        look: |at, pair, end, dialect| match is_type(dialect) {
            true => (
                format!("SELECT {} FROM t{at}", text_of("kind", dialect)),
                pair[end].to_owned(),
            ),
            false => nothing(),
        },
    },
    Place {
        name: "schema",
        on: |dialect| dialect.caps().schemas,
        schema: |names, after, _| {
            let mut schema = Schema::default();
            for (at, text) in names.iter().filter(|text| is_schema(text)).enumerate() {
                let within = |table: &str| Qualified {
                    schema: Some(name(text)),
                    name: name(table),
                };
                let mut table = with_note("t", at, after);
                table.name = within(&format!("t{at}"));
                let of = within("kind");
                schema.enums.insert(
                    of.clone(),
                    Enum {
                        name: of.clone(),
                        values: vec!["a".to_owned()],
                        comment: None,
                    },
                );
                let mut column = Column::new(name("kind"), SqlType::Enum(of));
                column.value = ColumnValue::Default(Expr::Text("a".to_owned()));
                table.columns.push(column);
                let key = ForeignKey {
                    references: table.name.clone(),
                    ..foreign_key("self", "nr", "t", "id")
                };
                table.columns.push(optional("nr", int()));
                table.foreign_keys.insert(key.name.clone(), key);
                schema.tables.insert(table.name.clone(), table);
            }
            schema
        },
        renames: |pairs| {
            let mut renames = Renames::default();
            let pairs = pairs.iter().filter(|pair| pair.iter().all(|text| is_schema(text)));
            for (at, [from, to]) in pairs.enumerate() {
                let within = |schema: &str, table: String| Qualified {
                    schema: Some(name(schema)),
                    name: name(&table),
                };
                renames
                    .tables
                    .insert(within(from, format!("t{at}")), within(to, format!("t{at}")));
                renames
                    .enums
                    .insert(within(from, "kind".to_owned()), within(to, "kind".to_owned()));
            }
            renames
        },
        fill: |_, _, _| Vec::new(),
        look: |_, _, _, _| nothing(),
    },
    Place {
        name: "counter",
        on: postgres,
        schema: |names, after, _| {
            each(names, after, |table, text| {
                let counter = Counter {
                    name: Some(local(text)),
                    ..Counter::default()
                };
                table.columns[1].value = ColumnValue::Identity(Identity::Serial, Some(Box::new(counter)));
            })
        },
        renames: no_renames,
        fill: |at, _, _| vec![format!("INSERT INTO t{at} (id) VALUES ({at})")],
        look: |at, _, _, dialect| (format!("SELECT {} FROM t{at}", text_of("nr", dialect)), "1".to_owned()),
    },
];

/// A schema's name cannot begin with `pg_`, and that of the standard is taken.
fn is_schema(text: &str) -> bool {
    text != "pg_class" && text != "information_schema"
}

/// A column of each name with all that can name a column: keys, checks, predicates, computed columns, defaults.
fn columns(names: &[&str], after: bool, dialect: Dyn<'_>) -> Schema {
    let tables = names.iter().enumerate().flat_map(|(at, text)| {
        let column = quoted(text, dialect);
        let ty = SqlType::Varchar(NonZeroU32::new(if after { 120 } else { 80 }).unwrap());
        let mut of = Column::new(name(text), ty.clone());
        of.comment = Some((*text).to_owned());
        of.value = ColumnValue::Default(Expr::Text((*text).to_owned()));
        let mut table = keyed(&format!("t{at}"), "nr");
        let mut computed = optional("computed", ty);
        computed.value = ColumnValue::Generated {
            expr: Expr::Sql(column.clone()),
            stored: true,
        };
        table.columns.extend([of.clone(), computed]);
        let unique = Unique::new(name(&format!("unique {at}")), vec![name(text)]);
        table.uniques.insert(unique.name.clone(), unique);
        let check = Check::new(name("check"), Expr::Sql(format!("{column} <> 'zzz'")));
        table.checks.insert(check.name.clone(), check);
        let mut index = Index::new(
            name(&format!("index {at}")),
            vec![IndexPart::new(IndexKey::Column(name(text)))],
        );
        if dialect.id().as_str() != "mysql" {
            index.predicate = Some(Expr::Sql(format!("{column} IS NOT NULL")));
            index
                .parts
                .push(IndexPart::new(IndexKey::Expr(Expr::Sql(format!("lower({column})")))));
        }
        table.indexes.insert(index.name.clone(), index);
        let mut child = keyed(&format!("child {at}"), "nr");
        child.columns.push(Column {
            nullable: true,
            value: ColumnValue::Required,
            comment: None,
            ..of
        });
        let key = foreign_key(&format!("fk {at}"), text, &format!("t{at}"), text);
        child.foreign_keys.insert(key.name.clone(), key);
        [table, child]
    });
    self::of(tables)
}

/// The value that a row got from the default when it was written, whatever the column is called now.
fn first_default(pair: &[&str; 2], _end: usize) -> String {
    pair[0].to_owned()
}

fn everywhere(_: Dyn<'_>) -> bool {
    true
}

fn postgres(dialect: Dyn<'_>) -> bool {
    dialect.id().as_str() == "postgres"
}

/// PostgreSQL looks into its own catalog first.
fn table_name(text: &str, dialect: Dyn<'_>) -> String {
    let schema = if text.starts_with("pg_") && postgres(dialect) {
        "public."
    } else {
        ""
    };
    format!("{schema}{}", quoted(text, dialect))
}

fn is_type(dialect: Dyn<'_>) -> bool {
    dialect.caps().enums == EnumStorage::Type
}

fn nothing() -> (String, String) {
    ("SELECT 'nothing'".to_owned(), "nothing".to_owned())
}

fn no_renames(_: &[[&str; 2]]) -> Renames {
    Renames::default()
}

fn insert_id(at: usize, _: &str, _: Dyn<'_>) -> Vec<String> {
    vec![format!("INSERT INTO t{at} (id, nr) VALUES ({at}, {at})")]
}

fn look_id(at: usize, _: &[&str; 2], _: usize, dialect: Dyn<'_>) -> (String, String) {
    (format!("SELECT {} FROM t{at}", text_of("id", dialect)), at.to_string())
}

fn text_of(column: &str, dialect: Dyn<'_>) -> String {
    match dialect.id().as_str() {
        "mysql" => format!("CAST({column} AS char)"),
        _ => format!("CAST({column} AS text)"),
    }
}

/// A table for each name, `t0`, `t1`, …, with a column `nr`.
fn each(names: &[&str], after: bool, put: impl Fn(&mut Table, &&str)) -> Schema {
    let tables = names.iter().enumerate().map(|(at, text)| {
        let mut table = plain(&format!("t{at}"));
        table
            .columns
            .push(Column::new(name("nr"), if after { big() } else { int() }));
        put(&mut table, text);
        if !table.foreign_keys.is_empty() {
            table.columns[1].ty = int();
        }
        table
    });
    of(tables)
}

fn of(tables: impl IntoIterator<Item = Table>) -> Schema {
    Schema {
        tables: tables.into_iter().map(|table| (table.name.clone(), table)).collect(),
        ..Schema::default()
    }
}

fn keyed(text: &str, column: &str) -> Table {
    let mut table = Table::new(local(text));
    table.columns.push(Column::new(name(column), int()));
    table.primary_key = Some(PrimaryKey::new(name(&format!("key of {text}")), vec![name(column)]));
    table
}

pub(super) fn plain(text: &str) -> Table {
    let mut table = Table::new(local(text));
    table.columns.push(Column::new(name("id"), int()));
    table.primary_key = (!text.is_empty()).then(|| PrimaryKey::new(name(&key_name(text)), vec![name("id")]));
    table
}

/// A key's name is in one space with the tables, and has its limit.
fn key_name(table: &str) -> String {
    let hash = table
        .bytes()
        .fold(7_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()));
    format!("key {hash}")
}

fn with_note(text: &str, at: usize, after: bool) -> Table {
    let mut table = plain(text);
    let key = PrimaryKey::new(name(&format!("pk{at}")), vec![name("id")]);
    table.primary_key = Some(key);
    let ty = if after {
        SqlType::Text
    } else {
        SqlType::Varchar(NonZeroU32::new(80).unwrap())
    };
    table.columns.push(optional("note", ty));
    table
}

pub(super) fn foreign_key(text: &str, column: &str, references: &str, referenced: &str) -> ForeignKey {
    ForeignKey::new(
        name(text),
        vec![name(column)],
        local(references),
        vec![name(referenced)],
    )
}

pub(super) fn optional(text: &str, ty: SqlType) -> Column {
    Column {
        nullable: true,
        ..Column::new(name(text), ty)
    }
}

pub(super) fn int() -> SqlType {
    SqlType::Int {
        bits: IntBits::B32,
        unsigned: false,
    }
}

fn big() -> SqlType {
    SqlType::Int {
        bits: IntBits::B64,
        unsigned: false,
    }
}

pub(super) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub(super) fn local(text: &str) -> Qualified {
    Qualified::local(name(text))
}
