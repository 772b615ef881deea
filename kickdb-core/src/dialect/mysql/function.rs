//! Functions of queries.

use crate::dialect::Function;

/// The texts of a JSON array as rows, without their escapes.
macro_rules! texts {
    ($list:literal) => {
        concat!(
            "json_table(",
            $list,
            ", '$[*]' COLUMNS (v longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$'))"
        )
    };
}

pub(super) fn template(function: Function) -> Result<&'static str, &'static str> {
    use Function as F;
    Ok(match function {
        F::Lower => "lower({0})",
        F::Upper => "upper({0})",
        F::CharLength => "char_length({0})",
        F::Trim => "trim({0})",
        F::TrimStart => "ltrim({0})",
        F::TrimEnd => "rtrim({0})",
        F::Concat => "concat({0}, {1})",
        F::Substring => "substring({0}, {1}, {2})",
        F::Replace => "replace({0}, {1}, {2})",
        // Upper and lower case differ, as in the other engines.
        F::Position => "locate({1}, CONVERT({0} USING utf8mb4) COLLATE utf8mb4_bin)",
        F::Abs => "abs({0})",
        F::Negate => "(- {0})",
        F::Round => "round({0})",
        F::Floor => "floor({0})",
        F::Ceil => "ceiling({0})",
        F::DivideWhole => "({0} DIV nullif({1}, 0))",
        F::Divide => "({0} / nullif({1}, 0))",
        F::Remainder => "({0} % nullif({1}, 0))",
        F::Coalesce => "coalesce({0}, {1})",
        F::NullIf => "nullif({0}, {1})",
        // Dates are kept in UTC.
        F::Utc | F::FromUtc => "{0}",
        F::Year => "year({0})",
        F::Month => "month({0})",
        F::Day => "day({0})",
        F::Hour => "hour({0})",
        F::Minute => "minute({0})",
        F::Second => "second({0})",
        F::Weekday => "(dayofweek({0}) - 1)",
        F::DateOf => "date({0})",
        F::StartOfYear => "CAST(date_format({0}, '%Y-01-01 00:00:00') AS datetime(6))",
        F::StartOfMonth => "CAST(date_format({0}, '%Y-%m-01 00:00:00') AS datetime(6))",
        F::StartOfDay => "CAST(date_format({0}, '%Y-%m-%d 00:00:00') AS datetime(6))",
        F::StartOfHour => "CAST(date_format({0}, '%Y-%m-%d %H:00:00') AS datetime(6))",
        F::AddSeconds => "(CAST({0} AS datetime(6)) + INTERVAL {1} SECOND)",
        F::SecondsBetween => "(timestampdiff(microsecond, {1}, {0}) / 1e6)",
        F::JsonText => {
            "(CASE json_type(json_extract({0}, {1})) WHEN 'NULL' THEN NULL ELSE json_unquote(json_extract({0}, {1})) END)"
        }
        F::JsonPart => "json_extract({0}, {1})",
        F::JsonHas => "json_contains_path({0}, 'one', {1})",
        F::JsonContains => "json_contains({0}, {1})",
        F::ListHas => "json_contains({0}, json_array({1}))",
        F::ListHasAll => "json_contains({0}, {1})",
        F::ListOverlaps => "json_overlaps({0}, {1})",
        // MariaDB compares texts of JSON as they are written, and the same text may be written with other escapes.
        F::ListHasText => concat!(
            "if({0} IS NULL, NULL, EXISTS (SELECT 1 FROM ",
            texts!("{0}"),
            " AS kick_h WHERE kick_h.v = {1}))"
        ),
        F::ListHasAllText => concat!(
            "if({0} IS NULL, NULL, NOT EXISTS (SELECT 1 FROM ",
            texts!("{1}"),
            " AS kick_n WHERE NOT EXISTS (SELECT 1 FROM ",
            texts!("{0}"),
            " AS kick_h WHERE kick_h.v = kick_n.v)))"
        ),
        F::ListOverlapsText => concat!(
            "if({0} IS NULL, NULL, EXISTS (SELECT 1 FROM ",
            texts!("{1}"),
            " AS kick_n WHERE EXISTS (SELECT 1 FROM ",
            texts!("{0}"),
            " AS kick_h WHERE kick_h.v = kick_n.v)))"
        ),
        F::ListLength => "json_length({0})",
        F::Search => "MATCH ({0}) AGAINST ({1} IN BOOLEAN MODE)",
        F::DistanceL2 | F::DistanceL1 | F::DistanceCosine | F::NegativeInnerProduct => {
            return Err(
                "keep vectors on PostgreSQL with the extension pgvector; the functions of MariaDB 11.7 and newer are a `fragment`: `vec_distance_euclidean({}, vec_fromtext({}))`",
            );
        }
        F::ListOfGroup => "json_arrayagg({0})",
        F::TextOfGroup => {
            return Err("the text between is no value there; read the texts with `list_of(…)` and join them in Rust");
        }
    })
}
