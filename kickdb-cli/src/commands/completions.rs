use clap::CommandFactory as _;

use crate::args::Cli;

/// Writes the completion script of a shell to stdout.
pub(crate) fn run(shell: clap_complete::Shell) {
    let mut command = Cli::command();
    clap_complete::generate(shell, &mut command, "cargo-kickdb", &mut std::io::stdout());
}
