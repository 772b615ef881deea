-- from
create domain pos as int check (value > 0);
create table t(a pos);
create table u(x pos not null);
insert into t values (1);
-- to
create table t(a int);
-- up
-- no value may change unseen
DO $$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  found := (SELECT string_agg(kick_row, ', ') FROM (SELECT 'ctid = ' || ctid || ' (' || "a" || ')' AS kick_row FROM "t" WHERE "a"::text IS DISTINCT FROM (("a"::text::integer)::text::"pos")::text LIMIT 5) kick_first);
  IF found IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column "a" of table "t" holds values that integer cannot hold exactly', DETAIL = found;
  END IF;
END
$$;
ALTER TABLE "t" ALTER COLUMN "a" TYPE integer USING "a"::text::integer;
DROP TABLE "u";
DROP DOMAIN "pos";
