//! What do the rows that are there get? Asked on a terminal, an error with the flags elsewhere; never guessed.

use kickdb_core::diff::{Backfills, NeededValue};
use kickdb_core::lex::Lexis;
use serde_json::json;

use crate::args::Answers;
use crate::ask;
use crate::describe::count;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// What one target needs.
pub(crate) struct Needs {
    pub(crate) needed: Vec<NeededValue>,
    /// Of the engine whose SQL the values are.
    pub(crate) lexis: Lexis,
}

/// Settles the values for rows in each target. One answer holds for all of them.
pub(crate) fn settle(targets: &[Needs], answers: &Answers, terminal: &Terminal) -> Result<Vec<Backfills>, Failure> {
    let mut given = flags(targets, answers)?;
    loop {
        let open: Vec<&NeededValue> = open(targets, &given).collect();
        let Some(first) = open.first() else { return Ok(given) };
        if !terminal.may_ask() {
            return Err(undecided(&open));
        }
        let lexis = targets
            .iter()
            .find(|target| target.needed.contains(first))
            .map(|target| target.lexis);
        let value = ask(first, lexis.unwrap_or(Lexis::EXPRESSION))?;
        let name = first.to_string();
        for (target, given) in targets.iter().zip(&mut given) {
            for needed in target.needed.iter().filter(|needed| needed.to_string() == name) {
                given.answer(needed, value.as_deref(), target.lexis)?;
            }
        }
    }
}

/// Reads the flags for each target; each must fit one of them at least.
pub(crate) fn flags(targets: &[Needs], answers: &Answers) -> Result<Vec<Backfills>, Failure> {
    let mut given = vec![Backfills::default(); targets.len()];
    let values = answers
        .backfill
        .iter()
        .map(|value| (std::slice::from_ref(value), &[][..]));
    let without = answers
        .no_backfill
        .iter()
        .map(|name| (&[][..], std::slice::from_ref(name)));
    for (value, name) in values.chain(without) {
        let mut refused = None;
        let mut fits = false;
        for (target, given) in targets.iter().zip(&mut given) {
            match Backfills::from_flags(value, name, &target.needed, target.lexis) {
                Ok(read) => {
                    fits = true;
                    given.extend(read);
                }
                Err(error) => refused = Some(error),
            }
        }
        match refused {
            Some(error) if !fits => return Err(error.into()),
            _ => {}
        }
    }
    Ok(given)
}

fn open<'a>(targets: &'a [Needs], given: &'a [Backfills]) -> impl Iterator<Item = &'a NeededValue> {
    let each = targets.iter().zip(given);
    each.flat_map(|(target, given)| target.needed.iter().filter(|needed| !given.answers(needed)))
}

fn ask(needed: &NeededValue, lexis: Lexis) -> Result<Option<String>, Failure> {
    let needed = needed.clone();
    let example = needed.example().unwrap_or_default();
    let asked = format!("{}. SQL:", upper(&needed.asked()));
    let checked = move |text: &str| match text.trim() {
        "" => Ok(()),
        text => Backfills::default()
            .answer(&needed, Some(text), lexis)
            .map_err(|error| error.to_string()),
    };
    let answer = ask::text(
        &asked,
        &example,
        "an expression, which may say other columns; empty where no row needs one; Esc to stop",
        checked,
    )?;
    Ok(Some(answer.trim().to_owned()).filter(|text| !text.is_empty()))
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}

fn undecided(open: &[&NeededValue]) -> Failure {
    let mut all: Vec<&NeededValue> = Vec::new();
    for needed in open {
        if !all.iter().any(|other| other.to_string() == needed.to_string()) {
            all.push(needed);
        }
    }
    let message = match all.as_slice() {
        [one] => format!("{}. Nothing was written", one.asked()),
        _ => format!(
            "rows that are there need a value in {}. Nothing was written",
            count(all.len(), "column")
        ),
    };
    let mut failure = Failure::usage("decision", message);
    for needed in &all {
        failure = failure
            .help(format!(
                "`{needed}`: give those rows a value, as an SQL expression: `{}`",
                needed.flag()
            ))
            .help(format!(
                "`{needed}`: no row needs one (the migration fails where one does): `{}`",
                needed.none_flag()
            ));
    }
    failure.with_data(json!({ "values": all }))
}
