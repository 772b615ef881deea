//! What is measured, and what measures it.

use std::fmt::Debug;
use std::hint::black_box;
use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    /// So many rows of a table with three columns.
    Rows(i64),
    /// One row by its key, on one connection.
    Lookup,
    /// One row by its key, through the pool.
    PooledLookup,
    /// So many new rows in one statement.
    Insert(usize),
    /// A thousand users with ten posts each.
    Related,
    /// A thousand rows of twenty mixed columns.
    Mixed,
    /// Lookups of 64 tasks at once on 8 connections.
    Busy,
}

pub const WORKLOADS: [(&str, Workload); 10] = [
    ("w1_1", Workload::Rows(1)),
    ("w1_100", Workload::Rows(100)),
    ("w1_10000", Workload::Rows(10_000)),
    ("w2", Workload::Lookup),
    ("w2_pool", Workload::PooledLookup),
    ("w3_1", Workload::Insert(1)),
    ("w3_100", Workload::Insert(100)),
    ("w4", Workload::Related),
    ("w5", Workload::Mixed),
    ("w6", Workload::Busy),
];

/// How many tasks of [`Workload::Busy`] there are, how many connections they share, and how often each looks up a row.
pub const TASKS: usize = 64;
pub const CONNECTIONS: usize = 8;
pub const EACH: i64 = 16;

/// The key of the `at`th lookup: all over the table, the same for all tools.
pub fn key(at: i64) -> i64 {
    at * 7_919 % 10_000 + 1
}

pub type Out = Box<dyn Debug + Send>;
pub type Fault = Box<dyn std::error::Error + Send + Sync>;
pub type Result<T, E = Fault> = std::result::Result<T, E>;

/// A tool on an engine.
pub trait Tool {
    fn name(&self) -> &'static str;

    fn has(&self, workload: Workload) -> bool;

    /// Runs the workload and gives what it gave.
    fn once(&mut self, workload: Workload) -> Result<Out>;

    /// Runs the workload so many times and gives how long that took.
    fn run(&mut self, workload: Workload, times: u32) -> Result<Duration>;
}

/// A tool that blocks the thread.
pub trait Blocking {
    const NAME: &'static str;
    fn has(workload: Workload) -> bool;
    fn once(&mut self, workload: Workload) -> Result<Out>;
}

/// A tool that is awaited.
pub trait Async {
    const NAME: &'static str;
    fn has(workload: Workload) -> bool;
    fn once(&mut self, workload: Workload) -> impl Future<Output = Result<Out>>;
}

pub struct OnThread<T>(pub T);

impl<T: Blocking> Tool for OnThread<T> {
    fn name(&self) -> &'static str {
        T::NAME
    }

    fn has(&self, workload: Workload) -> bool {
        T::has(workload)
    }

    fn once(&mut self, workload: Workload) -> Result<Out> {
        self.0.once(workload)
    }

    fn run(&mut self, workload: Workload, times: u32) -> Result<Duration> {
        let began = Instant::now();
        for _ in 0..times {
            black_box(self.0.once(workload)?);
        }
        Ok(began.elapsed())
    }
}

/// The runtimes: one thread where one CPU is measured, two where tasks run at once.
pub struct Runtimes {
    pub one: tokio::runtime::Runtime,
    pub two: tokio::runtime::Runtime,
}

impl Runtimes {
    pub fn new() -> Result<Self> {
        Ok(Self {
            one: tokio::runtime::Builder::new_current_thread().enable_all().build()?,
            two: tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()?,
        })
    }
}

/// A tool on a runtime of its own, so that its connections stay where they were opened.
pub struct OnRuntime<'r, T> {
    pub runtime: &'r tokio::runtime::Runtime,
    pub tool: T,
}

impl<T: Async> Tool for OnRuntime<'_, T> {
    fn name(&self) -> &'static str {
        T::NAME
    }

    fn has(&self, workload: Workload) -> bool {
        T::has(workload)
    }

    fn once(&mut self, workload: Workload) -> Result<Out> {
        self.runtime.block_on(self.tool.once(workload))
    }

    fn run(&mut self, workload: Workload, times: u32) -> Result<Duration> {
        self.runtime.block_on(async {
            let began = Instant::now();
            for _ in 0..times {
                black_box(self.tool.once(workload).await?);
            }
            Ok(began.elapsed())
        })
    }
}
