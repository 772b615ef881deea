//! Request bodies and query strings that answer 400 with the field that is wrong.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// A JSON body.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|error| ApiError::invalid("", format!("the body cannot be read: {error}")))?;
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        serde_path_to_error::deserialize(&mut json).map(Self).map_err(|error| {
            let message = error.inner().to_string();
            // A missing field is reported at its object: the field's name stands in the message.
            let named = message
                .strip_prefix("missing field `")
                .and_then(|rest| rest.split('`').next());
            let path = error.path().to_string();
            let field = match named {
                Some(name) if path == "." => name.to_owned(),
                Some(name) => format!("{path}.{name}"),
                None => path,
            };
            ApiError::invalid(field, message)
        })
    }
}

/// The query string.
pub struct Search<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Search<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let pairs = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs))
            .map(Self)
            .map_err(|error| ApiError::invalid(error.path().to_string(), error.inner().to_string()))
    }
}

/// An id in the path.
pub struct Id(pub uuid::Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Path::<uuid::Uuid>::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(error) => Err(ApiError::invalid("id", error.body_text())),
        }
    }
}

/// Refuses a text that is empty or longer than its column.
pub fn text(field: &str, value: &str, longest: usize) -> Result<(), ApiError> {
    let length = value.chars().count();
    if value.trim().is_empty() {
        Err(ApiError::invalid(field, format!("`{field}` must not be empty")))
    } else if length > longest {
        Err(ApiError::invalid(
            field,
            format!("`{field}` has {length} characters, at most {longest} fit"),
        ))
    } else {
        Ok(())
    }
}
