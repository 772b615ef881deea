use kickdb::prelude::*;

#[derive(Table)]
pub struct Project {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
}

#[derive(Table)]
#[has_many(projects: Project, key = task_id)]
#[belongs_to(project: Projct, key = project_id)]
#[many_to_many(others: Project, through = Link)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    pub project_id: i64,
}

#[derive(Table)]
#[primary_key(columns(task_id, other))]
pub struct Link {
    pub task_id: i64,
    pub other: i64,
}

fn main() {}
