//! What the server loses without an error when a column takes another type, strict or not.
//!
//! `MODIFY COLUMN` assigns each value to the new type. In strict mode what does not fit makes it fail as a whole, but digits
//! behind the point and times of a day are rounded away with a mere note, spaces and zeros are taken off or filled up, a
//! time of day gets a date, and members of an enum become their numbers. All of this was tried on a server, each type to each.

use super::class::{Class, of};
use crate::dialect::mysql::syntax::literal;
use crate::ir::SqlType;

/// A condition that holds for the values of a column, under its name `x`, that stay what they are when it takes the new
/// type; `None` where all of them do, or where the server refuses the others by itself.
pub(in crate::dialect::mysql) fn condition(from: &SqlType, to: &SqlType, x: &str) -> Option<String> {
    use Class as C;
    let spelled = match to {
        SqlType::Native(spelled) => &**spelled,
        _ => "",
    };
    let (from, to) = (of(from), of(to));
    if from == to {
        return None;
    }
    match to {
        C::Whole { .. } | C::Bits(_) => match from {
            C::Decimal { scale: 1.., .. } | C::Float { .. } => Some(format!("{x} = round({x}, 0)")),
            C::Text { .. } | C::Json if !matches!(to, C::Bits(_)) => Some(written_as_a_number(x)),
            _ => in_whole_seconds(&from, x),
        },
        C::Decimal { scale, .. } => decimal(&from, scale, x),
        C::Float { double, digits, .. } => float(&from, double, digits, x),
        C::Date => date(&from, x),
        C::Moment { digits, .. } => moment(&from, digits, x),
        C::Time { digits } => time(&from, digits, x),
        C::Year => year(&from, x),
        C::Text { fixed, .. } => text(&from, fixed, x),
        C::Json => text(&from, false, x),
        C::Bytes { most, fixed: true } => match from {
            C::Address { bytes } if bytes == most => None,
            C::Address { .. } => Some(format!("{x} is null")),
            _ => Some(format!("octet_length({x}) = {most}")),
        },
        C::Bytes { .. } => text(&from, false, x),
        C::Members { values, set } => members(&from, (&values, set), x),
        C::Address { .. } => address(&from, spelled, x),
        C::Geometry { .. } | C::Other => None,
    }
}

/// A type to pass through on the way: the server would take the numbers of an enum's members, or the bytes of bits, where
/// their text is meant.
pub(in crate::dialect::mysql) fn through(from: &SqlType, to: &SqlType) -> Option<SqlType> {
    use Class as C;
    let number = |class: &Class| {
        matches!(
            class,
            C::Whole { .. } | C::Decimal { .. } | C::Float { .. } | C::Bits(_) | C::Year | C::Time { .. }
        )
    };
    let through_text = match (of(from), of(to)) {
        (C::Members { .. }, to) => number(&to),
        (from, C::Members { .. }) => number(&from),
        (C::Bits(_), C::Text { .. } | C::Bytes { .. }) => true,
        (C::Address { .. }, C::Address { .. }) => from != to,
        _ => false,
    };
    if is_refused(&of(from), &of(to)) {
        return Some(SqlType::Native("varbinary(255)".into()));
    }
    let long = std::num::NonZeroU32::new(255).expect("255 is not zero");
    through_text.then_some(SqlType::Varchar(long))
}

/// Whether the server refuses to modify the one into the other even where no row holds a value: addresses and places
/// are neither numbers nor times, nor each other (error 4078, 10.11).
pub(super) fn is_refused(from: &Class, to: &Class) -> bool {
    use Class as C;
    let counts = |class: &Class| {
        matches!(
            class,
            C::Whole { .. }
                | C::Decimal { .. }
                | C::Float { .. }
                | C::Bits(_)
                | C::Year
                | C::Date
                | C::Time { .. }
                | C::Moment { .. }
        )
    };
    match (from, to) {
        (C::Address { .. }, C::Geometry { .. }) | (C::Geometry { .. }, C::Address { .. }) => true,
        (C::Address { .. } | C::Geometry { .. }, other) | (other, C::Address { .. } | C::Geometry { .. }) => {
            counts(other)
        }
        _ => false,
    }
}

/// What becomes of the text that a value has on the way, under its name `x`: an address of four bytes is another text as one
/// of sixteen, and the server assigns none to the other.
pub(in crate::dialect::mysql) fn rewritten(from: &SqlType, to: &SqlType, x: &str) -> Option<String> {
    const MAPPED: &str = "::ffff:";
    match (of(from), of(to)) {
        (Class::Address { bytes: 4 }, Class::Address { bytes: 16 }) => Some(format!("concat('{MAPPED}', {x})")),
        (Class::Address { bytes: 16 }, Class::Address { bytes: 4 }) => Some(format!(
            "if({x} like '{MAPPED}%.%', substr({x}, {}), {x})",
            MAPPED.len() + 1
        )),
        _ => None,
    }
}

fn in_whole_seconds(from: &Class, x: &str) -> Option<String> {
    match from {
        Class::Time { digits: 1.. } | Class::Moment { digits: 1.., .. } => Some(format!("microsecond({x}) = 0")),
        _ => None,
    }
}

fn decimal(from: &Class, scale: u16, x: &str) -> Option<String> {
    match from {
        Class::Decimal { scale: had, .. } if *had > scale => Some(format!("{x} = round({x}, {scale})")),
        // What it holds is the nearest to the digits that are meant, and so is what they come back as.
        Class::Float { double: false, .. } => Some(format!("{x} = cast(round({x}, {scale}) as float)")),
        Class::Float { .. } => Some(format!("{x} = round({x}, {scale})")),
        Class::Text { .. } | Class::Json => {
            let exact = format!("cast({x} as decimal(65, 30))");
            let written = written_as_a_number(x);
            Some(format!("{exact} = round({exact}, {scale}) and {written}"))
        }
        Class::Time { digits } | Class::Moment { digits, .. } if u16::from(*digits) > scale => {
            in_whole_seconds(from, x)
        }
        _ => None,
    }
}

fn float(from: &Class, double: bool, digits: Option<u16>, x: &str) -> Option<String> {
    if matches!(from, Class::Text { .. } | Class::Json) {
        return Some(digits_kept(double, digits, x));
    }
    let rounded = digits.filter(|digits| match from {
        Class::Whole { .. } | Class::Bits(_) | Class::Year => false,
        Class::Float { digits: Some(had), .. } => had > digits,
        _ => true,
    });
    let rounded = rounded.map(|digits| format!("{x} = round({x}, {digits})"));
    let kept = digits_of_numbers(from, double, x);
    let conditions = rounded.into_iter().chain(kept).collect::<Vec<_>>();
    (!conditions.is_empty()).then(|| conditions.join(" and "))
}

/// A number that comes back from a float as it is.
fn digits_of_numbers(from: &Class, double: bool, x: &str) -> Option<String> {
    match from {
        Class::Whole { bytes, .. } if *bytes > if double { 4 } else { 2 } => {
            let back = if double { "double" } else { "float" };
            Some(format!("{x} = cast(cast({x} as {back}) as decimal(20, 0))"))
        }
        Class::Decimal { precision, scale, .. } => {
            let back = if double { "double" } else { "float" };
            Some(format!(
                "{x} = cast(cast({x} as {back}) as decimal({precision}, {scale}))"
            ))
        }
        Class::Float { double: true, .. } if !double => Some(format!("{x} = cast({x} as float)")),
        // Fourteen digits are those of the second.
        Class::Moment { digits: 1.., .. } => Some(number_kept(x, double)),
        Class::Date | Class::Time { .. } | Class::Moment { .. } if !double => Some(number_kept(x, double)),
        _ => None,
    }
}

/// A text whose number comes back from a float. One of single precision is written with six digits, unless its type says how
/// many there are behind the point.
fn digits_kept(double: bool, digits: Option<u16>, x: &str) -> String {
    let held = match (double, digits) {
        (true, _) => format!("cast({x} as double)"),
        (false, Some(_)) => format!("cast({x} as float)"),
        (false, None) => format!("cast(cast({x} as float) as char)"),
    };
    format!(
        "{} and cast({x} as decimal(65, 30)) = cast({held} as decimal(65, {}))",
        written_as_a_number(x),
        digits.unwrap_or(30)
    )
}

/// The number that a date or time is written as comes back from a float.
fn number_kept(x: &str, double: bool) -> String {
    let (number, back) = (
        format!("cast({x} as decimal(20, 6))"),
        if double { "double" } else { "float" },
    );
    format!("{number} = cast(cast({number} as {back}) as decimal(20, 6))")
}

/// A text that comes back from a number as it is: `007`, ` 7` and `+7` would not.
fn written_as_a_number(x: &str) -> String {
    format!("{x} regexp '^-?(0|[1-9][0-9]*)([.][0-9]+)?$'")
}

/// A text that is no member but a number is taken for the place of one, or for the sum of several. Any other one is taken for the member
/// that the collation takes it for: `'A'`, `'a '` and `'á'` for `'a'`.
fn members(from: &Class, (values, set): (&[String], bool), x: &str) -> Option<String> {
    // A check takes texts for ones of the table's character set, which may not know all of them (error 1918), unless they say theirs.
    let wide = |x: &str| format!("convert({x} using utf8mb4)");
    let is_number = |value: &String| !value.is_empty() && value.trim().bytes().all(|byte| byte.is_ascii_digit());
    let literals = values.iter().map(|value| format!("_utf8mb4{}", literal(value)));
    let literals = literals.collect::<Vec<_>>().join(", ");
    // Bytes are not compared by a collation. In a check, bytes and the letters of a text are never alike, so that they are given as bytes.
    let is_one = || {
        let bytes = values.iter().map(|value| match value.is_ascii() {
            true => literal(value),
            false => format!(
                "x'{}'",
                value.bytes().map(|byte| format!("{byte:02x}")).collect::<String>()
            ),
        });
        let bytes = bytes.collect::<Vec<_>>().join(", ");
        Some(format!("cast({} as binary) in ({bytes})", wide(x)))
    };
    let text = match from {
        Class::Members { values: had, .. } => {
            let gone = had.iter().filter(|value| !values.contains(value));
            let (number, other) = gone.partition::<Vec<_>, _>(|value| is_number(value));
            let alike = |gone: &&&String| values.iter().any(|value| alike(value, gone));
            if !set && other.iter().any(|gone| alike(&gone)) {
                return is_one();
            }
            (!number.is_empty()).then(|| wide(x))?
        }
        Class::Bits(_) => wide(&format!("{x} + 0")),
        Class::Text { .. } | Class::Bytes { .. } if !set => return is_one(),
        Class::Whole { .. } | Class::Decimal { .. } | Class::Float { .. } | Class::Year | Class::Text { .. } => wide(x),
        _ => return None,
    };
    Some(format!(
        "{text} not regexp '^[[:space:]]*[+-]?[0-9]+[[:space:]]*$' or {text} in ({literals})"
    ))
}

/// Whether a collation may take the one for the other: letters and case are no matter to most, nor are spaces at the end.
fn alike(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.trim_end().to_lowercase();
    !one.is_ascii() || !other.is_ascii() || plain(one) == plain(other)
}

/// A number that is read as a date or time, and comes back from it.
fn read_as(from: &Class, ty: &str, x: &str) -> Option<String> {
    let number = match from {
        Class::Bits(_) => format!("({x} + 0)"),
        Class::Whole { .. } | Class::Decimal { .. } | Class::Float { .. } => x.to_owned(),
        _ => return None,
    };
    Some(format!("cast(cast({number} as {ty}) as decimal(20, 6)) = {number}"))
}

fn date(from: &Class, x: &str) -> Option<String> {
    match from {
        Class::Moment { .. } => Some(format!("{x} = cast({x} as date)")),
        Class::Time { .. } => Some(format!("{x} is null")),
        Class::Text { .. } | Class::Json => Some(format!(
            "cast({x} as datetime(6)) = cast({x} as date) and dayofmonth({x}) > 0"
        )),
        _ => read_as(from, "date", x),
    }
}

fn moment(from: &Class, digits: u8, x: &str) -> Option<String> {
    let unit = unit(digits);
    match from {
        Class::Moment { digits: had, .. } if *had > digits => Some(format!("microsecond({x}) MOD {unit} = 0")),
        Class::Time { .. } => Some(format!("{x} is null")),
        Class::Text { .. } | Class::Json => Some(format!(
            "microsecond(cast({x} as datetime(6))) MOD {unit} = 0 and dayofmonth({x}) > 0"
        )),
        _ => read_as(from, &format!("datetime({digits})"), x),
    }
}

fn time(from: &Class, digits: u8, x: &str) -> Option<String> {
    let unit = unit(digits);
    match from {
        Class::Time { digits: had } if *had > digits => Some(format!("microsecond({x}) MOD {unit} = 0")),
        Class::Date | Class::Moment { .. } => Some(format!("{x} is null")),
        Class::Text { .. } | Class::Json | Class::Members { .. } => Some(format!(
            "{x} regexp '^-?[0-9]{{1,3}}:[0-9]{{2}}(:[0-9]{{2}}([.][0-9]{{0,{digits}}}0*)?)?$'"
        )),
        Class::Whole { .. } | Class::Decimal { .. } | Class::Float { .. } | Class::Bits(_) | Class::Year => {
            Some(format!("cast(cast({x} as time({digits})) as decimal(20, 6)) = {x}"))
        }
        _ => None,
    }
}

/// The microseconds that the last of so many digits is worth.
fn unit(digits: u8) -> u32 {
    10_u32.pow(6 - u32::from(digits.min(6)))
}

/// A number of two digits becomes a year of this century or the last one.
fn year(from: &Class, x: &str) -> Option<String> {
    match from {
        Class::Whole { .. } | Class::Bits(_) => Some(format!("{x} = 0 or {x} >= 1901")),
        Class::Decimal { .. } | Class::Float { .. } => {
            Some(format!("{x} = round({x}, 0) and ({x} = 0 or {x} >= 1901)"))
        }
        Class::Text { .. } | Class::Json | Class::Members { .. } => Some(format!("{x} regexp '^[0-9]{{4}}$'")),
        _ => None,
    }
}

fn text(from: &Class, fixed: bool, x: &str) -> Option<String> {
    match from {
        // Six digits are written.
        Class::Float {
            double: false,
            digits: None,
            ..
        } => Some(format!("{x} = cast(cast({x} as char) as float)")),
        Class::Text { fixed: false, .. } | Class::Json | Class::Bytes { .. } if fixed => {
            // Compared with `=`, spaces at the end do not count.
            Some(format!("char_length({x}) = char_length(rtrim({x}))"))
        }
        _ => None,
    }
}

/// A text that the address is written as: `A` comes back as `a`, and zeros that need not be there do not.
fn address(from: &Class, ty: &str, x: &str) -> Option<String> {
    match from {
        Class::Text { .. } | Class::Json => Some(format!(
            "convert({x} using utf8mb4) collate utf8mb4_nopad_bin = cast(cast({x} as {ty}) as char)"
        )),
        _ => None,
    }
}
