//! Declarations × dialect → schema, or everything that is wrong with them.

mod constraints;
mod defaults;
mod foreign_keys;
mod objects;
mod relations;
mod scope;
mod tables;
mod types;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use self::defaults::plain_value;
use self::scope::Scope;
use self::tables::Linked;
#[cfg(feature = "lower")]
pub(crate) use self::tables::reserved;
use super::{EnumDecl, Item, Place, Problem};
use crate::dialect::{Dialect, EnumStorage, Refusal, ServerVersion, too_new};
use crate::ident::{Name, Qualified};
use crate::ir::{self, ObjectId, Schema};
use crate::lex::{Kind, first_words, tokens, unquoted};

/// A schema with what its source says beside it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Resolved {
    /// The schema.
    pub schema: Schema,
    /// What `renamed_from` says.
    pub renames: Vec<Rename>,
    /// The tables of somebody else, which are not in the schema.
    pub unmanaged: Vec<Unmanaged>,
    places: BTreeMap<(Qualified, Option<Name>), Place>,
    objects: BTreeMap<ObjectId, Place>,
}

impl Resolved {
    /// Where a table or enum is declared, or a column, index or constraint in it.
    #[must_use]
    pub fn place(&self, object: &Qualified, part: Option<&Name>) -> Option<&Place> {
        let exact = self.places.get(&(object.clone(), part.cloned()));
        exact
            .or_else(|| self.places.get(&(object.clone(), None)))
            .filter(|place| place.is_known())
    }

    /// Where that is declared which a statement of a migration makes or changes: an SQL object, a table, or what the
    /// statement says first of what is in that.
    #[must_use]
    pub fn place_of(&self, statement: &str, dialect: &dyn Dialect) -> Option<&Place> {
        if let Ok((id, _)) = dialect.read_object(statement)
            && let Some(place) = self.objects.get(&id)
        {
            return Some(place).filter(|place| place.is_known());
        }
        let lexis = dialect.lexis();
        let names = tokens(statement, lexis).filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted));
        let names: Vec<String> = names.map(|token| unquoted(&token)).collect();
        let said_at = |name: &Name| names.iter().position(|said| *said == name.as_str().to_lowercase());
        let tables = self.schema.tables.keys().chain(self.schema.enums.keys());
        let said = tables.filter_map(|table| Some((said_at(&table.name)?, table)));
        let (_, object) = said.min_by_key(|(at, _)| *at)?;
        if first_words(statement, lexis, 2) == ["CREATE", "TABLE"] {
            return self.place(object, None);
        }
        let parts = self.places.keys().filter(|(of, _)| of == object);
        let said = parts.filter_map(|(_, part)| Some((said_at(part.as_ref()?)?, part.as_ref())));
        let part = said.min_by_key(|(at, _)| *at).and_then(|(_, part)| part);
        self.place(object, part)
    }

    /// What a server of this version cannot have.
    #[must_use]
    pub fn too_new(&self, dialect: &dyn Dialect, version: &ServerVersion) -> Vec<Problem> {
        let refusals = too_new(&self.schema, dialect, version).into_iter();
        refusals.map(|refusal| self.problem(refusal)).collect()
    }

    /// What an engine refuses, at the place where it is declared.
    fn problem(&self, refusal: Refusal) -> Problem {
        let place = refusal
            .object
            .as_ref()
            .and_then(|object| self.place(object, refusal.part.as_ref()));
        let help = refusal.help.clone();
        let message = Refusal {
            help: None,
            ..refusal.clone()
        }
        .to_string();
        let problem = Problem::new(place.unwrap_or(&Place::default()), message);
        match help {
            Some(help) => problem.help(help),
            None => problem,
        }
    }
}

/// One `renamed_from`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rename {
    /// A table took another name.
    Table {
        /// The name before.
        from: Qualified,
        /// The name after.
        to: Qualified,
    },
    /// A column took another name.
    Column {
        /// The table, under its name after.
        table: Qualified,
        /// The name before.
        from: Name,
        /// The name after.
        to: Name,
    },
    /// An enum took another name.
    Enum {
        /// The name before.
        from: Qualified,
        /// The name after.
        to: Qualified,
    },
    /// A value of an enum took another name.
    Value {
        /// The enum, under its name after.
        name: Qualified,
        /// The value before.
        from: String,
        /// The value after.
        to: String,
    },
}

/// A table that is queried but never created, altered or dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmanaged {
    /// Its name.
    pub table: Qualified,
    /// Why.
    pub reason: String,
    /// Where that is declared.
    pub place: Place,
}

/// Links declarations into a schema in the dialect's normal form.
///
/// # Errors
///
/// Everything that is wrong with the declarations, or that the dialect cannot have.
pub fn resolve(items: &[Item], dialect: &dyn Dialect) -> Result<Resolved, Vec<Problem>> {
    let mut resolved = link(items, dialect)?;
    let mut schema = resolved.schema.clone();
    if let Err(refusals) = dialect.normalize(&mut schema) {
        return Err(refusals.into_iter().map(|refusal| resolved.problem(refusal)).collect());
    }
    resolved.schema = schema;
    Ok(resolved)
}

/// Links declarations into a schema as they are written, before it is brought into a normal form.
///
/// An enum is part of the schema once a table uses it.
///
/// # Errors
///
/// Everything that is wrong with the declarations.
pub fn link(items: &[Item], dialect: &dyn Dialect) -> Result<Resolved, Vec<Problem>> {
    let mut linker = Linker::new(items, dialect);
    linker.name_enums();
    linker.name_tables();
    linker.read_columns();
    for index in linker.indexes() {
        linker.link_table(index);
    }
    linker.check_shared_names();
    linker.read_objects(items);
    linker.finish()
}

/// The work of [`link`]: a pass over all tables after the other, since each needs what the one before found out about
/// every table.
struct Linker<'a> {
    dialect: &'a dyn Dialect,
    scope: Scope<'a>,
    problems: Vec<Problem>,
    enums: BTreeMap<usize, (&'a EnumDecl, Qualified)>,
    used: BTreeSet<usize>,
    tables: BTreeMap<usize, Linked<'a>>,
    out: Resolved,
}

impl<'a> Linker<'a> {
    fn new(items: &'a [Item], dialect: &'a dyn Dialect) -> Self {
        Self {
            dialect,
            scope: Scope::new(items),
            problems: Vec::new(),
            enums: BTreeMap::new(),
            used: BTreeSet::new(),
            tables: BTreeMap::new(),
            out: Resolved::default(),
        }
    }

    fn indexes(&self) -> Vec<usize> {
        self.tables.keys().copied().collect()
    }

    fn finish(mut self) -> Result<Resolved, Vec<Problem>> {
        let always = self.enums.iter().filter(|(_, (decl, _))| decl.always);
        self.used.extend(always.map(|(index, _)| *index).collect::<Vec<_>>());
        for index in std::mem::take(&mut self.used) {
            if let Some((decl, name)) = self.enums.remove(&index) {
                self.add_enum(decl, name);
            }
        }
        if self.problems.is_empty() {
            Ok(self.out)
        } else {
            Err(self.problems)
        }
    }

    /// What an enum is to the engine: a type, or a part of each column.
    fn enums_of(&self, name: &Qualified) -> Vec<Qualified> {
        if self.dialect.caps().enums == EnumStorage::Type {
            return vec![name.clone()];
        }
        let of = |column: &&ir::Column| column.ty == ir::SqlType::Enum(name.clone());
        let tables = self.out.schema.tables.values();
        tables
            .flat_map(|table| {
                table
                    .columns
                    .iter()
                    .filter(of)
                    .map(|column| ir::Enum::of_column(&table.name, &column.name))
            })
            .collect()
    }

    fn add_enum(&mut self, decl: &EnumDecl, name: Qualified) {
        if let Some(from) = &decl.renamed_from
            && let Some(from) = self.name(from, &decl.ident.place, "enum")
        {
            let from = name.sibling(from);
            self.out.renames.push(Rename::Enum { from, to: name.clone() });
        }
        for value in &decl.values {
            let Some(from) = &value.renamed_from else { continue };
            for name in self.enums_of(&name) {
                self.out.renames.push(Rename::Value {
                    name,
                    from: from.value.clone(),
                    to: value.value.clone(),
                });
            }
        }
        self.out.schema.namespaces.extend(name.schema.clone());
        self.out.places.insert((name.clone(), None), decl.ident.place.clone());
        self.out.schema.enums.insert(
            name.clone(),
            ir::Enum {
                name,
                values: decl.values.iter().map(|value| value.value.clone()).collect(),
                comment: decl.comment.clone(),
            },
        );
    }
}

#[cfg(test)]
mod tests;
