//! The DDL of an engine.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::{Change, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Enum, Index, Schema, Table};
use crate::plan::{KeyOverValues, OptionsOverRows, Step, Steps};

/// What stands above the statement with which a plain column becomes a computed one.
pub(crate) const COMPUTED: &str = "What a column that is computed from now on has held in the rows goes";

/// The DDL of an engine. Every schema given here is in normal form: an engine without named schemas or enum types is not asked
/// for any, and refuses.
pub trait Emit {
    /// Writes the creation of a named schema.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn create_namespace(&self, name: &Name, out: &mut Steps) -> Result<(), EmitError> {
        let _ = out;
        Err(no_schemas(name))
    }
    /// Writes the removal of a named schema.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn drop_namespace(&self, name: &Name, out: &mut Steps) -> Result<(), EmitError> {
        let _ = out;
        Err(no_schemas(name))
    }
    /// Writes the creation of an enum.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn create_enum(&self, e: &Enum, out: &mut Steps) -> Result<(), EmitError> {
        let _ = out;
        Err(no_enums(&e.name))
    }
    /// Writes the removal of an enum.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn drop_enum(&self, e: &Enum, out: &mut Steps) -> Result<(), EmitError> {
        let _ = out;
        Err(no_enums(&e.name))
    }
    /// Writes the new name of an enum.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn rename_enum(&self, from: &Qualified, to: &Qualified, out: &mut Steps) -> Result<(), EmitError> {
        let _ = (to, out);
        Err(no_enums(from))
    }
    /// Writes a change of an enum's values. `mentioned`
    /// are values of `to` that later statements of the same script name (in a default, a check, a predicate); `place` is the
    /// schema just before it and what follows it.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn alter_enum(
        &self,
        from: &Enum,
        to: &Enum,
        renamed: &BTreeMap<String, String>,
        mentioned: &BTreeSet<String>,
        place: (&Schema, &[Change]),
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        let _ = (to, renamed, mentioned, place, out);
        Err(no_enums(&from.name))
    }
    /// Writes the creation of a table with all that belongs to it. `state` is the schema just before.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn create_table(&self, t: &Table, state: &Schema, out: &mut Steps) -> Result<(), EmitError>;
    /// Writes the removal of a table; `place` is the schema just before it and what follows it.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn drop_table(&self, t: &Table, place: (&Schema, &[Change]), out: &mut Steps) -> Result<(), EmitError>;
    /// Writes the new name of a table.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn rename_table(&self, from: &Qualified, to: &Qualified, out: &mut Steps) -> Result<(), EmitError>;
    /// The name that a foreign key of a table has once that took another name, where the engine changes it along.
    fn key_after_rename(&self, key: &Name, from: &Qualified, to: &Qualified) -> Option<Name> {
        let _ = (key, from, to);
        None
    }
    /// The index of its own that a foreign key leaves behind when it takes another name along with its table, where that keeps
    /// the name which it had.
    fn index_after_rename(&self, key: &Name, table: &Table) -> Option<Index> {
        let _ = (key, table);
        None
    }
    /// The foreign keys that a partition has from the table above it under another name than that has: by the name above.
    fn keys_from_above(&self, table: &Table) -> BTreeMap<Name, Name> {
        let _ = table;
        BTreeMap::new()
    }
    /// Takes that out of a table's options.
    fn forget_keys_from_above(&self, options: &mut BTreeMap<String, String>) {
        let _ = options;
    }
    /// Writes one table's whole group of changes: ALTERs or a rebuild, the dialect decides. `state` is the schema just before.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn alter_table(
        &self,
        from: &Table,
        to: &Table,
        changes: &[TableChange],
        state: &Schema,
        out: &mut Steps,
    ) -> Result<(), EmitError>;
    /// Writes that rows which hold NULL in a column get a value. `table` is the table at that point, and
    /// `state` the schema.
    fn fill(&self, table: &Table, column: &Name, value: &str, state: &Schema, out: &mut Steps);
    /// Adds to the `steps` of a change what they need to see all rows that they are to read or write, where the engine hides some
    /// from whoever alters a table. `state` is the schema just before.
    fn see_all_rows(&self, change: &Change, state: &Schema, steps: Vec<Step>) -> Vec<Step> {
        let _ = (change, state);
        steps
    }
    /// Writes what fails, before anything is done, where values are in the way of a foreign key that comes at the end. Where the
    /// whole script is taken back then, there is nothing to write.
    fn look_for_values(&self, key: &KeyOverValues<'_>, out: &mut Steps) {
        let _ = (key, out);
    }
    /// Writes what fails, before anything is done, where a table of another database is not there that a foreign key to come
    /// points at. Where there are no such keys, or the whole script is taken back then, there is nothing to write.
    fn look_for_tables(&self, changes: &[Change], out: &mut Steps) {
        let _ = (changes, out);
    }
    /// Writes what fails, before anything is done, where the options to come have no place for rows that are there, or a column
    /// becomes NOT NULL of which rows that nothing can change hold NULL.
    fn look_for_places(&self, table: &OptionsOverRows<'_>, out: &mut Steps) {
        let _ = (table, out);
    }
    /// Writes that tables are made again under the names that they have, and the rows of the first of `to` copied: the rows
    /// are spread another way. `place` is the schema just before, and what comes later.
    ///
    /// Where none of `to` has the name of one of `from`, those are partitions that go, and these take their rows.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn repartition(
        &self,
        from: &[Table],
        to: &[Table],
        place: (&Schema, &[Change]),
        out: &mut Steps,
    ) -> Result<(), EmitError> {
        let _ = (place, out);
        let first = to.first().or(from.first());
        Err(EmitError {
            object: first.map_or_else(String::new, |table| table.name.to_string()),
            message: "this engine has no partitions of that kind; remove them for this target".to_owned(),
        })
    }
    /// Whether a change of a table gives what its rows are spread by another type: then they are spread again, see
    /// [`Emit::repartition`].
    fn respreads(&self, table: &Table, change: &TableChange) -> bool {
        let _ = (table, change);
        false
    }
    /// The order of a table's columns where it matters. A column that comes stands behind all others: a table that would have them in
    /// another order is made again, see [`Emit::repartition`]. `schema` is the one that the table is in.
    fn column_order(&self, table: &Table, schema: &Schema) -> Option<Vec<Name>> {
        let _ = (table, schema);
        None
    }
    /// Where `change` makes a type again that the rows of a table are spread by: the first of `family`, which is that table
    /// and its partitions, as a table that is not spread and does not say the type. `None` where nothing of that is so.
    fn gathered(&self, family: &[&Table], change: &Change, schema: &Schema) -> Option<Table> {
        let _ = (family, change, schema);
        None
    }
    /// Where the changes make things again under their names, and the engine forgets with the old one whose it is and who may
    /// use it: a statement before all of them that keeps it, and one after them that gives it again. `from` is the schema before them.
    fn keep_rights(&self, changes: &[Change], from: &Schema) -> Option<(String, String)> {
        let _ = (changes, from);
        None
    }
    /// A query for the statements that give the rights on what the changes make again, one a row, where the database is at hand. `None`
    /// where nothing is made again.
    fn rights_query(&self, changes: &[Change], from: &Schema) -> Option<String> {
        let _ = (changes, from);
        None
    }
    /// Where the changes make a server again, a statement before them that keeps whom it knows, and one after them that tells it
    /// again. What passwords are in them is never written down.
    fn keep_users(&self, changes: &[Change]) -> Option<(String, String)> {
        let _ = changes;
        None
    }
    /// Whether a table with these options ceases to be written to the log (`true`) or begins to be (`false`): the engine looks at
    /// its foreign keys then, since no table may point at one that is kept less safely. `None` where nothing of that changes.
    fn ceases_to_log(&self, from: &BTreeMap<String, String>, to: &BTreeMap<String, String>) -> Option<bool> {
        let _ = (from, to);
        None
    }
    /// What is said ahead of these statements, where a client that reads them from a file could send them in a character set that
    /// lacks some of theirs.
    fn ahead_of_text(&self, steps: &[Step]) -> Option<&'static str> {
        let _ = steps;
        None
    }
    /// Brings what a change does to other tables into `state`, which knows the change itself already: where the engine has
    /// tables that are parts of others, a statement reaches into those below, too.
    fn spread(&self, _change: &Change, _state: &mut Schema) {}
}

/// A change that an engine cannot carry out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{object}`: {message}")]
pub struct EmitError {
    /// The table or type.
    pub object: String,
    /// Why not, and what to do instead.
    pub message: String,
}

fn no_schemas(name: &Name) -> EmitError {
    EmitError {
        object: name.to_string(),
        message: "this engine has no named schemas; leave the schema out of the tables' names".to_owned(),
    }
}

fn no_enums(name: &Qualified) -> EmitError {
    EmitError {
        object: name.to_string(),
        message: "this engine has no enum types; bring the schema into its normal form first".to_owned(),
    }
}
