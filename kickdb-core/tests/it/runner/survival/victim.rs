//! A runner in a process of its own, to be killed: this test program once more, told by its environment what to do.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use kickdb_core::runner::{Event, Goal, Options, Runner, Source};

use super::super::place::quick;

const TASK: &str = "KICKDB_SURVIVAL_TASK";

/// The options of everyone in these tests: a lease that is over soon.
pub(super) fn options() -> Options {
    Options {
        lease: Duration::from_millis(400),
        lock_wait: Duration::from_secs(60),
        ..quick()
    }
}

/// The body of the process, and nothing where no task is set, as in every ordinary run of the tests.
#[test]
fn works_until_it_is_killed() {
    let Ok(task) = std::env::var(TASK) else { return };
    let mut task = task.split('\n').map(str::to_owned);
    let mut next = || task.next().unwrap();
    let (url, folder, goal, dies_at) = (next(), next(), next(), next());
    let goal = match goal.as_str() {
        "latest" => Goal::Latest,
        _ => Goal::RollbackAll,
    };
    let mut left: Option<usize> = dies_at.parse().ok();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut runner = Runner::connect(&url, Source::Folder(folder.into()), options())
            .await
            .unwrap();
        runner.observe(move |event| {
            if let (Event::Statement { .. }, Some(left)) = (event, &mut left) {
                *left -= 1;
                if *left == 0 {
                    // As sudden as SIGKILL: nothing is unwound, nothing is sent.
                    std::process::abort();
                }
            }
        });
        runner.run(&goal).await.unwrap();
        runner.close().await.unwrap();
    });
}

/// The process.
pub(super) struct Victim {
    child: Arc<Mutex<Child>>,
}

impl Victim {
    /// Starts it; with `dies_at` it dies before that statement (from 1) by itself.
    pub(super) fn start(url: &str, folder: &Path, goal: &Goal, dies_at: Option<usize>) -> Self {
        let goal = if *goal == Goal::Latest { "latest" } else { "rollback" };
        let dies_at = dies_at.map(|at| at.to_string()).unwrap_or_default();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "runner::survival::victim::works_until_it_is_killed"])
            .env(TASK, [url, &folder.to_string_lossy(), goal, &dies_at].join("\n"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self {
            child: Arc::new(Mutex::new(child)),
        }
    }

    /// What kills it (SIGKILL).
    pub(super) fn killer(&self) -> Box<dyn FnOnce() + Send> {
        let child = Arc::clone(&self.child);
        Box::new(move || child.lock().unwrap().kill().unwrap())
    }

    /// Waits for its end; whether it did all that it was to do.
    pub(super) fn ends(&mut self) -> bool {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.lock().unwrap().try_wait().unwrap() {
                return status.success();
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "the process hangs");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
