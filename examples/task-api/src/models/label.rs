use kickdb::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Task, Workspace};

/// A word to sort tasks by.
#[derive(Debug, Clone, Table, Serialize, ToSchema)]
#[table(name = "labels")]
#[unique(columns(workspace_id, name))]
#[belongs_to(workspace: Workspace, key = workspace_id)]
#[many_to_many(tasks: Task, through = TaskLabel)]
pub struct Label {
    #[column(primary_key)]
    pub id: Uuid,
    #[column(references = Workspace::id, on_delete = cascade)]
    pub workspace_id: Uuid,
    #[column(type = "varchar(40)")]
    pub name: String,
    /// `#rrggbb`.
    #[column(type = "varchar(7)", default = "#808080")]
    pub color: String,
}

/// A label on a task.
#[derive(Debug, Clone, Table)]
#[table(name = "task_labels")]
#[index(columns(label_id))]
#[belongs_to(task: Task, key = task_id)]
#[belongs_to(label: Label, key = label_id)]
pub struct TaskLabel {
    #[column(primary_key, references = Task::id, on_delete = cascade)]
    pub task_id: Uuid,
    #[column(primary_key, references = Label::id, on_delete = cascade)]
    pub label_id: Uuid,
}
