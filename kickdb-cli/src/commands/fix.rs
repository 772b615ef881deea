//! `drift --fix`: the migration that leads from what the database is back to the last applied snapshot.

use kickdb_core::drift::{Compared, drift};
use kickdb_core::ir::Schema;
use kickdb_core::journal;
use kickdb_core::runner::{Cancel, Runner, Source, State};

use super::generate::{Goal, Job, carry_out};
use super::migrate::options;
use crate::args::{DriftArgs, GenerateArgs, RunArgs};
use crate::config::{Project, Target};
use crate::describe::count;
use crate::failure::Failure;
use crate::folder;
use crate::live;
use crate::terminal::{Outcome, Terminal};

/// Writes the migration for every target of the command, all of them or none.
pub(crate) fn run(project: &Project, name: &str, args: &DriftArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    journal::slug(name).map_err(|error| Failure::usage("name", error.to_string()))?;
    let mut jobs = Vec::new();
    for target in &project.targets {
        let url = live::url(project, target)?;
        let (snapshot, compared) = live::block_on(compare(project, target, &url))?;
        let goal = Goal {
            schema: compared.expected,
            renames: Vec::new(),
            repairs: Some(snapshot),
        };
        jobs.push(Job::new(target, folder::read(target)?, compared.live, Some(goal)));
    }
    let args = GenerateArgs {
        name: name.to_owned(),
        empty: false,
        dry_run: args.dry_run,
        no_proof: args.no_proof,
        online: false,
        answers: args.answers.clone(),
    };
    carry_out(project, jobs, None, &args, terminal)
}

/// The last applied snapshot, and the database beside it.
async fn compare(project: &Project, target: &Target, url: &str) -> Result<(Schema, Compared), Failure> {
    let options = options(project, target, &RunArgs::default(), Cancel::new())?;
    let mut runner = Runner::connect(url, Source::Folder(target.migrations.clone()), options).await?;
    let compared = compare_open(&mut runner, target).await;
    runner.close().await?;
    compared
}

async fn compare_open(runner: &mut Runner, target: &Target) -> Result<(Schema, Compared), Failure> {
    let standings = runner.status().await?;
    let open = standings
        .iter()
        .filter(|standing| !matches!(standing.state, State::Applied { .. }))
        .count();
    if open > 0 {
        let next = "apply the others first, or delete their folders and generate them again afterwards: \
                    `cargo kickdb migrate status` lists them";
        let message = format!(
            "{} not applied; what puts the database right comes after all of them",
            match open {
                1 => "1 migration is".to_owned(),
                _ => format!("{} are", count(open, "migration")),
            }
        );
        return Err(Failure::usage("pending", message).help(next));
    }
    let snapshot = folder::read(target)?.last_schema(target.dialect)?;
    let compared = drift(runner.connection(), &snapshot).await?;
    Ok((snapshot, compared))
}
