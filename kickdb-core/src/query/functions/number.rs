use super::super::expr::{Base, Expr, Expression, sized};
use super::super::function::Numeric;
use super::super::operand::Operand;
use super::super::types::ColumnType;
use super::call;
use crate::dialect::Function;
use crate::value::{Kind as _, KindId, kind};

/// A whole number, or `Option` of one.
#[diagnostic::on_unimplemented(
    message = "a remainder is of whole numbers, and this is of type `{Self}`",
    label = "not a whole number"
)]
pub trait Whole: ColumnType {}
impl<V: ColumnType<Kind: WholeKind>> Whole for V {}

/// The kind of whole numbers.
#[diagnostic::on_unimplemented(message = "a remainder is of whole numbers, and this is of the kind `{Self}`")]
pub trait WholeKind {}
impl WholeKind for kind::Int16 {}
impl WholeKind for kind::Int32 {}
impl WholeKind for kind::Int64 {}

/// Functions of a number.
pub trait NumberFunctions: Expression {
    /// Without its sign.
    fn abs(self) -> Expr<Self::Type, Self::Uses>
    where
        Self::Type: Numeric,
    {
        Expr::new(call(Function::Abs, [sized(self)]))
    }

    /// With the other sign.
    fn negated(self) -> Expr<Self::Type, Self::Uses>
    where
        Self::Type: Numeric,
    {
        Expr::new(call(Function::Negate, [sized(self)]))
    }

    /// The nearest whole number, as a number of the same type.
    fn rounded(self) -> Expr<Self::Type, Self::Uses>
    where
        Self::Type: Numeric,
    {
        Expr::new(call(Function::Round, [sized(self)]))
    }

    /// The greatest whole number that is not greater.
    fn floor(self) -> Expr<Self::Type, Self::Uses>
    where
        Self::Type: Numeric,
    {
        Expr::new(call(Function::Floor, [sized(self)]))
    }

    /// The least whole number that is not less.
    fn ceil(self) -> Expr<Self::Type, Self::Uses>
    where
        Self::Type: Numeric,
    {
        Expr::new(call(Function::Ceil, [sized(self)]))
    }

    /// This by `other`; whole numbers are cut off. NULL where `other` is zero, on every engine.
    fn divided_by<R: Operand<Base<Self>>>(self, other: R) -> Expr<Option<Base<Self>>, R::With<Self::Uses>>
    where
        Self::Type: Numeric,
    {
        let function = match <Self::Type as ColumnType>::Kind::ID {
            KindId::Int16 | KindId::Int32 | KindId::Int64 => Function::DivideWhole,
            _ => Function::Divide,
        };
        Expr::new(call(function, [sized(self), other.into_node()]))
    }

    /// What is left of dividing this by `other`, with the sign of this. NULL where `other` is zero, on every engine.
    fn remainder<R: Operand<Base<Self>>>(self, other: R) -> Expr<Option<Base<Self>>, R::With<Self::Uses>>
    where
        Self::Type: Numeric,
        Self::Type: Whole,
    {
        Expr::new(call(Function::Remainder, [self.into_node(), other.into_node()]))
    }
}

impl<E: Expression> NumberFunctions for E {}
