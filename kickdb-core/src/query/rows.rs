//! Many rows, each changed to values of its own.

use std::marker::PhantomData;

use super::insert::ColumnNames;
use super::render::Writer;
use super::spelled::Cast;
use super::table::{Encoder, Table};
use crate::dialect::{Dialect, KeyList, RowSource};
use crate::error::{Error, Result};
use crate::value::{EnumMeta, KindId, Statement, Value};

/// The name of the rows that a statement brings.
pub(super) const ROWS: &str = "kick_rows";

/// Rows of the table `T` that are written over those with the same primary keys.
#[derive(Clone, Debug)]
#[must_use = "an update does nothing until `.exec(…)`"]
pub struct UpdateRows<T> {
    /// Row after row: the key, the version where there is one, and the values of `columns`.
    rows: Vec<Vec<Value>>,
    columns: Vec<&'static str>,
    of: PhantomData<fn() -> T>,
}

impl<T: Table> UpdateRows<T> {
    pub(super) fn new<'a>(rows: impl IntoIterator<Item = &'a T>) -> Self {
        let written: Vec<_> = T::META.written().collect();
        let keep = |column: &str| {
            let kept = &T::META.kept;
            !T::META.primary_key.contains(&column)
                && kept.version != Some(column)
                && kept.updated_at.is_none_or(|stamp| stamp.column != column)
        };
        let rows = rows.into_iter().map(|row| {
            let (mut of, mut all) = (Encoder::default(), Encoder::default());
            row.identify(&mut of);
            row.encode(&mut all);
            let values = written.iter().zip(all.values).filter(|(column, _)| keep(column));
            of.values.extend(values.map(|(_, value)| value));
            of.values
        });
        Self {
            rows: rows.collect(),
            columns: written.iter().copied().filter(|column| keep(column)).collect(),
            of: PhantomData,
        }
    }

    /// Writes only these columns.
    pub fn only<C: ColumnNames<T>>(mut self, columns: C) -> Self {
        let wanted = columns.names();
        let first = Self::identified().count();
        let places: Vec<bool> = self.columns.iter().map(|column| wanted.contains(column)).collect();
        for row in &mut self.rows {
            let mut at = 0;
            row.retain(|_| {
                at += 1;
                at <= first || places[at - 1 - first]
            });
        }
        self.columns.retain(|column| wanted.contains(column));
        self
    }

    /// The columns by which a row is found.
    fn identified() -> impl Iterator<Item = &'static str> {
        T::META.primary_key.iter().copied().chain(T::META.kept.version)
    }

    /// The statements, each with no more values than the engine can bind.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] when the table has no primary key, or no column is written.
    pub fn render(self, dialect: &dyn Dialect) -> Result<Vec<Statement>> {
        let table = T::META;
        if table.primary_key.is_empty() {
            return Err(Error::validation(format!(
                "rows of `{}` cannot be told from each other, since the table has no primary key; change them with `.update()` and a \
                 filter",
                table.name
            )));
        }
        if self.columns.is_empty() {
            return Err(Error::validation(format!(
                "this update of rows of `{}` writes no column but its key",
                table.name
            )));
        }
        let width = Self::identified().count() + self.columns.len();
        let most = (dialect.caps().max_binds / width).clamp(1, 1_000);
        let mut statements = Vec::new();
        for some in self.rows.chunks(most) {
            statements.push(self.statement(dialect, some)?);
        }
        Ok(statements)
    }

    fn statement(&self, dialect: &dyn Dialect, rows: &[Vec<Value>]) -> Result<Statement> {
        let mut writer = Writer::new(dialect, true);
        let joined = dialect.row_source() == RowSource::Select;
        let written = Self::identified().chain(self.columns.iter().copied());
        let casts: Vec<_> = written.map(|column| writer.cast_of(T::META, column)).collect();
        writer.push("UPDATE ");
        writer.table(T::META);
        let names: Vec<String> = (0..rows[0].len()).map(|at| dialect.row_source().name(at)).collect();
        if joined {
            writer.push(" JOIN ");
            writer.rows(rows, &casts);
            self.write_match(&mut writer, &names, " ON ");
        }
        let first = Self::identified().count();
        for (at, column) in self.columns.iter().enumerate() {
            writer.push(if at == 0 { " SET " } else { ", " });
            set_name(&mut writer, T::META, column, joined);
            writer.push(" = ");
            writer.name(ROWS);
            writer.push(".");
            writer.name(&names[first + at]);
        }
        for (column, value) in super::update::kept::<T>(Vec::new()) {
            writer.push(", ");
            set_name(&mut writer, T::META, column, joined);
            writer.push(" = ");
            writer.stored(T::META, column, value);
        }
        if !joined {
            writer.push(" FROM ");
            writer.rows(rows, &casts);
            self.write_match(&mut writer, &names, " WHERE ");
        }
        writer.finish()
    }

    fn write_match(&self, writer: &mut Writer<'_>, names: &[String], word: &str) {
        for (at, column) in Self::identified().enumerate() {
            writer.push(if at == 0 { word } else { " AND " });
            writer.column(T::META, column);
            writer.push(" = ");
            writer.name(ROWS);
            writer.push(".");
            writer.name(&names[at]);
        }
        if let Some(seen) = T::META.seen() {
            writer.push(" AND ");
            writer.inner(seen);
        }
    }

    /// Changes the rows and gives their number. All are changed, or none.
    ///
    /// # Errors
    ///
    /// [`Error::Stale`] where the table has a column `#[column(version)]` and one of the rows was changed or removed since
    /// it was read.
    #[cfg(feature = "live")]
    pub async fn exec(self, on: impl crate::client::Executor) -> Result<u64> {
        let expected = self.rows.len() as u64;
        if expected == 0 {
            return Ok(0);
        }
        let statements = self.render(on.engine())?;
        let mut lease = on.source().lease(crate::client::Use::Write).await?;
        let began = lease.begin().await?;
        let mut changed = 0;
        for statement in statements {
            changed += lease.execute(statement).await?;
        }
        if T::META.kept.version.is_some() && changed < expected {
            if began {
                lease.rollback().await?;
            }
            return Err(Error::Stale {
                table: T::META.name.to_owned(),
                key: Self::identified().collect::<Vec<_>>().join(", "),
            });
        }
        if began {
            lease.commit().await?;
        }
        Ok(changed)
    }
}

impl Writer<'_> {
    /// Rows as something to join with, by the name [`ROWS`]. The columns get the names that the dialect gives them.
    pub(super) fn rows(&mut self, rows: &[Vec<Value>], casts: &[Option<Cast>]) {
        let source = self.dialect().row_source();
        let width = rows[0].len();
        let arrays = source == RowSource::Values && self.dialect().key_list() == KeyList::Array;
        match arrays.then(|| columns_of(rows, width)).flatten() {
            Some(columns) => {
                self.push("unnest(");
                for (at, column) in columns.into_iter().enumerate() {
                    self.push(if at == 0 { "" } else { ", " });
                    self.bind_as(column, true, casts[at]);
                }
                self.push(")");
            }
            None if source == RowSource::Select => {
                for (row, values) in rows.iter().enumerate() {
                    self.push(if row == 0 { "(SELECT " } else { " UNION ALL SELECT " });
                    for (at, value) in values.iter().enumerate() {
                        self.push(if at == 0 { "" } else { ", " });
                        self.bind_as(value.clone(), true, casts[at]);
                        if row == 0 {
                            self.push(" AS ");
                            self.name(&source.name(at));
                        }
                    }
                }
                self.push(")");
            }
            None => {
                for (row, values) in rows.iter().enumerate() {
                    self.push(if row == 0 { "(VALUES (" } else { "), (" });
                    for (at, value) in values.iter().enumerate() {
                        self.push(if at == 0 { "" } else { ", " });
                        self.bind_as(value.clone(), true, casts[at]);
                    }
                }
                self.push("))");
            }
        }
        self.push(" AS ");
        self.name(ROWS);
        if self.dialect().key_list() == KeyList::Array {
            self.push("(");
            for at in 0..width {
                self.push(if at == 0 { "" } else { ", " });
                self.name(&source.name(at));
            }
            self.push(")");
        }
    }
}

/// The column that is set; only where several tables are joined does it name its table.
fn set_name(writer: &mut Writer<'_>, table: &'static super::table::TableMeta, column: &str, joined: bool) {
    match joined {
        true => writer.column(table, column),
        false => writer.name(column),
    }
}

/// Rows as one list for each column; `None` where a column cannot be one.
fn columns_of(rows: &[Vec<Value>], width: usize) -> Option<Vec<Value>> {
    (0..width)
        .map(|at| {
            let (kind, of) = list_of(rows.iter().map(|row| &row[at]))?;
            let items = rows.iter().map(|row| row[at].clone()).collect();
            Some(Value::List { kind, of, items })
        })
        .collect()
}

/// What a list of these values is of; `None` where they cannot be one: where they are lists themselves, or of an enum type that
/// none of them names.
pub(super) fn list_of<'v>(
    items: impl Iterator<Item = &'v Value> + Clone,
) -> Option<(KindId, Option<&'static EnumMeta>)> {
    let kind = items.clone().next()?.kind();
    let of = items.clone().find_map(|item| match item {
        Value::Enum { of, .. } => Some(*of),
        _ => None,
    });
    let known = of.is_some() || !matches!(kind, KindId::Enum | KindId::List(_));
    let mut same = items.map(|item| !matches!(item, Value::List { .. } | Value::Now { .. }) && item.kind() == kind);
    (known && same.all(|same| same)).then_some((kind, of))
}
