//! `init`: the configuration, the folder and a first table.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use kickdb_core::decl::Item;
use kickdb_core::dialect::{self, Dialect};
use serde_json::json;

use crate::args::{Global, InitArgs};
use crate::ask;
use crate::collect::{Texts, collect_with};
use crate::config::key::quoted;
use crate::config::{self, REFERENCE};
use crate::failure::Failure;
use crate::terminal::{Outcome, Terminal};

const CONFIG: &str = "kickdb.toml";
const TABLES: &str = "src/tables.rs";

const FIRST_TABLE: &str = r#"//! The tables of this program: each struct is one. After a change here, `cargo kickdb generate <name>` writes the
//! migration that brings the database along.

use kickdb::prelude::*;

/// One thing to do.
#[derive(Debug, Clone, Table)]
#[table(name = "tasks")]
pub struct Task {
    #[column(primary_key, identity)]
    pub id: i64,
    pub title: String,
    #[column(default = false)]
    pub done: bool,
}
"#;

/// Sets a package up, or prints the annotated configuration.
pub(crate) fn run(args: &InitArgs, global: &Global, terminal: &Terminal) -> Result<Outcome, Failure> {
    if args.print {
        terminal.result(REFERENCE.trim_end());
        return Ok(Outcome::done(json!({ "reference": REFERENCE })));
    }
    let root = config::package_root()?;
    let path = root.join(CONFIG);
    if path.exists() {
        return Err(
            Failure::new("exists", format!("`{CONFIG}` is already there; nothing was changed"))
                .help("edit it; `cargo kickdb init --print` shows every key with its meaning")
                .help("`cargo kickdb doctor` says what is set up and what is not"),
        );
    }
    let dialect = choose(args, global, terminal, &root)?;
    let in_environment = config::database_url(&root)?.is_some();
    let migrations = root.join(&args.migrations_dir);
    if migrations.exists() && !migrations.is_dir() {
        let error = std::io::Error::from(std::io::ErrorKind::NotADirectory);
        return Err(Failure::io("use the folder", &args.migrations_dir, &error));
    }
    let mut created = Vec::new();
    if !migrations.exists() {
        fs::create_dir_all(&migrations)
            .map_err(|error| Failure::io("create the folder", &args.migrations_dir, &error))?;
        created.push(format!("{}/", args.migrations_dir.trim_end_matches('/')));
    }
    let first = FirstTable::of(&root);
    if first != FirstTable::NotNeeded && root.join("src").is_dir() {
        write_new(&root.join(TABLES), TABLES, FIRST_TABLE)?;
        created.push(TABLES.to_owned());
    }
    // Last, so that a failure above leaves nothing that says the package is set up.
    write_new(
        &path,
        CONFIG,
        &configuration(dialect, global, &args.migrations_dir, in_environment),
    )?;
    created.insert(0, CONFIG.to_owned());
    for file in &created {
        terminal.say(format!("created {file}"));
    }
    let next = next_steps(&root, dialect, first == FirstTable::ToBeNamed);
    terminal.say("\nNext:");
    for (command, why) in &next {
        terminal.say(format!("  {command:<42}{why}").trim_end());
    }
    let commands: Vec<_> = next.iter().map(|(command, _)| command).collect();
    Ok(Outcome::done(
        json!({ "created": created, "dialect": dialect.id().as_str(), "next": commands }),
    ))
}

/// The engine: as given, as the URL names it, or as answered.
fn choose(args: &InitArgs, global: &Global, terminal: &Terminal, root: &Path) -> Result<&'static dyn Dialect, Failure> {
    let known: Vec<_> = dialect::ALL.iter().map(|dialect| dialect.id().as_str()).collect();
    if let Some(name) = &args.dialect {
        return dialect::by_name(name).ok_or_else(|| {
            Failure::usage("dialect", format!("`{name}` is no engine that kickdb knows"))
                .help(format!("use one of {}", quoted(&known)))
        });
    }
    if let Some(url) = &global.url {
        return dialect::by_url(url).ok_or_else(|| {
            Failure::usage("url", "the URL given with `--url` names no engine that kickdb knows")
                .help(format!("start it with one of {}, followed by `:`", quoted(&known)))
        });
    }
    if let Some(dialect) = config::database_url(root)?.as_deref().and_then(dialect::by_url) {
        return Ok(dialect);
    }
    if terminal.may_ask() {
        let titles = dialect::ALL.iter().map(|dialect| dialect.title().to_owned()).collect();
        return Ok(dialect::ALL[ask::choose("Which database?", titles)?]);
    }
    let ways: Vec<_> = known.iter().map(|name| format!("--dialect {name}")).collect();
    Err(Failure::usage("decision", "which database engine is this project for?")
        .help(format!("run again with `{}`", ways.join("` or `")))
        .with_data(json!({ "decision": "dialect", "flags": ways })))
}

/// The annotated configuration with the engine set, and whatever was asked to differ from the defaults.
fn configuration(dialect: &dyn Dialect, global: &Global, migrations_dir: &str, in_environment: bool) -> String {
    // A URL that was given may hold a password, which must not be committed; and one in the environment is found again.
    let url = match (&global.url, in_environment) {
        (Some(url), _) if !url.contains('@') => Some(url.as_str()),
        (None, false) => Some(dialect.sample_url()),
        _ => None,
    };
    let set = |key: &str, value: &str| (format!("# {key} = "), format!("{key} = {}\n", json!(value)));
    let mut settings = vec![set("dialect", dialect.id().as_str())];
    settings.extend(url.map(|url| set("url", url)));
    if migrations_dir != "migrations" {
        settings.push(set("migrations_dir", migrations_dir));
    }
    let mut text = String::new();
    for line in REFERENCE.split_inclusive('\n') {
        match settings
            .iter()
            .position(|(commented, _)| line.starts_with(commented.as_str()))
        {
            Some(index) => text.push_str(&settings.swap_remove(index).1),
            None => text.push_str(line),
        }
    }
    text
}

fn write_new(path: &Path, shown: &str, text: &str) -> Result<(), Failure> {
    let mut file = fs::File::create_new(path).map_err(|error| Failure::io("create", shown, &error))?;
    file.write_all(text.as_bytes())
        .map_err(|error| Failure::io("write", shown, &error))
}

/// What becomes of the file of the first table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FirstTable {
    /// There is one, or the source declares tables elsewhere.
    NotNeeded,
    /// It is written, and a `mod` line names it already.
    Named,
    /// It is written, and a `mod` line must be added.
    ToBeNamed,
}

impl FirstTable {
    fn of(root: &Path) -> Self {
        let path = root.join(TABLES);
        if path.exists() {
            return Self::NotNeeded;
        }
        // As if it were there: what is still wrong then, or declared elsewhere, is the source's own.
        let texts = Texts::new([(path.clone(), FIRST_TABLE.to_owned())].into());
        let Ok(found) = collect_with(root, &[], texts) else {
            return Self::ToBeNamed;
        };
        let named = found.files.iter().any(|file| file.path == path);
        let tables = found.items.iter().filter(|item| matches!(item, Item::Table(_))).count();
        match (named, tables - usize::from(named)) {
            (true, 0) => Self::Named,
            (false, 0) if found.problems.is_empty() => Self::ToBeNamed,
            _ => Self::NotNeeded,
        }
    }
}

fn next_steps(root: &Path, dialect: &dyn Dialect, to_be_named: bool) -> Vec<(String, String)> {
    let mut steps = Vec::new();
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap_or_default();
    if !manifest.lines().any(|line| line.trim_start().starts_with("kickdb")) {
        steps.push((format!("cargo add kickdb --features {}", dialect.id()), String::new()));
    }
    if to_be_named {
        let file = if root.join("src/lib.rs").is_file() {
            "src/lib.rs"
        } else {
            "src/main.rs"
        };
        steps.push(("mod tables;".to_owned(), format!("add this line to {file}")));
    }
    steps.push((
        "cargo kickdb generate first_tables".to_owned(),
        "writes the first migration".to_owned(),
    ));
    steps.push((
        "cargo kickdb migrate review --all".to_owned(),
        "shows its SQL and marks it reviewed".to_owned(),
    ));
    steps.push(("cargo kickdb migrate latest".to_owned(), "applies it".to_owned()));
    steps
}
