//! Views, triggers, routines, events and sequences.

mod define;
mod order;
mod read;
mod sequence;
#[cfg(test)]
mod tests;

pub(super) use self::define::{Characteristics, Event, Parameter, Routine, Schedule, Trigger, View};
pub(super) use self::order::{ORDER, number};
pub(super) use self::read::{body, select};
pub(super) use self::sequence::{Numbers, facets as sequence_facets};
use super::Mysql;
use super::syntax::{literal, table};
use crate::dialect::mysql::emit::writes_down;
use crate::dialect::mysql::types::rewritten;
use crate::dialect::{Dialect, EmitError, Objects, Uses, Writes};
use crate::diff::{Change, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Object, ObjectId, ObjectKind, Schema};
use crate::lex::{Kind, Lexis, Said, Token, tokens};
use crate::plan::Steps;

/// What a statement means where the server was told to read it in another way.
pub(super) const SQL_MODE: &str = "sql_mode";

/// What else counts when one of two databases becomes just what the other is: every mode, the time zone of an event's times,
/// the collation of a view's texts. As facets they are set while the object is made.
pub(super) const WHOLE_SQL_MODE: &str = "whole_sql_mode";
pub(super) const TIME_ZONE: &str = "time_zone";
pub(super) const CONNECTION: &str = "collation_connection";
pub(super) const CLIENT: &str = "character_set_client";
/// The statement of a routine with the character set of every text.
pub(super) const WHOLE_TYPES: &str = "whole_types";

impl Objects for Mysql {
    fn read_object(&self, sql: &str) -> Result<(ObjectId, Object), String> {
        read::read(sql)
    }

    fn said(&self, sql: &str) -> Said {
        Said::of(sql, self.lexis(), "")
    }

    /// The server holds nothing to anything: a view whose table is gone fails when it is read. What an object says must be
    /// there when it is made; of a view as the server keeps it the tables are told from the columns.
    fn uses(&self, id: &ObjectId, object: &Object) -> Uses {
        let mut held = Said::default();
        if id.kind == ObjectKind::View {
            tables_of(&object.sql).iter().for_each(|name| held.add(name));
        }
        Uses {
            held,
            said: self.said(&object.sql),
        }
    }

    fn writes<'a>(&self, change: &'a Change, _: &'a Schema) -> Option<(&'a Qualified, Writes<'a>)> {
        match change {
            Change::Fill { table, column, .. } => Some((table, Writes::Column(column))),
            Change::AlterTable { to, changes, .. } => {
                let column = changes.iter().find_map(written)?;
                Some((&to.name, Writes::Column(column)))
            }
            _ => None,
        }
    }

    fn alters_in_place(&self, id: &ObjectId, from: &Object, to: &Object) -> bool {
        match id.kind {
            ObjectKind::View => from.facets == to.facets,
            ObjectKind::Sequence => sequence::same_direction(from, to),
            // It would stand behind all others of its moment.
            ObjectKind::Trigger => false,
            _ => from == to,
        }
    }

    fn create_object(
        &self,
        id: &ObjectId,
        object: &Object,
        _: &[Change],
        state: &Schema,
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        let sql = match id.kind {
            ObjectKind::Sequence => sequence::create(id, object),
            ObjectKind::Trigger => order::placed(id, object, state),
            _ => object.sql.clone(),
        };
        push(sql, object, out);
        Ok(())
    }

    fn declared(&self, id: &ObjectId, object: &Object, schema: &Schema, out: &mut Steps) -> Result<(), EmitError> {
        match id.kind {
            ObjectKind::Trigger => {
                push(order::declared(id, object, schema), object, out);
                Ok(())
            }
            _ => self.create_object(id, object, &[], &Schema::default(), out),
        }
    }

    fn drop_object(&self, id: &ObjectId, _: &Object, _: &Schema, out: &mut Steps) -> Result<(), EmitError> {
        let kind = id.kind.title().to_ascii_uppercase();
        out.push_outside(format!("DROP {kind} {}", table(&id.name)), None);
        Ok(())
    }

    fn alter_object(
        &self,
        id: &ObjectId,
        from: &Object,
        to: &Object,
        _: (&Schema, &[Change]),
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        if id.kind == ObjectKind::Sequence {
            if let Some(sql) = sequence::moved(id, from, to) {
                out.push_outside(sql, None);
            }
            if sequence::counts_otherwise(from, to) {
                out.push_outside(sequence::alter(id, from, to), None);
            }
            if let Some(sql) = sequence::alter_kept(id, from, to) {
                out.push_outside(sql, None);
            }
            return Ok(());
        }
        push(to.sql.replacen("CREATE", "CREATE OR REPLACE", 1), to, out);
        Ok(())
    }
}

/// The column that an update of the rows writes along with the change. No trigger of this engine is one of single columns.
fn written(change: &TableChange) -> Option<&Name> {
    match change {
        TableChange::RenameValues { column, .. } => Some(column),
        TableChange::AlterColumn { from, to } => {
            let counts = |column: &Column| matches!(column.value, ColumnValue::Identity(..));
            let numbered = from.nullable && !counts(from) && counts(to);
            let written = numbered || writes_down(from, to) || rewritten(&from.ty, &to.ty, "").is_some();
            written.then_some(&to.name)
        }
        _ => None,
    }
}

/// The tables and views in a view's query: names that neither stand behind a dot nor in front of one, nor behind what they
/// give a name to.
fn tables_of(sql: &str) -> Vec<Qualified> {
    let solid = tokens(sql, Lexis::MYSQL).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
    let solid: Vec<Token<'_>> = solid.collect();
    let names = solid.iter().enumerate().filter(|(at, token)| {
        let before = at.checked_sub(1).and_then(|at| solid.get(at));
        let alias = before.is_some_and(|before| {
            before.kind == Kind::Quoted
                || before.text == ")"
                || before.text == "."
                || before.text.eq_ignore_ascii_case("as")
        });
        token.kind == Kind::Quoted && !alias && solid.get(at + 1).is_none_or(|after| after.text != ".")
    });
    let names = names.map(|(_, token)| token.text.trim_matches('`').replace("``", "`"));
    names
        .filter_map(|name| Name::new(name).ok().map(Qualified::local))
        .collect()
}

/// A statement that the server reads as it was told when it was made first.
fn push(sql: String, object: &Object, out: &mut Steps) {
    let facet = |name: &str| object.facets.get(name).map(|value| literal(value));
    let mode = facet(SQL_MODE).map(|mode| format!("CONCAT(@@sql_mode, ',', {mode})"));
    let rules = [
        ("sql_mode", facet(WHOLE_SQL_MODE).or(mode)),
        (TIME_ZONE, facet(TIME_ZONE)),
        (CLIENT, facet(CLIENT)),
        (CONNECTION, facet(CONNECTION)),
    ];
    let rules: Vec<(&str, String)> = rules
        .into_iter()
        .filter_map(|(variable, value)| Some((variable, value?)))
        .collect();
    let list = |each: &dyn Fn(&(&str, String)) -> String| rules.iter().map(each).collect::<Vec<_>>().join(", ");
    if !rules.is_empty() {
        let set = |(variable, value): &(&str, String)| {
            format!("@kickdb_{variable} = @@{variable}, SESSION {variable} = {value}")
        };
        out.push_outside(format!("SET {}", list(&set)), None);
    }
    out.push_outside(sql, None);
    if !rules.is_empty() {
        let back = |(variable, _): &(&str, String)| format!("SESSION {variable} = @kickdb_{variable}");
        out.push_outside(format!("SET {}", list(&back)), None);
    }
}
