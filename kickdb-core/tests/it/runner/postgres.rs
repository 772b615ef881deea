//! PostgreSQL: what its refusals say.

use kickdb_core::Error;
use kickdb_core::dialect::live::connect;
use kickdb_testdb::Engine;

use super::place::{Draft, Place, on, quick};

const A: &str = "20260101_000000_people";
const B: &str = "20260102_000000_change";

/// What is said when the second migration fails; nothing of it is left.
async fn refused(place: &Place, before: &str, up: &str) -> String {
    place.add(&Draft::new(A, before, "SELECT 1"));
    place.add(&Draft::new(B, up, "SELECT 1"));
    let mut runner = place.runner(quick()).await;
    let Err(Error::MigrationFailed(failed)) = runner.latest().await else {
        panic!("it is not refused: {up}");
    };
    assert_eq!(place.applied().await, format!("{A}@1"));
    failed.to_string()
}

#[test]
fn rows_that_cannot_become_another_type_are_named() {
    on(&[Engine::Postgres], async |place| {
        let said = refused(
            place,
            "CREATE TABLE \"My t\" (id int PRIMARY KEY, n text, code varchar(100), place int);
             INSERT INTO \"My t\" VALUES (1, '5', 'abc', 1), (2, 'it''s five', 'abc', NULL), (3, '', 'abc', 2);",
            "ALTER TABLE \"My t\" RENAME COLUMN n TO m;
             ALTER TABLE \"My t\"\n  ALTER COLUMN \"m\" TYPE integer USING \"m\"::integer;",
        )
        .await;
        assert!(said.contains("id = 2 ('it''s five'), id = 3 ('')"), "{said}");
    });
}

#[test]
fn a_text_is_never_cut() {
    on(&[Engine::Postgres], async |place| {
        let said = refused(
            place,
            "CREATE TABLE t (a int, b int, code varchar(100), PRIMARY KEY (a, b)); INSERT INTO t VALUES (1, 2, 'abc'), (3, 4, 'abcd');",
            "ALTER TABLE t ALTER COLUMN code TYPE varchar(3);",
        )
        .await;
        assert!(said.contains("a = 3, b = 4 ('abcd')"), "{said}");
        assert!(!said.contains("a = 1"), "{said}");
    });
}

#[test]
fn rows_in_the_way_of_a_constraint_are_named() {
    on(&[Engine::Postgres], async |place| {
        let said = refused(
            place,
            "CREATE TABLE t (id int, n int); INSERT INTO t SELECT i, nullif(i % 2, 0) FROM generate_series(1, 20) i;",
            "ALTER TABLE t ALTER COLUMN n SET NOT NULL;",
        )
        .await;
        assert!(
            said.contains("ctid = (0,2) (NULL), ctid = (0,4)") && said.contains("and others"),
            "{said}"
        );
    });
}

#[test]
fn rows_that_point_at_nothing_are_named() {
    on(&[Engine::Postgres], async |place| {
        let said = refused(
            place,
            "CREATE TABLE \"My t\" (id int PRIMARY KEY, \"n m\" int); INSERT INTO \"My t\" VALUES (1, 7), (2, NULL), (3, 8);",
            "CREATE TABLE o (id int PRIMARY KEY, b int); INSERT INTO o VALUES (7);
             ALTER TABLE \"My t\" ADD CONSTRAINT f FOREIGN KEY (\"n m\") REFERENCES o (id) ON DELETE CASCADE;",
        )
        .await;
        assert!(said.contains("it fails for id = 3 (8)"), "{said}");
    });
}

#[test]
fn a_view_that_nobody_declared_is_named_and_stays() {
    for up in [
        "DROP TABLE t",
        "ALTER TABLE t ALTER COLUMN n TYPE bigint",
        "ALTER TABLE t DROP COLUMN n",
    ] {
        on(&[Engine::Postgres], async |place| {
            place
                .execute("CREATE TABLE t (n int); CREATE VIEW by_hand AS SELECT n FROM t")
                .await;
            let said = refused(place, "SELECT 1", up).await;
            assert!(said.contains("view by_hand") && said.contains("#[db_object]"), "{said}");
            assert!(!said.contains("CASCADE"), "{said}");
            assert_eq!(place.ask("SELECT count(*)::text FROM by_hand").await, "0");
        });
    }
}

#[test]
fn a_missing_right_is_named() {
    on(&[Engine::Postgres], async |place| {
        let role = place.ask("SELECT 'kick_bare_' || current_database()").await;
        place
            .execute(&format!(
                "CREATE SCHEMA s; CREATE TABLE s.t (n int); CREATE ROLE \"{role}\" LOGIN"
            ))
            .await;
        let mut url = place.database.url().to_owned();
        let (scheme, rest) = url.split_once("://").unwrap();
        let host = rest.split_once('@').map_or(rest, |(_, host)| host);
        url = format!("{scheme}://{role}@{host}");
        let mut bare = connect(&url).await.unwrap();
        let mut said = Vec::new();
        for sql in ["SELECT count(*)::text FROM s.t", "CREATE TABLE s.u ()"] {
            said.push(bare.execute(sql).await.unwrap_err().to_string());
        }
        place.execute(&format!("GRANT USAGE ON SCHEMA s TO \"{role}\"")).await;
        for sql in ["INSERT INTO s.t VALUES (1)", "ALTER TABLE s.t ADD COLUMN m int"] {
            said.push(bare.execute(sql).await.unwrap_err().to_string());
        }
        bare.close().await.unwrap();
        place
            .execute(&format!("DROP OWNED BY \"{role}\"; DROP ROLE \"{role}\""))
            .await;
        let wanted = [
            "GRANT USAGE ON SCHEMA s TO",
            "GRANT USAGE, CREATE ON SCHEMA s TO",
            "GRANT INSERT ON TABLE t TO",
            "connect as the owner of table t",
        ];
        for (said, wanted) in said.iter().zip(wanted) {
            assert!(said.contains(wanted) && said.contains(&role), "{said}");
        }
    });
}
