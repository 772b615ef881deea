//! Extensions in schemas of their own, which no connection searches.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "tables with types, classes and functions of extensions",
        13,
        "CREATE SCHEMA extensions; CREATE EXTENSION hstore SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions; CREATE EXTENSION pg_trgm SCHEMA extensions;
         CREATE EXTENSION \"uuid-ossp\" SCHEMA extensions;",
        "CREATE SCHEMA extensions; CREATE EXTENSION hstore SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions; CREATE EXTENSION pg_trgm SCHEMA extensions;
         CREATE EXTENSION \"uuid-ossp\" SCHEMA extensions;
         CREATE TABLE t (id uuid PRIMARY KEY DEFAULT extensions.uuid_generate_v4(), h extensions.hstore DEFAULT ''::extensions.hstore, c extensions.citext NOT NULL, cs extensions.citext[], n text, CHECK (c OPERATOR(extensions.<>) 'x'::extensions.citext));
         CREATE INDEX t_n ON t USING gin (n extensions.gin_trgm_ops);
         CREATE INDEX t_h ON t USING gin (h);
         CREATE INDEX t_c ON t (c);
         CREATE UNIQUE INDEX t_c2 ON t (c extensions.citext_pattern_ops) WHERE c OPERATOR(extensions.=) 'a'::extensions.citext;
         CREATE INDEX t_e ON t USING gist ((lower(n)) extensions.gist_trgm_ops (siglen=32));",
    ),
    (
        "columns of such types come and go",
        13,
        "CREATE SCHEMA extensions; CREATE EXTENSION hstore SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions;
         CREATE TABLE t (id int PRIMARY KEY, n text, m text);
         INSERT INTO t VALUES (1, 'a', 'b');",
        "CREATE SCHEMA extensions; CREATE EXTENSION hstore SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions;
         CREATE TABLE t (id int PRIMARY KEY, n extensions.citext, m text, h extensions.hstore, cs extensions.citext[] NOT NULL DEFAULT '{}');",
    ),
    (
        "functions over such types change",
        13,
        "CREATE SCHEMA extensions; CREATE EXTENSION hstore SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions;
         CREATE FUNCTION f(a extensions.citext, b extensions.hstore) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
         CREATE FUNCTION g(a extensions.citext[]) RETURNS extensions.citext LANGUAGE sql AS $$ SELECT a[1] $$;",
        "CREATE SCHEMA extensions; CREATE EXTENSION hstore SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions;
         CREATE FUNCTION f(a extensions.citext, b extensions.hstore) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
         CREATE FUNCTION h(a extensions.citext, VARIADIC b extensions.hstore[]) RETURNS TABLE (x extensions.hstore, y extensions.citext) LANGUAGE sql AS $$ SELECT b[1], a $$;
         CREATE PROCEDURE p(a extensions.citext) LANGUAGE sql AS $$ SELECT 1 $$;
         COMMENT ON FUNCTION h IS 'hi';
         CREATE VIEW v AS SELECT f('a'::extensions.citext, ''::extensions.hstore) AS x;",
    ),
    (
        "aggregates and operators over such types go",
        13,
        "CREATE SCHEMA extensions; CREATE EXTENSION hstore SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions;
         CREATE FUNCTION f(a extensions.citext, b extensions.hstore) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
         CREATE AGGREGATE agg(extensions.citext) (SFUNC = extensions.citext_smaller, STYPE = extensions.citext);
         CREATE OPERATOR ### (LEFTARG = extensions.citext, RIGHTARG = extensions.citext, FUNCTION = extensions.citext_eq);",
        "CREATE SCHEMA extensions; CREATE EXTENSION hstore SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions;",
    ),
    (
        "domains and composite types over such types",
        13,
        "CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions;
         CREATE DOMAIN email AS extensions.citext;
         CREATE TYPE pair AS (a extensions.citext, b int);
         CREATE TABLE t (id int PRIMARY KEY, e email);",
        "CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions;
         CREATE DOMAIN email AS extensions.citext CHECK (VALUE OPERATOR(extensions.~) '^.+@.+$'::extensions.citext);
         CREATE DOMAIN mail2 AS extensions.citext NOT NULL DEFAULT 'x'::extensions.citext;
         CREATE TYPE pair AS (a extensions.citext, b int, c extensions.citext[]);
         CREATE TABLE t (id int PRIMARY KEY, e email, m mail2);",
    ),
    (
        "extensions move, and what uses them stays",
        13,
        "CREATE EXTENSION citext; CREATE EXTENSION pg_trgm; CREATE EXTENSION hstore;
         CREATE TABLE t (id int PRIMARY KEY, c citext DEFAULT 'x', n text, h hstore DEFAULT hstore('a', 'b'));
         CREATE INDEX t_n ON t USING gin (n gin_trgm_ops);
         CREATE FUNCTION f(a citext) RETURNS citext LANGUAGE sql AS $$ SELECT a $$;
         CREATE DOMAIN d AS citext;
         CREATE VIEW v AS SELECT c, h -> 'a' AS ha FROM t WHERE c = 'x';
         INSERT INTO t VALUES (1, 'a', 'b');",
        "CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions; CREATE EXTENSION pg_trgm SCHEMA extensions; CREATE EXTENSION hstore SCHEMA extensions;
         CREATE TABLE t (id int PRIMARY KEY, c extensions.citext DEFAULT 'x', n text, h extensions.hstore DEFAULT extensions.hstore('a', 'b'));
         CREATE INDEX t_n ON t USING gin (n extensions.gin_trgm_ops);
         CREATE FUNCTION f(a extensions.citext) RETURNS extensions.citext LANGUAGE sql AS $$ SELECT a $$;
         CREATE DOMAIN d AS extensions.citext;
         CREATE VIEW v AS SELECT c, h OPERATOR(extensions.->) 'a' AS ha FROM t WHERE c OPERATOR(extensions.=) 'x'::extensions.citext;",
    ),
    (
        "extensions come with what uses them",
        13,
        "CREATE TABLE t (id int PRIMARY KEY, n text);
         INSERT INTO t VALUES (1, 'a');",
        "CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions; CREATE EXTENSION pg_trgm SCHEMA extensions; CREATE EXTENSION hstore SCHEMA extensions;
         CREATE TABLE t (id int PRIMARY KEY, n text, c extensions.citext DEFAULT 'x', h extensions.hstore DEFAULT extensions.hstore('a', 'b'));
         CREATE INDEX t_n ON t USING gin (n extensions.gin_trgm_ops);
         CREATE FUNCTION f(a extensions.citext) RETURNS extensions.citext LANGUAGE sql AS $$ SELECT a $$;
         CREATE DOMAIN d AS extensions.citext;
         CREATE TABLE u (d d, c extensions.citext[]);",
    ),
    (
        "a type of the same name beside that of an extension",
        13,
        "CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions;
         CREATE TABLE t (id int PRIMARY KEY, c extensions.citext);
         INSERT INTO t VALUES (1, 'a');",
        "CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions;
         CREATE TYPE citext AS ENUM ('a', 'b');
         CREATE TABLE t (id int PRIMARY KEY, c citext);",
    ),
    (
        "triggers, policies, casts and dictionaries that use them",
        13,
        "CREATE SCHEMA extensions; CREATE EXTENSION moddatetime SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions; CREATE EXTENSION unaccent SCHEMA extensions;
         CREATE TABLE t (id int PRIMARY KEY, at timestamptz, c extensions.citext);",
        "CREATE SCHEMA extensions; CREATE EXTENSION moddatetime SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions; CREATE EXTENSION unaccent SCHEMA extensions;
         CREATE TABLE t (id int PRIMARY KEY, at timestamptz, c extensions.citext);
         CREATE TRIGGER m BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION extensions.moddatetime(at);
         ALTER TABLE t ENABLE ROW LEVEL SECURITY;
         CREATE POLICY p ON t USING (c OPERATOR(extensions.=) 'x'::extensions.citext);
         CREATE TEXT SEARCH CONFIGURATION conf (COPY = simple);
         ALTER TEXT SEARCH CONFIGURATION conf ALTER MAPPING FOR word WITH extensions.unaccent, simple;
         CREATE CAST (extensions.citext AS int) WITH INOUT;",
    ),
    (
        "ranges and casts of such types",
        14,
        "CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions;",
        "CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions;
         CREATE TYPE rng AS RANGE (SUBTYPE = extensions.citext);
         CREATE TABLE t (r rng);
         CREATE FUNCTION ci(extensions.citext) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
         CREATE CAST (extensions.citext AS int) WITH FUNCTION ci(extensions.citext);",
    ),
    (
        "columns change from such types and to such",
        13,
        "CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions; CREATE EXTENSION ltree SCHEMA extensions;
         CREATE TABLE t (id int PRIMARY KEY, a extensions.citext DEFAULT 'q', b extensions.ltree, c text);
         CREATE INDEX ta ON t (a); CREATE INDEX tb ON t USING gist (b);
         INSERT INTO t VALUES (1, 'a', 'a.b', 'c');",
        "CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions; CREATE EXTENSION ltree SCHEMA extensions;
         CREATE TABLE t (id int PRIMARY KEY, a text DEFAULT 'q', b text, c extensions.ltree);
         CREATE INDEX ta ON t (a); CREATE INDEX tb ON t (b);",
    ),
    (
        "a schema whose name needs quotes",
        13,
        "CREATE SCHEMA \"My Ext\"; CREATE EXTENSION citext SCHEMA \"My Ext\"; CREATE EXTENSION pg_trgm SCHEMA \"My Ext\";",
        "CREATE SCHEMA \"My Ext\"; CREATE EXTENSION citext SCHEMA \"My Ext\"; CREATE EXTENSION pg_trgm SCHEMA \"My Ext\";
         CREATE TABLE t (id int PRIMARY KEY, a \"My Ext\".citext DEFAULT 'q', b text, c \"My Ext\".citext[]);
         CREATE INDEX ta ON t USING gin (b \"My Ext\".gin_trgm_ops);
         CREATE FUNCTION f(\"My Ext\".citext) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;",
    ),
    (
        "an extension in a schema of its name",
        13,
        "CREATE TABLE t (id int);",
        "CREATE SCHEMA hstore; CREATE EXTENSION hstore SCHEMA hstore;
         CREATE TABLE t (id int, h hstore.hstore);
         CREATE FUNCTION f(hstore.hstore) RETURNS int LANGUAGE sql AS 'select 1';",
    ),
    (
        "documents become pairs, and pairs documents",
        13,
        "CREATE SCHEMA extensions; CREATE EXTENSION hstore SCHEMA extensions;
         CREATE TABLE t (id int PRIMARY KEY, h extensions.hstore, j jsonb);
         INSERT INTO t VALUES (1, '\"a\"=>\"b\"', '{\"c\": \"d\"}');",
        "CREATE SCHEMA extensions; CREATE EXTENSION hstore SCHEMA extensions;
         CREATE TABLE t (id int PRIMARY KEY, h jsonb, j extensions.hstore);",
    ),
];
