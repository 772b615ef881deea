//! Values for rows, between what makes room for a column and what asks for its values.

use std::collections::{BTreeMap, BTreeSet};

use super::piece;
use crate::dialect::Dialect;
use crate::diff::{Change, Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, IndexKey, Schema, Table};

/// The values for rows, by table and column.
pub(super) type Fills = BTreeMap<Qualified, BTreeMap<Name, String>>;

/// An alteration with the values for rows in its midst; `end` is the schema after all changes.
pub(super) fn around(change: Change, fills: &Fills, end: &Schema, dialect: &dyn Dialect) -> Vec<Change> {
    match split(&change, fills, end, dialect) {
        Some([first, rest]) => first.into_iter().chain(rest).collect(),
        None => vec![change],
    }
}

/// The alterations without what comes ahead of them all, and that: tables with room for the values, and the values.
pub(super) fn ahead(
    alter: &[Change],
    fills: &Fills,
    end: &Schema,
    dialect: &dyn Dialect,
) -> (Vec<Change>, Vec<Change>) {
    let mut ahead = Vec::new();
    let left = alter.iter().map(|change| match split(change, fills, end, dialect) {
        // What such a table is still missing afterwards is found anew, and its own values with it.
        _ if is_part(change) => change.clone(),
        Some([first, rest]) => {
            ahead.extend(first);
            rest.into_iter().next().unwrap_or_else(|| change.clone())
        }
        None => change.clone(),
    });
    (left.collect(), ahead)
}

/// Whether the table is a part of another one before and after.
fn is_part(change: &Change) -> bool {
    let Change::AlterTable { from, to, .. } = change else {
        return false;
    };
    [from, to].iter().all(|table| table.parents().next().is_some())
}

/// What comes first, with the values, and what comes after it.
fn split(change: &Change, fills: &Fills, end: &Schema, dialect: &dyn Dialect) -> Option<[Vec<Change>; 2]> {
    let Change::AlterTable { to, changes, .. } = change else {
        return None;
    };
    // What has a value in every row already, from the table above, stays as it is: NULL would not be allowed below alone.
    let has = |column: &Name| {
        let whole = |change: &TableChange| matches!(change, TableChange::AlterColumn { from, to } if to.name == *column && !from.nullable);
        changes.iter().any(whole)
    };
    let fills = fills.get(&to.name)?.iter().filter(|(column, _)| !has(column));
    let fills = &fills
        .map(|(column, value)| (column.clone(), value.clone()))
        .collect::<BTreeMap<_, _>>();
    if fills.is_empty() {
        return None;
    }
    let nullable = |column: &Column| Column {
        nullable: true,
        // It counts when the rows have their values: NULL is none that a counter would leave.
        value: match &column.value {
            ColumnValue::Identity(..) => ColumnValue::Required,
            value => value.clone(),
        },
        ..column.clone()
    };
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    let together = Together::of(end.tables.get(&to.name), changes, fills, dialect);
    for change in changes {
        match together.of_key(change) {
            Some(true) => first.push(change.clone()),
            Some(false) => rest.push(change.clone()),
            None => {}
        }
        if together.of_key(change).is_some() {
            continue;
        }
        match change {
            TableChange::AddColumn(column) if fills.contains_key(&column.name) => {
                first.push(TableChange::AddColumn(nullable(column)));
                rest.push(TableChange::AlterColumn {
                    from: nullable(column),
                    to: column.clone(),
                });
            }
            TableChange::AlterColumn { from, to } if fills.contains_key(&to.name) => {
                let between = nullable(to);
                if *from != between {
                    first.push(TableChange::AlterColumn {
                        from: from.clone(),
                        to: between.clone(),
                    });
                }
                rest.push(TableChange::AlterColumn {
                    from: between,
                    to: to.clone(),
                });
            }
            TableChange::AddColumn(column) | TableChange::AlterColumn { to: column, .. }
                if together.begins.contains(&column.name) =>
            {
                rest.push(change.clone());
            }
            // Keys, checks and indexes see the values; and what was there before is out of their way.
            TableChange::AddPart(_) => rest.push(change.clone()),
            // So does what the table says of them.
            TableChange::SetOptions { to, .. } if names_what_comes(to, changes) => rest.push(change.clone()),
            other => first.push(other.clone()),
        }
    }
    let values = fills.iter().map(|(column, value)| Change::Fill {
        table: to.name.clone(),
        column: column.clone(),
        value: value.clone(),
    });
    let first = std::iter::once(piece(&to.name, first)).chain(values).collect();
    Some([first, vec![piece(&to.name, rest)]])
}

/// A column that counts by itself is never without a key that starts with it (MySQL refuses it): what goes of its keys and what
/// comes is one statement.
struct Together<'a> {
    counting: Vec<&'a Name>,
    /// Whether they change before the rows get their values.
    first: bool,
    /// Columns that begin to count with a key that sees the values: what goes of their keys is out of the way by then.
    begins: BTreeSet<&'a Name>,
}

impl<'a> Together<'a> {
    fn of(
        to: Option<&'a Table>,
        changes: &[TableChange],
        fills: &BTreeMap<Name, String>,
        dialect: &dyn Dialect,
    ) -> Self {
        let counts = |column: &&Column| matches!(column.value, ColumnValue::Identity(..));
        let columns = to.into_iter().flat_map(|table| &table.columns);
        let counting = columns.filter(counts).map(|column| &column.name).collect();
        let mut together = Self {
            counting,
            first: true,
            begins: BTreeSet::new(),
        };
        let comes =
            |change: &&TableChange| matches!(change, TableChange::AddPart(_)) && together.of_key(change).is_some();
        let filled = |change: &TableChange| columns_of(change).iter().any(|column| fills.contains_key(*column));
        together.first = !changes.iter().filter(comes).any(filled);
        if dialect.caps().counts_over_key {
            let begins = |name: &&&Name| !fills.contains_key(**name) && together.begins_late(name, changes);
            together.begins = together.counting.iter().filter(begins).copied().collect();
        }
        together
    }

    /// Whether the column does not count yet, and will over a key that comes behind the values.
    fn begins_late(&self, column: &Name, changes: &[TableChange]) -> bool {
        let begins = |change: &TableChange| match change {
            TableChange::AddColumn(new) => new.name == *column,
            TableChange::AlterColumn { from, to } => {
                to.name == *column && !matches!(from.value, ColumnValue::Identity(..))
            }
            _ => false,
        };
        let keys =
            |change: &&TableChange| matches!(change, TableChange::AddPart(_)) && columns_of(change).contains(&column);
        let mut keys = changes.iter().filter(keys).peekable();
        changes.iter().any(begins) && keys.peek().is_some() && keys.all(|key| self.of_key(key) != Some(true))
    }

    /// Where the change belongs, where it is one of a key that starts with such a column: before the values or not.
    fn of_key(&self, change: &TableChange) -> Option<bool> {
        let first = columns_of(change).first().copied()?;
        if matches!(change, TableChange::DropPart(_)) && self.begins.contains(first) {
            return None;
        }
        self.counting.contains(&first).then_some(self.first)
    }
}

/// Whether an option of the table names a key or an index that comes.
fn names_what_comes(options: &BTreeMap<String, String>, changes: &[TableChange]) -> bool {
    let comes = |value: &String| {
        let name = value.strip_prefix("index ").unwrap_or(value);
        let added = |change: &TableChange| matches!(change, TableChange::AddPart(part) if part.name().as_str() == name);
        changes.iter().any(added)
    };
    options.values().any(comes)
}

/// The columns of the key or the index that comes or goes.
fn columns_of(change: &TableChange) -> Vec<&Name> {
    let (TableChange::DropPart(part) | TableChange::AddPart(part)) = change else {
        return Vec::new();
    };
    match part {
        Part::PrimaryKey(key) => key.columns.iter().collect(),
        Part::Unique(unique) => unique.columns.iter().collect(),
        Part::Index(index) => {
            let parts = index.parts.iter().map_while(|part| match &part.key {
                IndexKey::Column(name) => Some(name),
                IndexKey::Expr(_) => None,
            });
            parts.collect()
        }
        _ => Vec::new(),
    }
}
