//! The methods of one's own SQL that take a database.

use std::marker::PhantomData;

use futures_core::stream::Stream;

use super::raw::{Shape, Sql, SqlRow};
use super::reader::Reader;
use crate::client::{Executor, Use};
use crate::dialect::session::{Collect, Next};
use crate::error::{Error, Result};
use crate::value::{Cell, Cells, Fault};

impl Sql {
    fn what(&self) -> Use {
        if self.reads { Use::Read } else { Use::Write }
    }

    /// Runs it and gives the number of rows that it changed.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub async fn exec(self, on: impl Executor) -> Result<u64> {
        let what = self.what();
        let statement = self.render(on.engine())?;
        on.source().lease(what).await?.execute(statement).await
    }

    /// All rows.
    ///
    /// # Errors
    ///
    /// When the database refuses, a value cannot be read, or the columns are not those that are read.
    pub async fn all<R: SqlRow<I>, I: 'static>(self, on: impl Executor) -> Result<Vec<R>> {
        let what = self.what();
        let statement = self.render(on.engine())?;
        let rows = RawRows {
            rows: Vec::new(),
            places: CellPlaces::default(),
            of: PhantomData,
        };
        let mut lease = on.source().lease(what).await?;
        Ok(lease.rows(statement, rows).await?.rows)
    }

    /// The only row.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where there is none, [`Error::Validation`] where there are several. What [`all`](Sql::all) gives.
    pub async fn one<R: SqlRow<I>, I: 'static>(self, on: impl Executor) -> Result<R> {
        self.optional::<R, I>(on).await?.ok_or_else(|| Error::NotFound {
            table: "the program's own SQL".to_owned(),
            key: "these values".to_owned(),
        })
    }

    /// The only row, where there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] where there are several. What [`all`](Sql::all) gives.
    pub async fn optional<R: SqlRow<I>, I: 'static>(self, on: impl Executor) -> Result<Option<R>> {
        super::run::at_most_one(self.all::<R, I>(on).await?, "the program's own SQL")
    }

    /// The rows one by one, while the database still sends them.
    ///
    /// The connection is taken at the first poll and kept until the stream ends or is dropped.
    pub fn stream<'e, R: SqlRow<I>, I: 'static>(
        self,
        on: impl Executor + 'e,
    ) -> impl Stream<Item = Result<R>> + Send + 'e {
        let what = self.what();
        let statement = self.render(on.engine());
        let mut places = CellPlaces::default();
        super::stream::rows(on, what, statement, move |row| places.read::<R, I>(row))
    }
}

/// Reads rows into a list.
struct RawRows<R, I> {
    rows: Vec<R>,
    places: CellPlaces,
    of: PhantomData<fn() -> I>,
}

impl<R: SqlRow<I>, I: 'static> Collect for RawRows<R, I> {
    fn row(&mut self, row: &dyn Cells) -> Result<Next> {
        self.rows.push(self.places.read::<R, I>(row)?);
        Ok(None)
    }

    fn again(&mut self) -> bool {
        // A statement that runs once more may have other columns.
        self.places = CellPlaces::default();
        self.rows.clear();
        true
    }
}

/// Where the cells stand that a row is read from, found once for all rows of a statement.
#[derive(Debug, Default)]
struct CellPlaces(Option<Vec<usize>>);

impl CellPlaces {
    fn read<R: SqlRow<I>, I>(&mut self, row: &dyn Cells) -> Result<R> {
        let places = match &self.0 {
            Some(places) => places,
            None => self.0.insert(find(R::SHAPE, row, std::any::type_name::<R>())?),
        };
        R::read(&mut Reader::new(&Moved { row, places }))
    }
}

fn find(shape: Shape, row: &dyn Cells, wanted: &'static str) -> Result<Vec<usize>> {
    let width = row.width();
    match shape {
        Shape::Places(count) if count == width => Ok((0..width).collect()),
        Shape::Places(count) => Err(Error::Decode {
            column: format!("{width} columns"),
            wanted,
            message: format!("it has {count} values"),
        }),
        Shape::Names(names) => {
            let known: Vec<String> = (0..width).map(|at| row.name(at)).collect();
            let place = |name: &&'static str| {
                let mut at = (0..width).filter(|at| known[*at] == *name);
                match (at.next(), at.next()) {
                    (Some(at), None) => Ok(at),
                    (found, _) => Err(Error::Decode {
                        column: (*name).to_owned(),
                        wanted,
                        message: match found {
                            Some(_) => "several columns of the result have this name".to_owned(),
                            None => format!("the result has no such column; there are {}", known.join(", ")),
                        },
                    }),
                }
            };
            names.iter().map(place).collect()
        }
    }
}

/// A row whose cells are in another order.
struct Moved<'r> {
    row: &'r dyn Cells,
    places: &'r [usize],
}

impl Cells for Moved<'_> {
    fn cell(&self, at: usize) -> Result<Cell<'_>, Fault> {
        self.row.cell(self.places.get(at).copied().unwrap_or(usize::MAX))
    }

    fn name(&self, at: usize) -> String {
        self.row.name(self.places.get(at).copied().unwrap_or(at))
    }

    fn width(&self) -> usize {
        self.places.len()
    }
}
