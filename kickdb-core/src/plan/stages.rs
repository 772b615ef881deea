use super::emit::{emit, online_script, script};
use super::order::{Ordered, Tables, applied, order};
use super::{Plan, Script, Steps, TxMode};
use crate::dialect::{Dialect, EmitError};
use crate::diff::{Backfills, Change, NeededValue, Renames, TableChange, apply_one, diff, fill};
use crate::ident::{Name, Qualified};
use crate::ir::Schema;

/// One migration of those that a set of changes needs.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its SQL.
    pub plan: Plan,
    /// The schema after it.
    pub to: Schema,
    /// Whether it runs in a transaction. Where not, it runs statement by statement.
    pub transaction: bool,
    /// Lines for the head of its file.
    pub head: Vec<String>,
}

/// The changes as migrations to be run one after the other.
///
/// Nearly always one. Where some statements cannot run in a transaction (a concurrent index build) and others should, each
/// run of one kind is a migration of its own, so that what can be rolled back as a whole is.
///
/// # Errors
///
/// When the engine cannot carry out one of the changes.
pub fn stages(from: &Schema, changes: &[Change], dialect: &dyn Dialect) -> Result<Vec<Stage>, EmitError> {
    let ordered = order(from, changes, Tables::Still, dialect);
    let up = script(from, &ordered, dialect)?;
    let outside = up.steps.iter().filter(|step| step.tx == TxMode::Outside).count();
    if outside == 0 || outside == up.steps.len() {
        return Ok(vec![stage(from, ordered, up, dialect)?]);
    }
    let mut state = from.clone();
    let mut stages = Vec::new();
    for group in split(from, &ordered, dialect)? {
        let up = script(&state, &group, dialect)?;
        let stage = stage(&state, group, up, dialect)?;
        state.clone_from(&stage.to);
        stages.push(stage);
    }
    Ok(stages)
}

/// The migration of some changes with the script that makes them, and the way back.
fn stage(from: &Schema, ordered: Ordered, up: Script, dialect: &dyn Dialect) -> Result<Stage, EmitError> {
    stage_by(from, ordered, up, dialect, Tables::Still, Back::default())
}

/// Values for columns that come back: table, column, and the value as SQL.
#[derive(Default)]
pub(super) struct Back(pub(super) Vec<(Qualified, Name, String)>);

/// The same with a way back for tables that are still, or in use.
pub(super) fn stage_by(
    from: &Schema,
    ordered: Ordered,
    up: Script,
    dialect: &dyn Dialect,
    tables: Tables,
    Back(values): Back,
) -> Result<Stage, EmitError> {
    let to = applied(&ordered.changes, from, dialect);
    let back = diff(&to, from, &Renames::of(&ordered.changes).inverse()).changes;
    let mut given = Backfills::default();
    for needed in NeededValue::of(&back) {
        let value = values.iter().find(|(table, column, _)| needed.is(table, column));
        if let Some((_, _, value)) = value {
            given.set(&needed, value);
        }
    }
    // A column that comes back finds rows without a value for it, and nobody to ask.
    let (mut back, _) = fill(back, from, &given, dialect);
    back.extend(
        values
            .into_iter()
            .map(|(table, column, value)| Change::Fill { table, column, value }),
    );
    let down = order(&to, &back, tables, dialect);
    let write = match tables {
        Tables::Still => script,
        Tables::InUse => online_script,
    };
    let plan = Plan {
        up,
        down: write(&to, &down, dialect)?,
        changes: ordered.changes,
        reverse: down.changes,
        notes: Vec::new(),
    };
    let inside = |step: &super::Step| step.tx == TxMode::Inside;
    let transaction = plan.up.steps.iter().chain(&plan.down.steps).all(inside);
    Ok(Stage {
        plan,
        to,
        transaction,
        head: Vec::new(),
    })
}

/// Cuts the ordered changes where the mode changes.
fn split(from: &Schema, ordered: &Ordered, dialect: &dyn Dialect) -> Result<Vec<Ordered>, EmitError> {
    let mut pieces = Vec::new();
    // What a table still needs after its first change of mode waits until the other tables are through with their first
    // part: two kinds of statements then make two migrations, not two for each table.
    let mut waiting = Vec::new();
    let mut state = from.clone();
    for change in &ordered.changes {
        let mut runs = runs(change, &state, dialect)?.into_iter();
        let alters = matches!(change, Change::AlterTable { .. });
        if !alters {
            pieces.append(&mut waiting);
        }
        pieces.extend(runs.next());
        waiting.extend(runs);
        apply_one(change, &mut state);
    }
    pieces.append(&mut waiting);

    let mut groups = Vec::<(TxMode, Ordered)>::new();
    for (mode, change) in pieces {
        match groups.last_mut() {
            Some((last, group)) if *last == mode => group.changes.push(change),
            _ => groups.push((
                mode,
                Ordered {
                    changes: vec![change],
                    foreign_keys_off: ordered.foreign_keys_off,
                },
            )),
        }
    }
    Ok(groups.into_iter().map(|(_, group)| group).collect())
}

/// A change, or where its statements are of both modes, its parts of one mode each.
fn runs(change: &Change, state: &Schema, dialect: &dyn Dialect) -> Result<Vec<(TxMode, Change)>, EmitError> {
    let modes = modes(change, state, dialect)?;
    let Change::AlterTable { changes, .. } = change else {
        let mode = if modes.contains(&TxMode::Outside) {
            TxMode::Outside
        } else {
            TxMode::Inside
        };
        return Ok(vec![(mode, change.clone())]);
    };
    if !modes.contains(&TxMode::Outside) {
        return Ok(vec![(TxMode::Inside, change.clone())]);
    }
    let mut runs = Vec::<(TxMode, Vec<TableChange>)>::new();
    let mut at = state.clone();
    for one in changes {
        let single = part(change, vec![one.clone()], &at);
        let mode = if self::modes(&single, &at, dialect)?.contains(&TxMode::Outside) {
            TxMode::Outside
        } else {
            TxMode::Inside
        };
        apply_one(&single, &mut at);
        match runs.last_mut() {
            Some((last, changes)) if *last == mode => changes.push(one.clone()),
            _ => runs.push((mode, vec![one.clone()])),
        }
    }
    let mut at = state.clone();
    let parts = runs.into_iter().map(|(mode, changes)| {
        let part = part(change, changes, &at);
        apply_one(&part, &mut at);
        (mode, part)
    });
    Ok(parts.collect())
}

/// Some of the changes of an alteration, from where the schema is now.
fn part(change: &Change, changes: Vec<TableChange>, state: &Schema) -> Change {
    let Change::AlterTable { from, to, .. } = change else {
        return change.clone();
    };
    let before = state.tables.share(&to.name).unwrap_or_else(|| from.clone());
    let mut one = Schema::default();
    one.tables.insert(to.name.clone(), before.clone());
    let mut part = Change::AlterTable {
        from: before,
        to: to.clone(),
        changes,
    };
    apply_one(&part, &mut one);
    if let (Change::AlterTable { to, .. }, Some((_, after))) = (&mut part, one.tables.into_iter().next()) {
        *to = after;
    }
    part
}

fn modes(change: &Change, state: &Schema, dialect: &dyn Dialect) -> Result<Vec<TxMode>, EmitError> {
    let mut out = Steps::default();
    emit(change, &[], state, dialect, &mut out)?;
    Ok(out.finish().steps.iter().map(|step| step.tx).collect())
}
