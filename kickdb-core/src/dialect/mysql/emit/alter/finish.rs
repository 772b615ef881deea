//! The statements of a table's changes, in their order.

use super::{Alter, KEEP, NOT_NULL_NOTE, OF_DATABASE, Place, ZERO_STAYS, versioning};
use crate::dialect::emit::COMPUTED;
use crate::dialect::mysql::Mysql;
use crate::dialect::mysql::emit::create::{foreign_key, foreign_key_unseen};
use crate::dialect::mysql::emit::{guard, numbered, online};
use crate::dialect::mysql::normalize::VERSIONED;
use crate::dialect::mysql::syntax::{ident, literal, table as table_name};
use crate::dialect::online::Online as _;
use crate::ir::{Column, ColumnValue, ForeignKey};
use crate::plan::Steps;

impl Alter<'_> {
    /// Writes a statement. The server would give a row whose number is 0 another one where a column begins to count.
    fn push(&self, clauses: &[String], note: Option<&'static str>, out: &mut Steps) {
        let sql = self.statement(clauses);
        let Some(column) = clauses.iter().find_map(|clause| self.begins_to_count(clause)) else {
            return out.push_outside(sql, note);
        };
        if self.before.column(&column.name).is_some_and(|before| before.nullable) {
            out.push_outside(
                numbered(self.to, column),
                Some("rows without a number get the next ones"),
            );
        }
        out.push_outside(ZERO_STAYS, Some("a row whose number is 0 keeps it"));
        out.push_outside(sql, note);
        out.push_outside("SET SESSION sql_mode = @kickdb_sql_mode", None);
    }

    /// What is said above the statement that drops plain columns which come back as computed ones.
    fn lost(&self) -> Option<&'static str> {
        let computed = |column: Option<&Column>| {
            column.is_some_and(|column| matches!(column.value, ColumnValue::Generated { .. }))
        };
        let mut remade = self.remade.iter();
        let given_up = remade.any(|name| computed(self.to.column(name)) && !computed(self.before.column(name)));
        given_up.then_some(COMPUTED)
    }

    fn begins_to_count(&self, clause: &str) -> Option<&Column> {
        let counts = |column: &Column| matches!(column.value, ColumnValue::Identity(..));
        let mut columns = self.to.columns.iter().filter(|column| {
            let before = self.before.column(&column.name);
            counts(column) && before.is_some_and(|before| !counts(before))
        });
        columns.find(|column| {
            let modified = clause.strip_prefix("MODIFY COLUMN ");
            modified.is_some_and(|definition| {
                definition.starts_with(&ident(&column.name)) && definition.contains(" AUTO_INCREMENT")
            })
        })
    }

    pub(super) fn statement(&self, clauses: &[String]) -> String {
        format!("{}{}", self.keeping(), self.bare_statement(clauses))
    }

    /// A table with a history is only altered where it is said what becomes of that.
    fn keeping(&self) -> &'static str {
        let kept = self.before.options.contains_key(VERSIONED) && self.to.options.contains_key(VERSIONED);
        if kept { KEEP } else { "" }
    }

    pub(super) fn bare_statement(&self, clauses: &[String]) -> String {
        let name = table_name(&self.to.name);
        match clauses {
            [one] => format!("ALTER TABLE {name} {one}"),
            many => format!("ALTER TABLE {name}\n    {}", many.join(",\n    ")),
        }
    }

    pub(super) fn finish(mut self, out: &mut Steps) {
        if !self.bounds_out.is_empty() {
            out.push_outside(format!("{KEEP}{}", self.bare_statement(&self.bounds_out)), None);
        }
        for clause in std::mem::take(&mut self.first) {
            let lost = clause == versioning::DROP && self.to.options.contains_key(VERSIONED);
            out.push_outside(self.statement(&[clause]), lost.then_some(versioning::LOST));
        }
        if self.collation_of_database {
            let clause = "COLLATE = ".to_owned();
            let keep = self.keeping();
            let sql = literal(&self.bare_statement(&[clause]));
            out.push_outside(
                format!("{keep}EXECUTE IMMEDIATE CONCAT({sql}, @@collation_database)"),
                Some(OF_DATABASE),
            );
        }
        if !self.guards.is_empty() {
            out.push_outside(self.statement(&self.guards), Some(guard::NOTE));
        }
        // What only loses foreign keys and their indexes is one statement.
        if !self.foreign_keys_out.is_empty() {
            let mut clauses = std::mem::take(&mut self.foreign_keys_out);
            if self.clauses.keys().all(|place| *place == Place::DropKey) {
                clauses.extend(std::mem::take(&mut self.clauses).into_values().flatten());
            }
            out.push_outside(self.statement(&clauses), None);
        }
        if !self.passing.is_empty() {
            let mut clauses = self.clauses.remove(&Place::Collation).unwrap_or_default();
            clauses.append(&mut self.passing);
            out.push_outside(self.statement(&clauses), None);
        }
        let table = table_name(&self.to.name);
        if !self.rewritten.is_empty() {
            out.push_outside(format!("UPDATE {table} SET {}", self.rewritten.join(", ")), None);
        }
        for (spare, column) in std::mem::take(&mut self.kept) {
            let (spare, column) = (ident(&spare), ident(&column));
            out.push_outside(format!("UPDATE {table} SET {spare} = {column}"), None);
        }
        // A column that comes back does so when it is gone, and what comes with it may need it.
        if !self.remade.is_empty() {
            let after = self.clauses.split_off(&Place::AddKey);
            self.late.extend(after.into_values().flatten());
        }
        if out.online() {
            self.finish_online(out);
        }
        let main: Vec<String> = std::mem::take(&mut self.clauses).into_values().flatten().collect();
        if !main.is_empty() {
            self.push(&main, self.lost(), out);
        }
        if !self.late.is_empty() {
            self.push(&self.late, None, out);
        }
        if !self.not_null.is_empty() {
            self.push(&self.not_null, Some(NOT_NULL_NOTE), out);
        }
        for clause in std::mem::take(&mut self.last) {
            out.push_outside(self.statement(&[clause]), None);
        }
        if out.online() && self.unseen.is_empty() && online::is_open(&self.before, self.to) {
            for key in &self.foreign_keys_in {
                online::foreign_key(self.to, key, out);
            }
        } else if !self.foreign_keys_in.is_empty() {
            let clause = |key: &ForeignKey| match self.unseen.is_empty() {
                true => format!("ADD {}", foreign_key(key)),
                false => format!("ADD {}", foreign_key_unseen(key)),
            };
            let clauses: Vec<String> = self.foreign_keys_in.iter().map(clause).collect();
            let sql = self.statement(&clauses);
            out.push_outside(format!("{}{sql}", self.unseen), None);
            if !self.unseen.is_empty() {
                self.foreign_keys_in
                    .iter()
                    .for_each(|key| online::look(self.to, key, out));
            }
        }
    }
}

impl Alter<'_> {
    /// Writes, each by itself, what the engine does while others write. It says so, and fails rather than keep them out; what
    /// is left needs a copy of the table.
    fn finish_online(&mut self, out: &mut Steps) {
        let retyped = |column: &Column| {
            let before = self.before.column(&column.name);
            before.is_some_and(|before| Mysql.rewrites(&before.ty, &column.ty))
        };
        let copies = self.to.columns.iter().any(retyped);
        for (place, clauses) in std::mem::take(&mut self.clauses) {
            let shared = |clause: &String| clause.contains("FULLTEXT") || clause.contains("SPATIAL");
            let locks = match place {
                Place::Collation | Place::AddCheck | Place::Option => true,
                Place::ModifyColumn => copies,
                Place::AddNeededKey | Place::AddKey => clauses.iter().any(shared),
                Place::DropCheck | Place::DropKey | Place::DropColumn | Place::AddColumn => false,
            };
            let mut clauses = clauses;
            if !locks {
                clauses.push("LOCK=NONE".to_owned());
            }
            let note = self.lost().filter(|_| place == Place::DropColumn);
            self.push(&clauses, note, out);
        }
        for clauses in [&mut self.late, &mut self.not_null]
            .into_iter()
            .filter(|clauses| !clauses.is_empty())
        {
            if !copies {
                clauses.push("LOCK=NONE".to_owned());
            }
        }
    }
}
