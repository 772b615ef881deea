use super::EmitError;
use crate::diff::Change;
use crate::ident::{Name, Qualified};
use crate::ir::{Column, Object, ObjectId, Schema, Table};
use crate::lex::Said;
use crate::plan::Steps;

/// The names in an object's definition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// What the engine holds the object to: it refuses to drop or change that under it.
    pub held: Said,
    /// What else is said, in the body of a function for example: it must be there when the object is made.
    pub said: Said,
}

/// What is written of rows that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writes<'a> {
    /// A column.
    Column(&'a Name),
    /// All: rows go from one table to another.
    Rows,
}

/// Whether an object must make room for a change.
pub type Disturbs<'a> = Box<dyn Fn(&ObjectId, &Uses) -> bool + 'a>;

/// Views, functions, triggers and whatever else an engine defines by its own SQL.
///
/// An engine without any of them implements nothing of this.
pub trait Objects {
    /// Reads the statement that makes an object, as a user writes it: which object that is, and what it is. Not yet in
    /// normal form.
    ///
    /// # Errors
    ///
    /// A sentence, when it is no such statement.
    fn read_object(&self, sql: &str) -> Result<(ObjectId, Object), String> {
        let _ = sql;
        Err("this engine has no objects of its own SQL".to_owned())
    }

    /// Reads a statement that adds to what is declared already: a named schema, a comment on a view, a trigger that does not
    /// fire. `None` where it is no such statement.
    ///
    /// # Errors
    ///
    /// A sentence, when what it adds to is not declared.
    fn amend(&self, sql: &str, schema: &mut Schema) -> Option<Result<(), String>> {
        let _ = (sql, schema);
        None
    }

    /// The names in a piece of this engine's SQL.
    fn said(&self, sql: &str) -> Said;

    /// The names in an object's definition.
    fn uses(&self, id: &ObjectId, object: &Object) -> Uses {
        let _ = id;
        let mut held = self.said(&object.sql);
        for text in object.facets.values() {
            held.extend(&self.said(text));
        }
        Uses {
            held,
            said: Said::default(),
        }
    }

    /// Whether an object must make room for a change of a table, a type or another object that it uses, and be made again after it.
    ///
    /// `later` is what follows the change, `to` the schema after all of them.
    fn disturbs(&self, change: &Change, later: &[Change], to: &Schema, id: &ObjectId, uses: &Uses) -> bool {
        let _ = (change, later, to, id, uses);
        false
    }

    /// The same question about one change, for many objects; `None` where no object needs to make room.
    fn disturbance<'a>(&'a self, change: &'a Change, later: &'a [Change], to: &'a Schema) -> Option<Disturbs<'a>> {
        Some(Box::new(move |id, uses| self.disturbs(change, later, to, id, uses)))
    }

    /// The table whose rows are written where they are by the statements of a change, so that triggers on it see them, and what
    /// of them is.
    ///
    /// `to` is the schema after all changes.
    fn writes<'a>(&self, change: &'a Change, to: &'a Schema) -> Option<(&'a Qualified, Writes<'a>)> {
        let _ = to;
        match change {
            Change::Fill { table, column, .. } => Some((table, Writes::Column(column))),
            _ => None,
        }
    }

    /// Whether a view or trigger of the schema may have been broken for long: it says what is not there. To the engine it would
    /// be in the way of what it has nothing to do with.
    fn doubts(&self, schema: &Schema) -> bool {
        let _ = schema;
        false
    }

    /// Whether the object can be changed where it is. Where not, it is dropped and made again, with what is held to it.
    fn alters_in_place(&self, id: &ObjectId, from: &Object, to: &Object) -> bool {
        let _ = id;
        from.sql == to.sql && from.facets == to.facets
    }

    /// Whether an object keeps rows that go with it, or when it becomes another one, `to`.
    fn loses_rows(&self, id: &ObjectId, from: &Object, to: Option<&Object>) -> bool {
        let _ = (id, from, to);
        false
    }

    /// Whether a table goes whose name an object takes, or the other way round, and the rows go along: both are one change then.
    /// `between` are the changes between the two.
    fn exchanges(&self, gone: &Change, comes: &Change, between: &[Change]) -> bool {
        let _ = (gone, comes, between);
        false
    }

    /// Writes two changes, one behind the other, as one, where [`exchanges`](Self::exchanges) says so of them. Says whether it
    /// did. `state` is the schema just before.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn exchange(&self, gone: &Change, comes: &Change, state: &Schema, out: &mut Steps) -> Result<bool, EmitError> {
        let _ = (gone, comes, state, out);
        Ok(false)
    }

    /// What an object that is changed where it is must be before any table changes, where that is something in between: a
    /// sequence that lets go of the column it would go with.
    fn loosened(&self, id: &ObjectId, from: &Object, to: &Object) -> Option<Object> {
        let _ = (id, from, to);
        None
    }

    /// The table and the column that a sequence goes with.
    fn owner(&self, id: &ObjectId, object: &Object) -> Option<(Qualified, Name)> {
        let _ = (id, object);
        None
    }

    /// A column that counts by a sequence which can be anybody's: the same column as one that only draws from it, and the sequence
    /// as one of nobody.
    fn released(&self, table: &Table, column: &Column) -> Option<(Column, ObjectId, Object)> {
        let _ = (table, column);
        None
    }

    /// Whether it is usually put into a database by those who run it, or who take its data elsewhere, rather than by those who
    /// write its schema: where nobody declares it, it is left alone.
    fn is_of_operations(&self, id: &ObjectId) -> bool {
        let _ = id;
        false
    }

    /// What an object that cannot make room, since tables hold it in place, is while something that it says goes: a domain
    /// without the check that calls the function. `None` for what is dropped and made again.
    fn without(&self, id: &ObjectId, object: &Object, gone: &ObjectId) -> Option<Object> {
        let _ = (id, object, gone);
        None
    }

    /// Whether an object is held to another one that it does not say: a view to a cast between the types of its columns.
    fn reaches(&self, other: &ObjectId, id: &ObjectId, uses: &Uses, schema: &Schema) -> bool {
        let _ = (other, id, uses, schema);
        false
    }

    /// What an object is during a change of a table that it would be in the way of, where it is not dropped and made again: a
    /// publication without that table. `None` where it is not in the way.
    fn aside(&self, id: &ObjectId, object: &Object, change: &Change) -> Option<Object> {
        let _ = (id, object, change);
        None
    }

    /// What the engine makes of an object that is changed where it is, when what it names takes another name: a publication gives
    /// the table that it gave. `None` where that is nothing else.
    fn follows(&self, id: &ObjectId, object: &Object, rename: &Change) -> Option<Object> {
        let _ = (id, object, rename);
        None
    }

    /// Writes the statements that say an object in a declaration, where all of the schema is declared.
    ///
    /// # Errors
    ///
    /// When the engine cannot make it.
    fn declared(&self, id: &ObjectId, object: &Object, schema: &Schema, out: &mut Steps) -> Result<(), EmitError> {
        let _ = schema;
        self.create_object(id, object, &[], &Schema::default(), out)
    }

    /// Writes the creation of an object; `later` is what follows in the same script, `state` is the schema just before it.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn create_object(
        &self,
        id: &ObjectId,
        object: &Object,
        later: &[Change],
        state: &Schema,
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        let _ = (object, later, state, out);
        Err(none(id))
    }

    /// Writes the removal of an object; `state` is the schema just before it.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn drop_object(&self, id: &ObjectId, object: &Object, state: &Schema, out: &mut Steps) -> Result<(), EmitError> {
        let _ = (object, state, out);
        Err(none(id))
    }

    /// Writes a change of an object that [`alters_in_place`](Self::alters_in_place); `place` is the schema just before
    /// it and what follows it.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn alter_object(
        &self,
        id: &ObjectId,
        from: &Object,
        to: &Object,
        place: (&Schema, &[Change]),
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        let _ = (from, to, place, out);
        Err(none(id))
    }

    /// Writes the new names of a composite type's attributes, one after the other; `state` is the schema just before it.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn rename_attributes(
        &self,
        id: &ObjectId,
        steps: &[(Name, Name)],
        state: &Schema,
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        let _ = (steps, state, out);
        Err(none(id))
    }
}

fn none(id: &ObjectId) -> EmitError {
    EmitError {
        object: id.name.to_string(),
        message: format!("this engine has no {}; remove it for this target", id.kind.title()),
    }
}
