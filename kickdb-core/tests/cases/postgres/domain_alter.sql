-- from
create domain d as int check (value > 0);
create table t(a d, b d[]);
insert into t values (1,'{1,2}');
-- to
create domain d as int default 3 check (value > -5) constraint small check (value < 100);
create table t(a d, b d[]);
comment on domain d is 'dd';
-- up
ALTER DOMAIN "d" RENAME TO "d__kick_old";
CREATE DOMAIN "d" AS integer DEFAULT 3
  CONSTRAINT "d_check" CHECK ((VALUE > '-5'::integer))
  CONSTRAINT "small" CHECK ((VALUE < 100));
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE "d" USING "a"::integer::"d",
  ALTER COLUMN "b" TYPE "d"[] USING "b"::integer[]::"d"[];
DROP DOMAIN "d__kick_old";
COMMENT ON DOMAIN "d" IS 'dd';
