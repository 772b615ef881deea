-- from
create table t(id int);
create materialized view m as select id from t with no data;
-- to
create table t(id int);
create materialized view m as select id from t;
-- up
