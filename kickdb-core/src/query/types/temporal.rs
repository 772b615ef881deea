//! Dates and times of chrono, time and jiff.

/// Where a library's value lies outside of what can be kept or read.
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
const RANGE: &str = "it is out of the range of dates and times";

/// Implements [`ColumnType`](super::ColumnType) from a function in each direction.
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
macro_rules! temporal {
    ($($ty:ty: $kind:ident, $read:expr, $encode:expr, $decode:expr;)*) => {$(
        impl super::super::ColumnType for $ty {
            type Kind = crate::value::kind::$kind;
            type Base = Self;
            type Lift<V: super::super::ColumnType> = V;

            fn encode(&self) -> crate::value::Value {
                let encode: fn(&Self) -> Option<_> = $encode;
                match encode(self) {
                    Some(value) => crate::value::Value::$kind(value),
                    None => crate::value::Value::Refused(super::RANGE.to_owned()),
                }
            }

            fn decode(cell: crate::value::Cell<'_>) -> Result<Self, crate::value::Fault> {
                let decode: fn(_) -> Option<Self> = $decode;
                let read: fn(crate::value::Cell<'_>) -> Result<_, crate::value::Fault> = $read;
                decode(read(cell)?).ok_or_else(|| crate::value::Fault::new(super::RANGE))
            }
        }
    )*};
}

#[cfg(feature = "chrono")]
mod with_chrono {
    use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

    use crate::value::{Cell, Date, Instant, TimeOfDay};

    temporal! {
        NaiveDate: Date, |cell: Cell<'_>| cell.date(), |date| Some(from_date(*date)), to_date;
        NaiveTime: Time, |cell: Cell<'_>| cell.time(), from_time, to_time;
        NaiveDateTime: Timestamp, |cell: Cell<'_>| cell.timestamp(false), |at| from_instant(&at.and_utc()), |at| to_instant(at).map(|at| at.naive_utc());
        DateTime<Utc>: TimestampTz, |cell: Cell<'_>| cell.timestamp(true), from_instant, to_instant;
    }

    fn from_date(date: NaiveDate) -> Date {
        Date::from_ymd(i64::from(date.year()), date.month(), date.day())
    }

    fn to_date(date: Date) -> Option<NaiveDate> {
        let (year, month, day) = date.ymd();
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
    }

    /// chrono writes a leap second as more than a billion nanoseconds; no engine keeps one.
    fn from_time(time: &NaiveTime) -> Option<TimeOfDay> {
        let nanos = u64::from(time.num_seconds_from_midnight()) * 1_000_000_000 + u64::from(time.nanosecond());
        (time.nanosecond() < 1_000_000_000).then_some(TimeOfDay { nanos })
    }

    fn to_time(time: TimeOfDay) -> Option<NaiveTime> {
        let seconds = u32::try_from(time.nanos / 1_000_000_000).ok()?;
        NaiveTime::from_num_seconds_from_midnight_opt(seconds, u32::try_from(time.nanos % 1_000_000_000).ok()?)
    }

    fn from_instant(at: &DateTime<Utc>) -> Option<Instant> {
        let nanos = at.timestamp_subsec_nanos();
        (nanos < 1_000_000_000).then_some(Instant {
            seconds: at.timestamp(),
            nanos,
        })
    }

    fn to_instant(at: Instant) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(at.seconds, at.nanos)
    }
}

#[cfg(feature = "time")]
mod with_time {
    use time::{OffsetDateTime, PrimitiveDateTime};

    use crate::value::{Cell, Date, Instant, TimeOfDay};

    temporal! {
        time::Date: Date, |cell: Cell<'_>| cell.date(), |date| Some(from_date(*date)), to_date;
        time::Time: Time, |cell: Cell<'_>| cell.time(), |time| Some(from_time(*time)), to_time;
        PrimitiveDateTime: Timestamp, |cell: Cell<'_>| cell.timestamp(false), |at| from_instant(&at.assume_utc()),
            |at| to_instant(at).map(|at| PrimitiveDateTime::new(at.date(), at.time()));
        OffsetDateTime: TimestampTz, |cell: Cell<'_>| cell.timestamp(true), from_instant, to_instant;
    }

    /// The Julian day number of 1970-01-01.
    const EPOCH: i32 = 2_440_588;

    fn from_date(date: time::Date) -> Date {
        Date {
            days: date.to_julian_day() - EPOCH,
        }
    }

    fn to_date(date: Date) -> Option<time::Date> {
        time::Date::from_julian_day(date.days.checked_add(EPOCH)?).ok()
    }

    fn from_time(time: time::Time) -> TimeOfDay {
        let (hour, minute, second, nanos) = time.as_hms_nano();
        let seconds = u64::from(hour) * 3600 + u64::from(minute) * 60 + u64::from(second);
        TimeOfDay {
            nanos: seconds * 1_000_000_000 + u64::from(nanos),
        }
    }

    fn to_time(time: TimeOfDay) -> Option<time::Time> {
        let seconds = u32::try_from(time.nanos / 1_000_000_000).ok()?;
        let part = |number: u32| u8::try_from(number).ok();
        let nanos = u32::try_from(time.nanos % 1_000_000_000).ok()?;
        time::Time::from_hms_nano(
            part(seconds / 3600)?,
            part(seconds / 60 % 60)?,
            part(seconds % 60)?,
            nanos,
        )
        .ok()
    }

    fn from_instant(at: &OffsetDateTime) -> Option<Instant> {
        Some(Instant {
            seconds: at.unix_timestamp(),
            nanos: at.nanosecond(),
        })
    }

    fn to_instant(at: Instant) -> Option<OffsetDateTime> {
        let whole = OffsetDateTime::from_unix_timestamp(at.seconds).ok()?;
        whole.replace_nanosecond(at.nanos).ok()
    }
}

#[cfg(feature = "jiff")]
mod with_jiff {
    use jiff::Timestamp;
    use jiff::civil;
    use jiff::tz::TimeZone;

    use crate::value::{Cell, Date, Instant, TimeOfDay};

    temporal! {
        civil::Date: Date, |cell: Cell<'_>| cell.date(), |date| from_date(*date), to_date;
        civil::Time: Time, |cell: Cell<'_>| cell.time(), |time| from_time(*time), to_time;
        civil::DateTime: Timestamp, |cell: Cell<'_>| cell.timestamp(false), |at| Some(Instant::join(from_date(at.date())?, from_time(at.time())?)),
            to_wall_clock;
        Timestamp: TimestampTz, |cell: Cell<'_>| cell.timestamp(true), |at| from_instant(*at), to_instant;
    }

    fn from_date(date: civil::Date) -> Option<Date> {
        let (month, day) = (u32::try_from(date.month()).ok()?, u32::try_from(date.day()).ok()?);
        Some(Date::from_ymd(i64::from(date.year()), month, day))
    }

    fn to_date(date: Date) -> Option<civil::Date> {
        let (year, month, day) = date.ymd();
        civil::Date::new(
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        )
        .ok()
    }

    fn from_time(time: civil::Time) -> Option<TimeOfDay> {
        let part = |number: i8| u64::try_from(number).ok();
        let seconds = part(time.hour())? * 3600 + part(time.minute())? * 60 + part(time.second())?;
        let nanos = u64::try_from(time.subsec_nanosecond()).ok()?;
        Some(TimeOfDay {
            nanos: seconds * 1_000_000_000 + nanos,
        })
    }

    fn to_time(time: TimeOfDay) -> Option<civil::Time> {
        let seconds = i64::try_from(time.nanos / 1_000_000_000).ok()?;
        let part = |number: i64| i8::try_from(number).ok();
        let nanos = i32::try_from(time.nanos % 1_000_000_000).ok()?;
        civil::Time::new(
            part(seconds / 3600)?,
            part(seconds / 60 % 60)?,
            part(seconds % 60)?,
            nanos,
        )
        .ok()
    }

    fn to_wall_clock(at: Instant) -> Option<civil::DateTime> {
        let (date, time) = at.split();
        Some(to_date(date)?.to_datetime(to_time(time)?))
    }

    /// jiff keeps the sign on both parts; here nanoseconds are always added.
    fn from_instant(at: Timestamp) -> Option<Instant> {
        let (date, time) = {
            let at = TimeZone::UTC.to_datetime(at);
            (from_date(at.date())?, from_time(at.time())?)
        };
        Some(Instant::join(date, time))
    }

    fn to_instant(at: Instant) -> Option<Timestamp> {
        Timestamp::new(at.seconds, i32::try_from(at.nanos).ok()?).ok()
    }
}
