//! rusqlite: SQLite's own interface, the thread waits.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params};

use crate::model::{Mixed, Post, User, new_users};
use crate::tool::{Blocking, CONNECTIONS, EACH, Out, Result, TASKS, Workload, key};

pub struct Rusqlite {
    own: Connection,
    busy: Vec<Connection>,
}

impl Rusqlite {
    pub fn open(path: &str) -> Result<Self> {
        let open = || -> Result<Connection> {
            let connection = Connection::open(path)?;
            connection.busy_timeout(std::time::Duration::from_secs(5))?;
            connection.pragma_update(None, "foreign_keys", true)?;
            connection.set_prepared_statement_cache_capacity(100);
            Ok(connection)
        };
        Ok(Self {
            own: open()?,
            busy: (0..CONNECTIONS).map(|_| open()).collect::<Result<_>>()?,
        })
    }
}

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: row.get(0)?,
        name: row.get(1)?,
        hair_color: row.get(2)?,
    })
}

fn mixed(row: &Row<'_>) -> rusqlite::Result<Mixed> {
    Ok(Mixed {
        id: row.get(0)?,
        int_a: row.get(1)?,
        int_b: row.get(2)?,
        int_c: row.get(3)?,
        big_a: row.get(4)?,
        big_b: row.get(5)?,
        real_a: row.get(6)?,
        real_b: row.get(7)?,
        real_c: row.get(8)?,
        flag_a: row.get(9)?,
        flag_b: row.get(10)?,
        text_a: row.get(11)?,
        text_b: row.get(12)?,
        text_c: row.get(13)?,
        text_d: row.get(14)?,
        text_e: row.get(15)?,
        note_a: row.get(16)?,
        note_b: row.get(17)?,
        note_c: row.get(18)?,
        bytes: row.get(19)?,
    })
}

fn lookup(connection: &Connection, id: i64) -> Result<User> {
    let mut statement = connection.prepare_cached("SELECT id, name, hair_color FROM users WHERE id = ?1")?;
    Ok(statement.query_row([id], user)?)
}

impl Blocking for Rusqlite {
    const NAME: &'static str = "rusqlite";

    fn has(workload: Workload) -> bool {
        workload != Workload::PooledLookup
    }

    fn once(&mut self, workload: Workload) -> Result<Out> {
        match workload {
            Workload::Rows(count) => {
                let sql = "SELECT id, name, hair_color FROM users WHERE id <= ?1";
                let mut statement = self.own.prepare_cached(sql)?;
                let users = statement
                    .query_map([count], user)?
                    .collect::<rusqlite::Result<Vec<_>>>()?;
                Ok(Box::new(users))
            }
            Workload::Lookup => Ok(Box::new(lookup(&self.own, key(7))?)),
            Workload::Insert(1) => {
                let sql = "INSERT INTO new_users (name, hair_color) VALUES (?1, ?2)";
                let mut statement = self.own.prepare_cached(sql)?;
                let (name, color) = new_users(1).remove(0);
                Ok(Box::new(statement.execute(params![name, color])?))
            }
            Workload::Insert(count) => {
                let mut sql = String::from("INSERT INTO new_users (name, hair_color) VALUES (?, ?)");
                sql.extend(std::iter::repeat_n(", (?, ?)", count - 1));
                let mut statement = self.own.prepare_cached(&sql)?;
                for (at, (name, color)) in new_users(count).iter().enumerate() {
                    statement.raw_bind_parameter(2 * at + 1, name)?;
                    statement.raw_bind_parameter(2 * at + 2, color)?;
                }
                Ok(Box::new(statement.raw_execute()?))
            }
            Workload::Related => {
                let sql = "SELECT id, name, hair_color FROM users WHERE id <= 1000";
                let mut statement = self.own.prepare_cached(sql)?;
                let users = statement.query_map([], user)?.collect::<rusqlite::Result<Vec<_>>>()?;
                let sql = "SELECT id, user_id, title FROM posts WHERE user_id IN (SELECT value FROM json_each(?1))";
                let mut statement = self.own.prepare_cached(sql)?;
                let keys = serde_json::to_string(&users.iter().map(|user| user.id).collect::<Vec<_>>())?;
                let mut rows = statement.query([keys])?;
                let mut of: HashMap<i64, Vec<Post>> = HashMap::with_capacity(users.len());
                while let Some(row) = rows.next()? {
                    let post = Post {
                        id: row.get(0)?,
                        user_id: row.get(1)?,
                        title: row.get(2)?,
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
                let mut statement = self.own.prepare_cached("SELECT * FROM mixed")?;
                let rows = statement.query_map([], mixed)?.collect::<rusqlite::Result<Vec<_>>>()?;
                Ok(Box::new(rows))
            }
            Workload::Busy => {
                let each = TASKS as i64 / CONNECTIONS as i64 * EACH;
                let found = std::thread::scope(|scope| {
                    let threads: Vec<_> = self
                        .busy
                        .iter_mut()
                        .map(|connection| {
                            scope.spawn(move || {
                                (0..each)
                                    .map(|at| lookup(connection, key(at)))
                                    .filter(Result::is_ok)
                                    .count()
                            })
                        })
                        .collect();
                    threads
                        .into_iter()
                        .map(|thread| thread.join().unwrap_or(0))
                        .sum::<usize>()
                });
                Ok(Box::new(found))
            }
            Workload::PooledLookup => Err("there is no pool".into()),
        }
    }
}
