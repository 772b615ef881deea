use std::time::Duration;

use super::super::expr::{Base, Expr, Expression};
use super::super::node::Node;
use super::super::now::Moment;
use super::super::operand::Operand;
use super::super::types::ColumnType;
use super::{As, call};
use crate::dialect::Function;
use crate::value::{Kind, KindId, Value, kind};

/// The kind of dates, with a time or without one.
#[diagnostic::on_unimplemented(
    message = "this asks for a part of a date, and the column is of the kind `{Self}`",
    label = "not a column of a date"
)]
pub trait Dated: Kind {}
impl Dated for kind::Date {}
impl Dated for kind::Timestamp {}
impl Dated for kind::TimestampTz {}

/// The kind of what has a time of day.
#[diagnostic::on_unimplemented(
    message = "this asks for a part of a time of day, and the column is of the kind `{Self}`",
    label = "not a column of a time"
)]
pub trait Clocked: Kind {}
impl Clocked for kind::Time {}
impl Clocked for kind::Timestamp {}
impl Clocked for kind::TimestampTz {}

/// A date with a time, whose date is of a type of the same library.
pub trait HasDate: ColumnType {
    /// The type of the date.
    type Date: ColumnType<Base = Self::Date>;
}

macro_rules! dates {
    ($($feature:literal: $($from:ty => $to:ty),*;)*) => {$($(
        #[cfg(feature = $feature)]
        impl HasDate for $from {
            type Date = $to;
        }
    )*)*};
}

dates! {
    "chrono": chrono::NaiveDateTime => chrono::NaiveDate, chrono::DateTime<chrono::Utc> => chrono::NaiveDate;
    "time": time::PrimitiveDateTime => time::Date, time::OffsetDateTime => time::Date;
    "jiff": jiff::civil::DateTime => jiff::civil::Date, jiff::Timestamp => jiff::civil::Date;
}

/// What a clock on the wall shows in UTC, so that a part of it is the same whatever the session's time zone.
fn wall<E: Expression>(of: E) -> Node {
    let node = of.into_node();
    match <E::Type as ColumnType>::Kind::ID {
        KindId::TimestampTz => call(Function::Utc, [node]),
        _ => node,
    }
}

fn start<E: Expression>(of: E, function: Function) -> Expr<E::Type, E::Uses> {
    let start = call(function, [wall(of)]);
    Expr::new(match <E::Type as ColumnType>::Kind::ID {
        KindId::TimestampTz => call(Function::FromUtc, [start]),
        _ => start,
    })
}

macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident: $kind:ident, $function:ident;)*) => {$(
        $(#[$doc])*
        fn $name(self) -> Expr<As<Self, i32>, Self::Uses>
        where
            Self::Type: ColumnType<Kind: $kind>,
        {
            Expr::new(call(Function::$function, [wall(self)]))
        }
    )*};
}

macro_rules! starts {
    ($($(#[$doc:meta])* $name:ident: $function:ident;)*) => {$(
        $(#[$doc])*
        fn $name(self) -> Expr<Self::Type, Self::Uses>
        where
            Self::Type: ColumnType<Kind: Moment>,
        {
            start(self, Function::$function)
        }
    )*};
}

/// Functions of dates and times. Instants are taken in UTC.
pub trait TimeFunctions: Expression {
    parts! {
        /// The year.
        year: Dated, Year;
        /// The month, from 1.
        month: Dated, Month;
        /// The day of the month, from 1.
        day: Dated, Day;
        /// The day of the week; Sunday is 0.
        weekday: Dated, Weekday;
        /// The hour.
        hour: Clocked, Hour;
        /// The minute.
        minute: Clocked, Minute;
        /// The second, without its fraction.
        second: Clocked, Second;
    }

    starts! {
        /// The start of its year.
        start_of_year: StartOfYear;
        /// The start of its month.
        start_of_month: StartOfMonth;
        /// The start of its day.
        start_of_day: StartOfDay;
        /// The start of its hour.
        start_of_hour: StartOfHour;
    }

    /// Its date.
    fn date(self) -> Expr<As<Self, <Base<Self> as HasDate>::Date>, Self::Uses>
    where
        Base<Self>: HasDate,
    {
        Expr::new(call(Function::DateOf, [wall(self)]))
    }

    /// So much later. SQLite counts milliseconds.
    fn later(self, by: Duration) -> Expr<Self::Type, Self::Uses>
    where
        Self::Type: ColumnType<Kind: Moment>,
    {
        let seconds = Node::Value(Value::Float64(by.as_secs_f64()));
        Expr::new(call(Function::AddSeconds, [self.into_node(), seconds]))
    }

    /// So much earlier. SQLite counts milliseconds.
    fn earlier(self, by: Duration) -> Expr<Self::Type, Self::Uses>
    where
        Self::Type: ColumnType<Kind: Moment>,
    {
        let seconds = Node::Value(Value::Float64(-by.as_secs_f64()));
        Expr::new(call(Function::AddSeconds, [self.into_node(), seconds]))
    }

    /// The seconds from `other` to this, with their fraction; below zero where this is earlier.
    fn seconds_since<R: Operand<Base<Self>>>(self, other: R) -> Expr<R::Lift<As<Self, f64>>, R::With<Self::Uses>>
    where
        Self::Type: ColumnType<Kind: Moment>,
    {
        Expr::new(call(Function::SecondsBetween, [self.into_node(), other.into_node()]))
    }
}

impl<E: Expression> TimeFunctions for E {}
