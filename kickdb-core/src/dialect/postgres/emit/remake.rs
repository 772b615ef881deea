//! A type or a collation under its name again, with all that is made of it, and every column moved over: the server can neither
//! remove a value of an enum nor move one, change what a domain or a range is made of, take an attribute from a composite type
//! that a table uses, nor change a collation at all.

mod around;
mod gone;
mod unseen;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use super::alter::{not_of, of_type};
use super::column::{UNSEEN, push_actions};
use super::create::part_comment;
use super::enums;
use super::repartition::spreads;
use super::{comment, define, mention};
use crate::dialect::EmitError;
use crate::dialect::postgres::MAX_IDENTIFIER;
use crate::dialect::postgres::objects::{self, Kin};
use crate::dialect::postgres::syntax::{self, block, ident, literal, qualified};
use crate::dialect::postgres::types;
use crate::diff::{Change, Part};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Enum, Expr, ForeignKey, Object, ObjectId, ObjectKind, Schema, SqlType, Table};
use crate::plan::Steps;

/// The word, the name and the definition of a type or a collation; an enum has none.
type Old<'a> = (&'static str, &'a Qualified, Option<(&'a ObjectId, &'a Object)>);

/// What is made again.
#[derive(Clone, Copy)]
pub(in crate::dialect::postgres) enum Root<'a> {
    /// An enum, as it will be.
    Enum(&'a Enum),
    /// A domain, a composite type, a range or a collation, as it was and as it will be.
    Object(&'a ObjectId, &'a Object, &'a Object),
}

/// One thing that is made again, with what is made of it.
pub(in crate::dialect::postgres) struct Remake<'a> {
    root: Root<'a>,
    renamed: &'a BTreeMap<String, String>,
    /// Each after those that it is made of.
    kin: Vec<Kin<'a>>,
    /// The columns of the types, and those that hold rows of their tables.
    users: Vec<(&'a Table, &'a Column)>,
    /// The columns that hold rows of tables which are written again, each behind those whose tables it holds rows of: the server
    /// rewrites no such table, so that they are texts in the meantime.
    holders: Vec<(&'a Table, &'a Column)>,
    /// The tables without such columns that make a value of one of the types in an expression.
    casting: Vec<&'a Table>,
    state: &'a Schema,
    later: &'a [Change],
}

impl<'a> Remake<'a> {
    pub(in crate::dialect::postgres) fn of(
        root: Root<'a>,
        renamed: &'a BTreeMap<String, String>,
        state: &'a Schema,
        later: &'a [Change],
    ) -> Self {
        let name = match root {
            Root::Enum(e) => &e.name,
            Root::Object(id, ..) => &id.name,
        };
        let kin = objects::kin(name, state);
        let mut this = Self {
            root,
            renamed,
            kin,
            users: Vec::new(),
            holders: Vec::new(),
            casting: Vec::new(),
            state,
            later,
        };
        this.users = this.find_users(state);
        this.holders = this.find_holders(state);
        for holder in &this.holders {
            let known = |user: &(&Table, &Column)| std::ptr::eq(user.1, holder.1);
            if !this.users.iter().any(known) {
                this.users.push(*holder);
            }
        }
        this.users.sort_by_key(|(table, _)| &table.name);
        this.casting = this.find_casting();
        this
    }

    fn name(&self) -> &'a Qualified {
        match self.root {
            Root::Enum(e) => &e.name,
            Root::Object(id, ..) => &id.name,
        }
    }

    /// The names of the types that are made again. A range brings another type with it.
    fn names(&self) -> Vec<Qualified> {
        let mut names = vec![self.name().clone()];
        if let Root::Object(id, from, _) = self.root {
            names.extend(objects::multirange(id, from).map(|(name, _)| name));
        }
        for kin in &self.kin {
            names.push(kin.id.name.clone());
            names.extend(objects::multirange(kin.id, kin.object).map(|(name, _)| name));
        }
        names
    }

    fn find_users(&self, state: &'a Schema) -> Vec<(&'a Table, &'a Column)> {
        let names = self.names();
        let known = names
            .iter()
            .any(|name| matches!(types::user(name.clone()), SqlType::Native(_)));
        // One named like a type of the server's is not looked up by its name, nor is a collation.
        let all = known || self.collation().is_some();
        let said = names
            .iter()
            .flat_map(|name| state.tables.saying(name))
            .map(|table| table.name.clone());
        let said: BTreeSet<Qualified> = match all {
            true => state.tables.keys().cloned().collect(),
            false => said.collect(),
        };
        let tables = said.iter().filter_map(|name| state.tables.get(name));
        let all = tables.flat_map(|table| table.columns.iter().map(move |column| (table, column)));
        all.filter(|(_, column)| {
            names.iter().any(|name| objects::is_of(&column.ty, name))
                || column.collation.as_ref().is_some_and(|name| self.is_collation(name))
        })
        .collect()
    }

    fn find_holders(&self, state: &'a Schema) -> Vec<(&'a Table, &'a Column)> {
        let tables = |users: &[(&'a Table, &'a Column)]| {
            let names = users.iter().map(|(table, _)| &table.name).collect::<BTreeSet<_>>();
            names.into_iter().collect::<Vec<&'a Qualified>>()
        };
        let (mut found, mut rewritten) = (Vec::<(&Table, &Column)>::new(), tables(&self.users));
        while !rewritten.is_empty() {
            let types = objects::made_of(&rewritten, state);
            let names = rewritten.iter().copied().chain(types.iter().map(|kin| &kin.id.name));
            let mut next = Vec::new();
            for name in names {
                let tables = state.tables.saying(name);
                let columns = tables.flat_map(|table| table.columns.iter().map(move |column| (table, column)));
                next.extend(columns.filter(|(_, column)| {
                    objects::is_of(&column.ty, name)
                        && !matches!(column.value, ColumnValue::Generated { .. })
                        && !found.iter().any(|(_, other)| std::ptr::eq(*other, *column))
                }));
            }
            next.dedup_by(|a, b| std::ptr::eq(a.1, b.1));
            rewritten = tables(&next);
            found.extend(next);
        }
        found
    }

    fn find_casting(&self) -> Vec<&'a Table> {
        let names = self.names();
        let casts = |expr: &Expr| names.iter().any(|name| mention::casts(expr, name));
        let is_user = |table: &Table| self.users.iter().any(|(user, _)| user.name == table.name);
        let tables = self.state.tables.values();
        tables
            .filter(|table| table.exprs().any(casts) && !is_user(table))
            .collect()
    }

    /// Whether the expression makes a value of one of the types.
    fn casts(&self, expr: &Expr) -> bool {
        self.names().iter().any(|name| mention::casts(expr, name))
    }

    fn is_holder(&self, column: &Column) -> bool {
        self.holders.iter().any(|(_, other)| std::ptr::eq(*other, column))
    }

    /// The columns that hold rows are texts from here on.
    fn park(&self, out: &mut Steps) {
        for (table, column) in self.holders.iter().rev() {
            if self.is_from_above(table, &column.name) {
                continue;
            }
            let name = ident(&column.name);
            let mut actions = Vec::new();
            if matches!(column.value, ColumnValue::Default(_)) {
                actions.push(format!("ALTER COLUMN {name} DROP DEFAULT"));
            }
            actions.push(format!("ALTER COLUMN {name} TYPE text USING {name}::text"));
            push_actions(&table.name, &actions, out);
        }
    }

    /// The columns hold rows again.
    fn unpark(&self, out: &mut Steps) {
        for (table, column) in &self.holders {
            push_actions(&table.name, &self.row_again(table, column), out);
        }
    }

    fn collation(&self) -> Option<&'a Qualified> {
        match self.root {
            Root::Object(id, ..) if id.kind == ObjectKind::Collation => Some(&id.name),
            _ => None,
        }
    }

    fn is_collation(&self, name: &Name) -> bool {
        self.collation()
            .is_some_and(|own| syntax::collation_name(own) == name.as_str())
    }

    pub(in crate::dialect::postgres) fn push(&self, out: &mut Steps) -> Result<(), EmitError> {
        if let Some((table, column)) = self.users.iter().find(|(table, column)| spreads(table, &column.name)) {
            return Err(EmitError {
                object: self.name().to_string(),
                message: match self.root {
                    Root::Enum(_) => format!(
                        "its values cannot be removed or moved while `{}` is partitioned by `{}`, whose type PostgreSQL cannot \
                         change; add values only, or make a table under another name, copy the rows and rename it",
                        table.name, column.name
                    ),
                    Root::Object(id, ..) => format!(
                        "the {} cannot be made again while `{}` is partitioned by `{}`, whose type PostgreSQL cannot change; \
                         make a table under another name, copy the rows and rename it",
                        id.kind.title(),
                        table.name,
                        column.name
                    ),
                },
            });
        }
        if let Some((table, column)) = self.holders.first().filter(|_| self.is_reshaped()) {
            return Err(EmitError {
                object: self.name().to_string(),
                message: format!(
                    "its attributes cannot change while `{}.{}` holds rows of a table with a column of it, which PostgreSQL \
                     does not rewrite then; add attributes at the end only, or drop that column first",
                    table.name, column.name
                ),
            });
        }
        // Those of the root are let go along with that.
        let typed = self
            .kin
            .iter()
            .flat_map(|kin| objects::tables_of(&kin.id.name, self.state));
        let typed = typed.filter(|table| objects::fits_its_type(table, self.state));
        let typed = typed.collect::<Vec<_>>();
        typed.iter().for_each(|table| out.push(not_of(table)));
        if let Some(order) = self.order().filter(|_| !self.users.is_empty()) {
            out.push_noted(order, UNSEEN);
        }
        let tables = self.tables();
        let keys = foreign_keys(&tables);
        for (table, key) in &keys {
            let drop = format!("DROP CONSTRAINT {}", ident(&key.name));
            push_actions(&table.name, &[drop], out);
        }
        for (table, columns) in &tables {
            self.push_aside(table, columns, out);
        }
        if self.users.is_empty() && !matches!(self.root, Root::Enum(_)) {
            self.push_unused(out);
            for (table, columns) in &tables {
                self.push_back(table, columns, out);
            }
            return Ok(());
        }
        self.park(out);
        // What is made of others first: to rename the constructors of a range, its own names must still be there.
        for (kind, name, object) in self.old().into_iter().rev() {
            set_aside(kind, name, object, out);
        }
        self.push_new(out);
        let functions = self.functions();
        functions.iter().for_each(|(_, sql)| out.push(sql.as_str()));
        for (table, columns) in &tables {
            let guards = columns.iter().flat_map(|column| self.guards(table, column));
            guards.for_each(|guard| out.push_noted(guard, UNSEEN));
            let actions: Vec<String> = columns.iter().flat_map(|column| self.convert(table, column)).collect();
            push_actions(&table.name, &actions, out);
        }
        self.unpark(out);
        self.push_late(out);
        for (table, columns) in &tables {
            self.store_again(table, columns, out);
        }
        for (table, columns) in &tables {
            self.push_back(table, columns, out);
        }
        for (table, key) in &keys {
            push_actions(&table.name, &[format!("ADD {}", define::foreign_key(key))], out);
            part_comment(table, &Part::ForeignKey((*key).clone()), None, out);
        }
        for (name, _) in functions.iter().rev() {
            out.push(format!("DROP FUNCTION {name}"));
        }
        for (kind, name, _) in self.old().into_iter().rev() {
            out.push(format!("DROP {kind} {}", qualified(&name.sibling(aside(&name.name)))));
        }
        typed.iter().for_each(|table| of_type(table, out));
        if let Root::Enum(e) = self.root {
            comment("TYPE", &qualified(&e.name), e.comment.as_deref(), out);
        }
        Ok(())
    }

    /// The word, the name and the definition of each as it is, each after those that it is made of.
    fn old(&self) -> Vec<Old<'a>> {
        // What takes the name of a type of another kind is not of that kind.
        let word = |kind, object: &Object| match kind {
            ObjectKind::Collation => "COLLATION",
            _ if object.sql.is_empty() => "DOMAIN",
            _ => "TYPE",
        };
        let root = match self.root {
            Root::Enum(e) => ("TYPE", &e.name, None),
            Root::Object(id, from, _) => (word(id.kind, from), &id.name, Some((id, from))),
        };
        let kin = self.kin.iter().map(|kin| {
            let word = word(kin.id.kind, kin.object);
            (word, &kin.id.name, Some((kin.id, kin.object)))
        });
        std::iter::once(root).chain(kin).collect()
    }

    fn push_new(&self, out: &mut Steps) {
        match self.root {
            Root::Enum(e) => enums::create(e, out),
            Root::Object(id, _, to) => {
                let plain = Object {
                    comment: None,
                    ..to.clone()
                };
                objects::create(id, &objects::without_unchecked(&plain), &[], out);
            }
        }
        for kin in &self.kin {
            objects::create(kin.id, &objects::without_unchecked(&self.in_between(kin)), &[], out);
        }
    }

    /// The constraints of domains that values which are there need not meet, when these are there.
    fn push_late(&self, out: &mut Steps) {
        if let Root::Object(id, _, to) = self.root {
            objects::unchecked(id, to, out);
        }
        for kin in &self.kin {
            objects::unchecked(kin.id, &self.in_between(kin), out);
        }
    }

    /// What is made of the type, without what a later change takes from it: that may say a value that is gone.
    fn in_between(&self, kin: &Kin<'_>) -> Object {
        let later = self.later.iter().find_map(|change| match change {
            Change::AlterObject { id, to, .. } if id == kin.id => Some(to),
            _ => None,
        });
        match later {
            Some(later) => objects::in_between(kin.object, later),
            None => kin.object.clone(),
        }
    }

    fn push_unused(&self, out: &mut Steps) {
        for (kind, name, _) in self.old().into_iter().rev() {
            out.push(format!("DROP {kind} {}", qualified(name)));
        }
        self.push_new(out);
        self.push_late(out);
    }

    /// The tables with their columns of the type, and those that only make values of it, each after those it is a part of.
    fn tables(&self) -> Vec<(&Table, Vec<&Column>)> {
        let mut tables: Vec<(&Table, Vec<&Column>)> = Vec::new();
        for (table, column) in &self.users {
            match tables.last_mut().filter(|(last, _)| last.name == table.name) {
                Some((_, columns)) => columns.push(column),
                None => tables.push((table, vec![column])),
            }
        }
        tables.extend(self.casting.iter().map(|table| (*table, Vec::new())));
        tables.sort_by_key(|(table, _)| self.depth(table));
        tables
    }

    fn depth(&self, table: &Table) -> usize {
        let above = self.above(table).map(|above| self.depth(above) + 1);
        above.max().unwrap_or(0)
    }

    /// The tables with columns of the type that this one is a part of.
    fn above<'t>(&'t self, table: &'t Table) -> impl Iterator<Item = &'t Table> {
        let names: BTreeSet<&Qualified> = table.parents().collect();
        let users = self.users.iter().map(|(table, _)| *table);
        let mut found: Vec<&Table> = users.chain(self.casting.iter().copied()).collect();
        found.retain(|other| names.contains(&other.name));
        found.dedup_by(|a, b| a.name == b.name);
        found.into_iter()
    }

    /// Whether a column comes from a table above, whose statements reach it.
    fn is_from_above(&self, table: &Table, column: &Name) -> bool {
        self.above(table).any(|above| above.column(column).is_some())
    }
}

/// The foreign keys on columns of the type: both ends are of one type, and there is no moment at which both could change.
fn foreign_keys<'a>(tables: &[(&'a Table, Vec<&'a Column>)]) -> Vec<(&'a Table, &'a ForeignKey)> {
    let of = |(table, columns): &(&'a Table, Vec<&'a Column>)| {
        let table: &'a Table = table;
        let hit = |key: &&'a ForeignKey| columns.iter().any(|column| key.columns.contains(&column.name));
        let keys: Vec<_> = table
            .foreign_keys
            .values()
            .filter(hit)
            .map(|key| (table, key))
            .collect();
        keys
    };
    tables.iter().flat_map(of).collect()
}

/// Gives a type another name for as long as there are two.
fn set_aside(kind: &str, name: &Qualified, object: Option<(&ObjectId, &Object)>, out: &mut Steps) {
    let old = aside(&name.name);
    out.push(format!("ALTER {kind} {} RENAME TO {}", qualified(name), ident(&old)));
    let Some((id, object)) = object else { return };
    let Some((multirange, is_said)) = objects::multirange(id, object) else {
        return;
    };
    // Its constructors keep their names, and would be in the way of the new ones.
    let subtype = objects::subtype(&object.sql).unwrap_or("text");
    for arguments in [format!("{subtype}, {subtype}"), format!("{subtype}, {subtype}, text")] {
        out.push(format!(
            "ALTER FUNCTION {}({arguments}) RENAME TO {}",
            qualified(name),
            ident(&old)
        ));
    }
    let range = qualified(&name.sibling(old));
    let other = aside(&multirange.name);
    let mut statements = vec![format!(
        "ALTER TYPE {} RENAME TO {}",
        qualified(&multirange),
        ident(&other)
    )];
    for arguments in [String::new(), range.clone(), format!("VARIADIC {range}[]")] {
        statements.push(format!(
            "ALTER FUNCTION {}({arguments}) RENAME TO {}",
            qualified(&multirange),
            ident(&other)
        ));
    }
    if is_said {
        statements.into_iter().for_each(|sql| out.push(sql));
        return;
    }
    // Before PostgreSQL 14 there are none.
    out.push(block(&format!(
        "BEGIN\n  IF to_regtype({}) IS NOT NULL THEN\n    {};\n  END IF;\nEND",
        literal(&qualified(&multirange)),
        statements.join(";\n    ")
    )));
}

/// A name for what waits to be dropped, within 63 bytes.
fn aside(name: &Name) -> Name {
    suffixed(name, "__kick_old")
}

fn suffixed(name: &Name, suffix: &str) -> Name {
    let mut head = name.as_str();
    while head.len() + suffix.len() > MAX_IDENTIFIER {
        let end = head.char_indices().next_back().map_or(0, |(at, _)| at);
        head = &head[..end];
    }
    Name::new(format!("{head}{suffix}")).expect("a suffix is a name")
}
