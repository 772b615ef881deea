use kickdb::prelude::*;

#[derive(Table)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    #[column(default = 1, default_sql = "2")]
    pub a: i32,
    #[column(identity, generated = "a + 1")]
    pub b: i32,
    #[column(virtual)]
    pub c: i32,
}

fn main() {}
