//! Tables that are made again with other partitions, and their rows copied.
//!
//! The old ones step aside into a schema of their own, with their indexes, constraints and counters, so that every name is
//! free; they go when the rows are in the new ones.

use std::collections::{BTreeMap, BTreeSet};

use super::column::{self, push_actions, push_all};
use super::{create, define, mention};
use crate::dialect::emit::COMPUTED;
use crate::dialect::postgres::objects::{self, owned_sequences};
use crate::dialect::postgres::options;
use crate::dialect::postgres::syntax::{self, ident, literal, qualified};
use crate::dialect::postgres::{Postgres, counter};
use crate::dialect::{Objects, Types};
use crate::diff::{Change, Part};
use crate::ident::{Name, Qualified};
use crate::ir::{Check, Column, ColumnValue, Identity, ObjectKind, Schema, SqlType, Table};
use crate::plan::Steps;

/// Whether the rows of the table are spread by the column.
pub(super) fn spreads(table: &Table, column: &Name) -> bool {
    table
        .partition_by
        .as_deref()
        .is_some_and(|key| mention::says(key, column))
}

/// The table as a plain one that holds its rows while a type is made again that they are spread by: the server changes the
/// type of such a column neither in place nor at all.
pub(super) fn gathered(family: &[&Table], change: &Change, schema: &Schema) -> Option<Table> {
    let top = *family.first()?;
    if let Change::AlterObject { id, .. } | Change::DropObject { id, .. } = change
        && id.kind.is_callable()
    {
        let calls = |table: &&Table| {
            let key = table.partition_by.as_deref();
            key.is_some_and(|key| Postgres.said(key).calls(&id.name))
        };
        return family.iter().any(calls).then(|| plain(top, &|_| None));
    }
    let (name, base) = match change {
        Change::AlterEnum { to, .. } => (&to.name, SqlType::Text),
        Change::AlterObject { id, from, to } if objects::is_retyped(id, from, to) => {
            let base = match id.kind {
                ObjectKind::Domain => Postgres.parse(objects::base(from)).ok(),
                _ => None,
            };
            (&id.name, base.unwrap_or(SqlType::Text))
        }
        _ => return None,
    };
    let kin = objects::kin(name, schema);
    let made_again = |column: &Column| {
        objects::is_of(&column.ty, name)
            || kin.iter().any(|kin| objects::is_of(&column.ty, &kin.id.name))
            || column
                .collation
                .as_ref()
                .is_some_and(|own| own.as_str() == syntax::collation_name(name))
    };
    let spread = |column: &Column| made_again(column) && family.iter().any(|table| spreads(table, &column.name));
    if !top.columns.iter().any(spread) {
        return None;
    }
    Some(plain(top, &|column| match spread(column) {
        true if column.collation.is_some() => Some(column.ty.clone()),
        true if objects::is_of(&column.ty, name) => Some(base.clone()),
        true => Some(SqlType::Text),
        false => None,
    }))
}

/// A table with the columns of another, which holds its rows for a while; some are of another type, and without a collation.
fn plain(table: &Table, other: &dyn Fn(&Column) -> Option<SqlType>) -> Table {
    let columns = table.columns.iter().map(|column| {
        let other = other(column);
        Column {
            nullable: column.nullable,
            value: match &column.value {
                ColumnValue::Identity(identity, counter) => ColumnValue::Identity(*identity, counter.clone()),
                _ => ColumnValue::Required,
            },
            collation: column.collation.clone().filter(|_| other.is_none()),
            ..Column::new(column.name.clone(), other.unwrap_or_else(|| column.ty.clone()))
        }
    });
    Table {
        columns: columns.collect(),
        ..Table::new(table.name.clone())
    }
}

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
    let note = match from.iter().chain(to).any(|table| table.partition_by.is_some()) {
        true => "How rows are spread over partitions cannot change: they are copied into new tables.",
        false => "The order of columns, which is that of a type, cannot change: the rows are copied into a new table.",
    };
    aside.open(from, note, out);
    for table in to {
        let open = open_to_broken(&open_to_all(table), to);
        match from.iter().find(|old| old.name == table.name) {
            Some(old) if table.written.in_order => {
                create::in_the_order_of(&aside.name(&old.name), &open, &beside, out);
            }
            _ => create::table(&open, &beside, out),
        }
    }
    for table in &tops {
        copy((table, &aside.name(&table.name)), first, state, out);
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
    for (sequence, owner) in sequences {
        push_all(counter::give(&sequence, &owner.0, &owner.1), out);
    }
    for table in to {
        bring_back(table, to, out);
        let all = options::changes(&open_to_all(table).options, &table.options);
        push_actions(&table.name, &all, out);
    }
}

/// What rows may break waits until they are there, too.
fn open_to_broken(table: &Table, all: &[Table]) -> Table {
    let mut open = table.clone();
    if !has_all_above(table, all) {
        return open;
    }
    open.checks.retain(|_, check| check.validated);
    open.foreign_keys.retain(|_, key| key.validated);
    open
}

/// Whether nothing comes to the table from others than these.
fn has_all_above(table: &Table, all: &[Table]) -> bool {
    table
        .parents()
        .all(|parent| all.iter().any(|table| table.name == *parent))
        && table.inherits.is_empty()
}

/// The constraints that waited. One of a partitioned table comes to its partitions as well.
fn bring_back(table: &Table, all: &[Table], out: &mut Steps) {
    if !has_all_above(table, all) {
        return;
    }
    let above = all
        .iter()
        .filter(|above| table.parents().any(|parent| *parent == above.name));
    let above = above.collect::<Vec<_>>();
    let given = |check: &Check| above.iter().any(|above| create::gives(above, check));
    let checks = table.checks.values().filter(|check| !check.validated);
    let own = checks.clone().filter(|check| !given(check));
    let mut adds = own
        .map(|check| format!("ADD {}", define::check(check)))
        .collect::<Vec<_>>();
    let keys = table.foreign_keys.values().filter(|key| !key.validated);
    adds.extend(keys.clone().map(|key| format!("ADD {}", define::foreign_key(key))));
    push_actions(&table.name, &adds, out);
    let checks = checks.cloned().map(Part::Check);
    for part in checks.chain(keys.cloned().map(Part::ForeignKey)) {
        create::part_comment(table, &part, None, out);
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

    fn open(&self, tables: &[Table], note: &'static str, out: &mut Steps) {
        for name in self.names.values() {
            out.push_noted(format!("CREATE SCHEMA {}", ident(name)), note);
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
pub(super) fn open_to_all(table: &Table) -> Table {
    let mut table = table.clone();
    table.options.remove(options::ROW_SECURITY);
    table.options.remove(options::FORCED_ROW_SECURITY);
    table
}

/// Whether a column that rows have values of is computed from now on.
fn gives_values_up(from: &Table, to: &Table) -> bool {
    let computed = |column: &&Column| matches!(column.value, ColumnValue::Generated { .. });
    let mut now = to.columns.iter().filter(computed);
    now.any(|column| from.column(&column.name).is_some_and(|old| !computed(&old)))
}

/// The rows of an old table, and of its partitions, into the new one.
fn copy((from, aside): (&Table, &Qualified), to: &Table, state: &Schema, out: &mut Steps) {
    let (mut names, mut values, mut always, mut done) = (Vec::new(), Vec::new(), false, Vec::new());
    for column in &to.columns {
        let Some(old) = from.column(&column.name) else { continue };
        if matches!(column.value, ColumnValue::Generated { .. }) {
            continue;
        }
        always |= matches!(column.value, ColumnValue::Identity(Identity::Always, _));
        let name = ident(&column.name);
        let conversion = column::conversion(&old.ty, &column.ty, state);
        if let Some([make, drop]) = conversion.function {
            out.push(make);
            done.push(drop);
        }
        if let Some(round_trip) = conversion.round_trip {
            let guard = column::guard(aside, from.primary_key.as_ref(), (old, column), &round_trip);
            out.push_noted(guard, column::UNSEEN);
        }
        values.push(
            conversion
                .using
                .map_or_else(|| name.clone(), |using| using.replace("{}", &name)),
        );
        names.push(name);
    }
    let overriding = if always { " OVERRIDING SYSTEM VALUE" } else { "" };
    // Rows of nothing but what is new.
    let columns = match names.is_empty() {
        true => String::new(),
        false => format!(" ({})", names.join(", ")),
    };
    let insert = format!(
        "INSERT INTO {}{columns}{overriding}\n  SELECT {} FROM {}",
        qualified(&to.name),
        values.join(", "),
        qualified(aside)
    );
    let note = gives_values_up(from, to).then_some(COMPUTED);
    column::push_all(vec![(insert, note)], out);
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
