-- from
create table t(id int);
create view v as select id from t;
create function trg() returns trigger language plpgsql as $$begin return new; end$$;
create trigger tr instead of insert on v for each row execute function trg();
-- to
create table t(id bigint);
create view v as select id from t;
create function trg() returns trigger language plpgsql as $$begin return new; end$$;
create trigger tr instead of insert or update on v for each row execute function trg();
-- up
DROP TRIGGER "tr" ON "v";
DROP VIEW "v";
ALTER TABLE "t" ALTER COLUMN "id" TYPE bigint;
CREATE VIEW v AS
 SELECT t.id
   FROM t;
CREATE TRIGGER tr INSTEAD OF INSERT OR UPDATE ON v FOR EACH ROW EXECUTE FUNCTION trg();
