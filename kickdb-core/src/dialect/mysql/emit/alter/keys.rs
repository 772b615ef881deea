//! Keys before and after, those that foreign keys make by themselves included.

use std::collections::{BTreeMap, BTreeSet};

use super::{Alter, Place};
use crate::dialect::mysql::keys;
use crate::dialect::mysql::syntax::ident;
use crate::ident::Name;
use crate::ir::{Column, ColumnValue, Expr, ForeignKey, IndexKey, Table};
use crate::plan::Steps;

impl Alter<'_> {
    /// Drops and adds keys.
    pub(super) fn keys(&mut self, out: &Steps) {
        let (old, new) = (keys::clauses(&self.before), keys::clauses(self.to));
        let (old_own, new_own) = (keys::implied(&self.before), keys::implied(self.to));
        let old: BTreeMap<Name, String> = old.into_iter().chain(old_own).collect();
        // An index keeps the size of blocks that its table had when it was made.
        let size = |table: &Table| table.options.get(keys::KEY_BLOCK_SIZE).cloned();
        let sized = size(&self.before) != size(self.to);
        let touched = |name: &Name| sized || mentions(self.to, name, &self.remade);
        let stays = |name: &Name, clause: &String| {
            (new.get(name) == Some(clause) || new_own.get(name) == Some(clause)) && !touched(name)
        };
        // Dropped and added in one statement, the server takes one such index for another (10.11).
        let flipped: BTreeMap<&Name, bool> = (old.iter())
            .filter_map(|(name, clause)| {
                let (bare, ignored) = keys::split_ignored(clause);
                let (new_bare, new_ignored) = keys::split_ignored(new.get(name)?);
                (bare == new_bare && ignored != new_ignored && !touched(name)).then_some((name, new_ignored))
            })
            .collect();
        let mut gone: Vec<Name> = Vec::new();
        let mut staying: Vec<(&Name, &String)> = Vec::new();
        for (name, clause) in old.iter().filter(|(name, _)| !flipped.contains_key(name)) {
            match stays(name, clause) {
                true => staying.push((name, clause)),
                false if self.waits_for_its_key(name, clause, out) => {}
                false => gone.push(name.clone()),
            }
        }
        let comes = |(name, clause): (&Name, &String)| {
            let other = old.get(name) != Some(clause) || touched(name);
            (other && !flipped.contains_key(name)).then(|| (name.clone(), format!("ADD {clause}")))
        };
        let mut come: Vec<(Name, String)> = new.iter().filter_map(comes).collect();
        // A foreign key that is added makes its index then; one that was there before must not be without one.
        let kept = new_own
            .iter()
            .filter(|(name, _)| self.before.foreign_keys.get(*name) == self.to.foreign_keys.get(*name));
        come.extend(kept.filter_map(comes));
        // An index that the server once made for a foreign key goes by itself when another one can do its work, unless it is
        // said. Nothing tells whether the server made it, and saying it again costs nothing: its entries stay as they are.
        let comers: Vec<Vec<Name>> = come.iter().map(|(name, _)| keys::columns_of(name, self.to)).collect();
        for (name, clause) in staying {
            let columns = keys::columns_of(name, self.to);
            let covers = |comer: &Vec<Name>| comer.starts_with(&columns);
            let covered = comers.iter().any(covers)
                || self.new_foreign_keys(name, clause, out).any(covers)
                || self.is_left(name) && self.to.foreign_keys.values().any(|key| covers(&key.columns));
            if !columns.is_empty() && covered && keys::could_be_made(name, self.to) {
                gone.push(name.clone());
                come.push((name.clone(), format!("ADD {clause}")));
            }
        }
        let going = self.going_bounds();
        let (with_history, gone): (Vec<&Name>, Vec<&Name>) =
            gone.iter().partition(|name| mentions(&self.before, name, &going));
        let drop = |name: &Name| match *name == keys::PRIMARY {
            true => "DROP PRIMARY KEY".to_owned(),
            false => format!("DROP INDEX {}", ident(name)),
        };
        let clauses: Vec<String> = gone.into_iter().map(drop).collect();
        let with_history: Vec<String> = with_history.into_iter().map(drop).collect();
        self.bounds_out.splice(0..0, with_history);
        let flips = flipped.iter().map(|(name, ignored)| {
            let not = if *ignored { "" } else { "NOT " };
            format!("ALTER INDEX {} {not}IGNORED", ident(name))
        });
        let flips: Vec<String> = flips.collect();
        for clause in clauses {
            self.add(Place::DropKey, clause);
        }
        for clause in flips {
            self.add(Place::AddKey, clause);
        }
        let empty: BTreeSet<Name> = self.added_empty();
        let bounds = self.coming_bounds();
        let mut after_history = Vec::new();
        for (name, clause) in come {
            if mentions(self.to, &name, &bounds) {
                after_history.push(clause);
                continue;
            }
            // A spatial index takes no column that can be NULL.
            match clause.starts_with("ADD SPATIAL") && mentions(self.to, &name, &empty) {
                true => self.not_null.push(clause),
                false if self.is_needed(&name) => self.add(Place::AddNeededKey, clause),
                false => self.add(Place::AddKey, clause),
            }
        }
        // The history comes first of what is last, see `versioning`.
        if let Some(history) = self.last.first_mut().filter(|_| !bounds.is_empty()) {
            after_history
                .iter()
                .for_each(|clause| history.push_str(&format!(",\n    {clause}")));
        }
    }

    /// Whether a column counts by itself over this key, which the server wants to see in the same statement; a key over columns
    /// that are away for a moment must wait for them all the same.
    fn is_needed(&self, name: &Name) -> bool {
        let first = keys::columns_of(name, self.to).into_iter().next();
        let first = first.and_then(|first| self.to.column(&first));
        let counts = first.is_some_and(|column| matches!(column.value, ColumnValue::Identity(..)));
        counts && !mentions(self.to, name, &self.late_columns())
    }

    /// The columns of the foreign keys that this group adds. The index beside which one was before stays beside it now.
    fn new_foreign_keys(&self, index: &Name, clause: &String, out: &Steps) -> impl Iterator<Item = &Vec<Name>> {
        let stood_beside = |key: &&ForeignKey| {
            let before = out.returning(&self.to.name, &key.name).map(|(before, _)| before);
            before.is_some_and(|before| {
                before.indexes.contains_key(index)
                    && keys::clauses(before).get(index) == Some(clause)
                    && !keys::is_named_after_column(index, key)
            })
        };
        let keys = self
            .foreign_keys_in
            .iter()
            .filter(|key| key.name != *index && !stood_beside(key));
        keys.map(|key| &key.columns).collect::<Vec<_>>().into_iter()
    }

    /// Whether the server made the index for a foreign key that goes, and the index is the table's own from now on.
    fn is_left(&self, index: &Name) -> bool {
        let gone = |of: &Table| !of.foreign_keys.contains_key(index);
        !gone(&self.before) && gone(self.to) && self.to.indexes.contains_key(index)
    }

    /// Whether the index that the server made for a foreign key is what it will have when it comes back.
    fn waits_for_its_key(&self, index: &Name, clause: &String, out: &Steps) -> bool {
        let Some((_, after)) = out
            .returning(&self.to.name, index)
            .filter(|_| !self.to.foreign_keys.contains_key(index))
        else {
            return false;
        };
        let size = |table: &Table| table.options.get(keys::KEY_BLOCK_SIZE).cloned();
        let plain = |column: Option<&Column>| {
            column.is_some_and(|column| !matches!(column.value, ColumnValue::Generated { .. }))
        };
        let mut columns = after.foreign_keys.get(index).into_iter().flat_map(|key| &key.columns);
        keys::implied(&self.before).get(index) == Some(clause)
            && keys::implied(after).get(index) == Some(clause)
            && !after.indexes.contains_key(index)
            && size(&self.before) == size(after)
            && columns.all(|name| plain(self.before.column(name)) && plain(after.column(name)))
    }

    /// The columns that come and are NULL until the last statement.
    fn added_empty(&self) -> BTreeSet<Name> {
        let added = self.added.iter().filter_map(|name| self.to.column(name));
        let empty = added.filter(|column| self.comes_empty(column));
        empty.map(|column| column.name.clone()).collect()
    }
}

/// Whether a key of the table holds one of the columns.
fn mentions(table: &Table, key: &Name, columns: &BTreeSet<Name>) -> bool {
    if columns.is_empty() {
        return false;
    }
    let primary = table.primary_key.iter().filter(|primary| primary.name == *key);
    let unique = table.uniques.get(key).map(|unique| &unique.columns);
    let foreign = table.foreign_keys.get(key).map(|key| &key.columns);
    let index = table.indexes.get(key).into_iter().flat_map(|index| &index.parts);
    let mut index = index.filter_map(|part| match &part.key {
        IndexKey::Column(name) => Some(name.clone()),
        IndexKey::Expr(Expr::Sql(sql)) => keys::prefix(sql).map(|(name, _)| name),
        IndexKey::Expr(_) => None,
    });
    let mut named = primary.map(|key| &key.columns).chain(unique).chain(foreign).flatten();
    named.any(|name| columns.contains(name)) || index.any(|name| columns.contains(&name))
}
