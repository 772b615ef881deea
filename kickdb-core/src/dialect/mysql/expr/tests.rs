use super::normalize;
use crate::ident::Name;

fn normal(sql: &str) -> String {
    let columns: Vec<Name> = ["a", "b", "c", "s", "d", "Order"]
        .iter()
        .map(|name| Name::new(*name).unwrap())
        .collect();
    let once = normalize(sql, &columns);
    assert_eq!(normalize(&once, &columns), once, "{sql} does not rest");
    once
}

/// Right: what MariaDB 10.11 tells of a check that was declared as on the left.
#[test]
fn expressions_read_as_the_server_prints_them() {
    for (declared, printed) in [
        ("(a > 0)", "`a` > 0"),
        ("a>0 AND b>0 OR c>0", "`a` > 0 and `b` > 0 or `c` > 0"),
        ("(a>0 OR b>0) AND c>0", "(`a` > 0 or `b` > 0) and `c` > 0"),
        ("NOT a > 0", "`a` <= 0"),
        ("NOT (a>0 and b>0)", "`a` <= 0 or `b` <= 0"),
        ("a IS NOT NULL", "`a` is not null"),
        ("not a is null", "`a` is not null"),
        ("a NOT BETWEEN 1 AND 5", "`a` not between 1 and 5"),
        ("a between b and c+1", "`a` between `b` and `c` + 1"),
        ("s LIKE 'x%'", "`s` like 'x%'"),
        (r"s like 'a!%' escape '!'", "`s` like 'a!%' escape '!'"),
        ("s IN ('a','b')", "`s` in ('a','b')"),
        ("s in ('a')", "`s` = 'a'"),
        ("length(s) > 0", "octet_length(`s`) > 0"),
        ("CHARACTER_LENGTH(s)>1", "char_length(`s`) > 1"),
        ("lower(s) = UPPER(s)", "lcase(`s`) = ucase(`s`)"),
        ("-a < 5", "-`a` < 5"),
        ("a - -1 > 0", "`a` - -1 > 0"),
        ("(a + b) * c > 1", "(`a` + `b`) * `c` > 1"),
        ("a - (b - c) > 0", "`a` - (`b` - `c`) > 0"),
        ("(a/b)*c>0", "`a` / `b` * `c` > 0"),
        ("-(a+b)<0", "-(`a` + `b`) < 0"),
        (
            "case when a>0 then 1 else 0 end = 1",
            "case when `a` > 0 then 1 else 0 end = 1",
        ),
        ("case a when 1 then 2 end = 2", "case `a` when 1 then 2 end = 2"),
        ("cast(a as signed)>0", "cast(`a` as signed) > 0"),
        ("a != 1", "`a` <> 1"),
        ("a = true", "`a` = 1"),
        ("s RLIKE '^a'", "`s` regexp '^a'"),
        ("s not regexp 'a'", "!(`s` regexp 'a')"),
        ("mod(a,2)=0", "`a` MOD 2 = 0"),
        ("a % 2 = 0", "`a` MOD 2 = 0"),
        ("a div 2 = 0", "`a` DIV 2 = 0"),
        ("s = \"dq\"", "`s` = 'dq'"),
        ("d > DATE '2020-01-01'", "`d` > DATE'2020-01-01'"),
        ("date_add(d, INTERVAL 1 DAY) > d", "`d` + interval 1 day > `d`"),
        ("a is not true", "`a` is not true"),
        ("!a", "`a` = 0"),
        ("a && b", "`a` <> 0 and `b` <> 0"),
        ("a and (b and c)", "`a` <> 0 and `b` <> 0 and `c` <> 0"),
        ("a > (b > 0)", "`a` > (`b` > 0)"),
        ("(a > 0) = (b > 0)", "`a` > 0 = (`b` > 0)"),
        ("(a = 1) + (b = 1) <= 1", "(`a` = 1) + (`b` = 1) <= 1"),
        ("extract(YEAR from d)>1", "extract(year from `d`) > 1"),
        ("position('a' in s)>0", "locate('a',`s`) > 0"),
        ("s collate utf8mb4_bin = 'a'", "`s` collate utf8mb4_bin = 'a'"),
        ("s = N'x' or s = _latin1'y'", "`s` = 'x' or `s` = 'y'"),
        (r"s <> _utf8mb4'a\\b' or s = _utf8mb4'é'", r"`s` <> 'a\\b' or `s` = 'é'"),
        ("a > 0 /* why */ -- so", "`a` > 0"),
        ("a + 1 and not a * 2", "`a` + 1 and !(`a` * 2)"),
        ("a=null", "`a` = NULL"),
        ("A > `B`", "`a` > `b`"),
        ("`t`.`a` > 0 and `order` > 0", "`a` > 0 and `Order` > 0"),
        ("a XOR b", "`a` xor `b`"),
        ("a | 1 > 0", "`a` | 1 > 0"),
        ("json_valid(s)", "json_valid(`s`)"),
        ("s = 'it\\'s'", "`s` = 'it''s'"),
    ] {
        assert_eq!(normal(declared), printed, "{declared}");
    }
}

#[test]
fn what_is_not_known_stays_as_it_is_written() {
    for sql in [
        "exists (select 1 from t)",
        "s = 'open",
        "match(s) against ('x')",
        "a ?? b",
        "@x > 1",
    ] {
        assert_eq!(normal(sql), sql);
    }
}
