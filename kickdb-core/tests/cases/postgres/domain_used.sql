-- from
create domain email as text check (value like '%@%');
create table t(id int, e email default 'a@b');
insert into t values (1,'x@y');
create view v as select e from t;
-- to
create domain email as varchar(100) default 'q@r' not null constraint fmt check (value ~ '@');
create table t(id int, e email default 'a@b');
create view v as select e from t;
-- up
DROP VIEW "v";
ALTER DOMAIN "email" RENAME TO "email__kick_old";
CREATE DOMAIN "email" AS character varying(100) DEFAULT 'q@r' NOT NULL
  CONSTRAINT "fmt" CHECK (VALUE::text ~ '@');
ALTER TABLE "t" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "t" ALTER COLUMN "e" TYPE "email" USING "e"::character varying(100)::"email";
ALTER TABLE "t" ALTER COLUMN "e" SET DEFAULT 'a@b';
DROP DOMAIN "email__kick_old";
CREATE VIEW v AS
 SELECT t.e
   FROM t;
