//! Values on their way into a column.

use super::types::ColumnType;
use crate::value::Value;

/// A value that a column of type `V` can be given.
#[diagnostic::on_unimplemented(
    message = "a column of type `{V}` cannot be given a value of type `{Self}`",
    label = "expected a value of type `{V}`"
)]
pub trait Assign<V> {
    /// The value to bind.
    fn into_value(self) -> Value;
}

impl<V: ColumnType> Assign<V> for V {
    fn into_value(self) -> Value {
        self.into_bound()
    }
}

impl<V: ColumnType> Assign<V> for &V {
    fn into_value(self) -> Value {
        self.encode()
    }
}

impl<B: ColumnType<Base = B>> Assign<Option<B>> for B {
    fn into_value(self) -> Value {
        self.into_bound()
    }
}

impl Assign<String> for &str {
    fn into_value(self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl Assign<Option<String>> for &str {
    fn into_value(self) -> Value {
        Value::Text(self.to_owned())
    }
}
