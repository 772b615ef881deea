//! `drift`: the database against the last applied snapshot.

use kickdb_core::drift::{Compared, drift};
use kickdb_core::error::Drift;
use kickdb_core::ir::Schema;
use kickdb_core::runner::{Cancel, Runner, Source, State};
use serde_json::json;

use super::migrate::options;
use crate::args::RunArgs;
use crate::config::{Project, Target};
use crate::failure::Failure;
use crate::folder;
use crate::live;
use crate::safe;
use crate::terminal::{Cell, Outcome, Paint, Terminal};

/// Compares every target of the command; the answer is "no" where one of them differs.
pub(crate) fn run(project: &Project, terminal: &Terminal) -> Result<Outcome, Failure> {
    let mut targets = Vec::new();
    let mut differs = false;
    for target in &project.targets {
        let url = live::url(project, target)?;
        let (last, compared) = live::block_on(compare(project, target, &url))?;
        let found = compared.drift();
        let shown = live::shown(&url);
        let state = match &last {
            Some(id) => format!("as {id} left it"),
            None => "empty, as it is before the first migration".to_owned(),
        };
        match &found {
            None => terminal.say(format!("{} {shown} is {state}.", terminal.paint(Paint::Good, "ok"))),
            Some(found) => {
                differs = true;
                terminal.result(format!("{shown} is not {state}:"));
                terminal.table(&["", "what", "where"], &rows(found));
                terminal.say(format!(
                    "Next: cargo kickdb drift{0} --fix <name> writes the migration that undoes it, drift{0} --adopt writes it into the structs",
                    target.flag()
                ));
            }
        }
        for open in &compared.unsettled {
            let open = safe::one_line(open);
            terminal.result(format!(
                "{} {open} (not known whether it differs)",
                terminal.paint(Paint::Warn, "?")
            ));
        }
        for theirs in compared.unread.iter().chain(&compared.others) {
            let theirs = safe::one_line(theirs);
            terminal.say(format!("{} {theirs} (left alone)", terminal.paint(Paint::Dim, "·")));
        }
        targets.push(json!({
            "target": target.shown(),
            "database": shown,
            "lastApplied": last,
            "unsettled": compared.unsettled,
            "unread": compared.unread,
            "others": compared.others,
            "drift": found.map(|found| json!({ "added": found.added, "removed": found.removed, "changed": found.changed })),
        }));
    }
    Ok(Outcome::answer(
        differs,
        json!({ "drift": differs, "targets": targets }),
    ))
}

/// What differs, a row each.
fn rows(found: &Drift) -> Vec<Vec<Cell>> {
    let lists = [
        (Paint::Good, "+", "only in the database", &found.added),
        (Paint::Bad, "-", "missing in the database", &found.removed),
        (Paint::Warn, "~", "different", &found.changed),
    ];
    let rows = lists.into_iter().flat_map(|(paint, sign, place, objects)| {
        objects
            .iter()
            .map(move |object| vec![Cell::painted(paint, sign), Cell::new(object), Cell::new(place)])
    });
    rows.collect()
}

async fn compare(project: &Project, target: &Target, url: &str) -> Result<(Option<String>, Compared), Failure> {
    let options = options(project, target, &RunArgs::default(), Cancel::new())?;
    let mut runner = Runner::connect(url, Source::Folder(target.migrations.clone()), options).await?;
    let compared = compare_open(&mut runner, target).await;
    runner.close().await?;
    compared
}

pub(super) async fn compare_open(runner: &mut Runner, target: &Target) -> Result<(Option<String>, Compared), Failure> {
    let standings = runner.status().await?;
    let applied = |state: &State| matches!(state, State::Applied { .. } | State::Missing { .. });
    let last = standings
        .iter()
        .rev()
        .find(|standing| applied(&standing.state))
        .map(|standing| standing.id.clone());
    let expected = match &last {
        Some(id) => folder::read(target)?.snapshot(id, target.dialect)?.schema,
        None => Schema::default(),
    };
    let found = drift(runner.connection(), &expected).await?;
    Ok((last, found))
}
