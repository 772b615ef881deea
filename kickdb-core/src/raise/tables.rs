//! Tables with the names of their structs and fields.

use std::collections::BTreeSet;

use super::names::{self, first_free, pascal, snake};
use super::types::FieldType;
use super::{Raiser, at, singular};
use crate::decl::names::{constant, snake_case};
use crate::decl::{RustType, TableDecl};
use crate::ident::{Name, Qualified};
use crate::ir::Table;

/// A table that has a name in Rust.
pub(super) struct Named {
    pub(super) module: String,
    pub(super) ident: String,
    /// The column, the field and its type, in the order of the columns.
    pub(super) fields: Vec<(Name, String, FieldType)>,
    /// Names of fields and relations, as the constants that they have in queries.
    pub(super) taken: BTreeSet<String>,
}

impl Named {
    pub(super) fn field(&self, column: &Name) -> Option<&(Name, String, FieldType)> {
        self.fields.iter().find(|(name, _, _)| name == column)
    }

    /// The fields of some columns.
    pub(super) fn fields(&self, columns: &[Name]) -> Option<Vec<crate::decl::At<String>>> {
        columns
            .iter()
            .map(|column| self.field(column).map(|(_, field, _)| at(field.clone())))
            .collect()
    }

    /// Takes the first name that no field or relation has in queries.
    pub(super) fn take(&mut self, wanted: String) -> String {
        let name = first_free(wanted, |name| !self.taken.contains(&constant(name)));
        self.taken.insert(constant(&name));
        name
    }
}

impl Raiser<'_> {
    /// The module of a table or type that has none yet: one for each named schema.
    pub(super) fn module_of(&self, name: &Qualified) -> String {
        match &name.schema {
            Some(schema) => format!("{}::{}", self.known.root, names::module(schema.as_str())),
            None => self.known.root.clone(),
        }
    }

    pub(super) fn name_tables(&mut self) {
        for table in self.schema.tables.values() {
            let known = self.known.tables.get(&table.name);
            let (module, ident) = match known {
                Some(known) => (known.module.clone(), known.ident.clone()),
                None => {
                    let module = self.module_of(&table.name);
                    let name = table.name.name.as_str();
                    let wanted = [pascal(&singular(name)), pascal(name), format!("{}Row", pascal(name))];
                    let ident = self.names.take(&module, &wanted);
                    (module, ident)
                }
            };
            let mut named = Named {
                module,
                ident,
                fields: Vec::new(),
                taken: BTreeSet::new(),
            };
            if let Some(known) = known {
                named.taken.extend(known.taken.iter().map(|name| constant(name)));
            }
            for column in &table.columns {
                let field = match known.and_then(|known| known.columns.get(&column.name)) {
                    Some(decl) => decl.field.value.clone(),
                    None => named.take(snake(column.name.as_str())),
                };
                let ty = FieldType {
                    rust: RustType::default(),
                    raw: None,
                };
                named.fields.push((column.name.clone(), field, ty));
            }
            self.tables.insert(&table.name, named);
        }
    }

    /// The types of all fields. A field that references another has its type, so that the two can be compared.
    pub(super) fn type_fields(&mut self) {
        let schema = self.schema;
        for table in schema.tables.values() {
            let Some(named) = self.tables.get(&table.name) else {
                continue;
            };
            let module = named.module.clone();
            let known = self.known.tables.get(&table.name);
            let types: Vec<FieldType> = table
                .columns
                .iter()
                .map(|column| {
                    let same = known.filter(|known| known.same_type.contains(&column.name));
                    match same.and_then(|known| known.columns.get(&column.name)) {
                        Some(decl) => FieldType {
                            rust: decl.ty.optional().unwrap_or(&decl.ty).clone(),
                            raw: decl.raw_type.as_ref().map(|raw| raw.value.clone()),
                        },
                        None => self.field_type(&table.name, column, &module),
                    }
                })
                .collect();
            if let Some(named) = self.tables.get_mut(&table.name) {
                for ((_, _, ty), found) in named.fields.iter_mut().zip(types) {
                    *ty = found;
                }
            }
        }
        // A key may point to a column that points on.
        const FURTHEST: usize = 8;
        for _ in 0..FURTHEST {
            if !self.type_references() {
                break;
            }
        }
    }

    /// One table; its foreign keys to others among the rest.
    pub(super) fn table(&mut self, table: &Table) -> Option<TableDecl> {
        let named = self.tables.get(&table.name)?;
        let (module, ident) = (named.module.clone(), named.ident.clone());
        let mut decl = TableDecl {
            name: (table.name.name != *snake_case(&ident)).then(|| at(table.name.name.to_string())),
            schema: table.name.schema.as_ref().map(|schema| at(schema.to_string())),
            ident: at(ident),
            module,
            comment: table.comment.clone(),
            options: table.options.clone(),
            partition_by: table.partition_by.clone().map(at),
            ..TableDecl::default()
        };
        self.parents(table, &mut decl);
        self.columns(table, &mut decl);
        self.constraints(table, &mut decl);
        self.foreign_keys(table, &mut decl);
        Some(decl)
    }

    fn parents(&mut self, table: &Table, decl: &mut TableDecl) {
        for parent in &table.inherits {
            match self.path_to(&decl.module, parent) {
                Some(path) => decl.inherits.push(at(path)),
                None => self.leave(
                    format!("INHERITS {parent} of table {}", table.name),
                    "the table is not in this schema",
                ),
            }
        }
        if let Some(partition) = &table.partition {
            match self.path_to(&decl.module, &partition.of) {
                Some(path) => {
                    decl.partition = Some(crate::decl::PartitionDecl {
                        of: at(path),
                        bound: at(partition.bound.clone()),
                    });
                }
                None => self.leave(
                    format!("PARTITION OF {} of table {}", partition.of, table.name),
                    "the table is not in this schema",
                ),
            }
        }
    }

    /// The path of a table's struct in a module; `None` where there is none.
    pub(super) fn path_to(&self, module: &str, table: &Qualified) -> Option<Vec<String>> {
        let named = self.tables.get(table)?;
        Some(names::path(module, &named.module, &named.ident))
    }
}
