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
    /// A word for programs: `validation`, `not_found`, `conflict`, `unavailable`, `internal`.
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
    fn from(error: Error) -> Self {
        match &error {
            Error::NotFound { table, .. } => Self::new(
                StatusCode::NOT_FOUND,
                "not_found",
                format!("there is no such row in `{table}`"),
            ),
            Error::UniqueViolation(broken) => Self::new(
                StatusCode::CONFLICT,
                "conflict",
                "something with this value exists already",
            )
            .with_field(broken.columns.last().cloned().unwrap_or_default()),
            Error::ForeignKeyViolation(broken) => Self::new(
                StatusCode::CONFLICT,
                "conflict",
                "this refers to something that does not exist, or is still in use",
            )
            .with_field(broken.columns.first().cloned().unwrap_or_default()),
            Error::CheckViolation(broken) | Error::NotNullViolation(broken) => {
                Self::new(StatusCode::BAD_REQUEST, "validation", "the database refused this value")
                    .with_field(broken.columns.first().cloned().unwrap_or_default())
            }
            // Such as a patch without any field.
            Error::Validation { message } => Self::new(StatusCode::BAD_REQUEST, "validation", message.clone()),
            Error::Connection { .. } | Error::PoolTimeout { .. } => {
                tracing::warn!(code = error.code(), "{error}");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unavailable",
                    "the database cannot be reached; try again in a moment",
                )
            }
            _ => {
                tracing::error!(code = error.code(), "{error}");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "something went wrong; the log says what",
                )
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}

/// The result of a handler.
pub type ApiResult<T> = Result<T, ApiError>;
