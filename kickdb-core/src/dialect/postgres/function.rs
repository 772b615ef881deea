//! Functions of queries.

use crate::dialect::Function;

pub(super) fn template(function: Function) -> Result<&'static str, &'static str> {
    use Function as F;
    Ok(match function {
        F::Lower => "lower({0})",
        F::Upper => "upper({0})",
        F::CharLength => "CAST(char_length({0}) AS bigint)",
        F::Trim => "btrim({0})",
        F::TrimStart => "ltrim({0})",
        F::TrimEnd => "rtrim({0})",
        F::Concat => "({0} || {1})",
        // The positions are of 4 bytes.
        F::Substring => "substr({0}, CAST({1} AS integer), CAST({2} AS integer))",
        F::Replace => "replace({0}, {1}, {2})",
        F::Position => "CAST(strpos({0}, {1}) AS bigint)",
        F::Abs => "abs({0})",
        F::Negate => "(- {0})",
        F::Round => "round({0})",
        F::Floor => "floor({0})",
        F::Ceil => "ceil({0})",
        F::DivideWhole | F::Divide => "({0} / nullif({1}, 0))",
        F::Remainder => "({0} % nullif({1}, 0))",
        F::Coalesce => "coalesce({0}, {1})",
        F::NullIf => "nullif({0}, {1})",
        F::Utc | F::FromUtc => "({0} AT TIME ZONE 'UTC')",
        F::Year => "CAST(extract(year FROM {0}) AS integer)",
        F::Month => "CAST(extract(month FROM {0}) AS integer)",
        F::Day => "CAST(extract(day FROM {0}) AS integer)",
        F::Hour => "CAST(extract(hour FROM {0}) AS integer)",
        F::Minute => "CAST(extract(minute FROM {0}) AS integer)",
        // A cast rounds.
        F::Second => "CAST(floor(extract(second FROM {0})) AS integer)",
        F::Weekday => "CAST(extract(dow FROM {0}) AS integer)",
        F::DateOf => "CAST({0} AS date)",
        F::StartOfYear => "date_trunc('year', {0})",
        F::StartOfMonth => "date_trunc('month', {0})",
        F::StartOfDay => "date_trunc('day', {0})",
        F::StartOfHour => "date_trunc('hour', {0})",
        F::AddSeconds => "({0} + make_interval(secs => {1}))",
        F::SecondsBetween => "CAST(extract(epoch FROM {0} - {1}) AS double precision)",
        F::JsonText => "({0} #>> {1})",
        F::JsonPart => "({0} #> {1})",
        F::JsonHas => "(({0} #> {1}) IS NOT NULL)",
        F::JsonContains => "({0} @> {1})",
        F::ListHas | F::ListHasText => "({1} = ANY({0}))",
        F::ListHasAll | F::ListHasAllText => "({0} @> {1})",
        F::ListOverlaps | F::ListOverlapsText => "({0} && {1})",
        F::ListLength => "CAST(cardinality({0}) AS bigint)",
        F::Search => "(to_tsvector({0}) @@ plainto_tsquery({1}))",
        // Of the extension pgvector, whose indexes serve an order by what is written exactly so.
        F::DistanceL2 => "({0} <-> {1})",
        F::DistanceL1 => "({0} <+> {1})",
        F::DistanceCosine => "({0} <=> {1})",
        F::NegativeInnerProduct => "({0} <#> {1})",
        F::ListOfGroup => "array_agg({0})",
        F::TextOfGroup => "string_agg({0}, {1})",
    })
}
