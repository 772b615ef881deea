-- from
create table t(id int);
create table log(x int);
create rule r as on insert to t do also insert into log values (new.id);
-- to
create table t(id int, y int);
create table log(x bigint);
create rule r as on insert to t do also insert into log values (new.id);
create rule r2 as on delete to t do instead nothing;
-- up
DROP RULE "r" ON "t";
ALTER TABLE "log" ALTER COLUMN "x" TYPE bigint;
ALTER TABLE "t" ADD COLUMN "y" integer;
CREATE RULE r AS
    ON INSERT TO t DO  INSERT INTO log (x)
  VALUES (new.id);
CREATE RULE r2 AS
    ON DELETE TO t DO INSTEAD NOTHING;
