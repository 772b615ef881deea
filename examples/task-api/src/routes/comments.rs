use axum::Json;
use axum::http::StatusCode;
use kickdb::axum::{Primary, Scoped};
use kickdb::prelude::*;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Body, Id, text};
use crate::models::{Comment, Task};

pub(super) fn routes() -> OpenApiRouter<Db> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(remove))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewComment {
    author_id: Uuid,
    body: String,
}

/// A new comment on a task.
#[utoipa::path(post, path = "/tasks/{id}/comments", tag = "comments", params(("id" = Uuid, Path)), request_body = NewComment, responses(
    (status = 201, body = Comment), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, description = "no such author", body = Problem)))]
async fn create(
    Primary(db): Primary,
    Id(task): Id,
    Body(new): Body<NewComment>,
) -> ApiResult<(StatusCode, Json<Comment>)> {
    text("body", &new.body, 10_000)?;
    Task::find(task).one(&db).await?;
    let insert = Comment::insert()
        .id(Uuid::now_v7())
        .task_id(task)
        .author_id(new.author_id)
        .body(new.body);
    Ok((StatusCode::CREATED, Json(insert.returning(&db).await?)))
}

/// A task's comments, oldest first.
#[utoipa::path(get, path = "/tasks/{id}/comments", tag = "comments", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Vec<Comment>), (status = 404, body = Problem)))]
async fn list(Scoped(db): Scoped, Id(task): Id) -> ApiResult<Json<Vec<Comment>>> {
    Task::find(task).one(&db).await?;
    let comments = Comment::query()
        .filter(Comment::TASK_ID.eq(task))
        .order_by((Comment::CREATED_AT, Comment::ID));
    Ok(Json(comments.all(&db).await?))
}

/// A comment goes.
#[utoipa::path(delete, path = "/comments/{id}", tag = "comments", params(("id" = Uuid, Path)), responses(
    (status = 204), (status = 404, body = Problem)))]
async fn remove(Scoped(db): Scoped, Id(id): Id) -> ApiResult<StatusCode> {
    match Comment::delete().filter(Comment::ID.eq(id)).exec(&db).await? {
        0 => Err(ApiError::not_found("comment")),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}
