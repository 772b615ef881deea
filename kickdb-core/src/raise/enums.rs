//! Enums: those that are types, and those that are a part of a column's type.

use std::collections::BTreeMap;

use super::names::{first_free, pascal};
use super::{Raiser, at};
use crate::decl::names::{Case, snake_case};
use crate::decl::{EnumDecl, EnumValueDecl, Item};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, SqlType, Table};

/// An enum that has a name in Rust.
#[derive(Clone, Debug)]
pub(super) struct NamedEnum {
    pub(super) module: String,
    pub(super) ident: String,
    /// The variants by their values.
    pub(super) variants: Vec<(String, String)>,
    name: Option<Qualified>,
    comment: Option<String>,
    always: bool,
}

/// Every enum, by the type that it is and by the columns of which it is the type.
#[derive(Default)]
pub(super) struct Enums {
    all: Vec<NamedEnum>,
    types: BTreeMap<Qualified, usize>,
    columns: BTreeMap<(Qualified, Name), usize>,
}

impl Enums {
    /// The enum of a column's values.
    pub(super) fn of(&self, table: &Qualified, column: &Column) -> Option<&NamedEnum> {
        let index = match element(&column.ty) {
            SqlType::Enum(name) => self.types.get(name),
            _ => self.columns.get(&(table.clone(), column.name.clone())),
        };
        index.and_then(|index| self.all.get(*index))
    }
}

fn element(ty: &SqlType) -> &SqlType {
    match ty {
        SqlType::Array(inner) => element(inner),
        other => other,
    }
}

impl Raiser<'_> {
    pub(super) fn name_enums(&mut self) {
        let used: Vec<&SqlType> = self
            .schema
            .tables
            .values()
            .flat_map(|table| table.columns.iter().map(|column| element(&column.ty)))
            .collect();
        for e in self.schema.enums.values() {
            let always = !used.iter().any(|ty| **ty == SqlType::Enum(e.name.clone()));
            let (module, ident) = match self.known.enums.get(&e.name) {
                Some(known) => known.clone(),
                None => {
                    let module = self.module_of(&e.name);
                    let name = e.name.name.as_str();
                    let ident = self
                        .names
                        .take(&module, &[pascal(name), format!("{}Enum", pascal(name))]);
                    (module, ident)
                }
            };
            self.enums.types.insert(e.name.clone(), self.enums.all.len());
            self.enums.all.push(NamedEnum {
                module,
                ident,
                variants: variants(&e.values),
                name: Some(e.name.clone()),
                comment: e.comment.clone(),
                always,
            });
        }
        self.name_inline_enums();
    }

    /// Columns of one name with the same values share an enum.
    fn name_inline_enums(&mut self) {
        let mut seen: BTreeMap<(Name, Vec<String>), usize> = BTreeMap::new();
        for table in self.schema.tables.values() {
            for column in &table.columns {
                let checked = || self.dialect.checked_values(table, column).map(|(_, values)| values);
                let Some(values) = self.dialect.inline_values(&column.ty).or_else(checked) else {
                    continue;
                };
                if self.is_known(table, column) {
                    continue;
                }
                let key = (column.name.clone(), values.clone());
                let index = match seen.get(&key) {
                    Some(index) => *index,
                    None => {
                        let module = self.module_of(&table.name);
                        let short = pascal(column.name.as_str());
                        let long = pascal(&format!(
                            "{} {}",
                            super::singular(table.name.name.as_str()),
                            column.name
                        ));
                        let ident = self.names.take(&module, &[short, long]);
                        self.enums.all.push(NamedEnum {
                            module,
                            ident,
                            variants: variants(&values),
                            name: None,
                            comment: None,
                            always: false,
                        });
                        self.enums.all.len() - 1
                    }
                };
                seen.insert(key, index);
                self.enums
                    .columns
                    .insert((table.name.clone(), column.name.clone()), index);
            }
        }
    }

    /// Whether a check says nothing that the enum of a column does not say.
    pub(super) fn is_said_by_enum(&self, table: &Table, check: &Name) -> bool {
        table.columns.iter().any(|column| {
            let checked = self.dialect.checked_values(table, column);
            checked.is_some_and(|(name, _)| name == *check) && self.enums.of(&table.name, column).is_some()
        })
    }

    fn is_known(&self, table: &Table, column: &Column) -> bool {
        let known = self.known.tables.get(&table.name);
        known.is_some_and(|known| known.same_type.contains(&column.name))
    }

    pub(super) fn enum_items(&self) -> Vec<Item> {
        self.enums.all.iter().map(item).collect()
    }
}

fn variants(values: &[String]) -> Vec<(String, String)> {
    let names = variant_names(values, &[]);
    values.iter().cloned().zip(names).collect()
}

/// Names of variants for some values, none of those that are taken.
#[must_use]
pub fn variant_names(values: &[String], taken: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for value in values {
        let wanted = if value.trim().is_empty() {
            "Empty".to_owned()
        } else {
            pascal(value)
        };
        let is_free = |name: &str| !names.iter().chain(taken).any(|other| other == name);
        names.push(first_free(wanted, is_free));
    }
    names
}

fn item(e: &NamedEnum) -> Item {
    let values = e.variants.iter().map(|(value, ident)| EnumValueDecl {
        ident: at(ident.clone()),
        value: value.clone(),
        renamed_from: None,
    });
    let name = e.name.as_ref();
    Item::Enum(EnumDecl {
        ident: at(e.ident.clone()),
        module: e.module.clone(),
        name: name
            .filter(|name| name.name != *snake_case(&e.ident))
            .map(|name| at(name.name.to_string())),
        schema: name
            .and_then(|name| name.schema.as_ref())
            .map(|schema| at(schema.to_string())),
        comment: e.comment.clone(),
        renamed_from: None,
        always: e.always,
        values: values.collect(),
    })
}

/// The case in which most of an enum's values are written; the first of several.
#[must_use]
pub(super) fn usual_case(values: &[EnumValueDecl]) -> (&'static str, Case) {
    let fitting = |case: Case| {
        let fits = |value: &&EnumValueDecl| case.apply(&value.ident) == value.value;
        values.iter().filter(fits).count()
    };
    let mut best = ("snake_case", Case::Snake);
    for (word, case) in Case::ALL {
        if fitting(case) > fitting(best.1) {
            best = (word, case);
        }
    }
    best
}
