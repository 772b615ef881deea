//! New rows.

mod write;

use std::marker::PhantomData;

use super::assign::Assign;
#[cfg(feature = "live")]
use super::copy;
use super::expr::Column;
use super::node::Node;
use super::patch::Patch;
use super::render::Writer;
use super::scope::{Here, There};
use super::table::{Encoder, Table};
#[cfg(feature = "live")]
use crate::dialect::session::Copy;
use crate::dialect::{Dialect, KeyList, Upsert};
use crate::error::Result;
use crate::value::{Statement, Value};

/// A required column `C` that has no value yet.
#[derive(Debug)]
pub struct Missing<C>(PhantomData<C>);

/// A list of required columns that has `C`; the rest of it is what is still missing once `C` has a value.
#[diagnostic::on_unimplemented(message = "column `{C}` has a value already", label = "given twice")]
pub trait Fill<C, I> {
    /// The columns that are still missing.
    type Rest;
}

impl<C, Tail> Fill<C, Here> for (Missing<C>, Tail) {
    type Rest = Tail;
}

impl<C, Head, Tail, I> Fill<C, There<I>> for (Head, Tail)
where
    Tail: Fill<C, I>,
{
    type Rest = (Head, Tail::Rest);
}

/// A list of required columns in which none is missing.
pub trait Complete {}
impl Complete for () {}
impl<C: Given<()>, Tail: Complete> Complete for (Missing<C>, Tail) {}

/// A column that an insert has a value for. It never holds for `()`: what is left in the list is missing.
///
/// The derive implements it for each required column, for every `W` with a trait that nothing has and whose message names
/// the column.
pub trait Given<W> {}

/// One new row, column by column. Columns without a value take their default.
#[derive(Clone, Debug, Default)]
pub struct NewRow {
    values: Vec<(&'static str, Value)>,
}

impl NewRow {
    /// Gives a column a value; the last one counts.
    #[must_use]
    pub fn set<V, A: Assign<V>>(mut self, column: &'static str, value: A) -> Self {
        let value = value.into_value();
        match self.values.iter_mut().find(|(name, _)| *name == column) {
            Some(given) => given.1 = value,
            None => self.values.push((column, value)),
        }
        self
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.values.iter().map(|(name, _)| *name)
    }

    fn in_order_of(mut self, columns: &[&str]) -> Self {
        self.values
            .sort_by_key(|(name, _)| columns.iter().position(|column| column == name));
        self
    }
}

/// The builder of one row that the derive of `Table` makes: one method for each column.
pub trait InsertColumns: Sized + Send {
    /// The table.
    type Table: Table;
    /// The required columns that have no value yet.
    type Required;

    /// The row as it was built.
    fn into_row(self) -> NewRow;

    /// What to do with a row that another one is in the way of.
    fn on_conflict<C: ColumnNames<Self::Table>>(self, columns: C) -> Conflicting<Self::Table>
    where
        Self::Required: Complete,
    {
        InsertRows::from(self.into_row()).on_conflict(columns)
    }
}

/// One or more columns of the table `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of `{T}`, nor a tuple of some",
    label = "expected columns of `{T}`"
)]
pub trait ColumnNames<T> {
    /// The names in order.
    fn names(&self) -> Vec<&'static str>;
}

impl<T, V, const N: usize> ColumnNames<T> for Column<T, V, N> {
    fn names(&self) -> Vec<&'static str> {
        vec![self.name()]
    }
}

macro_rules! names {
    ($($($name:ident $ty:ident)*;)*) => {$(
        impl<Table, $($ty: ColumnNames<Table>),*> ColumnNames<Table> for ($($ty,)*) {
            fn names(&self) -> Vec<&'static str> {
                let ($($name,)*) = self;
                [$($name.names()),*].concat()
            }
        }
    )*};
}

names! { a A; a A b B; a A b B c C; a A b B c C d D; a A b B c C d D e E; a A b B c C d D e E f F; }

/// New rows of the table `T`.
#[derive(Clone, Debug)]
#[must_use = "an insert does nothing until `.exec(…)` or `.returning(…)`"]
pub struct InsertRows<T> {
    batches: Vec<Batch>,
    conflict: Option<Conflict>,
    of: PhantomData<fn() -> T>,
}

/// Rows that give values to the same columns.
#[derive(Clone, Debug)]
struct Batch {
    columns: Vec<&'static str>,
    /// Row after row, in the order of the columns; `None` is a column's default.
    values: Vec<Option<Value>>,
    rows: usize,
}

#[derive(Clone, Debug)]
struct Conflict {
    columns: Vec<&'static str>,
    /// The columns that get the new values.
    update: Vec<&'static str>,
    /// The columns that get something else.
    sets: Vec<(&'static str, Node)>,
}

impl Conflict {
    fn changes_nothing(&self) -> bool {
        self.update.is_empty() && self.sets.is_empty()
    }

    /// Whether the statement leaves rows alone by taking errors for warnings, all of which must then be looked at: what is
    /// counted for a row that `ON DUPLICATE KEY UPDATE` gives the value that it has does not tell it from a new one.
    fn ignores(&self, dialect: &dyn Dialect) -> bool {
        self.changes_nothing() && dialect.upsert() == Upsert::OnDuplicateKey
    }
}

impl<T: Table> InsertRows<T> {
    /// Whether the engine's warnings about each statement must be looked at.
    #[cfg(feature = "live")]
    pub(super) fn warns(&self, dialect: &dyn Dialect) -> bool {
        self.conflict.as_ref().is_some_and(|conflict| conflict.ignores(dialect))
    }

    /// The number of rows that are written, where what the engine counts is another one: MySQL counts a row twice that was
    /// there and is changed.
    #[cfg(feature = "live")]
    pub(super) fn known_count(&self, dialect: &dyn Dialect) -> Option<u64> {
        let counts_twice = dialect.upsert() == Upsert::OnDuplicateKey
            && self
                .conflict
                .as_ref()
                .is_some_and(|conflict| !conflict.changes_nothing());
        counts_twice.then(|| self.len() as u64)
    }

    /// How the rows are sent where there is a faster way for many of them than statements: where each row gives a value of its own
    /// to the same columns, and there are none to be looked for.
    #[cfg(feature = "live")]
    pub(super) fn copy(&self, dialect: &dyn Dialect) -> Result<Option<Copy>> {
        let ([batch], None, KeyList::Array) = (&self.batches[..], &self.conflict, dialect.key_list()) else {
            return Ok(None);
        };
        let own = |value: &Option<Value>| value.as_ref().is_some_and(|value| !matches!(value, Value::Now { .. }));
        if batch.rows < copy::FROM || batch.columns.is_empty() || !batch.values.iter().all(own) {
            return Ok(None);
        }
        let row = batch.values[..batch.columns.len()].iter().flatten().cloned();
        copy::copy(dialect, T::META, &batch.columns, row.collect()).map(Some)
    }

    /// The values of all rows, row after row.
    #[cfg(feature = "live")]
    pub(super) fn into_values(self) -> impl Iterator<Item = Value> + Send + use<T> {
        self.batches.into_iter().flat_map(|batch| batch.values).flatten()
    }

    pub(super) fn one(row: &T) -> Self {
        Self::many([row])
    }

    pub(super) fn many<'a>(rows: impl IntoIterator<Item = &'a T>) -> Self {
        let mut encoder = Encoder::default();
        let mut count = 0;
        for row in rows {
            row.encode(&mut encoder);
            count += 1;
        }
        Self::from_batches(vec![Batch {
            columns: T::META.written().collect(),
            values: encoder.values.into_iter().map(Some).collect(),
            rows: count,
        }])
    }

    /// Rows in a row that give values to the same columns are one batch: the order of the rows stays.
    pub(super) fn built(rows: impl IntoIterator<Item = NewRow>) -> Self {
        let mut batches: Vec<Batch> = Vec::new();
        for row in rows {
            // Most rows are built in the same way as the one before.
            if let Some(last) = batches.last_mut()
                && row.names().eq(last.columns.iter().copied())
            {
                last.values.extend(row.values.into_iter().map(|(_, value)| Some(value)));
                last.rows += 1;
                continue;
            }
            let one = Batch::from(row.in_order_of(T::META.columns));
            match batches.last_mut() {
                Some(last) if last.columns == one.columns => {
                    last.values.extend(one.values);
                    last.rows += 1;
                }
                _ => batches.push(one),
            }
        }
        Self::from_batches(batches)
    }

    /// What to do with a row whose values of these columns, which must be unique, another row has already.
    pub fn on_conflict<C: ColumnNames<T>>(self, columns: C) -> Conflicting<T> {
        Conflicting {
            insert: self,
            columns: columns.names(),
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.batches.iter().map(|batch| batch.rows).sum()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The statements, each with no more values than the engine can bind; `returning` asks for the rows as they are
    /// stored.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`](crate::Error::Unsupported) where something in it is not what the engine can do.
    pub fn render(self, dialect: &dyn Dialect, returning: bool) -> Result<Vec<Statement>> {
        let batches = match self.batches.len() {
            0 | 1 => self.batches,
            _ if dialect.has_default_values() => vec![padded::<T>(self.batches)],
            _ => self.batches,
        };
        let mut statements = Vec::new();
        for batch in batches {
            let width = batch.columns.len();
            // A row without any value has a statement of its own form, for one row.
            let most = dialect.caps().max_binds.checked_div(width).unwrap_or(1).max(1);
            let arrays = dialect.key_list() == KeyList::Array && batch.rows >= write::ARRAYS_FROM && width > 0;
            let mut values = batch.values.into_iter();
            let mut left = batch.rows;
            while left > 0 {
                let rows = left.min(most);
                let chunk: Vec<Option<Value>> = values.by_ref().take(rows * width).collect();
                let mut writer = Writer::new(dialect, false);
                let given = if arrays {
                    write::lists(chunk, width)
                } else {
                    write::Rows::Values(chunk)
                };
                write::insert::<T>(&mut writer, &batch.columns, given, self.conflict.as_ref());
                if returning {
                    writer.push(" RETURNING ");
                    writer.read_names(T::META, T::META.columns);
                }
                statements.push(writer.finish()?);
                left -= rows;
            }
        }
        Ok(statements)
    }
}

/// All rows as one batch, with the default wherever a row has no value for a column that another one has.
fn padded<T: Table>(batches: Vec<Batch>) -> Batch {
    let named = |column: &str| batches.iter().any(|batch| batch.columns.contains(&column));
    let columns: Vec<&'static str> = T::META.columns.iter().copied().filter(|column| named(column)).collect();
    let mut whole = Batch {
        rows: batches.iter().map(|batch| batch.rows).sum(),
        columns,
        values: Vec::new(),
    };
    for batch in batches {
        let mut values = batch.values.into_iter();
        for _ in 0..batch.rows {
            // Both lists of columns are in the order of the table's.
            let mut given = batch.columns.iter().peekable();
            for column in &whole.columns {
                let value = given.next_if_eq(&column).and_then(|_| values.next().flatten());
                whole.values.push(value);
            }
        }
    }
    whole
}

impl<T> InsertRows<T> {
    fn from_batches(batches: Vec<Batch>) -> Self {
        Self {
            batches,
            conflict: None,
            of: PhantomData,
        }
    }
}

impl<T> From<NewRow> for InsertRows<T> {
    fn from(row: NewRow) -> Self {
        Self::from_batches(vec![Batch::from(row)])
    }
}

impl From<NewRow> for Batch {
    fn from(row: NewRow) -> Self {
        let (columns, values) = row.values.into_iter().map(|(name, value)| (name, Some(value))).unzip();
        Self {
            columns,
            values,
            rows: 1,
        }
    }
}

/// New rows that have not been told yet what to do with a conflict.
#[derive(Clone, Debug)]
#[must_use = "add `.do_nothing()` or `.do_update(…)`"]
pub struct Conflicting<T> {
    insert: InsertRows<T>,
    columns: Vec<&'static str>,
}

impl<T: Table> Conflicting<T> {
    /// Leaves the row that is there as it is.
    pub fn do_nothing(self) -> InsertRows<T> {
        self.resolve(Vec::new(), Vec::new())
    }

    /// Gives these columns of the row that is there the new values.
    pub fn do_update<C: ColumnNames<T>>(self, columns: C) -> InsertRows<T> {
        let update = columns.names();
        self.resolve(update, Vec::new())
    }

    /// Makes these changes of the row that is there. Columns in it are those of that row; what the new one brings is
    /// `incoming(Task::VOTES)`: `.do_update_with(Task::patch().set_to(Task::VOTES,
    /// Task::VOTES.plus(incoming(Task::VOTES))))`.
    pub fn do_update_with(self, patch: Patch<T>) -> InsertRows<T> {
        self.resolve(Vec::new(), patch.sets)
    }

    fn resolve(mut self, update: Vec<&'static str>, sets: Vec<(&'static str, Node)>) -> InsertRows<T> {
        self.insert.conflict = Some(Conflict {
            columns: self.columns,
            update,
            sets,
        });
        self.insert
    }
}
