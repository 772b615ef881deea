//! Sequences that pass from one owner to another, to nobody, and back.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "a sequence passes on: renamed by hand",
        13,
        "CREATE TABLE users (id serial PRIMARY KEY, n text); INSERT INTO users (n) VALUES ('a'); -- keep",
        "CREATE SEQUENCE users_id_seq AS int;
         CREATE TABLE accounts (id int PRIMARY KEY DEFAULT nextval('users_id_seq'), n text);
         ALTER SEQUENCE users_id_seq OWNED BY accounts.id;",
    ),
    (
        "a sequence passes on: old table kept plain",
        13,
        "CREATE TABLE users (id serial PRIMARY KEY, n text); INSERT INTO users (n) VALUES ('a'); -- keep",
        "CREATE SEQUENCE users_id_seq AS int; CREATE TABLE users (id int PRIMARY KEY, n text);
         CREATE TABLE accounts (id int PRIMARY KEY DEFAULT nextval('users_id_seq'), n text);
         ALTER SEQUENCE users_id_seq OWNED BY accounts.id;",
    ),
    (
        "a sequence passes on: old table kept and draws",
        13,
        "CREATE TABLE users (id serial PRIMARY KEY, n text); INSERT INTO users (n) VALUES ('a'); -- keep",
        "CREATE SEQUENCE users_id_seq AS int; CREATE TABLE users (id int PRIMARY KEY DEFAULT nextval('users_id_seq'), n text);
         CREATE TABLE accounts (id int PRIMARY KEY DEFAULT nextval('users_id_seq'), n text);
         ALTER SEQUENCE users_id_seq OWNED BY accounts.id;",
    ),
    (
        "a sequence passes on: free sequence, owned by new table's column, older draws",
        13,
        "CREATE SEQUENCE s; CREATE TABLE old (id bigint DEFAULT nextval('s')); INSERT INTO old DEFAULT VALUES; -- keep",
        "CREATE SEQUENCE s; CREATE TABLE old (id bigint DEFAULT nextval('s'));
         CREATE TABLE new (id bigint NOT NULL DEFAULT nextval('s')); ALTER SEQUENCE s OWNED BY new.id;",
    ),
    (
        "a sequence passes on: free sequence, owned by new table's column that does not draw",
        13,
        "CREATE SEQUENCE s; CREATE TABLE old (id bigint DEFAULT nextval('s')); INSERT INTO old DEFAULT VALUES; -- keep",
        "CREATE SEQUENCE s; CREATE TABLE old (id bigint DEFAULT nextval('s')); CREATE TABLE new (id bigint);
         ALTER SEQUENCE s OWNED BY new.id;",
    ),
    (
        "a sequence passes on: new sequence, owned by new table's column, older starts drawing",
        13,
        "CREATE TABLE old (id bigint); INSERT INTO old VALUES (1); -- keep",
        "CREATE SEQUENCE s; CREATE TABLE old (id bigint DEFAULT nextval('s'));
         CREATE TABLE new (id bigint NOT NULL DEFAULT nextval('s')); ALTER SEQUENCE s OWNED BY new.id;",
    ),
    (
        "a sequence passes on: new sequence, owned by new table's column that does not draw, older starts drawing",
        13,
        "CREATE TABLE old (id bigint); INSERT INTO old VALUES (1); -- keep",
        "CREATE SEQUENCE s; CREATE TABLE old (id bigint DEFAULT nextval('s')); CREATE TABLE new (id bigint);
         ALTER SEQUENCE s OWNED BY new.id;",
    ),
    (
        "a sequence passes on: new sequence, owned by new column of another table, older starts drawing",
        13,
        "CREATE TABLE old (id bigint); INSERT INTO old VALUES (1); CREATE TABLE new (k int); -- keep",
        "CREATE SEQUENCE s; CREATE TABLE old (id bigint DEFAULT nextval('s')); CREATE TABLE new (k int, id bigint);
         ALTER SEQUENCE s OWNED BY new.id;",
    ),
    (
        "a sequence passes on: new sequence, owned by new column of the same table, older column starts drawing",
        13,
        "CREATE TABLE old (id bigint); INSERT INTO old VALUES (1); -- keep",
        "CREATE SEQUENCE s; CREATE TABLE old (id bigint DEFAULT nextval('s'), other int); ALTER SEQUENCE s OWNED BY old.other;",
    ),
    (
        "a sequence passes on: sequence changes owner to a new column",
        13,
        "CREATE SEQUENCE s; CREATE TABLE old (id bigint DEFAULT nextval('s'), x int); ALTER SEQUENCE s OWNED BY old.x;
         INSERT INTO old DEFAULT VALUES; -- keep",
        "CREATE SEQUENCE s; CREATE TABLE old (id bigint DEFAULT nextval('s')); CREATE TABLE new (id bigint);
         ALTER SEQUENCE s OWNED BY new.id;",
    ),
    (
        "a sequence passes on: owner goes, sequence passes to new",
        13,
        "CREATE SEQUENCE s; CREATE TABLE old (id bigint DEFAULT nextval('s')); CREATE TABLE x (id int);
         ALTER SEQUENCE s OWNED BY x.id; INSERT INTO old DEFAULT VALUES; -- keep",
        "CREATE SEQUENCE s; CREATE TABLE old (id bigint DEFAULT nextval('s')); CREATE TABLE new (id bigint);
         ALTER SEQUENCE s OWNED BY new.id;",
    ),
    (
        "a sequence passes on: serial passes to another old table's new column",
        13,
        "CREATE TABLE a (id serial); CREATE TABLE b (k int); INSERT INTO a DEFAULT VALUES; INSERT INTO b VALUES (1); -- keep",
        "CREATE SEQUENCE a_id_seq AS int; CREATE TABLE a (id int NOT NULL DEFAULT nextval('a_id_seq'));
         CREATE TABLE b (k int, id int NOT NULL DEFAULT nextval('a_id_seq')); ALTER SEQUENCE a_id_seq OWNED BY b.id;",
    ),
    (
        "a sequence passes on: serial passes to another old table's old column",
        13,
        "CREATE TABLE a (id serial); CREATE TABLE b (id int NOT NULL); INSERT INTO a DEFAULT VALUES;
         INSERT INTO b VALUES (1); -- keep",
        "CREATE SEQUENCE a_id_seq AS int; CREATE TABLE a (id int NOT NULL DEFAULT nextval('a_id_seq'));
         CREATE TABLE b (id int NOT NULL DEFAULT nextval('a_id_seq')); ALTER SEQUENCE a_id_seq OWNED BY b.id;",
    ),
    (
        "a sequence passes on: serial passes to another old table's old column and old loses it",
        13,
        "CREATE TABLE a (id serial); CREATE TABLE b (id int NOT NULL); INSERT INTO a DEFAULT VALUES;
         INSERT INTO b VALUES (1); -- keep",
        "CREATE SEQUENCE a_id_seq AS int; CREATE TABLE a (id int NOT NULL);
         CREATE TABLE b (id int NOT NULL DEFAULT nextval('a_id_seq')); ALTER SEQUENCE a_id_seq OWNED BY b.id;",
    ),
    (
        "a sequence passes on: serial moves to a new column of the table",
        13,
        "CREATE TABLE a (id serial PRIMARY KEY, n int); INSERT INTO a DEFAULT VALUES; -- keep",
        "CREATE SEQUENCE a_id_seq AS int; CREATE TABLE a (n int, code int NOT NULL DEFAULT nextval('a_id_seq') PRIMARY KEY);
         ALTER SEQUENCE a_id_seq OWNED BY a.code;",
    ),
    (
        "a sequence passes on: view over the sequence whose owner is new",
        13,
        "CREATE TABLE users (id serial PRIMARY KEY, n text); CREATE VIEW v AS SELECT last_value FROM users_id_seq;",
        "CREATE SEQUENCE users_id_seq AS int;
         CREATE TABLE accounts (id int PRIMARY KEY DEFAULT nextval('users_id_seq'), n text);
         ALTER SEQUENCE users_id_seq OWNED BY accounts.id; CREATE VIEW v AS SELECT last_value FROM users_id_seq;",
    ),
    (
        "a sequence passes on: three tables share",
        13,
        "CREATE TABLE users (id serial PRIMARY KEY); CREATE TABLE g (id int PRIMARY KEY DEFAULT nextval('users_id_seq'));
         INSERT INTO users DEFAULT VALUES; INSERT INTO g DEFAULT VALUES; -- keep",
        "CREATE SEQUENCE users_id_seq AS int; CREATE TABLE accounts (id int PRIMARY KEY DEFAULT nextval('users_id_seq'));
         CREATE TABLE g (id int PRIMARY KEY DEFAULT nextval('users_id_seq')); ALTER SEQUENCE users_id_seq OWNED BY accounts.id;",
    ),
    (
        "a sequence stays by itself: outlives its table, other default",
        13,
        "CREATE TABLE t (id serial PRIMARY KEY); CREATE TABLE o (id int DEFAULT nextval('t_id_seq'));
         INSERT INTO o DEFAULT VALUES; -- keep",
        "CREATE SEQUENCE t_id_seq AS int; CREATE TABLE o (id int DEFAULT nextval('t_id_seq'));",
    ),
    (
        "a sequence stays by itself: outlives its column, other default",
        13,
        "CREATE TABLE t (id serial, k int); CREATE TABLE o (id int DEFAULT nextval('t_id_seq'));
         INSERT INTO o DEFAULT VALUES; -- keep",
        "CREATE SEQUENCE t_id_seq AS int; CREATE TABLE t (k int); CREATE TABLE o (id int DEFAULT nextval('t_id_seq'));",
    ),
    (
        "a sequence stays by itself: outlives its table, nobody draws",
        13,
        "CREATE TABLE t (id serial PRIMARY KEY);",
        "CREATE SEQUENCE t_id_seq AS int;",
    ),
    (
        "a sequence stays by itself: outlives its table, view",
        13,
        "CREATE TABLE t (id serial PRIMARY KEY); CREATE VIEW v AS SELECT nextval('t_id_seq') AS n;",
        "CREATE SEQUENCE t_id_seq AS int; CREATE VIEW v AS SELECT nextval('t_id_seq') AS n;",
    ),
    (
        "a sequence stays by itself: outlives its column, view",
        13,
        "CREATE TABLE t (id serial, k int); CREATE VIEW v AS SELECT last_value FROM t_id_seq;",
        "CREATE SEQUENCE t_id_seq AS int; CREATE TABLE t (k int); CREATE VIEW v AS SELECT last_value FROM t_id_seq;",
    ),
    (
        "a sequence stays by itself: column becomes plain, the sequence stays, a view reads it",
        13,
        "CREATE TABLE t (id serial, k int); CREATE VIEW v AS SELECT last_value FROM t_id_seq;",
        "CREATE SEQUENCE t_id_seq AS int; CREATE TABLE t (id int NOT NULL, k int);
         CREATE VIEW v AS SELECT last_value FROM t_id_seq;",
    ),
    (
        "a sequence stays by itself: other default in a new column",
        13,
        "CREATE TABLE t (id serial PRIMARY KEY); CREATE TABLE o (k int); INSERT INTO o VALUES (1); -- keep",
        "CREATE SEQUENCE t_id_seq AS int; CREATE TABLE o (k int, id int DEFAULT nextval('t_id_seq'));",
    ),
    (
        "a sequence stays by itself: other default in a new table",
        13,
        "CREATE TABLE t (id serial PRIMARY KEY);",
        "CREATE SEQUENCE t_id_seq AS int; CREATE TABLE o (k int, id int DEFAULT nextval('t_id_seq'));",
    ),
    (
        "a sequence stays by itself: owned by a column that does not draw",
        13,
        "CREATE SEQUENCE s; CREATE TABLE t (id int); ALTER SEQUENCE s OWNED BY t.id;
         CREATE TABLE o (id bigint DEFAULT nextval('s')); CREATE VIEW v AS SELECT last_value FROM s;",
        "CREATE SEQUENCE s; CREATE TABLE o (id bigint DEFAULT nextval('s')); CREATE VIEW v AS SELECT last_value FROM s;",
    ),
    (
        "a sequence stays by itself: options change, too",
        13,
        "CREATE TABLE t (id serial PRIMARY KEY); CREATE TABLE o (id int DEFAULT nextval('t_id_seq'));
         INSERT INTO o DEFAULT VALUES; -- keep",
        "CREATE SEQUENCE t_id_seq INCREMENT 5; CREATE TABLE o (id int DEFAULT nextval('t_id_seq'));",
    ),
    (
        "a sequence stays by itself: function draws",
        13,
        "CREATE TABLE t (id serial PRIMARY KEY); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS $$ SELECT nextval('t_id_seq') $$; CREATE TABLE o (id bigint DEFAULT f()); INSERT INTO o DEFAULT VALUES; -- keep",
        "CREATE SEQUENCE t_id_seq AS int; CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS $$ SELECT nextval('t_id_seq') $$; CREATE TABLE o (id bigint DEFAULT f());",
    ),
    (
        "a sequence stays by itself: atomic function draws",
        14,
        "CREATE TABLE t (id serial PRIMARY KEY);
         CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT nextval('t_id_seq'); END;
         CREATE TABLE o (id bigint DEFAULT f()); INSERT INTO o DEFAULT VALUES; -- keep",
        "CREATE SEQUENCE t_id_seq AS int;
         CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT nextval('t_id_seq'); END;
         CREATE TABLE o (id bigint DEFAULT f());",
    ),
    (
        "a sequence of a column that computes something from it",
        13,
        r#"create table k (id int); insert into k values (1);"#,
        r#"create table k (id int); create sequence s; create table o (id int default nextval('s') + 100, n int);
         alter sequence s owned by o.id; create sequence r; alter table k add n text default 'k' || nextval('r'); alter sequence r owned by k.n;"#,
    ),
    (
        "sequences of two tables, each for the other",
        13,
        r#"create table k (id int); insert into k values (1);"#,
        r#"create table k (id int); create sequence s; create sequence r;
         create table a (id int default nextval('r') + 1); create table b (id int default nextval('s') + 1);
         alter sequence s owned by a.id; alter sequence r owned by b.id;"#,
    ),
    (
        "a sequence comes with a column that begins to count, and others draw from it",
        13,
        "CREATE TABLE a (id int NOT NULL, k int); CREATE TABLE b (id int NOT NULL); INSERT INTO a VALUES (1, 1);
         INSERT INTO b VALUES (1); -- keep",
        "CREATE TABLE b (id serial); ALTER SEQUENCE b_id_seq RENAME TO s;
         CREATE TABLE a (id int NOT NULL DEFAULT nextval('s'), k int);",
    ),
    (
        "a sequence comes with a column that begins to count, and a view reads it",
        13,
        "CREATE TABLE a (id int NOT NULL, k int); INSERT INTO a VALUES (1, 1); -- keep",
        "CREATE TABLE a (id serial, k int); CREATE VIEW v AS SELECT last_value FROM a_id_seq;",
    ),
    (
        "a sequence becomes one that goes with its column, and a view reads it",
        13,
        "CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY, k int); INSERT INTO a (k) VALUES (1); -- keep",
        "CREATE TABLE a (id serial, k int); CREATE VIEW v AS SELECT last_value FROM a_id_seq;",
    ),
    (
        "a sequence gets other options along with an owner that is new",
        13,
        "CREATE SEQUENCE s; CREATE TABLE b (id int NOT NULL DEFAULT nextval('s')); INSERT INTO b VALUES (DEFAULT); -- keep",
        "CREATE SEQUENCE s INCREMENT 5; CREATE TABLE a (id int NOT NULL DEFAULT nextval('s'), k int);
         CREATE TABLE b (id int NOT NULL DEFAULT nextval('s')); ALTER SEQUENCE s OWNED BY a.k;",
    ),
    (
        "a function in SQL draws from a sequence, and is the default of the column that owns it",
        14,
        r#"create table o (id int); create table u (id int); insert into o values (1);"#,
        r#"create table o (id int, n bigint); create table u (id int); create sequence s owned by o.n;
         create function f() returns bigint language sql begin atomic select nextval('s'); end; alter table o alter n set default f();
         alter table u add m serial, add n bigint; create function g() returns bigint language sql begin atomic select nextval('u_m_seq'); end; alter table u alter n set default g();"#,
    ),
    (
        "a function in SQL draws from a sequence, and all of it goes with a table",
        14,
        r#"create table q (x int);"#,
        r#"create table q (x int); create sequence s; create function f() returns bigint language sql begin atomic select nextval('s'); end;
         create table o (id int, n bigint default f()); alter sequence s owned by o.n; create table p (id serial);
         create function g() returns bigint language sql begin atomic select nextval('p_id_seq'); end; create table r (id bigint default g());"#,
    ),
    (
        "the text of a function draws from a sequence of the column that it is the default of",
        13,
        r#"create table o (id int); insert into o values (1);"#,
        r#"create table o (id int, n bigint); create sequence s owned by o.n; create function f() returns bigint language sql as 'select nextval(''s'')';
         alter table o alter n set default f();"#,
    ),
    (
        "a table is partitioned whose counter others draw from",
        13,
        r#"create table t (id serial, n int); create table o (x int default nextval('t_id_seq')); insert into t (n) values (1), (2); insert into o default values; -- keep"#,
        r#"create table t (id serial, n int) partition by list (n); create table t1 partition of t for values in (1); create table t2 partition of t default;
         create table o (x int default nextval('t_id_seq'));"#,
    ),
    (
        "a table is partitioned no more, and ceases to count while others draw from it",
        13,
        r#"create table t (id serial, n int) partition by list (n); create table t1 partition of t default; create table o (x int default nextval('t_id_seq')); insert into t (n) values (1);"#,
        r#"create table t (id int not null, n int); create table o (x int);"#,
    ),
    (
        "columns of tables that are not logged begin to count, where the sequence passes to another one as well",
        13,
        r#"create unlogged table t (id int not null, k int); create unlogged table o (id serial, k int); insert into o (k) values (1);"#,
        r#"create unlogged table t (id serial, k int); create unlogged table o (id int, k int); create table p (id int not null);
         create sequence o_id_seq as int owned by p.id; alter table p alter id set default nextval('o_id_seq');"#,
    ),
];
