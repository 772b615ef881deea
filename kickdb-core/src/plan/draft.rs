use std::collections::BTreeSet;

use super::{Plan, keys_over_values};
use crate::dialect::{Cast, Objects, Types};
use crate::diff::{Change, TableChange, copied, lost_attributes, regrouped};
use crate::ident::{Name, Qualified};
use crate::ir::{ColumnValue, ObjectKind, Schema, Table};

/// What the reverse of a plan cannot restore as it was, each in a few words; empty where it restores everything.
#[must_use]
pub fn irreversible<T: Types + Objects + ?Sized>(plan: &Plan, types: &T) -> Vec<String> {
    let mut reasons = Vec::new();
    let places = Places::of(plan);
    for change in &plan.changes {
        match change {
            Change::DropTable(table) => reasons.push(format!("dropped table {}", table.name)),
            Change::AlterEnum { from, to, renamed } => {
                let kept = |value: &&String| to.values.contains(value) || renamed.contains_key(*value);
                let gone = from.values.iter().filter(|value| !kept(value));
                reasons.extend(gone.map(|value| format!("removed enum value {}.{value}", to.name)));
            }
            // Whatever else is defined by its SQL comes back as it was; the value that a counter has reached does not.
            Change::DropObject { id, .. } if id.kind == ObjectKind::Sequence => reasons.push(format!("dropped {id}")),
            // Another table may take its name, and its rows.
            Change::DropObject { id, object }
                if types.loses_rows(id, object, None)
                    && !plan.changes.iter().any(|comes| types.exchanges(change, comes, &[])) =>
            {
                reasons.push(format!("dropped {id}"));
            }
            Change::AlterObject { id, from, to } if types.loses_rows(id, from, Some(to)) => {
                reasons.push(format!("dropped rows of {id}"));
            }
            Change::AlterObject { id, from, to } => {
                let lost = lost_attributes(id, from, to).into_iter();
                reasons.extend(lost.map(|attribute| format!("dropped attribute {attribute}")));
            }
            Change::AlterTable { to, changes, .. } => {
                let lost = changes.iter().filter(|change| !places.come_back(&to.name, change));
                reasons.extend(lost.filter_map(|change| in_table(to, change, types)));
            }
            Change::Repartition { from, to } => {
                // Of partitions whose rows others take, those go that none takes.
                if regrouped(from, to).is_some() {
                    reasons.extend(from.iter().map(|table| format!("dropped table {}", table.name)));
                }
                for (table, changes) in copied(from, to) {
                    reasons.extend(changes.iter().filter_map(|change| in_table(table, change, types)));
                }
            }
            _ => {}
        }
    }
    // Whatever else the tables hold then, the one that such a key points at holds nothing.
    for found in keys_over_values(&Schema::default(), &plan.reverse) {
        let (table, key) = (found.table, found.key);
        let columns = key.columns.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
        reasons.push(format!(
            "values of {table}.{columns} point at {}, which comes back without rows",
            key.references
        ));
    }
    reasons
}

/// Columns that made place for another one, and get their values back from that.
struct Places<'a>(BTreeSet<(&'a Qualified, &'a Name)>);

impl<'a> Places<'a> {
    fn of(plan: &'a Plan) -> Self {
        let filled = plan.reverse.iter().filter_map(|change| match change {
            Change::Fill { table, column, .. } => Some((table, column)),
            _ => None,
        });
        let filled: BTreeSet<_> = filled.collect();
        let taken = plan.changes.iter().filter_map(|change| match change {
            Change::AlterTable { to, changes, .. } => Some((&to.name, changes)),
            _ => None,
        });
        let taken = taken.flat_map(|(table, changes)| {
            changes.iter().filter_map(move |change| match change {
                TableChange::RenameColumn { to, .. } => Some((table, to)),
                _ => None,
            })
        });
        Self(taken.filter(|place| filled.contains(place)).collect())
    }

    fn come_back(&self, table: &Qualified, change: &TableChange) -> bool {
        matches!(change, TableChange::DropColumn(column) if self.0.contains(&(table, &column.name)))
    }
}

fn in_table<T: Types + ?Sized>(table: &Table, change: &TableChange, types: &T) -> Option<String> {
    match change {
        TableChange::DropColumn(column) if !matches!(column.value, ColumnValue::Generated { .. }) => {
            Some(format!("dropped column {}.{}", table.name, column.name))
        }
        _ if change.gives_values_up().is_some() => {
            let column = change.gives_values_up()?;
            Some(format!("dropped values of {}.{}", table.name, column.name))
        }
        TableChange::AlterColumn { from, to } => {
            let safe = |from, to| from == to || types.cast(from, to) == Cast::Safe;
            if !safe(&from.ty, &to.ty) || !safe(&to.ty, &from.ty) {
                Some(format!("changed type of {}.{}", table.name, to.name))
            } else if to.nullable && !from.nullable && !matches!(from.value, ColumnValue::Default(_)) {
                Some(format!("NOT NULL without default on {}.{}", table.name, to.name))
            } else {
                None
            }
        }
        _ => None,
    }
}
