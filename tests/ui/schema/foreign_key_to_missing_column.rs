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
    #[column(references = Project::idd)]
    pub project_id: i64,
}

fn main() {}
