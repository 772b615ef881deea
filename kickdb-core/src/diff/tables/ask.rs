//! What could have taken another name: questions about columns and tables that go while others come.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diff::question::{Question, closest};
use crate::diff::{Diff, Object, Renames};
use crate::ident::Name;
use crate::ir::{SqlType, Table};

pub(super) fn ask_columns(from: &Table, to: &Table, renames: &Renames, found: &mut Diff) {
    if renames.complete {
        return;
    }
    let dropped = from.columns.iter().filter(|column| to.column(&column.name).is_none());
    let mut added = None;
    for column in dropped {
        let object = Object::Column(to.name.clone(), column.name.clone());
        if renames.dropped.contains(&object) {
            continue;
        }
        let added = added.get_or_insert_with(|| {
            let new = to.columns.iter().filter(|column| from.column(&column.name).is_none());
            new.collect::<Vec<_>>()
        });
        let candidates = added
            .iter()
            .filter(|new| could_become(&column.ty, &new.ty))
            .map(|new| Object::Column(to.name.clone(), new.name.clone()))
            .collect::<Vec<_>>();
        if !candidates.is_empty() {
            found.questions.push(Question {
                candidates: closest(&object, candidates),
                dropped: object,
            });
        }
    }
}

/// Whether values of one type are commonly kept when they become values of the other.
fn could_become(from: &SqlType, to: &SqlType) -> bool {
    use SqlType as T;
    from == to
        || matches!(
            (from, to),
            (
                T::Int { .. } | T::Float { .. } | T::Decimal(_),
                T::Int { .. } | T::Float { .. } | T::Decimal(_)
            ) | (
                T::Text | T::Varchar(_) | T::Char(_) | T::Enum(_) | T::Uuid,
                T::Text | T::Varchar(_) | T::Char(_) | T::Enum(_) | T::Uuid
            ) | (T::Date | T::Timestamp { .. }, T::Date | T::Timestamp { .. })
                | (T::Time { .. }, T::Time { .. })
                | (T::Json { .. }, T::Json { .. })
                | (T::Bool, T::Int { .. })
                | (T::Int { .. }, T::Bool)
                | (T::Array(_), T::Array(_))
        )
}

pub(super) fn ask_tables(dropped: &[&Arc<Table>], created: &[&Arc<Table>], renames: &Renames, found: &mut Diff) {
    if renames.complete || created.is_empty() {
        return;
    }
    let mut with_column = BTreeMap::<&Name, Vec<usize>>::new();
    for (at, table) in created.iter().enumerate() {
        for column in &table.columns {
            with_column.entry(&column.name).or_default().push(at);
        }
    }
    for table in dropped {
        let object = Object::Table(table.name.clone());
        if renames.dropped.contains(&object) {
            continue;
        }
        let candidates = similar(table, created, &with_column)
            .into_iter()
            .map(|at| Object::Table(created[at].name.clone()))
            .collect::<Vec<_>>();
        if !candidates.is_empty() {
            found.questions.push(Question {
                candidates: closest(&object, candidates),
                dropped: object,
            });
        }
    }
}

/// The created tables with at least half of the columns in common, counted on the smaller side.
fn similar(table: &Table, created: &[&Arc<Table>], with_column: &BTreeMap<&Name, Vec<usize>>) -> BTreeSet<usize> {
    // A column that very many new tables have (`id`, `created_at`) would make this quadratic and says little.
    const COMMON: usize = 64;
    let mut shared = BTreeMap::<usize, usize>::new();
    let mut common = 0;
    for column in &table.columns {
        match with_column.get(&column.name) {
            Some(tables) if tables.len() <= COMMON => {
                for at in tables {
                    *shared.entry(*at).or_default() += 1;
                }
            }
            Some(_) => common += 1,
            None => {}
        }
    }
    shared
        .into_iter()
        .filter(|(at, count)| (count + common) * 2 >= table.columns.len().min(created[*at].columns.len()))
        .map(|(at, _)| at)
        .collect()
}
