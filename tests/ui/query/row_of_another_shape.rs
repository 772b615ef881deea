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

#[derive(Row)]
struct Owned {
    task: Task,
    owner: Vec<User>,
}

fn main() {
    let _ = Task::query().with(Task::OWNER).read_as::<Owned>();
}
