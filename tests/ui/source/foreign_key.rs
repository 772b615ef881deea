use kickdb::prelude::*;

#[derive(Table)]
pub struct Project {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
}

#[derive(Table)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = Projekt::id)]
    pub a: i64,
    #[column(references = Project::nmae)]
    pub b: String,
    #[column(references = Project::name)]
    pub c: String,
    #[column(references = Project::id)]
    pub d: i32,
}

fn main() {}
