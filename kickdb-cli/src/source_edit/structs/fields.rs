//! The fields of a struct that is brought up to its table.

use std::collections::BTreeMap;
use std::ops::Range;

use kickdb_core::decl::TableDecl;
use kickdb_core::ident::Name;
use kickdb_core::ir::Table;
use kickdb_core::raise::print;
use syn::spanned::Spanned;

use super::Change;
use super::parts::{Home, Part, parts, same};
use crate::source_edit::text::{Edits, bytes, indented};

impl Change<'_> {
    /// The fields: those that go, those that say something else, and new ones.
    #[expect(clippy::too_many_arguments, reason = "what is known of one struct")]
    pub(super) fn fields(
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
