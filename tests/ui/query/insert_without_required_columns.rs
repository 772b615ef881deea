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

fn build(db: &Db) {
    let _ = Task::insert().id(1).owner_id(1).exec(db);
    let _ = Task::insert().title("x").returning(db);
    let _ = User::insert().exec(db);
}

fn main() {}
