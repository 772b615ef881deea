//! The keys by which related rows are matched.

#[cfg(feature = "live")]
use std::collections::HashMap;

#[cfg(feature = "live")]
use crate::error::Result;
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
    V::decode(cell).map(V::into_bound)
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

/// The keys of rows, as they are hashed and as they are bound.
#[cfg(feature = "live")]
#[derive(Clone, Debug)]
pub(super) struct Taken {
    /// One for each row; `None` where a part of it is NULL.
    keys: Vec<Option<Key>>,
    /// As many values for each row as a key has columns.
    values: Vec<Value>,
    width: usize,
}

#[cfg(feature = "live")]
impl Taken {
    /// No rows yet, of keys with so many columns.
    pub(super) fn new(width: usize) -> Self {
        Self {
            keys: Vec::new(),
            values: Vec::new(),
            width,
        }
    }

    /// Takes the key of the next row, value by value.
    pub(super) fn push(&mut self, values: impl Iterator<Item = Result<Value>>) -> Result<()> {
        let from = self.values.len();
        for value in values {
            self.values.push(value?);
        }
        self.keys.push(key(&self.values[from..]));
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn truncate(&mut self, rows: usize) {
        self.keys.truncate(rows);
        self.values.truncate(rows * self.width);
    }
}

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
    /// Key after key.
    pub(super) values: Vec<Value>,
    /// Where each key stands among them.
    places: HashMap<Key, usize>,
    /// The rows, those with the same key one after the other.
    rows: Vec<usize>,
    /// Where the rows of each key begin; behind them, where those of the last one end.
    starts: Vec<usize>,
    /// The rows of keys that the engine takes for the same as others: the key as it is spelled in a related row.
    spelled: HashMap<Key, Vec<usize>>,
    /// The key that was asked for last: related rows often come one key after the other.
    last: Option<(Key, usize)>,
}

#[cfg(feature = "live")]
impl Keys {
    pub(super) fn new(taken: Taken) -> Self {
        let mut places = HashMap::with_capacity(taken.len());
        let mut values = Vec::with_capacity(taken.values.len());
        let mut given = taken.values.into_iter();
        // The place of each row's key.
        let mut of_rows = Vec::with_capacity(taken.keys.len());
        for key in taken.keys {
            let of_row = given.by_ref().take(taken.width);
            let next = places.len();
            let place = key.map(|key| *places.entry(key).or_insert(next));
            if place == Some(next) {
                values.extend(of_row);
            } else {
                of_row.for_each(drop);
            }
            of_rows.push(place);
        }
        let mut starts = vec![0; places.len() + 1];
        for place in of_rows.iter().flatten() {
            starts[place + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut rows = vec![0; starts[places.len()]];
        let mut next = starts.clone();
        for (row, place) in of_rows.into_iter().enumerate() {
            let Some(place) = place else { continue };
            rows[next[place]] = row;
            next[place] += 1;
        }
        Self {
            values,
            places,
            rows,
            starts,
            spelled: HashMap::new(),
            last: None,
        }
    }

    /// Takes `key`, as it is spelled in a related row, for the same as the key of this number, once for each of both.
    pub(super) fn is_same(&mut self, key: Key, number: usize) {
        let own = self.places.get(&key).copied();
        if own == Some(number) {
            return;
        }
        let of = |place: usize| self.starts.get(place).zip(self.starts.get(place + 1));
        let rows = |place: usize| of(place).map_or(&[][..], |(from, to)| &self.rows[*from..*to]);
        let spelled = self
            .spelled
            .entry(key)
            .or_insert_with(|| own.map_or_else(Vec::new, |own| rows(own).to_vec()));
        spelled.extend(rows(number));
    }

    /// Whether each key has one spelling.
    pub(super) fn are_plain(&self) -> bool {
        self.spelled.is_empty()
    }

    /// The places of the rows that have the key that was asked for last, where keys are [plain](Self::are_plain).
    pub(super) fn rows_of_last(&self) -> &[usize] {
        match &self.last {
            Some((_, place)) => &self.rows[self.starts[*place]..self.starts[place + 1]],
            None => &[],
        }
    }

    /// The places of the rows that have this key.
    pub(super) fn rows(&mut self, key: Key) -> &[usize] {
        if let Some(rows) = self.spelled.get(&key) {
            return rows;
        }
        if self.last.as_ref().is_none_or(|(last, _)| *last != key) {
            self.last = self.places.get(&key).copied().map(|place| (key, place));
        }
        self.rows_of_last()
    }
}

#[cfg(all(test, feature = "live"))]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_their_keys() {
        let mut taken = Taken::new(2);
        for (one, other) in [(1, Some(1)), (2, Some(1)), (1, None), (1, Some(1)), (2, Some(2))] {
            let other = other.map_or(Value::Null(crate::value::KindId::Int64), Value::Int64);
            taken.push([Value::Int64(one), other].map(Ok).into_iter()).unwrap();
        }
        let mut keys = Keys::new(taken);
        let of = |one, other| key(&[Value::Int64(one), Value::Int64(other)]).unwrap();
        assert_eq!(keys.rows(of(1, 1)), [0, 3]);
        assert_eq!(keys.rows(of(2, 2)), [4]);
        assert_eq!(keys.rows_of_last(), [4]);
        assert_eq!(keys.rows(of(2, 1)), [1]);
        assert!(keys.rows(of(3, 1)).is_empty());
        assert!(keys.rows_of_last().is_empty());
        // A key of a related row that is spelled otherwise: beside rows of its own, and without any.
        keys.is_same(of(2, 2), 0);
        keys.is_same(of(2, 2), 2);
        keys.is_same(of(9, 9), 1);
        keys.is_same(of(9, 9), 7);
        assert_eq!(keys.rows(of(2, 2)), [4, 0, 3]);
        assert_eq!(keys.rows(of(9, 9)), [1]);
        assert_eq!(keys.rows(of(1, 1)), [0, 3]);
        let bound: Vec<Value> = [1, 1, 2, 1, 2, 2].map(Value::Int64).into();
        assert_eq!(keys.values, bound);
    }
}
