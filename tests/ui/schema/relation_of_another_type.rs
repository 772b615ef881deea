use kickdb::prelude::*;

#[derive(Table)]
pub struct Project {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
}

#[derive(Table)]
#[belongs_to(project: Project, key = project, references = id)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    pub project: String,
}

fn main() {}
