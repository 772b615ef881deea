//! kickdb: through its ordinary pool; on one connection inside of a transaction.

use kickdb::prelude::*;

use crate::model::new_users;
use crate::tool::{Async, CONNECTIONS, EACH, Fault, Out, Result, TASKS, Workload, key};

#[derive(Clone, Debug, Table)]
#[table(name = "users")]
#[has_many(posts: Post, key = user_id)]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    pub name: String,
    pub hair_color: Option<String>,
}

#[derive(Clone, Debug, Table)]
#[table(name = "new_users")]
pub struct NewUser {
    #[column(primary_key, identity)]
    pub id: i64,
    pub name: String,
    pub hair_color: Option<String>,
}

#[derive(Clone, Debug, Table)]
#[table(name = "posts")]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id)]
    pub user_id: i64,
    pub title: String,
}

#[derive(Clone, Debug, Table)]
#[table(name = "mixed")]
pub struct Mixed {
    #[column(primary_key)]
    pub id: i64,
    pub int_a: i32,
    pub int_b: i32,
    pub int_c: Option<i32>,
    pub big_a: i64,
    pub big_b: Option<i64>,
    pub real_a: f64,
    pub real_b: f64,
    pub real_c: Option<f64>,
    pub flag_a: bool,
    pub flag_b: bool,
    pub text_a: String,
    pub text_b: String,
    pub text_c: String,
    pub text_d: String,
    pub text_e: String,
    pub note_a: Option<String>,
    pub note_b: Option<String>,
    pub note_c: Option<String>,
    pub bytes: Vec<u8>,
}

pub struct Kickdb {
    db: Db,
    transaction: Option<Transaction>,
}

impl Kickdb {
    pub async fn open(url: &str) -> Result<Self> {
        let db = Db::builder(url).max_connections(CONNECTIONS as u32).connect().await?;
        Ok(Self { db, transaction: None })
    }
}

/// The same with somebody who looks on: what that costs, and what it does not where nobody does.
pub struct Watched(Kickdb);

impl Watched {
    pub async fn open(url: &str) -> Result<Self> {
        let db = Db::builder(url).max_connections(CONNECTIONS as u32);
        let db = db.on_query(|event| {
            std::hint::black_box(event.elapsed);
        });
        Ok(Self(Kickdb {
            db: db.connect().await?,
            transaction: None,
        }))
    }
}

impl Async for Watched {
    const NAME: &'static str = "kickdb, watched";

    fn has(workload: Workload) -> bool {
        matches!(workload, Workload::PooledLookup | Workload::Rows(100))
    }

    async fn once(&mut self, workload: Workload) -> Result<Out> {
        self.0.once(workload).await
    }
}

impl Async for Kickdb {
    const NAME: &'static str = "kickdb";

    fn has(_: Workload) -> bool {
        true
    }

    async fn once(&mut self, workload: Workload) -> Result<Out> {
        let db = &self.db;
        if workload != Workload::Lookup {
            self.transaction = None;
        }
        Ok(match workload {
            Workload::Rows(count) => Box::new(User::query().filter(User::ID.le(count)).all(db).await?),
            Workload::Lookup => {
                if self.transaction.is_none() {
                    let only_reads = TransactionOptions::new().read_only();
                    self.transaction = Some(db.begin_with(&only_reads).await?);
                }
                let transaction = self.transaction.as_mut().ok_or("a transaction has begun")?;
                Box::new(User::find(key(7)).one(transaction).await?)
            }
            Workload::PooledLookup => Box::new(User::find(key(7)).one(db).await?),
            Workload::Insert(1) => {
                let (name, color) = new_users(1).remove(0);
                NewUser::insert().name(name).hair_color(color).exec(db).await?;
                Box::new(1u64)
            }
            Workload::Insert(count) => {
                let rows = new_users(count)
                    .into_iter()
                    .map(|(name, color)| NewUser::insert().name(name).hair_color(color));
                Box::new(NewUser::insert_all(rows).exec(db).await?)
            }
            Workload::Related => {
                let users = User::query()
                    .filter(User::ID.le(1_000))
                    .with(User::POSTS)
                    .all(db)
                    .await?;
                Box::new(users)
            }
            Workload::Mixed => Box::new(Mixed::query().all(db).await?),
            Workload::Busy => {
                let tasks: Vec<_> = (0..TASKS)
                    .map(|_| {
                        let db = self.db.clone();
                        tokio::spawn(async move {
                            for at in 0..EACH {
                                User::find(key(at)).one(&db).await?;
                            }
                            Ok::<_, Fault>(EACH as usize)
                        })
                    })
                    .collect();
                let mut found = 0;
                for task in tasks {
                    found += task.await??;
                }
                Box::new(found)
            }
        })
    }
}
