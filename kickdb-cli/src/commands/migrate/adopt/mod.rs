//! `migrate adopt`: the history of another tool, with its rows, taken over in place.

mod files;

use std::collections::BTreeMap;

use jiff::Timestamp;
use kickdb_core::dialect::live::{Connection, catalog, connect};
use kickdb_core::diff::{Renames, diff};
use kickdb_core::drift::set_aside;
use kickdb_core::ir::Schema;
use kickdb_core::journal::{self, Foreign, NewMigration};
use kickdb_core::plan::{Stage, stages, write};
use kickdb_core::proof::{Stuck, replay};
use kickdb_core::runner::{Cancel, Runner, Source};
use serde_json::{Value, json};

use self::files::Script;
use super::run::options;
use crate::args::{AdoptArgs, RunArgs, Tool};
use crate::config::{Project, Target};
use crate::describe::count;
use crate::failure::Failure;
use crate::folder;
use crate::live;
use crate::terminal::{Outcome, Paint, Terminal};

/// Takes over what another tool has done in the database of the project's one target.
pub(super) fn run(project: &Project, args: &AdoptArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let target = project.only_target()?;
    let folder = folder::read(target)?;
    if args.from == Tool::Kickjs {
        return kickjs(project, target, &folder, args, terminal);
    }
    if !folder.journal.entries.is_empty() {
        return Err(Failure::usage(
            "not_empty",
            format!(
                "`{}` has migrations already; a history can only be taken over into an empty folder",
                target.migrations_shown
            ),
        )
        .help("where it was taken over before, there is nothing to do: `cargo kickdb migrate status`"));
    }
    let url = live::url(project, target)?;
    let dir = match &args.dir {
        Some(dir) => dir.clone(),
        None => project.root.join("migrations"),
    };
    let scripts = files::read(args.from, &dir)?;
    let (rows, mut live) = live::block_on(async {
        let mut connection = connect(&url).await?;
        let rows = rows(&mut *connection, args.from).await;
        let schema = catalog(&mut *connection).await;
        connection.close().await?;
        Ok((rows?, schema?))
    })?;
    let _ = set_aside(&Schema::default(), &mut live);
    let history = history(args.from, scripts, rows, &dir.display().to_string())?;
    let foreign = match args.from == Tool::SeaOrm || args.squash {
        true => vec![as_one(args.from, &history, &live, target)?],
        false => one_by_one(&history, target)?,
    };
    let new = journal::adopt(&foreign, Timestamp::now(), target.dialect)?;
    let applied = foreign.iter().zip(&new).filter(|(foreign, _)| foreign.applied);
    let applied: Vec<String> = applied.map(|(_, new)| new.entry.id.clone()).collect();
    // Newest first: of several that become one, the last one tells when that was there.
    let times = history.iter().rev().filter(|past| past.applied).map(|past| past.at);
    let times = applied.iter().rev().zip(times);
    let times: BTreeMap<String, Timestamp> = times.filter_map(|(id, at)| Some((id.clone(), at?))).collect();
    refuse_drift(&url, &foreign, target)?;
    if !args.dry_run {
        journal::write(&target.migrations, &folder, &new, target.dialect)?;
        record(project, target, &url, args.from, (&applied, &times)).map_err(|failure| {
            failure.help(format!(
                "the folder is written; once the cause is put right, `cargo kickdb migrate baseline {}` records the rows",
                applied.last().map_or("", String::as_str)
            ))
        })?;
    }
    Ok(report(args, target, &new, &applied, terminal))
}

/// What another tool's table says has run: its version, the checksum of what ran and when, where they are known.
struct Row {
    version: String,
    checksum: Option<String>,
    failed: bool,
    at: Option<Timestamp>,
}

/// A point in time as a tool has written it: a text, or the seconds since 1970. One that cannot be is none.
fn moment(text: &str) -> Option<Timestamp> {
    let at = match text.parse::<i64>() {
        Ok(seconds) => Timestamp::from_second(seconds).ok()?,
        Err(_) => text.parse().ok()?,
    };
    (at.as_second() > 0 && at <= Timestamp::now()).then_some(at)
}

async fn rows(connection: &mut dyn Connection, tool: Tool) -> Result<Vec<Row>, Failure> {
    let text = connection.phrases().text;
    let hex = connection.phrases().hex.replace("{}", "checksum");
    let utc = |column: &str| connection.phrases().utc.replace("{}", column);
    let (table, sql) = match tool {
        Tool::Sqlx => (
            "_sqlx_migrations",
            format!(
                "SELECT CAST(version AS {text}), {hex}, CASE WHEN success THEN '1' ELSE '0' END, {} FROM _sqlx_migrations ORDER BY version",
                utc("installed_on")
            ),
        ),
        Tool::Diesel => (
            "__diesel_schema_migrations",
            format!(
                "SELECT CAST(version AS {text}), NULL, '1', {} FROM __diesel_schema_migrations ORDER BY version",
                utc("run_on")
            ),
        ),
        Tool::Refinery => (
            "refinery_schema_history",
            format!(
                "SELECT CAST(version AS {text}), NULL, '1', CAST(applied_on AS {text}) FROM refinery_schema_history ORDER BY version"
            ),
        ),
        Tool::SeaOrm => (
            "seaql_migrations",
            format!(
                "SELECT CAST(version AS {text}), NULL, '1', CAST(applied_at AS {text}) FROM seaql_migrations ORDER BY version"
            ),
        ),
        Tool::Kickjs => return Ok(Vec::new()),
    };
    let found = connection.query(&sql, &[]).await.map_err(|error| {
        Failure::new(
            "no_history",
            format!("the history of {} cannot be read from `{table}`: {error}", tool.title()),
        )
        .help("check `--url` and `--from`; without that table this tool has done nothing in this database")
    })?;
    Ok(found
        .into_iter()
        .map(|row| {
            let mut cells = row.into_iter();
            let mut next = || cells.next().flatten();
            Row {
                version: next().unwrap_or_default(),
                checksum: next(),
                failed: next().as_deref() == Some("0"),
                at: next().as_deref().and_then(moment),
            }
        })
        .collect())
}

/// A script of the other tool, and whether it has run.
struct Past {
    script: Script,
    applied: bool,
    at: Option<Timestamp>,
}

/// The scripts in order, held against the rows.
fn history(tool: Tool, scripts: Vec<Script>, rows: Vec<Row>, dir: &str) -> Result<Vec<Past>, Failure> {
    if rows.is_empty() {
        return Err(Failure::usage(
            "no_history",
            format!("{} has applied nothing in this database", tool.title()),
        )
        .help("then there is nothing to take over: `cargo kickdb generate first`"));
    }
    if tool == Tool::SeaOrm {
        let past = |row: Row| Past {
            script: Script::named(&row.version),
            applied: true,
            at: row.at,
        };
        return Ok(rows.into_iter().map(past).collect());
    }
    for row in &rows {
        if row.failed {
            return Err(Failure::new(
                "half_done",
                format!(
                    "{} says that its migration {} failed half-way",
                    tool.title(),
                    row.version
                ),
            )
            .help("put that right with its own tool first, then run this again"));
        }
        let Some(script) = scripts.iter().find(|script| script.version == row.version) else {
            return Err(Failure::new(
                "migration_missing",
                format!("migration {} is applied, but its file is not in `{dir}`", row.version),
            )
            .help("restore it from version control, or say where the files are: `--dir PATH`")
            .help("to take over what is there as one migration: add `--squash`"));
        };
        if row.checksum.is_some() && script.checksum.is_some() && row.checksum != script.checksum {
            return Err(Failure::new(
                "migration_hash_mismatch",
                format!(
                    "the file of migration {} is not the one that {} applied: its checksum differs",
                    row.version,
                    tool.title()
                ),
            )
            .help("restore the file from version control"));
        }
    }
    let row = |script: &Script| rows.iter().find(|row| row.version == script.version);
    let mut history: Vec<Past> = Vec::new();
    for script in scripts {
        let row = row(&script);
        let applied = row.is_some();
        if applied && let Some(late) = history.iter().find(|past| !past.applied) {
            return Err(Failure::new(
                "migration_out_of_order",
                format!(
                    "migration {} is not applied, but {} behind it is",
                    late.script.version, script.version
                ),
            )
            .help("apply it with its own tool first, then run this again"));
        }
        let at = row.and_then(|row| row.at);
        history.push(Past { script, applied, at });
    }
    Ok(history)
}

/// Each migration for itself: what the schema is behind each is seen on a scratch database.
fn one_by_one(history: &[Past], target: &Target) -> Result<Vec<Foreign>, Failure> {
    let texts: Vec<(&str, bool)> = history
        .iter()
        .map(|past| (past.script.up.as_str(), past.script.transaction))
        .collect();
    let url = target.proof_url()?;
    let schemas = live::block_on(async { Ok(replay(&texts, url.as_deref(), target.dialect).await) })?;
    let schemas = schemas.map_err(|stuck| match stuck {
        Stuck::Nowhere(reason) => Failure::new(
            "replay",
            format!("the history cannot be run on a scratch database: {reason}"),
        )
        .help("set `shadow_url` to a server where databases may be made")
        .help("or take over what is there as one migration: add `--squash`"),
        Stuck::At { script, line, message } => Failure::new(
            "replay",
            format!(
                "line {line} of `{}` fails on an empty database: {message}",
                history[script].script.shown
            ),
        )
        .help("to take over what is there as one migration: add `--squash`"),
    })?;
    Ok(history
        .iter()
        .zip(schemas)
        .map(|(past, schema)| Foreign {
            version: past.script.version.clone(),
            name: past.script.name.clone(),
            up: past.script.up.clone(),
            down: past.script.down.clone(),
            transaction: past.script.transaction,
            schema,
            applied: past.applied,
        })
        .collect())
}

/// Everything that is there as one migration, which would make it.
fn as_one(tool: Tool, history: &[Past], live: &Schema, target: &Target) -> Result<Foreign, Failure> {
    let changes = diff(&Schema::default(), live, &Renames::default()).changes;
    let made = stages(&Schema::default(), &changes, target.dialect).map_err(|error| {
        Failure::new(
            "unsupported",
            format!("what is in the database cannot be written: {error}"),
        )
    })?;
    let script = |of: fn(&Stage) -> &kickdb_core::plan::Script| {
        let texts: Vec<String> = made.iter().map(|stage| write(&[], of(stage), target.dialect)).collect();
        texts.join("\n")
    };
    let last = history.iter().rev().find(|past| past.applied);
    Ok(Foreign {
        version: last.map(|past| past.script.version.clone()).unwrap_or_default(),
        name: format!("adopted from {}", tool.title()),
        up: script(|stage| &stage.plan.up),
        down: Some(script(|stage| &stage.plan.down)),
        transaction: made.iter().all(|stage| stage.transaction),
        schema: live.clone(),
        applied: true,
    })
}

/// The database must be what the last applied migration leaves behind, or the first difference would not be the user's.
fn refuse_drift(url: &str, foreign: &[Foreign], target: &Target) -> Result<(), Failure> {
    let Some(last) = foreign.iter().rev().find(|one| one.applied) else {
        return Ok(());
    };
    let compared = live::block_on(async {
        let mut connection = connect(url).await?;
        let compared = kickdb_core::drift::drift(&mut *connection, &last.schema).await;
        connection.close().await?;
        Ok(compared?)
    })?;
    match compared.drift() {
        Some(drift) => Err(Failure::from(kickdb_core::Error::Drift(Box::new(drift)))
            .help(format!(
                "the migrations of `{}` do not lead to what is in the database; somebody changed it by hand",
                target.migrations_shown
            ))
            .help("put the database right first, or take over what is there as one migration: add `--squash`")),
        None => Ok(()),
    }
}

fn record(
    project: &Project,
    target: &Target,
    url: &str,
    tool: Tool,
    (ids, times): (&[String], &BTreeMap<String, Timestamp>),
) -> Result<(), Failure> {
    let Some(last) = ids.last() else { return Ok(()) };
    let mut options = options(project, target, &RunArgs::default(), Cancel::new())?;
    options.applied_by = format!("{}, adopted from {}", options.applied_by, tool.title());
    live::block_on(async {
        let mut runner = Runner::connect(url, Source::Folder(target.migrations.clone()), options).await?;
        let outcome = runner.take_over(last, times).await;
        runner.close().await?;
        outcome?;
        Ok(())
    })
}

/// The same folder and the same tables: nothing has to be turned into anything.
fn kickjs(
    project: &Project,
    target: &Target,
    folder: &journal::Folder,
    args: &AdoptArgs,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    if folder.journal.entries.is_empty() {
        return Err(Failure::usage(
            "no_history",
            format!("`{}` has no migrations of kickjs", target.migrations_shown),
        )
        .help("set `migrations_dir` in kickdb.toml to the folder with its `_journal.json`"));
    }
    let url = live::url(project, target)?;
    let options = options(project, target, &RunArgs::default(), Cancel::new())?;
    let ids: Vec<String> = live::block_on(async {
        let mut runner = Runner::connect(&url, Source::Folder(target.migrations.clone()), options).await?;
        let planned = runner.plan(&kickdb_core::runner::Goal::Latest).await;
        let standings = runner.status().await;
        runner.close().await?;
        planned?;
        let standings = standings?.into_iter();
        let applied = standings.filter(|one| matches!(one.state, kickdb_core::runner::State::Applied { .. }));
        Ok(applied.map(|one| one.id).collect())
    })?;
    let last = ids.last().map(|id| folder.snapshot(id, target.dialect)).transpose()?;
    let foreign = last.map(|last| Foreign {
        version: String::new(),
        name: String::new(),
        up: String::new(),
        down: None,
        transaction: true,
        schema: last.schema,
        applied: true,
    });
    refuse_drift(&url, &foreign.into_iter().collect::<Vec<_>>(), target)?;
    Ok(report(args, target, &[], &ids, terminal))
}

fn report(args: &AdoptArgs, target: &Target, new: &[NewMigration], applied: &[String], terminal: &Terminal) -> Outcome {
    let verb = if args.dry_run { "would take over" } else { "took over" };
    for one in new {
        let how = match applied.contains(&one.entry.id) {
            true => "applied",
            false => "pending",
        };
        terminal.say(format!(
            "{} {verb} {} ({how})",
            terminal.paint(Paint::Good, "+"),
            one.entry.id
        ));
    }
    if new.is_empty() {
        terminal.say(format!(
            "{}: {} of kickjs are applied, and the database is what they leave behind. The folder and the tables stay as they are.",
            target.migrations_shown,
            count(applied.len(), "migration")
        ));
    } else if args.dry_run {
        terminal.say("Nothing was written, in the folder or in the database. Without `--dry-run` it is.");
    } else {
        terminal.say(format!(
            "The table of {} stays as it is; do not run it any more. Next: cargo kickdb introspect --out src/schema.rs, or cargo kickdb check",
            args.from.title()
        ));
    }
    let ids: Vec<Value> = new
        .iter()
        .map(|one| json!({ "id": one.entry.id, "applied": applied.contains(&one.entry.id) }))
        .collect();
    Outcome::done(
        json!({ "from": args.from.title(), "target": target.shown(), "migrations": ids, "applied": applied, "dryRun": args.dry_run }),
    )
}
