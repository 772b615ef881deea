//! `migrate squash`: several migrations that follow each other, as one.

use kickdb_core::journal::{self, Squashed};
use serde_json::json;

use crate::args::SquashArgs;
use crate::config::{Project, Target};
use crate::describe::count;
use crate::failure::Failure;
use crate::folder;
use crate::proof;
use crate::terminal::{Outcome, Paint, Terminal};

/// Squashes the range in the folder of every target, in all of them or none.
pub(super) fn run(project: &Project, args: &SquashArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let Some((first, last)) = args
        .range
        .split_once("..")
        .filter(|(first, last)| !first.is_empty() && !last.is_empty())
    else {
        return Err(Failure::usage("range", format!("`{}` is no range of migrations", args.range))
            .help("write the first and the last one: `cargo kickdb migrate squash 20260101_090000_init..20260401_120000_add_due`")
            .help("a part of an id that fits no other is enough"));
    };
    let mut made = Vec::new();
    for target in &project.targets {
        let folder = folder::read(target)?;
        let (first, last) = (folder::find(&folder, first)?, folder::find(&folder, last)?);
        let mut squashed = journal::squash(&folder, &first, &last, jiff::Timestamp::now(), target.dialect)?;
        let mut unproven = None;
        if !args.no_proof {
            unproven = proof::of(
                target,
                &squashed.from,
                std::slice::from_mut(&mut squashed.new),
                None,
                terminal,
            )?;
        }
        made.push((target, folder, squashed, unproven));
    }
    for (target, folder, squashed, unproven) in &made {
        if !args.dry_run {
            journal::write_squashed(&target.migrations, folder, squashed)?;
        }
        show(target, squashed, unproven.as_deref(), args.dry_run, terminal);
    }
    match made.first() {
        _ if args.dry_run => terminal.say("Nothing was written. Without `--dry-run` it is."),
        Some((_, _, squashed, _)) => {
            terminal.say(format!("Next: cargo kickdb migrate review {}", squashed.new.entry.id))
        }
        None => {}
    }
    let targets: Vec<_> = made
        .iter()
        .map(|(target, _, squashed, unproven)| {
            let replaces: Vec<&str> = squashed.new.entry.replaces.iter().map(|one| one.id.as_str()).collect();
            let mut value = json!({
                "target": target.shown(),
                "id": squashed.new.entry.id,
                "replaces": replaces,
                "proof": squashed.new.meta.proof,
                "unproven": unproven,
            });
            if args.dry_run {
                value["up"] = json!(squashed.new.up);
                value["down"] = json!(squashed.new.down);
            }
            value
        })
        .collect();
    Ok(Outcome::done(json!({ "dryRun": args.dry_run, "targets": targets })))
}

fn show(target: &Target, squashed: &Squashed, unproven: Option<&str>, dry_run: bool, terminal: &Terminal) {
    let new = &squashed.new;
    let folder = format!("{}/{}", target.migrations_shown, new.entry.id);
    if dry_run {
        terminal.result(format!("-- {folder}/up.sql"));
        terminal.result(new.up.trim_end());
        terminal.result(format!("\n-- {folder}/down.sql"));
        terminal.result(new.down.trim_end());
        terminal.result("");
    }
    for id in &squashed.gone {
        let word = if dry_run { "would delete" } else { "deleted" };
        terminal.say(format!("{word} {}/{id}/", target.migrations_shown));
    }
    let word = if dry_run { "would rewrite" } else { "rewrote" };
    let number = count(new.entry.replaces.len(), "migration");
    terminal.say(format!("{word} {folder}/, which stands for {number} from now on"));
    match (&new.meta.proof, unproven) {
        (Some(proof), _) => terminal.say(format!(
            "  {} up and down on {}",
            terminal.paint(Paint::Good, "proved"),
            proof.engine
        )),
        (None, Some(reason)) => terminal.say(format!("  {}: {reason}", terminal.paint(Paint::Warn, "not proved"))),
        (None, None) => {}
    }
}
