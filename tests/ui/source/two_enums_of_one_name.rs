use kickdb::prelude::*;

#[derive(DbEnum)]
pub enum Status {
    A,
}

#[derive(DbEnum)]
#[db_enum(name = "status")]
pub enum State {
    A,
}

fn main() {}
