//! Required columns of tables that are parts of others, on rows that are there.

use kickdb_core::diff::{Backfills, Renames, diff, fill};
use kickdb_core::ir::Schema;
use kickdb_core::plan::{Plan, plan_changes};

use super::{Postgres, Server, assert_same, text};

/// A database that was brought from one schema to another, with values of nobody's choice; what it was, and the plan.
async fn filled(before: &str, after: &str) -> Option<(Server, Schema, Plan)> {
    let (mut server, mut other) = (Server::empty().await?, Server::empty().await?);
    server.execute(before).await;
    other.execute(after).await;
    let (from, to) = (server.schema().await, other.schema().await);
    let changes = diff(&from, &to, &Renames::default()).changes;
    let (changes, _) = fill(changes, &to, &Backfills::default(), &Postgres);
    let plan = plan_changes(&from, &changes, &Postgres).unwrap();
    server.run(&plan.up).await;
    assert_same(&server.schema().await, &to, &plan.up);
    Some((server, from, plan))
}

const BEFORE: &str = "
    CREATE TABLE p (id int NOT NULL) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p DEFAULT;
    CREATE TABLE q (id int); CREATE TABLE below (n int) INHERITS (q); CREATE TABLE plain (id int NOT NULL); CREATE TABLE alone (id int);
    INSERT INTO p VALUES (1), (5); INSERT INTO q VALUES (1); INSERT INTO below VALUES (1, 2); INSERT INTO plain VALUES (1); INSERT INTO alone VALUES (1);";

const AFTER: &str = "
    CREATE TABLE p (id int NOT NULL, x int NOT NULL) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p DEFAULT;
    CREATE TABLE q (id int, y text NOT NULL); CREATE TABLE below (n int) INHERITS (q);
    CREATE TABLE plain (id int NOT NULL, z int NOT NULL) PARTITION BY LIST (id); CREATE TABLE plain1 PARTITION OF plain DEFAULT;
    CREATE TABLE alone (id int, w int NOT NULL);";

#[tokio::test]
async fn what_fills_the_rows_of_a_family_is_gone_afterwards() {
    let Some((mut server, _, plan)) = filled(BEFORE, AFTER).await else {
        return;
    };
    let defaults = "SELECT attrelid::regclass || '.' || attnum FROM pg_attribute WHERE atthasdef AND attrelid >= 16384";
    assert_eq!(server.rows(defaults).await, [""; 0], "{}", text(&plan.up));
}

const ALONE_BEFORE: &str = "
    CREATE TABLE p (k int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
    CREATE UNIQUE INDEX p_k ON p (k); INSERT INTO p VALUES (1), (2);";

const ALONE_AFTER: &str = "
    CREATE TABLE p (k int, id int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p (PRIMARY KEY (k, id)) FOR VALUES IN (1);
    CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);";

#[tokio::test]
async fn a_partition_alone_wants_values_in_a_column_from_above() {
    let Some((mut server, from, plan)) = filled(ALONE_BEFORE, ALONE_AFTER).await else {
        return;
    };
    let rows = "SELECT k || ' ' || coalesce(id::text, 'none') FROM p ORDER BY k";
    assert_eq!(server.rows(rows).await, ["1 0", "2 none"], "{}", text(&plan.up));
    server.run(&plan.down).await;
    assert_same(&server.schema().await, &from, &plan.down);
}

const KEYS_BEFORE: &str = "
    CREATE TABLE people (id uuid PRIMARY KEY, name text); CREATE TABLE tasks (title text);
    INSERT INTO people VALUES ('00000000-0000-0000-0000-000000000002', 'b'), ('00000000-0000-0000-0000-000000000001', 'a');
    INSERT INTO tasks VALUES ('one'), ('two'), ('three');";

const KEYS_AFTER: &str = "
    CREATE TABLE people (id uuid PRIMARY KEY, name text, number smallint NOT NULL UNIQUE);
    CREATE TABLE tasks (title text, id int PRIMARY KEY, label varchar(20) NOT NULL UNIQUE, token uuid NOT NULL UNIQUE,
      owner uuid NOT NULL REFERENCES people (id), after int NOT NULL);";

#[tokio::test]
async fn keys_that_come_get_other_values_in_each_row_and_foreign_keys_a_row_that_is_there() {
    let Some((mut server, from, plan)) = filled(KEYS_BEFORE, KEYS_AFTER).await else {
        return;
    };
    let owners = "SELECT count(DISTINCT id) || ' ' || count(DISTINCT label) || ' ' || min(owner::text) || ' ' || max(owner::text) FROM tasks";
    let first = "00000000-0000-0000-0000-000000000001";
    assert_eq!(
        server.rows(owners).await,
        [format!("3 3 {first} {first}")],
        "{}",
        text(&plan.up)
    );
    server.run(&plan.down).await;
    assert_same(&server.schema().await, &from, &plan.down);
}
