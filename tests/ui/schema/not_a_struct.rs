use kickdb::prelude::*;

#[derive(Table)]
pub enum Task {
    A,
}

#[derive(Table)]
pub struct Pair(i32, i32);

#[derive(DbEnum)]
pub struct Status;

#[derive(DbType)]
pub struct Two {
    a: i32,
    b: i32,
}

fn main() {}
