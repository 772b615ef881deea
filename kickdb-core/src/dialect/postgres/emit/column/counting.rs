//! Where a column begins to count, goes on by another sequence, or counts no more.

use super::{Alteration, alter_column, draws_from, nextval};
use crate::dialect::postgres::counter::{self, Full, full};
use crate::dialect::postgres::emit::recomment;
use crate::dialect::postgres::syntax::{block, ident, literal, qualified};
use crate::dialect::postgres::types::ddl;
use crate::dialect::postgres::{objects, options};
use crate::ident::Qualified;
use crate::ir::{Column, ColumnValue, Identity, ObjectId, ObjectKind, Schema, Table};
use crate::plan::Steps;

impl Alteration {
    /// The sequence of a column that is no longer serial goes on as one of its own, where there is to be one.
    pub(super) fn leave_sequence(
        &mut self,
        (table, state): (&Table, &Schema),
        to: &Column,
        sequence: Qualified,
        draws: bool,
    ) {
        let name = qualified(&sequence);
        let object = state
            .objects
            .get(&ObjectId::new(ObjectKind::Sequence, sequence.clone()));
        let owner = object.and_then(objects::owner_of).filter(|(above, column)| {
            let above = Some(table)
                .filter(|table| table.name == *above)
                .or(state.tables.get(above));
            above.is_some_and(|table| table.column(column).is_some())
        });
        match owner {
            // It goes with that column as before, or with another one.
            Some(owner) if owner == (table.name.clone(), to.name.clone()) => {}
            Some((above, column)) => self.after.extend(counter::give(&sequence, &above, &column)),
            _ if draws || object.is_some() => self.before.push((format!("ALTER SEQUENCE {name} OWNED BY NONE"), None)),
            _ => self.before.push((format!("DROP SEQUENCE {name}"), None)),
        }
    }

    /// Brings the sequence of a counter that stays to its new name and options.
    pub(super) fn recount(&mut self, table: &Table, from: &Column, to: &Column) {
        let (ColumnValue::Identity(identity, was), ColumnValue::Identity(_, is)) = (&from.value, &to.value) else {
            return;
        };
        let old = counter::sequence(was.as_deref(), &table.name, &from.name);
        let new = counter::sequence(is.as_deref(), &table.name, &to.name);
        if old.name != new.name {
            let sql = format!("ALTER SEQUENCE {} RENAME TO {}", qualified(&old), ident(&new.name));
            self.after.push((sql, None));
        }
        let (was, is) = (full(from), full(to));
        let mut words = Vec::new();
        // The sequence of an identity changes its type along with the column.
        if *identity == Identity::Serial && was.ty != is.ty {
            words.push(format!("AS {}", ddl(&is.ty)));
        }
        let was = was.retyped(&is.ty);
        let changes = Full::changes(&was, &is);
        let restarts = changes.contains("RESTART");
        words.extend(Some(changes).filter(|changes| !changes.is_empty()));
        if !words.is_empty() {
            let sql = format!("ALTER SEQUENCE {} {}", qualified(&new), words.join(" "));
            self.after.push((sql, None));
        }
        if restarts {
            self.go_on(table, to);
        }
    }

    /// Lets a new counter go on behind the rows that are there.
    pub(super) fn go_on(&mut self, table: &Table, column: &Column) {
        let ColumnValue::Identity(_, counter) = &column.value else {
            return;
        };
        let sequence = counter::sequence(counter.as_deref(), &table.name, &column.name);
        let (sql, note) = behind_the_rows(&table.name, column, &sequence);
        self.after.push((sql, Some(note)));
    }

    /// The same for a sequence from which others may have drawn, too: it never goes back.
    pub(super) fn go_further(&mut self, table: &Table, column: &Column, sequence: &Qualified) {
        let (sql, note) = behind_the_rows(&table.name, column, sequence);
        let further = if full(column).increment > 0 { ">=" } else { "<=" };
        let (last, name) = (last_of(column), qualified(sequence));
        let sql = format!(
            "{sql} AND {last} {further} (SELECT last_value FROM {name})\n  \
             AND {last} <= (SELECT seqmax FROM pg_catalog.pg_sequence WHERE seqrelid = {}::regclass)",
            literal(&name)
        );
        self.after.push((sql, Some(note)));
    }

    /// What `serial` stands for, spelled out: there is no `ALTER` for it.
    pub(super) fn enter_serial(&mut self, (table, state): (&Table, &Schema), from: &Column, to: &Column) {
        let ColumnValue::Identity(_, counter) = &to.value else {
            return;
        };
        let sequence = counter::sequence(counter.as_deref(), &table.name, &to.name);
        let default = format!("SET DEFAULT {}", nextval(&sequence));
        let id = ObjectId::new(ObjectKind::Sequence, sequence.clone());
        let free = objects::released(table, to).and_then(|(_, id, free)| Some(state.objects.get(&id)? == &free));
        if free == Some(true) && counter::is_drawing(&from.value, &sequence) {
            self.after.extend(counter::give(&sequence, &table.name, &to.name));
            self.go_further(table, to, &sequence);
            return;
        }
        let is_there = draws_from(&from.value, &sequence) || state.objects.contains_key(&id);
        let made = match is_there {
            true => counter::take_over(&sequence, &full(to)),
            false => counter::create(&sequence, &full(to)),
        };
        self.after.push((made, None));
        if !is_there && table.options.contains_key(options::UNLOGGED) {
            self.after.push((like_its_table(&sequence), None));
        }
        self.after.push((alter_column(table, to, &default), None));
        self.after.extend(counter::give(&sequence, &table.name, &to.name));
        self.go_on(table, to);
    }
}

/// Lets the sequence of a table that is not written to the log not be either, as the server does for `serial`. Before PostgreSQL 15
/// all are.
fn like_its_table(sequence: &Qualified) -> String {
    let alter = literal(&format!("ALTER SEQUENCE {} SET UNLOGGED", qualified(sequence)));
    block(&format!(
        "BEGIN\n  IF current_setting('server_version_num')::integer >= 150000 THEN\n    EXECUTE {alter};\n  END IF;\nEND"
    ))
}

/// The comment on the sequence of a column, where `was` has not the same sequence with the same comment.
pub(in crate::dialect::postgres::emit) fn sequence_comment(
    table: &Table,
    was: Option<&Column>,
    column: &Column,
    out: &mut Steps,
) {
    let ColumnValue::Identity(kind, counter) = &column.value else {
        return;
    };
    let serial = |kind: &Identity| *kind == Identity::Serial;
    let comment = |column: &Column| column.options.get(options::SEQUENCE_COMMENT).cloned();
    let before = was.and_then(|was| match &was.value {
        ColumnValue::Identity(old, _) if serial(old) == serial(kind) => comment(was),
        _ => None,
    });
    let sequence = counter::sequence(counter.as_deref(), &table.name, &column.name);
    recomment(
        "SEQUENCE",
        &qualified(&sequence),
        before.as_deref(),
        comment(column).as_deref(),
        out,
    );
}

/// Lets the sequence of a column go on behind the rows that are there.
pub(in crate::dialect::postgres::emit) fn behind_the_rows(
    table: &Qualified,
    column: &Column,
    sequence: &Qualified,
) -> (String, &'static str) {
    let (full, last) = (full(column), last_of(column));
    let beyond = if full.increment > 0 { ">=" } else { "<=" };
    let sql = format!(
        "SELECT setval({}, {last}) FROM {} HAVING {last} {beyond} {}",
        literal(&qualified(sequence)),
        qualified(table),
        full.start
    );
    (sql, "go on behind the rows that are there")
}

/// The last number in a column that counts.
fn last_of(column: &Column) -> String {
    let last = if full(column).increment > 0 { "max" } else { "min" };
    format!("{last}({})", ident(&column.name))
}
