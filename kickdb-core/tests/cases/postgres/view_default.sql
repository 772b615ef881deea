-- from
create table t(id int, a text);
create view v as select id, a from t;
alter view v alter column a set default 'x';
-- to
create table t(id int, a text);
create view v as select id, a from t;
alter view v alter column a set default 'y';
alter view v alter column id set default 1;
-- up
ALTER VIEW "v" ALTER COLUMN "a" SET DEFAULT 'y'::text;
ALTER VIEW "v" ALTER COLUMN "id" SET DEFAULT 1;
