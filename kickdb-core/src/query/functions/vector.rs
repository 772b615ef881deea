use super::super::expr::{Base, Expr, Expression};
use super::super::operand::Operand;
use super::super::types::ColumnType;
use super::{As, call};
use crate::dialect::Function;
use crate::value::kind;

/// A type whose values are vectors: `Vec<f32>`, or a newtype of it.
pub trait Vectored {}
impl<V: ColumnType<Kind: VectorKind>> Vectored for V {}

/// The kind of vectors.
#[diagnostic::on_unimplemented(
    message = "this is for vectors, and the column is of the kind `{Self}`",
    label = "not a column of type `Vec<f32>`"
)]
pub trait VectorKind {}
impl VectorKind for kind::List<kind::Float32> {}

/// How far vectors are from each other, on PostgreSQL with the extension pgvector: a column is a `Vec<f32>` with
/// `#[column(type = "vector(3)")]`, or `halfvec(3)`.
///
/// Rows in the order of a distance, up to a limit, are what an index of pgvector finds, where it is one for this distance:
///
/// ```
/// use kickdb_core::query::{Column, Expression, VectorFunctions};
/// # use kickdb_core::query::{IntoOrder, Table};
///
/// fn nearest<T: Table, const N: usize>(embedding: Column<T, Vec<f32>, N>) -> impl IntoOrder {
///     embedding.cosine_distance(vec![0.1, 0.2, 0.3])
/// }
/// ```
pub trait VectorFunctions: Expression {
    /// How far it is from another vector, as the crow flies (`<->`).
    fn l2_distance<R: Operand<Base<Self>>>(self, to: R) -> Expr<R::Lift<As<Self, f64>>, R::With<Self::Uses>>
    where
        Self::Type: Vectored,
    {
        Expr::new(call(Function::DistanceL2, [self.into_node(), to.into_node()]))
    }

    /// The sum of how far they are from each other in each dimension (`<+>`).
    fn l1_distance<R: Operand<Base<Self>>>(self, to: R) -> Expr<R::Lift<As<Self, f64>>, R::With<Self::Uses>>
    where
        Self::Type: Vectored,
    {
        Expr::new(call(Function::DistanceL1, [self.into_node(), to.into_node()]))
    }

    /// One less the cosine of the angle between them (`<=>`): 0 where they point the same way, 2 where they are opposites. It is
    /// NaN beside a vector of zeros.
    fn cosine_distance<R: Operand<Base<Self>>>(self, to: R) -> Expr<R::Lift<As<Self, f64>>, R::With<Self::Uses>>
    where
        Self::Type: Vectored,
    {
        Expr::new(call(Function::DistanceCosine, [self.into_node(), to.into_node()]))
    }

    /// Their inner product with the other sign (`<#>`), so that what is most alike comes first, as an index of pgvector needs.
    fn negative_inner_product<R: Operand<Base<Self>>>(
        self,
        with: R,
    ) -> Expr<R::Lift<As<Self, f64>>, R::With<Self::Uses>>
    where
        Self::Type: Vectored,
    {
        Expr::new(call(
            Function::NegativeInnerProduct,
            [self.into_node(), with.into_node()],
        ))
    }
}

impl<E: Expression> VectorFunctions for E {}
