//! `latest`, `up`, `down`, `rollback`, `redo`.

use std::time::Duration;

use kickdb_core::ident::Name;
use kickdb_core::runner::{Cancel, Direction, Event, Goal, Options, Planned, Report, Runner, Source, State};
use serde_json::{Value, json};

use crate::args::RunArgs;
use crate::config::{Project, Target};
use crate::describe::count;
use crate::failure::Failure;
use crate::live;
use crate::terminal::{Outcome, Paint, Terminal};

/// Brings the database of the project's one target to a goal, or says what that would do.
pub(crate) fn run(project: &Project, goal: &Goal, args: &RunArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let target = project.only_target()?;
    let url = live::url(project, target)?;
    let cancel = Cancel::new();
    let options = options(project, target, args, cancel.clone())?;
    live::block_on(async {
        let source = Source::Folder(target.migrations.clone());
        let mut runner = Runner::connect(&url, source, options).await?;
        if args.dry_run {
            let planned = runner.plan(goal).await;
            runner.close().await?;
            return Ok(dry(&planned?, terminal));
        }
        live::listen(cancel, terminal.clone());
        let observer = terminal.clone();
        runner.observe(move |event| tell(event, &observer));
        let report = runner.run(goal).await;
        // What the run says matters more than a goodbye that was not heard.
        let closed = runner.close().await;
        let report = report?;
        closed?;
        Ok(summary(&report, goal, target, terminal))
    })
}

/// Refuses a `--to` that lies the other way: `up --to` never reverses, `down --to` never applies.
pub(crate) fn toward(project: &Project, id: &str, direction: Direction) -> Result<(), Failure> {
    let target = project.only_target()?;
    let url = live::url(project, target)?;
    let options = options(project, target, &RunArgs::default(), Cancel::new())?;
    live::block_on(async {
        let mut runner = Runner::connect(&url, Source::Folder(target.migrations.clone()), options).await?;
        let standings = runner.status().await;
        runner.close().await?;
        let standings = standings?;
        let Some(standing) = standings.iter().find(|standing| standing.id == id) else {
            // The run itself names those that are near.
            return Ok(());
        };
        let applied = matches!(standing.state, State::Applied { .. });
        match direction {
            Direction::Up if applied => {
                Err(
                    Failure::usage("direction", format!("migration `{id}` is already applied")).help(format!(
                        "`cargo kickdb migrate down --to {id}` reverses what came after it"
                    )),
                )
            }
            Direction::Down if !applied => Err(Failure::usage("direction", format!("migration `{id}` is not applied"))
                .help(format!("`cargo kickdb migrate up --to {id}` applies up to it"))),
            _ => Ok(()),
        }
    })
}

pub(crate) fn options(project: &Project, target: &Target, args: &RunArgs, cancel: Cancel) -> Result<Options, Failure> {
    let defaults = Options::default();
    let drift_check = match target.text("drift_check") {
        Some((text, _)) => text.parse()?,
        None => defaults.drift_check,
    };
    let tracking_schema = match target.text("tracking_schema") {
        Some((text, _)) => {
            Some(Name::new(text).map_err(|error| Failure::usage("config", format!("`tracking_schema`: {error}")))?)
        }
        None => None,
    };
    Ok(Options {
        lock_wait: args.wait.unwrap_or(defaults.lock_wait),
        require_reviewed: target.flag_is_set("require_reviewed").unwrap_or(!project.development),
        confirm_enum_drop: args.confirm_enum_drop,
        drift_check,
        lock_timeout: target.duration("lock_timeout").or(defaults.lock_timeout),
        statement_timeout: target.duration("statement_timeout").or(defaults.statement_timeout),
        applied_by: if std::env::var_os("CI").is_some() {
            "ci-pipeline"
        } else {
            "cli"
        }
        .to_owned(),
        tracking_schema,
        cancel,
        ..defaults
    })
}

/// Progress, as it happens.
fn tell(event: &Event<'_>, terminal: &Terminal) {
    match event {
        Event::Waiting { by, since } => terminal.log(format!("waiting for the lock, held by {by} since {since}")),
        Event::Note(note) => terminal.log(format!("note: {note}")),
        Event::Drift(drift) => terminal.log(format!("warning: {drift}")),
        Event::Retrying { id, reason, pause } => {
            terminal.log(format!(
                "{id} did not get its lock and is tried again in {}: {reason}",
                short(*pause)
            ));
        }
        Event::Finished { id, direction, took } => {
            let (sign, word) = match direction {
                Direction::Up => (terminal.paint(Paint::Good, "+"), "applied"),
                Direction::Down => (terminal.paint(Paint::Warn, "-"), "reversed"),
            };
            terminal.say(format!(
                "{sign} {word} {id} {}",
                terminal.paint(Paint::Dim, &format!("({})", short(*took)))
            ));
        }
        _ => {}
    }
}

fn summary(report: &Report, goal: &Goal, target: &Target, terminal: &Terminal) -> Outcome {
    let applied = report
        .done
        .iter()
        .filter(|done| done.direction == Direction::Up)
        .count();
    let reversed = report.done.len() - applied;
    let mut parts = Vec::new();
    if reversed > 0 {
        parts.push(format!("{} reversed", count(reversed, "migration")));
    }
    if applied > 0 {
        let batch = report
            .batch
            .map(|batch| format!(" as batch {batch}"))
            .unwrap_or_default();
        parts.push(format!("{} applied{batch}", count(applied, "migration")));
    }
    if parts.is_empty() {
        terminal.say(match goal {
            Goal::Latest | Goal::Up => "Nothing to do: every migration is applied.",
            Goal::To(_) => "Nothing to do: the database is already there.",
            _ => "Nothing to do: no migration is applied.",
        });
    } else {
        terminal.say(format!("{}.", parts.join(", ")));
        if reversed > applied {
            terminal.say(format!("Next: cargo kickdb migrate status{}", target.flag()));
        }
    }
    let done: Vec<Value> = report
        .done
        .iter()
        .map(|done| json!({ "id": done.id, "direction": done.direction.as_str(), "ms": millis(done.took) }))
        .collect();
    Outcome::done(json!({ "target": target.shown(), "done": done, "batch": report.batch, "notes": report.notes }))
}

/// The exact SQL, migration by migration.
fn dry(planned: &[Planned], terminal: &Terminal) -> Outcome {
    for one in planned {
        let how = match (one.transaction, one.foreign_keys_off) {
            (true, true) => "in one transaction, foreign keys off and checked at its end",
            (true, false) => "in one transaction",
            (false, _) => "statement by statement, without a transaction",
        };
        terminal.result(format!("-- {} {}: {how}", one.direction.as_str(), one.id));
        if one.done > 0 {
            terminal.result(format!(
                "-- goes on after statement {}, where an earlier run stopped",
                one.done
            ));
        }
        for statement in one.statements.iter().skip(one.done) {
            terminal.result(format!("{};", statement.sql));
        }
        terminal.result("");
    }
    terminal.say(match planned.len() {
        0 => "-- nothing to do".to_owned(),
        number => format!("-- {} would run; nothing was changed", count(number, "migration")),
    });
    let migrations: Vec<Value> = planned
        .iter()
        .map(|one| {
            let statements: Vec<&str> = one.statements.iter().skip(one.done).map(|statement| statement.sql.as_str()).collect();
            json!({ "id": one.id, "direction": one.direction.as_str(), "transaction": one.transaction, "statements": statements })
        })
        .collect();
    Outcome::done(json!({ "dryRun": true, "migrations": migrations }))
}

fn short(took: Duration) -> String {
    if took < Duration::from_secs(1) {
        format!("{} ms", took.as_millis())
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}

fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
