//! The Rust types of columns.

use super::Raiser;
use super::names::path;
use crate::decl::{Builtin, RustType, builtin};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Expr, IntBits, Schema, SqlType, Table};

/// A field's type, and the column's type beside it where the first does not say it alone.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FieldType {
    /// Without `Option`.
    pub(super) rust: RustType,
    pub(super) raw: Option<String>,
}

pub(super) fn simple(text: &str) -> RustType {
    text.parse().unwrap_or_default()
}

/// The type that a program uses for values of a column.
fn usual(ty: &SqlType, native: impl Fn(&str) -> &'static str) -> RustType {
    let word = match ty {
        SqlType::Bool => "bool",
        SqlType::Int { bits, unsigned } => match (bits, unsigned) {
            (IntBits::B8, _) | (IntBits::B16, false) => "i16",
            (IntBits::B16, true) | (IntBits::B32, false) => "i32",
            (IntBits::B32, true) | (IntBits::B64, _) => "i64",
        },
        SqlType::Float { double: false } => "f32",
        SqlType::Float { double: true } => "f64",
        SqlType::Decimal(_) => "Decimal",
        SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Interval | SqlType::Enum(_) => "String",
        SqlType::Bytes => "Vec<u8>",
        SqlType::Uuid => "Uuid",
        SqlType::Date => "NaiveDate",
        SqlType::Time { .. } => "NaiveTime",
        SqlType::Timestamp { zoned: false, .. } => "NaiveDateTime",
        SqlType::Timestamp { zoned: true, .. } => "DateTime<Utc>",
        SqlType::Json { .. } => "serde_json::Value",
        SqlType::Array(inner) => {
            return RustType {
                path: vec!["Vec".to_owned()],
                args: vec![usual(inner, native)],
            };
        }
        SqlType::Native(text) => native(text),
    };
    simple(word)
}

impl Raiser<'_> {
    /// The type of a column's field.
    pub(super) fn field_type(&mut self, table: &Qualified, column: &Column, module: &str) -> FieldType {
        if let Some(of) = self.enums.of(table, column) {
            let (home, ident) = (of.module.clone(), of.ident.clone());
            let named = RustType {
                path: path(module, &home, &ident),
                args: Vec::new(),
            };
            return FieldType {
                rust: in_lists(named, &column.ty),
                raw: None,
            };
        }
        // An engine that keeps a UUID as text, or a truth value as a number, says by the default which it is.
        let meant = match &column.value {
            ColumnValue::Default(Expr::NewUuid) => Some("Uuid"),
            ColumnValue::Default(Expr::Bool(_)) => Some("bool"),
            _ => None,
        };
        let meant = meant
            .map(simple)
            .filter(|rust| self.comes_to(rust).as_ref() == Some(&column.ty));
        if let Some(rust) = meant {
            return FieldType { rust, raw: None };
        }
        let dialect = self.dialect;
        let rust = usual(&column.ty, |native| dialect.rust_type(native));
        self.with_raw(rust, &column.ty)
    }

    /// A Rust type, with the column's type beside it where it is not what the first comes to.
    pub(super) fn with_raw(&mut self, rust: RustType, ty: &SqlType) -> FieldType {
        let alone = self.comes_to(&rust).as_ref() == Some(ty);
        let raw = if alone { None } else { self.dialect.format(ty).ok() };
        FieldType { rust, raw }
    }

    /// What a Rust type is in the normal form, where its name alone says it.
    fn comes_to(&mut self, rust: &RustType) -> Option<SqlType> {
        let key = rust.to_string();
        if let Some(known) = self.types.get(&key) {
            return known.clone();
        }
        let found = said(rust).and_then(|ty| normal(ty, self.dialect));
        self.types.insert(key, found.clone());
        found
    }
}

fn in_lists(named: RustType, ty: &SqlType) -> RustType {
    match ty {
        SqlType::Array(inner) => RustType {
            path: vec!["Vec".to_owned()],
            args: vec![in_lists(named, inner)],
        },
        _ => named,
    }
}

/// What a Rust type says by its name, before any engine.
pub(super) fn said(rust: &RustType) -> Option<SqlType> {
    match builtin(rust)? {
        Builtin::Type(ty) => Some(ty),
        Builtin::List => said(&rust.args[0]).map(|inner| SqlType::Array(Box::new(inner))),
        Builtin::Unsupported(_) => None,
    }
}

/// A type as the catalog would give it.
fn normal(ty: SqlType, dialect: &dyn crate::dialect::Dialect) -> Option<SqlType> {
    let name = Name::new("t").ok()?;
    let mut table = Table::new(Qualified::local(name.clone()));
    let mut column = Column::new(name, ty);
    column.nullable = true;
    table.columns.push(column);
    let mut schema = Schema::default();
    schema.tables.insert(table.name.clone(), table);
    dialect.normalize(&mut schema).ok()?;
    let table = schema.tables.into_values().next()?;
    table.columns.into_iter().next().map(|column| column.ty)
}
