// The tables of the examples in queries.md.
use kickdb::prelude::*;

#[derive(Debug, Clone, Table)]
#[table(name = "users")]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(unique)]
    pub email: String,
    pub name: String,
    #[column(default = true)]
    pub active: bool,
}

#[derive(Debug, Clone, Table)]
#[table(name = "projects")]
#[belongs_to(owner: User, key = owner_id)]
#[has_many(tasks: Task, key = project_id)]
pub struct Project {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = User::id)]
    pub owner_id: i64,
    pub name: String,
}

#[derive(Debug, Clone, Table)]
#[table(name = "tasks")]
#[unique(columns(project_id, number))]
#[belongs_to(project: Project, key = project_id)]
#[belongs_to(assignee: User, key = assignee_id)]
#[has_many(comments: Comment, key = task_id)]
pub struct Task {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = Project::id, on_delete = cascade)]
    pub project_id: i64,
    pub number: i32,
    pub title: String,
    #[column(default = TaskStatus::Todo)]
    pub status: TaskStatus,
    #[column(references = User::id)]
    pub assignee_id: Option<i64>,
    #[column(default = 0)]
    pub votes: i32,
}

#[derive(Debug, Clone, Table)]
#[table(name = "comments")]
pub struct Comment {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = Task::id, on_delete = cascade)]
    pub task_id: i64,
    pub body: String,
}

#[derive(Debug, Clone, Table)]
#[table(name = "notes")]
pub struct Note {
    #[column(primary_key, identity)]
    pub id: i64,
    pub title: String,
    pub body: String,
    #[column(updated_at)]
    pub changed_at: chrono::DateTime<chrono::Utc>,
    #[column(version)]
    pub version: i32,
    #[column(deleted_at)]
    pub gone_at: Option<chrono::DateTime<chrono::Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, DbEnum)]
pub enum TaskStatus {
    Todo,
    InProgress,
    Done,
}
