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

async fn run(db: Db) -> kickdb::Result<()> {
    Task::query().all(db.clone()).await?;
    Task::find("x").one(&db).await?;
    Ok(())
}

fn main() {}
