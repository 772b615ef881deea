use axum::Json;
use axum::http::StatusCode;
use chrono::NaiveDate;
use kickdb::axum::{Primary, Scoped, Tx};
use kickdb::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Body, Id, Search, text};
use crate::models::{Label, Task, TaskMeta, TaskPriority, TaskStatus};

/// The most tasks of one answer.
const PAGE: u32 = 100;

pub(super) fn routes() -> OpenApiRouter<Db> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(read, update, remove))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTask {
    project_id: Uuid,
    title: String,
    #[serde(default)]
    description: String,
    status: Option<TaskStatus>,
    priority: Option<TaskPriority>,
    assignee_id: Option<Uuid>,
    parent_id: Option<Uuid>,
    #[serde(default)]
    meta: TaskMeta,
    due_on: Option<NaiveDate>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TaskPatch {
    /// The version that the change is made from: where the task has another one by now, the answer is 409.
    version: Option<i32>,
    title: Option<String>,
    description: Option<String>,
    status: Option<TaskStatus>,
    priority: Option<TaskPriority>,
    /// `null` takes the assignee away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Uuid>)]
    assignee_id: Option<Option<Uuid>>,
    /// `null` makes it a task of its own.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Uuid>)]
    parent_id: Option<Option<Uuid>>,
    meta: Option<TaskMeta>,
    /// `null` takes the date away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    due_on: Option<Option<NaiveDate>>,
}

/// Tells a field that is `null` from one that is not there.
fn given<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct TaskSearch {
    project: Option<Uuid>,
    status: Option<TaskStatus>,
    priority: Option<TaskPriority>,
    assignee: Option<Uuid>,
    label: Option<Uuid>,
    /// Words in the title: found in any order where the database searches texts (PostgreSQL, MariaDB), and else as they are written.
    q: Option<String>,
    #[serde(default)]
    sort: Sort,
    limit: Option<u32>,
    /// `next` of the page before.
    after: Option<String>,
}

#[derive(Deserialize, Default, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Sort {
    #[default]
    Newest,
    Oldest,
    Title,
}

#[derive(Serialize, ToSchema)]
struct TaskPage {
    /// How many tasks match, on all pages.
    total: i64,
    tasks: Vec<Task>,
    /// What `after` is for the next page; missing on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The key of a page, which clients keep as a text and do not look into.
fn key<K: DeserializeOwned>(after: Option<&str>) -> ApiResult<Option<K>> {
    let key = after.map(serde_json::from_str).transpose();
    key.map_err(|_| ApiError::invalid("after", "`after` is `next` of a page that was sorted in the same way"))
}

fn shown<K: Serialize>(page: Page<Task, K>) -> (Vec<Task>, Option<String>) {
    let next = page.next.and_then(|key| serde_json::to_string(&key).ok());
    (page.rows, next)
}

/// That a title has these words. PostgreSQL and MariaDB search texts; SQLite needs a table of another kind for it.
fn about(words: &str, db: &Db) -> Condition<Task> {
    match db.dialect().id().as_str() {
        "postgres" => Task::TITLE.search(words).or(Task::TITLE.contains(words)).over(),
        // It is content with one of several words.
        "mysql" => {
            let each = all_of(words.split_whitespace().map(|word| Task::TITLE.search(word)));
            each.or(Task::TITLE.contains(words)).over()
        }
        _ => Task::TITLE.contains(words),
    }
}

/// A new task, numbered within its project.
#[utoipa::path(post, path = "/tasks", tag = "tasks", request_body = NewTask, responses(
    (status = 201, body = Task), (status = 400, body = Problem), (status = 409, description = "no such project, assignee or parent", body = Problem)))]
async fn create(Primary(db): Primary, Body(new): Body<NewTask>) -> ApiResult<(StatusCode, Json<Task>)> {
    text("title", &new.title, 200)?;
    // Two requests may take the same number: the unique key lets one through, the other one looks again.
    let mut tries = 0;
    loop {
        match insert(&db, &new).await {
            Err(error) if tries < 10 && (is_taken(&error) || error.is_retryable()) => tries += 1,
            done => return Ok((StatusCode::CREATED, Json(done?))),
        }
    }
}

fn is_taken(error: &kickdb::Error) -> bool {
    matches!(error, kickdb::Error::UniqueViolation(_))
}

async fn insert(db: &Db, new: &NewTask) -> kickdb::Result<Task> {
    let last: Option<i32> = Task::query()
        .filter(Task::PROJECT_ID.eq(new.project_id))
        .order_by(Task::NUMBER.desc())
        .select(Task::NUMBER)
        .first(db)
        .await?;
    Task::insert()
        .id(Uuid::now_v7())
        .project_id(new.project_id)
        .number(last.unwrap_or(0) + 1)
        .title(new.title.clone())
        .description(new.description.clone())
        .status(new.status.unwrap_or(TaskStatus::Todo))
        .priority(new.priority.unwrap_or(TaskPriority::Normal))
        .assignee_id(new.assignee_id)
        .parent_id(new.parent_id)
        .meta(kickdb::prelude::Json(new.meta.clone()))
        .due_on(new.due_on)
        .returning(db)
        .await
}

/// Tasks that match all that is asked for, a page at a time.
#[utoipa::path(get, path = "/tasks", tag = "tasks", params(TaskSearch), responses(
    (status = 200, body = TaskPage), (status = 400, body = Problem)))]
async fn list(Scoped(db): Scoped, Search(search): Search<TaskSearch>) -> ApiResult<Json<TaskPage>> {
    let limit = search.limit.unwrap_or(PAGE);
    if limit > PAGE {
        return Err(ApiError::invalid("limit", format!("`limit` is at most {PAGE}")));
    }
    let matching = Task::query()
        .filter(search.project.map(|project| Task::PROJECT_ID.eq(project)))
        .filter(search.status.map(|status| Task::STATUS.eq(status)))
        .filter(search.priority.map(|priority| Task::PRIORITY.eq(priority)))
        .filter(search.assignee.map(|assignee| Task::ASSIGNEE_ID.eq(assignee)))
        .filter(search.q.as_deref().map(|words| about(words, &db)))
        .filter(search.label.map(|label| Task::LABELS.any(Label::ID.eq(label))));
    let total = matching.clone().count(&db).await?;
    let after = search.after.as_deref();
    let (tasks, next) = match search.sort {
        Sort::Newest => {
            let page = matching.keyset((Task::CREATED_AT.down(), Task::ID.up()), key(after)?, limit);
            shown(page.fetch(&db).await?)
        }
        Sort::Oldest => {
            let page = matching.keyset((Task::CREATED_AT.up(), Task::ID.up()), key(after)?, limit);
            shown(page.fetch(&db).await?)
        }
        Sort::Title => {
            let page = matching.keyset((Task::TITLE.up(), Task::ID.up()), key(after)?, limit);
            shown(page.fetch(&db).await?)
        }
    };
    Ok(Json(TaskPage { total, tasks, next }))
}

/// One task.
#[utoipa::path(get, path = "/tasks/{id}", tag = "tasks", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Task), (status = 404, body = Problem)))]
async fn read(Scoped(db): Scoped, Id(id): Id) -> ApiResult<Json<Task>> {
    Ok(Json(Task::find(id).one(&db).await?))
}

/// What changes about a task. Nobody's change is lost: where somebody else was faster, the answer is 409, `stale`.
#[utoipa::path(patch, path = "/tasks/{id}", tag = "tasks", params(("id" = Uuid, Path)), request_body = TaskPatch, responses(
    (status = 200, body = Task), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn update(mut tx: Tx, Id(id): Id, Body(patch): Body<TaskPatch>) -> ApiResult<Json<Task>> {
    if let Some(title) = &patch.title {
        text("title", title, 200)?;
    }
    if patch.parent_id == Some(Some(id)) {
        return Err(ApiError::invalid("parent_id", "a task cannot be its own parent"));
    }
    let task = Task::find(id).one(&mut *tx).await?;
    if patch.version.is_some_and(|version| version != task.version) {
        return Err(ApiError::stale());
    }
    let change = Task::edit(&task)
        .set(Task::UPDATED_AT, now())
        .set_some(Task::TITLE, patch.title)
        .set_some(Task::DESCRIPTION, patch.description)
        .set_some(Task::STATUS, patch.status)
        .set_some(Task::PRIORITY, patch.priority)
        .set_some(Task::ASSIGNEE_ID, patch.assignee_id)
        .set_some(Task::PARENT_ID, patch.parent_id)
        .set_some(Task::META, patch.meta.map(kickdb::prelude::Json))
        .set_some(Task::DUE_ON, patch.due_on);
    Ok(Json(change.returning(&mut *tx).await?))
}

/// A task goes; its children become tasks of their own.
#[utoipa::path(delete, path = "/tasks/{id}", tag = "tasks", params(("id" = Uuid, Path)), responses(
    (status = 204), (status = 404, body = Problem)))]
async fn remove(Scoped(db): Scoped, Id(id): Id) -> ApiResult<StatusCode> {
    match Task::delete().filter(Task::ID.eq(id)).exec(&db).await? {
        0 => Err(ApiError::not_found("task")),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}
