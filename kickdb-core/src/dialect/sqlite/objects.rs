//! Views, triggers and virtual tables.
//!
//! SQLite holds none of them to anything: a table may go from under a view, which then cannot be read. What it does is to
//! drop the triggers of a table with it, and to write new names into the views and triggers that say a table or column
//! which is renamed.

use super::emit::is_rebuild;
use super::token::quoted_name;
use super::{Sqlite, catalog};
use crate::dialect::{Dialect, EmitError, Objects, Uses};
use crate::diff::{Change, TableChange};
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

    fn disturbs(&self, change: &Change, _: &[Change], _: &Schema, id: &ObjectId, uses: &Uses) -> bool {
        match change {
            // What SQLite makes of the text is not what the text of the target is.
            Change::RenameTable { from, to } => uses.held.says(from) || uses.held.says(to),
            Change::AlterTable { from, to, changes } => {
                let renames = |change: &TableChange| matches!(change, TableChange::RenameColumn { .. });
                // The triggers of the table that is dropped go with it.
                let goes = id.kind == ObjectKind::Trigger && id.on.as_ref() == Some(&to.name);
                (goes && is_rebuild(from, to, changes)) || (changes.iter().any(renames) && uses.held.says(&to.name))
            }
            _ => false,
        }
    }

    fn create_object(
        &self,
        _: &ObjectId,
        object: &Object,
        _: &[Change],
        _: &Schema,
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        out.push(object.sql.clone());
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
