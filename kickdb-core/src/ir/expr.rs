/// A default, check, predicate or generated expression.
///
/// What every engine can say is a variant; the rest is the engine's own SQL, never interpreted by shared code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// `NULL`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text, unquoted.
    Text(String),
    /// The time of the transaction or statement.
    Now,
    /// A random UUID.
    NewUuid,
    /// An array without elements.
    EmptyArray,
    /// SQL of the engine, as it is written.
    Sql(String),
}
