//! The commands. Each does its work, says what happened, and gives what a program wants to know of it.

mod adopt;
mod check;
mod completions;
mod diff;
mod doctor;
mod drift;
mod fix;
mod generate;
mod init;
mod introspect;
mod lint;
mod migrate;

use crate::args::{Cli, Command, Format};
use crate::config::{Need, Project};
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;

/// Runs the command of a command line.
pub(crate) fn run(cli: &Cli, terminal: &Terminal) -> Result<Exit, Failure> {
    let global = &cli.global;
    let takes = match global.format {
        Format::Human | Format::Json => true,
        Format::Github => matches!(cli.command, Command::Lint(_) | Command::Check),
        Format::Sarif => matches!(cli.command, Command::Lint(_)),
        Format::Snapshot => matches!(cli.command, Command::Introspect(_)),
    };
    if !takes {
        return Err(Failure::usage("usage", "this command does not write that format")
            .help("use `--format human` or `--format json`; `github` is for `check` and `lint`, `sarif` for `lint`, `snapshot` for `introspect`"));
    }
    let (name, outcome) = match &cli.command {
        Command::Init(args) => ("init", init::run(args, global, terminal)?),
        Command::Generate(args) => ("generate", generate::run(args, global, terminal)?),
        Command::Check => (
            "check",
            check::run(&Project::open(global, Need::Source)?, global, terminal)?,
        ),
        Command::Migrate(command) => migrate::run(command, global, terminal)?,
        Command::Diff(args) => ("diff", diff::run(args, global, terminal)?),
        Command::Introspect(args) => ("introspect", introspect::run(args, global, terminal)?),
        Command::Drift(args) if args.adopt => (
            "drift",
            adopt::run(args, &Project::open(global, Need::Source)?, terminal)?,
        ),
        Command::Drift(args) => {
            let project = Project::open(global, Need::Migrations)?;
            let outcome = match &args.fix {
                Some(name) => fix::run(&project, name, args, terminal)?,
                None => drift::run(&project, terminal)?,
            };
            ("drift", outcome)
        }
        Command::Lint(args) => ("lint", lint::run(args, global, terminal)?),
        Command::Doctor => ("doctor", doctor::run(global, terminal)?),
        Command::Completions { shell } => {
            completions::run(*shell);
            return Ok(Exit::Done);
        }
    };
    terminal.finish(name, &outcome);
    Ok(outcome.exit)
}
