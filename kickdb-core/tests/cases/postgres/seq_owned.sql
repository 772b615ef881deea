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
ALTER SEQUENCE "s" OWNED BY t.id;
