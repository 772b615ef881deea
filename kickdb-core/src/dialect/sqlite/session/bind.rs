//! Values on their way in, and cells on their way out.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Row, Statement, ToSql};

use crate::dialect::session::unbindable;
use crate::error::Result;
use crate::value::{Bind, Cell, Cells, Fault, Value, text};

/// Why values were not bound.
pub(super) enum Unbound {
    /// A value that the engine cannot keep.
    Refused(crate::error::Error),
    /// What the engine says.
    Engine(rusqlite::Error),
}

pub(super) fn bind(statement: &mut Statement<'_>, binds: &[Bind]) -> Result<(), Unbound> {
    let wanted = statement.parameter_count();
    if wanted != binds.len() {
        return Err(Unbound::Engine(rusqlite::Error::InvalidParameterCount(
            binds.len(),
            wanted,
        )));
    }
    for (at, bind) in binds.iter().enumerate() {
        let bound = bound(&bind.value).map_err(|reason| Unbound::Refused(unbindable(at, &reason)))?;
        statement.raw_bind_parameter(at + 1, bound).map_err(Unbound::Engine)?;
    }
    Ok(())
}

/// A value in the form in which SQLite keeps it.
enum Bound<'v> {
    Plain(ValueRef<'v>),
    Text(String),
}

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Plain(value) => *value,
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// See `civil` for dates and times.
fn bound(value: &Value) -> Result<Bound<'_>, String> {
    Ok(match value {
        Value::Null(_) => Bound::Plain(ValueRef::Null),
        Value::Bool(value) => Bound::Plain(ValueRef::Integer(i64::from(*value))),
        Value::Int16(value) => Bound::Plain(ValueRef::Integer(i64::from(*value))),
        Value::Int32(value) => Bound::Plain(ValueRef::Integer(i64::from(*value))),
        Value::Int64(value) => Bound::Plain(ValueRef::Integer(*value)),
        Value::Float32(value) if !value.is_nan() => Bound::Plain(ValueRef::Real(f64::from(*value))),
        Value::Float64(value) if !value.is_nan() => Bound::Plain(ValueRef::Real(*value)),
        Value::Float32(_) | Value::Float64(_) => {
            return Err("SQLite keeps NaN as NULL; use `Option` where a number may be missing".into());
        }
        Value::Text(text) if text.contains('\0') => {
            return Err("SQLite ends a text at a NUL character in most of its functions; use a column of bytes".into());
        }
        Value::Decimal(digits) => Bound::Plain(ValueRef::Text(text::decimal_text(digits).as_bytes())),
        Value::Text(text) | Value::Json(text) => Bound::Plain(ValueRef::Text(text.as_bytes())),
        Value::Bytes(bytes) => Bound::Plain(ValueRef::Blob(bytes)),
        Value::Uuid(bytes) => Bound::Text(text::uuid_text(*bytes)),
        Value::Date(date) if date.has_text_form() => Bound::Text(date.to_string()),
        Value::Time(time) => Bound::Text(time.to_string()),
        Value::Timestamp(instant) | Value::TimestampTz(instant) if instant.has_text_form() => {
            Bound::Text(instant.to_string())
        }
        Value::Date(_) | Value::Timestamp(_) | Value::TimestampTz(_) => {
            return Err("SQLite keeps dates as text, which sorts for the years 0 to 9999 only".into());
        }
        Value::Enum { label, .. } => Bound::Plain(ValueRef::Text(label.as_bytes())),
        Value::List { items, .. } => Bound::Text(text::to_json(items)?),
        Value::Now { .. } => return Err("`now()` is written and not bound".into()),
        Value::Refused(reason) => return Err(reason.clone()),
    })
}

pub(super) struct Cursor<'a, 's>(pub(super) &'a Row<'s>);

impl Cells for Cursor<'_, '_> {
    fn cell(&self, at: usize) -> Result<Cell<'_>, Fault> {
        let value = self.0.get_ref(at).map_err(|error| Fault::new(error.to_string()))?;
        Ok(match value {
            ValueRef::Null => Cell::Null,
            ValueRef::Integer(number) => Cell::Int(number),
            ValueRef::Real(number) => Cell::Real(number),
            ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Cell::Text(text),
                Err(error) => return Err(Fault::new(error.to_string())),
            },
            ValueRef::Blob(bytes) => Cell::Blob(bytes),
        })
    }

    fn name(&self, at: usize) -> String {
        match self.0.as_ref().column_name(at) {
            Ok(name) => name.to_owned(),
            Err(_) => format!("number {}", at + 1),
        }
    }

    fn width(&self) -> usize {
        self.0.as_ref().column_count()
    }
}
