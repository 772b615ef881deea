-- from
create sequence s;
create table t(id int, n int);
alter sequence s owned by t.n;
-- to
create sequence s;
create table t(id int);
alter sequence s owned by t.id;
-- up
ALTER SEQUENCE "s" OWNED BY NONE;
ALTER TABLE "t" DROP COLUMN "n";
-- A sequence goes with a table of the same owner only.
DO $$
BEGIN
  IF (SELECT relowner FROM pg_class WHERE oid = '"s"'::regclass) <> (SELECT relowner FROM pg_class WHERE oid = '"t"'::regclass) THEN
    ALTER SEQUENCE "s" OWNED BY NONE;
    EXECUTE format('ALTER SEQUENCE %s OWNER TO %I', '"s"', pg_get_userbyid((SELECT relowner FROM pg_class WHERE oid = '"t"'::regclass)));
  END IF;
END
$$;
ALTER SEQUENCE "s" OWNED BY "t"."id";
