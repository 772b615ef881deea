//! Values on their way to a database and back, in forms that are no driver's.

mod cell;
mod civil;
pub mod kind;
#[cfg_attr(not(feature = "mysql"), allow(dead_code, reason = "only its driver reads them"))]
pub(crate) mod mysql;
#[cfg_attr(
    not(any(feature = "mysql", feature = "sqlite")),
    allow(dead_code, reason = "only their drivers write them")
)]
pub(crate) mod text;
#[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "only its driver writes them"))]
pub(crate) mod wire;

pub use self::cell::{Cell, Cells, Fault};
pub use self::civil::{Date, Instant, TimeOfDay};
pub use self::kind::{Kind, KindId};

/// SQL with the values to bind, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// The SQL in one dialect, with placeholders.
    pub sql: String,
    /// The values.
    pub binds: Vec<Bind>,
}

/// A value to bind.
#[derive(Clone, Debug, PartialEq)]
pub struct Bind {
    /// The value.
    pub value: Value,
    /// Whether it is stored, so that nothing of it may be lost; a value that is only compared may be rounded to what the
    /// engine keeps.
    pub written: bool,
}

/// A value to bind, in the portable form that every driver knows how to write.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// NULL, of a kind that the statement must know before it is run.
    Null(KindId),
    /// True or false.
    Bool(bool),
    /// A whole number of 2 bytes.
    Int16(i16),
    /// A whole number of 4 bytes.
    Int32(i32),
    /// A whole number of 8 bytes.
    Int64(i64),
    /// A floating-point number of 4 bytes.
    Float32(f32),
    /// A floating-point number of 8 bytes.
    Float64(f64),
    /// An exact decimal number in digits: `-12.50`.
    Decimal(String),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A UUID.
    Uuid([u8; 16]),
    /// A calendar date.
    Date(Date),
    /// A time of day.
    Time(TimeOfDay),
    /// A date and a time of day, as a wall clock shows them.
    Timestamp(Instant),
    /// An instant.
    TimestampTz(Instant),
    /// A JSON document as text.
    Json(String),
    /// A value of an enum type.
    Enum {
        /// The type.
        of: &'static EnumMeta,
        /// The value as the database spells it.
        label: &'static str,
    },
    /// A list of values of one kind.
    List {
        /// The kind of each.
        kind: KindId,
        /// The enum type, where the values are of one.
        of: Option<&'static EnumMeta>,
        /// The values.
        items: Vec<Value>,
    },
    /// The moment of the database's clock, which is written as SQL instead of being bound.
    Now {
        /// Whether it is an instant, and not what a clock on the wall shows in UTC.
        zoned: bool,
    },
    /// A value that no database can keep unchanged. The statement is refused with this message before it is sent.
    Refused(String),
}

impl Value {
    /// The kind of the value; a refused one counts as a text.
    #[must_use]
    pub fn kind(&self) -> KindId {
        match self {
            Self::Null(kind) => *kind,
            Self::Bool(_) => KindId::Bool,
            Self::Int16(_) => KindId::Int16,
            Self::Int32(_) => KindId::Int32,
            Self::Int64(_) => KindId::Int64,
            Self::Float32(_) => KindId::Float32,
            Self::Float64(_) => KindId::Float64,
            Self::Decimal(_) => KindId::Decimal,
            Self::Text(_) | Self::Refused(_) => KindId::Text,
            Self::Bytes(_) => KindId::Bytes,
            Self::Uuid(_) => KindId::Uuid,
            Self::Date(_) => KindId::Date,
            Self::Time(_) => KindId::Time,
            Self::Timestamp(_) | Self::Now { zoned: false } => KindId::Timestamp,
            Self::TimestampTz(_) | Self::Now { zoned: true } => KindId::TimestampTz,
            Self::Json(_) => KindId::Json,
            Self::Enum { .. } => KindId::Enum,
            // Lists are compared by the kind of their elements where it matters; see the drivers.
            Self::List { .. } => KindId::List(&KindId::Text),
        }
    }
}

/// What a value is refused with that a statement has to write and not to bind.
const WRITTEN: &str = "`now()` is the clock of the database, so it cannot stand in a list of values";

/// An enum type as the derive of `DbEnum` describes it.
#[derive(Debug, PartialEq, Eq)]
pub struct EnumMeta {
    /// The schema of the type, where it is not the connection's default one.
    pub schema: Option<&'static str>,
    /// The name of the type.
    pub name: &'static str,
    /// The values as the database spells them, in declaration order.
    pub labels: &'static [&'static str],
}
