//! Between the schema and the fields of the file: the only place that knows both.

mod parts;
mod read;
mod write;

pub(super) use self::read::Reader;
pub(super) use self::write::Writer;
use super::{SnapshotError, expr, names};
use crate::dialect::Dialect;
use crate::ident::{Name, Qualified};
use crate::ir::{Counter, Expr, IntBits};

type Result<T> = std::result::Result<T, SnapshotError>;

/// Types that count by themselves, as PostgreSQL spells them and the file does for all.
const SERIALS: &[(IntBits, &str)] = &[
    (IntBits::B16, "smallserial"),
    (IntBits::B32, "serial"),
    (IntBits::B64, "bigserial"),
];

/// A word of `typeKind`.
const BUILTIN: &str = "builtin";
/// A word of `parts[].kind`.
const COLUMN: &str = "column";

fn usual_key_name(table: &Qualified) -> String {
    format!("{}_pkey", table.name)
}

/// What a column counts with where nothing is said of it.
fn usual_counter(dialect: &dyn Dialect, table: &Qualified, column: &Name) -> Option<Box<Counter>> {
    let name = dialect.counter_name(table, column)?;
    Some(Box::new(Counter {
        name: Some(name),
        ..Counter::default()
    }))
}

fn raw_kind(value: &Expr) -> Option<String> {
    (!matches!(value, Expr::Sql(_))).then(|| expr::kind(value).to_owned())
}

fn read_raw(text: String, kind: Option<&str>) -> Result<Expr> {
    match kind {
        None => Ok(Expr::Sql(text)),
        Some(kind) => expr::read_as(&text, kind).ok_or_else(|| {
            SnapshotError::new(format!(
                "`{text}` is no expression of kind `{kind}`; install a newer kickdb"
            ))
        }),
    }
}

fn read_name(text: &str, field: &str) -> Result<Name> {
    Name::new(text).map_err(|error| SnapshotError::new(format!("`{field}`: {error}")))
}

fn read_names(texts: &[String], field: &str) -> Result<Vec<Name>> {
    texts.iter().map(|text| read_name(text, field)).collect()
}

fn read_qualified(text: &str, field: &str) -> Result<Qualified> {
    names::read(text).ok_or_else(|| SnapshotError::new(format!("`{field}`: `{text}` is no name")))
}

fn read_optional(text: Option<&str>, field: &str) -> Result<Option<Name>> {
    text.map(|text| read_name(text, field)).transpose()
}

fn write_names(names: &[Name]) -> Vec<String> {
    names.iter().map(Name::to_string).collect()
}

fn write_optional(name: Option<&Name>) -> Option<String> {
    name.map(Name::to_string)
}
