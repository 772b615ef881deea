//! The database's clock.

use super::assign::Assign;
use super::node::Node;
use super::operand::Operand;
use super::types::ColumnType;
use crate::value::Value;
use crate::value::kind::{self, Kind, KindId};

/// The moment of the database's clock; see [`now`].
#[derive(Clone, Copy, Debug)]
pub struct Now;

/// The moment at which the statement runs, by the clock of the database: `.set(Task::UPDATED_AT, now())`,
/// `.filter(Task::DUE_AT.lt(now()))`, `Task::insert().created_at(now())`.
///
/// It is of the precision that the engine keeps: microseconds on PostgreSQL, milliseconds on SQLite. In a transaction,
/// PostgreSQL gives the moment at which the transaction began. A column without a time zone gets the time in UTC.
#[must_use]
pub fn now() -> Now {
    Now
}

/// The kind of a date with a time.
#[diagnostic::on_unimplemented(
    message = "`now()` is a date with a time, and this column is of the kind `{Self}`",
    label = "not a column of a date with a time"
)]
pub trait Moment: Kind {}
impl Moment for kind::Timestamp {}
impl Moment for kind::TimestampTz {}

fn value<K: Moment>() -> Value {
    Value::Now {
        zoned: K::ID == KindId::TimestampTz,
    }
}

impl<V: ColumnType<Kind: Moment>> Assign<V> for Now {
    fn into_value(self) -> Value {
        value::<V::Kind>()
    }
}

impl<B: ColumnType<Base = B, Kind: Moment>> Assign<Option<B>> for Option<Now> {
    fn into_value(self) -> Value {
        match self {
            Some(_) => value::<B::Kind>(),
            None => Value::Null(B::Kind::ID),
        }
    }
}

impl<B: ColumnType<Base = B, Kind: Moment>> Operand<B> for Now {
    type Uses = ();
    type With<T> = T;
    type Lift<V: ColumnType> = V;

    fn into_node(self) -> Node {
        Node::Value(value::<B::Kind>())
    }
}
