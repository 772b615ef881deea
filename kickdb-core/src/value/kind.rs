//! The portable kinds of values, once as data and once as types.

/// What a value is to a database, whatever its Rust type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KindId {
    /// True or false.
    Bool,
    /// A whole number of 2 bytes.
    Int16,
    /// A whole number of 4 bytes.
    Int32,
    /// A whole number of 8 bytes.
    Int64,
    /// A floating-point number of 4 bytes.
    Float32,
    /// A floating-point number of 8 bytes.
    Float64,
    /// An exact decimal number.
    Decimal,
    /// A text.
    Text,
    /// Bytes.
    Bytes,
    /// A UUID.
    Uuid,
    /// A calendar date.
    Date,
    /// A time of day.
    Time,
    /// A date and a time of day, as a wall clock shows them.
    Timestamp,
    /// An instant.
    TimestampTz,
    /// A JSON document.
    Json,
    /// A value of an enum type.
    Enum,
    /// A list.
    List(&'static KindId),
}

/// A [`KindId`] as a type, so that the compiler can compare what a column is declared as with what its field is.
pub trait Kind: 'static {
    /// The same kind as data.
    const ID: KindId;
}

macro_rules! kinds {
    ($($name:ident)*) => {$(
        #[doc = concat!("The kind [`KindId::", stringify!($name), "`].")]
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}
        impl Kind for $name {
            const ID: KindId = KindId::$name;
        }
    )*};
}

kinds! { Bool Int16 Int32 Int64 Float32 Float64 Decimal Text Bytes Uuid Date Time Timestamp TimestampTz Json Enum }

/// The kind of a list of `K`.
#[derive(Clone, Copy, Debug)]
pub struct List<K>(std::marker::PhantomData<K>);

impl<K: Kind> Kind for List<K> {
    const ID: KindId = KindId::List(&K::ID);
}

/// A kind with an order of its own, so that it has a smallest and a greatest value everywhere.
#[diagnostic::on_unimplemented(
    message = "only a number can be calculated with, and this is of the kind `{Self}`",
    label = "not a number"
)]
pub trait Number: Kind {}
impl Number for Int16 {}
impl Number for Int32 {}
impl Number for Int64 {}
impl Number for Float32 {}
impl Number for Float64 {}
impl Number for Decimal {}
