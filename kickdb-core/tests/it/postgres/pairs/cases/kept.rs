//! What the server forgets with something that is made again, and things that others lean on.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "the index that rows are clustered by",
        13,
        "CREATE TABLE t (a int PRIMARY KEY, b int); CREATE INDEX i ON t (b); ALTER TABLE t CLUSTER ON i;
         CREATE TABLE u (a int PRIMARY KEY, b int); CREATE INDEX j ON u (b);",
        "CREATE TABLE t (a int PRIMARY KEY, b int); CREATE INDEX i ON t (b);
         CREATE TABLE u (a int PRIMARY KEY, b int); CREATE INDEX j ON u (b); ALTER TABLE u CLUSTER ON u_pkey;",
    ),
    (
        "that index changes",
        13,
        "CREATE TABLE t (a int PRIMARY KEY, b int); CREATE INDEX i ON t (b); ALTER TABLE t CLUSTER ON i;",
        "CREATE TABLE t (a int PRIMARY KEY, b bigint); CREATE INDEX i ON t (b DESC); ALTER TABLE t CLUSTER ON i;
         CREATE TABLE n (a int PRIMARY KEY); ALTER TABLE n CLUSTER ON n_pkey;",
    ),
    (
        "what tells a subscriber one row from another",
        13,
        "CREATE TABLE t (a int PRIMARY KEY, b int NOT NULL); CREATE UNIQUE INDEX i ON t (b);
         ALTER TABLE t REPLICA IDENTITY USING INDEX i;
         CREATE TABLE u (a int PRIMARY KEY, b int); ALTER TABLE u REPLICA IDENTITY FULL;
         CREATE TABLE w (a int PRIMARY KEY);",
        "CREATE TABLE t (a int PRIMARY KEY, b bigint NOT NULL, c int); CREATE UNIQUE INDEX i ON t (b) ;
         ALTER TABLE t REPLICA IDENTITY USING INDEX i;
         CREATE TABLE u (a int PRIMARY KEY, b int); ALTER TABLE u REPLICA IDENTITY NOTHING;
         CREATE TABLE w (a int PRIMARY KEY); ALTER TABLE w REPLICA IDENTITY USING INDEX w_pkey;",
    ),
    (
        "the index of a replica identity changes",
        13,
        "CREATE TABLE t (a int PRIMARY KEY, b int NOT NULL, c int NOT NULL); CREATE UNIQUE INDEX i ON t (b);
         ALTER TABLE t REPLICA IDENTITY USING INDEX i;",
        "CREATE TABLE t (a int PRIMARY KEY, b int NOT NULL, c int NOT NULL); CREATE UNIQUE INDEX i ON t (b, c);
         ALTER TABLE t REPLICA IDENTITY USING INDEX i;",
    ),
    (
        "a computed column that may be null, and one that may not",
        13,
        "CREATE TABLE t (a int, c int GENERATED ALWAYS AS (a + 1) STORED NOT NULL, d int GENERATED ALWAYS AS (a * 2) STORED); INSERT INTO t (a) VALUES (1);",
        "CREATE TABLE t (a int, c int GENERATED ALWAYS AS (a + 1) STORED, d int GENERATED ALWAYS AS (a * 2) STORED NOT NULL); COMMENT ON COLUMN t.c IS 'computed';",
    ),
    (
        "sequences by themselves, logged or not",
        15,
        "CREATE SEQUENCE a; CREATE SEQUENCE b START 10 INCREMENT 5 MAXVALUE 1000 CYCLE CACHE 10;
         CREATE TABLE t (id int DEFAULT nextval('a'), x int); CREATE SEQUENCE o OWNED BY t.x; CREATE UNLOGGED SEQUENCE un;",
        "CREATE SEQUENCE a AS smallint; CREATE SEQUENCE b START 100 MINVALUE 100 INCREMENT -5 MAXVALUE 1000;
         CREATE TABLE t (id int, x int DEFAULT nextval('a')); CREATE SEQUENCE o OWNED BY t.id; CREATE SEQUENCE un;
         CREATE SEQUENCE new OWNED BY t.x;",
    ),
    (
        "a sequence stays where its column goes",
        13,
        "CREATE TABLE t (a int, b int); CREATE SEQUENCE s OWNED BY t.b;  CREATE TABLE u (id serial);",
        "CREATE TABLE t (a int); CREATE SEQUENCE s; CREATE TABLE u (x int); CREATE SEQUENCE u_id_seq;",
    ),
    (
        "a computed column becomes plain",
        13,
        "CREATE TABLE t (a int, c int GENERATED ALWAYS AS (a + 1) STORED NOT NULL); INSERT INTO t (a) VALUES (1);",
        "CREATE TABLE t (a int, c int DEFAULT 5);",
    ),
    (
        "a collation of another schema",
        13,
        "CREATE SCHEMA s; CREATE COLLATION s.ci (provider = icu, locale = 'und', deterministic = true);",
        r#"CREATE SCHEMA s; CREATE COLLATION s.ci (provider = icu, locale = 'und', deterministic = true);
         CREATE TABLE t (a text COLLATE s.ci); CREATE TYPE c AS (x text COLLATE s.ci); CREATE DOMAIN d AS text COLLATE s.ci;
         CREATE INDEX i ON t (a COLLATE "C");"#,
    ),
    (
        "attributes with comments",
        13,
        "CREATE TYPE c AS (a int, b text); CREATE TABLE t (c c, cs c[]);
         INSERT INTO t VALUES (ROW(1,'x'), ARRAY[ROW(2,'y')::c]);
         CREATE FUNCTION f(c) RETURNS text LANGUAGE sql AS 'select $1.b'; CREATE VIEW v AS SELECT (c).a FROM t;",
        r#"CREATE TYPE c AS (a bigint, z int, b text COLLATE "C"); CREATE TABLE t (c c, cs c[]);
         CREATE FUNCTION f(c) RETURNS text LANGUAGE sql AS 'select $1.b'; CREATE VIEW v AS SELECT (c).a FROM t;
         COMMENT ON COLUMN c.a IS 'k'; COMMENT ON TYPE c IS 't';"#,
    ),
    (
        "the function of a cast in a check and a computed column",
        13,
        "CREATE TYPE c AS (a int);
         CREATE FUNCTION toi(c) RETURNS int LANGUAGE sql IMMUTABLE AS 'select ($1).a';
         CREATE CAST (c AS int) WITH FUNCTION toi(c);
         CREATE TABLE t (x c, y int GENERATED ALWAYS AS (x::int) STORED, CHECK (x::int > 0));
         INSERT INTO t VALUES (ROW(1));",
        "CREATE TYPE c AS (a int);
         CREATE FUNCTION toi2(c) RETURNS int LANGUAGE sql IMMUTABLE AS 'select ($1).a + 0';
         CREATE CAST (c AS int) WITH FUNCTION toi2(c);
         CREATE TABLE t (x c, y int GENERATED ALWAYS AS (x::int) STORED, CHECK (x::int > 0));",
    ),
    (
        "languages, access methods, conversions, transforms and parsers",
        14,
        "CREATE TABLE t (a int);",
        "CREATE TABLE t (a int);
         CREATE CONVERSION cv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8; COMMENT ON CONVERSION cv IS 'x';
         CREATE LANGUAGE plx HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
         CREATE TRUSTED LANGUAGE plt HANDLER plpgsql_call_handler; COMMENT ON LANGUAGE plt IS 'y';
         CREATE FUNCTION fx() RETURNS int LANGUAGE plx AS 'begin return 1; end';
         CREATE FUNCTION tr(internal) RETURNS internal LANGUAGE internal IMMUTABLE STRICT AS 'range_typanalyze';
         CREATE TRANSFORM FOR point LANGUAGE plx (FROM SQL WITH FUNCTION tr(internal));
         CREATE ACCESS METHOD am2 TYPE TABLE HANDLER heap_tableam_handler;
         CREATE TABLE u (a int) USING am2;
         CREATE ACCESS METHOD ix2 TYPE INDEX HANDLER bthandler;
         CREATE TEXT SEARCH PARSER tsp (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
         CREATE TEXT SEARCH TEMPLATE tst (INIT = dsimple_init, LEXIZE = dsimple_lexize);
         CREATE TEXT SEARCH CONFIGURATION cf (PARSER = tsp); CREATE TEXT SEARCH DICTIONARY dc (TEMPLATE = tst);",
    ),
    (
        "the comment of a schema",
        13,
        "",
        "CREATE SCHEMA s; COMMENT ON SCHEMA s IS 'it''s'; CREATE TABLE s.t (a int);",
    ),
    (
        "a value becomes a list of one",
        13,
        "CREATE TABLE t (a int, b text, c int[] DEFAULT '{}', d date DEFAULT '2020-01-01');
         INSERT INTO t VALUES (1,'{x}','{5}','2021-01-01'),(NULL,NULL,NULL,NULL);",
        "CREATE TABLE t (a int[], b text[] DEFAULT '{}', c int, d date[] DEFAULT '{}');",
    ),
    (
        "an enum loses a value that a domain's old constraint said",
        13,
        "CREATE TYPE e AS ENUM ('a','b','c');
         CREATE TABLE t (id int, e e DEFAULT 'a' NOT NULL, es e[] DEFAULT '{a,b}', CHECK (e <> 'c'), g text GENERATED ALWAYS AS (CASE WHEN e = 'a' THEN 'x' END) STORED);
         CREATE INDEX i ON t (e) WHERE e = 'b'; CREATE INDEX i2 ON t ((e = 'a'));
         CREATE VIEW v AS SELECT * FROM t WHERE e = 'a'; CREATE FUNCTION f(e) RETURNS e LANGUAGE sql AS $$select 'a'::e$$;
         CREATE MATERIALIZED VIEW m AS SELECT e, count(*) FROM t GROUP BY 1; CREATE UNIQUE INDEX mu ON m (e);
         CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
         CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW WHEN (new.e = 'a') EXECUTE FUNCTION tf();
         CREATE POLICY p ON t USING (e = 'a');
         CREATE DOMAIN d AS e CHECK (value <> 'c'); CREATE TYPE comp AS (x e); CREATE TABLE t2 (d d, c comp);
         INSERT INTO t VALUES (1,'a','{b}'),(2,'a','{a,b}');  INSERT INTO t2 VALUES ('a', ROW('b')::comp);",
        "CREATE TYPE e AS ENUM ('b','a');
         CREATE TABLE t (id int, e e DEFAULT 'a' NOT NULL, es e[] DEFAULT '{a,b}', CHECK (e <> 'b'), g text GENERATED ALWAYS AS (CASE WHEN e = 'a' THEN 'x' END) STORED);
         CREATE INDEX i ON t (e) WHERE e = 'b'; CREATE INDEX i2 ON t ((e = 'a'));
         CREATE VIEW v AS SELECT * FROM t WHERE e = 'a'; CREATE FUNCTION f(e) RETURNS e LANGUAGE sql AS $$select 'a'::e$$;
         CREATE MATERIALIZED VIEW m AS SELECT e, count(*) FROM t GROUP BY 1; CREATE UNIQUE INDEX mu ON m (e);
         CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
         CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW WHEN (new.e = 'a') EXECUTE FUNCTION tf();
         CREATE POLICY p ON t USING (e = 'a');
         CREATE DOMAIN d AS e CHECK (value <> 'b'); CREATE TYPE comp AS (x e); CREATE TABLE t2 (d d, c comp);",
    ),
    (
        "comments on all that holds rows or counts them",
        13,
        r#"CREATE TABLE t (a int PRIMARY KEY, b int); COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.a IS 'it''s "q"';
         CREATE VIEW v AS SELECT a FROM t; COMMENT ON VIEW v IS E'line\nbreak'; CREATE SEQUENCE s;
         COMMENT ON SEQUENCE s IS 's'; CREATE INDEX i ON t (b); COMMENT ON INDEX i IS 'i';
         CREATE MATERIALIZED VIEW m AS SELECT a FROM t; COMMENT ON MATERIALIZED VIEW m IS 'm'; COMMENT ON COLUMN m.a IS 'ma';
         CREATE TABLE w (id serial); COMMENT ON SEQUENCE w_id_seq IS 'own';"#,
        r#"CREATE TABLE t (a int PRIMARY KEY, b int); COMMENT ON TABLE t IS 'y'; COMMENT ON COLUMN t.b IS 'new';
         CREATE VIEW v AS SELECT a FROM t; COMMENT ON COLUMN v.a IS '\back'; CREATE SEQUENCE s; CREATE INDEX i ON t (b);
         CREATE MATERIALIZED VIEW m AS SELECT a FROM t; COMMENT ON MATERIALIZED VIEW m IS 'mm'; CREATE TABLE w (id serial);
         CREATE TABLE x (id int GENERATED ALWAYS AS IDENTITY); COMMENT ON SEQUENCE x_id_seq IS 'xid';"#,
    ),
    (
        "what the last function of an aggregate does to its state",
        13,
        "CREATE AGGREGATE a(int) (sfunc = int4pl, stype = int, finalfunc = int4abs); CREATE AGGREGATE m(int) (sfunc = int4pl, stype = int, msfunc = int4pl, minvfunc = int4mi, mstype = int, mfinalfunc = int4abs);
         CREATE AGGREGATE o(VARIADIC \"any\" ORDER BY VARIADIC \"any\") (sfunc = ordered_set_transition_multi, stype = internal, finalfunc = rank_final, finalfunc_extra, hypothetical);",
        "CREATE AGGREGATE a(int) (sfunc = int4pl, stype = int, finalfunc = int4abs, finalfunc_modify = shareable);
         CREATE AGGREGATE m(int) (sfunc = int4pl, stype = int, msfunc = int4pl, minvfunc = int4mi, mstype = int, mfinalfunc = int4abs, mfinalfunc_modify = read_write);
         CREATE AGGREGATE o(VARIADIC \"any\" ORDER BY VARIADIC \"any\") (sfunc = ordered_set_transition_multi, stype = internal, finalfunc = rank_final, finalfunc_extra, finalfunc_modify = read_only, hypothetical);",
    ),
    (
        "aggregates of every kind",
        14,
        "CREATE FUNCTION sf(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'select $1 + $2';
         CREATE FUNCTION ff(int) RETURNS text LANGUAGE sql IMMUTABLE AS 'select $1::text';
         CREATE AGGREGATE ag(int) (sfunc = sf, stype = int, initcond = '0'); CREATE TABLE t (a int);
         CREATE VIEW v AS SELECT ag(a) AS x FROM t;",
        r#"CREATE FUNCTION sf(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'select $1 + $2';
         CREATE FUNCTION ff(int) RETURNS text LANGUAGE sql IMMUTABLE AS 'select $1::text';
         CREATE AGGREGATE ag(int) (sfunc = sf, stype = int, initcond = '1', finalfunc = ff, parallel = safe, combinefunc = sf);
         CREATE TABLE t (a int); CREATE VIEW v AS SELECT ag(a) AS x FROM t;
         CREATE AGGREGATE og(VARIADIC "any" ORDER BY VARIADIC "any") (sfunc = ordered_set_transition_multi, stype = internal, finalfunc = rank_final, finalfunc_extra, hypothetical);
         CREATE AGGREGATE mv(int) (sfunc = int4pl, stype = int, msfunc = int4pl, minvfunc = int4mi, mstype = int, initcond = '0', minitcond = '0', sortop = <);
         CREATE AGGREGATE cnt(*) (sfunc = int8inc, stype = int8, initcond = '0');
         CREATE FUNCTION wf(int) RETURNS int LANGUAGE internal WINDOW IMMUTABLE STRICT AS 'window_row_number';"#,
    ),
    (
        "an index over a new column that must have a value is clustered by, or tells rows apart",
        13,
        r#"create table t (a int); create table u (a int); create table v (a int);"#,
        r#"create table t (a int, b int not null); create unique index i on t (b); alter table t replica identity using index i;
         create table u (a int, b int not null constraint k unique); alter table u replica identity using index k; alter table u cluster on k;
         create table v (a int, b int primary key); alter table v replica identity using index v_pkey;"#,
    ),
    (
        "how values are stored outlives a new type from above",
        14,
        "create table o (y int, n text compression pglz) partition by range (y); alter table o alter n set storage main;
         create table o1 partition of o for values from (0) to (10); alter table o1 alter n set storage external; create table o2 partition of o for values from (10) to (20); alter table o2 alter n set storage extended;
         create table i (n text); create table j () inherits (i); alter table j alter n set storage external, alter n set compression pglz;",
        "create table o (y int, n varchar(20)) partition by range (y); alter table o alter n set storage external, alter n set statistics 7;
         create table o1 partition of o for values from (0) to (10); alter table o1 alter n set storage external, alter n set statistics 9; create table o2 partition of o for values from (10) to (20);
         alter table o2 alter n set storage extended, alter n set statistics -1;
         create table i (n varchar(20)); create table j () inherits (i); alter table j alter n set storage external, alter n set compression pglz;",
    ),
    (
        "how values are stored outlives another collation, domain or composite type",
        14,
        r#"create domain d as text check (value <> 'x'); create type c as (a int, b text);
         create table t (n text collate "C", d d compression pglz, c c, l c[]); alter table t alter n set storage external, alter d set storage external, alter c set storage main, alter l set storage external;
         create table o (y int, d d) partition by range (y); alter table o alter d set storage main; create table o1 partition of o for values from (0) to (10); alter table o1 alter d set storage external;
         create table o2 partition of o for values from (10) to (20); alter table o2 alter d set storage extended;
         insert into t values ('a', 'b', '(1,x)', '{"(2,y)"}');"#,
        r#"create domain d as varchar(30); create type c as (b text, a int, d int);
         create table t (n text collate "POSIX", d d compression pglz, c c, l c[]); alter table t alter n set storage external, alter d set storage external, alter c set storage main, alter l set storage external;
         create table o (y int, d d) partition by range (y); alter table o alter d set storage main; create table o1 partition of o for values from (0) to (10); alter table o1 alter d set storage external;
         create table o2 partition of o for values from (10) to (20); alter table o2 alter d set storage extended;"#,
    ),
    (
        "a procedure that gives something out",
        14,
        "CREATE PROCEDURE p(a int, OUT b int) LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE q(OUT b int) LANGUAGE sql AS 'SELECT 1';",
        "CREATE PROCEDURE p(a int, OUT b int) LANGUAGE sql AS 'SELECT 2'; CREATE PROCEDURE q(OUT b text) LANGUAGE sql AS $$ SELECT 'x' $$;",
    ),
];
