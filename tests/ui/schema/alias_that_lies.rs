use kickdb::prelude::*;

pub type Date = i32;

#[derive(Table)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    pub due: Date,
}

fn main() {}
