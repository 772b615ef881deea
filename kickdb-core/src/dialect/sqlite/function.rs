//! Functions of queries.

use crate::dialect::Function;

pub(super) fn template(function: Function) -> Result<&'static str, &'static str> {
    use Function as F;
    Ok(match function {
        F::Lower => "lower({0})",
        F::Upper => "upper({0})",
        F::CharLength => "length({0})",
        F::Trim => "trim({0})",
        F::TrimStart => "ltrim({0})",
        F::TrimEnd => "rtrim({0})",
        F::Concat => "({0} || {1})",
        F::Substring => "substr({0}, {1}, {2})",
        F::Replace => "replace({0}, {1}, {2})",
        F::Position => "instr({0}, {1})",
        F::Abs => "abs({0})",
        F::Negate => "(- {0})",
        F::Round => "round({0})",
        // `floor` and `ceil` are only there where SQLite was compiled with its mathematical functions.
        F::Floor => "(CAST({0} AS integer) - ({0} < CAST({0} AS integer)) + 0.0)",
        F::Ceil => "(CAST({0} AS integer) + ({0} > CAST({0} AS integer)) + 0.0)",
        F::DivideWhole | F::Divide => "({0} / nullif({1}, 0))",
        F::Remainder => "({0} % nullif({1}, 0))",
        F::Coalesce => "coalesce({0}, {1})",
        F::NullIf => "nullif({0}, {1})",
        // Dates are kept in UTC.
        F::Utc | F::FromUtc => "{0}",
        F::Year => "CAST(strftime('%Y', {0}) AS integer)",
        F::Month => "CAST(strftime('%m', {0}) AS integer)",
        F::Day => "CAST(strftime('%d', {0}) AS integer)",
        F::Hour => "CAST(strftime('%H', {0}) AS integer)",
        F::Minute => "CAST(strftime('%M', {0}) AS integer)",
        F::Second => "CAST(strftime('%S', {0}) AS integer)",
        F::Weekday => "CAST(strftime('%w', {0}) AS integer)",
        F::DateOf => "date({0})",
        F::StartOfYear => "strftime('%Y-01-01 00:00:00', {0})",
        F::StartOfMonth => "strftime('%Y-%m-01 00:00:00', {0})",
        F::StartOfDay => "strftime('%Y-%m-%d 00:00:00', {0})",
        F::StartOfHour => "strftime('%Y-%m-%d %H:00:00', {0})",
        // The form of `value::Instant` has no zeros at the end of its fraction.
        F::AddSeconds => "rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f', {0}, printf('%+.3f seconds', {1})), '0'), '.')",
        F::SecondsBetween => "((julianday({0}) - julianday({1})) * 86400.0)",
        F::JsonText => {
            "(CASE json_type({0}, {1}) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(json_extract({0}, {1}) AS text) END)"
        }
        F::JsonPart => "({0} -> {1})",
        F::JsonHas => "(json_type({0}, {1}) IS NOT NULL)",
        F::JsonContains => {
            return Err("ask for single values: `column.json_text(path).eq(…)`, or `.json_has(path)`");
        }
        F::ListHas | F::ListHasText => "EXISTS (SELECT 1 FROM json_each({0}) WHERE value = {1})",
        F::ListHasAll | F::ListHasAllText => {
            "NOT EXISTS (SELECT 1 FROM json_each({1}) WHERE value NOT IN (SELECT value FROM json_each({0})))"
        }
        F::ListOverlaps | F::ListOverlapsText => {
            "EXISTS (SELECT 1 FROM json_each({0}) WHERE value IN (SELECT value FROM json_each({1})))"
        }
        F::ListLength => "json_array_length({0})",
        // A column of an FTS5 table.
        F::Search => "({0} MATCH {1})",
        F::DistanceL2 | F::DistanceL1 | F::DistanceCosine | F::NegativeInnerProduct => {
            return Err(
                "keep vectors on PostgreSQL with the extension pgvector, or read the rows and compute it in Rust",
            );
        }
        F::ListOfGroup => "json_group_array({0})",
        F::TextOfGroup => "group_concat({0}, {1})",
    })
}
