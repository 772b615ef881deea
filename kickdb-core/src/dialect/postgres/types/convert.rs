//! What happens to the values of a column whose type changes, and how the statement says it.
//!
//! `ALTER COLUMN … TYPE` converts by assignment, which fails where a value does not fit. `USING` converts explicitly, and an
//! explicit cast cuts silently (`'abcdef'::varchar(3)` is `abc`), so `USING` stands only where no assignment cast exists.

mod unseen;

pub(in crate::dialect::postgres) use self::unseen::cast_round_trip;

use super::{ddl, element};
use crate::dialect::Cast;
use crate::dialect::postgres::extension::{bare_type, is_elsewhere};
use crate::ir::{IntBits, SqlType};

/// How values get from one type to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dialect::postgres) struct Conversion {
    pub(in crate::dialect::postgres) outcome: Cast,
    /// The expression of `USING` over `{}`, the quoted column; `None` where assignment does it.
    pub(in crate::dialect::postgres) using: Option<String>,
    /// Whether the conversion succeeds for values that it changes (rounding, say), so that they must be looked for before.
    /// Holds the value over `{}` and what the way there and back makes of it, which must be the same.
    pub(in crate::dialect::postgres) round_trip: Option<[String; 2]>,
    /// The statements that make and drop a function which `using` calls.
    pub(in crate::dialect::postgres) function: Option<[String; 2]>,
}

impl Conversion {
    fn by_assignment(outcome: Cast) -> Self {
        Self {
            outcome,
            using: None,
            round_trip: None,
            function: None,
        }
    }

    fn using(outcome: Cast, using: impl Into<String>) -> Self {
        Self {
            outcome,
            using: Some(using.into()),
            round_trip: None,
            function: None,
        }
    }

    /// Through casts, one after the other; `back` leads to the old type again where the cast changes values silently.
    fn by_casts(outcome: Cast, casts: &[&str], back: &[&str]) -> Self {
        let all = |casts: &[&str]| casts.iter().fold("{}".to_owned(), |sql, cast| format!("{sql}::{cast}"));
        Self {
            round_trip: (!back.is_empty()).then(|| same(all(&[casts, back].concat()))),
            ..Self::using(outcome, all(casts))
        }
    }

    fn checked(self, to: &SqlType, back: &SqlType) -> Self {
        Self {
            round_trip: Some(same(format!("{{}}::{}::{}", ddl(to), ddl(back)))),
            ..self
        }
    }
}

/// A value that must come out as it was.
fn same(back: String) -> [String; 2] {
    ["{}".to_owned(), back]
}

const FITS: Cast = Cast::Risky("values that do not fit make it fail");
const READS: Cast = Cast::Risky("values that do not read as the new type make it fail");
const EXACT: Cast = Cast::Risky("values that the new type cannot hold exactly make it fail");

/// How a column of type `from` becomes one of type `to`.
pub(in crate::dialect::postgres) fn conversion(from: &SqlType, to: &SqlType) -> Conversion {
    let conversion = by_types(from, to);
    let round_trip = conversion
        .round_trip
        .clone()
        .or_else(|| unseen::round_trip(from, to, &conversion));
    Conversion {
        round_trip,
        ..conversion
    }
}

fn by_types(from: &SqlType, to: &SqlType) -> Conversion {
    use SqlType as T;
    if from == to || is_elsewhere(from, to) {
        return Conversion::by_assignment(Cast::Safe);
    }
    if let Some(conversion) = natives(from, to) {
        return conversion;
    }
    match (from, to) {
        (T::Array(_), T::Array(_)) => arrays(element(from), element(to), to),
        // The text of a list is that of an array; any other value is its only element.
        (T::Array(_), other) | (other, T::Array(_)) if is_text(other) || matches!(other, T::Native(_)) => by_text(to),
        (_, T::Array(_)) => {
            let (element, array) = (ddl(element(to)), ddl(to));
            Conversion::using(
                READS,
                format!("CASE WHEN {{}} IS NOT NULL THEN ARRAY[{{}}::text::{element}]::{array} END"),
            )
        }
        (T::Array(_), _) => Conversion {
            round_trip: Some(same("CASE WHEN {} IS NOT NULL THEN ARRAY[({})[1]] END".to_owned())),
            ..Conversion::using(EXACT, format!("({{}})[1]::text::{}", ddl(to)))
        },
        _ if is_text(to) => to_text(from, to),
        _ if is_text(from) => from_text(to),
        (T::Int { .. } | T::Float { .. } | T::Decimal(_), T::Int { .. } | T::Float { .. } | T::Decimal(_)) => {
            numbers(from, to)
        }
        (T::Bool, T::Int { bits, .. }) => match bits {
            IntBits::B32 => Conversion::using(Cast::Safe, "{}::integer"),
            _ => Conversion::using(Cast::Safe, format!("{{}}::integer::{}", ddl(to))),
        },
        (T::Bool, T::Float { .. } | T::Decimal(_)) => Conversion::by_casts(Cast::Safe, &["integer", &ddl(to)], &[]),
        (T::Int { .. }, T::Bool) => Conversion::by_casts(EXACT, &["integer", "boolean"], &["integer"]),
        (T::Float { .. } | T::Decimal(_), T::Bool) => {
            Conversion::by_casts(EXACT, &["integer", "boolean"], &["integer", &ddl(from)])
        }
        (T::Json { .. }, T::Json { binary }) => match binary {
            true => Conversion::by_assignment(Cast::Risky(
                "white space and the order of keys are not kept, and a key that an object has twice makes it fail",
            )),
            false => Conversion::by_assignment(Cast::Safe),
        },
        (
            T::Date | T::Time { .. } | T::Timestamp { .. } | T::Interval,
            T::Date | T::Time { .. } | T::Timestamp { .. } | T::Interval,
        ) => times(from, to),
        // The bytes of its text form: a text itself would be read for the digits of bytes.
        (_, T::Bytes) => Conversion::using(READS, "convert_to({}::text, 'UTF8')"),
        (T::Bytes, _) => Conversion::using(READS, format!("convert_from({{}}, 'UTF8')::{}", ddl(to))),
        _ => by_text(to),
    }
}

/// What has casts of its own, while its text form says something else to the other type, or nothing. Which casts there are is
/// what `pg_cast` says.
fn natives(from: &SqlType, to: &SqlType) -> Option<Conversion> {
    use SqlType as T;
    let native = |ty: &SqlType| match ty {
        T::Native(text) => bare_type(text).to_owned(),
        _ => String::new(),
    };
    let is_number = |ty: &SqlType| matches!(ty, T::Int { .. } | T::Float { .. } | T::Decimal(_));
    let (was, is, target) = (native(from), native(to), ddl(to));
    let casts = Conversion::by_casts;
    Some(match (was.as_str(), is.as_str()) {
        ("money", _) if *to == T::Decimal(None) => casts(Cast::Safe, &["numeric"], &[]),
        ("money", _) if is_number(to) => casts(EXACT, &["numeric", &target], &["numeric", "money"]),
        (_, "money") if is_number(from) => casts(EXACT, &["numeric", "money"], &["numeric", &ddl(from)]),
        ("macaddr8", "macaddr") => casts(FITS, &["macaddr"], &[]),
        ("hstore", _) if matches!(to, T::Json { .. }) => casts(Cast::Safe, &[&target], &[]),
        (_, "hstore") if matches!(from, T::Json { .. }) => {
            let convert = "pg_temp.kick_hstore({}::jsonb)".to_owned();
            Conversion {
                round_trip: matches!(from, T::Json { binary: true }).then(|| same(format!("{convert}::jsonb"))),
                // The function that makes one is named like the type, and stands beside it.
                function: Some([
                    format!(
                        "CREATE OR REPLACE FUNCTION pg_temp.kick_hstore(jsonb) RETURNS {target} LANGUAGE sql STRICT AS $$\n  \
                         SELECT coalesce({target}(array_agg(key), array_agg(value)), '') FROM jsonb_each_text($1)\n$$"
                    ),
                    "DROP FUNCTION IF EXISTS pg_temp.kick_hstore(jsonb)".to_owned(),
                ]),
                ..Conversion::using(EXACT, convert)
            }
        }
        // The digits of the one are not those of the other.
        ("bit", _) if matches!(to, T::Int { .. }) => {
            let whole = if matches!(to, T::Int { bits: IntBits::B64, .. }) {
                "bigint"
            } else {
                "integer"
            };
            casts(EXACT, &[whole, &target], &[whole, &ddl(from)])
        }
        (_, "bit") if matches!(from, T::Int { .. }) => {
            let whole = if matches!(from, T::Int { bits: IntBits::B64, .. }) {
                "bigint"
            } else {
                "integer"
            };
            casts(EXACT, &[whole, &target], &[whole])
        }
        ("varbit", _) if matches!(to, T::Int { .. }) => impossible(to),
        (_, "varbit") if matches!(from, T::Int { .. }) => impossible(to),
        // Longer ones are cut, and a time loses its zone, without a word.
        (_, "name" | "\"char\"") if is_text(from) => casts(EXACT, &[&target], &["text"]),
        (_, "\"char\"") if matches!(from, T::Int { .. }) => casts(FITS, &["integer", "\"char\""], &[]),
        ("\"char\"", _) if matches!(to, T::Int { .. }) => casts(Cast::Safe, &["integer", &target], &[]),
        ("timetz", _) if matches!(to, T::Time { .. }) => casts(EXACT, &[&target], &["timetz"]),
        (range, multirange) if multirange == range.replace("range", "multirange") && range.ends_with("range") => {
            casts(Cast::Safe, &[&target], &[])
        }
        (multirange, range) if multirange == range.replace("range", "multirange") && range.ends_with("range") => {
            let merged = "range_merge({})".to_owned();
            Conversion {
                round_trip: Some(same(format!("{merged}::{}", ddl(from)))),
                ..Conversion::using(EXACT, merged)
            }
        }
        _ => return None,
    })
}

fn impossible(to: &SqlType) -> Conversion {
    Conversion {
        outcome: Cast::Impossible,
        ..by_text(to)
    }
}

fn is_text(ty: &SqlType) -> bool {
    match ty {
        SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) => true,
        SqlType::Native(text) => matches!(bare_type(text), "varchar" | "bpchar" | "citext"),
        _ => false,
    }
}

/// Through the type's text form: fails for every value that the new type does not read.
fn by_text(to: &SqlType) -> Conversion {
    Conversion::using(READS, format!("{{}}::text::{}", ddl(to)))
}

/// Every type is assigned to a text by its text form; a length is enforced, save for trailing blanks.
fn to_text(from: &SqlType, to: &SqlType) -> Conversion {
    let length = |ty: &SqlType| match ty {
        SqlType::Varchar(length) | SqlType::Char(length) => Some(length.get()),
        _ => None,
    };
    if *from == SqlType::Bytes {
        return Conversion::using(READS, "convert_from({}, 'UTF8')");
    }
    // What the fixed lengths of their text forms are.
    let longest = match from {
        SqlType::Bool => Some(5),
        SqlType::Uuid => Some(36),
        SqlType::Int { bits, .. } => Some(match bits {
            IntBits::B8 => 4,
            IntBits::B16 => 6,
            IntBits::B32 => 11,
            IntBits::B64 => 20,
        }),
        _ => length(from),
    };
    let outcome = match (to, longest, length(to)) {
        (SqlType::Char(_), ..) if !matches!(from, SqlType::Char(_)) => {
            Cast::Risky("values are padded with blanks, and longer ones make it fail")
        }
        (_, _, None) => Cast::Safe,
        (_, Some(longest), Some(length)) if longest <= length => Cast::Safe,
        _ => Cast::Risky("longer values make it fail"),
    };
    Conversion::by_assignment(outcome)
}

fn from_text(to: &SqlType) -> Conversion {
    match to {
        SqlType::Bytes => Conversion::using(Cast::Safe, "convert_to({}, 'UTF8')"),
        _ => Conversion::using(READS, format!("{{}}::{}", ddl(to))),
    }
}

fn numbers(from: &SqlType, to: &SqlType) -> Conversion {
    use SqlType as T;
    let digits = |bits: &IntBits| match bits {
        IntBits::B8 => 3,
        IntBits::B16 => 5,
        IntBits::B32 => 10,
        IntBits::B64 => 19,
    };
    let plain = Conversion::by_assignment;
    match (from, to) {
        (T::Int { bits: from, .. }, T::Int { bits: to, .. }) if from <= to => plain(Cast::Safe),
        (T::Int { .. }, T::Int { .. }) => plain(FITS),
        (T::Int { .. }, T::Decimal(None)) => plain(Cast::Safe),
        (T::Int { bits, .. }, T::Decimal(Some((precision, scale)))) => {
            plain(if precision.saturating_sub(*scale) >= digits(bits) {
                Cast::Safe
            } else {
                FITS
            })
        }
        // Doubles hold every integer of 53 bits, floats of 24.
        (T::Int { bits, .. }, T::Float { double }) if *bits <= if *double { IntBits::B32 } else { IntBits::B16 } => {
            plain(Cast::Safe)
        }
        (T::Float { double: false }, T::Float { double: true }) | (T::Decimal(_), T::Decimal(None)) => {
            plain(Cast::Safe)
        }
        (T::Decimal(Some((p, s))), T::Decimal(Some((to_p, to_s)))) if to_s >= s => {
            plain(if p.saturating_sub(*s) <= to_p.saturating_sub(*to_s) {
                Cast::Safe
            } else {
                FITS
            })
        }
        _ => plain(EXACT).checked(to, from),
    }
}

/// Between wall clock readings and instants the session's time zone would decide; it is UTC here, whoever runs the migration.
fn times(from: &SqlType, to: &SqlType) -> Conversion {
    use SqlType as T;
    let zoned = |ty: &SqlType| matches!(ty, T::Timestamp { zoned: true, .. });
    let wall = |ty: &SqlType| matches!(ty, T::Timestamp { zoned: false, .. });
    let precision = |ty: &SqlType| match ty {
        T::Time { precision } | T::Timestamp { precision, .. } => precision.unwrap_or(6),
        _ => 6,
    };
    let target = ddl(to);
    let narrower = precision(to) < precision(from);
    let outcome = if narrower { EXACT } else { Cast::Safe };
    match (from, to) {
        (T::Timestamp { .. }, T::Timestamp { .. }) | (T::Time { .. }, T::Time { .. }) => {
            let crosses = zoned(from) != zoned(to);
            let using = crosses.then(|| "{} AT TIME ZONE 'UTC'".to_owned());
            let round_trip = narrower.then(|| match crosses {
                true => same(format!("({{}} AT TIME ZONE 'UTC')::{target} AT TIME ZONE 'UTC'")),
                false => same(format!("{{}}::{target}::{}", ddl(from))),
            });
            Conversion {
                outcome,
                using,
                round_trip,
                function: None,
            }
        }
        (T::Date, to) if wall(to) => Conversion::by_assignment(Cast::Safe),
        (T::Date, to) if zoned(to) => Conversion::using(Cast::Safe, "{}::timestamp AT TIME ZONE 'UTC'"),
        (from, T::Date) if wall(from) => Conversion::by_assignment(EXACT).checked(to, from),
        (from, T::Date) if zoned(from) => Conversion {
            outcome: EXACT,
            using: Some("({} AT TIME ZONE 'UTC')::date".to_owned()),
            round_trip: Some(same(
                "({} AT TIME ZONE 'UTC')::date::timestamp AT TIME ZONE 'UTC'".to_owned(),
            )),
            function: None,
        },
        (T::Time { .. }, T::Interval) => Conversion::by_assignment(Cast::Safe),
        (T::Interval, T::Time { .. }) => Conversion::by_assignment(EXACT).checked(to, from),
        // A time without its date does not say which instant it was.
        _ => Conversion {
            outcome: Cast::Impossible,
            ..by_text(to)
        },
    }
}

fn arrays(from: &SqlType, to: &SqlType, array: &SqlType) -> Conversion {
    let inner = by_types(from, to);
    let using = match &inner.using {
        None => None,
        Some(_) if is_text(from) => Some(format!("{{}}::{}", ddl(array))),
        Some(_) => Some(format!("{{}}::text[]::{}", ddl(array))),
    };
    let round_trip = inner.round_trip.map(|_| {
        same(format!(
            "{{}}::{}::{}",
            ddl(array),
            ddl(&SqlType::Array(Box::new(from.clone())))
        ))
    });
    Conversion {
        outcome: inner.outcome,
        using,
        round_trip,
        function: None,
    }
}
