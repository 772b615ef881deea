use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use kickdb::prelude::*;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Body, Id, text};
use crate::models::{Label, Project, Task, TaskLabel};

pub(super) fn routes() -> OpenApiRouter<Db> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(remove))
        .routes(routes!(put, take))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewLabel {
    name: String,
    /// `#rrggbb`.
    color: Option<String>,
}

/// A new label in a workspace.
#[utoipa::path(post, path = "/workspaces/{id}/labels", tag = "labels", params(("id" = Uuid, Path)), request_body = NewLabel, responses(
    (status = 201, body = Label), (status = 400, body = Problem), (status = 409, body = Problem)))]
async fn create(
    State(db): State<Db>,
    Id(workspace): Id,
    Body(new): Body<NewLabel>,
) -> ApiResult<(StatusCode, Json<Label>)> {
    text("name", &new.name, 40)?;
    let color = new.color.unwrap_or_else(|| "#808080".to_owned());
    let digits = color
        .strip_prefix('#')
        .filter(|rest| rest.len() == 6 && rest.chars().all(|c| c.is_ascii_hexdigit()));
    if digits.is_none() {
        return Err(ApiError::invalid("color", "`color` is a # and six hexadecimal digits"));
    }
    let insert = Label::insert()
        .id(Uuid::now_v7())
        .workspace_id(workspace)
        .name(new.name)
        .color(color);
    Ok((StatusCode::CREATED, Json(insert.returning(&db).await?)))
}

/// A workspace's labels by name.
#[utoipa::path(get, path = "/workspaces/{id}/labels", tag = "labels", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Vec<Label>)))]
async fn list(State(db): State<Db>, Id(workspace): Id) -> ApiResult<Json<Vec<Label>>> {
    Ok(Json(
        Label::query()
            .filter(Label::WORKSPACE_ID.eq(workspace))
            .order_by((Label::NAME, Label::ID))
            .all(&db)
            .await?,
    ))
}

/// A label goes from its workspace and all tasks.
#[utoipa::path(delete, path = "/labels/{id}", tag = "labels", params(("id" = Uuid, Path)), responses(
    (status = 204), (status = 404, body = Problem)))]
async fn remove(State(db): State<Db>, Id(id): Id) -> ApiResult<StatusCode> {
    match Label::delete().filter(Label::ID.eq(id)).exec(&db).await? {
        0 => Err(ApiError::not_found("label")),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

/// Puts a label on a task; it may be there already.
#[utoipa::path(put, path = "/tasks/{id}/labels/{label_id}", tag = "labels", params(("id" = Uuid, Path), ("label_id" = Uuid, Path)), responses(
    (status = 204), (status = 400, description = "the label is of another workspace", body = Problem), (status = 404, body = Problem)))]
async fn put(State(db): State<Db>, Path((task, label)): Path<(Uuid, Uuid)>) -> ApiResult<StatusCode> {
    let workspace = Task::query()
        .join(Project, Task::PROJECT_ID.eq(Project::ID))
        .filter(Task::ID.eq(task))
        .select(Project::WORKSPACE_ID)
        .optional(&db)
        .await?
        .ok_or_else(|| ApiError::not_found("task"))?;
    if Label::find(label).one(&db).await?.workspace_id != workspace {
        return Err(ApiError::invalid("label_id", "the label belongs to another workspace"));
    }
    match TaskLabel::insert().task_id(task).label_id(label).exec(&db).await {
        Ok(_) | Err(kickdb::Error::UniqueViolation(_)) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(error.into()),
    }
}

/// Takes a label off a task.
#[utoipa::path(delete, path = "/tasks/{id}/labels/{label_id}", tag = "labels", params(("id" = Uuid, Path), ("label_id" = Uuid, Path)), responses(
    (status = 204), (status = 404, body = Problem)))]
async fn take(State(db): State<Db>, Path((task, label)): Path<(Uuid, Uuid)>) -> ApiResult<StatusCode> {
    let gone = TaskLabel::delete().filter(TaskLabel::TASK_ID.eq(task).and(TaskLabel::LABEL_ID.eq(label)));
    match gone.exec(&db).await? {
        0 => Err(ApiError::not_found("label on this task")),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}
