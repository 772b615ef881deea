use kickdb::prelude::*;

#[derive(Table)]
pub struct Project {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
}

#[derive(Table)]
#[belongs_to(project_id: Project, key = project_id)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    pub project_id: i64,
}

fn main() {}
