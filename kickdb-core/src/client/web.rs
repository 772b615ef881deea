//! For axum: the database of a request, a transaction for each request, and what an error is over HTTP.

use std::convert::Infallible;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::extract::{FromRef, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::{Db, Transaction};
use crate::error::{Error, Violation};

/// What a client is told of an error: the body of its answer, as JSON. It holds neither values nor SQL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// The status of the answer.
    #[serde(skip)]
    pub status: StatusCode,
    /// A word for programs: `not_found`, `conflict`, `stale`, `validation`, `unavailable` or `internal`.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
    /// The columns that it is about, where the engine tells them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            fields: Vec::new(),
        }
    }

    fn about(mut self, broken: &Violation) -> Self {
        self.fields.clone_from(&broken.columns);
        self
    }
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        use StatusCode as S;
        match error {
            Error::NotFound { .. } | Error::UnknownTenant { .. } => {
                Self::new(S::NOT_FOUND, "not_found", "there is no such thing")
            }
            Error::UniqueViolation(broken) | Error::ExclusionViolation(broken) => {
                let message = "something with this value exists already";
                Self::new(S::CONFLICT, "conflict", message).about(broken)
            }
            Error::ForeignKeyViolation(broken) => {
                let message = "this refers to something that does not exist, or is still in use";
                Self::new(S::CONFLICT, "conflict", message).about(broken)
            }
            Error::Stale { .. } => {
                let message = "somebody else has changed this since it was read; read it again";
                Self::new(S::CONFLICT, "stale", message)
            }
            Error::CheckViolation(broken) | Error::NotNullViolation(broken) => {
                let message = "the database refused this value";
                Self::new(S::BAD_REQUEST, "validation", message).about(broken)
            }
            Error::Validation { message } => Self::new(S::BAD_REQUEST, "validation", message.clone()),
            Error::Connection { .. }
            | Error::PoolTimeout { .. }
            | Error::SerializationFailure { .. }
            | Error::Deadlock { .. }
            | Error::Cancelled { .. } => {
                let message = "the database cannot do this just now; try again in a moment";
                Self::new(S::SERVICE_UNAVAILABLE, "unavailable", message)
            }
            _ => Self::new(
                S::INTERNAL_SERVER_ERROR,
                "internal",
                "something went wrong; the log says what",
            ),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(&self)).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// An answer whose status and body are those of [`Problem`]; what the client is not told is logged.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let problem = Problem::from(&self);
        match problem.status {
            StatusCode::INTERNAL_SERVER_ERROR => {
                tracing::error!(target: "kickdb::axum", code = self.code(), "{self}");
            }
            StatusCode::SERVICE_UNAVAILABLE => tracing::warn!(target: "kickdb::axum", code = self.code(), "{self}"),
            _ => {}
        }
        problem.into_response()
    }
}

/// The database of a request: reads go to a replica, until the request has written something.
#[derive(Clone, Debug)]
pub struct Scoped(pub Db);

/// The primary: for a request that must read what is newest.
#[derive(Clone, Debug)]
pub struct Primary(pub Db);

/// A replica, where there is one, whatever the request has written: for what may be late. Writes go to the primary.
#[derive(Clone, Debug)]
pub struct Replica(pub Db);

/// All handles of one request are of one scope.
fn scope_of<S>(parts: &mut Parts, state: &S) -> Db
where
    Db: FromRef<S>,
{
    if let Some(Scoped(db)) = parts.extensions.get() {
        return db.clone();
    }
    let db = Db::from_ref(state).scope();
    parts.extensions.insert(Scoped(db.clone()));
    db
}

macro_rules! extracted {
    ($($name:ident: $db:ident => $of:expr;)*) => {$(
        impl<S: Send + Sync> FromRequestParts<S> for $name
        where
            Db: FromRef<S>,
        {
            type Rejection = Infallible;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
                let $db = scope_of(parts, state);
                Ok(Self($of))
            }
        }

        impl Deref for $name {
            type Target = Db;

            fn deref(&self) -> &Db {
                &self.0
            }
        }
    )*};
}

extracted! {
    Scoped: db => db;
    Primary: db => db.primary();
    Replica: db => db.replica();
}

/// The transaction of a request, begun when it is first asked for. Queries take it as `&mut *tx`.
///
/// It is kept where the answer is a success or leads elsewhere (a status below 400), and undone where it is not, where the
/// handler panics, and where the client goes away. That is done by [`transaction`], which must be a layer of the routes.
#[derive(Debug)]
pub struct Tx {
    /// `None` only while it is dropped.
    transaction: Option<Transaction>,
    slot: Arc<Slot>,
}

impl Deref for Tx {
    type Target = Transaction;

    fn deref(&self) -> &Transaction {
        self.transaction
            .as_ref()
            .expect("it is only taken out when this is dropped")
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Transaction {
        self.transaction
            .as_mut()
            .expect("it is only taken out when this is dropped")
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let mut place = self.slot.place();
        if matches!(*place, Place::Lent) {
            *place = self.transaction.take().map_or(Place::Over, Place::Open);
        }
        // Where the request is over, the transaction is undone as it goes.
    }
}

/// Where the transaction of a request is.
#[derive(Debug)]
struct Slot {
    db: Db,
    place: Mutex<Place>,
}

#[derive(Debug)]
enum Place {
    /// Nobody has asked for it yet.
    Unused,
    Lent,
    Open(Transaction),
    /// The request is over.
    Over,
}

impl Slot {
    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self) -> Place {
        std::mem::replace(&mut *self.place(), Place::Over)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Tx {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let Some(slot) = parts.extensions.get::<Arc<Slot>>().cloned() else {
            return Err(wrong(
                "a handler takes a `Tx`, and its route has no `kickdb::axum::transaction` as a layer",
            ));
        };
        let before = std::mem::replace(&mut *slot.place(), Place::Lent);
        let transaction = match before {
            Place::Open(transaction) => Some(transaction),
            Place::Unused => match slot.db.begin().await {
                Ok(transaction) => Some(transaction),
                Err(error) => {
                    *slot.place() = Place::Unused;
                    return Err(error);
                }
            },
            Place::Lent | Place::Over => {
                return Err(wrong("a request has one `Tx` at a time; hand it on by `&mut *tx`"));
            }
        };
        Ok(Self { transaction, slot })
    }
}

/// A mistake of the program, and not of its client.
fn wrong(message: &str) -> Error {
    Error::Query {
        message: message.to_owned(),
        sql: String::new(),
        source: None,
    }
}

/// The layer behind [`Tx`]: `.layer(axum::middleware::from_fn_with_state(db, kickdb::axum::transaction))`.
///
/// Where the commit fails, that is the answer. A `Tx` that outlives its handler, in a task or in the body of the answer, is
/// undone, and the answer is an error.
pub async fn transaction(State(db): State<Db>, mut request: Request, next: Next) -> Response {
    // Of the same scope as the handles of the request, so that a read after it sees what it wrote.
    let db = match request.extensions().get() {
        Some(Scoped(db)) => db.clone(),
        None => db.scope(),
    };
    request.extensions_mut().insert(Scoped(db.clone()));
    let slot = Arc::new(Slot {
        db,
        place: Mutex::new(Place::Unused),
    });
    request.extensions_mut().insert(Arc::clone(&slot));
    let response = next.run(request).await;
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let ended = match slot.end() {
        Place::Unused | Place::Over => Ok(()),
        // An answer that is an error stays what it is; a connection that cannot roll back is closed.
        Place::Open(transaction) if failed => {
            transaction.rollback().await.ok();
            Ok(())
        }
        Place::Open(transaction) => transaction.commit().await,
        Place::Lent if failed => Ok(()),
        Place::Lent => Err(wrong(
            "a `Tx` is still in use after its handler has answered, so nothing of it is kept",
        )),
    };
    match ended {
        Ok(()) => response,
        Err(error) => error.into_response(),
    }
}
