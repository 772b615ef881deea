//! Partitions, and tables that inherit.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "a foreign table takes the values of a partition that leaves, and of one that goes",
        13,
        "CREATE EXTENSION file_fdw; CREATE SERVER s FOREIGN DATA WRAPPER file_fdw; CREATE TABLE t (id int, v text) PARTITION BY LIST (v);
         CREATE TABLE h PARTITION OF t FOR VALUES IN ('h'); CREATE TABLE g PARTITION OF t FOR VALUES IN ('g');",
        "CREATE EXTENSION file_fdw; CREATE SERVER s FOREIGN DATA WRAPPER file_fdw; CREATE TABLE t (id int, v text) PARTITION BY LIST (v);
         CREATE TABLE h PARTITION OF t FOR VALUES IN ('x'); CREATE FOREIGN TABLE e PARTITION OF t FOR VALUES IN ('h') SERVER s OPTIONS (filename '/dev/null', format 'csv');
         CREATE FOREIGN TABLE f PARTITION OF t FOR VALUES IN ('g') SERVER s OPTIONS (filename '/dev/null', format 'csv');",
    ),
    (
        "a foreign table becomes a partition with all that its columns have of their own",
        13,
        "CREATE EXTENSION file_fdw; CREATE SERVER s FOREIGN DATA WRAPPER file_fdw; CREATE TABLE t (id int, v text DEFAULT 'x', n int DEFAULT 1, \"G g\" text) PARTITION BY LIST (id);
         CREATE FOREIGN TABLE f (id int OPTIONS (force_null 'true', force_not_null 'false') NOT NULL, v text DEFAULT 'y', n int, \"G g\" text OPTIONS (force_null 'true')) SERVER s OPTIONS (filename '/dev/null', format 'csv');",
        "CREATE EXTENSION file_fdw; CREATE SERVER s FOREIGN DATA WRAPPER file_fdw; CREATE TABLE t (id int, v text DEFAULT 'x', n int DEFAULT 1, \"G g\" text) PARTITION BY LIST (id);
         CREATE FOREIGN TABLE f (id int OPTIONS (force_null 'true', force_not_null 'false') NOT NULL, v text DEFAULT 'y', n int, \"G g\" text OPTIONS (force_null 'true')) SERVER s OPTIONS (filename '/dev/null', format 'csv');
         ALTER TABLE t ATTACH PARTITION f FOR VALUES IN (1);",
    ),
    (
        "a foreign table below keeps a default of its own when the one above changes",
        13,
        "CREATE EXTENSION file_fdw; CREATE SERVER s FOREIGN DATA WRAPPER file_fdw; CREATE TABLE t (id int, v text DEFAULT 'x', n int DEFAULT 1, r int NOT NULL) PARTITION BY LIST (id);
         CREATE FOREIGN TABLE f PARTITION OF t (v DEFAULT 'y', n DEFAULT NULL) FOR VALUES IN (1) SERVER s OPTIONS (filename '/dev/null', format 'csv');
         CREATE FOREIGN TABLE g PARTITION OF t FOR VALUES IN (2) SERVER s OPTIONS (filename '/dev/null', format 'csv');
         CREATE TABLE i (a int DEFAULT 1, b int); CREATE FOREIGN TABLE h (c int) INHERITS (i) SERVER s OPTIONS (filename '/dev/null', format 'csv'); ALTER FOREIGN TABLE h ALTER a SET DEFAULT 2, ALTER b OPTIONS (ADD force_null 'true');",
        "CREATE EXTENSION file_fdw; CREATE SERVER s FOREIGN DATA WRAPPER file_fdw; CREATE TABLE t (id int, v text DEFAULT 'z', n int DEFAULT 2, r int) PARTITION BY LIST (id);
         CREATE FOREIGN TABLE f PARTITION OF t (v DEFAULT 'y', n DEFAULT NULL, r NOT NULL) FOR VALUES IN (1) SERVER s OPTIONS (filename '/dev/null', format 'csv');
         CREATE FOREIGN TABLE g PARTITION OF t FOR VALUES IN (2) SERVER s OPTIONS (filename '/dev/null', format 'csv'); ALTER FOREIGN TABLE g ALTER v OPTIONS (ADD force_null 'true');
         CREATE TABLE i (a int DEFAULT 3, b int); CREATE FOREIGN TABLE h (c int) INHERITS (i) SERVER s OPTIONS (filename '/dev/null', format 'csv'); ALTER FOREIGN TABLE h ALTER a SET DEFAULT 2;",
    ),
    (
        "partitioned tables of every kind come and go",
        13,
        "CREATE TABLE other (id int PRIMARY KEY);",
        "CREATE TABLE other (id int PRIMARY KEY);
         CREATE TABLE r (id int NOT NULL, at date NOT NULL, note text DEFAULT 'x', o int REFERENCES other ON DELETE CASCADE,
           CONSTRAINT positive CHECK (id > 0), PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
         CREATE TABLE r_2020 PARTITION OF r FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
         CREATE TABLE r_rest PARTITION OF r (note DEFAULT 'y') DEFAULT;
         CREATE INDEX r_note ON r (note);
         CREATE TABLE l (a text, b int UNIQUE) PARTITION BY LIST (b);
         CREATE TABLE l1 PARTITION OF l FOR VALUES IN (1, 2, NULL);
         CREATE TABLE h (a text, b int) PARTITION BY HASH (a, b);
         CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0);
         CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1) PARTITION BY RANGE (b);
         CREATE TABLE h1a PARTITION OF h1 FOR VALUES FROM (MINVALUE) TO (10);
         CREATE TABLE e (x int, y text) PARTITION BY RANGE (lower(y), (x + 1));
         CREATE TABLE e1 PARTITION OF e FOR VALUES FROM ('a', 1) TO ('b', MAXVALUE);
         CREATE TABLE points (i int, d date, FOREIGN KEY (i, d) REFERENCES r);",
    ),
    (
        "a partitioned table changes in everything",
        13,
        "CREATE TABLE o (id int PRIMARY KEY);
         CREATE TABLE r (id int NOT NULL, at date NOT NULL, gone text, typed int, n int, d int DEFAULT 1, u int, CONSTRAINT old CHECK (id > 0),
           CONSTRAINT r_u UNIQUE (u, at)) PARTITION BY RANGE (at);
         CREATE TABLE r1 PARTITION OF r FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
         CREATE TABLE r2 PARTITION OF r FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
         CREATE INDEX r_gone ON r (gone); CREATE INDEX r_typed ON r (typed); CREATE INDEX own ON r1 (n);
         INSERT INTO r SELECT i, '2020-05-05'::date + i * 100, 'g', i, i, i, i FROM generate_series(1, 5) i; -- keep",
        "CREATE TABLE o (id int PRIMARY KEY);
         CREATE TABLE r (id int NOT NULL, at date NOT NULL, typed bigint, n int NOT NULL, d int DEFAULT 2, u int, new text DEFAULT 'a', gone text,
           CONSTRAINT young CHECK (id > -1), o int REFERENCES o, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
         CREATE TABLE r1 PARTITION OF r FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
         CREATE TABLE r2 PARTITION OF r FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
         CREATE TABLE r3 PARTITION OF r DEFAULT;
         ALTER TABLE r2 ALTER d SET DEFAULT 3; ALTER TABLE r1 ALTER new DROP DEFAULT;
         CREATE INDEX r_typed ON r (typed DESC); CREATE INDEX r_u2 ON r (u); CREATE INDEX own ON r1 (n, u); CREATE INDEX own2 ON r2 (n) WHERE n > 0;",
    ),
    (
        "a column of a partitioned table goes",
        13,
        "CREATE TABLE r (id int, a int, b text DEFAULT 'b') PARTITION BY LIST (id); CREATE TABLE r1 PARTITION OF r FOR VALUES IN (1);
         CREATE INDEX r_b ON r (b); CREATE INDEX r1_b ON r1 (b, a); ALTER TABLE r1 ADD CONSTRAINT c CHECK (b <> '');
         ALTER TABLE r ADD CONSTRAINT d CHECK (length(b) < 100);",
        "CREATE TABLE r (id int, a int) PARTITION BY LIST (id); CREATE TABLE r1 PARTITION OF r FOR VALUES IN (1);",
    ),
    (
        "partitions are attached, detached and get other bounds",
        13,
        "CREATE TABLE p (id int PRIMARY KEY, k int, CONSTRAINT c CHECK (k > 0)) PARTITION BY RANGE (id); CREATE INDEX i ON p (k);
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10); CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
         CREATE TABLE p3 (id int PRIMARY KEY, k int, CONSTRAINT c CHECK (k > 0));
         INSERT INTO p VALUES (2, 2), (12, 12); INSERT INTO p3 VALUES (33, 33); -- keep",
        "CREATE TABLE p (id int PRIMARY KEY, k int, CONSTRAINT c CHECK (k > 0)) PARTITION BY RANGE (id); CREATE INDEX i ON p (k);
         CREATE TABLE p1 (id int PRIMARY KEY, k bigint);
         CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (5) TO (20); CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (30) TO (40);",
    ),
    (
        "names of indexes of partitions that are not the usual ones",
        13,
        "CREATE TABLE p (id int NOT NULL, k int) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
         CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (k); CREATE TABLE p2a PARTITION OF p2 DEFAULT;",
        "CREATE TABLE p (id int NOT NULL, k int) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
         CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (k); CREATE TABLE p2a PARTITION OF p2 DEFAULT;
         CREATE INDEX one ON ONLY p (k); CREATE INDEX two ON p1 (k); ALTER INDEX one ATTACH PARTITION two;
         CREATE INDEX three ON ONLY p2 (k); CREATE INDEX four ON p2a (k); ALTER INDEX three ATTACH PARTITION four; ALTER INDEX one ATTACH PARTITION three;",
    ),
    (
        "a serial of a partitioned table",
        13,
        "CREATE TABLE p (id serial, k int) PARTITION BY RANGE (k); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
         INSERT INTO p (k) VALUES (1), (2); -- keep",
        "CREATE TABLE p (id bigint NOT NULL, k int) PARTITION BY RANGE (k); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);",
    ),
    (
        "tables inherit, change with their parents and on their own",
        13,
        "CREATE TABLE a (id serial, name text NOT NULL, gone int, typed int, CONSTRAINT old CHECK (id > 0));
         CREATE TABLE b (extra int DEFAULT 5) INHERITS (a); CREATE TABLE c (more text, gone int) INHERITS (b); CREATE TABLE d (id int, name text NOT NULL);
         INSERT INTO a (name) VALUES ('a'); INSERT INTO b (name) VALUES ('b'); INSERT INTO c (name) VALUES ('c'); -- keep",
        "CREATE TABLE a (id serial, name text NOT NULL, typed bigint, new int DEFAULT 1, CONSTRAINT new CHECK (id > -5), CONSTRAINT mine CHECK (id < 900) NO INHERIT);
         CREATE TABLE b (extra int DEFAULT 6) INHERITS (a); CREATE TABLE c (more text, gone int) INHERITS (b);
         CREATE TABLE d (id int, name text, x int);
         CREATE TABLE e (y int) INHERITS (a, d);",
    ),
    (
        "tables inherit no more, and others do",
        13,
        "CREATE TABLE a (id int, CONSTRAINT c CHECK (id > 0)); CREATE TABLE b (id int, n int); CREATE TABLE t (x int) INHERITS (a);
         CREATE TABLE u (id int, x int, CONSTRAINT c CHECK (id > 0)); INSERT INTO t VALUES (1, 2); -- keep",
        "CREATE TABLE a (id int, CONSTRAINT c CHECK (id > 0)); CREATE TABLE b (id int, n int); CREATE TABLE t (id int, x int);
         CREATE TABLE u (x int) INHERITS (a);",
    ),
    (
        "parents go and their children stay",
        13,
        "CREATE TABLE a (id int, n int); CREATE TABLE t (x int) INHERITS (a); CREATE TABLE p (id int, k text) PARTITION BY LIST (id);
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p DEFAULT; CREATE INDEX i ON p (k);
         INSERT INTO p VALUES (1, 'a'); -- keep",
        "CREATE TABLE t (id int, n int, x int); CREATE TABLE p1 (id int, k text);",
    ),
    (
        "an enum of a partitioned table loses a value",
        13,
        "CREATE TYPE m AS ENUM ('a', 'b', 'c'); CREATE TABLE p (id int, k m DEFAULT 'a', CONSTRAINT c CHECK (k <> 'c')) PARTITION BY LIST (id);
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); ALTER TABLE p1 ALTER k SET DEFAULT 'b'; INSERT INTO p VALUES (1, 'a'); -- keep",
        "CREATE TYPE m AS ENUM ('b', 'a'); CREATE TABLE p (id int, k m DEFAULT 'a', CONSTRAINT c CHECK (k <> 'b')) PARTITION BY LIST (id);
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); ALTER TABLE p1 ALTER k DROP DEFAULT;",
    ),
    (
        "rows go from the rest to a new partition and back",
        13,
        "CREATE TABLE p (id int, k int) PARTITION BY LIST (k); CREATE TABLE pd PARTITION OF p DEFAULT; INSERT INTO p VALUES (1, 1), (2, 2), (3, 9);",
        "CREATE TABLE p (id int, k int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
         CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); CREATE TABLE pd PARTITION OF p DEFAULT;",
    ),
    (
        "a check that rows may break is given to a new table",
        13,
        r#"create table p (id int);"#,
        r#"create table p (id int); create table c (n int) inherits (p); alter table p add constraint k check (id > 0) not valid;"#,
    ),
    (
        "a check that rows may break, and both tables are new",
        13,
        r#""#,
        r#"create table p (id int); create table c (n int) inherits (p); alter table p add constraint k check (id > 0) not valid;"#,
    ),
    (
        "a partition has no default for what comes to its table with one",
        13,
        "CREATE TABLE p (id int, k text) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a') PARTITION BY LIST (id);
         CREATE TABLE p11 PARTITION OF p1 DEFAULT; CREATE TABLE i (id int); CREATE TABLE i1 () INHERITS (i);
         INSERT INTO p VALUES (1, 'a'); INSERT INTO i1 VALUES (1); -- keep",
        "CREATE TABLE p (id int, k text, n int NOT NULL DEFAULT 5) PARTITION BY LIST (k);
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a') PARTITION BY LIST (id); CREATE TABLE p11 PARTITION OF p1 DEFAULT;
         ALTER TABLE p1 ALTER n SET DEFAULT 7; ALTER TABLE p11 ALTER n DROP DEFAULT;
         CREATE TABLE i (id int, n int NOT NULL DEFAULT 5); CREATE TABLE i1 () INHERITS (i); ALTER TABLE i1 ALTER n DROP DEFAULT;",
    ),
    (
        "a column of a partitioned table counts no longer",
        13,
        "CREATE TABLE p (id serial, k text) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
         INSERT INTO p (k) VALUES ('a'); -- keep",
        "CREATE TABLE p (id int, k text) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');",
    ),
    (
        "indexes of new tables that not all of their partitions have a part of",
        13,
        "",
        "CREATE TABLE p (id int NOT NULL, k text NOT NULL) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
         CREATE TABLE p2 PARTITION OF p FOR VALUES IN ('b') PARTITION BY LIST (id); CREATE TABLE p21 PARTITION OF p2 DEFAULT;
         CREATE INDEX lone ON ONLY p (id); ALTER TABLE ONLY p ADD CONSTRAINT u UNIQUE (k, id);
         CREATE INDEX few ON ONLY p (k); CREATE INDEX few1 ON p1 (k); ALTER INDEX few ATTACH PARTITION few1;
         CREATE INDEX deep ON ONLY p (id, k); CREATE INDEX deep1 ON p1 (id, k); ALTER INDEX deep ATTACH PARTITION deep1;
         CREATE INDEX deep2 ON ONLY p2 (id, k); ALTER INDEX deep ATTACH PARTITION deep2; COMMENT ON INDEX deep2 IS 'x';",
    ),
    (
        "an index comes that no partition has a part of, not even those that join",
        13,
        "CREATE TABLE p (id int NOT NULL, k text NOT NULL) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
         CREATE UNIQUE INDEX i ON ONLY p (k, id); ALTER TABLE p1 ADD CONSTRAINT c PRIMARY KEY (k, id); ALTER INDEX i ATTACH PARTITION c;
         INSERT INTO p VALUES (1, 'a'); -- keep",
        "CREATE TABLE p (id int NOT NULL, k text NOT NULL) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
         CREATE TABLE p2 PARTITION OF p FOR VALUES IN ('b'); CREATE INDEX lone ON ONLY p (id);
         ALTER TABLE ONLY p ADD CONSTRAINT c PRIMARY KEY (k, id);",
    ),
    (
        "a check moves up through three tables",
        13,
        r#"create table p (a int, constraint k check (a > 0) no inherit); create table c (constraint k check (a > 0) no inherit) inherits (p);
         create table g (constraint k check (a > 0)) inherits (c); insert into g values (3);
         create table q (a int); create table d (constraint k check (a > 0)) inherits (q); create table e (constraint k check (a > 0)) inherits (d); insert into e values (3);"#,
        r#"create table p (a int, constraint k check (a > 0)); create table c () inherits (p); create table g () inherits (c); insert into g values (3);
         create table q (a int, constraint k check (a > 1)); create table d () inherits (q); create table e () inherits (d); insert into e values (3);"#,
    ),
    (
        "a partition leaves a table that goes, as does the foreign key to it",
        13,
        r#"create table m (foo text primary key) partition by list (foo); create table p1 partition of m for values in ('a');
         create table c (foo text constraint k references m); insert into m values ('a'); insert into c values ('a');"#,
        r#"create table p1 (foo text not null primary key); create table c (foo text);"#,
    ),
    (
        "a partition leaves, and the foreign key turns to it",
        13,
        r#"create table m (foo text primary key) partition by list (foo); create table p1 partition of m for values in ('a');
         create table c (foo text constraint k references m); insert into m values ('a'); insert into c values ('a');"#,
        r#"create table m (foo text primary key) partition by list (foo); create table p1 (foo text not null primary key); create table c (foo text constraint k references p1);"#,
    ),
    (
        "a partition and a foreign key move to another table",
        13,
        r#"create table m (foo text primary key) partition by list (foo); create table p1 partition of m for values in ('a');
         create table c (foo text constraint k references m); insert into m values ('a'); insert into c values ('a');"#,
        r#"create table n (foo text primary key) partition by list (foo); create table p1 partition of n for values in ('a'); create table c (foo text constraint k references n);"#,
    ),
    (
        "a partition leaves a table that goes, as does what points at it",
        13,
        r#"create table m (foo text primary key) partition by list (foo); create table p1 partition of m for values in ('a');
         create table c (foo text constraint k references m); insert into m values ('a'); insert into c values ('a');"#,
        r#"create table p1 (foo text not null primary key);"#,
    ),
    (
        "a partition of a partition moves up under a foreign key",
        13,
        r#"create table m (foo text primary key) partition by list (foo); create table s partition of m for values in ('a','b') partition by list (foo);
         create table p1 partition of s for values in ('a'); create table c (foo text references m); insert into m values ('a'); insert into c values ('a');"#,
        r#"create table m (foo text primary key) partition by list (foo); create table p1 partition of m for values in ('a'); create table c (foo text references m);"#,
    ),
    (
        "a partition of a table that points at itself",
        13,
        r#"create table m (foo text primary key, up text references m) partition by list (foo); create table p1 partition of m for values in ('a'); insert into m values ('a','a');"#,
        r#"create table p1 (foo text not null primary key, up text references p1);"#,
    ),
    (
        "partitions become partitioned while checks of the tables above change, go and take other names",
        13,
        "create table p (id int not null, d int not null, constraint c check (id > 0), constraint gone check (d > -1), constraint old check (d < 1000)) partition by range (d);
         create table p1 partition of p for values from (0) to (100); create table p2 partition of p for values from (100) to (200); insert into p values (1, 1), (1, 100);",
        "create table p (id int not null, d int not null, constraint c check (id > -1), constraint new check (d < 1000)) partition by range (d);
         create table p1 partition of p for values from (0) to (100) partition by range (d); create table p1a partition of p1 default;
         create table p2 partition of p for values from (100) to (200); insert into p values (1, 1), (1, 100);",
    ),
    (
        "checks come and go at the top and in between while a partition at the bottom becomes partitioned",
        13,
        "create table p (id int not null, d int not null, constraint c check (id > 0)) partition by range (d);
         create table p1 partition of p for values from (0) to (100) partition by range (d); alter table p1 add constraint own check (id < 50);
         create table p1a partition of p1 for values from (0) to (50); insert into p values (1, 1);",
        "create table p (id int not null, d int not null, constraint e check (id > 0)) partition by range (d);
         create table p1 partition of p for values from (0) to (100) partition by range (d); alter table p1 add constraint own check (id < 60);
         create table p1a partition of p1 for values from (0) to (50) partition by list (id); create table p1b partition of p1a default; insert into p values (1, 1);",
    ),
    (
        "a partition of a partition gets another bound while a foreign key at the top goes, changes or stays",
        13,
        "create table r (id int primary key); insert into r values (1); create table p (d int, r int, constraint gone foreign key (r) references r, constraint stays foreign key (d) references r on delete cascade) partition by range (d);
         create table p2 partition of p for values from (0) to (100) partition by range (d); create table p2a partition of p2 for values from (0) to (50); insert into p values (1, 1);
         create table q (d int, r int, constraint fk foreign key (r) references r) partition by range (d);
         create table q2 partition of q for values from (0) to (100) partition by range (d); create table q2a partition of q2 for values from (0) to (50);",
        "create table r (id int primary key); insert into r values (1); create table p (d int, r int, constraint stays foreign key (d) references r on delete cascade) partition by range (d);
         create table p2 partition of p for values from (0) to (100) partition by range (d); create table p2a partition of p2 for values from (0) to (40); insert into p values (1, 1);
         create table q (d int, r int, constraint fk foreign key (r) references r on delete cascade) partition by range (d);
         create table q2 partition of q for values from (0) to (100) partition by range (d); create table q2a partition of q2 for values from (0) to (40);",
    ),
    (
        "a partition and a table that points at it are both logged no more",
        13,
        "create table o (y int not null) partition by range (y); create table o1 partition of o (primary key (y)) for values from (0) to (10) with (fillfactor = 70);
         create table line (y int references o1 (y)); insert into o values (1); insert into line values (1);",
        "create table o (y int not null) partition by range (y); create unlogged table o1 partition of o (primary key (y)) for values from (0) to (10) with (fillfactor = 80);
         create unlogged table line (y int references o1 (y)); insert into o values (1); insert into line values (1);",
    ),
];
