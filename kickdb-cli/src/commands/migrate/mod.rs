//! `migrate …`.

mod review;
mod verify;

use super::generate;
use crate::args::{GenerateArgs, Global, MigrateCommand};
use crate::config::{Need, Project};
use crate::failure::Failure;
use crate::terminal::{Outcome, Terminal};

pub(crate) use self::review::hazards;
pub(crate) use self::verify::{findings, one as finding, show as show_findings};

/// Runs one of the commands behind `migrate`; with its name for programs.
pub(crate) fn run(
    command: &MigrateCommand,
    global: &Global,
    terminal: &Terminal,
) -> Result<(&'static str, Outcome), Failure> {
    let project = Project::open(global, Need::Migrations)?;
    match command {
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
    }
}
