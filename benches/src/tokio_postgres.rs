//! tokio-postgres: PostgreSQL's protocol, statements prepared by hand. Several tasks share a connection, which pipelines.

use std::collections::HashMap;
use std::sync::Arc;

use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Row, Statement};

use crate::model::{Mixed, Post, User, new_users};
use crate::tool::{Async, CONNECTIONS, EACH, Fault, Out, Result, TASKS, Workload, key};

pub struct TokioPostgres {
    own: Client,
    rows: Statement,
    lookup: Statement,
    insert: Statement,
    insert_hundred: Statement,
    posts: Statement,
    mixed: Statement,
    busy: Vec<(Arc<Client>, Statement)>,
}

const LOOKUP: &str = "SELECT id, name, hair_color FROM users WHERE id = $1";

async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

impl TokioPostgres {
    pub async fn open(url: &str) -> Result<Self> {
        let own = connect(url).await?;
        let mut busy = Vec::new();
        for _ in 0..CONNECTIONS {
            let client = connect(url).await?;
            let statement = client.prepare(LOOKUP).await?;
            busy.push((Arc::new(client), statement));
        }
        let mut hundred = String::from("INSERT INTO new_users (name, hair_color) VALUES ");
        for at in 0..100 {
            let comma = if at == 0 { "" } else { ", " };
            hundred.push_str(&format!("{comma}(${}, ${})", 2 * at + 1, 2 * at + 2));
        }
        Ok(Self {
            rows: own
                .prepare("SELECT id, name, hair_color FROM users WHERE id <= $1")
                .await?,
            lookup: own.prepare(LOOKUP).await?,
            insert: own
                .prepare("INSERT INTO new_users (name, hair_color) VALUES ($1, $2)")
                .await?,
            insert_hundred: own.prepare(&hundred).await?,
            posts: own
                .prepare("SELECT id, user_id, title FROM posts WHERE user_id = ANY($1)")
                .await?,
            mixed: own.prepare("SELECT * FROM mixed").await?,
            own,
            busy,
        })
    }
}

fn user(row: &Row) -> Result<User> {
    Ok(User {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        hair_color: row.try_get(2)?,
    })
}

fn mixed(row: &Row) -> Result<Mixed> {
    Ok(Mixed {
        id: row.try_get(0)?,
        int_a: row.try_get(1)?,
        int_b: row.try_get(2)?,
        int_c: row.try_get(3)?,
        big_a: row.try_get(4)?,
        big_b: row.try_get(5)?,
        real_a: row.try_get(6)?,
        real_b: row.try_get(7)?,
        real_c: row.try_get(8)?,
        flag_a: row.try_get(9)?,
        flag_b: row.try_get(10)?,
        text_a: row.try_get(11)?,
        text_b: row.try_get(12)?,
        text_c: row.try_get(13)?,
        text_d: row.try_get(14)?,
        text_e: row.try_get(15)?,
        note_a: row.try_get(16)?,
        note_b: row.try_get(17)?,
        note_c: row.try_get(18)?,
        bytes: row.try_get(19)?,
    })
}

impl Async for TokioPostgres {
    const NAME: &'static str = "tokio-postgres";

    fn has(workload: Workload) -> bool {
        workload != Workload::PooledLookup
    }

    async fn once(&mut self, workload: Workload) -> Result<Out> {
        match workload {
            Workload::Rows(count) => {
                let rows = self.own.query(&self.rows, &[&count]).await?;
                Ok(Box::new(rows.iter().map(user).collect::<Result<Vec<_>>>()?))
            }
            Workload::Lookup => {
                let row = self.own.query_one(&self.lookup, &[&key(7)]).await?;
                Ok(Box::new(user(&row)?))
            }
            Workload::Insert(1) => {
                let (name, color) = new_users(1).remove(0);
                Ok(Box::new(self.own.execute(&self.insert, &[&name, &color]).await?))
            }
            Workload::Insert(count) => {
                let new = new_users(count);
                let values: Vec<&(dyn ToSql + Sync)> = new
                    .iter()
                    .flat_map(|(name, color)| [name as &(dyn ToSql + Sync), color])
                    .collect();
                Ok(Box::new(self.own.execute(&self.insert_hundred, &values).await?))
            }
            Workload::Related => {
                let rows = self.own.query(&self.rows, &[&1_000i64]).await?;
                let users = rows.iter().map(user).collect::<Result<Vec<_>>>()?;
                let keys: Vec<i64> = users.iter().map(|user| user.id).collect();
                let mut of: HashMap<i64, Vec<Post>> = HashMap::with_capacity(users.len());
                for row in self.own.query(&self.posts, &[&keys]).await? {
                    let post = Post {
                        id: row.try_get(0)?,
                        user_id: row.try_get(1)?,
                        title: row.try_get(2)?,
                    };
                    of.entry(post.user_id).or_default().push(post);
                }
                let users = users.into_iter().map(|user| {
                    let posts = of.remove(&user.id).unwrap_or_default();
                    (user, posts)
                });
                Ok(Box::new(users.collect::<Vec<_>>()))
            }
            Workload::Mixed => {
                let rows = self.own.query(&self.mixed, &[]).await?;
                Ok(Box::new(rows.iter().map(mixed).collect::<Result<Vec<_>>>()?))
            }
            Workload::Busy => {
                let tasks: Vec<_> = (0..TASKS)
                    .map(|task| {
                        let (client, statement) = self.busy[task % CONNECTIONS].clone();
                        tokio::spawn(async move {
                            for at in 0..EACH {
                                user(&client.query_one(&statement, &[&key(at)]).await?)?;
                            }
                            Ok::<_, Fault>(EACH as usize)
                        })
                    })
                    .collect();
                let mut found = 0;
                for task in tasks {
                    found += task.await??;
                }
                Ok(Box::new(found))
            }
            Workload::PooledLookup => Err("there is no pool".into()),
        }
    }
}
