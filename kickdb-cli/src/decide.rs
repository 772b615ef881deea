//! Renamed, or dropped? Asked on a terminal, an error with the flags elsewhere; never guessed.

use kickdb_core::decl::Rename;
use kickdb_core::dialect::Dialect;
use kickdb_core::diff::{Diff, Question, Reading, Renames, diff};
use kickdb_core::ir::Schema;
use serde_json::json;

use crate::args::Answers;
use crate::ask;
use crate::describe::count;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// One step from a schema to the next.
pub(crate) struct Step<'a> {
    pub(crate) from: &'a Schema,
    pub(crate) to: &'a Schema,
    /// What `renamed_from` in the structs says.
    pub(crate) declared: &'a [Rename],
    pub(crate) dialect: &'static dyn Dialect,
}

/// Settles what is a rename in each step. One answer holds for all of them.
pub(crate) fn settle(
    steps: &[Step<'_>],
    answers: &Answers,
    terminal: &Terminal,
) -> Result<Vec<(Renames, Diff)>, Failure> {
    let mut given: Vec<Renames> = Vec::new();
    for step in steps {
        given.push(declared(step));
    }
    flags(steps, answers, &mut given)?;
    let mut asked = Renames::default();
    loop {
        let found: Vec<_> = steps
            .iter()
            .zip(&given)
            .map(|(step, given)| {
                let mut renames = given.clone();
                renames.extend(asked.clone());
                let found = diff(step.from, step.to, &renames);
                (renames, found)
            })
            .collect();
        let open: Vec<&Question> = found.iter().flat_map(|(_, diff)| &diff.questions).collect();
        let Some(question) = open.first() else { return Ok(found) };
        if !terminal.may_ask() {
            return Err(undecided(&open));
        }
        asked.answer(question, ask(question)?);
    }
}

/// Reads one step with the answers that are given. What stays open counts as dropped: for a command that only shows.
pub(crate) fn read(step: &Step<'_>, answers: &Answers) -> Result<Diff, Failure> {
    let mut given = [declared(step)];
    flags(std::slice::from_ref(step), answers, &mut given)?;
    let [renames] = given;
    Ok(diff(step.from, step.to, &renames))
}

/// What stays open, in one line for each other reading.
pub(crate) fn remarks(questions: &[Question]) -> Vec<String> {
    let renames = questions.iter().flat_map(|question| {
        let renamed = question.readings().filter(|reading| *reading != Reading::Dropped);
        renamed.map(move |reading| (question, question.flag(&reading)))
    });
    renames
        .map(|(question, flag)| {
            let kind = question.dropped.kind();
            format!(
                "the {kind} `{}` goes, with its data; if it was renamed, add `{flag}`",
                question.dropped
            )
        })
        .collect()
}

fn declared(step: &Step<'_>) -> Renames {
    let mut known = Renames::in_engine(step.dialect.caps().enums.into());
    for rename in step.declared.iter().cloned() {
        match rename {
            Rename::Table { from, to } => {
                known.tables.insert(from, to);
            }
            Rename::Column { table, from, to } => {
                known.columns.insert((table, from), to);
            }
            Rename::Enum { from, to } => {
                known.enums.insert(from, to);
            }
            Rename::Value { name, from, to } => {
                known.values.insert((name, from), to);
            }
        }
    }
    known
}

/// Reads the flags for each step. With several targets a flag must fit one of them at least: an enum that is a type in one
/// engine may be a check in another.
fn flags(steps: &[Step<'_>], answers: &Answers, given: &mut [Renames]) -> Result<(), Failure> {
    let single = |renames: &[String], drops: &[String], given: &mut [Renames]| {
        let mut fits = false;
        let mut refused = None;
        for (step, given) in steps.iter().zip(given.iter_mut()) {
            match Renames::from_flags(renames, drops, step.from, step.to) {
                Ok(read) => {
                    fits = true;
                    given.extend(read);
                }
                Err(error) => refused = Some(error),
            }
        }
        match refused {
            Some(error) if !fits => Err(Failure::from(error)),
            _ => Ok(()),
        }
    };
    // Together first: a column is named by the new name of its table, which another flag may give.
    if let [_] = steps {
        return single(&answers.rename, &answers.allow_drop, given);
    }
    if single(&answers.rename, &answers.allow_drop, given).is_ok() {
        return Ok(());
    }
    for rename in &answers.rename {
        single(std::slice::from_ref(rename), &[], given)?;
    }
    for drop in &answers.allow_drop {
        single(&[], std::slice::from_ref(drop), given)?;
    }
    Ok(())
}

fn ask(question: &Question) -> Result<Reading, Failure> {
    let mut readings: Vec<Reading> = question.readings().collect();
    let words = readings
        .iter()
        .map(|reading| match reading {
            Reading::Renamed(new) => format!("renamed to `{}`, data kept", new.last()),
            Reading::Dropped => "dropped, with its data".to_owned(),
        })
        .collect();
    let title = format!("The {} `{}` is gone. Was it", question.dropped.kind(), question.dropped);
    let chosen = ask::choose(&title, words)?;
    Ok(readings.swap_remove(chosen))
}

fn undecided(open: &[&Question]) -> Failure {
    let mut failure = Failure::usage(
        "decision",
        match open {
            [one] => format!(
                "the {} `{}` is gone: was it renamed, or does it go? Nothing was written",
                one.dropped.kind(),
                one.dropped
            ),
            _ => format!(
                "{} are gone: were they renamed, or do they go? Nothing was written",
                count(open.len(), "thing")
            ),
        },
    );
    let mut questions: Vec<&Question> = Vec::new();
    for question in open {
        if !questions.contains(question) {
            questions.push(question);
        }
    }
    for question in &questions {
        for reading in question.readings() {
            let what = match &reading {
                Reading::Renamed(new) => format!("renamed to `{}`", new.last()),
                Reading::Dropped => "dropped, with its data".to_owned(),
            };
            failure = failure.help(format!(
                "`{}` was {what}: add `{}`",
                question.dropped,
                question.flag(&reading)
            ));
        }
    }
    failure.with_data(json!({ "questions": questions }))
}
