use kickdb::prelude::*;

#[derive(Debug, Clone, Table)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
    pub email: Option<String>,
}

#[derive(Debug, Clone, Table)]
pub struct Task {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id)]
    pub user_id: i64,
    pub title: String,
    pub votes: i32,
    pub done: bool,
}

#[derive(Debug, Derived)]
pub struct Load {
    pub user_id: i64,
    pub tasks: i64,
}

kickdb::alias!(pub Manager of User);

fn main() {
    let _ = Task::query().filter(Task::VOTES.has(1));
}
