use kickdb::prelude::*;

#[derive(Table)]
#[index(columns(projekt_id))]
#[unique(columns(id, nubmer))]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    pub project_id: i64,
    pub number: i32,
}

fn main() {}
