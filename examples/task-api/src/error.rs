//! The one place where an error becomes an answer.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kickdb::Error;
use serde::Serialize;
use utoipa::ToSchema;

/// What a client is told.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    body: Problem,
}

/// The body of every answer that is not a success.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A word for programs: `validation`, `not_found`, `conflict`, `stale`, `unavailable`, `internal`.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
    /// The field of the request that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl ApiError {
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "validation", message).with_field(field)
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("there is no such {what}"))
    }

    pub fn stale() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "stale",
            "somebody else has changed this since it was read; read it again",
        )
    }

    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            body: Problem {
                code,
                message: message.into(),
                field: None,
            },
        }
    }

    fn with_field(mut self, field: impl Into<String>) -> Self {
        self.body.field = Some(field.into()).filter(|field: &String| !field.is_empty());
        self
    }
}

impl From<Error> for ApiError {
    /// As kickdb says, with one field instead of several.
    fn from(error: Error) -> Self {
        let problem = kickdb::axum::Problem::from(&error);
        match problem.status {
            StatusCode::INTERNAL_SERVER_ERROR => tracing::error!(code = error.code(), "{error}"),
            StatusCode::SERVICE_UNAVAILABLE => tracing::warn!(code = error.code(), "{error}"),
            _ => {}
        }
        // Of a key of several columns, the last one is what tells rows of one parent apart.
        let field = problem.fields.last().cloned().unwrap_or_default();
        Self::new(problem.status, problem.code, problem.message).with_field(field)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}

/// The result of a handler.
pub type ApiResult<T> = Result<T, ApiError>;
