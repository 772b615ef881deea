//! What happens to the values of a column whose type changes.
//!
//! `MODIFY COLUMN` assigns each value to the new type. In strict mode, which every connection of kickdb sets, what does not
//! fit makes it fail as a whole; but digits behind the point, and the time of a day, are rounded away with a mere note.

use super::read::enum_values;
use crate::dialect::Cast;
use crate::ir::{IntBits, SqlType};

const FITS: Cast = Cast::Risky("values that do not fit make it fail");
const READS: Cast = Cast::Risky("values that do not read as the new type make it fail");
const EXACT: Cast = Cast::Risky("values that the new type cannot hold exactly make it fail");

pub(super) fn cast(from: &SqlType, to: &SqlType) -> Cast {
    use SqlType as T;
    if from == to {
        return Cast::Safe;
    }
    if loses_silently(from, to) {
        return EXACT;
    }
    match (from, to) {
        (T::Bool, T::Int { .. }) => Cast::Safe,
        (T::Int { .. }, T::Bool) => FITS,
        (T::Int { bits: a, unsigned: u }, T::Int { bits: b, unsigned: v }) => match (u, v) {
            _ if u == v && a <= b => Cast::Safe,
            (true, false) if a < b => Cast::Safe,
            _ => FITS,
        },
        (T::Int { bits, .. }, T::Decimal(Some((precision, scale))))
            if precision.saturating_sub(*scale) >= digits(*bits) =>
        {
            Cast::Safe
        }
        (T::Int { bits, .. }, T::Float { double }) if *bits <= if *double { IntBits::B32 } else { IntBits::B16 } => {
            Cast::Safe
        }
        (T::Float { double: false }, T::Float { double: true }) => Cast::Safe,
        (T::Decimal(Some((p, s))), T::Decimal(Some((q, t))))
            if t >= s && p.saturating_sub(*s) <= q.saturating_sub(*t) =>
        {
            Cast::Safe
        }
        (T::Date | T::Timestamp { .. }, T::Timestamp { .. }) | (T::Time { .. }, T::Time { .. }) => Cast::Safe,
        (T::Date | T::Timestamp { .. }, T::Time { .. }) | (T::Time { .. }, T::Date | T::Timestamp { .. }) => {
            Cast::Impossible
        }
        _ => match (capacity(from), capacity(to)) {
            (Some(from), Some(to)) if from <= to => Cast::Safe,
            (Some(_), Some(_)) => Cast::Risky("longer values make it fail"),
            _ => by_members(from, to),
        },
    }
}

fn by_members(from: &SqlType, to: &SqlType) -> Cast {
    match (enum_values(from), enum_values(to)) {
        (Some(from), Some(to)) if from.iter().all(|value| to.contains(value)) => Cast::Safe,
        (Some(_), Some(_)) => Cast::Risky("rows that hold a removed value make it fail"),
        (Some(from), None) => match capacity(to) {
            Some(room) if from.iter().all(|value| value.chars().count() as u64 * 4 <= room) => Cast::Safe,
            _ => READS,
        },
        _ => READS,
    }
}

/// The most decimal digits of a whole number.
fn digits(bits: IntBits) -> u16 {
    match bits {
        IntBits::B8 => 3,
        IntBits::B16 => 5,
        IntBits::B32 => 10,
        IntBits::B64 => 20,
    }
}

/// How many bytes a text type holds, at 4 bytes for a character.
fn capacity(ty: &SqlType) -> Option<u64> {
    match ty {
        SqlType::Varchar(length) | SqlType::Char(length) => Some(u64::from(length.get()) * 4),
        SqlType::Text => Some(65_535),
        SqlType::Json { .. } => Some(u64::from(u32::MAX)),
        SqlType::Native(text) => match &**text {
            "tinytext" => Some(255),
            "mediumtext" => Some(16_777_215),
            "longtext" => Some(u64::from(u32::MAX)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the server rounds or cuts values of `from` to fit `to` with a mere note, strict or not.
pub(in crate::dialect::mysql) fn loses_silently(from: &SqlType, to: &SqlType) -> bool {
    use SqlType as T;
    match (from, to) {
        (T::Float { double }, T::Float { double: to }) => *double && !to,
        (T::Float { .. } | T::Decimal(_), T::Int { .. } | T::Bool) | (T::Float { .. }, T::Decimal(_)) => true,
        (T::Decimal(_), T::Float { .. }) => true,
        (T::Int { bits, .. }, T::Float { double }) => *bits > if *double { IntBits::B32 } else { IntBits::B16 },
        (T::Decimal(Some((_, from))), T::Decimal(Some((_, to)))) => to < from,
        (T::Timestamp { .. }, T::Date) => true,
        (T::Timestamp { precision: from, .. }, T::Timestamp { precision: to, .. })
        | (T::Time { precision: from }, T::Time { precision: to }) => to.unwrap_or(6) < from.unwrap_or(6),
        _ => false,
    }
}
