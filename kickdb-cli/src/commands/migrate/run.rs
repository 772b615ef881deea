//! `latest`, `up`, `down`, `rollback`, `redo`.

use std::time::Duration;

use kickdb_core::dialect::live::{Connection, rows};
use kickdb_core::ident::Name;
use kickdb_core::lint::{Finding, Level, TableLock, locks};
use kickdb_core::runner::{Cancel, Direction, Event, Goal, Options, Planned, Report, Runner, Source, State};
use serde_json::{Value, json};

use crate::args::RunArgs;
use crate::config::{Project, Target};
use crate::describe::count;
use crate::failure::Failure;
use crate::folder;
use crate::git;
use crate::hazards::{self, Linted};
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
        let hazards = pending_hazards(&mut runner, &url, goal, project, target).await?;
        if args.dry_run {
            let planned = runner.plan(goal).await;
            let touched = match &planned {
                Ok(planned) => touched(planned, runner.connection()).await,
                Err(_) => Vec::new(),
            };
            runner.close().await?;
            let planned = planned.map_err(|error| git::told(error, &target.migrations))?;
            return Ok(dry(&planned, &hazards, &touched, terminal));
        }
        for linted in &hazards {
            hazards::lines(&linted.found, Level::Warn, terminal);
        }
        if let Err(refused) = refuse(&hazards, project) {
            runner.close().await?;
            return Err(refused);
        }
        live::listen(cancel, terminal.clone());
        let observer = terminal.clone();
        runner.observe(move |event| tell(event, &observer));
        let report = runner.run(goal).await;
        // What the run says matters more than a goodbye that was not heard.
        let closed = runner.close().await;
        let report = report.map_err(|error| git::told(error, &target.migrations))?;
        closed?;
        Ok(summary(&report, goal, target, terminal))
    })
}

/// What is dangerous in the migrations that will be applied, with the size of this database's tables.
pub(super) async fn pending_hazards(
    runner: &mut Runner,
    url: &str,
    goal: &Goal,
    project: &Project,
    target: &Target,
) -> Result<Vec<Linted>, Failure> {
    if !matches!(goal, Goal::Latest | Goal::Up | Goal::To(_) | Goal::Reset) {
        return Ok(Vec::new());
    }
    // What is wrong with the folder or the database is told by the run itself.
    let Ok(standings) = runner.status().await else {
        return Ok(Vec::new());
    };
    let pending = standings
        .into_iter()
        .filter(|standing| standing.state == State::Pending);
    let mut ids: Vec<String> = pending.map(|standing| standing.id).collect();
    match goal {
        Goal::Up => ids.truncate(1),
        Goal::To(id) => ids.retain(|pending| pending <= id),
        _ => {}
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let folder = folder::read(target)?;
    let looked = ids
        .iter()
        .map(|id| Linted::migration(&folder, id, target, &project.policy));
    let mut linted: Vec<Linted> = looked.collect();
    if linted
        .iter()
        .flat_map(|linted| &linted.found)
        .any(|finding| finding.table.is_some())
    {
        let mut connection = kickdb_core::dialect::live::connect(url).await?;
        hazards::take_in(&mut linted, &mut *connection, &project.policy).await;
        connection.close().await?;
    }
    Ok(linted)
}

/// Stops where the project itself has said that such a thing is refused. What is refused by default has been reviewed.
pub(super) fn refuse(linted: &[Linted], project: &Project) -> Result<(), Failure> {
    for linted in linted {
        let refused = |finding: &&Finding| finding.denies() && project.policy.refuses(finding.rule.code);
        if let Some(finding) = linted.found.iter().find(refused) {
            let (code, id) = (finding.rule.code, linted.id.as_deref().unwrap_or_default());
            return Err(Failure::new(
                "hazard_refused",
                format!(
                    "{}:{}: {}: {} [{code}]; nothing was applied",
                    linted.shown, finding.line, finding.object, finding.message
                ),
            )
            .help(finding.help.clone())
            .help(format!(
                "or allow it: `cargo kickdb lint {id} --allow {code}={} --because \"…\"`",
                finding.object
            )));
        }
    }
    Ok(())
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

/// A table that is there and that a migration locks.
struct Touched {
    migration: usize,
    statement: usize,
    lock: TableLock,
    rows: u64,
}

/// The locks of statements on tables that are there, with their sizes. One that cannot be asked about is left out.
async fn touched(planned: &[Planned], connection: &mut dyn Connection) -> Vec<Touched> {
    let dialect = connection.dialect();
    let mut found = Vec::new();
    for (migration, one) in planned.iter().enumerate() {
        for (statement, text) in one.statements.iter().enumerate().skip(one.done) {
            for lock in locks(&text.sql, dialect) {
                let rows = rows(connection, lock.table.schema.as_deref(), &lock.table.name).await;
                if let Ok(Some(rows)) = rows {
                    found.push(Touched {
                        migration,
                        statement,
                        lock,
                        rows,
                    });
                }
            }
        }
    }
    found
}

/// The exact SQL, migration by migration.
fn dry(planned: &[Planned], hazards: &[Linted], touched: &[Touched], terminal: &Terminal) -> Outcome {
    for (at, one) in planned.iter().enumerate() {
        let how = match (one.transaction, one.foreign_keys_off) {
            (true, true) => "in one transaction, foreign keys off and checked at its end",
            (true, false) => "in one transaction",
            (false, _) => "statement by statement, without a transaction",
        };
        terminal.result(format!("-- {} {}: {how}", one.direction.as_str(), one.id));
        for linted in hazards.iter().filter(|linted| linted.id.as_ref() == Some(&one.id)) {
            for hazard in linted.hazards() {
                let (level, object) = (hazard.level.as_str(), &hazard.object);
                terminal.result(format!("-- {level} {object}: {} [{}]", hazard.message, hazard.code));
            }
        }
        if one.done > 0 {
            terminal.result(format!(
                "-- goes on after statement {}, where an earlier run stopped",
                one.done
            ));
        }
        for (number, statement) in one.statements.iter().enumerate().skip(one.done) {
            for touched in touched
                .iter()
                .filter(|touched| (touched.migration, touched.statement) == (at, number))
            {
                let TableLock { table, lock, blocks } = &touched.lock;
                terminal.result(format!(
                    "-- {lock} on {table} ({}): blocks {blocks}",
                    about(touched.rows)
                ));
            }
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
        .enumerate()
        .map(|(at, one)| {
            let locks: Vec<Value> = touched
                .iter()
                .filter(|touched| touched.migration == at)
                .map(|touched| {
                    let TableLock { table, lock, blocks } = &touched.lock;
                    json!({
                        "statement": touched.statement + 1, "table": table.to_string(), "lock": lock, "blocks": blocks,
                        "rows": touched.rows,
                    })
                })
                .collect();
            let statements: Vec<&str> = one.statements.iter().skip(one.done).map(|statement| statement.sql.as_str()).collect();
            json!({ "id": one.id, "direction": one.direction.as_str(), "transaction": one.transaction, "statements": statements, "locks": locks })
        })
        .collect();
    let hazards: Vec<Value> = hazards.iter().map(Linted::json).collect();
    Outcome::done(json!({ "dryRun": true, "migrations": migrations, "hazards": hazards }))
}

fn about(rows: u64) -> String {
    match rows {
        0 => "no rows".to_owned(),
        1 => "1 row".to_owned(),
        rows => format!("about {rows} rows"),
    }
}

pub(super) fn short(took: Duration) -> String {
    if took < Duration::from_secs(1) {
        format!("{} ms", took.as_millis())
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}

fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
