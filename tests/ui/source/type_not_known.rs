use kickdb::prelude::*;

#[derive(Table)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    pub status: Staus,
    pub count: u32,
    pub project: Project,
    pub raw: Vec<Option<i32>>,
    #[column(type = "no such type(")]
    pub odd: String,
}

#[derive(Table)]
pub struct Project {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
}

#[derive(DbEnum)]
pub enum Status {
    A,
}

fn main() {}
