-- from
create table t(id int);
create view v as select id from t where id > 0;
-- to
create table t(id int);
create view v with (security_barrier, check_option=local) as select id from t where id > 0;
create recursive view nums(n) as values (1) union all select n+1 from nums where n < 10;
-- up
DROP VIEW "v";
CREATE VIEW nums AS
 WITH RECURSIVE nums(n) AS (
         VALUES (1)
        UNION ALL
         SELECT (nums_1.n + 1)
           FROM nums nums_1
          WHERE (nums_1.n < 10)
        )
 SELECT nums.n
   FROM nums;
CREATE VIEW v WITH (security_barrier=true, check_option=local) AS
 SELECT t.id
   FROM t
  WHERE (t.id > 0);
