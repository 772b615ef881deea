//! The keys of a table as the server has them: what is declared, and what a foreign key makes by itself.
//!
//! InnoDB wants an index that starts with the columns of each foreign key. Where there is none, one of the foreign key's name
//! appears; it stays when the foreign key goes, and goes by itself when another index can do its work
//! (<https://mariadb.com/kb/en/foreign-keys/>). In the normal form such an index is part of the foreign key.

use std::collections::BTreeMap;

use super::syntax::{ident, ident_str, idents, literal};
use crate::ident::Name;
use crate::ir::{Expr, ForeignKey, Index, IndexKey, IndexPart, Table};

/// The name that every primary key has.
pub(super) const PRIMARY: &str = "PRIMARY";

/// The option of a table whose primary key holds a part of a column, has a comment, or is of another kind than the engine's
/// usual one: what stands behind `PRIMARY KEY`.
pub(super) const PRIMARY_KEY: &str = "primary_key";

/// Kinds of indexes that hold parts of values, not values in their order.
pub(super) const WORD_KINDS: &[&str] = &["fulltext", "spatial"];

/// What an index is made with, whatever its kind is called.
pub(super) const HASH: &str = "hash";
pub(super) const BTREE: &str = "btree";

/// Options of an index.
pub(super) const IGNORED: &str = "ignored";
pub(super) const COMMENT: &str = "comment";
pub(super) const KEY_BLOCK_SIZE: &str = "key_block_size";
/// The period of the application's time that the key's rows must not share.
pub(super) const WITHOUT_OVERLAPS: &str = "without_overlaps";

/// The clause that makes each key, by the key's name.
pub(super) fn clauses(table: &Table) -> BTreeMap<Name, String> {
    let mut keys = BTreeMap::new();
    if let Some(key) = &table.primary_key {
        let parts = match table.options.get(PRIMARY_KEY) {
            Some(parts) => parts.clone(),
            None => list(&key.columns),
        };
        keys.insert(key.name.clone(), format!("PRIMARY KEY {parts}"));
    }
    for unique in table.uniques.values() {
        let clause = format!("UNIQUE KEY {} ({})", ident(&unique.name), idents(&unique.columns));
        keys.insert(unique.name.clone(), clause);
    }
    for index in table.indexes.values() {
        keys.insert(index.name.clone(), index_clause(index));
    }
    keys
}

/// Whole columns in parentheses.
pub(super) fn list(columns: &[Name]) -> String {
    format!("({})", idents(columns))
}

/// The clauses of the keys that foreign keys make by themselves.
pub(super) fn implied(table: &Table) -> BTreeMap<Name, String> {
    let keys = table.foreign_keys.values().filter(|key| makes_index(key, table));
    keys.map(|key| {
        let clause = format!("KEY {} ({})", ident(&key.name), idents(&key.columns));
        (key.name.clone(), clause)
    })
    .collect()
}

/// Whether the foreign key has an index of its own: no declared key starts with its columns, and of several foreign keys over
/// the same columns the last one keeps the index.
pub(super) fn makes_index(key: &ForeignKey, table: &Table) -> bool {
    let mut declared = declared_columns(table);
    let others = table.foreign_keys.values().filter(|other| other.name != key.name);
    let mut others = others.filter(|other| {
        other.columns.starts_with(&key.columns) && (other.columns.len() > key.columns.len() || other.name > key.name)
    });
    !declared.any(|columns| columns.starts_with(&key.columns)) && others.next().is_none()
}

/// The columns of each declared key, up to the first part that is no whole column.
fn declared_columns(table: &Table) -> impl Iterator<Item = Vec<Name>> {
    let primary = table.primary_key.iter().map(|key| key.columns.clone());
    let uniques = table.uniques.values().map(|unique| unique.columns.clone());
    let indexes = table.indexes.values().filter(|index| holds_values(index));
    let indexes = indexes.map(|index| index.parts.iter().map_while(whole_column).cloned().collect());
    primary.chain(uniques).chain(indexes)
}

fn holds_values(index: &Index) -> bool {
    !index
        .method
        .as_ref()
        .is_some_and(|method| WORD_KINDS.contains(&method.as_str()))
}

/// The columns of the key of that name, up to the first part that is no whole column; of a foreign key, those of the index
/// it makes.
pub(super) fn columns_of(name: &Name, table: &Table) -> Vec<Name> {
    let primary = table.primary_key.iter().find(|key| key.name == *name);
    let unique = table.uniques.get(name).map(|unique| &unique.columns);
    if let Some(columns) = primary.map(|key| &key.columns).or(unique) {
        return columns.clone();
    }
    match table.indexes.get(name) {
        Some(index) if holds_values(index) => index.parts.iter().map_while(whole_column).cloned().collect(),
        Some(_) => Vec::new(),
        None => table
            .foreign_keys
            .get(name)
            .map(|key| key.columns.clone())
            .unwrap_or_default(),
    }
}

/// Whether a foreign key could have made the key of that name.
pub(super) fn could_be_made(name: &Name, table: &Table) -> bool {
    match table.indexes.get(name) {
        Some(index) => {
            let plain = !index.unique && index.method.is_none() && index.options.is_empty();
            plain && index.parts.iter().all(|part| plain_column(part).is_some())
        }
        None => table.foreign_keys.contains_key(name),
    }
}

/// Whether the index has the name that the server gives one which it makes for a foreign key without a name: that of the key's
/// first column, with a number behind it where that is taken.
pub(super) fn is_named_after_column(index: &Name, key: &ForeignKey) -> bool {
    let Some(column) = key.columns.first().filter(|_| key.name.as_str().contains("_ibfk_")) else {
        return false;
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let rest = index.as_str().strip_prefix(column.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('_').is_some_and(digits))
}

/// The column of a part that is a whole column, in whichever order: either serves a foreign key.
fn whole_column(part: &IndexPart) -> Option<&Name> {
    match &part.key {
        IndexKey::Column(name) => Some(name),
        IndexKey::Expr(_) => None,
    }
}

/// The column of a part that is nothing but a whole column.
pub(super) fn plain_column(part: &IndexPart) -> Option<&Name> {
    match &part.key {
        IndexKey::Column(name) if !part.descending => Some(name),
        _ => None,
    }
}

/// Whether an index is just what the foreign key of its name would make.
pub(super) fn is_of_foreign_key(index: &Index, table: &Table) -> bool {
    let Some(key) = table.foreign_keys.get(&index.name) else {
        return false;
    };
    let columns: Vec<&Name> = index.parts.iter().filter_map(plain_column).collect();
    !index.unique
        && index.method.is_none()
        && index.options.is_empty()
        && columns.len() == index.parts.len()
        && columns.iter().copied().eq(&key.columns)
}

fn index_clause(index: &Index) -> String {
    let kind = index.method.as_ref().map(|method| method.as_str().to_ascii_uppercase());
    let (word, using) = match kind {
        Some(kind) if WORD_KINDS.contains(&kind.to_ascii_lowercase().as_str()) => {
            (format!("{kind} KEY"), String::new())
        }
        kind => {
            let word = if index.unique { "UNIQUE KEY" } else { "KEY" };
            let using = kind.map(|kind| format!(" USING {kind}")).unwrap_or_default();
            (word.to_owned(), using)
        }
    };
    let mut sql = format!("{word} {} {}{using}", ident(&index.name), key_parts(index));
    if let Some(size) = index.options.get(KEY_BLOCK_SIZE) {
        sql.push_str(&format!(" KEY_BLOCK_SIZE = {size}"));
    }
    if let Some(comment) = index.options.get(COMMENT) {
        sql.push_str(&format!(" COMMENT {}", literal(comment)));
    }
    if index.options.contains_key(IGNORED) {
        sql.push_str(IGNORED_CLAUSE);
    }
    sql
}

const IGNORED_CLAUSE: &str = " IGNORED";

/// The clause of a key without the word that the optimizer ignores it, and whether that was there.
pub(super) fn split_ignored(clause: &str) -> (&str, bool) {
    match clause.strip_suffix(IGNORED_CLAUSE) {
        Some(bare) => (bare, true),
        None => (clause, false),
    }
}

/// The parts of a key, in parentheses.
pub(super) fn key_parts(index: &Index) -> String {
    let mut parts: Vec<String> = index.parts.iter().map(part).collect();
    if let Some(period) = index.options.get(WITHOUT_OVERLAPS) {
        parts.push(format!("{} WITHOUT OVERLAPS", ident_str(period)));
    }
    format!("({})", parts.join(", "))
}

/// The column of a part, whole or not.
pub(super) fn column_of(part: &IndexPart) -> Option<Name> {
    match &part.key {
        IndexKey::Column(name) => Some(name.clone()),
        IndexKey::Expr(Expr::Sql(sql)) => prefix(sql).map(|(name, _)| name),
        IndexKey::Expr(_) => None,
    }
}

fn part(part: &IndexPart) -> String {
    let mut sql = match &part.key {
        IndexKey::Column(name) => ident(name),
        IndexKey::Expr(Expr::Sql(sql)) => sql.clone(),
        IndexKey::Expr(_) => String::new(),
    };
    if part.descending {
        sql.push_str(" DESC");
    }
    sql
}

/// A prefix of a column, `` `title`(20) ``: what a text column needs to be indexed.
pub(super) fn prefix(sql: &str) -> Option<(Name, u32)> {
    let (column, rest) = sql.trim().split_once('(')?;
    let length: u32 = rest.strip_suffix(')')?.trim().parse().ok()?;
    let column = column.trim();
    let name = match column.strip_prefix('`').and_then(|name| name.strip_suffix('`')) {
        Some(quoted) => quoted.replace("``", "`"),
        None => column.to_owned(),
    };
    (length > 0).then_some((Name::new(name).ok()?, length))
}

/// The one spelling of a prefix.
pub(super) fn prefix_key(column: &Name, length: u32) -> IndexKey {
    IndexKey::Expr(Expr::Sql(format!("{}({length})", ident(column))))
}
