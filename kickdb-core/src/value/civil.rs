//! Dates and times without a library: days, seconds and nanoseconds, and the one text form that they have where an engine
//! keeps them as text.
//!
//! The text form is ISO 8601 with a space between date and time, UTC, without an offset and without zeros at the end of
//! the fraction: `2026-04-27 15:30:12.5`. Texts then sort as the times do, and what SQLite's `CURRENT_TIMESTAMP` writes
//! is of the same form.

use std::fmt::{self, Write};

const SECONDS_PER_DAY: i64 = 86_400;

/// A calendar date: days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Days since 1970-01-01.
    pub days: i32,
}

/// A time of day: nanoseconds since midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay {
    /// Nanoseconds since midnight, less than a day.
    pub nanos: u64,
}

/// A date and a time of day: seconds since 1970-01-01 00:00:00, and nanoseconds on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant {
    /// Whole seconds since 1970-01-01 00:00:00, negative before.
    pub seconds: i64,
    /// Nanoseconds to be added, less than a second.
    pub nanos: u32,
}

impl Date {
    /// The date with this year, month (1–12) and day (1–31) of the Gregorian calendar, without checking them.
    #[must_use]
    pub fn from_ymd(year: i64, month: u32, day: u32) -> Self {
        // Days from civil, after Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let year_of_era = y.rem_euclid(400);
        let shifted = i64::from((month + 9) % 12);
        let day_of_year = (153 * shifted + 2) / 5 + i64::from(day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + day_of_era - 719_468;
        Self {
            days: i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }),
        }
    }

    /// Year, month (1–12) and day (1–31).
    #[must_use]
    pub fn ymd(self) -> (i64, u32, u32) {
        let shifted = i64::from(self.days) + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_index = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_index + 2) / 5 + 1;
        let month = if month_index < 10 {
            month_index + 3
        } else {
            month_index - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year, small(month), small(day))
    }

    /// Reads `YYYY-MM-DD`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let (year, month, day) = (digits(&bytes[..4])?, digits(&bytes[5..7])?, digits(&bytes[8..])?);
        let date = Self::from_ymd(i64::from(year), month, day);
        (date.ymd() == (i64::from(year), month, day)).then_some(date)
    }

    /// Whether the year has four digits, so that the text form sorts and can be read back.
    #[must_use]
    pub fn has_text_form(self) -> bool {
        (0..=9999).contains(&self.ymd().0)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl TimeOfDay {
    /// Reads `HH:MM`, `HH:MM:SS` or `HH:MM:SS.f` with up to nine digits of fraction.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() < 5 || bytes[2] != b':' {
            return None;
        }
        let (hour, minute) = (digits(&bytes[..2])?, digits(&bytes[3..5])?);
        let (second, nanos) = match bytes.get(5) {
            None => (0, 0),
            Some(b':') if bytes.len() == 8 => (digits(&bytes[6..])?, 0),
            Some(b':') if bytes.len() > 9 && bytes[8] == b'.' => (digits(&bytes[6..8])?, fraction(&bytes[9..])?),
            Some(_) => return None,
        };
        let valid = hour < 24 && minute < 60 && second < 60;
        valid.then(|| Self {
            nanos: u64::from(hour * 3600 + minute * 60 + second) * 1_000_000_000 + u64::from(nanos),
        })
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.nanos / 1_000_000_000;
        write!(f, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)?;
        let nanos = self.nanos % 1_000_000_000;
        if nanos == 0 {
            return Ok(());
        }
        let digits = format!("{nanos:09}");
        f.write_char('.')?;
        f.write_str(digits.trim_end_matches('0'))
    }
}

impl Instant {
    /// The date, and the time of that day.
    #[must_use]
    pub fn split(self) -> (Date, TimeOfDay) {
        let days = self.seconds.div_euclid(SECONDS_PER_DAY);
        let seconds = self.seconds.rem_euclid(SECONDS_PER_DAY).unsigned_abs();
        let date = Date {
            days: i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }),
        };
        let time = TimeOfDay {
            nanos: seconds * 1_000_000_000 + u64::from(self.nanos),
        };
        (date, time)
    }

    /// A date with a time of that day.
    #[must_use]
    pub fn join(date: Date, time: TimeOfDay) -> Self {
        let seconds = i64::try_from(time.nanos / 1_000_000_000).expect("a day has few seconds");
        Self {
            seconds: i64::from(date.days) * SECONDS_PER_DAY + seconds,
            nanos: u32::try_from(time.nanos % 1_000_000_000).expect("less than a second"),
        }
    }

    /// Reads a date and a time with a space or `T` between them and, perhaps, `Z` or an offset at the end.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let date = Date::parse(text.get(..10)?)?;
        let rest = match text.as_bytes().get(10) {
            None => return Some(Self::join(date, TimeOfDay { nanos: 0 })),
            Some(b' ' | b'T') => text.get(11..)?,
            Some(_) => return None,
        };
        let (time, offset) = match rest.find(['Z', '+', '-']) {
            None => (rest, 0),
            Some(at) => (rest.get(..at)?, offset_seconds(rest.get(at..)?)?),
        };
        let local = Self::join(date, TimeOfDay::parse(time)?);
        Some(Self {
            seconds: local.seconds - offset,
            nanos: local.nanos,
        })
    }

    /// Whether the year has four digits, so that the text form sorts and can be read back.
    #[must_use]
    pub fn has_text_form(self) -> bool {
        self.split().0.has_text_form()
    }

    /// Microseconds since 1970-01-01 00:00:00, rounded down, and whether nothing was lost.
    #[must_use]
    pub fn micros(self) -> Option<(i64, bool)> {
        let micros = self
            .seconds
            .checked_mul(1_000_000)?
            .checked_add(i64::from(self.nanos / 1_000))?;
        Some((micros, self.nanos.is_multiple_of(1_000)))
    }

    /// From microseconds since 1970-01-01 00:00:00.
    #[must_use]
    pub fn from_micros(micros: i64) -> Self {
        Self {
            seconds: micros.div_euclid(1_000_000),
            nanos: u32::try_from(micros.rem_euclid(1_000_000) * 1_000).expect("less than a second"),
        }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = self.split();
        write!(f, "{date} {time}")
    }
}

fn small(number: i64) -> u32 {
    u32::try_from(number).expect("a month or a day is small and positive")
}

fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0u32, |sum, byte| {
        byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0'))
    })
}

fn fraction(bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() || bytes.len() > 9 {
        return None;
    }
    let scale = 10u32.pow(9 - u32::try_from(bytes.len()).ok()?);
    Some(digits(bytes)? * scale)
}

fn offset_seconds(text: &str) -> Option<i64> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("Z", "") => return Some(0),
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let digits_only: Vec<u8> = rest.bytes().filter(|byte| *byte != b':').collect();
    let (hours, minutes) = match digits_only.len() {
        2 => (digits(&digits_only)?, 0),
        4 => (digits(&digits_only[..2])?, digits(&digits_only[2..])?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then(|| sign * i64::from(hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_date_survives_its_text(days in -719_528i32..2_932_897) {
            let date = Date { days };
            prop_assert!(date.has_text_form());
            prop_assert_eq!(Date::parse(&date.to_string()), Some(date));
        }

        #[test]
        fn texts_sort_as_instants_do(a in instant(), b in instant()) {
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
            prop_assert_eq!(Instant::parse(&a.to_string()), Some(a));
        }
    }

    fn instant() -> impl Strategy<Value = Instant> {
        let nanos = prop_oneof![Just(0u32), Just(500_000_000), 0..1_000_000_000u32];
        (-1_000i64..1_000, nanos).prop_map(|(seconds, nanos)| Instant { seconds, nanos })
    }

    #[test]
    fn known_days() {
        assert_eq!(Date::from_ymd(1970, 1, 1).days, 0);
        assert_eq!(Date::from_ymd(2000, 2, 29).days, 11_016);
        assert_eq!(Date::from_ymd(0, 3, 1).ymd(), (0, 3, 1));
        assert!(!Date::from_ymd(10_000, 1, 1).has_text_form());
    }

    #[test]
    fn other_spellings_are_read() {
        let noon = Instant::parse("2026-04-27 12:00:00").unwrap();
        assert_eq!(Instant::parse("2026-04-27T12:00:00Z"), Some(noon));
        assert_eq!(Instant::parse("2026-04-27T14:00:00.000+02:00"), Some(noon));
        assert_eq!(Instant::parse("2026-04-27 10:30:00-0130"), Some(noon));
        assert_eq!(Instant::parse("2026-02-30 12:00:00"), None);
        assert_eq!(Instant::parse("yesterday"), None);
    }
}
