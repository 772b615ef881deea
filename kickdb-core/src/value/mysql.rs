//! MySQL's binary forms of values that a driver gives as bytes: pure, so that they are tested without a server.
//!
//! They are those of <https://mariadb.com/kb/en/resultset-row/#binary-resultset-row>.

use super::{Date, Instant, TimeOfDay};

/// A whole number of 1, 2, 4 or 8 bytes.
pub(crate) fn int(bytes: &[u8], unsigned: bool) -> Option<i64> {
    Some(match (bytes.len(), unsigned) {
        (1, false) => i64::from(i8::from_le_bytes(bytes.try_into().ok()?)),
        (1, true) => i64::from(bytes[0]),
        (2, false) => i64::from(i16::from_le_bytes(bytes.try_into().ok()?)),
        (2, true) => i64::from(u16::from_le_bytes(bytes.try_into().ok()?)),
        (4, false) => i64::from(i32::from_le_bytes(bytes.try_into().ok()?)),
        (4, true) => i64::from(u32::from_le_bytes(bytes.try_into().ok()?)),
        (8, false) => i64::from_le_bytes(bytes.try_into().ok()?),
        (8, true) => i64::try_from(u64::from_le_bytes(bytes.try_into().ok()?)).ok()?,
        _ => return None,
    })
}

/// A floating-point number of either width.
pub(crate) fn float(bytes: &[u8]) -> Option<f64> {
    match bytes.len() {
        4 => Some(f64::from(f32::from_le_bytes(bytes.try_into().ok()?))),
        8 => Some(f64::from_le_bytes(bytes.try_into().ok()?)),
        _ => None,
    }
}

/// A date, behind the byte that counts the others. A date of zeros is none.
pub(crate) fn date(bytes: &[u8]) -> Option<Date> {
    let [_, low, high, month, day, ..] = *bytes else {
        return None;
    };
    let year = i64::from(u16::from_le_bytes([low, high]));
    let date = Date::from_ymd(year, u32::from(month), u32::from(day));
    (date.ymd() == (year, u32::from(month), u32::from(day))).then_some(date)
}

/// A date and a time; what is zero at the end is not sent.
pub(crate) fn instant(bytes: &[u8]) -> Option<Instant> {
    let date = date(bytes)?;
    let clock = |hour: u8, minute: u8, second: u8| u64::from(hour) * 3600 + u64::from(minute) * 60 + u64::from(second);
    let (seconds, micros) = match bytes[5..] {
        [] => (0, 0),
        [hour, minute, second] => (clock(hour, minute, second), 0),
        [hour, minute, second, a, b, c, d] => (clock(hour, minute, second), u32::from_le_bytes([a, b, c, d])),
        _ => return None,
    };
    let nanos = seconds * 1_000_000_000 + u64::from(micros) * 1_000;
    Some(Instant::join(date, TimeOfDay { nanos }))
}

/// A time of day. The type also keeps spans of up to 838 hours, below zero, too, which are none.
pub(crate) fn time(bytes: &[u8]) -> Option<TimeOfDay> {
    let clock = |hour: u8, minute: u8, second: u8| u64::from(hour) * 3600 + u64::from(minute) * 60 + u64::from(second);
    let (seconds, micros) = match *bytes {
        [0] => (0, 0),
        // How many bytes follow, the sign, days, and the time of day.
        [8, 0, 0, 0, 0, 0, hour, minute, second] => (clock(hour, minute, second), 0),
        [12, 0, 0, 0, 0, 0, hour, minute, second, a, b, c, d] => {
            (clock(hour, minute, second), u32::from_le_bytes([a, b, c, d]))
        }
        _ => return None,
    };
    (seconds < 86_400).then(|| TimeOfDay {
        nanos: seconds * 1_000_000_000 + u64::from(micros) * 1_000,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times() {
        assert_eq!(
            date(&[4, 0xEA, 0x07, 4, 27]).map(|date| date.to_string()).as_deref(),
            Some("2026-04-27")
        );
        assert_eq!(date(&[0]), None);
        assert_eq!(date(&[4, 0xEA, 0x07, 0, 0]), None);
        let at = instant(&[11, 0xEA, 0x07, 4, 27, 15, 30, 12, 0x20, 0xA1, 0x07, 0]);
        assert_eq!(at.map(|at| at.to_string()).as_deref(), Some("2026-04-27 15:30:12.5"));
        assert_eq!(time(&[0]).map(|time| time.nanos), Some(0));
        assert_eq!(
            time(&[8, 0, 0, 0, 0, 0, 1, 2, 3])
                .map(|time| time.to_string())
                .as_deref(),
            Some("01:02:03")
        );
        // -1 hour, and a day and an hour.
        assert_eq!(time(&[8, 1, 0, 0, 0, 0, 1, 0, 0]), None);
        assert_eq!(time(&[8, 0, 1, 0, 0, 0, 1, 0, 0]), None);
    }

    #[test]
    fn numbers() {
        assert_eq!(int(&[0xFF], false), Some(-1));
        assert_eq!(int(&[0xFF], true), Some(255));
        assert_eq!(int(&u64::MAX.to_le_bytes(), true), None);
        assert_eq!(int(&i64::MIN.to_le_bytes(), false), Some(i64::MIN));
        assert_eq!(float(&0.1f32.to_le_bytes()), Some(f64::from(0.1f32)));
    }
}
