use kickdb::prelude::*;

#[derive(Table)]
#[table(name = "users")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
}

#[derive(Table)]
#[table(name = "tasks")]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    pub title: String,
    pub owner_id: i64,
    pub votes: Option<i32>,
}

fn main() {
    let _ = Task::TITLE.eq(3);
    let _ = Task::ID.eq("3");
    let _ = Task::TITLE.eq(Task::ID);
    let _ = Task::VOTES.eq(Some(3));
    let _ = Task::VOTES.in_(["a"]);
}
