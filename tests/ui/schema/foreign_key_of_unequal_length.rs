use kickdb::prelude::*;

#[derive(Table)]
pub struct Project {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
}

#[derive(Table)]
#[foreign_key(columns(a, b), references = Project(id))]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    pub a: i64,
    pub b: i64,
}

fn main() {}
