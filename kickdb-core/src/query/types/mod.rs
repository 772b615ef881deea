//! Which Rust types a column can have, and what each is to a database.

#[cfg(feature = "json")]
mod json;
mod list;
mod scalar;
mod temporal;

#[cfg(feature = "json")]
pub use self::json::Json;
use super::{Encoder, Reader};
use crate::value::{Cell, EnumMeta, Fault, Kind, KindId, Value};

/// A type that a column can have.
///
/// `#[derive(DbEnum)]` and `#[derive(DbType)]` implement it for enums and newtypes; `Option<T>` is a nullable `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type that a column can have",
    label = "not a column type",
    note = "use one of the types of the table in the documentation, `#[derive(DbEnum)]` on an enum, or `#[derive(DbType)]` on a newtype",
    note = "`Uuid`, `Decimal`, JSON and date-time types need the feature of their crate: `uuid`, `rust_decimal`, `bigdecimal`, `json`, `chrono`, `time` or `jiff`"
)]
pub trait ColumnType: Sized + Send + 'static {
    /// What it is to a database.
    type Kind: Kind;
    /// The type without `Option`: what it is compared as.
    type Base: ColumnType<Base = Self::Base, Kind = Self::Kind>;
    /// What a value `V` becomes when it is calculated together with one of this type: `Option` where this one may be NULL,
    /// and else `V` as it is.
    type Lift<V: ColumnType>: ColumnType<Base = V::Base>;
    /// The enum type of the values, where they are of one.
    const ENUM: Option<&'static EnumMeta> = None;
    /// How the database spells the type of such a column, where the type says so; see `#[db_type(type = "…")]`.
    const SPELLED: Option<&'static str> = None;

    /// The value to bind.
    fn encode(&self) -> Value;

    /// The same of what is given away, so that a text need not be copied.
    #[doc(hidden)]
    fn into_bound(self) -> Value {
        self.encode()
    }

    /// Reads a cell.
    ///
    /// # Errors
    ///
    /// When the cell holds something else.
    fn decode(cell: Cell<'_>) -> Result<Self, Fault>;

    /// Reads the next cell of a row. For the derive: what is called through the trait itself is refused with one error
    /// where the type is none that a column can have, however often it is called.
    #[doc(hidden)]
    fn take_from(row: &mut Reader<'_>) -> crate::error::Result<Self> {
        row.take()
    }

    /// Writes the value behind those of a row. For the derive, as above.
    #[doc(hidden)]
    fn add_to(&self, row: &mut Encoder) {
        row.add(self);
    }
}

/// An enum whose values are values of an enum type in the database.
pub trait DbEnum: ColumnType {
    /// The type and its values.
    const META: &'static EnumMeta;
}

impl<T: ColumnType<Base = T>> ColumnType for Option<T> {
    type Kind = T::Kind;
    type Base = T;
    type Lift<V: ColumnType> = Option<V::Base>;
    const ENUM: Option<&'static EnumMeta> = T::ENUM;
    const SPELLED: Option<&'static str> = T::SPELLED;

    fn encode(&self) -> Value {
        match self {
            Some(value) => value.encode(),
            None => Value::Null(T::Kind::ID),
        }
    }

    fn into_bound(self) -> Value {
        match self {
            Some(value) => value.into_bound(),
            None => Value::Null(T::Kind::ID),
        }
    }

    #[inline]
    fn decode(cell: Cell<'_>) -> Result<Self, Fault> {
        if cell.is_null() {
            return Ok(None);
        }
        T::decode(cell).map(Some)
    }
}
