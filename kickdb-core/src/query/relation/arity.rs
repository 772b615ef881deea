//! How many rows a relation has, and what that is in a result.

use std::marker::PhantomData;

use super::RelationMeta;
use crate::error::{Error, Result};
use crate::query::scope::{Cons, Nil, Req};

/// How many rows of `O` belong to a row.
pub trait Arity<O>: 'static {
    /// The tables whose columns a filter of the relation may use.
    type Scope;
    /// The same when some rows are filtered away.
    type Filtered: Arity<O, Scope = Self::Scope>;
    /// What the related rows of one row are in a result.
    type Out<R: Send + 'static>: Send + 'static;

    /// Whether several rows are too many.
    const AT_MOST_ONE: bool;

    /// Makes it of the rows that were found; `ordered` where the first of several is asked for.
    ///
    /// # Errors
    ///
    /// When there are fewer or more rows than there may be.
    fn gather<R: Send + 'static>(rows: Vec<R>, relation: &RelationMeta, ordered: bool) -> Result<Self::Out<R>>;
}

/// A relation of which a row may have any number of rows.
#[diagnostic::on_unimplemented(
    message = "this relation gives one row for each row, so it takes no `.limit(…)` or `.offset(…)`",
    label = "a relation to one row",
    note = "`.order_by(…)` says which row is meant where the database holds several"
)]
pub trait Several {}
impl Several for Many {}
impl<V: 'static> Several for Through<V> {}

/// Exactly one row.
#[derive(Debug)]
pub enum One {}

/// One row or none.
#[derive(Debug)]
pub enum Maybe {}

/// Any number of rows.
#[derive(Debug)]
pub enum Many {}

/// Any number of rows, by way of the table `V`.
#[derive(Debug)]
pub struct Through<V>(PhantomData<fn() -> V>);

fn at_most_one<R>(rows: Vec<R>, relation: &RelationMeta, ordered: bool) -> Result<Option<R>> {
    if rows.len() > 1 && !ordered {
        return Err(Error::validation(format!(
            "`{}` has {} rows for one row of `{}` by its relation `{}`, which is to one; say with `.order_by(…)` which of \
             them is meant, or make it `has_many`",
            relation.to.name,
            rows.len(),
            relation.from.name,
            relation.name
        )));
    }
    Ok(rows.into_iter().next())
}

impl<O: 'static> Arity<O> for One {
    type Scope = Cons<Req<O>, Nil>;
    type Filtered = Maybe;
    type Out<R: Send + 'static> = R;
    const AT_MOST_ONE: bool = true;

    fn gather<R: Send + 'static>(rows: Vec<R>, relation: &RelationMeta, ordered: bool) -> Result<R> {
        at_most_one(rows, relation, ordered)?.ok_or_else(|| {
            let key: Vec<&str> = relation.own.iter().map(|key| key.column).collect();
            Error::NotFound {
                table: relation.to.name.to_owned(),
                key: format!(
                    "the key ({}) of a row of `{}`; load the relation `{}` with `.optional()` where that may be",
                    key.join(", "),
                    relation.from.name,
                    relation.name
                ),
            }
        })
    }
}

impl<O: 'static> Arity<O> for Maybe {
    type Scope = Cons<Req<O>, Nil>;
    type Filtered = Self;
    type Out<R: Send + 'static> = Option<R>;
    const AT_MOST_ONE: bool = true;

    fn gather<R: Send + 'static>(rows: Vec<R>, relation: &RelationMeta, ordered: bool) -> Result<Option<R>> {
        at_most_one(rows, relation, ordered)
    }
}

impl<O: 'static> Arity<O> for Many {
    type Scope = Cons<Req<O>, Nil>;
    type Filtered = Self;
    type Out<R: Send + 'static> = Vec<R>;
    const AT_MOST_ONE: bool = false;

    fn gather<R: Send + 'static>(rows: Vec<R>, _: &RelationMeta, _: bool) -> Result<Vec<R>> {
        Ok(rows)
    }
}

impl<O: 'static, V: 'static> Arity<O> for Through<V> {
    type Scope = Cons<Req<V>, Cons<Req<O>, Nil>>;
    type Filtered = Self;
    type Out<R: Send + 'static> = Vec<R>;
    const AT_MOST_ONE: bool = false;

    fn gather<R: Send + 'static>(rows: Vec<R>, _: &RelationMeta, _: bool) -> Result<Vec<R>> {
        Ok(rows)
    }
}
