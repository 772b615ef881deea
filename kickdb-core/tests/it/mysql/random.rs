//! Random schemas of MariaDB, random edits of them, and rows that both sides allow.

use kickdb_core::diff::Renames;
use kickdb_core::ident::{Name, Qualified};
use kickdb_core::ir::{
    Action, Check, Column, ColumnValue, Expr, ForeignKey, Identity, Index, IndexKey, IndexPart, ObjectId, ObjectKind,
    PrimaryKey, Schema, SqlType, Table, Unique,
};

use super::{mysql, name};
use crate::sample::Random;

/// A type, a default of it, the value of a row by its number (`#`), and a type that holds all of its values.
struct Kind {
    ty: &'static str,
    default: &'static str,
    value: &'static str,
    wider: &'static str,
}

const fn kind(ty: &'static str, default: &'static str, value: &'static str, wider: &'static str) -> Kind {
    Kind {
        ty,
        default,
        value,
        wider,
    }
}

const KINDS: &[Kind] = &[
    kind("int", "7", "-#", "bigint"),
    kind("smallint unsigned", "0", "6553#", "int"),
    kind("bigint unsigned", "1", "1844674407370955161#", "bigint unsigned"),
    kind("decimal(8,2)", "1.50", "-#.25", "decimal(12,4)"),
    kind("double", "0.5", "#.125", "double"),
    kind("tinyint(1)", "1", "# mod 2", "int"),
    kind("bit(5)", "b'101'", "#", "bit(9)"),
    kind("varchar(40)", "'it''s'", "'v# ä€😀 \\\\'", "varchar(200)"),
    kind("char(9)", "''", "'c#'", "varchar(30)"),
    kind("text", "('x')", "'t#'", "longtext"),
    kind("varbinary(9)", "'b'", "x'00ff0#'", "varbinary(300)"),
    kind("blob", "('b')", "x'fe0#'", "longblob"),
    kind("date", "'2020-02-29'", "'2021-01-0#'", "datetime(6)"),
    kind(
        "datetime",
        "current_timestamp()",
        "'2021-01-01 10:00:0#'",
        "datetime(6)",
    ),
    kind(
        "timestamp(3)",
        "current_timestamp(3)",
        "'2021-01-01 10:00:00.00#'",
        "timestamp(6)",
    ),
    kind("time(2)", "'10:00:00'", "'-10:00:00.0#'", "time(6)"),
    kind("year", "2020", "200#", "year"),
    kind("json", "('{}')", "'[#]'", "json"),
    kind("enum('a','it''s','c')", "'it''s'", "#", "enum('new','c','it''s','a')"),
    kind("set('x','y','z')", "'x,z'", "#", "set('x','y','z','w')"),
    kind("inet6", "'::1'", "'fe80::#'", "inet6"),
    kind(
        "uuid",
        "(uuid())",
        "concat('00000000-0000-4000-8000-00000000000', #)",
        "uuid",
    ),
];

const TABLES: &[&str] = &["users", "Order Lines", "select", "größe", "a`b"];
const COLUMNS: &[&str] = &[
    "name",
    "created at",
    "Select",
    "größe",
    "end",
    "it's",
    "a`b",
    "total",
    "note",
    "key",
];
/// None of them is the name of what was dropped, which would then be the same thing with another type.
const NEW_TABLES: &[&str] = &["fresh", "Group"];
const NEW_COLUMNS: &[&str] = &["new", "order by", "straße", "x`y"];
const COLLATIONS: &[&str] = &["utf8mb4_bin", "utf8mb4_unicode_ci", "latin1_swedish_ci"];

pub(super) fn quoted(name: &Name) -> String {
    let mut sql = String::new();
    mysql().quote(name, &mut sql);
    sql
}

fn ty(text: &str) -> SqlType {
    mysql().parse(text).unwrap()
}

fn kind_of(column: &Column) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| ty(kind.ty) == column.ty)
}

fn pick<'a, T>(from: &'a [T], random: &mut Random) -> &'a T {
    &from[random.below(from.len())]
}

pub(super) fn schema(random: &mut Random) -> Schema {
    let mut schema = Schema::default();
    for _ in 0..=random.below(3) {
        let table = table(pick::<&str>(TABLES, random), random);
        schema.tables.insert(table.name.clone(), table);
    }
    for _ in 0..random.below(4) {
        add_foreign_key(&mut schema, random);
    }
    for _ in 0..random.below(3) {
        add_object(&mut schema, random);
    }
    schema
}

fn table(named: &str, random: &mut Random) -> Table {
    let mut table = Table::new(Qualified::local(name(named)));
    let mut id = Column::new(name("id"), ty("bigint"));
    if random.once_in(2) {
        id.value = ColumnValue::identity(Identity::ByDefault);
    }
    table.columns.push(id);
    let mut number = Column::new(name("n"), ty("int"));
    number.nullable = true;
    table.columns.push(number);
    table.primary_key = Some(PrimaryKey::new(name("PRIMARY"), vec![name("id")]));
    for _ in 0..=random.below(5) {
        add_column(&mut table, COLUMNS, random);
    }
    for _ in 0..random.below(4) {
        add_part(&mut table, random);
    }
    if random.once_in(4) {
        let collation = pick(COLLATIONS, random);
        // Rows hold what latin1 cannot.
        if !collation.starts_with("latin1") {
            table.options.insert("collate".to_owned(), (*collation).to_owned());
        }
    }
    if random.once_in(4) {
        table.options.insert("row_format".to_owned(), "COMPACT".to_owned());
    }
    table
}

fn add_column(table: &mut Table, names: &[&str], random: &mut Random) {
    let of = name(pick::<&str>(names, random));
    if table.column(&of).is_some() {
        return;
    }
    let kind = pick(KINDS, random);
    let mut column = Column::new(of, ty(kind.ty));
    column.nullable = random.once_in(2);
    if random.once_in(3) {
        column.value = ColumnValue::Default(Expr::Sql(kind.default.to_owned()));
    }
    if random.once_in(6) {
        column.comment = Some("it's \\ \"x\"".to_owned());
    }
    if random.once_in(8) && (column.nullable || column.value != ColumnValue::Required) {
        column.options.insert("invisible".to_owned(), String::new());
    }
    let place = 1 + random.below(table.columns.len());
    table.columns.insert(place, column);
    if random.once_in(5) {
        let of = name(&format!("computed {}", table.columns.len()));
        let mut computed = Column::new(of, ty("bigint"));
        computed.nullable = true;
        computed.value = ColumnValue::Generated {
            expr: Expr::Sql(format!("`n` + {}", random.below(9))),
            stored: random.once_in(2),
        };
        table.columns.push(computed);
    }
}

/// A key, a unique key or a check. With the key among its columns no rows are in the way of a unique one.
fn add_part(table: &mut Table, random: &mut Random) {
    let of = name(&format!("part {}", random.below(99)));
    if table.indexes.contains_key(&of) || table.uniques.contains_key(&of) || table.checks.contains_key(&of) {
        return;
    }
    let column = pick(&table.columns, random).clone();
    let large = ["text", "blob", "json"].map(ty).contains(&column.ty);
    let key = match large {
        true => IndexKey::Expr(Expr::Sql(format!("{}({})", quoted(&column.name), 5 + random.below(9)))),
        false => IndexKey::Column(column.name.clone()),
    };
    match random.below(4) {
        0 if !large => {
            let mut columns = vec![column.name.clone(), name("id")];
            columns.dedup();
            table.uniques.insert(of.clone(), Unique::new(of, columns));
        }
        // What counts by itself cannot be read by a check, nor what a foreign key can set to NULL.
        1 if column.name != "id" && !column.name.as_str().starts_with("ref ") => {
            let text = format!("{} is not null or `n` > -{}", quoted(&column.name), 5 + random.below(3));
            table.checks.insert(of.clone(), Check::new(of, Expr::Sql(text)));
        }
        _ => {
            let mut parts = vec![IndexPart {
                descending: !large && random.once_in(4),
                ..IndexPart::new(key)
            }];
            if column.name != "id" && random.once_in(3) {
                parts.push(IndexPart::new(IndexKey::Column(name("id"))));
            }
            let mut index = Index::new(of.clone(), parts);
            if random.once_in(5) {
                index.options.insert("ignored".to_owned(), String::new());
            }
            table.indexes.insert(of, index);
        }
    }
}

/// A column that can be NULL, and a foreign key from it to the key of any table.
fn add_foreign_key(schema: &mut Schema, random: &mut Random) {
    let names: Vec<Qualified> = schema.tables.keys().cloned().collect();
    let (owner, target) = (pick(&names, random).clone(), pick(&names, random).clone());
    let number = random.below(99);
    let (of, column) = (name(&format!("fk {number}")), name(&format!("ref {number}")));
    let taken = |table: &Table| table.foreign_keys.contains_key(&of) || table.column(&column).is_some();
    if schema.tables.values().any(taken) {
        return;
    }
    let key = ForeignKey {
        on_delete: *pick(&[Action::Restrict, Action::Cascade, Action::SetNull], random),
        ..ForeignKey::new(of.clone(), vec![column.clone()], target, vec![name("id")])
    };
    let mut column = Column::new(column, ty("bigint"));
    column.nullable = true;
    let table = schema.tables.get_mut(&owner).unwrap();
    table.columns.push(column);
    table.foreign_keys.insert(of, key);
}

/// A view as the server keeps it, or a trigger.
fn add_object(schema: &mut Schema, random: &mut Random) {
    let names: Vec<Qualified> = schema.tables.keys().cloned().collect();
    let table = quoted(&pick(&names, random).name);
    let of = format!("`object {}`", random.below(99));
    let sql = match random.below(2) {
        0 => format!(
            "CREATE VIEW {of} AS select {table}.`id` AS `id` from {table} where {table}.`id` > {}",
            random.below(9)
        ),
        _ => format!(
            "CREATE TRIGGER {of} BEFORE UPDATE ON {table} FOR EACH ROW\nset @seen = {}",
            random.below(9)
        ),
    };
    let (id, object) = mysql().read_object(&sql).unwrap();
    // One trigger at each moment of a table: their order is another test.
    let twin = |other: &ObjectId| other.kind == ObjectKind::Trigger && other.on == id.on;
    if !schema.objects.keys().any(twin) {
        schema.objects.insert(id, object);
    }
}

/// The schema after a few edits, and what was renamed.
pub(super) fn edit(from: &Schema, random: &mut Random) -> (Schema, Renames) {
    let (mut to, mut renames) = (from.clone(), Renames::default());
    for _ in 0..=random.below(4) {
        let names: Vec<Qualified> = to.tables.keys().cloned().collect();
        let named = pick(&names, random).clone();
        match random.below(9) {
            0 => {
                let table = table(pick::<&str>(NEW_TABLES, random), random);
                if !to.tables.contains_key(&table.name) {
                    to.tables.insert(table.name.clone(), table);
                }
            }
            1 if names.len() > 1 => drop_table(&mut to, &named),
            2 => add_foreign_key(&mut to, random),
            3 => add_object(&mut to, random),
            4 => drop(to.objects.pop_first()),
            5 => edit_parts(to.tables.get_mut(&named).unwrap(), random),
            _ => edit_columns(to.tables.get_mut(&named).unwrap(), from, &mut renames, random),
        }
    }
    (to, renames)
}

fn drop_table(schema: &mut Schema, named: &Qualified) {
    schema.tables.remove(named);
    for table in schema.tables.values_mut() {
        table.foreign_keys.retain(|_, key| key.references != *named);
    }
    let said = format!("{}.", quoted(&named.name));
    schema
        .objects
        .retain(|id, object| id.on.as_ref() != Some(named) && !object.sql.contains(&said));
}

fn edit_parts(table: &mut Table, random: &mut Random) {
    match random.below(6) {
        0 => drop(table.indexes.pop_first()),
        1 => drop(table.uniques.pop_first()),
        2 => drop(table.checks.pop_first()),
        3 => {
            if let Some((_, key)) = table.foreign_keys.pop_first() {
                let key = ForeignKey {
                    on_delete: Action::Cascade,
                    ..key
                };
                if random.once_in(2) {
                    table.foreign_keys.insert(key.name.clone(), key);
                }
            }
        }
        4 => table.comment = Some(format!("comment {}", random.below(9))),
        _ => add_part(table, random),
    }
}

fn edit_columns(table: &mut Table, from: &Schema, renames: &mut Renames, random: &mut Random) {
    let free: Vec<Name> = table
        .columns
        .iter()
        .map(|column| column.name.clone())
        .filter(|of| is_free(table, of))
        .collect();
    if free.is_empty() || random.once_in(4) {
        add_column(table, NEW_COLUMNS, random);
        return;
    }
    let of = pick(&free, random).clone();
    let at = table.columns.iter().position(|column| column.name == of).unwrap();
    let old = from
        .tables
        .get(&table.name)
        .is_some_and(|table| table.column(&of).is_some());
    let new = name(&format!("renamed {}", random.below(9)));
    match random.below(6) {
        0 => drop(table.columns.remove(at)),
        1 if old && table.column(&new).is_none() => {
            renames.columns.insert((table.name.clone(), of), new.clone());
            table.columns[at].name = new;
        }
        2 => table.columns[at].comment = Some(format!("note {}", random.below(9))),
        3 => {
            if let Some(kind) = kind_of(&table.columns[at]) {
                table.columns[at].ty = ty(kind.wider);
                table.columns[at].value = ColumnValue::Required;
            }
        }
        4 if table.columns[at].options.is_empty() => table.columns[at].nullable = true,
        _ => {
            if let Some(kind) = kind_of(&table.columns[at]) {
                table.columns[at].value = ColumnValue::Default(Expr::Sql(kind.default.to_owned()));
            }
        }
    }
}

/// Whether nothing says the column, and it is not computed.
fn is_free(table: &Table, of: &Name) -> bool {
    let said = quoted(of);
    let column = table.column(of).unwrap();
    let keys = table.foreign_keys.values().flat_map(|key| &key.columns);
    let uniques = table.uniques.values().flat_map(|unique| &unique.columns);
    let mut parts = table.indexes.values().flat_map(|index| &index.parts);
    let in_part = parts.any(|part| match &part.key {
        IndexKey::Column(column) => column == of,
        IndexKey::Expr(expr) => matches!(expr, Expr::Sql(sql) if sql.contains(&said)),
    });
    let mut checks = table.checks.values();
    let in_check = checks.any(|check| matches!(&check.expr, Expr::Sql(sql) if sql.contains(&said)));
    *of != "id"
        && *of != "n"
        && !in_part
        && !in_check
        && !matches!(column.value, ColumnValue::Generated { .. })
        && !keys.chain(uniques).any(|column| column == of)
}

/// Three rows in each table.
pub(super) fn rows(schema: &Schema) -> Vec<String> {
    let one = |table: &Table| {
        let filled: Vec<(&Column, &Kind)> = table
            .columns
            .iter()
            .filter(|column| column.name != "id" && !matches!(column.value, ColumnValue::Generated { .. }))
            .filter(|column| !column.name.as_str().starts_with("ref "))
            .filter_map(|column| Some((column, kind_of(column)?)))
            .collect();
        let names = filled.iter().map(|(column, _)| format!(", {}", quoted(&column.name)));
        let names: String = names.collect();
        let row = |number: usize| {
            let values = filled
                .iter()
                .map(|(_, kind)| format!(", {}", kind.value.replace('#', &number.to_string())));
            format!("({number}{})", values.collect::<String>())
        };
        let rows: Vec<String> = (1..=3).map(row).collect();
        format!(
            "INSERT INTO {} (`id`{names}) VALUES {}",
            quoted(&table.name.name),
            rows.join(", ")
        )
    };
    schema.tables.values().map(one).collect()
}
