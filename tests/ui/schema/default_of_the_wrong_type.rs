use kickdb::prelude::*;

#[derive(Table)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    #[column(default = "one")]
    pub number: i32,
    #[column(default = 1)]
    pub title: String,
    #[column(default_now)]
    pub done: bool,
    #[column(default = 70000)]
    pub small: i16,
}

fn main() {}
