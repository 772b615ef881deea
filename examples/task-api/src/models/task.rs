use chrono::{DateTime, NaiveDate, Utc};
use kickdb::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Comment, Label, Project, TaskLabel, User};

/// One card on a board.
#[derive(Debug, Clone, Table, Serialize, ToSchema)]
#[table(name = "tasks", comment = "one card on a board")]
#[index(columns(project_id, status))]
#[index(columns(assignee_id))]
#[index(columns(parent_id))]
#[index(columns(title), method = fulltext, only(mysql))]
#[unique(columns(project_id, number))]
#[check(name = "tasks_title_not_blank", expr = "length(title) > 0")]
#[belongs_to(project: Project, key = project_id)]
#[belongs_to(assignee: User, key = assignee_id)]
#[has_many(comments: Comment, key = task_id)]
#[many_to_many(labels: Label, through = TaskLabel)]
pub struct Task {
    #[column(primary_key)]
    pub id: Uuid,
    #[column(references = Project::id, on_delete = cascade)]
    pub project_id: Uuid,
    /// Counts from 1 in each project.
    pub number: i32,
    #[column(type = "varchar(200)")]
    pub title: String,
    #[column(default = "")]
    pub description: String,
    #[column(default = TaskStatus::Todo)]
    pub status: TaskStatus,
    #[column(default = TaskPriority::Normal)]
    pub priority: TaskPriority,
    #[column(references = User::id, on_delete = set_null)]
    pub assignee_id: Option<Uuid>,
    #[column(references = Task::id, on_delete = set_null)]
    pub parent_id: Option<Uuid>,
    #[schema(value_type = TaskMeta)]
    pub meta: Json<TaskMeta>,
    pub due_on: Option<NaiveDate>,
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
    #[column(default_now)]
    pub updated_at: DateTime<Utc>,
    /// Counts the changes.
    #[column(version)]
    pub version: i32,
}

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, DbEnum, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[db_enum(name = "task_status", rename_all = "snake_case")]
pub enum TaskStatus {
    Todo,
    InProgress,
    InReview,
    Done,
}

impl TaskStatus {
    /// In the order of a board's columns.
    pub const ALL: [Self; 4] = [Self::Todo, Self::InProgress, Self::InReview, Self::Done];
}

/// How much a task matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, DbEnum, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[db_enum(name = "task_priority", rename_all = "snake_case")]
pub enum TaskPriority {
    Low,
    Normal,
    High,
    Urgent,
}

/// What has no column of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskMeta {
    /// In hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
}
