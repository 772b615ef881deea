//! The runner is killed, or loses its connection, anywhere: the next run ends in the right schema, every migration recorded
//! once, every row there and changed once.
//!
//! A migration of the scenario counts up what it touches, so that a statement that runs twice is seen, and each engine gets
//! what its own runner has to get right: rebuilds on SQLite, a concurrent index build on PostgreSQL, every kind of DDL that
//! commits by itself on MariaDB.
//!
//! `KICKDB_SURVIVAL=full` tries every place there is instead of a sample of them.

#[path = "survival/proxy.rs"]
mod proxy;
#[path = "survival/scenario.rs"]
mod scenario;
#[path = "survival/victim.rs"]
mod victim;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kickdb_core::runner::Goal;
use kickdb_testdb::{Engine, available};

use self::proxy::{Moment, Proxy};
use self::scenario::Scenario;
use self::victim::Victim;

/// How many cases are at work at the same time: most of the time they wait for a lease to run out.
const WORKERS: usize = 12;

/// A sample of `all` places, or all of them.
fn places(all: usize, sample: usize) -> Vec<usize> {
    let step = match std::env::var("KICKDB_SURVIVAL").as_deref() {
        Ok("full") => 1,
        _ => all.div_ceil(sample).max(1),
    };
    (0..all).step_by(step).collect()
}

/// Runs the cases side by side.
fn side_by_side<C: Sync>(cases: &[C], run: impl Fn(&C) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..WORKERS.min(cases.len()) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    run(case);
                }
            });
        }
    });
}

const GOALS: [Goal; 2] = [Goal::Latest, Goal::RollbackAll];

fn survives_death_at_each_statement(engine: Engine) {
    if !available(engine) {
        return;
    }
    let scenario = Scenario::of(engine);
    let cases: Vec<(Goal, usize)> = GOALS
        .iter()
        .flat_map(|goal| (1..=scenario.statements(goal)).map(|at| (goal.clone(), at)))
        .collect();
    side_by_side(&cases, |(goal, at)| {
        let what = format!("{}: {goal:?} dies before statement {at}", engine.name());
        let place = scenario.before(goal);
        let mut victim = Victim::start(place.url(), scenario.folder(), goal, Some(*at));
        assert!(!victim.ends(), "{what}: it came through");
        place.goes_on(goal, &what);
    });
}

/// Kills a process, or cuts its connections, at each message that it sends to the server.
fn survives_anything_at_each_message(engine: Engine) {
    if !available(engine) {
        return;
    }
    let scenario = Scenario::of(engine);
    for goal in &GOALS {
        let place = scenario.before(goal);
        let proxy = Proxy::start(place.url());
        assert!(Victim::start(&proxy.url(), scenario.folder(), goal, None).ends());
        let all = proxy.messages();
        drop(place);
        let cases: Vec<(usize, Moment, bool)> = places(all, 24)
            .into_iter()
            .enumerate()
            .flat_map(|(number, at)| {
                let moments = [Moment::Unsent, Moment::Sent, Moment::Answered];
                match std::env::var("KICKDB_SURVIVAL").as_deref() {
                    Ok("full") => moments
                        .into_iter()
                        .flat_map(|moment| [(at, moment, true), (at, moment, false)])
                        .collect(),
                    _ => vec![(at, moments[number % 3], number % 2 == 0)],
                }
            })
            .collect();
        side_by_side(&cases, |(at, moment, kill)| {
            let how = if *kill { "is killed" } else { "loses its connections" };
            let what = format!("{}: {goal:?} {how} at message {at} of {all}, {moment:?}", engine.name());
            let place = scenario.before(goal);
            let proxy = Proxy::start(place.url());
            let mut victim = Victim::start(&proxy.url(), scenario.folder(), goal, None);
            if *kill {
                proxy.at(*at, *moment, victim.killer());
            } else {
                proxy.at(*at, *moment, Box::new(|| {}));
            }
            victim.ends();
            place.goes_on(goal, &what);
        });
    }
}

#[test]
fn sqlite_survives_death_at_each_statement() {
    survives_death_at_each_statement(Engine::Sqlite);
}

#[test]
fn postgres_survives_death_at_each_statement() {
    survives_death_at_each_statement(Engine::Postgres);
}

#[test]
fn mariadb_survives_death_at_each_statement() {
    survives_death_at_each_statement(Engine::Mysql);
}

#[test]
fn postgres_survives_anything_at_each_message() {
    survives_anything_at_each_message(Engine::Postgres);
}

#[test]
fn mariadb_survives_anything_at_each_message() {
    survives_anything_at_each_message(Engine::Mysql);
}

/// There is no message to count in a file: the process is killed after so many milliseconds.
#[test]
fn sqlite_survives_death_at_any_time() {
    let scenario = Scenario::of(Engine::Sqlite);
    for goal in &GOALS {
        let place = scenario.before(goal);
        let begun = std::time::Instant::now();
        assert!(Victim::start(place.url(), scenario.folder(), goal, None).ends());
        let whole = begun.elapsed();
        drop(place);
        let cases: Vec<Duration> = (0..36).map(|part| whole * part / 30).collect();
        side_by_side(&cases, |after| {
            let what = format!("sqlite: {goal:?} is killed after {after:?} of about {whole:?}");
            let place = scenario.before(goal);
            let mut victim = Victim::start(place.url(), scenario.folder(), goal, None);
            std::thread::sleep(*after);
            victim.killer()();
            victim.ends();
            place.goes_on(goal, &what);
        });
    }
}
