//! Relations, one in each direction for every foreign key, and those through tables of nothing but pairs.

use std::collections::BTreeMap;

use super::foreign_keys::is_unique;
use super::names::{plural, singular, snake};
use super::{Raiser, at};
use crate::decl::names::snake_case;
use crate::decl::{At, ForeignKeyDecl, Item, RelationDecl, RelationKind, TableDecl};
use crate::ident::{Name, Qualified};
use crate::ir::{ForeignKey, Table};

impl Raiser<'_> {
    /// Adds the relations that the foreign keys say. The parts of a partitioned table say nothing that the whole does not.
    pub(super) fn relations(&mut self, items: &mut [Item]) {
        let (schema, structs) = (self.schema, self.known);
        let tables: BTreeMap<(String, String), Qualified> = self
            .tables
            .iter()
            .map(|(name, named)| ((named.module.clone(), named.ident.clone()), (*name).clone()))
            .collect();
        let mut added: Vec<((String, String), RelationDecl)> = Vec::new();
        for item in items.iter() {
            let Item::Table(decl) = item else { continue };
            let here = (decl.module.clone(), decl.ident.value.clone());
            let Some(table) = tables.get(&here).and_then(|name| schema.tables.get(name)) else {
                continue;
            };
            if table.partition.is_some() {
                continue;
            }
            // What a struct has already is its own; it gets the relations of new keys alone.
            let known = structs.tables.get(&table.name);
            let mut targets: Vec<Qualified> = Vec::new();
            for key in &decl.foreign_keys {
                let named = key.name.as_ref().map(|name| name.value.as_str());
                let found = table.foreign_keys.values().find(|found| {
                    let columns = self.fields(table, &found.columns);
                    columns.as_ref() == Some(&key.columns) && named.is_none_or(|name| found.name == *name)
                });
                let is_new = |found: &&ForeignKey| known.is_none_or(|known| known.new_keys.contains(&found.name));
                let Some(target) = found.filter(is_new).map(|found| found.references.clone()) else {
                    continue;
                };
                targets.push(target.clone());
                let Some((belongs, has)) = self.pair(table, decl, key, &target) else {
                    continue;
                };
                let there = self.tables.get(&target);
                let there = there.map(|named| (named.module.clone(), named.ident.clone()));
                added.push((here.clone(), belongs));
                if let Some(there) = there {
                    added.extend(has.map(|has| (there, has)));
                }
            }
            if let ([one, other], [first, second]) = (decl.foreign_keys.as_slice(), targets.as_slice())
                && is_of_pairs(decl, [one, other])
                && first != second
            {
                for (from, to) in [((one, first), (other, second)), ((other, second), (one, first))] {
                    added.extend(self.through(table, from, to));
                }
            }
        }
        let mut added_to: BTreeMap<(String, String), Vec<RelationDecl>> = BTreeMap::new();
        for (of, relation) in added {
            added_to.entry(of).or_default().push(relation);
        }
        for item in items {
            let Item::Table(decl) = item else { continue };
            let here = (decl.module.clone(), decl.ident.value.clone());
            decl.relations.extend(added_to.remove(&here).unwrap_or_default());
        }
    }

    /// The rows of one table that those of another one have through a table between them.
    fn through(
        &mut self,
        between: &Table,
        (key, from): (&ForeignKeyDecl, &Qualified),
        (target_key, to): (&ForeignKeyDecl, &Qualified),
    ) -> Option<((String, String), RelationDecl)> {
        let points_to_key = |key: &ForeignKeyDecl, of: &Qualified| {
            let table = self.schema.tables.get(of)?;
            let primary = self.fields(table, &table.primary_key.as_ref()?.columns)?;
            (primary == key.referenced).then_some(())
        };
        points_to_key(key, from)?;
        points_to_key(target_key, to)?;
        let named = self.tables.get(from)?;
        let here = (named.module.clone(), named.ident.clone());
        let target = self.path_to(&here.0, to)?;
        let through = self.path_to(&here.0, &between.name)?;
        let name = self.tables.get_mut(from)?.take(plural(&snake(to.name.as_str())));
        let relation = RelationDecl {
            kind: RelationKind::ManyToMany,
            name: at(name),
            target: at(target),
            key: key.columns.clone(),
            references: Vec::new(),
            through: Some(at(through)),
            target_key: target_key.columns.clone(),
        };
        Some((here, relation))
    }

    fn pair(
        &mut self,
        table: &Table,
        decl: &TableDecl,
        key: &ForeignKeyDecl,
        target: &Qualified,
    ) -> Option<(RelationDecl, Option<RelationDecl>)> {
        let schema = self.schema;
        let to = schema.tables.get(target)?;
        let to_key = to.primary_key.as_ref().and_then(|key| self.fields(to, &key.columns));
        let references: Vec<At<String>> = if to_key.as_ref() == Some(&key.referenced) {
            Vec::new()
        } else {
            key.referenced.clone()
        };
        let (there, there_module) = {
            let named = self.tables.get(target)?;
            (named.ident.clone(), named.module.clone())
        };
        let base = belongs_name(&key.columns, &there);
        let name = self.tables.get_mut(&table.name)?.take(base.clone());
        let belongs = RelationDecl {
            kind: RelationKind::BelongsTo,
            name: at(name),
            target: key.table.clone(),
            key: key.columns.clone(),
            references: references.clone(),
            through: None,
            target_key: Vec::new(),
        };
        let own: Vec<Name> = key
            .columns
            .iter()
            .filter_map(|field| decl.column(field))
            .filter_map(|column| Name::new(column.name().as_str()).ok())
            .collect();
        let kind = if is_unique(table, &own) {
            RelationKind::HasOne
        } else {
            RelationKind::HasMany
        };
        let many = snake(table.name.name.as_str());
        let wanted = match kind {
            RelationKind::HasOne => singular(&many),
            _ => plural(&many),
        };
        // Several keys between the same two tables are told apart by what they are called on the other side.
        let several = decl
            .foreign_keys
            .iter()
            .filter(|other| other.table == key.table)
            .count()
            > 1;
        let self_reference = *target == table.name;
        let wanted = if self_reference && base == "parent" && kind == RelationKind::HasMany {
            "children".to_owned()
        } else if several || self_reference {
            format!("{wanted}_by_{base}")
        } else {
            wanted
        };
        let name = self.tables.get_mut(target)?.take(wanted);
        let path = if self_reference {
            vec!["Self".to_owned()]
        } else {
            self.path_to(&there_module, &table.name)?
        };
        let has = RelationDecl {
            kind,
            name: at(name),
            target: at(path),
            key: key.columns.clone(),
            references,
            through: None,
            target_key: Vec::new(),
        };
        Some((belongs, Some(has)))
    }
}

/// Whether the rows of a table are pairs: its primary key is made of two foreign keys.
fn is_of_pairs(decl: &TableDecl, keys: [&ForeignKeyDecl; 2]) -> bool {
    let Some(primary) = &decl.primary_key else { return false };
    let of_keys: Vec<&At<String>> = keys.iter().flat_map(|key| &key.columns).collect();
    of_keys.len() == primary.columns.len() && primary.columns.iter().all(|column| of_keys.contains(&column))
}

/// `project` for a key `project_id`, else what the other struct is called.
fn belongs_name(key: &[At<String>], target: &str) -> String {
    let last = match key {
        [one] => one.strip_suffix("_id").filter(|stem| !stem.is_empty()),
        _ => None,
    };
    last.map_or_else(|| snake_case(target), str::to_owned)
}
