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
    #[column(references = Project::id, on_delete = casade)]
    pub project_id: i64,
    #[column(references = Project::id, on_delete = set_null)]
    pub other_id: i64,
}

fn main() {}
