//! What happens to the values of a column whose type changes.

use super::class::{Class, of};
use super::loss;
use crate::dialect::Cast;
use crate::ir::SqlType;

const FITS: Cast = Cast::Risky("values that do not fit make it fail");
const READS: Cast = Cast::Risky("values that do not read as the new type make it fail");
const EXACT: Cast = Cast::Risky("values that the new type cannot hold exactly make it fail");
const LONGER: Cast = Cast::Risky("longer values make it fail");
const MEMBERS: Cast = Cast::Risky("rows that hold a removed value make it fail");

pub(super) fn cast(from: &SqlType, to: &SqlType) -> Cast {
    use Class as C;
    if from == to {
        return Cast::Safe;
    }
    let lossy = loss::condition(from, to, "x").is_some() && !matches!(of(to), C::Members { .. });
    match (of(from), of(to)) {
        (C::Geometry { .. }, C::Geometry { any }) => safe_if(any, READS),
        (from, to) if from == to => Cast::Safe,
        (from, to) if loss::is_refused(&from, &to) => Cast::Impossible,
        (C::Date | C::Moment { .. }, C::Time { .. }) | (C::Time { .. }, C::Date | C::Moment { .. }) => Cast::Impossible,
        _ if lossy => EXACT,
        (
            C::Whole { bytes, unsigned },
            C::Whole {
                bytes: room,
                unsigned: to,
            },
        ) => safe_if(unsigned == to && bytes <= room || unsigned && !to && bytes < room, FITS),
        (
            C::Whole { bytes, unsigned },
            C::Decimal {
                precision,
                scale,
                unsigned: to,
            },
        ) => safe_if(
            precision.saturating_sub(scale) >= digits(bytes) && (unsigned || !to),
            FITS,
        ),
        (
            C::Whole { unsigned, .. },
            C::Float {
                unsigned: to, digits, ..
            },
        ) => safe_if(digits.is_none() && (unsigned || !to), FITS),
        (
            C::Float { unsigned, .. },
            C::Float {
                unsigned: to, digits, ..
            },
        ) => safe_if(digits.is_none() && (unsigned || !to), FITS),
        (
            C::Decimal {
                precision,
                scale,
                unsigned,
            },
            C::Decimal {
                precision: room,
                scale: kept,
                unsigned: to,
            },
        ) => safe_if(
            precision.saturating_sub(scale) <= room.saturating_sub(kept) && (unsigned || !to),
            FITS,
        ),
        (C::Date, C::Moment { zoned: false, .. }) | (C::Time { .. }, C::Time { .. }) => Cast::Safe,
        (C::Moment { .. }, C::Moment { zoned, .. }) => safe_if(!zoned, FITS),
        (C::Bits(from), C::Bits(to)) => safe_if(from <= to, FITS),
        (C::Bytes { most, .. }, C::Bytes { most: room, .. }) => safe_if(most <= room, LONGER),
        (
            C::Members { set, values },
            C::Members {
                set: to_set,
                values: kept,
            },
        ) => safe_if(
            (to_set || !set) && values.iter().all(|value| kept.contains(value)),
            MEMBERS,
        ),
        (C::Members { set: false, values }, to) => match capacity(&to) {
            Some(room) => safe_if(
                values.iter().all(|value| value.chars().count() as u64 * 4 <= room),
                LONGER,
            ),
            None => READS,
        },
        (from, to) => match (capacity(&from), capacity(&to)) {
            (Some(from), Some(to)) => safe_if(from <= to, LONGER),
            _ => READS,
        },
    }
}

fn safe_if(safe: bool, otherwise: Cast) -> Cast {
    if safe { Cast::Safe } else { otherwise }
}

/// The most decimal digits of a whole number.
fn digits(bytes: u8) -> u16 {
    match bytes {
        1 => 3,
        2 => 5,
        3 => 8,
        4 => 10,
        _ => 20,
    }
}

/// How many bytes a text holds, at 4 bytes for a character.
fn capacity(class: &Class) -> Option<u64> {
    match class {
        Class::Text { most, bytes: true, .. } => Some(*most),
        Class::Text { most, .. } => Some(most * 4),
        _ => None,
    }
}
