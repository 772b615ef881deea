//! Changes of tables that are in use, as migrations between which programs are deployed.
//!
//! The goal is reached over schemas in between. First room is made: new columns, empty, and triggers that fill them in every
//! row that is written from then on. Then the rows that are there are filled, and what holds on to them is built. What only
//! the version before needs goes last, when no program of it runs any more; a column of another type is a new one until then.

mod leave;
mod staged;

use std::collections::BTreeMap;

use self::leave::leave;
use self::staged::Staged;
use super::Stage;
use super::emit::{online_script, script};
use super::order::{Ordered, Tables, order};
use super::stages::{self, Back, stages};
use crate::dialect::online::{Kept, Online};
use crate::dialect::{Dialect, EmitError};
use crate::diff::{Change, Renames, TableChange, apply, diff};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, ObjectId, Schema};

/// The changes as migrations that keep nobody from the tables for longer than a moment.
///
/// Each says in its head what it is for and when to apply it; `{previous}` there is the id of the one before. Where the engine
/// has no such ways, and for tables that are spread over partitions or inherit, they are those of [`stages`].
///
/// # Errors
///
/// When the engine cannot carry out one of the changes.
pub fn online(from: &Schema, changes: &[Change], dialect: &dyn Dialect) -> Result<Vec<Stage>, EmitError> {
    match dialect.online() {
        Some(ways) if !touches_family(from, changes) => Work::of(from, changes, dialect, ways)?.stages(),
        Some(_) => {
            let mut plain = stages(from, changes, dialect)?;
            if let Some(first) = plain.first_mut() {
                first.plan.notes.push(FAMILY.to_owned());
                first.head.push(format!("-- {FAMILY}"));
            }
            Ok(plain)
        }
        None => stages(from, changes, dialect),
    }
}

fn touches_family(from: &Schema, changes: &[Change]) -> bool {
    let tables = || from.tables.values();
    changes.iter().any(|change| {
        let Change::AlterTable { from, to, .. } = change else {
            return false;
        };
        let part = |table: &crate::ir::Table| table.partition_by.is_some() || table.parents().next().is_some();
        part(from) || part(to) || tables().any(|table| table.parents().any(|parent| *parent == from.name))
    })
}

struct Work<'a> {
    dialect: &'a dyn Dialect,
    from: &'a Schema,
    to: Schema,
    /// What both versions of the program can work with: the goal, with what goes still there.
    built: Schema,
    renames: Renames,
    staged: Vec<Staged>,
    /// What changes its type in place all the same, and why.
    in_place: Vec<String>,
    /// Values for rows, by table and column.
    fills: BTreeMap<(Qualified, Name), String>,
    /// What keeps columns filled until the version before is gone.
    keepers: Vec<ObjectId>,
}

impl<'a> Work<'a> {
    fn of(
        from: &'a Schema,
        changes: &[Change],
        dialect: &'a dyn Dialect,
        ways: &dyn Online,
    ) -> Result<Self, EmitError> {
        let to = apply(changes, from);
        let mut built = to.clone();
        for change in changes {
            leave(change, &mut built);
        }
        let mut fills = BTreeMap::new();
        let (mut staged, mut in_place) = (Vec::new(), Vec::new());
        let mut kept = BTreeMap::<Qualified, Vec<Kept>>::new();
        for change in changes {
            match change {
                Change::Fill { table, column, value } => {
                    fills.insert((table.clone(), column.clone()), value.clone());
                }
                Change::AlterTable {
                    from: before,
                    to: after,
                    changes,
                } => {
                    for part in changes {
                        match part {
                            TableChange::AddColumn(column) => {
                                if let Some(value) = own_value(column, ways) {
                                    fills.insert((after.name.clone(), column.name.clone()), value);
                                }
                            }
                            TableChange::AlterColumn { from, to } if ways.rewrites(&from.ty, &to.ty) => {
                                match Staged::of((before, after), (from, to), changes, &mut built, dialect) {
                                    Ok(one) => staged.push(one),
                                    Err(why) => in_place.push(instead(&after.name, &to.name, &why)),
                                }
                            }
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        for ((table, column), value) in &fills {
            kept.entry(table.clone()).or_default().push(Kept {
                column: column.clone(),
                value: value.clone(),
                follows: false,
            });
        }
        for one in &staged {
            fills.insert((one.table.clone(), one.spare.clone()), one.forth.clone());
            kept.entry(one.table.clone()).or_default().push(Kept {
                column: one.spare.clone(),
                value: one.forth.clone(),
                follows: true,
            });
        }
        let mut work = Self {
            dialect,
            from,
            to,
            built,
            renames: Renames::of(changes),
            staged,
            in_place,
            fills,
            keepers: Vec::new(),
        };
        work.keep(&kept, ways)?;
        Ok(work)
    }

    fn keep(&mut self, kept: &BTreeMap<Qualified, Vec<Kept>>, ways: &dyn Online) -> Result<(), EmitError> {
        for (name, kept) in kept {
            let Some(table) = self.built.tables.get(name) else {
                continue;
            };
            for sql in ways.keep(table, kept)? {
                let (id, object) = self.dialect.read_object(&sql).map_err(|message| EmitError {
                    object: name.to_string(),
                    message,
                })?;
                if self.built.objects.contains_key(&id) {
                    let message =
                        "it is there already, and must be what keeps columns filled; generate without `--online`";
                    return Err(EmitError {
                        object: id.to_string(),
                        message: message.to_owned(),
                    });
                }
                self.keepers.push(id.clone());
                self.built.objects.insert(id, object);
            }
        }
        if self.keepers.is_empty() {
            return Ok(());
        }
        self.dialect.normalize(&mut self.built).map_err(|refusals| EmitError {
            object: "a step in between".to_owned(),
            message: refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        })
    }

    fn stages(self) -> Result<Vec<Stage>, EmitError> {
        let mut found = Vec::new();
        let none = Renames::of(&[]);
        let mut state = self.from.clone();
        let mut renames = &self.renames;
        if !self.keepers.is_empty() {
            let changes = diff(&state, &self.built, renames).changes;
            let room = changes
                .iter()
                .filter_map(|change| self.room(change))
                .collect::<Vec<_>>();
            found.push((self.stage(&state, &room)?, ROOM));
            state.clone_from(&found[0].0.to);
            renames = &none;
        }
        let mut changes = diff(&state, &self.built, renames).changes;
        changes.extend(self.fills.iter().map(|((table, column), value)| Change::Fill {
            table: table.clone(),
            column: column.clone(),
            value: value.clone(),
        }));
        if !changes.is_empty() {
            let mut stage = self.stage(&state, &changes)?;
            stage.plan.notes.clone_from(&self.in_place);
            found.push((stage, BUILD));
        }
        if !self.staged.is_empty() {
            found.push((self.exchange()?, SWAP));
        } else {
            let changes = diff(&self.built, &self.to, &none).changes;
            if !changes.is_empty() {
                found.push((self.stage(&self.built, &changes)?, LEAVE));
            }
        }
        let of = found.len();
        let numbered = found.into_iter().enumerate().map(|(at, (mut stage, what))| {
            if of > 1 {
                stage.head = what
                    .replace("{number}", &(at + 1).to_string())
                    .replace("{of}", &of.to_string())
                    .lines()
                    .map(|line| format!("-- {line}"))
                    .collect();
            }
            stage
                .head
                .extend(stage.plan.notes.iter().map(|note| format!("-- {note}")));
            stage
        });
        Ok(numbered.collect())
    }

    /// Columns change places, in one transaction: or a program finds none. First the old ones go with what rests on them, then
    /// the new ones take their names, then all else goes.
    fn exchange(&self) -> Result<Stage, EmitError> {
        let mut without = self.built.clone();
        without.objects.retain(|id, _| !self.keepers.contains(id));
        let mut renamed = without.clone();
        let mut swap = Renames::of(&[]);
        for one in &self.staged {
            if let (Some(table), Some(next)) = (without.tables.get_mut(&one.table), renamed.tables.get_mut(&one.table))
            {
                one.drop_old(table);
                one.drop_old(next);
                one.take_place(next);
            }
            swap.columns
                .insert((one.table.clone(), one.spare.clone()), one.column.clone());
        }
        let none = Renames::of(&[]);
        let in_order = |from: &Schema, to: &Schema, renames: &Renames| {
            order(from, &diff(from, to, renames).changes, Tables::Still, self.dialect)
        };
        let parts = [
            in_order(&self.built, &without, &none),
            in_order(&without, &renamed, &swap),
            in_order(&renamed, &self.to, &none),
        ];
        let [dropped, moved] = [parts[0].changes.len(), parts[0].changes.len() + parts[1].changes.len()];
        let mut ordered = Ordered::default();
        for part in parts {
            ordered.changes.extend(part.changes);
        }
        let mut up = script(&self.built, &ordered, self.dialect)?;
        for step in &mut up.steps {
            if step.cause < dropped && step.sql.contains(" DROP COLUMN ") {
                step.note = Some(GONE);
            } else if step.cause < dropped && step.sql.starts_with("DROP INDEX ") {
                step.note = Some(INDEX);
            } else if step.cause < dropped && step.sql.contains(" DROP CONSTRAINT ") {
                step.note = Some(CONSTRAINT);
            } else if step.cause < moved && step.sql.contains(" RENAME COLUMN ") {
                step.note = Some(MOVED);
            }
        }
        let back = Back(self.staged.iter().map(Staged::back).collect());
        stages::stage_by(&self.built, ordered, up, self.dialect, Tables::Still, back)
    }

    fn stage(&self, from: &Schema, changes: &[Change]) -> Result<Stage, EmitError> {
        let ordered = order(from, changes, Tables::InUse, self.dialect);
        let up = online_script(from, &ordered, self.dialect)?;
        stages::stage_by(from, ordered, up, self.dialect, Tables::InUse, Back::default())
    }

    /// What of a change comes first: what is there at once, and what holds on to nothing.
    fn room(&self, change: &Change) -> Option<Change> {
        match change {
            Change::AlterTable { from, to, changes } => {
                let changes = changes
                    .iter()
                    .filter_map(|part| self.room_in(&to.name, part))
                    .collect::<Vec<_>>();
                (!changes.is_empty()).then(|| Change::AlterTable {
                    from: from.clone(),
                    to: to.clone(),
                    changes,
                })
            }
            Change::CreateObject { id, .. } => {
                (self.keepers.contains(id) || id.kind.serves_tables()).then(|| change.clone())
            }
            Change::CreateTable(_) | Change::AlterObject { .. } | Change::Fill { .. } => None,
            other => Some(other.clone()),
        }
    }

    fn room_in(&self, table: &Qualified, change: &TableChange) -> Option<TableChange> {
        let open = |column: &Column| Column {
            nullable: true,
            ..column.clone()
        };
        Some(match change {
            TableChange::AddPart(_) | TableChange::AlterPart { .. } => return None,
            TableChange::AddColumn(column) if self.staged.iter().any(|one| one.is(table, &column.name)) => {
                TableChange::AddColumn(Column {
                    value: ColumnValue::Required,
                    ..open(column)
                })
            }
            TableChange::AddColumn(column) if self.fills.contains_key(&(table.clone(), column.name.clone())) => {
                TableChange::AddColumn(open(column))
            }
            TableChange::AlterColumn { from, to } if from.nullable && !to.nullable => {
                if *from == open(to) || from.ty != to.ty {
                    return None;
                }
                TableChange::AlterColumn {
                    from: from.clone(),
                    to: open(to),
                }
            }
            TableChange::AlterColumn { from, to } if from.ty != to.ty => return None,
            other => other.clone(),
        })
    }
}

/// What is said of a column whose type is changed under a lock although the table is in use.
fn instead(table: &Qualified, column: &Name, why: &str) -> String {
    format!(
        "{table}.{column} gets its type in place, because {why}: programs wait for the table until its rows are written anew. Where that \
         takes too long, add a column of the new type under a name of its own, have the program write both, read the new one, \
         and let the old one go in a later release"
    )
}

/// The value of a new column that each row gets by itself, in rows that must not all be written at once.
fn own_value(column: &Column, ways: &dyn Online) -> Option<String> {
    match &column.value {
        ColumnValue::Default(default) => ways.own_for_each_row(default),
        _ => None,
    }
}

const FAMILY: &str = "in the plain form, because a table of it has partitions, is one or inherits: look at the locks with `cargo kickdb \
                      migrate latest --dry-run`, or generate what is of other tables by itself";

const GONE: &str = "kickdb: allow drop_column because its values are in the column that takes its place";

const INDEX: &str = "kickdb: allow drop_index_not_concurrent because its column goes in the same transaction, and locks the table anyway";

const CONSTRAINT: &str = "kickdb: allow drop_constraint because the same stands on the column that takes its place";

const MOVED: &str =
    "kickdb: allow rename_column because it takes the place of the one that went, in the same transaction";

const ROOM: &str = "Step {number} of {of}, before the new version of the program: makes room. What is new is empty, and a trigger fills it in
every row that is written from now on. Programs of the version before go on as they are.";

const BUILD: &str = "Step {number} of {of}, before the new version of the program: fills the rows that are there, some at a time, and builds
checks, keys and indexes while others write. It runs statement by statement, and goes on where it stopped.
When it is through, deploy the version of the program that goes with it.";

const LEAVE: &str =
    "Step {number} of {of}, when no program of the version before runs any more: takes away what only that one needed.
Until then stop at the step before: cargo kickdb migrate up --to {previous}";

const SWAP: &str = "Step {number} of {of}: a column of another type takes the place of the one of the same name, at once, and what only the
version before needed goes. Programs must read the new type from here on: deploy those that do at this moment, or before it those
that read both. Until then stop at the step before: cargo kickdb migrate up --to {previous}";
