use kickdb::prelude::*;

#[derive(Table)]
#[unique(columns(number, number))]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    #[column(name = "a", name = "b")]
    pub number: i32,
}

fn main() {}
