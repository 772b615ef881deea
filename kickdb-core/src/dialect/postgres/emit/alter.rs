//! One table's group of changes.

use super::column::{self, push_actions, push_actions_on};
use super::columns::{Columns, is_remade};
use super::create::part_comment;
use super::partial;
use super::{define, online, recomment};
use crate::dialect::postgres::options::{self, Options};
use crate::dialect::postgres::syntax::{block, ident, literal, qualified};
use crate::dialect::postgres::{family, objects};
use crate::diff::{Part, TableChange};
use crate::ident::Name;
use crate::ir::{Index, PrimaryKey, Schema, Table, Unique};
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
    // Its type changes later.
    let resized = |change: &TableChange| matches!(change, TableChange::AddColumn(_) | TableChange::DropColumn(_));
    if was.is_some() && was == is && changes.iter().any(resized) && objects::fits_its_type(from, state) {
        out.push(not_of(to));
    }
    // What a table loses of itself, those that inherit from it keep as their own until they lose it themselves.
    let only = family::is_inherited(from, state);
    families(to, changes, is_leave, state, out);
    drops(to, changes, state, out);
    let group = Columns::new(from, to, changes);
    let partial = partial::indexes(from, changes, state);
    partial::push_aside(from, &partial, out);
    group.push(only, state, out);
    partial::push_back(to, &partial, state, out);
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
    if (was != is || changes.iter().any(reshapes)) && objects::fits_its_type(to, state) {
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
            TableChange::DropPart(Part::Index(_) | Part::Check(_)) => None,
            TableChange::DropPart(constraint) => Some(constraint.name()),
            _ => None,
        })
        .map(|name| format!("DROP CONSTRAINT {}", ident(name)))
        .collect();
    push_actions(&to.name, &constraints, out);
    drop_checks(to, changes, state, out);
    for change in changes {
        if let TableChange::DropPart(Part::Index(index)) = change {
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
        TableChange::DropPart(Part::Check(check)) => Some(check),
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
            TableChange::AddPart(Part::PrimaryKey(key)) => Some(define::primary_key(key)),
            TableChange::AddPart(Part::Unique(unique)) => Some(define::unique(unique)),
            TableChange::AddPart(Part::Exclusion(exclusion)) => Some(define::exclusion(exclusion)),
            _ => None,
        })
        .map(|definition| format!("ADD {definition}"))
        .collect();
    // Partitions have theirs by name.
    push_actions_on(&to.name, to.partition_by.is_some(), &constraints, out);
    let checks: Vec<String> = changes
        .iter()
        .filter_map(|change| match change {
            TableChange::AddPart(Part::Check(check)) => Some(format!("ADD {}", define::check(check))),
            _ => None,
        })
        .collect();
    push_actions(&to.name, &checks, out);
    for change in changes {
        if let TableChange::AddPart(Part::Index(index)) = change {
            out.push(define::index(to, index));
            define::look(to, index, None, out);
        }
    }
    let keys: Vec<String> = changes
        .iter()
        .filter_map(|change| match change {
            TableChange::AddPart(Part::ForeignKey(key)) => Some(format!("ADD {}", define::foreign_key(key))),
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
            TableChange::AddPart(Part::Index(index)) => (&index.name, &index.part_of),
            TableChange::AddPart(Part::Unique(unique)) => (&unique.name, &unique.part_of),
            TableChange::AddPart(Part::PrimaryKey(key)) => (&key.name, &key.part_of),
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
        let TableChange::AddPart(index @ (Part::Index(_) | Part::Unique(_) | Part::PrimaryKey(_))) = change else {
            continue;
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
        choose(to, index.name(), &options, out);
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
            TableChange::AddPart(part) => part_comment(to, part, None, out),
            TableChange::SetComment { from, to: text } => {
                recomment("TABLE", &qualified(&to.name), from.as_deref(), text.as_deref(), out);
            }
            _ => {}
        }
    }
}
