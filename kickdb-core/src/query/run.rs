//! The methods of queries that take a database: the single place where statements are sent and rows are read.

use std::future::Future;

use futures_core::stream::Stream;
use futures_util::TryStreamExt as _;

use super::delete::Delete;
use super::find::Find;
use super::gather::{Decode, Gather};
use super::insert::{Complete, InsertColumns, InsertRows};
use super::keyset::{KeySteps, Keyset, Page};
use super::reader::Reader;
use super::scope::Runnable;
use super::select::Query;
use super::statement::Chosen;
use super::table::Table;
use super::types::ColumnType;
use super::update::Update;
use crate::client::{Executor, Lease, Use};
use crate::dialect::Dialect;
use crate::dialect::session::{Collect, Copy, Next};
use crate::error::{Error, Result};
use crate::value::{Cells, Statement};

async fn fetch<Out: Send + 'static>(
    on: impl Executor,
    what: Use,
    statement: Statement,
    decode: Decode<Out>,
) -> Result<Vec<Out>> {
    let mut lease = on.source().lease(what).await?;
    Ok(lease.rows(statement, Gather::new(decode)).await?.rows)
}

/// The only row, if there is one.
pub(super) fn at_most_one<Out>(rows: Vec<Out>, table: &str) -> Result<Option<Out>> {
    let mut rows = rows.into_iter();
    let row = rows.next();
    if rows.next().is_some() {
        return Err(Error::validation(format!(
            "the query of `{table}` gave more than one row; narrow it down, or take `.first(…)` or `.all(…)`"
        )));
    }
    Ok(row)
}

fn decode_one<V: ColumnType>(row: &mut Reader<'_>) -> Result<V> {
    row.take()
}

async fn scalar<V: ColumnType>(on: impl Executor, what: Use, statement: Result<Statement>) -> Result<V> {
    let statement = statement?;
    let sql = statement.sql.clone();
    let rows = fetch(on, what, statement, decode_one::<V>).await?;
    rows.into_iter().next().ok_or_else(|| Error::Query {
        message: "the database gave no row".to_owned(),
        sql,
        source: None,
    })
}

impl<T: Table> Find<T> {
    /// The row.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where there is none.
    pub async fn one(self, on: impl Executor) -> Result<T> {
        self.optional(on).await?.ok_or_else(|| Error::NotFound {
            table: T::META.name.to_owned(),
            key: Self::key_text(),
        })
    }

    /// The row, where there is one.
    ///
    /// # Errors
    ///
    /// When the database refuses, or a value cannot be read.
    pub async fn optional(self, on: impl Executor) -> Result<Option<T>> {
        let statement = self.render(on.engine())?;
        let rows = fetch(on, Use::Read, statement, T::decode).await?;
        Ok(rows.into_iter().next())
    }
}

impl<Out: Send + 'static, S> Query<Out, S> {
    /// All rows.
    ///
    /// # Errors
    ///
    /// When the database refuses, or a value cannot be read.
    pub fn all(self, on: impl Executor) -> impl Future<Output = Result<Vec<Out>>> + Send
    where
        S: Runnable,
    {
        let (decode, what) = (self.decode, self.select.what());
        let statement = self.render(on.engine());
        async move { fetch(on, what, statement?, decode).await }
    }

    /// The only row.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where there is none, [`Error::Validation`] where there are several.
    pub async fn one(self, on: impl Executor) -> Result<Out>
    where
        S: Runnable,
    {
        let table = self.select.from.name;
        self.optional(on).await?.ok_or_else(|| Error::NotFound {
            table: table.to_owned(),
            key: "this condition".to_owned(),
        })
    }

    /// The only row, where there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] where there are several.
    pub async fn optional(mut self, on: impl Executor) -> Result<Option<Out>>
    where
        S: Runnable,
    {
        // Two rows are enough to know that there is more than one.
        self.select.limit = Some(self.select.limit.unwrap_or(2).min(2));
        let table = self.select.from.name;
        at_most_one(self.all(on).await?, table)
    }

    /// The first row, where there is one. Without an order, which one that is is up to the engine.
    ///
    /// # Errors
    ///
    /// When the database refuses, or a value cannot be read.
    pub async fn first(mut self, on: impl Executor) -> Result<Option<Out>>
    where
        S: Runnable,
    {
        self.select.limit = Some(self.select.limit.unwrap_or(1).min(1));
        Ok(self.all(on).await?.into_iter().next())
    }

    /// How many rows there are.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub fn count(self, on: impl Executor) -> impl Future<Output = Result<i64>> + Send
    where
        S: Runnable,
    {
        let what = self.select.what();
        let statement = self.render_count(on.engine());
        scalar(on, what, statement)
    }

    /// Whether there is a row.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub fn exists(self, on: impl Executor) -> impl Future<Output = Result<bool>> + Send
    where
        S: Runnable,
    {
        let what = self.select.what();
        let statement = self.render_exists(on.engine());
        scalar(on, what, statement)
    }

    /// The rows one by one, while the database still sends them. No more than a few are kept in memory.
    ///
    /// The connection is taken at the first poll and kept until the stream ends or is dropped.
    pub fn stream<'e>(self, on: impl Executor + 'e) -> impl Stream<Item = Result<Out>> + Send + 'e
    where
        S: Runnable,
    {
        let (decode, what) = (self.decode, self.select.what());
        let statement = self.render(on.engine());
        super::stream::rows(on, what, statement, move |row| decode(&mut Reader::new(row)))
    }

    /// The rows in batches of this size, the last of which may be smaller, while the database still sends them. As
    /// [`stream`](Query::stream) otherwise.
    pub fn batches<'e>(self, size: usize, on: impl Executor + 'e) -> impl Stream<Item = Result<Vec<Out>>> + Send + 'e
    where
        S: Runnable,
    {
        let batches = self.stream(on).try_chunks(size.max(1));
        // Rows that came before an error are part of no batch.
        batches.map_err(|error| error.1)
    }
}

/// The rows of a page, and the key of the last one.
struct PageRows<Out, V> {
    decode: Decode<Out>,
    decode_key: Decode<V>,
    size: u64,
    rows: Vec<Out>,
    last: Option<V>,
    /// There was a row behind those of the page.
    more: bool,
}

impl<Out: Send + 'static, V: Send + 'static> Collect for PageRows<Out, V> {
    fn row(&mut self, row: &dyn Cells) -> Result<Next> {
        self.more = self.rows.len() as u64 >= self.size;
        if !self.more {
            let mut row = Reader::new(row);
            self.rows.push((self.decode)(&mut row)?);
            self.last = Some((self.decode_key)(&mut row)?);
        }
        Ok(None)
    }

    fn again(&mut self) -> bool {
        self.rows.clear();
        (self.last, self.more) = (None, false);
        true
    }
}

impl<Out: Send + 'static, K: KeySteps> Keyset<Out, K> {
    /// The rows of the page, and where the next one begins.
    ///
    /// # Errors
    ///
    /// When the database refuses, or a value cannot be read.
    pub async fn fetch(self, on: impl Executor) -> Result<Page<Out, K::Values>> {
        let page = PageRows {
            decode: self.decode,
            decode_key: K::decode,
            size: self.size,
            rows: Vec::new(),
            last: None,
            more: false,
        };
        let what = self.query.select.what();
        let statement = self.query.render(on.engine())?;
        let mut lease = on.source().lease(what).await?;
        let page = lease.rows(statement, page).await?;
        Ok(Page {
            rows: page.rows,
            next: page.last.filter(|_| page.more),
        })
    }
}

/// Runs statements one after the other, in a transaction where there are several. Where each `warns`, what it warned of and
/// is no duplicate is an error after all.
async fn each<Out: Send + 'static>(
    on: impl Executor,
    statements: Vec<Statement>,
    decode: Option<Decode<Out>>,
    warns: bool,
) -> Result<(u64, Vec<Out>)> {
    if statements.is_empty() {
        return Ok((0, Vec::new()));
    }
    let mut lease = on.source().lease(Use::Write).await?;
    each_on(&mut lease, statements, decode, warns).await
}

async fn each_on<Out: Send + 'static>(
    lease: &mut Lease<'_>,
    statements: Vec<Statement>,
    decode: Option<Decode<Out>>,
    warns: bool,
) -> Result<(u64, Vec<Out>)> {
    let mut gather = decode.map(Gather::new);
    let mut changed = 0;
    let began = (warns || statements.len() > 1) && lease.begin().await?;
    if warns {
        lease.expect_warnings().await?;
    }
    for statement in statements {
        match gather.take() {
            None => changed += lease.execute(statement).await?,
            Some(rows) => gather = Some(lease.rows(statement, rows.more()).await?),
        }
        if warns {
            lease.refuse_warnings().await?;
        }
    }
    if began {
        lease.commit().await?;
    }
    Ok((changed, gather.map(|gather| gather.rows).unwrap_or_default()))
}

/// Refuses to ask an engine for rows that it cannot give back.
fn require_returning(able: bool, dialect: &'static dyn Dialect) -> Result<()> {
    if able {
        return Ok(());
    }
    Err(Error::Unsupported {
        feature: "`.returning(…)`".to_owned(),
        dialect: dialect.id().as_str(),
        hint: "use `.exec(…)` and read the rows afterwards".to_owned(),
    })
}

impl<T: Table> InsertRows<T> {
    /// Inserts the rows and gives their number.
    ///
    /// Where one statement cannot hold all rows, all of its statements are kept or none.
    ///
    /// # Errors
    ///
    /// When a row breaks a constraint, or a value cannot be kept as it is.
    pub async fn exec(self, on: impl Executor) -> Result<u64> {
        if let Some(copy) = self.copy(on.engine())? {
            return self.copied(&copy, on).await;
        }
        let (warns, known) = (self.warns(on.engine()), self.known_count(on.engine()));
        let statements = self.render(on.engine(), false)?;
        let (counted, _) = each::<()>(on, statements, None, warns).await?;
        Ok(known.unwrap_or(counted))
    }

    /// Sends them by the engine's own way for many rows, where it takes those of this table.
    async fn copied(self, copy: &Copy, on: impl Executor) -> Result<u64> {
        let dialect = on.engine();
        let mut lease = on.source().lease(Use::Write).await?;
        if lease.can_copy(copy).await? {
            let rows = super::copy::given(self.into_values(), copy.columns.len());
            return lease.copy(copy, rows).await;
        }
        let statements = self.render(dialect, false)?;
        Ok(each_on::<()>(&mut lease, statements, None, false).await?.0)
    }

    /// Inserts the rows and gives them as they are stored, defaults included.
    ///
    /// Rows that a conflict left alone are not among them.
    ///
    /// # Errors
    ///
    /// When a row breaks a constraint, or a value cannot be kept as it is. [`Error::Unsupported`] where the engine does
    /// not give back rows.
    pub async fn returning(self, on: impl Executor) -> Result<Vec<T>> {
        require_returning(on.engine().caps().returning.insert, on.engine())?;
        let warns = self.warns(on.engine());
        let statements = self.render(on.engine(), true)?;
        Ok(each(on, statements, Some(T::decode), warns).await?.1)
    }
}

/// Runs the insert of one row that was built column by column.
pub trait InsertOne: InsertColumns {
    /// Inserts the row.
    ///
    /// # Errors
    ///
    /// When the row breaks a constraint, or a value cannot be kept as it is.
    fn exec(self, on: impl Executor) -> impl Future<Output = Result<()>> + Send
    where
        Self::Required: Complete,
    {
        let rows = InsertRows::<Self::Table>::from(self.into_row());
        async move { rows.exec(on).await.map(drop) }
    }

    /// Inserts the row and gives it as it is stored, defaults included.
    ///
    /// # Errors
    ///
    /// When the row breaks a constraint, or a value cannot be kept as it is. [`Error::Unsupported`] where the engine does
    /// not give back rows.
    fn returning(self, on: impl Executor) -> impl Future<Output = Result<Self::Table>> + Send
    where
        Self::Required: Complete,
    {
        let rows = InsertRows::<Self::Table>::from(self.into_row());
        async move {
            let rows = rows.returning(on).await?;
            rows.into_iter().next().ok_or_else(|| Error::NotFound {
                table: <Self::Table as Table>::META.name.to_owned(),
                key: "the row that was inserted".to_owned(),
            })
        }
    }
}

impl<I: InsertColumns> InsertOne for I {}

impl<T: Table, F: Send> Update<T, F> {
    /// Changes the rows and gives their number.
    ///
    /// # Errors
    ///
    /// When a row breaks a constraint, or a value cannot be kept as it is.
    pub async fn exec(self, on: impl Executor) -> Result<u64>
    where
        F: Chosen,
    {
        let statement = self.render(on.engine(), false)?;
        Ok(each::<()>(on, vec![statement], None, false).await?.0)
    }

    /// Changes the rows and gives them as they are afterwards.
    ///
    /// MySQL and MariaDB give no rows back: there the keys of the rows are locked and read, and the rows changed and read by
    /// their keys, in one transaction.
    ///
    /// # Errors
    ///
    /// When a row breaks a constraint, or a value cannot be kept as it is.
    pub async fn returning(self, on: impl Executor) -> Result<Vec<T>>
    where
        F: Chosen,
    {
        if !on.engine().caps().returning.update {
            return super::emulate::update(self, on).await;
        }
        let statement = self.render(on.engine(), true)?;
        fetch(on, Use::Write, statement, T::decode).await
    }
}

impl<T: Table, F: Send> Delete<T, F> {
    /// Removes the rows, or marks them as deleted, and gives their number.
    ///
    /// # Errors
    ///
    /// When a row is still pointed to.
    pub async fn exec(self, on: impl Executor) -> Result<u64>
    where
        F: Chosen,
    {
        if let Some(update) = self.marking()? {
            return update.exec(on).await;
        }
        let statement = self.render(on.engine(), false)?;
        Ok(each::<()>(on, vec![statement], None, false).await?.0)
    }

    /// Removes the rows and gives them as they were.
    ///
    /// # Errors
    ///
    /// When a row is still pointed to.
    pub async fn returning(self, on: impl Executor) -> Result<Vec<T>>
    where
        F: Chosen,
    {
        if let Some(update) = self.marking()? {
            return update.returning(on).await;
        }
        require_returning(on.engine().caps().returning.delete, on.engine())?;
        let statement = self.render(on.engine(), true)?;
        fetch(on, Use::Write, statement, T::decode).await
    }
}
