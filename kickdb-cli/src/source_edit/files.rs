//! The files of a source with what is edited in them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kickdb_core::decl::Place;

use super::FileText;
use super::text::{Edits, holds};
use crate::config::shown;
use crate::failure::Failure;

/// A file that is edited.
pub(super) struct Open {
    path: PathBuf,
    pub(super) text: String,
    pub(super) syntax: syn::File,
    pub(super) edits: Edits,
}

/// Every file that is edited, by the name that places have.
pub(super) struct Files {
    root: PathBuf,
    open: BTreeMap<String, Open>,
    /// Files that are no Rust, with their new texts.
    others: Vec<FileText>,
}

impl Files {
    pub(super) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            open: BTreeMap::new(),
            others: Vec::new(),
        }
    }

    /// Gives a file that is included in the one of a place another text.
    pub(super) fn include(&mut self, place: &Place, given: &str, after: String) -> Result<(), Failure> {
        let from = self.root.join(&*place.file);
        let path = from.parent().unwrap_or(Path::new("")).join(given);
        let before = std::fs::read_to_string(&path).map_err(|error| Failure::io("read", given, &error))?;
        self.others.retain(|other| other.path != path);
        self.others.push(FileText {
            shown: shown(&self.root, &path),
            path,
            before: Some(before),
            after,
        });
        Ok(())
    }

    pub(super) fn at(&mut self, place: &Place) -> Result<&mut Open, Failure> {
        self.named(&place.file)
    }

    pub(super) fn path(&mut self, path: &Path) -> Result<&mut Open, Failure> {
        let name = shown(&self.root, path);
        self.named(&name)
    }

    fn named(&mut self, name: &str) -> Result<&mut Open, Failure> {
        if !self.open.contains_key(name) {
            let path = self.root.join(name);
            let text = std::fs::read_to_string(&path).map_err(|error| Failure::io("read", name, &error))?;
            let syntax = syn::parse_file(&text).map_err(|error| {
                Failure::new("declaration", format!("`{name}` is not valid Rust: {error}"))
                    .help("`cargo check` shows it in full")
            })?;
            let open = Open {
                path,
                text,
                syntax,
                edits: Edits::default(),
            };
            self.open.insert(name.to_owned(), open);
        }
        self.open
            .get_mut(name)
            .ok_or_else(|| Failure::new("io", format!("`{name}` was not read")).help("run the command again"))
    }

    /// The files that change.
    pub(super) fn finish(self) -> Vec<FileText> {
        let changed = self.open.into_iter().filter(|(_, open)| !open.edits.is_empty());
        let changed = changed.map(|(shown, open)| FileText {
            shown,
            path: open.path,
            after: open.edits.apply(&open.text),
            before: Some(open.text),
        });
        changed.chain(self.others).collect()
    }
}

/// The item whose name is written at a place, in whatever module.
pub(super) fn find<'a>(items: &'a [syn::Item], place: &Place) -> Option<&'a syn::Item> {
    items.iter().find_map(|item| match item {
        syn::Item::Mod(module) => {
            let inner = module.content.as_ref();
            inner.and_then(|(_, items)| find(items, place))
        }
        syn::Item::Struct(one) => holds(one.ident.span(), place).then_some(item),
        syn::Item::Enum(one) => holds(one.ident.span(), place).then_some(item),
        syn::Item::Const(one) => holds(one.ident.span(), place).then_some(item),
        _ => None,
    })
}

/// The module of a name that is written out in a file, with the inside of its braces.
pub(super) fn module<'a>(items: &'a [syn::Item], name: &str) -> Option<&'a syn::ItemMod> {
    items.iter().find_map(|item| match item {
        syn::Item::Mod(module) if module.content.is_some() && module.ident == name => Some(module),
        _ => None,
    })
}

/// The module of a file itself, where the shortest module of its items is one: that may be written in the file.
pub(super) fn root(syntax: &[syn::Item], items: &[kickdb_core::decl::Item], file: &str, module: &str) -> String {
    let inside = items.iter().filter(|item| item.module() == module);
    let mut places = inside
        .map(|item| &item.ident().place)
        .filter(|place| *place.file == *file);
    let depth = places.find_map(|place| depth(syntax, place)).unwrap_or(0);
    let mut module = module;
    for _ in 0..depth {
        module = module.rsplit_once("::").map_or(module, |(parent, _)| parent);
    }
    module.to_owned()
}

/// In how many modules of the file an item is.
fn depth(items: &[syn::Item], place: &Place) -> Option<usize> {
    items.iter().find_map(|item| match item {
        syn::Item::Mod(module) => {
            let inner = module.content.as_ref();
            inner.and_then(|(_, items)| depth(items, place)).map(|depth| depth + 1)
        }
        item => find(std::slice::from_ref(item), place).map(|_| 0),
    })
}
