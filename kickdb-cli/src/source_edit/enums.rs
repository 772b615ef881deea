//! Enums that get other values.

use std::collections::BTreeMap;

use kickdb_core::decl::names::Case;
use kickdb_core::decl::{EnumDecl, Item, Place, RustType, TableDecl};
use kickdb_core::ir::Enum;
use kickdb_core::raise::{Known, variant_names};
use syn::spanned::Spanned;

use super::files::{self, Open};
use super::known::structs;
use super::text::{bytes, indented};
use super::update::Work;

/// Enums that are a part of columns' types, with the values that all of these columns have now. Their fields keep their type.
pub(super) fn inline(work: &Work<'_>, known: &mut Known) -> Vec<(EnumDecl, Vec<String>)> {
    let structs = structs(&work.source.items, work.resolved);
    let mut wanted: BTreeMap<(String, String), Vec<Option<Vec<String>>>> = BTreeMap::new();
    let mut users: BTreeMap<(String, String), Vec<(kickdb_core::ident::Qualified, kickdb_core::ident::Name)>> =
        BTreeMap::new();
    for (name, decl) in &structs {
        let (Some(before), Some(after)) = (work.declared.tables.get(name), work.wanted.tables.get(name)) else {
            continue;
        };
        for column in &decl.columns {
            let Some(of) = enum_of(&column.ty, decl, &work.source.items) else {
                continue;
            };
            let was = before
                .columns
                .iter()
                .find(|other| *other.name.as_str() == *column.name().as_str());
            let is = after
                .columns
                .iter()
                .find(|other| *other.name.as_str() == *column.name().as_str());
            let (Some(was), Some(is)) = (was, is) else { continue };
            if work.dialect.inline_values(&was.ty).is_none() {
                continue;
            }
            let key = (of.module.clone(), of.ident.value.clone());
            wanted
                .entry(key.clone())
                .or_default()
                .push(work.dialect.inline_values(&is.ty));
            users.entry(key).or_default().push((name.clone(), is.name.clone()));
        }
    }
    let mut edits = Vec::new();
    for item in &work.source.items {
        let Item::Enum(decl) = item else { continue };
        let key = (decl.module.clone(), decl.ident.value.clone());
        let Some([Some(first), rest @ ..]) = wanted.get(&key).map(Vec::as_slice) else {
            continue;
        };
        if !rest.iter().all(|other| other.as_ref() == Some(first)) {
            continue;
        }
        for (table, column) in users.remove(&key).unwrap_or_default() {
            if let Some(known) = known.tables.get_mut(&table) {
                known.same_type.insert(column);
            }
        }
        if decl.values.iter().map(|value| &value.value).ne(first) {
            edits.push((decl.clone(), first.clone()));
        }
    }
    edits
}

/// The enum that a field's type names.
pub(super) fn enum_of<'a>(ty: &RustType, table: &TableDecl, items: &'a [Item]) -> Option<&'a EnumDecl> {
    let ty = ty.optional().unwrap_or(ty);
    let named = |decl: &&EnumDecl| *decl.ident.value == *ty.name() && ty.args.is_empty();
    let enums = items.iter().filter_map(|item| match item {
        Item::Enum(decl) => Some(decl),
        _ => None,
    });
    let found: Vec<&EnumDecl> = enums.filter(named).collect();
    match &found[..] {
        [one] => Some(one),
        several => several.iter().copied().find(|decl| decl.module == table.module),
    }
}

/// Says of an enum that it stays although no table uses it any more.
pub(super) fn keep(open: &mut Open, place: &Place) {
    let Open { syntax, edits, .. } = open;
    if let Some(syn::Item::Enum(item)) = files::find(&syntax.items, place) {
        let space = " ".repeat(item.span().start().column);
        let start = match item.vis {
            syn::Visibility::Inherited => item.enum_token.span(),
            _ => item.vis.span(),
        };
        edits.insert(bytes(start).start, format!("#[db_enum(always)]\n{space}"));
    }
}

/// Gives an enum other values, and where it is a type another comment.
pub(super) fn edit(open: &mut Open, decl: &EnumDecl, values: &[String], whole: Option<&Enum>) {
    let Open {
        text, syntax, edits, ..
    } = open;
    let Some(syn::Item::Enum(item)) = files::find(&syntax.items, &decl.ident.place) else {
        return;
    };
    let indent = item.variants.first().map_or(4, |variant| variant.span().start().column);
    let head: String = item
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("db_enum"))
        .map(|attr| &text[bytes(attr.span())])
        .collect();
    let taken: Vec<String> = decl.values.iter().map(|value| value.ident.value.clone()).collect();
    let names = variant_names(values, &taken);
    let written = |value: &String, fresh: &String| -> String {
        let old = decl.values.iter().position(|old| old.value == *value);
        match old.and_then(|index| item.variants.iter().nth(index)) {
            Some(variant) => format!("{}{}", " ".repeat(indent), &text[bytes(variant.span())]),
            None => {
                let plain = Case::Snake.apply(fresh) == *value && !head.contains("rename_all");
                let rename = format!("#[db_enum(rename = {value:?})]\n");
                let lines = format!(
                    "{}{}",
                    if plain { "" } else { &rename },
                    kickdb_core::raise::rust_ident(fresh)
                );
                indented(&lines, indent).trim_end().to_owned()
            }
        }
    };
    let kept: Vec<&String> = decl
        .values
        .iter()
        .map(|value| &value.value)
        .filter(|value| values.contains(value))
        .collect();
    let in_order = values
        .iter()
        .filter(|value| kept.contains(value))
        .eq(kept.iter().copied());
    if in_order {
        for (old, variant) in decl.values.iter().zip(&item.variants) {
            if !values.contains(&old.value) {
                let range = bytes(variant.span());
                let rest = text[range.end..].trim_start();
                let end = if rest.starts_with(',') {
                    text.len() - rest.len() + 1
                } else {
                    range.end
                };
                edits.remove(text, range.start..end);
            }
        }
        let mut last: Option<usize> = None;
        let mut added: BTreeMap<Option<usize>, Vec<String>> = BTreeMap::new();
        for (value, fresh) in values.iter().zip(&names) {
            match decl.values.iter().position(|old| old.value == *value) {
                Some(index) => last = Some(index),
                None => added.entry(last).or_default().push(written(value, fresh)),
            }
        }
        for (behind, lines) in added {
            let lines = lines.join(",\n");
            match behind.and_then(|index| item.variants.iter().nth(index)) {
                Some(variant) => {
                    let end = bytes(variant.span()).end;
                    let rest = text[end..].trim_start();
                    match rest.starts_with(',') {
                        true => edits.insert(text.len() - rest.len() + 1, format!("\n{lines},")),
                        false => edits.insert(end, format!(",\n{lines}")),
                    }
                }
                None => edits.insert(bytes(item.brace_token.span.open()).end, format!("\n{lines},")),
            }
        }
    } else {
        let all: Vec<String> = values
            .iter()
            .zip(&names)
            .map(|(value, fresh)| written(value, fresh))
            .collect();
        let inside = bytes(item.brace_token.span.open()).end..bytes(item.brace_token.span.close()).start;
        edits.replace(
            inside,
            format!("\n{},\n{}", all.join(",\n"), " ".repeat(indent.saturating_sub(4))),
        );
    }
    let same_comment = whole.is_none_or(|whole| whole.comment == decl.comment);
    if !same_comment {
        let space = " ".repeat(indent.saturating_sub(4));
        let at = bytes(
            item.vis
                .span()
                .join(item.enum_token.span())
                .unwrap_or(item.enum_token.span()),
        )
        .start;
        let comment = whole.and_then(|whole| whole.comment.as_ref());
        if let (Some(comment), None) = (comment, &decl.comment) {
            edits.insert(at, format!("#[db_enum(comment = {comment:?})]\n{space}"));
        }
    }
}
