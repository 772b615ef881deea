use kickdb::prelude::*;

#[derive(Table)]
#[table(unmanaged)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(unmanaged, reason = "todo")]
pub struct Label {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
