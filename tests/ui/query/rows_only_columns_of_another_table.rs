use kickdb::prelude::*;

#[derive(Table)]
#[table(name = "users")]
#[has_many(tasks: Task, key = owner_id)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
}

#[derive(Table)]
#[table(name = "tasks")]
#[belongs_to(owner: User, key = owner_id)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    pub title: String,
    pub owner_id: i64,
    pub votes: Option<i32>,
}

fn main() {
    let rows: Vec<Task> = Vec::new();
    let _ = Task::update_rows(&rows).only(User::NAME);
    let _ = Task::update_rows(&rows).only((Task::TITLE, "votes"));
}
