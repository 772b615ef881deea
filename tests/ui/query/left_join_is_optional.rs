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

async fn run(db: &Db) -> kickdb::Result<()> {
    let rows = Task::query()
        .left_join(User, Task::OWNER_ID.eq(User::ID))
        .select((Task::TITLE, User::NAME))
        .all(db)
        .await?;
    let _: Vec<(String, String)> = rows;
    Ok(())
}

fn main() {}
