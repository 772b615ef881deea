use std::collections::BTreeSet;

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kickdb::axum::{Primary, Scoped, Tx};
use kickdb::prelude::*;
use serde::{Deserialize, Serialize};
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
        .routes(routes!(put_on_many))
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
    Scoped(db): Scoped,
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
async fn list(Scoped(db): Scoped, Id(workspace): Id) -> ApiResult<Json<Vec<Label>>> {
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
async fn remove(Scoped(db): Scoped, Id(id): Id) -> ApiResult<StatusCode> {
    match Label::delete().filter(Label::ID.eq(id)).exec(&db).await? {
        0 => Err(ApiError::not_found("label")),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Labelled {
    /// At most a thousand.
    task_ids: Vec<Uuid>,
}

#[derive(Serialize, ToSchema)]
struct Changed {
    /// How many tasks have the label now and had not before.
    changed: u64,
}

/// Puts a label on many tasks, or on none where one of them is not in its workspace. Three queries, however many tasks.
#[utoipa::path(post, path = "/labels/{id}/tasks", tag = "labels", params(("id" = Uuid, Path)), request_body = Labelled, responses(
    (status = 200, body = Changed), (status = 400, description = "a task is of another workspace, or there is none", body = Problem),
    (status = 404, body = Problem)))]
async fn put_on_many(mut tx: Tx, Id(id): Id, Body(labelled): Body<Labelled>) -> ApiResult<Json<Changed>> {
    let wanted: BTreeSet<Uuid> = labelled.task_ids.into_iter().collect();
    if wanted.is_empty() || wanted.len() > 1_000 {
        return Err(ApiError::invalid("task_ids", "`task_ids` has 1 to 1000 ids"));
    }
    let label = Label::find(id).one(&mut *tx).await?;
    let known = Task::query()
        .filter(Task::ID.in_(wanted.iter().copied()))
        .filter(Task::PROJECT.any(Project::WORKSPACE_ID.eq(label.workspace_id)))
        .count(&mut *tx)
        .await?;
    if usize::try_from(known) != Ok(wanted.len()) {
        return Err(ApiError::invalid(
            "task_ids",
            "a task is not there, or in another workspace",
        ));
    }
    let rows: Vec<TaskLabel> = wanted
        .into_iter()
        .map(|task_id| TaskLabel { task_id, label_id: id })
        .collect();
    let changed = TaskLabel::insert_many(&rows)
        .on_conflict((TaskLabel::TASK_ID, TaskLabel::LABEL_ID))
        .do_nothing()
        .exec(&mut *tx)
        .await?;
    Ok(Json(Changed { changed }))
}

/// Puts a label on a task; it may be there already.
#[utoipa::path(put, path = "/tasks/{id}/labels/{label_id}", tag = "labels", params(("id" = Uuid, Path), ("label_id" = Uuid, Path)), responses(
    (status = 204), (status = 400, description = "the label is of another workspace", body = Problem), (status = 404, body = Problem)))]
async fn put(Primary(db): Primary, Path((task, label)): Path<(Uuid, Uuid)>) -> ApiResult<StatusCode> {
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
async fn take(Scoped(db): Scoped, Path((task, label)): Path<(Uuid, Uuid)>) -> ApiResult<StatusCode> {
    let gone = TaskLabel::delete().filter(TaskLabel::TASK_ID.eq(task).and(TaskLabel::LABEL_ID.eq(label)));
    match gone.exec(&db).await? {
        0 => Err(ApiError::not_found("label on this task")),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}
