use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kickdb::axum::{Scoped, Tx};
use kickdb::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Body, Id, text};
use crate::models::{Member, MemberRole, User, Workspace};

pub(super) fn routes() -> OpenApiRouter<Db> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(read, remove))
        .routes(routes!(members))
        .routes(routes!(join, leave))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewWorkspace {
    /// Lower-case letters, digits and dashes.
    slug: String,
    name: String,
    /// The user who owns it.
    owner_id: Uuid,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMember {
    role: MemberRole,
}

#[derive(Serialize, ToSchema)]
struct MemberView {
    user: User,
    role: MemberRole,
}

/// A new workspace with its owner.
#[utoipa::path(post, path = "/workspaces", tag = "workspaces", request_body = NewWorkspace, responses(
    (status = 201, body = Workspace), (status = 400, body = Problem), (status = 409, body = Problem)))]
async fn create(mut tx: Tx, Body(new): Body<NewWorkspace>) -> ApiResult<(StatusCode, Json<Workspace>)> {
    text("name", &new.name, 100)?;
    text("slug", &new.slug, 40)?;
    if !new
        .slug
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    {
        return Err(ApiError::invalid(
            "slug",
            "`slug` may hold lower-case letters, digits and dashes",
        ));
    }
    let insert = Workspace::insert().id(Uuid::now_v7()).slug(new.slug).name(new.name);
    let workspace = insert.returning(&mut *tx).await?;
    let owner = Member::insert()
        .workspace_id(workspace.id)
        .user_id(new.owner_id)
        .role(MemberRole::Owner);
    owner.exec(&mut *tx).await?;
    Ok((StatusCode::CREATED, Json(workspace)))
}

/// All workspaces by name.
#[utoipa::path(get, path = "/workspaces", tag = "workspaces", responses((status = 200, body = Vec<Workspace>)))]
async fn list(Scoped(db): Scoped) -> ApiResult<Json<Vec<Workspace>>> {
    Ok(Json(
        Workspace::query()
            .order_by((Workspace::NAME, Workspace::ID))
            .all(&db)
            .await?,
    ))
}

/// One workspace.
#[utoipa::path(get, path = "/workspaces/{id}", tag = "workspaces", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Workspace), (status = 404, body = Problem)))]
async fn read(Scoped(db): Scoped, Id(id): Id) -> ApiResult<Json<Workspace>> {
    Ok(Json(Workspace::find(id).one(&db).await?))
}

/// A workspace goes, with all that is in it.
#[utoipa::path(delete, path = "/workspaces/{id}", tag = "workspaces", params(("id" = Uuid, Path)), responses(
    (status = 204), (status = 404, body = Problem)))]
async fn remove(Scoped(db): Scoped, Id(id): Id) -> ApiResult<StatusCode> {
    match Workspace::delete().filter(Workspace::ID.eq(id)).exec(&db).await? {
        0 => Err(ApiError::not_found("workspace")),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

/// Who is in a workspace.
#[utoipa::path(get, path = "/workspaces/{id}/members", tag = "workspaces", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Vec<MemberView>), (status = 404, body = Problem)))]
async fn members(Scoped(db): Scoped, Id(id): Id) -> ApiResult<Json<Vec<MemberView>>> {
    Workspace::find(id).one(&db).await?;
    let rows = Member::query()
        .join(User, Member::USER_ID.eq(User::ID))
        .filter(Member::WORKSPACE_ID.eq(id))
        .order_by((User::NAME, User::ID))
        .select((User, Member::ROLE))
        .all(&db)
        .await?;
    Ok(Json(
        rows.into_iter().map(|(user, role)| MemberView { user, role }).collect(),
    ))
}

/// A user joins, or takes another role.
#[utoipa::path(put, path = "/workspaces/{id}/members/{user_id}", tag = "workspaces", request_body = NewMember,
    params(("id" = Uuid, Path), ("user_id" = Uuid, Path)),
    responses((status = 200, body = Member), (status = 400, body = Problem), (status = 409, description = "no such workspace or user", body = Problem)))]
async fn join(mut tx: Tx, Path((id, user)): Path<(Uuid, Uuid)>, Body(new): Body<NewMember>) -> ApiResult<Json<Member>> {
    Member::insert()
        .workspace_id(id)
        .user_id(user)
        .role(new.role)
        .on_conflict((Member::WORKSPACE_ID, Member::USER_ID))
        .do_update(Member::ROLE)
        .exec(&mut *tx)
        .await?;
    Ok(Json(Member::find((id, user)).one(&mut *tx).await?))
}

/// A user leaves.
#[utoipa::path(delete, path = "/workspaces/{id}/members/{user_id}", tag = "workspaces",
    params(("id" = Uuid, Path), ("user_id" = Uuid, Path)), responses((status = 204), (status = 404, body = Problem)))]
async fn leave(Scoped(db): Scoped, Path((id, user)): Path<(Uuid, Uuid)>) -> ApiResult<StatusCode> {
    let gone = Member::delete()
        .filter(Member::WORKSPACE_ID.eq(id).and(Member::USER_ID.eq(user)))
        .exec(&db)
        .await?;
    match gone {
        0 => Err(ApiError::not_found("member")),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}
