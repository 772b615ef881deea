//! sea-orm: always through its pool, which is sqlx's.

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, EntityTrait, LoaderTrait, QueryFilter, Set};

use crate::model::new_users;
use crate::tool::{Async, CONNECTIONS, EACH, Fault, Out, Result, TASKS, Workload, key};

mod user {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub hair_color: Option<String>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(has_many = "super::post::Entity")]
        Post,
    }

    impl Related<super::post::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Post.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod new_user {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "new_users")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub hair_color: Option<String>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod post {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "posts")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub user_id: i64,
        pub title: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::user::Entity",
            from = "Column::UserId",
            to = "super::user::Column::Id"
        )]
        User,
    }

    impl Related<super::user::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::User.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod mixed {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "mixed")]
    pub struct Model {
        #[sea_orm(primary_key)]
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

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub struct SeaOrm {
    pool: DatabaseConnection,
}

impl SeaOrm {
    pub async fn open(url: &str) -> Result<Self> {
        let mut options = ConnectOptions::new(url);
        options.max_connections(CONNECTIONS as u32).sqlx_logging(false);
        Ok(Self {
            pool: Database::connect(options).await?,
        })
    }
}

fn new(count: usize) -> impl Iterator<Item = new_user::ActiveModel> {
    new_users(count)
        .into_iter()
        .map(|(name, hair_color)| new_user::ActiveModel {
            name: Set(name),
            hair_color: Set(hair_color),
            ..Default::default()
        })
}

impl Async for SeaOrm {
    const NAME: &'static str = "sea-orm";

    fn has(workload: Workload) -> bool {
        workload != Workload::Lookup
    }

    async fn once(&mut self, workload: Workload) -> Result<Out> {
        let on = &self.pool;
        Ok(match workload {
            Workload::Rows(count) => Box::new(user::Entity::find().filter(user::Column::Id.lte(count)).all(on).await?),
            Workload::PooledLookup => {
                let found = user::Entity::find_by_id(key(7)).one(on).await?;
                Box::new(found.ok_or("no such user")?)
            }
            Workload::Insert(count) => {
                let inserted = new_user::Entity::insert_many(new(count))
                    .exec_without_returning(on)
                    .await?;
                Box::new(inserted)
            }
            Workload::Related => {
                let users = user::Entity::find()
                    .filter(user::Column::Id.lte(1_000i64))
                    .all(on)
                    .await?;
                let posts = users.load_many(post::Entity, on).await?;
                Box::new(users.into_iter().zip(posts).collect::<Vec<_>>())
            }
            Workload::Mixed => Box::new(mixed::Entity::find().all(on).await?),
            Workload::Busy => {
                let tasks: Vec<_> = (0..TASKS)
                    .map(|_| {
                        let on = self.pool.clone();
                        tokio::spawn(async move {
                            for at in 0..EACH {
                                let found = user::Entity::find_by_id(key(at)).one(&on).await?;
                                found.ok_or("no such user")?;
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
            Workload::Lookup => return Err("there is only a pool".into()),
        })
    }
}
