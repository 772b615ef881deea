use kickdb::prelude::*;

#[derive(Table)]
pub struct Task<T> {
    #[column(primary_key)]
    pub id: T,
}

fn main() {}
