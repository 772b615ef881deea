//! The statement that fetches related rows, and the questions about them.

use super::condition::{Ask, Related};
use super::{RelationMeta, Rows};
use crate::dialect::{Dialect, KeyList, PerRow};
use crate::error::Result;
use crate::query::node::Node;
use crate::query::render::Writer;
use crate::query::rows::ROWS;
use crate::query::spelled::Cast;
use crate::query::table::TableMeta;
use crate::value::{EnumMeta, KindId, Statement, Value};

/// The names that a statement gives: no table of a user's is likely to have one.
const RANK: &str = "kick_rank";
const KEYS: &str = "kick_keys";

/// How many values of keys one statement takes: of whole keys. Half of what can be bound stays for the values of filters.
#[cfg(feature = "live")]
pub(super) fn most_values(dialect: &dyn Dialect, relation: &RelationMeta) -> usize {
    let width = relation.own.len();
    match dialect.key_list() {
        KeyList::Array => usize::MAX - usize::MAX % width,
        KeyList::Json if width == 1 => usize::MAX,
        _ => (dialect.caps().max_binds / 2 / width).max(1) * width,
    }
}

/// The statement for the related rows of rows with these keys, key after key: the columns of the other table, and behind them
/// those of the table between that hold the keys.
///
/// # Errors
///
/// [`Error::Unsupported`](crate::Error::Unsupported) where something in it is not what the engine can do.
pub(super) fn statement(
    dialect: &dyn Dialect,
    relation: &RelationMeta,
    rows: &Rows,
    keys: &[Value],
) -> Result<Statement> {
    let mut writer = Writer::new(dialect, relation.through.is_some());
    let cut = rows.limit.is_some() || rows.offset.is_some();
    match dialect.per_row() {
        _ if !cut => {
            writer.push("SELECT ");
            writer.related_columns(relation);
            writer.related_from(relation);
            writer.push(" WHERE ");
            writer.key_is_in(relation, keys);
            writer.related_filter(relation, rows);
            writer.order(rows.order.clone());
        }
        // A row would come once for each spelling of its key.
        PerRow::Lateral if matches!(dialect.key_list(), KeyList::Array) && !has_spellings(dialect, relation) => {
            writer.lateral(relation, rows, keys);
        }
        _ => writer.ranked(relation, rows, keys),
    }
    writer.finish()
}

/// Whether the engine may take different texts of the relation's keys for equal.
fn has_spellings(dialect: &dyn Dialect, relation: &RelationMeta) -> bool {
    relation
        .keys()
        .any(|(table, column)| table.has_spellings(column, dialect))
}

/// The statement that says which other texts the engine takes for one of these keys, the first of which has the number
/// `first`: rows of a key's number and a key that differs from it in its bytes. `None` where there are none.
///
/// # Errors
///
/// [`Error::Unsupported`](crate::Error::Unsupported) where something in it is not what the engine can do.
#[cfg(feature = "live")]
pub(super) fn spellings(
    dialect: &dyn Dialect,
    relation: &RelationMeta,
    keys: &[Value],
    first: usize,
) -> Result<Option<Statement>> {
    let width = relation.own.len();
    let of_texts: Vec<bool> = relation
        .keys()
        .zip(keys)
        .map(|((table, column), value)| matches!(value, Value::Text(_)) && table.has_spellings(column, dialect))
        .collect();
    if !of_texts.contains(&true) {
        return Ok(None);
    }
    let numbers = (first..).map(|number| Value::Int64(i64::try_from(number).unwrap_or(i64::MAX)));
    let rows = keys.chunks(width).zip(numbers);
    let mut rows: Vec<Vec<Value>> = rows
        .map(|(key, number)| std::iter::once(number).chain(key.iter().cloned()).collect())
        .collect();
    // Few different statements are to be prepared, and the last key once more changes nothing.
    if let Some(last) = rows.last().filter(|_| dialect.key_list() != KeyList::Array).cloned() {
        rows.resize(rows.len().next_power_of_two(), last);
    }
    let mut writer = Writer::new(dialect, true);
    writer.spellings(relation, &rows, &of_texts);
    writer.finish().map(Some)
}

/// How many keys one such statement takes.
#[cfg(feature = "live")]
pub(super) fn most_spelled(dialect: &dyn Dialect, relation: &RelationMeta) -> usize {
    // Their number is rounded up.
    (dialect.caps().max_binds / 2 / (relation.own.len() + 1)).clamp(1, 1_000)
}

impl Writer<'_> {
    #[cfg(feature = "live")]
    fn spellings(&mut self, relation: &RelationMeta, rows: &[Vec<Value>], of_texts: &[bool]) {
        let keys: Vec<_> = relation.keys().collect();
        let casts: Vec<_> = std::iter::once(None).chain(self.key_casts(relation)).collect();
        let source = self.dialect().row_source();
        let (before, behind) = self.dialect().text_bytes();
        let given = |writer: &mut Self, at: usize| {
            writer.name(ROWS);
            writer.push(".");
            writer.name(&source.name(at));
        };
        self.push("SELECT ");
        given(self, 0);
        for &(table, name) in &keys {
            self.push(", ");
            self.read(Node::Column { table, name });
        }
        self.push(" FROM ");
        self.rows(rows, &casts);
        self.push(" JOIN ");
        self.table(keys[0].0);
        for (at, &(table, column)) in keys.iter().enumerate() {
            self.push(if at == 0 { " ON " } else { " AND " });
            // On the left, since SQLite compares as that column does.
            self.column(table, column);
            self.push(" = ");
            given(self, at + 1);
        }
        let texts = keys.iter().enumerate().filter(|(at, _)| of_texts[*at]);
        for (place, (at, &(table, column))) in texts.enumerate() {
            self.push(if place == 0 { " WHERE (" } else { " OR " });
            self.push(before);
            self.column(table, column);
            self.push(behind);
            self.push(" <> ");
            self.push(before);
            given(self, at + 1);
            self.push(behind);
        }
        self.push(")");
    }

    fn related_columns(&mut self, relation: &RelationMeta) {
        for (at, column) in relation.to.columns.iter().enumerate() {
            self.push(if at == 0 { "" } else { ", " });
            self.read(Node::Column {
                table: relation.to,
                name: column,
            });
        }
        if let Some(between) = &relation.through {
            for (at, column) in between.own.iter().enumerate() {
                self.push(", ");
                self.read(Node::Column {
                    table: between.table,
                    name: column,
                });
                self.push(" AS ");
                self.name(&format!("kick_key{at}"));
            }
        }
    }

    fn related_from(&mut self, relation: &RelationMeta) {
        self.push(" FROM ");
        self.table(relation.to);
        if let Some(between) = &relation.through {
            self.push(" JOIN ");
            self.table(between.table);
            self.push(" ON ");
            for (at, (column, other)) in between.other.iter().zip(relation.other).enumerate() {
                self.push(if at == 0 { "" } else { " AND " });
                self.column(between.table, column);
                self.push(" = ");
                self.column(relation.to, other);
            }
        }
    }

    fn related_filter(&mut self, relation: &RelationMeta, rows: &Rows) {
        let seen = relation.seen().filter(|_| !rows.deleted);
        for filter in rows.filter.clone().into_iter().chain(seen) {
            self.push(" AND ");
            self.inner(filter);
        }
    }

    /// The columns that hold the key, in parentheses where there are several.
    fn key_columns(&mut self, relation: &RelationMeta) {
        let several = relation.own.len() > 1;
        self.push(if several { "(" } else { "" });
        for (at, (table, column)) in relation.keys().enumerate() {
            self.push(if at == 0 { "" } else { ", " });
            self.column(table, column);
        }
        self.push(if several { ")" } else { "" });
    }

    fn key_casts(&self, relation: &RelationMeta) -> Vec<Option<Cast>> {
        relation
            .keys()
            .map(|(table, column)| self.cast_of(table, column))
            .collect()
    }

    fn key_is_in(&mut self, relation: &RelationMeta, keys: &[Value]) {
        self.key_columns(relation);
        let several = relation.own.len() > 1;
        match self.dialect().key_list() {
            KeyList::Array if several => {
                self.push(" IN (SELECT * FROM ");
                self.unnest(relation, keys);
                self.push(")");
            }
            KeyList::Array => {
                self.push(" = ANY(");
                let cast = self.key_casts(relation)[0];
                self.bind_as(list(keys, 1, 0), false, cast);
                self.push(")");
            }
            KeyList::Json if keys.iter().all(fits_json) => self.json_keys(relation.own.len(), keys),
            KeyList::Json | KeyList::Values => self.listed_keys(relation.own.len(), keys),
        }
    }

    fn unnest(&mut self, relation: &RelationMeta, keys: &[Value]) {
        let casts = self.key_casts(relation);
        self.push("unnest(");
        for (at, cast) in casts.into_iter().enumerate() {
            self.push(if at == 0 { "" } else { ", " });
            self.bind_as(list(keys, relation.own.len(), at), false, cast);
        }
        self.push(")");
    }

    fn json_keys(&mut self, width: usize, keys: &[Value]) {
        if width == 1 {
            self.push(" IN (SELECT value FROM json_each(");
            self.bind(list(keys, 1, 0), false);
        } else {
            self.push(" IN (SELECT ");
            for at in 0..width {
                self.push(if at == 0 { "" } else { ", " });
                self.push(&format!("json_extract(value, '$[{at}]')"));
            }
            self.push(" FROM json_each(");
            let items = keys
                .chunks(width)
                .map(|key| Value::List {
                    kind: KindId::Text,
                    of: None,
                    items: key.to_vec(),
                })
                .collect();
            let keys = Value::List {
                kind: KindId::List(&KindId::Text),
                of: None,
                items,
            };
            self.bind(keys, false);
        }
        self.push("))");
    }

    /// One placeholder for each value. Their number is rounded up, by the last key once more, so that few different
    /// statements are prepared.
    fn listed_keys(&mut self, width: usize, keys: &[Value]) {
        let count = keys.len() / width;
        let last = &keys[keys.len() - width..];
        let padding = std::iter::repeat_n(last, count.next_power_of_two() - count);
        let padded = keys.chunks(width).chain(padding);
        self.push(" IN (");
        for (at, key) in padded.enumerate() {
            self.push(if at == 0 { "" } else { ", " });
            let several = key.len() > 1;
            self.push(if several { "(" } else { "" });
            for (at, value) in key.iter().enumerate() {
                self.push(if at == 0 { "" } else { ", " });
                self.bind(value.clone(), false);
            }
            self.push(if several { ")" } else { "" });
        }
        self.push(")");
    }

    /// The first rows of each key by a subquery that runs once for each, which an index on the key and the order makes
    /// cheap. Such a subquery can only be the inner side of a nested loop, so the rows of a key come in its order.
    fn lateral(&mut self, relation: &RelationMeta, rows: &Rows, keys: &[Value]) {
        self.push("SELECT ");
        self.name(ROWS);
        self.push(".* FROM ");
        self.unnest(relation, keys);
        self.push(" AS ");
        self.name(KEYS);
        self.push("(");
        for at in 0..relation.own.len() {
            self.push(if at == 0 { "" } else { ", " });
            self.name(&format!("k{at}"));
        }
        self.push(") CROSS JOIN LATERAL (SELECT ");
        self.set_qualified(true);
        self.related_columns(relation);
        self.related_from(relation);
        for (at, (table, column)) in relation.keys().enumerate() {
            self.push(if at == 0 { " WHERE " } else { " AND " });
            self.column(table, column);
            self.push(" = ");
            self.name(KEYS);
            self.push(".");
            self.name(&format!("k{at}"));
        }
        self.related_filter(relation, rows);
        self.order(rows.order.clone());
        self.page(rows.limit, rows.offset);
        self.push(") AS ");
        self.name(ROWS);
    }

    /// The first rows of each key by their rank.
    fn ranked(&mut self, relation: &RelationMeta, rows: &Rows, keys: &[Value]) {
        self.push("SELECT * FROM (SELECT ");
        self.related_columns(relation);
        self.push(", row_number() OVER (PARTITION BY ");
        for (at, (table, column)) in relation.keys().enumerate() {
            self.push(if at == 0 { "" } else { ", " });
            self.column(table, column);
        }
        self.order(rows.order.clone());
        self.push(") AS ");
        self.name(RANK);
        self.related_from(relation);
        self.push(" WHERE ");
        self.key_is_in(relation, keys);
        self.related_filter(relation, rows);
        self.push(") AS ");
        self.name(ROWS);
        let most = i64::MAX.unsigned_abs();
        let first = rows.offset.unwrap_or(0).min(most);
        self.push(" WHERE ");
        self.name(RANK);
        self.push(&format!(" > {first}"));
        if let Some(limit) = rows.limit {
            self.push(" AND ");
            self.name(RANK);
            self.push(&format!(" <= {}", first.saturating_add(limit).min(most)));
        }
        self.push(" ORDER BY ");
        self.name(RANK);
    }

    /// A question about related rows. Their table has a name of its own in it, so that a table can be asked about itself.
    pub(in crate::query) fn related(&mut self, related: Related) {
        let Related { relation, filter, ask } = related;
        self.push(match ask {
            Ask::Any => "EXISTS (SELECT 1",
            Ask::None => "NOT EXISTS (SELECT 1",
            Ask::Count => "(SELECT count(*)",
        });
        let qualified = self.set_qualified(true);
        // The row that is asked about, before its table gets another name inside.
        let outer: Vec<String> = relation
            .own
            .iter()
            .map(|own| self.column_text(relation.from, own.column))
            .collect();
        let depth = self.aliases.len();
        self.aliases.push((relation.to, format!("kick_{}", depth + 1)));
        self.push(" FROM ");
        self.aliased(relation.to);
        if let Some(between) = &relation.through {
            self.aliases.push((between.table, format!("kick_{}", depth + 2)));
            self.push(" JOIN ");
            self.aliased(between.table);
            self.push(" ON ");
            for (at, (column, other)) in between.other.iter().zip(relation.other).enumerate() {
                self.push(if at == 0 { "" } else { " AND " });
                self.column(between.table, column);
                self.push(" = ");
                self.column(relation.to, other);
            }
        }
        for (at, ((table, column), outer)) in relation.keys().zip(outer).enumerate() {
            self.push(if at == 0 { " WHERE " } else { " AND " });
            self.column(table, column);
            self.push(" = ");
            self.push(&outer);
        }
        if let Some(filter) = filter {
            self.push(" AND ");
            self.inner(filter);
        }
        self.push(")");
        self.aliases.truncate(depth);
        self.set_qualified(qualified);
    }

    fn aliased(&mut self, table: &'static TableMeta) {
        self.table(table);
        self.push(" AS ");
        let alias = self.alias(table).map(str::to_owned).unwrap_or_default();
        self.name(&alias);
    }
}

/// The values at one place of all keys, as a list.
fn list(keys: &[Value], width: usize, at: usize) -> Value {
    let first = keys.get(at);
    let of: Option<&'static EnumMeta> = match first {
        Some(Value::Enum { of, .. }) => Some(*of),
        _ => None,
    };
    Value::List {
        kind: first.map_or(KindId::Text, Value::kind),
        of,
        items: keys.iter().skip(at).step_by(width).cloned().collect(),
    }
}

/// Whether a value comes back from JSON as the engine keeps it.
fn fits_json(value: &Value) -> bool {
    !matches!(
        value,
        Value::Bytes(_) | Value::Json(_) | Value::Float32(_) | Value::Float64(_) | Value::List { .. }
    )
}
