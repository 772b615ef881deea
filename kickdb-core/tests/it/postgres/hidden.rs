//! Tables that hold their owner to their policies, migrated by him.

use kickdb_core::dialect::postgres::Postgres;
use kickdb_core::diff::{Backfills, Renames, diff, fill};
use kickdb_core::plan::{online, plan_changes};

use super::{Server, assert_same, text};

/// A database whose tables are those of a role that sees the rows with an `a`, and the name of the role.
async fn owned(of: &str, tables: &str) -> Option<(Server, String)> {
    let mut server = Server::empty().await?;
    let role = format!("kick_{of}_{}", std::process::id());
    let made = format!(
        "CREATE ROLE {role}; GRANT ALL ON SCHEMA public TO {role}; GRANT CREATE ON DATABASE {} TO {role}; SET ROLE {role}; {tables}",
        server.rows("SELECT quote_ident(current_database())").await.concat()
    );
    server.execute(&made).await;
    Some((server, role))
}

async fn forget(server: &mut Server, role: &str) {
    let sql = format!("RESET ROLE; REASSIGN OWNED BY {role} TO CURRENT_USER; DROP OWNED BY {role}; DROP ROLE {role}");
    server.execute(&sql).await;
}

const HIDE: &str =
    "ALTER TABLE k ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; CREATE POLICY p ON k USING (v = 'a');";

/// Brings the tables there and back as their owner; what the query says then, and in the beginning.
async fn there_and_back(of: &str, [before, after]: [&str; 2], rows: &str, query: &str) -> Option<[Vec<String>; 3]> {
    let (mut server, role) = owned(of, before).await?;
    server.execute(&format!("RESET ROLE; {rows}")).await;
    let was = server.rows(query).await;
    let mut other = Server::empty().await?;
    other.execute(after).await;
    let (from, to) = (server.schema().await, other.schema().await);
    let changes = diff(&from, &to, &Renames::default()).changes;
    let (changes, _) = fill(changes, &to, &Backfills::default(), &Postgres);
    let plan = plan_changes(&from, &changes, &Postgres).unwrap();
    let mut seen = Vec::new();
    for script in [&plan.up, &plan.down] {
        server.execute(&format!("SET ROLE {role}")).await;
        let done = server.try_run(script).await;
        server.execute("RESET ROLE").await;
        seen.push((done, server.schema().await, server.rows(query).await));
    }
    forget(&mut server, &role).await;
    let [(up, there, now), (down, back, again)] = seen.try_into().unwrap();
    assert_eq!((up, down), (Ok(()), Ok(())), "{}{}", text(&plan.up), text(&plan.down));
    assert_same(&there, &to, &plan.up);
    assert_same(&back, &from, &plan.down);
    Some([was, now, again])
}

#[tokio::test]
async fn values_and_counters_have_to_do_with_all_rows() {
    let schemas = [
        format!("CREATE TABLE k (id int PRIMARY KEY, v text); {HIDE}"),
        format!("CREATE TABLE k (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text, m int NOT NULL); {HIDE}"),
    ];
    let rows = "INSERT INTO k (id, v) VALUES (1, 'a'), (2, 'b'), (3, 'c')";
    let ids = "SELECT id || v FROM k ORDER BY id";
    let schemas = schemas.each_ref().map(String::as_str);
    let Some([was, now, again]) = there_and_back("fills", schemas, rows, ids).await else {
        return;
    };
    assert_eq!((&now, &again), (&was, &was));
    let last = "SELECT CASE to_regclass('k_id_seq') IS NULL WHEN false THEN (SELECT pg_sequence_last_value('k_id_seq')::text) END";
    let rows = "INSERT INTO k (id, v) VALUES (1, 'a'), (7, 'b')";
    let back = [schemas[0], schemas[1]];
    // The sequence is not there before, and `to_regclass` would be asked for it.
    let last = last.replace(
        "pg_sequence_last_value('k_id_seq')",
        "pg_sequence_last_value(to_regclass('k_id_seq'))",
    );
    let Some([_, now, _]) = there_and_back("counts", back, rows, &last).await else {
        return;
    };
    assert_eq!(now, ["7"]);
}

#[tokio::test]
async fn a_guard_looks_at_all_rows() {
    let before = format!("CREATE TABLE k (v text, x numeric); {HIDE}");
    let Some((mut server, role)) = owned("guards", &before).await else {
        return;
    };
    let mut other = Server::empty().await.unwrap();
    other.execute(&format!("CREATE TABLE k (v text, x int); {HIDE}")).await;
    server
        .execute("RESET ROLE; INSERT INTO k VALUES ('a', 1), ('b', 1.5)")
        .await;
    let (from, to) = (server.schema().await, other.schema().await);
    let plan = super::plan_between(&from, &to);
    server.execute(&format!("SET ROLE {role}")).await;
    let told = server.try_run(&plan.up).await;
    server.execute("RESET ROLE").await;
    let kept = server.rows("SELECT x::text FROM k ORDER BY x").await;
    forget(&mut server, &role).await;
    assert_eq!(kept, ["1", "1.5"], "{}", text(&plan.up));
    assert!(told.is_err());
}

#[tokio::test]
async fn new_partitions_take_all_rows() {
    let of = |parts: &str| format!("CREATE TABLE k (id int, v text) PARTITION BY LIST (id); {parts} {HIDE}");
    let before = of("CREATE TABLE k1 PARTITION OF k FOR VALUES IN (1, 2);");
    let after = of("CREATE TABLE k2 PARTITION OF k FOR VALUES IN (1, 2, 3);");
    let rows = "INSERT INTO k VALUES (1, 'a'), (2, 'b')";
    let Some([was, now, again]) =
        there_and_back("parts", [&before, &after], rows, "SELECT id || v FROM k ORDER BY id").await
    else {
        return;
    };
    assert_eq!((&now, &again), (&was, &was));
}

#[tokio::test]
async fn a_table_in_use_is_not_opened() {
    let Some((mut server, role)) = owned(
        "online",
        &format!("CREATE TABLE k (id int PRIMARY KEY, v text); {HIDE}"),
    )
    .await
    else {
        return;
    };
    let mut other = Server::empty().await.unwrap();
    other
        .execute(&format!(
            "CREATE TABLE k (id int PRIMARY KEY, v text, m uuid NOT NULL DEFAULT gen_random_uuid()); {HIDE}"
        ))
        .await;
    let (from, to) = (server.schema().await, other.schema().await);
    let changes = diff(&from, &to, &Renames::default()).changes;
    let (changes, _) = fill(changes, &to, &Backfills::default(), &Postgres);
    let stages = online(&from, &changes, &Postgres).unwrap();
    let scripts = stages.iter().map(|stage| &stage.plan.up).collect::<Vec<_>>();
    let mut told = Ok(());
    server.execute(&format!("SET ROLE {role}")).await;
    for script in &scripts {
        told = told.and(server.run_freely(script).await);
    }
    forget(&mut server, &role).await;
    let all = scripts.iter().map(|script| text(script)).collect::<String>();
    let told = told.expect_err(&all);
    assert!(
        told.contains("row-level security hides rows of \"k\" from this role"),
        "{told}"
    );
    assert!(!all.contains("NO FORCE"), "{all}");
}
