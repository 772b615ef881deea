use axum::Json;
use axum::http::StatusCode;
use kickdb::axum::Scoped;
use kickdb::prelude::*;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Body, Id, text};
use crate::models::User;

pub(super) fn routes() -> OpenApiRouter<Db> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(read, update, remove))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewUser {
    email: String,
    name: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UserPatch {
    email: Option<String>,
    name: Option<String>,
}

fn check_email(email: &str) -> ApiResult<()> {
    text("email", email, 254)?;
    match email.split_once('@') {
        Some((name, host)) if !name.is_empty() && host.contains('.') => Ok(()),
        _ => Err(ApiError::invalid("email", "`email` must look like name@example.org")),
    }
}

/// A new user.
#[utoipa::path(post, path = "/users", tag = "users", request_body = NewUser, responses(
    (status = 201, body = User), (status = 400, body = Problem), (status = 409, description = "the address is taken", body = Problem)))]
async fn create(Scoped(db): Scoped, Body(new): Body<NewUser>) -> ApiResult<(StatusCode, Json<User>)> {
    check_email(&new.email)?;
    text("name", &new.name, 100)?;
    let user = User::insert()
        .id(Uuid::now_v7())
        .email(new.email)
        .name(new.name)
        .returning(&db)
        .await?;
    Ok((StatusCode::CREATED, Json(user)))
}

/// All users by name.
#[utoipa::path(get, path = "/users", tag = "users", responses((status = 200, body = Vec<User>)))]
async fn list(Scoped(db): Scoped) -> ApiResult<Json<Vec<User>>> {
    Ok(Json(User::query().order_by((User::NAME, User::ID)).all(&db).await?))
}

/// One user.
#[utoipa::path(get, path = "/users/{id}", tag = "users", params(("id" = Uuid, Path)), responses(
    (status = 200, body = User), (status = 404, body = Problem)))]
async fn read(Scoped(db): Scoped, Id(id): Id) -> ApiResult<Json<User>> {
    Ok(Json(User::find(id).one(&db).await?))
}

/// A user's new address or name.
#[utoipa::path(patch, path = "/users/{id}", tag = "users", params(("id" = Uuid, Path)), request_body = UserPatch, responses(
    (status = 200, body = User), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn update(Scoped(db): Scoped, Id(id): Id, Body(patch): Body<UserPatch>) -> ApiResult<Json<User>> {
    if let Some(email) = &patch.email {
        check_email(email)?;
    }
    if let Some(name) = &patch.name {
        text("name", name, 100)?;
    }
    let change = User::update()
        .set_some(User::EMAIL, patch.email)
        .set_some(User::NAME, patch.name);
    change.filter(User::ID.eq(id)).exec(&db).await?;
    Ok(Json(User::find(id).one(&db).await?))
}

/// A user goes; tasks lose their assignee. Refused while the user has comments.
#[utoipa::path(delete, path = "/users/{id}", tag = "users", params(("id" = Uuid, Path)), responses(
    (status = 204), (status = 404, body = Problem), (status = 409, description = "the user has comments", body = Problem)))]
async fn remove(Scoped(db): Scoped, Id(id): Id) -> ApiResult<StatusCode> {
    match User::delete().filter(User::ID.eq(id)).exec(&db).await? {
        0 => Err(ApiError::not_found("user")),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}
