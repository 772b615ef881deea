//! MariaDB's DDL: everything inline in `CREATE TABLE`, and as few `ALTER TABLE` as the engine allows.
//!
//! DDL commits by itself there, so no transaction is of use, and each statement is a point at which a script can stop: the
//! fewer, the better.

mod alter;
mod column;
mod create;
mod elsewhere;
mod guard;
mod online;
mod over_values;
mod partition;
mod places;

pub(super) use self::alter::columns::writes_down;
use super::Mysql;
use super::keys;
use super::syntax::{ident, table};
use crate::dialect::mysql::normalize::ON_UPDATE;
use crate::dialect::mysql::types::OWN_VALUE;
use crate::dialect::{Emit, EmitError, fill};
use crate::diff::{Change, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Expr, ForeignKey, Index, IndexKey, IndexPart, Schema, Table};
use crate::plan::{KeyOverValues, OptionsOverRows, Step, Steps};

/// The `utf8` of a client is utf8mb3, which has no character of four bytes and writes `?` for one.
const FOUR_BYTES: &str = "SET SESSION character_set_client = 'utf8mb4', SESSION collation_connection = \
     IF(@@collation_connection LIKE 'utf8mb4%', @@collation_connection, 'utf8mb4_general_ci')";

impl Emit for Mysql {
    fn ahead_of_text(&self, steps: &[Step]) -> Option<&'static str> {
        let mut characters = steps.iter().flat_map(|step| step.sql.chars());
        characters.any(|c| c.len_utf8() == 4).then_some(FOUR_BYTES)
    }

    fn create_table(&self, t: &Table, state: &Schema, out: &mut Steps) -> Result<(), EmitError> {
        out.push_outside(create::table(t, state)?, None);
        Ok(())
    }

    fn drop_table(&self, t: &Table, _: (&Schema, &[Change]), out: &mut Steps) -> Result<(), EmitError> {
        out.push_outside(format!("DROP TABLE {}", table(&t.name)), None);
        Ok(())
    }

    fn rename_table(&self, from: &Qualified, to: &Qualified, out: &mut Steps) -> Result<(), EmitError> {
        out.push_outside(format!("ALTER TABLE {} RENAME TO {}", table(from), table(to)), None);
        Ok(())
    }

    /// InnoDB takes every key that starts like those it names itself along
    /// (<https://dev.mysql.com/doc/refman/8.4/en/rename-table.html>).
    fn key_after_rename(&self, key: &Name, from: &Qualified, to: &Qualified) -> Option<Name> {
        let number = key.as_str().strip_prefix(from.name.as_str())?.strip_prefix("_ibfk_")?;
        if number.is_empty() {
            return None;
        }
        Name::new(format!("{}_ibfk_{number}", to.name)).ok()
    }

    /// What it had made under its old name is an index like any other then (MariaDB 10.11).
    fn index_after_rename(&self, key: &Name, table: &Table) -> Option<Index> {
        let key = table
            .foreign_keys
            .get(key)
            .filter(|key| keys::makes_index(key, table))?;
        let parts = key.columns.iter().cloned().map(IndexKey::Column).map(IndexPart::new);
        Some(Index::new(key.name.clone(), parts.collect()))
    }

    fn alter_table(
        &self,
        from: &Table,
        to: &Table,
        changes: &[TableChange],
        state: &Schema,
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        alter::table(from, to, changes, state, out)
    }

    fn spread(&self, change: &Change, state: &mut Schema) {
        if let Change::RenameTable { from, to } = change
            && let Some(table) = state.tables.get_mut(to)
        {
            let renamed = table.foreign_keys.keys().filter_map(|key| {
                let new = self.key_after_rename(key, from, to)?;
                Some((key.clone(), new, self.index_after_rename(key, table)))
            });
            let renamed: Vec<(Name, Name, Option<Index>)> = renamed.collect();
            let keys = renamed.iter().filter_map(|(key, _, _)| table.foreign_keys.remove(key));
            let keys: Vec<ForeignKey> = keys.collect();
            for (mut key, (_, name, left)) in keys.into_iter().zip(renamed) {
                key.name = name;
                table.foreign_keys.insert(key.name.clone(), key);
                table.indexes.extend(left.map(|index| (index.name.clone(), index)));
            }
        }
        let Change::AlterTable { to, changes, .. } = change else {
            return;
        };
        for change in changes {
            if let TableChange::RenameColumn { from, to: new } = change
                && let Some(table) = state.tables.get_mut(&to.name)
            {
                alter::columns::rename_own_check(table, from, new);
            }
        }
    }

    fn look_for_values(&self, key: &KeyOverValues<'_>, out: &mut Steps) {
        over_values::look(key, out);
    }

    fn look_for_tables(&self, changes: &[Change], out: &mut Steps) {
        elsewhere::look(changes, out);
    }

    fn look_for_places(&self, table: &OptionsOverRows<'_>, out: &mut Steps) {
        places::look(table, out);
    }

    fn fill(&self, table: &Table, column: &Name, value: &str, _: &Schema, out: &mut Steps) {
        let kept = renewed(table, column).collect::<Vec<_>>();
        // The default of a column can go on with what every update does to it.
        let value = value.split_once(ON_UPDATE).map_or(value, |(value, _)| value);
        if out.online() {
            let same = kept.iter().map(|name| format!(", {0} = {0}", ident(name)));
            if let Some(batches) = super::online::fill(table, column, value, &same.collect::<String>()) {
                return batches.into_iter().for_each(|sql| out.push_outside(sql, None));
            }
        }
        let update = fill::update(self, table, column, value, &kept);
        // A variable without a value would count nothing: one statement, however it is broken off.
        let update = match value.contains(OWN_VALUE) {
            true => format!("BEGIN NOT ATOMIC\n  SET @kick_row = 0;\n  {update};\nEND"),
            false => update,
        };
        out.push_outside(update, None);
    }
}

/// Numbers the rows that hold NULL in a column which is to count, behind the numbers that are there.
fn numbered(of: &Table, column: &Column) -> String {
    let kept = renewed(of, &column.name).collect::<Vec<_>>();
    let update = fill::update(&Mysql, of, &column.name, OWN_VALUE, &kept);
    let (name, place) = (ident(&column.name), table(&of.name));
    format!("BEGIN NOT ATOMIC\n  SET @kick_row = (SELECT coalesce(max({name} + 0), 0) FROM {place});\n  {update};\nEND")
}

/// The columns that an update writes anew although it does not say them, but for the one that it is about.
fn renewed<'a>(table: &'a Table, column: &'a Name) -> impl Iterator<Item = &'a Name> {
    let renewed =
        |other: &&Column| matches!(&other.value, ColumnValue::Default(Expr::Sql(sql)) if sql.contains(ON_UPDATE));
    let names = table.columns.iter().filter(renewed).map(|column| &column.name);
    names.filter(move |name| *name != column)
}

fn refused(table: &Qualified, column: &Name, why: impl std::fmt::Display) -> EmitError {
    EmitError {
        object: format!("{table}.{column}"),
        message: why.to_string(),
    }
}

#[cfg(test)]
mod tests;
