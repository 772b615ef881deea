use kickdb::prelude::*;

pub struct Project;

#[derive(Table)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = Project::id)]
    pub project_id: i64,
}

fn main() {}
