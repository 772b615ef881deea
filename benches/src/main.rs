//! kickdb beside its peers: each workload on each tool in turns, in one process on one machine.

mod diesel;
mod kickdb;
mod model;
mod plot;
mod report;
mod rusqlite;
mod schema;
mod sea_orm;
mod sqlx;
mod target;
mod tokio_postgres;
mod tool;

use std::time::Duration;

use self::report::{Row, Rows};
use self::target::Target;
use self::tool::{CONNECTIONS, EACH, Engine, OnRuntime, OnThread, Result, Runtimes, TASKS, Tool, WORKLOADS, Workload};

/// About how long one sample takes, and how many there are of each tool.
const SAMPLE: Duration = Duration::from_millis(4);
const SAMPLES: usize = 40;
/// Rounds before the first one that counts.
const WARM: usize = 3;

struct Wanted {
    json: Option<String>,
    svg: Option<String>,
    workloads: Option<String>,
    engine: Option<String>,
    tool: Option<String>,
    samples: usize,
}

fn main() -> Result<()> {
    let mut wanted = Wanted {
        json: None,
        svg: None,
        workloads: None,
        engine: None,
        tool: None,
        samples: SAMPLES,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--json" => wanted.json = Some(value),
            "--svg" => wanted.svg = Some(value),
            "--only" => wanted.workloads = Some(value),
            "--engine" => wanted.engine = Some(value),
            "--tool" => wanted.tool = Some(value),
            "--samples" => wanted.samples = value.parse()?,
            other => {
                return Err(format!("{other}? There are --json, --svg, --only, --engine, --tool and --samples").into());
            }
        }
    }
    let mut rows = Rows::default();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if wanted.engine.as_deref().is_none_or(|name| name == engine.name()) {
            measure(engine, &wanted, &mut rows)?;
        }
    }
    print!("{}", rows.table());
    if let Some(file) = &wanted.json {
        std::fs::write(file, rows.json()?)?;
    }
    if let Some(file) = &wanted.svg {
        std::fs::write(file, rows.svg())?;
    }
    Ok(())
}

fn measure(engine: Engine, wanted: &Wanted, rows: &mut Rows) -> Result<()> {
    let target = Target::new(engine)?;
    let runtimes = Runtimes::new()?;
    // `w1` is all of `w1_1`, `w1_100` and `w1_10000`.
    let chosen = |name: &str| {
        let only = wanted.workloads.as_deref();
        only.is_none_or(|only| name == only || name.strip_prefix(only).is_some_and(|rest| rest.starts_with('_')))
    };
    for (runtime, cpus, busy) in [(&runtimes.one, "0", false), (&runtimes.two, "0,1", true)] {
        let some: Vec<_> = WORKLOADS
            .into_iter()
            .filter(|(name, workload)| chosen(name) && (*workload == Workload::Busy) == busy)
            .collect();
        if some.is_empty() {
            continue;
        }
        pin(cpus)?;
        let mut tools = open(&target, runtime)?;
        tools.retain(|tool| wanted.tool.as_deref().is_none_or(|name| name == tool.name()));
        for (name, workload) in some {
            same(&mut tools, workload, &target)?;
            for (tool, samples) in sample(&mut tools, workload, &target, wanted.samples)? {
                rows.push(Row::new(engine, name, tool, samples));
            }
        }
    }
    Ok(())
}

/// Keeps all threads of this process on these CPUs.
fn pin(cpus: &str) -> Result<()> {
    let mut said = Vec::new();
    // A thread that ends while they are listed is an error for taskset.
    for _ in 0..10 {
        let done = std::process::Command::new("taskset")
            .args(["-a", "-c", "-p", cpus, &std::process::id().to_string()])
            .output()?;
        if done.status.success() {
            return Ok(());
        }
        said = done.stderr;
    }
    Err(String::from_utf8_lossy(&said).into_owned().into())
}

fn open<'r>(target: &Target, runtime: &'r tokio::runtime::Runtime) -> Result<Vec<Box<dyn Tool + 'r>>> {
    let url = &target.url;
    fn on<'r, T: tool::Async + 'r>(
        runtime: &'r tokio::runtime::Runtime,
        opening: impl Future<Output = Result<T>>,
    ) -> Result<Box<dyn Tool + 'r>> {
        let tool = runtime.block_on(opening)?;
        Ok(Box::new(OnRuntime { runtime, tool }))
    }
    Ok(match target.engine {
        Engine::Sqlite => vec![
            on(runtime, kickdb::Kickdb::open(url))?,
            Box::new(OnThread(rusqlite::Rusqlite::open(&target.path)?)),
            Box::new(OnThread(diesel::Diesel::<::diesel::SqliteConnection>::open(
                &target.path,
            )?)),
            on(
                runtime,
                sqlx::Sqlx::<::sqlx::SqliteConnection, ::sqlx::SqlitePool>::open(&target.path),
            )?,
            on(runtime, sea_orm::SeaOrm::open(url))?,
            on(runtime, kickdb::Watched::open(url))?,
        ],
        Engine::Postgres => vec![
            on(runtime, kickdb::Kickdb::open(url))?,
            on(runtime, tokio_postgres::TokioPostgres::open(url))?,
            Box::new(OnThread(diesel::Diesel::<::diesel::PgConnection>::open(url)?)),
            on(runtime, sqlx::Sqlx::<::sqlx::PgConnection, ::sqlx::PgPool>::open(url))?,
            on(runtime, sea_orm::SeaOrm::open(url))?,
            on(runtime, kickdb::Watched::open(url))?,
        ],
    })
}

/// Checks that all tools do the same.
fn same(tools: &mut [Box<dyn Tool + '_>], workload: Workload, target: &Target) -> Result<()> {
    let mut first: Option<(String, &str)> = None;
    for tool in tools.iter_mut().filter(|tool| tool.has(workload)) {
        target.empty()?;
        let gave = format!("{:?}", tool.once(workload)?);
        // sea-orm calls each of its rows a model.
        let gave = gave
            .replace("User {", "Model {")
            .replace("Post {", "Model {")
            .replace("Mixed {", "Model {");
        let gave = format!("{gave}; inserted {:?}", target.inserted()?);
        match &first {
            None => first = Some((gave, tool.name())),
            Some((wanted, _)) if *wanted == gave => {}
            Some((wanted, by)) => {
                let at = wanted
                    .bytes()
                    .zip(gave.bytes())
                    .take_while(|(one, other)| one == other)
                    .count();
                let part = |text: &str| text.chars().skip(at.saturating_sub(40)).take(120).collect::<String>();
                return Err(format!(
                    "{workload:?}: {by} gives …{}…, and {} …{}…",
                    part(wanted),
                    tool.name(),
                    part(&gave)
                )
                .into());
            }
        }
    }
    Ok(())
}

/// The microseconds of each sample, tool by tool.
fn sample(
    tools: &mut [Box<dyn Tool + '_>],
    workload: Workload,
    target: &Target,
    count: usize,
) -> Result<Vec<(&'static str, Vec<f64>)>> {
    let mut samples = Vec::new();
    let mut times = Vec::new();
    for tool in tools.iter_mut() {
        samples.push((tool.name(), Vec::with_capacity(count)));
        let mut each = Duration::ZERO;
        if tool.has(workload) {
            // The fastest of some, since a sample of few runs would count what comes before the first one.
            let tried: Vec<Duration> = (0..8).map(|_| tool.run(workload, 3)).collect::<Result<_>>()?;
            each = tried.into_iter().min().unwrap_or_default() / 3;
        }
        let fit = SAMPLE.as_nanos() / each.as_nanos().max(1);
        times.push(u32::try_from(fit.clamp(1, 500))?);
    }
    let operations = match workload {
        Workload::Busy => (TASKS as f64) * (EACH as f64),
        _ => 1.0,
    };
    for round in 0..WARM + count {
        for at in 0..tools.len() {
            // Each round begins with another one.
            let at = (at + round) % tools.len();
            if !tools[at].has(workload) {
                continue;
            }
            target.empty()?;
            let took = tools[at].run(workload, times[at])?;
            if round >= WARM {
                samples[at]
                    .1
                    .push(took.as_secs_f64() * 1e6 / f64::from(times[at]) / operations);
            }
        }
    }
    samples.retain(|(_, samples)| !samples.is_empty());
    Ok(samples)
}

/// The connections of the tools that block, of which each has as many as a pool.
const _: () = assert!(TASKS.is_multiple_of(CONNECTIONS));
