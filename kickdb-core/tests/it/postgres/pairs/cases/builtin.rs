//! Objects of the default schema that are named like something of the server, which looks at its own first.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "text search named like that of the server goes and comes",
        13,
        "CREATE TEXT SEARCH CONFIGURATION public.english (PARSER = pg_catalog.\"default\");
         CREATE TEXT SEARCH DICTIONARY public.simple (TEMPLATE = pg_catalog.simple);",
        "",
    ),
    (
        "text search named like that of the server changes",
        13,
        "CREATE TEXT SEARCH CONFIGURATION public.english (PARSER = pg_catalog.\"default\");
         CREATE TEXT SEARCH DICTIONARY public.simple (TEMPLATE = pg_catalog.simple);
         CREATE TABLE t (id int, v tsvector GENERATED ALWAYS AS (to_tsvector('public.english'::regconfig, 'a')) STORED); INSERT INTO t VALUES (1);",
        "CREATE TEXT SEARCH DICTIONARY public.simple (TEMPLATE = pg_catalog.simple, accept = false);
         CREATE TEXT SEARCH CONFIGURATION public.english (PARSER = pg_catalog.\"default\");
         ALTER TEXT SEARCH CONFIGURATION public.english ADD MAPPING FOR word WITH public.simple, simple;
         COMMENT ON TEXT SEARCH CONFIGURATION public.english IS 'mine'; COMMENT ON TEXT SEARCH DICTIONARY public.simple IS 'mine';
         CREATE TABLE t (id int, v tsvector GENERATED ALWAYS AS (to_tsvector('public.english'::regconfig, 'b')) STORED);",
    ),
    (
        "an operator named like that of the server goes and changes",
        13,
        "CREATE FUNCTION f(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE OPERATOR public.+ (FUNCTION = f, LEFTARG = int, RIGHTARG = int);
         CREATE OPERATOR public.- (FUNCTION = f, LEFTARG = int, RIGHTARG = int); CREATE TABLE t (id int DEFAULT 1 OPERATOR(public.-) 2); INSERT INTO t VALUES (7);",
        "CREATE FUNCTION f(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; CREATE FUNCTION g(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2';
         CREATE OPERATOR public.- (FUNCTION = g, LEFTARG = int, RIGHTARG = int); CREATE TABLE t (id int DEFAULT 2 OPERATOR(public.-) 2);
         COMMENT ON OPERATOR public.- (int, int) IS 'mine';",
    ),
    (
        "functions named like those that the server has for itself go and change",
        13,
        "CREATE FUNCTION public.int4larger(int, int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION public.bpchar(char) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE AGGREGATE public.numeric_sum(internal) (sfunc = numeric_avg_combine, stype = internal);",
        "CREATE FUNCTION public.int4larger(int, int) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; COMMENT ON FUNCTION public.int4larger(int, int) IS 'mine';",
    ),
    (
        "a conversion named like that of the server goes",
        13,
        "CREATE CONVERSION public.utf8_to_iso_8859_1 FOR 'UTF8' TO 'LATIN1' FROM pg_catalog.utf8_to_iso8859_1; COMMENT ON CONVERSION public.utf8_to_iso_8859_1 IS 'mine';",
        "",
    ),
    (
        "an operator class named like that of the server goes",
        13,
        "CREATE OPERATOR CLASS public.int4_ops FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int);
         CREATE TABLE t (id int); CREATE INDEX i ON t (id public.int4_ops); INSERT INTO t VALUES (1);",
        "CREATE TABLE t (id int); CREATE INDEX i ON t (id);",
    ),
    (
        "functions of tables that are named like types of the server",
        13,
        "CREATE TABLE point (a int); INSERT INTO point VALUES (1); CREATE FUNCTION f(p public.point) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE FUNCTION f(p pg_catalog.point) RETURNS int LANGUAGE sql AS 'SELECT 2'; CREATE TABLE public.pg_class (id int); -- keep",
        "CREATE TABLE point (a int); CREATE FUNCTION f(p public.point) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; CREATE TABLE public.pg_class (id int);
         CREATE FUNCTION f(public.pg_class) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(pg_catalog.pg_class[]) RETURNS int LANGUAGE sql AS 'SELECT 2';",
    ),
    (
        "a table and a materialized view that are named like tables of the server",
        13,
        "CREATE TABLE t (id int); CREATE TABLE public.pg_index (id int, n int); INSERT INTO public.pg_index VALUES (1, 1); -- keep",
        "CREATE TABLE t (id int); CREATE MATERIALIZED VIEW public.pg_class AS SELECT id FROM t; CREATE INDEX i ON public.pg_class (id);
         CREATE TABLE public.pg_index (id int, n serial); CREATE POLICY p ON public.pg_index USING (id > 1);",
    ),
];
