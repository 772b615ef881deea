use std::collections::BTreeMap;

use super::types::Typed;
use super::{Linker, Rename, Unmanaged};
use crate::decl::names::{fits, snake_case};
use crate::decl::{At, CounterDecl, Item, Place, Problem, TableDecl};
use crate::dialect::{EnumStorage, IdentifierLimit};
use crate::ident::{Name, Qualified};
use crate::ir::{self, Column, ColumnValue, Counter};

/// A table on its way from declaration to schema.
pub(super) struct Linked<'a> {
    pub(super) decl: &'a TableDecl,
    pub(super) name: Qualified,
    /// The columns by field, in order; those that could not be read are left out.
    pub(super) columns: Vec<(&'a str, Name, Typed)>,
}

impl Linked<'_> {
    pub(super) fn column(&self, field: &str) -> Option<(&Name, &Typed)> {
        self.columns
            .iter()
            .find(|(known, _, _)| *known == field)
            .map(|(_, name, typed)| (name, typed))
    }
}

/// Names of one kind meet, those of two kinds do not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Tables and enums: a table is a type, too.
    Type,
    /// Tables and indexes.
    Relation,
}

/// Prefix of the tables that kickdb keeps for itself.
const RESERVED: &str = "kick_";

/// Why a table cannot have that name, and what to do.
pub(crate) fn reserved(shown: &str, name: &str) -> Option<(String, String)> {
    name.starts_with(RESERVED).then(|| {
        (
            format!("table `{shown}` has the prefix `{RESERVED}`, which is reserved"),
            "the tables that keep track of migrations have it; give this one another name with `#[table(name = \"…\")]`"
                .into(),
        )
    })
}

impl<'a> Linker<'a> {
    /// A text as a name that the engine keeps whole.
    pub(super) fn name(&mut self, text: &At<String>, place: &Place, what: &str) -> Option<Name> {
        let place = text.place.or(place);
        let limit = self.dialect.caps().max_identifier;
        if !fits(text, limit) {
            let (most, unit) = match limit {
                IdentifierLimit::Bytes(n) => (n, "bytes"),
                IdentifierLimit::Chars(n) => (n, "characters"),
                IdentifierLimit::None => (usize::MAX, "bytes"),
            };
            self.problem(
                &place,
                format!("the name `{}` is too long for {}", **text, self.dialect.title()),
                format!("the name of this {what} may have {most} {unit}: give it a shorter one with `name = \"…\"`"),
            );
            return None;
        }
        match Name::new(text.as_str()) {
            Ok(name) => Some(name),
            Err(error) => {
                self.problem(
                    &place,
                    error.to_string(),
                    format!("give the {what} a name with `name = \"…\"`"),
                );
                None
            }
        }
    }

    fn qualified(
        &mut self,
        name: Option<&At<String>>,
        ident: &At<String>,
        schema: Option<&At<String>>,
        what: &str,
    ) -> Option<Qualified> {
        let derived = At::new(snake_case(ident), ident.place.clone());
        let name = self.name(name.unwrap_or(&derived), &ident.place, what)?;
        let schema = match schema {
            Some(schema) => Some(self.name(schema, &ident.place, "schema")?),
            None => None,
        };
        Some(Qualified { schema, name })
    }

    pub(super) fn name_enums(&mut self) {
        let mut seen: BTreeMap<Qualified, &At<String>> = BTreeMap::new();
        for (index, item) in self.scope.items.iter().enumerate() {
            let Item::Enum(decl) = item else { continue };
            let name = self.qualified(decl.name.as_ref(), &decl.ident, decl.schema.as_ref(), "enum");
            let Some(name) = name else { continue };
            if let Some(first) = seen.insert(name.clone(), &decl.ident) {
                let problem = Problem::new(&decl.ident.place, format!("two enums are named `{name}`"))
                    .help("give one of the two another name with `#[db_enum(name = \"…\")]`")
                    .note(&first.place, "the other one is here");
                self.problems.push(problem);
            }
            self.enums.insert(index, (decl, name));
        }
    }

    pub(super) fn name_tables(&mut self) {
        let mut seen: BTreeMap<Qualified, &At<String>> = BTreeMap::new();
        for (index, item) in self.scope.items.iter().enumerate() {
            let Item::Table(decl) = item else { continue };
            let name = self.qualified(decl.name.as_ref(), &decl.ident, decl.schema.as_ref(), "table");
            let Some(name) = name else { continue };
            let place = decl.name.as_ref().unwrap_or(&decl.ident).place.clone();
            if let Some((message, help)) = reserved(&name.to_string(), name.name.as_str()) {
                self.problem(&place, message, help);
            }
            if let Some(first) = seen.insert(name.clone(), &decl.ident) {
                let problem = Problem::new(&place, format!("two tables are named `{name}`"))
                    .help("give one of the two another name with `#[table(name = \"…\")]`")
                    .note(&first.place, format!("the other one is `{}`", first.value));
                self.problems.push(problem);
            }
            let table = Linked {
                decl,
                name,
                columns: Vec::new(),
            };
            self.tables.insert(index, table);
        }
    }

    pub(super) fn read_columns(&mut self) {
        for index in self.indexes() {
            let Some(table) = self.tables.get(&index) else { continue };
            let (decl, table) = (table.decl, table.name.to_string());
            let mut columns: Vec<(&str, Name, Typed)> = Vec::new();
            for column in &decl.columns {
                let name = self.name(column.name(), &column.field.place, "column");
                let typed = self.column_type(column, &table, &decl.module);
                let (Some(name), Some(typed)) = (name, typed) else {
                    continue;
                };
                if let Some((first, _, _)) = columns.iter().find(|(_, other, _)| *other == name) {
                    self.problem(
                        &column.field.place,
                        format!("fields `{first}` and `{}` are both the column `{name}`", *column.field),
                        "give one of the two another name with `#[column(name = \"…\")]`",
                    );
                }
                columns.push((column.field.as_str(), name, typed));
            }
            if let Some(table) = self.tables.get_mut(&index) {
                table.columns = columns;
            }
        }
    }

    /// Builds one table; a table of somebody else is checked all the same and left out.
    pub(super) fn link_table(&mut self, index: usize) {
        let Some(table) = self.tables.get(&index) else { return };
        let (decl, name) = (table.decl, table.name.clone());
        let mut out = ir::Table::new(name.clone());
        out.comment.clone_from(&decl.comment);
        out.options.clone_from(&decl.options);
        self.out.places.insert((name.clone(), None), decl.ident.place.clone());
        self.add_columns(index, &mut out);
        self.add_parents(index, decl, &mut out);
        self.add_constraints(index, &mut out);
        self.add_foreign_keys(index, &mut out);
        self.check_relations(index);
        if let Some(reason) = &decl.unmanaged {
            self.out.schema.unmanaged.insert(name.clone());
            self.out.unmanaged.push(Unmanaged {
                table: name,
                reason: reason.value.clone(),
                place: decl.ident.place.clone(),
            });
            return;
        }
        if let Some(from) = &decl.renamed_from
            && let Some(from) = self.name(from, &decl.ident.place, "table")
        {
            let from = name.sibling(from);
            self.out.renames.push(Rename::Table { from, to: name.clone() });
        }
        self.out.schema.namespaces.extend(name.schema.clone());
        self.out.schema.tables.insert(name, out);
    }

    fn add_columns(&mut self, index: usize, out: &mut ir::Table) {
        let Some(table) = self.tables.get(&index) else { return };
        let (decl, columns) = (table.decl, table.columns.clone());
        for (field, name, typed) in columns {
            let Some(column) = decl.column(field) else { continue };
            if decl.unmanaged.is_none() {
                self.used.extend(typed.of_enum);
            }
            self.out
                .places
                .insert((out.name.clone(), Some(name.clone())), column.field.place.clone());
            if let Some(from) = column.renamed_from.as_ref().filter(|_| decl.unmanaged.is_none())
                && let Some(from) = self.name(from, &column.field.place, "column")
            {
                self.out.renames.push(Rename::Column {
                    table: out.name.clone(),
                    from,
                    to: name.clone(),
                });
            }
            let collation = column.collation.as_ref();
            let collation = collation.and_then(|text| self.name(text, &column.field.place, "collation"));
            let mut value = match &column.value {
                Some(value) => self.column_value(value, column, &out.name, &typed, &decl.module),
                None => ColumnValue::Required,
            };
            if let (ColumnValue::Identity(_, counter), Some(decl)) = (&mut value, &column.counter) {
                *counter = self.counter(decl, &out.name, &column.field.place).map(Box::new);
            }
            out.columns.push(Column {
                name,
                ty: typed.ty,
                nullable: typed.nullable,
                value,
                collation,
                comment: column.comment.clone(),
                options: column.options.clone(),
            });
        }
    }

    /// The options of a column's counter.
    fn counter(&mut self, decl: &CounterDecl, table: &Qualified, place: &Place) -> Option<Counter> {
        let name = decl.name.as_ref().and_then(|name| self.name(name, place, "sequence"));
        let schema = decl
            .schema
            .as_ref()
            .and_then(|schema| self.name(schema, place, "schema"));
        let ty = decl.ty.as_ref().and_then(|raw| match self.dialect.parse(raw) {
            Ok(ty) => Some(ty),
            Err(error) => {
                let message = format!("{} has no type `{}`", self.dialect.title(), error.ty);
                self.problem(&raw.place.or(place), message, error.hint);
                None
            }
        });
        Some(Counter {
            name: name.map(|name| match schema {
                Some(schema) => Qualified {
                    schema: Some(schema),
                    name,
                },
                None => table.sibling(name),
            }),
            ty,
            start: decl.start,
            increment: decl.increment,
            min: decl.min,
            max: decl.max,
            cache: decl.cache,
            cycle: decl.cycle,
        })
    }

    /// The tables that a table is a part of.
    fn add_parents(&mut self, index: usize, decl: &TableDecl, out: &mut ir::Table) {
        for path in &decl.inherits {
            let target = self.target(path, index, "inherits");
            let name = target
                .and_then(|target| self.tables.get(&target))
                .map(|table| table.name.clone());
            out.inherits.extend(name);
        }
        out.partition_by = decl.partition_by.as_ref().map(|key| key.value.clone());
        if let Some(partition) = &decl.partition {
            let target = self.target(&partition.of, index, "partition_of");
            out.partition = target
                .and_then(|target| self.tables.get(&target))
                .map(|table| ir::Partition {
                    of: table.name.clone(),
                    bound: partition.bound.value.clone(),
                });
        }
    }

    /// What shares its names with others in this engine: tables with indexes, and tables with enums that are types.
    pub(super) fn check_shared_names(&mut self) {
        let caps = self.dialect.caps();
        let mut seen: BTreeMap<(Kind, Qualified), (String, Place)> = BTreeMap::new();
        let mut problems = Vec::new();
        let mut take = |kind: Kind, name: Qualified, what: String, place: Place| {
            if let Some((other, first)) = seen.get(&(kind, name.clone())) {
                problems.push(
                    Problem::new(&place, format!("{what} and {other} are both named `{name}`"))
                        .help("give one of the two another name with `name = \"…\"`")
                        .note(first, "the other one is here"),
                );
                return;
            }
            seen.insert((kind, name), (what, place));
        };
        let place = |object: &Qualified, part: Option<&Name>| self.out.place(object, part).cloned().unwrap_or_default();
        for (name, table) in &self.out.schema.tables {
            let what = format!("table `{name}`");
            take(Kind::Type, name.clone(), what.clone(), place(name, None));
            if !caps.shared_index_names {
                continue;
            }
            take(Kind::Relation, name.clone(), what, place(name, None));
            let key = table.primary_key.iter().map(|key| ("the primary key", &key.name));
            let uniques = table.uniques.keys().map(|unique| ("a unique constraint", unique));
            let indexes = table.indexes.keys().map(|index| ("an index", index));
            for (what, part) in key.chain(uniques).chain(indexes) {
                let what = format!("{what} of `{name}`");
                take(
                    Kind::Relation,
                    name.sibling(part.clone()),
                    what,
                    place(name, Some(part)),
                );
            }
        }
        if caps.enums == EnumStorage::Type {
            let used = self.used.iter().filter_map(|index| self.enums.get(index));
            for (decl, name) in used {
                let what = format!("enum `{}`", decl.ident.value);
                take(Kind::Type, name.clone(), what, decl.ident.place.clone());
            }
        }
        self.problems.append(&mut problems);
    }
}
