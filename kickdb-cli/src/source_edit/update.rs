//! A source that is brought up to a schema, item by item.

use std::collections::BTreeMap;
use std::path::Path;

use kickdb_core::decl::{Item, Resolved, TableDecl};
use kickdb_core::dialect::Dialect;
use kickdb_core::diff::{Renames, diff};
use kickdb_core::ident::Qualified;
use kickdb_core::ir::{Schema, SqlType};
use kickdb_core::raise::{Known, KnownTable, Unsaid, print, raise};
use syn::spanned::Spanned;

use super::files::{self, Files, Open};
use super::known::{known, module_of_file, structs};
use super::structs::{Change, insert_attr};
use super::text::bytes;
use super::{Crate, Draft, NEW, enums, objects, relations, sayable};
use crate::config::shown;
use crate::describe;
use crate::failure::Failure;

/// What a source has to do with: tables of somebody else are left to them.
pub(crate) fn managed(wanted: &Schema, resolved: &Resolved) -> Schema {
    let mut managed = wanted.clone();
    let others: Vec<_> = resolved.unmanaged.iter().map(|other| other.table.clone()).collect();
    managed.tables.retain(|name, _| !others.contains(name));
    // An enum that only such a table uses is theirs, too.
    let theirs = |name: &Qualified| is_used(name, wanted) && !is_used(name, &managed);
    let theirs: Vec<Qualified> = managed.enums.keys().filter(|name| theirs(name)).cloned().collect();
    managed
        .enums
        .retain(|name, _| !theirs.contains(name) || resolved.schema.enums.contains_key(name));
    managed
}

/// Brings a source, which declares one schema, up to another. New items go into `file`.
pub(crate) fn update(
    source: &Crate,
    resolved: &Resolved,
    declared: &Schema,
    wanted: &Schema,
    dialect: &'static dyn Dialect,
    file: &Path,
) -> Result<Draft, Failure> {
    let changes = diff(declared, wanted, &Renames::default()).changes;
    let mut draft = Draft {
        declared: declared.clone(),
        files: Vec::new(),
        unsaid: Vec::new(),
        changes: Vec::new(),
        items: source.items.clone(),
    };
    if changes.is_empty() {
        return Ok(draft);
    }
    let mut work = Work {
        source,
        resolved,
        declared,
        wanted,
        dialect,
        files: Files::new(&source.root),
        unsaid: Vec::new(),
    };
    let name = shown(&source.root, file);
    let root = match module_of_file(&source.items, &name) {
        Some(module) => {
            let open = work.files.path(file)?;
            files::root(&open.syntax.items, &source.items, &name, &module)
        }
        None => NEW.to_owned(),
    };
    let mut known = known(&source.items, resolved, declared, wanted, &root);
    work.enums(&mut known)?;
    let (new, related) = work.new_items(&mut known);
    work.tables(&known)?;
    work.relations(&related)?;
    work.objects()?;
    work.append(file, &root, &new)?;
    draft.files = work.files.finish();
    draft.unsaid = work.unsaid;
    let after = source.instead(&draft.files)?;
    draft.declared = after.resolve(dialect)?.schema;
    // What is not said is listed as that.
    let said = sayable(wanted, &draft.declared, &draft.unsaid);
    let lines = describe::lines(&diff(declared, &said, &Renames::default()).changes, dialect);
    draft.changes = lines.iter().map(describe::Line::plain).collect();
    draft.items = after.items;
    Ok(draft)
}

/// Everything that the edits are made from.
pub(super) struct Work<'a> {
    pub(super) source: &'a Crate,
    pub(super) resolved: &'a Resolved,
    pub(super) declared: &'a Schema,
    pub(super) wanted: &'a Schema,
    pub(super) dialect: &'static dyn Dialect,
    pub(super) files: Files,
    pub(super) unsaid: Vec<Unsaid>,
}

impl Work<'_> {
    fn enums(&mut self, known: &mut Known) -> Result<(), Failure> {
        for (decl, values) in enums::inline(self, known) {
            enums::edit(self.files.at(&decl.ident.place)?, &decl, &values, None);
        }
        for item in &self.source.items {
            let Item::Enum(decl) = item else { continue };
            let named = known.enums.iter();
            let name = named
                .filter(|(_, home)| **home == (decl.module.clone(), decl.ident.value.clone()))
                .map(|(name, _)| name.clone())
                .next();
            let Some(name) = name else { continue };
            let (before, after) = (self.declared.enums.get(&name), self.wanted.enums.get(&name));
            if after.is_some() && !decl.always && !is_used(&name, self.wanted) {
                enums::keep(self.files.at(&decl.ident.place)?, &decl.ident.place);
            }
            match after {
                Some(after) if before != Some(after) => {
                    enums::edit(self.files.at(&decl.ident.place)?, decl, &after.values, Some(after));
                }
                Some(_) => {}
                None => remove(self.files.at(&decl.ident.place)?, &decl.ident.place),
            }
        }
        Ok(())
    }

    /// What the source has no item for, and the structs that it has, with their new relations alone; the new structs are known from
    /// here on.
    fn new_items(&mut self, known: &mut Known) -> (Vec<Item>, Vec<TableDecl>) {
        let mut schema = self.wanted.clone();
        schema.objects.retain(|id, _| !self.declared.objects.contains_key(id));
        schema
            .namespaces
            .retain(|name| !self.declared.namespaces.contains(name));
        let raised = raise(&schema, self.dialect, known);
        self.unsaid.extend(raised.unsaid);
        let is_new = |item: &Item| {
            let taken = known.taken.get(item.module());
            !taken.is_some_and(|taken| taken.contains(&item.ident().value))
        };
        let (new, old): (Vec<Item>, Vec<Item>) = raised.items.into_iter().partition(is_new);
        let related = old.into_iter().filter_map(|item| match item {
            Item::Table(decl) if !decl.relations.is_empty() => Some(*decl),
            _ => None,
        });
        let related = related.collect();
        for table in schema
            .tables
            .keys()
            .filter(|name| !known.tables.contains_key(*name))
            .cloned()
            .collect::<Vec<_>>()
        {
            let found = new.iter().find_map(|item| match item {
                Item::Table(decl) if decl.shown() == table.to_string() => Some(decl),
                _ => None,
            });
            if let Some(decl) = found {
                let mut of = KnownTable::new(decl);
                of.same_type = of.columns.keys().cloned().collect();
                known.tables.insert(table, of);
            }
        }
        for item in &new {
            let taken = known.taken.entry(item.module().to_owned()).or_default();
            taken.insert(item.ident().value.clone());
        }
        (new, related)
    }

    /// Adds the relations of new foreign keys to structs that are there.
    fn relations(&mut self, related: &[TableDecl]) -> Result<(), Failure> {
        for decl in related {
            let place = self.source.items.iter().find_map(|item| match item {
                Item::Table(own) if own.ident == decl.ident && own.module == decl.module => Some(&own.ident.place),
                _ => None,
            });
            let Some(place) = place else { continue };
            let Open { syntax, edits, .. } = self.files.at(place)?;
            if let Some(syn::Item::Struct(item)) = files::find(&syntax.items, place) {
                for relation in print::relations(decl) {
                    insert_attr(item, &relation.render(item.span().start().column), edits);
                }
            }
        }
        Ok(())
    }

    fn tables(&mut self, known: &Known) -> Result<(), Failure> {
        let structs = structs(&self.source.items, self.resolved);
        for (name, decl) in &structs {
            let Some(before) = self.declared.tables.get(name) else {
                continue;
            };
            let open = self.files.at(&decl.ident.place)?;
            let Some(after) = self.wanted.tables.get(name) else {
                remove(open, &decl.ident.place);
                continue;
            };
            if before.is_same(after) {
                continue;
            }
            let Open {
                text, syntax, edits, ..
            } = open;
            let Some(syn::Item::Struct(item)) = files::find(&syntax.items, &decl.ident.place) else {
                continue;
            };
            let change = Change {
                decl,
                before,
                after,
                wanted: self.wanted,
                resolved: self.resolved,
                known,
                dialect: self.dialect,
            };
            self.unsaid.extend(change.write(item, text, edits));
        }
        for (place, relation) in relations::broken(&self.source.items, &structs, self.wanted) {
            let Open {
                text, syntax, edits, ..
            } = self.files.at(&place)?;
            if let Some(syn::Item::Struct(item)) = files::find(&syntax.items, &place) {
                let attrs = item.attrs.iter();
                for attr in attrs.filter(|attr| super::text::holds(attr.span(), &relation)) {
                    edits.remove(text, bytes(attr.span()));
                }
            }
        }
        Ok(())
    }

    fn objects(&mut self) -> Result<(), Failure> {
        objects::update(self)
    }

    /// Writes new items at the end of a file, or of the module in it that they belong to.
    fn append(&mut self, file: &Path, root: &str, new: &[Item]) -> Result<(), Failure> {
        if new.is_empty() {
            return Ok(());
        }
        let Open {
            text, syntax, edits, ..
        } = self.files.path(file)?;
        let mut modules: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for item in new {
            modules.entry(item.module()).or_default().push(print::item(item));
        }
        let mut end = String::new();
        for (module, items) in modules {
            let name = module.strip_prefix(root).unwrap_or(module).trim_start_matches("::");
            if name.is_empty() {
                items.iter().for_each(|item| end.push_str(&format!("\n{item}")));
                continue;
            }
            match files::module(&syntax.items, name) {
                Some(found) => {
                    let Some((brace, _)) = &found.content else { continue };
                    let at = bytes(brace.span.close()).start;
                    let indent = found.span().start().column + 4;
                    let lines: String = items
                        .iter()
                        .map(|item| format!("\n{}", print::nested(item, indent)))
                        .collect();
                    let line = text[..at].rfind('\n').map_or(at, |line| line + 1);
                    edits.insert(line, lines);
                }
                None => end.push_str(&format!("\n{}", print::module(name, &items))),
            }
        }
        let missing: Vec<String> = print::imports(new)
            .lines()
            .filter_map(|line| missing_import(line, text))
            .collect();
        if !missing.is_empty() {
            let first = syntax.items.iter().find(|item| matches!(item, syn::Item::Use(_)));
            let at = first
                .or(syntax.items.first())
                .map_or(text.len(), |item| bytes(item.span()).start);
            edits.insert(at, missing.concat());
        }
        edits.insert(text.len(), end);
        Ok(())
    }
}

/// Whether a column is of an enum.
fn is_used(name: &Qualified, schema: &Schema) -> bool {
    fn is(ty: &SqlType, name: &Qualified) -> bool {
        match ty {
            SqlType::Enum(of) => of == name,
            SqlType::Array(inner) => is(inner, name),
            _ => false,
        }
    }
    let mut columns = schema.tables.values().flat_map(|table| &table.columns);
    columns.any(|column| is(&column.ty, name))
}

/// What of a line of imports is not imported yet, as a line.
fn missing_import(line: &str, text: &str) -> Option<String> {
    let (path, names) = line.strip_prefix("use ")?.trim_end_matches(';').rsplit_once("::")?;
    let names = names.trim_matches(['{', '}']).split(", ");
    let imports: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("use ") || line.starts_with("pub use "))
        .collect();
    let has = |name: &str| {
        imports.iter().any(|import| {
            let words = import.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '*'));
            let mut words = words.filter(|word| !word.is_empty());
            words.any(|word| word == name) && (name != "*" || import.contains(path))
        })
    };
    let missing: Vec<&str> = names.filter(|name| !has(name)).collect();
    match &missing[..] {
        [] => None,
        [one] => Some(format!("use {path}::{one};\n")),
        several => Some(format!("use {path}::{{{}}};\n", several.join(", "))),
    }
}

/// Removes an item with its attributes.
fn remove(open: &mut Open, place: &kickdb_core::decl::Place) {
    let Open {
        text, syntax, edits, ..
    } = open;
    if let Some(item) = files::find(&syntax.items, place) {
        let range = bytes(item.span());
        // The empty line in front of it goes, too.
        let start = match text[..range.start].strip_suffix("\n\n") {
            Some(before) => before.len() + 1,
            None => range.start,
        };
        edits.remove(text, start..range.end);
    }
}
