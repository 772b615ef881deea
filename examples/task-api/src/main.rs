//! The task board as a program. `DATABASE_URL` names the database (default: a SQLite file beside you), `REPLICA_URL` one
//! that follows it and takes what only reads, `PORT` the port.

use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("task-api: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite://task-api.db".to_owned());
    let port = match std::env::var("PORT") {
        Ok(port) => port
            .parse::<u16>()
            .map_err(|_| format!("PORT={port} is not a port: 0 to 65535"))?,
        Err(_) => 3000,
    };

    let replica = std::env::var("REPLICA_URL").ok().filter(|url| !url.is_empty());
    let db = task_api::database_with_replica(&url, replica.as_deref()).await?;
    let seeded = task_api::seed::fill(&db.primary()).await?;
    if seeded > 0 {
        tracing::info!(tasks = seeded, "filled the empty database with an example");
    }

    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(|error| format!("cannot listen on port {port}: {error}; set PORT to another one"))?;
    let address = listener.local_addr()?;
    tracing::info!("try http://{address}/docs in a browser, or: curl http://{address}/projects");
    // The one line on stdout: a program that starts this one reads the address from it, and may read no further.
    println!("listening on http://{address}");
    axum::serve(listener, task_api::app(db))
        .with_graceful_shutdown(stopped())
        .await?;
    Ok(())
}

async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}
