//! One row that was read before and is changed now.

use super::assign::Assign;
use super::expr::Column;
use super::node::Node;
use super::operand::Operand;
use super::patch::Patch;
use super::scope::{Cons, Nil, Req, ValidIn};
use super::statement::Filtered;
use super::table::{Encoder, Table};
use super::types::ColumnType;
use super::update::Update;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::value::Statement;

/// A change of one row that was read before.
///
/// Where the table has a column `#[column(version)]`, it is compared: a row that somebody else has changed since is left
/// alone, and the result is [`Error::Stale`].
#[derive(Clone, Debug)]
#[must_use = "an edit does nothing until `.exec(…)` or `.returning(…)`"]
pub struct Edit<T> {
    row: Node,
    patch: Patch<T>,
}

impl<T: Table> Edit<T> {
    pub(super) fn new(row: &T) -> Self {
        let mut values = Encoder::default();
        row.identify(&mut values);
        let columns = T::META.primary_key.iter().copied().chain(T::META.kept.version);
        let same = columns.zip(values.values).map(|(name, value)| {
            let column = Node::Column { table: T::META, name };
            Node::binary(column, "=", Node::Value(value))
        });
        Self {
            row: Node::All(same.collect()),
            patch: Patch::new(),
        }
    }

    /// Gives a column a value.
    pub fn set<V, A: Assign<V>, const N: usize>(mut self, column: Column<T, V, N>, value: A) -> Self {
        self.patch = self.patch.set(column, value);
        self
    }

    /// Gives a column a value where there is one, and leaves the column alone where it is `None`.
    pub fn set_some<V, A: Assign<V>, const N: usize>(mut self, column: Column<T, V, N>, value: Option<A>) -> Self {
        self.patch = self.patch.set_some(column, value);
        self
    }

    /// Gives a column what is computed from the row as it was, or by the database.
    pub fn set_to<V, E, I, const N: usize>(mut self, column: Column<T, V, N>, value: E) -> Self
    where
        V: ColumnType,
        E: Operand<V::Base>,
        E::Uses: ValidIn<Cons<Req<T>, Nil>, I>,
    {
        self.patch = self.patch.set_to(column, value);
        self
    }

    /// Makes the changes of a patch.
    pub fn patch(mut self, patch: Patch<T>) -> Self {
        self.patch.sets.extend(patch.sets);
        self
    }

    fn update(self) -> Result<Update<T, Filtered>> {
        if T::META.primary_key.is_empty() {
            return Err(Error::validation(format!(
                "a row of `{}` cannot be told from the others, since the table has no primary key; change it with `.update()` and a \
                 filter",
                T::META.name
            )));
        }
        let mut update = Update::of(self.patch.sets, Some(self.row));
        update.deleted = false;
        Ok(update)
    }

    /// The statement; `returning` asks for the row as it is afterwards.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] when no column is changed, or the table has no primary key.
    pub fn render(self, dialect: &dyn Dialect, returning: bool) -> Result<Statement> {
        self.update()?.render(dialect, returning)
    }

    #[cfg(feature = "live")]
    fn stale() -> Error {
        let columns: Vec<&str> = T::META
            .primary_key
            .iter()
            .copied()
            .chain(T::META.kept.version)
            .collect();
        Error::Stale {
            table: T::META.name.to_owned(),
            key: columns.join(", "),
        }
    }

    /// Changes the row.
    ///
    /// # Errors
    ///
    /// [`Error::Stale`] where the row was changed or removed since it was read. [`Error::Validation`] when nothing is set.
    #[cfg(feature = "live")]
    pub async fn exec(self, on: impl crate::client::Executor) -> Result<()> {
        match self.update()?.exec(on).await? {
            0 => Err(Self::stale()),
            _ => Ok(()),
        }
    }

    /// Changes the row and gives it as it is afterwards.
    ///
    /// # Errors
    ///
    /// [`Error::Stale`] where the row was changed or removed since it was read. [`Error::Validation`] when nothing is set.
    #[cfg(feature = "live")]
    pub async fn returning(self, on: impl crate::client::Executor) -> Result<T> {
        let rows = self.update()?.returning(on).await?;
        rows.into_iter().next().ok_or_else(Self::stale)
    }
}
