-- from
create table a(id serial primary key);
insert into a default values;
create sequence b_id_seq;
create table b(id int not null default nextval('b_id_seq'));
insert into b default values;
-- to
create sequence a_id_seq;
create table a(id int not null default nextval('a_id_seq') primary key);
create table b(id serial);
-- up
ALTER SEQUENCE "a_id_seq" OWNED BY NONE;
ALTER SEQUENCE "a_id_seq" MAXVALUE 9223372036854775807 AS bigint;
-- The counter moves between its new limits.
SELECT setval('"b_id_seq"', least(greatest(last_value, 1), 2147483647), is_called AND last_value BETWEEN 1 AND 2147483647) FROM "b_id_seq" WHERE last_value NOT BETWEEN 1 AND 2147483647;
ALTER SEQUENCE "b_id_seq" MAXVALUE 2147483647 AS integer;
-- A sequence goes with a table of the same owner only.
DO $$
BEGIN
  IF (SELECT relowner FROM pg_class WHERE oid = '"b_id_seq"'::regclass) <> (SELECT relowner FROM pg_class WHERE oid = '"b"'::regclass) THEN
    ALTER SEQUENCE "b_id_seq" OWNED BY NONE;
    EXECUTE format('ALTER SEQUENCE %s OWNER TO %I', '"b_id_seq"', pg_get_userbyid((SELECT relowner FROM pg_class WHERE oid = '"b"'::regclass)));
  END IF;
END
$$;
ALTER SEQUENCE "b_id_seq" OWNED BY "b"."id";
-- go on behind the rows that are there
SELECT setval('"b_id_seq"', max("id")) FROM "b" HAVING max("id") >= 1 AND max("id") >= (SELECT last_value FROM "b_id_seq")
  AND max("id") <= (SELECT seqmax FROM pg_catalog.pg_sequence WHERE seqrelid = '"b_id_seq"'::regclass);
