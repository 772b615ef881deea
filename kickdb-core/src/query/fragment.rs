//! SQL of the program's own inside of a typed query.

use std::marker::PhantomData;

use super::expr::{Expr, Expression};
use super::node::Node;
use super::scope::Each;
use super::types::ColumnType;

/// What fills the holes of a [`fragment`]: an expression, or a tuple of up to four. A value is one by [`val`](super::val).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot fill the holes of a fragment of SQL",
    label = "expected a column, an expression, `val(…)`, or a tuple of those"
)]
pub trait Holes<I> {
    /// The tables whose columns they use.
    type Uses;
    /// Adds the expressions.
    fn nodes(self, out: &mut Vec<Node>);
}

/// One expression.
#[derive(Debug)]
pub enum Single {}

impl<E: Expression> Holes<Single> for E {
    type Uses = E::Uses;

    fn nodes(self, out: &mut Vec<Node>) {
        out.push(self.into_node());
    }
}

impl Holes<()> for () {
    type Uses = ();

    fn nodes(self, _: &mut Vec<Node>) {}
}

macro_rules! holes {
    ($($($name:ident)*;)*) => {$(
        impl<$($name: Expression),*> Holes<Each<(), ()>> for ($($name,)*) {
            type Uses = holes!(@ $($name)*);

            fn nodes(self, out: &mut Vec<Node>) {
                #[allow(non_snake_case)]
                let ($($name,)*) = self;
                $(out.push($name.into_node());)*
            }
        }
    )*};
    (@) => { () };
    (@ $first:ident $($rest:ident)*) => { ($first::Uses, holes!(@ $($rest)*)) };
}

holes! { A; A B; A B C; A B C D; }

/// A piece of SQL that gives a value of the type `V`, with an expression in the place of each `{}`. The text is the
/// program's own: it is `&'static`, and whatever a user gave comes in by [`val`](super::val), which binds it.
///
/// `fragment::<f64, _, _>("similarity({}, {})", (Task::TITLE, val(words)))`
///
/// # Panics
///
/// Where there are not as many expressions as holes.
#[must_use]
pub fn fragment<V: ColumnType, H: Holes<I>, I>(sql: &'static str, holes: H) -> Expr<V, H::Uses> {
    let mut of = Vec::new();
    holes.nodes(&mut of);
    let pieces: Vec<&'static str> = sql.split("{}").collect();
    assert_eq!(
        pieces.len(),
        of.len() + 1,
        "a fragment has as many expressions as holes: {sql}"
    );
    let _: PhantomData<I> = PhantomData;
    Expr::new(Node::Fragment { pieces, of })
}
