//! Tables that change, with rows in them and in the tables around them.

use kickdb_core::diff::{Backfills, diff, fill};
use kickdb_core::plan::plan_changes;

use super::*;

/// Applies a change on a database with rows, forward and back; each side must be what its SQL says.
struct Case {
    from: &'static str,
    to: &'static str,
    rows: &'static str,
    renamed: &'static [(&'static str, &'static str)],
    rebuild: bool,
    look: &'static str,
    after: &'static [&'static str],
    back: &'static [&'static str],
}

async fn check(case: Case) {
    let (from, to) = (schema_of(case.from).await, schema_of(case.to).await);
    let mut database = Database::with(case.from).await;
    database.execute(case.rows).await;
    let script = alter(&from, &to, "t", case.renamed);
    assert_eq!(is_rebuild(&script), case.rebuild, "{script:#?}");
    database
        .run(&script)
        .await
        .unwrap_or_else(|error| panic!("{error}\n{script:#?}"));
    assert_eq!(database.schema().await, to);
    assert_eq!(database.rows(case.look).await, case.after);

    let back: Vec<(&str, &str)> = case.renamed.iter().rev().map(|(from, to)| (*to, *from)).collect();
    let script = alter(&to, &from, "t", &back);
    database
        .run(&script)
        .await
        .unwrap_or_else(|error| panic!("{error}\n{script:#?}"));
    assert_eq!(database.schema().await, from);
    let look = case.look.replace("new_name", "old_name");
    assert_eq!(database.rows(&look).await, case.back);
}

#[tokio::test]
async fn columns_come_and_go_in_place() {
    check(Case {
        from: "CREATE TABLE t (id integer PRIMARY KEY, a text); CREATE INDEX t_a ON t (a);",
        to: r#"CREATE TABLE t (id integer PRIMARY KEY, a text, b integer NOT NULL DEFAULT 7, "created at" varchar(40),
               ref integer, twice integer AS (b * 2), mood text DEFAULT 'ok' NOT NULL,
               CONSTRAINT t_fk FOREIGN KEY (ref) REFERENCES t (id) ON DELETE CASCADE,
               CONSTRAINT mood_check CHECK (mood IN ('ok', 'it''s')));
               CREATE INDEX t_b ON t (b) WHERE b > 0; CREATE INDEX t_a ON t (a);"#,
        rows: "INSERT INTO t VALUES (1, 'x'), (2, NULL);",
        renamed: &[],
        rebuild: false,
        look: "SELECT id || '', a FROM t ORDER BY id",
        after: &["1 | x", "2 | "],
        back: &["1 | x", "2 | "],
    })
    .await;
}

/// The trap: with foreign keys on, dropping the old table deletes the children's rows, and nobody says a word.
#[tokio::test]
async fn a_rebuild_keeps_children_indexes_and_itself() {
    check(Case {
        from: "CREATE TABLE t (id integer PRIMARY KEY, a text, up integer, CONSTRAINT up FOREIGN KEY (up) REFERENCES t (id) ON DELETE CASCADE);
               CREATE TABLE child (id integer PRIMARY KEY, t integer NOT NULL, CONSTRAINT c FOREIGN KEY (t) REFERENCES t (id) ON DELETE CASCADE);
               CREATE INDEX t_a ON t (a) WHERE a <> '';",
        to: "CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL DEFAULT 'none', up integer, CONSTRAINT up FOREIGN KEY (up) REFERENCES t (id) ON DELETE SET NULL,
               CONSTRAINT a_check CHECK (a <> 'bad'), CONSTRAINT a_key UNIQUE (a, id));
             CREATE TABLE child (id integer PRIMARY KEY, t integer NOT NULL, CONSTRAINT c FOREIGN KEY (t) REFERENCES t (id) ON DELETE CASCADE);
             CREATE INDEX t_a ON t (a) WHERE a <> '';",
        rows: "INSERT INTO t VALUES (1, 'x', NULL), (2, NULL, 1); INSERT INTO child VALUES (10, 1), (11, 2);",
        renamed: &[],
        rebuild: true,
        look: "SELECT t.id || '', a, child.id || '' FROM t JOIN child ON child.t = t.id ORDER BY t.id",
        after: &["1 | x | 10", "2 | none | 11"],
        back: &["1 | x | 10", "2 | none | 11"],
    })
    .await;
}

#[tokio::test]
async fn a_renamed_column_is_renamed_everywhere() {
    check(Case {
        from: r#"CREATE TABLE t (old_name integer PRIMARY KEY, b text, c integer AS (old_name + 1), CONSTRAINT k CHECK (old_name > 0 AND b <> 'old_name'));
                 CREATE TABLE child (t integer, CONSTRAINT c FOREIGN KEY (t) REFERENCES t (old_name));
                 CREATE INDEX i ON t (b, lower(old_name)) WHERE old_name > 5;"#,
        to: r#"CREATE TABLE t (new_name integer PRIMARY KEY, b text NOT NULL, c integer AS (new_name + 1), CONSTRAINT k CHECK (new_name > 0 AND b <> 'old_name'));
               CREATE TABLE child (t integer, CONSTRAINT c FOREIGN KEY (t) REFERENCES t (new_name));
               CREATE INDEX i ON t (b, lower(new_name)) WHERE new_name > 5;"#,
        rows: "INSERT INTO t (old_name, b) VALUES (1, 'x'); INSERT INTO child VALUES (1);",
        renamed: &[("old_name", "new_name")],
        rebuild: true,
        look: "SELECT new_name || '', b FROM t",
        after: &["1 | x"],
        back: &["1 | x"],
    })
    .await;
}

#[tokio::test]
async fn names_may_change_places() {
    check(Case {
        from: "CREATE TABLE t (a integer, b text, c text, d text);",
        to: "CREATE TABLE t (b integer, a text, d text);",
        rows: "INSERT INTO t VALUES (1, 'x', 'y', 'z');",
        renamed: &[("a", "b"), ("b", "a"), ("c", "d")],
        rebuild: false,
        look: "SELECT b || '', a, d FROM t",
        after: &["1 | x | y"],
        back: &["x | 1 | "],
    })
    .await;
}

#[tokio::test]
async fn a_column_that_is_in_use_goes_by_a_rebuild() {
    check(Case {
        from: "CREATE TABLE t (id text PRIMARY KEY, a integer, b integer REFERENCES t (id), CHECK (a > 0), UNIQUE (a)) STRICT;",
        to: "CREATE TABLE t (id text PRIMARY KEY) STRICT;",
        rows: "INSERT INTO t VALUES ('k', 4, NULL);",
        renamed: &[],
        rebuild: true,
        look: "SELECT * FROM t",
        after: &["k"],
        back: &["k |  | "],
    })
    .await;
}

#[tokio::test]
async fn every_column_may_be_another_one() {
    check(Case {
        from: "CREATE TABLE t (a text, b text);",
        to: "CREATE TABLE t (c text DEFAULT (upper('new')), d integer);",
        rows: "INSERT INTO t VALUES ('x', 'y'), ('z', NULL);",
        renamed: &[],
        rebuild: true,
        look: "SELECT * FROM t",
        after: &["NEW | ", "NEW | "],
        back: &[" | ", " | "],
    })
    .await;
}

#[tokio::test]
async fn a_default_that_differs_per_row_is_computed_per_row() {
    let (from, to) = (
        "CREATE TABLE t (a text);",
        "CREATE TABLE t (a text, id text NOT NULL DEFAULT (lower(hex(randomblob(16)))), at text DEFAULT CURRENT_TIMESTAMP);",
    );
    let mut database = Database::with(from).await;
    database.execute("INSERT INTO t VALUES ('x'), ('y');").await;
    let script = alter(&schema_of(from).await, &schema_of(to).await, "t", &[]);
    database.run(&script).await.unwrap();
    assert_eq!(
        database
            .rows("SELECT count(DISTINCT id) || '', count(at) || '' FROM t")
            .await,
        ["2 | 2"]
    );
}

#[tokio::test]
async fn types_change_with_every_value_kept() {
    check(Case {
        from: "CREATE TABLE t (id integer PRIMARY KEY, a text, b integer, c real, d text, e varchar(100), f blob);",
        to: "CREATE TABLE t (id integer PRIMARY KEY, a integer, b text, c text, d numeric, e varchar(3), f text);",
        rows: "INSERT INTO t VALUES (1, '42', 7, 0.1, '1.5', 'longer', x'616263'), (2, NULL, NULL, 0.30000000000000004, '-3', 'é', NULL);",
        renamed: &[],
        rebuild: true,
        look: "SELECT quote(a), quote(b), quote(c), quote(d), quote(e), quote(f) FROM t",
        after: &["42 | '7' | '0.1' | 1.5 | 'longer' | 'abc'", "NULL | NULL | '0.30000000000000004' | -3 | 'é' | NULL"],
        back: &["'42' | 7 | 0.1 | '1.5' | 'longer' | X'616263'", "NULL | NULL | 3.000000000000000445e-01 | '-3' | 'é' | NULL"],
    })
    .await;
}

/// Outside of strict tables a column of whole numbers or of bytes holds any number.
#[tokio::test]
async fn a_number_that_its_column_is_not_for_keeps_all_its_digits() {
    for (before, after, found) in [
        ("integer", "text", ["'0.30000000000000004'", "'7'", "'x'"]),
        (
            "integer",
            "blob",
            ["X'302E3330303030303030303030303030303034'", "X'37'", "X'78'"],
        ),
        ("blob", "text", ["'0.30000000000000004'", "'7'", "'x'"]),
        ("blob", "datetime", ["3.000000000000000445e-01", "7", "'x'"]),
    ] {
        let from = format!(
            "CREATE TABLE t (id integer PRIMARY KEY, a {before}); INSERT INTO t VALUES (1, 0.30000000000000004), (2, 7), (3, 'x');"
        );
        let to = format!("CREATE TABLE t (id integer PRIMARY KEY, a {after});");
        let script = alter(&schema_of(&from).await, &schema_of(&to).await, "t", &[]);
        let mut database = Database::with(&from).await;
        database.run(&script).await.unwrap();
        assert_eq!(
            database.rows("SELECT quote(a) FROM t ORDER BY id").await,
            found,
            "{script:#?}"
        );
    }
}

#[tokio::test]
async fn a_value_that_does_not_convert_stops_it_all() {
    let from = "CREATE TABLE t (id integer PRIMARY KEY, a text); INSERT INTO t VALUES (1, '42'), (9, '12 apples');";
    let to = "CREATE TABLE t (id integer PRIMARY KEY, a integer);";
    let mut database = Database::with(from).await;
    let script = alter(&schema_of(from).await, &schema_of(to).await, "t", &[]);
    let error = database.run(&script).await.unwrap_err();
    assert!(
        error.contains("cannot convert t.a: ") && error.contains("12 apples"),
        "{error}"
    );
    assert!(
        error.contains("is not a whole number as it is written, in the row with id 9"),
        "{error}"
    );
    assert_eq!(database.schema().await, schema_of(from).await);
    assert_eq!(database.rows("SELECT quote(a) FROM t").await, ["'42'", "'12 apples'"]);
    for (value, fits) in [
        ("-7", true),
        ("00742", false),
        (" 7", false),
        ("1.0", false),
        ("1.5", false),
        ("", false),
        ("9223372036854775807", true),
        ("9223372036854775808", false),
        ("0x10", false),
        ("1e2", false),
    ] {
        database
            .execute(&format!("DELETE FROM t; INSERT INTO t VALUES (1, '{value}')"))
            .await;
        assert_eq!(database.run(&script).await.is_ok(), fits, "{value}");
        if fits {
            let back = alter(&schema_of(to).await, &schema_of(from).await, "t", &[]);
            database.run(&back).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_counter_goes_on_where_it_was() {
    let from = "CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT, a text);";
    let to = "CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT, a text NOT NULL);";
    let mut database = Database::with(from).await;
    database
        .execute("INSERT INTO t VALUES (1, 'x'), (50, 'y'); DELETE FROM t WHERE id = 50;")
        .await;
    database
        .run(&alter(&schema_of(from).await, &schema_of(to).await, "t", &[]))
        .await
        .unwrap();
    database.execute("INSERT INTO t (a) VALUES ('z')").await;
    assert_eq!(database.rows("SELECT id || '' FROM t").await, ["1", "51"]);
    assert_eq!(database.rows("SELECT name FROM sqlite_sequence").await, ["t"]);
}

#[tokio::test]
async fn views_and_triggers_elsewhere_go_on() {
    let tables = "CREATE TABLE t (id integer PRIMARY KEY, a text); CREATE TABLE log (what text);";
    let others =
        "CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER tr AFTER INSERT ON log BEGIN UPDATE t SET a = new.what; END;";
    let to = "CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL); CREATE TABLE log (what text);";
    let mut database = Database::with(&format!("{tables}{others}INSERT INTO t VALUES (1, 'x');")).await;
    database
        .run(&alter(&schema_of(tables).await, &schema_of(to).await, "t", &[]))
        .await
        .unwrap();
    database.execute("INSERT INTO log VALUES ('y')").await;
    assert_eq!(database.rows("SELECT a FROM v").await, ["y"]);
    assert_eq!(
        database
            .rows("SELECT legacy_alter_table || '' FROM pragma_legacy_alter_table")
            .await,
        ["0"]
    );
}

#[tokio::test]
async fn a_renamed_table_is_renamed_where_it_is_pointed_to() {
    let from = "CREATE TABLE t (id integer PRIMARY KEY, up integer CONSTRAINT u REFERENCES t (id), CONSTRAINT k CHECK (t.id > 0));
        CREATE TABLE child (t integer CONSTRAINT c REFERENCES t (id)); CREATE INDEX i ON t (up); INSERT INTO t VALUES (1, 1);";
    let mut database = Database::with(from).await;
    for (old, new) in [("t", "new name"), ("new name", "NEW NAME"), ("NEW NAME", "t")] {
        let mut steps = Steps::default();
        sqlite()
            .rename_table(&Qualified::local(name(old)), &Qualified::local(name(new)), &mut steps)
            .unwrap();
        database.run(&steps.finish()).await.unwrap();
        let schema = database.schema().await;
        let target = Qualified::local(name(new));
        assert_eq!(table(&schema, new).foreign_keys[&name("u")].references, target);
        assert_eq!(table(&schema, "child").foreign_keys[&name("c")].references, target);
    }
    assert_eq!(database.schema().await, schema_of(from).await);
}

#[tokio::test]
async fn dropping_a_parent_deletes_no_child() {
    let both = "CREATE TABLE a (id integer PRIMARY KEY, b integer REFERENCES b (id) ON DELETE CASCADE);
        CREATE TABLE b (id integer PRIMARY KEY, a integer REFERENCES a (id) ON DELETE CASCADE);
        INSERT INTO a VALUES (1, NULL); INSERT INTO b VALUES (1, 1);";
    let mut database = Database::with(both).await;
    let schema = database.schema().await;
    let drop = |names: &[&str]| {
        let mut to = schema.clone();
        to.tables.retain(|table, _| !names.contains(&table.name.as_str()));
        plan(&schema, &to, &Renames::default(), sqlite()).unwrap().up
    };
    assert!(database.run(&drop(&["a"])).await.is_err(), "b still points to it");
    assert_eq!(database.rows("SELECT id || '' FROM b").await, ["1"]);
    database.run(&drop(&["a", "b"])).await.unwrap();
    assert!(database.schema().await.is_empty());
}

#[tokio::test]
async fn keys_that_come_get_other_values_in_each_row_and_foreign_keys_a_row_that_is_there() {
    let from = "CREATE TABLE people (id text PRIMARY KEY); CREATE TABLE tasks (title text);";
    let to = "CREATE TABLE people (id text PRIMARY KEY);
        CREATE TABLE tasks (title text, number text NOT NULL UNIQUE, owner text NOT NULL REFERENCES people (id));";
    let (before, after) = (schema_of(from).await, schema_of(to).await);
    let mut database = Database::with(from).await;
    database
        .execute("INSERT INTO people VALUES ('b'), ('a'); INSERT INTO tasks VALUES ('one'), ('two'), ('three')")
        .await;
    let changes = diff(&before, &after, &Renames::default()).changes;
    let (changes, filled) = fill(changes, &after, &Backfills::default(), sqlite());
    assert_eq!(filled.len(), 2);
    let plan = plan_changes(&before, &changes, sqlite()).unwrap();
    database.run(&plan.up).await.unwrap();
    assert_eq!(database.schema().await, after);
    let rows = "SELECT count(DISTINCT number), min(owner), max(owner) FROM tasks";
    assert_eq!(database.rows(rows).await, ["3 | a | a"]);
    database.run(&plan.down).await.unwrap();
    assert_eq!(database.schema().await, before);
}

#[tokio::test]
async fn no_two_rows_are_alike_in_a_key_that_comes() {
    let from = "CREATE TABLE person (id integer PRIMARY KEY); CREATE TABLE profile (id integer PRIMARY KEY, bio text);
        CREATE TABLE role (person int, name text, PRIMARY KEY (person, name)); CREATE TABLE page (id integer PRIMARY KEY, title text);
        CREATE TABLE file (id int PRIMARY KEY, path text); CREATE TABLE seat (note text);";
    let to = "CREATE TABLE person (id integer PRIMARY KEY);
        CREATE TABLE profile (person int NOT NULL PRIMARY KEY REFERENCES person (id), bio text);
        CREATE TABLE role (person int, number int NOT NULL, PRIMARY KEY (person, number));
        CREATE TABLE page (id integer PRIMARY KEY, title text, slug text NOT NULL, site int NOT NULL);
        CREATE UNIQUE INDEX page_slug ON page (slug); CREATE UNIQUE INDEX page_site ON page (site, id);
        CREATE TABLE file (path text, hash blob NOT NULL PRIMARY KEY); CREATE TABLE seat (note text, person integer PRIMARY KEY REFERENCES person (id));";
    let (before, after) = (schema_of(from).await, schema_of(to).await);
    let mut database = Database::with(from).await;
    database
        .execute(
            "INSERT INTO person VALUES (5), (9), (11); INSERT INTO profile VALUES (1, 'x'), (2, 'y');
             INSERT INTO role VALUES (5, 'a'), (5, 'b'); INSERT INTO page VALUES (1, 'a'), (2, 'b'); INSERT INTO file VALUES (1, 'a'), (2, 'b');
             INSERT INTO seat VALUES ('s'), ('t')",
        )
        .await;
    let changes = diff(&before, &after, &Renames::default()).changes;
    let (changes, _) = fill(changes, &after, &Backfills::default(), sqlite());
    let plan = plan_changes(&before, &changes, sqlite()).unwrap();
    database.run(&plan.up).await.unwrap();
    assert_eq!(database.schema().await, after);
    let rows = "SELECT bio, person FROM profile UNION SELECT title, site FROM page UNION SELECT note, person FROM seat ORDER BY 1";
    assert_eq!(
        database.rows(rows).await,
        ["a | 0", "b | 0", "s | 5", "t | 9", "x | 5", "y | 9"]
    );
    let changes = diff(&after, &before, &Renames::default()).changes;
    let (changes, _) = fill(changes, &before, &Backfills::default(), sqlite());
    let back = plan_changes(&after, &changes, sqlite()).unwrap().up;
    database.run(&back).await.unwrap();
    assert_eq!(database.schema().await, before);
}

#[tokio::test]
async fn an_index_of_words_that_comes_finds_the_rows_that_are_there() {
    let from = "CREATE TABLE t (id integer PRIMARY KEY, a text);";
    let to = "CREATE TABLE t (id integer PRIMARY KEY, a text);
        CREATE VIRTUAL TABLE s USING fts5(a, content='t', content_rowid='id');";
    let (before, after) = (schema_of(from).await, schema_of(to).await);
    let mut database = Database::with(from).await;
    database.execute("INSERT INTO t VALUES (3, 'x')").await;
    let plan = plan(&before, &after, &Renames::default(), sqlite()).unwrap();
    for _ in 0..2 {
        database.run(&plan.up).await.unwrap();
        assert_eq!(database.rows("SELECT rowid || a FROM s('x')").await, ["3x"]);
        database.run(&plan.down).await.unwrap();
        assert_eq!(database.schema().await, before);
    }
}

#[tokio::test]
async fn values_that_rows_get_start_no_trigger() {
    let triggers = "CREATE TRIGGER touch AFTER UPDATE ON u BEGIN UPDATE u SET touched = 2000 WHERE id = new.id; END;
        CREATE TRIGGER other AFTER UPDATE OF touched ON u BEGIN SELECT raise(ABORT, 'no'); END;";
    let from = format!("CREATE TABLE u (id integer PRIMARY KEY, touched int); {triggers}");
    let to = format!("CREATE TABLE u (id integer PRIMARY KEY, touched int, code text NOT NULL UNIQUE); {triggers}");
    let (before, after) = (schema_of(&from).await, schema_of(&to).await);
    let mut database = Database::with(&from).await;
    database.execute("INSERT INTO u VALUES (1, 7), (2, 8)").await;
    let changes = diff(&before, &after, &Renames::default()).changes;
    let (changes, _) = fill(changes, &after, &Backfills::default(), sqlite());
    let plan = plan_changes(&before, &changes, sqlite()).unwrap();
    database.run(&plan.up).await.unwrap();
    assert_eq!(database.schema().await, after);
    let rows = "SELECT touched || '' FROM u ORDER BY id";
    assert_eq!(database.rows(rows).await, ["7", "8"], "{:#?}", plan.up);
    database.run(&plan.down).await.unwrap();
    assert_eq!(database.schema().await, before);
}

#[tokio::test]
async fn a_post_code_does_not_become_a_number() {
    let from = "CREATE TABLE t (id integer PRIMARY KEY, a text);";
    let to = "CREATE TABLE t (id integer PRIMARY KEY, a numeric);";
    let script = alter(&schema_of(from).await, &schema_of(to).await, "t", &[]);
    let written = [
        ("1.50", true),
        ("0.5", true),
        ("00742", false),
        ("-01.5", false),
        ("7 ", false),
    ];
    for (value, fits) in written {
        let mut database = Database::with(from).await;
        database.execute(&format!("INSERT INTO t VALUES (1, '{value}')")).await;
        assert_eq!(database.run(&script).await.is_ok(), fits, "{value}");
    }
}
