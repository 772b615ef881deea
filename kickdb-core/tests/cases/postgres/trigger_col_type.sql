-- from
create table t(id int, a int);
create function trg() returns trigger language plpgsql as $$begin return new; end$$;
create trigger tr before update of a on t for each row when (new.a > 0) execute function trg();
-- to
create table t(id int, a bigint);
create function trg() returns trigger language plpgsql as $$begin return new; end$$;
create trigger tr before update of a on t for each row when (new.a > 0) execute function trg();
-- up
DROP TRIGGER "tr" ON "t";
ALTER TABLE "t" ALTER COLUMN "a" TYPE bigint;
CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (new.a > 0) EXECUTE FUNCTION trg();
