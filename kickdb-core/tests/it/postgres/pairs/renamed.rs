//! Names that a rename takes away and something else has afterwards: what says them means that then.

use kickdb_core::plan::plan;

use super::{Postgres, Server};
use crate::there_and_back::renames;

/// A name, the first version that can have it, what takes another name, and both sides.
type Case = (&'static str, u32, &'static str, &'static str, &'static str);

const FIRE: &str = "CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';";

const CASES: &[Case] = &[
    (
        "views and policies of a column",
        13,
        "t.a=b",
        "CREATE TABLE t (a int, c int); INSERT INTO t VALUES (1, 2); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a AS z FROM v;
         ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY po ON t USING (a > 0);",
        "CREATE TABLE t (b int, c int, a int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a AS z FROM v;
         ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY po ON t USING (a > 0);",
    ),
    (
        "triggers, rules and statistics of a column",
        13,
        "t.a=b",
        "CREATE TABLE t (a int, c int); CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (old.a IS DISTINCT FROM new.a) EXECUTE FUNCTION fire();
         CREATE RULE r AS ON DELETE TO t WHERE old.a > 1 DO INSTEAD NOTHING; CREATE STATISTICS s ON a, c FROM t;",
        "CREATE TABLE t (b int, c int, a int); CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (old.a IS DISTINCT FROM new.a) EXECUTE FUNCTION fire();
         CREATE RULE r AS ON DELETE TO t WHERE old.a > 1 DO INSTEAD NOTHING; CREATE STATISTICS s ON a, c FROM t;",
    ),
    (
        "a function with a body of SQL, which a default calls",
        14,
        "t.a=b",
        "CREATE TABLE t (a int, c int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(a) FROM t; END;
         CREATE TABLE u (id int, x bigint DEFAULT f()); INSERT INTO u VALUES (1, 2);",
        "CREATE TABLE t (b int, c int, a int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(a) FROM t; END;
         CREATE TABLE u (id int, x bigint DEFAULT f());",
    ),
    (
        "columns that exchange their names",
        13,
        "t.a=b t.b=a",
        "CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1, 2); CREATE VIEW v AS SELECT a FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
         CREATE INDEX mi ON m (a); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY po ON t USING (a > 0);",
        "CREATE TABLE t (b int, a int); CREATE VIEW v AS SELECT a FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
         CREATE INDEX mi ON m (a); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY po ON t USING (a > 0);",
    ),
    (
        "a view of a partition",
        13,
        "t.a=b",
        "CREATE TABLE t (a int, c int) PARTITION BY RANGE (c); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (9); CREATE VIEW v AS SELECT a FROM t1;
         INSERT INTO t VALUES (1, 2);",
        "CREATE TABLE t (b int, c int, a int) PARTITION BY RANGE (c); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (9); CREATE VIEW v AS SELECT a FROM t1;",
    ),
    (
        "the column that a sequence goes with",
        13,
        "t.a=b",
        "CREATE TABLE t (a int, c int); CREATE SEQUENCE s OWNED BY t.a;",
        "CREATE TABLE t (b int, c int, a int); CREATE SEQUENCE s OWNED BY t.a;",
    ),
    (
        "the columns that a publication gives",
        15,
        "t.a=b",
        "CREATE TABLE t (a int, c int); CREATE TABLE u (a int); CREATE PUBLICATION p FOR TABLE t (a) WHERE (a > 1); CREATE PUBLICATION q FOR TABLE t (c), u;",
        "CREATE TABLE t (b int, c int, a int); CREATE TABLE u (a int); CREATE PUBLICATION p FOR TABLE t (a) WHERE (a > 1); CREATE PUBLICATION q FOR TABLE t (c), u;",
    ),
    (
        "functions by the rows of a table",
        13,
        "j=p",
        "CREATE TABLE j (id int); CREATE FUNCTION c() RETURNS SETOF j LANGUAGE sql AS 'SELECT * FROM j'; CREATE VIEW w AS SELECT id FROM c();
         CREATE FUNCTION c(j) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION c(x j[], y int) RETURNS int LANGUAGE sql AS 'SELECT 1';
         COMMENT ON FUNCTION c(j) IS 'of a row';",
        "CREATE TABLE p (id int); CREATE TABLE j (id int, n int); CREATE FUNCTION c() RETURNS SETOF j LANGUAGE sql AS 'SELECT * FROM j';
         CREATE VIEW w AS SELECT id FROM c(); CREATE FUNCTION c(j) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE FUNCTION c(x j[], y int) RETURNS int LANGUAGE sql AS 'SELECT 1'; COMMENT ON FUNCTION c(j) IS 'of a row';",
    ),
    (
        "a function that says the new name",
        13,
        "j=p",
        "CREATE TABLE j (id int); CREATE FUNCTION c(j) RETURNS int LANGUAGE sql AS 'SELECT 1'; COMMENT ON FUNCTION c(j) IS 'of a row';",
        "CREATE TABLE p (id int); CREATE FUNCTION c(p) RETURNS int LANGUAGE sql AS 'SELECT 1'; COMMENT ON FUNCTION c(p) IS 'of a row';",
    ),
    (
        "a view takes the name of the table",
        13,
        "j=p",
        "CREATE TABLE j (id int); INSERT INTO j VALUES (1); CREATE FUNCTION c() RETURNS SETOF j LANGUAGE sql AS 'SELECT * FROM j'; CREATE VIEW w AS SELECT id FROM j;",
        "CREATE TABLE p (id int); CREATE VIEW j AS SELECT id FROM p; CREATE FUNCTION c() RETURNS SETOF j LANGUAGE sql AS 'SELECT * FROM j'; CREATE VIEW w AS SELECT id FROM j;",
    ),
    (
        "what reads a table from elsewhere, and what is on it",
        13,
        "j=p",
        "CREATE TABLE j (id int); CREATE VIEW v AS SELECT id FROM j; CREATE TABLE o (x int); ALTER TABLE o ENABLE ROW LEVEL SECURITY;
         CREATE POLICY po ON o USING (x IN (SELECT id FROM j)); CREATE RULE r AS ON INSERT TO o DO ALSO INSERT INTO j VALUES (1);
         CREATE TRIGGER tr BEFORE UPDATE ON j FOR EACH ROW EXECUTE FUNCTION fire(); CREATE SEQUENCE s OWNED BY j.id;",
        "CREATE TABLE p (id int); CREATE TABLE j (id int); CREATE VIEW v AS SELECT id FROM j; CREATE TABLE o (x int); ALTER TABLE o ENABLE ROW LEVEL SECURITY;
         CREATE POLICY po ON o USING (x IN (SELECT id FROM j)); CREATE RULE r AS ON INSERT TO o DO ALSO INSERT INTO j VALUES (1);
         CREATE TRIGGER tr BEFORE UPDATE ON j FOR EACH ROW EXECUTE FUNCTION fire(); CREATE SEQUENCE s OWNED BY j.id;",
    ),
    (
        "the tables that a publication gives",
        13,
        "j=p",
        "CREATE TABLE j (id int); CREATE TABLE o (x int); CREATE PUBLICATION one FOR TABLE j; CREATE PUBLICATION two FOR TABLE j, o;",
        "CREATE TABLE p (id int); CREATE TABLE o (x int); CREATE TABLE j (id int); CREATE PUBLICATION one FOR TABLE j; CREATE PUBLICATION two FOR TABLE j, o;",
    ),
    (
        "tables that exchange their names",
        13,
        "x=y y=x",
        "CREATE TABLE x (id int, a int); CREATE TABLE y (id int, a int, n int); INSERT INTO x VALUES (1, 1); CREATE VIEW v AS SELECT id, a FROM x;
         CREATE FUNCTION f() RETURNS SETOF y LANGUAGE sql AS 'SELECT * FROM y'; CREATE FUNCTION g(x) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE FUNCTION g(y) RETURNS int LANGUAGE sql AS 'SELECT 2'; ALTER TABLE x ENABLE ROW LEVEL SECURITY;
         CREATE POLICY po ON x USING (id IN (SELECT id FROM y)); CREATE PUBLICATION pu FOR TABLE x;",
        "CREATE TABLE y (id int, a int); CREATE TABLE x (id int, a int, n int); CREATE VIEW v AS SELECT id, a FROM x;
         CREATE FUNCTION f() RETURNS SETOF y LANGUAGE sql AS 'SELECT * FROM y'; CREATE FUNCTION g(x) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE FUNCTION g(y) RETURNS int LANGUAGE sql AS 'SELECT 2'; ALTER TABLE y ENABLE ROW LEVEL SECURITY;
         CREATE POLICY po ON y USING (id IN (SELECT id FROM x)); CREATE PUBLICATION pu FOR TABLE x;",
    ),
    (
        "names that move up in a row",
        13,
        "x=y y=z",
        "CREATE TABLE x (id int); CREATE TABLE y (id int, a int); CREATE VIEW v AS SELECT id FROM y;",
        "CREATE TABLE y (id int); CREATE TABLE z (id int, a int); CREATE VIEW v AS SELECT id FROM y;",
    ),
    (
        "columns that hold rows",
        13,
        "j=p",
        "CREATE TABLE j (id int); CREATE TABLE k (x j, xs j[], n int); INSERT INTO k VALUES (row(3), array[row(4)::j], 1);",
        "CREATE TABLE p (id int); CREATE TABLE j (id int); CREATE TABLE k (x j, xs j[], n int);",
    ),
    (
        "columns that hold rows of what has the new name",
        13,
        "j=p",
        "CREATE TABLE j (id int); CREATE TYPE co AS (j j, n int); CREATE DOMAIN d AS j[];
         CREATE TABLE k (x j DEFAULT '(7)', c co, ds d, n int); INSERT INTO k VALUES (row(3), row(row(5), 6), array[row(4)::j], 1);",
        "CREATE TABLE p (id int); CREATE TYPE co AS (j p, n int); CREATE DOMAIN d AS p[]; CREATE TABLE k (x p DEFAULT '(7)', c co, ds d, n int);",
    ),
    (
        "types that are made of rows",
        13,
        "j=p",
        "CREATE TABLE j (id int); CREATE TYPE co AS (x j); CREATE DOMAIN d AS j[];",
        "CREATE TABLE p (id int); CREATE TABLE j (id int); CREATE TYPE co AS (x j); CREATE DOMAIN d AS j[];",
    ),
    (
        "what says an enum",
        13,
        "mood=feel",
        "CREATE TYPE mood AS ENUM ('x'); CREATE TABLE t (m mood); INSERT INTO t VALUES ('x'); CREATE VIEW v AS SELECT 'x'::mood AS m;
         CREATE FUNCTION f(mood) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION g() RETURNS mood LANGUAGE sql AS 'SELECT NULL::mood';",
        "CREATE TYPE feel AS ENUM ('x'); CREATE TYPE mood AS ENUM ('x', 'y'); CREATE TABLE t (m feel); CREATE VIEW v AS SELECT 'x'::mood AS m;
         CREATE FUNCTION f(mood) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION g() RETURNS mood LANGUAGE sql AS 'SELECT NULL::mood';",
    ),
    (
        "what says an attribute",
        13,
        "co.x=y",
        "CREATE TYPE co AS (x int); CREATE TABLE t (c co); INSERT INTO t VALUES (row(1)); CREATE VIEW v AS SELECT (c).x FROM t;",
        "CREATE TYPE co AS (y int, x int); CREATE TABLE t (c co); CREATE VIEW v AS SELECT (c).x FROM t;",
    ),
];

impl Server {
    /// What is wrong on the way from `a` to `b` and back.
    async fn walk_under_new_names(&mut self, said: &str, a: &str, b: &str) -> Option<String> {
        let (first, second) = (self.known(a).await, self.known(b).await);
        let renames = renames(said, &first.0, &second.0);
        let plan = match plan(&first.0, &second.0, &renames, &Postgres) {
            Ok(plan) => plan,
            Err(error) => return Some(error.to_string()),
        };
        self.execute("BEGIN").await;
        self.execute(a).await;
        let before = self.contents().await;
        let mut wrong = self.arrive(&plan.up, &second).await.err();
        if wrong.is_none() {
            wrong = self.arrive(&plan.down, &first).await.err();
        }
        if wrong.is_none() {
            let after = self.contents().await;
            wrong = (before != after).then(|| format!("{before:?} became {after:?}"));
        }
        self.end("ROLLBACK").await;
        wrong
    }
}

#[tokio::test]
async fn what_says_a_name_means_who_has_it() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    let wanted = std::env::var("KICKDB_TEST_CASE").unwrap_or_default();
    let mut wrong = Vec::new();
    for (name, since, said, a, b) in CASES {
        if !name.contains(&wanted) || !crate::postgres::is_at_least(*since) {
            continue;
        }
        let [a, b] = [a, b].map(|sql| format!("{FIRE} {sql}"));
        if let Some(what) = server.walk_under_new_names(said, &a, &b).await {
            wrong.push(format!("== {name}\n{what}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
