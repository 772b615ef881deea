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
    let _ = Task::insert().title(3);
    let _ = Task::insert().id("x");
    let _ = Task::update().set(Task::ID, "x");
    let _ = Task::update().set(Task::TITLE, None);
}
