//! Questions about related rows in the condition of a query.

use super::{Arity, Relation, RelationMeta};
use crate::query::condition::{Condition, IntoCondition};
use crate::query::expr::Expr;
use crate::query::node::Node;
use crate::query::scope::ValidIn;
use crate::query::select::and_also;
use crate::query::table::Table;

/// A question about related rows, as data.
#[derive(Clone, Debug)]
pub struct Related {
    pub(super) relation: &'static RelationMeta,
    pub(super) filter: Option<Node>,
    pub(super) ask: Ask,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Whether there is one.
    Any,
    /// Whether there is none.
    None,
    /// How many there are.
    Count,
}

impl<P: Table, O, K: Arity<O>> Relation<P, O, K> {
    /// Whether a row has a related one for which the condition is true: `Project::TASKS.any(Task::STATUS.eq(…))`.
    pub fn any<C, I>(self, condition: C) -> Condition<P>
    where
        C: IntoCondition,
        C::Uses: ValidIn<K::Scope, I>,
    {
        Condition::new(self.ask(Ask::Any, condition.into_condition()))
    }

    /// Whether a row has no related one for which the condition is true.
    pub fn none<C, I>(self, condition: C) -> Condition<P>
    where
        C: IntoCondition,
        C::Uses: ValidIn<K::Scope, I>,
    {
        Condition::new(self.ask(Ask::None, condition.into_condition()))
    }

    /// Whether a row has a related one, after the filters of the relation.
    pub fn exists(self) -> Condition<P> {
        Condition::new(self.ask(Ask::Any, None))
    }

    /// How many related rows a row has, after the filters of the relation.
    #[must_use]
    pub fn count(self) -> Expr<i64, P> {
        Expr::new(self.ask(Ask::Count, None))
    }

    fn ask(self, ask: Ask, condition: Option<Node>) -> Node {
        let mut filter = self.rows.filter;
        and_also(&mut filter, self.meta.seen().filter(|_| !self.rows.deleted));
        and_also(&mut filter, condition);
        Node::Related(Box::new(Related {
            relation: self.meta,
            filter,
            ask,
        }))
    }
}
