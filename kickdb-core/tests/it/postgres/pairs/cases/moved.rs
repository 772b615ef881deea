//! Partitions that exchange rows, and what stands on tables below others.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "a key of a partition is a part of a plain index above",
        13,
        "CREATE TABLE p (id int, k text) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a'); INSERT INTO p VALUES (1, 'a');",
        "CREATE TABLE p (id int, k text) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
         CREATE UNIQUE INDEX p_i ON ONLY p (k, id); ALTER TABLE p1 ADD PRIMARY KEY (k, id); ALTER INDEX p_i ATTACH PARTITION p1_pkey;",
    ),
    (
        "a table becomes a partition, and its counter that of the table above",
        13,
        "CREATE TABLE builds (id bigserial PRIMARY KEY, name text); INSERT INTO builds (name) VALUES ('a'), ('b');",
        "CREATE TABLE p_builds (id bigint NOT NULL, name text, part bigint NOT NULL DEFAULT 100, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
         CREATE SEQUENCE builds_id_seq OWNED BY p_builds.id; ALTER TABLE p_builds ALTER id SET DEFAULT nextval('builds_id_seq');
         CREATE TABLE builds PARTITION OF p_builds FOR VALUES IN (100);",
    ),
    (
        "a counter goes over to a new table, and its column goes on drawing from it",
        13,
        "CREATE TABLE a (id serial PRIMARY KEY); INSERT INTO a DEFAULT VALUES;",
        "CREATE TABLE p (id int NOT NULL PRIMARY KEY); CREATE TABLE a (id serial PRIMARY KEY);
         ALTER SEQUENCE a_id_seq OWNED BY p.id; ALTER TABLE p ALTER id SET DEFAULT nextval('a_id_seq');",
    ),
    (
        "the border between two partitions moves",
        13,
        "CREATE TABLE p (id int PRIMARY KEY, g int GENERATED ALWAYS AS (id + 1) STORED) PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF p FOR VALUES FROM (0) TO (10);
         CREATE TABLE high PARTITION OF p FOR VALUES FROM (10) TO (20); CREATE TABLE r (p int REFERENCES p);",
        "CREATE TABLE p (id int PRIMARY KEY, g int GENERATED ALWAYS AS (id + 1) STORED) PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF p FOR VALUES FROM (0) TO (5);
         CREATE TABLE high PARTITION OF p FOR VALUES FROM (5) TO (20); CREATE TABLE r (p int REFERENCES p);",
    ),
    (
        "the border moves between partitions to whose rows others point",
        13,
        "CREATE TABLE p (id int PRIMARY KEY, q int REFERENCES p) PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF p FOR VALUES FROM (0) TO (10);
         CREATE TABLE high PARTITION OF p FOR VALUES FROM (10) TO (20); CREATE TABLE r (p int CONSTRAINT f REFERENCES p ON DELETE CASCADE);
         INSERT INTO p VALUES (1, 1), (7, 1), (12, 7); INSERT INTO r VALUES (1), (7), (12);",
        "CREATE TABLE p (id int PRIMARY KEY, q int REFERENCES p) PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF p FOR VALUES FROM (0) TO (5);
         CREATE TABLE high PARTITION OF p FOR VALUES FROM (5) TO (20); CREATE TABLE r (p int CONSTRAINT other REFERENCES p DEFERRABLE);",
    ),
    (
        "partitions give rows to the one that takes the rest, and take some of it",
        13,
        "CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE p0 PARTITION OF p FOR VALUES IN (1, 3); CREATE TABLE rest (id int);
         CREATE TABLE q (id int) PARTITION BY LIST (id); CREATE TABLE q0 PARTITION OF q FOR VALUES IN (1, 2); CREATE TABLE others PARTITION OF q DEFAULT;",
        "CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE p0 PARTITION OF p FOR VALUES IN (1); CREATE TABLE rest PARTITION OF p DEFAULT;
         CREATE TABLE q (id int) PARTITION BY LIST (id); CREATE TABLE q0 PARTITION OF q FOR VALUES IN (1, 3); CREATE TABLE q5 PARTITION OF q FOR VALUES IN (5, NULL); CREATE TABLE others PARTITION OF q DEFAULT;",
    ),
    (
        // PostgreSQL 13 and 14 take its foreign key from a partition that is detached.
        "two tables that point at each other's parts cease to be spread",
        15,
        "CREATE TABLE a (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE a1 PARTITION OF a FOR VALUES FROM (0) TO (10);
         CREATE TABLE b (id int, a int CONSTRAINT f REFERENCES a ON DELETE CASCADE) PARTITION BY LIST (id); CREATE TABLE b1 PARTITION OF b FOR VALUES IN (1); INSERT INTO a VALUES (1); INSERT INTO b VALUES (1, 1);",
        "CREATE TABLE a (id bigint PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE a1 PARTITION OF a FOR VALUES FROM (0) TO (10);
         CREATE TABLE b (id int, a bigint CONSTRAINT f REFERENCES a ON DELETE SET NULL); CREATE TABLE b1 (id int, a bigint);",
    ),
    (
        "views, policies and rules of tables below one whose column changes",
        13,
        "CREATE TABLE a (x int, y int); CREATE TABLE b (z int) INHERITS (a); CREATE TABLE c () INHERITS (b); CREATE VIEW v AS SELECT * FROM c; INSERT INTO c VALUES (1, 2, 3);
         CREATE TABLE p (k int, y int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p DEFAULT PARTITION BY LIST (y); CREATE TABLE p11 PARTITION OF p1 DEFAULT; INSERT INTO p VALUES (1, 2);
         CREATE VIEW w AS SELECT * FROM p11; CREATE POLICY o ON p11 USING (k > 0); CREATE RULE r AS ON DELETE TO p11 WHERE old.k > 0 DO INSTEAD NOTHING;",
        "CREATE TABLE a (x bigint, y text); CREATE TABLE b (z int) INHERITS (a); CREATE TABLE c () INHERITS (b); CREATE VIEW v AS SELECT * FROM c;
         CREATE TABLE p (k bigint, y int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p DEFAULT PARTITION BY LIST (y); CREATE TABLE p11 PARTITION OF p1 DEFAULT;
         CREATE VIEW w AS SELECT * FROM p11; CREATE POLICY o ON p11 USING (k > 0); CREATE RULE r AS ON DELETE TO p11 WHERE old.k > 0 DO INSTEAD NOTHING;",
    ),
    (
        "a column of the top goes under a view on the bottom",
        13,
        "CREATE TABLE a (x int, y int); CREATE TABLE b (z int) INHERITS (a); CREATE TABLE c () INHERITS (b); CREATE VIEW v AS SELECT * FROM c;",
        "CREATE TABLE a (x int); CREATE TABLE b (z int) INHERITS (a); CREATE TABLE c () INHERITS (b); CREATE VIEW v AS SELECT * FROM c;",
    ),
    (
        "a list of domains over lists",
        13,
        "CREATE DOMAIN d AS int[]; CREATE TABLE t (a d DEFAULT '{1}', b d[]); INSERT INTO t VALUES ('{2}', ARRAY['{3}'::d]);",
        "CREATE DOMAIN d AS int[] CHECK (value <> '{}'); CREATE TABLE t (a d DEFAULT '{1}', b d[]);",
    ),
    (
        "the sequence of a serial column stays that of a column, but is none of a serial one",
        13,
        r#"create table t (id serial primary key, k int); create table u (id serial primary key, k int); create table v (id serial primary key, k int);
         insert into t (k) values (1), (2); insert into u (k) values (1), (2); insert into v (k) values (1), (2);"#,
        r#"create sequence t_id_seq as int; create table t (id numeric primary key default nextval('t_id_seq'), k int); alter sequence t_id_seq owned by t.id;
         create sequence u_id_seq as int; create table u (id int primary key default (nextval('u_id_seq') + 1), k int); alter sequence u_id_seq owned by u.id;
         create sequence v_id_seq as int; create table v (id int primary key default nextval('v_id_seq'), k int); alter sequence v_id_seq owned by v.k;
         insert into t (k) values (1), (2); insert into u (k) values (1), (2); insert into v (k) values (1), (2);"#,
    ),
    (
        "the sequence of a serial column goes on without it and the other way around",
        13,
        "create table t (id bigserial); insert into t values (5);",
        "create sequence t_id_seq increment by -3; create table t (id int); insert into t values (5);",
    ),
    (
        "the sequence of a serial column goes on without it",
        13,
        "CREATE TABLE t (id serial, n int); INSERT INTO t (n) VALUES (1), (2);",
        "CREATE TABLE t (id int, n serial); CREATE SEQUENCE t_id_seq;",
    ),
    (
        "computed columns of partitions with keys, checks and indexes",
        13,
        "CREATE TABLE p (a int, k int, b int NOT NULL GENERATED ALWAYS AS (a * 2) STORED, c int GENERATED ALWAYS AS (a + k) STORED, CONSTRAINT pu UNIQUE (b, k), CONSTRAINT ck CHECK (b > 0)) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p DEFAULT;
         ALTER TABLE p1 ADD CONSTRAINT own CHECK (b < 100); CREATE INDEX i ON p1 (b) INCLUDE (a); CREATE INDEX pi ON p (b) WHERE c > 4; CREATE TABLE r (b int, k int, FOREIGN KEY (b, k) REFERENCES p (b, k)); INSERT INTO p VALUES (1, 1); INSERT INTO r VALUES (2, 1);",
        "CREATE TABLE p (a bigint, k int, b int NOT NULL GENERATED ALWAYS AS (a * 2) STORED, c int GENERATED ALWAYS AS (a - k) STORED, CONSTRAINT pu UNIQUE (b, k), CONSTRAINT ck CHECK (b > 0)) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p DEFAULT;
         ALTER TABLE p1 ADD CONSTRAINT own CHECK (b < 100); CREATE INDEX i ON p1 (b) INCLUDE (a); CREATE INDEX pi ON p (b) WHERE c > 4; CREATE TABLE r (b int, k int, FOREIGN KEY (b, k) REFERENCES p (b, k));",
    ),
    (
        "computed columns of tables that inherit",
        13,
        "CREATE TABLE p (a int, b int GENERATED ALWAYS AS (a * 2) STORED); CREATE TABLE c (d int) INHERITS (p); CREATE TABLE own (b int) INHERITS (p); CREATE INDEX i ON c (b); INSERT INTO c VALUES (1, DEFAULT, 2);",
        "CREATE TABLE p (a int, b int GENERATED ALWAYS AS (a * 3) STORED); CREATE TABLE c (d int) INHERITS (p); CREATE TABLE own (b int) INHERITS (p); CREATE INDEX i ON c (b);",
    ),
    (
        "what a table has of its own comes from above in another way",
        13,
        "CREATE TABLE p (a int); CREATE TABLE c (x int, CONSTRAINT k CHECK (a > 5)) INHERITS (p); INSERT INTO c VALUES (7, 2);
         CREATE TABLE q (a int) PARTITION BY LIST (a); CREATE TABLE q1 PARTITION OF q (CONSTRAINT k CHECK (a > 5)) FOR VALUES IN (7);",
        "CREATE TABLE p (a int, x bigint, CONSTRAINT k CHECK (a > 0)); CREATE TABLE c () INHERITS (p);
         CREATE TABLE q (a int, CONSTRAINT k CHECK (a > 0)) PARTITION BY LIST (a); CREATE TABLE q1 PARTITION OF q FOR VALUES IN (7);",
    ),
    (
        "a sequence that a view draws from becomes that of an identity",
        13,
        "CREATE TABLE a (id serial PRIMARY KEY, x int); CREATE VIEW v AS SELECT nextval('a_id_seq') n; INSERT INTO a (x) VALUES (1);",
        "CREATE TABLE a (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, x int); CREATE VIEW v AS SELECT nextval('a_id_seq') n;",
    ),
    (
        "names of indexes, keys and tables pass to views, sequences and types",
        13,
        "CREATE TABLE a (id int CONSTRAINT k PRIMARY KEY, n int); CREATE INDEX i ON a (n); CREATE INDEX j ON a (id, n); CREATE TABLE status (id int PRIMARY KEY, name text); CREATE TABLE d (id int); CREATE TABLE t (s int REFERENCES status, d int);",
        "CREATE TABLE a (id int CONSTRAINT other PRIMARY KEY, n int); CREATE INDEX moved ON a (n); CREATE SEQUENCE j; CREATE VIEW i AS SELECT id FROM a; CREATE MATERIALIZED VIEW k AS SELECT 1 AS x;
         CREATE TYPE status AS ENUM ('a', 'b'); CREATE DOMAIN d AS int; CREATE TABLE t (s status DEFAULT 'a', d d);",
    ),
    (
        "a domain over a list becomes one over what is none",
        13,
        "CREATE DOMAIN d AS int[] CHECK (value <> '{}'); CREATE TABLE t (a d DEFAULT '{1}', n int); INSERT INTO t (a) VALUES (NULL);",
        "CREATE DOMAIN d AS int CHECK (value > 0); CREATE TABLE t (a d, n int);",
    ),
    (
        "a partition goes while those that stay get an index and other columns",
        13,
        "CREATE TABLE p (a int, n int NOT NULL DEFAULT 4) PARTITION BY LIST (a); CREATE TABLE rest PARTITION OF p DEFAULT; CREATE TABLE p9 PARTITION OF p FOR VALUES IN (9);
         CREATE TABLE p8 PARTITION OF p FOR VALUES IN (8); INSERT INTO p VALUES (1), (8), (9);",
        "CREATE TABLE p (a bigint, b int GENERATED ALWAYS AS (a * 3) STORED) PARTITION BY LIST (a); CREATE TABLE rest PARTITION OF p DEFAULT; CREATE TABLE p9 PARTITION OF p FOR VALUES IN (8);
         CREATE INDEX i ON p (b);",
    ),
    (
        "bounds of a partitioned table and of its partition shrink together",
        13,
        "CREATE TABLE t (k int, v text) PARTITION BY RANGE (k); CREATE TABLE m PARTITION OF t FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (k);
         CREATE TABLE l PARTITION OF m FOR VALUES FROM (0) TO (100); CREATE TABLE n PARTITION OF t FOR VALUES FROM (100) TO (200);
         CREATE TABLE log (v text); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO log VALUES (NEW.v); RETURN NEW; END';
         INSERT INTO t VALUES (5, 'a'), (60, 'b'), (90, 'd'), (150, 'c'); -- keep CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "CREATE TABLE t (k int, v text) PARTITION BY RANGE (k); CREATE TABLE m PARTITION OF t FOR VALUES FROM (0) TO (50) PARTITION BY RANGE (k);
         CREATE TABLE l PARTITION OF m FOR VALUES FROM (0) TO (50); CREATE TABLE n PARTITION OF t FOR VALUES FROM (50) TO (200);
         CREATE TABLE log (v text); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO log VALUES (NEW.v); RETURN NEW; END';
         CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
    ),
    (
        "bounds of a partitioned table with a partition for the rest shrink",
        13,
        "CREATE TABLE t (k int, v text) PARTITION BY RANGE (k); CREATE TABLE m PARTITION OF t FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (k);
         CREATE TABLE l PARTITION OF m FOR VALUES FROM (0) TO (80); CREATE TABLE d PARTITION OF m DEFAULT;
         CREATE TABLE n PARTITION OF t FOR VALUES FROM (100) TO (200); INSERT INTO t VALUES (5, 'a'), (60, 'b'), (90, 'd'), (150, 'c'); -- keep",
        "CREATE TABLE t (k int, v text) PARTITION BY RANGE (k); CREATE TABLE m PARTITION OF t FOR VALUES FROM (0) TO (50) PARTITION BY RANGE (k);
         CREATE TABLE l PARTITION OF m FOR VALUES FROM (0) TO (30); CREATE TABLE d PARTITION OF m DEFAULT; CREATE TABLE n PARTITION OF t FOR VALUES FROM (50) TO (200);",
    ),
    (
        "bounds of two partitioned tables move together",
        13,
        "CREATE TABLE t (k int, v text) PARTITION BY RANGE (k); CREATE TABLE m PARTITION OF t FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (k); CREATE TABLE l PARTITION OF m FOR VALUES FROM (0) TO (100);
         CREATE TABLE a PARTITION OF t FOR VALUES FROM (100) TO (200) PARTITION BY RANGE (k); CREATE TABLE al PARTITION OF a FOR VALUES FROM (100) TO (200);
         INSERT INTO t VALUES (5, 'a'), (60, 'b'), (90, 'd'), (150, 'c'); -- keep",
        "CREATE TABLE t (k int, v text) PARTITION BY RANGE (k); CREATE TABLE m PARTITION OF t FOR VALUES FROM (0) TO (50) PARTITION BY RANGE (k); CREATE TABLE l PARTITION OF m FOR VALUES FROM (0) TO (50);
         CREATE TABLE a PARTITION OF t FOR VALUES FROM (50) TO (200) PARTITION BY RANGE (k); CREATE TABLE al PARTITION OF a FOR VALUES FROM (50) TO (200);",
    ),
];
