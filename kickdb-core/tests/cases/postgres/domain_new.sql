-- from
create table t(a int);
insert into t values (1);
-- to
create domain pos as int check (value > 0);
create table t(a pos);
create table u(x pos not null);
-- up
CREATE DOMAIN "pos" AS integer
  CONSTRAINT "pos_check" CHECK ((VALUE > 0));
ALTER TABLE "t" ALTER COLUMN "a" TYPE "pos" USING "a"::text::"pos";
CREATE TABLE "u" (
  "x" "pos" NOT NULL
);
