//! Defaults, as the catalog tells them.

use crate::dialect::mysql::bytes::{literal, of_literal};
use crate::dialect::mysql::expr;
use crate::dialect::mysql::syntax::unquote;
use crate::dialect::mysql::types::{self, Class};
use crate::ident::Name;
use crate::ir::{Expr, SqlType};

/// What a column that is written anew with each update has behind its default.
pub(in crate::dialect::mysql) const ON_UPDATE: &str = " on update ";

/// A default in its one form; `None` where it says nothing.
pub(super) fn normalize(value: Expr, ty: &SqlType, columns: &[Name]) -> Option<Expr> {
    match value {
        Expr::Null => None,
        Expr::Bool(truth) => Some(number(&i64::from(truth).to_string(), ty)),
        Expr::Int(value) => Some(number(&value.to_string(), ty)),
        Expr::Text(text) => Some(self::text(text, ty)),
        Expr::EmptyArray => Some(Expr::Text("[]".to_owned())),
        Expr::NewUuid => Some(Expr::NewUuid),
        Expr::Now => Some(now(ty)),
        Expr::Sql(sql) => raw(&sql, ty, columns),
    }
}

/// "Now" has a name of its own for a day and for a time of day.
fn now(ty: &SqlType) -> Expr {
    match ty {
        SqlType::Date => Expr::Sql("curdate()".to_owned()),
        SqlType::Time { precision } => Expr::Sql(call("curtime", precision.unwrap_or(6))),
        ty if fraction(ty).is_some() => Expr::Now,
        _ => Expr::Sql("current_timestamp()".to_owned()),
    }
}

/// How many digits of a second a date-time keeps; `None` for other types.
pub(in crate::dialect::mysql) fn fraction(ty: &SqlType) -> Option<u8> {
    match types::class(ty) {
        Class::Moment { digits, .. } => Some(digits),
        _ => None,
    }
}

/// `current_timestamp(6)`, or `current_timestamp()` without digits.
pub(in crate::dialect::mysql) fn call(function: &str, digits: u8) -> String {
    match digits {
        0 => format!("{function}()"),
        digits => format!("{function}({digits})"),
    }
}

/// MariaDB gives "now" as many digits of a second as its column keeps, where none are said.
fn with_digits(normal: String, ty: &SqlType) -> String {
    match fraction(ty) {
        Some(digits) if normal == "current_timestamp()" => call("current_timestamp", digits),
        _ => normal,
    }
}

fn raw(sql: &str, ty: &SqlType, columns: &[Name]) -> Option<Expr> {
    let (value, update) = split_on_update(sql);
    if let Some(update) = update {
        let value = match value.trim() {
            "" => "NULL".to_owned(),
            value => with_digits(expr::normalize(value, columns), ty),
        };
        return Some(Expr::Sql(format!(
            "{value}{ON_UPDATE}{}",
            with_digits(expr::normalize(&update, columns), ty)
        )));
    }
    let normal = with_digits(expr::normalize(&value, columns), ty);
    if normal == "NULL" {
        return None;
    }
    if let Some(text) = unquote(&normal) {
        return Some(self::text(text, ty));
    }
    if is_number(&normal) {
        return Some(number(&normal, ty));
    }
    // Bits and bytes are a number to a column of numbers.
    if let Some(value) = normal
        .strip_prefix("0x")
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        && matches!(
            types::class(ty),
            Class::Whole { .. } | Class::Decimal { .. } | Class::Float { .. } | Class::Bits(_)
        )
    {
        return Some(number(&value.to_string(), ty));
    }
    if fraction(ty).is_some_and(|digits| normal == call("current_timestamp", digits)) {
        return Some(Expr::Now);
    }
    if normal == "uuid()" {
        return Some(Expr::NewUuid);
    }
    match of_literal(&normal).filter(|_| is_binary(ty)) {
        Some(found) => Some(bytes(found, ty)),
        None => Some(Expr::Sql(normal)),
    }
}

/// The default, and what comes behind `on update`.
fn split_on_update(sql: &str) -> (String, Option<String>) {
    let lower = sql.to_ascii_lowercase();
    match lower.rfind("on update ") {
        // In front of it stands nothing, or a space: a text could hold the words as well.
        Some(at) if sql[at..].contains(['(', '_']) && !sql[at..].contains('\'') => {
            (sql[..at].to_owned(), Some(sql[at + "on update ".len()..].to_owned()))
        }
        _ => (sql.to_owned(), None),
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') && digits.parse::<f64>().is_ok()
}

/// A number as the default of a column of that type.
fn number(text: &str, ty: &SqlType) -> Expr {
    match (ty, types::class(ty)) {
        (SqlType::Bool, _) => match text {
            "0" => Expr::Bool(false),
            "1" => Expr::Bool(true),
            other => whole(other),
        },
        (_, Class::Whole { .. } | Class::Year) => whole(text),
        (_, Class::Decimal { scale, .. }) => whole(&decimal(text, usize::from(scale)).unwrap_or(text.to_owned())),
        (_, Class::Float { .. }) => whole(&float(text)),
        (_, Class::Bits(_)) => match text.parse::<u64>() {
            Ok(bits) => Expr::Sql(format!("b'{bits:b}'")),
            Err(_) => Expr::Sql(text.to_owned()),
        },
        _ => Expr::Text(text.to_owned()),
    }
}

fn whole(text: &str) -> Expr {
    match text.parse::<i64>() {
        Ok(value) => Expr::Int(value),
        Err(_) => Expr::Sql(text.to_owned()),
    }
}

/// With just as many digits behind the point as the column keeps; `None` where it has more.
fn decimal(text: &str, scale: usize) -> Option<String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if !whole.chars().chain(part.chars()).all(|c| c.is_ascii_digit()) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let part = part.trim_end_matches('0');
    (part.len() <= scale).then(|| match scale {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{part:0<scale$}"),
    })
}

/// The shortest digits that give the number again.
fn float(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => format!("{value}"),
        _ => text.to_owned(),
    }
}

/// A text as the default of a column of that type: a number may be quoted, a moment may leave zeros out.
fn text(text: String, ty: &SqlType) -> Expr {
    use Class as C;
    if is_binary(ty) {
        return bytes(text.into_bytes(), ty);
    }
    let kept = match types::class(ty) {
        C::Whole { .. } | C::Decimal { .. } | C::Float { .. } | C::Bits(_) | C::Year if is_number(text.trim()) => {
            return number(text.trim(), ty);
        }
        C::Time { digits } => time(&text, digits).unwrap_or(text),
        C::Moment { digits, .. } => moment(&text, digits).unwrap_or(text),
        _ => text,
    };
    Expr::Text(kept)
}

/// `2020-01-01` as `2020-01-01 00:00:00.000000`.
fn moment(text: &str, digits: u8) -> Option<String> {
    let text = text.trim();
    let (day, clock) = text.split_once([' ', 'T']).unwrap_or((text, "0:0:0"));
    let shape = day.len() == 10 && day.bytes().filter(|byte| *byte == b'-').count() == 2;
    (shape && !clock.ends_with(['Z', 'z']))
        .then(|| time(clock, digits))
        .flatten()
        .map(|clock| format!("{day} {clock}"))
}

/// `10:00` as `10:00:00.000000`.
fn time(text: &str, digits: u8) -> Option<String> {
    let (clock, part) = text.split_once('.').unwrap_or((text, ""));
    let mut fields = clock.split(':');
    let hour: u32 = fields.next()?.parse().ok()?;
    let minute: u32 = fields.next()?.parse().ok()?;
    let second: u32 = fields.next().unwrap_or("0").parse().ok()?;
    let digits = usize::from(digits);
    let part = part.trim_end_matches('0');
    if fields.next().is_some() || part.len() > digits || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(match digits {
        0 => format!("{hour:02}:{minute:02}:{second:02}"),
        _ => format!("{hour:02}:{minute:02}:{second:02}.{part:0<digits$}"),
    })
}

fn is_binary(ty: &SqlType) -> bool {
    match ty {
        SqlType::Bytes => true,
        SqlType::Native(name) => name.contains("binary(") || name.ends_with("blob"),
        _ => false,
    }
}

/// Bytes as the default of a binary column: the text that they are, or digits where that cannot be seen in a script. A column of
/// fixed length fills up with zeros by itself.
fn bytes(mut bytes: Vec<u8>, ty: &SqlType) -> Expr {
    let fixed = matches!(ty, SqlType::Native(name) if name.starts_with("binary("));
    while fixed && bytes.last() == Some(&0) {
        bytes.pop();
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) if !text.chars().any(char::is_control) => Expr::Text(text.to_owned()),
        _ => Expr::Sql(literal(&bytes)),
    }
}
