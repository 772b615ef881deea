use chrono::{DateTime, Utc};
use kickdb::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::User;

/// A group of people with their projects.
#[derive(Debug, Clone, Table, Serialize, ToSchema)]
#[table(name = "workspaces")]
pub struct Workspace {
    #[column(primary_key)]
    pub id: Uuid,
    #[column(type = "varchar(40)", unique)]
    pub slug: String,
    #[column(type = "varchar(100)")]
    pub name: String,
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
}

/// Someone's place in a workspace.
#[derive(Debug, Clone, Table, Serialize, ToSchema)]
#[table(name = "members", comment = "who may work in a workspace, and as what")]
#[index(columns(user_id))]
#[belongs_to(workspace: Workspace, key = workspace_id)]
#[belongs_to(user: User, key = user_id)]
pub struct Member {
    #[column(primary_key, references = Workspace::id, on_delete = cascade)]
    pub workspace_id: Uuid,
    #[column(primary_key, references = User::id, on_delete = cascade)]
    pub user_id: Uuid,
    #[column(default = MemberRole::Member)]
    pub role: MemberRole,
    #[column(default_now)]
    pub joined_at: DateTime<Utc>,
}

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, DbEnum, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[db_enum(name = "member_role", rename_all = "snake_case")]
pub enum MemberRole {
    Owner,
    Admin,
    Member,
    Guest,
}
