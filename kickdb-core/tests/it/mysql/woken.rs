//! Triggers that would see what a migration writes into rows by itself.

use super::{Database, planned, text};

#[tokio::test]
async fn rows_that_get_numbers_start_no_triggers() {
    let log = "create table log (n int);";
    let triggers = "create trigger b before update on t for each row set new.a = 99; \
                    create trigger c after update on t for each row insert into log values (new.id)";
    let from =
        format!("{log} create table t (id int, a int); insert into t values (null, 1), (2, 5), (null, 7); {triggers}");
    let to = format!("{log} create table t (id int auto_increment primary key, a int); {triggers}");
    let (Some(mut database), Some(mut after)) = (Database::with(&from).await, Database::with(&to).await) else {
        return;
    };
    let plan = planned(&database.schema().await, &after.schema().await);
    database.run(&plan.up).await.unwrap();
    assert_eq!(
        database.rows("select concat(id), concat(a) from t order by a").await,
        ["3 | 1", "2 | 5", "4 | 7"],
        "{}",
        text(&plan.up)
    );
    assert_eq!(database.rows("select concat(count(*)) from log").await, ["0"]);
    // They are back.
    database.execute("update t set a = 1 where id = 2").await;
    assert_eq!(database.rows("select concat(a) from t where id = 2").await, ["99"]);
    assert_eq!(database.rows("select concat(n) from log").await, ["2"]);
}
