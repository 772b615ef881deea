use kickdb::prelude::*;

#[derive(Table)]
#[table(name = "kick_tasks")]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
