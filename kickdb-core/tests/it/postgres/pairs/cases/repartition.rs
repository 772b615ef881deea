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
];
