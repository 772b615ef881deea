//! A model that uses nearly everything that can be declared.

use chrono::{DateTime, NaiveDate, Utc};
use kickdb::prelude::*;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Keeps `updated_at` of a task in step with its changes.
#[db_object(postgres)]
pub const TOUCH: &str = "
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RETURN NEW;
    END $$;
    CREATE TRIGGER tasks_touch BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION touch();
    CREATE SEQUENCE invoice_numbers START WITH 1000;
";

/// Somebody who works on tasks.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "users", doc_comments)]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    /// How to reach them.
    #[column(unique)]
    pub email: Email,
    pub name: String,
    #[column(default = true)]
    pub active: bool,
}

#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "projects", comment = "what tasks belong to")]
#[unique(columns(owner_id, name))]
#[has_many(tasks: Task, key = project_id)]
#[belongs_to(owner: User, key = owner_id)]
pub struct Project {
    #[column(primary_key, default_uuid)]
    pub id: Uuid,
    #[column(references = User::id, on_delete = restrict)]
    pub owner_id: i64,
    pub name: String,
    pub starts: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "tasks", comment = "one card on a board", renamed_from = "cards")]
#[index(columns(project_id, status), where = "deleted_at IS NULL")]
#[index(name = "tasks_title_lower_idx", expr = "lower(title)")]
#[index(columns(created_at(desc)))]
#[unique(columns(project_id, number))]
#[check(name = "tasks_title_not_blank", expr = "length(title) > 0")]
#[belongs_to(project: Project, key = project_id)]
#[belongs_to(parent: Self, key = parent_id)]
#[has_many(children: Self, key = parent_id)]
#[many_to_many(labels: Label, through = TaskLabel)]
pub struct Task {
    #[column(primary_key, default_uuid)]
    pub id: Uuid,
    #[column(references = Project::id, on_delete = cascade)]
    pub project_id: Uuid,
    pub number: TaskNumber,
    #[column(type = "varchar(200)")]
    pub title: String,
    #[column(default = TaskStatus::Todo, index)]
    pub status: TaskStatus,
    #[column(references = Self::id, on_delete = set_null)]
    pub parent_id: Option<Uuid>,
    pub meta: Json<TaskMeta>,
    pub votes: Votes,
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
    #[column(renamed_from = "removed_at")]
    pub deleted_at: Option<DateTime<Utc>>,
    #[column(check = "weight >= 0", default = 0)]
    pub weight: i32,
    #[column(name = "type", default = "task")]
    pub r#type: String,
    // Named like the crate of its type.
    pub uuid: Option<uuid::Uuid>,
}

/// Known by the compiler alone.
pub type Votes = i32;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskMeta {
    pub color: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, DbEnum)]
#[db_enum(name = "task_status", rename_all = "snake_case")]
pub enum TaskStatus {
    Todo,
    #[db_enum(renamed_from = "doing")]
    InProgress,
    Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, DbType)]
pub struct TaskNumber(pub i32);

/// Kept as text, and only when it looks like an address.
#[derive(Debug, Clone, PartialEq, Eq, DbType)]
#[db_type(as = String)]
pub struct Email {
    user: String,
    host: String,
}

impl From<&Email> for String {
    fn from(email: &Email) -> Self {
        format!("{}@{}", email.user, email.host)
    }
}

impl TryFrom<String> for Email {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (user, host) = text.split_once('@').ok_or_else(|| format!("`{text}` has no @"))?;
        Ok(Self {
            user: user.into(),
            host: host.into(),
        })
    }
}

#[derive(Debug, Clone, PartialEq, Table)]
pub struct Label {
    #[column(primary_key, serial)]
    pub id: i32,
    #[column(unique = "label_once")]
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Table)]
#[primary_key(columns(task_id, label_id))]
#[foreign_key(columns(task_id), references = Task(id), on_delete = cascade, name = "task_label_task")]
pub struct TaskLabel {
    pub task_id: Uuid,
    #[column(references = Label::id)]
    pub label_id: i32,
}

#[derive(Debug, Clone, PartialEq, Table)]
#[table(unmanaged, reason = "owned by the billing service")]
pub struct Invoice {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id)]
    pub user_id: i64,
}

/// A place, known by two columns.
#[derive(Debug, PartialEq, Table)]
#[table(name = "rooms")]
#[primary_key(columns(org, code))]
#[has_many(desks: Desk, key(org, room))]
#[has_one(plan: Plan, key(org, room))]
pub struct Room {
    pub org: i32,
    #[column(type = "varchar(20)")]
    pub code: String,
    pub floor: i32,
}

/// With several relations to one table, and none of them a foreign key.
#[derive(Debug, PartialEq, Table)]
#[table(name = "desks")]
#[belongs_to(place: Room, key(org, room))]
#[belongs_to(owner: User, key = owner_id)]
#[belongs_to(guest: User, key = guest_id)]
#[belongs_to(cleaner: User, key = cleaned_by, references = name)]
pub struct Desk {
    #[column(primary_key)]
    pub id: i32,
    pub org: i32,
    #[column(name = "room_code")]
    pub room: Option<String>,
    pub owner_id: i64,
    pub guest_id: Option<i64>,
    pub cleaned_by: Option<String>,
}

#[derive(Debug, PartialEq, Table)]
#[table(name = "plans")]
pub struct Plan {
    #[column(primary_key)]
    pub id: i32,
    pub org: i32,
    pub room: String,
    pub drawing: Vec<u8>,
}

/// With everything that queries keep by themselves.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "notes")]
#[belongs_to(parent: Self, key = parent_id)]
#[has_many(replies: Self, key = parent_id)]
pub struct Note {
    #[column(primary_key)]
    pub id: i32,
    pub parent_id: Option<i32>,
    pub body: String,
    #[column(created_at)]
    pub created_at: DateTime<Utc>,
    #[column(updated_at)]
    pub updated_at: DateTime<Utc>,
    #[column(version)]
    pub version: i32,
    #[column(deleted_at)]
    pub deleted_at: Option<DateTime<Utc>>,
}

/// A text that is kept encrypted: the nonce, and what was sealed with it.
#[derive(Debug, Clone, PartialEq, Eq, DbType)]
#[db_type(as = Vec<u8>)]
pub struct Secret(String);

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// An application takes it from its environment.
fn key() -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).unwrap())
}

impl From<&Secret> for Vec<u8> {
    fn from(secret: &Secret) -> Self {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).unwrap();
        let mut sealed = secret.0.clone().into_bytes();
        let unique = Nonce::assume_unique_for_key(nonce);
        key()
            .seal_in_place_append_tag(unique, Aad::empty(), &mut sealed)
            .unwrap();
        [&nonce[..], &sealed].concat()
    }
}

impl TryFrom<Vec<u8>> for Secret {
    type Error = &'static str;

    fn try_from(kept: Vec<u8>) -> Result<Self, Self::Error> {
        let (nonce, sealed) = kept.split_at_checked(NONCE_LEN).ok_or("it is too short")?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| "it has no nonce")?;
        let mut sealed = sealed.to_vec();
        let open = key()
            .open_in_place(nonce, Aad::empty(), &mut sealed)
            .map_err(|_| "it was not sealed with this key")?;
        String::from_utf8(open.to_vec())
            .map(Self)
            .map_err(|_| "it is not a text")
    }
}

#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "vaults")]
pub struct Vault {
    #[column(primary_key)]
    pub id: i32,
    pub secret: Secret,
    pub spare: Option<Secret>,
}

/// A column of each kind.
#[derive(Debug, Clone, PartialEq, Table)]
pub struct Sample {
    #[column(primary_key)]
    pub id: i32,
    pub truth: bool,
    pub small: i16,
    pub big: i64,
    pub single: f32,
    pub double: f64,
    pub text: String,
    pub bytes: Vec<u8>,
    pub key: Uuid,
    pub amount: rust_decimal::Decimal,
    pub day: NaiveDate,
    pub clock: chrono::NaiveTime,
    pub wall: chrono::NaiveDateTime,
    pub instant: DateTime<Utc>,
    pub offset: time::OffsetDateTime,
    pub stamp: jiff::Timestamp,
    pub document: serde_json::Value,
    pub status: TaskStatus,
    pub numbers: Vec<i64>,
    pub floats: Vec<f64>,
    pub words: Vec<String>,
    pub maybe: Option<f64>,
}
