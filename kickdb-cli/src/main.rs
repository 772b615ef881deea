//! `cargo kickdb`: generate, review, apply and reverse migrations.

mod args;
mod ask;
mod backfill;
mod collect;
mod commands;
mod config;
mod decide;
mod declared;
mod describe;
mod failure;
mod folder;
mod git;
mod hazards;
mod live;
mod mentions;
mod parallel;
mod proof;
mod safe;
mod source_edit;
mod terminal;
mod usage;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::Cli;
use crate::terminal::Terminal;

/// A schema is very many small texts: this allocator takes a fifth less time over them than the C library's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = args::without_cargo_word(std::env::args_os().collect());
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => return usage::refuse(error, &args),
    };
    let terminal = Terminal::new(&cli.global);
    let exit = match commands::run(&cli, &terminal) {
        Ok(exit) => exit,
        Err(failure) => {
            terminal.fail(&failure);
            failure.exit
        }
    };
    ExitCode::from(exit.code())
}
