-- from
create table t(id int, a text);
create function trg() returns trigger language plpgsql as $$begin return new; end$$;
create trigger tr before insert on t for each row execute function trg();
-- to
create table u(id int);
-- up
DROP TRIGGER "tr" ON "t";
DROP FUNCTION "trg"();
DROP TABLE "t";
CREATE TABLE "u" (
  "id" integer
);
