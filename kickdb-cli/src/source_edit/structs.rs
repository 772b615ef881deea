//! One struct that is brought up to its table.

mod fields;
mod parts;

use std::collections::BTreeMap;

use kickdb_core::decl::{Item, Resolved, TableDecl};
use kickdb_core::dialect::Dialect;
use kickdb_core::ident::Name;
use kickdb_core::ir::{Schema, Table};
use kickdb_core::raise::{Known, Unsaid, print, raise};
use syn::spanned::Spanned;

use self::parts::{Home, Kind, Part, columns_of, home_of, parts, same, with_parts};
use super::text::{Edits, bytes};

/// A table before and after, and everything that its struct is written from.
pub(super) struct Change<'a> {
    pub(super) decl: &'a TableDecl,
    pub(super) before: &'a Table,
    pub(super) after: &'a Table,
    pub(super) wanted: &'a Schema,
    pub(super) resolved: &'a Resolved,
    pub(super) known: &'a Known,
    pub(super) dialect: &'static dyn Dialect,
}

impl Change<'_> {
    /// Writes what changed into the edits of the struct's file. Gives what could not be said.
    pub(super) fn write(&self, item: &syn::ItemStruct, text: &str, edits: &mut Edits) -> Vec<Unsaid> {
        let fields: Vec<&syn::Field> = item.fields.iter().collect();
        let mut homes: BTreeMap<Part, Home> = BTreeMap::new();
        for part in parts(self.before) {
            let home = self.home(item, &fields, &part);
            homes.insert(part, home);
        }
        let (whole, unsaid) = self.raised(self.after);
        let Some(whole) = whole else { return unsaid };
        let mut touched: Vec<Name> = Vec::new();
        let mut at_struct: Vec<Part> = Vec::new();
        let mut gone: Vec<usize> = Vec::new();
        for part in parts(self.after) {
            let home = homes.get(&part).copied();
            if same(self.before, self.after, &part) {
                continue;
            }
            let alone = self.alone(&part);
            let field = alone.fields.iter().position(|attr| !attr.args.is_empty());
            match home {
                // Whatever it is now, it stays at the struct.
                Some(Home::Attr(index)) => {
                    gone.push(index);
                    at_struct.push(part);
                }
                _ => match field {
                    Some(_) => touched.extend(self.columns_of(&part)),
                    None => {
                        touched.extend(self.columns_of_before(&part, home));
                        at_struct.push(part);
                    }
                },
            }
        }
        for (part, home) in &homes {
            let there = parts(self.after).contains(part);
            match home {
                Home::Attr(index) if !there => gone.push(*index),
                Home::Field(index) if !there || !same(self.before, self.after, part) => {
                    let column = self.decl.columns.get(*index);
                    touched.extend(column.and_then(|column| Name::new(column.name().as_str()).ok()));
                }
                _ => {}
            }
        }
        self.head(item, &whole, text, edits);
        self.struct_attrs(item, &fields, gone, &at_struct, text, edits);
        self.fields(item, &fields, &whole, &homes, &at_struct, &touched, text, edits);
        unsaid
    }

    /// Where a part of the table is written.
    fn home(&self, item: &syn::ItemStruct, fields: &[&syn::Field], (kind, name): &Part) -> Home {
        let place = match kind {
            Kind::Key => {
                let key = self.decl.primary_key.as_ref();
                key.and_then(|key| key.columns.first())
                    .map(|column| column.place.clone())
            }
            _ => {
                let place = self.resolved.place(&self.before.name, Some(name)).cloned();
                // A column of the same name hides the place of a constraint.
                match self.before.column(name) {
                    Some(_) => None,
                    None => place,
                }
            }
        };
        place.map_or(Home::Implied, |place| home_of(item, fields, &place))
    }

    /// The table as declarations, beside the tables that it points to.
    fn raised(&self, table: &Table) -> (Option<TableDecl>, Vec<Unsaid>) {
        let mut schema = Schema {
            enums: self.wanted.enums.clone(),
            ..Schema::default()
        };
        let others = table
            .foreign_keys
            .values()
            .map(|key| &key.references)
            .chain(table.parents());
        for name in others {
            schema
                .tables
                .extend(self.wanted.tables.get(name).map(|other| (name.clone(), other.clone())));
        }
        schema.tables.insert(table.name.clone(), table.clone());
        let raised = raise(&schema, self.dialect, self.known);
        let is_this = |decl: &TableDecl| decl.ident == self.decl.ident && decl.module == self.decl.module;
        let mut decl = raised.items.into_iter().find_map(|item| match item {
            Item::Table(decl) if is_this(&decl) => Some(*decl),
            _ => None,
        });
        // Those are added by themselves, see `relations`.
        decl.iter_mut().for_each(|decl| decl.relations.clear());
        let own = format!(" {}.", table.name);
        let unsaid = raised.unsaid.into_iter().filter(|one| one.what.contains(&own));
        (decl, unsaid.collect())
    }

    /// The table as declarations that say this part and no other.
    fn only(&self, part: &Part) -> Option<TableDecl> {
        let mut decl = self.shown(std::slice::from_ref(part))?;
        decl.comment = None;
        decl.options.clear();
        Some(decl)
    }

    /// The attributes of a table that has this part and no other.
    fn alone(&self, part: &Part) -> print::Attrs {
        let Some(mut decl) = self.only(part) else {
            return print::Attrs::default();
        };
        for column in &mut decl.columns {
            *column = kickdb_core::decl::ColumnDecl {
                field: column.field.clone(),
                ty: column.ty.clone(),
                ..Default::default()
            };
        }
        let mut attrs = print::attrs(&decl);
        attrs.table.retain(|attr| attr.name != "table");
        attrs
    }

    /// The attribute of a part that stands at the struct, also where it would fit at a field.
    fn at_struct(&self, part: &Part) -> Vec<print::Attr> {
        let alone = self.alone(part);
        if !alone.table.is_empty() {
            return alone.table;
        }
        let decl = self.only(part);
        decl.map(|decl| print::at_struct(&decl)).unwrap_or_default()
    }

    /// The columns of a part as it is now.
    fn columns_of(&self, part: &Part) -> Vec<Name> {
        columns_of(self.after, part)
    }

    fn columns_of_before(&self, part: &Part, home: Option<Home>) -> Vec<Name> {
        match home {
            Some(Home::Field(_)) => columns_of(self.before, part),
            _ => Vec::new(),
        }
    }

    /// The attribute of what is said of the table itself.
    fn head(&self, item: &syn::ItemStruct, whole: &TableDecl, text: &str, edits: &mut Edits) {
        let (before, after) = (self.before, self.after);
        let same = before.comment == after.comment
            && before.options == after.options
            && before.inherits == after.inherits
            && before.partition_by == after.partition_by
            && before.partition == after.partition
            && before.primary_key.is_some() == after.primary_key.is_some();
        if same {
            return;
        }
        let attrs: Vec<&syn::Attribute> = item.attrs.iter().filter(|attr| attr.path().is_ident("table")).collect();
        let mut head = print::attrs(whole).table.into_iter().find(|attr| attr.name == "table");
        for word in ["doc_comments", "renamed_from"] {
            let said = attrs.iter().find_map(|attr| argument(attr, word, text));
            if let Some(said) = said {
                let head = head.get_or_insert_with(|| print::Attr {
                    name: "table",
                    args: Vec::new(),
                });
                if !head.args.contains(&said) {
                    head.args.push(said);
                }
            }
        }
        let indent = item.span().start().column;
        let mut head = head.map(|head| head.render(indent));
        for attr in attrs {
            match head.take() {
                Some(head) => edits.replace(bytes(attr.span()), head),
                None => edits.remove(text, bytes(attr.span())),
            }
        }
        if let Some(head) = head {
            insert_attr(item, &head, edits);
        }
    }

    /// The other attributes of the struct.
    fn struct_attrs(
        &self,
        item: &syn::ItemStruct,
        fields: &[&syn::Field],
        mut gone: Vec<usize>,
        at_struct: &[Part],
        text: &str,
        edits: &mut Edits,
    ) {
        gone.sort_unstable();
        gone.dedup();
        let indent = item.span().start().column;
        let mut free = gone.clone();
        for part in at_struct {
            for attr in self.at_struct(part) {
                let was = parts(self.before).contains(part).then(|| self.home(item, fields, part));
                let place = match was {
                    Some(Home::Attr(index)) => Some(index),
                    _ => None,
                };
                match place.filter(|index| free.contains(index)) {
                    Some(index) => {
                        free.retain(|other| *other != index);
                        edits.replace(bytes(item.attrs[index].span()), attr.render(indent));
                    }
                    None => insert_attr(item, &attr.render(indent), edits),
                }
            }
        }
        for index in free {
            edits.remove(text, bytes(item.attrs[index].span()));
        }
    }

    /// The table as declarations that say these parts and no others.
    fn shown(&self, kept: &[Part]) -> Option<TableDecl> {
        // A foreign key may point to a key of this table that is said elsewhere.
        let is_key = |part: &Part| matches!(part.0, Kind::Key | Kind::Unique | Kind::Index);
        let raised: Vec<Part> = parts(self.after)
            .into_iter()
            .filter(|part| is_key(part) || kept.contains(part))
            .collect();
        let mut table = with_parts(self.after, &raised);
        table.comment = None;
        let mut decl = self.raised(&table).0?;
        let mut uniques = table.uniques.keys();
        decl.uniques.retain(|_| {
            uniques
                .next()
                .is_some_and(|name| kept.contains(&(Kind::Unique, name.clone())))
        });
        let mut indexes = table.indexes.keys();
        decl.indexes.retain(|_| {
            indexes
                .next()
                .is_some_and(|name| kept.contains(&(Kind::Index, name.clone())))
        });
        let key = table.primary_key.as_ref();
        if !key.is_some_and(|key| kept.contains(&(Kind::Key, key.name.clone()))) {
            decl.primary_key = None;
        }
        Some(decl)
    }
}

/// The text of one argument of an attribute.
fn argument(attr: &syn::Attribute, word: &str, text: &str) -> Option<String> {
    let syn::Meta::List(list) = &attr.meta else { return None };
    let tokens: Vec<proc_macro2::TokenTree> = list.tokens.clone().into_iter().collect();
    let mut parts =
        tokens.split(|token| matches!(token, proc_macro2::TokenTree::Punct(comma) if comma.as_char() == ','));
    let part =
        parts.find(|part| matches!(part.first(), Some(proc_macro2::TokenTree::Ident(ident)) if ident == word))?;
    let start = bytes(part.first()?.span()).start;
    let end = bytes(part.last()?.span()).end;
    Some(text[start..end].to_owned())
}

/// Puts an attribute behind all others of the struct.
pub(super) fn insert_attr(item: &syn::ItemStruct, attr: &str, edits: &mut Edits) {
    let space = " ".repeat(item.span().start().column);
    let start = match item.vis {
        syn::Visibility::Inherited => item.struct_token.span(),
        _ => item.vis.span(),
    };
    edits.insert(bytes(start).start, format!("{attr}\n{space}"));
}
