-- from
create table t(id int primary key, a text, b int);
insert into t values (1,'x',2);
create view v1 as select id, a from t;
create view v2 as select * from v1 where id > 0;
create view v3 as select v2.id, t.b from v2 join t using (id);
-- to
create table t(id int primary key, a varchar(20), b bigint);
create view v1 as select id, a from t;
create view v2 as select * from v1 where id > 0;
create view v3 as select v2.id, t.b from v2 join t using (id);
create view v4 as select max(id) from v3;
-- up
DROP VIEW "v3";
DROP VIEW "v2";
DROP VIEW "v1";
ALTER TABLE "t"
  ALTER COLUMN "a" TYPE varchar(20),
  ALTER COLUMN "b" TYPE bigint;
CREATE VIEW v1 AS
 SELECT t.id,
    t.a
   FROM t;
CREATE VIEW v2 AS
 SELECT v1.id,
    v1.a
   FROM v1
  WHERE (v1.id > 0);
CREATE VIEW v3 AS
 SELECT v2.id,
    t.b
   FROM (v2
     JOIN t USING (id));
CREATE VIEW v4 AS
 SELECT max(v3.id) AS max
   FROM v3;
