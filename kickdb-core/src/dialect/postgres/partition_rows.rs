//! Rows that go from one partition to another.

use super::family::below;
use super::guard;
use super::syntax::{block, ident, literal, qualified};
use super::unvalidated::Unvalidated;
use crate::diff::{Change, TableChange, regrouped};
use crate::ident::{Name, Qualified};
use crate::ir::{Action, Column, ColumnValue, ForeignKey, Partition, Schema, Table};
use crate::plan::Joins;

/// The partition that takes the rows that no other one takes.
pub(super) fn catch_all<'a>(of: &'a Qualified, state: &'a Schema) -> Option<&'a Table> {
    below(of, state).find(|table| table.partition.as_ref().is_some_and(is_catch_all))
}

fn is_catch_all(place: &Partition) -> bool {
    place.bound.eq_ignore_ascii_case("default")
}

/// A table becomes a partition. The server refuses one whose rows another one has taken so far, so these go over.
pub(super) fn attach(table: &Qualified, place: &Partition, state: &Schema, joins: &Joins) -> Vec<String> {
    let (above, child) = (qualified(&place.of), qualified(table));
    let attach_it = format!("ALTER TABLE {above} ATTACH PARTITION {child} {}", place.bound);
    let own = state.tables.get(table);
    let rest = catch_all(&place.of, state).filter(|rest| rest.name != *table && !is_catch_all(place));
    let rest = rest.and_then(|rest| Some((rest, rest.partition.as_ref()?)));
    // Rows of a tree within may belong beside it.
    let top = joins.top.as_ref().unwrap_or(&place.of);
    // What takes their rows may come later.
    let waiting = top.sibling(Name::new("kick_waiting").expect("it is a name"));
    let broken = own.map(|own| (own, Unvalidated::of(&place.of, state)));
    let mut statements = Vec::new();
    statements.extend(broken.iter().flat_map(|(own, broken)| broken.drops(Some(own))));
    let columns = own.map(own_columns).unwrap_or_default();
    if joins.later && !joins.earlier {
        statements.push(format!(
            "CREATE TABLE {} AS SELECT {columns} FROM {above} WITH NO DATA",
            qualified(&waiting)
        ));
    }
    let beside = if joins.later { &waiting } else { top };
    let into = rest.map_or(beside, |(rest, _)| &rest.name);
    // As long as it stands aside it can have any row, and gives those back that others take.
    statements.extend(rest.map(|(rest, _)| format!("ALTER TABLE {above} DETACH PARTITION {}", qualified(&rest.name))));
    statements.extend(own.map(|own| move_misfits(own, place, into, state)));
    statements.push(attach_it);
    if let Some((rest, rest_place)) = rest {
        let to = if top == &place.of { top } else { beside };
        statements.push(move_misfits(rest, rest_place, to, state));
        let name = qualified(&rest.name);
        statements.push(format!("ALTER TABLE {above} ATTACH PARTITION {name} DEFAULT"));
    }
    if joins.earlier && !joins.later {
        let waiting = qualified(&waiting);
        statements.push(insert_all(&qualified(top), &columns, &waiting));
        statements.push(format!("DROP TABLE {waiting}"));
    }
    statements.extend(
        broken
            .iter()
            .flat_map(|(own, broken)| broken.adds(std::slice::from_ref(own))),
    );
    statements
}

pub(super) fn insert_all(into: &str, columns: &str, from: &str) -> String {
    format!("INSERT INTO {into} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {from}")
}

/// The rows of a table that belong into other partitions than the one that it is to be. Which these are the server tells of a
/// partition that is made for that alone.
fn move_misfits(table: &Table, place: &Partition, into: &Qualified, state: &Schema) -> String {
    let (above, child, columns) = (qualified(&place.of), qualified(&table.name), own_columns(table));
    let shape = qualified(&place.of.sibling(Name::new("kick_shape").expect("it is a name")));
    let moves = format!(
        "WITH moved AS (DELETE FROM {child} WHERE (%s) IS NOT TRUE RETURNING {columns}) \
         INSERT INTO {} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM moved",
        qualified(into)
    );
    let guards = followers(&table.name, state).map(|(other, key)| followed(&child, other, key));
    let guards = guards.collect::<String>();
    let found = if guards.is_empty() { "" } else { "\n  found text;" };
    block(&format!(
        "DECLARE\n  fits text;{found}\nBEGIN\n  CREATE TABLE {shape} PARTITION OF {above} {};\n  \
         fits := coalesce(pg_get_partition_constraintdef({}::regclass), 'true');\n  \
         ALTER TABLE {above} DETACH PARTITION {shape};\n  DROP TABLE {shape};\n{guards}  \
         EXECUTE format({}, fits);\nEND",
        place.bound,
        literal(&shape),
        literal(&moves.replace('%', "%%").replace("(%%s)", "(%s)"))
    ))
}

/// The foreign keys to a table itself whose rows go or change along with a row that leaves it.
fn followers<'a>(table: &'a Qualified, state: &'a Schema) -> impl Iterator<Item = (&'a Table, &'a ForeignKey)> {
    state.tables.saying(table).flat_map(move |other| {
        let keys = other.foreign_keys.values();
        let keys = keys.filter(move |key| key.references == *table);
        let keys = keys.filter(|key| !matches!(key.on_delete, Action::NoAction | Action::Restrict));
        keys.map(move |key| (other, key))
    })
}

/// Fails where rows point at one that leaves: to the server it is a row that is deleted, and they would follow without a word.
fn followed(child: &str, other: &Table, key: &ForeignKey) -> String {
    let pairs = key.columns.iter().zip(&key.referenced);
    let pairs = pairs.map(|(own, there)| format!("kick_other.{} = kick_row.{}", ident(own), ident(there)));
    let rows = format!(
        "{} kick_other WHERE EXISTS (SELECT FROM (SELECT * FROM {child} WHERE (%s) IS NOT TRUE) kick_row WHERE {})",
        qualified(&other.name),
        pairs.collect::<Vec<_>>().join(" AND ")
    );
    let find = guard::first(&guard::told(&key.columns, "kick_other."), &rows);
    let message = format!(
        "rows of {} point at rows of {child} that are to move to another partition, and would be deleted or changed by the foreign key {}",
        qualified(&other.name),
        ident(&key.name)
    );
    let hint = "let the key reference the partitioned table, or take these rows elsewhere first";
    format!(
        "  EXECUTE format({}, fits) INTO found;\n{}",
        literal(&find.replace('%', "%%").replace("(%%s)", "(%s)")),
        guard::fail(&message, Some(hint))
    )
}

/// What of a change moves rows between the partitions of a table: all but plain drops, and partitions that come where none takes
/// the rest.
pub(super) fn moving<'a>(change: &'a Change, to: &'a Schema) -> Option<&'a Qualified> {
    match change {
        Change::AlterTable { changes, .. } => {
            let place = changes.iter().find_map(TableChange::joined);
            place.map(|place| to.top_of(&place.of))
        }
        Change::CreateTable(table) | Change::DropTable(table) => {
            let of = &table.partition.as_ref()?.of;
            catch_all(of, to).filter(|rest| rest.name != table.name).map(|_| of)
        }
        Change::Repartition { from, to } => regrouped(from, to),
        _ => None,
    }
}

/// What is in a partition that goes, where there is one left that takes it.
pub(super) fn leave_rows(table: &Table, (state, later): (&Schema, &[Change])) -> Vec<String> {
    let Some(place) = &table.partition else {
        return Vec::new();
    };
    let stays = |name: &Qualified| {
        !later.iter().any(|change| match change {
            Change::DropTable(gone) => gone.name == *name,
            Change::Repartition { from, .. } => from.iter().any(|gone| gone.name == *name),
            _ => false,
        })
    };
    let rest = catch_all(&place.of, state).filter(|rest| rest.name != table.name);
    if rest.is_none_or(|rest| !stays(&rest.name)) || !stays(&place.of) || table.partition_by.is_some() {
        return Vec::new();
    }
    let (above, child, columns) = (qualified(&place.of), qualified(&table.name), own_columns(table));
    let broken = Unvalidated::of(&place.of, state);
    let mut statements = broken.drops(None);
    statements.extend([
        format!("ALTER TABLE {above} DETACH PARTITION {child}"),
        insert_all(&above, &columns, &child),
    ]);
    statements.extend(broken.without(&table.name).adds(&[]));
    statements
}

/// What is in a partition that goes, where others stand aside that take such rows when they are back.
pub(super) fn spread(
    table: &Qualified,
    place: &Partition,
    state: &Schema,
    takers: &[(Qualified, Partition)],
) -> Vec<String> {
    match state.tables.get(table) {
        Some(own) => give_to(own, place, state, takers),
        None => Vec::new(),
    }
}

/// The same for a table as it is.
pub(super) fn give_to(
    own: &Table,
    place: &Partition,
    state: &Schema,
    takers: &[(Qualified, Partition)],
) -> Vec<String> {
    let above = state.tables.get(&place.of);
    let Some(key) = above.and_then(|above| above.partition_by.as_ref()) else {
        return Vec::new();
    };
    // Alone, one that takes the rest takes all.
    let taking = |bound: &Partition| takers.len() == 1 || !is_catch_all(bound);
    let takes = takers.iter().filter_map(|(name, place)| {
        let sibling = state.tables.get(name).filter(|_| taking(place))?;
        let as_it_is = |column: &Column| sibling.column(&column.name).is_some_and(|own| own.ty == column.ty);
        let like = sibling.partition_by.is_none() && stored(own).all(as_it_is);
        like.then(|| give(own, sibling, (place, key)))
    });
    takes.collect()
}

/// The rows that a table takes when it is such a partition. Which these are the server tells of one that is made for that
/// alone, below a table like the one that it will be a partition of; of a hash it asks that table.
fn give(from: &Table, into: &Table, (place, key): (&Partition, &str)) -> String {
    let (above, columns) = (qualified(&place.of), own_columns(from));
    let spare = |name: &str| qualified(&place.of.sibling(Name::new(name).expect("it is a name")));
    let (shapes, shape) = (spare("kick_shapes"), spare("kick_shape"));
    let gives = format!(
        "INSERT INTO {} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {} WHERE (%s)",
        qualified(&into.name),
        qualified(&from.name)
    );
    block(&format!(
        "DECLARE\n  fits text;\nBEGIN\n  CREATE TABLE {shapes} (LIKE {above}) PARTITION BY {key};\n  \
         CREATE TABLE {shape} PARTITION OF {shapes} {};\n  \
         fits := coalesce(pg_get_partition_constraintdef({}::regclass), 'true');\n  \
         EXECUTE format({}, fits);\n  DROP TABLE {shapes};\nEND",
        place.bound,
        literal(&shape),
        literal(&gives.replace('%', "%%").replace("(%%s)", "(%s)"))
    ))
}

/// The names of the columns that hold what they were given.
pub(super) fn own_columns(table: &Table) -> String {
    let columns = stored(table).map(|column| ident(&column.name)).collect::<Vec<_>>();
    columns.join(", ")
}

fn stored(table: &Table) -> impl Iterator<Item = &Column> {
    let columns = table.columns.iter();
    columns.filter(|column| !matches!(column.value, ColumnValue::Generated { .. }))
}
