//! One struct that is brought up to its table.

use std::collections::BTreeMap;
use std::ops::Range;

use kickdb_core::decl::{Item, Place, Resolved, TableDecl};
use kickdb_core::dialect::Dialect;
use kickdb_core::ident::Name;
use kickdb_core::ir::{Schema, Table};
use kickdb_core::raise::{Known, Unsaid, print, raise};
use syn::spanned::Spanned;

use super::text::{Edits, bytes, holds, indented};

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

/// Where a part of a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Home {
    /// At the field of this number.
    Field(usize),
    /// In the attribute of this number.
    Attr(usize),
    /// Nowhere: another thing makes it, such as an enum that is kept as text with a check.
    Implied,
}

/// What kind of part a name is of: constraints of two kinds may share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Key,
    Unique,
    Check,
    Exclusion,
    Index,
    ForeignKey,
}

const KINDS: [Kind; 6] = [
    Kind::Key,
    Kind::Unique,
    Kind::Check,
    Kind::Exclusion,
    Kind::Index,
    Kind::ForeignKey,
];

type Part = (Kind, Name);

/// The names of a table's parts.
fn parts(table: &Table) -> Vec<Part> {
    let names = |kind: Kind| -> Vec<Name> {
        match kind {
            Kind::Key => table.primary_key.iter().map(|key| key.name.clone()).collect(),
            Kind::Unique => table.uniques.keys().cloned().collect(),
            Kind::Check => table.checks.keys().cloned().collect(),
            Kind::Exclusion => table.exclusions.keys().cloned().collect(),
            Kind::Index => table.indexes.keys().cloned().collect(),
            Kind::ForeignKey => table.foreign_keys.keys().cloned().collect(),
        }
    };
    KINDS
        .into_iter()
        .flat_map(|kind| names(kind).into_iter().map(move |name| (kind, name)))
        .collect()
}

/// Whether both tables have the same part of that name, or neither has one.
fn same(before: &Table, after: &Table, (kind, name): &Part) -> bool {
    match kind {
        Kind::Key => before.primary_key == after.primary_key,
        Kind::Unique => before.uniques.get(name) == after.uniques.get(name),
        Kind::Check => before.checks.get(name) == after.checks.get(name),
        Kind::Exclusion => before.exclusions.get(name) == after.exclusions.get(name),
        Kind::Index => before.indexes.get(name) == after.indexes.get(name),
        Kind::ForeignKey => before.foreign_keys.get(name) == after.foreign_keys.get(name),
    }
}

/// The table with these parts alone.
fn with_parts(table: &Table, kept: &[Part]) -> Table {
    let keeps = |kind: Kind, name: &Name| kept.iter().any(|(other, of)| *other == kind && of == name);
    let mut table = table.clone();
    table.primary_key = table.primary_key.filter(|key| keeps(Kind::Key, &key.name));
    table.uniques.retain(|name, _| keeps(Kind::Unique, name));
    table.checks.retain(|name, _| keeps(Kind::Check, name));
    table.exclusions.retain(|name, _| keeps(Kind::Exclusion, name));
    table.indexes.retain(|name, _| keeps(Kind::Index, name));
    table.foreign_keys.retain(|name, _| keeps(Kind::ForeignKey, name));
    table
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

    /// The fields: those that go, those that say something else, and new ones.
    #[expect(clippy::too_many_arguments, reason = "what is known of one struct")]
    fn fields(
        &self,
        item: &syn::ItemStruct,
        fields: &[&syn::Field],
        whole: &TableDecl,
        homes: &BTreeMap<Part, Home>,
        at_struct: &[Part],
        touched: &[Name],
        text: &str,
        edits: &mut Edits,
    ) {
        // What stays at the struct is not said at a field, too.
        let kept: Vec<Part> = parts(self.after)
            .into_iter()
            .filter(|part| !at_struct.contains(part))
            .filter(|part| !matches!(homes.get(part), Some(Home::Attr(_))))
            .filter(|part| homes.get(part) != Some(&Home::Implied) || !same(self.before, self.after, part))
            .collect();
        let mut shown = self.shown(&kept).unwrap_or_else(|| whole.clone());
        self.keep_values(&mut shown);
        let attrs = print::attrs(&shown).fields;
        let new_at = |name: &Name| {
            shown
                .columns
                .iter()
                .position(|column| *column.name().as_str() == *name.as_str())
        };
        for (decl, field) in self.decl.columns.iter().zip(fields) {
            let Ok(name) = Name::new(decl.name().as_str()) else {
                continue;
            };
            let (before, after) = (self.before.column(&name), self.after.column(&name));
            let (Some(before), Some(after), Some(index)) = (before, after, new_at(&name)) else {
                remove_field(field, text, edits);
                continue;
            };
            let retyped = before.ty != after.ty || self.is_retyped(&name);
            if before == after && !touched.contains(&name) && !retyped {
                continue;
            }
            let mut attr = attrs[index].clone();
            if let Some(from) = &decl.renamed_from {
                attr.args.push(format!("renamed_from = {:?}", from.value));
            }
            replace_field_attr(field, &attr, text, edits);
            if retyped {
                edits.replace(bytes(field.ty.span()), print::rust_type(&shown.columns[index].ty));
            } else if before.nullable != after.nullable {
                let range = bytes(field.ty.span());
                let inner = inside_option(&field.ty);
                let ty = match (after.nullable, inner) {
                    (true, _) => format!("Option<{}>", &text[range.clone()]),
                    (false, Some(inner)) => text[bytes(inner.span())].to_owned(),
                    (false, None) => print::rust_type(&shown.columns[index].ty),
                };
                edits.replace(range, ty);
            }
        }
        self.new_fields(item, fields, &shown, &attrs, text, edits);
    }

    /// A value that did not change is said as it was: by the variant of an enum, as a moment that queries keep.
    fn keep_values(&self, shown: &mut TableDecl) {
        for decl in &self.decl.columns {
            let Ok(name) = Name::new(decl.name().as_str()) else {
                continue;
            };
            let value = |table: &Table| table.column(&name).map(|column| column.value.clone());
            let same = value(self.before) == value(self.after) && !self.is_retyped(&name);
            let mut columns = shown.columns.iter_mut();
            let column = columns.find(|column| *column.name().as_str() == *decl.name().as_str());
            if let Some(column) = column.filter(|_| same) {
                column.value.clone_from(&decl.value);
                column.role = decl.role;
            }
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

    /// Whether the source gives a field another type although the column's is the same: the enum it had is gone.
    fn is_retyped(&self, column: &Name) -> bool {
        let known = self.known.tables.get(&self.after.name);
        known.is_some_and(|known| known.columns.contains_key(column) && !known.same_type.contains(column))
    }

    /// Fields for new columns, each behind that of the column before it.
    fn new_fields(
        &self,
        item: &syn::ItemStruct,
        fields: &[&syn::Field],
        shown: &TableDecl,
        attrs: &[print::Attr],
        text: &str,
        edits: &mut Edits,
    ) {
        let indent = fields.first().map_or(4, |field| field.span().start().column);
        let mut last: Option<usize> = None;
        let mut written: BTreeMap<Option<usize>, String> = BTreeMap::new();
        for (column, attr) in shown.columns.iter().zip(attrs) {
            let old = self
                .decl
                .columns
                .iter()
                .position(|decl| *decl.name().as_str() == *column.name().as_str());
            match old {
                Some(index) => last = Some(index),
                None => {
                    let lines = print::field(column, attr);
                    let flat: String = lines
                        .lines()
                        .map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line)))
                        .collect();
                    written.entry(last).or_default().push_str(&indented(&flat, indent));
                }
            }
        }
        for (behind, lines) in written {
            match behind.and_then(|index| fields.get(index)) {
                Some(field) => {
                    let end = bytes(field.span()).end;
                    let comma = comma_behind(text, end);
                    let lines = lines.trim_end();
                    match comma {
                        Some(at) => edits.insert(at, format!("\n{lines}")),
                        None => edits.insert(end, format!(",\n{}", lines.trim_end_matches(','))),
                    }
                }
                None => {
                    if let syn::Fields::Named(named) = &item.fields {
                        let open = bytes(named.brace_token.span.open()).end;
                        edits.insert(open, format!("\n{}", lines.trim_end()));
                    }
                }
            }
        }
    }
}

fn columns_of(table: &Table, (kind, name): &Part) -> Vec<Name> {
    let columns = match kind {
        Kind::Key => table.primary_key.as_ref().map(|key| key.columns.clone()),
        Kind::Unique => table.uniques.get(name).map(|unique| unique.columns.clone()),
        Kind::ForeignKey => table.foreign_keys.get(name).map(|key| key.columns.clone()),
        Kind::Index => table.indexes.get(name).map(|index| {
            let columns = index.parts.iter().filter_map(|part| match &part.key {
                kickdb_core::ir::IndexKey::Column(name) => Some(name.clone()),
                kickdb_core::ir::IndexKey::Expr(_) => None,
            });
            columns.collect()
        }),
        // A check of a field has a name made of that of the column.
        Kind::Check => Some(
            table
                .columns
                .iter()
                .map(|column| column.name.clone())
                .filter(|column| name.as_str() == format!("{}_{column}_check", table.name.name))
                .collect(),
        ),
        Kind::Exclusion => None,
    };
    columns.unwrap_or_default()
}

fn home_of(item: &syn::ItemStruct, fields: &[&syn::Field], place: &Place) -> Home {
    if let Some(index) = fields.iter().position(|field| holds(field.span(), place)) {
        return Home::Field(index);
    }
    let attr = item.attrs.iter().position(|attr| holds(attr.span(), place));
    attr.map_or(Home::Implied, Home::Attr)
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

fn remove_field(field: &syn::Field, text: &str, edits: &mut Edits) {
    let range = bytes(field.span());
    let range = match comma_behind(text, range.end) {
        Some(end) => range.start..end,
        None => range,
    };
    edits.remove(text, range);
}

/// The end of the comma behind a field.
fn comma_behind(text: &str, end: usize) -> Option<usize> {
    let rest = text[end..].trim_start();
    rest.starts_with(',').then(|| text.len() - rest.len() + 1)
}

/// Puts one attribute in the place of all that the field had.
fn replace_field_attr(field: &syn::Field, attr: &print::Attr, text: &str, edits: &mut Edits) {
    let indent = field.span().start().column;
    let attrs = field.attrs.iter().filter(|attr| attr.path().is_ident("column"));
    let mut new = (!attr.args.is_empty()).then(|| attr.render(indent));
    for old in attrs {
        match new.take() {
            Some(new) => edits.replace(bytes(old.span()), new),
            None => edits.remove(text, bytes(old.span())),
        }
    }
    if let Some(new) = new {
        let space = " ".repeat(indent);
        let start = after_attrs(field);
        edits.insert(start, format!("{new}\n{space}"));
    }
}

/// Where a field begins behind its attributes.
fn after_attrs(field: &syn::Field) -> usize {
    let vis = bytes(field.vis.span());
    let range: Range<usize> = match (&field.vis, &field.ident) {
        (syn::Visibility::Inherited, Some(ident)) => bytes(ident.span()),
        _ => vis,
    };
    range.start
}

fn inside_option(ty: &syn::Type) -> Option<&syn::Type> {
    let syn::Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    if last.ident != "Option" {
        return None;
    }
    match &last.arguments {
        syn::PathArguments::AngleBracketed(list) => list.args.iter().find_map(|arg| match arg {
            syn::GenericArgument::Type(inner) => Some(inner),
            _ => None,
        }),
        _ => None,
    }
}
