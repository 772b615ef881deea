//! The commands. Each does its work, says what happened, and gives what a program wants to know of it.

mod check;
mod completions;
mod diff;
mod doctor;
mod drift;
mod generate;
mod init;
mod migrate;

use crate::args::{Cli, Command};
use crate::config::{Need, Project};
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;

/// Runs the command of a command line.
pub(crate) fn run(cli: &Cli, terminal: &Terminal) -> Result<Exit, Failure> {
    let global = &cli.global;
    let (name, outcome) = match &cli.command {
        Command::Init(args) => ("init", init::run(args, global, terminal)?),
        Command::Generate(args) => ("generate", generate::run(args, global, terminal)?),
        Command::Check => ("check", check::run(&Project::open(global, Need::Source)?, terminal)?),
        Command::Migrate(command) => migrate::run(command, global, terminal)?,
        Command::Diff(args) => ("diff", diff::run(args, global, terminal)?),
        Command::Drift => (
            "drift",
            drift::run(&Project::open(global, Need::Migrations)?, terminal)?,
        ),
        Command::Doctor => ("doctor", doctor::run(global, terminal)?),
        Command::Completions { shell } => {
            completions::run(*shell);
            return Ok(Exit::Done);
        }
    };
    terminal.finish(name, &outcome);
    Ok(outcome.exit)
}
