//! diesel: the thread waits, statements are cached by their types.

use diesel::prelude::*;
use diesel::{PgConnection, SqliteConnection};

use crate::model::{Mixed, Post, User, new_users};
use crate::schema::{mixed, new_users as inserted, users};
use crate::tool::{Blocking, CONNECTIONS, EACH, Out, Result, TASKS, Workload, key};

pub struct Diesel<C> {
    own: C,
    busy: Vec<C>,
}

#[derive(Insertable)]
#[diesel(table_name = inserted)]
struct NewUser {
    name: String,
    hair_color: Option<String>,
}

fn new(count: usize) -> Vec<NewUser> {
    let rows = new_users(count).into_iter();
    rows.map(|(name, hair_color)| NewUser { name, hair_color }).collect()
}

macro_rules! diesel_on {
    ($connection:ty, $settings:literal) => {
        impl Diesel<$connection> {
            pub fn open(url: &str) -> Result<Self> {
                let open = || -> Result<$connection> {
                    let mut connection = <$connection>::establish(url)?;
                    diesel::connection::SimpleConnection::batch_execute(&mut connection, $settings)?;
                    Ok(connection)
                };
                Ok(Self {
                    own: open()?,
                    busy: (0..CONNECTIONS).map(|_| open()).collect::<Result<_>>()?,
                })
            }
        }

        impl Blocking for Diesel<$connection> {
            const NAME: &'static str = "diesel";

            fn has(workload: Workload) -> bool {
                workload != Workload::PooledLookup
            }

            fn once(&mut self, workload: Workload) -> Result<Out> {
                let on = &mut self.own;
                Ok(match workload {
                    Workload::Rows(count) => Box::new(
                        users::table
                            .filter(users::id.le(count))
                            .select(User::as_select())
                            .load(on)?,
                    ),
                    Workload::Lookup => Box::new(users::table.find(key(7)).select(User::as_select()).first(on)?),
                    Workload::Insert(1) => {
                        let row = new(1).remove(0);
                        Box::new(diesel::insert_into(inserted::table).values(row).execute(on)?)
                    }
                    Workload::Insert(count) => Box::new(
                        diesel::insert_into(inserted::table)
                            .values(new(count))
                            .execute(on)?,
                    ),
                    Workload::Related => {
                        let users: Vec<User> = users::table
                            .filter(users::id.le(1_000))
                            .select(User::as_select())
                            .load(on)?;
                        let posts: Vec<Post> = Post::belonging_to(&users).select(Post::as_select()).load(on)?;
                        let posts = posts.grouped_by(&users);
                        Box::new(users.into_iter().zip(posts).collect::<Vec<_>>())
                    }
                    Workload::Mixed => Box::new(mixed::table.select(Mixed::as_select()).load(on)?),
                    Workload::Busy => {
                        let each = TASKS as i64 / CONNECTIONS as i64 * EACH;
                        let one = |on: &mut $connection, at| {
                            let found: QueryResult<User> =
                                users::table.find(key(at)).select(User::as_select()).first(on);
                            found.is_ok()
                        };
                        let found = std::thread::scope(|scope| {
                            let threads: Vec<_> = self
                                .busy
                                .iter_mut()
                                .map(|on| scope.spawn(move || (0..each).filter(|at| one(on, *at)).count()))
                                .collect();
                            let found = threads.into_iter().map(|thread| thread.join().unwrap_or(0));
                            found.sum::<usize>()
                        });
                        Box::new(found)
                    }
                    Workload::PooledLookup => return Err("there is no pool".into()),
                })
            }
        }
    };
}

diesel_on!(SqliteConnection, "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON");
diesel_on!(PgConnection, "SELECT 1");
