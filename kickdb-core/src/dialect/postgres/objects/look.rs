//! What the planner, the disk and `CLUSTER` are told of statistics, of an index, or of the columns of a materialized view.

use super::amend::{Amended, facet};
use super::define::{keyword, named, quoted};
use super::facets;
use crate::dialect::head::Head;
use crate::dialect::postgres::syntax::{ident, qualified};
use crate::ir::{Object, ObjectId, ObjectKind, Schema};
use crate::plan::Steps;

/// Says it anew, where it differs.
pub(super) fn look(id: &ObjectId, from: &Object, to: &Object, out: &mut Steps) {
    let (before, after) = (
        facets::get(from, facets::STATISTICS),
        facets::get(to, facets::STATISTICS),
    );
    if id.kind == ObjectKind::Statistics && before != after {
        let target = after.unwrap_or("-1");
        out.push(format!(
            "ALTER STATISTICS {} SET STATISTICS {target}",
            qualified(&id.name)
        ));
    }
    if !matches!(id.kind, ObjectKind::Index | ObjectKind::MaterializedView) {
        return;
    }
    let alter = format!("ALTER {} {}", keyword(id.kind), named(id));
    let mut column = |column: &str, action: String| {
        let column = match id.kind {
            ObjectKind::Index => column.to_owned(),
            _ => quoted(column),
        };
        out.push(format!("{alter} ALTER COLUMN {column} {action}"));
    };
    for (part, before, after) in differing(from, to, facets::STORAGE) {
        if before.is_none() {
            column(part, format!("SET STORAGE {}", after.unwrap_or("EXTENDED")));
        }
    }
    for (part, _, after) in differing(from, to, facets::COMPRESSION) {
        column(part, format!("SET COMPRESSION {}", after.unwrap_or("default")));
    }
    for (part, _, after) in differing(from, to, facets::PART_STATISTICS) {
        column(part, format!("SET STATISTICS {}", after.unwrap_or("-1")));
    }
    for (part, before, after) in differing(from, to, facets::PART_OPTIONS) {
        let (set, mut gone) = (option_names(after), option_names(before));
        gone.retain(|name| !set.contains(name));
        if !gone.is_empty() {
            column(part, format!("RESET ({})", gone.join(", ")));
        }
        if let Some(after) = after {
            column(part, format!("SET ({after})"));
        }
    }
    let clustered = |object: &Object| object.facets.contains_key(facets::CLUSTERED);
    if let (Some(on), true) = (&id.on, clustered(from) != clustered(to)) {
        let alter = format!("ALTER MATERIALIZED VIEW {}", qualified(on));
        out.push(match clustered(to) {
            true => format!("{alter} CLUSTER ON {}", ident(&id.name.name)),
            false => format!("{alter} SET WITHOUT CLUSTER"),
        });
    }
}

/// The names in `name=value, …`.
fn option_names(text: Option<&str>) -> Vec<&str> {
    let pairs = text.into_iter().flat_map(|text| text.split(", "));
    pairs.filter_map(|pair| pair.split('=').next()).collect()
}

/// The facets of one kind that differ: what follows the prefix, and their values before and after.
fn differing<'a>(
    from: &'a Object,
    to: &'a Object,
    prefix: &'a str,
) -> Vec<(&'a str, Option<&'a str>, Option<&'a str>)> {
    let (before, after) = (facets::starting(from, prefix), facets::starting(to, prefix));
    let gone = before.filter(|(name, _)| facets::get(to, &format!("{prefix}{name}")).is_none());
    let gone = gone.map(|(name, text)| (name, Some(text), None));
    let set = after.map(|(name, text)| (name, facets::get(from, &format!("{prefix}{name}")), Some(text)));
    gone.chain(set.filter(|(_, before, after)| before != after)).collect()
}

/// What `ALTER COLUMN` says of a column of a materialized view, or of a part of an index by its number.
pub(super) fn read(head: &mut Head<'_>, schema: &mut Schema, id: &ObjectId) -> Amended {
    if !head.eat("alter column") && !head.eat("alter") {
        return None;
    }
    let name = match id.kind {
        ObjectKind::Index => {
            head.at += 1;
            head.tokens.get(head.at - 1)?.text.to_owned()
        }
        _ => head.name()?.name.to_string(),
    };
    let settings = [
        ("set statistics", facets::PART_STATISTICS),
        ("set storage", facets::STORAGE),
        ("set compression", facets::COMPRESSION),
    ];
    if let Some((_, prefix)) = settings.into_iter().find(|(words, _)| head.eat(words)) {
        return facet(schema, id, format!("{prefix}{name}"), head.rest().to_owned());
    }
    if !head.eat("set") {
        return None;
    }
    let mut options = head
        .list()?
        .into_iter()
        .map(|option| option.split('=').map(str::trim).collect::<Vec<_>>().join("="))
        .collect::<Vec<_>>();
    options.sort();
    facet(
        schema,
        id,
        format!("{}{name}", facets::PART_OPTIONS),
        options.join(", "),
    )
}
