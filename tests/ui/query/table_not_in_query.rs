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
    let _ = Task::query().filter(User::NAME.eq("ada"));
    let _ = Task::query().filter(Task::TITLE.eq("x").and(User::NAME.eq("ada")));
    let _ = Task::query().order_by(User::NAME);
    let _ = Task::query().select((Task::TITLE, User::NAME));
    let _ = Task::update().set(Task::TITLE, "x").filter(User::ID.eq(1));
}
