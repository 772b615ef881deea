//! The keys by which related rows are matched.

#[cfg(feature = "live")]
use std::collections::HashMap;

use crate::query::types::ColumnType;
use crate::value::{Cell, Fault, Value};

/// A column that a relation compares, and how its cells are read: the column on the other side holds values of the same
/// kind, which are read in the same way.
#[derive(Clone, Copy, Debug)]
pub struct OwnKey {
    /// The column.
    pub column: &'static str,
    /// Reads a cell.
    pub read: fn(Cell<'_>) -> Result<Value, Fault>,
}

/// Reads a cell as a value of the column type `V`.
///
/// # Errors
///
/// When the cell holds something else.
pub fn read_key<V: ColumnType>(cell: Cell<'_>) -> Result<Value, Fault> {
    V::decode(cell).map(|value| value.encode())
}

/// A value as it is hashed: equal values of one column are equal here.
#[cfg(feature = "live")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Piece {
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
    Id([u8; 16]),
    Label(&'static str),
    Bits(u64),
    Moment(i64, u32),
    List(Vec<Option<Piece>>),
}

/// `None` is NULL, which equals nothing.
#[cfg(feature = "live")]
fn piece(value: &Value) -> Option<Piece> {
    Some(match value {
        Value::Null(_) | Value::Refused(_) | Value::Now { .. } => return None,
        Value::Bool(value) => Piece::Number(i64::from(*value)),
        Value::Int16(value) => Piece::Number(i64::from(*value)),
        Value::Int32(value) => Piece::Number(i64::from(*value)),
        Value::Int64(value) => Piece::Number(*value),
        // Zero has two signs and is one number.
        Value::Float32(value) => Piece::Bits((f64::from(*value) + 0.0).to_bits()),
        Value::Float64(value) => Piece::Bits((*value + 0.0).to_bits()),
        Value::Decimal(digits) => Piece::Text(crate::value::text::decimal_text(digits).to_owned()),
        Value::Text(text) | Value::Json(text) => Piece::Text(text.clone()),
        Value::Bytes(bytes) => Piece::Bytes(bytes.clone()),
        Value::Uuid(bytes) => Piece::Id(*bytes),
        Value::Date(date) => Piece::Number(i64::from(date.days)),
        Value::Time(time) => Piece::Bits(time.nanos),
        Value::Timestamp(at) | Value::TimestampTz(at) => Piece::Moment(at.seconds, at.nanos),
        Value::Enum { label, .. } => Piece::Label(label),
        Value::List { items, .. } => Piece::List(items.iter().map(piece).collect()),
    })
}

/// The key of one row.
#[cfg(feature = "live")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    One(Piece),
    Several(Vec<Piece>),
}

/// A key of one row as it is bound and as it is hashed.
#[cfg(feature = "live")]
pub(super) type Taken = Option<(Key, Vec<Value>)>;

/// The key made of these values; `None` where one of them is NULL.
#[cfg(feature = "live")]
pub(super) fn key(values: &[Value]) -> Option<Key> {
    match values {
        [one] => piece(one).map(Key::One),
        several => several.iter().map(piece).collect::<Option<_>>().map(Key::Several),
    }
}

/// The different keys of many rows, and the rows that have each.
#[cfg(feature = "live")]
pub(super) struct Keys {
    pub(super) values: Vec<Vec<Value>>,
    /// Where each key stands among them.
    places: HashMap<Key, usize>,
    /// The rows that have each.
    rows: Vec<Vec<usize>>,
    /// The key that was asked for last: related rows often come one key after the other.
    last: Option<(Key, usize)>,
}

#[cfg(feature = "live")]
impl Keys {
    pub(super) fn new(taken: Vec<Taken>) -> Self {
        let mut keys = Self {
            values: Vec::new(),
            places: HashMap::with_capacity(taken.len()),
            rows: Vec::new(),
            last: None,
        };
        for (at, taken) in taken.into_iter().enumerate() {
            let Some((key, values)) = taken else { continue };
            let next = keys.rows.len();
            let place = *keys.places.entry(key).or_insert(next);
            if place == next {
                keys.values.push(values);
                keys.rows.push(Vec::new());
            }
            keys.rows[place].push(at);
        }
        keys
    }

    /// The places of the rows that have this key.
    pub(super) fn rows(&mut self, key: Key) -> &[usize] {
        let place = match &self.last {
            Some((last, place)) if *last == key => *place,
            _ => {
                let Some(place) = self.places.get(&key).copied() else {
                    return &[];
                };
                self.last = Some((key, place));
                place
            }
        };
        &self.rows[place]
    }
}
