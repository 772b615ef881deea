//! Relations: the rows of other tables that belong to a row.
//!
//! A relation is loaded by one more query for all rows at once, whose rows are matched in memory. What was measured is in
//! the design of speed: that is faster than a join that repeats the row, and than JSON made by the database.

mod arity;
mod condition;
mod key;
#[cfg(feature = "live")]
mod load;
mod render;
mod with;

use std::fmt;
use std::marker::PhantomData;

pub use self::arity::{Arity, Many, Maybe, One, Several, Through};
pub use self::condition::{Ask, Related};
pub use self::key::{OwnKey, read_key};
pub use self::with::{Load, NoRoom, Push, With, Withs};

use super::condition::IntoCondition;
use super::node::{Node, OrderPart};
use super::order::IntoOrder;
use super::scope::ValidIn;
use super::table::TableMeta;

/// What a relation is, as data.
#[derive(Debug)]
pub struct RelationMeta {
    /// Its name.
    pub name: &'static str,
    /// The table whose rows it is loaded for.
    pub from: &'static TableMeta,
    /// The table whose rows are loaded.
    pub to: &'static TableMeta,
    /// The columns of `from` that are compared.
    pub own: &'static [OwnKey],
    /// The columns of `to` that are compared with those, or with those of the table between.
    pub other: &'static [&'static str],
    /// The table between, where there is one.
    pub through: Option<Between>,
    /// Whether the row holds the key of the other one, and not the other way round.
    pub points: bool,
}

/// The table between two others.
#[derive(Debug)]
pub struct Between {
    /// The table.
    pub table: &'static TableMeta,
    /// Its columns that point to the table whose rows the relation is loaded for.
    pub own: &'static [&'static str],
    /// Its columns that point to the table whose rows are loaded.
    pub other: &'static [&'static str],
}

impl RelationMeta {
    /// The same, once its keys are known to be of one length. For the derive, at compile time.
    #[must_use]
    pub const fn checked(self) -> Self {
        let (own, other) = match &self.through {
            Some(between) => (between.own.len(), between.other.len()),
            None => (self.other.len(), self.other.len()),
        };
        assert!(
            !self.own.is_empty() && !self.other.is_empty(),
            "this relation points to a table without a primary key\n  = help: name the columns it points to: `references = …`"
        );
        assert!(
            self.own.len() == own && self.other.len() == other,
            "the key of this relation has not as many columns as what it points to\n  = help: name all of them: `key(tenant_id, project_id)`"
        );
        self
    }

    /// The condition that related rows are not marked as deleted. A row that is pointed to is wanted all the same.
    fn seen(&self) -> Option<Node> {
        if self.points {
            return None;
        }
        let between = self.through.as_ref().and_then(|between| between.table.seen());
        match (self.to.seen(), between) {
            (Some(to), Some(between)) => Some(to.and(between)),
            (to, between) => to.or(between),
        }
    }

    /// The columns that say for which row a row is loaded, with their table.
    fn keys(&self) -> impl Iterator<Item = (&'static TableMeta, &'static str)> + use<> {
        let (table, columns) = match &self.through {
            Some(between) => (between.table, between.own),
            None => (self.to, self.other),
        };
        columns.iter().map(move |column| (table, *column))
    }
}

/// A relation from rows of `P` to rows of `O`, of which `K` says how many there are. `W` are the relations that are loaded
/// with them.
///
/// The derive of `Table` makes a constant for each relation; it is given to `.with(…)`, or asked by
/// [`any`](Relation::any), [`none`](Relation::none) and [`count`](Relation::count).
#[must_use = "a relation does nothing until it is given to `.with(…)` or asked in a filter"]
pub struct Relation<P, O, K, W = ()> {
    meta: &'static RelationMeta,
    rows: Rows,
    with: W,
    of: Marker<(P, O, K)>,
}

/// What is only there for the compiler.
type Marker<T> = PhantomData<fn() -> T>;

/// Which of the related rows are meant, and in which order.
#[derive(Clone, Debug)]
struct Rows {
    filter: Option<Node>,
    order: Vec<OrderPart>,
    limit: Option<u64>,
    offset: Option<u64>,
    deleted: bool,
}

impl<P, O, K> Relation<P, O, K> {
    /// For the derive.
    pub const fn new(meta: &'static RelationMeta) -> Self {
        Self {
            meta,
            rows: Rows {
                filter: None,
                order: Vec::new(),
                limit: None,
                offset: None,
                deleted: false,
            },
            with: (),
            of: PhantomData,
        }
    }
}

impl<P, O, K: Arity<O>, W> Relation<P, O, K, W> {
    /// Only related rows for which the condition is true; several filters must all be true. A condition that is `None` is
    /// left out.
    ///
    /// A row that is pointed to may be filtered away, and is then read as `Option`.
    pub fn filter<C, I>(mut self, condition: C) -> Relation<P, O, K::Filtered, W>
    where
        C: IntoCondition,
        C::Uses: ValidIn<K::Scope, I>,
    {
        super::select::and_also(&mut self.rows.filter, condition.into_condition());
        self.counted_as()
    }

    /// The related rows of each row sorted by this, after what they are sorted by already.
    ///
    /// For a relation to one row of which the database holds several: the first one is read.
    pub fn order_by<C, I>(mut self, order: C) -> Self
    where
        C: IntoOrder,
        C::Uses: ValidIn<K::Scope, I>,
    {
        order.parts(&mut self.rows.order);
        self
    }

    /// At most so many related rows for each row.
    pub fn limit(mut self, rows: u64) -> Self
    where
        K: Several,
    {
        self.rows.limit = Some(rows);
        self
    }

    /// Without the first so many related rows of each row.
    pub fn offset(mut self, rows: u64) -> Self
    where
        K: Several,
    {
        self.rows.offset = Some(rows);
        self
    }

    /// Related rows that are marked as deleted (`#[column(deleted_at)]`) are seen, too. Those that a row points to always
    /// are.
    pub fn with_deleted(mut self) -> Self {
        self.rows.deleted = true;
        self
    }

    /// What a function makes of the relation: for pieces that are used again.
    pub fn apply<R>(self, piece: impl FnOnce(Self) -> R) -> R {
        piece(self)
    }

    /// A relation of the related rows is loaded with them: `Project::TASKS.with(Task::COMMENTS)`.
    pub fn with<R>(self, relation: R) -> Relation<P, O, K, W::Out>
    where
        R: Load<O>,
        W: Push<R>,
    {
        Relation {
            meta: self.meta,
            rows: self.rows,
            with: self.with.push(relation),
            of: PhantomData,
        }
    }

    fn counted_as<L>(self) -> Relation<P, O, L, W> {
        Relation {
            meta: self.meta,
            rows: self.rows,
            with: self.with,
            of: PhantomData,
        }
    }
}

impl<P, O, W> Relation<P, O, One, W> {
    /// Reads the row as `Option`: for a key that nothing in the database holds to.
    pub fn optional(self) -> Relation<P, O, Maybe, W>
    where
        One: Arity<O>,
    {
        self.counted_as()
    }
}

impl<P, O, K, W: Clone> Clone for Relation<P, O, K, W> {
    fn clone(&self) -> Self {
        Self {
            meta: self.meta,
            rows: self.rows.clone(),
            with: self.with.clone(),
            of: PhantomData,
        }
    }
}

impl<P, O, K, W> fmt::Debug for Relation<P, O, K, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.meta.from.name, self.meta.name)
    }
}
