use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use kickdb::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::error::{ApiResult, Problem};
use crate::extract::Id;
use crate::models::{Comment, Label, Project, Task, TaskLabel, TaskStatus, User};

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

/// A project's tasks by status, each with its assignee, labels and number of comments. Four queries, however many tasks.
#[utoipa::path(get, path = "/projects/{id}/board", tag = "board", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Board), (status = 404, body = Problem)))]
async fn board(State(db): State<Db>, Id(id): Id) -> ApiResult<Json<Board>> {
    let project = Project::find(id).one(&db).await?;
    let tasks = Task::query()
        .left_join(User, Task::ASSIGNEE_ID.eq(User::ID))
        .filter(Task::PROJECT_ID.eq(id))
        .order_by((Task::NUMBER, Task::ID))
        .select((Task, User::NAME))
        .all(&db)
        .await?;
    let mut labels: HashMap<Uuid, Vec<Label>> = HashMap::new();
    let labelled = TaskLabel::query()
        .join(Task, TaskLabel::TASK_ID.eq(Task::ID))
        .join(Label, TaskLabel::LABEL_ID.eq(Label::ID))
        .filter(Task::PROJECT_ID.eq(id))
        .order_by((Label::NAME, Label::ID))
        .select((TaskLabel::TASK_ID, Label));
    for (task, label) in labelled.all(&db).await? {
        labels.entry(task).or_default().push(label);
    }
    let mut comments: HashMap<Uuid, i64> = Comment::query()
        .join(Task, Comment::TASK_ID.eq(Task::ID))
        .filter(Task::PROJECT_ID.eq(id))
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
    for (task, assignee) in tasks {
        let (id, status) = (task.id, task.status);
        let card = Card {
            task,
            assignee,
            labels: labels.remove(&id).unwrap_or_default(),
            comments: comments.remove(&id).unwrap_or_default(),
        };
        if let Some(column) = columns.iter_mut().find(|column| column.status == status) {
            column.cards.push(card);
        }
    }
    Ok(Json(Board { project, columns }))
}
