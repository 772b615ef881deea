//! `--tenants`: the same migrations in many databases.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kickdb_core::dialect::live::{connect, in_database};
use kickdb_core::runner::{Cancel, Direction, Goal, Options, Runner, Source};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::run::{options, pending_hazards, refuse, short};
use crate::args::{RunArgs, TenantKind};
use crate::config::{Project, Target};
use crate::describe::count;
use crate::failure::Failure;
use crate::live;
use crate::terminal::{Outcome, Paint, Terminal};

/// Where the name of a tenant goes in the configured URL.
const PLACE: &str = "{tenant}";

/// One database of many.
#[derive(Clone)]
struct Tenant {
    /// As it was named; a URL without its password.
    shown: String,
    url: String,
}

/// What came of one.
enum Came {
    /// So many were applied and reversed.
    Done {
        ids: Vec<(String, Direction)>,
        took: Duration,
    },
    Failed(Failure),
    /// The run was stopped before its turn.
    Skipped,
}

/// Brings every tenant to the goal; one that fails stops no other.
pub(super) fn run(
    project: &Arc<Project>,
    goal: &Goal,
    wanted: &str,
    args: &RunArgs,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let target = project.only_target()?;
    let url = live::url(project, target)?;
    let cancel = Cancel::new();
    let mut options = options(project, target, args, cancel.clone())?;
    // The schemas of the others are in the same database, and would be drift.
    options.one_schema = args.tenant_kind == TenantKind::Schema;
    let done = live::block_on(async {
        let names = names(wanted, &url).await?;
        let tenants = names
            .iter()
            .map(|name| tenant(name, &url, target, args.tenant_kind))
            .collect::<Result<Vec<_>, _>>()?;
        live::listen(cancel.clone(), terminal.clone());
        Ok(all(project, goal, &options, args, tenants, terminal).await)
    })?;
    Ok(summary(&done, &cancel, args.dry_run, terminal))
}

/// The names of the tenants, each once, in their order.
async fn names(wanted: &str, url: &str) -> Result<Vec<String>, Failure> {
    let all: Vec<String> = if let Some(path) = wanted.strip_prefix("file:") {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::io("read", path, &error))?;
        let lines = text
            .lines()
            .map(|line| line.split('#').next().unwrap_or_default().trim().to_owned());
        lines.collect()
    } else if let Some(sql) = wanted.strip_prefix("query:") {
        let mut connection = connect(url).await?;
        let rows = connection.query(sql, &[]).await;
        connection.close().await?;
        let rows = rows.map_err(|error| {
            Failure::usage("tenants", format!("the query of `--tenants` fails: {error}")).help(
                "its first column is the name of a tenant, as text: `query:SELECT CAST(name AS text) FROM tenants`",
            )
        })?;
        rows.into_iter()
            .filter_map(|row| row.into_iter().next().flatten())
            .collect()
    } else {
        wanted.split(',').map(|name| name.trim().to_owned()).collect()
    };
    let mut seen = BTreeSet::new();
    let names: Vec<String> = all
        .into_iter()
        .filter(|name| !name.is_empty() && seen.insert(name.clone()))
        .collect();
    match names.is_empty() {
        true => Err(Failure::usage("tenants", "`--tenants` names nobody")
            .help("write `--tenants one,two`, `--tenants file:PATH` with a name in each line, or `--tenants 'query:SELECT …'`")),
        false => Ok(names),
    }
}

fn tenant(name: &str, url: &str, target: &Target, kind: TenantKind) -> Result<Tenant, Failure> {
    if name.contains("://") || name.starts_with("sqlite:") {
        return Ok(Tenant {
            shown: live::shown(name),
            url: name.to_owned(),
        });
    }
    let plain = name
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if !plain {
        return Err(Failure::usage("tenants", format!("`{name}` is no name of a tenant"))
            .help("a name has letters, digits, `_`, `-` and `.`; anything else is given as a URL"));
    }
    let own = if url.contains(PLACE) {
        url.replace(PLACE, name)
    } else if kind == TenantKind::Schema {
        if !target.dialect.caps().schemas {
            return Err(
                Failure::usage("tenants", format!("{} has no schemas", target.dialect.title()))
                    .help("leave `--tenant-kind schema` out: then a tenant is a database"),
            );
        }
        let mark = if url.contains('?') { '&' } else { '?' };
        format!("{url}{mark}options[search_path]={name}")
    } else if url.starts_with("sqlite") {
        return Err(
            Failure::usage("tenants", "it is not said where the file of a tenant is").help(format!(
                "write its place into the URL: `url = \"sqlite:tenants/{PLACE}.db\"`"
            )),
        );
    } else {
        in_database(url, name)
    };
    Ok(Tenant {
        shown: name.to_owned(),
        url: own,
    })
}

async fn all(
    project: &Arc<Project>,
    goal: &Goal,
    options: &Options,
    args: &RunArgs,
    tenants: Vec<Tenant>,
    terminal: &Terminal,
) -> Vec<(Tenant, Came)> {
    let of = tenants.len();
    let mut waiting = tenants.into_iter().enumerate();
    let mut running = JoinSet::new();
    let mut done: Vec<(usize, Tenant, Came)> = Vec::new();
    loop {
        while running.len() < args.parallel.max(1) {
            let Some((at, tenant)) = waiting.next() else { break };
            if options.cancel.is_cancelled() {
                done.push((at, tenant, Came::Skipped));
                continue;
            }
            let (project, goal, options) = (Arc::clone(project), goal.clone(), options.clone());
            let dry_run = args.dry_run;
            running.spawn(async move {
                let came = one(&project, &goal, options, &tenant, dry_run).await;
                (at, tenant, came.unwrap_or_else(Came::Failed))
            });
        }
        // One that panics takes nobody with it; nothing is known of it but that.
        let Some(joined) = running.join_next().await else { break };
        if let Ok((at, tenant, came)) = joined {
            tell(done.len() + 1, of, &tenant, &came, args.dry_run, terminal);
            done.push((at, tenant, came));
        }
    }
    done.sort_by_key(|(at, ..)| *at);
    done.into_iter().map(|(_, tenant, came)| (tenant, came)).collect()
}

async fn one(
    project: &Project,
    goal: &Goal,
    options: Options,
    tenant: &Tenant,
    dry_run: bool,
) -> Result<Came, Failure> {
    let begun = Instant::now();
    let target = project.only_target()?;
    let mut runner = Runner::connect(&tenant.url, Source::Folder(target.migrations.clone()), options).await?;
    let work = async {
        if dry_run {
            let planned = runner.plan(goal).await?;
            return Ok(planned.into_iter().map(|one| (one.id, one.direction)).collect());
        }
        let hazards = pending_hazards(&mut runner, &tenant.url, goal, project, target).await?;
        refuse(&hazards, project)?;
        let report = runner.run(goal).await?;
        Ok::<_, Failure>(report.done.into_iter().map(|one| (one.id, one.direction)).collect())
    };
    let ids = work.await;
    // What the run says matters more than a goodbye that was not heard.
    let closed = runner.close().await;
    let ids = ids?;
    closed?;
    Ok(Came::Done {
        ids,
        took: begun.elapsed(),
    })
}

fn tell(number: usize, of: usize, tenant: &Tenant, came: &Came, dry_run: bool, terminal: &Terminal) {
    let place = terminal.paint(Paint::Dim, &format!("[{number}/{of}]"));
    match came {
        Came::Done { ids, .. } if ids.is_empty() => terminal.say(format!("{place} {}: nothing to do", tenant.shown)),
        Came::Done { ids, took } => {
            let applied = ids.iter().filter(|(_, direction)| *direction == Direction::Up).count();
            let would = if dry_run { "would be " } else { "" };
            let mut words = Vec::new();
            if applied > 0 {
                words.push(format!("{} {would}applied", count(applied, "migration")));
            }
            if ids.len() > applied {
                words.push(format!("{} {would}reversed", count(ids.len() - applied, "migration")));
            }
            terminal.say(format!(
                "{place} {}: {} ({})",
                tenant.shown,
                words.join(", "),
                short(*took)
            ));
        }
        Came::Failed(failure) => {
            let word = terminal.paint(Paint::Bad, "failed");
            terminal.log(format!("{place} {}: {word}: {}", tenant.shown, failure.message));
        }
        Came::Skipped => {}
    }
}

fn summary(done: &[(Tenant, Came)], cancel: &Cancel, dry_run: bool, terminal: &Terminal) -> Outcome {
    let number = |is: fn(&Came) -> bool| done.iter().filter(|(_, came)| is(came)).count();
    let changed = number(|came| matches!(came, Came::Done { ids, .. } if !ids.is_empty()));
    let same = number(|came| matches!(came, Came::Done { ids, .. } if ids.is_empty()));
    let (failed, skipped) = (
        number(|came| matches!(came, Came::Failed(_))),
        number(|came| matches!(came, Came::Skipped)),
    );
    let word = if dry_run { "would change" } else { "done" };
    terminal.say(format!(
        "{}: {changed} {word}, {same} with nothing to do, {failed} failed, {skipped} not begun.",
        count(done.len(), "tenant")
    ));
    if failed + skipped > 0 || cancel.is_cancelled() {
        let names: Vec<&str> = done
            .iter()
            .filter(|(_, came)| matches!(came, Came::Failed(_)))
            .map(|(tenant, _)| tenant.shown.as_str())
            .take(20)
            .collect();
        if !names.is_empty() {
            terminal.say(format!("Failed: {}", names.join(", ")));
        }
        terminal.say("Next: run the same command again; it goes on with those that are not done.");
    }
    let tenants: Vec<Value> = done
        .iter()
        .map(|(tenant, came)| match came {
            Came::Done { ids, took } => {
                let ids: Vec<Value> = ids.iter().map(|(id, direction)| json!({ "id": id, "direction": direction.as_str() })).collect();
                json!({ "tenant": tenant.shown, "state": "done", "done": ids, "ms": u64::try_from(took.as_millis()).unwrap_or(u64::MAX) })
            }
            Came::Failed(failure) => {
                json!({ "tenant": tenant.shown, "state": "failed", "error": failure.json()["error"] })
            }
            Came::Skipped => json!({ "tenant": tenant.shown, "state": "not_begun" }),
        })
        .collect();
    let mut outcome = Outcome::done(json!({ "dryRun": dry_run, "tenants": tenants }));
    if failed + skipped > 0 {
        outcome.exit = crate::failure::Exit::Failed;
    }
    outcome
}
