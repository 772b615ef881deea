//! Names of counters that pass to something else.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "a counter gives its name: identity to free",
        13,
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE SEQUENCE t_id_seq AS int; CREATE TABLE t (id int NOT NULL, k int);",
    ),
    (
        "a counter gives its name: identity to free, column goes",
        13,
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE SEQUENCE t_id_seq AS int; CREATE TABLE t (k int);",
    ),
    (
        "a counter gives its name: identity to free, table goes",
        13,
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE SEQUENCE t_id_seq AS int;",
    ),
    (
        "a counter gives its name: identity to free, the column draws",
        13,
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE SEQUENCE t_id_seq AS int; CREATE TABLE t (id int NOT NULL DEFAULT nextval('t_id_seq'), k int);",
    ),
    (
        "a counter gives its name: identity to free, another draws",
        13,
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int); CREATE TABLE o (id int); INSERT INTO t (k) VALUES (1);
         INSERT INTO o VALUES (3); -- keep",
        "CREATE SEQUENCE t_id_seq AS int; CREATE TABLE t (id int NOT NULL, k int);
         CREATE TABLE o (id int DEFAULT nextval('t_id_seq'));",
    ),
    (
        "a counter gives its name: identity to sequence owned by another column",
        13,
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE SEQUENCE t_id_seq AS int; CREATE TABLE t (id int NOT NULL, k int); ALTER SEQUENCE t_id_seq OWNED BY t.k;",
    ),
    (
        "a counter gives its name: identity renamed beside a free one of its name",
        13,
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE SEQUENCE t_id_seq; CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int);",
    ),
    (
        "a counter gives its name: serial to identity, name taken by free",
        13,
        "CREATE TABLE t (id serial, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE SEQUENCE t_id_seq; CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int);",
    ),
    (
        "a counter gives its name: serial to identity, name taken by view",
        13,
        "CREATE TABLE t (id serial, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE VIEW t_id_seq AS SELECT 1 AS x; CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int);",
    ),
    (
        "a counter gives its name: serial to identity, name taken by table",
        13,
        "CREATE TABLE t (id serial, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE TABLE t_id_seq (x int); CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int);",
    ),
    (
        "a counter gives its name: serial to identity, name taken by index",
        13,
        "CREATE TABLE t (id serial, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE TABLE u (id int); CREATE INDEX t_id_seq ON u (id); CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int);",
    ),
    (
        "a counter gives its name: serial to identity, name taken by index of own",
        13,
        "CREATE TABLE t (id serial, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE TABLE t (id int, k int); CREATE INDEX t_id_seq ON t (k);
         ALTER TABLE t ALTER id SET NOT NULL, ALTER id ADD GENERATED ALWAYS AS IDENTITY;",
    ),
    (
        "a counter gives its name: serial to identity, name taken by serial of another",
        13,
        "CREATE TABLE t (id serial, k int); CREATE TABLE t_id (seq int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE SEQUENCE t_id_seq AS int; CREATE TABLE o (id int NOT NULL DEFAULT nextval('t_id_seq'));
         ALTER SEQUENCE t_id_seq OWNED BY o.id; CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int);",
    ),
    (
        "a counter gives its name: identity to serial, name taken by identity of another",
        13,
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE TABLE o (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME t_id_seq)); CREATE TABLE t (id serial, k int);",
    ),
    (
        "a counter gives its name: identity's name passes to a table",
        13,
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE TABLE t_id_seq (x int); CREATE TABLE t (id int NOT NULL, k int);",
    ),
    (
        "a counter gives its name: identity's name passes to a view",
        13,
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE TABLE t (id int NOT NULL, k int); CREATE VIEW t_id_seq AS SELECT id FROM t;",
    ),
    (
        "a counter gives its name: serial's name passes to a view",
        13,
        "CREATE TABLE t (id serial, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE TABLE t (id int NOT NULL, k int); CREATE VIEW t_id_seq AS SELECT id FROM t;",
    ),
    (
        "a counter gives its name: serial's name passes to a table with the serial's table gone",
        13,
        "CREATE TABLE t (id serial, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE TABLE t_id_seq (id int NOT NULL, k int);",
    ),
    (
        "a counter gives its name: serial's name passes to an index",
        13,
        "CREATE TABLE t (id serial, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE TABLE t (id int NOT NULL, k int); CREATE INDEX t_id_seq ON t (id);",
    ),
    (
        "a counter gives its name: serial's name passes to a constraint",
        13,
        "CREATE TABLE t (id serial, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE TABLE t (id int NOT NULL CONSTRAINT t_id_seq UNIQUE, k int);",
    ),
    (
        "a counter gives its name: serial's name passes to a type",
        13,
        "CREATE TABLE t (id serial, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE TYPE t_id_seq AS ENUM ('a'); CREATE TABLE t (id int NOT NULL, k int, e t_id_seq);",
    ),
    (
        "a counter gives its name: serial's name passes to a domain",
        13,
        "CREATE TABLE t (id serial, k int); INSERT INTO t (k) VALUES (1); -- keep",
        "CREATE DOMAIN t_id_seq AS int; CREATE TABLE t (id int NOT NULL, k int, e t_id_seq);",
    ),
    (
        "a counter gives its name: to an enum of a new table, with the serial's table gone",
        13,
        "CREATE TABLE t (id serial, k int); CREATE TABLE o (id int GENERATED ALWAYS AS IDENTITY, k int);",
        "CREATE TYPE t_id_seq AS ENUM ('a'); CREATE TYPE o_id_seq AS ENUM ('a'); CREATE TABLE u (e t_id_seq, o o_id_seq);",
    ),
    (
        "a counter gives its name: free sequence's name passes to an enum",
        13,
        "CREATE SEQUENCE s; CREATE TABLE t (id bigint DEFAULT nextval('s'));",
        "CREATE TYPE s AS ENUM ('a'); CREATE TABLE t (id bigint, e s);",
    ),
    (
        "a counter gives its name: serial and identity to composite types that columns are of",
        13,
        "CREATE TABLE t (id serial, k int); CREATE TABLE o (id int GENERATED ALWAYS AS IDENTITY, k int); INSERT INTO t (k) VALUES (1);
         INSERT INTO o (k) VALUES (1); -- keep",
        "CREATE TYPE t_id_seq AS (a int); CREATE TYPE o_id_seq AS (a int); CREATE TABLE t (k int, c t_id_seq);
         CREATE TABLE o (id int NOT NULL, k int, c o_id_seq);",
    ),
    (
        "an identity goes, and who drew from its counter stops",
        13,
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, v text); CREATE TABLE u (n int DEFAULT nextval('t_id_seq'), v text); INSERT INTO t (v) VALUES ('a'); INSERT INTO u (v) VALUES ('b'); -- keep",
        "CREATE TABLE t (id text, v text); CREATE TABLE u (n int, v text);",
    ),
    (
        "a column that is an identity goes, and who drew from its counter stops",
        13,
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, v text); CREATE TABLE u (n int DEFAULT nextval('t_id_seq'), v text); INSERT INTO t (v) VALUES ('a'); INSERT INTO u (v) VALUES ('b'); -- keep",
        "CREATE TABLE t (v text); CREATE TABLE u (n int, v text);",
    ),
    (
        "a table with an identity is partitioned, and another one draws on from its counter",
        13,
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, v text); CREATE TABLE u (n int DEFAULT nextval('t_id_seq'), v text); INSERT INTO t (v) VALUES ('a'); INSERT INTO u (v) VALUES ('b'); -- keep",
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, v text) PARTITION BY LIST (v); CREATE TABLE t1 PARTITION OF t DEFAULT; CREATE TABLE u (n int DEFAULT nextval('t_id_seq'), v text);",
    ),
    (
        "a new table draws from the counter of another new one",
        13,
        "",
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, v text); CREATE TABLE a (n int DEFAULT nextval('t_id_seq'), v text);",
    ),
    (
        "a table draws from the counter of a new one",
        13,
        "CREATE TABLE a (n int, v text); INSERT INTO a VALUES (1, 'a'); -- keep",
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, v text); CREATE TABLE a (n int, v text); ALTER TABLE a ALTER n SET DEFAULT nextval('t_id_seq');",
    ),
    (
        "a column whose rows all have numbers begins to count, and a table before it draws from its counter",
        13,
        "CREATE TABLE a (n int, v text); CREATE TABLE t (id int, v text); INSERT INTO t VALUES (1, 'a'); INSERT INTO a (v) VALUES ('b'); -- keep",
        "CREATE TABLE t (id serial, v text); CREATE TABLE a (n int DEFAULT nextval('t_id_seq'), v text);",
    ),
    (
        "a column whose rows all have numbers becomes an identity, and a table before it draws from its counter",
        13,
        "CREATE TABLE a (n int, v text); CREATE TABLE t (id int, v text); INSERT INTO t VALUES (1, 'a'); INSERT INTO a (v) VALUES ('b'); -- keep",
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, v text); CREATE TABLE a (n int DEFAULT nextval('t_id_seq'), v text);",
    ),
    (
        "a serial column becomes an identity with another counter, and a table before it draws from that",
        13,
        "CREATE TABLE t (id serial, v text); CREATE TABLE a (n int DEFAULT nextval('t_id_seq'), v text); INSERT INTO t (v) VALUES ('a'); -- keep",
        "CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME odd), v text); CREATE TABLE a (n int DEFAULT nextval('odd'), v text);",
    ),
];
