use super::Linker;
use super::scope::Found;
use super::types::Typed;
use crate::decl::{At, ForeignKeyDecl, Item, PartDecl, PartKey, Place, TableDecl, nearest};
use crate::ident::Name;
use crate::ir::{self, Action, ForeignKey, SqlType};

impl Linker<'_> {
    /// The foreign keys of one table.
    pub(super) fn add_foreign_keys(&mut self, index: usize, out: &mut ir::Table) {
        let Some(table) = self.tables.get(&index) else { return };
        let decl = table.decl;
        for key in &decl.foreign_keys {
            let Some(target) = self.target(&key.table, index, "references") else {
                continue;
            };
            let Some(columns) = self.names(index, &key.columns) else {
                continue;
            };
            let Some(set_columns) = self.names(index, &key.set_columns) else {
                continue;
            };
            let Some(referenced) = self.referenced(&key.referenced, target, decl) else {
                continue;
            };
            self.same_types(index, target, key, out);
            self.is_unique(target, key, decl);
            self.action_fits(index, key, out);
            let words: Vec<&str> = columns.iter().map(Name::as_str).collect();
            let place = key
                .columns
                .first()
                .map_or_else(Place::default, |column| column.place.clone());
            let Some(name) = self.part_name(key.name.as_ref(), out, &words, "fkey", &place) else {
                continue;
            };
            if out.foreign_keys.contains_key(&name) {
                self.collision(out, &name, &place, "a foreign key");
            }
            self.part_place(out, &name, &place);
            let Some(references) = self.tables.get(&target).map(|table| table.name.clone()) else {
                continue;
            };
            out.foreign_keys.insert(
                name.clone(),
                ForeignKey {
                    on_delete: key.on_delete,
                    on_update: key.on_update,
                    deferrable: key.deferrable,
                    set_columns,
                    match_full: key.match_full,
                    validated: !key.not_valid,
                    comment: key.comment.clone(),
                    ..ForeignKey::new(name, columns, references, referenced)
                },
            );
        }
    }

    /// The table that a path names, by its index.
    pub(super) fn target(&mut self, path: &At<Vec<String>>, this: usize, what: &str) -> Option<usize> {
        let items = self.scope.items;
        let written = path.join("::");
        if written == "Self" {
            return Some(this);
        }
        let place = path.place.or(&items[this].ident().place);
        match self.scope.find(path, items[this].module()) {
            Found::One(index) => {
                let index = self.alias_of_table(index);
                match &items[index] {
                    // Its name is reported already.
                    Item::Table(_) => self.tables.contains_key(&index).then_some(index),
                    _ => {
                        self.problem(
                            &place,
                            format!("`{written}` is not a table"),
                            format!("`{what}` names a struct with `#[derive(Table)]`"),
                        );
                        None
                    }
                }
            }
            Found::Several(indexes) => {
                let paths: Vec<String> = indexes
                    .iter()
                    .map(|index| format!("`{}::{written}`", items[*index].module()))
                    .collect();
                self.problem(
                    &place,
                    format!("`{written}` can be {}", paths.join(" or ")),
                    "write it with its path from `crate` on",
                );
                None
            }
            Found::Nothing(_) => {
                let tables = items.iter().filter_map(|item| match item {
                    Item::Table(decl) => Some(decl.ident.as_str()),
                    _ => None,
                });
                let help = match path.last().and_then(|last| nearest(last, tables)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("`{what}` names a struct with `#[derive(Table)]` in this program"),
                };
                self.problem(&place, format!("there is no table `{written}`"), help);
                None
            }
        }
    }

    fn alias_of_table(&self, index: usize) -> usize {
        match &self.scope.items[index] {
            Item::Alias(alias) => match self.scope.find(&alias.ty.path, &alias.module) {
                Found::One(next) => next,
                _ => index,
            },
            _ => index,
        }
    }

    /// The columns of those fields of another table.
    pub(super) fn referenced(&mut self, fields: &[At<String>], target: usize, from: &TableDecl) -> Option<Vec<Name>> {
        let decl = self.tables.get(&target)?.decl;
        for field in fields {
            if decl.column(field).is_none() {
                let known = decl.columns.iter().map(|column| column.field.as_str());
                let help = match nearest(field, known.clone()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("its fields are {}", known.collect::<Vec<_>>().join(", ")),
                };
                self.problem(
                    &field.place.or(&from.ident.place),
                    format!("`{}` has no field `{}`", *decl.ident, **field),
                    help,
                );
            }
        }
        self.names(target, fields)
    }

    fn same_types(&mut self, from: usize, to: usize, key: &ForeignKeyDecl, out: &ir::Table) {
        let (Some(from), Some(to)) = (self.tables.get(&from), self.tables.get(&to)) else {
            return;
        };
        let mut wrong = Vec::new();
        for (field, other) in key.columns.iter().zip(&key.referenced) {
            let (Some((name, a)), Some((other_name, b))) = (from.column(field), to.column(other)) else {
                continue;
            };
            // A type in the engine's own words is left to the engine.
            let is_raw =
                |decl: &TableDecl, field: &str| decl.column(field).is_some_and(|column| column.raw_type.is_some());
            if !comparable(a, b) && !is_raw(from.decl, field) && !is_raw(to.decl, other) {
                let rust = |decl: &TableDecl, field: &str| {
                    decl.column(field)
                        .map(|column| column.ty.to_string())
                        .unwrap_or_default()
                };
                wrong.push((
                    field.place.or(&from.decl.ident.place),
                    format!(
                        "column `{}.{name}` is `{}`, but `{}.{other_name}`, which it references, is `{}`",
                        out.name,
                        rust(from.decl, field),
                        to.name,
                        rust(to.decl, other)
                    ),
                ));
            }
        }
        for (place, message) in wrong {
            self.problem(&place, message, "give both the same type");
        }
    }

    /// A foreign key needs exactly one row to point to; on some engines any that an index finds.
    fn is_unique(&mut self, to: usize, key: &ForeignKeyDecl, from: &TableDecl) {
        let Some(table) = self.tables.get(&to) else { return };
        let decl = table.decl;
        if decl.unmanaged.is_some() {
            return;
        }
        let wanted = sorted(key.referenced.iter());
        let unique_indexes = decl
            .indexes
            .iter()
            .filter(|index| index.unique && index.predicate.is_none() && index.is_for(self.dialect.id().as_str()));
        let from_indexes = unique_indexes.filter_map(|index| {
            let fields: Option<Vec<&At<String>>> = index
                .parts
                .iter()
                .map(|part| match &part.key {
                    PartKey::Column(field) => Some(field),
                    PartKey::Expr(_) => None,
                })
                .collect();
            fields.map(|fields| sorted(fields.into_iter()))
        });
        let keys = decl.primary_key.iter().map(|key| sorted(key.columns.iter()));
        let uniques = decl.uniques.iter().map(|unique| sorted(unique.columns.iter()));
        if keys.chain(uniques).chain(from_indexes).any(|have| have == wanted) {
            return;
        }
        let is_listed = self.dialect.caps().foreign_key_to_index;
        if is_listed && begins_a_key(decl, &key.referenced, self.dialect.id().as_str()) {
            return;
        }
        let place = key.table.place.or(&from.ident.place);
        let message = format!(
            "`{}` has neither a primary key nor a unique constraint on ({})",
            *decl.ident,
            wanted.join(", ")
        );
        self.problem(
            &place,
            message,
            match is_listed {
                true => "reference the primary key, or let a key or an index begin with the referenced columns, in this order",
                false => "a foreign key points to one row: reference the primary key, or make the referenced columns unique",
            },
        );
    }

    fn action_fits(&mut self, from: usize, key: &ForeignKeyDecl, out: &ir::Table) {
        if key.on_delete != Action::SetNull && key.on_update != Action::SetNull {
            return;
        }
        let Some(table) = self.tables.get(&from) else { return };
        let set = if key.set_columns.is_empty() {
            &key.columns
        } else {
            &key.set_columns
        };
        let required = set
            .iter()
            .find(|field| table.column(field).is_some_and(|(_, typed)| !typed.nullable));
        if let Some(field) = required {
            let may = self.dialect.caps().sets_required_to_null;
            if may && key.although_required {
                return;
            }
            let place = field.place.or(&table.decl.ident.place);
            self.problem(
                &place,
                format!("`set_null` on `{}.{}`, which cannot be NULL", out.name, **field),
                "make the field an `Option`, or choose another action",
            );
        }
    }
}

/// Whether a key or an index of the table begins with those columns, in their order.
fn begins_a_key(decl: &TableDecl, columns: &[At<String>], dialect: &str) -> bool {
    let begins = |fields: Vec<Option<&At<String>>>| {
        let mut fields = fields.into_iter();
        columns.iter().all(|column| {
            let field = fields.next().flatten();
            field.is_some_and(|field| field.value == column.value)
        })
    };
    let plain = |part: &'_ PartDecl| part.opclass.is_none();
    let keys = decl.primary_key.iter().map(|key| &key.columns);
    let mut keys = keys.chain(decl.uniques.iter().map(|unique| &unique.columns));
    let mut indexes = decl
        .indexes
        .iter()
        .filter(|index| index.predicate.is_none() && index.method.is_none() && index.is_for(dialect));
    keys.any(|key| begins(key.iter().map(Some).collect()))
        || indexes.any(|index| {
            let fields = index.parts.iter().map(|part| match &part.key {
                PartKey::Column(field) if plain(part) => Some(field),
                _ => None,
            });
            begins(fields.collect())
        })
}

fn sorted<'s>(fields: impl Iterator<Item = &'s At<String>>) -> Vec<&'s str> {
    let mut fields: Vec<&str> = fields.map(|field| field.as_str()).collect();
    fields.sort_unstable();
    fields
}

/// Whether a foreign key can compare two columns. Texts of different bounds compare; a type that only the engine knows is
/// left to the engine.
fn comparable(a: &Typed, b: &Typed) -> bool {
    let is_text = |ty: &SqlType| matches!(ty, SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_));
    let is_native = |ty: &SqlType| matches!(ty, SqlType::Native(_));
    a.ty == b.ty || (is_text(&a.ty) && is_text(&b.ty)) || is_native(&a.ty) || is_native(&b.ty)
}
