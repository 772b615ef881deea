use super::{Cell, ColumnType, Fault, KindId, Value};
use crate::value::{kind, wire};

macro_rules! integers {
    ($($ty:ident $kind:ident)*) => {$(
        impl ColumnType for $ty {
            type Kind = kind::$kind;
            type Base = Self;
            type Lift<V: ColumnType> = V;

            fn encode(&self) -> Value {
                Value::$kind(*self)
            }

            #[inline]
            fn decode(cell: Cell<'_>) -> Result<Self, Fault> {
                let number = cell.int(KindId::$kind)?;
                Self::try_from(number).map_err(|_| Fault::new(format!("{number} is out of its range")))
            }
        }
    )*};
}

integers! { i16 Int16 i32 Int32 i64 Int64 }

impl ColumnType for bool {
    type Kind = kind::Bool;
    type Base = Self;
    type Lift<V: ColumnType> = V;

    fn encode(&self) -> Value {
        Value::Bool(*self)
    }

    #[inline]
    fn decode(cell: Cell<'_>) -> Result<Self, Fault> {
        match cell {
            Cell::Int(0) => Ok(false),
            Cell::Int(1) => Ok(true),
            Cell::Wire {
                oid: wire::oid::BOOL,
                bytes: [byte],
            } => Ok(*byte != 0),
            _ => Err(Fault::kind(&cell, KindId::Bool)),
        }
    }
}

impl ColumnType for f64 {
    type Kind = kind::Float64;
    type Base = Self;
    type Lift<V: ColumnType> = V;

    fn encode(&self) -> Value {
        Value::Float64(*self)
    }

    #[inline]
    fn decode(cell: Cell<'_>) -> Result<Self, Fault> {
        cell.float(KindId::Float64)
    }
}

impl ColumnType for f32 {
    type Kind = kind::Float32;
    type Base = Self;
    type Lift<V: ColumnType> = V;

    fn encode(&self) -> Value {
        Value::Float32(*self)
    }

    #[inline]
    fn decode(cell: Cell<'_>) -> Result<Self, Fault> {
        // What an `f32` was written as is read back exactly; SQLite keeps it in 8 bytes.
        Ok(cell.float(KindId::Float32)? as f32)
    }
}

impl ColumnType for String {
    type Kind = kind::Text;
    type Base = Self;
    type Lift<V: ColumnType> = V;

    fn encode(&self) -> Value {
        Value::Text(self.clone())
    }

    fn into_bound(self) -> Value {
        Value::Text(self)
    }

    #[inline]
    fn decode(cell: Cell<'_>) -> Result<Self, Fault> {
        cell.text().map(str::to_owned)
    }
}

impl ColumnType for Vec<u8> {
    type Kind = kind::Bytes;
    type Base = Self;
    type Lift<V: ColumnType> = V;

    fn encode(&self) -> Value {
        Value::Bytes(self.clone())
    }

    fn into_bound(self) -> Value {
        Value::Bytes(self)
    }

    #[inline]
    fn decode(cell: Cell<'_>) -> Result<Self, Fault> {
        match cell {
            Cell::Blob(bytes)
            | Cell::Wire {
                oid: wire::oid::BYTEA,
                bytes,
            } => Ok(bytes.to_vec()),
            _ => Err(Fault::kind(&cell, KindId::Bytes)),
        }
    }
}

#[cfg(feature = "uuid")]
impl ColumnType for uuid::Uuid {
    type Kind = kind::Uuid;
    type Base = Self;
    type Lift<V: ColumnType> = V;

    fn encode(&self) -> Value {
        Value::Uuid(*self.as_bytes())
    }

    #[inline]
    fn decode(cell: Cell<'_>) -> Result<Self, Fault> {
        let parsed = match cell {
            Cell::Text(text) => Self::try_parse(text),
            Cell::Blob(bytes)
            | Cell::Wire {
                oid: wire::oid::UUID,
                bytes,
            } => Self::from_slice(bytes),
            _ => return Err(Fault::kind(&cell, KindId::Uuid)),
        };
        parsed.map_err(|error| Fault::new(error.to_string()))
    }
}

/// The digits of a decimal number that a cell holds.
#[cfg(any(feature = "rust_decimal", feature = "bigdecimal"))]
fn digits(cell: Cell<'_>) -> Result<String, Fault> {
    match cell {
        Cell::Text(text) => Ok(text.to_owned()),
        Cell::Int(number) => Ok(number.to_string()),
        Cell::Wire {
            oid: wire::oid::NUMERIC,
            bytes,
        } => {
            wire::numeric::decode(bytes).ok_or_else(|| Fault::new("it is NaN or infinite, which is no decimal number"))
        }
        _ => Err(Fault::kind(&cell, KindId::Decimal)),
    }
}

/// On SQLite a text without zeros at the end of the fraction, so that `1.0` equals `1.00`. Its order would be that of
/// texts, so comparing by size, sorting, `min`, `max`, `sum` and arithmetic are refused there with
/// [`Error::Unsupported`](crate::Error::Unsupported). A row that something else wrote as `1.00` is read, but not found by
/// its value.
#[cfg(feature = "rust_decimal")]
impl ColumnType for rust_decimal::Decimal {
    type Kind = kind::Decimal;
    type Base = Self;
    type Lift<V: ColumnType> = V;

    fn encode(&self) -> Value {
        Value::Decimal(self.to_string())
    }

    #[inline]
    fn decode(cell: Cell<'_>) -> Result<Self, Fault> {
        let text = digits(cell)?;
        Self::from_str_exact(&text).map_err(|error| Fault::new(format!("`{text}`: {error}")))
    }
}

/// As many digits as there are.
#[cfg(feature = "bigdecimal")]
impl ColumnType for bigdecimal::BigDecimal {
    type Kind = kind::Decimal;
    type Base = Self;
    type Lift<V: ColumnType> = V;

    fn encode(&self) -> Value {
        Value::Decimal(self.to_plain_string())
    }

    fn decode(cell: Cell<'_>) -> Result<Self, Fault> {
        let text = digits(cell)?;
        text.parse().map_err(|error| Fault::new(format!("`{text}`: {error}")))
    }
}
