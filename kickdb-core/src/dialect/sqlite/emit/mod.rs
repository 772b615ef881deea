//! SQLite's DDL: everything inline in `CREATE TABLE`, an `ALTER TABLE` where there is one, and a rebuild where there is none.

mod alter;
mod compare;
mod convert;
mod create;
mod rebuild;
mod rename;

pub(super) use self::alter::is_rebuild;
#[cfg(feature = "sqlite")]
pub(in crate::dialect) use self::rebuild::step as rebuild_step;
pub(super) use self::rebuild::{insert, new_name, value};

use super::Sqlite;
use super::exchange::{LOST, takes_name};
use super::expr::same;
use super::token::quoted_name;
use crate::dialect::{Emit, EmitError, fill};
use crate::diff::{Change, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Schema, Table};
use crate::plan::Steps;

impl Emit for Sqlite {
    fn create_table(&self, t: &Table, _state: &Schema, out: &mut Steps) -> Result<(), EmitError> {
        out.push(create::table(t, &t.name.name)?);
        for index in t.indexes.values() {
            out.push(create::index(index, t));
        }
        Ok(())
    }

    fn drop_table(&self, t: &Table, (_, later): (&Schema, &[Change]), out: &mut Steps) -> Result<(), EmitError> {
        // While foreign keys are enforced, DROP TABLE deletes the rows first, and the delete cascades to the tables that
        // point to it (https://www.sqlite.org/foreignkeys.html, section 5). The plan drops those first, and switches foreign
        // keys off where that is not enough.
        let sql = format!("DROP TABLE {}", quoted_name(t.name.name.as_str()));
        let replaced = |change: &Change| matches!(change, Change::CreateObject { id, .. } if takes_name(id, &t.name));
        if later.iter().any(replaced) {
            out.push_noted(sql, LOST);
        } else {
            out.push(sql);
        }
        Ok(())
    }

    fn rename_table(&self, from: &Qualified, to: &Qualified, out: &mut Steps) -> Result<(), EmitError> {
        let (from, to) = (from.name.as_str(), to.name.as_str());
        if same(from, to) {
            // To SQLite the table is in the way of itself.
            let between = format!("kick_old_{from}");
            rename::passing_over(
                vec![rename_statement(from, &between), rename_statement(&between, to)],
                out,
            );
        } else {
            rename::passing_over(vec![rename_statement(from, to)], out);
        }
        Ok(())
    }

    fn alter_table(
        &self,
        from: &Table,
        to: &Table,
        changes: &[TableChange],
        _state: &Schema,
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        alter::alter(from, to, changes, out)
    }

    fn fill(&self, table: &Table, column: &Name, value: &str, _: &Schema, out: &mut Steps) {
        out.push(fill::update(self, table, column, value, &[]));
    }
}

fn rename_statement(from: &str, to: &str) -> String {
    format!("ALTER TABLE {} RENAME TO {}", quoted_name(from), quoted_name(to))
}

#[cfg(test)]
mod tests;
