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
ALTER SEQUENCE "a_id_seq" MAXVALUE 9223372036854775807 AS bigint;
ALTER SEQUENCE "a_id_seq" OWNED BY NONE;
ALTER TABLE "a" ALTER COLUMN "id" SET DEFAULT nextval('a_id_seq'::regclass);
ALTER TABLE "b" ALTER COLUMN "id" DROP DEFAULT;
ALTER SEQUENCE "b_id_seq" AS integer INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1 NO CYCLE;
ALTER TABLE "b" ALTER COLUMN "id" SET DEFAULT nextval('"b_id_seq"'::regclass);
ALTER SEQUENCE "b_id_seq" OWNED BY "b"."id";
-- go on behind the rows that are there
SELECT setval('"b_id_seq"', max("id")) FROM "b" HAVING max("id") >= 1;
