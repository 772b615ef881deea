//! The declarations of a program, read from its source: no compiling, and it works while the program does not build.
//!
//! From Cargo.toml to the crate roots, from there along `mod` to every file, and on into the local crates it depends on.
//! What a macro writes is not seen: such a table must be written out.

mod cfg;
mod file;
mod package;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kickdb_core::decl::{At, Item, Problem, UseDecl};

use self::file::{FileRead, FileToRead};
use self::package::{Features, Package};
use crate::config::shown;
use crate::failure::Failure;
use crate::parallel;

/// Everything that the source declares.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) items: Vec<Item>,
    /// What is wrong in single files; the others were read nevertheless.
    pub(crate) problems: Vec<Problem>,
    /// The files that were read.
    pub(crate) files: Vec<SourceFile>,
}

/// A file of the source.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    /// The path as it is shown.
    pub(crate) shown: Arc<str>,
}

/// Reads the source of the package in `folder`. `sources` names crate roots or folders of crates; empty is the package's
/// own library and binaries.
pub(crate) fn collect(folder: &Path, sources: &[String]) -> Result<Collected, Failure> {
    collect_with(folder, sources, Texts::default())
}

/// Texts that stand for those of files, by path.
pub(crate) type Texts = Arc<BTreeMap<PathBuf, String>>;

/// The same as if some files held other texts.
pub(crate) fn collect_with(folder: &Path, sources: &[String], texts: Texts) -> Result<Collected, Failure> {
    let mut walk = Walk {
        root: folder,
        texts,
        seen: BTreeMap::new(),
        packages: BTreeSet::new(),
        next: Vec::new(),
        found: Collected::default(),
    };
    if sources.is_empty() {
        walk.package(folder, &Features::default(), None)?;
    }
    for source in sources {
        walk.source(&folder.join(source), source)?;
    }
    if walk.next.is_empty() {
        return Err(
            Failure::usage("no_source", "this package has neither a library nor a binary")
                .help("add `src/lib.rs` or `src/main.rs`, or name the files with `source` in kickdb.toml"),
        );
    }
    walk.run();
    Ok(walk.found)
}

struct Walk<'a> {
    root: &'a Path,
    texts: Texts,
    /// The module of each file that was read: two crates of a package often declare the same module file.
    seen: BTreeMap<PathBuf, String>,
    packages: BTreeSet<PathBuf>,
    next: Vec<FileToRead>,
    found: Collected,
}

impl Walk<'_> {
    /// A configured source: a crate root, or a folder with a Cargo.toml.
    fn source(&mut self, path: &Path, given: &str) -> Result<(), Failure> {
        if path.is_dir() {
            return self.package(path, &Features::default(), None);
        }
        if !path.is_file() {
            return Err(
                Failure::usage("no_source", format!("`source` names `{given}`, which does not exist"))
                    .help("correct `source` in kickdb.toml; paths are relative to that file"),
            );
        }
        // The crate that the file belongs to tells the features and the local crates beside it.
        let folder = path
            .ancestors()
            .skip(1)
            .find(|folder| folder.join("Cargo.toml").is_file());
        let (name, features, dependencies) = match folder {
            Some(folder) => {
                let package = Package::read(folder, "Cargo.toml", &Features::default())?;
                let is_lib = package.lib.as_deref() == Some(path);
                let name = if is_lib { package.lib_name } else { root_name(path) };
                (name, package.features, package.dependencies)
            }
            None => (root_name(path), BTreeSet::new(), Vec::new()),
        };
        self.root_file(path.to_owned(), name, &Arc::new(features));
        for dependency in dependencies {
            self.package(&dependency.folder, &dependency.features, Some(&dependency.alias))?;
        }
        Ok(())
    }

    /// A package's library, its binaries where it is the program itself, and the local crates below it.
    fn package(&mut self, folder: &Path, features: &Features, alias: Option<&str>) -> Result<(), Failure> {
        let key = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        if !self.packages.insert(key.clone()) {
            return Ok(());
        }
        let manifest = shown(self.root, &folder.join("Cargo.toml"));
        let package = Package::read(folder, &manifest, features)?;
        if package.is_kickdb() && alias.is_some() {
            return Ok(());
        }
        let features = Arc::new(package.features);
        if let Some(lib) = package.lib {
            self.root_file(lib, alias.unwrap_or(&package.lib_name).to_owned(), &features);
        }
        if alias.is_none() {
            for bin in package.bins {
                let name = root_name(&bin);
                self.root_file(bin, name, &features);
            }
        }
        for dependency in package.dependencies {
            self.package(&dependency.folder, &dependency.features, Some(&dependency.alias))?;
        }
        Ok(())
    }

    fn root_file(&mut self, path: PathBuf, module: String, features: &Arc<BTreeSet<String>>) {
        let children = path.parent().unwrap_or(self.root).to_owned();
        self.file(path, module, children, features.clone());
    }

    fn file(&mut self, path: PathBuf, module: String, children: PathBuf, features: Arc<BTreeSet<String>>) {
        let key = path.canonicalize().unwrap_or_else(|_| path.clone());
        if let Some(first) = self.seen.get(&key) {
            // The same file under a second path: its names are reached through the first.
            if let Some((parent, name)) = module.rsplit_once("::") {
                self.found.items.push(Item::Use(UseDecl {
                    ident: At::new(name.to_owned(), Default::default()),
                    module: parent.to_owned(),
                    path: first.split("::").map(str::to_owned).collect(),
                }));
            }
            return;
        }
        self.seen.insert(key, module.clone());
        self.next.push(FileToRead {
            shown: shown(self.root, &path).into(),
            path,
            module,
            children,
            features,
            texts: Arc::clone(&self.texts),
        });
    }

    /// Reads files until no new one is named, level by level: the order does not depend on which thread is faster.
    fn run(&mut self) {
        while !self.next.is_empty() {
            let files = std::mem::take(&mut self.next);
            self.found.files.extend(files.iter().map(|file| SourceFile {
                path: file.path.clone(),
                shown: file.shown.clone(),
            }));
            for (file, read) in files.iter().zip(read_all(&files)) {
                self.found.items.extend(read.items);
                self.found.problems.extend(read.problems);
                for module in read.modules {
                    let exists = module
                        .files
                        .iter()
                        .find(|(path, _)| self.texts.contains_key(path) || path.is_file());
                    match exists {
                        Some((path, children)) => {
                            self.file(path.clone(), module.path, children.clone(), file.features.clone());
                        }
                        None if module.required => self.found.problems.push(missing(&module, self.root)),
                        None => {}
                    }
                }
            }
        }
        self.found.problems.sort_by(|a, b| a.place.cmp(&b.place));
    }
}

/// The name of a binary's root in the paths of this crate: no Rust path can be this word, so it hides no crate.
fn root_name(path: &Path) -> String {
    let stem = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    format!("bin {stem}")
}

fn missing(module: &file::Module, root: &Path) -> Problem {
    let name = module.path.rsplit("::").next().unwrap_or(&module.path);
    let files: Vec<_> = module
        .files
        .iter()
        .map(|(path, _)| format!("`{}`", shown(root, path)))
        .collect();
    Problem::new(&module.place, format!("the file of the module `{name}` does not exist"))
        .help(format!("create {}, or remove the line", files.join(" or ")))
}

/// Reads files, on several threads where there are enough of them to pay for it.
fn read_all(files: &[FileToRead]) -> Vec<FileRead> {
    const FEW: usize = 8;
    parallel::map(files, FEW, file::read)
}

#[cfg(test)]
mod tests;
