//! Indexes of partitioned tables that not all partitions have a part of, where the tables are made again.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "an index without parts comes with the partitions",
        13,
        "CREATE TABLE t (id int NOT NULL, k text); CREATE INDEX old ON t (k); INSERT INTO t VALUES (1, 'a'), (30, 'b');",
        "CREATE TABLE t (id int NOT NULL, k text) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
         CREATE TABLE t2 PARTITION OF t DEFAULT; CREATE INDEX i ON ONLY t (k); CREATE INDEX old ON ONLY t (k); COMMENT ON INDEX i IS 'x';",
    ),
    (
        "an index and a key with one part of two come with the partitions",
        13,
        "CREATE TABLE t (id int NOT NULL, k text, PRIMARY KEY (id)); INSERT INTO t VALUES (1, 'a'), (30, 'b');",
        "CREATE TABLE t (id int NOT NULL, k text) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
         CREATE TABLE t2 PARTITION OF t DEFAULT; CREATE INDEX i ON ONLY t (k); CREATE INDEX i1 ON t1 (k); ALTER INDEX i ATTACH PARTITION i1;
         ALTER TABLE ONLY t ADD PRIMARY KEY (id); ALTER TABLE t1 ADD CONSTRAINT one PRIMARY KEY (id); ALTER INDEX t_pkey ATTACH PARTITION one;",
    ),
    (
        "an index whose part is unfinished itself comes with the partitions",
        13,
        "CREATE TABLE t (id int NOT NULL, k text) PARTITION BY LIST (k); CREATE TABLE t0 PARTITION OF t DEFAULT; CREATE INDEX i ON t (k);
         INSERT INTO t VALUES (1, 'a'), (30, 'b');",
        "CREATE TABLE t (id int NOT NULL, k text) PARTITION BY RANGE (id);
         CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10) PARTITION BY LIST (k); CREATE TABLE t11 PARTITION OF t1 DEFAULT;
         CREATE TABLE t2 PARTITION OF t DEFAULT; CREATE INDEX i ON ONLY t (k); CREATE INDEX i1 ON ONLY t1 (k); ALTER INDEX i ATTACH PARTITION i1;
         CREATE INDEX i2 ON t2 (k); ALTER INDEX i ATTACH PARTITION i2;",
    ),
    (
        "an enum that rows are spread by loses a value under an index without parts",
        13,
        "CREATE TYPE m AS ENUM ('a', 'b', 'c'); CREATE TABLE t (id int, k m) PARTITION BY LIST (k); CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('a');
         CREATE TABLE t2 PARTITION OF t DEFAULT; CREATE INDEX i ON ONLY t (id); CREATE INDEX i1 ON t1 (id); ALTER INDEX i ATTACH PARTITION i1;
         INSERT INTO t VALUES (1, 'a'), (2, 'b');",
        "CREATE TYPE m AS ENUM ('b', 'a'); CREATE TABLE t (id int, k m) PARTITION BY LIST (k); CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('a');
         CREATE TABLE t2 PARTITION OF t DEFAULT; CREATE INDEX i ON ONLY t (id); CREATE INDEX i1 ON t1 (id); ALTER INDEX i ATTACH PARTITION i1;",
    ),
    (
        "an index of a table that stays loses its parts in a partition that is partitioned further",
        13,
        "CREATE TABLE t (id int NOT NULL, k text) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
         CREATE TABLE t2 PARTITION OF t DEFAULT; CREATE INDEX i ON t (k); INSERT INTO t VALUES (1, 'a'), (30, 'b');",
        "CREATE TABLE t (id int NOT NULL, k text) PARTITION BY RANGE (id);
         CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10) PARTITION BY LIST (k); CREATE TABLE t11 PARTITION OF t1 DEFAULT;
         CREATE TABLE t2 PARTITION OF t DEFAULT; CREATE INDEX i ON ONLY t (k); CREATE INDEX i1 ON ONLY t1 (k); ALTER INDEX i ATTACH PARTITION i1;
         CREATE INDEX i2 ON t2 (k); ALTER INDEX i ATTACH PARTITION i2; COMMENT ON INDEX i2 IS 'x';",
    ),
];
