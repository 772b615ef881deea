//! The schema that the source declares.

use std::path::Path;

use kickdb_core::decl::{Item, Resolved, resolve};
use kickdb_core::dialect::Dialect;
use kickdb_core::diff::Change;

use crate::collect::{SourceFile, collect};
use crate::config::Target;
use crate::describe::count;
use crate::failure::{Diagnostic, Failure, Place};
use crate::mentions::{self, Gone, Mention};

/// What the source of a package declares, before an engine is chosen.
pub(crate) struct Source<'a> {
    root: &'a Path,
    items: Vec<Item>,
    pub(crate) files: Vec<SourceFile>,
}

impl<'a> Source<'a> {
    /// Reads the source of the package in `root`.
    pub(crate) fn read(root: &'a Path, sources: &[String]) -> Result<Self, Failure> {
        let found = collect(root, sources)?;
        if !found.problems.is_empty() {
            return Err(problems(root, &found.problems));
        }
        Ok(Self {
            root,
            items: found.items,
            files: found.files,
        })
    }

    /// How many tables it declares.
    pub(crate) fn tables(&self) -> usize {
        self.items.iter().filter(|item| matches!(item, Item::Table(_))).count()
    }

    /// Refuses a source that declares nothing: far more often a file that no `mod` leads to than the wish to drop everything.
    pub(crate) fn must_declare(self) -> Result<Self, Failure> {
        let declares = |item: &Item| match item {
            Item::Table(_) | Item::Object(_) => true,
            Item::Enum(decl) => decl.always,
            Item::Newtype(_) | Item::Alias(_) | Item::Use(_) => false,
        };
        if self.items.iter().any(declares) {
            return Ok(self);
        }
        let read = count(self.files.len(), "file");
        Err(Failure::new(
            "no_tables",
            format!("no struct with `#[derive(Table)]` was found; {read} read"),
        )
        .help("check that the file of your tables is reached by a `mod` line from src/lib.rs or src/main.rs")
        .help("`cargo kickdb init` writes a first table; `source` in kickdb.toml names other crate roots"))
    }

    /// Where it still says what changes take away.
    pub(crate) fn mentions<'c>(&self, changes: impl IntoIterator<Item = &'c [Change]>) -> Vec<Mention> {
        let gone = changes.into_iter().flat_map(Gone::of).collect();
        mentions::find(&gone, &self.items, &self.files)
    }

    /// Where that is declared which a statement makes or changes.
    pub(crate) fn place_of(&self, statement: &str, dialect: &dyn Dialect) -> Option<Place> {
        let resolved = self.resolve(dialect).ok()?;
        let place = resolved.place_of(statement, dialect)?;
        Some(Place::of(self.root, place))
    }

    /// The schema for an engine, in its normal form.
    pub(crate) fn resolve(&self, dialect: &dyn Dialect) -> Result<Resolved, Failure> {
        resolve(&self.items, dialect).map_err(|found| problems(self.root, &found))
    }

    /// The schema for a target, whose oldest server can have it.
    pub(crate) fn resolve_for(&self, target: &Target) -> Result<Resolved, Failure> {
        let resolved = self.resolve(target.dialect)?;
        let found = match target.server_version() {
            Some(version) => resolved.too_new(target.dialect, &version),
            None => Vec::new(),
        };
        if found.is_empty() {
            return Ok(resolved);
        }
        Err(problems(self.root, &found).help("or raise `server_version` in kickdb.toml"))
    }
}

fn problems(root: &Path, problems: &[kickdb_core::decl::Problem]) -> Failure {
    let mistakes = count(problems.len(), "mistake");
    let diagnostics = problems
        .iter()
        .map(|problem| Diagnostic::problem(root, problem))
        .collect();
    Failure {
        diagnostics,
        ..Failure::new("declaration", format!("{mistakes} in the source; nothing was written"))
            .help("correct the places above, then run the command again")
    }
}
