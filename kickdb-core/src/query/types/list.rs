use super::{Cell, ColumnType, EnumMeta, Fault, Kind, KindId, Value};
use crate::value::{kind, wire};

/// An array in PostgreSQL, a JSON text elsewhere.
impl<T: ColumnType> ColumnType for Vec<T> {
    type Kind = kind::List<T::Kind>;
    type Base = Self;
    type Lift<V: ColumnType> = V;
    const ENUM: Option<&'static EnumMeta> = T::ENUM;

    fn encode(&self) -> Value {
        Value::List {
            kind: T::Kind::ID,
            of: T::ENUM,
            items: self.iter().map(ColumnType::encode).collect(),
        }
    }

    fn decode(cell: Cell<'_>) -> Result<Self, Fault> {
        match cell {
            Cell::Wire { bytes, .. } => wire::list(bytes)?.into_iter().map(T::decode).collect(),
            Cell::Text(text) => from_json(text, T::Kind::ID),
            _ => Err(Fault::new("it is not a list")),
        }
    }
}

fn from_json<T: ColumnType>(text: &str, kind: KindId) -> Result<Vec<T>, Fault> {
    let invalid = |error: &dyn std::fmt::Display| Fault::new(format!("it is not a JSON array: {error}"));
    if matches!(kind, KindId::Float32 | KindId::Float64) {
        return floats(text)?.into_iter().map(T::decode).collect();
    }
    let items: Vec<serde_json::Value> = serde_json::from_str(text).map_err(|error| invalid(&error))?;
    items
        .iter()
        .map(|item| match (kind, item) {
            (_, serde_json::Value::Null) => T::decode(Cell::Null),
            (KindId::Json, item) => T::decode(Cell::Text(&item.to_string())),
            (_, serde_json::Value::Bool(value)) => T::decode(Cell::Int(i64::from(*value))),
            (_, serde_json::Value::String(text)) => T::decode(Cell::Text(text)),
            (_, serde_json::Value::Number(number)) => {
                let number = number.as_i64().ok_or_else(|| invalid(&"a number is out of range"))?;
                T::decode(Cell::Int(number))
            }
            (_, other) => Err(invalid(&format_args!("it holds `{other}`"))),
        })
        .collect()
}

/// serde_json may be off by one bit in the last place unless one of its features is on; the standard library never is.
fn floats(text: &str) -> Result<Vec<Cell<'static>>, Fault> {
    let inner = text
        .trim()
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .ok_or_else(|| Fault::new("it is not a JSON array"))?
        .trim();
    if inner.is_empty() {
        return Ok(Vec::new());
    }
    inner
        .split(',')
        .map(|item| match item.trim() {
            "null" => Ok(Cell::Null),
            number => number
                .parse()
                .map(Cell::Real)
                .map_err(|_| Fault::new(format!("`{number}` is not a number"))),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::text::to_json;

    fn round_trip<T: ColumnType + PartialEq + std::fmt::Debug>(list: Vec<T>) {
        let Value::List { items, .. } = list.encode() else {
            panic!("a list is encoded as one")
        };
        let text = to_json(&items).unwrap();
        assert_eq!(Vec::<T>::decode(Cell::Text(&text)), Ok(list), "{text}");
    }

    #[test]
    fn lists_survive_json() {
        round_trip(vec![i64::MAX, i64::MIN, 0]);
        round_trip(vec![0.1, 1e300, -5e-324, 2.0]);
        round_trip(vec![Some("a\"\\\n\u{0}é".to_owned()), None]);
        round_trip(vec![true, false]);
        round_trip(Vec::<f32>::new());
    }

    #[test]
    fn what_json_cannot_hold_is_refused() {
        assert!(to_json(&[Value::Float64(f64::NAN)]).is_err());
        assert!(to_json(&[Value::Bytes(vec![1])]).is_err());
    }
}
