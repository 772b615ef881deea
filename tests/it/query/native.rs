//! Columns of types that only one engine has, and no Rust type stands for.

use bigdecimal::BigDecimal;
use kickdb::prelude::*;
use kickdb_core::dialect::live;
use kickdb_testdb::{Engine, engines};
use rust_decimal::Decimal;

/// A type of the database, in a newtype.
#[derive(Debug, Clone, PartialEq, Eq, DbType)]
#[db_type(type = "macaddr")]
struct Mac(String);

#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "machines", unmanaged, reason = "made by the test")]
#[has_many(visits: Visit, key = machine, references = address)]
struct Machine {
    #[column(primary_key, type = "inet")]
    address: String,
    #[column(type = "interval")]
    uptime: Option<String>,
    #[column(type = "int4range")]
    ports: String,
    #[column(type = "xml")]
    about: Option<String>,
    #[column(type = "bit varying(8)")]
    flags: String,
    #[column(type = "money")]
    cost: Decimal,
    #[column(type = "cidr[]")]
    nets: Vec<String>,
    #[column(type = "mood")]
    mood: Option<String>,
    #[column(type = "tsvector")]
    words: String,
    mac: Option<Mac>,
}

#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "visits", unmanaged, reason = "made by the test")]
#[belongs_to(of: Machine, key = machine, references = address)]
struct Visit {
    #[column(primary_key)]
    id: i32,
    #[column(type = "inet")]
    machine: String,
}

const SCHEMA: [&str; 3] = [
    "CREATE TYPE mood AS ENUM ('sad', 'ok')",
    "CREATE TABLE machines (address inet PRIMARY KEY, uptime interval, ports int4range NOT NULL, about xml, \
     flags bit varying(8) NOT NULL, cost money NOT NULL, nets cidr[] NOT NULL, mood mood, words tsvector NOT NULL, mac macaddr)",
    "CREATE TABLE visits (id integer PRIMARY KEY, machine inet NOT NULL)",
];

fn machine(address: &str) -> Machine {
    Machine {
        address: address.to_owned(),
        uptime: Some("1 day 02:03:04".to_owned()),
        ports: "[1,5)".to_owned(),
        about: Some("<a>b</a>".to_owned()),
        flags: "101".to_owned(),
        cost: Decimal::new(1250, 2),
        nets: vec!["10.0.0.0/8".to_owned()],
        mood: Some("ok".to_owned()),
        words: "'cat' 'fat'".to_owned(),
        mac: Some(Mac("08:00:2b:01:02:03".to_owned())),
    }
}

async fn with_machines(test: impl AsyncFn(&Db)) {
    for engine in engines(&[Engine::Postgres]) {
        let database = engine.database();
        let mut connection = live::connect(database.url()).await.unwrap();
        for sql in SCHEMA {
            connection.execute(sql).await.unwrap();
        }
        connection.close().await.unwrap();
        let db = Db::connect(database.url()).await.unwrap();
        test(&db).await;
        db.close().await;
    }
}

#[tokio::test]
async fn rows_are_written_read_and_changed() {
    with_machines(async |db| {
        // Enough rows for lists instead of single values.
        let mut rows: Vec<Machine> = (1..=40).map(|at| machine(&format!("10.0.0.{at}"))).collect();
        rows[1].uptime = None;
        rows[1].about = None;
        rows[1].mood = None;
        rows[1].mac = None;
        Machine::insert_many(rows[..39].iter()).exec(db).await.unwrap();
        let stored = Machine::insert_row(&rows[39]).returning(db).await.unwrap();
        assert_eq!(stored, rows[39..]);
        let back = Machine::query().order_by(Machine::ADDRESS).all(db).await.unwrap();
        assert_eq!(back, rows);
        // In the order of addresses, not of texts.
        assert_eq!(back[9].address, "10.0.0.10");

        let changed = Machine {
            uptime: Some("00:00:01".to_owned()),
            ports: "empty".to_owned(),
            ..rows[0].clone()
        };
        Machine::update_rows([&changed]).exec(db).await.unwrap();
        assert_eq!(Machine::find("10.0.0.1").one(db).await.unwrap(), changed);
        let set = Machine::update().set(Machine::MOOD, Some("sad".to_owned()));
        let done = set.filter(Machine::ADDRESS.eq("10.0.0.2")).returning(db).await.unwrap();
        assert_eq!(done[0].mood.as_deref(), Some("sad"));
        let again = Machine::insert_row(&rows[0])
            .on_conflict(Machine::ADDRESS)
            .do_update((Machine::UPTIME,));
        again.exec(db).await.unwrap();
        assert_eq!(Machine::find("10.0.0.1").one(db).await.unwrap().uptime, rows[0].uptime);
    })
    .await;
}

#[tokio::test]
async fn conditions_are_in_the_columns_type() {
    with_machines(async |db| {
        let rows: Vec<Machine> = (1..=12).map(|at| machine(&format!("10.0.0.{at}"))).collect();
        Machine::insert_many(&rows).exec(db).await.unwrap();
        let count = async |condition: Condition<_>| Machine::query().filter(condition).count(db).await.unwrap();
        // Another spelling of the same value, and sizes as the type has them.
        assert_eq!(count(Machine::ADDRESS.eq("10.0.0.3/32")).await, 1);
        assert_eq!(count(Machine::ADDRESS.lt("10.0.0.10")).await, 9);
        assert_eq!(count(Machine::ADDRESS.between("10.0.0.2", "10.0.0.11")).await, 10);
        assert_eq!(
            count(Machine::ADDRESS.in_(["10.0.0.1", "10.0.0.12", "10.0.0.99"])).await,
            2
        );
        let many: Vec<String> = (1..=600).map(|at| format!("10.0.{}.{}", at / 200, at % 200)).collect();
        assert_eq!(count(Machine::ADDRESS.in_(many)).await, 12);
        assert_eq!(count(Machine::UPTIME.gt("1 day")).await, 12);
        assert_eq!(count(Machine::COST.eq(Decimal::new(1250, 2))).await, 12);
        // As texts, where a condition is one on texts.
        assert_eq!(count(Machine::ADDRESS.starts_with("10.0.0.1")).await, 4);
        assert_eq!(count(Machine::ABOUT.contains("</a>")).await, 12);
        assert_eq!(count(Machine::MOOD.upper().eq("OK")).await, 12);
        let greatest = Machine::query().select(max(Machine::ADDRESS)).one(db).await.unwrap();
        assert_eq!(greatest.as_deref(), Some("10.0.0.12"));
        let one = Machine::query().filter(Machine::MAC.eq(Mac("08-00-2b-01-02-03".to_owned())));
        assert_eq!(one.count(db).await.unwrap(), 12);
    })
    .await;
}

#[tokio::test]
async fn relations_by_such_a_key() {
    with_machines(async |db| {
        Machine::insert_many([&machine("10.0.0.1"), &machine("10.0.0.2")])
            .exec(db)
            .await
            .unwrap();
        let visits = [1, 2, 3].map(|id| Visit {
            id,
            machine: "10.0.0.2".to_owned(),
        });
        Visit::insert_many(&visits).exec(db).await.unwrap();
        let all = Machine::query().with(Machine::VISITS.order_by(Visit::ID).limit(2));
        let all = all.order_by(Machine::ADDRESS).all(db).await.unwrap();
        let ids: Vec<Vec<i32>> = all
            .iter()
            .map(|(_, visits)| visits.iter().map(|visit| visit.id).collect())
            .collect();
        assert_eq!(ids, [vec![], vec![1, 2]]);
        let first = Visit::query()
            .with(Visit::OF)
            .order_by(Visit::ID)
            .first(db)
            .await
            .unwrap();
        assert_eq!(first.unwrap().1.address, "10.0.0.2");
        let joined = Visit::query()
            .join(Machine, Visit::MACHINE.eq(Machine::ADDRESS))
            .count(db)
            .await
            .unwrap();
        assert_eq!(joined, 3);
        let among = Machine::ADDRESS.in_query(Visit::query().select(Visit::MACHINE));
        assert_eq!(Machine::query().filter(among).count(db).await.unwrap(), 1);
    })
    .await;
}

/// Digits beyond those of a `Decimal`.
#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "ledger", unmanaged, reason = "made by the test")]
struct Entry {
    #[column(primary_key)]
    id: i32,
    #[column(type = "decimal(60, 20)")]
    amount: BigDecimal,
}

#[tokio::test]
async fn numbers_of_many_digits() {
    for engine in engines(&[Engine::Sqlite, Engine::Postgres, Engine::Mysql]) {
        let database = engine.database();
        let db = Db::connect(database.url()).await.unwrap();
        let ty = if engine == Engine::Sqlite {
            "text"
        } else {
            "decimal(60, 20)"
        };
        let table = format!("CREATE TABLE ledger (id integer PRIMARY KEY, amount {ty} NOT NULL)");
        let mut connection = live::connect(database.url()).await.unwrap();
        connection.execute(&table).await.unwrap();
        connection.close().await.unwrap();
        let amounts = [
            "123456789012345678901234567890123456789.25",
            "-0.00000000000000000001",
            "1e30",
        ];
        let entries = (1..).zip(amounts).map(|(id, amount)| Entry {
            id,
            amount: amount.parse().unwrap(),
        });
        let entries: Vec<Entry> = entries.collect();
        Entry::insert_many(&entries).exec(&db).await.unwrap();
        let back = Entry::query().order_by(Entry::ID).all(&db).await.unwrap();
        assert_eq!(back, entries);
        let found = Entry::query().filter(Entry::AMOUNT.eq(entries[1].amount.clone()));
        assert_eq!(found.select(Entry::ID).all(&db).await.unwrap(), [2]);
        db.close().await;
    }
}
