use std::num::NonZeroU32;

use super::normal;
use crate::dialect::mysql::Mysql;
use crate::dialect::{Cast, Types};
use crate::ir::{IntBits, SqlType};

fn canonical(raw: &str) -> String {
    let ty = Mysql.parse(raw).unwrap_or_else(|error| panic!("{raw}: {error}"));
    let text = Mysql.format(&ty).unwrap();
    assert_eq!(Mysql.parse(&text).unwrap(), ty, "{raw} does not come round");
    assert_eq!(normal(&ty).unwrap(), ty, "{raw} is not in normal form");
    text
}

#[test]
fn every_spelling_has_one_canonical_spelling() {
    for (raw, text) in [
        ("BOOLEAN", "tinyint(1)"),
        ("tinyint(1)", "tinyint(1)"),
        ("tinyint(4)", "tinyint"),
        ("TINYINT(1) UNSIGNED", "tinyint(1) unsigned"),
        ("int(5)", "int(5)"),
        ("int(11) unsigned", "int(11) unsigned"),
        ("int unsigned", "int unsigned"),
        ("tinyint(3) unsigned", "tinyint unsigned"),
        ("mediumint(4) unsigned", "mediumint(4) unsigned"),
        ("mediumint(8) unsigned", "mediumint unsigned"),
        ("bigint(20) unsigned", "bigint unsigned"),
        ("smallint(6)", "smallint"),
        ("int(11)", "int"),
        ("integer unsigned", "int unsigned"),
        ("int(10) unsigned", "int unsigned"),
        ("bigint(20)", "bigint"),
        ("bigint(3) unsigned zerofill", "bigint(3) unsigned zerofill"),
        ("mediumint(9)", "mediumint"),
        ("real", "double"),
        ("double precision", "double"),
        ("float(30)", "double"),
        ("float(10,2)", "float(10,2)"),
        ("numeric(5)", "decimal(5, 0)"),
        ("decimal", "decimal(10, 0)"),
        ("decimal(5,0) unsigned zerofill", "decimal(5,0) unsigned zerofill"),
        ("character varying(20)", "varchar(20)"),
        ("char", "char(1)"),
        ("text", "text"),
        ("longtext", "longtext"),
        ("longblob", "longblob"),
        ("blob", "blob"),
        ("bit", "bit(1)"),
        ("year(4)", "year"),
        ("binary(16)", "binary(16)"),
        ("datetime", "datetime"),
        ("datetime(6)", "datetime(6)"),
        ("timestamp(3)", "timestamp(3)"),
        ("time(6)", "time(6)"),
        ("JSON", "json"),
        ("uuid", "uuid"),
        ("enum( 'a' , 'b''c', \"D,e\")", "enum('a','b''c','D,e')"),
        ("set('x','y')", "set('x','y')"),
        ("geometry", "geometry"),
    ] {
        assert_eq!(canonical(raw), text, "{raw}");
    }
}

#[test]
fn what_is_no_type_there_says_what_to_use() {
    for (raw, hint) in [
        ("varchar", "varchar(255)"),
        ("timestamptz", "datetime(6)"),
        ("enum('a','a')", "twice"),
        ("datetime(7)", "at most 6"),
        ("serial", "auto_increment"),
        ("tsvector", "varchar(255)"),
        ("text unsigned", "no sign"),
        ("varchar(20) collate utf8mb4_bin", "not part of a type"),
    ] {
        let error = Mysql.parse(raw).unwrap_err().to_string();
        assert!(error.contains(hint), "{raw}: {error}");
    }
    for ty in [
        SqlType::Decimal(None),
        SqlType::Interval,
        SqlType::Varchar(NonZeroU32::new(70_000).unwrap()),
        SqlType::Char(NonZeroU32::new(256).unwrap()),
    ] {
        assert!(Mysql.format(&ty).is_err(), "{ty:?}");
    }
}

#[test]
fn what_the_server_does_not_tell_apart_is_one_type() {
    let normal = |ty: SqlType| Mysql.format(&normal(&ty).unwrap()).unwrap();
    assert_eq!(normal(SqlType::Uuid), "char(36)");
    assert_eq!(normal(SqlType::Array(Box::new(SqlType::Text))), "json");
    let zoned = |precision| SqlType::Timestamp { precision, zoned: true };
    assert_eq!(normal(zoned(None)), "datetime(6)");
    assert_eq!(normal(zoned(Some(0))), "datetime");
    assert_eq!(normal(SqlType::Time { precision: None }), "time(6)");
}

#[test]
fn a_cast_is_safe_only_where_every_value_survives() {
    let parse = |raw: &str| Mysql.parse(raw).unwrap();
    for (from, to, safe) in [
        ("int", "bigint", true),
        ("int unsigned", "bigint", true),
        ("int", "int unsigned", false),
        ("bigint", "int", false),
        ("int", "double", true),
        ("bigint", "double", false),
        ("varchar(10)", "varchar(20)", true),
        ("varchar(20)", "varchar(10)", false),
        ("varchar(40)", "text", true),
        ("text", "int", false),
        ("decimal(10,2)", "decimal(12,2)", true),
        ("decimal(10,2)", "decimal(10,1)", false),
        ("datetime(6)", "date", false),
        ("date", "datetime(6)", true),
        ("enum('a')", "enum('b','a')", true),
        ("enum('a','b')", "enum('a')", false),
        ("enum('a','b')", "varchar(10)", true),
    ] {
        let cast = Mysql.cast(&parse(from), &parse(to));
        assert_eq!(cast == Cast::Safe, safe, "{from} -> {to}: {cast:?}");
    }
    let time = SqlType::Time { precision: Some(6) };
    assert_eq!(Mysql.cast(&time, &SqlType::Date), Cast::Impossible);
    let small = SqlType::Int {
        bits: IntBits::B8,
        unsigned: false,
    };
    assert_eq!(Mysql.cast(&SqlType::Bool, &small), Cast::Safe);
}

#[test]
fn a_number_with_a_display_width_is_the_number_that_it_is_without() {
    for (native, rust) in [
        ("smallint(5)", "i16"),
        ("smallint(4) unsigned", "i32"),
        ("int(10)", "i32"),
        ("int(11) unsigned", "i64"),
        ("int(10) unsigned zerofill", "i64"),
        ("bigint(21)", "i64"),
        ("float(7,3)", "f32"),
        ("double(10,2)", "f64"),
    ] {
        assert_eq!(Mysql.rust_type(native), rust, "{native}");
    }
}
