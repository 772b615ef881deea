//! Pages by the key of the last row, and an order that a user chooses.

use std::marker::PhantomData;

use super::expr::{Base, Column, Expression, sized};
use super::node::{Node, OrderPart};
use super::order::Order;
use super::reader::Reader;
use super::scope::ValidIn;
use super::select::Query;
use super::table::Table;
use super::types::ColumnType;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::value::Statement;

/// A column with a direction, as a part of the key that pages follow each other by. It is never NULL.
#[derive(Debug)]
pub struct Step<C> {
    column: C,
    descending: bool,
}

/// Columns that pages can follow each other by.
pub trait Steps: Expression {
    /// From low to high.
    fn up(self) -> Step<Self>
    where
        Self::Type: KeyValue<Base<Self>>,
    {
        Step {
            column: self,
            descending: false,
        }
    }

    /// From high to low.
    fn down(self) -> Step<Self>
    where
        Self::Type: KeyValue<Base<Self>>,
    {
        Step {
            column: self,
            descending: true,
        }
    }
}

impl<T: Table, V: ColumnType, const N: usize> Steps for Column<T, V, N> {}

/// A value of a key, which is never NULL.
#[diagnostic::on_unimplemented(
    message = "pages cannot follow each other by a column that may be NULL, as one of type `{Self}` may",
    label = "a column that may be NULL"
)]
pub trait KeyValue<Base> {}
impl<V> KeyValue<V> for V {}

/// What `.keyset(…)` takes: steps whose columns together tell every row from every other, such as
/// `(Task::VOTES.down(), Task::ID.up())`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key that pages can follow each other by",
    label = "expected a tuple such as `(Task::CREATED_AT.down(), Task::ID.up())`, of columns that are never NULL"
)]
pub trait KeySteps {
    /// The values of the key.
    type Values: Clone + Send + 'static;
    /// The tables whose columns it uses.
    type Uses;
    /// The columns and their directions.
    fn parts(self) -> Vec<(Node, bool)>;
    /// The values to bind.
    fn values(values: &Self::Values) -> Vec<Node>;
    /// Reads the values from a row.
    ///
    /// # Errors
    ///
    /// When a cell does not hold a value of its type.
    fn decode(row: &mut Reader<'_>) -> Result<Self::Values>;
}

macro_rules! uses {
    () => { () };
    ($first:ident $($rest:ident)*) => { ($first::Uses, uses!($($rest)*)) };
}

macro_rules! steps {
    ($($($name:ident)*;)*) => {$(
        impl<$($name: Expression<Type: ColumnType + Clone>),*> KeySteps for ($(Step<$name>,)*) {
            type Values = ($($name::Type,)*);
            type Uses = uses!($($name)*);

            fn parts(self) -> Vec<(Node, bool)> {
                #[allow(non_snake_case)]
                let ($($name,)*) = self;
                vec![$((sized($name.column), $name.descending)),*]
            }

            fn values(values: &Self::Values) -> Vec<Node> {
                #[allow(non_snake_case)]
                let ($($name,)*) = values;
                vec![$(Node::Value($name.encode())),*]
            }

            fn decode(row: &mut Reader<'_>) -> Result<Self::Values> {
                Ok(($(row.take::<$name::Type>()?,)*))
            }
        }
    )*};
}

steps! { A; A B; A B C; A B C D; }

/// Rows with the key of each, which a page is made of.
pub struct Keyset<Out, K: KeySteps> {
    pub(super) query: Query<Out, ()>,
    #[cfg_attr(
        not(feature = "live"),
        expect(dead_code, reason = "only a page that is fetched has one")
    )]
    pub(super) size: u64,
    #[cfg_attr(
        not(feature = "live"),
        expect(dead_code, reason = "only a page that is fetched is read")
    )]
    pub(super) decode: fn(&mut Reader<'_>) -> Result<Out>,
    of: PhantomData<fn() -> K>,
}

impl<Out, K: KeySteps> Keyset<Out, K> {
    /// The statement.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] where something in it is not what the engine can do.
    pub fn render(self, dialect: &dyn Dialect) -> Result<Statement> {
        self.query.render(dialect)
    }
}

impl<Out, K: KeySteps> std::fmt::Debug for Keyset<Out, K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyset")
            .field("query", &self.query)
            .finish_non_exhaustive()
    }
}

/// Some rows, and where the next ones begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<Out, Key> {
    /// The rows.
    pub rows: Vec<Out>,
    /// The key behind which the next page begins; `None` where this is the last one.
    pub next: Option<Key>,
}

impl<Out, S> Query<Out, S> {
    /// A page of at most `size` rows behind the row with the key `after`, or the first one. However many rows lie before it,
    /// an index on the key finds it at once; and rows that come or go in between neither repeat nor hide others.
    ///
    /// The columns of the key together must tell every row from every other: put the primary key last. The query has no
    /// order and no limit of its own.
    pub fn keyset<K: KeySteps, I>(self, key: K, after: Option<K::Values>, size: u32) -> Keyset<Out, K>
    where
        K::Uses: ValidIn<S, I>,
    {
        let mut select = self.select;
        let parts = key.parts();
        if let Some(after) = after {
            super::select::and_also(&mut select.filter, Some(behind(&parts, K::values(&after))));
        }
        let mut columns = select.columns.take().unwrap_or_else(|| {
            let table = select.from;
            table.columns.iter().map(|name| Node::Column { table, name }).collect()
        });
        columns.extend(parts.iter().map(|(node, _)| node.clone()));
        select.columns = Some(columns);
        select.order = parts
            .into_iter()
            .map(|(by, descending)| OrderPart {
                by,
                descending,
                nulls_first: None,
            })
            .collect();
        // One more than asked for tells whether there is a next page.
        select.limit = Some(u64::from(size) + 1);
        Keyset {
            query: Query::made(select, self.decode),
            size: u64::from(size),
            decode: self.decode,
            of: PhantomData,
        }
    }
}

/// The rows behind a key: the first column is further, or it is equal and the second one is further, and so on. Each engine
/// can walk an index of the same columns with it, whatever their directions.
fn behind(parts: &[(Node, bool)], values: Vec<Node>) -> Node {
    let further = |at: usize| {
        let (node, descending) = &parts[at];
        Node::binary(node.clone(), if *descending { "<" } else { ">" }, values[at].clone())
    };
    let equal = |at: usize| Node::binary(parts[at].0.clone(), "=", values[at].clone());
    let choices = (0..parts.len()).map(|at| {
        let mut all: Vec<Node> = (0..at).map(equal).collect();
        all.push(further(at));
        Node::All(all)
    });
    Node::Any(choices.collect())
}

/// The order that a user chose by its name, from those that are allowed.
///
/// ```text
/// let order = chosen(&request.sort, [("title", Task::TITLE.asc()), ("votes", Task::VOTES.desc())])?;
/// Task::query().order_by((order, Task::ID))
/// ```
///
/// # Errors
///
/// [`Error::Validation`] with the names that are allowed, for any other name.
pub fn chosen<U>(name: &str, allowed: impl IntoIterator<Item = (&'static str, Order<U>)>) -> Result<Order<U>> {
    let mut names = Vec::new();
    for (known, order) in allowed {
        if known == name {
            return Ok(order);
        }
        names.push(known);
    }
    Err(Error::validation(format!(
        "`{}` is no order; there are {}",
        name.escape_debug(),
        names.join(", ")
    )))
}
