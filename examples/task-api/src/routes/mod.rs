//! What the service answers, a file for each kind of thing.

mod board;
mod comments;
mod health;
mod labels;
mod projects;
mod tasks;
mod users;
mod workspaces;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::Redirect;
use axum::routing::get;
use kickdb::axum::transaction;
use kickdb::prelude::*;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::SwaggerUi;

#[derive(OpenApi)]
#[openapi(info(title = "task-api", description = "A task board over HTTP: the example of kickdb."))]
struct Document;

/// All routes, their description at `/openapi.json`, and a page to try them at `/docs`.
pub fn router(db: Db) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(Document::openapi())
        .merge(health::routes())
        .merge(users::routes())
        .merge(workspaces::routes())
        .merge(projects::routes())
        .merge(tasks::routes())
        .merge(comments::routes())
        .merge(labels::routes())
        .merge(board::routes())
        .layer(from_fn_with_state(db.clone(), transaction))
        .with_state(db)
        .split_for_parts();
    router
        .merge(SwaggerUi::new("/docs").url("/openapi.json", document))
        .route("/", get(|| async { Redirect::temporary("/docs") }))
}
