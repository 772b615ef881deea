//! Whether what one side made still stands on what the other side left. Where in doubt, it is asked: a word that looks like the name
//! of something that is gone counts as that.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Named;
use super::pick::Pick;
use super::words::{Says, Words, lower, of_sql};
use super::{Branches, Side};
use crate::ident::Qualified;
use crate::ir::{ByName, ColumnValue, Expr, ForeignKey, Schema, SqlType, Table};
use crate::lex::Lexis;

pub(super) fn check(named: &Named, merged: &Schema, branches: &Branches<'_>, pick: &mut Pick<'_>) {
    for side in [Side::Older, Side::Younger] {
        let view = View {
            side,
            base: &named.base,
            own: if side == Side::Older {
                &named.older
            } else {
                &named.younger
            },
            other: if side == Side::Older {
                &named.younger
            } else {
                &named.older
            },
            raw_base: branches.base,
            raw_other: if side == Side::Older {
                branches.younger
            } else {
                branches.older
            },
            lexis: branches.lexis,
        };
        view.objects(merged, pick);
        for table in merged.tables.values() {
            view.table(table, merged, pick);
        }
    }
    for table in merged.tables.values() {
        whole(table, merged, named, pick);
    }
    clashes(named, pick);
}

/// One side, as the other one has to bear it.
struct View<'a> {
    side: Side,
    base: &'a Schema,
    own: &'a Schema,
    other: &'a Schema,
    /// Under the names that they really have: SQL says those.
    raw_base: &'a Schema,
    raw_other: &'a Schema,
    lexis: Lexis,
}

impl View<'_> {
    /// The views, functions and so on that this side made or changed.
    fn objects(&self, merged: &Schema, pick: &mut Pick<'_>) {
        let mut gone: Option<Words> = None;
        for (id, object) in &merged.objects {
            let ours = self.own.objects.get(id) == Some(object) && self.other.objects.get(id) != Some(object);
            if !ours {
                continue;
            }
            let gone = gone.get_or_insert_with(|| missing(self.raw_base, self.raw_other));
            let mut said = of_sql(&object.sql, self.lexis);
            object
                .facets
                .values()
                .for_each(|facet| said.extend(of_sql(facet, self.lexis)));
            if let Some(word) = said.intersection(gone).next() {
                pick.refuse(
                    id.to_string(),
                    format!(
                        "the {} branch makes it and it says `{word}`, which the {} one drops, renames or gives another type",
                        self.side,
                        self.side.other()
                    ),
                );
            }
            let on = id.on.as_ref();
            let there =
                |on: &Qualified| merged.tables.contains_key(on) || merged.objects.keys().any(|other| other.name == *on);
            if let Some(on) = on.filter(|on| !there(on)) {
                pick.refuse(
                    id.to_string(),
                    format!(
                        "the {} branch makes it, the {} one drops `{on}`",
                        self.side,
                        self.side.other()
                    ),
                );
            }
        }
    }

    fn table(&self, table: &Table, merged: &Schema, pick: &mut Pick<'_>) {
        let name = &table.name;
        let (Some(own), Some(other)) = (self.own.tables.get(name), self.other.tables.get(name)) else {
            // New on this side: what it says of other tables is all that can have gone.
            if self.own.tables.get(name).is_some_and(|own| own.is_same(table)) {
                self.keys(table, None, merged, pick);
                self.types(table, None, merged, pick);
            }
            return;
        };
        if own.is_same(other) {
            return;
        }
        let lost = self.lost(name);
        if !lost.is_empty() {
            let mut say = |kind: &str, part: &dyn std::fmt::Display, words: Words| {
                if let Some(word) = words.intersection(&lost).next() {
                    pick.refuse(
                        format!("{kind} {name}.{part}"),
                        format!(
                            "the {} branch makes it on the column `{word}`, which the {} one drops or gives another type",
                            self.side,
                            self.side.other()
                        ),
                    );
                }
            };
            for column in &table.columns {
                if ours(Some(column), own.column(&column.name), other.column(&column.name)) {
                    let mut words = column.says(self.lexis);
                    words.remove(&lower(&column.name));
                    say("column", &column.name, words);
                }
            }
            parts(
                &table.indexes,
                &own.indexes,
                &other.indexes,
                "index",
                self.lexis,
                &mut say,
            );
            parts(
                &table.uniques,
                &own.uniques,
                &other.uniques,
                "unique",
                self.lexis,
                &mut say,
            );
            parts(&table.checks, &own.checks, &other.checks, "check", self.lexis, &mut say);
            parts(
                &table.exclusions,
                &own.exclusions,
                &other.exclusions,
                "exclusion",
                self.lexis,
                &mut say,
            );
            parts(
                &table.foreign_keys,
                &own.foreign_keys,
                &other.foreign_keys,
                "foreign key",
                self.lexis,
                &mut say,
            );
            if let Some(key) = &table.primary_key
                && ours(Some(key), own.primary_key.as_ref(), other.primary_key.as_ref())
            {
                say("primary key", &key.name, key.says(self.lexis));
            }
        }
        self.keys(table, Some(other), merged, pick);
        self.types(table, Some(other), merged, pick);
    }

    /// The columns of a table that the other side took away or gave another type.
    fn lost(&self, name: &Qualified) -> Words {
        let (Some(base), Some(other)) = (self.base.tables.get(name), self.other.tables.get(name)) else {
            return Words::new();
        };
        let lost = base.columns.iter().filter(|column| {
            let now = other.column(&column.name);
            now.is_none_or(|now| now.ty != column.ty || now.collation != column.collation)
        });
        lost.map(|column| lower(&column.name)).collect()
    }

    /// The foreign keys of this side: what they point to must be there, of the same type, and unique.
    fn keys(&self, table: &Table, other: Option<&Table>, merged: &Schema, pick: &mut Pick<'_>) {
        for key in table.foreign_keys.values() {
            if other.is_some_and(|other| other.foreign_keys.get(&key.name) == Some(key)) {
                continue;
            }
            let thing = format!("foreign key {}.{}", table.name, key.name);
            let theirs = self.side.other();
            let side = self.side;
            let Some(target) = merged.tables.get(&key.references) else {
                if self.base.tables.contains_key(&key.references) {
                    pick.refuse(
                        thing,
                        format!(
                            "the {side} branch makes it, the {theirs} one drops `{}`",
                            key.references
                        ),
                    );
                }
                continue;
            };
            let lost = self.lost(&key.references);
            if let Some(column) = key.referenced.iter().find(|column| lost.contains(&lower(column))) {
                pick.refuse(
                    thing,
                    format!(
                        "the {side} branch makes it, the {theirs} one drops `{}.{column}` or gives it another type",
                        key.references
                    ),
                );
            } else if !is_unique(key, target)
                && self
                    .own
                    .tables
                    .get(&key.references)
                    .is_some_and(|own| is_unique(key, own))
            {
                pick.refuse(
                    thing,
                    format!(
                        "the {side} branch makes it, the {theirs} one drops what makes the rows of `{}` unique",
                        key.references
                    ),
                );
            }
        }
    }

    /// The enums of this side's columns, with the values that they have as defaults.
    fn types(&self, table: &Table, other: Option<&Table>, merged: &Schema, pick: &mut Pick<'_>) {
        for column in &table.columns {
            let name = match &column.ty {
                SqlType::Enum(name) => name,
                SqlType::Array(inner) => match &**inner {
                    SqlType::Enum(name) => name,
                    _ => continue,
                },
                _ => continue,
            };
            if other.is_some_and(|other| other.column(&column.name) == Some(column)) {
                continue;
            }
            let thing = format!("column {}.{}", table.name, column.name);
            let theirs = self.side.other();
            match merged.enums.get(name) {
                None => pick.refuse(
                    thing,
                    format!("it is of the enum `{name}`, which the {theirs} branch drops"),
                ),
                Some(found) => {
                    if let ColumnValue::Default(Expr::Text(value)) = &column.value
                        && !found.values.contains(value)
                        && !matches!(column.ty, SqlType::Array(_))
                    {
                        let message =
                            format!("its default `{value}` is no value of `{name}` on the {theirs} branch any more");
                        pick.refuse(thing, message);
                    }
                }
            }
        }
    }
}

fn ours<T: PartialEq>(merged: Option<&T>, own: Option<&T>, other: Option<&T>) -> bool {
    merged == own && merged != other
}

fn parts<T: Says>(
    merged: &ByName<T>,
    own: &ByName<T>,
    other: &ByName<T>,
    kind: &str,
    lexis: Lexis,
    say: &mut impl FnMut(&str, &dyn std::fmt::Display, Words),
) {
    for (name, part) in merged {
        if ours(Some(part), own.get(name), other.get(name)) {
            say(kind, name, part.says(lexis));
        }
    }
}

/// Whether a key, unique or unique index covers what a foreign key points to.
fn is_unique(key: &ForeignKey, target: &Table) -> bool {
    let wanted: BTreeSet<_> = key.referenced.iter().collect();
    let is = |columns: &[crate::ident::Name]| columns.iter().collect::<BTreeSet<_>>() == wanted;
    let unique_index = |index: &crate::ir::Index| {
        let columns = index.parts.iter().filter_map(|part| match &part.key {
            crate::ir::IndexKey::Column(name) => Some(name.clone()),
            crate::ir::IndexKey::Expr(_) => None,
        });
        index.unique && is(&columns.collect::<Vec<_>>())
    };
    target.primary_key.as_ref().is_some_and(|key| is(&key.columns))
        || target.uniques.values().any(|unique| is(&unique.columns))
        || target.indexes.values().any(unique_index)
}

/// The names of tables, columns, enums and objects of the base that a branch no longer has, or has with another type.
pub(super) fn missing(base: &Schema, branch: &Schema) -> Words {
    let mut gone = Words::new();
    for table in base.tables.values() {
        let Some(now) = branch.tables.get(&table.name) else {
            gone.insert(lower(&table.name.name));
            gone.extend(table.columns.iter().map(|column| lower(&column.name)));
            continue;
        };
        for column in &table.columns {
            if now.column(&column.name).is_none_or(|now| now.ty != column.ty) {
                gone.insert(lower(&column.name));
            }
        }
    }
    let enums = base.enums.keys().filter(|name| !branch.enums.contains_key(*name));
    gone.extend(enums.map(|name| lower(&name.name)));
    let objects = base
        .objects
        .iter()
        .filter(|(id, object)| branch.objects.get(*id) != Some(*object));
    gone.extend(objects.map(|(id, _)| lower(&id.name.name)));
    gone
}

/// What no single thing tells.
fn whole(table: &Table, merged: &Schema, named: &Named, pick: &mut Pick<'_>) {
    let known = |schema: &Schema| schema.tables.get(&table.name).is_some_and(|found| found.is_same(table));
    if known(&named.older) && table.parents().next().is_none() {
        return;
    }
    if table.columns.is_empty()
        && !named
            .base
            .tables
            .get(&table.name)
            .is_some_and(|base| base.columns.is_empty())
    {
        pick.refuse(
            format!("table {}", table.name),
            "together the branches drop all of its columns",
        );
    }
    for parent in table.parents() {
        let Some(found) = merged.tables.get(parent) else {
            pick.refuse(
                format!("table {}", table.name),
                format!("it is a part of `{parent}`, which one branch drops"),
            );
            continue;
        };
        let missing = found.columns.iter().find(|column| {
            let own = table.column(&column.name);
            own.is_none_or(|own| own.ty != column.ty)
        });
        if let Some(column) = missing {
            pick.refuse(
                format!("table {}", table.name),
                format!(
                    "it is a part of `{parent}`, and has not the column `{}` as that has it",
                    column.name
                ),
            );
        }
    }
}

/// Different things that got the same name.
fn clashes(named: &Named, pick: &mut Pick<'_>) {
    let base = taken(&named.base);
    let (older, younger) = (taken(&named.older), taken(&named.younger));
    for (name, owner) in &younger {
        let new = |side: &BTreeMap<(Option<String>, String), String>, owner: &String| {
            base.get(name) != Some(owner) && side.get(name) == Some(owner)
        };
        if let Some(other) = older.get(name)
            && other != owner
            && new(&older, other)
            && new(&younger, owner)
        {
            pick.refuse(owner.clone(), format!("the other branch gives its name to the {other}"));
        }
    }
}

/// The names that only one thing in a schema of the database can have, with that thing.
fn taken(schema: &Schema) -> BTreeMap<(Option<String>, String), String> {
    let mut taken = BTreeMap::new();
    let key =
        |schema: &Option<crate::ident::Name>, name: &crate::ident::Name| (schema.as_ref().map(lower), lower(name));
    for table in schema.tables.values() {
        taken.insert(
            key(&table.name.schema, &table.name.name),
            format!("table {}", table.name),
        );
        for index in table.indexes.keys() {
            taken.insert(key(&table.name.schema, index), format!("index {}.{index}", table.name));
        }
        for unique in table.uniques.keys() {
            taken.insert(
                key(&table.name.schema, unique),
                format!("unique {}.{unique}", table.name),
            );
        }
    }
    for name in schema.enums.keys() {
        taken.insert(key(&name.schema, &name.name), format!("enum {name}"));
    }
    for id in schema.objects.keys() {
        if id.kind.shares_names() {
            taken.insert(key(&id.name.schema, &id.name.name), id.to_string());
        }
    }
    taken
}
