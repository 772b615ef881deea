use chrono::{DateTime, Utc};
use kickdb::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Task, User};

/// What someone said about a task.
#[derive(Debug, Clone, Table, Serialize, ToSchema)]
#[table(name = "comments")]
#[index(columns(task_id, created_at))]
#[index(columns(author_id))]
#[belongs_to(task: Task, key = task_id)]
#[belongs_to(author: User, key = author_id)]
pub struct Comment {
    #[column(primary_key)]
    pub id: Uuid,
    #[column(references = Task::id, on_delete = cascade)]
    pub task_id: Uuid,
    #[column(references = User::id, on_delete = restrict)]
    pub author_id: Uuid,
    #[column(check = "length(body) > 0")]
    pub body: String,
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
}
