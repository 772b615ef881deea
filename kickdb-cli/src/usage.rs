//! Arguments that no command takes.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::failure::{Exit, Failure};

/// Wrong arguments: clap's own text for people, the error as a document for programs. Help and version are no errors.
pub(crate) fn refuse(mut error: clap::Error, args: &[OsString]) -> ExitCode {
    if let Some(hint) = instead_of_yes(&error, args).or_else(|| engine_of_init(&error, args)) {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![hint.into()]));
    }
    let json = args.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json")
        || args.iter().any(|arg| arg == "--format=json");
    if json && error.use_stderr() {
        let message = error.render().to_string();
        let message = message.trim().trim_start_matches("error: ");
        let failure = Failure::usage("usage", message).help("`cargo kickdb --help` lists the commands and their flags");
        let document = serde_json::to_string_pretty(&failure.json()).expect("a JSON value always serializes");
        let _ = writeln!(std::io::stdout(), "{document}");
    } else {
        let _ = error.print();
    }
    ExitCode::from(if error.use_stderr() {
        Exit::Usage.code()
    } else {
        Exit::Done.code()
    })
}

/// What to write where `--yes` stands, which only `migrate review` takes: one flag for everything would allow what nobody
/// had in mind.
fn instead_of_yes(error: &clap::Error, args: &[OsString]) -> Option<String> {
    let is_yes =
        matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(arg)) if arg == "--yes" || arg == "-y");
    if error.kind() != ErrorKind::UnknownArgument || !is_yes {
        return None;
    }
    let says = |words: &[&str]| args.iter().any(|arg| words.iter().any(|word| arg == word));
    let hint = if says(&["generate", "diff", "drift", "introspect"]) {
        "each question has a flag of its own, which the error says where one is open: `--rename`, `--allow-drop`, `--backfill`"
    } else if says(&["rollback", "reset"]) {
        "nothing is asked; `--force` allows to reverse everything, `--confirm-enum-drop` that enum values go"
    } else if says(&["latest", "up", "down", "redo"]) {
        "nothing is asked; `--confirm-enum-drop` allows that enum values go, and `migrate review --yes` marks what is not reviewed"
    } else {
        "nothing is asked: leave it out"
    };
    Some(hint.to_owned())
}

/// `init sqlite`, as other tools have it.
fn engine_of_init(error: &clap::Error, args: &[OsString]) -> Option<String> {
    let Some(ContextValue::String(arg)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let dialect = kickdb_core::dialect::by_url(&format!("{arg}:"))?;
    args.iter()
        .any(|arg| arg == "init")
        .then(|| format!("write `--dialect {}`", dialect.id()))
}
