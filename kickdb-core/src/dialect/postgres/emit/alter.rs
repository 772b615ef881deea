//! One table's group of changes.

use std::collections::BTreeSet;

use super::column::{self, Alteration, push_actions, push_actions_on, push_all};
use super::create::part_comment;
use super::{along, define, mention, online, recomment};
use crate::dialect::online::Online as _;
use crate::dialect::postgres::options::{self, Options};
use crate::dialect::postgres::syntax::{block, ident, literal, qualified};
use crate::dialect::postgres::{Postgres, expr, family};
use crate::diff::{Part, TableChange};
use crate::ident::Name;
use crate::ir::{Column, ColumnValue, Index, PrimaryKey, Schema, Table, Unique};
use crate::plan::Steps;

/// Writes the changes: what goes, then the columns, then what comes, because constraints and indexes hold on to columns.
pub(super) fn alter(from: &Table, to: &Table, changes: &[TableChange], state: &Schema, out: &mut Steps) {
    renames(to, changes, out);
    let (was, is) = (from.options.get(options::OF), to.options.get(options::OF));
    if was.is_some() && was != is {
        // Its type may have let go of it already.
        let name = literal(&qualified(&to.name));
        out.push(block(&format!(
            "BEGIN\n  IF (SELECT reloftype FROM pg_class WHERE oid = {name}::regclass) <> 0 THEN\n    {};\n  END IF;\nEND",
            not_of(to)
        )));
    }
    // What a table loses of itself, those that inherit from it keep as their own until they lose it themselves.
    let only = family::is_inherited(from, state);
    families(to, changes, is_leave, state, out);
    drops(to, changes, state, out);
    let group = Columns::new(from, to, changes);
    group.push(only, state, out);
    adds(to, changes, out);
    // What went along with a column that is made again comes as it will be.
    let stays = changes.iter().filter(|change| !group.takes_along(change));
    let stays = stays.cloned().collect::<Vec<_>>();
    alter_parts(to, &stays, out);
    attach_indexes(to, changes, out);
    set_options(to, changes, out);
    choose_again(to, changes, out);
    group.push_dependents(changes, out);
    comments(to, &stays, out);
    families(to, changes, |change| !is_leave(change), state, out);
    // Its type has let go of a table whose columns change with it.
    if was != is || changes.iter().any(reshapes) {
        of_type(to, out);
    }
}

/// Whether a table of a type can have the change only with the type.
pub(in crate::dialect::postgres) fn reshapes(change: &TableChange) -> bool {
    match change {
        TableChange::AddColumn(_) | TableChange::DropColumn(_) => true,
        TableChange::AlterColumn { from, to } => from.ty != to.ty || from.collation != to.collation,
        _ => false,
    }
}

/// Makes a table one of its type, where it has one.
pub(in crate::dialect::postgres) fn of_type(table: &Table, out: &mut Steps) {
    if let Some(ty) = table.options.get(options::OF) {
        out.push(format!("ALTER TABLE {} OF {ty}", qualified(&table.name)));
    }
}

/// Makes a table one of its own.
pub(in crate::dialect::postgres) fn not_of(table: &Table) -> String {
    format!("ALTER TABLE {} NOT OF", qualified(&table.name))
}

fn is_leave(change: &TableChange) -> bool {
    matches!(change, TableChange::Leave { .. })
}

fn families(
    to: &Table,
    changes: &[TableChange],
    which: impl Fn(&TableChange) -> bool,
    state: &Schema,
    out: &mut Steps,
) {
    for change in changes.iter().filter(|change| which(change)) {
        for sql in family::statements(&to.name, change, state, out.joins()) {
            out.push(sql);
        }
    }
}

fn renames(to: &Table, changes: &[TableChange], out: &mut Steps) {
    let table = qualified(&to.name);
    for change in changes {
        match change {
            TableChange::RenameColumn { from, to } => {
                out.push(format!(
                    "ALTER TABLE {table} RENAME COLUMN {} TO {}",
                    ident(from),
                    ident(to)
                ));
            }
            TableChange::RenameConstraint { from, to } => {
                out.push(format!(
                    "ALTER TABLE {table} RENAME CONSTRAINT {} TO {}",
                    ident(from),
                    ident(to)
                ));
            }
            TableChange::RenameIndex { from, to: name } => {
                out.push(format!(
                    "ALTER INDEX {} RENAME TO {}",
                    qualified(&to.name.sibling(from.clone())),
                    ident(name)
                ));
            }
            _ => {}
        }
    }
}

fn drops(to: &Table, changes: &[TableChange], state: &Schema, out: &mut Steps) {
    let constraints: Vec<String> = changes
        .iter()
        .filter_map(|change| match change {
            TableChange::DropForeignKey(key) => Some(&key.name),
            TableChange::DropUnique(unique) => Some(&unique.name),
            TableChange::DropPrimaryKey(key) => Some(&key.name),
            TableChange::DropExclusion(exclusion) => Some(&exclusion.name),
            _ => None,
        })
        .map(|name| format!("DROP CONSTRAINT {}", ident(name)))
        .collect();
    push_actions(&to.name, &constraints, out);
    drop_checks(to, changes, state, out);
    for change in changes {
        if let TableChange::DropIndex(index) = change {
            let how = if online::is_open(to, out) { "CONCURRENTLY " } else { "" };
            out.push(format!(
                "DROP INDEX {how}{}",
                qualified(&to.name.sibling(index.name.clone()))
            ));
        }
    }
}

/// A check goes from the tables below as well; one that was given to such a table by name stays there until it goes by name.
fn drop_checks(to: &Table, changes: &[TableChange], state: &Schema, out: &mut Steps) {
    let checks = changes.iter().filter_map(|change| match change {
        TableChange::DropCheck(check) => Some(check),
        _ => None,
    });
    let actions: Vec<String> = checks
        .clone()
        .map(|check| format!("DROP CONSTRAINT {}", ident(&check.name)))
        .collect();
    push_actions(&to.name, &actions, out);
    for check in checks.filter(|check| check.inherited) {
        for table in family::losing(&to.name, check, state) {
            out.push(format!(
                "ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}",
                qualified(table),
                ident(&check.name)
            ));
        }
    }
}

/// Keys and checks first, then indexes, then foreign keys: one of them may point to a unique index of its own table.
fn adds(to: &Table, changes: &[TableChange], out: &mut Steps) {
    if online::is_open(to, out) {
        return online::adds(to, changes, out);
    }
    let constraints: Vec<String> = changes
        .iter()
        .filter_map(|change| match change {
            TableChange::AddPrimaryKey(key) => Some(define::primary_key(key)),
            TableChange::AddUnique(unique) => Some(define::unique(unique)),
            TableChange::AddExclusion(exclusion) => Some(define::exclusion(exclusion)),
            _ => None,
        })
        .map(|definition| format!("ADD {definition}"))
        .collect();
    // Partitions have theirs by name.
    push_actions_on(&to.name, to.partition_by.is_some(), &constraints, out);
    let checks: Vec<String> = changes
        .iter()
        .filter_map(|change| match change {
            TableChange::AddCheck(check) => Some(format!("ADD {}", define::check(check))),
            _ => None,
        })
        .collect();
    push_actions(&to.name, &checks, out);
    for change in changes {
        if let TableChange::AddIndex(index) = change {
            out.push(define::index(to, index));
            define::look(to, index, None, out);
        }
    }
    let keys: Vec<String> = changes
        .iter()
        .filter_map(|change| match change {
            TableChange::AddForeignKey(key) => Some(format!("ADD {}", define::foreign_key(key))),
            _ => None,
        })
        .collect();
    push_actions(&to.name, &keys, out);
}

/// What constraints and indexes change in without being made anew.
fn alter_parts(to: &Table, changes: &[TableChange], out: &mut Steps) {
    let mut actions = Vec::new();
    for change in changes {
        match change {
            TableChange::AlterPart {
                from: Part::Check(from),
                to: Part::Check(check),
            } if from.validated != check.validated => match check.validated {
                true => actions.push(format!("VALIDATE CONSTRAINT {}", ident(&check.name))),
                false => actions.extend([
                    format!("DROP CONSTRAINT {}", ident(&check.name)),
                    format!("ADD {}", define::check(check)),
                ]),
            },
            TableChange::AlterPart {
                from: Part::ForeignKey(from),
                to: Part::ForeignKey(key),
            } if from.validated && !key.validated => actions.extend([
                format!("DROP CONSTRAINT {}", ident(&key.name)),
                format!("ADD {}", define::foreign_key(key)),
            ]),
            TableChange::AlterPart {
                from: Part::ForeignKey(from),
                to: Part::ForeignKey(key),
            } => {
                if from.deferrable != key.deferrable {
                    let timing = define::timing(key.deferrable);
                    actions.push(format!("ALTER CONSTRAINT {} {timing}", ident(&key.name)));
                }
                if from.validated != key.validated {
                    actions.push(format!("VALIDATE CONSTRAINT {}", ident(&key.name)));
                }
            }
            _ => {}
        }
    }
    push_actions(&to.name, &actions, out);
    for change in changes {
        if let TableChange::AlterPart { from, to: part } = change
            && let (Some(was), Some(is)) = (index_options(from), index_options(part))
        {
            let index = qualified(&to.name.sibling(part.name().clone()));
            for action in options::index_changes(was, is) {
                out.push(format!("ALTER INDEX {index} {action}"));
            }
            if let Part::Index(index) = part {
                define::look(to, index, Some(was), out);
            }
        }
    }
}

/// The indexes of a partition that become parts of those of its table.
fn attach_indexes(to: &Table, changes: &[TableChange], out: &mut Steps) {
    let Some(place) = &to.partition else { return };
    for change in changes {
        let (index, above) = match change {
            TableChange::AddIndex(index) => (&index.name, &index.part_of),
            TableChange::AddUnique(unique) => (&unique.name, &unique.part_of),
            TableChange::AddPrimaryKey(key) => (&key.name, &key.part_of),
            TableChange::AlterPart {
                from: Part::Index(Index { part_of: None, .. }),
                to: Part::Index(index),
            } => (&index.name, &index.part_of),
            TableChange::AlterPart {
                from: Part::Unique(Unique { part_of: None, .. }),
                to: Part::Unique(unique),
            } => (&unique.name, &unique.part_of),
            TableChange::AlterPart {
                from: Part::PrimaryKey(PrimaryKey { part_of: None, .. }),
                to: Part::PrimaryKey(key),
            } => (&key.name, &key.part_of),
            _ => continue,
        };
        if let Some(above) = above {
            out.push(define::attach(to, index, place, above));
        }
    }
}

pub(super) fn index_options(part: &Part) -> Option<&Options> {
    match part {
        Part::PrimaryKey(key) => Some(&key.options),
        Part::Unique(unique) => Some(&unique.options),
        Part::Exclusion(exclusion) => Some(&exclusion.options),
        Part::Index(index) => Some(&index.options),
        Part::ForeignKey(_) | Part::Check(_) => None,
    }
}

fn set_options(to: &Table, changes: &[TableChange], out: &mut Steps) {
    for change in changes {
        if let TableChange::SetOptions { from, to: options } = change {
            for action in options::changes(from, options) {
                out.push(format!("ALTER TABLE {} {action}", qualified(&to.name)));
            }
        }
    }
}

/// What the table says of an index that was made again under its name.
fn choose_again(to: &Table, changes: &[TableChange], out: &mut Steps) {
    let said = |from: &Options, key: &str| from.get(key) == to.options.get(key);
    for change in changes {
        let index = match change {
            TableChange::AddIndex(index) => &index.name,
            TableChange::AddUnique(unique) => &unique.name,
            TableChange::AddPrimaryKey(key) => &key.name,
            _ => continue,
        };
        // What changes is said with the other options.
        let same = |key: &str| {
            changes.iter().all(|change| match change {
                TableChange::SetOptions { from, .. } => said(from, key),
                _ => true,
            })
        };
        let mut options = to.options.clone();
        options.retain(|key, _| same(key));
        choose(to, index, &options, out);
    }
}

/// What options say of an index, which the table has forgotten with it.
pub(super) fn choose(table: &Table, index: &Name, options: &Options, out: &mut Steps) {
    push_actions(&table.name, &options::of_index_again(options, index), out);
}

fn comments(to: &Table, changes: &[TableChange], out: &mut Steps) {
    for change in changes {
        match change {
            TableChange::AddColumn(column) => {
                recomment(
                    "COLUMN",
                    &column::path(&to.name, column),
                    None,
                    column.comment.as_deref(),
                    out,
                );
                column::sequence_comment(to, None, column, out);
            }
            TableChange::AlterColumn { from, to: column } => {
                column::sequence_comment(to, Some(from), column, out);
                let path = column::path(&to.name, column);
                // A column that was made again has lost its comment.
                let was = if is_remade(from, column) {
                    None
                } else {
                    from.comment.as_deref()
                };
                recomment("COLUMN", &path, was, column.comment.as_deref(), out);
            }
            TableChange::AlterPart { from, to: part } => part_comment(to, part, Some(from), out),
            TableChange::AddPrimaryKey(key) => part_comment(to, &Part::PrimaryKey(key.clone()), None, out),
            TableChange::AddUnique(unique) => part_comment(to, &Part::Unique(unique.clone()), None, out),
            TableChange::AddCheck(check) => part_comment(to, &Part::Check(check.clone()), None, out),
            TableChange::AddExclusion(exclusion) => part_comment(to, &Part::Exclusion(exclusion.clone()), None, out),
            TableChange::AddIndex(index) => part_comment(to, &Part::Index(index.clone()), None, out),
            TableChange::AddForeignKey(key) => part_comment(to, &Part::ForeignKey(key.clone()), None, out),
            TableChange::SetComment { from, to: text } => {
                recomment("TABLE", &qualified(&to.name), from.as_deref(), text.as_deref(), out);
            }
            _ => {}
        }
    }
}

/// Whether a column must be dropped and added again: before PostgreSQL 17 a generated column's expression cannot be changed,
/// and no version turns a plain column into a generated one or a virtual one into a plain one. What it holds is computed, so
/// nothing is lost that was not going to be.
pub(in crate::dialect::postgres) fn is_remade(from: &Column, to: &Column) -> bool {
    match (&from.value, &to.value) {
        (ColumnValue::Generated { stored: false, .. }, ColumnValue::Generated { .. })
        | (_, ColumnValue::Generated { .. }) => {
            from.value != to.value || from.ty != to.ty || from.collation != to.collation
        }
        (ColumnValue::Generated { stored, .. }, _) => !stored,
        _ => false,
    }
}

/// The columns of one table that go, come or change.
struct Columns<'a> {
    table: &'a Table,
    /// What tells its rows apart before and after.
    key: Option<&'a PrimaryKey>,
    dropped: Vec<&'a Column>,
    added: Vec<&'a Column>,
    altered: Vec<(&'a Column, &'a Column)>,
    /// As they were and as they will be.
    remade: Vec<&'a Column>,
    /// Those that stay as plain ones, and are computed from one that goes.
    freed: Vec<&'a Name>,
}

impl<'a> Columns<'a> {
    fn new(from: &'a Table, to: &'a Table, changes: &'a [TableChange]) -> Self {
        let stays = |key: &&PrimaryKey| key.columns.iter().all(|column| to.column(column).is_some());
        let mut this = Self {
            table: to,
            key: from.primary_key.as_ref().filter(stays),
            dropped: Vec::new(),
            added: Vec::new(),
            altered: Vec::new(),
            remade: Vec::new(),
            freed: Vec::new(),
        };
        for change in changes {
            match change {
                TableChange::DropColumn(column) => this.dropped.push(column),
                TableChange::AddColumn(column) => this.added.push(column),
                TableChange::AlterColumn { from, to } if is_remade(from, to) => this.remade.push(to),
                TableChange::AlterColumn { from, to } => this.altered.push((from, to)),
                _ => {}
            }
        }
        this.remake_computed(from);
        this.free_computed(from);
        this
    }

    /// A column that is computed from one that goes, or steps aside, holds that as long as it is computed.
    fn free_computed(&mut self, from: &Table) {
        let going = self.dropped.iter().chain(&self.remade);
        let holding: BTreeSet<&Name> = going
            .flat_map(|column| mention::generated_from(from, &column.name))
            .map(|column| &column.name)
            .collect();
        let freed = self.altered.iter().map(|(_, to)| &to.name);
        self.freed = freed.filter(|name| holding.contains(name)).collect();
    }

    /// A column that others are computed from cannot change its type, so they step aside.
    fn remake_computed(&mut self, from: &Table) {
        let retyped = self.altered.iter().filter(|(from, to)| from.ty != to.ty);
        let computed: BTreeSet<&Name> = retyped
            .flat_map(|(_, to)| mention::generated_from(self.table, &to.name))
            .map(|column| &column.name)
            .filter(|name| from.column(name).is_some() && !self.remade.iter().any(|column| column.name == **name))
            .filter(|name| !self.altered.iter().any(|(_, to)| to.name == **name))
            .collect();
        self.remade.extend(
            self.table
                .columns
                .iter()
                .filter(|column| computed.contains(&column.name)),
        );
    }

    fn push(&self, only: bool, state: &Schema, out: &mut Steps) {
        self.push_drops(only, state, out);
        let alterations: Vec<Alteration> = self
            .altered
            .iter()
            .map(|(from, to)| self.alteration(state, from, to))
            .collect();
        let plain: Vec<&Column> = self
            .added
            .iter()
            .copied()
            .filter(|column| !is_generated(column))
            .collect();
        let table = &self.table.name;
        for column in &plain {
            column::push_sequence(table, column, out);
        }
        let (mut after, mut late) = (Vec::new(), Vec::new());
        let online = online::is_open(self.table, out);
        let mut actions: Vec<String> = plain
            .iter()
            .map(|column| match &column.value {
                // The rows that are there get theirs in batches.
                ColumnValue::Default(value)
                    if online && column.nullable && Postgres.own_for_each_row(value).is_some() =>
                {
                    late.push(format!(
                        "ALTER COLUMN {} SET DEFAULT {}",
                        ident(&column.name),
                        expr::operand(value)
                    ));
                    let without = Column {
                        value: ColumnValue::Required,
                        ..(*column).clone()
                    };
                    format!("ADD COLUMN {}", column::define(table, &without))
                }
                _ => format!("ADD COLUMN {}", column::define(table, column)),
            })
            .collect();
        for alteration in alterations {
            push_all(alteration.before, out);
            actions.extend(alteration.actions);
            after.extend(alteration.after);
            late.extend(alteration.late);
        }
        let proofs = match online::is_open(self.table, out) {
            true => online::prove_no_null(self.table, self.altered.iter().copied(), out),
            false => Vec::new(),
        };
        push_actions(table, &actions, out);
        for proof in proofs {
            out.push(proof);
        }
        push_all(after, out);
        for column in &plain {
            column::push_ownership(table, column, out);
            if column::is_nullable_serial(table, column) {
                late.push(format!("ALTER COLUMN {} DROP NOT NULL", ident(&column.name)));
            }
            late.extend(options::column_changes(column, &Options::new()));
        }
        push_actions(table, &late, out);
        // Behind the plain columns, which they are computed from.
        let generated = self
            .added
            .iter()
            .filter(|column| is_generated(column))
            .chain(&self.remade);
        let generated: Vec<String> = generated
            .flat_map(|column| {
                let added = format!("ADD COLUMN {}", column::define(table, column));
                std::iter::once(added).chain(options::column_changes(column, &Options::new()))
            })
            .collect();
        push_actions(table, &generated, out);
    }

    fn alteration(&self, state: &Schema, from: &Column, to: &Column) -> Alteration {
        let place = (self.table, state);
        if self.freed.contains(&&to.name) {
            let value = ColumnValue::Required;
            let plain = Column { value, ..from.clone() };
            return Alteration::new(place, self.key, &plain, to);
        }
        Alteration::new(place, self.key, from, to)
    }

    /// Generated columns go first: the server refuses to drop a column that another one is computed from.
    fn push_drops(&self, only: bool, state: &Schema, out: &mut Steps) {
        let freed = self.freed.iter();
        let freed = freed.map(|name| format!("ALTER COLUMN {} DROP EXPRESSION", ident(name)));
        push_actions(&self.table.name, &freed.collect::<Vec<_>>(), out);
        let (generated, plain): (Vec<&Column>, Vec<&Column>) =
            self.dropped.iter().copied().partition(|column| is_generated(column));
        let remade = self.remade.iter().copied();
        if only && !self.remade.is_empty() {
            push_actions(&self.table.name, &along::drops(remade), out);
            self.push_drops_below(state, out);
            push_actions_on(
                &self.table.name,
                only,
                &along::drops(generated.into_iter().chain(plain)),
                out,
            );
        } else {
            push_actions_on(
                &self.table.name,
                only,
                &along::drops(remade.chain(generated).chain(plain)),
                out,
            );
        }
    }

    /// What is made again is made again in the tables that inherit it, too. They keep a column that they have of themselves as
    /// well.
    fn push_drops_below(&self, state: &Schema, out: &mut Steps) {
        let below = state.all_below(&self.table.name);
        for table in below.iter().filter_map(|name| state.tables.get(name)) {
            let columns = self.remade.iter().filter(|column| table.column(&column.name).is_some());
            let drops = columns.map(|column| format!("DROP COLUMN IF EXISTS {}", ident(&column.name)));
            push_actions(&table.name, &drops.collect::<Vec<_>>(), out);
        }
    }

    /// Whether the part that changes goes with a column that is made again, and comes anew with it.
    fn takes_along(&self, change: &TableChange) -> bool {
        matches!(change, TableChange::AlterPart { to, .. }
            if self.remade.iter().any(|column| mention::part_uses(to, &column.name)))
    }

    /// What went along with a column that was made again, and is not in the list of what comes.
    fn push_dependents(&self, changes: &[TableChange], out: &mut Steps) {
        let names = self.remade.iter().map(|column| &column.name).collect::<Vec<_>>();
        let comes = |part: &Part| {
            changes.iter().any(|change| match (change, part) {
                (TableChange::AddPrimaryKey(_), Part::PrimaryKey(_)) => true,
                (TableChange::AddUnique(added), Part::Unique(unique)) => added.name == unique.name,
                (TableChange::AddCheck(added), Part::Check(check)) => added.name == check.name,
                (TableChange::AddExclusion(added), Part::Exclusion(exclusion)) => added.name == exclusion.name,
                (TableChange::AddForeignKey(added), Part::ForeignKey(key)) => added.name == key.name,
                (TableChange::AddIndex(added), Part::Index(index)) => added.name == index.name,
                _ => false,
            })
        };
        let mut parts = along::parts(self.table, &names);
        parts.retain(|part| !comes(part));
        along::push(self.table, &parts, out);
        self.push_lost_comments(changes, out);
    }

    /// Comments of columns that stepped aside for another one's new type.
    fn push_lost_comments(&self, changes: &[TableChange], out: &mut Steps) {
        for column in &self.remade {
            let altered =
                |change: &TableChange| matches!(change, TableChange::AlterColumn { to, .. } if to.name == column.name);
            if !changes.iter().any(altered) {
                along::comment(self.table, column, out);
            }
        }
    }
}

fn is_generated(column: &Column) -> bool {
    matches!(column.value, ColumnValue::Generated { .. })
}
