-- from
create table t(id int, a text);
create function trg() returns trigger language plpgsql as $$begin return new; end$$;
create trigger tr before insert on t for each row execute function trg();
-- to
create table t(id int, a text);
create function trg() returns trigger language plpgsql as $$begin new.a := 'x'; return new; end$$;
create trigger tr before insert or update of a on t for each row when (new.id > 0) execute function trg();
create constraint trigger ct after insert on t deferrable initially deferred for each row execute function trg();
alter table t disable trigger ct;
comment on trigger tr on t is 'c';
-- up
DROP TRIGGER "tr" ON "t";
-- Functions that stand in a database are not judged by this session's search path.
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION trg()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$begin new.a := 'x'; return new; end$function$;
CREATE CONSTRAINT TRIGGER ct AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION trg();
ALTER TABLE "t" DISABLE TRIGGER "ct";
CREATE TRIGGER tr BEFORE INSERT OR UPDATE OF a ON t FOR EACH ROW WHEN (new.id > 0) EXECUTE FUNCTION trg();
COMMENT ON TRIGGER "tr" ON "t" IS 'c';
