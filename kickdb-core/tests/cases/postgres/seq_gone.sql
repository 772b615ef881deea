-- from
create sequence s;
create table t(id int default nextval('s'));
-- to
create table t(id int);
-- up
ALTER TABLE "t" ALTER COLUMN "id" DROP DEFAULT;
DROP SEQUENCE "s";
