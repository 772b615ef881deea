-- from
create table t(id int);
-- to
create type fr as range (subtype=float8, subtype_diff=float8mi);
create table t(id int, r fr);
-- up
CREATE TYPE fr AS RANGE (subtype = double precision, subtype_diff = float8mi);
ALTER TABLE "t" ADD COLUMN "r" "fr";
