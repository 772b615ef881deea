use kickdb::prelude::*;

#[derive(Table)]
#[table(name)]
#[index]
#[index(name = "x")]
#[check("length(title) > 0")]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    #[column(name = 5, default, comment = "")]
    pub number: i32,
}

fn main() {}
