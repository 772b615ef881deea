use kickdb::prelude::*;

#[derive(DbEnum)]
pub enum Status {
    Todo,
    Done(i32),
}

fn main() {}
