use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Db;
use super::observe::{QueryEvent, TransactionEvent, Watch};
use super::pool::{Limits, Pool};
use crate::decl::{Problem, Resolved};
use crate::dialect::Dialect;
use crate::dialect::live::redact;
#[cfg(any(feature = "mysql", feature = "postgres"))]
use crate::dialect::session::Lender;
use crate::dialect::session::Target;
use crate::diff::{Renames, diff};
use crate::error::{Error, Result};
use crate::journal::Embedded;
use crate::runner::{Boot, Options, start};

/// Sets up a pool before it connects.
#[must_use = "a builder does nothing until `.connect()`"]
pub struct DbBuilder {
    source: Source,
    limits: Limits,
    /// One of the limits was given.
    limited: bool,
    watch: Watch,
    migrations: Option<&'static Embedded>,
    boot: Boot,
    options: Options,
    program: Option<Declared>,
}

/// Where the connections come from.
enum Source {
    Url(String),
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    Lender(Target, Box<dyn Lender>),
}

impl Source {
    /// Whether the connections are those of a pool of sqlx.
    fn is_lent(&self) -> bool {
        match self {
            Self::Url(_) => false,
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            Self::Lender(..) => true,
        }
    }
}

/// Gives the schema that the structs of the program declare.
type Declared = fn(&dyn Dialect) -> std::result::Result<Resolved, Vec<Problem>>;

impl DbBuilder {
    pub(super) fn new(url: String) -> Self {
        Self::of(Source::Url(url))
    }

    /// A pool of sqlx as the one that has the connections.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    pub(super) fn lent(target: Target, lender: Box<dyn Lender>) -> Self {
        Self::of(Source::Lender(target, lender))
    }

    fn of(source: Source) -> Self {
        let limits = Limits {
            connections: 10,
            acquire: Duration::from_secs(30),
            check_after: Duration::from_secs(30),
        };
        Self {
            source,
            limits,
            limited: false,
            watch: Watch::default(),
            migrations: None,
            boot: Boot::default(),
            options: Options::default(),
            program: None,
        }
    }

    /// At most so many connections (10). A database in memory always has one.
    pub fn max_connections(mut self, connections: u32) -> Self {
        self.limits.connections = connections;
        self.limited = true;
        self
    }

    /// How long a query waits for a free connection (30 seconds) before [`Error::PoolTimeout`].
    pub fn acquire_timeout(mut self, timeout: Duration) -> Self {
        self.limits.acquire = timeout;
        self.limited = true;
        self
    }

    /// How long a connection to a server may lie idle before it is checked when it is taken again (30 seconds). SQLite has no
    /// server that could have gone.
    pub fn check_after(mut self, idle: Duration) -> Self {
        self.limits.check_after = idle;
        self.limited = true;
        self
    }

    /// Calls this after each statement: for metrics, a log, or a test that counts. It holds the query up, so it is short.
    pub fn on_query(mut self, hook: impl Fn(&QueryEvent<'_>) + Send + Sync + 'static) -> Self {
        self.watch.hooks.push(Arc::new(hook));
        self
    }

    /// Calls this before each statement of a query, with its SQL, which it may change: a comment with the number of the request, a
    /// hint. Where it gives an error, nothing is sent. What it puts there must not come from a user, and the values stay as they
    /// are. Begin, commit and the like are not shown to it.
    pub fn before_query(mut self, hook: impl Fn(&mut String) -> Result<()> + Send + Sync + 'static) -> Self {
        self.watch.before.push(Arc::new(hook));
        self
    }

    /// Calls this when a transaction begins and when it ends, also one that a call with several statements makes by itself.
    pub fn on_transaction(mut self, hook: impl Fn(TransactionEvent) + Send + Sync + 'static) -> Self {
        self.watch.transactions.push(Arc::new(hook));
        self
    }

    /// Counts queries, failures, rows, times and transactions, for [`Db::metrics`].
    pub fn measure(mut self) -> Self {
        self.watch.counters = Some(Arc::default());
        self
    }

    /// Warns of each statement that takes at least this long: an event of `tracing` with the target `kickdb::slow_query`.
    pub fn slow_query(mut self, least: Duration) -> Self {
        self.watch.slow = Some(least);
        self
    }

    /// The migrations that this program was built with, from `embed_migrations!`. What is done about pending ones when it
    /// connects is for [`on_boot`](Self::on_boot) to say.
    pub fn migrations(mut self, migrations: &'static Embedded) -> Self {
        self.migrations = Some(migrations);
        self
    }

    /// What is done about pending migrations ([`Boot::FailIfPending`]).
    pub fn on_boot(mut self, policy: Boot) -> Self {
        self.boot = policy;
        self
    }

    /// How migrations are run under [`Boot::Apply`], and what they are checked for under [`Boot::FailIfPending`].
    pub fn migration_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Refuses to connect where the structs of the program are not what its own newest migration leads to: a migration was
    /// forgotten, or not built in. With [`Boot::FailIfPending`] and [`Boot::Apply`] the database is then read, too, and must be
    /// what its migrations leave behind, or somebody is told, as [`Options::drift_check`] says: no program serves a database of
    /// another schema than its own. `schema` is `kickdb::registry::schema`.
    pub fn in_sync(mut self, schema: Declared) -> Self {
        self.program = Some(schema);
        self
    }

    /// Opens the first connection, and does what [`on_boot`](Self::on_boot) says about migrations.
    ///
    /// # Errors
    ///
    /// [`Error::Connection`] when the URL names no engine, or the server or file cannot be reached.
    /// [`Error::Unsupported`] when the engine is not compiled in. [`Error::Validation`] for a pool of no connections, and
    /// for pending migrations. What [`boot`](crate::runner::boot()) gives.
    pub async fn connect(self) -> Result<Db> {
        self.check()?;
        let (migrations, program) = (self.migrations, self.program);
        let (boot, options) = (self.boot, self.options.clone());
        let (pool, url) = self.pool()?;
        // Whoever starts with a wrong URL learns of it here and not at the first request.
        drop(Pool::acquire(&pool, &None).await?);
        if let (Some(migrations), Some(declared)) = (migrations, program) {
            check_in_sync(migrations, declared, pool.dialect())?;
        }
        if let Some(migrations) = migrations {
            start(&url, migrations, boot, options, program.is_some()).await?;
        }
        Ok(Db::of(pool))
    }

    /// Opens nothing yet: the first query does, and fails where the database cannot be reached. For a replica that may be
    /// down while the program starts.
    ///
    /// # Errors
    ///
    /// [`Error::Connection`] when the URL names no engine, [`Error::Unsupported`] when the engine is not compiled in,
    /// [`Error::Validation`] for a pool of no connections, and for migrations, which need one at once.
    pub fn connect_lazy(self) -> Result<Db> {
        self.check()?;
        if self.migrations.is_some() {
            return Err(Error::validation(
                "migrations are checked when a program connects; use `.connect()`, or leave out `.migrations(…)`",
            ));
        }
        Ok(Db::of(self.pool()?.0))
    }

    /// The pool, without a connection, and the URL by which a runner finds the same database.
    fn pool(self) -> Result<(Arc<Pool>, String)> {
        let pool = match self.source {
            Source::Url(url) => {
                let mut target = Target::parse(&url)?;
                if self.migrations.is_some() {
                    target = target.shareable();
                }
                Pool::new(target, self.limits, self.watch)
            }
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            Source::Lender(target, lender) => Pool::lent(target, lender, self.watch),
        };
        let url = pool.target.url.clone();
        Ok((Arc::new(pool), url))
    }

    /// The pool of sqlx as it is.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    pub(super) fn unchecked(self) -> Db {
        let (pool, _) = self.pool().expect("a pool that is there has an engine");
        Db::of(pool)
    }

    fn check(&self) -> Result<()> {
        if self.source.is_lent() {
            if self.limited {
                return Err(Error::validation(
                    "a pool of sqlx has its own limits; set `max_connections`, `acquire_timeout` and `test_before_acquire` in its `PoolOptions`",
                ));
            }
            if self.migrations.is_some() {
                return Err(Error::validation(
                    "migrations are run over a connection of their own, which a pool of sqlx does not open; run them first, by `Db::builder(url).migrations(…).connect()`",
                ));
            }
        }
        if self.limits.connections == 0 {
            return Err(Error::validation(
                "a pool needs at least one connection; raise `max_connections`",
            ));
        }
        Ok(())
    }
}

fn check_in_sync(migrations: &Embedded, declared: Declared, dialect: &dyn Dialect) -> Result<()> {
    let program = declared(dialect).map_err(|problems| {
        let first = problems
            .first()
            .map(|problem| problem.message.clone())
            .unwrap_or_default();
        Error::validation(format!("the structs of this program declare no schema: {first}"))
    })?;
    let mut last = migrations.folder(dialect)?.last_schema(dialect)?;
    last.release(&program.schema.unmanaged);
    let changes = diff(&last, &program.schema, &Renames::default()).changes;
    if changes.is_empty() {
        return Ok(());
    }
    let shown: Vec<String> = changes.iter().take(3).map(ToString::to_string).collect();
    let more = match changes.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Err(Error::validation(format!(
        "the structs of this program are not what its migrations lead to ({}{more}); `cargo kickdb generate <name>` writes the migration, then build the program again",
        shown.join("; ")
    )))
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&redact(match self {
            Self::Url(url) => url,
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            Self::Lender(target, _) => &target.url,
        }))
    }
}

impl fmt::Debug for DbBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DbBuilder")
            .field("source", &self.source)
            .field("limits", &self.limits)
            .field("boot", &self.boot)
            .finish_non_exhaustive()
    }
}
