//! Views, triggers and virtual tables.
//!
//! SQLite holds none of them to anything: a table may go from under a view, which then cannot be read. What it does is to
//! drop the triggers of a table with it, and to write new names into the views and triggers that say a table or column
//! which is renamed.

use super::doubt;
use super::emit::is_rebuild;
use super::exchange::Exchange;
use super::expr::same;
use super::token::quoted_name;
use super::{Sqlite, catalog, virtual_table};
use crate::dialect::{Dialect, EmitError, Objects, Uses};
use crate::diff::{Change, TableChange};
use crate::ident::Qualified;
use crate::ir::{Object, ObjectId, ObjectKind, Schema};
use crate::lex::Said;
use crate::plan::Steps;

/// The schema whose objects need no prefix.
const DEFAULT_SCHEMA: &str = "main";

impl Objects for Sqlite {
    fn read_object(&self, sql: &str) -> Result<(ObjectId, Object), String> {
        catalog::read_object(sql)
    }

    fn said(&self, sql: &str) -> Said {
        Said::of(sql, self.lexis(), DEFAULT_SCHEMA)
    }

    /// What stands in the parentheses of a virtual table is its module's own: no name of a table, but for that of its content.
    fn uses(&self, id: &ObjectId, object: &Object) -> Uses {
        let said = |sql: &str| self.said(sql);
        if id.kind == ObjectKind::VirtualTable {
            return Uses {
                held: Said::default(),
                said: said(&virtual_table::said(&object.sql)),
            };
        }
        Uses {
            held: said(&object.sql),
            said: Said::default(),
        }
    }

    fn doubts(&self, schema: &Schema) -> bool {
        doubt::any(schema)
    }

    fn alters_in_place(&self, id: &ObjectId, from: &Object, to: &Object) -> bool {
        id.kind == ObjectKind::VirtualTable || from == to
    }

    fn disturbs(&self, change: &Change, _: &[Change], _: &Schema, id: &ObjectId, uses: &Uses) -> bool {
        match change {
            // What SQLite makes of the text is not what the text of the target is.
            Change::RenameTable { from, to } => uses.held.says(from) || uses.held.says(to),
            Change::AlterTable { from, to, changes } => {
                let renames = |change: &TableChange| matches!(change, TableChange::RenameColumn { .. });
                // The triggers of the table that is dropped go with it.
                let goes = id.kind == ObjectKind::Trigger && id.on.as_ref() == Some(&to.name);
                (goes && is_rebuild(from, to, changes, true))
                    || (changes.iter().any(renames) && uses.held.says(&to.name))
            }
            _ => false,
        }
    }

    fn loses_rows(&self, id: &ObjectId, from: &Object, to: Option<&Object>) -> bool {
        id.kind == ObjectKind::VirtualTable && virtual_table::loses_rows(&from.sql, to.map(|to| &*to.sql))
    }

    fn exchanges(&self, gone: &Change, comes: &Change, between: &[Change]) -> bool {
        let exchange = Exchange::of(gone, comes);
        exchange.is_some_and(|exchange| !between.iter().any(|change| exchange.is_in_the_way(change)))
    }

    fn exchange(&self, gone: &Change, comes: &Change, state: &Schema, out: &mut Steps) -> Result<bool, EmitError> {
        let Some(exchange) = Exchange::of(gone, comes) else {
            return Ok(false);
        };
        exchange.emit(state, out)?;
        Ok(true)
    }

    fn create_object(
        &self,
        id: &ObjectId,
        object: &Object,
        _: &[Change],
        state: &Schema,
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        match id.kind {
            ObjectKind::VirtualTable => virtual_table::make(id, object, state, out),
            _ => out.push(object.sql.clone()),
        }
        Ok(())
    }

    fn alter_object(
        &self,
        id: &ObjectId,
        from: &Object,
        to: &Object,
        (state, _): (&Schema, &[Change]),
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        let has = |name: &Qualified| {
            let named = |other: &Qualified| same(other.name.as_str(), name.name.as_str());
            state.tables.keys().any(named) || state.objects.keys().any(|id| id.on.is_none() && named(&id.name))
        };
        virtual_table::remake(id, from, to, has, out);
        Ok(())
    }

    fn drop_object(&self, id: &ObjectId, _: &Object, _: &Schema, out: &mut Steps) -> Result<(), EmitError> {
        let kind = match id.kind {
            ObjectKind::View => "VIEW",
            ObjectKind::Trigger => "TRIGGER",
            _ => "TABLE",
        };
        out.push(format!("DROP {kind} {}", quoted_name(id.name.name.as_str())));
        Ok(())
    }
}
