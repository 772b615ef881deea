use super::super::condition::Condition;
use super::super::expr::{Base, Expr, Expression};
use super::super::operand::Operand;
use super::super::types::ColumnType;
use super::{As, call};
use crate::dialect::Function;
use crate::value::{Kind as _, KindId};

/// A list: `Vec` of what a column can have.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a list", label = "not a column of type `Vec<_>`")]
pub trait Listed: ColumnType {
    /// The type of its values.
    type Item: ColumnType;
}

impl<T: ColumnType> Listed for Vec<T> {
    type Item = T;
}

/// The function that is meant for lists of this type.
fn of<L: Listed>(other: Function, texts: Function) -> Function {
    match <L::Item as ColumnType>::Kind::ID {
        KindId::Text | KindId::Enum => texts,
        _ => other,
    }
}

/// Functions of a list: an array of PostgreSQL, a JSON array elsewhere.
pub trait ListFunctions: Expression {
    /// Whether the value is in it.
    fn has<R>(self, value: R) -> Condition<R::With<Self::Uses>>
    where
        Base<Self>: Listed,
        R: Operand<<Base<Self> as Listed>::Item>,
    {
        Condition::new(call(
            of::<Base<Self>>(Function::ListHas, Function::ListHasText),
            [self.into_node(), value.into_node()],
        ))
    }

    /// Whether every value of another list is in it.
    fn has_all<R: Operand<Base<Self>>>(self, other: R) -> Condition<R::With<Self::Uses>>
    where
        Base<Self>: Listed,
    {
        Condition::new(call(
            of::<Base<Self>>(Function::ListHasAll, Function::ListHasAllText),
            [self.into_node(), other.into_node()],
        ))
    }

    /// Whether a value of another list is in it.
    fn overlaps<R: Operand<Base<Self>>>(self, other: R) -> Condition<R::With<Self::Uses>>
    where
        Base<Self>: Listed,
    {
        Condition::new(call(
            of::<Base<Self>>(Function::ListOverlaps, Function::ListOverlapsText),
            [self.into_node(), other.into_node()],
        ))
    }

    /// How many values it has.
    fn list_length(self) -> Expr<As<Self, i64>, Self::Uses>
    where
        Base<Self>: Listed,
    {
        Expr::new(call(Function::ListLength, [self.into_node()]))
    }
}

impl<E: Expression> ListFunctions for E {}
