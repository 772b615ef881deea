use kickdb::prelude::*;

#[derive(DbEnum)]
#[db_enum(rename_all = "lowercase")]
pub enum Status {
    InProgress,
    Inprogress,
}

#[derive(DbEnum)]
#[db_enum(rename_all = "snakecase")]
pub enum Level {
    Low,
}

fn main() {}
