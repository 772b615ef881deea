//! sqlx: on one connection, and through its pool where that is measured. Statements are cached by their text.

use std::collections::HashMap;

use sqlx::postgres::{PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _};

use crate::model::{Mixed, Post, User, new_users};
use crate::tool::{Async, CONNECTIONS, EACH, Fault, Out, Result, TASKS, Workload, key};

pub struct Sqlx<C, P> {
    own: C,
    pool: P,
}

impl Sqlx<SqliteConnection, SqlitePool> {
    pub async fn open(path: &str) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .disable_statement_logging();
        Ok(Self {
            own: options.connect().await?,
            pool: SqlitePoolOptions::new()
                .max_connections(CONNECTIONS as u32)
                .connect_with(options)
                .await?,
        })
    }
}

impl Sqlx<PgConnection, PgPool> {
    pub async fn open(url: &str) -> Result<Self> {
        let options: sqlx::postgres::PgConnectOptions = url.parse()?;
        let options = options.disable_statement_logging();
        Ok(Self {
            own: options.connect().await?,
            pool: PgPoolOptions::new()
                .max_connections(CONNECTIONS as u32)
                .connect_with(options)
                .await?,
        })
    }
}

macro_rules! sqlx_on {
    ($connection:ty, $pool:ty, lookup: $lookup:literal, rows: $rows:literal, insert: $insert:literal, posts: $posts:literal, |$keys:ident| $bound:expr, |$count:ident| $placeholders:expr) => {
        impl Async for Sqlx<$connection, $pool> {
            const NAME: &'static str = "sqlx";

            fn has(_: Workload) -> bool {
                true
            }

            async fn once(&mut self, workload: Workload) -> Result<Out> {
                let on = &mut self.own;
                Ok(match workload {
                    Workload::Rows(count) => {
                        Box::new(sqlx::query_as::<_, User>($rows).bind(count).fetch_all(on).await?)
                    }
                    Workload::Lookup => Box::new(
                        sqlx::query_as::<_, User>($lookup)
                            .bind(key(7))
                            .fetch_one(on)
                            .await?,
                    ),
                    Workload::PooledLookup => {
                        let lookup = sqlx::query_as::<_, User>($lookup).bind(key(7));
                        Box::new(lookup.fetch_one(&self.pool).await?)
                    }
                    Workload::Insert(1) => {
                        let (name, color) = new_users(1).remove(0);
                        let done = sqlx::query($insert).bind(name).bind(color).execute(on).await?;
                        Box::new(done.rows_affected())
                    }
                    Workload::Insert($count) => {
                        let sql: String = $placeholders;
                        let mut query = sqlx::query(AssertSqlSafe(sql));
                        for (name, color) in new_users($count) {
                            query = query.bind(name).bind(color);
                        }
                        Box::new(query.execute(on).await?.rows_affected())
                    }
                    Workload::Related => {
                        let users: Vec<User> = sqlx::query_as($rows).bind(1_000i64).fetch_all(&mut *on).await?;
                        let $keys: Vec<i64> = users.iter().map(|user| user.id).collect();
                        let posts: Vec<Post> = sqlx::query_as($posts).bind($bound).fetch_all(on).await?;
                        let mut of: HashMap<i64, Vec<Post>> = HashMap::with_capacity(users.len());
                        for post in posts {
                            of.entry(post.user_id).or_default().push(post);
                        }
                        let users = users.into_iter().map(|user| {
                            let posts = of.remove(&user.id).unwrap_or_default();
                            (user, posts)
                        });
                        Box::new(users.collect::<Vec<_>>())
                    }
                    Workload::Mixed => {
                        let rows: Vec<Mixed> = sqlx::query_as("SELECT * FROM mixed").fetch_all(on).await?;
                        Box::new(rows)
                    }
                    Workload::Busy => {
                        let tasks: Vec<_> = (0..TASKS)
                            .map(|_| {
                                let pool = self.pool.clone();
                                tokio::spawn(async move {
                                    for at in 0..EACH {
                                        let lookup = sqlx::query_as::<_, User>($lookup).bind(key(at));
                                        lookup.fetch_one(&pool).await?;
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
    };
}

sqlx_on!(
    SqliteConnection,
    SqlitePool,
    lookup: "SELECT id, name, hair_color FROM users WHERE id = ?",
    rows: "SELECT id, name, hair_color FROM users WHERE id <= ?",
    insert: "INSERT INTO new_users (name, hair_color) VALUES (?, ?)",
    posts: "SELECT id, user_id, title FROM posts WHERE user_id IN (SELECT value FROM json_each(?))",
    |keys| serde_json::to_string(&keys)?,
    |count| {
        let mut sql = String::from("INSERT INTO new_users (name, hair_color) VALUES (?, ?)");
        sql.extend(std::iter::repeat_n(", (?, ?)", count - 1));
        sql
    }
);
sqlx_on!(
    PgConnection,
    PgPool,
    lookup: "SELECT id, name, hair_color FROM users WHERE id = $1",
    rows: "SELECT id, name, hair_color FROM users WHERE id <= $1",
    insert: "INSERT INTO new_users (name, hair_color) VALUES ($1, $2)",
    posts: "SELECT id, user_id, title FROM posts WHERE user_id = ANY($1)",
    |keys| keys,
    |count| {
        let rows: Vec<String> = (0..count).map(|at| format!("(${}, ${})", 2 * at + 1, 2 * at + 2)).collect();
        format!("INSERT INTO new_users (name, hair_color) VALUES {}", rows.join(", "))
    }
);
