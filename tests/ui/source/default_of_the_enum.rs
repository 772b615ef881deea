use kickdb::prelude::*;

#[derive(DbEnum)]
pub enum Status {
    Todo,
    Done,
}

#[derive(DbEnum)]
pub enum Level {
    Low,
}

#[derive(Table)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    #[column(default = Status::Tood)]
    pub a: Status,
    #[column(default = Level::Low)]
    pub b: Status,
    #[column(default = "gone")]
    pub c: Status,
    #[column(default = DEFAULT)]
    pub d: i32,
}

fn main() {}
