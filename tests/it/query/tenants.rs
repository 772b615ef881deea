//! The same queries for each of many tenants.

use kickdb::client::Tenants;
use kickdb::prelude::*;
use kickdb_core::dialect::live;
use kickdb_testdb::{Engine, engines};

use super::{create_tables, label, task};
use crate::model::{Label, Project, Task, TaskStatus, User};

fn postgres() -> bool {
    !engines(&[Engine::Postgres]).is_empty()
}

/// A database of PostgreSQL with the model's tables in each of these schemas, all types included.
async fn schemas(url: &str, names: &[&str]) {
    for name in names {
        let mut connection = live::connect(url).await.unwrap();
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        connection.execute(&format!("CREATE SCHEMA {quoted}")).await.unwrap();
        connection
            .execute(&format!("SET search_path TO {quoted}"))
            .await
            .unwrap();
        let dialect = connection.dialect();
        let schema = super::schema(dialect);
        let plan = kickdb_core::plan::plan(&Default::default(), &schema, &Default::default(), dialect).unwrap();
        for step in plan.up.steps {
            connection.execute(&step.sql).await.unwrap();
        }
        connection.close().await.unwrap();
    }
}

async fn names(db: &Db) -> Vec<String> {
    Label::query()
        .order_by(Label::ID)
        .select(Label::NAME)
        .all(db)
        .await
        .unwrap()
}

const HOSTILE: &str = "x\"; DROP SCHEMA acme CASCADE; --";

#[tokio::test]
async fn schemas_of_one_pool_do_not_see_each_other() {
    if !postgres() {
        return;
    }
    let database = Engine::Postgres.database();
    create_tables(database.url()).await;
    schemas(database.url(), &["acme", "globex", HOSTILE]).await;
    // One connection, so that each checkout finds what the one before has left.
    let db = Db::builder(database.url()).max_connections(1).connect().await.unwrap();
    let tenants = Tenants::schemas(db.clone()).unwrap();
    let (acme, globex, hostile) = (
        tenants.get("acme").await.unwrap(),
        tenants.get("globex").await.unwrap(),
        tenants.get(HOSTILE).await.unwrap(),
    );
    for (db, name) in [
        (&db, "nobody's"),
        (&acme, "acme's"),
        (&globex, "globex's"),
        (&hostile, "hostile's"),
    ] {
        label(db, name).await;
    }
    for _ in 0..2 {
        assert_eq!(names(&acme).await, ["acme's"]);
        assert_eq!(names(&hostile).await, ["hostile's"]);
        assert_eq!(names(&db).await, ["nobody's"]);
        assert_eq!(names(&globex).await, ["globex's"]);
    }
    // An enum is another type in each schema, and what was prepared for one is not sent for the other.
    for db in [&acme, &globex, &db, &acme] {
        let user = User::insert()
            .email("a@b.c".parse_email())
            .name("a")
            .returning(db)
            .await;
        let owner = match user {
            Ok(user) => user,
            Err(_) => User::query().first(db).await.unwrap().unwrap(),
        };
        let project = Project::insert()
            .owner_id(owner.id)
            .name("p")
            .id(uuid::Uuid::new_v4())
            .returning(db)
            .await;
        let project = match project {
            Ok(project) => project,
            Err(_) => Project::query().first(db).await.unwrap().unwrap(),
        };
        let one = task(&project, 1, "t");
        let _ = Task::insert_row(&one).exec(db).await;
        let todo = Task::query()
            .filter(Task::STATUS.eq(TaskStatus::Todo))
            .all(db)
            .await
            .unwrap();
        assert_eq!(todo, [one]);
    }
    // A transaction that was left, and a query that was dropped, leave nothing behind either.
    let mut tx = acme.begin().await.unwrap();
    assert_eq!(Label::query().count(&mut tx).await.unwrap(), 1);
    drop(tx);
    assert_eq!(names(&globex).await, ["globex's"]);
    let _ = tokio::time::timeout(std::time::Duration::from_micros(200), names(&acme)).await;
    assert_eq!(names(&db).await, ["nobody's"]);
}

trait ParseEmail {
    fn parse_email(self) -> crate::model::Email;
}

impl ParseEmail for &str {
    fn parse_email(self) -> crate::model::Email {
        crate::model::Email::try_from(self.to_owned()).unwrap()
    }
}

#[tokio::test]
async fn a_table_that_somebody_left_behind_is_nobodys() {
    if !postgres() {
        return;
    }
    let database = Engine::Postgres.database();
    schemas(database.url(), &["acme", "globex"]).await;
    let db = Db::builder(database.url()).max_connections(1).connect().await.unwrap();
    let tenants = Tenants::schemas(db).unwrap();
    let (acme, globex) = (tenants.get("acme").await.unwrap(), tenants.get("globex").await.unwrap());
    let mut tx = acme.begin().await.unwrap();
    let trap = fragment::<i64, _, _>(
        "(SELECT count(*) FROM (SELECT set_config('search_path', 'acme', false)) AS moved)",
        (),
    );
    // Only for the transaction's own connection, and undone with it.
    Label::query().select(trap).all(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    label(&globex, "globex's").await;
    assert_eq!(names(&acme).await, [""; 0]);
    assert_eq!(names(&globex).await, ["globex's"]);
}

#[tokio::test]
async fn names_of_no_tenant_are_refused() {
    if !postgres() {
        return;
    }
    let database = Engine::Postgres.database();
    schemas(database.url(), &["acme"]).await;
    let db = Db::builder(database.url()).max_connections(1).connect().await.unwrap();
    let tenants = Tenants::schemas(db.clone()).unwrap().shared(["public"]);
    for name in ["", "$user", "pg_catalog", "information_schema", "a\0b"] {
        assert_eq!(
            tenants.get(name).await.unwrap_err().code(),
            "tenant_unknown",
            "{name:?}"
        );
    }
    for name in ["none", "acme, public", "\"acme\"", "acme'--", "ACME", HOSTILE] {
        let tenant = tenants.get(name).await.unwrap();
        let error = Label::query().count(&tenant).await.unwrap_err();
        assert_eq!(error.code(), "tenant_unknown", "{name:?}: {error}");
        assert_eq!(tenant.begin().await.unwrap_err().code(), "tenant_unknown");
    }
    // The connection is as good as before.
    let acme = tenants.get("acme").await.unwrap();
    assert_eq!(names(&acme).await, [""; 0]);
    assert_eq!(db.status().idle, 1);
    // A table that the tenant does not have is not looked for in the schema of another one.
    create_tables(database.url()).await;
    let only = Tenants::schemas(db).unwrap();
    let mut raw = live::connect(database.url()).await.unwrap();
    raw.execute("DROP TABLE acme.label CASCADE").await.unwrap();
    raw.close().await.unwrap();
    let error = Label::query()
        .count(&only.get("acme").await.unwrap())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "query", "{error}");
}

#[tokio::test]
async fn databases_of_each_engine_with_a_bound() {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        let databases = [engine.database(), engine.database(), engine.database()];
        let folder = tempfile::tempdir().unwrap();
        let (template, names): (String, Vec<String>) = match engine {
            Engine::Sqlite => {
                let names = ["one", "two", "three"].map(str::to_owned).to_vec();
                (format!("sqlite:{}/{{tenant}}.db", folder.path().display()), names)
            }
            _ => {
                let (server, _) = databases[0].url().rsplit_once('/').unwrap();
                let own = databases
                    .iter()
                    .map(|database| database.url().rsplit_once('/').unwrap().1.to_owned());
                (format!("{server}/{{tenant}}"), own.collect())
            }
        };
        for name in &names {
            create_tables(&template.replace("{tenant}", name)).await;
        }
        let tenants = Tenants::databases(&template)
            .unwrap()
            .at_most(2)
            .each(|builder| builder.max_connections(1));
        for name in &names {
            let db = tenants.get(name).await.unwrap();
            assert_eq!(db.status().most, 1);
            label(&db, name).await;
        }
        assert_eq!(tenants.open(), 2);
        let first = tenants.get(&names[0]).await.unwrap();
        assert_eq!(self::names(&first).await, [names[0].as_str()]);
        // Two are held, so that none can make room.
        let second = tenants.get(&names[1]).await.unwrap();
        let full = tenants.get(&names[2]).await.unwrap_err();
        assert_eq!(full.code(), "pool_timeout", "{full}");
        // Held ones are the same pool, and are not closed under anybody.
        let again = tenants.get(&names[0]).await.unwrap();
        assert_eq!(self::names(&again).await, self::names(&first).await);
        drop(second);
        let third = tenants.get(&names[2]).await.unwrap();
        assert_eq!(self::names(&third).await, [names[2].as_str()]);
        // Many at once open one pool.
        drop((first, again, third));
        let all = futures_util::future::join_all((0..8).map(|_| tenants.get(&names[1]))).await;
        assert!(all.iter().all(Result::is_ok) && tenants.open() == 2);
        for name in [
            "none",
            "../one",
            "one/../two",
            "ONE",
            "mysql",
            "",
            "one?mode=memory",
            "a\0b",
        ] {
            let error = tenants.get(name).await.unwrap_err();
            assert_eq!(error.code(), "tenant_unknown", "{name:?}: {error}");
        }
        drop(all);
        assert_eq!(tenants.open(), 2);
        if engine == Engine::Sqlite {
            assert!(!folder.path().join("none.db").exists());
            let making = tenants.clone().create_missing();
            making.get("none").await.unwrap();
            assert!(folder.path().join("none.db").exists());
            making.close().await;
        }
        tenants.close().await;
        assert_eq!(tenants.open(), 0);
    }
}

#[tokio::test]
async fn what_is_no_set_of_tenants_is_told() {
    let memory = Db::connect("sqlite::memory:").await.unwrap();
    let error = Tenants::schemas(memory).unwrap_err();
    assert_eq!(error.code(), "unsupported_by_dialect");
    assert!(error.to_string().contains("Tenants::databases"), "{error}");
    let codes = ["sqlite:app.db", "sqlite:{tenant}/{tenant}.db", "oracle://h/{tenant}"]
        .map(|url| Tenants::databases(url).unwrap_err().code());
    assert_eq!(codes, ["validation", "validation", "connection"]);
}
