use std::collections::BTreeMap;

use serde::Deserialize;

use super::rows::{name, wrong};
use crate::dialect::CatalogError;
use crate::dialect::mysql::expr;
use crate::dialect::mysql::normalize::PARTITION_BY;
use crate::dialect::mysql::partition::{Part, Partitioning, Parts, Rows, Settings, Subpartitioning, values};
use crate::ident::{Name, Qualified};
use crate::ir::Tables;

/// One partition or subpartition.
#[derive(Deserialize)]
pub(super) struct PartitionRow {
    pub(super) table: String,
    name: String,
    sub: Option<String>,
    method: String,
    sub_method: Option<String>,
    by: Option<String>,
    sub_by: Option<String>,
    rows: Option<String>,
    comment: Option<String>,
}

/// Gives the tables what says how their rows are spread. The rows stand in the order of the partitions.
pub(super) fn read(rows: Vec<PartitionRow>, tables: &mut Tables) -> Result<(), CatalogError> {
    let mut by_table: BTreeMap<String, Vec<PartitionRow>> = BTreeMap::new();
    for row in rows {
        by_table.entry(row.table.clone()).or_default().push(row);
    }
    for (table, rows) in by_table {
        let of = Qualified::local(name(table.as_str())?);
        if let Some(table) = tables.get_mut(&of) {
            let columns: Vec<Name> = table.columns.iter().map(|column| column.name.clone()).collect();
            let text = partitioning(&rows, &columns)?.text();
            table.options.insert(PARTITION_BY.to_owned(), text);
        }
    }
    Ok(())
}

fn partitioning(rows: &[PartitionRow], columns: &[Name]) -> Result<Partitioning, CatalogError> {
    let first = rows.first().ok_or_else(|| wrong("a table without partitions"))?;
    let mut parts: Vec<Part> = Vec::new();
    for row in rows {
        if parts.last().is_none_or(|part| part.name.as_str() != row.name) {
            parts.push(Part {
                name: name(row.name.as_str())?,
                rows: bound(row, &parts, columns),
                settings: Settings::default(),
                subs: Vec::new(),
            });
        }
        let settings = Settings::comment(row.comment.as_deref().unwrap_or_default());
        if let Some(part) = parts.last_mut() {
            match &row.sub {
                Some(sub) => part.subs.push((name(sub.as_str())?, settings)),
                None => part.settings = settings,
            }
        }
    }
    let method = first.method.to_ascii_lowercase();
    let sub = first.sub_method.as_ref().map(|method| Subpartitioning {
        method: method.to_ascii_lowercase(),
        by: spread(method, first.sub_by.as_deref(), columns),
        count: parts.first().map_or(1, |part| part.subs.len()),
    });
    Ok(Partitioning {
        // What limits the history is told by `SHOW CREATE TABLE` alone, see `shown`.
        by: if method == "system_time" {
            String::new()
        } else {
            spread(&method, first.by.as_deref(), columns)
        },
        method,
        sub,
        parts: Parts::Named(parts),
    }
    .settled())
}

/// How the partition for all other rows is told: `MAXVALUE`, or `(MAXVALUE,MAXVALUE)` of two columns.
fn is_rest(rows: &str) -> bool {
    let inner = rows
        .strip_prefix('(')
        .and_then(|rows| rows.strip_suffix(')'))
        .unwrap_or(rows);
    inner
        .split(',')
        .all(|value| value.trim().eq_ignore_ascii_case("MAXVALUE"))
}

/// An expression, or the names of columns.
fn spread(method: &str, by: Option<&str>, columns: &[Name]) -> String {
    let by = by.unwrap_or_default();
    let lower = method.to_ascii_lowercase();
    match lower.ends_with("columns") || lower.ends_with("key") {
        true => by.to_owned(),
        false => expr::normalize(by, columns),
    }
}

fn bound(row: &PartitionRow, before: &[Part], columns: &[Name]) -> Rows {
    let method = row.method.to_ascii_lowercase();
    let said = values(row.rows.as_deref().unwrap_or_default(), columns);
    let is_list = method.starts_with("list");
    // The partition for the rest is told as one for zero, which no other one may then hold.
    let zero_is_taken = || {
        before
            .iter()
            .any(|part| matches!(&part.rows, Rows::In(values) if values.split(',').any(|value| value == "0")))
    };
    match said.as_str() {
        _ if method == "system_time" && row.rows.as_deref() == Some("CURRENT") => Rows::Current,
        _ if method == "system_time" => Rows::History,
        "" if is_list => Rows::Default,
        rest if is_list && is_rest(rest) => Rows::Default,
        "0" if is_list && zero_is_taken() => Rows::Default,
        _ if method.starts_with("range") => Rows::LessThan(said),
        _ if is_list => Rows::In(said),
        _ => Rows::Any,
    }
}
