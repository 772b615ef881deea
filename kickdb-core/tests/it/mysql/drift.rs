//! Drift on MariaDB: what is said in other words is the same, what means something else is found, and nothing is left behind.

use kickdb_core::dialect::live::{catalog, connect};
use kickdb_core::drift::{Compared, drift};
use kickdb_core::ir::{ColumnValue, Expr, Schema};
use kickdb_core::lex::Lexis;
use kickdb_core::plan::statements;

use super::{Database, mysql, name, planned};
use kickdb_core::ident::Qualified;

const SCRIPT: &str = r"
CREATE SEQUENCE numbers;
CREATE TABLE tasks (
  id int PRIMARY KEY, title varchar(20) NOT NULL, n int DEFAULT ((1 + 2) * 3), number bigint DEFAULT nextval(numbers),
  twice int GENERATED ALWAYS AS (n * 2) STORED, owner varchar(20), `od``d` int CHECK (`od``d` IN (1, 2)),
  CONSTRAINT titles CHECK (title IN ('a', 'it''s') AND n BETWEEN 1 AND 9));
CREATE TABLE old (
  id int PRIMARY KEY, n int CHECK (n > 0), since timestamp(6) GENERATED ALWAYS AS ROW START, till timestamp(6) GENERATED ALWAYS AS ROW END,
  PERIOD FOR SYSTEM_TIME (since, till)) WITH SYSTEM VERSIONING;
CREATE VIEW open_tasks AS SELECT * FROM tasks WHERE title IN ('a') ORDER BY id;
CREATE VIEW `co``unted` (owner, open) AS SELECT owner, count(*) FROM open_tasks GROUP BY 1;
CREATE SQL SECURITY INVOKER VIEW both_of AS SELECT t.id, o.n FROM tasks t JOIN old o USING (id) WHERE t.n <> 4 WITH LOCAL CHECK OPTION;
";

/// Whose text it is, another text of the same, and one of something else.
const TEXTS: &[[&str; 3]] = &[
    [
        "check tasks.titles",
        "(title in ('a','it\\'s')) and (n between 1 and 9)",
        "title in ('a') and n between 1 and 9",
    ],
    ["check tasks.od`d", "(`od``d`) IN (1,2)", "`od``d` IN (1, 3)"],
    ["check old.n", "(n)>0", "n > 1"],
    ["default tasks.n", "((1+2))*3", "1 + 2 * 3"],
    ["generated tasks.twice", "(n)*2", "n * 3"],
    [
        "view open_tasks",
        "create or replace algorithm=undefined view open_tasks as select * from `tasks` where title in ('a') order by id asc",
        "create view open_tasks as select * from tasks where title in ('b') order by id",
    ],
    [
        "view co`unted",
        "CREATE VIEW `co``unted`(owner, open) AS select `owner`, count( * ) from open_tasks as open_tasks group by 1",
        "CREATE VIEW `co``unted`(owner, open) AS SELECT owner, count(owner) FROM open_tasks GROUP BY 1",
    ],
    [
        "view both_of",
        "CREATE SQL SECURITY INVOKER VIEW both_of AS SELECT t.id, o.n FROM tasks AS t INNER JOIN old AS o USING (id) WHERE t.n != 4 WITH LOCAL CHECK OPTION",
        "CREATE VIEW both_of AS SELECT t.id, o.n FROM tasks t JOIN old o USING (id) WHERE t.n <> 4 WITH LOCAL CHECK OPTION",
    ],
];

/// Puts a text in the place of the one that the server gave.
fn say(schema: &mut Schema, of: &str, text: &str) {
    let (kind, whose) = of.split_once(' ').unwrap();
    if kind == "view" {
        let (id, object) = mysql().read_object(text).unwrap();
        assert!(schema.objects.insert(id, object).is_some(), "there is no {of}");
        return;
    }
    let (table, part) = whose.split_once('.').unwrap();
    let table = schema.tables.get_mut(&Qualified::local(name(table))).unwrap();
    let expr = Expr::Sql(text.to_owned());
    if kind == "check" {
        table.checks.get_mut(&name(part)).unwrap().expr = expr;
        return;
    }
    let column = table
        .columns
        .iter_mut()
        .find(|column| column.name == name(part))
        .unwrap();
    column.value = match kind {
        "default" => ColumnValue::Default(expr),
        _ => ColumnValue::Generated { expr, stored: true },
    };
}

async fn made() -> Option<Database> {
    let mut database = Database::empty().await?;
    for statement in statements(SCRIPT, Lexis::MYSQL) {
        database.execute(statement.sql).await;
    }
    Some(database)
}

async fn compared(database: &mut Database, with: &Schema) -> Compared {
    drift(&mut *database.connection, with).await.unwrap()
}

fn by_hand(live: &Schema) -> Schema {
    let mut said = live.clone();
    TEXTS.iter().for_each(|[of, same, _]| say(&mut said, of, same));
    said
}

/// Everything in the database, kickdb's own included.
async fn tables(database: &mut Database) -> Vec<String> {
    database
        .rows("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1")
        .await
}

#[tokio::test]
async fn other_words_are_no_drift_and_other_things_are() {
    let Some(mut database) = made().await else { return };
    let live = database.schema().await;
    let by_hand = by_hand(&live);
    let there = tables(&mut database).await;
    let same = compared(&mut database, &by_hand).await;
    assert_eq!(same.unsettled, [""; 0]);
    assert_eq!(same.drift(), None);
    for [of, _, other] in TEXTS {
        let mut changed = by_hand.clone();
        say(&mut changed, of, other);
        let compared = compared(&mut database, &changed).await;
        let (kind, whose) = of.split_once(' ').unwrap();
        let found = match kind {
            "default" | "generated" => format!("column {whose} (default)"),
            _ => (*of).to_owned(),
        };
        assert_eq!(compared.drift().expect(of).changed, [found]);
        assert_eq!(compared.unsettled, [""; 0], "{of}");
    }
    assert_eq!(tables(&mut database).await, there, "nothing is left behind");
    let wait = "SELECT CONCAT(@@SESSION.lock_wait_timeout = @@GLOBAL.lock_wait_timeout, ' ', IS_FREE_LOCK(CONCAT('kickdb.trial.', MD5(DATABASE()))))";
    assert_eq!(database.rows(wait).await, ["1 1"], "nor in the session");
}

#[tokio::test]
async fn what_a_killed_comparison_left_is_no_schema_and_in_nobodys_way() {
    let Some(mut database) = made().await else { return };
    let live = database.schema().await;
    database.execute("CREATE VIEW kick_trial_1_v0 AS SELECT 1 AS one").await;
    database.execute("CREATE TABLE kick_trial_2_t7 (a int)").await;
    assert_eq!(database.schema().await, live);
    let compared = compared(&mut database, &by_hand(&live)).await;
    assert_eq!((compared.unsettled, compared.unread), (Vec::new(), Vec::new()));
    let there = tables(&mut database).await;
    assert!(!there.iter().any(|name| name.starts_with("kick_")), "{there:?}");
}

#[tokio::test]
async fn two_comparisons_at_once_do_not_meet() {
    let Some(mut database) = made().await else { return };
    let by_hand = by_hand(&database.schema().await);
    let url = database.kept.url().to_owned();
    let one = async {
        let mut connection = connect(&url).await.unwrap();
        for _ in 0..3 {
            let compared = drift(&mut *connection, &by_hand).await.unwrap();
            assert_eq!((compared.drift(), compared.unsettled), (None, Vec::new()));
        }
        connection.close().await.unwrap();
    };
    let other = async {
        for _ in 0..3 {
            let compared = compared(&mut database, &by_hand).await;
            assert_eq!((compared.drift(), compared.unsettled), (None, Vec::new()));
        }
    };
    tokio::join!(one, other);
}

#[tokio::test]
async fn who_may_only_read_is_told_what_cannot_be_compared() {
    let Some(mut database) = made().await else { return };
    let by_hand = by_hand(&database.schema().await);
    let reader = format!("reader_{}", std::process::id());
    for sql in [
        format!("CREATE OR REPLACE USER {reader}@'%' IDENTIFIED BY 'secret'"),
        format!("CREATE OR REPLACE USER {reader}@localhost IDENTIFIED BY 'secret'"),
    ] {
        database.execute(&sql).await;
    }
    let schema = database.rows("SELECT DATABASE()").await.remove(0);
    let url = database.kept.url().to_owned();
    let (_, place) = url.split_once('@').unwrap();
    let as_reader = format!("mysql://{reader}:secret@{place}");
    for rights in ["SELECT", "SHOW VIEW"] {
        for host in ["'%'", "localhost"] {
            database
                .execute(&format!("GRANT {rights} ON `{schema}`.* TO {reader}@{host}"))
                .await;
        }
        if rights == "SELECT" {
            // The server hides keys and checks, which is not the same as there being none.
            let mut connection = connect(&as_reader).await.unwrap();
            let error = catalog(&mut *connection).await.unwrap_err().to_string();
            assert!(error.contains("GRANT SHOW VIEW"), "{error}");
            connection.close().await.unwrap();
        }
    }
    let mut connection = connect(&as_reader).await.unwrap();
    let live = catalog(&mut *connection).await.unwrap();
    let compared = drift(&mut *connection, &by_hand).await;
    connection.close().await.unwrap();
    for host in ["'%'", "localhost"] {
        database.execute(&format!("DROP USER {reader}@{host}")).await;
    }
    let compared = compared.unwrap();
    let open = compared.unsettled.join("\n");
    for thing in ["view open_tasks: ", "CREATE VIEW command denied"] {
        assert!(open.contains(thing), "{thing} in {open}");
    }
    assert_eq!(live.tables.len(), 2);
}

#[tokio::test]
async fn triggers_of_one_moment_stand_in_the_declared_order() {
    let Some(mut database) = Database::with("CREATE TABLE t (id int PRIMARY KEY)").await else {
        return;
    };
    let mut declared = database.schema().await;
    for (trigger, place) in [("a", "FOLLOWS c"), ("b", "PRECEDES c"), ("c", ""), ("z", "")] {
        let sql = format!("CREATE TRIGGER {trigger} AFTER INSERT ON t FOR EACH ROW {place} SET @x = 1");
        let (id, object) = mysql().read_object(&sql).unwrap();
        declared.objects.insert(id, object);
    }
    mysql().normalize(&mut declared).unwrap();
    let plan = planned(&database.schema().await, &declared);
    database.run(&plan.up).await.unwrap();
    let order =
        "select trigger_name from information_schema.triggers where trigger_schema = database() order by action_order";
    assert_eq!(database.rows(order).await, ["b", "c", "a", "z"]);
    assert!(planned(&database.schema().await, &declared).changes.is_empty());
}
