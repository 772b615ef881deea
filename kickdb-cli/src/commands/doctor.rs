//! `doctor`: what is set up, what is not, and how to fix it.

use kickdb_core::journal::Severity;
use kickdb_core::runner::{Cancel, Runner, Source as Migrations, State};
use serde_json::{Value, json};

use super::migrate::{findings, options};
use crate::args::{Global, RunArgs};
use crate::config::{Need, Project, Target};
use crate::declared::Source;
use crate::describe::count;
use crate::failure::Failure;
use crate::live;
use crate::terminal::{Outcome, Paint, Terminal};

/// One thing that was looked at.
struct Entry {
    what: String,
    found: Found,
}

enum Found {
    Good(String),
    /// Not wrong, but something is left to do.
    Open(String, String),
    Wrong(String, Vec<String>),
}

/// Looks at everything; the answer is "no" where something is wrong.
pub(crate) fn run(global: &Global, terminal: &Terminal) -> Result<Outcome, Failure> {
    let mut entries = Vec::new();
    match Project::open(global, Need::Migrations) {
        Ok(project) => look(&project, &mut entries),
        Err(failure) => {
            terminal.diagnostics(&failure.diagnostics);
            entries.push(wrong("configuration", failure));
        }
    }
    let mut no = false;
    for entry in &entries {
        let (sign, text, help) = match &entry.found {
            Found::Good(text) => (terminal.paint(Paint::Good, "ok  "), text, Vec::new()),
            Found::Open(text, help) => (terminal.paint(Paint::Warn, "todo"), text, vec![help]),
            Found::Wrong(text, help) => {
                no = true;
                (terminal.paint(Paint::Bad, "no  "), text, help.iter().collect())
            }
        };
        terminal.result(format!("{sign} {:<14} {text}", entry.what));
        for help in help {
            terminal.result(format!("     {:<14} → {help}", ""));
        }
    }
    let checks: Vec<Value> = entries.iter().map(one).collect();
    Ok(Outcome::answer(no, json!({ "checks": checks })))
}

fn look(project: &Project, entries: &mut Vec<Entry>) {
    let config = match (&project.config_file, &project.manifest) {
        (Some(_), _) => "kickdb.toml".to_owned(),
        (None, _) => "no kickdb.toml; Cargo.toml, the environment and defaults".to_owned(),
    };
    let environment = if project.development {
        " (KICKDB_ENV=development: reviews are not required)"
    } else {
        ""
    };
    entries.push(good("configuration", format!("{config}{environment}")));
    if project.manifest.is_some() {
        source(project, entries);
    }
    for target in &project.targets {
        migrations(project, target, entries);
        database(project, target, entries);
    }
}

fn source(project: &Project, entries: &mut Vec<Entry>) {
    let read = Source::read(&project.root, &project.sources).and_then(Source::must_declare);
    entries.push(match read {
        Ok(source) => {
            let refused = project
                .targets
                .iter()
                .find_map(|target| source.resolve_for(target).err());
            match refused {
                Some(failure) => wrong("source", failure),
                None => good(
                    "source",
                    format!(
                        "{} in {}",
                        count(source.tables(), "table"),
                        count(source.files.len(), "file")
                    ),
                ),
            }
        }
        Err(failure) => wrong("source", failure),
    });
}

fn migrations(project: &Project, target: &Target, entries: &mut Vec<Entry>) {
    let what = "migrations";
    entries.push(match findings(project, target) {
        Err(failure) => wrong(what, failure),
        Ok((found, number)) => {
            let place = format!("{} in {}", count(number, "migration"), target.migrations_shown);
            let denied: Vec<_> = found
                .iter()
                .filter(|finding| finding.severity == Severity::Deny)
                .collect();
            match denied.as_slice() {
                [] if number == 0 => open(what, place, "cargo kickdb generate <name>"),
                [] => good(what, place),
                [one] if one.code == "migration_unreviewed" => open(what, place, "cargo kickdb migrate review --all"),
                several => open(
                    what,
                    format!("{place}: {}", count(several.len(), "finding")),
                    "cargo kickdb migrate verify",
                ),
            }
        }
    });
}

fn database(project: &Project, target: &Target, entries: &mut Vec<Entry>) {
    let what = "database";
    if !target.has_url() {
        let help = format!(
            "set DATABASE_URL, or `url = \"{}\"` in kickdb.toml; `generate` and `check` need none",
            target.dialect.sample_url()
        );
        entries.push(open(what, format!("no URL for {}", target.shown()), help));
        return;
    }
    let looked = live::url(project, target).and_then(|url| {
        let options = options(project, target, &RunArgs::default(), Cancel::new())?;
        let standings = live::block_on(async {
            let mut runner = Runner::connect(&url, Migrations::Folder(target.migrations.clone()), options).await?;
            let standings = runner.status().await;
            runner.close().await?;
            Ok(standings?)
        })?;
        Ok((url, standings))
    });
    entries.push(match looked {
        Err(failure) => wrong(what, failure),
        Ok((url, standings)) => {
            let pending = standings
                .iter()
                .filter(|standing| standing.state == State::Pending)
                .count();
            let shown = live::shown(&url);
            match pending {
                0 => good(what, format!("{shown}, nothing pending")),
                _ => open(
                    what,
                    format!("{shown}, {} pending", count(pending, "migration")),
                    "cargo kickdb migrate latest",
                ),
            }
        }
    });
}

fn good(what: &str, text: impl Into<String>) -> Entry {
    Entry {
        what: what.to_owned(),
        found: Found::Good(text.into()),
    }
}

fn open(what: &str, text: impl Into<String>, help: impl Into<String>) -> Entry {
    Entry {
        what: what.to_owned(),
        found: Found::Open(text.into(), help.into()),
    }
}

fn wrong(what: &str, failure: Failure) -> Entry {
    Entry {
        what: what.to_owned(),
        found: Found::Wrong(failure.message, failure.help),
    }
}

fn one(entry: &Entry) -> Value {
    let (state, text, help) = match &entry.found {
        Found::Good(text) => ("ok", text, Vec::new()),
        Found::Open(text, help) => ("todo", text, vec![help.clone()]),
        Found::Wrong(text, help) => ("no", text, help.clone()),
    };
    json!({ "what": entry.what, "state": state, "message": text, "help": help })
}
