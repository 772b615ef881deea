use kickdb::prelude::*;

#[derive(Table)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    pub pair: (i32, i32),
    pub bytes: [u8; 16],
    pub maybe: Option<Option<i32>>,
}

fn main() {}
