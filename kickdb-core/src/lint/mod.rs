//! What a set of changes destroys, found before it is written.

use std::collections::BTreeSet;

use crate::dialect::{Cast, Types};
use crate::diff::{Change, TableChange, copied};
use crate::ir::{ColumnValue, ObjectKind, Table};

mod hazard;

pub use self::hazard::{Hazard, Level};

const SET_NOT_NULL: &str = "set_not_null";

/// Everything that the changes destroy, or that can fail on the rows that are there, in the order of the changes.
#[must_use]
pub fn hazards<T: Types + ?Sized>(changes: &[Change], types: &T) -> Vec<Hazard> {
    let mut found = Vec::new();
    let mut filled = BTreeSet::new();
    for change in changes {
        match change {
            Change::Fill { table, column, .. } => drop(filled.insert(format!("{table}.{column}"))),
            Change::DropTable(table) => found.push(Hazard::new(
                "drop_table",
                Level::Deny,
                table.name.to_string(),
                "the table goes with all of its rows",
            )),
            Change::AlterEnum { from, to, renamed } => {
                let kept = |value: &&String| to.values.contains(value) || renamed.contains_key(*value);
                for value in from.values.iter().filter(|value| !kept(value)) {
                    found.push(Hazard::new(
                        "drop_enum_value",
                        Level::Deny,
                        format!("{}.{value}", to.name),
                        "rows that still hold the value make the migration fail; change them first",
                    ));
                }
            }
            Change::DropObject { id, .. } if id.kind == ObjectKind::Sequence => found.push(Hazard::new(
                "drop_sequence",
                Level::Warn,
                id.name.to_string(),
                "the counter goes; made again it starts from its beginning",
            )),
            Change::AlterTable { to, changes, .. } => {
                let hazards = changes.iter().filter_map(|change| in_table(to, change, types));
                // Rows that get a value in the same breath do not lack one.
                found.extend(hazards.filter(|hazard| hazard.code != SET_NOT_NULL || !filled.contains(&hazard.object)));
            }
            Change::Repartition { from, to } => {
                for (table, changes) in copied(from, to) {
                    found.extend(changes.iter().filter_map(|change| in_table(table, change, types)));
                }
                found.extend(to.first().map(|table| {
                    Hazard::new(
                        "copy_table",
                        Level::Warn,
                        table.name.to_string(),
                        "all rows are copied into a new table, and nobody reads or writes it meanwhile",
                    )
                }));
            }
            _ => {}
        }
    }
    found
}

fn in_table<T: Types + ?Sized>(table: &Table, change: &TableChange, types: &T) -> Option<Hazard> {
    let hazard = |code, level, column, message: &str| {
        Some(Hazard::new(code, level, format!("{}.{column}", table.name), message))
    };
    match change {
        // What is computed from other columns can be computed again.
        TableChange::DropColumn(column) if matches!(column.value, ColumnValue::Generated { .. }) => None,
        TableChange::DropColumn(column) => hazard(
            "drop_column",
            Level::Deny,
            &column.name,
            "the column goes with all of its values",
        ),
        TableChange::AddColumn(column) if !column.nullable && column.value == ColumnValue::Required => hazard(
            "required_column",
            Level::Warn,
            &column.name,
            "the column is NOT NULL and has no default, so the migration fails where the table has rows; add a default, or generate it with `--backfill`",
        ),
        TableChange::AlterColumn { from, to } if from.ty != to.ty => match types.cast(&from.ty, &to.ty) {
            Cast::Safe => None,
            Cast::Risky(why) => hazard("narrow_type", Level::Warn, &to.name, why),
            Cast::Impossible => hazard(
                "change_type",
                Level::Deny,
                &to.name,
                "no value of the old type becomes one of the new type",
            ),
        },
        TableChange::AlterColumn { from, to } if from.nullable && !to.nullable => hazard(
            SET_NOT_NULL,
            Level::Warn,
            &to.name,
            "rows that hold NULL make the migration fail; generate it with `--backfill`, or fill them first",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::hazards;
    use crate::dialect::ALL;
    use crate::diff::Change;
    use crate::ident::{Name, Qualified};
    use crate::ir::{Object, ObjectId, ObjectKind};

    #[test]
    fn a_counter_that_goes_is_a_hazard_and_a_view_is_none() {
        let drop = |kind| Change::DropObject {
            id: ObjectId::new(kind, Qualified::local(Name::new("numbers").unwrap())),
            object: Object::default(),
        };
        for dialect in ALL {
            let found = hazards(&[drop(ObjectKind::View), drop(ObjectKind::Sequence)], *dialect);
            let codes = found.iter().map(|hazard| hazard.code.as_str()).collect::<Vec<_>>();
            assert_eq!(codes, ["drop_sequence"]);
        }
    }
}
