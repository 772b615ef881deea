use kickdb::prelude::*;

#[derive(Table)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    #[column(version)]
    pub version: Option<i32>,
    #[column(updated_at)]
    pub updated_at: String,
    #[column(deleted_at)]
    pub deleted_at: chrono::NaiveDateTime,
    #[column(version)]
    pub first: i32,
    #[column(version)]
    pub second: i32,
    #[column(created_at, updated_at)]
    pub both: chrono::NaiveDateTime,
}

fn main() {}
