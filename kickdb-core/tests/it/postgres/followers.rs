//! Rows that have to go to another partition, while rows of another table point at them in the one where they are.

use super::{Server, assert_same, plan_between, text};

/// The row 7 leaves `o1`, and `line` points at it there.
fn schemas(action: &str, bounds: [&str; 2]) -> String {
    let [first, second] = bounds;
    format!(
        "CREATE TABLE o (y int PRIMARY KEY) PARTITION BY RANGE (y); CREATE TABLE o1 PARTITION OF o {first}; CREATE TABLE o2 PARTITION OF o {second};
         CREATE TABLE line (y int DEFAULT 1 CONSTRAINT points REFERENCES o1 (y) ON DELETE {action});"
    )
}

async fn are_told(action: &str, before: [&str; 2], after: [&str; 2]) -> Option<()> {
    let (mut server, mut other) = (Server::empty().await?, Server::empty().await?);
    server.execute(&schemas(action, before)).await;
    other.execute(&schemas(action, after)).await;
    let rows = "INSERT INTO o VALUES (1), (6), (7); INSERT INTO line VALUES (1), (7)";
    server.execute(rows).await;
    let (from, to) = (server.schema().await, other.schema().await);
    let plan = plan_between(&from, &to);
    let told = server.try_run(&plan.up).await.unwrap_err();
    let points = "rows of \"line\" point at rows of \"o1\" that are to move to another partition";
    assert!(told.contains(points) && told.contains("y = 7"), "{told}");
    assert!(!told.contains("y = 1"), "{told}");
    let line = "SELECT y::text FROM line ORDER BY line.y";
    assert_eq!(server.rows(line).await, ["1", "7"], "{action}");
    // Without such rows it goes on, and the others lose nothing.
    server.execute("DELETE FROM line WHERE y = 7").await;
    server.run(&plan.up).await;
    assert_same(&server.schema().await, &to, &plan.up);
    assert_eq!(server.rows(line).await, ["1"], "{}", text(&plan.up));
    assert_eq!(server.rows("SELECT y::text FROM o2 ORDER BY o2.y").await, ["6", "7"]);
    Some(())
}

const NARROW: [&str; 2] = ["FOR VALUES FROM (0) TO (5)", "FOR VALUES FROM (5) TO (20)"];

#[tokio::test]
async fn rows_that_would_follow_one_that_moves_are_told() {
    let wide = ["FOR VALUES FROM (0) TO (10)", "FOR VALUES FROM (10) TO (20)"];
    for action in ["CASCADE", "SET NULL", "SET DEFAULT"] {
        are_told(action, wide, NARROW).await;
    }
}

#[tokio::test]
async fn rows_that_would_follow_one_out_of_the_default_partition_are_told() {
    are_told(
        "CASCADE",
        ["DEFAULT", "FOR VALUES FROM (20) TO (30)"],
        ["DEFAULT", NARROW[1]],
    )
    .await;
}
