//! One source file: its items that matter, the files of its modules, and what is wrong in it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kickdb_core::decl::{Item, Place, Problem, SqlText};
use kickdb_core::lower::{self, Origin};

use super::{Texts, cfg};

/// A file that is to be read.
#[derive(Clone, Debug)]
pub(crate) struct FileToRead {
    pub(crate) path: PathBuf,
    /// The path as it is shown.
    pub(crate) shown: Arc<str>,
    /// The Rust path of its module, from the crate's name on.
    pub(crate) module: String,
    /// Where the files of its modules are.
    pub(crate) children: PathBuf,
    pub(crate) features: Arc<BTreeSet<String>>,
    /// Texts that stand for those of files.
    pub(crate) texts: Texts,
}

impl FileToRead {
    fn origin(&self, module: &str) -> Origin {
        Origin {
            file: self.shown.clone(),
            module: module.to_owned(),
        }
    }
}

/// What a file said.
#[derive(Debug, Default)]
pub(crate) struct FileRead {
    pub(crate) items: Vec<Item>,
    pub(crate) modules: Vec<Module>,
    pub(crate) problems: Vec<Problem>,
}

/// A `mod name;`.
#[derive(Debug)]
pub(crate) struct Module {
    /// The Rust path of the module, from the crate's name on.
    pub(crate) path: String,
    /// Where its file may be, each with the folder of its own modules.
    pub(crate) files: Vec<(PathBuf, PathBuf)>,
    /// Where it is declared.
    pub(crate) place: Place,
    /// Whether a missing file is a mistake. Not where a `cfg` stands over it that source alone cannot decide.
    pub(crate) required: bool,
}

/// Reads one file. Items leave it as plain data, so that files can be read on several threads: spans cannot leave theirs.
pub(crate) fn read(file: &FileToRead) -> FileRead {
    let mut found = FileRead::default();
    let read = match file.texts.get(&file.path) {
        Some(text) => Ok(text.clone()),
        None => std::fs::read_to_string(&file.path),
    };
    let text = match read {
        Ok(text) => text,
        Err(error) => {
            let problem = Problem::new(
                &Place::line(file.shown.clone(), 1),
                format!("this file cannot be read: {error}"),
            );
            found
                .problems
                .push(problem.help("source files are UTF-8 text; check the file and its permissions"));
            return found;
        }
    };
    if !may_matter(&text) {
        return found;
    }
    match syn::parse_file(&text) {
        Ok(parsed) => {
            let mut reader = Reader {
                file,
                found: &mut found,
            };
            let folder = file.path.parent().unwrap_or(Path::new("")).to_owned();
            if cfg::is_on(&parsed.attrs, &file.features) {
                reader.items(parsed.items, &file.module, &file.children, &folder);
            }
        }
        Err(error) => {
            let place = file.origin(&file.module).place(error.span());
            found.problems.push(
                Problem::new(&place, format!("this is not valid Rust: {error}")).help("`cargo check` shows it in full"),
            );
        }
    }
    // Spans point into a map of this thread that would otherwise keep every file.
    proc_macro2::extra::invalidate_current_thread_spans();
    found
}

/// Whether a text can hold a table, a name that a table uses, or the way to another file. A file without any of these
/// words is not parsed: most files of a program are such files.
fn may_matter(text: &str) -> bool {
    let derives = text.contains("derive") && DERIVES.iter().any(|name| text.contains(name));
    derives
        || text.contains(lower::OBJECT)
        || [
            "mod ",
            "type ",
            "pub use ",
            "pub(crate) use ",
            "pub(super) use ",
            "cfg_attr",
        ]
        .iter()
        .any(|word| text.contains(word))
}

/// The derives that make an item part of the schema.
const DERIVES: &[&str] = &["Table", "DbEnum", "DbType"];

struct Reader<'a> {
    file: &'a FileToRead,
    found: &'a mut FileRead,
}

impl Reader<'_> {
    /// Reads the items of a module. `children` is where the files of its modules are, `base` what a `#[path]` is relative to.
    fn items(&mut self, items: Vec<syn::Item>, module: &str, children: &Path, base: &Path) {
        let foreign = foreign_derives(&items);
        let origin = self.file.origin(module);
        for mut item in items {
            if !cfg::is_on(attrs(&item), &self.file.features) {
                continue;
            }
            match &mut item {
                syn::Item::Mod(inner) => self.module(inner, module, children, base),
                syn::Item::Use(_) | syn::Item::Type(_) => self.lower(&item, &origin),
                syn::Item::Const(_) => {
                    cfg::strip(&mut item, &self.file.features);
                    if lower::object_dialects(attrs(&item)).is_some() {
                        self.lower(&item, &origin);
                    }
                }
                syn::Item::Struct(_) | syn::Item::Enum(_) => {
                    cfg::strip(&mut item, &self.file.features);
                    if is_declared(attrs(&item), &foreign) {
                        self.lower(&item, &origin);
                    }
                }
                _ => {}
            }
        }
    }

    fn lower(&mut self, item: &syn::Item, origin: &Origin) {
        match lower::item(item, origin) {
            Ok(mut items) => {
                items.iter_mut().for_each(|item| self.include(item));
                self.found.items.extend(items);
            }
            Err(errors) => self.found.problems.extend(errors.problems(origin)),
        }
    }

    /// Reads the file that an object's SQL stands in, by its path as `include_str!` takes it: relative to this one.
    fn include(&mut self, item: &mut Item) {
        let Item::Object(decl) = item else { return };
        let SqlText::File(given) = &decl.sql.value else { return };
        let path = self.file.path.parent().unwrap_or(Path::new("")).join(given);
        let read = match self.file.texts.get(&path) {
            Some(text) => Ok(text.clone()),
            None => std::fs::read_to_string(&path),
        };
        match read {
            Ok(text) => decl.sql.value = SqlText::Text(text),
            Err(error) => {
                let problem = Problem::new(&decl.sql.place, format!("`{given}` cannot be read: {error}"));
                let problem = problem.help("the path is relative to this source file, as `include_str!` takes it");
                self.found.problems.push(problem);
            }
        }
    }

    fn module(&mut self, item: &mut syn::ItemMod, module: &str, children: &Path, base: &Path) {
        cfg::expand(&mut item.attrs, &self.file.features);
        let name = item.ident.to_string();
        let name = name.strip_prefix("r#").unwrap_or(&name);
        let path = format!("{module}::{name}");
        let given = path_attribute(&item.attrs);
        if let Some((_, items)) = item.content.take() {
            let inside = match &given {
                Some(given) => base.join(given),
                None => children.join(name),
            };
            self.items(items, &path, &inside, &inside);
            return;
        }
        let files = match given {
            Some(given) => {
                let file = base.join(given);
                let folder = file.parent().unwrap_or(base).to_owned();
                vec![(file, folder)]
            }
            None => {
                let folder = children.join(name);
                vec![
                    (children.join(format!("{name}.rs")), folder.clone()),
                    (folder.join("mod.rs"), folder),
                ]
            }
        };
        self.found.modules.push(Module {
            path,
            files,
            place: self.file.origin(module).place(item.ident.span()),
            required: !item.attrs.iter().any(|attr| attr.path().is_ident("cfg")),
        });
    }
}

fn attrs(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Const(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether one of kickdb's derives stands over an item.
fn is_declared(attrs: &[syn::Attribute], foreign: &BTreeSet<String>) -> bool {
    attrs.iter().filter(|attr| attr.path().is_ident("derive")).any(|attr| {
        let mut found = false;
        // A derive that cannot be parsed is rustc's to report.
        let _ = attr.parse_nested_meta(|meta| {
            let names: Vec<_> = meta
                .path
                .segments
                .iter()
                .map(|segment| segment.ident.to_string())
                .collect();
            found |= match names.as_slice() {
                [name] => DERIVES.contains(&name.as_str()) && !foreign.contains(name),
                [first, .., name] => first.starts_with("kickdb") && DERIVES.contains(&name.as_str()),
                [] => false,
            };
            Ok(())
        });
        found
    })
}

/// The names among the derives that this module imports from another crate: `use tabled::Table;` is no table of ours.
fn foreign_derives(items: &[syn::Item]) -> BTreeSet<String> {
    let mut foreign = BTreeSet::new();
    for item in items {
        let syn::Item::Use(item) = item else { continue };
        let Ok(imports) = lower::item(&syn::Item::Use(item.clone()), &Origin::default()) else {
            continue;
        };
        for import in imports {
            let Item::Use(import) = import else { continue };
            let ours = ["kickdb", "kickdb_macros", "crate", "self", "super"];
            let first = import.path.first().map_or("", String::as_str);
            if DERIVES.contains(&import.ident.as_str()) && !ours.contains(&first) {
                foreign.insert(import.ident.value);
            }
        }
    }
    foreign
}

fn path_attribute(attrs: &[syn::Attribute]) -> Option<String> {
    attrs.iter().find_map(|attr| match &attr.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    })
}
