//! A type or a collation under its name again, with all that is made of it, and every column moved over: the server can neither
//! remove a value of an enum nor move one, change what a domain or a range is made of, take an attribute from a composite type
//! that a table uses, nor change a collation at all.

use std::collections::{BTreeMap, BTreeSet};

use super::column::{push_actions, push_all};
use super::create::part_comment;
use super::enums;
use super::repartition::spreads;
use super::{comment, define, mention};
use crate::dialect::postgres::objects::{self, Kin};
use crate::dialect::postgres::syntax::{self, ident, literal, qualified};
use crate::dialect::postgres::types::{self, ddl, element};
use crate::dialect::postgres::{MAX_IDENTIFIER, expr};
use crate::dialect::{EmitError, Types};
use crate::diff::{Change, Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{
    Column, ColumnValue, Enum, Expr, ForeignKey, IndexKey, Object, ObjectId, ObjectKind, Schema, SqlType, Table,
};
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
    users: Vec<(&'a Table, &'a Column)>,
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
            later,
        };
        this.users = this.find_users(state);
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
            return Ok(());
        }
        // What is made of others first: to rename the constructors of a range, its own names must still be there.
        for (kind, name, object) in self.old().into_iter().rev() {
            set_aside(kind, name, object, out);
        }
        self.push_new(out);
        let functions = self.functions();
        functions.iter().for_each(|(_, sql)| out.push(sql.as_str()));
        for (table, columns) in &tables {
            let actions: Vec<String> = columns.iter().flat_map(|column| self.convert(table, column)).collect();
            push_actions(&table.name, &actions, out);
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
        if let Root::Enum(e) = self.root {
            comment("TYPE", &qualified(&e.name), e.comment.as_deref(), out);
        }
        Ok(())
    }

    /// The word, the name and the definition of each as it is, each after those that it is made of.
    fn old(&self) -> Vec<Old<'a>> {
        let word = |kind| match kind {
            ObjectKind::Domain => "DOMAIN",
            ObjectKind::Collation => "COLLATION",
            _ => "TYPE",
        };
        let root = match self.root {
            Root::Enum(e) => ("TYPE", &e.name, None),
            Root::Object(id, from, _) => (word(id.kind), &id.name, Some((id, from))),
        };
        let kin = self
            .kin
            .iter()
            .map(|kin| (word(kin.id.kind), &kin.id.name, Some((kin.id, kin.object))));
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
                objects::create(id, &plain, &[], out);
            }
        }
        for kin in &self.kin {
            objects::create(kin.id, &self.in_between(kin), &[], out);
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
    }

    /// The new type of a column, and what its values are there.
    fn conversion(&self, column: &Column) -> String {
        let (name, ty) = (ident(&column.name), ddl(&column.ty));
        if let Some(collation) = column.collation.as_ref().filter(|name| self.is_collation(name)) {
            return format!("{ty} COLLATE {}", syntax::collation(collation));
        }
        if self.is_reshaped() {
            return format!("{ty} USING {}", self.reshaped(&name, &column.ty));
        }
        let array = matches!(column.ty, SqlType::Array(_));
        match self.root {
            // By the type that it is made of, whose values need no text.
            Root::Object(id, _, to) if id.kind == ObjectKind::Domain && objects::is_of(&column.ty, &id.name) => {
                let base = objects::base(to);
                let base = if array { format!("{base}[]") } else { base.to_owned() };
                format!("{ty} USING {name}::{base}::{ty}")
            }
            Root::Enum(_) if array && self.kin.is_empty() => format!("{ty} USING {name}::text[]::{ty}"),
            _ => format!("{ty} USING {name}::text::{ty}"),
        }
    }

    /// Whether a composite type has other attributes, so that its text form is not that of the new one.
    fn is_reshaped(&self) -> bool {
        match self.root {
            Root::Object(id, from, to) if id.kind == ObjectKind::Type => {
                let names = |object: &Object| {
                    let all = objects::attributes(&object.sql)?;
                    Some(
                        all.iter()
                            .map(|attribute| objects::attribute_name(attribute).to_owned())
                            .collect::<Vec<_>>(),
                    )
                };
                match (names(from), names(to)) {
                    (Some(before), Some(after)) => before != after,
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// A value of an old type as one of the new type of that name.
    fn reshaped(&self, value: &str, ty: &SqlType) -> String {
        let new = ddl(ty);
        let names = self.names();
        let Some(name) = names.iter().find(|name| objects::is_of(ty, name)) else {
            return value.to_owned();
        };
        if matches!(ty, SqlType::Array(_)) {
            return format!("pg_temp.{}({value})", ident(&converter(name, true)));
        }
        match self.kin.iter().find(|kin| kin.id.name == *name) {
            Some(kin) if kin.id.kind == ObjectKind::Domain => {
                let base = base_type(kin.object);
                let old = self.old_type(&base);
                format!("{}::{new}", self.reshaped(&format!("{value}::{old}"), &base))
            }
            Some(kin) if objects::attributes(&kin.object.sql).is_none() => format!("{value}::text::{new}"),
            _ => format!("pg_temp.{}({value})", ident(&converter(name, false))),
        }
    }

    /// What a type is called while the old ones stand aside.
    fn old_type(&self, ty: &SqlType) -> String {
        let aside = |ty: &SqlType| match ty {
            SqlType::Enum(name) if self.names().contains(name) => qualified(&name.sibling(aside(&name.name))),
            other => ddl(other),
        };
        match ty {
            SqlType::Array(_) => format!("{}[]", aside(element(ty))),
            other => aside(other),
        }
    }

    /// The functions that bring the values of composite types, and of arrays of any of these, into their new shape: a statement
    /// that changes the type of a column cannot say how a list is gone through.
    fn functions(&self) -> Vec<(String, String)> {
        let mut functions = Vec::new();
        if !self.is_reshaped() {
            return functions;
        }
        let mut function = |name: Name, from: &str, to: &str, body: &str| {
            let name = format!("pg_temp.{}({from})", ident(&name));
            let sql = format!("CREATE FUNCTION {name} RETURNS {to} LANGUAGE sql STRICT AS $kick$ SELECT {body} $kick$");
            functions.push((name, sql));
        };
        for (_, name, object) in self.old() {
            let Some((id, old)) = object else { continue };
            let ty = SqlType::Enum(name.clone());
            let (from, to) = (self.old_type(&ty), ddl(&ty));
            let new = match self.root {
                Root::Object(root, _, new) if root == id => new,
                _ => old,
            };
            if let (Some(before), Some(after)) = (objects::attributes(&old.sql), objects::attributes(&new.sql)) {
                let field = |attribute: &String| {
                    let name = objects::attribute_name(attribute);
                    match before.iter().any(|other| objects::attribute_name(other) == name) {
                        true => self.reshaped(&format!("($1).{name}"), &attribute_type(attribute)),
                        false => "NULL".to_owned(),
                    }
                };
                let fields = after.iter().map(field).collect::<Vec<_>>().join(", ");
                function(converter(name, false), &from, &to, &format!("ROW({fields})::{to}"));
            }
            let array = format!(
                "ARRAY(SELECT {} FROM generate_subscripts($1, 1) n ORDER BY n)",
                self.reshaped("($1)[n]", &ty)
            );
            function(converter(name, true), &format!("{from}[]"), &format!("{to}[]"), &array);
        }
        functions
    }

    /// Whether a change that follows gives the column another default, or none.
    fn is_changed_later(&self, column: &Column, default: &Expr) -> bool {
        self.later.iter().any(|change| {
            let Change::AlterTable { to, changes, .. } = change else {
                return false;
            };
            let is_own = self
                .users
                .iter()
                .any(|(table, other)| table.name == to.name && std::ptr::eq(*other, column));
            let alters = |change: &TableChange| match change {
                TableChange::AlterColumn { to, .. } => {
                    to.name == column.name && !matches!(&to.value, ColumnValue::Default(other) if other == default)
                }
                TableChange::DropColumn(gone) => gone.name == column.name,
                _ => false,
            };
            is_own && changes.iter().any(alters)
        })
    }

    /// The tables with their columns of the type, each after those it is a part of.
    fn tables(&self) -> Vec<(&Table, Vec<&Column>)> {
        let mut tables: Vec<(&Table, Vec<&Column>)> = Vec::new();
        for (table, column) in &self.users {
            match tables.last_mut().filter(|(last, _)| last.name == table.name) {
                Some((_, columns)) => columns.push(column),
                None => tables.push((table, vec![column])),
            }
        }
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
        let mut found: Vec<&Table> = self.users.iter().map(|(table, _)| *table).collect();
        found.retain(|other| names.contains(&other.name));
        found.dedup_by(|a, b| a.name == b.name);
        found.into_iter()
    }

    /// Whether a column comes from a table above, whose statements reach it.
    fn is_from_above(&self, table: &Table, column: &Name) -> bool {
        self.above(table).any(|above| above.column(column).is_some())
    }

    /// What compares a column with a value of the type holds on to the old type, so it steps aside.
    fn push_aside(&self, table: &Table, columns: &[&Column], out: &mut Steps) {
        let checks = dependents(columns, |column| {
            mention::checks_on(table, column).map(|check| &check.name).collect()
        });
        let computed = dependents(columns, |column| {
            mention::generated_from(table, column)
                .map(|other| &other.name)
                .collect()
        });
        for index in self.indexes(table, columns, &computed) {
            // What is a part of another index goes with that.
            if table.indexes.get(index).is_some_and(|index| index.part_of.is_none()) {
                out.push(format!("DROP INDEX {}", qualified(&table.name.sibling(index.clone()))));
            }
        }
        let checks = checks.iter().map(|name| match self.is_given(table, name) {
            true => format!("DROP CONSTRAINT IF EXISTS {}", ident(name)),
            false => format!("DROP CONSTRAINT {}", ident(name)),
        });
        let exclusions = self.exclusions(table, columns);
        let exclusions = exclusions.map(|exclusion| format!("DROP CONSTRAINT {}", ident(&exclusion.name)));
        let checks = checks.chain(exclusions);
        let own = columns.iter().filter(|column| self.is_from_above(table, &column.name));
        let own = own.filter(|column| matches!(column.value, ColumnValue::Default(_)));
        let defaults = own.map(|column| format!("ALTER COLUMN {} DROP DEFAULT", ident(&column.name)));
        let computed = computed.iter().filter(|name| !self.is_from_above(table, name));
        let columns = computed.map(|name| format!("DROP COLUMN {}", ident(name)));
        push_actions(
            &table.name,
            &checks.chain(defaults).chain(columns).collect::<Vec<_>>(),
            out,
        );
    }

    /// Whether a table above gives the check to this one.
    fn is_given(&self, table: &Table, check: &Name) -> bool {
        self.above(table)
            .any(|above| above.checks.get(check).is_some_and(|check| check.inherited))
    }

    fn push_back(&self, table: &Table, columns: &[&Column], out: &mut Steps) {
        let checks = dependents(columns, |column| {
            mention::checks_on(table, column).map(|check| &check.name).collect()
        });
        let computed = dependents(columns, |column| {
            mention::generated_from(table, column)
                .map(|other| &other.name)
                .collect()
        });
        let mut actions = Vec::new();
        for name in computed.iter().filter(|name| !self.is_from_above(table, name)) {
            if let Some(column) = table.column(name) {
                let column = Column {
                    value: self.value_renamed(&column.value),
                    ..column.clone()
                };
                actions.push(format!("ADD COLUMN {}", super::column::define(&table.name, &column)));
            }
        }
        let checks = checks.iter().filter(|name| !self.is_given(table, name));
        for check in checks.filter_map(|name| table.checks.get(*name)) {
            let mut check = check.clone();
            check.expr = self.expr_renamed(&check.expr);
            actions.push(format!("ADD {}", define::check(&check)));
        }
        for exclusion in self.exclusions(table, columns) {
            let mut exclusion = exclusion.clone();
            exclusion.predicate = exclusion
                .predicate
                .as_ref()
                .map(|predicate| self.expr_renamed(predicate));
            actions.push(format!("ADD {}", define::exclusion(&exclusion)));
        }
        push_actions(&table.name, &actions, out);
        let mut statements = Vec::new();
        for index in self.indexes(table, columns, &computed) {
            if let Some(index) = table.indexes.get(index) {
                let mut index = index.clone();
                index.predicate = index.predicate.as_ref().map(|predicate| self.expr_renamed(predicate));
                statements.push((define::index(table, &index), None));
                if let (Some(place), Some(above)) = (&table.partition, &index.part_of) {
                    statements.push((define::attach(table, &index.name, place, above), None));
                }
            }
        }
        push_all(statements, out);
    }

    /// Those that compute something from one of the columns.
    fn exclusions<'t>(
        &self,
        table: &'t Table,
        columns: &[&'t Column],
    ) -> impl Iterator<Item = &'t crate::ir::Exclusion> {
        let columns = columns.to_vec();
        let hit = move |exclusion: &&crate::ir::Exclusion| {
            let mut exprs = exclusion.parts.iter().filter_map(|(part, _)| match &part.key {
                IndexKey::Expr(expr) => Some(expr),
                IndexKey::Column(_) => None,
            });
            let says = |expr: &Expr| columns.iter().any(|column| mention::mentions(expr, &column.name));
            exclusion.predicate.as_ref().is_some_and(says) || exprs.any(says)
        };
        table.exclusions.values().filter(hit)
    }

    fn indexes<'t>(&self, table: &'t Table, columns: &[&Column], computed: &BTreeSet<&Name>) -> Vec<&'t Name> {
        let hit = |index: &&crate::ir::Index| {
            columns
                .iter()
                .any(|column| mention::index_computes(index, &column.name))
                || computed.iter().any(|column| mention::index_uses(index, column))
                || index
                    .parts
                    .iter()
                    .any(|part| part.collation.as_ref().is_some_and(|name| self.is_collation(name)))
        };
        table.indexes.values().filter(hit).map(|index| &index.name).collect()
    }

    /// The default goes before and comes back after, where its value is still there.
    fn convert(&self, table: &Table, column: &Column) -> Vec<String> {
        let name = ident(&column.name);
        if self.is_from_above(table, &column.name) {
            return match &column.value {
                ColumnValue::Default(default) => self.default(column, default).into_iter().collect(),
                _ => vec![format!("ALTER COLUMN {name} DROP DEFAULT")],
            };
        }
        let change = format!("ALTER COLUMN {name} TYPE {}", self.conversion(column));
        let ColumnValue::Default(default) = &column.value else {
            return vec![change];
        };
        let mut actions = vec![format!("ALTER COLUMN {name} DROP DEFAULT"), change];
        actions.extend(self.default(column, default));
        actions
    }

    /// The default again, where its value is still there.
    fn default(&self, column: &Column, default: &Expr) -> Option<String> {
        if self.is_changed_later(column, default) {
            return None;
        }
        let default = self.expr_renamed(default);
        let gone = match (&default, &self.root) {
            (Expr::Text(value), Root::Enum(to)) if objects::is_of(&column.ty, &to.name) => !to.values.contains(value),
            _ => false,
        };
        let kept = !gone || matches!(column.ty, SqlType::Array(_));
        let set = || {
            format!(
                "ALTER COLUMN {} SET DEFAULT {}",
                ident(&column.name),
                expr::operand(&default)
            )
        };
        kept.then(set)
    }

    fn value_renamed(&self, value: &ColumnValue) -> ColumnValue {
        match value {
            ColumnValue::Generated { expr, stored } => ColumnValue::Generated {
                expr: self.expr_renamed(expr),
                stored: *stored,
            },
            other => other.clone(),
        }
    }

    /// The expression with the new names of values. It belongs to a table as it is before, whose values are renamed by now.
    fn expr_renamed(&self, expr: &Expr) -> Expr {
        match expr {
            Expr::Text(value) => Expr::Text(self.renamed.get(value).unwrap_or(value).clone()),
            Expr::Sql(sql) => {
                let mut sql = sql.clone();
                for (from, to) in self.renamed {
                    sql = sql.replace(&literal(from), &literal(to));
                }
                Expr::Sql(sql)
            }
            other => other.clone(),
        }
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

fn dependents<'a>(columns: &[&'a Column], of: impl Fn(&'a Name) -> Vec<&'a Name>) -> BTreeSet<&'a Name> {
    columns.iter().flat_map(|column| of(&column.name)).collect()
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
    out.push(format!(
        "DO $kick$\nBEGIN\n  IF to_regtype({}) IS NOT NULL THEN\n    {};\n  END IF;\nEND\n$kick$",
        literal(&qualified(&multirange)),
        statements.join(";\n    ")
    ));
}

/// A name for what waits to be dropped, within 63 bytes.
fn aside(name: &Name) -> Name {
    suffixed(name, "__kick_old")
}

/// The function that makes a new value of an old one, or an array of an array.
fn converter(name: &Qualified, array: bool) -> Name {
    suffixed(&name.name, if array { "__kick_all" } else { "__kick_new" })
}

fn suffixed(name: &Name, suffix: &str) -> Name {
    let mut head = name.as_str();
    while head.len() + suffix.len() > MAX_IDENTIFIER {
        let end = head.char_indices().next_back().map_or(0, |(at, _)| at);
        head = &head[..end];
    }
    Name::new(format!("{head}{suffix}")).expect("a suffix is a name")
}

fn base_type(domain: &Object) -> SqlType {
    parsed(objects::base(domain))
}

fn attribute_type(attribute: &str) -> SqlType {
    parsed(objects::attribute_type(attribute))
}

fn parsed(text: &str) -> SqlType {
    crate::dialect::postgres::Postgres
        .parse(text)
        .unwrap_or_else(|_| SqlType::Native(text.into()))
}
