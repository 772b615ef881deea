//! Options of a table that change.

use std::collections::BTreeMap;

use super::versioning::{History, history};
use super::{Alter, Place};
use crate::dialect::EmitError;
use crate::dialect::mysql::emit::create::{check, is_of_column, period_clause};
use crate::dialect::mysql::emit::{column, partition};
use crate::dialect::mysql::normalize::{
    COLLATE, ENGINE, PARTITION_BY, PLAIN_OPTIONS, goes_with_engine, is_text, periods,
};
use crate::dialect::mysql::partition::{Partitioning, parse};
use crate::dialect::mysql::syntax::ident;
use crate::ident::Name;
use crate::ir::Check;

type Options = BTreeMap<String, String>;

impl Alter<'_> {
    /// `keys` says whether keys change in the same group.
    pub(super) fn options(&mut self, from: &Options, to: &Options, keys: bool) -> Result<(), EmitError> {
        let changed = |name: &str| from.get(name) != to.get(name);
        if changed(ENGINE) {
            let engine = to.get(ENGINE).map_or("InnoDB", String::as_str);
            self.add(Place::Option, format!("ENGINE = {engine}"));
        }
        for (name, spelled, usual) in PLAIN_OPTIONS.iter().copied().filter(|(name, ..)| changed(name)) {
            if changed(ENGINE) && !to.contains_key(name) && goes_with_engine(name) {
                continue;
            }
            let usual = if goes_with_engine(name) { "DEFAULT" } else { usual };
            let value = to.get(name).map_or(usual, String::as_str);
            self.add(Place::Option, format!("{spelled} = {value}"));
        }
        let other = |(name, columns): &(&str, &str), of: &Options| !periods(of).any(|one| one == (*name, *columns));
        for (name, _) in periods(from).filter(|period| other(period, to)) {
            self.add(Place::DropKey, format!("DROP PERIOD FOR {name}"));
        }
        for (name, columns) in periods(to).filter(|period| other(period, from)) {
            self.add(Place::AddKey, format!("ADD {}", period_clause(name, columns)));
        }
        if changed(COLLATE) {
            self.collation(to.get(COLLATE))?;
        }
        if changed(PARTITION_BY) {
            self.partitions(from.get(PARTITION_BY), to.get(PARTITION_BY), keys);
        }
        Ok(())
    }

    fn collation(&mut self, to: Option<&String>) -> Result<(), EmitError> {
        match to {
            Some(collation) => self.add(Place::Collation, format!("COLLATE = {}", column::word(collation))),
            None => self.collation_of_database = true,
        }
        // The table's collation is only that of columns to come: those that follow it are said anew.
        let followers = self.to.columns.iter();
        let followers = followers.filter(|column| is_text(&column.ty) && column.collation.is_none());
        for name in followers.map(|column| column.name.clone()).collect::<Vec<_>>() {
            self.modify(&name)?;
        }
        Ok(())
    }

    /// Every unique key must hold the columns that partitions are made by: where keys change, too, the rows come together first;
    /// and where a history goes over which they are spread.
    fn partitions(&mut self, from: Option<&String>, to: Option<&String>, keys: bool) {
        let read = |text: Option<&String>| -> Option<Partitioning> { parse(text?, &[]) };
        let (from, to) = (read(from), read(to));
        let ends = !matches!(history(&self.before, self.to), History::Stays | History::Comes);
        match (&from, &to) {
            (Some(before), Some(_)) if keys || ends && before.method == "system_time" => {
                self.first.extend(partition::clause(from.as_ref(), None));
                self.last.extend(partition::clause(None, to.as_ref()));
            }
            (Some(_), None) => self.first.extend(partition::clause(from.as_ref(), None)),
            _ => self.last.extend(partition::clause(from.as_ref(), to.as_ref())),
        }
    }

    /// Whether a check that has the name of a column becomes the column's own, or the table's.
    pub(super) fn moves(&self, name: &Name) -> bool {
        let both = self.before.checks.contains_key(name) && self.to.checks.contains_key(name);
        both && is_of_column(name, &self.before) != is_of_column(name, self.to)
    }

    /// The server would see two checks of one name where they shared a statement.
    pub(super) fn move_checks(&mut self) -> Result<(), EmitError> {
        let to = self.to;
        let moved: Vec<&Check> = to.checks.values().filter(|check| self.moves(&check.name)).collect();
        for new in moved {
            if is_of_column(&new.name, &self.before) {
                self.modify(&new.name)?;
                self.late.push(format!("ADD {}", check(new)));
            } else if let Some(column) = to.column(&new.name) {
                self.add(Place::DropCheck, format!("DROP CONSTRAINT {}", ident(&new.name)));
                let definition = column::definition(column, to)?;
                self.late.push(format!("MODIFY COLUMN {definition}"));
            }
        }
        Ok(())
    }
}
