//! What the server prints in other words than those it was told, or in an order of its own.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "views of VALUES whose columns have names",
        13,
        "CREATE VIEW gone (x, y) AS VALUES (1, 'a'); CREATE VIEW other (x) AS VALUES (1), (2);",
        "CREATE VIEW plain AS VALUES (1, 'a'), (2, 'b'); CREATE VIEW named (x, \"Y z\") WITH (security_barrier) AS VALUES (1, 'a'), (2, 'b)');
         CREATE VIEW other (x) AS VALUES (1), (3); CREATE VIEW one_of_two (x) AS VALUES (1, 2); CREATE VIEW several (x) AS VALUES (1), (2) UNION VALUES (3);
         CREATE VIEW inner_one AS SELECT * FROM (VALUES (1, 2)) AS v (a, b); CREATE VIEW ordered (x) AS VALUES (2), (1) ORDER BY 1 DESC;
         CREATE MATERIALIZED VIEW m (x) AS VALUES (1), (2); CREATE VIEW above AS SELECT x + 1 AS x FROM named;",
    ),
    (
        "options of operator classes in another order than that of their names",
        14,
        "CREATE TABLE t (i int, v tsvector); CREATE INDEX b ON t USING brin (i int4_bloom_ops (n_distinct_per_range = 100, false_positive_rate = 0.05));
         CREATE INDEX g ON t USING gist (v tsvector_ops (siglen = 100));",
        "CREATE TABLE t (i int, v tsvector); CREATE INDEX b ON t USING brin (i int4_bloom_ops (false_positive_rate = 0.05, n_distinct_per_range = 200));
         CREATE INDEX g ON t USING gist (v tsvector_ops (siglen = 200)); CREATE INDEX m ON t USING brin (i int4_minmax_multi_ops (values_per_range = 16));
         CREATE INDEX n ON t USING brin (i int4_bloom_ops (n_distinct_per_range = 7, false_positive_rate = 0.1));",
    ),
    (
        "an enum without values gains some",
        13,
        "CREATE TYPE e AS ENUM (); CREATE TABLE t (id int, v e, vs e[]); INSERT INTO t VALUES (1, NULL, '{}'); CREATE TYPE gone AS ENUM ();",
        "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (id int, v e, vs e[]); CREATE TYPE new AS ENUM ();",
    ),
];
