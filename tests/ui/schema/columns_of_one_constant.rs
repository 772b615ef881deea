use kickdb::prelude::*;

#[derive(Table)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    #[allow(non_snake_case)]
    pub Title: String,
    pub title: String,
}

fn main() {}
