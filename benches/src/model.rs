//! The rows of the workloads, for all tools that do not need structs of their own.

use diesel::prelude::*;

use crate::schema::{mixed, posts, users};

#[derive(Clone, Debug, PartialEq, sqlx::FromRow, Queryable, Selectable, Identifiable)]
#[diesel(table_name = users)]
pub struct User {
    pub id: i64,
    pub name: String,
    pub hair_color: Option<String>,
}

#[derive(Clone, Debug, PartialEq, sqlx::FromRow, Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = posts, belongs_to(User))]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
    pub title: String,
}

/// Twenty columns of the types that tables are made of.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow, Queryable, Selectable)]
#[diesel(table_name = mixed)]
pub struct Mixed {
    pub id: i64,
    pub int_a: i32,
    pub int_b: i32,
    pub int_c: Option<i32>,
    pub big_a: i64,
    pub big_b: Option<i64>,
    pub real_a: f64,
    pub real_b: f64,
    pub real_c: Option<f64>,
    pub flag_a: bool,
    pub flag_b: bool,
    pub text_a: String,
    pub text_b: String,
    pub text_c: String,
    pub text_d: String,
    pub text_e: String,
    pub note_a: Option<String>,
    pub note_b: Option<String>,
    pub note_c: Option<String>,
    pub bytes: Vec<u8>,
}

/// What the inserts write.
pub fn new_users(count: usize) -> Vec<(String, Option<String>)> {
    (0..count)
        .map(|at| (format!("User {at}"), (at % 2 == 0).then(|| format!("color {at}"))))
        .collect()
}
