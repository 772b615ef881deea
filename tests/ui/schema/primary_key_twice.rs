use kickdb::prelude::*;

#[derive(Table)]
#[primary_key(columns(id))]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
