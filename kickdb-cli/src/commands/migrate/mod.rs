//! `migrate …`.

mod adopt;
mod by_hand;
mod rebase;
mod review;
mod run;
mod squash;
mod status;
mod tenants;
mod verify;

use std::sync::Arc;

use kickdb_core::runner::{Direction, Goal, Verdict};

use super::generate;
use crate::args::{GenerateArgs, Global, MigrateCommand, RunArgs};
use crate::config::{Need, Project};
use crate::failure::Failure;
use crate::folder;
use crate::terminal::{Outcome, Terminal};

pub(crate) use self::run::options;
pub(crate) use self::verify::{findings, one as finding, show as show_findings};

/// Runs one of the commands behind `migrate`; with its name for programs.
pub(crate) fn run(
    command: &MigrateCommand,
    global: &Global,
    terminal: &Terminal,
) -> Result<(&'static str, Outcome), Failure> {
    let project = Project::open(global, Need::Migrations)?;
    let project = Arc::new(project);
    let run = |name: &'static str, goal: Goal, args: &RunArgs| {
        let outcome = match &args.tenants {
            Some(wanted) => tenants::run(&project, &goal, wanted, args, terminal)?,
            None => run::run(&project, &goal, args, terminal)?,
        };
        Ok((name, outcome))
    };
    match command {
        MigrateCommand::Status { exit_code } => Ok(("migrate status", status::run(&project, *exit_code, terminal)?)),
        MigrateCommand::Review { ids, all, yes } => {
            let wanted = review::Wanted {
                ids,
                all: *all,
                yes: *yes,
            };
            Ok(("migrate review", review::run(&project, &wanted, terminal)?))
        }
        MigrateCommand::Make { name } => {
            let args = GenerateArgs::empty(name);
            Ok(("migrate make", generate::run(&args, global, terminal)?))
        }
        MigrateCommand::Verify => Ok(("migrate verify", verify::run(&project, terminal)?)),
        MigrateCommand::Latest(args) => run("migrate latest", Goal::Latest, args),
        MigrateCommand::Up { to: None, run: args } => run("migrate up", Goal::Up, args),
        MigrateCommand::Up {
            to: Some(to),
            run: args,
        } => run("migrate up", toward(&project, to, Direction::Up)?, args),
        MigrateCommand::Down { to: None, run: args } => run("migrate down", Goal::Down, args),
        MigrateCommand::Down {
            to: Some(to),
            run: args,
        } => run("migrate down", toward(&project, to, Direction::Down)?, args),
        MigrateCommand::Rollback {
            all: false,
            force: true,
            ..
        } => Err(Failure::usage(
            "force",
            "`rollback` reverses the last batch, for which nothing has to be forced",
        )
        .help("leave `--force` out")
        .help("to reverse every migration, add `--all`")),
        MigrateCommand::Rollback {
            all: false, run: args, ..
        } => run("migrate rollback", Goal::Rollback, args),
        MigrateCommand::Rollback {
            all: true,
            force,
            run: args,
        } => {
            if !*force && !args.dry_run && !project.development {
                return Err(Failure::usage(
                    "force",
                    "`rollback --all` reverses every migration and loses what their tables hold",
                )
                .help("look first: `cargo kickdb migrate rollback --all --dry-run`")
                .help("to do it, add `--force`; with KICKDB_ENV=development it is not needed"));
            }
            run("migrate rollback", Goal::RollbackAll, args)
        }
        MigrateCommand::Redo(args) => run("migrate redo", Goal::Redo, args),
        MigrateCommand::Reset { force, run: args } => {
            if !*force && !args.dry_run && !project.development {
                return Err(Failure::usage(
                    "force",
                    "`reset` reverses every migration and loses what their tables hold, then applies them again",
                )
                .help("look first: `cargo kickdb migrate reset --dry-run`")
                .help("to do it, add `--force`; with KICKDB_ENV=development it is not needed"));
            }
            run("migrate reset", Goal::Reset, args)
        }
        MigrateCommand::Adopt(args) => Ok(("migrate adopt", adopt::run(&project, args, terminal)?)),
        MigrateCommand::Rebase(args) => Ok(("migrate rebase", rebase::run(&project, args, terminal)?)),
        MigrateCommand::Squash(args) => Ok(("migrate squash", squash::run(&project, args, terminal)?)),
        MigrateCommand::Accept { id, reason, dry_run } => {
            let outcome = by_hand::accept(&project, id, reason.as_deref(), *dry_run, terminal)?;
            Ok(("migrate accept", outcome))
        }
        MigrateCommand::Baseline { id, force, dry_run } => {
            let outcome = by_hand::baseline(&project, id, *force, *dry_run, terminal)?;
            Ok(("migrate baseline", outcome))
        }
        MigrateCommand::Repair { done, undone } => {
            let verdict = match (done, undone) {
                (true, _) => Some(Verdict::Done),
                (_, true) => Some(Verdict::Undone),
                _ => None,
            };
            Ok(("migrate repair", by_hand::repair(&project, verdict, terminal)?))
        }
    }
}

/// The goal of `--to`, where it lies in the direction of the command.
fn toward(project: &Project, part: &str, direction: Direction) -> Result<Goal, Failure> {
    let folder = folder::read(project.only_target()?)?;
    let id = folder::find(&folder, part)?;
    run::toward(project, &id, direction)?;
    Ok(Goal::To(id))
}
