//! Dates, times and spans of time as the server prints them.

use crate::ir::SqlType;

/// A literal of a type of time in the form in which it is printed back, in UTC; `None` where it has no such type or is not
/// understood (`infinity`, `today`).
pub(super) fn canonical(text: &str, ty: &SqlType) -> Option<String> {
    match ty {
        SqlType::Date => text.parse::<jiff::civil::Date>().ok().map(|date| date.to_string()),
        SqlType::Timestamp { zoned: false, .. } => text
            .parse::<jiff::civil::DateTime>()
            .ok()
            .map(|wall| wall.to_string().replace('T', " ")),
        // Without an offset the session that runs the statement would decide; it is UTC here, as in conversions.
        SqlType::Timestamp { zoned: true, .. } => {
            let instant = text.parse::<jiff::Timestamp>().ok().or_else(|| {
                let wall: jiff::civil::DateTime = text.parse().ok()?;
                Some(wall.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
            })?;
            Some(instant.to_string().replace('T', " ").replace('Z', "+00"))
        }
        SqlType::Interval => interval(text),
        _ => None,
    }
}

/// `1 week 90 minutes` is printed as `7 days 01:30:00`.
fn interval(text: &str) -> Option<String> {
    let (mut months, mut days, mut seconds) = (0_i64, 0_i64, 0_i64);
    let mut words = text.split_whitespace().peekable();
    words.peek()?;
    while let Some(word) = words.next() {
        if word.contains(':') {
            seconds = seconds.checked_add(clock(word)?)?;
            continue;
        }
        let number: i64 = word.parse().ok()?;
        let unit = words.next()?.to_ascii_lowercase();
        let (field, size) = match unit.as_str() {
            "year" | "years" | "y" => (&mut months, 12),
            "month" | "months" | "mon" | "mons" => (&mut months, 1),
            "week" | "weeks" | "w" => (&mut days, 7),
            "day" | "days" | "d" => (&mut days, 1),
            "hour" | "hours" | "h" => (&mut seconds, 3600),
            "minute" | "minutes" | "min" | "mins" | "m" => (&mut seconds, 60),
            "second" | "seconds" | "sec" | "secs" | "s" => (&mut seconds, 1),
            _ => return None,
        };
        *field = field.checked_add(number.checked_mul(size)?)?;
    }
    // Signs are mixed by rules of their own.
    if months < 0 || days < 0 || seconds < 0 {
        return None;
    }
    let plural = |number: i64, unit: &str| match number {
        0 => None,
        1 => Some(format!("1 {unit}")),
        many => Some(format!("{many} {unit}s")),
    };
    let time = (seconds != 0 || months == 0 && days == 0)
        .then(|| format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
    let parts = [
        plural(months / 12, "year"),
        plural(months % 12, "mon"),
        plural(days, "day"),
        time,
    ];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

fn clock(text: &str) -> Option<i64> {
    let mut seconds = 0;
    let parts: Vec<&str> = text.split(':').collect();
    for (part, size) in parts.iter().zip([3600, 60, 1]) {
        seconds += part.parse::<u32>().ok().map(i64::from)? * size;
    }
    (parts.len() <= 3).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_the_server_says_them() {
        let instant = SqlType::Timestamp {
            precision: None,
            zoned: true,
        };
        let wall = SqlType::Timestamp {
            precision: None,
            zoned: false,
        };
        let table = [
            ("2020-01-02", &SqlType::Date, Some("2020-01-02")),
            ("2020-01-02", &wall, Some("2020-01-02 00:00:00")),
            ("2020-01-02T03:04:05.670", &wall, Some("2020-01-02 03:04:05.67")),
            ("2020-01-02", &instant, Some("2020-01-02 00:00:00+00")),
            ("2020-01-02 09:00:00+09", &instant, Some("2020-01-02 00:00:00+00")),
            ("2020-01-02T00:00:00Z", &instant, Some("2020-01-02 00:00:00+00")),
            ("infinity", &instant, None),
            ("1 week", &SqlType::Interval, Some("7 days")),
            ("90 minutes", &SqlType::Interval, Some("01:30:00")),
            (
                "1 year 3 mons 1 day 04:05:06",
                &SqlType::Interval,
                Some("1 year 3 mons 1 day 04:05:06"),
            ),
            ("18 months", &SqlType::Interval, Some("1 year 6 mons")),
            ("0 days", &SqlType::Interval, Some("00:00:00")),
            ("-1 day", &SqlType::Interval, None),
            ("P1D", &SqlType::Interval, None),
            ("2020-01-02", &SqlType::Text, None),
        ];
        for (text, ty, wanted) in table {
            assert_eq!(canonical(text, ty).as_deref(), wanted, "{text}");
        }
    }
}
