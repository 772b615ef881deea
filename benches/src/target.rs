//! The databases that are measured on: made for the run, and gone after it.

use tokio_postgres::{Client, NoTls};

use crate::schema;
use crate::tool::{Engine, Result};

/// A database with the tables of the workloads.
pub struct Target {
    pub engine: Engine,
    pub url: String,
    /// The file of SQLite.
    pub path: String,
    own: Own,
}

enum Own {
    File {
        connection: rusqlite::Connection,
        _kept: tempfile::TempDir,
    },
    Server {
        runtime: tokio::runtime::Runtime,
        client: Client,
        admin: String,
        name: String,
    },
}

impl Target {
    pub fn new(engine: Engine) -> Result<Self> {
        match engine {
            Engine::Sqlite => {
                // In memory where that is: what a disk takes to keep a row is the same for all.
                let shared = std::path::Path::new("/dev/shm");
                let folder = match shared.is_dir() {
                    true => tempfile::tempdir_in(shared)?,
                    false => tempfile::tempdir()?,
                };
                let path = folder.path().join("bench.db").display().to_string();
                let connection = rusqlite::Connection::open(&path)?;
                connection.execute_batch(schema::SQLITE)?;
                connection.busy_timeout(std::time::Duration::from_secs(5))?;
                Ok(Self {
                    engine,
                    url: format!("sqlite://{path}"),
                    path,
                    own: Own::File {
                        connection,
                        _kept: folder,
                    },
                })
            }
            Engine::Postgres => {
                let admin = std::env::var("KICKDB_TEST_POSTGRES")
                    .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
                let (base, _) = admin
                    .rsplit_once('/')
                    .ok_or("the URL of the server ends with a database")?;
                let name = format!("kickdb_bench_{}", std::process::id());
                let url = format!("{base}/{name}");
                let runtime = tokio::runtime::Builder::new_multi_thread()
                    .worker_threads(1)
                    .enable_all()
                    .build()?;
                runtime.block_on(run(&admin, &format!("CREATE DATABASE {name} TEMPLATE template0")))?;
                let client = runtime.block_on(async {
                    let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
                    tokio::spawn(connection);
                    client.batch_execute(schema::POSTGRES).await?;
                    Ok::<_, crate::tool::Fault>(client)
                });
                let own = Own::Server {
                    runtime,
                    client: client?,
                    admin,
                    name,
                };
                let path = String::new();
                Ok(Self { engine, url, path, own })
            }
        }
    }

    /// Takes away what was inserted.
    pub fn empty(&self) -> Result<()> {
        match &self.own {
            Own::File { connection, .. } => {
                connection.execute("DELETE FROM new_users", [])?;
            }
            Own::Server { runtime, client, .. } => {
                let sql = "DO $$ BEGIN IF EXISTS (SELECT FROM new_users) THEN TRUNCATE new_users RESTART IDENTITY; END IF; END $$";
                runtime.block_on(client.batch_execute(sql))?;
            }
        }
        Ok(())
    }

    /// The rows that were inserted, without their keys.
    pub fn inserted(&self) -> Result<Vec<(String, Option<String>)>> {
        let sql = "SELECT name, hair_color FROM new_users ORDER BY id";
        match &self.own {
            Own::File { connection, .. } => {
                let mut statement = connection.prepare(sql)?;
                let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            }
            Own::Server { runtime, client, .. } => {
                let rows = runtime.block_on(client.query(sql, &[]))?;
                rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
            }
        }
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Own::Server {
            runtime, admin, name, ..
        } = &self.own
        {
            let dropped = runtime.block_on(run(admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
            if let Err(error) = dropped {
                eprintln!("the database {name} is left behind: {error}");
            }
        }
    }
}

async fn run(url: &str, sql: &str) -> Result<()> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    client.batch_execute(sql).await?;
    Ok(())
}
