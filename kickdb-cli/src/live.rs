//! Commands that talk to a database: the runtime, the connection, and Ctrl-C.

use std::future::Future;

use kickdb_core::dialect::live::{Connection, connect, redact};

use crate::config::{Project, Target};
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Runs a future to its end.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::new("runtime", format!("cannot start: {error}")).help("check the limits of threads and open files")
        })?
        .block_on(work)
}

/// Opens the database of a target.
pub(crate) async fn open(project: &Project, target: &Target) -> Result<Box<dyn Connection>, Failure> {
    Ok(connect(&url(project, target)?).await?)
}

/// The URL of a target. A relative path in it is relative to the project, unless it was given on this command line.
pub(crate) fn url(project: &Project, target: &Target) -> Result<String, Failure> {
    let url = target.url()?;
    if !target.url_is_a_flag() {
        std::env::set_current_dir(&project.root)
            .map_err(|error| Failure::io("change into", &project.root.display().to_string(), &error))?;
    }
    Ok(url)
}

/// The URL as it is shown.
pub(crate) fn shown(url: &str) -> String {
    redact(url)
}
