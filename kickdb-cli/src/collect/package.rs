//! What Cargo.toml says about where the source of a package is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::failure::Failure;

/// A package, as far as collecting its source needs it.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// The name of its library in Rust paths.
    pub(crate) lib_name: String,
    /// The library's root file, where there is one.
    pub(crate) lib: Option<PathBuf>,
    /// The root files of its binaries.
    pub(crate) bins: Vec<PathBuf>,
    /// The features that are on.
    pub(crate) features: BTreeSet<String>,
    pub(crate) dependencies: Vec<Dependency>,
}

/// A dependency whose source is beside this package.
#[derive(Debug)]
pub(crate) struct Dependency {
    /// Its name in Rust paths.
    pub(crate) alias: String,
    pub(crate) folder: PathBuf,
    pub(crate) features: Features,
}

/// The features that a package is read with.
#[derive(Clone, Debug)]
pub(crate) struct Features {
    pub(crate) default: bool,
    pub(crate) named: Vec<String>,
}

impl Default for Features {
    fn default() -> Self {
        Self {
            default: true,
            named: Vec::new(),
        }
    }
}

impl Package {
    /// Reads the Cargo.toml of a folder.
    pub(crate) fn read(folder: &Path, shown: &str, wanted: &Features) -> Result<Self, Failure> {
        let manifest = parse(&folder.join("Cargo.toml"), shown)?;
        let Some(package) = manifest.get("package").and_then(Value::as_table) else {
            return Err(workspace_only(&manifest, shown));
        };
        let name = package
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let lib = manifest.get("lib").and_then(Value::as_table);
        let lib_name = lib
            .and_then(|lib| lib.get("name")?.as_str())
            .map_or_else(|| name.replace('-', "_"), str::to_owned);
        let lib_path = lib.and_then(|lib| lib.get("path")?.as_str()).unwrap_or("src/lib.rs");
        Ok(Self {
            lib: Some(folder.join(lib_path)).filter(|path| path.is_file()),
            bins: bins(folder, &manifest),
            features: features(&manifest, wanted),
            dependencies: dependencies(folder, &manifest),
            name,
            lib_name,
        })
    }

    /// Whether this is kickdb itself: its own structs are nobody's schema.
    pub(crate) fn is_kickdb(&self) -> bool {
        matches!(
            self.name.as_str(),
            "kickdb" | "kickdb-core" | "kickdb-macros" | "kickdb-cli"
        )
    }
}

fn parse(path: &Path, shown: &str) -> Result<Table, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::io("read", shown, &error))?;
    text.parse().map_err(|error: toml::de::Error| {
        Failure::new("manifest", format!("`{shown}` is not valid TOML: {}", error.message()))
            .help("`cargo metadata` shows the place")
    })
}

fn workspace_only(manifest: &Table, shown: &str) -> Failure {
    let members: Vec<_> = manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("members")?.as_array())
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let failure = Failure::usage(
        "no_package",
        format!("`{shown}` is a workspace without a package of its own"),
    );
    match members.first() {
        Some(first) => failure.help(format!(
            "change into the member that holds your tables, for example `cd {}` (members: {})",
            first.trim_end_matches("/*"),
            members.join(", ")
        )),
        None => failure.help("change into the package that holds your tables"),
    }
}

/// The binaries as Cargo finds them: named ones, `src/main.rs`, `src/bin/*.rs` and `src/bin/*/main.rs`.
fn bins(folder: &Path, manifest: &Table) -> Vec<PathBuf> {
    let mut found = BTreeSet::new();
    for bin in manifest.get("bin").and_then(Value::as_array).into_iter().flatten() {
        if let Some(path) = bin.get("path").and_then(Value::as_str) {
            found.insert(folder.join(path));
        }
    }
    let auto = manifest
        .get("package")
        .and_then(|package| package.get("autobins")?.as_bool())
        .unwrap_or(true);
    if auto {
        found.insert(folder.join("src/main.rs"));
        for entry in std::fs::read_dir(folder.join("src/bin"))
            .into_iter()
            .flatten()
            .flatten()
        {
            let path = entry.path();
            if path.extension().is_some_and(|ending| ending == "rs") {
                found.insert(path);
            } else {
                found.insert(path.join("main.rs"));
            }
        }
    }
    found.into_iter().filter(|path| path.is_file()).collect()
}

/// The features that are on, with all that they turn on in the same package.
fn features(manifest: &Table, wanted: &Features) -> BTreeSet<String> {
    let declared = manifest.get("features").and_then(Value::as_table);
    let mut todo: Vec<String> = wanted.named.clone();
    if wanted.default {
        todo.push("default".to_owned());
    }
    let mut on = BTreeSet::new();
    while let Some(feature) = todo.pop() {
        let implied = declared.and_then(|declared| declared.get(&feature)?.as_array());
        if on.insert(feature) {
            let own = |name: &&str| !name.starts_with("dep:") && !name.contains('/');
            todo.extend(
                implied
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .filter(own)
                    .map(str::to_owned),
            );
        }
    }
    on
}

fn dependencies(folder: &Path, manifest: &Table) -> Vec<Dependency> {
    let mut found = Vec::new();
    // Read only when a dependency asks for it, and then once.
    let mut workspace: Option<(PathBuf, BTreeMap<String, Value>)> = None;
    for (name, value) in manifest
        .get("dependencies")
        .and_then(Value::as_table)
        .into_iter()
        .flatten()
    {
        let Some(own) = value.as_table() else { continue };
        let inherits = own.get("workspace").and_then(Value::as_bool) == Some(true);
        let (base, path, shared) = if inherits {
            let (base, shared) = workspace.get_or_insert_with(|| workspace_dependencies(folder));
            let shared = shared.get(name).and_then(Value::as_table);
            (base.clone(), shared.and_then(|shared| shared.get("path")), shared)
        } else {
            (folder.to_owned(), own.get("path"), None)
        };
        let Some(path) = path.and_then(Value::as_str) else {
            continue;
        };
        let tables = || [Some(own), shared].into_iter().flatten();
        found.push(Dependency {
            alias: name.replace('-', "_"),
            folder: base.join(path),
            features: Features {
                default: tables().all(|table| table.get("default-features").and_then(Value::as_bool) != Some(false)),
                named: tables()
                    .filter_map(|table| table.get("features")?.as_array())
                    .flatten()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
            },
        });
    }
    found
}

fn workspace_dependencies(folder: &Path) -> (PathBuf, BTreeMap<String, Value>) {
    for folder in folder.ancestors() {
        let Ok(manifest) = parse(&folder.join("Cargo.toml"), "Cargo.toml") else {
            continue;
        };
        if let Some(workspace) = manifest.get("workspace") {
            let shared = workspace
                .get("dependencies")
                .and_then(Value::as_table)
                .cloned()
                .unwrap_or_default();
            return (folder.to_owned(), shared.into_iter().collect());
        }
    }
    (folder.to_owned(), BTreeMap::new())
}
