use kickdb::prelude::*;

#[derive(Table)]
#[table(name = "items")]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(name = "items")]
pub struct Label {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
