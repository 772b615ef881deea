//! Required columns of tables that are parts of others, on rows that are there.

use kickdb_core::diff::{Backfills, Renames, diff, fill};
use kickdb_core::ir::Schema;
use kickdb_core::plan::{Plan, plan_changes};

use super::{Postgres, Server, assert_same, text};

/// A database that was brought from one schema to another, with values of nobody's choice; what it was, and the plan.
pub(super) async fn filled(before: &str, after: &str) -> Option<(Server, Schema, Plan)> {
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

const ALIKE_BEFORE: &str = "
    CREATE TABLE person (id int PRIMARY KEY); CREATE TABLE profile (id int PRIMARY KEY, bio text); CREATE TABLE role (person int, name text, PRIMARY KEY (person, name));
    CREATE TABLE page (id int PRIMARY KEY, title text);
    INSERT INTO person VALUES (5), (9), (11); INSERT INTO profile VALUES (1, 'x'), (2, 'y');
    INSERT INTO role VALUES (5, 'a'), (5, 'b'); INSERT INTO page VALUES (1, 'a'), (2, 'b');
    CREATE TABLE seat (note text); INSERT INTO seat VALUES ('s'), ('t'); CREATE TABLE bed (note text); INSERT INTO bed VALUES ('u');";

const ALIKE_AFTER: &str = "
    CREATE TABLE person (id int PRIMARY KEY); CREATE TABLE profile (person int PRIMARY KEY REFERENCES person (id), bio text);
    CREATE TABLE role (person int, number int, area int NOT NULL, PRIMARY KEY (person, number)); CREATE UNIQUE INDEX role_area ON role (area, number);
    CREATE TABLE page (id int PRIMARY KEY, title text, slug varchar(4) NOT NULL, site int NOT NULL, hash bytea NOT NULL UNIQUE, at timestamptz NOT NULL UNIQUE,
      seen timestamp NOT NULL UNIQUE, day date NOT NULL UNIQUE, weight real NOT NULL UNIQUE, code char(3) NOT NULL UNIQUE, place inet NOT NULL UNIQUE);
    CREATE UNIQUE INDEX page_slug ON page (lower(slug)); CREATE UNIQUE INDEX page_site ON page (site, id);
    CREATE TABLE seat (note text, person int GENERATED ALWAYS AS IDENTITY PRIMARY KEY REFERENCES person (id));
    CREATE TABLE bed (note text, person serial PRIMARY KEY REFERENCES person (id));";

#[tokio::test]
async fn no_two_rows_are_alike_in_a_key_that_comes() {
    let Some((mut server, from, plan)) = filled(ALIKE_BEFORE, ALIKE_AFTER).await else {
        return;
    };
    let rows = "SELECT bio || ' ' || person FROM profile UNION SELECT title || ' ' || site FROM page
        UNION SELECT note || ' ' || person FROM seat UNION SELECT note || ' ' || person FROM bed ORDER BY 1";
    assert_eq!(
        server.rows(rows).await,
        ["a 0", "b 0", "s 5", "t 9", "u 5", "x 5", "y 9"],
        "{}",
        text(&plan.up)
    );
    let to = server.schema().await;
    let changes = diff(&to, &from, &Renames::default()).changes;
    let (changes, _) = fill(changes, &from, &Backfills::default(), &Postgres);
    let back = plan_changes(&to, &changes, &Postgres).unwrap().up;
    server.run(&back).await;
    assert_same(&server.schema().await, &from, &back);
}

const FAMILY_BEFORE: &str = "
    CREATE TABLE p (k int, a int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
    CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); INSERT INTO p VALUES (1, 1), (1, 2), (2, 3), (2, 4);
    CREATE TABLE i (a int); CREATE TABLE j (b int) INHERITS (i); INSERT INTO i VALUES (1), (2); INSERT INTO j VALUES (1, 1), (2, 2);";

const FAMILY_AFTER: &str = "
    CREATE TABLE p (k int, a int, id int NOT NULL, code text NOT NULL, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
    CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p (UNIQUE (code)) FOR VALUES IN (2);
    CREATE TABLE i (a int, id int NOT NULL PRIMARY KEY); CREATE TABLE j (b int, mark uuid NOT NULL UNIQUE, PRIMARY KEY (id)) INHERITS (i);";

#[tokio::test]
async fn a_key_over_a_family_of_tables_gets_another_value_in_each_row() {
    let Some((mut server, from, plan)) = filled(FAMILY_BEFORE, FAMILY_AFTER).await else {
        return;
    };
    let rows = "SELECT count(DISTINCT (k, id)) || ' ' || count(DISTINCT code) FILTER (WHERE k = 2) FROM p";
    assert_eq!(server.rows(rows).await, ["4 2"], "{}", text(&plan.up));
    server.run(&plan.down).await;
    assert_same(&server.schema().await, &from, &plan.down);
}

const BESIDE_BEFORE: &str = "
    CREATE TABLE u (id int PRIMARY KEY); INSERT INTO u VALUES (1), (2);
    CREATE TABLE m (grp int NOT NULL); INSERT INTO m VALUES (1), (2), (1), (2);
    CREATE TABLE q (k int NOT NULL) PARTITION BY LIST (k); CREATE TABLE q1 PARTITION OF q FOR VALUES IN (1); CREATE TABLE q2 PARTITION OF q FOR VALUES IN (2);
    INSERT INTO q VALUES (1), (1), (2);";

const BESIDE_AFTER: &str = "
    CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE m (grp int NOT NULL, u int NOT NULL REFERENCES u (id), PRIMARY KEY (grp, u));
    CREATE TABLE q (k int NOT NULL, u int NOT NULL REFERENCES u (id), PRIMARY KEY (k, u)) PARTITION BY LIST (k);
    CREATE TABLE q1 PARTITION OF q FOR VALUES IN (1); CREATE TABLE q2 PARTITION OF q FOR VALUES IN (2);";

#[tokio::test]
async fn rows_that_are_alike_beside_a_foreign_key_point_at_another_row_each() {
    let Some((mut server, from, plan)) = filled(BESIDE_BEFORE, BESIDE_AFTER).await else {
        return;
    };
    let rows = "SELECT grp || ' ' || u FROM m UNION ALL SELECT 'q' || k || ' ' || u FROM q ORDER BY 1";
    let wanted = ["1 1", "1 2", "2 1", "2 2", "q1 1", "q1 2", "q2 1"];
    assert_eq!(server.rows(rows).await, wanted, "{}", text(&plan.up));
    server.run(&plan.down).await;
    assert_same(&server.schema().await, &from, &plan.down);
}

const TRIGGERS: &str = "
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.touched := 2000; RETURN new; END $$;
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
    CREATE TRIGGER touched BEFORE INSERT OR UPDATE ON u FOR EACH ROW EXECUTE FUNCTION touch();
    CREATE TRIGGER refused AFTER UPDATE ON u FOR EACH STATEMENT EXECUTE FUNCTION refuse();
    CREATE TRIGGER apart AFTER UPDATE OF touched ON u FOR EACH ROW EXECUTE FUNCTION refuse();
    ALTER TABLE u ENABLE ALWAYS TRIGGER refused; COMMENT ON TRIGGER refused ON u IS 'why';
    CREATE TRIGGER above BEFORE UPDATE ON p FOR EACH ROW EXECUTE FUNCTION refuse();
    CREATE TRIGGER own BEFORE UPDATE ON p1 FOR EACH ROW EXECUTE FUNCTION refuse();
    CREATE RULE nothing AS ON UPDATE TO ruled DO INSTEAD NOTHING;";

#[tokio::test]
async fn values_that_rows_get_start_no_trigger_and_no_rule() {
    let before = format!(
        "CREATE TABLE u (id int PRIMARY KEY, touched int); CREATE TABLE ruled (id int); CREATE TABLE p (k int) PARTITION BY LIST (k);
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); INSERT INTO u VALUES (1, 7), (2, 8); INSERT INTO ruled VALUES (1); INSERT INTO p VALUES (1); {TRIGGERS}"
    );
    let after = format!(
        "CREATE TABLE u (id int PRIMARY KEY, touched int, code text NOT NULL UNIQUE); CREATE TABLE ruled (id int NOT NULL, name text NOT NULL);
         CREATE TABLE p (k int, name text NOT NULL) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); {TRIGGERS}"
    );
    let Some((mut server, from, plan)) = filled(&before, &after).await else {
        return;
    };
    let up = text(&plan.up);
    let rows = "SELECT id || ' ' || touched FROM u ORDER BY id";
    assert_eq!(server.rows(rows).await, ["1 7", "2 8"], "{up}");
    assert!(
        !up.contains("TRIGGER apart") && up.contains("ENABLE ALWAYS TRIGGER \"refused\""),
        "{up}"
    );
    server.run(&plan.down).await;
    assert_same(&server.schema().await, &from, &plan.down);
}

#[tokio::test]
async fn rows_of_a_partition_that_goes_are_in_the_one_that_takes_such_rows() {
    let whole = "CREATE TABLE p (id int, touched int, twice int GENERATED ALWAYS AS (id * 2) STORED) PARTITION BY RANGE (id);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (100); CREATE TABLE p9 PARTITION OF p FOR VALUES FROM (900) TO (999);
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.touched := 2000; RETURN new; END $$;
        CREATE TRIGGER touched BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION touch();";
    let parts = whole.replace(
        "FROM (0) TO (100)",
        "FROM (0) TO (10); CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (50); CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (50) TO (100)",
    );
    let (Some(mut server), Some(mut other)) = (Server::empty().await, Server::empty().await) else {
        return;
    };
    server.execute(whole).await;
    other.execute(&parts).await;
    let rows = "ALTER TABLE p DISABLE TRIGGER USER; INSERT INTO p VALUES (1, 7), (20, 8), (70, 9), (901, 10); ALTER TABLE p ENABLE TRIGGER USER";
    server.execute(rows).await;
    let (from, to) = (server.schema().await, other.schema().await);
    let plan = plan_changes(&from, &diff(&from, &to, &Renames::default()).changes, &Postgres).unwrap();
    let rows = "SELECT tableoid::regclass || ' ' || id || ' ' || touched || ' ' || twice FROM p ORDER BY id";
    server.run(&plan.up).await;
    assert_same(&server.schema().await, &to, &plan.up);
    let cut = ["p1 1 7 2", "p2 20 8 40", "p3 70 9 140", "p9 901 10 1802"];
    assert_eq!(server.rows(rows).await, cut, "{}", text(&plan.up));
    server.run(&plan.down).await;
    assert_same(&server.schema().await, &from, &plan.down);
    let whole = ["p1 1 7 2", "p1 20 8 40", "p1 70 9 140", "p9 901 10 1802"];
    assert_eq!(server.rows(rows).await, whole, "{}", text(&plan.down));
}

const COUNTED_BEFORE: &str = "
    CREATE TABLE t (id int, n text); INSERT INTO t VALUES (1, 'a'), (NULL, 'b'), (NULL, 'c');
    CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''woken''; END';
    CREATE TRIGGER stop BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION stop();
    CREATE TABLE k (id bigint); INSERT INTO k VALUES (NULL), (NULL); CREATE TABLE w (id text); INSERT INTO w VALUES ('7'), (NULL);
    CREATE TABLE d (id int); INSERT INTO d VALUES (NULL), (-3), (NULL);
    CREATE TABLE p (id int); CREATE TABLE c () INHERITS (p); INSERT INTO p VALUES (NULL); INSERT INTO c VALUES (4), (NULL);
    CREATE TABLE q (id int, n int) PARTITION BY RANGE (n); CREATE TABLE q1 PARTITION OF q DEFAULT; INSERT INTO q VALUES (NULL, 1), (2, 2);
    CREATE PUBLICATION all_of_it FOR TABLE t, c, q;";

const COUNTED_AFTER: &str = "
    CREATE TABLE t (id serial, n text); CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''woken''; END';
    CREATE TRIGGER stop BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION stop();
    CREATE TABLE k (id bigint GENERATED ALWAYS AS IDENTITY (START 5 INCREMENT 10) PRIMARY KEY); CREATE TABLE w (id serial);
    CREATE TABLE d (id int GENERATED BY DEFAULT AS IDENTITY (INCREMENT -2));
    CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY); CREATE TABLE c () INHERITS (p);
    CREATE TABLE q (id serial, n int) PARTITION BY RANGE (n); CREATE TABLE q1 PARTITION OF q DEFAULT;
    CREATE PUBLICATION all_of_it FOR TABLE t, c, q;";

#[tokio::test]
async fn rows_without_a_number_get_the_next_ones_of_a_counter_that_comes() {
    let Some((mut server, from, plan)) = filled(COUNTED_BEFORE, COUNTED_AFTER).await else {
        return;
    };
    for (table, wanted) in [
        ("t", "1,2,3"),
        ("k", "5,15"),
        ("w", "7,8"),
        ("d", "-7,-5,-3"),
        ("p", "4,5,6"),
        ("q", "2,3"),
    ] {
        let sql = format!("SELECT string_agg(id::text, ',' ORDER BY id) FROM {table}");
        assert_eq!(server.rows(&sql).await, [wanted], "{table}\n{}", text(&plan.up));
    }
    server
        .execute("INSERT INTO t (n) VALUES ('d'); INSERT INTO k DEFAULT VALUES")
        .await;
    assert_eq!(
        server.rows("SELECT max(t.id) || ' ' || max(k.id) FROM t, k").await,
        ["4 25"]
    );
    let told = "SELECT string_agg(relreplident::text, '') FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
    assert_eq!(server.rows(told).await, ["ddddddd"], "{}", text(&plan.up));
    server.run(&plan.down).await;
    assert_same(&server.schema().await, &from, &plan.down);
}

const PUBLISHED_BEFORE: &str = "
    CREATE SCHEMA s; CREATE TABLE s.t (a int, b int); INSERT INTO s.t VALUES (1, NULL); CREATE TABLE n (a int PRIMARY KEY, b int); INSERT INTO n VALUES (1, NULL);
    ALTER TABLE n REPLICA IDENTITY NOTHING; CREATE TABLE q (a int, b int) PARTITION BY RANGE (a); CREATE TABLE q1 PARTITION OF q DEFAULT; INSERT INTO q VALUES (1, NULL);
    CREATE TABLE k (a int PRIMARY KEY, b int); INSERT INTO k VALUES (1, NULL);
    CREATE PUBLICATION x FOR TABLE s.t; CREATE PUBLICATION y FOR TABLE n, q, k; CREATE PUBLICATION z FOR ALL TABLES WITH (publish = 'insert');";

const PUBLISHED_AFTER: &str = "
    CREATE SCHEMA s; CREATE TABLE s.t (a int, b int NOT NULL DEFAULT 4); CREATE TABLE n (a int PRIMARY KEY, b int NOT NULL DEFAULT 5);
    ALTER TABLE n REPLICA IDENTITY NOTHING; CREATE TABLE q (a int, b int NOT NULL DEFAULT 4) PARTITION BY RANGE (a); CREATE TABLE q1 PARTITION OF q DEFAULT;
    CREATE TABLE k (a int PRIMARY KEY, b int NOT NULL DEFAULT 4);
    CREATE PUBLICATION x FOR TABLE s.t; CREATE PUBLICATION y FOR TABLE n, q, k; CREATE PUBLICATION z FOR ALL TABLES WITH (publish = 'insert');";

#[tokio::test]
async fn rows_of_a_published_table_get_values_while_whole_rows_tell_them_apart() {
    let Some((mut server, from, plan)) = filled(PUBLISHED_BEFORE, PUBLISHED_AFTER).await else {
        return;
    };
    let rows = "SELECT s.t.b || ' ' || n.b || ' ' || q.b || ' ' || k.b FROM s.t, n, q, k";
    assert_eq!(server.rows(rows).await, ["4 5 4 4"], "{}", text(&plan.up));
    let script = text(&plan.up);
    assert_eq!(script.matches("REPLICA IDENTITY FULL").count(), 3, "{script}");
    let told = "SELECT string_agg(relname || relreplident::text, ' ' ORDER BY relname) FROM pg_class WHERE relkind = 'r' AND relname IN ('t', 'n', 'q1', 'k')";
    assert_eq!(server.rows(told).await, ["kd nn q1d td"], "{script}");
    server.run(&plan.down).await;
    assert_same(&server.schema().await, &from, &plan.down);
}

const RETYPED_BEFORE: &str = "
    CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (id int NOT NULL, k e, CONSTRAINT c CHECK (k <> 'b'), g text GENERATED ALWAYS AS (CASE k WHEN 'a' THEN 'x' END) STORED);
    CREATE INDEX i ON t (id) WHERE k = 'a'; CREATE INDEX j ON t (k); CREATE VIEW v AS SELECT k FROM t; INSERT INTO t VALUES (1, 'a'), (2, NULL);
    CREATE TABLE p (id int NOT NULL, k e) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p DEFAULT; INSERT INTO p VALUES (1, 'a'), (2, NULL);
    CREATE TABLE r (id int NOT NULL, k e) PARTITION BY RANGE (id); CREATE TABLE r1 PARTITION OF r DEFAULT; INSERT INTO r VALUES (1, 'a'), (2, NULL);";

const RETYPED_AFTER: &str = "
    CREATE TABLE t (id int NOT NULL, k text NOT NULL DEFAULT 'other', CONSTRAINT c CHECK (k <> 'z'), g text GENERATED ALWAYS AS (k || 'x') STORED) PARTITION BY LIST (k);
    CREATE TABLE t1 PARTITION OF t DEFAULT; CREATE INDEX i ON t (id) WHERE k = 'a'; CREATE INDEX j ON t (k); CREATE VIEW v AS SELECT k FROM t;
    CREATE TABLE p (id int NOT NULL, k text NOT NULL DEFAULT 'other') PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p DEFAULT;
    CREATE TABLE r (id int NOT NULL, k text NOT NULL DEFAULT 'other') PARTITION BY RANGE (id);
    CREATE TABLE r1 PARTITION OF r DEFAULT PARTITION BY LIST (k); CREATE TABLE r11 PARTITION OF r1 DEFAULT;";

#[tokio::test]
async fn a_value_of_the_new_type_comes_before_rows_are_spread_another_way() {
    let Some((mut server, from, plan)) = filled(RETYPED_BEFORE, RETYPED_AFTER).await else {
        return;
    };
    for table in ["t", "p", "r"] {
        let rows = format!("SELECT id || ' ' || k FROM {table} ORDER BY id");
        assert_eq!(server.rows(&rows).await, ["1 a", "2 other"], "{}", text(&plan.up));
    }
    for table in ["t", "p", "r"] {
        server.execute(&format!("DELETE FROM {table} WHERE k = 'other'")).await;
    }
    server.run(&plan.down).await;
    assert_same(&server.schema().await, &from, &plan.down);
}
