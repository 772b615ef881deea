//! Related rows, fetched for many rows at once and matched in memory.

use std::collections::HashSet;

use super::key::{Key, Keys, OwnKey, Taken, key};
use super::{Arity, RelationMeta, Rows, With, Withs};
use crate::client::{Executor, Lease, Use};
use crate::dialect::Dialect;
use crate::dialect::session::{Collect, Next};
use crate::error::{Error, Result};
use crate::query::reader::Reader;
use crate::query::scope::Runnable;
use crate::query::table::{Table, TableMeta};
use crate::value::{Cell, Cells, Statement, Value};

/// Rows, and their keys for each relation that is to be loaded with them.
#[doc(hidden)]
pub struct Found<T> {
    pub(super) rows: Vec<T>,
    pub(super) keys: Vec<Taken>,
    relations: Vec<(&'static RelationMeta, Vec<usize>)>,
}

impl<T> std::fmt::Debug for Found<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Found")
            .field("rows", &self.rows.len())
            .finish_non_exhaustive()
    }
}

impl<T: Table> Found<T> {
    fn new(relations: Vec<&'static RelationMeta>) -> Self {
        let relations: Vec<_> = relations
            .into_iter()
            .map(|relation| {
                let own: Vec<_> = relation.own.iter().map(|key| place(T::META, key.column)).collect();
                (relation, own)
            })
            .collect();
        Self {
            rows: Vec::new(),
            keys: relations.iter().map(|(_, own)| Taken::new(own.len())).collect(),
            relations,
        }
    }

    /// Takes a row whose first cells are the columns of `T`.
    fn take(&mut self, row: &dyn Cells) -> Result<()> {
        self.rows.push(T::decode(&mut Reader::new(row))?);
        for ((relation, places), keys) in self.relations.iter().zip(&mut self.keys) {
            keys.push(values(relation, places, row))?;
        }
        Ok(())
    }

    fn truncate(&mut self, rows: usize) {
        self.rows.truncate(rows);
        for keys in &mut self.keys {
            keys.truncate(rows);
        }
    }
}

/// Where a column stands among those of its table.
fn place(table: &TableMeta, column: &str) -> usize {
    table
        .columns
        .iter()
        .position(|name| *name == column)
        .expect("the derive checks that a key's columns are there")
}

/// Reads a value of a key from the cell at this place.
fn value(own: &OwnKey, at: usize, row: &dyn Cells) -> Result<Value> {
    row.cell(at)
        .and_then(own.read)
        .map_err(|fault| fault.at(&row.name(at), "a key"))
}

/// Reads the values of a key from the cells at these places.
fn values(relation: &RelationMeta, places: &[usize], row: &dyn Cells) -> impl Iterator<Item = Result<Value>> {
    let cells = relation.own.iter().zip(places);
    cells.map(|(own, at)| value(own, *at, row))
}

/// The key that these cells hold: for most relations nothing is allocated.
fn key_of(relation: &RelationMeta, places: &[usize], row: &dyn Cells) -> Result<Option<Key>> {
    match (relation.own, places) {
        ([own], [at]) => Ok(key(&[value(own, *at, row)?])),
        _ => Ok(key(&values(relation, places, row).collect::<Result<Vec<_>>>()?)),
    }
}

/// Related rows as they come, matched with the rows that they belong to.
struct Children<O> {
    relation: &'static RelationMeta,
    /// Where the key stands in a row.
    places: Vec<usize>,
    keys: Keys,
    /// The number that was the key of the row before.
    last: Option<i64>,
    /// The parent of each row.
    belongs: Vec<usize>,
    found: Found<O>,
    /// How many rows earlier statements gave.
    earlier: usize,
}

impl<O: Table> Collect for Children<O> {
    fn row(&mut self, row: &dyn Cells) -> Result<Next> {
        // Most keys are one number, and most rows come behind one with the same parent.
        let number = match self.places[..] {
            [at] if self.keys.are_plain() => row.cell(at).ok().and_then(|cell| match cell {
                Cell::Int(number) => Some(number),
                _ => None,
            }),
            _ => None,
        };
        let parents = if number.is_some() && number == self.last {
            self.keys.rows_of_last()
        } else {
            self.last = None;
            let Some(key) = key_of(self.relation, &self.places, row)? else {
                return Ok(None);
            };
            self.keys.rows(key)
        };
        // A row of which several rows are the parents is decoded for each: it need not be `Clone`.
        for parent in parents {
            self.found.take(row)?;
            self.belongs.push(*parent);
        }
        self.last = number;
        Ok(None)
    }

    fn again(&mut self) -> bool {
        self.belongs.truncate(self.earlier);
        self.found.truncate(self.earlier);
        true
    }
}

/// Keys as related rows spell them, with the number of the key that the engine takes them for.
struct Spellings {
    relation: &'static RelationMeta,
    places: Vec<usize>,
    found: HashSet<(usize, Key)>,
}

impl Spellings {
    fn new(relation: &'static RelationMeta) -> Self {
        Self {
            relation,
            places: (1..=relation.own.len()).collect(),
            found: HashSet::new(),
        }
    }
}

impl Collect for Spellings {
    fn row(&mut self, row: &dyn Cells) -> Result<Next> {
        let number: i64 = Reader::new(row).take()?;
        if let (Ok(number), Some(key)) = (usize::try_from(number), key_of(self.relation, &self.places, row)?) {
            self.found.insert((number, key));
        }
        Ok(None)
    }

    fn again(&mut self) -> bool {
        self.found.clear();
        true
    }
}

impl<T: Table> Collect for Found<T> {
    fn row(&mut self, row: &dyn Cells) -> Result<Next> {
        self.take(row)?;
        Ok(None)
    }

    fn again(&mut self) -> bool {
        self.truncate(0);
        true
    }
}

/// The related rows of all rows with these keys.
pub(super) async fn related<O: Table, K: Arity<O>, W: Withs<O>>(
    relation: &'static RelationMeta,
    mut rows: Rows,
    with: W,
    lease: &mut Lease<'_>,
    dialect: &'static dyn Dialect,
    taken: Taken,
) -> Result<Vec<K::Out<W::Row>>> {
    let parents = taken.len();
    let ordered = !rows.order.is_empty();
    let mut keys = Keys::new(taken);
    if K::AT_MOST_ONE && ordered {
        rows.limit = Some(1);
    }
    // Where the key stands in the rows that come: among the columns of the table, or behind them.
    let places: Vec<usize> = match &relation.through {
        Some(between) => (0..between.own.len()).map(|at| O::META.columns.len() + at).collect(),
        None => relation.other.iter().map(|column| place(O::META, column)).collect(),
    };
    let values = std::mem::take(&mut keys.values);
    let width = relation.own.len();
    for (at, some) in values
        .chunks(super::render::most_spelled(dialect, relation) * width)
        .enumerate()
    {
        let first = at * super::render::most_spelled(dialect, relation);
        let Some(statement) = super::render::spellings(dialect, relation, some, first)? else {
            break;
        };
        let spelled = lease.rows(statement, Spellings::new(relation)).await?;
        for (number, key) in spelled.found {
            keys.is_same(key, number);
        }
    }
    let mut children = Children {
        relation,
        places,
        keys,
        last: None,
        belongs: Vec::new(),
        found: Found::<O>::new(with.metas()),
        earlier: 0,
    };
    for some in values.chunks(super::render::most_values(dialect, relation)) {
        let statement = super::render::statement(dialect, relation, &rows, some)?;
        children.earlier = children.belongs.len();
        children = lease.rows(statement, children).await?;
    }
    let complete = with.attach(lease, dialect, children.found).await?;
    by_parent(parents, children.belongs, complete)
        .into_iter()
        .map(|rows| K::gather(rows, relation, ordered))
        .collect()
}

/// The rows of each parent, in lists no longer than they are.
fn by_parent<R>(parents: usize, belongs: Vec<usize>, rows: Vec<R>) -> Vec<Vec<R>> {
    let mut counts = vec![0; parents];
    belongs.iter().for_each(|parent| counts[*parent] += 1);
    let mut lists: Vec<Vec<R>> = counts.into_iter().map(Vec::with_capacity).collect();
    for (parent, row) in belongs.into_iter().zip(rows) {
        lists[parent].push(row);
    }
    lists
}

impl<T: Table, S, W: Withs<T>> With<T, S, W> {
    /// All rows with what belongs to them.
    ///
    /// One statement for the rows and one for each relation, however many rows there are. They see the same state of the
    /// database where they run in a transaction that does (`REPEATABLE READ`).
    ///
    /// # Errors
    ///
    /// When the database refuses, or a value cannot be read. [`Error::NotFound`] where a row points to one that is not
    /// there.
    pub fn all(self, on: impl Executor) -> impl Future<Output = Result<Vec<W::Row>>> + Send {
        let dialect = on.engine();
        let what = self.query.select.what();
        let (able, statement, with) = (self.with.check(dialect), self.query.render(dialect), self.with);
        async move {
            able?;
            rows(on, what, dialect, statement?, with).await
        }
    }

    /// The only row with what belongs to it.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where there is none, [`Error::Validation`] where there are several.
    pub async fn one(self, on: impl Executor) -> Result<W::Row> {
        let key = self.sought.clone();
        self.optional(on).await?.ok_or_else(|| Error::NotFound {
            table: T::META.name.to_owned(),
            key: key.unwrap_or_else(|| "this condition".to_owned()),
        })
    }

    /// The only row with what belongs to it, where there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] where there are several.
    pub fn optional(mut self, on: impl Executor) -> impl Future<Output = Result<Option<W::Row>>> + Send {
        // Two rows are enough to know that there is more than one.
        self.query.select.limit = Some(self.query.select.limit.unwrap_or(2).min(2));
        let all = self.all(on);
        async move { crate::query::run::at_most_one(all.await?, T::META.name) }
    }

    /// The first row with what belongs to it, where there is one.
    ///
    /// # Errors
    ///
    /// When the database refuses, or a value cannot be read.
    pub fn first(mut self, on: impl Executor) -> impl Future<Output = Result<Option<W::Row>>> + Send {
        self.query.select.limit = Some(self.query.select.limit.unwrap_or(1).min(1));
        let all = self.all(on);
        async move { Ok(all.await?.into_iter().next()) }
    }
}

impl<T: Table, S, W> With<T, S, W> {
    /// How many rows there are; what belongs to them is not loaded.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub fn count(self, on: impl Executor) -> impl Future<Output = Result<i64>> + Send
    where
        S: Runnable,
    {
        self.query.count(on)
    }

    /// Whether there is a row; what belongs to it is not loaded.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub fn exists(self, on: impl Executor) -> impl Future<Output = Result<bool>> + Send
    where
        S: Runnable,
    {
        self.query.exists(on)
    }
}

async fn rows<T: Table, W: Withs<T>>(
    on: impl Executor,
    what: Use,
    dialect: &'static dyn Dialect,
    statement: Statement,
    with: W,
) -> Result<Vec<W::Row>> {
    let mut lease = on.source().lease(what).await?;
    let found = lease.rows(statement, Found::<T>::new(with.metas())).await?;
    with.attach(&mut lease, dialect, found).await
}
