//! PostgreSQL's DDL.

mod along;
mod alter;
mod column;
mod columns;
mod create;
mod define;
mod enums;
mod hidden;
mod mention;
mod online;
mod partial;
mod regroup;
mod remake;
mod repartition;
mod rights;
mod rows;
mod users;
pub(super) use self::alter::{not_of, of_type, reshapes};
pub(super) use self::column::{conversion, push_all};
pub(super) use self::columns::is_remade;
pub(super) use self::define::check as check_definition;
pub(super) use self::enums::is_made_again;
pub(super) use self::mention::{exclusion_uses, generated_from, index_uses, mentions};
pub(super) use self::remake::{Remake, Root};
pub(super) use self::rows::is_numbered;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::syntax::{ident, literal, qualified};
use super::{Postgres, family, partition_rows};
use crate::dialect::{Emit, EmitError, fill};
use crate::diff::{Change, TableChange, regrouped};
use crate::ident::{Name, Qualified};
use crate::ir::{Enum, Schema, Table};
use crate::plan::{Step, Steps};

impl Emit for Postgres {
    fn create_namespace(&self, name: &Name, out: &mut Steps) -> Result<(), EmitError> {
        out.push(format!("CREATE SCHEMA {}", ident(name)));
        Ok(())
    }

    fn drop_namespace(&self, name: &Name, out: &mut Steps) -> Result<(), EmitError> {
        out.push(format!("DROP SCHEMA {}", ident(name)));
        Ok(())
    }

    fn create_enum(&self, e: &Enum, out: &mut Steps) -> Result<(), EmitError> {
        enums::create(e, out);
        comment("TYPE", &qualified(&e.name), e.comment.as_deref(), out);
        Ok(())
    }

    fn drop_enum(&self, e: &Enum, out: &mut Steps) -> Result<(), EmitError> {
        out.push(format!("DROP TYPE {}", qualified(&e.name)));
        Ok(())
    }

    fn rename_enum(&self, from: &Qualified, to: &Qualified, out: &mut Steps) -> Result<(), EmitError> {
        rename("TYPE", from, to, out);
        Ok(())
    }

    fn alter_enum(
        &self,
        from: &Enum,
        to: &Enum,
        renamed: &BTreeMap<String, String>,
        mentioned: &BTreeSet<String>,
        place: (&Schema, &[Change]),
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        enums::alter(from, to, renamed, mentioned, place, out)
    }

    fn create_table(&self, t: &Table, state: &Schema, out: &mut Steps) -> Result<(), EmitError> {
        create::table(t, state, out);
        Ok(())
    }

    fn drop_table(&self, t: &Table, place: (&Schema, &[Change]), out: &mut Steps) -> Result<(), EmitError> {
        for sql in partition_rows::leave_rows(t, place) {
            out.push(sql);
        }
        out.push(format!("DROP TABLE {}", qualified(&t.name)));
        Ok(())
    }

    fn rename_table(&self, from: &Qualified, to: &Qualified, out: &mut Steps) -> Result<(), EmitError> {
        rename("TABLE", from, to, out);
        Ok(())
    }

    fn alter_table(
        &self,
        from: &Table,
        to: &Table,
        changes: &[TableChange],
        state: &Schema,
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        alter::alter(from, to, changes, state, out);
        Ok(())
    }

    fn keys_from_above(&self, table: &Table) -> BTreeMap<Name, Name> {
        let said = table.options.get(super::options::KEYS_FROM_ABOVE);
        said.map(|said| super::options::names(said)).unwrap_or_default()
    }

    fn forget_keys_from_above(&self, options: &mut BTreeMap<String, String>) {
        options.remove(super::options::KEYS_FROM_ABOVE);
    }

    fn fill(&self, table: &Table, column: &Name, value: &str, state: &Schema, out: &mut Steps) {
        let sql = match out.online() {
            true => super::online::fill(table, column, value),
            false => fill::update(self, table, column, value, &[]),
        };
        push_all(rows::written(table, vec![(sql, None)], state), out);
    }

    fn see_all_rows(&self, change: &Change, state: &Schema, steps: Vec<Step>) -> Vec<Step> {
        hidden::open_around(change, state, steps)
    }

    fn repartition(
        &self,
        from: &[Table],
        to: &[Table],
        place: (&Schema, &[Change]),
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        match regrouped(from, to) {
            Some(above) => regroup::write(above, (from, to), place, out),
            None => repartition::write(from, to, place.0, out),
        }
        Ok(())
    }

    fn respreads(&self, table: &Table, change: &TableChange) -> bool {
        matches!(change, TableChange::AlterColumn { from, to }
            if (from.ty != to.ty || from.collation != to.collation) && repartition::spreads(table, &to.name))
    }

    fn column_order(&self, table: &Table, schema: &Schema) -> Option<Vec<Name>> {
        super::objects::order_of(table, schema)
    }

    fn gathered(&self, family: &[&Table], change: &Change, schema: &Schema) -> Option<Table> {
        repartition::gathered(family, change, schema)
    }

    fn keep_rights(&self, changes: &[Change], from: &Schema) -> Option<(String, String)> {
        rights::kept(changes, from)
    }

    fn rights_query(&self, changes: &[Change], from: &Schema) -> Option<String> {
        rights::query(changes, from)
    }

    fn keep_users(&self, changes: &[Change]) -> Option<(String, String)> {
        users::kept(changes)
    }

    fn ceases_to_log(&self, from: &BTreeMap<String, String>, to: &BTreeMap<String, String>) -> Option<bool> {
        let unlogged = |options: &BTreeMap<String, String>| options.contains_key(super::options::UNLOGGED);
        (unlogged(from) != unlogged(to)).then(|| unlogged(to))
    }

    fn spread(&self, change: &Change, state: &mut Schema) {
        family::spread(change, state);
    }
}

/// A comment where there is one.
fn comment(kind: &str, object: &str, text: Option<&str>, out: &mut Steps) {
    if let Some(text) = text {
        out.push(format!("COMMENT ON {kind} {object} IS {}", literal(text)));
    }
}

/// A comment that changes, or goes.
fn recomment(kind: &str, object: &str, from: Option<&str>, to: Option<&str>, out: &mut Steps) {
    match (from, to) {
        (from, to) if from == to => {}
        (_, Some(_)) => comment(kind, object, to, out),
        (_, None) => out.push(format!("COMMENT ON {kind} {object} IS NULL")),
    }
}

/// A new name, a new schema or both. The schema goes first, so that the old name is never taken in the new schema by another.
fn rename(kind: &str, from: &Qualified, to: &Qualified, out: &mut Steps) {
    let mut now = from.clone();
    if now.schema != to.schema {
        let schema = to.schema.as_ref().map_or_else(|| "\"public\"".to_owned(), ident);
        out.push(format!("ALTER {kind} {} SET SCHEMA {schema}", qualified(&now)));
        now.schema.clone_from(&to.schema);
    }
    if now.name != to.name {
        out.push(format!(
            "ALTER {kind} {} RENAME TO {}",
            qualified(&now),
            ident(&to.name)
        ));
    }
}
