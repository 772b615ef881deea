//! `lint`: what is dangerous in migrations, or in any file of SQL.

use std::path::Path;

use kickdb_core::decl::nearest;
use kickdb_core::dialect::{self, live as database};
use kickdb_core::journal::{self, Folder};
use kickdb_core::lint::{self, Exception, Policy, Rule};
use kickdb_core::runner::{Cancel, Runner, Source, State};
use serde_json::{Value, json};

use super::migrate::options;
use crate::args::{Format, Global, LintArgs, RunArgs};
use crate::config::key::quoted;
use crate::config::{Need, Project, Target};
use crate::declared::Source as Declared;
use crate::failure::Failure;
use crate::folder;
use crate::hazards::{self, Linted};
use crate::live;
use crate::mentions::{self, Mention};
use crate::terminal::{Outcome, Terminal};

/// Looks at migrations or files; the answer is "no" where a hazard is refused.
pub(crate) fn run(args: &LintArgs, global: &Global, terminal: &Terminal) -> Result<Outcome, Failure> {
    if let Some(code) = &args.explain {
        return explain(code, terminal);
    }
    let (files, ids): (Vec<&String>, Vec<&String>) = args.what.iter().partition(|what| is_file(what));
    if !files.is_empty() && (args.allow.is_some() || !ids.is_empty()) {
        return Err(Failure::usage(
            "usage",
            "files and migrations cannot be mixed, and `--allow` is for a migration",
        )
        .help("in a file, write `-- kickdb: allow <code> because <reason>` above the statement"));
    }
    let (linted, mentions) = match files.is_empty() {
        true => migrations(&ids, args, global, terminal)?,
        false => (scripts(&files, args, global, terminal)?, Vec::new()),
    };
    Ok(answer(&linted, &mentions, global, terminal))
}

/// Shows what was found, in the form that was asked for.
fn answer(linted: &[Linted], mentions: &[Mention], global: &Global, terminal: &Terminal) -> Outcome {
    let no = linted.iter().any(Linted::denies);
    match global.format {
        Format::Human => {
            linted.iter().for_each(|linted| hazards::report(linted, terminal));
            mentions::show(mentions, terminal);
            terminal.say(hazards::summary(linted));
        }
        Format::Github => terminal.lines(&hazards::annotations(linted)),
        Format::Sarif => terminal.document(&hazards::sarif(linted)),
        // `snapshot` is refused before this, and JSON is written at the end.
        Format::Json | Format::Snapshot => {}
    }
    Outcome::answer(
        no,
        json!({
            "scripts": linted.iter().map(Linted::json).collect::<Vec<_>>(),
            "stillSaid": mentions.iter().map(Mention::json).collect::<Vec<_>>(),
        }),
    )
}

/// Whether a file is meant and no migration.
fn is_file(what: &str) -> bool {
    what == "-" || what.ends_with(".sql") || Path::new(what).is_file()
}

/// Looks at files. Of which engine they are is said, or the project's.
fn scripts(files: &[&String], args: &LintArgs, global: &Global, terminal: &Terminal) -> Result<Vec<Linted>, Failure> {
    let project = Project::open(global, Need::Migrations);
    let (dialect, policy) = match (&args.dialect, &project) {
        (Some(name), _) => {
            let known: Vec<_> = dialect::ALL.iter().map(|dialect| dialect.id().as_str()).collect();
            let found = dialect::by_name(name).ok_or_else(|| {
                Failure::usage("dialect", format!("`{name}` is no engine that kickdb knows"))
                    .help(format!("use one of {}", quoted(&known)))
            })?;
            (
                found,
                project
                    .as_ref()
                    .map(|project| project.policy.clone())
                    .unwrap_or_default(),
            )
        }
        (None, Ok(project)) => (project.only_target()?.dialect, project.policy.clone()),
        (None, Err(_)) => {
            return Err(project
                .err()
                .expect("it is one in this arm")
                .help("or say of which engine the file is: `--dialect postgres`"));
        }
    };
    let mut linted = Vec::new();
    for file in files {
        let text = read(file)?;
        let shown = if file.as_str() == "-" { "stdin" } else { file };
        linted.push(Linted::script(shown.to_owned(), text, dialect, &policy));
    }
    if let Ok(project) = &project
        && let Ok(target) = project.only_target()
        && target.dialect.id() == dialect.id()
    {
        hazards::ask(&mut linted, project, target, terminal);
    }
    Ok(linted)
}

fn read(file: &str) -> Result<String, Failure> {
    let bytes = match file {
        "-" => {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).map(|_| bytes)
        }
        path => std::fs::read(path),
    };
    // A dump may hold bytes of another encoding in its values; what is looked at is ASCII.
    bytes
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .map_err(|error| Failure::io("read", file, &error))
}

/// Looks at migrations: those that are named, all, or those that are pending.
fn migrations(
    ids: &[&String],
    args: &LintArgs,
    global: &Global,
    terminal: &Terminal,
) -> Result<(Vec<Linted>, Vec<Mention>), Failure> {
    let project = Project::open(global, Need::Migrations)?;
    // A source that cannot be read is for `check` to tell.
    let source = Declared::read(&project.root, &project.sources).ok();
    let mut changes = Vec::new();
    let mut linted = Vec::new();
    let mut known = false;
    for target in &project.targets {
        let mut folder = folder::read(target)?;
        let mut chosen = Vec::new();
        for part in ids {
            match folder::find(&folder, part) {
                Ok(id) => chosen.push(id),
                // With several targets it need not be in each of them.
                Err(_)
                    if project.targets.len() > 1
                        && !folder.journal.entries.iter().any(|entry| entry.id.contains(*part)) => {}
                Err(failure) => return Err(failure),
            }
        }
        known |= !chosen.is_empty();
        if args.all {
            chosen = folder.journal.entries.iter().map(|entry| entry.id.clone()).collect();
        } else if ids.is_empty() {
            chosen = pending(&project, target, &folder, terminal)?;
        }
        if let (Some(allowed), Some(reason)) = (&args.allow, &args.because) {
            for id in &chosen {
                except(&mut folder, id, target, allowed, reason, &project.policy)?;
            }
        }
        // One whose snapshot is damaged is for `verify` to tell.
        let changed = chosen.iter().filter_map(|id| folder.changes(id, target.dialect).ok());
        changes.extend(changed.map(|(_, changes)| changes));
        let looked = chosen
            .iter()
            .map(|id| Linted::migration(&folder, id, target, &project.policy));
        let mut looked: Vec<_> = looked.collect();
        hazards::ask(&mut looked, &project, target, terminal);
        linted.extend(looked);
    }
    if !ids.is_empty() && !known {
        let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
        return Err(
            Failure::usage("migration_unknown", format!("there is no migration {}", quoted(&ids)))
                .help("`cargo kickdb migrate status` lists them"),
        );
    }
    let mentions = source.map_or_else(Vec::new, |source| source.mentions(changes.iter().map(Vec::as_slice)));
    Ok((linted, mentions))
}

/// The migrations that are not applied; where no database can be asked, those that are not reviewed.
fn pending(project: &Project, target: &Target, folder: &Folder, terminal: &Terminal) -> Result<Vec<String>, Failure> {
    let entries = || folder.journal.entries.iter().map(|entry| entry.id.clone());
    if target.has_url() {
        let url = live::url(project, target)?;
        if database::is_new_file(&url) {
            return Ok(entries().collect());
        }
        let options = options(project, target, &RunArgs::default(), Cancel::new())?;
        let asked = live::block_on(async {
            let mut runner = Runner::connect(&url, Source::Folder(target.migrations.clone()), options).await?;
            let standings = runner.status().await;
            runner.close().await?;
            Ok(standings?)
        });
        match asked {
            Ok(standings) => {
                let open = standings
                    .into_iter()
                    .filter(|standing| standing.state == State::Pending);
                return Ok(open.map(|standing| standing.id).collect());
            }
            Err(failure) => terminal.log(format!(
                "note: {}; the migrations that are not reviewed are looked at instead",
                failure.message
            )),
        }
    }
    let open = |id: &String| folder.migration(id).is_some_and(|migration| !migration.reviewed());
    Ok(entries().filter(open).collect())
}

/// Keeps an exception in the `meta.json` of a migration.
fn except(
    folder: &mut Folder,
    id: &str,
    target: &Target,
    allowed: &str,
    reason: &str,
    policy: &Policy,
) -> Result<(), Failure> {
    let (code, object) = match allowed.split_once('=') {
        Some((code, object)) => (code, Some(object.to_owned())),
        None => (allowed, None),
    };
    let rule = rule(code)?;
    let exception = Exception {
        code: rule.code.to_owned(),
        object,
        reason: reason.to_owned(),
    };
    let found = Linted::migration(folder, id, target, policy).found;
    if !found
        .iter()
        .any(|finding| exception.covers(finding.rule.code, &finding.object))
    {
        return Err(Failure::usage(
            "exception",
            format!("there is no hazard `{allowed}` in `{id}`; nothing was written"),
        )
        .help(format!("`cargo kickdb lint {id}` shows what there is")));
    }
    let migration = folder.migrations.get_mut(id);
    let Some(meta) = migration.and_then(|migration| migration.meta.as_mut()) else {
        return Err(Failure::new(
            "migrations_folder",
            format!("`{}/{id}/meta.json` is missing", folder.path),
        )
        .help("restore it from version control"));
    };
    meta.exceptions
        .retain(|other| (&other.code, &other.object) != (&exception.code, &exception.object));
    meta.exceptions.push(exception);
    Ok(journal::write_meta(&target.migrations, meta)?)
}

/// The rule of a code, or the error that names the nearest one.
pub(crate) fn rule(code: &str) -> Result<&'static Rule, Failure> {
    lint::by_code(code).ok_or_else(|| {
        let failure = Failure::usage("hazard", format!("there is no hazard `{code}`"));
        match nearest(code, lint::ALL.iter().map(|rule| rule.code)) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help(format!(
                "all of them: {}/blob/main/docs/hazards.md",
                env!("CARGO_PKG_REPOSITORY")
            )),
        }
    })
}

/// The page of a hazard.
fn explain(code: &str, terminal: &Terminal) -> Result<Outcome, Failure> {
    let page = rule(code)?.page();
    terminal.result(page.trim_end());
    Ok(Outcome::done(json!({ "code": code, "page": Value::String(page) })))
}
