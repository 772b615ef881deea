//! Tables whose rows are spread by what changes, and what several tables share.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "rows that break a check stay where their table becomes partitioned",
        13,
        "CREATE TABLE r (id int PRIMARY KEY); CREATE TABLE t (id int, n int, r int); INSERT INTO t VALUES (1, -1, 5), (2, 3, 6), (3, NULL, NULL);
         ALTER TABLE t ADD CONSTRAINT nv CHECK (n > 0) NOT VALID; COMMENT ON CONSTRAINT nv ON t IS 'later';
         ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (r) REFERENCES r NOT VALID; COMMENT ON CONSTRAINT fk ON t IS 'later, too';",
        "CREATE TABLE r (id int PRIMARY KEY); CREATE TABLE t (id int, n int, r int) PARTITION BY RANGE (id); CREATE TABLE rest PARTITION OF t DEFAULT;
         ALTER TABLE t ADD CONSTRAINT nv CHECK (n > 0) NOT VALID; COMMENT ON CONSTRAINT nv ON t IS 'later'; COMMENT ON CONSTRAINT nv ON rest IS 'there, too';",
    ),
    (
        "rows that break a check are spread in another way",
        13,
        "CREATE TABLE t (id int, n int) PARTITION BY RANGE (id); CREATE TABLE rest PARTITION OF t DEFAULT; INSERT INTO t VALUES (1, -1), (2, 3), (3, NULL);
         ALTER TABLE t ADD CONSTRAINT nv CHECK (n > 0) NOT VALID; COMMENT ON CONSTRAINT nv ON t IS 'later';",
        "CREATE TABLE t (id int, n int) PARTITION BY LIST (n); CREATE TABLE rest PARTITION OF t DEFAULT;
         ALTER TABLE t ADD CONSTRAINT nv CHECK (n > 0) NOT VALID; COMMENT ON CONSTRAINT nv ON t IS 'later';",
    ),
    (
        "rows that break a check go to a new partition and come back",
        13,
        "CREATE TABLE t (id int, n int) PARTITION BY RANGE (id); CREATE TABLE rest PARTITION OF t DEFAULT; INSERT INTO t VALUES (1, -1), (2, 3), (3, NULL);
         ALTER TABLE t ADD CONSTRAINT nv CHECK (n > 0) NOT VALID; COMMENT ON CONSTRAINT nv ON t IS 'later';",
        "CREATE TABLE t (id int, n int) PARTITION BY RANGE (id); CREATE TABLE rest PARTITION OF t DEFAULT; CREATE TABLE one PARTITION OF t FOR VALUES FROM (0) TO (2);
         ALTER TABLE t ADD CONSTRAINT nv CHECK (n > 0) NOT VALID; COMMENT ON CONSTRAINT nv ON t IS 'later'; COMMENT ON CONSTRAINT nv ON one IS 'there, too';",
    ),
    (
        "rows that break a check go to partitions in the place of others, and to others with other bounds",
        13,
        "CREATE TABLE t (id int, n int) PARTITION BY RANGE (id); CREATE TABLE one PARTITION OF t FOR VALUES FROM (0) TO (10);
         CREATE TABLE u (id int, n int) PARTITION BY RANGE (id); CREATE TABLE u1 PARTITION OF u FOR VALUES FROM (0) TO (10); CREATE TABLE u2 PARTITION OF u FOR VALUES FROM (10) TO (20);
         INSERT INTO t VALUES (1, -1), (7, 3); INSERT INTO u VALUES (1, -1), (7, -3), (12, -4);
         ALTER TABLE t ADD CONSTRAINT nv CHECK (n > 0) NOT VALID; COMMENT ON CONSTRAINT nv ON t IS 'later';
         ALTER TABLE u ADD CONSTRAINT nv CHECK (n > 0) NOT VALID;",
        "CREATE TABLE t (id int, n int) PARTITION BY RANGE (id); CREATE TABLE two PARTITION OF t FOR VALUES FROM (0) TO (5); CREATE TABLE three PARTITION OF t FOR VALUES FROM (5) TO (10);
         CREATE TABLE u (id int, n int) PARTITION BY RANGE (id); CREATE TABLE u1 PARTITION OF u FOR VALUES FROM (0) TO (5); CREATE TABLE u2 PARTITION OF u FOR VALUES FROM (5) TO (20);
         ALTER TABLE t ADD CONSTRAINT nv CHECK (n > 0) NOT VALID; COMMENT ON CONSTRAINT nv ON t IS 'later';
         ALTER TABLE u ADD CONSTRAINT nv CHECK (n > 0) NOT VALID;",
    ),
    (
        "no trigger and no rule sees rows that a new partition takes from the one for the rest",
        13,
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TABLE t (id int, n int) PARTITION BY RANGE (id);
         CREATE TABLE rest PARTITION OF t DEFAULT; CREATE TABLE r (id int) PARTITION BY RANGE (id); CREATE TABLE r_rest PARTITION OF r DEFAULT;
         CREATE TABLE u (id int) PARTITION BY RANGE (id); CREATE TABLE u_rest PARTITION OF u DEFAULT;
         INSERT INTO t VALUES (1, -1), (2, 3); INSERT INTO r VALUES (1), (2); INSERT INTO u VALUES (1), (2);
         CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE RULE ru AS ON INSERT TO r WHERE new.id > 0 DO INSTEAD NOTHING;",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TABLE t (id int, n int) PARTITION BY RANGE (id);
         CREATE TABLE rest PARTITION OF t DEFAULT; CREATE TABLE one PARTITION OF t FOR VALUES FROM (0) TO (2); CREATE TABLE r (id int) PARTITION BY RANGE (id);
         CREATE TABLE r_rest PARTITION OF r DEFAULT; CREATE TABLE r_one PARTITION OF r FOR VALUES FROM (0) TO (2);
         CREATE TABLE u (id int) PARTITION BY RANGE (id); CREATE TABLE u_rest PARTITION OF u DEFAULT; CREATE TABLE u_one PARTITION OF u FOR VALUES FROM (0) TO (2);
         CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE RULE ru AS ON INSERT TO r WHERE new.id > 0 DO INSTEAD NOTHING;
         CREATE TRIGGER fresh BEFORE INSERT ON u FOR EACH ROW EXECUTE FUNCTION f();",
    ),
    (
        "rows spread by a hash over fewer partitions",
        13,
        "CREATE TABLE h (id int PRIMARY KEY, n int) PARTITION BY HASH (id); CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (modulus 3, remainder 0);
         CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (modulus 3, remainder 1); CREATE TABLE h2 PARTITION OF h FOR VALUES WITH (modulus 3, remainder 2);
         INSERT INTO h SELECT i, i FROM generate_series(1, 20) i;",
        "CREATE TABLE h (id int PRIMARY KEY, n int) PARTITION BY HASH (id); CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (modulus 2, remainder 0);
         CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (modulus 2, remainder 1);",
    ),
    (
        "the type of a partition key",
        13,
        "CREATE TABLE m (id int, d date NOT NULL, k int, PRIMARY KEY (id, d)) PARTITION BY RANGE (d);
         CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
         CREATE TABLE m2 PARTITION OF m DEFAULT;
         CREATE INDEX m_k ON m (k);
         INSERT INTO m VALUES (1,'2024-02-02',3),(2,'2026-01-01',4);",
        "CREATE TABLE m (id int, d timestamp NOT NULL, k int, PRIMARY KEY (id, d)) PARTITION BY RANGE (d);
         CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
         CREATE TABLE m2 PARTITION OF m DEFAULT;
         CREATE INDEX m_k ON m (k);",
    ),
    (
        "a partition key under keys, a trigger and a view",
        13,
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE m (id int PRIMARY KEY, u int REFERENCES u, t text) PARTITION BY HASH (id);
         CREATE TABLE m1 PARTITION OF m FOR VALUES WITH (MODULUS 2, REMAINDER 0);
         CREATE TABLE m2 PARTITION OF m FOR VALUES WITH (MODULUS 2, REMAINDER 1);
         CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
         CREATE TRIGGER tr BEFORE INSERT ON m FOR EACH ROW EXECUTE FUNCTION f();
         CREATE VIEW v AS SELECT id, t FROM m;
         CREATE TABLE r (m int REFERENCES m);
         INSERT INTO u VALUES (1); INSERT INTO m VALUES (1,1,'a'),(2,1,'b'),(3,NULL,'c'); INSERT INTO r VALUES (2);",
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE m (id bigint PRIMARY KEY, u int REFERENCES u, t text) PARTITION BY HASH (id);
         CREATE TABLE m1 PARTITION OF m FOR VALUES WITH (MODULUS 2, REMAINDER 0);
         CREATE TABLE m2 PARTITION OF m FOR VALUES WITH (MODULUS 2, REMAINDER 1);
         CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
         CREATE TRIGGER tr BEFORE INSERT ON m FOR EACH ROW EXECUTE FUNCTION f();
         CREATE VIEW v AS SELECT id, t FROM m;
         CREATE TABLE r (m bigint REFERENCES m);",
    ),
    (
        "rows are spread by an enum that loses a value",
        13,
        "CREATE TYPE e AS ENUM ('a','b','c');
         CREATE TABLE m (id int, e e) PARTITION BY LIST (e);
         CREATE TABLE m1 PARTITION OF m FOR VALUES IN ('a');
         CREATE TABLE m2 PARTITION OF m FOR VALUES IN ('b');
         CREATE TABLE x (e e DEFAULT 'a');
         INSERT INTO m VALUES (1,'a'),(2,'b');",
        "CREATE TYPE e AS ENUM ('a','b');
         CREATE TABLE m (id int, e e) PARTITION BY LIST (e);
         CREATE TABLE m1 PARTITION OF m FOR VALUES IN ('a');
         CREATE TABLE m2 PARTITION OF m FOR VALUES IN ('b');
         CREATE TABLE x (e e DEFAULT 'a');",
    ),
    (
        "the key of partitions that are partitioned further",
        13,
        "CREATE TABLE m (id int, r text, d date) PARTITION BY LIST (r);
         CREATE TABLE m_a PARTITION OF m FOR VALUES IN ('a') PARTITION BY RANGE (d);
         CREATE TABLE m_a1 PARTITION OF m_a FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
         CREATE TABLE m_b PARTITION OF m FOR VALUES IN ('b');
         INSERT INTO m VALUES (1,'a','2020-05-05'),(2,'b',NULL);
         COMMENT ON TABLE m_a1 IS 'aa'; CREATE INDEX ON m (id);",
        "CREATE TABLE m (id int, r varchar(20), d date) PARTITION BY LIST (r);
         CREATE TABLE m_a PARTITION OF m FOR VALUES IN ('a') PARTITION BY RANGE (d);
         CREATE TABLE m_a1 PARTITION OF m_a FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
         CREATE TABLE m_b PARTITION OF m FOR VALUES IN ('b');
         COMMENT ON TABLE m_a1 IS 'aa'; CREATE INDEX ON m (id);",
    ),
    (
        "rows are spread by a domain of something else",
        13,
        "CREATE DOMAIN dd AS int CHECK (value > 0);
         CREATE TABLE m (id dd, r text) PARTITION BY RANGE (id);
         CREATE TABLE m_a PARTITION OF m FOR VALUES FROM (1) TO (100);
         INSERT INTO m VALUES (1,'a');",
        "CREATE DOMAIN dd AS bigint CHECK (value > 0);
         CREATE TABLE m (id dd, r text) PARTITION BY RANGE (id);
         CREATE TABLE m_a PARTITION OF m FOR VALUES FROM (1) TO (100);",
    ),
    (
        "a partition's own key changes with its table",
        13,
        "CREATE TABLE ev (id bigint NOT NULL, at timestamptz NOT NULL, kind text NOT NULL, p jsonb, PRIMARY KEY (id, at, kind)) PARTITION BY RANGE (at);
         CREATE TABLE ev_23 PARTITION OF ev FOR VALUES FROM ('2023-01-01') TO ('2024-01-01') PARTITION BY LIST (kind);
         CREATE TABLE ev_23_a PARTITION OF ev_23 FOR VALUES IN ('a','b'); CREATE TABLE ev_23_d PARTITION OF ev_23 DEFAULT;
         CREATE TABLE ev_24 PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
         CREATE INDEX ev_k ON ev (kind); CREATE INDEX ON ev USING gin (p);
         INSERT INTO ev SELECT i, '2023-06-01'::timestamptz + i * interval '30 days', CASE WHEN i % 2 = 0 THEN 'a' ELSE 'z' END, '{}' FROM generate_series(1,12) i;",
        "CREATE TABLE ev (id bigint NOT NULL, at timestamptz NOT NULL, kind varchar(40) NOT NULL, p jsonb DEFAULT '{}', tenant int NOT NULL DEFAULT 0, PRIMARY KEY (id, at, kind), CHECK (id > 0)) PARTITION BY RANGE (at);
         CREATE TABLE ev_23 PARTITION OF ev FOR VALUES FROM ('2023-01-01') TO ('2024-01-01') PARTITION BY LIST (kind);
         CREATE TABLE ev_23_a PARTITION OF ev_23 FOR VALUES IN ('a','b'); CREATE TABLE ev_23_d PARTITION OF ev_23 DEFAULT;
         CREATE TABLE ev_24 PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
         CREATE TABLE ev_d PARTITION OF ev DEFAULT;
         CREATE INDEX ev_k ON ev (kind, tenant); CREATE UNIQUE INDEX ev_u ON ev (id, at, kind, tenant);",
    ),
    (
        "rows are spread by a function that changes",
        13,
        "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'select $1';
         CREATE TABLE m (a int) PARTITION BY RANGE (f(a)); CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (10);
         CREATE TABLE t (a int, EXCLUDE USING btree (f(a) WITH =)); INSERT INTO m VALUES (3);",
        "CREATE FUNCTION f(int, int DEFAULT 0) RETURNS int LANGUAGE sql IMMUTABLE AS 'select $1 + $2';
         CREATE TABLE m (a int) PARTITION BY RANGE (f(a)); CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (10);
         CREATE TABLE t (a int, EXCLUDE USING btree (f(a) WITH =));",
    ),
    (
        "an index of a table alone becomes one of all partitions",
        13,
        "CREATE TABLE m (id int, k int) PARTITION BY RANGE (id);
         CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (10);
         CREATE INDEX mi ON ONLY m (k);",
        "CREATE TABLE m (id int, k int) PARTITION BY RANGE (id);
         CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (10);
         CREATE INDEX mi ON m (k);",
    ),
    (
        "an index that only some partitions have",
        13,
        "CREATE TABLE m (id int, k int) PARTITION BY RANGE (id);
         CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (10);
         CREATE TABLE m2 PARTITION OF m FOR VALUES FROM (10) TO (20);
         CREATE INDEX mi ON ONLY m (k);
         CREATE INDEX m1i ON m1 (k);
         ALTER INDEX mi ATTACH PARTITION m1i;",
        "CREATE TABLE m (id int, k int) PARTITION BY RANGE (id);
         CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (10);
         CREATE TABLE m2 PARTITION OF m FOR VALUES FROM (10) TO (20);
         CREATE INDEX mi ON m (k);",
    ),
    (
        "a key that partitions get by name",
        13,
        "CREATE TABLE m (id int NOT NULL, k int) PARTITION BY RANGE (id);
         CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (10);
         ALTER TABLE ONLY m ADD PRIMARY KEY (id);",
        "CREATE TABLE m (id int NOT NULL, k int) PARTITION BY RANGE (id);
         CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (10);
         ALTER TABLE ONLY m ADD PRIMARY KEY (id);
         CREATE UNIQUE INDEX m1_pk ON m1 (id);
         ALTER TABLE m1 ADD CONSTRAINT m1_pk PRIMARY KEY USING INDEX m1_pk;
         ALTER INDEX m_pkey ATTACH PARTITION m1_pk;",
    ),
    (
        "a column that two tables give gets another type",
        13,
        "CREATE TABLE p1 (a int, x int NOT NULL DEFAULT 1); CREATE TABLE p2 (a int, y text);
         CREATE TABLE c (z int) INHERITS (p1, p2); INSERT INTO c VALUES (1,2,'q',3);",
        "CREATE TABLE p1 (a bigint, x int); CREATE TABLE p2 (a bigint, y text, CHECK (y <> ''));
         CREATE TABLE c (z int, a bigint DEFAULT 5) INHERITS (p2, p1);",
    ),
    (
        "two tables swap the names of their indexes",
        13,
        "CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE INDEX i ON t (a); CREATE INDEX k ON u (a);",
        "CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE INDEX i ON u (a); CREATE INDEX k ON t (a);",
    ),
];
