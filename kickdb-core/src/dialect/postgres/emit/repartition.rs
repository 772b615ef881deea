//! Tables that are made again with other partitions, and their rows copied.
//!
//! The old ones step aside into a schema of their own, with their indexes, constraints and counters, so that every name is
//! free; they go when the rows are in the new ones.

use std::collections::{BTreeMap, BTreeSet};

use super::column::{self, push_actions};
use super::create;
use crate::dialect::postgres::counter;
use crate::dialect::postgres::objects::owned_sequences;
use crate::dialect::postgres::options;
use crate::dialect::postgres::syntax::{ident, literal, qualified};
use crate::dialect::postgres::types::conversion;
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Identity, Schema, Table};
use crate::plan::Steps;

pub(super) fn write(from: &[Table], to: &[Table], state: &Schema, out: &mut Steps) {
    let Some(first) = to.first() else { return };
    let aside = Aside::of(from, state);
    let sequences = owned_sequences(to, state);
    // The old ones stand aside, and hold nothing that a new one could take.
    let mut beside = state.clone();
    from.iter().for_each(|table| drop(beside.tables.remove(&table.name)));
    let tops = from
        .iter()
        .filter(|table| table.partition.is_none())
        .collect::<Vec<_>>();
    for (sequence, _) in &sequences {
        out.push(format!("ALTER SEQUENCE {} OWNED BY NONE", qualified(sequence)));
    }
    aside.open(from, out);
    for table in &tops {
        // Its policies are gone, and without any it would show its owner no row.
        if table.options.contains_key(options::FORCED_ROW_SECURITY) {
            let name = qualified(&aside.name(&table.name));
            out.push(format!("ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY"));
        }
    }
    for table in to {
        create::table(&open_to_all(table), &beside, out);
    }
    for table in &tops {
        copy(table, &aside.name(&table.name), first, out);
    }
    for table in to {
        let old = from.iter().find(|old| old.name == table.name);
        for column in &table.columns {
            let old = old.and_then(|old| Some((&old.name, old.column(&column.name)?)));
            count_on(table, column, old, &aside, out);
        }
    }
    let old = tops.iter().map(|table| qualified(&aside.name(&table.name)));
    out.push(format!("DROP TABLE {}", old.collect::<Vec<_>>().join(", ")));
    aside.close(out);
    for (sequence, column) in sequences {
        out.push(format!("ALTER SEQUENCE {} OWNED BY {column}", qualified(&sequence)));
    }
    for table in to {
        let all = options::changes(&open_to_all(table).options, &table.options);
        push_actions(&table.name, &all, out);
    }
}

/// The schemas where the old tables are meanwhile, by those they come from.
struct Aside {
    names: BTreeMap<Option<Name>, Name>,
}

impl Aside {
    fn of(tables: &[Table], state: &Schema) -> Self {
        let from = tables.iter().map(|table| table.name.schema.clone());
        let mut spare = (1..).map(|number| match number {
            1 => "kickdb_aside".to_owned(),
            number => format!("kickdb_aside_{number}"),
        });
        let mut spare = || {
            let free = |name: &Name| !state.namespaces.contains(name);
            let mut names = spare.by_ref().filter_map(|name| Name::new(name).ok());
            names.find(free).expect("there are more numbers than schemas")
        };
        let from = from.collect::<BTreeSet<_>>();
        Self {
            names: from.into_iter().map(|schema| (schema, spare())).collect(),
        }
    }

    fn name(&self, of: &Qualified) -> Qualified {
        Qualified {
            schema: self.names.get(&of.schema).cloned(),
            name: of.name.clone(),
        }
    }

    fn open(&self, tables: &[Table], out: &mut Steps) {
        for name in self.names.values() {
            out.push_noted(
                format!("CREATE SCHEMA {}", ident(name)),
                "How rows are spread over partitions cannot change: they are copied into new tables.",
            );
        }
        for table in tables {
            if let Some(aside) = self.names.get(&table.name.schema) {
                let name = qualified(&table.name);
                out.push(format!("ALTER TABLE {name} SET SCHEMA {}", ident(aside)));
            }
        }
    }

    fn close(&self, out: &mut Steps) {
        for name in self.names.values() {
            out.push(format!("DROP SCHEMA {}", ident(name)));
        }
    }
}

/// Row-level security waits until the rows are there: without its policies a table takes none.
fn open_to_all(table: &Table) -> Table {
    let mut table = table.clone();
    table.options.remove(options::ROW_SECURITY);
    table.options.remove(options::FORCED_ROW_SECURITY);
    table
}

/// The rows of an old table, and of its partitions, into the new one.
fn copy(from: &Table, aside: &Qualified, to: &Table, out: &mut Steps) {
    let (mut names, mut values, mut always, mut done) = (Vec::new(), Vec::new(), false, Vec::new());
    for column in &to.columns {
        let Some(old) = from.column(&column.name) else { continue };
        if matches!(column.value, ColumnValue::Generated { .. }) {
            continue;
        }
        always |= matches!(column.value, ColumnValue::Identity(Identity::Always, _));
        let name = ident(&column.name);
        let conversion = conversion(&old.ty, &column.ty);
        if let Some([make, drop]) = conversion.function {
            out.push(make);
            done.push(drop);
        }
        if let Some(back) = conversion.round_trip {
            let guard = column::guard(aside, from.primary_key.as_ref(), column, &back.replace("{}", &name));
            out.push_noted(guard, "no value may change unseen");
        }
        values.push(
            conversion
                .using
                .map_or_else(|| name.clone(), |using| using.replace("{}", &name)),
        );
        names.push(name);
    }
    let overriding = if always { " OVERRIDING SYSTEM VALUE" } else { "" };
    out.push(format!(
        "INSERT INTO {} ({}){overriding}\n  SELECT {} FROM {}",
        qualified(&to.name),
        names.join(", "),
        values.join(", "),
        qualified(aside)
    ));
    done.into_iter().for_each(|sql| out.push(sql));
}

/// Lets a new counter go on where the old one was, or behind the rows where there was none.
fn count_on(table: &Table, column: &Column, old: Option<(&Qualified, &Column)>, aside: &Aside, out: &mut Steps) {
    let ColumnValue::Identity(_, counter) = &column.value else {
        return;
    };
    let sequence = counter::sequence(counter.as_deref(), &table.name, &column.name);
    if let Some((old_table, old)) = old
        && let ColumnValue::Identity(_, counter) = &old.value
    {
        let old = counter::sequence(counter.as_deref(), old_table, &old.name);
        out.push(format!(
            "SELECT setval({}, last_value, is_called) FROM {}",
            literal(&qualified(&sequence)),
            qualified(&aside.name(&old))
        ));
    } else {
        let (sql, note) = column::behind_the_rows(&table.name, column, &sequence);
        out.push_noted(sql, note);
    }
}
