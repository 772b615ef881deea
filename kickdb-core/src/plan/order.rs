//! The order in which an engine accepts the changes.
//!
//! Fixed phases, and inside a phase what depends on what. Every phase says why it stands where it stands; names are the
//! new ones from the second phase on.

mod borrowed;
mod families;
mod fills;
mod foreign_keys;
mod logged;
mod names;
mod objects;
mod rows;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use self::families::repartition;
use self::fills::Fills;
use self::foreign_keys::Detached;
pub(super) use self::names::foreign_keys::applied;
use self::names::indexes::{dropped_key, keys_of, moved_indexes, unpair};
use self::tables::creation_order;
use crate::dialect::{Dialect, EnumStorage};
use crate::diff::{self, Change, Part, TableChange, apply, apply_one};
use crate::ident::{Name, Qualified};
use crate::ir::{Action, Enum, ObjectId, Schema, Table};

/// Whether programs write to the tables while they are changed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tables {
    /// Nobody does, or whoever does waits: the triggers of a table may be gone for a while, so that values that rows get
    /// without anybody having asked for it start nothing.
    Still,
    /// They do, and their triggers stay.
    InUse,
}

/// Changes in execution order.
#[derive(Debug, Default)]
pub(super) struct Ordered {
    pub(super) changes: Vec<Change>,
    /// Tables that point at each other are dropped, and the engine cannot drop a foreign key alone.
    pub(super) foreign_keys_off: bool,
}

/// Brings the changes of a [`Diff`](crate::diff::Diff) into an order that the engine accepts.
///
/// Views, functions, triggers and the like are woven in at the end, see [`objects`].
pub(super) fn order(from: &Schema, changes: &[Change], tables: Tables, dialect: &dyn Dialect) -> Ordered {
    if let Some((from, changes)) = names::foreign_keys::follow(from, changes, dialect) {
        return order_named(&from, &changes, tables, dialect);
    }
    order_named(from, changes, tables, dialect)
}

/// The same where names change as the changes say, and no other way.
fn order_named(from: &Schema, changes: &[Change], tables: Tables, dialect: &dyn Dialect) -> Ordered {
    if let Some(crossed) = names::counters::uncross(from, changes) {
        let mut out = without_views_in_the_way(&crossed.from, &crossed.rest, tables, dialect);
        out.changes.splice(0..0, crossed.first);
        return out;
    }
    without_views_in_the_way(from, changes, tables, dialect)
}

fn without_views_in_the_way(from: &Schema, changes: &[Change], tables: Tables, dialect: &dyn Dialect) -> Ordered {
    let Some(vacated) = names::views::vacate(from, changes, dialect) else {
        return from_the_renames_on(from, changes, tables, dialect);
    };
    let mut out = from_the_renames_on(&vacated.from, &vacated.rest, tables, dialect);
    out.changes.splice(0..0, vacated.first);
    out
}

fn from_the_renames_on(from: &Schema, changes: &[Change], tables: Tables, dialect: &dyn Dialect) -> Ordered {
    // Whether foreign keys can be dropped and added on their own.
    let detach = dialect.caps().add_foreign_key;
    let to = apply(changes, from);
    let mut out = Ordered::default();
    let mut kinds = Kinds::of(changes);

    // Schemas before anything that is made in them or moved to them.
    out.changes.append(&mut kinds.create_namespaces);

    // New names before everything else: from here on only they are said. A name that is taken is free after the rename of
    // its holder, which the diff has put before; what replaces a thing in place waits under a spare name (see diff).
    out.changes.append(&mut kinds.renames);

    // A type that takes the name of one of another kind changes with all that is made of it, and first of all.
    let before = apply(&out.changes, from);
    out.changes.extend(names::types::take(&mut kinds, &before, dialect));
    let named = out.changes.len();

    // What others depend on cannot change or go under them: foreign keys go before the keys, columns and tables they point
    // at (MySQL also refuses to drop an index that a foreign key needs).
    let mut middle = apply(&out.changes, from);
    let families = families::any(&middle) || families::any(&to);
    if dialect.caps().shared_index_names {
        unpair(&mut kinds.alter, &middle, &to);
    }
    let mut freed = Vec::new();
    let mut remade = repartition::take(&mut kinds, &middle, &to, dialect);
    repartition::join_later(&mut remade, &kinds.alter);
    if families {
        families::leave_several(&mut kinds.alter, &middle);
        families::loosen_indexes(&mut kinds.alter, &middle, &to);
        families::leave_with_keys(&mut kinds.alter, &middle, &to);
        // A table leaves those it is a part of before anything changes in either, and what they count by with them.
        let left = families::leave(&mut kinds.alter, &kinds.drop_tables, &to);
        let (free, back) = families::free_keys(&left, &mut kinds, &middle, &to, &remade);
        let let_go = borrowed::let_go(&left, &middle, &to, dialect);
        out.changes.extend(free);
        out.changes.extend(left);
        out.changes.extend(let_go);
        freed = back;
        middle = families::replay(&out.changes, from, dialect);
        families::look_again(&mut kinds.alter, &middle, &to);
    }
    let mut later = borrowed::postpone(&mut kinds, &to, dialect);
    let mut detached = if detach {
        foreign_keys::detached(&middle, &to, &kinds, &remade, dialect)
    } else {
        Detached::default()
    };
    for (table, key) in freed {
        detached.comes_back(&table, key);
    }
    let switched = logged::take(&mut kinds, &middle, &to, dialect, &mut detached);
    let moved = moved_indexes(&kinds, &remade, dialect.caps().shared_index_names);
    // A table whose name a type or the like takes goes before that comes.
    let made = kinds.create_enums.iter().chain(&kinds.objects);
    let made = made.filter_map(|change| match change {
        Change::CreateEnum(e) => Some(&e.name),
        Change::CreateObject { id, .. } if id.kind.serves_tables() && !id.kind.is_callable() => Some(&id.name),
        _ => None,
    });
    let made = made.collect::<BTreeSet<_>>();
    // So does a partition whose rows another one takes: they change along with all others, and no index above waits for it.
    let gives_rows = |table: &Table| {
        let place = table.partition.as_ref().filter(|_| table.partition_by.is_none());
        place.is_some_and(|place| {
            families::takes_the_rest(&place.of, &middle) && families::takes_the_rest(&place.of, &to)
        })
    };
    let in_the_way = families::in_the_way(&kinds.drop_tables, &middle, &to);
    let early = kinds.drop_tables.extract_if(.., |table| {
        made.contains(&table.name) || families && (gives_rows(table) || in_the_way.contains(&table.name))
    });
    let early = early.collect::<Vec<_>>();
    let (ranked, _) = creation_order(&early.iter().map(|table| &**table).collect::<Vec<_>>());
    let mut early = ranked.into_iter().rev().map(|at| early[at].clone()).collect::<Vec<_>>();
    // And one that holds rows of another one, which then may be altered, or go.
    let rows = (dialect.caps().enums == EnumStorage::Type).then(|| rows::Rows::of(&middle, dialect));
    if let Some(rows) = &rows {
        early.extend(rows::take_holders(&mut kinds.drop_tables, rows));
    }
    // An index that takes the name of a table that goes comes when that is gone.
    let taken = if dialect.caps().shared_index_names {
        kinds.drop_tables.iter().map(|table| &table.name).collect()
    } else {
        BTreeSet::new()
    };
    out.changes
        .extend(early_drops(&middle, &kinds, &detached, &moved, detach));

    let gone = early.iter().chain(&kinds.drop_tables).map(|table| table.name.clone());
    let gone = gone.collect::<BTreeSet<_>>();
    out.changes.extend(early.into_iter().map(Change::DropTable));

    // Enums before the columns that use them; new values before the defaults and checks that say them.
    out.changes.append(&mut kinds.create_enums);
    let mut narrowed = Vec::new();
    for change in kinds.alter_enums {
        let (wide, narrow) = widen_then_narrow(change);
        out.changes.extend(wide);
        narrowed.extend(narrow);
    }

    let mut parked = rows::Parked::default();
    if let Some(rows) = &rows {
        parked = rows::park(&mut kinds.alter, &remade, &gone, &middle, (rows, dialect));
    }

    // Existing tables before new ones: an index or a constraint that moves to a new table gives its name free first, and
    // the new table's foreign keys find the keys they point at.
    let rest = |change: &Change| rest_of(change, &detached, &moved, &taken, detach);
    out.changes.extend(parked.first.iter().filter_map(rest));
    out.changes.append(&mut parked.away);
    // Tables that are made again before what is left to do to any other: nothing of them is altered afterwards.
    out.changes.append(&mut remade);
    if families {
        // A value for a column comes to all parts of a table at once, before any of them asks for it.
        let (alter, ahead) = fills::ahead(&kinds.alter, &kinds.fills, &to);
        out.changes.extend(ahead.iter().filter_map(rest));
        let state = families::replay(&out.changes, from, dialect);
        let during = parked.during(&later.before, dialect);
        out.changes
            .extend(families::alter(&alter, &kinds.fills, state, &during, dialect, &rest));
    } else {
        let left = kinds.alter.iter().filter_map(rest);
        out.changes
            .extend(left.flat_map(|change| fills::around(change, &kinds.fills, &to)));
    }

    out.changes.append(&mut parked.back);

    // Whether tables are logged, when the foreign keys that go are gone and before those that come are there.
    out.changes.extend(switched);

    // Tables go after the foreign keys to them are gone (SQLite drops those with a rebuild, above, and otherwise deletes the
    // rows that point to a dropped table), and before others are made that could take the names of their indexes.
    let dropped = kinds.drop_tables.iter().map(|table| &**table).collect::<Vec<_>>();
    let (ranked, cut) = creation_order(&dropped);
    out.foreign_keys_off = !detach && (!cut.is_empty() || drop_touches_rows(&dropped, &to));
    let doomed = ranked
        .into_iter()
        .rev()
        .map(|at| Change::DropTable(kinds.drop_tables[at].clone()));
    out.changes.extend(doomed);
    for change in &kinds.alter {
        if let Change::AlterTable { to, changes, .. } = change {
            let waits = changes.iter().filter(|change| takes_name(change, &to.name, &taken));
            let waits = waits.cloned().collect::<Vec<_>>();
            out.changes.extend((!waits.is_empty()).then(|| piece(&to.name, waits)));
        }
    }

    // And an enum whose name a table takes goes when no column is of it any more.
    let free = |change: &mut Change| matches!(change, Change::DropEnum(e) if kinds.create_tables.iter().any(|table| table.name == e.name));
    out.changes.extend(kinds.drop_enums.extract_if(.., free));

    // A table after those it points at. Where they point at each other, the key that closes the circle is added later, or
    // stays where the engine does not look at its target yet.
    // What takes the rows of all other partitions comes when those are there, whose rows it then never has to give back.
    let takes_the_rest = |table: &Arc<Table>| {
        let place = table.partition.as_ref();
        place.is_some_and(|place| place.bound.eq_ignore_ascii_case("default"))
    };
    kinds.create_tables.sort_by_key(takes_the_rest);
    let created = kinds.create_tables.iter().map(|table| &**table).collect::<Vec<_>>();
    let (ranked, cut) = creation_order(&created);
    let mut late = Vec::new();
    for at in ranked {
        let mut table = kinds.create_tables[at].clone();
        if let Some(names) = cut.get(&at).filter(|_| detach) {
            let table = Arc::make_mut(&mut table);
            let keys = names.iter().filter_map(|name| table.foreign_keys.remove(name));
            let keys = keys.map(TableChange::AddForeignKey).collect::<Vec<_>>();
            late.push(piece(&table.name, keys));
        }
        out.changes.push(Change::CreateTable(table));
    }

    // What draws from the counter of a new table.
    out.changes.append(&mut later.after);

    // A table joins those it is a part of when both are as they will be.
    if families {
        out.changes.extend(families::join(&kinds.alter));
    }

    // Foreign keys when every table and key is as it will be.
    for change in &kinds.alter {
        if let Change::AlterTable { to, changes, .. } = change {
            let added = changes
                .iter()
                .filter(|change| matches!(change, TableChange::AddForeignKey(_)));
            let mut added = added.filter(|_| detach).cloned().collect::<Vec<_>>();
            added.extend(detached.back(&to.name).into_iter().map(TableChange::AddForeignKey));
            if !added.is_empty() {
                out.changes.push(piece(&to.name, added));
            }
        }
    }
    out.changes.extend(detached.back_elsewhere());
    out.changes.append(&mut late);

    // Values, enums and schemas go when nothing says them any more.
    let comes = |id: &ObjectId| {
        let like = |change: &Change| matches!(change, Change::CreateObject { id: other, .. } if other.kind == id.kind && other.name == id.name);
        kinds.objects.iter().any(like)
    };
    let retyped = kinds.objects.iter().filter(|change| match change {
        Change::AlterObject { id, from, to } => !id.kind.is_callable() || !dialect.alters_in_place(id, from, to),
        Change::DropObject { id, .. } => id.kind.is_callable() && comes(id),
        _ => false,
    });
    for change in narrowed.iter().chain(retyped) {
        let (gather, spread) = repartition::gather(change, &to, dialect);
        out.changes.extend(gather);
        if matches!(change, Change::AlterEnum { .. }) {
            out.changes.push(change.clone());
        }
        out.changes.extend(spread);
    }
    out.changes.append(&mut kinds.drop_enums);
    out.changes.append(&mut kinds.drop_namespaces);
    if kinds.objects.is_empty() && from.objects.is_empty() {
        settle(&mut out.changes, from, &to, dialect);
        return out;
    }
    objects::retyped::leave_first(&mut out.changes, &kinds.objects, (named, &middle, &to), dialect);
    settle(&mut out.changes, from, &to, dialect);
    let mut work = objects::Work::of(kinds.objects, from, &to, &out.changes, named, (tables, dialect));
    if work.detach_parts(from, &to, &mut out.changes, named) {
        settle(&mut out.changes, from, &to, dialect);
        // A computed column that steps aside needs room, too.
        work.make_room(from, &to, &out.changes, named);
    }
    out.changes = work.weave(std::mem::take(&mut out.changes), named, &to);
    names::tables::join(&mut out.changes, dialect);
    out
}

/// Whether dropping the tables in order could still delete rows elsewhere, or be refused for their own rows, on an engine
/// that deletes the rows of a table before it drops it: a table that stays points at one that goes (SQLite allows that),
/// or one that goes restricts deletes of its own rows or acts on them, which triggers see.
fn drop_touches_rows(dropped: &[&Table], to: &Schema) -> bool {
    let folded = |name: &Qualified| name.name.as_str().to_ascii_lowercase();
    let gone = dropped.iter().map(|table| folded(&table.name)).collect::<BTreeSet<_>>();
    let left_pointing = to
        .tables
        .values()
        .flat_map(|table| table.foreign_keys.values())
        .any(|key| gone.contains(&folded(&key.references)));
    let acts_on_itself = dropped.iter().any(|table| {
        let mut own = table
            .foreign_keys
            .values()
            .filter(|key| folded(&key.references) == folded(&table.name));
        own.any(|key| key.on_delete != Action::NoAction)
    });
    left_pointing || acts_on_itself
}

/// An alteration of which only the table's name and the changes count; [`settle`] fills in the rest.
fn piece(name: &Qualified, changes: Vec<TableChange>) -> Change {
    let table = Arc::new(Table::new(name.clone()));
    Change::AlterTable {
        from: table.clone(),
        to: table,
        changes,
    }
}

/// Gives every change the tables and enums as they are when its turn comes; `end` is the schema after all of them.
fn settle(changes: &mut Vec<Change>, from: &Schema, end: &Schema, dialect: &dyn Dialect) {
    let mut state = from.clone();
    changes.retain(|change| !matches!(change, Change::AlterTable { changes, .. } if changes.is_empty()));
    for change in changes {
        let before = match change {
            Change::AlterTable { to, .. } => state.tables.share(&to.name),
            Change::DropTable(table) => {
                if let Some(now) = state.tables.share(&table.name) {
                    *table = now;
                }
                None
            }
            Change::Repartition { from, .. } => {
                from.iter_mut().for_each(|table| as_it_is(table, &state));
                None
            }
            _ => None,
        };
        apply_one(change, &mut state);
        dialect.spread(change, &mut state);
        if let Change::AlterTable { to, .. } = change
            && let Some(end) = end.tables.share(&to.name)
        {
            diff::settle(&end, &mut state);
        }
        if let (Change::AlterTable { from, to, .. }, Some(before)) = (change, before) {
            if let Some(after) = state.tables.share(&to.name) {
                *to = after;
            }
            *from = before;
        }
    }
}

fn as_it_is(table: &mut Table, state: &Schema) {
    if let Some(now) = state.tables.get(&table.name) {
        table.clone_from(now);
    }
}

/// The changes by their kind, each kind in the order of the diff.
#[derive(Default)]
struct Kinds {
    create_namespaces: Vec<Change>,
    renames: Vec<Change>,
    create_enums: Vec<Change>,
    alter_enums: Vec<Change>,
    alter: Vec<Change>,
    fills: Fills,
    drop_tables: Vec<Arc<Table>>,
    create_tables: Vec<Arc<Table>>,
    drop_enums: Vec<Change>,
    drop_namespaces: Vec<Change>,
    objects: Vec<Change>,
}

impl Kinds {
    fn of(changes: &[Change]) -> Self {
        let mut kinds = Self::default();
        for change in changes {
            let change = change.clone();
            match change {
                Change::CreateNamespace(_) => kinds.create_namespaces.push(change),
                Change::RenameEnum { .. } | Change::RenameTable { .. } => kinds.renames.push(change),
                Change::CreateEnum(_) => kinds.create_enums.push(change),
                Change::AlterEnum { .. } => kinds.alter_enums.push(change),
                Change::AlterTable { ref changes, .. } => {
                    let renames = |change: &TableChange| matches!(change, TableChange::RenameColumn { .. });
                    if changes.iter().all(renames) {
                        kinds.renames.push(change);
                    } else {
                        kinds.alter.push(change);
                    }
                }
                Change::Fill { table, column, value } => {
                    kinds.fills.entry(table).or_default().insert(column, value);
                }
                Change::DropTable(table) => kinds.drop_tables.push(table),
                Change::CreateTable(table) => kinds.create_tables.push(table),
                Change::DropEnum(_) => kinds.drop_enums.push(change),
                Change::DropNamespace(_) => kinds.drop_namespaces.push(change),
                // Made here, out of alterations.
                Change::Repartition { .. } => {}
                Change::CreateObject { .. } | Change::DropObject { .. } | Change::AlterObject { .. } => {
                    kinds.objects.push(change);
                }
            }
        }
        kinds
    }
}

/// Foreign keys, and indexes whose names are needed elsewhere.
fn early_drops(
    middle: &Schema,
    kinds: &Kinds,
    detached: &Detached,
    moved: &BTreeSet<Qualified>,
    detach: bool,
) -> Vec<Change> {
    let mut drops = BTreeMap::<Qualified, Vec<TableChange>>::new();
    for change in &kinds.alter {
        let Change::AlterTable { to, changes, .. } = change else {
            continue;
        };
        for change in changes {
            let early = match change {
                TableChange::DropForeignKey(_) => detach,
                TableChange::DropIndex(index) => moved.contains(&to.name.sibling(index.name.clone())),
                other => dropped_key(other).is_some_and(|name| moved.contains(&to.name.sibling(name.clone()))),
            };
            if early {
                drops.entry(to.name.clone()).or_default().push(change.clone());
            }
        }
    }
    for (table, key) in detached.gone() {
        let key = TableChange::DropForeignKey(key.clone());
        drops.entry(table.clone()).or_default().push(key);
    }
    for table in &kinds.drop_tables {
        let named = |name: &Name| moved.contains(&table.name.sibling(name.clone()));
        let Some(now) = middle.tables.get(&table.name) else {
            continue;
        };
        let indexes = now.indexes.values().filter(|index| named(&index.name));
        let indexes = indexes.map(|index| TableChange::DropIndex(index.clone()));
        let keys = keys_of(now).filter(|change| dropped_key(change).is_some_and(named));
        let early: Vec<TableChange> = indexes.chain(keys).collect();
        if !early.is_empty() {
            drops.entry(table.name.clone()).or_default().extend(early);
        }
    }
    // Foreign keys first: MySQL keeps an index as long as a foreign key needs it, and PostgreSQL the key that it points at.
    let is_key = |change: &TableChange| matches!(change, TableChange::DropForeignKey(_));
    let mut early = Vec::new();
    for (table, changes) in &mut drops {
        let keys: Vec<TableChange> = changes.extract_if(.., |change| is_key(change)).collect();
        if !keys.is_empty() {
            early.push(piece(table, keys));
        }
    }
    drops.retain(|_, changes| !changes.is_empty());
    early.extend(drops.into_iter().map(|(table, changes)| piece(&table, changes)));
    early
}

/// Whether an index comes under one of the names.
fn takes_name(change: &TableChange, table: &Qualified, taken: &BTreeSet<&Qualified>) -> bool {
    let name = match change {
        TableChange::AddIndex(index) => &index.name,
        TableChange::RenameIndex { to, .. } => to,
        _ => return false,
    };
    !taken.is_empty() && taken.contains(&table.sibling(name.clone()))
}

/// What is left of an alteration once its early and late parts are taken out.
fn rest_of(
    change: &Change,
    detached: &Detached,
    moved: &BTreeSet<Qualified>,
    taken: &BTreeSet<&Qualified>,
    detach: bool,
) -> Option<Change> {
    let Change::AlterTable { to, changes, .. } = change else {
        return matches!(change, Change::Fill { .. }).then(|| change.clone());
    };
    let stays = |change: &&TableChange| match change {
        TableChange::DropForeignKey(_) | TableChange::AddForeignKey(_) => !detach,
        TableChange::Leave { .. } | TableChange::Join { .. } => false,
        TableChange::DropIndex(index) => moved.is_empty() || !moved.contains(&to.name.sibling(index.name.clone())),
        // A key that is taken off and put on again is put on under its new name.
        TableChange::RenameConstraint { from, .. } => !detached.is_gone(&to.name, from),
        // And as it will be.
        TableChange::AlterPart {
            from: Part::ForeignKey(key),
            ..
        } => !detached.is_gone(&to.name, &key.name),
        other if dropped_key(other).is_some_and(|name| moved.contains(&to.name.sibling(name.clone()))) => false,
        other => !takes_name(other, &to.name, taken),
    };
    let stay = changes.iter().filter(stays).cloned().collect::<Vec<_>>();
    (!stay.is_empty()).then(|| piece(&to.name, stay))
}

/// An enum that gains and loses values gains first and loses last: in between every old and every new row is right.
fn widen_then_narrow(change: Change) -> (Option<Change>, Option<Change>) {
    let Change::AlterEnum { from, to, renamed } = change else {
        return (Some(change), None);
    };
    let mut values = from
        .values
        .iter()
        .map(|value| renamed.get(value).unwrap_or(value).clone())
        .collect::<Vec<_>>();
    let kept = values.clone();
    for (at, value) in to.values.iter().enumerate() {
        if !values.contains(value) {
            let before = to.values[..at].iter().rev();
            let after = before
                .filter_map(|value| values.iter().position(|other| other == value))
                .next();
            values.insert(after.map_or(0, |at| at + 1), value.clone());
        }
    }
    if values == to.values {
        return (Some(Change::AlterEnum { from, to, renamed }), None);
    }
    if values == kept && renamed.is_empty() {
        return (None, Some(Change::AlterEnum { from, to, renamed }));
    }
    let between = Enum { values, ..to.clone() };
    let wide = Change::AlterEnum {
        from,
        to: between.clone(),
        renamed,
    };
    let narrow = Change::AlterEnum {
        from: between,
        to,
        renamed: BTreeMap::new(),
    };
    (Some(wide), Some(narrow))
}
