//! Whatever is defined by its SQL: one query for all the kinds of which there is anything.

use std::collections::BTreeMap;

use super::{Read, parse, wrong};

/// Of which kinds there is anything.
pub(super) const KINDS: &str = include_str!("objects/kinds.sql");

const COMMON: &str = include_str!("objects/common.sql");

/// By the names that [`KINDS`] gives them.
const PARTS: &[(&str, &str)] = &[
    ("access_methods", include_str!("objects/access_methods.sql")),
    ("casts", include_str!("objects/casts.sql")),
    ("collations", include_str!("objects/collations.sql")),
    ("conversions", include_str!("objects/conversions.sql")),
    ("domains", include_str!("objects/domains.sql")),
    ("event_triggers", include_str!("objects/event_triggers.sql")),
    ("extensions", include_str!("objects/extensions.sql")),
    ("foreign", include_str!("objects/foreign.sql")),
    ("languages", include_str!("objects/languages.sql")),
    ("operators", include_str!("objects/operators.sql")),
    ("policies", include_str!("objects/policies.sql")),
    ("publications", include_str!("objects/publications.sql")),
    ("routines", include_str!("objects/routines.sql")),
    ("rules", include_str!("objects/rules.sql")),
    ("schemas", include_str!("objects/schemas.sql")),
    ("sequences", include_str!("objects/sequences.sql")),
    ("statistics", include_str!("objects/statistics.sql")),
    ("text_search", include_str!("objects/text_search.sql")),
    ("triggers", include_str!("objects/triggers.sql")),
    ("types", include_str!("objects/types.sql")),
    ("views", include_str!("objects/views.sql")),
];

const ROWS: &str = "\n)
SELECT coalesce(json_agg(json_build_object(
  'kind', o.kind, 'schema', o.schema, 'name', o.name, 'on_schema', o.on_schema, 'on_name', o.on_name,
  'signature', o.signature, 'sql', o.sql, 'facets', o.facets, 'comment', o.comment)), '[]')::text
FROM objects o";

/// The query for what there is, if there is anything.
pub(super) fn query(kinds: &str) -> Read<Option<String>> {
    let kinds: BTreeMap<String, bool> = parse(kinds, "kinds of objects")?;
    let mut parts = Vec::new();
    for (kind, sql) in PARTS {
        match kinds.get(*kind) {
            Some(true) => parts.push(*sql),
            Some(false) => {}
            None => return Err(wrong(format!("whether there are any {kind} is not said"))),
        }
    }
    if parts.is_empty() {
        return Ok(None);
    }
    let parts = parts.join("\nUNION ALL\n");
    Ok(Some(format!("{COMMON}\nUNION ALL\n{parts}{ROWS}")))
}

#[cfg(test)]
mod tests {
    use super::{COMMON, KINDS, PARTS, query};

    fn kinds(present: &[&str]) -> String {
        let kinds = PARTS.iter().map(|(kind, _)| (*kind, present.contains(kind)));
        serde_json::to_string(&kinds.collect::<std::collections::BTreeMap<_, _>>()).unwrap()
    }

    #[test]
    fn only_what_there_is_is_asked_for() {
        assert_eq!(query(&kinds(&[])).unwrap(), None);
        let sql = query(&kinds(&["views", "rules"])).unwrap().unwrap();
        assert!(
            sql.contains("pg_get_viewdef") && sql.contains("pg_get_ruledef") && !sql.contains("pg_operator"),
            "{sql}"
        );
    }

    #[test]
    fn what_extensions_own_is_looked_up_and_not_walked_through() {
        for (kind, sql) in PARTS.iter().chain([&("common", COMMON)]) {
            assert!(!sql.contains("EXISTS (SELECT FROM members"), "{kind}");
        }
    }

    #[test]
    fn every_kind_is_looked_for() {
        for (kind, _) in PARTS {
            assert!(KINDS.contains(&format!("'{kind}', EXISTS")), "{kind}");
        }
        assert!(query(r#"{"views": true}"#).is_err());
    }
}
