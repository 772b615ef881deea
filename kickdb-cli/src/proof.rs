//! What `generate` made, proven on a scratch database before it is written.

use kickdb_core::error::Drift;
use kickdb_core::ir::Schema;
use kickdb_core::journal::NewMigration;
use kickdb_core::proof::{Fault, Refuted, Verdict, prove};
use kickdb_core::runner::{Cancel, Direction};
use serde_json::json;

use crate::config::Target;
use crate::declared::Source;
use crate::failure::{Diagnostic, Failure};
use crate::live;
use crate::terminal::Terminal;

/// Proves the migrations of a target and notes it in each; gives the reason where nobody knows. What is wrong in the source
/// is shown there.
pub(crate) fn of(
    target: &Target,
    from: &Schema,
    new: &mut [NewMigration],
    source: Option<&Source<'_>>,
    terminal: &Terminal,
) -> Result<Option<String>, Failure> {
    let url = match target.proof_url() {
        Ok(url) => url,
        Err(failure) => return Ok(Some(failure.message)),
    };
    let listener = terminal.clone();
    let verdict = live::block_on(async {
        let cancel = Cancel::new();
        live::listen(cancel.clone(), listener);
        Ok(prove(from, new, url.as_deref(), target.dialect, &cancel).await?)
    })?;
    match verdict {
        Verdict::Proven(proof) => {
            for migration in new {
                migration.meta.proof = Some(proof.clone());
            }
            Ok(None)
        }
        Verdict::Open(reason) => Ok(Some(reason.replace('\n', " "))),
        Verdict::Refuted(refuted) => {
            let shown = match &refuted.fault {
                Fault::Statement { sql, message, .. } => {
                    let place = source.and_then(|source| source.place_of(sql, target.dialect));
                    place.map(|place| Diagnostic::error(message.clone()).place(place))
                }
                Fault::Differs(_) => None,
            };
            let told = failure(&refuted, shown.is_some());
            Err(match shown {
                Some(shown) => told.at(shown),
                None => told,
            })
        }
    }
}

/// `shown` where the engine's words stand at a place in the source already.
fn failure(refuted: &Refuted, shown: bool) -> Failure {
    let file = match refuted.direction {
        Direction::Up => "up.sql",
        Direction::Down => "down.sql",
    };
    let on_scratch = "nothing was written: on a scratch database";
    let failure = match &refuted.fault {
        Fault::Statement { sql, line, message } => Failure::new("proof", {
            let why = if shown { String::new() } else { format!(": {message}") };
            format!("{on_scratch} line {line} of {file} fails{why}\n{}", indented(sql))
        })
        .help("correct what it says in the source, or in `--backfill`, then run the command again")
        .with_data(
            json!({ "migration": refuted.id, "file": file, "line": line, "statement": sql, "message": message }),
        ),
        Fault::Differs(drift) => {
            let goal = match refuted.direction {
                Direction::Up => "what the source declares",
                Direction::Down => "the schema before it",
            };
            Failure::new(
                "proof",
                format!("{on_scratch} {file} does not lead to {goal}\n{}", difference(drift)),
            )
            .with_data(json!({
                "migration": refuted.id, "file": file,
                "drift": { "added": drift.added, "removed": drift.removed, "changed": drift.changed },
            }))
        }
    };
    failure
        .help("look at it all: add `--dry-run --no-proof`")
        .help("write it all the same: add `--no-proof`; and please report it where kickdb is wrong")
}

fn indented(sql: &str) -> String {
    let lines = sql.lines().map(|line| format!("  {line}"));
    lines.collect::<Vec<_>>().join("\n")
}

fn difference(drift: &Drift) -> String {
    let lists = [
        ("+", "that should not be there", &drift.added),
        ("-", "missing", &drift.removed),
        ("~", "different", &drift.changed),
    ];
    let lines = lists
        .iter()
        .flat_map(|(sign, what, things)| things.iter().map(move |thing| format!("  {sign} {thing} ({what})")));
    lines.collect::<Vec<_>>().join("\n")
}
