//! Sequences and tables of roles other than the one that migrates.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "owners: a table of another role counts by an identity, then as serial",
        13,
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, n int); ALTER TABLE t OWNER TO pg_monitor; INSERT INTO t (n) VALUES (1), (2); -- keep",
        "CREATE TABLE t (id serial, n int); ALTER TABLE t OWNER TO pg_monitor;",
    ),
    (
        "owners: columns of a table of another role begin to count, or come",
        13,
        "CREATE TABLE t (id int NOT NULL, n int); ALTER TABLE t OWNER TO pg_monitor; INSERT INTO t VALUES (1, 1), (2, 2); -- keep",
        "CREATE TABLE t (id serial, n int, more serial, odd int GENERATED ALWAYS AS IDENTITY (INCREMENT 5)); ALTER SEQUENCE t_more_seq INCREMENT 3;
         ALTER TABLE t OWNER TO pg_monitor;",
    ),
    (
        "owners: a column takes over the sequence that it draws from, of one role its table, of another the sequence",
        13,
        "CREATE SEQUENCE s AS int; CREATE TABLE t (id int NOT NULL DEFAULT nextval('s')); ALTER TABLE t OWNER TO pg_monitor;
         INSERT INTO t DEFAULT VALUES; ALTER SEQUENCE s OWNER TO pg_read_all_stats; -- keep",
        "CREATE SEQUENCE s AS int; CREATE TABLE t (id int NOT NULL DEFAULT nextval('s')); ALTER SEQUENCE s OWNED BY t.id; ALTER TABLE t OWNER TO pg_monitor;",
    ),
    (
        "owners: a sequence begins to go with a column that draws from no sequence",
        13,
        "CREATE SEQUENCE s; CREATE TABLE t (id int); ALTER TABLE t OWNER TO pg_monitor; INSERT INTO t VALUES (1); -- keep",
        "CREATE SEQUENCE s; CREATE TABLE t (id int); ALTER SEQUENCE s OWNED BY t.id; ALTER TABLE t OWNER TO pg_monitor;",
    ),
    (
        "owners: a new sequence goes with a column of a table of another role",
        13,
        "CREATE TABLE t (id int); ALTER TABLE t OWNER TO pg_monitor; INSERT INTO t VALUES (1); -- keep",
        "CREATE SEQUENCE s; CREATE TABLE t (id int); ALTER SEQUENCE s OWNED BY t.id; ALTER TABLE t OWNER TO pg_monitor;",
    ),
    (
        "owners: a sequence passes from a table of one role to one of another",
        13,
        "CREATE SEQUENCE s; CREATE TABLE t (id int); CREATE TABLE u (id int); ALTER SEQUENCE s OWNED BY t.id;
         ALTER TABLE t OWNER TO pg_monitor; ALTER TABLE u OWNER TO pg_read_all_stats; INSERT INTO t VALUES (1); -- keep",
        "CREATE SEQUENCE s; CREATE TABLE t (id int); CREATE TABLE u (id int); ALTER SEQUENCE s OWNED BY u.id;
         ALTER TABLE t OWNER TO pg_monitor; ALTER TABLE u OWNER TO pg_read_all_stats;",
    ),
    (
        "owners: the sequence of a serial column passes to a table of another role",
        13,
        "CREATE TABLE t (id serial, n int); CREATE TABLE u (id int); ALTER TABLE t OWNER TO pg_monitor;
         ALTER TABLE u OWNER TO pg_read_all_stats; INSERT INTO t (n) VALUES (1); -- keep",
        "CREATE SEQUENCE t_id_seq AS int; CREATE TABLE t (id int NOT NULL DEFAULT nextval('t_id_seq'), n int); CREATE TABLE u (id int);
         ALTER SEQUENCE t_id_seq OWNED BY u.id; ALTER TABLE t OWNER TO pg_monitor; ALTER TABLE u OWNER TO pg_read_all_stats;",
    ),
    (
        "owners: a table of another role whose column a sequence goes with is partitioned",
        13,
        "CREATE SEQUENCE s; CREATE TABLE t (id int, k int); ALTER SEQUENCE s OWNED BY t.id; ALTER TABLE t OWNER TO pg_monitor;
         INSERT INTO t VALUES (1, 1); -- keep",
        "CREATE SEQUENCE s; CREATE TABLE t (id int, k int) PARTITION BY LIST (k); CREATE TABLE t1 PARTITION OF t DEFAULT; ALTER SEQUENCE s OWNED BY t.id;",
    ),
];
