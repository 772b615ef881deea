//! Values that would not be what they were: they stop the change of their table.

use kickdb_core::diff::diff;

use super::*;

#[tokio::test]
async fn a_text_becomes_no_number_with_fewer_digits() {
    let written = [
        ("0.1", "real numeric decimal(30,2)"),
        ("1.50", "real numeric decimal(30,2)"),
        ("12", "real numeric decimal(30,2)"),
        ("-0.05", "real numeric decimal(30,2)"),
        ("+4930", ""),
        ("0.0", "real numeric decimal(30,2)"),
        ("1e3", "real numeric decimal(30,2)"),
        ("0.30000000000000004", "real numeric decimal(30,2)"),
        ("9007199254740992", "real numeric decimal(30,2)"),
        ("9007199254740993", "numeric decimal(30,2)"),
        ("9223372036854775807", "numeric decimal(30,2)"),
        ("9007199254740993.0", ""),
        ("12345678901234567890", ""),
        ("1.234567890123456789", ""),
        ("1e400", ""),
        ("1e-400", ""),
        ("7\n", ""),
    ];
    for ty in ["real", "numeric", "decimal(30,2)"] {
        let from = "CREATE TABLE t (id integer PRIMARY KEY, a text);";
        let to = format!("CREATE TABLE t (id integer PRIMARY KEY, a {ty});");
        let (before, after) = (schema_of(from).await, schema_of(&to).await);
        let (up, down) = (alter(&before, &after, "t", &[]), alter(&after, &before, "t", &[]));
        for (value, kept_by) in written {
            let mut database = Database::with(from).await;
            database.execute(&format!("INSERT INTO t VALUES (4, '{value}')")).await;
            let fits = kept_by.split(' ').any(|kept_by| kept_by == ty);
            match database.run(&up).await {
                Ok(()) => {
                    assert!(fits, "{value} as {ty}");
                    database.run(&down).await.unwrap();
                    database.run(&up).await.unwrap();
                    let same = format!("SELECT (a = CAST('{value}' AS numeric)) || '' FROM t");
                    assert_eq!(database.rows(&same).await, ["1"], "{value} as {ty}");
                }
                Err(error) => {
                    assert!(!fits, "{value} as {ty}: {error}");
                    assert!(error.contains("holds exactly, in the row with id 4"), "{error}");
                    assert_eq!(database.rows("SELECT a FROM t").await, [value]);
                }
            }
        }
    }
}

/// As the number of a row, NULL asks SQLite for a number.
#[tokio::test]
async fn a_null_becomes_no_number_of_a_row() {
    let to = "CREATE TABLE t (id INTEGER PRIMARY KEY, v text);";
    for from in [
        "CREATE TABLE t (id INT PRIMARY KEY, v text);",
        "CREATE TABLE t (id INTEGER PRIMARY KEY DESC, v text);",
        "CREATE TABLE t (id TEXT PRIMARY KEY, v text);",
        "CREATE TABLE t (id INTEGER UNIQUE, v text);",
        "CREATE TABLE t (id INTEGER, v text PRIMARY KEY);",
    ] {
        let script = alter(&schema_of(from).await, &schema_of(to).await, "t", &[]);
        let mut database = Database::with(from).await;
        database
            .execute("INSERT INTO t VALUES (5, 'a'), (NULL, 'b'), (NULL, 'c')")
            .await;
        let error = database.run(&script).await.unwrap_err();
        assert!(
            error.contains("cannot make t.id the number of its rows: 2 of them hold NULL"),
            "{error}"
        );
        let rows = "SELECT coalesce(id, '-') || v FROM t ORDER BY v";
        assert_eq!(database.rows(rows).await, ["5a", "-b", "-c"]);
        database
            .execute("UPDATE t SET id = 8 WHERE v = 'b'; UPDATE t SET id = 9 WHERE v = 'c'")
            .await;
        database.run(&script).await.unwrap();
        assert_eq!(database.rows(rows).await, ["5a", "8b", "9c"], "{script:#?}");
    }
}

/// What the hazard of a virtual table that goes says to write where it was renamed.
#[tokio::test]
async fn a_virtual_table_is_renamed_by_hand() {
    let from = "CREATE VIRTUAL TABLE f USING fts5(a, b); CREATE VIRTUAL TABLE r USING rtree(id, x0, x1);";
    let to = "CREATE VIRTUAL TABLE g USING fts5(a, b); CREATE VIRTUAL TABLE s USING rtree(id, x0, x1);";
    let mut database = Database::with(from).await;
    database
        .execute("INSERT INTO f VALUES ('x', 'y'); ALTER TABLE f RENAME TO g; ALTER TABLE r RENAME TO s")
        .await;
    let (renamed, wanted) = (database.schema().await, schema_of(to).await);
    assert_eq!(diff(&renamed, &wanted, &Renames::default()).changes, []);
    assert_eq!(database.rows("SELECT b FROM g('x')").await, ["y"]);
}

/// The columns of a virtual table hold anything, and its rows break no constraint of a table.
#[tokio::test]
async fn a_virtual_table_becomes_no_table_that_cannot_hold_its_rows() {
    let fts = "CREATE VIRTUAL TABLE t USING fts5(a, b);";
    for (row, to, error) in [
        (
            "'abc', NULL",
            "(a integer, b text)",
            "'abc'' is not a whole number as it is written, in the row with rowid 3",
        ),
        ("'007', NULL", "(a numeric, b text)", "cannot convert t.a: ''007''"),
        ("'007', NULL", "(a datetime, b text)", "cannot convert t.a: ''007''"),
        (
            "NULL, 'x'",
            "(a integer PRIMARY KEY, b text)",
            "cannot make t.a the number of its rows: 1 of them hold NULL",
        ),
        ("1, NULL", "(a integer, b text NOT NULL)", "NOT NULL constraint failed"),
        (
            "'x', 5), (4, 'x', 6",
            "(a text UNIQUE ON CONFLICT REPLACE, b integer)",
            "UNIQUE constraint failed",
        ),
        (
            "'x', 5), (4, NULL, 6",
            "(a text NOT NULL ON CONFLICT IGNORE, b integer)",
            "NOT NULL constraint failed",
        ),
        (
            "'', 5",
            "(a text CHECK (a <> ''), b integer)",
            "CHECK constraint failed",
        ),
    ] {
        let to = format!("CREATE TABLE t {to};");
        let script = plan(
            &schema_of(fts).await,
            &schema_of(&to).await,
            &Renames::default(),
            sqlite(),
        )
        .unwrap()
        .up;
        let mut database = Database::with(fts).await;
        database
            .execute(&format!("INSERT INTO t (rowid, a, b) VALUES (3, {row})"))
            .await;
        let rows = "SELECT rowid, quote(a), quote(b) FROM t";
        let before = database.rows(rows).await;
        let said = database.run(&script).await.expect_err(&to);
        assert!(said.contains(error), "{to}: {said}");
        assert_eq!(database.rows(rows).await, before);
    }
    // What fits is what it was, as the type has it.
    for (row, to, kept) in [
        ("1, 2.5", "(a integer, b numeric)", ["1", "2.5"]),
        ("'12', 0.1", "(a integer, b text)", ["12", "'0.1'"]),
        ("NULL, 'x'", "(a text NOT NULL DEFAULT 'y', b text)", ["'y'", "'x'"]),
        ("1, x'00'", "(a real, b blob)", ["1.0", "X'00'"]),
        ("2, 'x'", "(a any, b text) STRICT", ["2", "'x'"]),
    ] {
        let to = format!("CREATE TABLE t {to};");
        let script = plan(
            &schema_of(fts).await,
            &schema_of(&to).await,
            &Renames::default(),
            sqlite(),
        )
        .unwrap()
        .up;
        let mut database = Database::with(fts).await;
        database
            .execute(&format!("INSERT INTO t (rowid, a, b) VALUES (3, {row})"))
            .await;
        database.run(&script).await.unwrap();
        assert_eq!(
            database.rows("SELECT quote(a), quote(b) FROM t").await,
            [kept.join(" | ")],
            "{to}"
        );
    }
}

/// `uuid` and `json` are types that SQLite knows nothing of: their columns hold bytes as well.
#[tokio::test]
async fn bytes_among_texts_stay_bytes() {
    for (one, other, values) in [
        ("uuid", "text", "(1, x'ff00'), (2, 'x'), (3, 0.1), (4, 7)"),
        ("json", "varchar(9)", "(1, x'31'), (2, '{}'), (3, NULL)"),
    ] {
        let table = |ty: &str| format!("CREATE TABLE t (id integer PRIMARY KEY, a {ty});");
        let (before, after) = (schema_of(&table(one)).await, schema_of(&table(other)).await);
        let mut database = Database::with(&table(one)).await;
        database.execute(&format!("INSERT INTO t VALUES {values}")).await;
        let rows = "SELECT quote(a) FROM t ORDER BY id";
        let held = database.rows(rows).await;
        database.run(&alter(&before, &after, "t", &[])).await.unwrap();
        let bytes = database.rows("SELECT typeof(a) FROM t WHERE id = 1").await;
        assert_eq!(bytes, ["blob"], "{one}");
        database.run(&alter(&after, &before, "t", &[])).await.unwrap();
        assert_eq!(database.rows(rows).await, held, "{one}");
    }
}

#[tokio::test]
async fn a_text_among_bytes_becomes_no_other_one() {
    let from = "CREATE TABLE t (id integer PRIMARY KEY, a blob);";
    let to = "CREATE TABLE t (id integer PRIMARY KEY, a datetime);";
    let script = alter(&schema_of(from).await, &schema_of(to).await, "t", &[]);
    for text in ["007", " 1", "1e400", "1.50"] {
        let mut database = Database::with(from).await;
        database.execute(&format!("INSERT INTO t VALUES (4, '{text}')")).await;
        let error = database.run(&script).await.unwrap_err();
        assert!(
            error.contains("is a number but not written as one, in the row with id 4"),
            "{error}"
        );
    }
    let mut database = Database::with(from).await;
    database
        .execute("INSERT INTO t VALUES (1, x'00'), (2, '2024-01-01'), (3, 7)")
        .await;
    database.run(&script).await.unwrap();
    assert_eq!(
        database.rows("SELECT quote(a) FROM t").await,
        ["X'00'", "'2024-01-01'", "7"]
    );
}
