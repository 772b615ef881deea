//! Pairs of schemas in SQL, with rows: from the first to the second and back, on the engine.

use kickdb_core::diff::{Backfills, diff, fill};
use kickdb_core::plan::{plan_changes, read, write};

use super::*;
use crate::there_and_back::renames;

/// A change that must come out right both ways.
struct Pair {
    from: &'static str,
    to: &'static str,
    /// A query whose answer must be the same before and after, up and down; empty where nothing is to be looked at.
    look: &'static str,
    /// What takes another name, as `old=new table.old=new`.
    renames: &'static str,
}

const fn pair(from: &'static str, to: &'static str, look: &'static str) -> Pair {
    Pair {
        from,
        to,
        look,
        renames: "",
    }
}

const fn renamed(from: &'static str, to: &'static str, look: &'static str, renames: &'static str) -> Pair {
    Pair {
        from,
        to,
        look,
        renames,
    }
}

const OBJECTS: &[Pair] = &[
    // Rows keep their numbers, by which an index for full text search knows them.
    pair(
        "CREATE TABLE p (title text); INSERT INTO p VALUES ('a1'), ('b2'), ('c3'); DELETE FROM p WHERE rowid = 2;
         CREATE VIRTUAL TABLE f USING fts5(title, content='p'); INSERT INTO f (f) VALUES ('rebuild');",
        "CREATE TABLE p (title text NOT NULL); CREATE VIRTUAL TABLE f USING fts5(title, content='p');",
        "SELECT p.rowid || p.title FROM f JOIN p ON p.rowid = f.rowid WHERE f MATCH 'c3'",
    ),
    // Without numbers, and for a moment without a key.
    pair(
        "CREATE TABLE kv (ns text NOT NULL DEFAULT 'a', k text NOT NULL, n int, PRIMARY KEY (ns, k)) WITHOUT ROWID; INSERT INTO kv VALUES ('a', 'x', 1), ('b', 'y', 2);",
        "CREATE TABLE kv (k text NOT NULL PRIMARY KEY, n int NOT NULL DEFAULT 0) WITHOUT ROWID;",
        "SELECT k || n FROM kv ORDER BY k",
    ),
    pair(
        "CREATE TABLE s (k text, n text); INSERT INTO s VALUES ('a', 'b'), ('b', 'c');",
        "CREATE TABLE s (k text NOT NULL, n text NOT NULL DEFAULT 'y', PRIMARY KEY (k, n)) WITHOUT ROWID;",
        "SELECT k || n FROM s ORDER BY k",
    ),
    // A new key and new unique columns where rows have no numbers, before or from now on: each row gets a value of its own.
    pair(
        "CREATE TABLE t (a text NOT NULL PRIMARY KEY, b int) WITHOUT ROWID; INSERT INTO t VALUES ('x', 1), ('y', 2), ('z', NULL);",
        "CREATE TABLE t (id int NOT NULL PRIMARY KEY, a text NOT NULL, b int) WITHOUT ROWID;",
        "SELECT a || coalesce(b, '-') FROM t ORDER BY a",
    ),
    pair(
        "CREATE TABLE t (a text NOT NULL COLLATE nocase, k blob NOT NULL, b int, PRIMARY KEY (k, a)) WITHOUT ROWID;
         INSERT INTO t VALUES ('x', x'00', 1), ('y', x'00', 2), ('x', x'01', NULL);",
        "CREATE TABLE t (a text NOT NULL COLLATE nocase, k blob NOT NULL, c blob NOT NULL UNIQUE, b int, PRIMARY KEY (k, a)) WITHOUT ROWID;",
        "SELECT a || hex(k) || coalesce(b, '-') FROM t ORDER BY k, a",
    ),
    pair(
        "CREATE TABLE t (a text, b int); INSERT INTO t VALUES ('x', 1), ('y', 2), (NULL, NULL);",
        "CREATE TABLE t (id text NOT NULL PRIMARY KEY, a text, b int, d int NOT NULL UNIQUE) WITHOUT ROWID;",
        "SELECT coalesce(a, '-') || coalesce(b, '-') FROM t ORDER BY a",
    ),
    pair(
        "CREATE TABLE p (id int NOT NULL PRIMARY KEY) WITHOUT ROWID; INSERT INTO p VALUES (7), (8), (9);
         CREATE TABLE t (a text NOT NULL PRIMARY KEY) WITHOUT ROWID; INSERT INTO t VALUES ('x'), ('y');",
        "CREATE TABLE p (id int NOT NULL PRIMARY KEY) WITHOUT ROWID;
         CREATE TABLE t (a text NOT NULL PRIMARY KEY, p int NOT NULL UNIQUE REFERENCES p (id)) WITHOUT ROWID;",
        "SELECT a FROM t ORDER BY a",
    ),
    // A table whose name an index of words takes, and one that others point at: the rows go along.
    pair(
        "CREATE TABLE t (id integer PRIMARY KEY, a text, c text NOT NULL); CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT a FROM t;
         CREATE TABLE o (x integer, t integer REFERENCES t (id) ON DELETE CASCADE); CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END;
         INSERT INTO t VALUES (7, 'x', ''), (9, NULL, ''); INSERT INTO o VALUES (1, 7);",
        "CREATE VIRTUAL TABLE t USING fts5(b, a); CREATE VIEW v AS SELECT a FROM t; CREATE TABLE o (x integer, t integer);
         CREATE TABLE p (x integer); CREATE INDEX i ON p (x);",
        "SELECT rowid || ' ' || coalesce(a, '-') FROM t UNION ALL SELECT x || ' ' || t FROM o ORDER BY 1",
    ),
    pair(
        "CREATE TABLE t (a text PRIMARY KEY, c text) WITHOUT ROWID; INSERT INTO t VALUES ('x', 'y'), ('z', NULL);",
        "CREATE VIRTUAL TABLE t USING fts4(a, b, tokenize=porter);",
        "SELECT a FROM t ORDER BY a",
    ),
    // A table of boxes, the number of each under another name.
    pair(
        "CREATE TABLE t (n integer PRIMARY KEY, x0 real, x1 real, label text); INSERT INTO t VALUES (7, 1, 2, 'x'), (8, 1.5, 4, NULL);",
        "CREATE VIRTUAL TABLE t USING rtree(id, x0, x1, +label); CREATE TABLE t_mine (a integer);",
        "SELECT rowid || ' ' || x0 || ' ' || x1 || coalesce(label, '-') FROM t ORDER BY 1",
    ),
    // The rows of an index are those of the table that it is of.
    pair(
        "CREATE TABLE t (id integer PRIMARY KEY, a text); INSERT INTO t VALUES (3, 'x');
         CREATE VIRTUAL TABLE s USING fts5(a, content='t', content_rowid='id');",
        "CREATE TABLE t (id integer PRIMARY KEY, a text); CREATE TABLE s (a text, b integer DEFAULT 1);",
        "SELECT a FROM s",
    ),
    // A view changes, comes, goes; one on another one.
    pair(
        "CREATE TABLE t (id integer PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'x'); CREATE VIEW v AS SELECT a FROM t;
         CREATE VIEW gone AS SELECT 1 AS one;",
        "CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL, b integer DEFAULT (1 + 1)); INSERT INTO t VALUES (1, 'x', 2);
         CREATE VIEW v(first, second) AS SELECT a, b FROM t -- both
         ; CREATE VIEW a_view_on_it AS SELECT first FROM v;",
        "SELECT id || '', a FROM t",
    ),
    // The triggers of a table that is made anew, and those of others that say it.
    pair(
        "CREATE TABLE t (id integer PRIMARY KEY, a text); CREATE TABLE log (what text); INSERT INTO t VALUES (1, 'x');
         CREATE TRIGGER kept AFTER INSERT ON T BEGIN INSERT INTO log VALUES ('a; b' || new.id); END;
         CREATE TRIGGER changed BEFORE UPDATE OF a ON t FOR EACH ROW WHEN new.a = 'q' BEGIN SELECT RAISE(ABORT, 'no'); END;
         CREATE TRIGGER other AFTER DELETE ON log BEGIN UPDATE t SET a = CASE WHEN a = 'x' THEN 'y' ELSE a END; END;",
        "CREATE TABLE t (id integer PRIMARY KEY, a text CHECK (a <> 'z'), c text); CREATE TABLE log (what text NOT NULL DEFAULT '');
         CREATE TRIGGER kept AFTER INSERT ON T BEGIN INSERT INTO log VALUES ('a; b' || new.id); END;
         CREATE TRIGGER changed BEFORE UPDATE OF a, c ON t FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'no'); END;
         CREATE TRIGGER other AFTER DELETE ON log BEGIN UPDATE t SET a = CASE WHEN a = 'x' THEN 'y' ELSE a END; END;",
        "SELECT id || '', a FROM t",
    ),
    // Triggers of a view go with it.
    pair(
        "CREATE TABLE t (id integer PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'x'); CREATE VIEW v AS SELECT id, a FROM t;
         CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new.id, new.a); END;
         CREATE TRIGGER vu INSTEAD OF UPDATE OF a ON v WHEN old.a <> new.a BEGIN UPDATE t SET a = new.a WHERE id = old.id; END;",
        "CREATE TABLE t (id integer PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'x'); CREATE VIEW v AS SELECT id, a, 1 AS n FROM t;
         CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new.id, new.a); END;",
        "SELECT id || '', a FROM t",
    ),
    // A column that views and triggers say goes in place.
    pair(
        "CREATE TABLE t (id integer PRIMARY KEY, a text, b text); INSERT INTO t VALUES (1, 'x', 'y'); CREATE VIEW v AS SELECT a, b FROM t;
         CREATE VIEW every AS SELECT * FROM t; CREATE TRIGGER tr AFTER UPDATE OF b ON t BEGIN SELECT new.b; END;",
        "CREATE TABLE t (id integer PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'x'); CREATE VIEW v AS SELECT a FROM t;
         CREATE VIEW every AS SELECT * FROM t;",
        "SELECT id || '', a FROM t",
    ),
    // What was a table is a view, and a trigger moves to another table.
    pair(
        "CREATE TABLE t (id integer PRIMARY KEY); CREATE TABLE u (id integer); CREATE TABLE w (a text);
         CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END; INSERT INTO t VALUES (1);",
        "CREATE TABLE t (id integer PRIMARY KEY); CREATE TABLE u (id integer); CREATE VIEW w AS SELECT id FROM t;
         CREATE TRIGGER tr AFTER INSERT ON u BEGIN SELECT 1; END; INSERT INTO t VALUES (1);",
        "SELECT id || '' FROM t",
    ),
    // A view over what is not there is no obstacle where a table is made anew.
    pair(
        "CREATE TABLE t (id integer PRIMARY KEY, a text); CREATE VIEW v AS SELECT * FROM nowhere; INSERT INTO t VALUES (1, 'x');",
        "CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL); CREATE VIEW v AS SELECT * FROM nowhere; INSERT INTO t VALUES (1, 'x');",
        "SELECT id || '', a FROM t",
    ),
    // Virtual tables and what they keep their content in.
    pair(
        "CREATE TABLE t (id integer PRIMARY KEY, b text); CREATE VIRTUAL TABLE s USING fts5(b, content='t', content_rowid='id');
         CREATE TRIGGER ai AFTER INSERT ON t BEGIN INSERT INTO s (rowid, b) VALUES (new.id, new.b); END;
         INSERT INTO t VALUES (1, 'word'); CREATE VIRTUAL TABLE notes USING fts5(title); INSERT INTO notes VALUES ('kept');",
        "CREATE TABLE t (id integer PRIMARY KEY, b text NOT NULL); CREATE VIRTUAL TABLE s USING fts5(b, content='t', content_rowid='id');
         CREATE TRIGGER ai AFTER INSERT ON t BEGIN INSERT INTO s (rowid, b) VALUES (new.id, new.b); END;
         INSERT INTO t VALUES (1, 'word'); CREATE VIRTUAL TABLE notes USING fts5(title); INSERT INTO notes VALUES ('kept');
         CREATE VIRTUAL TABLE \"odd \"\"name\" USING rtree(id, x0, x1);",
        "SELECT t.b, title FROM s JOIN t ON t.id = s.rowid, notes WHERE s MATCH 'word' AND notes MATCH 'kept'",
    ),
    // Virtual tables that become others keep what both have, or fill themselves from their content table.
    pair(
        "CREATE VIRTUAL TABLE notes USING fts5(title, body); INSERT INTO notes (rowid, title, body) VALUES (7, 'kept', 'gone');
         CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1); INSERT INTO boxes VALUES (1, 2, 3);
         CREATE TABLE t (id integer PRIMARY KEY, b text); INSERT INTO t VALUES (1, 'word');
         CREATE VIRTUAL TABLE s USING fts5(b, content='t', content_rowid='id'); INSERT INTO s (s) VALUES ('rebuild');
         CREATE TABLE title (a); CREATE VIEW v AS SELECT title FROM notes;",
        "CREATE VIRTUAL TABLE notes USING fts5(title, author UNINDEXED, tokenize='porter'); INSERT INTO notes (rowid, title) VALUES (7, 'kept');
         CREATE VIRTUAL TABLE boxes USING rtree_i32(id, x0, x1); INSERT INTO boxes VALUES (1, 2, 3);
         CREATE TABLE t (id integer PRIMARY KEY, b text NOT NULL, c text); INSERT INTO t VALUES (1, 'word', NULL);
         CREATE VIRTUAL TABLE s USING fts5(b, c, content='t', content_rowid='id', prefix='2'); INSERT INTO s (s) VALUES ('rebuild');
         CREATE TABLE title (a, b); CREATE VIEW v AS SELECT title FROM notes;",
        "SELECT notes.rowid || title, CAST(boxes.x1 AS integer) || '', t.b FROM notes, boxes, s JOIN t ON t.id = s.rowid \
         WHERE s MATCH 'word' AND notes MATCH 'kept'",
    ),
    // What is kept beside a box comes and goes, and the box stays.
    pair(
        "CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1); INSERT INTO boxes VALUES (1, 2, 3);",
        "CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1, +label text, +kind); INSERT INTO boxes (id, x0, x1) VALUES (1, 2, 3);",
        "SELECT id || ' ' || x1 FROM boxes",
    ),
    // A box gets another side.
    pair(
        "CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1); INSERT INTO boxes VALUES (1, 2, 3);",
        "CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1, y0, y1, +label text); INSERT INTO boxes (id, x0, x1) VALUES (1, 2, 3);",
        "SELECT id || ' ' || x1 FROM boxes",
    ),
    // A table takes another name and leaves a view under the old one, which others read.
    renamed(
        "CREATE TABLE t (id integer PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'x'); CREATE VIEW w AS SELECT a FROM t; CREATE VIEW x AS SELECT a FROM w;
         CREATE TABLE log (m text); CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END;",
        "CREATE TABLE t_2 (id integer PRIMARY KEY, a text); INSERT INTO t_2 VALUES (1, 'x'); CREATE VIEW t AS SELECT id, a FROM t_2; CREATE VIEW w AS SELECT a FROM t;
         CREATE VIEW x AS SELECT a FROM w; CREATE TABLE log (m text); CREATE TRIGGER tr AFTER INSERT ON t_2 BEGIN INSERT INTO log VALUES (new.a); END;
         CREATE TRIGGER ti INSTEAD OF INSERT ON t BEGIN INSERT INTO t_2 VALUES (new.id, new.a); END;",
        "SELECT a FROM x",
        "t=t_2",
    ),
];

const TABLES: &[Pair] = &[
    // The schema in front of a table says nothing to SQLite, nor does a column that a key names again.
    pair(
        "CREATE TABLE t (a int, b int CHECK (main.t.b > 0)); CREATE INDEX i ON t (a) WHERE xyzzy.t.b > 1; INSERT INTO t VALUES (1, 2);",
        "CREATE TABLE t (a text, b int CHECK (t.b > 0)); CREATE INDEX i ON t (a) WHERE b > 1;",
        "SELECT a || b FROM t",
    ),
    pair(
        "CREATE TABLE t (a int, b int, UNIQUE (a, A)); CREATE TABLE k (a text, b int, c int, PRIMARY KEY (a, b, a DESC)); INSERT INTO k VALUES ('x', 1, 2);",
        "CREATE TABLE t (a int UNIQUE, b int); CREATE TABLE k (a text, b int, c int NOT NULL, PRIMARY KEY (a, b));",
        "SELECT a || b || c FROM k",
    ),
    pair(
        "CREATE TABLE n (a INTEGER, b int, PRIMARY KEY (a, a)); INSERT INTO n VALUES (NULL, 1), ('x', 2);",
        "CREATE TABLE n (a INTEGER PRIMARY KEY DESC, b int NOT NULL);",
        "SELECT quote(a) || b FROM n ORDER BY b",
    ),
    // Keys that hold NULL, a key that is not the row's number.
    pair(
        "CREATE TABLE t (a text PRIMARY KEY, b text); INSERT INTO t VALUES (NULL, 'x'), (NULL, 'y'), ('k', 'z');",
        "CREATE TABLE t (a text PRIMARY KEY, b text CHECK (b <> 'q')); INSERT INTO t VALUES (NULL, 'x'), (NULL, 'y'), ('k', 'z');",
        "SELECT quote(a), b FROM t ORDER BY b",
    ),
    pair(
        "CREATE TABLE t (a integer PRIMARY KEY, b text); INSERT INTO t VALUES (1, 'x');",
        "CREATE TABLE t (a integer PRIMARY KEY DESC, b text); INSERT INTO t VALUES (1, 'x');",
        "SELECT a || '', b FROM t",
    ),
    // Words that a canonical spelling would lose.
    pair(
        "CREATE TABLE p (id integer PRIMARY KEY);",
        "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE t (a int REFERENCES p /* its key */, b AS (a%2), CHECK (t.a<>3 -- never)
         )); CREATE INDEX i ON t (a%2 ASC) WHERE a&1;",
        "",
    ),
    // Columns without a type hold what they hold.
    pair(
        "CREATE TABLE t (id integer PRIMARY KEY, a, b text, c datetime, d text); INSERT INTO t VALUES (1, 0.30000000000000004, '7', '2020-01-01', 'x'), (2, x'00ff', NULL, 5, 'y');",
        "CREATE TABLE t (id integer PRIMARY KEY, a text, b, c text, d datetime); INSERT INTO t VALUES (1, 'x', 1, 2, 3);",
        "SELECT (CAST(a AS real) = 0.30000000000000004) || '', quote(CAST(b AS blob)), CAST(c AS text), d FROM t ORDER BY id",
    ),
    // An index under the name of a table that goes.
    pair("CREATE TABLE t (a); CREATE INDEX i ON t (a);", "CREATE TABLE t (a); CREATE TABLE i (a);", ""),
    // An index that takes the name of a table that goes, and a table that of an index.
    pair(
        "CREATE TABLE a (x text); CREATE TABLE b (x); CREATE INDEX ix ON a (x); INSERT INTO a VALUES ('x');",
        "CREATE TABLE a (x text NOT NULL); CREATE TABLE ix (x); CREATE INDEX b ON a (x); INSERT INTO a VALUES ('x');",
        "SELECT x FROM a",
    ),
    // A check that names its own table goes on doing so, with views that name it, too, and without.
    pair(
        "CREATE TABLE t (id integer PRIMARY KEY, a int CHECK (t.a > 0)); INSERT INTO t VALUES (1, 5);",
        "CREATE TABLE t (id integer PRIMARY KEY, a int NOT NULL CHECK (t.a > 0)); INSERT INTO t VALUES (1, 5);",
        "SELECT a || '', sql FROM t, (SELECT instr(replace(sql, '\"', ''), 't.a > 0') > 0 || '' AS sql FROM sqlite_schema WHERE name = 't')",
    ),
    pair(
        "CREATE TABLE [my t] (id integer PRIMARY KEY, a int CHECK ([my t].a > 0)); CREATE VIEW v AS SELECT a FROM [my t]; \
         CREATE VIEW broken AS SELECT * FROM nowhere; INSERT INTO [my t] VALUES (1, 5);",
        "CREATE TABLE [my t] (id integer PRIMARY KEY, a int NOT NULL CHECK ([my t].a > 0)); CREATE VIEW v AS SELECT a FROM [my t]; \
         CREATE VIEW broken AS SELECT * FROM nowhere; INSERT INTO [my t] VALUES (1, 5);",
        "SELECT a || '', sql FROM v, (SELECT instr(translated, 'my t.a > 0') > 0 || '' AS sql FROM \
         (SELECT replace(replace(replace(sql, '\"', ''), '[', ''), ']', '') AS translated FROM sqlite_schema WHERE name = 'my t'))",
    ),
    // A column goes beside a view and a trigger that have been broken for long.
    pair(
        "CREATE TABLE t (id integer PRIMARY KEY, a text, b text); CREATE TABLE u (x); INSERT INTO t VALUES (1, 'x', 'y');
         CREATE VIEW v AS SELECT nope FROM t; CREATE TRIGGER tr AFTER INSERT ON u BEGIN INSERT INTO nowhere VALUES (1); END;",
        "CREATE TABLE t (id integer PRIMARY KEY, a text); CREATE TABLE u (x); INSERT INTO t VALUES (1, 'x');
         CREATE VIEW v AS SELECT nope FROM t; CREATE TRIGGER tr AFTER INSERT ON u BEGIN INSERT INTO nowhere VALUES (1); END;",
        "SELECT id || '', a FROM t",
    ),
    // The name that the table is made anew under is somebody's.
    pair(
        "CREATE TABLE t (id integer PRIMARY KEY, a text); CREATE TABLE Kick_New_t (x text); INSERT INTO t VALUES (1, 'x'); \
         INSERT INTO kick_new_t VALUES ('theirs'); CREATE VIEW kick_new_t_1 AS SELECT 1;",
        "CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL); CREATE TABLE Kick_New_t (x text); INSERT INTO t VALUES (1, 'x'); \
         CREATE VIEW kick_new_t_1 AS SELECT 1;",
        "SELECT a, x FROM t, kick_new_t",
    ),
    // What a foreign key implies is what the primary key is then.
    pair(
        "CREATE TABLE p (id integer PRIMARY KEY, code text NOT NULL UNIQUE); CREATE TABLE c (id integer PRIMARY KEY, p_id int REFERENCES p);
         INSERT INTO p VALUES (1, 'x'); INSERT INTO c VALUES (1, 1);",
        "CREATE TABLE p (id integer UNIQUE NOT NULL, code text NOT NULL PRIMARY KEY); CREATE TABLE c (id integer PRIMARY KEY, p_id int REFERENCES p (id));
         INSERT INTO p VALUES (1, 'x'); INSERT INTO c VALUES (1, 1);",
        "SELECT p_id || '', code FROM c JOIN p ON p.id = p_id",
    ),
    pair(
        "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (id integer PRIMARY KEY, p int REFERENCES p); INSERT INTO p VALUES (1);",
        "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (id integer PRIMARY KEY, p int REFERENCES p (id)); INSERT INTO p VALUES (1);",
        "SELECT id || '' FROM p",
    ),
    // Names change beside a view and a trigger that have been broken for long.
    renamed(
        "CREATE TABLE t (id integer PRIMARY KEY, a text, b text); CREATE TABLE u (x); CREATE VIEW broken AS SELECT nope FROM t;
         CREATE VIEW fine AS SELECT a FROM t; CREATE INDEX i ON t (a); INSERT INTO t VALUES (1, 'x', 'y');",
        "CREATE TABLE t (id integer PRIMARY KEY, alpha text, b text); CREATE TABLE u (x); CREATE VIEW broken AS SELECT nope FROM t;
         CREATE VIEW fine AS SELECT alpha FROM t; CREATE INDEX i ON t (alpha); INSERT INTO t VALUES (1, 'x', 'y');",
        "SELECT * FROM fine",
        "t.a=alpha",
    ),
    renamed(
        "CREATE TABLE t (id integer PRIMARY KEY, a text); CREATE TABLE c (t_id int REFERENCES t (id)); INSERT INTO t VALUES (1, 'x');
         CREATE TRIGGER broken AFTER INSERT ON c BEGIN INSERT INTO missing (x) VALUES (1); END; CREATE VIEW v AS SELECT a FROM t;",
        "CREATE TABLE tt (id integer PRIMARY KEY, a text); CREATE TABLE c (t_id int REFERENCES tt (id)); INSERT INTO tt VALUES (1, 'x');
         CREATE TRIGGER broken AFTER INSERT ON c BEGIN INSERT INTO missing (x) VALUES (1); END; CREATE VIEW v AS SELECT a FROM tt;",
        "SELECT a FROM v",
        "t=tt",
    ),
    // Names go round.
    renamed(
        "CREATE TABLE a (id integer PRIMARY KEY, x text, y int); CREATE TABLE b (id integer PRIMARY KEY, a_id int REFERENCES a (id)); CREATE INDEX i ON a (y);
         CREATE VIEW v AS SELECT id FROM a; INSERT INTO a VALUES (1, 'x', 7); INSERT INTO b VALUES (2, 1);",
        "CREATE TABLE b (id integer PRIMARY KEY, y text, x int); CREATE TABLE a (id integer PRIMARY KEY, a_id int REFERENCES b (id)); CREATE INDEX i ON b (x);
         CREATE VIEW v AS SELECT id FROM a; INSERT INTO b VALUES (1, 'x', 7); INSERT INTO a VALUES (2, 1);",
        "",
        "a=b b=a b.x=y b.y=x",
    ),
    // The same constraint twice is one.
    pair(
        "CREATE TABLE t (a integer UNIQUE, b text PRIMARY KEY); INSERT INTO t VALUES (1, 'x');",
        "CREATE TABLE t (a integer UNIQUE, b text PRIMARY KEY UNIQUE, c text, UNIQUE (a)); INSERT INTO t VALUES (1, 'x', 2);",
        "SELECT a || '', b FROM t",
    ),
];

#[tokio::test]
async fn objects_go_there_and_back() {
    for pair in OBJECTS {
        there_and_back(pair).await;
    }
}

#[tokio::test]
async fn tables_go_there_and_back() {
    for pair in TABLES {
        there_and_back(pair).await;
    }
}

/// What the engine says about everything in it: columns added in place have another order, and no other text, so tables
/// are compared by their columns.
const SAID: &str = "SELECT s.type, s.name, s.tbl_name, CASE WHEN s.type IN ('view', 'trigger') THEN s.sql ELSE \
    (SELECT group_concat(c, ' ') FROM (SELECT name || ' ' || type || ' ' || \"notnull\" || ' ' || coalesce(dflt_value, '-') || ' ' || pk || hidden AS c \
     FROM pragma_table_xinfo(s.name) ORDER BY name)) || \
    (SELECT coalesce(group_concat(k, ' '), '') FROM (SELECT \"table\" || \"from\" || coalesce(\"to\", '-') || on_delete || on_update AS k \
     FROM pragma_foreign_key_list(s.name) ORDER BY 1)) END FROM sqlite_schema s WHERE s.name NOT LIKE 'sqlite_%' ORDER BY 1, 2";

async fn there_and_back(pair: &Pair) {
    let mut database = Database::with(pair.from).await;
    let mut target = Database::with(pair.to).await;
    let (before, after) = (database.schema().await, target.schema().await);
    let (mut from, mut to) = (before.clone(), after.clone());
    sqlite().meet(&mut from, &mut to, ["", ""]);
    let (said_from, said_to) = (database.rows(SAID).await, target.rows(SAID).await);
    let seen = if pair.look.is_empty() {
        Vec::new()
    } else {
        database.rows(pair.look).await
    };
    let mut renames = renames(pair.renames, &from, &to);
    renames.own_values = sqlite().caps().enums.into();
    let changes = diff(&from, &to, &renames).changes;
    let (changes, _) = fill(changes, &to, &Backfills::default(), sqlite());
    let plan = plan_changes(&from, &changes, sqlite()).unwrap();
    for (script, wanted, said) in [(&plan.up, &after, said_to), (&plan.down, &before, said_from)] {
        // What is run is what the file says.
        let text = write(&[], script, sqlite());
        let statements = read(&text, sqlite()).statements;
        assert_eq!(statements.len(), script.steps.len(), "{text}");
        database
            .run(script)
            .await
            .unwrap_or_else(|error| panic!("{error}\n{text}"));
        let (mut found, mut wanted) = (database.schema().await, wanted.clone());
        sqlite().meet(&mut found, &mut wanted, ["", ""]);
        assert_eq!(diff(&found, &wanted, &Renames::default()).changes, [], "{text}");
        assert_eq!(found.objects, wanted.objects, "{text}");
        assert_eq!(database.rows(SAID).await, said, "{text}");
        if !pair.look.is_empty() {
            assert_eq!(database.rows(pair.look).await, seen, "{text}");
        }
    }
}
