//! `generate`: what changed in the structs since the last snapshot, as a migration for each target.

use std::fs;

use kickdb_core::decl::Rename;
use kickdb_core::diff::{Backfills, NeededValue, Renames};
use kickdb_core::ir::Schema;
use kickdb_core::journal::{self, Folder, JOURNAL_FILE, NewMigration, Outcome as Made, Request};
use kickdb_core::plan::TxMode;
use serde_json::{Value, json};

use crate::args::{GenerateArgs, Global};
use crate::backfill::{self, Needs};
use crate::config::{Need, Project, Target};
use crate::decide::{self, Step};
use crate::declared::Source;
use crate::describe;
use crate::failure::Failure;
use crate::folder;
use crate::mentions::{self, Mention};
use crate::proof;
use crate::safe;
use crate::terminal::{Outcome, Paint, Terminal};

/// What one target gets.
pub(super) struct Job<'a> {
    target: &'a Target,
    folder: Folder,
    from: Schema,
    /// `None` for an empty migration.
    goal: Option<Goal>,
    new: Vec<NewMigration>,
    /// Why it is not known whether they do what they should; `None` where it is, or where nobody asked.
    unproven: Option<String>,
}

/// Where a migration leads.
pub(super) struct Goal {
    pub(super) schema: Schema,
    /// What `renamed_from` in the structs says.
    pub(super) renames: Vec<Rename>,
    /// The snapshot to write, where it puts a database right that is not as the last one says.
    pub(super) repairs: Option<Schema>,
}

impl<'a> Job<'a> {
    pub(super) fn new(target: &'a Target, folder: Folder, mut from: Schema, goal: Option<Goal>) -> Self {
        if let Some(goal) = &goal {
            from.release(&goal.schema.unmanaged);
        }
        Self {
            target,
            folder,
            from,
            goal,
            new: Vec::new(),
            unproven: None,
        }
    }
}

/// Generates for every target of the command, all of them or none.
pub(crate) fn run(args: &GenerateArgs, global: &Global, terminal: &Terminal) -> Result<Outcome, Failure> {
    // A name that gives no id is refused before anything is read.
    journal::slug(&args.name).map_err(|error| Failure::usage("name", error.to_string()))?;
    let need = if args.empty { Need::Migrations } else { Need::Source };
    let project = Project::open(global, need)?;
    let (jobs, source) = prepare(&project, args.empty)?;
    let outcome = carry_out(&project, jobs, source.as_ref(), args, terminal);
    // As with the jobs: nothing follows that could use the memory.
    std::mem::forget(source);
    outcome
}

/// Asks what is open, then makes, proves and writes what each target gets.
pub(super) fn carry_out(
    project: &Project,
    mut jobs: Vec<Job<'_>>,
    source: Option<&Source<'_>>,
    args: &GenerateArgs,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    if args.online {
        let idle = jobs.iter().filter(|job| job.target.dialect.online().is_none());
        for job in idle {
            terminal.say(format!(
                "{}: `--online` changes nothing here, one writer has the whole database either way",
                job.target.dialect.title()
            ));
        }
    }
    let settled = settle(&jobs, args, terminal)?;
    make(&mut jobs, settled, args)?;
    if !args.no_proof && !args.empty {
        for job in jobs.iter_mut().filter(|job| !job.new.is_empty()) {
            job.unproven = proof::of(job.target, &job.from, &mut job.new, source, terminal)?;
        }
    }
    for new in jobs.iter_mut().flat_map(|job| &mut job.new) {
        project.policy.set_levels(&mut new.meta.hazards);
    }
    let new: usize = jobs.iter().map(|job| job.new.len()).sum();
    if new == 0 {
        let repairs = |job: &Job<'_>| job.goal.as_ref().is_some_and(|goal| goal.repairs.is_some());
        terminal.say(match jobs.iter().any(repairs) {
            true => "Nothing to fix: the database is what the last migration left behind.",
            false => "Nothing to generate: the source is what the last migration left behind.",
        });
    } else if args.dry_run {
        dry(&jobs, terminal);
    } else {
        write(&jobs)?;
        report(&jobs, terminal);
    }
    let made = jobs.iter().flat_map(|job| &job.new);
    let mentions = source.map_or_else(Vec::new, |source| source.mentions(made.map(|new| &*new.plan.changes)));
    mentions::show(&mentions, terminal);
    let outcome = Outcome::done(json!({
        "dryRun": args.dry_run,
        "stillSaid": mentions.iter().map(Mention::json).collect::<Vec<_>>(),
        "targets": jobs.iter().map(|job| one(job, args.dry_run)).collect::<Vec<_>>(),
    }));
    // The process ends: giving a thousand tables back to the allocator piece by piece is time that somebody waits for.
    std::mem::forget(jobs);
    Ok(outcome)
}

/// The structs and the folders are read side by side: with many tables each takes as long as the other.
fn prepare(project: &Project, empty: bool) -> Result<(Vec<Job<'_>>, Option<Source<'_>>), Failure> {
    let (source, last) = std::thread::scope(|scope| {
        let last = scope.spawn(|| project.targets.iter().map(last_of).collect::<Vec<_>>());
        let source = match empty {
            true => Ok(None),
            false => Source::read(&project.root, &project.sources).map(Some),
        };
        (source, last.join())
    });
    let source = match source? {
        Some(source) => Some(source.must_declare()?),
        None => None,
    };
    let last = last.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    let mut jobs = Vec::new();
    for (target, last) in project.targets.iter().zip(last) {
        let resolved = match &source {
            Some(source) => Some(source.resolve_for(target)?),
            None => None,
        };
        let goal = resolved.map(|resolved| Goal {
            schema: resolved.schema,
            renames: resolved.renames,
            repairs: None,
        });
        let (folder, from) = last?;
        jobs.push(Job::new(target, folder, from, goal));
    }
    Ok((jobs, source))
}

/// What the migrations of a target are, and the schema that they lead to.
fn last_of(target: &Target) -> Result<(Folder, Schema), Failure> {
    let folder = folder::read_newest(target)?;
    let schema = folder.last_schema(target.dialect)?;
    Ok((folder, schema))
}

/// What is renamed in each target, and what its rows get.
fn settle(jobs: &[Job<'_>], args: &GenerateArgs, terminal: &Terminal) -> Result<Vec<(Renames, Backfills)>, Failure> {
    let steps: Vec<Step<'_>> = jobs
        .iter()
        .filter_map(|job| {
            let goal = job.goal.as_ref()?;
            Some(Step {
                from: &job.from,
                to: &goal.schema,
                declared: &goal.renames,
                dialect: job.target.dialect,
            })
        })
        .collect();
    if steps.is_empty() {
        return Ok(vec![Default::default(); jobs.len()]);
    }
    let settled = decide::settle(&steps, &args.answers, terminal)?;
    let needs: Vec<Needs> = settled
        .iter()
        .zip(jobs)
        .map(|((_, diff), job)| Needs {
            needed: NeededValue::of(&diff.changes),
            lexis: job.target.dialect.lexis(),
        })
        .collect();
    let values = backfill::settle(&needs, &args.answers, terminal)?;
    let renames = settled.into_iter().map(|(renames, _)| renames);
    Ok(renames.zip(values).collect())
}

fn make(jobs: &mut [Job<'_>], settled: Vec<(Renames, Backfills)>, args: &GenerateArgs) -> Result<(), Failure> {
    let after = jobs
        .iter()
        .filter_map(|job| job.folder.journal.last_id())
        .max()
        .map(str::to_owned);
    let now = jiff::Timestamp::now();
    let nothing = Schema::default();
    for (job, (renames, backfills)) in jobs.iter_mut().zip(settled) {
        let goal = job.goal.as_ref();
        let request = Request {
            folder: &job.folder,
            to: goal.map_or(&nothing, |goal| goal.repairs.as_ref().unwrap_or(&goal.schema)),
            from: &job.from,
            repairs: goal.filter(|goal| goal.repairs.is_some()).map(|goal| &goal.schema),
            renames,
            rename_flags: &[],
            drop_flags: &[],
            backfills,
            name: &args.name,
            now,
            after: after.as_deref(),
            empty: args.empty,
            online: args.online,
        };
        job.new = match journal::generate(&request, job.target.dialect)? {
            Made::Nothing => Vec::new(),
            Made::Migrations(new) => new,
            // Every question was answered above, with the same schemas and the same answers.
            Made::Questions(_) | Made::Values(_) => {
                return Err(Failure::new("decision", "a question is still open").help("run the command again"));
            }
        };
    }
    Ok(())
}

/// Writes every folder; where one cannot be written, the others are put back as they were.
fn write(jobs: &[Job<'_>]) -> Result<(), Failure> {
    for (index, job) in jobs.iter().enumerate() {
        if job.new.is_empty() {
            continue;
        }
        if let Err(error) = journal::write(&job.target.migrations, &job.folder, &job.new, job.target.dialect) {
            for written in &jobs[..=index] {
                undo(written);
            }
            return Err(Failure::from(error).help("nothing was written; put the cause right and run the command again"));
        }
    }
    Ok(())
}

/// Takes back what was written for a target. What cannot be taken back is found by `migrate verify`.
fn undo(job: &Job<'_>) {
    let dir = &job.target.migrations;
    let unchanged = fs::read_to_string(dir.join(JOURNAL_FILE)).is_ok_and(|text| text == job.folder.journal.to_text());
    if !unchanged {
        if job.folder.journal.entries.is_empty() {
            let _ = fs::remove_file(dir.join(JOURNAL_FILE));
        } else {
            let _ = journal::write_journal(dir, &job.folder.journal);
        }
    }
    for migration in &job.new {
        // One that was there before is what an earlier run left, and was not made by this one.
        if job.folder.migration(&migration.entry.id).is_none() {
            let _ = fs::remove_dir_all(dir.join(&migration.entry.id));
        }
    }
    if job.folder.migrations.is_empty() && job.folder.journal.entries.is_empty() {
        // Only goes where it is empty, as it was made for this.
        let _ = fs::remove_dir(dir);
    }
}

fn report(jobs: &[Job<'_>], terminal: &Terminal) {
    let several = jobs.len() > 1;
    for job in jobs {
        if job.new.is_empty() {
            terminal.say(format!("{}: nothing to generate", job.target.shown()));
            continue;
        }
        for new in &job.new {
            let folder = format!("{}/{}/", job.target.migrations_shown, new.entry.id);
            terminal.say(format!(
                "{} {folder} {}",
                terminal.paint(Paint::Good, "created"),
                terminal.paint(Paint::Dim, "(up.sql, down.sql, snapshot.json, meta.json)")
            ));
            details(job, new, terminal);
        }
        terminal.say(format!(
            "{} {}/{JOURNAL_FILE}",
            terminal.paint(Paint::Good, "updated"),
            job.target.migrations_shown
        ));
        if several {
            terminal.say("");
        }
    }
    let mut ids: Vec<&str> = jobs
        .iter()
        .flat_map(|job| &job.new)
        .map(|new| new.entry.id.as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    if jobs.iter().flat_map(|job| &job.new).any(|new| new.meta.empty) {
        terminal.say(format!(
            "Write its SQL into up.sql and down.sql. Next: cargo kickdb migrate review {}",
            ids.join(" ")
        ));
    } else {
        terminal.say(format!("Next: cargo kickdb migrate review {}", ids.join(" ")));
    }
}

fn details(job: &Job<'_>, new: &NewMigration, terminal: &Terminal) {
    describe::print(terminal, &describe::lines(&new.plan.changes, job.target.dialect));
    if terminal.is_human() {
        terminal.hazards(&new.meta.hazards);
    }
    for note in &new.plan.notes {
        let word = terminal.paint(Paint::Warn, "careful");
        terminal.say(format!("  {word} {}", safe::one_line(note)));
    }
    if let Some(proof) = &new.meta.proof {
        let word = terminal.paint(Paint::Good, "proved");
        terminal.say(format!("  {word} up and down on {}", proof.engine));
    }
    if let Some(reason) = &job.unproven {
        let word = terminal.paint(Paint::Warn, "not proved");
        terminal.say(format!("  {word}: {reason}"));
    }
    if new.meta.down_is_draft {
        terminal.say(format!(
            "  {} down.sql cannot bring back everything; its second line says what",
            terminal.paint(Paint::Warn, "careful")
        ));
    }
    if new.plan.up.steps.iter().any(|step| step.tx == TxMode::Outside) {
        terminal.say(format!(
            "  {} runs outside of a transaction, statement by statement",
            terminal.paint(Paint::Warn, "careful")
        ));
    }
}

fn dry(jobs: &[Job<'_>], terminal: &Terminal) {
    for job in jobs {
        for new in &job.new {
            terminal.result(format!("-- {}/{}/up.sql", job.target.migrations_shown, new.entry.id));
            terminal.result(new.up.trim_end());
            terminal.result(format!(
                "\n-- {}/{}/down.sql",
                job.target.migrations_shown, new.entry.id
            ));
            terminal.result(new.down.trim_end());
            terminal.result("");
            details(job, new, terminal);
        }
    }
    terminal.say("Nothing was written. Without `--dry-run` it is.");
}

fn one(job: &Job<'_>, dry_run: bool) -> Value {
    let migrations: Vec<Value> = job
        .new
        .iter()
        .map(|new| {
            let mut value = json!({
                "id": new.entry.id,
                "folder": format!("{}/{}", job.target.migrations_shown, new.entry.id),
                "changes": describe::json(&describe::lines(&new.plan.changes, job.target.dialect)),
                "hazards": new.meta.hazards,
                "notes": new.plan.notes,
                "downIsDraft": new.meta.down_is_draft,
                "transaction": new.meta.transaction,
                "proof": new.meta.proof,
                "unproven": job.unproven,
            });
            if dry_run {
                value["up"] = json!(new.up);
                value["down"] = json!(new.down);
            }
            value
        })
        .collect();
    json!({ "target": job.target.shown(), "dialect": job.target.dialect.id().as_str(), "migrations": migrations })
}
