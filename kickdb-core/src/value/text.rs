//! The text forms of values, for engines that keep many of them as text.

use super::Value;

/// The JSON text of a list, for engines without arrays.
///
/// # Errors
///
/// When a value has no form in JSON that comes back equal.
pub(crate) fn to_json(items: &[Value]) -> Result<String, String> {
    let mut text = String::from("[");
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        write_json(item, &mut text)?;
    }
    text.push(']');
    Ok(text)
}

fn write_json(item: &Value, out: &mut String) -> Result<(), String> {
    let written = match item {
        Value::Null(_) => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int16(value) => value.to_string(),
        Value::Int32(value) => value.to_string(),
        Value::Int64(value) => value.to_string(),
        Value::Float32(value) if value.is_finite() => format!("{value:?}"),
        Value::Float64(value) if value.is_finite() => format!("{value:?}"),
        Value::Float32(_) | Value::Float64(_) => {
            return Err("a list kept as JSON cannot hold NaN or an infinite number".into());
        }
        Value::Json(text) => text.clone(),
        Value::Text(text) => quoted(text),
        Value::Enum { label, .. } => quoted(label),
        Value::Decimal(text) => quoted(decimal_text(text)),
        Value::Uuid(bytes) => quoted(&uuid_text(*bytes)),
        Value::Date(date) => quoted(&date.to_string()),
        Value::Time(time) => quoted(&time.to_string()),
        Value::Timestamp(instant) | Value::TimestampTz(instant) => quoted(&instant.to_string()),
        Value::List { items, .. } => to_json(items)?,
        Value::Bytes(_) => {
            return Err("a list kept as JSON cannot hold bytes; keep them in a table of their own".into());
        }
        Value::Now { .. } => return Err(super::WRITTEN.into()),
        Value::Refused(reason) => return Err(reason.clone()),
    };
    out.push_str(&written);
    Ok(())
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The one text of a decimal number, so that equal numbers are equal texts: without zeros at the end of the fraction, and
/// zero without a sign.
pub(crate) fn decimal_text(digits: &str) -> &str {
    let short = match digits.contains('.') {
        true => digits.trim_end_matches('0').trim_end_matches('.'),
        false => digits,
    };
    if short == "-0" { "0" } else { short }
}

/// The text of a UUID, 36 characters in lower case.
pub(crate) fn uuid_text(bytes: [u8; 16]) -> String {
    let number = u128::from_be_bytes(bytes);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        number >> 96,
        (number >> 80) & 0xFFFF,
        (number >> 64) & 0xFFFF,
        (number >> 48) & 0xFFFF,
        number & 0xFFFF_FFFF_FFFF
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_decimals_are_equal_texts() {
        for (digits, text) in [
            ("1.00", "1"),
            ("1.50", "1.5"),
            ("100", "100"),
            ("-0.00", "0"),
            ("-0", "0"),
            ("0", "0"),
            ("-10.010", "-10.01"),
        ] {
            assert_eq!(decimal_text(digits), text);
        }
    }
}
