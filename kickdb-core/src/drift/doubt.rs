//! What two schemas say in different texts, and what the engine's answer makes of it. Pure: `settle` asks the engine.

use std::collections::{BTreeMap, BTreeSet};

use crate::dialect::Doubts;
use crate::ir::{
    ByName, Column, ColumnValue, Exclusion, Expr, Index, IndexKey, Object, ObjectId, ObjectKind, Schema, Table,
};

/// What differs in texts alone, so that only the engine can tell whether it differs. Both are in normal form.
pub(super) fn doubts(expected: &Schema, live: &Schema) -> Doubts {
    let mut doubts = Doubts::default();
    for (name, wanted) in &expected.tables {
        let Some(is) = live.tables.get(name).filter(|is| *is != wanted) else {
            continue;
        };
        if let Some([wanted, is]) = table(wanted, is) {
            doubts.expected.tables.insert(name.clone(), wanted);
            doubts.live.tables.insert(name.clone(), is);
        }
    }
    for (id, wanted) in &expected.objects {
        let Some(is) = live.objects.get(id) else { continue };
        if object(id, wanted, is) {
            let plain = |object: &Object| Object {
                comment: None,
                ..object.clone()
            };
            doubts.expected.objects.insert(id.clone(), plain(wanted));
            doubts.live.objects.insert(id.clone(), plain(is));
        }
    }
    owners(&mut doubts, live);
    doubts
}

/// What the objects in doubt belong to.
fn owners(doubts: &mut Doubts, live: &Schema) {
    let on: BTreeSet<_> = doubts.expected.objects.keys().filter_map(|id| id.on.clone()).collect();
    for name in on {
        let relation = [ObjectKind::View, ObjectKind::MaterializedView, ObjectKind::VirtualTable]
            .map(|kind| ObjectId::new(kind, name.clone()))
            .into_iter()
            .find(|id| live.objects.contains_key(id));
        match relation {
            Some(id) if doubts.expected.objects.contains_key(&id) => {}
            Some(id) => drop(doubts.owners.objects.insert(id, Object::default())),
            None if doubts.expected.tables.contains_key(&name) => {}
            None => drop(doubts.owners.tables.insert(name.clone(), Table::new(name))),
        }
    }
}

/// Whether the definitions differ in a text that the engine may rewrite.
fn object(id: &ObjectId, expected: &Object, live: &Object) -> bool {
    // These have no text but numbers and names.
    let plain = matches!(id.kind, ObjectKind::Extension | ObjectKind::Sequence | ObjectKind::Cast);
    let texts = !plain && !id.kind.is_of_operations();
    texts && (expected.sql != live.sql || expected.facets != live.facets)
}

/// Both tables with their columns, and with what differs in texts alone; `None` where nothing does.
fn table(expected: &Table, live: &Table) -> Option<[Table; 2]> {
    let mut differs = false;
    let (mut one, mut other) = (bare(expected), bare(live));
    for column in &expected.columns {
        if let Some(is) = live.column(&column.name)
            && value(column, is)
        {
            differs = true;
        }
    }
    for (name, check) in &expected.checks {
        if let Some(is) = live.checks.get(name).filter(|is| *is != check) {
            differs = true;
            one.checks.insert(name.clone(), check.clone());
            other.checks.insert(name.clone(), is.clone());
        }
    }
    for (name, wanted) in &expected.indexes {
        if let Some(is) = live.indexes.get(name).filter(|is| index(wanted, is)) {
            differs = true;
            one.indexes.insert(name.clone(), wanted.clone());
            other.indexes.insert(name.clone(), is.clone());
        }
    }
    for (name, wanted) in &expected.exclusions {
        if let Some(is) = live.exclusions.get(name).filter(|is| exclusion(wanted, is)) {
            differs = true;
            one.exclusions.insert(name.clone(), wanted.clone());
            other.exclusions.insert(name.clone(), is.clone());
        }
    }
    differs.then_some([one, other])
}

/// The columns of a table alone, none of which counts by itself: a counter is made for each that does.
fn bare(table: &Table) -> Table {
    let mut bare = Table::new(table.name.clone());
    bare.columns.clone_from(&table.columns);
    for column in &mut bare.columns {
        column.comment = None;
        if matches!(column.value, ColumnValue::Identity(..)) {
            column.value = ColumnValue::Required;
        }
    }
    bare
}

/// Whether the defaults or generated expressions differ as texts.
fn value(expected: &Column, live: &Column) -> bool {
    use ColumnValue as V;
    match (&expected.value, &live.value) {
        (V::Default(one), V::Default(other)) | (V::Generated { expr: one, .. }, V::Generated { expr: other, .. }) => {
            texts(one, other)
        }
        _ => false,
    }
}

fn texts(one: &Expr, other: &Expr) -> bool {
    one != other && (matches!(one, Expr::Sql(_)) || matches!(other, Expr::Sql(_)))
}

/// Whether two indexes differ in texts: a predicate, or a part that is an expression.
fn index(expected: &Index, live: &Index) -> bool {
    let texts = |index: &Index| {
        let parts = index.parts.iter().any(|part| matches!(part.key, IndexKey::Expr(_)));
        index.predicate.is_some() || parts
    };
    expected != live && (texts(expected) || texts(live))
}

/// Whether two exclusions differ in texts: a predicate, or a part that is an expression.
fn exclusion(expected: &Exclusion, live: &Exclusion) -> bool {
    let texts = |exclusion: &Exclusion| {
        let mut parts = exclusion.parts.iter();
        exclusion.predicate.is_some() || parts.any(|(part, _)| matches!(part.key, IndexKey::Expr(_)))
    };
    expected != live && (texts(expected) || texts(live))
}

/// What the engine said about one side.
pub(super) struct Answer {
    /// What it made of the texts.
    pub(super) told: Schema,
    /// What it refused: the thing, the code and the message.
    pub(super) refused: BTreeMap<String, (String, String)>,
}

/// Takes over from `live` whatever the engine says to be the same. Gives what stays open, with the reason.
pub(super) fn take(expected: &mut Schema, live: &Schema, doubts: &Doubts, answers: &[Answer; 2]) -> Vec<String> {
    let mut open = Vec::new();
    for name in doubts.expected.tables.keys() {
        let thing = format!("table {name}");
        let (Some(wanted), Some(is)) = (expected.tables.get_mut(name), live.tables.get(name)) else {
            continue;
        };
        match answers.each_ref().map(|answer| answer.told.tables.get(name)) {
            [Some(one), Some(other)] => {
                take_table(wanted, is, one, other);
                for check in doubts.expected.tables[name].checks.keys() {
                    let there = [one, other].map(|table| table.checks.contains_key(check));
                    if there != [true, true] {
                        open.extend(unsettled(&format!("check {name}.{check}"), answers));
                    }
                }
            }
            _ => open.extend(unsettled(&thing, answers)),
        }
    }
    for id in doubts.expected.objects.keys() {
        let (Some(wanted), Some(is)) = (expected.objects.get_mut(id), live.objects.get(id)) else {
            continue;
        };
        match answers.each_ref().map(|answer| answer.told.objects.get(id)) {
            [Some(one), Some(other)] => {
                let same = |other: &Object| one.sql == other.sql && one.facets == other.facets;
                if same(is) || same(other) {
                    wanted.sql.clone_from(&is.sql);
                    wanted.facets.clone_from(&is.facets);
                }
            }
            _ => open.extend(unsettled(&id.to_string(), answers)),
        }
    }
    open
}

fn take_table(wanted: &mut Table, is: &Table, one: &Table, other: &Table) {
    let same = |told: Option<&ColumnValue>, is: &Column| told == Some(&is.value);
    for column in &mut wanted.columns {
        let value_of = |table: &'_ Table| table.column(&column.name).map(|column| column.value.clone());
        let (Some(is), told) = (is.column(&column.name), value_of(one)) else {
            continue;
        };
        if value(column, is) && told.is_some() && (same(told.as_ref(), is) || told == value_of(other)) {
            column.value.clone_from(&is.value);
        }
    }
    take_parts(&mut wanted.checks, &is.checks, &one.checks, &other.checks);
    take_parts(&mut wanted.indexes, &is.indexes, &one.indexes, &other.indexes);
    take_parts(
        &mut wanted.exclusions,
        &is.exclusions,
        &one.exclusions,
        &other.exclusions,
    );
}

fn take_parts<T: Clone + PartialEq>(wanted: &mut ByName<T>, is: &ByName<T>, one: &ByName<T>, other: &ByName<T>) {
    for (name, part) in wanted {
        let (Some(is), Some(told)) = (is.get(name), one.get(name)) else {
            continue;
        };
        if told == is || Some(told) == other.get(name) {
            part.clone_from(is);
        }
    }
}

/// Why the question stays open; `None` where the answer is that they differ.
///
/// What the database has is always accepted there. So where that was refused, it is the asking that failed; and where only
/// the other text was, that text is of something else.
fn unsettled(thing: &str, [expected, live]: &[Answer; 2]) -> Option<String> {
    let refusal = live.refused.get(thing).or_else(|| {
        let refusal = expected.refused.get(thing);
        refusal.filter(|(code, _)| is_in_the_way(code))
    });
    refusal.map(|(_, message)| format!("{thing}: {message}"))
}

/// Whether the code of a refusal says something of the moment or the user, and nothing of the text: rights, resources, an
/// operator's intervention, a lock that somebody holds.
fn is_in_the_way(code: &str) -> bool {
    code == "42501"
        || ["53", "57", "40", "55", "25"]
            .iter()
            .any(|class| code.starts_with(class))
}
