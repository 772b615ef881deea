//! `migrate status`: what is applied, what is pending, and whether it may run.

use kickdb_core::runner::{Cancel, Direction, HashState, Runner, Source, Standing, State};
use serde_json::{Value, json};

use super::run::options;
use crate::args::RunArgs;
use crate::config::{Project, Target};
use crate::describe::count;
use crate::failure::Failure;
use crate::live;
use crate::terminal::{Cell, Outcome, Paint, Terminal};

/// Shows every migration of every target of the command.
pub(crate) fn run(project: &Project, exit_code: bool, terminal: &Terminal) -> Result<Outcome, Failure> {
    let mut targets = Vec::new();
    let mut pending = false;
    for target in &project.targets {
        let url = live::url(project, target)?;
        let options = options(project, target, &RunArgs::default(), Cancel::new())?;
        let standings = live::block_on(async {
            let mut runner = Runner::connect(&url, Source::Folder(target.migrations.clone()), options).await?;
            let standings = runner.status().await;
            runner.close().await?;
            Ok(standings?)
        })?;
        pending |= standings
            .iter()
            .any(|standing| !matches!(standing.state, State::Applied { .. }));
        show(&standings, target, &url, project.targets.len() > 1, terminal);
        targets.push(json!({
            "target": target.shown(),
            "database": live::shown(&url),
            "migrations": standings.iter().map(one).collect::<Vec<_>>(),
        }));
    }
    Ok(Outcome::answer(
        exit_code && pending,
        json!({ "pending": pending, "targets": targets }),
    ))
}

fn show(standings: &[Standing], target: &Target, url: &str, titled: bool, terminal: &Terminal) {
    if titled {
        terminal.result(format!(
            "{} ({})",
            terminal.paint(Paint::Bold, target.shown()),
            live::shown(url)
        ));
    }
    if standings.is_empty() {
        terminal.result(format!("No migrations in {}.", target.migrations_shown));
        terminal.say("Next: cargo kickdb generate <name>");
        return;
    }
    let rows: Vec<_> = standings.iter().map(row).collect();
    terminal.table(&["migration", "state", "batch", "reviewed", "files"], &rows);
    let pending: Vec<&Standing> = standings
        .iter()
        .filter(|standing| standing.state == State::Pending)
        .collect();
    let applied = standings
        .iter()
        .filter(|standing| matches!(standing.state, State::Applied { .. }))
        .count();
    terminal.say(format!("\n{applied} applied, {} pending.", pending.len()));
    if let Some(next) = in_the_way(standings) {
        terminal.say(format!("Next: {next}{}", target.flag()));
        return;
    }
    if pending.iter().any(|standing| !standing.reviewed) {
        terminal.say(format!(
            "{} not reviewed. Next: cargo kickdb migrate review --all{}",
            count(
                pending.iter().filter(|standing| !standing.reviewed).count(),
                "migration"
            ),
            target.flag()
        ));
    } else if !pending.is_empty() {
        terminal.say(format!("Next: cargo kickdb migrate latest{}", target.flag()));
    }
}

/// What comes before any run: the first thing that would refuse it.
fn in_the_way(standings: &[Standing]) -> Option<String> {
    let is_applied = |one: &&Standing| matches!(one.state, State::Applied { .. } | State::Missing { .. });
    let gone = |one: &&Standing| one.hash == HashState::Missing;
    if let Some(one) = standings.iter().find(gone) {
        return Some(match is_applied(&one) {
            true => format!(
                "restore the folder of {} from version control, or run the newer program; then cargo kickdb migrate verify",
                one.id
            ),
            false => format!(
                "restore the folder of {} from version control; then cargo kickdb migrate verify",
                one.id
            ),
        });
    }
    if let Some(one) = standings.iter().find(|one| matches!(one.state, State::Stopped { .. })) {
        let goes_on = match one.state {
            State::Stopped {
                direction: Direction::Down,
                ..
            } => "down",
            _ => "latest",
        };
        return Some(format!(
            "cargo kickdb migrate repair shows where it stopped, cargo kickdb migrate {goes_on} goes on"
        ));
    }
    let changed = standings.iter().find(|one| one.hash == HashState::Changed)?;
    Some(match is_applied(&changed) {
        true => format!(
            "restore the files of {0}, or cargo kickdb migrate accept {0} --reason \"…\"",
            changed.id
        ),
        false => format!(
            "cargo kickdb migrate review {} shows its changed files and records them",
            changed.id
        ),
    })
}

fn row(standing: &Standing) -> Vec<Cell> {
    let state = match &standing.state {
        State::Applied { .. } => Cell::painted(Paint::Good, "applied"),
        State::Pending => Cell::painted(Paint::Warn, "pending"),
        State::Stopped { direction, done } => Cell::painted(
            Paint::Bad,
            format!("stopped ({}, after statement {done})", direction.as_str()),
        ),
        _ => Cell::painted(Paint::Bad, "applied, not in the folder"),
    };
    let files = match standing.hash {
        HashState::Same => Cell::new("unchanged"),
        HashState::SameMeaning => Cell::new("comments differ"),
        HashState::Changed => Cell::painted(Paint::Bad, "changed"),
        HashState::Missing => Cell::painted(Paint::Bad, "missing"),
    };
    vec![
        Cell::new(&standing.id),
        state,
        Cell::new(batch(standing).map(|batch| batch.to_string()).unwrap_or_default()),
        if standing.reviewed {
            Cell::new("yes")
        } else {
            Cell::painted(Paint::Warn, "no")
        },
        files,
    ]
}

fn batch(standing: &Standing) -> Option<i64> {
    match standing.state {
        State::Applied { batch, .. } | State::Missing { batch, .. } => Some(batch),
        _ => None,
    }
}

fn one(standing: &Standing) -> Value {
    let (state, at) = match &standing.state {
        State::Applied { at, .. } => ("applied", Some(at)),
        State::Pending => ("pending", None),
        State::Stopped { .. } => ("stopped", None),
        State::Missing { at, .. } => ("missing", Some(at)),
        _ => ("unknown", None),
    };
    let files = match standing.hash {
        HashState::Same => "same",
        HashState::SameMeaning => "same_meaning",
        HashState::Changed => "changed",
        HashState::Missing => "missing",
    };
    json!({
        "id": standing.id,
        "state": state,
        "batch": batch(standing),
        "appliedAt": at,
        "reviewed": standing.reviewed,
        "files": files,
        "transaction": standing.transaction,
    })
}
