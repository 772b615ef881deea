//! What a later statement would fail for, which must be found out before anything is done: the server takes nothing back.

use kickdb_core::diff::{Backfills, diff, fill};
use kickdb_core::plan::{Plan, plan, plan_changes};

use super::{Database, assert_same, mysql, planned, text};
use crate::there_and_back::renames;

/// What turns a database that `from` makes into one that `to` makes; `None` where no server is at hand.
async fn between(from: &str, to: &str) -> Option<(Database, Plan)> {
    let mut database = Database::with(from).await?;
    let after = Database::with(to).await?.schema().await;
    let plan = planned(&database.schema().await, &after);
    Some((database, plan))
}

#[tokio::test]
async fn a_foreign_key_into_another_database_fails_first_where_that_has_no_such_table() {
    let Some(mut other) =
        Database::with("create table owners (id int primary key); insert into owners values (1)").await
    else {
        return;
    };
    let there = other.rows("select database()").await.remove(0);
    let to = format!(
        "create table a (id int primary key, b int); \
         create table pets (id int primary key, owner int, constraint o foreign key (owner) references {there}.owners (id)); \
         create table toys (id int primary key, owner int, constraint p foreign key (owner) references {there}.owners (id))"
    );
    let from = "create table a (id int primary key); create table pets (id int primary key, owner int); \
                insert into pets values (1, 1)";
    let (mut database, plan) = between(from, &to).await.unwrap();
    let before = database.schema().await;
    other.execute("rename table owners to humans").await;
    let refused = database.run(&plan.up).await.unwrap_err();
    let said = format!(
        "o of pets, p of toys point at {there}.owners, and there is no such table: make it first, in its own database, or take the \
         foreign key out"
    );
    assert!(refused.contains(&said), "{refused}");
    assert_same(database.schema().await, before.clone(), &plan.up);

    other.execute("rename table humans to owners").await;
    database.run(&plan.up).await.unwrap();
    // The way back makes no such key, and looks for nothing.
    assert!(!text(&plan.down).contains("information_schema"), "{}", text(&plan.down));
    database.run(&plan.down).await.unwrap();
    assert_same(database.schema().await, before, &plan.down);
}

#[tokio::test]
async fn rows_that_no_partition_has_a_place_for_are_told_of_before_anything_is_done() {
    let table = "create table a (id int primary key); create table t (id int not null, r int, d date, n varchar(9))";
    let rows = "insert into t values (1, 5, '2020-05-05', 'x'), (2, 15, '2021-05-05', 'y'), (3, 25, null, 'y'), (4, null, null, null)";
    for (from, to, said) in [
        (
            "range (r) (partition a values less than (10), partition b values less than (30))",
            "range (r) (partition a values less than (10), partition b values less than (15))",
            "t: 2 rows have no place in a partition, by (r) = (15),(25)",
        ),
        (
            "range columns (r, d) (partition a values less than (maxvalue, maxvalue))",
            "range columns (r, d) (partition a values less than (15, '2021-05-05'))",
            "t: 2 rows have no place in a partition, by (r,d) = (15, 2021-05-05),(25, NULL)",
        ),
        (
            "range (year(d)) (partition a values less than maxvalue)",
            "range (year(d)) (partition a values less than (2021))",
            "t: 1 rows have no place in a partition, by (year(d)) = (2021)",
        ),
        (
            "list (r) (partition a values in (5, null), partition b values in (15, 25))",
            "list (r) (partition a values in (5), partition b values in (15))",
            "t: 2 rows have no place in a partition, by (r) = (25),(NULL)",
        ),
        (
            "list columns (n) (partition a values in ('x'), partition z default)",
            "list columns (n) (partition a values in ('x', null))",
            "t: 2 rows have no place in a partition, by (n) = (y)",
        ),
        (
            "list columns (n, r) (partition a values in (('x', 5), (null, null)), partition z default)",
            "list columns (n, r) (partition a values in (('x', 5), (null, null)), partition b values in (('y', 15)))",
            "t: 1 rows have no place in a partition, by (n,r) = (y, 25)",
        ),
        (
            "hash (id) partitions 3",
            "range (id) (partition a values less than (4))",
            "t: 1 rows have no place in a partition, by (id) = (4)",
        ),
    ] {
        let from = format!("{table} partition by {from}; {rows}");
        let to = format!(
            "{} partition by {to}",
            table.replace("(id int primary key)", "(id int primary key, more int)")
        );
        let Some((mut database, plan)) = between(&from, &to).await else {
            return;
        };
        let before = database.schema().await;
        let refused = database.run(&plan.up).await.unwrap_err();
        assert!(refused.contains(said), "{refused}");
        assert_same(database.schema().await, before.clone(), &plan.up);
        // The same statement finds nothing where each row has a place.
        database.execute("delete from t where id > 1").await;
        database.run(&plan.up).await.unwrap();
        database.run(&plan.down).await.unwrap();
        assert_same(database.schema().await, before, &plan.down);
    }
}

#[tokio::test]
async fn rows_of_a_table_that_takes_other_names_and_its_history_are_looked_at_under_the_old_ones() {
    let from = "create table t (id int not null, `day``s` int not null) with system versioning \
                partition by range (`day``s` + 1) (partition a values less than maxvalue); \
                insert into t values (1, 1), (2, 50); delete from t where id = 2";
    let to = "create table u (id int not null, d int not null) with system versioning \
              partition by range (d + 1) (partition a values less than (20))";
    let (Some(mut database), Some(mut after)) = (Database::with(from).await, Database::with(to).await) else {
        return;
    };
    let (before, after) = (database.schema().await, after.schema().await);
    let plan = plan(&before, &after, &renames("t=u u.day`s=d", &before, &after), mysql()).unwrap();
    let refused = database.run(&plan.up).await.unwrap_err();
    assert!(
        refused.contains("t: 1 rows have no place in a partition, by (day`s + 1) = (51)"),
        "{refused}"
    );
    assert_same(database.schema().await, before, &plan.up);
}

#[tokio::test]
async fn rows_are_not_looked_at_where_each_keeps_a_place() {
    let table = "create table t (id int not null, r int)";
    for (from, to) in [
        (
            "range (r) (partition a values less than (10))",
            "range (r) (partition a values less than (10), partition b values less than (20))",
        ),
        (
            "range (r) (partition a values less than (10))",
            "range (r) (partition b values less than (5), partition a values less than (10))",
        ),
        (
            "range (r) (partition a values less than (10))",
            "range (r) (partition a values less than maxvalue)",
        ),
        (
            "list (r) (partition a values in (1, 2))",
            "list (r) (partition a values in (2), partition b values in (3, 1))",
        ),
        (
            "list (r) (partition a values in (1, 2))",
            "list (r) (partition a values in (2), partition b default)",
        ),
        ("list (r) (partition a values in (1, 2))", "hash (r) partitions 2"),
    ] {
        let Some((_, plan)) = between(
            &format!("{table} partition by {from}"),
            &format!("{table} partition by {to}"),
        )
        .await
        else {
            return;
        };
        assert!(!text(&plan.up).contains("SIGNAL"), "{}", text(&plan.up));
    }
}

#[tokio::test]
async fn what_a_history_has_no_value_for_is_told_of_before_anything_is_done() {
    let from = "create table o (id int primary key); create table t (id int primary key, a int) with system versioning; \
                insert into t values (1, 4), (2, null), (3, null); update t set a = 6 where id = 2";
    let to = "create table o (id int primary key, more int); create table t (id int primary key, n int not null default 3) \
              with system versioning";
    let (Some(mut database), Some(mut after)) = (Database::with(from).await, Database::with(to).await) else {
        return;
    };
    let (before, after) = (database.schema().await, after.schema().await);
    let changes = diff(&before, &after, &renames("t.a=n", &before, &after)).changes;
    let (changes, _) = fill(changes, &after, &Backfills::default(), mysql());
    let plan = plan_changes(&before, &changes, mysql()).unwrap();
    let refused = database.run(&plan.up).await.unwrap_err();
    assert!(
        refused.contains("t.a: 2 rows hold NULL, those of its history included"),
        "{refused}"
    );
    assert_same(database.schema().await, before.clone(), &plan.up);
    assert_eq!(
        database.rows("select concat(count(*)) from t where a is null").await,
        ["1"]
    );
    // Where the history holds none, the same script runs.
    database
        .execute("delete from t; delete history from t; insert into t values (1, 4)")
        .await;
    database.run(&plan.up).await.unwrap();
    assert_same(database.schema().await, after, &plan.up);
    database.run(&plan.down).await.unwrap();
    assert_same(database.schema().await, before, &plan.down);
}

#[tokio::test]
async fn values_of_a_history_that_would_be_cut_are_told_of_before_anything_is_done() {
    for (from, to, rows) in [
        ("decimal(5, 2)", "int", "(1, 1.25), (2, 3)"),
        ("double", "float", "(1, 0.1), (2, 0.5)"),
        (
            "datetime(3)",
            "datetime",
            "(1, '2024-01-01 00:00:00.5'), (2, '2024-01-01')",
        ),
        ("varchar(9)", "char(9)", "(1, 'x '), (2, 'x')"),
    ] {
        let other = "create table o (id int primary key";
        let table = |ty| format!("create table t (id int primary key, a {ty}) with system versioning");
        let from = format!(
            "{other}); {}; insert into t values {rows}; update t set a = null where id = 1",
            table(from)
        );
        let Some((mut database, plan)) = between(&from, &format!("{other}, more int); {}", table(to))).await else {
            return;
        };
        let before = database.schema().await;
        let all = "select concat(id, coalesce(hex(a), '-')) from t for system_time all order by 1";
        let held = database.rows(all).await;
        let refused = database.run(&plan.up).await.unwrap_err();
        assert!(
            refused.contains("t.a: 1 rows, those of its history included, hold a value that would not stay what it is"),
            "{to}: {refused}"
        );
        assert_same(database.schema().await, before.clone(), &plan.up);
        assert_eq!(database.rows(all).await, held);
        // Without that row in the history, the same script runs.
        database.execute("delete history from t").await;
        let held = database.rows("select concat(a) from t where id = 2").await;
        database.run(&plan.up).await.unwrap();
        database.run(&plan.down).await.unwrap();
        assert_same(database.schema().await, before, &plan.down);
        assert_eq!(database.rows("select concat(a) from t where id = 2").await, held);
    }
}

#[tokio::test]
async fn rows_without_a_place_are_told_of_where_their_column_takes_another_type() {
    let other = "create table o (id int primary key";
    for (from, to, said) in [
        (
            "r int) partition by range (r) (partition a values less than maxvalue)",
            "r bigint) partition by range (r) (partition a values less than (9))",
            "t: 1 rows have no place in a partition, by (r) = (15)",
        ),
        (
            "r varchar(4)) partition by list columns (r) (partition a values in ('5', '15'))",
            "r varchar(9)) partition by list columns (r) (partition a values in ('5'))",
            "t: 1 rows have no place in a partition, by (r) = (15)",
        ),
    ] {
        let from = format!("{other}); create table t (id int, {from}; insert into t values (1, 5), (2, 15)");
        let Some((mut database, plan)) =
            between(&from, &format!("{other}, more int); create table t (id int, {to}")).await
        else {
            return;
        };
        let before = database.schema().await;
        let refused = database.run(&plan.up).await.unwrap_err();
        assert!(refused.contains(said), "{refused}");
        assert_same(database.schema().await, before.clone(), &plan.up);
        database.execute("delete from t where id = 2").await;
        database.run(&plan.up).await.unwrap();
        database.run(&plan.down).await.unwrap();
        assert_same(database.schema().await, before, &plan.down);
    }
}

#[tokio::test]
async fn a_row_that_points_at_nothing_in_another_database_is_told_of_before_anything_is_done() {
    let Some(mut other) =
        Database::with("create table owners (id int primary key); insert into owners values (1)").await
    else {
        return;
    };
    let there = other.rows("select database()").await.remove(0);
    let from = "create table a (id int primary key); create table pets (id int primary key, owner int); \
                insert into pets values (1, 1), (2, 7), (3, null)";
    let to = format!(
        "create table a (id int primary key, b int); \
         create table pets (id int primary key, owner int, constraint o foreign key (owner) references {there}.owners (id))"
    );
    let (mut database, plan) = between(from, &to).await.unwrap();
    let before = database.schema().await;
    let refused = database.run(&plan.up).await.unwrap_err();
    let said = format!("o: 1 rows of pets have (owner) = (7), which is no (id) of {there}.owners");
    assert!(refused.contains(&said), "{refused}");
    assert_same(database.schema().await, before.clone(), &plan.up);
    other.execute("insert into owners values (7)").await;
    database.run(&plan.up).await.unwrap();
    database.run(&plan.down).await.unwrap();
    assert_same(database.schema().await, before, &plan.down);
}
