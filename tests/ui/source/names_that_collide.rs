use kickdb::prelude::*;

#[derive(Table)]
#[index(columns(a), name = "once")]
pub struct One {
    #[column(primary_key)]
    pub id: i64,
    pub a: i64,
}

#[derive(Table)]
#[index(columns(a), name = "once")]
#[unique(columns(a))]
#[unique(columns(a))]
pub struct Two {
    #[column(primary_key)]
    pub id: i64,
    pub a: i64,
}

fn main() {}
