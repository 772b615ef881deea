use axum::Json;
use axum::http::StatusCode;
use kickdb::axum::Scoped;
use kickdb::prelude::*;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Body, Id, Search, text};
use crate::models::Project;

pub(super) fn routes() -> OpenApiRouter<Db> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(read, update, remove))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewProject {
    workspace_id: Uuid,
    /// Upper-case letters and digits: `KICK`.
    key: String,
    name: String,
    description: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProjectPatch {
    name: Option<String>,
    description: Option<String>,
    archived: Option<bool>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ProjectSearch {
    workspace: Option<Uuid>,
    /// Archived ones, too.
    #[serde(default)]
    archived: bool,
}

/// A new project.
#[utoipa::path(post, path = "/projects", tag = "projects", request_body = NewProject, responses(
    (status = 201, body = Project), (status = 400, body = Problem), (status = 409, body = Problem)))]
async fn create(Scoped(db): Scoped, Body(new): Body<NewProject>) -> ApiResult<(StatusCode, Json<Project>)> {
    text("name", &new.name, 100)?;
    text("key", &new.key, 10)?;
    if !new.key.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) {
        return Err(ApiError::invalid("key", "`key` may hold upper-case letters and digits"));
    }
    let insert = Project::insert()
        .id(Uuid::now_v7())
        .workspace_id(new.workspace_id)
        .key(new.key)
        .name(new.name);
    let project = insert.description(new.description).returning(&db).await?;
    Ok((StatusCode::CREATED, Json(project)))
}

/// Projects by name.
#[utoipa::path(get, path = "/projects", tag = "projects", params(ProjectSearch), responses(
    (status = 200, body = Vec<Project>), (status = 400, body = Problem)))]
async fn list(Scoped(db): Scoped, Search(search): Search<ProjectSearch>) -> ApiResult<Json<Vec<Project>>> {
    let projects = Project::query()
        .filter(search.workspace.map(|workspace| Project::WORKSPACE_ID.eq(workspace)))
        .filter((!search.archived).then(|| Project::ARCHIVED_AT.is_null()))
        .order_by((Project::NAME, Project::ID))
        .all(&db)
        .await?;
    Ok(Json(projects))
}

/// One project.
#[utoipa::path(get, path = "/projects/{id}", tag = "projects", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Project), (status = 404, body = Problem)))]
async fn read(Scoped(db): Scoped, Id(id): Id) -> ApiResult<Json<Project>> {
    Ok(Json(Project::find(id).one(&db).await?))
}

/// A project's new name, description or state.
#[utoipa::path(patch, path = "/projects/{id}", tag = "projects", params(("id" = Uuid, Path)), request_body = ProjectPatch, responses(
    (status = 200, body = Project), (status = 400, body = Problem), (status = 404, body = Problem)))]
async fn update(Scoped(db): Scoped, Id(id): Id, Body(patch): Body<ProjectPatch>) -> ApiResult<Json<Project>> {
    if let Some(name) = &patch.name {
        text("name", name, 100)?;
    }
    let archived = patch.archived.map(|archived| archived.then(now));
    let change = Project::update()
        .set_some(Project::NAME, patch.name)
        .set_some(Project::DESCRIPTION, patch.description.map(Some))
        .set_some(Project::ARCHIVED_AT, archived);
    change.filter(Project::ID.eq(id)).exec(&db).await?;
    Ok(Json(Project::find(id).one(&db).await?))
}

/// A project goes, with its tasks.
#[utoipa::path(delete, path = "/projects/{id}", tag = "projects", params(("id" = Uuid, Path)), responses(
    (status = 204), (status = 404, body = Problem)))]
async fn remove(Scoped(db): Scoped, Id(id): Id) -> ApiResult<StatusCode> {
    match Project::delete().filter(Project::ID.eq(id)).exec(&db).await? {
        0 => Err(ApiError::not_found("project")),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}
