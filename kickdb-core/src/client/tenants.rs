//! The same queries in a schema or a database of each tenant.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;

use super::{Db, DbBuilder};
use crate::dialect::live::{is_missing_database, is_new_file, redact};
use crate::dialect::session::Target;
use crate::error::{Error, Result};

/// Where the name of a tenant goes in a URL.
const PLACE: &str = "{tenant}";

/// The longest name: PostgreSQL cuts longer ones, and two tenants would be one.
const LONGEST: usize = 63;

/// Databases that belong to the server.
const SERVERS_OWN: &[&str] = &[
    "information_schema",
    "mysql",
    "performance_schema",
    "postgres",
    "sys",
    "template0",
    "template1",
];

/// Many tenants with the same tables, each in a schema or a database of its own. [`get`](Tenants::get) gives the handle of
/// one. A clone is the same set of tenants.
///
/// The name may come from a request: one that is not plain is refused before anything is sent, and never becomes SQL. Whether
/// somebody may see that tenant is for the program to decide.
#[derive(Clone)]
pub struct Tenants {
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    Schemas { db: Db, shared: Vec<String> },
    Databases(Arc<Databases>),
}

struct Databases {
    template: String,
    settings: Settings,
    open: Mutex<Open>,
}

#[derive(Clone)]
struct Settings {
    most: usize,
    create: bool,
    each: Arc<dyn Fn(DbBuilder) -> DbBuilder + Send + Sync>,
}

/// The pools that are open, or being opened.
#[derive(Default)]
struct Open {
    pools: HashMap<String, Slot>,
    /// Counts up with each use, so that the pool that was used last has the greatest number.
    uses: u64,
}

struct Slot {
    db: Arc<OnceCell<Db>>,
    used: u64,
}

impl Tenants {
    /// A schema for each tenant in one database of PostgreSQL: all share the connections of `db`. Whoever takes a connection
    /// that was last used by another tenant sets its `search_path` first, in one round trip.
    ///
    /// Not through a pooler that gives a session to another client after each transaction.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] on other engines, [`Error::Validation`] for a pool of sqlx: whoever else takes a connection from it
    /// would be in the schema of a tenant.
    pub fn schemas(db: Db) -> Result<Self> {
        if !db.dialect().caps().schemas {
            return Err(Error::Unsupported {
                feature: "a schema for each tenant".to_owned(),
                dialect: db.dialect().id().as_str(),
                hint: "use a database for each, by `Tenants::databases`".to_owned(),
            });
        }
        if db.is_lent() {
            return Err(Error::validation(
                "the connections of a pool of sqlx are used by others, too, who would find themselves in the schema of a tenant; give tenants a pool of their own, by `Db::connect`",
            ));
        }
        let shared = Vec::new();
        Ok(Self {
            kind: Kind::Schemas { db, shared },
        })
    }

    /// A database for each tenant, with a pool of its own: `{tenant}` in the URL is its name, as in
    /// `mysql://app@host/shop_{tenant}` or `sqlite:tenants/{tenant}.db`. At most 100 pools of 5 connections each are open at a
    /// time.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`] for a URL without `{tenant}`, [`Error::Connection`] for one that names no engine,
    /// [`Error::Unsupported`] when the engine is not compiled in.
    pub fn databases(url: impl Into<String>) -> Result<Self> {
        let template = url.into();
        if template.matches(PLACE).count() != 1 {
            return Err(Error::validation(
                "the URL of tenants has `{tenant}` once, where the name of a tenant goes",
            ));
        }
        Target::parse(&template)?;
        let settings = Settings {
            most: 100,
            create: false,
            each: Arc::new(|builder| builder.max_connections(5)),
        };
        Ok(Self {
            kind: Kind::Databases(Arc::new(Databases {
                template,
                settings,
                open: Mutex::default(),
            })),
        })
    }

    /// Schemas that all tenants see behind their own, such as one for extensions.
    #[must_use]
    pub fn shared<S: Into<String>>(mut self, schemas: impl IntoIterator<Item = S>) -> Self {
        if let Kind::Schemas { shared, .. } = &mut self.kind {
            shared.extend(schemas.into_iter().map(Into::into));
        }
        self
    }

    /// At most so many pools are open (100). The one that was used least recently makes room, where nobody uses it any more.
    #[must_use]
    pub fn at_most(self, pools: usize) -> Self {
        self.set(|settings| settings.most = pools.max(1))
    }

    /// Makes the file of a tenant that has none yet. Only for SQLite; servers never make a database by themselves.
    #[must_use]
    pub fn create_missing(self) -> Self {
        self.set(|settings| settings.create = true)
    }

    /// Sets up the pool of each tenant: its size, its migrations.
    #[must_use]
    pub fn each(self, setup: impl Fn(DbBuilder) -> DbBuilder + Send + Sync + 'static) -> Self {
        self.set(|settings| settings.each = Arc::new(setup))
    }

    fn set(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        if let Kind::Databases(databases) = &mut self.kind {
            let mut settings = databases.settings.clone();
            change(&mut settings);
            // Pools that are open already belong to the clones that share them.
            *databases = Arc::new(Databases {
                template: databases.template.clone(),
                settings,
                open: Mutex::default(),
            });
        }
        self
    }

    /// The handle of a tenant, which is a scope of its own ([`Db::scope`]): keep it for a request or a job, and not for longer.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownTenant`] for a name that no tenant can have, and for a database that does not exist; whether a schema
    /// does, the first query finds out. [`Error::PoolTimeout`] where as many pools as may be are all in use. What
    /// [`DbBuilder::connect`] gives.
    pub async fn get(&self, name: &str) -> Result<Db> {
        match &self.kind {
            Kind::Schemas { db, shared } => {
                check_schema(name)?;
                let mut path = vec![name.to_owned()];
                path.extend(shared.iter().cloned());
                Ok(db.in_schemas(path))
            }
            Kind::Databases(databases) => {
                check_database(name)?;
                databases.get(name).await
            }
        }
    }

    /// How many pools are open: one, where tenants are schemas.
    #[must_use]
    pub fn open(&self) -> usize {
        match &self.kind {
            Kind::Schemas { .. } => 1,
            Kind::Databases(databases) => databases.open().pools.len(),
        }
    }

    /// Closes all pools. Connections in use are closed when they come back.
    pub async fn close(&self) {
        match &self.kind {
            Kind::Schemas { db, .. } => db.close().await,
            Kind::Databases(databases) => {
                let all = std::mem::take(&mut databases.open().pools);
                for slot in all.into_values() {
                    if let Some(db) = slot.db.get() {
                        db.close().await;
                    }
                }
            }
        }
    }
}

impl Databases {
    fn open(&self) -> MutexGuard<'_, Open> {
        // Nothing panics while it is held.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn get(&self, name: &str) -> Result<Db> {
        let cell = self.slot(name)?;
        let opened = cell.get_or_try_init(|| self.connect(name)).await;
        match opened {
            Ok(db) => {
                let db = db.scope();
                // Only now: a name that nobody has makes nobody else's pool go.
                for left in self.too_many() {
                    if let Some(db) = left.get() {
                        db.close().await;
                    }
                }
                Ok(db)
            }
            Err(error) => {
                let mut open = self.open();
                let same = open.pools.get(name).is_some_and(|slot| Arc::ptr_eq(&slot.db, &cell));
                if same && cell.get().is_none() {
                    open.pools.remove(name);
                }
                Err(error)
            }
        }
    }

    /// The place of a tenant's pool.
    fn slot(&self, name: &str) -> Result<Arc<OnceCell<Db>>> {
        let mut open = self.open();
        open.uses += 1;
        let used = open.uses;
        if let Some(slot) = open.pools.get_mut(name) {
            slot.used = used;
            return Ok(Arc::clone(&slot.db));
        }
        if open.pools.values().filter(|slot| !slot.is_free()).count() >= self.settings.most {
            return Err(Error::PoolTimeout {
                waited: Duration::ZERO,
                size: u32::try_from(self.settings.most).unwrap_or(u32::MAX),
            });
        }
        let db = Arc::new(OnceCell::new());
        let slot = Slot {
            db: Arc::clone(&db),
            used,
        };
        open.pools.insert(name.to_owned(), slot);
        Ok(db)
    }

    /// Takes out the pools that are more than there may be: those that nobody uses, and that were used least recently.
    fn too_many(&self) -> Vec<Arc<OnceCell<Db>>> {
        let mut open = self.open();
        let mut left = Vec::new();
        while open.pools.len() > self.settings.most {
            let free = open.pools.iter().filter(|(_, slot)| slot.is_free());
            let oldest = free.min_by_key(|(_, slot)| slot.used).map(|(name, _)| name.clone());
            let Some(slot) = oldest.and_then(|name| open.pools.remove(&name)) else {
                break;
            };
            left.push(slot.db);
        }
        left
    }

    async fn connect(&self, name: &str) -> Result<Db> {
        let url = self.template.replace(PLACE, name);
        if is_new_file(&url) && !self.settings.create {
            return Err(unknown(name, "it has no file"));
        }
        let connected = (self.settings.each)(Db::builder(url)).connect().await;
        connected.map_err(|error| match &error {
            Error::Connection { .. } if is_missing_database(&error) => unknown(name, "it has no database"),
            _ => error,
        })
    }
}

impl Slot {
    /// Whether nobody has a handle of it, or is about to get one.
    fn is_free(&self) -> bool {
        Arc::strong_count(&self.db) == 1 && self.db.get().is_none_or(Db::is_alone)
    }
}

fn unknown(name: &str, why: &str) -> Error {
    Error::UnknownTenant {
        name: name.chars().take(LONGEST).collect(),
        why: why.to_owned(),
    }
}

/// A name of a schema is quoted, so that any text will do but those that mean something else to the server.
fn check_schema(name: &str) -> Result<()> {
    let refused = match name {
        "" => "a name has at least one character",
        _ if name.len() > LONGEST => "a name has at most 63 bytes",
        _ if name.contains('\0') => "a name has no NUL character",
        "$user" | "information_schema" => "the server means something else by it",
        _ if name.starts_with("pg_") => "names that begin with `pg_` belong to the server",
        _ => return Ok(()),
    };
    Err(unknown(name, refused))
}

/// A name of a database becomes part of a URL, and of a path: none may lead elsewhere, or be the same as another one where
/// upper and lower case are.
fn check_database(name: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    let refused = if name.is_empty() || name.len() > LONGEST {
        "a name has 1 to 63 characters"
    } else if !name.chars().all(plain) || name.starts_with('-') {
        "a name has small letters, digits, `_` and `-` only"
    } else if SERVERS_OWN.contains(&name) {
        "it belongs to the server"
    } else {
        return Ok(());
    };
    Err(unknown(name, refused))
}

impl fmt::Debug for Tenants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Tenants");
        match &self.kind {
            Kind::Schemas { db, shared } => out.field("db", db).field("shared", shared),
            Kind::Databases(databases) => out
                .field("url", &redact(&databases.template))
                .field("open", &databases.open().pools.len()),
        };
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in [
            "",
            "..",
            "a/b",
            "a\\b",
            "a.b",
            "A",
            "é",
            "a b",
            "a\0",
            "-a",
            "a?mode=memory",
            "a%2e",
            "mysql",
            "sys",
        ] {
            assert!(
                matches!(check_database(name), Err(Error::UnknownTenant { .. })),
                "{name:?}"
            );
        }
        for name in [
            "",
            "a\0b",
            "$user",
            "pg_catalog",
            "pg_toast",
            "information_schema",
            &"é".repeat(32),
        ] {
            assert!(
                matches!(check_schema(name), Err(Error::UnknownTenant { .. })),
                "{name:?}"
            );
        }
        for name in ["acme", "a-1_b", &"x".repeat(63)] {
            check_database(name).unwrap();
            check_schema(name).unwrap();
        }
        check_schema("a\"; DROP SCHEMA public; --").unwrap();
    }
}
