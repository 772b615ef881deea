use super::Refusals;
use super::options::{self, ENGINE};
use super::table::spell;
use super::width;
use crate::dialect::mysql::keys;
use crate::ident::Name;
use crate::ir::{Expr, Index, IndexKey, IndexPart, Table, Unique};

/// Kinds of indexes beside the engine's usual one.
const METHODS: &[&str] = &["fulltext", "spatial", keys::HASH, keys::BTREE];

/// The indexes of a table in normal form, as far as they can have one.
pub(super) fn normalize(table: &mut Table, columns: &[Name], refusals: &mut Refusals) {
    // Every index is a B-tree, save in tables that are kept in memory. A unique key whose values are too long for one (a
    // text, say) is kept by a hash of them, and the server changes over by itself when the column takes another type.
    let in_memory = options::is_in_memory(table);
    let usual = if in_memory { keys::HASH } else { keys::BTREE };
    for mut index in std::mem::take(&mut table.indexes).into_values() {
        refuse(&index, table, refusals);
        options::of_index(&mut index);
        index.method = index
            .method
            .and_then(|method| Name::new(method.as_str().to_ascii_lowercase()).ok())
            .filter(|method| METHODS.contains(&method.as_str()) && *method != usual);
        index.nulls_distinct = true;
        for part in &mut index.parts {
            normalize_part(part, &index.name, table, columns, refusals);
        }
        if index.method.as_ref().is_some_and(|method| *method == keys::HASH) && !in_memory && is_long(&index, table) {
            index.method = None;
        }
        match unique(&index) {
            Some(unique) => {
                table.uniques.insert(unique.name.clone(), unique);
            }
            None => {
                table.indexes.insert(index.name.clone(), index);
            }
        }
    }
    drop_implied(table);
}

/// Whether a B-tree could not hold the values of a unique index.
fn is_long(index: &Index, table: &Table) -> bool {
    let small = ["COMPACT", "REDUNDANT"];
    let is_small = table
        .options
        .get("row_format")
        .is_some_and(|format| small.contains(&format.as_str()));
    let most = if is_small || table.options.contains_key(ENGINE) {
        767
    } else {
        3072
    };
    let columns = index.parts.iter().filter_map(keys::plain_column);
    let columns = columns.filter_map(|name| table.column(name));
    let bytes = columns.map(|column| width::bytes_of_key(column, table).unwrap_or(most + 1));
    index.unique && bytes.sum::<u64>() > most
}

/// A unique index over whole columns is a unique constraint.
fn unique(index: &Index) -> Option<Unique> {
    let columns: Vec<Name> = index.parts.iter().filter_map(keys::plain_column).cloned().collect();
    (index.unique && index.method.is_none() && index.options.is_empty() && columns.len() == index.parts.len())
        .then(|| Unique::new(index.name.clone(), columns))
}

/// An index that a foreign key would make anyway belongs to it.
fn drop_implied(table: &mut Table) {
    let candidates: Vec<Name> = table
        .indexes
        .values()
        .filter(|index| keys::is_of_foreign_key(index, table))
        .map(|index| index.name.clone())
        .collect();
    for name in candidates {
        let Some(index) = table.indexes.remove(&name) else {
            continue;
        };
        let made = table
            .foreign_keys
            .get(&name)
            .is_some_and(|key| keys::makes_index(key, table));
        if !made {
            table.indexes.insert(name, index);
        }
    }
}

fn refuse(index: &Index, table: &Table, refusals: &mut Refusals) {
    let mut add = |message: String, help: &str| refusals.add(&table.name, Some(&index.name), message, help);
    if let Some(method) = &index.method {
        let lower = method.as_str().to_ascii_lowercase();
        if !METHODS.contains(&lower.as_str()) {
            add(
                format!("InnoDB has no index method `{method}`"),
                "leave it out: every index is a B-tree, save for `fulltext` and `spatial` ones",
            );
        }
    }
    if index.predicate.is_some() {
        add(
            "MySQL has no partial indexes".to_owned(),
            "index all rows, or a generated column that is NULL in the rows to leave out",
        );
    }
    if !index.include.is_empty() {
        add(
            "MySQL has no columns beside an index's key".to_owned(),
            "add them to the end of the key, or leave them out",
        );
    }
    if index.unique && !index.nulls_distinct {
        add(NULLS_DISTINCT.to_owned(), NULLS_DISTINCT_HELP);
    }
    for part in &index.parts {
        if let Some(class) = &part.opclass {
            add(format!("MySQL has no operator class `{class}`"), "leave it out");
        }
        if part.collation.is_some() {
            add(
                "MySQL has no collation of an index's own".to_owned(),
                "set it on the column, or index a generated column",
            );
        }
        // NULLs are the smallest values, and an index cannot say otherwise.
        if part.nulls_first.is_some_and(|first| first == part.descending) {
            add(
                "MySQL sorts NULLs first upwards and last downwards, and an index cannot change that".to_owned(),
                "leave the order of NULLs out",
            );
        }
    }
}

fn normalize_part(part: &mut IndexPart, index: &Name, table: &Table, columns: &[Name], refusals: &mut Refusals) {
    part.nulls_first = None;
    match &mut part.key {
        IndexKey::Column(name) => spell(std::slice::from_mut(name), columns),
        IndexKey::Expr(Expr::Sql(sql)) => {
            let found = keys::prefix(sql).map(|(mut column, length)| {
                spell(std::slice::from_mut(&mut column), columns);
                (column, length)
            });
            match found.filter(|(column, _)| columns.contains(column)) {
                Some((column, length)) => part.key = keys::prefix_key(&column, length),
                // MySQL 8.0.13 has them, MariaDB has not.
                None => refusals.add(
                    &table.name,
                    Some(index),
                    format!("MariaDB has no index on an expression such as `{sql}`"),
                    "index a generated column, or a part of a text by `expr = \"title(20)\"`",
                ),
            }
        }
        IndexKey::Expr(_) => refusals.add(&table.name, Some(index), "an index on a constant", "leave it out"),
    }
}

pub(super) const NULLS_DISTINCT: &str = "to MySQL two NULLs are always different";
pub(super) const NULLS_DISTINCT_HELP: &str =
    "leave `nulls not distinct` out, make the columns NOT NULL, or use a unique generated column";
