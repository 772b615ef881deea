//! Partitions and tables that inherit: what they have from those above them.

use super::emit::{exclusion_uses, generated_from, index_uses, is_remade, mentions};
use super::syntax::{literal, qualified};
use super::{options, partition_rows};
use crate::diff::{Change, Part, TableChange, apply_one};
use crate::ident::{Name, Qualified};
use crate::ir::{Check, Column, ColumnValue, Expr, ForeignKey, Identity, Index, PrimaryKey, Schema, Table, Unique};
use crate::plan::Joins;

/// The tables that are a part of this one.
pub(super) fn below<'a>(name: &'a Qualified, schema: &'a Schema) -> impl Iterator<Item = &'a Table> {
    let saying = schema.tables.saying(name);
    saying.filter(move |table| table.parents().any(|parent| parent == name))
}

/// The tables below, down to the last, that lose a check when this one does.
pub(super) fn losing<'a>(name: &'a Qualified, check: &Check, schema: &'a Schema) -> Vec<&'a Qualified> {
    let mut found = Vec::new();
    for table in below(name, schema) {
        let others = table.parents().filter(|parent| *parent != name);
        let mut others = others.filter_map(|parent| schema.tables.get(parent));
        let has = table.checks.get(&check.name).is_some_and(|own| own.expr == check.expr);
        if has && !others.any(|other| other.checks.contains_key(&check.name)) {
            found.push(&table.name);
            found.extend(losing(&table.name, check, schema));
        }
    }
    found
}

/// Whether plain tables inherit from this one.
pub(super) fn is_inherited(table: &Table, schema: &Schema) -> bool {
    table.partition_by.is_none() && below(&table.name, schema).next().is_some()
}

/// A column as a table below gets it. The counter stays with the table above, the default that draws from it does not.
pub(super) fn inherited(column: &Column) -> Column {
    let value = match &column.value {
        ColumnValue::Identity(Identity::Serial, Some(counter)) => match &counter.name {
            Some(name) => ColumnValue::Default(Expr::Sql(format!("nextval({})", literal(&plain(name))))),
            None => ColumnValue::Required,
        },
        ColumnValue::Identity(..) => ColumnValue::Required,
        other => other.clone(),
    };
    Column {
        value,
        comment: None,
        ..column.clone()
    }
}

/// The name of a sequence as the normal form of `nextval` says it.
fn plain(name: &Qualified) -> String {
    let bare = |name: &Name| super::syntax::bare(name.as_str());
    match &name.schema {
        Some(schema) => format!("{}.{}", bare(schema), bare(&name.name)),
        None => bare(&name.name),
    }
}

/// Brings what a change of one table does to those below it into `state`.
pub(super) fn spread(change: &Change, state: &mut Schema) {
    let Change::AlterTable { to, changes, .. } = change else {
        return;
    };
    for change in changes {
        match change {
            TableChange::Leave {
                partition: Some(place), ..
            } => leave(&to.name, &place.of, state),
            TableChange::Join {
                partition: Some(place), ..
            } => join(&to.name, &place.of, state),
            _ => {}
        }
    }
    let children: Vec<Qualified> = below(&to.name, state).map(|table| table.name.clone()).collect();
    // A change may say its table by name alone.
    let above = state.tables.share(&to.name).unwrap_or_else(|| to.clone());
    // One after the other: a check that comes may take the name of one that goes.
    for change in changes {
        for child in &children {
            let found = reach(change, &above, child, state).unwrap_or_default();
            if let Some(table) = state.tables.share(child).filter(|_| !found.is_empty()) {
                let next = Change::AlterTable {
                    from: table.clone(),
                    to: table,
                    changes: found,
                };
                apply_one(&next, state);
                spread(&next, state);
            }
        }
    }
}

/// What one change of a table is for a table below it.
fn reach(change: &TableChange, above: &Table, child: &Qualified, state: &Schema) -> Option<Vec<TableChange>> {
    let table = state.tables.get(child)?;
    let is_partition = table.partition.is_some();
    let part_of = |part: &Option<Name>, name: &Name| part.as_ref() == Some(name);
    Some(match change {
        TableChange::RenameColumn { from, .. } if table.column(from).is_some() => vec![change.clone()],
        TableChange::RenameConstraint { from, to } => {
            let renamed = TableChange::RenameConstraint {
                from: from.clone(),
                to: to.clone(),
            };
            let checks = table.checks.contains_key(from) && above.checks.get(to).is_some_and(|check| check.inherited);
            let mut found: Vec<TableChange> = checks.then_some(renamed).into_iter().collect();
            found.extend(renamed_parts(table, from, to));
            found
        }
        TableChange::RenameIndex { from, to } => renamed_parts(table, from, to),
        TableChange::AddColumn(column) if table.column(&column.name).is_none() => {
            vec![TableChange::AddColumn(inherited(column))]
        }
        // A table that inherits keeps the column as its own, see `ONLY` in emit.
        TableChange::DropColumn(column) if is_partition => dropped(table, &column.name),
        TableChange::AlterColumn { from, to } => {
            let remade = made_again(above, from, to).into_iter();
            let mut found = remade.flat_map(|column| lost(table, above, column)).collect::<Vec<_>>();
            found.extend(altered(table, from, to));
            found
        }
        TableChange::AddPart(Part::Check(check)) if check.inherited && !table.checks.contains_key(&check.name) => {
            vec![TableChange::AddPart(Part::Check(check.clone()))]
        }
        TableChange::AlterPart {
            from: Part::Check(_),
            to: Part::Check(check),
        } if check.inherited && check.validated => {
            let old = table.checks.get(&check.name).filter(|old| !old.validated)?;
            let mut new = old.clone();
            new.validated = true;
            vec![TableChange::AlterPart {
                from: Part::Check(old.clone()),
                to: Part::Check(new),
            }]
        }
        // Dropped there by name where it was the table's own, too, see `drop_checks` in emit.
        TableChange::DropPart(Part::Check(check)) if check.inherited => {
            let others = table.parents().filter(|parent| **parent != above.name);
            let mut others = others.filter_map(|parent| state.tables.get(parent));
            match table.checks.get(&check.name) {
                Some(own) if own.expr == check.expr && !others.any(|other| other.checks.contains_key(&check.name)) => {
                    vec![TableChange::DropPart(Part::Check(own.clone()))]
                }
                _ => return None,
            }
        }
        TableChange::DropPart(Part::Index(index)) => {
            let hit = table.indexes.values().filter(|own| part_of(&own.part_of, &index.name));
            hit.cloned().map(Part::Index).map(TableChange::DropPart).collect()
        }
        TableChange::DropPart(Part::PrimaryKey(PrimaryKey { name, .. }) | Part::Unique(Unique { name, .. })) => {
            let key = table.primary_key.iter().filter(|own| part_of(&own.part_of, name));
            let key = key.cloned().map(Part::PrimaryKey).map(TableChange::DropPart);
            let uniques = table.uniques.values().filter(|own| part_of(&own.part_of, name));
            key.chain(uniques.cloned().map(Part::Unique).map(TableChange::DropPart))
                .collect()
        }
        _ => return None,
    })
}

/// The parts of a partition whose index is a part of one that has a new name.
fn renamed_parts(table: &Table, from: &Name, to: &Name) -> Vec<TableChange> {
    let mut found = Vec::new();
    let new = Some(to.clone());
    let hit = |part: &Option<Name>| part.as_ref() == Some(from);
    if let Some(key) = table.primary_key.as_ref().filter(|key| hit(&key.part_of)) {
        found.push(TableChange::AlterPart {
            from: Part::PrimaryKey(key.clone()),
            to: Part::PrimaryKey(PrimaryKey {
                part_of: new.clone(),
                ..key.clone()
            }),
        });
    }
    for unique in table.uniques.values().filter(|unique| hit(&unique.part_of)) {
        found.push(TableChange::AlterPart {
            from: Part::Unique(unique.clone()),
            to: Part::Unique(Unique {
                part_of: new.clone(),
                ..unique.clone()
            }),
        });
    }
    for index in table.indexes.values().filter(|index| hit(&index.part_of)) {
        found.push(TableChange::AlterPart {
            from: Part::Index(index.clone()),
            to: Part::Index(Index {
                part_of: new.clone(),
                ..index.clone()
            }),
        });
    }
    found
}

/// A column that goes takes along what is made of it.
fn dropped(table: &Table, column: &Name) -> Vec<TableChange> {
    let Some(own) = table.column(column) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let keys = table.foreign_keys.values().filter(|key| key.columns.contains(column));
    found.extend(keys.cloned().map(Part::ForeignKey).map(TableChange::DropPart));
    let checks = table.checks.values().filter(|check| mentions(&check.expr, column));
    found.extend(checks.cloned().map(Part::Check).map(TableChange::DropPart));
    let indexes = table.indexes.values().filter(|index| index_uses(index, column));
    found.extend(indexes.cloned().map(Part::Index).map(TableChange::DropPart));
    let exclusions = table.exclusions.values().filter(|own| exclusion_uses(own, column));
    found.extend(exclusions.cloned().map(Part::Exclusion).map(TableChange::DropPart));
    let uses = |columns: &[Name], include: &[Name]| columns.contains(column) || include.contains(column);
    let uniques = table.uniques.values().filter(|key| uses(&key.columns, &key.include));
    found.extend(uniques.cloned().map(Part::Unique).map(TableChange::DropPart));
    let key = table.primary_key.iter().filter(|key| uses(&key.columns, &key.include));
    found.extend(key.cloned().map(Part::PrimaryKey).map(TableChange::DropPart));
    found.push(TableChange::DropColumn(own.clone()));
    found
}

/// The columns that are made again where one changes: itself, or what is computed from it.
fn made_again<'a>(above: &'a Table, from: &Column, to: &'a Column) -> Vec<&'a Name> {
    if is_remade(from, to) {
        return vec![&to.name];
    }
    let retyped = from.ty != to.ty || from.collation != to.collation;
    let computed = generated_from(above, &to.name).filter(|_| retyped);
    computed.map(|column| &column.name).collect()
}

/// What a table below loses of its own where a column is made again. Foreign keys have been taken off before, and what it has
/// from above comes from there again.
fn lost(table: &Table, above: &Table, column: &Name) -> Vec<TableChange> {
    let mut found = dropped(table, column);
    found.retain(|change| match change {
        TableChange::DropColumn(_) | TableChange::DropPart(Part::ForeignKey(_)) => false,
        TableChange::DropPart(Part::Check(check)) => {
            above.checks.get(&check.name).is_none_or(|own| own.expr != check.expr)
        }
        _ => true,
    });
    found
}

/// A column whose type, nullability or default changes does so below, too.
fn altered(table: &Table, from: &Column, to: &Column) -> Option<TableChange> {
    let own = table.column(&to.name)?;
    let mut new = own.clone();
    if from.ty != to.ty || from.collation != to.collation {
        new.ty = to.ty.clone();
        new.collation.clone_from(&to.collation);
        new.options = options::retyped(&own.options);
    }
    if from.nullable != to.nullable {
        new.nullable = to.nullable;
    }
    // A counter comes and goes above alone; the default of one below goes with it.
    let (before, after) = (inherited(from).value, inherited(to).value);
    if before != after {
        new.value = after;
    }
    (new != *own).then(|| TableChange::AlterColumn {
        from: own.clone(),
        to: new,
    })
}

/// A partition that is on its own has its indexes for itself, and the foreign keys that it had from above.
fn leave(child: &Qualified, above: &Qualified, state: &mut Schema) {
    let keys = and_above(above, state).flat_map(|above| above.foreign_keys.values());
    let keys = keys.cloned().collect::<Vec<_>>();
    let Some(table) = state.tables.get_mut(child) else {
        return;
    };
    if let Some(key) = &mut table.primary_key {
        key.part_of = None;
    }
    table.uniques.values_mut().for_each(|unique| unique.part_of = None);
    table.indexes.values_mut().for_each(|index| index.part_of = None);
    for key in keys {
        table.foreign_keys.entry(key.name.clone()).or_insert(key);
    }
}

/// A table, and those that it is a partition of.
fn and_above<'a>(name: &Qualified, schema: &'a Schema) -> impl Iterator<Item = &'a Table> {
    std::iter::successors(schema.tables.get(name), |table| {
        schema.tables.get(&table.partition.as_ref()?.of)
    })
}

/// A partition's indexes become parts of those above that are like them, and its foreign keys the ones above.
fn join(child: &Qualified, above: &Qualified, state: &mut Schema) {
    let keys = and_above(above, state).flat_map(|above| above.foreign_keys.values());
    let keys = keys.cloned().collect::<Vec<_>>();
    let Some(above) = state.tables.get(above).cloned() else {
        return;
    };
    let Some(table) = state.tables.get_mut(child) else {
        return;
    };
    table.foreign_keys.retain(|_, own| {
        let is_like = |key: &ForeignKey| {
            let name = own.name.clone();
            *own == ForeignKey { name, ..key.clone() }
        };
        !keys.iter().any(is_like)
    });
    if let (Some(own), Some(key)) = (&mut table.primary_key, &above.primary_key) {
        own.part_of = Some(key.name.clone());
    }
    for unique in above.uniques.values() {
        let same = |own: &&mut Unique| own.part_of.is_none() && own.columns == unique.columns;
        if let Some(own) = table.uniques.values_mut().find(same) {
            own.part_of = Some(unique.name.clone());
        }
    }
    for index in above.indexes.values() {
        let same = |own: &&mut Index| {
            own.part_of.is_none()
                && own.parts == index.parts
                && own.unique == index.unique
                && own.method == index.method
                && own.predicate == index.predicate
        };
        if let Some(own) = table.indexes.values_mut().find(same) {
            own.part_of = Some(index.name.clone());
        }
    }
}

/// `DETACH PARTITION` and `NO INHERIT`, `ATTACH PARTITION` and `INHERIT`.
pub(super) fn statements(table: &Qualified, change: &TableChange, state: &Schema, joins: &Joins) -> Vec<String> {
    let child = qualified(table);
    match change {
        TableChange::Leave { inherits, partition } => {
            let parents = inherits
                .iter()
                .map(|parent| format!("ALTER TABLE {child} NO INHERIT {}", qualified(parent)));
            let place = partition.iter().flat_map(|place| {
                let detach = format!("ALTER TABLE {} DETACH PARTITION {child}", qualified(&place.of));
                std::iter::once(detach).chain(partition_rows::spread(table, place, state, &joins.takers))
            });
            parents.chain(place).collect()
        }
        TableChange::Join { inherits, partition } => {
            let parents = inherits
                .iter()
                .map(|parent| format!("ALTER TABLE {child} INHERIT {}", qualified(parent)));
            let place = partition
                .iter()
                .flat_map(|place| partition_rows::attach(table, place, state, joins));
            parents.chain(place).collect()
        }
        _ => Vec::new(),
    }
}
