//! The configuration: defaults, `[package.metadata.kickdb]`, kickdb.toml, the environment, flags; the last one wins.

mod env;
mod file;
pub(crate) mod key;

use std::path::{Path, PathBuf};
use std::time::Duration;

use kickdb_core::dialect::{self, Dialect, ServerVersion};

use self::env::Env;
use self::file::{Layer, TomlFile};
use kickdb_core::decl::nearest;
use kickdb_core::lint::Policy;

use self::key::{Origin, Settings, Value, overlay, quoted};
use crate::args::Global;
use crate::failure::Failure;

/// The annotated configuration: every key with its meaning.
pub(crate) const REFERENCE: &str = include_str!("reference.toml");

/// The project a command works on.
pub(crate) struct Project {
    /// The folder that all configured paths are relative to.
    pub(crate) root: PathBuf,
    /// The package's Cargo.toml, where there is one.
    pub(crate) manifest: Option<PathBuf>,
    /// Its kickdb.toml, where there is one.
    pub(crate) config_file: Option<PathBuf>,
    /// Whether `KICKDB_ENV` says that this is a developer's machine.
    pub(crate) development: bool,
    /// The configured crate roots; empty is the package's own library and binaries.
    pub(crate) sources: Vec<String>,
    /// What `[lint]` makes of hazards.
    pub(crate) policy: Policy,
    /// The targets that this command is about, at least one.
    pub(crate) targets: Vec<Target>,
}

/// One database engine with its migrations.
#[derive(Clone)]
pub(crate) struct Target {
    /// Its `[target.<name>]`; `None` where there are no such tables.
    pub(crate) name: Option<String>,
    pub(crate) dialect: &'static dyn Dialect,
    pub(crate) migrations: PathBuf,
    /// The folder as it is shown.
    pub(crate) migrations_shown: String,
    pub(crate) settings: Settings,
    env: Env,
}

/// What is needed of a project by the command at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// The source: a Cargo.toml must be there.
    Source,
    /// The migrations: a kickdb.toml is enough, as on a server without the source.
    Migrations,
}

impl Project {
    /// Finds the project of the working directory (or of `--config`) and reads its configuration.
    pub(crate) fn open(global: &Global, need: Need) -> Result<Self, Failure> {
        let (root, config_file) = locate(global, need)?;
        let manifest = Some(root.join("Cargo.toml")).filter(|path| path.is_file());
        let mut layer = Layer::default();
        if let Some(path) = &manifest {
            merge(&mut layer, manifest_layer(path)?);
        }
        if let Some(path) = &config_file {
            let text = read(path, "kickdb.toml")?;
            let file = TomlFile {
                path,
                shown: "kickdb.toml",
                text: &text,
            };
            let table = file.parse()?;
            merge(&mut layer, file.layer(table.get_ref(), &Origin::File)?);
        }
        let env = Env::read(&root)?;
        let targets = targets(&root, &layer, &env, global)?;
        let given = env.settings()?;
        let sources = match given.get("source").or_else(|| layer.settings.get("source")) {
            Some((Value::List(list), _)) => list.clone(),
            _ => Vec::new(),
        };
        Ok(Self {
            manifest,
            config_file,
            development: env.get("KICKDB_ENV").is_some_and(|value| value == "development"),
            sources,
            policy: Policy {
                settings: layer.hazards,
            },
            targets,
            root,
        })
    }

    /// The one target of a command that can only work on one.
    pub(crate) fn only_target(&self) -> Result<&Target, Failure> {
        match self.targets.as_slice() {
            [one] => Ok(one),
            several => {
                let names: Vec<_> = several.iter().map(Target::shown).collect();
                Err(Failure::usage(
                    "target",
                    format!("this project has several targets: {}", quoted(&names)),
                )
                .help(format!("name one, for example `--target {}`", names[0])))
            }
        }
    }
}

impl Target {
    /// The name for people.
    pub(crate) fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(self.dialect.id().as_str())
    }

    /// The flag that selects this target, with a space in front; empty where there is nothing to select.
    pub(crate) fn flag(&self) -> String {
        self.name
            .as_ref()
            .map(|name| format!(" --target {name}"))
            .unwrap_or_default()
    }

    /// The database's URL with its variables in place.
    pub(crate) fn url(&self) -> Result<String, Failure> {
        let Some((url, origin)) = self.text("url") else {
            return Err(
                Failure::usage("no_url", format!("no database is configured for {}", self.shown())).help(format!(
                    "set `url = \"{}\"` in kickdb.toml, or the variable DATABASE_URL, or give `--url`",
                    self.dialect.sample_url()
                )),
            );
        };
        let url = self.env.expand(url)?;
        match dialect::by_url(&url) {
            Some(found) if found.id() == self.dialect.id() => Ok(url),
            found => Err(mismatch(&url, origin, self, found)),
        }
    }

    /// Whether the URL was given on this command line.
    pub(crate) fn url_is_a_flag(&self) -> bool {
        matches!(self.settings.get("url"), Some((_, Origin::Flag(_))))
    }

    /// Whether a URL is configured at all.
    pub(crate) fn has_url(&self) -> bool {
        self.settings.contains_key("url")
    }

    /// A database on the server that proves what is generated; `None` where none is configured.
    pub(crate) fn proof_url(&self) -> Result<Option<String>, Failure> {
        let Some((url, origin)) = self.text("shadow_url") else {
            return self.has_url().then(|| self.url()).transpose();
        };
        let url = self.env.expand(url)?;
        match dialect::by_url(&url) {
            Some(found) if found.id() == self.dialect.id() => Ok(Some(url)),
            found => Err(mismatch(&url, origin, self, found)),
        }
    }

    /// The oldest server that the migrations are for.
    pub(crate) fn server_version(&self) -> Option<ServerVersion> {
        self.text("server_version")
            .and_then(|(text, _)| ServerVersion::parse(text))
    }

    pub(crate) fn text(&self, key: &str) -> Option<(&str, &Origin)> {
        let (value, origin) = self.settings.get(key)?;
        Some((value.text()?, origin))
    }

    pub(crate) fn duration(&self, key: &str) -> Option<Duration> {
        match self.settings.get(key) {
            Some((Value::Duration(duration), _)) => Some(*duration),
            _ => None,
        }
    }

    pub(crate) fn flag_is_set(&self, key: &str) -> Option<bool> {
        match self.settings.get(key) {
            Some((Value::Bool(value), _)) => Some(*value),
            _ => None,
        }
    }
}

fn mismatch(url: &str, origin: &Origin, target: &Target, found: Option<&dyn Dialect>) -> Failure {
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    match found {
        Some(found) => Failure::usage(
            "url",
            format!(
                "the URL in {origin} is one of {}, but this target is {}",
                found.title(),
                target.dialect.title()
            ),
        )
        .help(format!("correct the URL, or set `dialect = \"{}\"`", found.id())),
        None => unknown_scheme(scheme, origin),
    }
}

fn unknown_scheme(scheme: &str, origin: &Origin) -> Failure {
    let known: Vec<_> = dialect::ALL
        .iter()
        .flat_map(|dialect| dialect.url_schemes())
        .copied()
        .collect();
    let failure = match scheme {
        "" => Failure::usage("url", format!("the URL in {origin} names no engine")),
        scheme => Failure::usage(
            "url",
            format!("the URL in {origin} starts with `{scheme}:`, which is no engine known here"),
        ),
    };
    failure.help(format!("start it with one of {}, followed by `:`", quoted(&known)))
}

/// The folder of the project and its kickdb.toml.
fn locate(global: &Global, need: Need) -> Result<(PathBuf, Option<PathBuf>), Failure> {
    let here = std::env::current_dir().map_err(|error| Failure::io("read", ".", &error))?;
    if let Some(config) = &global.config {
        let path = here.join(config);
        if !path.is_file() {
            return Err(
                Failure::usage("config", format!("there is no file `{}`", config.display()))
                    .help("check the path given to `--config`"),
            );
        }
        let root = path.parent().unwrap_or(&here).to_owned();
        if need == Need::Source && !root.join("Cargo.toml").is_file() {
            return Err(not_a_project(&root.display().to_string()));
        }
        return Ok((root, Some(path)));
    }
    let has = |folder: &&Path, file: &str| folder.join(file).is_file();
    let root = here
        .ancestors()
        .find(|folder| has(folder, "Cargo.toml") || (need == Need::Migrations && has(folder, "kickdb.toml")))
        .ok_or_else(|| not_a_project("this folder"))?;
    Ok((
        root.to_owned(),
        Some(root.join("kickdb.toml")).filter(|path| path.is_file()),
    ))
}

/// The folder of the package that the working directory is in.
pub(crate) fn package_root() -> Result<PathBuf, Failure> {
    let here = std::env::current_dir().map_err(|error| Failure::io("read", ".", &error))?;
    here.ancestors()
        .find(|folder| folder.join("Cargo.toml").is_file())
        .map(Path::to_owned)
        .ok_or_else(|| not_a_project("this folder"))
}

/// The URL that the environment names for a project that has no configuration yet.
pub(crate) fn database_url(root: &Path) -> Result<Option<String>, Failure> {
    let env = Env::read(root)?;
    Ok(env.get("KICKDB_URL").or_else(|| env.get("DATABASE_URL")))
}

fn not_a_project(place: &str) -> Failure {
    Failure::usage(
        "no_project",
        format!("{place} is not in a Cargo project: there is no Cargo.toml here or above"),
    )
    .help("change into your project's folder, or start one with `cargo new`")
}

fn manifest_layer(path: &Path) -> Result<Layer, Failure> {
    let text = read(path, "Cargo.toml")?;
    let file = TomlFile {
        path,
        shown: "Cargo.toml",
        text: &text,
    };
    let parsed = file.parse()?;
    let section = parsed.get_ref().get("package").and_then(|package| {
        package
            .get_ref()
            .get("metadata")?
            .get_ref()
            .get("kickdb")?
            .get_ref()
            .as_table()
    });
    match section {
        Some(table) => file.layer(table, &Origin::Manifest),
        None => Ok(Layer::default()),
    }
}

fn read(path: &Path, shown: &str) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::io("read", shown, &error))
}

fn merge(weaker: &mut Layer, stronger: Layer) {
    overlay(&mut weaker.settings, &stronger.settings);
    weaker.hazards.extend(stronger.hazards);
    for (name, settings) in stronger.targets {
        overlay(weaker.targets.entry(name).or_default(), &settings);
    }
}

fn targets(root: &Path, layer: &Layer, env: &Env, global: &Global) -> Result<Vec<Target>, Failure> {
    let mut stronger = env.settings()?;
    if let Some(url) = &global.url {
        stronger.insert("url", (Value::Text(url.clone()), Origin::Flag("url")));
    }
    if layer.targets.is_empty() {
        if let Some(name) = &global.target {
            return Err(Failure::usage(
                "target",
                format!("there is no target `{name}`: this project has no `[target.…]` tables"),
            )
            .help("leave `--target` out, or add the table to kickdb.toml"));
        }
        let mut settings = layer.settings.clone();
        overlay(&mut settings, &stronger);
        return Ok(vec![target(root, None, settings, env)?]);
    }
    let known = || layer.targets.keys().map(String::as_str);
    if let Some(name) = global
        .target
        .as_deref()
        .filter(|name| !layer.targets.contains_key(*name))
    {
        let names: Vec<_> = known().collect();
        let failure = Failure::usage("target", format!("there is no target `{name}`"));
        return Err(match nearest(name, known()) {
            Some(near) => failure.help(format!("did you mean `--target {near}`?")),
            None => failure.help(format!("this project has {}", quoted(&names))),
        });
    }
    let found = layer
        .targets
        .iter()
        .filter(|(name, _)| global.target.as_ref().is_none_or(|wanted| wanted == *name))
        .map(|(name, own)| {
            let mut settings = layer.settings.clone();
            overlay(&mut settings, own);
            overlay(&mut settings, &for_one_of_several(&stronger, name, own, global));
            target(root, Some(name), settings, env)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let from_flag = |target: &Target| matches!(target.settings.get("url"), Some((_, Origin::Flag(_))));
    match &global.url {
        // A database was named: the command is about the target of its engine and about no other.
        Some(url) => {
            let named: Vec<_> = found.into_iter().filter(from_flag).collect();
            if named.is_empty() {
                let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
                return Err(match dialect::by_url(url) {
                    None => unknown_scheme(scheme, &Origin::Flag("url")),
                    Some(found) => Failure::usage("target", format!("no target of this project is {}", found.title()))
                        .help(format!("add a `[target.{}]` table to kickdb.toml", found.id())),
                });
            }
            Ok(named)
        }
        None => Ok(found),
    }
}

/// What the environment and the flags say to one target of several: a URL goes to its own engine only, and what tells the
/// targets apart stays as the file has it.
fn for_one_of_several(stronger: &Settings, name: &str, own: &Settings, global: &Global) -> Settings {
    let dialect = own.get("dialect").and_then(|(value, _)| value.text()).unwrap_or(name);
    let mut settings = stronger.clone();
    settings.retain(|key, (value, _)| match *key {
        "dialect" | "migrations_dir" | "server_version" => false,
        "url" => {
            let of_engine = value
                .text()
                .and_then(dialect::by_url)
                .is_some_and(|found| found.id().as_str() == dialect);
            of_engine || (global.url.is_some() && global.target.is_some())
        }
        _ => true,
    });
    settings
}

fn target(root: &Path, name: Option<&String>, settings: Settings, env: &Env) -> Result<Target, Failure> {
    let text = |key: &str| settings.get(key).and_then(|(value, _)| value.text());
    let expanded = match text("url") {
        Some(url) if text("dialect").is_none() => env.expand(url).ok(),
        _ => None,
    };
    let dialect = match (text("dialect"), &expanded) {
        (Some(name), _) => dialect::by_name(name),
        (None, Some(url)) => dialect::by_url(url),
        (None, None) => name.and_then(|name| dialect::by_name(name)),
    };
    let Some(dialect) = dialect else {
        if let (Some(url), Some((_, origin))) = (&expanded, settings.get("url")) {
            return Err(unknown_scheme(
                url.split_once(':').map_or("", |(scheme, _)| scheme),
                origin,
            ));
        }
        let known: Vec<_> = dialect::ALL.iter().map(|dialect| dialect.id().as_str()).collect();
        let place = name.map_or("kickdb.toml".to_owned(), |name| format!("`[target.{name}]`"));
        return Err(
            Failure::usage("no_dialect", "no database engine is configured").help(format!(
                "run `cargo kickdb init`, or set `dialect` in {place} to one of {}",
                quoted(&known)
            )),
        );
    };
    let folder = match (text("migrations_dir"), name) {
        (Some(folder), _) => folder.to_owned(),
        (None, Some(name)) => format!("migrations/{name}"),
        (None, None) => "migrations".to_owned(),
    };
    // Relative where that is the same: it is shown in every message about a file in it.
    let here = std::env::current_dir().is_ok_and(|here| here == root);
    let migrations = if here {
        PathBuf::from(&folder)
    } else {
        root.join(&folder)
    };
    Ok(Target {
        name: name.cloned(),
        dialect,
        migrations_shown: shown(root, &migrations),
        migrations,
        settings,
        env: env.clone(),
    })
}

/// A path as it is shown: relative to the project where it is inside of it.
pub(crate) fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .display()
        .to_string()
        .replace('\\', "/")
}

#[cfg(test)]
mod tests;
