//! The schema of the database, as `cargo kickdb introspect` read it.
//!
//! It is yours to edit: rename structs and fields, add derives and methods. Run again with `--out`, the command keeps the
//! edits and adds what changed in the database.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use kickdb::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, DbEnum)]
pub enum Never {}

#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "2nd table", options(fillfactor = "70"))]
#[primary_key(columns(b, a))]
pub struct N2ndTable {
    pub a: i32,
    pub b: i32,
    #[column(name = "Option")]
    pub option: Option<String>,
    pub never: Option<Never>,
    #[column(name = "String")]
    pub string: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "events", no_primary_key, partition_by = "RANGE (at)")]
pub struct Event {
    pub at: DateTime<Utc>,
    pub what: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Table)]
#[table(
    name = "events_2024",
    no_primary_key,
    partition_of = Event,
    bound = "FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2025-01-01 00:00:00+00')",
)]
pub struct Events2024 {
    pub at: DateTime<Utc>,
    pub what: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Table)]
#[table(no_primary_key)]
pub struct Nothing {}

#[derive(Debug, Clone, PartialEq, Table)]
pub struct Options {
    #[column(primary_key)]
    pub id: i32,
    pub strings: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "profiles")]
#[belongs_to(user: User)]
pub struct Profile {
    #[column(primary_key, references = User::id)]
    pub user_id: i64,
    pub bio: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "users", comment = "who \"may\" come in")]
#[exclude(columns(during(with = "&&")))]
#[has_one(profile: Profile)]
#[has_many(tasks_by_author: self::app::Task, key = author_id)]
#[has_many(tasks_by_editor: self::app::Task, key = editor_id)]
pub struct User {
    #[column(primary_key, identity(always, start = 1000, increment = 10))]
    pub id: i64,
    #[column(name = "userName", type = "varchar(100)", unique)]
    pub user_name: String,
    #[column(type = "email")]
    pub mail: Option<String>,
    pub born: Option<NaiveDate>,
    #[column(default_now)]
    pub seen: DateTime<Utc>,
    pub wakes: Option<NaiveTime>,
    #[column(type = "timestamp(3)")]
    pub local_at: Option<NaiveDateTime>,
    #[column(type = "numeric(12, 2)", default = 0)]
    pub balance: Decimal,
    #[column(default = "{}")]
    pub meta: serde_json::Value,
    #[column(default = [])]
    pub tags: Vec<String>,
    pub moods: Vec<self::app::Status>,
    pub photo: Option<Vec<u8>>,
    #[column(type = "inet")]
    pub ip: Option<String>,
    #[column(default_uuid)]
    pub key: Uuid,
    pub ratio: Option<f64>,
    pub small: Option<i16>,
    pub weight: Option<f32>,
    #[column(default = true)]
    pub active: bool,
    pub r#type: Option<String>,
    #[column(name = "self")]
    pub self_: Option<i32>,
    #[column(type = "tstzrange")]
    pub during: Option<String>,
    #[column(type = "interval")]
    pub took: Option<String>,
}

#[db_object(postgres)]
const TICKETS: &str = r#"
CREATE SEQUENCE "tickets" CACHE 1 NO CYCLE INCREMENT BY 1 MAXVALUE 9223372036854775807 MINVALUE 1 START WITH 5 AS bigint
"#;

#[db_object(postgres)]
const EMAIL: &str = r#"
CREATE DOMAIN "email" AS text
  CONSTRAINT "email_check" CHECK (VALUE LIKE '%@%')
"#;

#[db_object(postgres)]
const TOUCH: &str = r"
CREATE FUNCTION touch()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RETURN NEW; END $function$
";

pub mod app {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, DbEnum)]
    #[db_enum(schema = "app", comment = "where it stands")]
    pub enum Status {
        Todo,
        #[db_enum(rename = "In Progress")]
        InProgress,
        #[db_enum(rename = "1st")]
        N1st,
        #[db_enum(rename = "")]
        Empty,
    }

    #[derive(Debug, Clone, PartialEq, Table)]
    #[table(name = "tasks", schema = "app", options("row security"))]
    #[unique(columns(author_id, title), deferrable)]
    #[index(
        columns("lower(title)"(desc, opclass = text_pattern_ops)),
        name = "tasks_lower",
        where = "status <> ''",
    )]
    #[belongs_to(author: super::User)]
    #[belongs_to(editor: super::User)]
    #[belongs_to(parent: Self)]
    #[has_many(children: Self, key = parent_id)]
    pub struct Task {
        #[column(primary_key, serial)]
        pub id: i32,
        #[column(references = super::User::id, on_delete = cascade)]
        pub author_id: i64,
        #[column(type = "integer", references = super::User::id)]
        pub editor_id: Option<i64>,
        #[column(references = Self::id)]
        pub parent_id: Option<i32>,
        #[column(default = Status::Todo)]
        pub status: Status,
        #[column(check = "length(title) > 0")]
        pub title: String,
        #[column(generated = "1 + 1")]
        pub total: Option<Decimal>,
    }

    #[db_object(postgres)]
    const OPEN: &str = r#"
CREATE VIEW app.open AS
 SELECT tasks.id,
    tasks.title
   FROM app.tasks
  WHERE (tasks.status = 'todo'::app.status);
COMMENT ON VIEW "app"."open" IS 'what is left';
"#;

    #[db_object(postgres)]
    const TASKS_TASKS_TOUCH: &str = r#"
CREATE TRIGGER tasks_touch BEFORE UPDATE ON app.tasks FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE "app"."tasks" DISABLE TRIGGER "tasks_touch";
"#;

    #[db_object(postgres)]
    const TASKS_OWN: &str = r"
CREATE POLICY own ON app.tasks USING ((author_id = 1))
";
}
