use super::super::condition::Condition;
use super::super::expr::{Base, Expr, Expression};
use super::super::node::Node;
use super::super::operand::Operand;
use super::super::types::ColumnType;
use super::call;
use crate::dialect::{Function, JsonStep};
use crate::value::kind;

/// Where something is in a JSON document: a key, or keys and positions from the outside in.
///
/// ```
/// use kickdb_core::dialect::JsonStep;
/// use kickdb_core::query::JsonPath;
///
/// let path = JsonPath::from(["address", "lines"]).at(0);
/// assert_eq!(path, JsonPath::from("address").key("lines").at(0));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPath(pub(in crate::query) Vec<JsonStep>);

impl JsonPath {
    /// And from there the value of this key.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.0.push(JsonStep::Key(key.into()));
        self
    }

    /// And from there the value at this position of an array, from 0.
    #[must_use]
    pub fn at(mut self, position: u32) -> Self {
        self.0.push(JsonStep::At(position));
        self
    }
}

impl From<&str> for JsonPath {
    fn from(key: &str) -> Self {
        Self(Vec::new()).key(key)
    }
}

impl From<String> for JsonPath {
    fn from(key: String) -> Self {
        Self(Vec::new()).key(key)
    }
}

impl<const N: usize> From<[&str; N]> for JsonPath {
    fn from(keys: [&str; N]) -> Self {
        keys.into_iter().fold(Self(Vec::new()), Self::key)
    }
}

/// The kind of JSON documents.
#[diagnostic::on_unimplemented(
    message = "only a JSON document has parts, and this is of the kind `{Self}`",
    label = "not a column of JSON"
)]
pub trait JsonKind {}
impl JsonKind for kind::Json {}

/// Functions of a JSON document. Paths and keys are bound, so they may come from a user.
pub trait JsonFunctions: Expression {
    /// What is there, as text: a string without its quotes, anything else as it is written. NULL where there is nothing, or
    /// the `null` of JSON.
    fn json_text(self, path: impl Into<JsonPath>) -> Expr<Option<String>, Self::Uses>
    where
        Self::Type: ColumnType<Kind: JsonKind>,
    {
        Expr::new(call(
            Function::JsonText,
            [self.into_node(), Node::JsonPath(path.into().0)],
        ))
    }

    /// What is there, as JSON; NULL where there is nothing.
    #[cfg(feature = "json")]
    fn json_part(self, path: impl Into<JsonPath>) -> Expr<Option<serde_json::Value>, Self::Uses>
    where
        Self::Type: ColumnType<Kind: JsonKind>,
    {
        Expr::new(call(
            Function::JsonPart,
            [self.into_node(), Node::JsonPath(path.into().0)],
        ))
    }

    /// Whether there is something, be it `null`.
    fn json_has(self, path: impl Into<JsonPath>) -> Condition<Self::Uses>
    where
        Self::Type: ColumnType<Kind: JsonKind>,
    {
        Condition::new(call(
            Function::JsonHas,
            [self.into_node(), Node::JsonPath(path.into().0)],
        ))
    }

    /// Whether each key and value of another document is in it. Not on SQLite.
    fn json_contains<R: Operand<Base<Self>>>(self, other: R) -> Condition<R::With<Self::Uses>>
    where
        Self::Type: ColumnType<Kind: JsonKind>,
    {
        Condition::new(call(Function::JsonContains, [self.into_node(), other.into_node()]))
    }
}

impl<E: Expression> JsonFunctions for E {}
