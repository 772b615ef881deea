//! PostgreSQL's binary forms of values, as bytes: pure, so that they are tested without a server.
//!
//! They are those of the `*send` and `*recv` functions of the server, the same since version 7.4.

use super::Value;
use super::kind::KindId;
use super::{Cell, Date, Fault, Instant, TimeOfDay};

/// Object ids of the built-in types, from the server's `pg_type.dat`.
pub(crate) mod oid {
    pub(crate) const UNSPECIFIED: u32 = 0;
    pub(crate) const BOOL: u32 = 16;
    pub(crate) const BYTEA: u32 = 17;
    pub(crate) const CHAR: u32 = 18;
    pub(crate) const NAME: u32 = 19;
    pub(crate) const INT8: u32 = 20;
    pub(crate) const INT2: u32 = 21;
    pub(crate) const INT4: u32 = 23;
    pub(crate) const TEXT: u32 = 25;
    pub(crate) const JSON: u32 = 114;
    pub(crate) const FLOAT4: u32 = 700;
    pub(crate) const FLOAT8: u32 = 701;
    pub(crate) const UNKNOWN: u32 = 705;
    pub(crate) const BPCHAR: u32 = 1042;
    pub(crate) const VARCHAR: u32 = 1043;
    pub(crate) const DATE: u32 = 1082;
    pub(crate) const TIME: u32 = 1083;
    pub(crate) const TIMESTAMP: u32 = 1114;
    pub(crate) const TIMESTAMPTZ: u32 = 1184;
    pub(crate) const NUMERIC: u32 = 1700;
    pub(crate) const UUID: u32 = 2950;
    pub(crate) const JSONB: u32 = 3802;
    /// The first id of a type that is not built in: enums, domains, extensions.
    pub(crate) const FIRST_OWN: u32 = 16_384;
}

/// 2000-01-01, where PostgreSQL's dates and timestamps start.
const EPOCH_DAYS: i32 = 10_957;
const EPOCH_MICROS: i64 = EPOCH_DAYS as i64 * 86_400_000_000;

/// The type that a value of this kind is bound as; [`oid::UNSPECIFIED`] leaves it to the server.
pub(crate) fn type_of(kind: KindId) -> u32 {
    match kind {
        KindId::Bool => oid::BOOL,
        KindId::Int16 => oid::INT2,
        KindId::Int32 => oid::INT4,
        KindId::Int64 => oid::INT8,
        KindId::Float32 => oid::FLOAT4,
        KindId::Float64 => oid::FLOAT8,
        KindId::Decimal => oid::NUMERIC,
        KindId::Text => oid::TEXT,
        KindId::Bytes => oid::BYTEA,
        KindId::Uuid => oid::UUID,
        KindId::Date => oid::DATE,
        KindId::Time => oid::TIME,
        KindId::Timestamp => oid::TIMESTAMP,
        KindId::TimestampTz => oid::TIMESTAMPTZ,
        KindId::Json => oid::JSONB,
        // Its oid differs from database to database; the placeholder is cast to the type by name.
        KindId::Enum => oid::UNSPECIFIED,
        KindId::List(of) => list_of(*of),
    }
}

/// The type of a list whose values are of this kind.
fn list_of(kind: KindId) -> u32 {
    match kind {
        KindId::Bool => 1000,
        KindId::Int16 => 1005,
        KindId::Int32 => 1007,
        KindId::Int64 => 1016,
        KindId::Float32 => 1021,
        KindId::Float64 => 1022,
        KindId::Decimal => 1231,
        KindId::Text => 1009,
        KindId::Bytes => 1001,
        KindId::Uuid => 2951,
        KindId::Date => 1182,
        KindId::Time => 1183,
        KindId::Timestamp => 1115,
        KindId::TimestampTz => 1185,
        KindId::Json => 3807,
        KindId::Enum | KindId::List(_) => oid::UNSPECIFIED,
    }
}

/// The type that this value is bound as.
pub(crate) fn type_of_value(value: &Value) -> u32 {
    match value {
        Value::Enum { .. } => oid::TEXT,
        Value::List { of: Some(_), .. } => list_of(KindId::Text),
        Value::List { kind, .. } => list_of(*kind),
        other => type_of(other.kind()),
    }
}

/// Whether the binary form of the type is that of a text.
pub(crate) fn is_text(oid: i64) -> bool {
    [oid::TEXT, oid::VARCHAR, oid::BPCHAR].map(i64::from).contains(&oid)
}

/// Writes a value's binary form; `false` is NULL, which has none. A value that is `written` (inserted or updated) must
/// be kept as it is; one that is only compared may lose what no stored value has.
///
/// # Errors
///
/// When PostgreSQL cannot keep the value as it is, with what to do instead.
pub(crate) fn encode(value: &Value, written: bool, out: &mut Vec<u8>) -> Result<bool, String> {
    match value {
        Value::Null(_) => return Ok(false),
        Value::Bool(value) => out.push(u8::from(*value)),
        Value::Int16(value) => out.extend(value.to_be_bytes()),
        Value::Int32(value) => out.extend(value.to_be_bytes()),
        Value::Int64(value) => out.extend(value.to_be_bytes()),
        Value::Float32(value) => out.extend(value.to_be_bytes()),
        Value::Float64(value) => out.extend(value.to_be_bytes()),
        Value::Decimal(digits) => numeric::encode(digits, out)?,
        Value::Text(text) => encode_text(text, out)?,
        Value::Enum { label, .. } => out.extend(label.as_bytes()),
        Value::Bytes(bytes) => out.extend(bytes),
        Value::Uuid(bytes) => out.extend(bytes),
        Value::Date(date) => {
            let days = date.days.checked_sub(EPOCH_DAYS).ok_or("the date is out of range")?;
            out.extend(days.to_be_bytes());
        }
        Value::Time(time) => {
            exact(time.nanos.is_multiple_of(1_000), written, "")?;
            out.extend((time.nanos / 1_000).to_be_bytes());
        }
        Value::Timestamp(instant) | Value::TimestampTz(instant) => {
            let (micros, kept) = instant.micros().ok_or("the time is out of range")?;
            exact(
                kept,
                written,
                "write `now()` for the moment of the database's clock, or ",
            )?;
            out.extend(
                micros
                    .checked_sub(EPOCH_MICROS)
                    .ok_or("the time is out of range")?
                    .to_be_bytes(),
            );
        }
        Value::Json(text) => {
            out.push(1);
            out.extend(text.as_bytes());
        }
        Value::List { items, .. } => encode_list(value, items, written, out)?,
        Value::Now { .. } => return Err(super::WRITTEN.into()),
        Value::Refused(reason) => return Err(reason.clone()),
    }
    Ok(true)
}

fn exact(kept: bool, written: bool, instead: &str) -> Result<(), String> {
    if kept || !written {
        return Ok(());
    }
    Err(format!(
        "PostgreSQL keeps microseconds, and the value has nanoseconds that would be lost; {instead}round it to microseconds \
         first, as chrono's `trunc_subsecs(6)` does"
    ))
}

fn encode_text(text: &str, out: &mut Vec<u8>) -> Result<(), String> {
    if text.contains('\0') {
        return Err("PostgreSQL cannot keep a NUL character in a text; use a column of bytes".into());
    }
    out.extend(text.as_bytes());
    Ok(())
}

fn encode_list(list: &Value, items: &[Value], written: bool, out: &mut Vec<u8>) -> Result<(), String> {
    let element = match list {
        Value::List { of: None, kind, .. } => type_of(*kind),
        _ => oid::TEXT,
    };
    let too_long = |_| "the list is too long".to_owned();
    let nulls = items.iter().any(|item| matches!(item, Value::Null(_)));
    out.extend(i32::from(!items.is_empty()).to_be_bytes());
    out.extend(i32::from(nulls).to_be_bytes());
    out.extend(element.to_be_bytes());
    if items.is_empty() {
        return Ok(());
    }
    out.extend(i32::try_from(items.len()).map_err(too_long)?.to_be_bytes());
    out.extend(1i32.to_be_bytes());
    for item in items {
        let start = out.len();
        out.extend((-1i32).to_be_bytes());
        if encode(item, written, out)? {
            let length = i32::try_from(out.len() - start - 4).map_err(too_long)?;
            out[start..start + 4].copy_from_slice(&length.to_be_bytes());
        }
    }
    Ok(())
}

/// A whole number of any width.
pub(crate) fn int(oid: u32, bytes: &[u8]) -> Option<i64> {
    match oid {
        oid::INT2 => Some(i64::from(i16::from_be_bytes(bytes.try_into().ok()?))),
        oid::INT4 => Some(i64::from(i32::from_be_bytes(bytes.try_into().ok()?))),
        oid::INT8 => Some(i64::from_be_bytes(bytes.try_into().ok()?)),
        _ => None,
    }
}

/// A floating-point number of either width.
pub(crate) fn float(oid: u32, bytes: &[u8]) -> Option<f64> {
    match oid {
        oid::FLOAT4 => Some(f64::from(f32::from_be_bytes(bytes.try_into().ok()?))),
        oid::FLOAT8 => Some(f64::from_be_bytes(bytes.try_into().ok()?)),
        _ => None,
    }
}

/// A text, or the value of an enum, a domain over text or an extension's text type.
pub(crate) fn text(oid: u32, bytes: &[u8]) -> Option<&str> {
    let textual = matches!(
        oid,
        oid::TEXT | oid::VARCHAR | oid::BPCHAR | oid::NAME | oid::CHAR | oid::UNKNOWN
    ) || oid >= oid::FIRST_OWN;
    if textual { std::str::from_utf8(bytes).ok() } else { None }
}

/// A JSON document as text.
pub(crate) fn json(oid: u32, bytes: &[u8]) -> Option<&str> {
    match (oid, bytes) {
        (oid::JSON, text) | (oid::JSONB, [1, text @ ..]) => std::str::from_utf8(text).ok(),
        _ => None,
    }
}

/// A date.
pub(crate) fn date(oid: u32, bytes: &[u8]) -> Option<Date> {
    let days = i32::from_be_bytes(bytes.try_into().ok()?);
    // The extremes are `infinity` and `-infinity`.
    let finite = oid == oid::DATE && days != i32::MAX && days != i32::MIN;
    finite.then(|| days.checked_add(EPOCH_DAYS).map(|days| Date { days }))?
}

/// A time of day. `24:00:00`, which only PostgreSQL has, is refused.
pub(crate) fn time(oid: u32, bytes: &[u8]) -> Option<TimeOfDay> {
    let micros = u64::from_be_bytes(bytes.try_into().ok()?);
    (oid == oid::TIME && micros < 86_400_000_000).then(|| TimeOfDay { nanos: micros * 1_000 })
}

/// A timestamp of the type that is wanted.
pub(crate) fn timestamp(wanted: u32, oid: u32, bytes: &[u8]) -> Option<Instant> {
    let micros = i64::from_be_bytes(bytes.try_into().ok()?);
    let finite = oid == wanted && micros != i64::MAX && micros != i64::MIN;
    finite.then(|| micros.checked_add(EPOCH_MICROS).map(Instant::from_micros))?
}

/// The elements of a list.
pub(crate) fn list(bytes: &[u8]) -> Result<Vec<Cell<'_>>, Fault> {
    read_list(bytes).ok_or_else(|| Fault::new("it is not a list of one dimension"))
}

fn read_list(mut bytes: &[u8]) -> Option<Vec<Cell<'_>>> {
    let dimensions = word(&mut bytes)?;
    let _nulls = word(&mut bytes)?;
    let oid = u32::from_be_bytes(word(&mut bytes)?.to_be_bytes());
    if dimensions == 0 {
        return Some(Vec::new());
    }
    if dimensions != 1 {
        return None;
    }
    let length = usize::try_from(word(&mut bytes)?).ok()?;
    let _lower_bound = word(&mut bytes)?;
    let mut cells = Vec::with_capacity(length.min(bytes.len() / 4 + 1));
    for _ in 0..length {
        match usize::try_from(word(&mut bytes)?) {
            Err(_) => cells.push(Cell::Null),
            Ok(size) => {
                let (element, rest) = bytes.split_at_checked(size)?;
                bytes = rest;
                cells.push(Cell::Wire { oid, bytes: element });
            }
        }
    }
    Some(cells)
}

fn word(bytes: &mut &[u8]) -> Option<i32> {
    let (word, rest) = bytes.split_first_chunk::<4>()?;
    *bytes = rest;
    Some(i32::from_be_bytes(*word))
}

/// `numeric`: digits to the base of 10,000 with a weight, a sign and a scale.
pub(crate) mod numeric {
    use std::fmt::Write;

    const NEGATIVE: u16 = 0x4000;

    /// Writes a number in digits.
    pub(crate) fn encode(text: &str, out: &mut Vec<u8>) -> Result<(), String> {
        let (sign, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (NEGATIVE, rest),
            None => (0, text),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return Err(format!("`{text}` is not a decimal number"));
        }
        let too_long = |_| "the number has too many digits".to_owned();
        let before = whole.len().div_ceil(4);
        let padded = format!("{whole:0>width$}{fraction}", width = before * 4);
        let mut groups: Vec<u16> = padded.as_bytes().chunks(4).map(group).collect();
        let mut weight = i16::try_from(before).map_err(too_long)? - 1;
        let zeros = groups.iter().take_while(|group| **group == 0).count();
        groups.drain(..zeros);
        weight = weight.saturating_sub(i16::try_from(zeros).map_err(too_long)?);
        while groups.last() == Some(&0) {
            groups.pop();
        }
        out.extend(i16::try_from(groups.len()).map_err(too_long)?.to_be_bytes());
        out.extend(if groups.is_empty() { 0 } else { weight }.to_be_bytes());
        out.extend(if groups.is_empty() { 0 } else { sign }.to_be_bytes());
        out.extend(i16::try_from(fraction.len()).map_err(too_long)?.to_be_bytes());
        groups.iter().for_each(|group| out.extend(group.to_be_bytes()));
        Ok(())
    }

    fn group(digits: &[u8]) -> u16 {
        (0..4).fold(0, |sum, at| {
            sum * 10 + digits.get(at).map_or(0, |digit| u16::from(digit - b'0'))
        })
    }

    /// Reads a number into digits; `None` is NaN, an infinity, or not a number at all.
    #[cfg_attr(
        not(any(test, feature = "rust_decimal", feature = "bigdecimal")),
        allow(dead_code, reason = "only decimals are read from it")
    )]
    pub(crate) fn decode(bytes: &[u8]) -> Option<String> {
        let mut words = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        let count = usize::from(words.next()?);
        let weight = i32::from(i16::from_ne_bytes(words.next()?.to_ne_bytes()));
        let sign = words.next()?;
        let scale = usize::from(words.next()?);
        let groups: Vec<u16> = words.collect();
        if groups.len() != count || (sign != 0 && sign != NEGATIVE) {
            return None;
        }
        let group = |at: i32| {
            usize::try_from(at)
                .ok()
                .and_then(|at| groups.get(at))
                .copied()
                .unwrap_or(0)
        };
        let mut text = String::from(if sign == NEGATIVE { "-" } else { "" });
        if weight < 0 {
            text.push('0');
        }
        for at in 0..=weight {
            let written = if at == 0 {
                write!(text, "{}", group(at))
            } else {
                write!(text, "{:04}", group(at))
            };
            written.ok()?;
        }
        if scale > 0 {
            text.push('.');
            let end = text.len() + scale;
            let mut at = weight.max(-1) + 1;
            // A number below 0.0001 starts with groups of zeros that are not sent.
            if weight < -1 {
                at = weight + 1;
                let zeros = usize::try_from(-1 - weight).ok()? * 4;
                text.extend(std::iter::repeat_n('0', zeros));
                at = at.max(0);
            }
            let mut next = if weight < 0 { 0 } else { at };
            while text.len() < end {
                write!(text, "{:04}", group(next)).ok()?;
                next += 1;
            }
            text.truncate(end);
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bytes(value: &Value) -> Vec<u8> {
        let mut out = Vec::new();
        encode(value, true, &mut out).unwrap();
        out
    }

    proptest! {
        #[test]
        fn a_decimal_survives(sign in "-?", whole in "(0|[1-9][0-9]{0,12})", fraction in "[0-9]{0,14}") {
            let text = if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") };
            let zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'-'));
            let wanted = if zero { text.trim_start_matches('-').to_owned() } else { text.clone() };
            prop_assert_eq!(numeric::decode(&bytes(&Value::Decimal(text))), Some(wanted));
        }

        #[test]
        fn an_instant_survives_to_the_microsecond(micros in -62_135_596_800_000_000i64..253_402_300_800_000_000) {
            let instant = Instant::from_micros(micros);
            let wire = bytes(&Value::TimestampTz(instant));
            prop_assert_eq!(timestamp(oid::TIMESTAMPTZ, oid::TIMESTAMPTZ, &wire), Some(instant));
        }
    }

    #[test]
    fn nanoseconds_are_refused_where_they_would_be_lost() {
        let value = Value::TimestampTz(Instant { seconds: 0, nanos: 1 });
        assert!(
            encode(&value, true, &mut Vec::new())
                .unwrap_err()
                .contains("microseconds")
        );
        assert!(encode(&value, false, &mut Vec::new()).unwrap());
    }

    #[test]
    fn what_the_server_sends_for_numeric() {
        // select numeric_send(0.00001234), numeric_send(-10000.5), numeric_send('NaN')
        let sent = |words: &[u16]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>();
        assert_eq!(
            numeric::decode(&sent(&[1, 0xFFFE, 0, 8, 1234])).as_deref(),
            Some("0.00001234")
        );
        assert_eq!(
            numeric::decode(&sent(&[3, 1, 0x4000, 1, 1, 0, 5000])).as_deref(),
            Some("-10000.5")
        );
        assert_eq!(numeric::decode(&sent(&[0, 0, 0xC000, 0])), None);
    }

    #[test]
    fn a_list_with_a_null_survives() {
        let list = Value::List {
            kind: KindId::Int32,
            of: None,
            items: vec![Value::Int32(7), Value::Null(KindId::Int32)],
        };
        let wire = bytes(&list);
        let cells = read_list(&wire).unwrap();
        assert!(matches!(
            cells[0],
            Cell::Wire {
                oid: oid::INT4,
                bytes: [0, 0, 0, 7]
            }
        ));
        assert!(cells[1].is_null());
        assert!(read_list(&wire[..wire.len() - 1]).is_none());
    }
}
