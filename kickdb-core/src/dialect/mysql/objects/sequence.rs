//! MariaDB's sequences, <https://mariadb.com/kb/en/create-sequence/>.

use std::collections::BTreeMap;

use crate::dialect::mysql::syntax::{literal, table};
use crate::ir::{Object, ObjectId};

/// What a sequence counts.
pub(in crate::dialect::mysql) struct Numbers {
    pub(in crate::dialect::mysql) start: i64,
    pub(in crate::dialect::mysql) increment: i64,
    pub(in crate::dialect::mysql) least: i64,
    pub(in crate::dialect::mysql) most: i64,
    pub(in crate::dialect::mysql) cache: i64,
    pub(in crate::dialect::mysql) cycle: bool,
}

/// The clauses of the statement by their facets, and how each says its value.
const CLAUSES: &[(&str, &str)] = &[
    ("increment", "INCREMENT BY"),
    ("minimum", "MINVALUE"),
    ("maximum", "MAXVALUE"),
    ("start", "START WITH"),
    ("cache", "CACHE"),
];
const CYCLE: &str = "cycle";
const ENGINE: &str = "engine";
const USUAL_ENGINE: &str = "InnoDB";
const COMMENT: &str = "comment";

/// What differs from a sequence of which nothing is said.
pub(in crate::dialect::mysql) fn facets(
    numbers: &Numbers,
    (engine, comment): (Option<String>, Option<String>),
) -> BTreeMap<String, String> {
    let usual = usual(numbers.increment);
    let said = [
        ("increment", numbers.increment),
        ("minimum", numbers.least),
        ("maximum", numbers.most),
        ("start", numbers.start),
        ("cache", numbers.cache),
    ];
    let said = said.into_iter().filter(|(name, value)| {
        let usual = match *name {
            // It starts where it can.
            "start" => {
                if numbers.increment > 0 {
                    numbers.least
                } else {
                    numbers.most
                }
            }
            name => usual[name],
        };
        *value != usual
    });
    let mut facets: BTreeMap<String, String> = said.map(|(name, value)| (name.to_owned(), value.to_string())).collect();
    if numbers.cycle {
        facets.insert(CYCLE.to_owned(), String::new());
    }
    let engine = engine.filter(|engine| !engine.eq_ignore_ascii_case(USUAL_ENGINE));
    let comment = comment.filter(|comment| !comment.is_empty());
    let kept = [(ENGINE, engine), (COMMENT, comment)];
    facets.extend(
        kept.into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?))),
    );
    facets
}

/// The clauses for the table that keeps it, which differ.
fn kept(from: Option<&Object>, to: &Object) -> Vec<String> {
    let changed = |facet: &str| from.and_then(|from| from.facets.get(facet)) != to.facets.get(facet);
    let value = |facet: &str| to.facets.get(facet).map(String::as_str);
    let engine = changed(ENGINE).then(|| format!("ENGINE = {}", value(ENGINE).unwrap_or(USUAL_ENGINE)));
    let comment = changed(COMMENT).then(|| format!("COMMENT = {}", literal(value(COMMENT).unwrap_or_default())));
    engine.into_iter().chain(comment).collect()
}

/// What changes the table that keeps it, where that changes.
pub(super) fn alter_kept(id: &ObjectId, from: &Object, to: &Object) -> Option<String> {
    let clauses = kept(Some(from), to);
    (!clauses.is_empty()).then(|| format!("ALTER TABLE {} {}", table(&id.name), clauses.join(", ")))
}

/// Whether it counts in another way.
pub(super) fn counts_otherwise(from: &Object, to: &Object) -> bool {
    let numbers = |object: &Object| {
        let mut facets = object.facets.clone();
        facets.retain(|facet, _| facet != ENGINE && facet != COMMENT);
        facets
    };
    numbers(from) != numbers(to)
}

fn usual(increment: i64) -> BTreeMap<&'static str, i64> {
    let (least, most) = if increment > 0 {
        (1, i64::MAX - 1)
    } else {
        (i64::MIN + 2, -1)
    };
    [("increment", 1), ("minimum", least), ("maximum", most), ("cache", 1000)].into()
}

pub(super) fn create(id: &ObjectId, object: &Object) -> String {
    let mut sql = format!("CREATE SEQUENCE {}", table(&id.name));
    for (facet, clause) in CLAUSES {
        if let Some(value) = object.facets.get(*facet) {
            sql.push_str(&format!(" {clause} {value}"));
        }
    }
    if object.facets.contains_key(CYCLE) {
        sql.push_str(" CYCLE");
    }
    for clause in kept(None, object) {
        sql.push_str(&format!(" {clause}"));
    }
    sql
}

/// Whether both count in the same direction. One that turns around begins anew: where it stands is out of its new bounds.
pub(super) fn same_direction(from: &Object, to: &Object) -> bool {
    increment(from).signum() == increment(to).signum()
}

fn increment(object: &Object) -> i64 {
    let said = object.facets.get("increment");
    said.and_then(|value| value.parse().ok()).unwrap_or(1)
}

/// The bound that it counts away from.
fn bound(object: &Object) -> i64 {
    let increment = increment(object);
    let facet = if increment > 0 { "minimum" } else { "maximum" };
    let said = object.facets.get(facet).and_then(|value| value.parse().ok());
    said.unwrap_or_else(|| usual(increment)[facet])
}

/// Moves it into its new bounds, which the server does not do, <https://mariadb.com/kb/en/alter-sequence/>. `SETVAL` never
/// goes back, so that no number comes twice.
pub(super) fn moved(id: &ObjectId, from: &Object, to: &Object) -> Option<String> {
    let (old, new) = (bound(from), bound(to));
    let inwards = if increment(to) > 0 { new > old } else { new < old };
    inwards.then(|| format!("DO SETVAL({}, {new}, 0)", table(&id.name)))
}

pub(super) fn alter(id: &ObjectId, from: &Object, to: &Object) -> String {
    let mut sql = format!("ALTER SEQUENCE {}", table(&id.name));
    let increment = increment(to);
    let usual = usual(increment);
    for (facet, clause) in CLAUSES {
        let value = to.facets.get(*facet);
        // What starts where it can moves with its bounds.
        let bound = if increment > 0 { "minimum" } else { "maximum" };
        let moved = *facet == "start" && value.is_none() && from.facets.get(bound) != to.facets.get(bound);
        if from.facets.get(*facet) == value && !moved && from.facets.get("increment") == to.facets.get("increment") {
            continue;
        }
        let value = match (value, *facet) {
            (Some(value), _) => value.clone(),
            (None, "start") => to
                .facets
                .get(bound)
                .cloned()
                .unwrap_or_else(|| usual[bound].to_string()),
            (None, facet) => usual[facet].to_string(),
        };
        sql.push_str(&format!(" {clause} {value}"));
    }
    match (from.facets.contains_key(CYCLE), to.facets.contains_key(CYCLE)) {
        (false, true) => sql.push_str(" CYCLE"),
        (true, false) => sql.push_str(" NOCYCLE"),
        _ => {}
    }
    sql
}
