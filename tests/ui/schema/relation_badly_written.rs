use kickdb::prelude::*;

#[derive(Table)]
pub struct Project {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
}

#[derive(Table)]
#[belongs_to(Project)]
#[many_to_many(labels: Project)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
