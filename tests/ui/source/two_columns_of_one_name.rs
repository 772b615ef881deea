use kickdb::prelude::*;

#[derive(Table)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    pub title: String,
    #[column(name = "title")]
    pub name: String,
}

fn main() {}
