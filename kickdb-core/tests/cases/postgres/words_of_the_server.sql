-- from
CREATE TABLE t (id int, a timestamptz DEFAULT now(), b varchar(20), c text DEFAULT 'x', d numeric DEFAULT 1);
CREATE VIEW v AS SELECT id FROM t WHERE b IN ('a', 'b');
-- to
CREATE TABLE t (id bigint, a timestamptz DEFAULT CURRENT_TIMESTAMP, b varchar(20) DEFAULT NULL::varchar,
  c text DEFAULT 'x'::varchar, d numeric DEFAULT '1', e varchar(9) CHECK (e IN ('a', 'b')), f timestamp DEFAULT timezone('utc', now()));
CREATE INDEX t_b ON t (id) WHERE b NOT IN ('c', 'd');
CREATE VIEW v AS SELECT id FROM t WHERE b IN ('a', 'b');
