use kickdb::prelude::*;

#[derive(Table)]
#[table(nmae = "tasks")]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    #[column(uniqe, defalt = 1)]
    pub number: i32,
}

fn main() {}
