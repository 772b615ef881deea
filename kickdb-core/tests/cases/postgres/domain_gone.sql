-- from
create domain pos as int check (value > 0);
create table t(a pos);
create table u(x pos not null);
insert into t values (1);
-- to
create table t(a int);
-- up
ALTER TABLE "t" ALTER COLUMN "a" TYPE integer USING "a"::text::integer;
DROP TABLE "u";
DROP DOMAIN "pos";
