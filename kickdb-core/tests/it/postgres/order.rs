//! Columns that stand in another order than in the database that a view comes from, or than the plan knows.

use kickdb_core::dialect::Catalog;
use kickdb_core::dialect::live::told_within;
use kickdb_core::diff::Renames;
use kickdb_core::plan::{one_way, plan};

use super::{Postgres, Server, is_at_least, text};
use crate::there_and_back::renames;

const BEFORE: &str = "
    CREATE TABLE t (c int, a int, g int GENERATED ALWAYS AS (a + 1) STORED); CREATE TABLE u (k int, id int); INSERT INTO t VALUES (3, 1); INSERT INTO u VALUES (9, 1);
    CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'; CREATE VIEW same AS SELECT x.p, x.q FROM u x(q, p);";

const AFTER: &str = "
    CREATE TABLE t (a int, b int, g bigint GENERATED ALWAYS AS (a + 1) STORED, c int); CREATE TABLE u (id int, k int);
    CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'; CREATE VIEW same AS SELECT x.p, x.q FROM u x(p, q);
    CREATE VIEW named AS SELECT x.m AS a, x.n AS b, x.o AS c FROM t x(m, n, g, o);
    CREATE VIEW called AS SELECT x.m AS a, x.n AS b, x.o AS c FROM f() x(m, n, g, o);
    CREATE VIEW made AS SELECT (r.t).a, (r.t).b, (r.t).c FROM (SELECT ROW(1, 2, DEFAULT_G, 3)::t AS t) r;
    CREATE VIEW renamed AS SELECT t.a AS left_a, u.k FROM t JOIN u ON t.a = u.id; ALTER TABLE u RENAME k TO k2; ALTER TABLE u RENAME k2 TO k;
    CREATE FUNCTION given() RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC SELECT * FROM t; END;
    CREATE POLICY p ON u USING (EXISTS (SELECT 1 FROM t x(m, n) WHERE x.m = u.id));";

/// Each reads the columns of these names, wherever they stand.
const READ: &[(&str, &str)] = &[
    ("SELECT ROW(a, b, c)::text FROM named", "(1,,3)"),
    ("SELECT ROW(a, b, c)::text FROM called", "(1,,3)"),
    ("SELECT ROW(a, b, c)::text FROM made", "(1,2,3)"),
    ("SELECT ROW(a, b, c)::text FROM given()", "(1,,3)"),
    ("SELECT ROW(p, q)::text FROM same", "(1,9)"),
];

#[tokio::test]
async fn what_goes_by_the_place_of_columns_reads_the_same_ones() {
    let (Some(mut server), Some(mut other)) = (Server::empty().await, Server::empty().await) else {
        return;
    };
    // Bodies in SQL.
    if !is_at_least(14) {
        return;
    }
    server.execute(BEFORE).await;
    other.execute(&AFTER.replace("DEFAULT_G", "4")).await;
    let mut from = told_within(&mut *server.connection).await.unwrap();
    let mut to = told_within(&mut *other.connection).await.unwrap();
    Postgres.meet(&mut from, &mut to, ["", ""]);
    let plan = plan(&from, &to, &Renames::default(), &Postgres).unwrap();
    assert!(
        !text(&plan.up).contains("VIEW \"same\"") && !text(&plan.up).contains("VIEW same"),
        "{}",
        text(&plan.up)
    );
    server.run(&plan.up).await;
    for (sql, wanted) in READ {
        assert_eq!(server.rows(sql).await, [*wanted], "{sql}\n{}", text(&plan.up));
    }
    // And then nothing is to be done.
    let mut now = told_within(&mut *server.connection).await.unwrap();
    let mut to = told_within(&mut *other.connection).await.unwrap();
    Postgres.meet(&mut now, &mut to, ["", ""]);
    let rest = kickdb_core::plan::plan(&now, &to, &Renames::default(), &Postgres).unwrap();
    assert!(rest.up.steps.is_empty(), "{}", text(&rest.up));
}

/// What takes another name stays where it is.
#[tokio::test]
async fn a_renamed_column_keeps_its_place() {
    let (Some(mut server), Some(mut other)) = (Server::empty().await, Server::empty().await) else {
        return;
    };
    let before = "CREATE TABLE t (a int, x text); CREATE TABLE k (c int, a int, n int);
        INSERT INTO t VALUES (1, 'x'); INSERT INTO k VALUES (3, 1);
        CREATE VIEW v AS SELECT z.p, z.q FROM t z(p, q); CREATE VIEW made AS SELECT (r.t).a FROM (SELECT ROW(7, 'y')::t AS t) r;";
    let after = "CREATE TABLE t (b bigint, x text); CREATE TABLE l (a int, m int, c int);
        CREATE VIEW v AS SELECT z.p, z.q FROM t z(p, q); CREATE VIEW made AS SELECT (r.t).b FROM (SELECT ROW(7, 'y')::t AS t) r;
        CREATE VIEW w AS SELECT z.one, z.three FROM l z(one, two, three);";
    server.execute(before).await;
    other.execute(after).await;
    let mut from = told_within(&mut *server.connection).await.unwrap();
    let mut to = told_within(&mut *other.connection).await.unwrap();
    Postgres.meet(&mut from, &mut to, ["", ""]);
    let plan = plan(&from, &to, &renames("t.a=b k=l", &from, &to), &Postgres).unwrap();
    server.run(&plan.up).await;
    for (sql, wanted) in [
        ("SELECT ROW(p, q)::text FROM v", "(1,x)"),
        ("SELECT b::text FROM made", "7"),
        ("SELECT ROW(one, three)::text FROM w", "(1,3)"),
    ] {
        assert_eq!(server.rows(sql).await, [wanted], "{sql}\n{}", text(&plan.up));
    }
    server.run(&plan.down).await;
    assert_eq!(
        server.rows("SELECT ROW(p, q)::text FROM v").await,
        ["(1,x)"],
        "{}",
        text(&plan.down)
    );
    assert_eq!(
        server.rows("SELECT a::text FROM made").await,
        ["7"],
        "{}",
        text(&plan.down)
    );
}

#[tokio::test]
async fn what_mixes_the_columns_of_several_tables_is_refused() {
    let (Some(mut server), Some(mut other)) = (Server::empty().await, Server::empty().await) else {
        return;
    };
    let view = "CREATE VIEW v AS SELECT j.p, j.s FROM (t JOIN u ON t.a = u.c) j(p, q, r, s);";
    let tables = "CREATE TABLE t (a int, b int); CREATE TABLE u (c int, d int);";
    server
        .execute("CREATE TABLE t (b int, a int); CREATE TABLE u (c int, d int);")
        .await;
    other.execute(&format!("{tables}{view}")).await;
    let mut from = told_within(&mut *server.connection).await.unwrap();
    let mut to = told_within(&mut *other.connection).await.unwrap();
    Postgres.meet(&mut from, &mut to, ["", ""]);
    let changes = kickdb_core::diff::diff(&from, &to, &Renames::default()).changes;
    let error = one_way(&from, &changes, &Postgres).unwrap_err().to_string();
    assert!(error.contains("those of `t` stand in another order"), "{error}");
}

/// The rows of `part` are in the columns of others, those of its partition too.
const HOLDERS: &str = "
    CREATE TABLE holder (id int, p part NOT NULL, q part[]); CREATE TABLE above (h holder); CREATE DOMAIN whole AS part CHECK ((VALUE).a > 0);
    CREATE TYPE pair AS (l part, r int); CREATE TABLE more (w whole, s pair, d part1);";

/// What is told of the rows, by the names of the columns.
const HELD: &[(&str, &str)] = &[
    ("SELECT ROW((p).a, (p).b, (p).d)::text FROM holder", "(1,2,4)"),
    ("SELECT ROW((q[1]).a, (q[1]).b, (q[2]).a)::text FROM holder", "(5,6,)"),
    ("SELECT ROW(((h).p).a, ((h).p).b)::text FROM above", "(1,2)"),
    (
        "SELECT ROW((w).a, (w).b, ((s).l).a, ((s).l).b, (d).a, (d).b)::text FROM more",
        "(7,8,9,10,11,12)",
    ),
    ("SELECT ROW(a, b, d)::text FROM part", "(13,14,15)"),
];

#[tokio::test]
async fn rows_that_columns_hold_keep_their_values_where_the_table_is_made_again() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    let plain =
        "CREATE TABLE part (a int PRIMARY KEY, b int, d int); CREATE TABLE part1 (a int NOT NULL, b int, d int);";
    let spread = "CREATE TABLE part (a int PRIMARY KEY, b int, c int, d int) PARTITION BY RANGE (a);
         CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (100) TO (200); CREATE TABLE part2 PARTITION OF part DEFAULT;";
    let mut known = Vec::new();
    for tables in [plain, spread] {
        server.execute("BEGIN").await;
        server.execute(&format!("{tables}{HOLDERS}")).await;
        known.push(told_within(&mut *server.connection).await.unwrap());
        server.end("ROLLBACK").await;
    }
    // In the database they stand in another order, as where one came later that was declared among the others.
    server
        .execute(&format!(
            "CREATE TABLE part (gone int, d int, b int, a int PRIMARY KEY); ALTER TABLE part DROP COLUMN gone;
             CREATE TABLE part1 (b int, a int NOT NULL, d int); {HOLDERS}
             INSERT INTO holder VALUES (1, (4, 2, 1), ARRAY[(NULL, 6, 5)::part, NULL]); INSERT INTO above SELECT h FROM holder h;
             INSERT INTO more VALUES ((NULL, 8, 7)::part, ((NULL, 10, 9), 0), (12, 11, NULL)); INSERT INTO part VALUES (15, 14, 13);"
        ))
        .await;
    for (from, to) in [(0, 1), (1, 0)] {
        let plan = plan(&known[from], &known[to], &Renames::default(), &Postgres).unwrap();
        server.run(&plan.up).await;
        for (sql, wanted) in HELD {
            assert_eq!(server.rows(sql).await, [*wanted], "{sql}\n{}", text(&plan.up));
        }
    }
}
