//! Plain tables that become partitioned and the other way round, and other partition keys.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "a plain table becomes partitioned, with all that belongs to it",
        13,
        "CREATE SCHEMA s;
         CREATE TABLE other (id int PRIMARY KEY);
         CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, at date NOT NULL, n numeric(8,2), code serial, o int REFERENCES other, twice int GENERATED ALWAYS AS (id * 2) STORED,
           CONSTRAINT t_pkey PRIMARY KEY (id, at), CONSTRAINT positive CHECK (n > 0), CONSTRAINT once UNIQUE (code, at));
         CREATE INDEX t_n ON t (n); COMMENT ON TABLE t IS 'all'; COMMENT ON COLUMN t.n IS 'how many'; COMMENT ON CONSTRAINT positive ON t IS 'more than none';
         ALTER TABLE t REPLICA IDENTITY FULL; ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY;
         CREATE POLICY p ON t USING (n > 1);
         CREATE TABLE points (id int, at date, CONSTRAINT points_t FOREIGN KEY (id, at) REFERENCES t (id, at) ON DELETE CASCADE);
         CREATE SEQUENCE own OWNED BY t.n;
         CREATE VIEW v AS SELECT id, n FROM t; CREATE VIEW w AS SELECT id FROM v;
         CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
         CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
         INSERT INTO other VALUES (1); INSERT INTO t (at, n, o) VALUES ('2020-05-05', 1.5, 1), ('2021-05-05', 2.5, NULL);
         INSERT INTO points VALUES (1, '2020-05-05'); -- keep",
        "CREATE SCHEMA s;
         CREATE TABLE other (id int PRIMARY KEY);
         CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, at date NOT NULL, n numeric(8,2), code serial, o int REFERENCES other, twice int GENERATED ALWAYS AS (id * 2) STORED,
           CONSTRAINT t_pkey PRIMARY KEY (id, at), CONSTRAINT positive CHECK (n > 0), CONSTRAINT once UNIQUE (code, at)) PARTITION BY RANGE (at);
         CREATE TABLE t_2020 PARTITION OF t FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
         CREATE TABLE s.t_rest PARTITION OF t DEFAULT;
         CREATE INDEX t_n ON t (n); COMMENT ON TABLE t IS 'all'; COMMENT ON COLUMN t.n IS 'how many'; COMMENT ON CONSTRAINT positive ON t IS 'more than none';
         ALTER TABLE t REPLICA IDENTITY FULL; ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY;
         CREATE POLICY p ON t USING (n > 1);
         CREATE TABLE points (id int, at date, CONSTRAINT points_t FOREIGN KEY (id, at) REFERENCES t (id, at) ON DELETE CASCADE);
         CREATE SEQUENCE own OWNED BY t.n;
         CREATE VIEW v AS SELECT id, n FROM t; CREATE VIEW w AS SELECT id FROM v;
         CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
         CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
    ),
    (
        "the key of a partitioned table changes, and its columns with it",
        13,
        "CREATE TABLE t (id int NOT NULL, k text NOT NULL, gone int, wide int, PRIMARY KEY (id)) PARTITION BY RANGE (id);
         CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10); CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20);
         CREATE TABLE t3 PARTITION OF t DEFAULT; CREATE INDEX t_k ON t (k); CREATE INDEX mine ON t1 (gone);
         CREATE TABLE points (id int REFERENCES t);
         INSERT INTO t VALUES (1, 'a', 1, 1), (11, 'b', 2, 2), (99, 'c', 3, 3); INSERT INTO points VALUES (11);",
        "CREATE TABLE t (id int NOT NULL, k text NOT NULL, wide bigint, fresh text DEFAULT 'x', PRIMARY KEY (id, k)) PARTITION BY LIST (k);
         CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('a', 'b'); CREATE TABLE t2 PARTITION OF t DEFAULT PARTITION BY HASH (id);
         CREATE TABLE t2a PARTITION OF t2 FOR VALUES WITH (MODULUS 1, REMAINDER 0); CREATE INDEX t_k ON t (k);
         CREATE TABLE points (id int);",
    ),
    (
        "a partition is partitioned further, and keeps its place",
        13,
        "CREATE TABLE t (id int NOT NULL, k int NOT NULL, CONSTRAINT c CHECK (k > 0), PRIMARY KEY (id, k)) PARTITION BY RANGE (id);
         CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10); CREATE TABLE t2 PARTITION OF t DEFAULT; CREATE INDEX t_k ON t (k);
         INSERT INTO t VALUES (1, 1), (2, 2), (30, 3); -- keep",
        "CREATE TABLE t (id int NOT NULL, k int NOT NULL, CONSTRAINT c CHECK (k > 0), PRIMARY KEY (id, k)) PARTITION BY RANGE (id);
         CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10) PARTITION BY LIST (k); CREATE TABLE t1a PARTITION OF t1 FOR VALUES IN (1);
         CREATE TABLE t1b PARTITION OF t1 DEFAULT; CREATE TABLE t2 PARTITION OF t DEFAULT; CREATE INDEX t_k ON t (k);",
    ),
    (
        "a table that was by itself becomes a partition of one that was plain",
        13,
        "CREATE TABLE t (id int NOT NULL, k text DEFAULT 'k'); CREATE TABLE t1 (id int NOT NULL, k text DEFAULT 'k');
         CREATE FUNCTION f(t) RETURNS text LANGUAGE sql AS 'SELECT ($1).k';
         INSERT INTO t VALUES (1), (2); INSERT INTO t1 VALUES (11);",
        "CREATE TABLE t (id int NOT NULL, k text DEFAULT 'k') PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (10) TO (20);
         CREATE TABLE t2 PARTITION OF t DEFAULT;
         CREATE FUNCTION f(t) RETURNS text LANGUAGE sql AS 'SELECT ($1).k';",
    ),
    (
        "a table that points at itself and at another that is new",
        13,
        "CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES t); INSERT INTO t VALUES (2, 1), (1, NULL); -- keep",
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES t, u int REFERENCES u) PARTITION BY HASH (id);
         CREATE TABLE t1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE t2 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1);",
    ),
    (
        "a partition becomes two new ones",
        13,
        r#"create table t (a int, b int) partition by range (a); create table t1 partition of t for values from (0) to (100); insert into t select i, i from generate_series(0,99,7) i;"#,
        r#"create table t (a int, b int) partition by range (a); create table t2 partition of t for values from (0) to (50); create table t3 partition of t for values from (50) to (100); insert into t select i, i from generate_series(0,99,7) i;"#,
    ),
    (
        "two partitions become a new one",
        13,
        r#"create table t (a int, b int) partition by range (a); create table t2 partition of t for values from (0) to (50); create table t3 partition of t for values from (50) to (100); insert into t select i, i from generate_series(0,99,7) i;"#,
        r#"create table t (a int, b int) partition by range (a); create table t1 partition of t for values from (0) to (100);"#,
    ),
    (
        "partitions by hash become more",
        13,
        r#"create table t (a int, b int) partition by hash (a); create table h0 partition of t for values with (modulus 2, remainder 0); create table h1 partition of t for values with (modulus 2, remainder 1); insert into t select i, i from generate_series(0,99,7) i;"#,
        r#"create table t (a int, b int) partition by hash (a); create table k0 partition of t for values with (modulus 3, remainder 0); create table k1 partition of t for values with (modulus 3, remainder 1); create table k2 partition of t for values with (modulus 3, remainder 2); insert into t select i, i from generate_series(0,99,7) i;"#,
    ),
    (
        "a partition becomes two, of which one is partitioned",
        13,
        r#"create table t (a int, b int) partition by range (a); create table t1 partition of t for values from (0) to (100); insert into t select i, i%2 from generate_series(0,99,7) i;"#,
        r#"create table t (a int, b int) partition by range (a); create table t2 partition of t for values from (0) to (50) partition by list (b); create table t20 partition of t2 for values in (0); create table t21 partition of t2 for values in (1); create table t3 partition of t for values from (50) to (100); insert into t select i, i%2 from generate_series(0,99,7) i;"#,
    ),
    (
        "a partition that is partitioned becomes a plain one",
        13,
        r#"create table t (a int, b int) partition by range (a); create table t1 partition of t for values from (0) to (100) partition by list (b); create table t10 partition of t1 for values in (0); create table t11 partition of t1 for values in (1); insert into t select i, i%2 from generate_series(0,99,7) i;"#,
        r#"create table t (a int, b int) partition by range (a); create table t5 partition of t for values from (0) to (100);"#,
    ),
    (
        "partitions for the rest and for others exchange names",
        13,
        r#"create table t (a int, b int) partition by list (a); create table td partition of t default; insert into t values (1,1),(2,2),(3,3);"#,
        r#"create table t (a int, b int) partition by list (a); create table t1 partition of t for values in (1,2); create table td2 partition of t default; insert into t values (1,1),(2,2),(3,3);"#,
    ),
    (
        "a column changes its type meanwhile",
        13,
        r#"create table t (a int, b int) partition by range (a); create table t1 partition of t for values from (0) to (100); insert into t select i, i from generate_series(0,99,7) i;"#,
        r#"create table t (a int, b bigint) partition by range (a); create table t2 partition of t for values from (0) to (50); create table t3 partition of t for values from (50) to (100);"#,
    ),
    (
        "keys, counters, triggers and foreign keys of a table whose partition becomes two",
        13,
        r#"create table r (id int primary key); insert into r select i from generate_series(0,99) i; create table t (a int not null references r, b int generated always as (a * 2) stored, c int not null, primary key (a)) partition by range (a); create table t1 partition of t for values from (0) to (100); create function tf() returns trigger language plpgsql as 'begin raise exception $$no$$; end'; insert into t (a,c) select i, i from generate_series(0,99,7) i; create trigger tt before insert or update or delete on t for each row execute function tf(); create table w (x int references t); insert into w values (7)"#,
        r#"create table r (id int primary key); create table t (a int not null references r, b int generated always as (a * 2) stored, c int not null, primary key (a)) partition by range (a);  create table t2 partition of t for values from (0) to (50); create table t3 partition of t for values from (50) to (100); create function tf() returns trigger language plpgsql as 'begin raise exception $$no$$; end'; create trigger tt before insert or update or delete on t for each row execute function tf(); create table w (x int references t);"#,
    ),
    (
        "a new partition takes a part",
        13,
        r#"create table t (a int, b int) partition by range (a); create table t1 partition of t for values from (0) to (100); insert into t select i, i from generate_series(0,49,7) i;"#,
        r#"create table t (a int, b int) partition by range (a); create table t2 partition of t for values from (0) to (50); insert into t select i, i from generate_series(0,49,7) i;"#,
    ),
    (
        "partitions in another schema",
        13,
        r#"create schema s; create table t (a int, b int) partition by list (a); create table s.t1 partition of t for values in (1,2); insert into t values (1,1),(2,2);"#,
        r#"create schema s; create table t (a int, b int) partition by list (a); create table s.t3 partition of t for values in (1); create table s.t2 partition of t for values in (2)"#,
    ),
    (
        "rows that nobody may see are spread anew",
        13,
        r#"create table t (a int, b int) partition by range (a); create table t1 partition of t for values from (0) to (100); insert into t (a) select i from generate_series(0,99,7) i; alter table t enable row level security; alter table t force row level security;"#,
        r#"create table t (a int, b int) partition by range (a); create table t2 partition of t for values from (0) to (50); create table t3 partition of t for values from (50) to (100); alter table t enable row level security; alter table t force row level security;"#,
    ),
    (
        "a partition becomes smaller, another larger, and a new one comes",
        13,
        r#"create table t (a int, b int) partition by range (a); create table t1 partition of t for values from (0) to (60); create table t2 partition of t for values from (60) to (100); insert into t select i,i from generate_series(0,99,7) i"#,
        r#"create table t (a int, b int) partition by range (a); create table t2 partition of t for values from (50) to (100); create table t3 partition of t for values from (0) to (50); insert into t select i,i from generate_series(0,99,7) i"#,
    ),
    (
        "a partition that is partitioned goes, and another one takes its rows",
        13,
        r#"create table t (a int, b int) partition by list (a); create table t1 partition of t for values in (1,2) partition by list (b); create table t11 partition of t1 default; create table td partition of t default; insert into t values (1,1),(2,2),(3,3)"#,
        r#"create table t (a int, b int) partition by list (a); create table td partition of t default; insert into t values (1,1),(2,2),(3,3)"#,
    ),
    (
        "rows of a table that becomes partitioned are in columns, and its own come and change",
        13,
        r#"create table t (id int not null, k text, w int); create table u (id int, r t, rs t[]); create function f(t) returns text language sql as 'select ($1).k'; insert into t values (1,'a',3); insert into u values (1, row(1,'x',3), array[row(4,'y',6)::t]);"#,
        r#"create table t (id bigint not null, k text, w int, n int default 5) partition by range (id); create table t1 partition of t default; create table u (id int, r t, rs t[]); create function f(t) returns text language sql as 'select ($1).k';"#,
    ),
];
