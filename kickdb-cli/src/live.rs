//! Commands that talk to a database: the runtime, the connection, and Ctrl-C.

use std::future::Future;

use kickdb_core::dialect::ServerVersion;
use kickdb_core::dialect::live::{Connection, catalog, redact, told, unread, version};
use kickdb_core::ir::Schema;
use kickdb_core::runner::Cancel;

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

/// What is in a database: its schema, where wanted `as_told` by its server, the server's version, and kinds and names of what
/// cannot be said.
pub(crate) async fn read(
    connection: &mut dyn Connection,
    as_told: bool,
) -> kickdb_core::error::Result<(Schema, ServerVersion, Vec<String>)> {
    let schema = match as_told {
        true => told(connection).await?,
        false => catalog(connection).await?,
    };
    let unread = unread(connection, &schema).await?;
    Ok((schema, version(connection).await?, unread))
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

/// Cancels the run at the first Ctrl-C (or the SIGTERM of a deploy) and leaves at once at the second.
pub(crate) fn listen(cancel: Cancel, terminal: Terminal) {
    tokio::spawn(async move {
        interrupted().await;
        terminal.log("stopping: what runs is rolled back and the lock released (once more to leave at once)");
        cancel.cancel();
        interrupted().await;
        std::process::exit(130);
    });
}

#[cfg(unix)]
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut stream) => drop(stream.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        result = tokio::signal::ctrl_c() => if result.is_err() { std::future::pending::<()>().await },
        () = terminated => {}
    }
}

#[cfg(not(unix))]
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
