//! Foreign keys that partitions have from above, under names of their own.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "a partition joins with a key of its own",
        13,
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int) PARTITION BY RANGE (id);
         CREATE TABLE p1 (id int NOT NULL, u int);",
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, CONSTRAINT p_u_fk FOREIGN KEY (u) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p1 (id int NOT NULL, u int, CONSTRAINT own_name FOREIGN KEY (u) REFERENCES u (id));
         ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (10);",
    ),
    (
        "a partition is another table with a key of its own",
        13,
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, CONSTRAINT p_u_fk FOREIGN KEY (u) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
         CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);",
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, CONSTRAINT p_u_fk FOREIGN KEY (u) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p1 (id int NOT NULL, u int, CONSTRAINT own_name FOREIGN KEY (u) REFERENCES u (id));
         ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (10);
         CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);",
    ),
    (
        "keys of partitions of partitions",
        13,
        "CREATE TABLE u (id int PRIMARY KEY);",
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, v int, CONSTRAINT p_u_fk FOREIGN KEY (u) REFERENCES u (id), CONSTRAINT p_v_fk FOREIGN KEY (v) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p1 (id int NOT NULL, u int, v int, CONSTRAINT own_u FOREIGN KEY (u) REFERENCES u (id), CONSTRAINT own_v FOREIGN KEY (v) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p11 (id int NOT NULL, u int, v int, CONSTRAINT own_uu FOREIGN KEY (u) REFERENCES u (id));
         ALTER TABLE p1 ATTACH PARTITION p11 FOR VALUES FROM (0) TO (5);
         ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (10);",
    ),
    (
        "the key above takes another name",
        13,
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, CONSTRAINT p_u_fk FOREIGN KEY (u) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);",
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, CONSTRAINT p_u_fkey2 FOREIGN KEY (u) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);",
    ),
    (
        "a key that kept the name which the one above had",
        13,
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, CONSTRAINT p_u_fk FOREIGN KEY (u) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
         ALTER TABLE p RENAME CONSTRAINT p_u_fk TO other;",
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, CONSTRAINT other FOREIGN KEY (u) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
         CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);",
    ),
    (
        "a key beside that from above",
        13,
        "CREATE TABLE c (id int PRIMARY KEY);
         CREATE TABLE pay (id int NOT NULL, c int NOT NULL, d timestamptz NOT NULL, PRIMARY KEY (d, id)) PARTITION BY RANGE (d);
         CREATE TABLE pay_1 (id int NOT NULL, c int NOT NULL, d timestamptz NOT NULL);
         ALTER TABLE ONLY pay ATTACH PARTITION pay_1 FOR VALUES FROM ('2022-01-01 00:00:00+00') TO ('2022-02-01 00:00:00+00');
         ALTER TABLE ONLY pay_1 ADD CONSTRAINT pay_1_c_fkey FOREIGN KEY (c) REFERENCES c (id);",
        "CREATE TABLE c (id int PRIMARY KEY);
         CREATE TABLE pay (id int NOT NULL, c int NOT NULL, d timestamptz NOT NULL, PRIMARY KEY (d, id)) PARTITION BY RANGE (d);
         CREATE TABLE pay_1 (id int NOT NULL, c int NOT NULL, d timestamptz NOT NULL);
         ALTER TABLE ONLY pay ATTACH PARTITION pay_1 FOR VALUES FROM ('2022-01-01 00:00:00+00') TO ('2022-02-01 00:00:00+00');
         ALTER TABLE ONLY pay_1 ADD CONSTRAINT pay_1_c_fkey FOREIGN KEY (c) REFERENCES c (id);
         ALTER TABLE pay ADD CONSTRAINT pay_c_fkey FOREIGN KEY (c) REFERENCES c (id) ON UPDATE CASCADE;",
    ),
    (
        "the key of a partition becomes that of its table",
        13,
        "CREATE TABLE c (id int PRIMARY KEY);
         CREATE TABLE pay (id int NOT NULL, c int NOT NULL) PARTITION BY RANGE (id);
         CREATE TABLE pay_1 PARTITION OF pay FOR VALUES FROM (0) TO (10);
         ALTER TABLE pay_1 ADD CONSTRAINT pay_1_own FOREIGN KEY (c) REFERENCES c (id);
         CREATE TABLE pay_2 PARTITION OF pay FOR VALUES FROM (10) TO (20);",
        "CREATE TABLE c (id int PRIMARY KEY);
         CREATE TABLE pay (id int NOT NULL, c int NOT NULL) PARTITION BY RANGE (id);
         CREATE TABLE pay_1 PARTITION OF pay FOR VALUES FROM (0) TO (10);
         ALTER TABLE pay_1 ADD CONSTRAINT pay_1_own FOREIGN KEY (c) REFERENCES c (id);
         CREATE TABLE pay_2 PARTITION OF pay FOR VALUES FROM (10) TO (20);
         ALTER TABLE pay ADD CONSTRAINT pay_all FOREIGN KEY (c) REFERENCES c (id);",
    ),
    (
        "a partition leaves with its key, and one takes a name of its own",
        13,
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, v int, CONSTRAINT p_u_fk FOREIGN KEY (u) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p1 (id int NOT NULL, u int, v int, CONSTRAINT own_name FOREIGN KEY (u) REFERENCES u (id));
         ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (10);
         CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
         INSERT INTO u VALUES (1); INSERT INTO p VALUES (1, 1, 1), (11, 1, 1);",
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, v int, CONSTRAINT p_u_fk FOREIGN KEY (u) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p1 (id int NOT NULL, u int, v int, CONSTRAINT own_name FOREIGN KEY (u) REFERENCES u (id));
         CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
         ALTER TABLE p2 RENAME CONSTRAINT p_u_fk TO p2_own;",
    ),
    (
        "the key above changes",
        13,
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, CONSTRAINT p_u_fk FOREIGN KEY (u) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p1 (id int NOT NULL, u int, CONSTRAINT own_name FOREIGN KEY (u) REFERENCES u (id));
         ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (10);
         INSERT INTO u VALUES (1); INSERT INTO p VALUES (1, 1);",
        "CREATE TABLE u (id bigint PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u bigint, CONSTRAINT p_u_fk FOREIGN KEY (u) REFERENCES u (id) ON DELETE CASCADE) PARTITION BY RANGE (id);
         CREATE TABLE p1 (id int NOT NULL, u bigint, CONSTRAINT own_name FOREIGN KEY (u) REFERENCES u (id) ON DELETE CASCADE);
         ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (10);",
    ),
    (
        "names in capitals",
        13,
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, CONSTRAINT \"P u fk\" FOREIGN KEY (u) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
         ALTER TABLE p1 RENAME CONSTRAINT \"P u fk\" TO \"Own name\";",
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, CONSTRAINT \"P u fk\" FOREIGN KEY (u) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
         ALTER TABLE p1 RENAME CONSTRAINT \"P u fk\" TO \"Own name 2\";",
    ),
    (
        "two keys exchange their names",
        13,
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, v int, CONSTRAINT fa FOREIGN KEY (u) REFERENCES u (id), CONSTRAINT fb FOREIGN KEY (v) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);",
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, v int, CONSTRAINT fa FOREIGN KEY (u) REFERENCES u (id), CONSTRAINT fb FOREIGN KEY (v) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p1 (id int NOT NULL, u int, v int, CONSTRAINT fb FOREIGN KEY (u) REFERENCES u (id), CONSTRAINT fa FOREIGN KEY (v) REFERENCES u (id));
         ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (10);",
    ),
    (
        "the rows are spread in another way",
        13,
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, CONSTRAINT fa FOREIGN KEY (u) REFERENCES u (id)) PARTITION BY RANGE (id);
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
         ALTER TABLE p1 RENAME CONSTRAINT fa TO p1_fa;
         INSERT INTO u VALUES (1); INSERT INTO p VALUES (1, 1);",
        "CREATE TABLE u (id int PRIMARY KEY);
         CREATE TABLE p (id int NOT NULL, u int, CONSTRAINT fa FOREIGN KEY (u) REFERENCES u (id)) PARTITION BY LIST (id);
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1, 2);
         ALTER TABLE p1 RENAME CONSTRAINT fa TO p1_fa;",
    ),
];
