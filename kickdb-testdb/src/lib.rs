//! Databases for kickdb's own tests: one for each test, on each engine at hand, dropped afterwards.
//!
//! SQLite is always there. A server is looked for at `KICKDB_TEST_POSTGRES` and `KICKDB_TEST_MYSQL` (a URL whose user may
//! make and drop databases), then at the engine's usual local address. An engine that is not there is left out with one
//! line that says how to include it, or fails the test where `KICKDB_REQUIRE` lists it (`KICKDB_REQUIRE=postgres,mysql`).
//!
//! ```
//! use kickdb_testdb::{Engine, engines};
//!
//! for engine in engines(&[Engine::Sqlite]) {
//!     let database = engine.database();
//!     assert!(database.url().starts_with("sqlite:"));
//! }
//! ```

mod own;
mod pooler;
mod server;

pub use self::own::OwnServer;
pub use self::pooler::Pooler;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// An engine that a test can run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// SQLite, in a file of its own.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
    /// A MySQL or MariaDB server.
    Mysql,
}

impl Engine {
    /// The engine's name, as `KICKDB_REQUIRE` and the dialects spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }

    /// Makes an empty database, which goes when the value is dropped.
    ///
    /// # Panics
    ///
    /// When the database cannot be made: a test cannot go on without it.
    #[must_use]
    pub fn database(self) -> Database {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let nanos = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .expect("the clock is past 1970")
            .subsec_nanos();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("kickdb_test_{}_{nanos:x}_{count}", std::process::id());
        match self.admin_url() {
            None => {
                let folder = tempfile::Builder::new()
                    .prefix("kickdb")
                    .tempdir()
                    .expect("a temporary folder can be made");
                let url = format!("sqlite://{}", folder.path().join("test.db").display());
                Database {
                    engine: self,
                    url,
                    place: Place::Folder { _kept: folder },
                }
            }
            Some(admin) => {
                let (base, _) = admin.rsplit_once('/').expect("a server URL ends with a database");
                let url = format!("{base}/{name}");
                server::run(&admin, &self.create(&name)).unwrap_or_else(|error| panic!("cannot make {name}: {error}"));
                Database {
                    engine: self,
                    url,
                    place: Place::Server { admin, name },
                }
            }
        }
    }

    /// The version that the server tells, `15.8` or `10.11.6-MariaDB`; empty for SQLite, which is part of the program.
    ///
    /// # Panics
    ///
    /// When there is no server.
    #[must_use]
    pub fn server_version(self) -> String {
        let Some(admin) = self.admin_url() else {
            return String::new();
        };
        let sql = match self {
            Self::Postgres => "SHOW server_version",
            _ => "SELECT version()",
        };
        let told = server::ask(&admin, sql).unwrap_or_else(|error| panic!("no server to ask: {error}"));
        told.unwrap_or_default()
    }

    fn create(self, name: &str) -> String {
        match self {
            // A copy of template0 is the fastest, and knows nothing of what someone put into template1.
            Self::Postgres => format!("CREATE DATABASE {name} TEMPLATE template0"),
            _ => format!("CREATE DATABASE {name}"),
        }
    }

    fn drop_sql(self, name: &str) -> String {
        match self {
            Self::Postgres => format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            _ => format!("DROP DATABASE IF EXISTS {name}"),
        }
    }

    fn admin_url(self) -> Option<String> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(server::url(
                "KICKDB_TEST_POSTGRES",
                "postgres://postgres@127.0.0.1:5432/postgres",
            )),
            Self::Mysql => Some(server::url("KICKDB_TEST_MYSQL", "mysql://root@127.0.0.1:3306/mysql")),
        }
    }

    fn how_to_include(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => {
                "start one, or set KICKDB_TEST_POSTGRES=postgres://user@host/postgres; `./test` does it for you"
            }
            Self::Mysql => "start one, or set KICKDB_TEST_MYSQL=mysql://user@host/mysql; `./test` does it for you",
        }
    }
}

/// Those of the engines that are at hand.
///
/// # Panics
///
/// When an engine that `KICKDB_REQUIRE` lists is not there.
#[must_use]
pub fn engines(wanted: &[Engine]) -> Vec<Engine> {
    wanted.iter().copied().filter(|engine| available(*engine)).collect()
}

/// Whether the engine is at hand; says in one line, once for each test binary, what is left out.
///
/// # Panics
///
/// When the engine is not there and `KICKDB_REQUIRE` lists it.
#[must_use]
pub fn available(engine: Engine) -> bool {
    static SAID: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    let Some(admin) = engine.admin_url() else { return true };
    let Err(error) = server::reachable(&admin) else {
        return true;
    };
    let name = engine.name();
    let required = std::env::var("KICKDB_REQUIRE").is_ok_and(|list| list.split(',').any(|item| item.trim() == name));
    assert!(!required, "KICKDB_REQUIRE lists {name}, but no server answers: {error}");
    if SAID
        .lock()
        .expect("no test panics while it holds this lock")
        .insert(name)
    {
        eprintln!(
            "left out: tests on {name} (no server answers); {}",
            engine.how_to_include()
        );
    }
    false
}

/// An empty database of one test.
#[derive(Debug)]
pub struct Database {
    engine: Engine,
    url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder { _kept: tempfile::TempDir },
    Server { admin: String, name: String },
}

impl Database {
    /// Its engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Its URL, as a user would write it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        match &self.place {
            // The folder goes with the value.
            Place::Folder { .. } => {}
            Place::Server { admin, name } => {
                if let Err(error) = server::run(admin, &self.engine.drop_sql(name)) {
                    eprintln!("cannot drop {name}: {error}");
                }
            }
        }
    }
}

/// Whether this process is root's: servers refuse to run as that.
fn is_root() -> bool {
    #[cfg(unix)]
    {
        std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
    }
    #[cfg(not(unix))]
    {
        false
    }
}
