//! The plainest value of a type.

use super::class::{Class, of};
use crate::ir::{Expr, SqlType};

/// For rows that are there when a column comes that must have a value: as a default of a column of that type, in normal
/// form. `None` where a type has no value that stands out.
pub(super) fn value(ty: &SqlType) -> Option<Expr> {
    use Class as C;
    let text = |text: &str| Some(Expr::Text(text.to_owned()));
    let fraction = |digits: u8| match digits {
        0 => String::new(),
        digits => format!(".{}", "0".repeat(digits.into())),
    };
    match of(ty) {
        _ if *ty == SqlType::Bool => Some(Expr::Bool(false)),
        C::Whole { .. } | C::Float { .. } => Some(Expr::Int(0)),
        C::Decimal { scale: 0, .. } => Some(Expr::Int(0)),
        C::Decimal { scale, .. } => Some(Expr::Sql(format!("0.{}", "0".repeat(scale.into())))),
        C::Bits(_) => Some(Expr::Sql("b'0'".to_owned())),
        C::Text { .. } | C::Bytes { .. } | C::Members { set: true, .. } => text(""),
        C::Members { set: false, values } => values.first().and_then(|first| text(first)),
        C::Json => text("{}"),
        C::Date => text("1970-01-01"),
        C::Time { digits } => text(&format!("00:00:00{}", fraction(digits))),
        // A `timestamp` begins with the first second of 1970 in UTC, whatever the session's time zone is.
        C::Moment { digits, .. } => text(&format!("1970-01-02 00:00:00{}", fraction(digits))),
        C::Year => Some(Expr::Int(1970)),
        C::Address { bytes: 4 } => text("0.0.0.0"),
        C::Address { .. } if *ty == SqlType::Native("uuid".into()) => text("00000000-0000-0000-0000-000000000000"),
        C::Address { .. } => text("::"),
        C::Geometry { .. } => place(ty),
        C::Other => None,
    }
}

/// The origin, as the kind of place that a column takes.
fn place(ty: &SqlType) -> Option<Expr> {
    let SqlType::Native(kind) = ty else { return None };
    let shape = match &**kind {
        "geometry" | "point" => return Some(Expr::Sql("point(0,0)".to_owned())),
        "linestring" => "(0 0,0 0)",
        "polygon" => "((0 0,0 0,0 0,0 0))",
        "multipoint" => "(0 0)",
        "multilinestring" => "((0 0,0 0))",
        "multipolygon" => "(((0 0,0 0,0 0,0 0)))",
        "geometrycollection" => "(point(0 0))",
        _ => return None,
    };
    Some(Expr::Sql(format!("st_geomfromtext('{kind}{shape}')")))
}
