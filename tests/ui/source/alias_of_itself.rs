use kickdb::prelude::*;

pub type A = B;
pub type B = A;

#[derive(Table)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    pub a: A,
}

fn main() {}
