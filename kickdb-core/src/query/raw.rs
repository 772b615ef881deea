//! Statements that are SQL of the program's own, with values bound.

use super::reader::Reader;
use super::render::placeholder;
use super::table::Table;
use super::types::ColumnType;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::value::{Bind, Statement, Value};

/// A statement of the program's own, with something in the place of each `{}`, in order: a value by [`bind`](Sql::bind), or a
/// name by [`name`](Sql::name). The text is `&'static`, so that nothing that a user gave is part of it.
///
/// ```
/// use kickdb_core::dialect::by_name;
/// use kickdb_core::query::sql;
///
/// let found = sql("SELECT id, name FROM label WHERE name = {} ORDER BY {}").bind("it's").name("id");
/// let statement = found.render(by_name("postgres").expect("it is always there"))?;
/// assert_eq!(statement.sql, r#"SELECT id, name FROM label WHERE name = $1 ORDER BY "id""#);
/// # Ok::<(), kickdb_core::Error>(())
/// ```
#[must_use = "SQL does nothing until `.all(…)`, `.exec(…)` or another of the methods that take a database"]
pub fn sql(text: &'static str) -> Sql {
    Sql {
        text: vec![text],
        holes: Vec::new(),
        reads: false,
    }
}

/// A statement of the program's own; [`sql`] makes one.
#[derive(Clone, Debug)]
#[must_use = "SQL does nothing until `.all(…)`, `.exec(…)` or another of the methods that take a database"]
pub struct Sql {
    text: Vec<&'static str>,
    holes: Vec<Hole>,
    /// Whether it may be sent to a replica.
    #[cfg_attr(not(feature = "live"), allow(dead_code, reason = "only what sends it reads it"))]
    pub(super) reads: bool,
}

#[derive(Clone, Debug)]
enum Hole {
    Value(Value),
    Name(String),
}

/// A value that is bound: of a type that a column can have, or a text that is borrowed.
#[diagnostic::on_unimplemented(
    message = "a value of type `{Self}` cannot be bound",
    label = "expected a type that a column can have"
)]
pub trait Bindable {
    /// The value to bind.
    fn into_value(self) -> Value;
}

impl<V: ColumnType> Bindable for V {
    fn into_value(self) -> Value {
        self.into_bound()
    }
}

impl Bindable for &str {
    fn into_value(self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl Sql {
    /// Puts a value into the next `{}`.
    pub fn bind(mut self, value: impl Bindable) -> Self {
        self.holes.push(Hole::Value(value.into_value()));
        self
    }

    /// Puts the name of a table, a column or the like into the next `{}`, quoted. It may come from a user, as far as every
    /// table and column of that name may be seen.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.holes.push(Hole::Name(name.into()));
        self
    }

    /// Goes on with more text, which may have holes of its own: for a statement that is put together.
    pub fn then(mut self, text: &'static str) -> Self {
        self.text.push(text);
        self
    }

    /// Says that it only reads, so that it may be sent to a replica. Otherwise it counts as a write.
    pub fn only_reads(mut self) -> Self {
        self.reads = true;
        self
    }

    /// The statement.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] where there are not as many values and names as holes, and for a name that cannot be one.
    pub fn render(self, dialect: &dyn Dialect) -> Result<Statement> {
        let wanted: usize = self.text.iter().map(|text| text.matches("{}").count()).sum();
        if wanted != self.holes.len() {
            return Err(Error::validation(format!(
                "this SQL has {wanted} places `{{}}`, and {} values and names: {}",
                self.holes.len(),
                self.text.concat()
            )));
        }
        let mut statement = Statement::default();
        let mut holes = self.holes.into_iter();
        for text in self.text {
            for (at, piece) in text.split("{}").enumerate() {
                if at > 0 {
                    fill(holes.next(), dialect, &mut statement)?;
                }
                statement.sql.push_str(piece);
            }
        }
        Ok(statement)
    }
}

fn fill(hole: Option<Hole>, dialect: &dyn Dialect, statement: &mut Statement) -> Result<()> {
    match hole {
        None => {}
        Some(Hole::Value(Value::Now { zoned })) => statement.sql.push_str(dialect.now(zoned)),
        Some(Hole::Value(value)) => {
            placeholder(dialect, statement.binds.len() + 1, &value, &mut statement.sql);
            statement.binds.push(Bind { value, written: true });
        }
        Some(Hole::Name(name)) => {
            if name.is_empty() || name.contains('\0') {
                return Err(Error::validation(format!(
                    "{name:?} is no name of a table or column: it is empty, or has a NUL character"
                )));
            }
            dialect.quote_str(&name, &mut statement.sql);
        }
    }
    Ok(())
}

/// What a row of one's own SQL is read as: a struct of a table or with `#[derive(Row)]`, whose fields are found by the names of
/// the columns, or a value or a tuple of values, by their places.
#[diagnostic::on_unimplemented(
    message = "a row of SQL cannot be read as `{Self}`",
    label = "expected a struct of a table or with `#[derive(Row)]`, a value, or a tuple of values"
)]
pub trait SqlRow<I>: Sized + Send + 'static {
    /// The names of the columns that it reads, or how many it reads.
    const SHAPE: Shape;

    /// Reads it.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] when a cell does not hold a value of its type.
    fn read(row: &mut Reader<'_>) -> Result<Self>;
}

/// Which cells of a row are read.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Those of these names, wherever they stand.
    Names(&'static [&'static str]),
    /// All, which are so many.
    Places(usize),
}

/// A row whose fields have names. `#[derive(Row)]` implements it where each field says what it reads.
pub trait Named: Sized + Send + 'static {
    /// The names of the fields in their order.
    const NAMES: &'static [&'static str];

    /// Reads the fields.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] when a cell does not hold a value of its type.
    fn read(row: &mut Reader<'_>) -> Result<Self>;
}

/// A struct of a table, by its columns.
#[derive(Debug)]
pub enum ByColumn {}
/// A struct with `#[derive(Row)]`, by its fields.
#[derive(Debug)]
pub enum ByField {}
/// One value.
#[derive(Debug)]
pub enum ByItself {}
/// A tuple.
#[derive(Debug)]
pub enum ByPlace {}

impl<T: Table> SqlRow<ByColumn> for T {
    const SHAPE: Shape = Shape::Names(T::META.columns);

    fn read(row: &mut Reader<'_>) -> Result<Self> {
        T::decode(row)
    }
}

impl<R: Named> SqlRow<ByField> for R {
    const SHAPE: Shape = Shape::Names(R::NAMES);

    fn read(row: &mut Reader<'_>) -> Result<Self> {
        R::read(row)
    }
}

impl<V: ColumnType> SqlRow<ByItself> for V {
    const SHAPE: Shape = Shape::Places(1);

    fn read(row: &mut Reader<'_>) -> Result<Self> {
        row.take()
    }
}

macro_rules! tuples {
    ($($count:literal $($name:ident)*;)*) => {$(
        impl<$($name: ColumnType),*> SqlRow<ByPlace> for ($($name,)*) {
            const SHAPE: Shape = Shape::Places($count);

            fn read(row: &mut Reader<'_>) -> Result<Self> {
                Ok(($(row.take::<$name>()?,)*))
            }
        }
    )*};
}

tuples! {
    1 A;
    2 A B;
    3 A B C;
    4 A B C D;
    5 A B C D E;
    6 A B C D E F;
    7 A B C D E F G;
    8 A B C D E F G H;
    9 A B C D E F G H J;
    10 A B C D E F G H J K;
    11 A B C D E F G H J K L;
    12 A B C D E F G H J K L M;
}
