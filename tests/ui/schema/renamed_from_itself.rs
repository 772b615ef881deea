use kickdb::prelude::*;

#[derive(Table)]
#[table(renamed_from = "task")]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    #[column(renamed_from = "title")]
    pub title: String,
}

fn main() {}
