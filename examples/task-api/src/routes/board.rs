use std::collections::HashMap;

use axum::Json;
use kickdb::axum::Scoped;
use kickdb::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::error::{ApiResult, Problem};
use crate::extract::Id;
use crate::models::{Comment, Label, Project, Task, TaskStatus};

pub(super) fn routes() -> OpenApiRouter<Db> {
    OpenApiRouter::new().routes(routes!(board))
}

#[derive(Serialize, ToSchema)]
struct Board {
    project: Project,
    columns: Vec<Column>,
}

#[derive(Serialize, ToSchema)]
struct Column {
    status: TaskStatus,
    cards: Vec<Card>,
}

#[derive(Serialize, ToSchema)]
struct Card {
    task: Task,
    /// The assignee's name.
    assignee: Option<String>,
    labels: Vec<Label>,
    comments: i64,
}

/// A project's tasks by status, each with its assignee, labels and number of comments. Five queries, however many tasks.
#[utoipa::path(get, path = "/projects/{id}/board", tag = "board", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Board), (status = 404, body = Problem)))]
async fn board(Scoped(db): Scoped, Id(id): Id) -> ApiResult<Json<Board>> {
    let (project, tasks) = Project::find(id)
        .with(
            Project::TASKS
                .order_by((Task::NUMBER, Task::ID))
                .with(Task::ASSIGNEE)
                .with(Task::LABELS.order_by((Label::NAME, Label::ID))),
        )
        .one(&db)
        .await?;
    let mut comments: HashMap<Uuid, i64> = Comment::query()
        .filter(Comment::TASK.any(Task::PROJECT_ID.eq(id)))
        .group_by(Comment::TASK_ID)
        .select((Comment::TASK_ID, count(Comment::ID)))
        .all(&db)
        .await?
        .into_iter()
        .collect();

    let mut columns: Vec<Column> = TaskStatus::ALL
        .map(|status| Column {
            status,
            cards: Vec::new(),
        })
        .into();
    for (task, assignee, labels) in tasks {
        let (id, status) = (task.id, task.status);
        let card = Card {
            task,
            assignee: assignee.map(|user| user.name),
            labels,
            comments: comments.remove(&id).unwrap_or_default(),
        };
        if let Some(column) = columns.iter_mut().find(|column| column.status == status) {
            column.cards.push(card);
        }
    }
    Ok(Json(Board { project, columns }))
}
