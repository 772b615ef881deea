use super::parse;
use crate::ident::Name;

#[test]
fn a_partitioning_has_one_spelling() {
    let columns = [Name::new("Id").unwrap(), Name::new("d").unwrap()];
    for (written, spelled) in [
        ("HASH(id) PARTITIONS 4", "hash (`Id`) partitions 4"),
        (
            "hash(`id`) (partition p0, partition p1 ENGINE = InnoDB)",
            "hash (`Id`) partitions 2",
        ),
        ("KEY ALGORITHM = 2 () PARTITIONS 3", "key () partitions 3"),
        ("linear key(id)", "linear key (`Id`)"),
        (
            "RANGE (YEAR(d)) (PARTITION p0 VALUES LESS THAN (2010) COMMENT = 'it\\'s' ENGINE = InnoDB, PARTITION `p x` VALUES LESS THAN MAXVALUE)",
            "range (year(`d`)) (partition `p0` values less than (2010) comment = 'it''s', partition `p x` values less than (MAXVALUE))",
        ),
        (
            "RANGE (id) (PARTITION p0 VALUES LESS THAN (9) MIN_ROWS = 0 MAX_ROWS = 100 DATA DIRECTORY = '/a b' ENGINE = InnoDB, \
             PARTITION p1 VALUES LESS THAN MAXVALUE STORAGE ENGINE InnoDB COMMENT 'c')",
            "range (`Id`) (partition `p0` values less than (9) data directory = '/a b' max_rows = 100, \
             partition `p1` values less than (MAXVALUE) comment = 'c')",
        ),
        (
            "LIST COLUMNS (id, d) (PARTITION a VALUES IN ((1, 'x'), (2,'y')), PARTITION b DEFAULT)",
            "list columns (`Id`,`d`) (partition `a` values in ((1,'x'),(2,'y')), partition `b` default)",
        ),
        (
            "range (to_days(d)) subpartition by hash(id) (partition p0 values less than (5) (subpartition s0, subpartition s1 comment 'c'))",
            "range (to_days(`d`)) subpartition by hash (`Id`) subpartitions 2 (partition `p0` values less than (5) (subpartition `s0`, subpartition `s1` comment = 'c'))",
        ),
        (
            "SYSTEM_TIME LIMIT 1000 (PARTITION p0 HISTORY, PARTITION pc CURRENT)",
            "system_time limit 1000 (partition `p0` history, partition `pc` current)",
        ),
    ] {
        let read = parse(written, &columns).unwrap_or_else(|| panic!("{written}"));
        assert_eq!(read.text(), spelled);
        assert_eq!(parse(spelled, &columns), Some(read), "{spelled}");
    }
    for wrong in [
        "",
        "hash id",
        "range (id) (p0)",
        "hash (id) partitions x",
        "hash (id) and more",
    ] {
        assert_eq!(parse(wrong, &columns), None, "{wrong}");
    }
}
