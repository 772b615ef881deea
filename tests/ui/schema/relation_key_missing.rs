use kickdb::prelude::*;

#[derive(Table)]
pub struct Project {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
}

#[derive(Table)]
pub struct Comment {
    #[column(primary_key)]
    pub id: i64,
    pub task: i64,
}

#[derive(Table)]
#[belongs_to(project: Project, key = projectid)]
#[has_many(comments: Comment, key = task_id)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    pub project_id: i64,
}

fn main() {}
