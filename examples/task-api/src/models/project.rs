use chrono::{DateTime, Utc};
use kickdb::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Task, Workspace};

/// A board of tasks.
#[derive(Debug, Clone, Table, Serialize, ToSchema)]
#[table(name = "projects")]
#[unique(columns(workspace_id, key))]
#[belongs_to(workspace: Workspace, key = workspace_id)]
#[has_many(tasks: Task, key = project_id)]
pub struct Project {
    #[column(primary_key)]
    pub id: Uuid,
    #[column(references = Workspace::id, on_delete = cascade)]
    pub workspace_id: Uuid,
    /// The short name in front of task numbers: `KICK` in `KICK-12`.
    #[column(type = "varchar(10)")]
    pub key: String,
    #[column(type = "varchar(100)")]
    pub name: String,
    pub description: Option<String>,
    pub archived_at: Option<DateTime<Utc>>,
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
}
