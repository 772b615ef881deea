use chrono::{DateTime, Utc};
use kickdb::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Someone who works on tasks.
#[derive(Debug, Clone, Table, Serialize, ToSchema)]
#[table(name = "users")]
pub struct User {
    #[column(primary_key)]
    pub id: Uuid,
    #[column(type = "varchar(254)", unique)]
    pub email: String,
    #[column(type = "varchar(100)")]
    pub name: String,
    #[column(default_now)]
    pub created_at: DateTime<Utc>,
}
