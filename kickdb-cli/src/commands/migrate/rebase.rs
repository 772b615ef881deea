//! `migrate rebase`: two branches met in one folder.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kickdb_core::dialect::live::connect;
use kickdb_core::journal::{self, Folder, NewMigration, Rebase, Rebased};
use kickdb_core::merge::{Conflict, Side};
use kickdb_core::runner::applied;
use serde_json::{Value, json};

use super::run::options;
use crate::args::{RebaseArgs, RunArgs};
use crate::ask;
use crate::config::{Project, Target};
use crate::describe::{self, count};
use crate::failure::Failure;
use crate::folder;
use crate::live;
use crate::proof;
use crate::terminal::{Outcome, Paint, Terminal};

/// How long a database may take to say what is applied in it.
const PATIENCE: Duration = Duration::from_secs(3);

/// Puts the folder of every target in order, all of them or none.
pub(super) fn run(project: &Project, args: &RebaseArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let mut done = Vec::new();
    for target in &project.targets {
        done.push(one(project, target, args, terminal)?);
    }
    let nothing = done
        .iter()
        .all(|(_, rebased, changed)| rebased.moved.is_empty() && !changed);
    if nothing {
        terminal.say("Nothing to do: each migration follows the one before it.");
    } else if args.dry_run {
        done.iter()
            .for_each(|(target, rebased, _)| show(target, rebased, true, terminal));
        terminal.say("Nothing was written. Without `--dry-run` it is.");
    } else {
        for (target, rebased, _) in &done {
            journal::write_rebased(&target.migrations, rebased)?;
            show(target, rebased, false, terminal);
        }
        let unreviewed = done
            .iter()
            .flat_map(|(_, rebased, _)| &rebased.moved)
            .flat_map(|moved| &moved.new);
        let ids: BTreeSet<&str> = unreviewed
            .filter(|new| !new.meta.reviewed)
            .map(|new| new.entry.id.as_str())
            .collect();
        terminal.say(match ids.is_empty() {
            true => "Next: cargo kickdb check".to_owned(),
            false => format!(
                "Next: cargo kickdb migrate review {}",
                ids.into_iter().collect::<Vec<_>>().join(" ")
            ),
        });
    }
    let targets: Vec<Value> = done
        .iter()
        .map(|(target, rebased, changed)| data(target, rebased, *changed))
        .collect();
    Ok(Outcome::done(json!({ "dryRun": args.dry_run, "targets": targets })))
}

/// A target, what becomes of its folder, and whether its journal changes.
fn one<'a>(
    project: &Project,
    target: &'a Target,
    args: &RebaseArgs,
    terminal: &Terminal,
) -> Result<(&'a Target, Rebased, bool), Failure> {
    let (mut folder, _) = journal::read_after_merge(&target.migrations, target.dialect)?;
    discard(&mut folder, target, args)?;
    let ids = |given: &[String]| -> Result<BTreeSet<String>, Failure> {
        given.iter().map(|part| folder::find_on_disk(&folder, part)).collect()
    };
    let mut taken = taken(&args.take)?;
    let (mut keep, mut anew) = (ids(&args.keep_sql)?, ids(&args.regenerate)?);
    let moved = match &args.r#move {
        Some(part) => BTreeSet::from([folder::find_on_disk(&folder, part)?]),
        None => BTreeSet::new(),
    };
    let mut rebased = loop {
        let how = Rebase {
            moved: &moved,
            taken: &taken,
            keep: &keep,
            anew: &anew,
            now: jiff::Timestamp::now(),
        };
        let rebased = journal::rebase(&folder, &how, target.dialect)?;
        let Some((id, conflict)) = rebased.conflicts.first() else {
            break rebased;
        };
        let by_hand = conflict.thing == format!("migration {id}");
        if !terminal.may_ask() || !(conflict.choice || by_hand) {
            return Err(undecided(&rebased.conflicts));
        }
        let question = format!("{}: {}. What shall be?", conflict.thing, conflict.message);
        let answers = match by_hand {
            true => [
                "its SQL stays as it is",
                "it is made anew, without what was written into it",
            ],
            false => ["as on the older branch", "as on the younger branch"],
        };
        match (by_hand, ask::choose(&question, answers.map(str::to_owned).to_vec())?) {
            (true, 0) => drop(keep.insert(id.clone())),
            (true, _) => drop(anew.insert(id.clone())),
            (false, 0) => drop(taken.insert(conflict.thing.clone(), Side::Older)),
            (false, _) => drop(taken.insert(conflict.thing.clone(), Side::Younger)),
        }
    };
    if !rebased.moved.is_empty() {
        refuse_applied(project, target, &rebased, terminal)?;
        if !args.no_proof {
            prove(target, &mut rebased, terminal)?;
        }
    }
    let on_disk = std::fs::read_to_string(target.migrations.join(journal::JOURNAL_FILE)).unwrap_or_default();
    let changed = rebased
        .journal
        .as_ref()
        .is_some_and(|journal| !journal.entries.is_empty() && journal.to_text() != on_disk);
    Ok((target, rebased, changed))
}

/// Takes out the migrations that are given up, with everything that only follows them.
fn discard(folder: &mut Folder, target: &Target, args: &RebaseArgs) -> Result<(), Failure> {
    for part in &args.discard {
        let id = folder::find_on_disk(folder, part)?;
        let follower = folder.migrations.values().find(|other| {
            let meta = other.meta.as_ref();
            meta.is_some_and(|meta| meta.previous_id.as_deref() == Some(&id))
        });
        if let Some(follower) = follower {
            return Err(
                Failure::usage("follows", format!("`{}` was made after `{id}`", follower.id)).help(format!(
                    "discard that first: `--discard {} --discard {id}`",
                    follower.id
                )),
            );
        }
        folder.migrations.remove(&id);
        folder.journal.entries.retain(|entry| entry.id != id);
        if !args.dry_run {
            let dir = target.migrations.join(&id);
            std::fs::remove_dir_all(&dir).map_err(|error| Failure::io("remove", &dir.display().to_string(), &error))?;
        }
    }
    Ok(())
}

fn taken(flags: &[String]) -> Result<BTreeMap<String, Side>, Failure> {
    let read = |flag: &String| {
        let (thing, side) = flag.rsplit_once('=')?;
        let side = [Side::Older, Side::Younger]
            .into_iter()
            .find(|known| known.as_str() == side)?;
        Some((thing.trim().to_owned(), side))
    };
    flags
        .iter()
        .map(|flag| {
            read(flag).ok_or_else(|| {
                Failure::usage("usage", format!("`--take {flag}` says no side"))
                    .help("write `--take 'column tasks.title=older'` or `…=younger`")
            })
        })
        .collect()
}

fn undecided(conflicts: &[(String, Conflict)]) -> Failure {
    let mut failure = Failure::usage(
        "decision",
        match conflicts {
            [(_, one)] => format!("{}: {}. Nothing was written", one.thing, one.message),
            several => format!(
                "{} have to be decided first. Nothing was written",
                count(several.len(), "thing")
            ),
        },
    );
    for (id, conflict) in conflicts {
        if conflicts.len() > 1 {
            failure = failure.help(format!("{}: {}", conflict.thing, conflict.message));
        }
        let thing = &conflict.thing;
        failure = if *thing == format!("migration {id}") {
            failure
                .help(format!("its SQL fits as it is: add `--keep-sql {id}`"))
                .help(format!(
                    "it shall be made anew, without what was written into it: add `--regenerate {id}`"
                ))
        } else if conflict.choice {
            failure
                .help(format!("as on the older branch: add `--take '{thing}=older'`"))
                .help(format!("as on the younger branch: add `--take '{thing}=younger'`"))
        } else {
            failure.help(format!(
                "let the source decide: `cargo kickdb migrate rebase --discard {id}`, put the source right, then `cargo kickdb generate`"
            ))
        };
    }
    let data: Vec<Value> = conflicts
        .iter()
        .map(|(id, conflict)| {
            json!({ "id": id, "thing": conflict.thing, "message": conflict.message, "choice": conflict.choice })
        })
        .collect();
    failure.with_data(json!({ "conflicts": data }))
}

/// What is applied where this is run cannot get other files under its feet.
fn refuse_applied(project: &Project, target: &Target, rebased: &Rebased, terminal: &Terminal) -> Result<(), Failure> {
    let Ok(url) = live::url(project, target) else {
        return Ok(());
    };
    let options = options(project, target, &RunArgs::default(), kickdb_core::runner::Cancel::new())?;
    let looked = live::block_on(async {
        let look = async {
            let mut connection = connect(&url).await?;
            let found = applied(&mut *connection, options.tracking_schema.as_ref()).await?;
            connection.close().await?;
            Ok::<_, Failure>(found)
        };
        match tokio::time::timeout(PATIENCE, look).await {
            Ok(found) => found,
            Err(_) => Err(Failure::new("timeout", "it did not answer")),
        }
    });
    let found = match looked {
        Ok(found) => found,
        Err(failure) => {
            terminal.log(format!(
                "note: whether a migration that moves is applied already was not looked at: {}",
                failure.message
            ));
            return Ok(());
        }
    };
    let moved = rebased
        .moved
        .iter()
        .find(|moved| found.iter().any(|row| row.id == moved.id));
    let Some(moved) = moved else { return Ok(()) };
    let other = rebased.order.iter().find(|id| {
        let is_moved = rebased.moved.iter().any(|moved| moved.id == **id);
        !is_moved && !found.iter().any(|row| row.id == **id)
    });
    let failure = Failure::new(
        "migration_applied",
        format!(
            "migration `{}` is applied in {}, so its files must stay as they are; nothing was written",
            moved.id,
            live::shown(&url)
        ),
    )
    .help(
        "where that is a database of your own: reverse it first with `cargo kickdb migrate down`, then run this again",
    );
    Err(match other {
        Some(other) => failure.help(format!(
            "where it is applied for good: put the other branch behind it with `cargo kickdb migrate rebase --move {other}`"
        )),
        None => failure,
    })
}

fn prove(target: &Target, rebased: &mut Rebased, terminal: &Terminal) -> Result<(), Failure> {
    let Some(from) = rebased.moved.first().map(|moved| moved.from.clone()) else {
        return Ok(());
    };
    let mut new: Vec<NewMigration> = rebased.moved.iter().flat_map(|moved| moved.new.clone()).collect();
    if let Some(reason) = proof::of(target, &from, &mut new, None, terminal)? {
        let word = terminal.paint(Paint::Warn, "not proved");
        terminal.say(format!("{word}: {reason}"));
    }
    let mut proven = new.into_iter();
    for slot in rebased.moved.iter_mut().flat_map(|moved| &mut moved.new) {
        if let Some(new) = proven.next() {
            *slot = new;
        }
    }
    Ok(())
}

fn show(target: &Target, rebased: &Rebased, dry_run: bool, terminal: &Terminal) {
    for moved in &rebased.moved {
        for (at, new) in moved.new.iter().enumerate() {
            let after = new.meta.previous_id.as_deref().unwrap_or("nothing");
            let what = match moved.same_sql {
                true => "its SQL is the same",
                false => "its SQL is new",
            };
            let name = match at == 0 && moved.id != new.entry.id {
                true => format!("{} is now {}", moved.id, new.entry.id),
                false => new.entry.id.clone(),
            };
            let word = terminal.paint(Paint::Good, "moved");
            terminal.say(format!("{word} {name} behind {after}; {what}"));
            describe::print(terminal, &describe::lines(&new.plan.changes, target.dialect));
            if let Some(proof) = &new.meta.proof {
                terminal.say(format!(
                    "  {} up and down on {}",
                    terminal.paint(Paint::Good, "proved"),
                    proof.engine
                ));
            }
            if dry_run && !moved.same_sql {
                terminal.result(format!("-- {}/{}/up.sql", target.migrations_shown, new.entry.id));
                terminal.result(new.up.trim_end());
                terminal.result(format!("\n-- {}/{}/down.sql", target.migrations_shown, new.entry.id));
                terminal.result(new.down.trim_end());
                terminal.result("");
            }
        }
    }
    if !dry_run {
        let word = terminal.paint(Paint::Good, "updated");
        terminal.say(format!("{word} {}/{}", target.migrations_shown, journal::JOURNAL_FILE));
    }
}

fn data(target: &Target, rebased: &Rebased, changed: bool) -> Value {
    let moved: Vec<Value> = rebased
        .moved
        .iter()
        .map(|moved| {
            json!({
                "id": moved.id,
                "ids": moved.new.iter().map(|new| &new.entry.id).collect::<Vec<_>>(),
                "previousId": moved.new.first().and_then(|new| new.meta.previous_id.clone()),
                "sameSql": moved.same_sql,
                "proof": moved.new.first().and_then(|new| new.meta.proof.clone()),
            })
        })
        .collect();
    json!({ "target": target.shown(), "journal": changed, "moved": moved })
}
