use kickdb::prelude::*;

#[derive(Table)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    #[column(default = 60 * 60)]
    pub seconds: i32,
    #[column(default = i32::MAX.pow(2))]
    pub most: i32,
}

fn main() {}
