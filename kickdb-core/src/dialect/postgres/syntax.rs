//! Identifiers, placeholders and literals.

use std::fmt::Write as _;

use super::Postgres;
use super::extension::bare_type;
use super::function::template;
use crate::dialect::{Function, JoinKind, JoinedWrites, JsonStep, KeyList, Lock, Pattern, PerRow, QuerySyntax, ReadAs};
use crate::ident::{Name, Qualified};
use crate::value::{KindId, Value};

/// A collation as statements name it. One outside of the search path has its schema before it, and both their quotes.
pub(super) fn collation(name: &Name) -> String {
    match is_elsewhere(name) {
        true => name.to_string(),
        false => ident(name),
    }
}

/// Whether the name of a collation says its schema.
pub(super) fn is_elsewhere(collation: &Name) -> bool {
    let text = collation.as_str();
    text.len() > 4 && text.starts_with('"') && text.ends_with('"') && text.contains("\".\"")
}

/// The name by which columns say a collation.
pub(super) fn collation_name(of: &Qualified) -> String {
    match &of.schema {
        Some(_) => qualified(of),
        None => of.name.to_string(),
    }
}

impl QuerySyntax for Postgres {
    fn quote_str(&self, name: &str, sql: &mut String) {
        crate::dialect::push_quoted(name, '"', sql);
    }

    /// The server looks into `pg_catalog` first, whose names all start with `pg_`.
    fn home(&self, table: &str) -> Option<&'static str> {
        table.starts_with("pg_").then_some("public")
    }

    fn placeholder(&self, n: usize, sql: &mut String) {
        let _ = write!(sql, "${n}");
    }

    /// Bound as text and cast by its type's name, so that no OID of the enum has to be looked up.
    fn enum_placeholder(&self, n: usize, schema: Option<&str>, name: &str, list: bool, sql: &mut String) {
        self.placeholder(n, sql);
        sql.push_str(if list { "::text[]::" } else { "::text::" });
        if let Some(schema) = schema {
            self.quote_str(schema, sql);
            sql.push('.');
        }
        self.quote_str(name, sql);
        if list {
            sql.push_str("[]");
        }
    }

    /// The server sends a value in the binary form of its type, which for most types is nobody's but its own.
    fn read_as(&self, kind: KindId, ty: &str) -> Option<ReadAs> {
        let bound = match kind {
            KindId::Text => "::text",
            KindId::List(KindId::Text) => "::text[]",
            KindId::Decimal => "::numeric",
            // The extension pgvector casts its types from it and to it.
            KindId::List(KindId::Float32) => "::real[]",
            _ => return None,
        };
        // Of all types, `inet` alone becomes another text by a cast than by its output: `/32` is added.
        let around = match ty.trim().eq_ignore_ascii_case("inet") {
            true => ("abbrev(", ")"),
            false => ("", bound),
        };
        Some(ReadAs { around, bound })
    }

    fn key_list(&self) -> KeyList {
        KeyList::Array
    }

    /// Collations are not deterministic only where that is declared (`CREATE COLLATION`).
    fn has_spellings(&self, ty: Option<&str>, collation: Option<&str>) -> bool {
        ty.is_some_and(|ty| bare_type(ty.trim()).eq_ignore_ascii_case("citext"))
            || collation.is_some_and(|name| !matches!(name, "C" | "POSIX" | "ucs_basic" | "default"))
    }

    fn text_bytes(&self) -> (&'static str, &'static str) {
        ("CAST(", " AS text) COLLATE \"C\"")
    }

    fn per_row(&self) -> PerRow {
        PerRow::Lateral
    }

    fn now(&self, zoned: bool) -> &'static str {
        if zoned { "now()" } else { "(now() AT TIME ZONE 'UTC')" }
    }

    fn function(&self, function: Function) -> Result<&'static str, &'static str> {
        template(function)
    }

    fn cast_type(&self, kind: KindId) -> Option<&'static str> {
        Some(match kind {
            KindId::Bool => "boolean",
            KindId::Int16 => "smallint",
            KindId::Int32 => "integer",
            KindId::Int64 => "bigint",
            KindId::Float32 => "real",
            KindId::Float64 => "double precision",
            KindId::Decimal => "numeric",
            KindId::Text => "text",
            KindId::Bytes => "bytea",
            KindId::Uuid => "uuid",
            KindId::Date => "date",
            KindId::Time => "time",
            KindId::Timestamp => "timestamp",
            KindId::TimestampTz => "timestamptz",
            KindId::Json => "jsonb",
            KindId::Enum | KindId::List(_) => return None,
        })
    }

    fn many(&self, kind: KindId) -> Option<(&'static str, &'static str)> {
        let listed = !matches!(kind, KindId::Json | KindId::List(_));
        listed.then_some(("SELECT unnest(", ")"))
    }

    /// As an array of texts, which `#>` and `#>>` take.
    fn json_path(&self, steps: &[JsonStep]) -> Value {
        Value::List {
            kind: KindId::Text,
            of: None,
            items: steps
                .iter()
                .map(|step| {
                    Value::Text(match step {
                        JsonStep::Key(key) => key.clone(),
                        JsonStep::At(at) => at.to_string(),
                    })
                })
                .collect(),
        }
    }

    fn lock(&self, lock: Lock) -> Option<&'static str> {
        Some(match lock {
            Lock::Update => " FOR UPDATE",
            Lock::Share => " FOR SHARE",
            Lock::SkipLocked => " SKIP LOCKED",
            Lock::NoWait => " NOWAIT",
        })
    }

    fn has_join(&self, _join: JoinKind) -> bool {
        true
    }

    fn joined_writes(&self) -> JoinedWrites {
        JoinedWrites::From
    }

    fn has_distinct_on(&self) -> bool {
        true
    }

    fn pattern(&self, ignore_case: bool) -> Pattern {
        Pattern::Like(if ignore_case { "ILIKE" } else { "LIKE" })
    }
}

/// A quoted identifier.
pub(super) fn ident(name: &Name) -> String {
    let mut sql = String::new();
    Postgres.quote(name, &mut sql);
    sql
}

/// A quoted identifier with its schema.
pub(super) fn qualified(name: &Qualified) -> String {
    let mut sql = String::new();
    Postgres.quote_table(name.schema.as_ref().map(Name::as_str), name.name.as_str(), &mut sql);
    sql
}

/// Quoted identifiers with commas between them.
pub(super) fn idents<'a>(names: impl IntoIterator<Item = &'a Name>) -> String {
    names.into_iter().map(ident).collect::<Vec<_>>().join(", ")
}

/// A text literal. A backslash is an ordinary character here: `standard_conforming_strings` is on since PostgreSQL 9.1.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A `DO` block, quoted by dollars that its body does not hold.
pub(super) fn block(body: &str) -> String {
    let mut tag = "$$".to_owned();
    while body.contains(&tag) {
        tag.insert(tag.len() - 1, 'k');
    }
    format!("DO {tag}\n{body}\n{tag}")
}

/// An identifier as the server prints it: quoted only where it must be.
pub(super) fn bare(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && RESERVED.binary_search(&name).is_err();
    if plain {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// Words that are no column name without quotes: reserved, or usable only as a function or type (PostgreSQL 18, appendix C).
const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "merge_action",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_quoted_by_what_it_does_not_hold() {
        assert_eq!(block("a"), "DO $$\na\n$$");
        assert_eq!(block("a$$b"), "DO $k$\na$$b\n$k$");
    }

    #[test]
    fn quotes_inside_are_doubled() {
        let name = Name::new("we\"ird").expect("it is a name");
        assert_eq!(ident(&name), "\"we\"\"ird\"");
        assert_eq!(literal("it's \\ fine"), "'it''s \\ fine'");
    }

    #[test]
    fn bare_names_are_quoted_where_they_must_be() {
        assert!(RESERVED.is_sorted());
        assert_eq!(bare("title"), "title");
        assert_eq!(bare("order"), "\"order\"");
        assert_eq!(bare("Title"), "\"Title\"");
        assert_eq!(bare("größe"), "\"größe\"");
    }
}
