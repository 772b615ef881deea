use axum::http::StatusCode;
use kickdb::axum::Scoped;
use kickdb::prelude::*;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::{ApiResult, Problem};
use crate::models::User;

pub(super) fn routes() -> OpenApiRouter<Db> {
    OpenApiRouter::new().routes(routes!(health))
}

/// Whether the service can reach its database.
#[utoipa::path(get, path = "/health", tag = "health", responses(
    (status = 204, description = "it can"),
    (status = 503, description = "it cannot", body = Problem)))]
async fn health(Scoped(db): Scoped) -> ApiResult<StatusCode> {
    User::query().limit(1).exists(&db).await?;
    Ok(StatusCode::NO_CONTENT)
}
