use super::*;
use crate::dialect::Types;
use crate::dialect::postgres::Postgres;

#[test]
fn only_operands_go_without_parentheses() {
    let operands = [
        "1.50",
        "-1.5",
        "nextval('a_seq')",
        "'a'::mood",
        "CURRENT_DATE",
        "'{}'::text[]",
        "(1 + 2)::text",
        "ARRAY[1, 2]",
        "a.b(1)",
    ];
    for sql in operands {
        assert!(is_operand(sql), "{sql}");
    }
    for sql in [
        "1 + 2",
        "a IS NULL",
        "now() + '1 day'",
        "a AND b",
        "now() AT TIME ZONE 'UTC'",
    ] {
        assert!(!is_operand(sql), "{sql}");
    }
}

fn column(name: &str) -> Option<SqlType> {
    let raw = match name {
        "title" => "varchar(40)",
        "body" | "note" => "text",
        "code" => "char(3)",
        "n" | "m" | "a" | "b" | "c" => "integer",
        "big" => "bigint",
        "small" => "smallint",
        "price" => "numeric(10, 2)",
        "ratio" => "double precision",
        "weight" => "real",
        "cost" => "money",
        "day" => "date",
        "at" => "timestamptz",
        "wall" => "timestamp",
        "ok" => "boolean",
        "status" => "mood",
        "meta" => "jsonb",
        "tags" => "text[]",
        "ip" => "inet",
        "mail" => "citext",
        _ => return None,
    };
    Some(Postgres.parse(raw).expect("it is a type"))
}

fn normal(sql: &str) -> String {
    let place = Place {
        table: "t",
        columns: &column,
    };
    let once = super::sql(&normalize(&Expr::Sql(sql.into()), place));
    let twice = super::sql(&normalize(&Expr::Sql(once.clone()), place));
    assert_eq!(once, twice, "normal form of {sql} is not stable");
    once
}

/// What a user writes, and what `pg_get_expr` of PostgreSQL 15 prints for it.
const PAIRS: &[(&str, &str, &str)] = &[
    ("n>0", "(n > 0)", "n > 0"),
    ("n > -5", "(n > '-5'::integer)", "n > -5"),
    ("t.n != 3", "(n <> 3)", "n <> 3"),
    (
        "n > 0 AND m < 5 and a = 1",
        "((n > 0) AND (m < 5) AND (a = 1))",
        "n > 0 AND m < 5 AND a = 1",
    ),
    (
        "(a = 1 and b = 2) or c = 3",
        "(((a = 1) AND (b = 2)) OR (c = 3))",
        "(a = 1 AND b = 2) OR c = 3",
    ),
    (
        "a = 1 and (b = 2 or c = 3)",
        "((a = 1) AND ((b = 2) OR (c = 3)))",
        "a = 1 AND (b = 2 OR c = 3)",
    ),
    ("NOT (n > 0)", "(NOT (n > 0))", "NOT (n > 0)"),
    ("price > 0", "(price > (0)::numeric)", "price > 0"),
    ("price * n > 1.5", "((price * (n)::numeric) > 1.5)", "price * n > 1.5"),
    ("ratio > 0.5", "(ratio > (0.5)::double precision)", "ratio > 0.5"),
    ("weight < 1", "(weight < (1)::double precision)", "weight < 1"),
    ("small > 1", "(small > 1)", "small > 1"),
    ("big < 5000000000", "(big < '5000000000'::bigint)", "big < 5000000000"),
    ("price > -1.5", "(price > '-1.5'::numeric)", "price > -1.5"),
    ("title = 'x'", "((title)::text = 'x'::text)", "title = 'x'"),
    ("title <> ''", "((title)::text <> ''::text)", "title <> ''"),
    ("code = 'abc'", "(code = 'abc'::bpchar)", "code = 'abc'"),
    ("body = 'it''s'", "(body = 'it''s'::text)", "body = 'it''s'"),
    ("status = 'ok'", "(status = 'ok'::mood)", "status = 'ok'"),
    (
        "status in ('ok','sad')",
        "(status = ANY (ARRAY['ok'::mood, 'sad'::mood]))",
        "status IN ('ok', 'sad')",
    ),
    (
        "title IN ('a', 'b')",
        "((title)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
        "title IN ('a', 'b')",
    ),
    (
        "body in ('a', 'b')",
        "(body = ANY (ARRAY['a'::text, 'b'::text]))",
        "body IN ('a', 'b')",
    ),
    ("n NOT IN (1,2)", "(n <> ALL (ARRAY[1, 2]))", "n NOT IN (1, 2)"),
    ("n IN (1)", "(n = 1)", "n = 1"),
    ("n between 1 and 10", "((n >= 1) AND (n <= 10))", "n >= 1 AND n <= 10"),
    (
        "price between 0 and 9.5",
        "((price >= (0)::numeric) AND (price <= 9.5))",
        "price >= 0 AND price <= 9.5",
    ),
    ("n not between 1 and 10", "((n < 1) OR (n > 10))", "n < 1 OR n > 10"),
    (
        "a between 1 and 2 and b is null",
        "(((a >= 1) AND (a <= 2)) AND (b IS NULL))",
        "a >= 1 AND a <= 2 AND b IS NULL",
    ),
    ("at IS NULL", "(at IS NULL)", "at IS NULL"),
    ("body is not null", "(body IS NOT NULL)", "body IS NOT NULL"),
    ("length(title) > 0", "(length((title)::text) > 0)", "length(title) > 0"),
    ("LOWER(title)", "lower((title)::text)", "lower(title)"),
    ("title like 'a%'", "((title)::text ~~ 'a%'::text)", "title LIKE 'a%'"),
    ("body not ilike '%b'", "(body !~~* '%b'::text)", "body NOT ILIKE '%b'"),
    (
        "title ~ '^[a-z]+$'",
        "((title)::text ~ '^[a-z]+$'::text)",
        "title ~ '^[a-z]+$'",
    ),
    ("a + b * c", "(a + (b * c))", "a + b * c"),
    ("(a + b) * c", "((a + b) * c)", "(a + b) * c"),
    ("a - (b - c)", "(a - (b - c))", "a - (b - c)"),
    ("-a", "(- a)", "-a"),
    (
        "coalesce(title, '')",
        "COALESCE(title, ''::character varying)",
        "coalesce(title, '')",
    ),
    (
        "coalesce(price, 0)",
        "COALESCE(price, (0)::numeric)",
        "coalesce(price, 0)",
    ),
    (
        "title || ' ' || note",
        "((((title)::text || ' '::text) || note))",
        "title || ' ' || note",
    ),
    ("cast(n as text)", "(n)::text", "n::text"),
    ("n::numeric(10,2)", "(n)::numeric(10,2)", "n::numeric(10, 2)"),
    (
        "day >= date '2020-01-01'",
        "(day >= '2020-01-01'::date)",
        "day >= '2020-01-01'",
    ),
    (
        "at > now() - interval '7 days'",
        "(at > (now() - '7 days'::interval))",
        "at > now() - '7 days'::interval",
    ),
    ("at < current_timestamp", "(at < CURRENT_TIMESTAMP)", "at < now()"),
    (
        "meta->>'a' = 'b'",
        "((meta ->> 'a'::text) = 'b'::text)",
        "meta ->> 'a' = 'b'",
    ),
    ("meta @> '{}'", "(meta @> '{}'::jsonb)", "meta @> '{}'"),
    (
        "meta #>> '{a,b}' is null",
        "((meta #>> '{a,b}'::text[]) IS NULL)",
        "meta #>> '{a,b}' IS NULL",
    ),
    ("tags @> array['a']", "(tags @> ARRAY['a'::text])", "tags @> ARRAY['a']"),
    (
        "tags || 'a'::text = tags",
        "((tags || 'a'::text) = tags)",
        "tags || 'a'::text = tags",
    ),
    (
        "to_jsonb('a'::text) = meta",
        "(to_jsonb('a'::text) = meta)",
        "to_jsonb('a'::text) = meta",
    ),
    ("ip << '10.0.0.0/8'", "(ip << '10.0.0.0/8'::inet)", "ip << '10.0.0.0/8'"),
    ("mail = 'a@b'", "(mail = 'a@b'::citext)", "mail = 'a@b'"),
    ("n is distinct from 3", "(n IS DISTINCT FROM 3)", "n IS DISTINCT FROM 3"),
    (
        "n is not distinct from m",
        "(NOT (n IS DISTINCT FROM m))",
        "n IS NOT DISTINCT FROM m",
    ),
    (
        "case when n > 0 then 'a' end",
        "CASE\n    WHEN (n > 0) THEN 'a'::text\n    ELSE NULL::text\nEND",
        "CASE WHEN n > 0 THEN 'a' END",
    ),
    (
        "case status when 'ok' then 1 else 2 end",
        "CASE status\n    WHEN 'ok'::mood THEN 1\n    ELSE 2\nEND",
        "CASE status WHEN 'ok' THEN 1 ELSE 2 END",
    ),
    (
        "trim(body) <> ''",
        "(TRIM(BOTH FROM body) <> ''::text)",
        "btrim(body) <> ''",
    ),
    (
        "substring(body from 1 for 3)",
        "\"substring\"(body, 1, 3)",
        "substring(body, 1, 3)",
    ),
    (
        "extract(year from day)",
        "EXTRACT(year FROM day)",
        "EXTRACT(year FROM day)",
    ),
    (
        "wall at time zone 'UTC'",
        "timezone('UTC'::text, wall)",
        "wall AT TIME ZONE 'UTC'",
    ),
    (
        "to_tsvector('english', body)",
        "to_tsvector('english'::regconfig, body)",
        "to_tsvector('english', body)",
    ),
    (
        "date_trunc('day', wall)",
        "date_trunc('day'::text, wall)",
        "date_trunc('day', wall)",
    ),
    ("ok", "ok", "ok"),
    ("not ok", "(NOT ok)", "NOT ok"),
    ("ok is true", "(ok IS TRUE)", "ok IS TRUE"),
    (
        "\"created at\" is not null",
        "(\"created at\" IS NOT NULL)",
        "\"created at\" IS NOT NULL",
    ),
    ("\"order\" > 0", "(\"order\" > 0)", "\"order\" > 0"),
    ("tags[1] = 'a'", "(tags[1] = 'a'::text)", "tags[1] = 'a'"),
    ("n = any(array[1,2])", "(n = ANY (ARRAY[1, 2]))", "n IN (1, 2)"),
    ("'a' = any(tags)", "('a'::text = ANY (tags))", "'a' = ANY (tags)"),
];

#[test]
fn what_is_written_and_what_is_printed_meet() {
    for (written, printed, wanted) in PAIRS {
        assert_eq!(&normal(written), wanted, "written: {written}");
        assert_eq!(&normal(printed), wanted, "printed: {printed}");
    }
}

#[test]
fn a_cast_with_a_meaning_stays() {
    for sql in [
        "n::numeric / 3",
        "at > '2020-01-01'::date",
        "title::varchar(3) = 'abc'",
        "code::text = 'a'",
        "'5'::smallint + n",
        "cost > 5::money",
        "weight = 0.1::real",
        "n = 1.5::integer",
        "small * 300::smallint > n",
        "weight * n::real > 1",
    ] {
        assert!(normal(sql).contains("::"), "{sql} became {}", normal(sql));
    }
}

#[test]
fn what_is_not_understood_is_only_tidied() {
    assert_eq!(normal("EXISTS( SELECT  1 FROM \"X\" )"), "exists (select 1 from \"X\")");
    assert_eq!(normal("count(*)  OVER ()"), "count (*) over ()");
}

#[test]
fn defaults_are_values_of_their_type() {
    let default = |sql: &str, raw: &str| normalize_default(&Expr::Sql(sql.into()), &Postgres.parse(raw).expect(raw));
    let text = |text: &str| Expr::Text(text.into());
    let sql = |text: &str| Expr::Sql(text.into());
    let table = [
        ("'x'::text", "text", text("x")),
        ("'b c'::character varying", "varchar(40)", text("b c")),
        ("'it''s'::mood", "mood", text("it's")),
        ("now()", "timestamptz", Expr::Now),
        ("CURRENT_TIMESTAMP", "timestamp", Expr::Now),
        ("CURRENT_DATE", "date", sql("CURRENT_DATE")),
        ("gen_random_uuid()", "uuid", Expr::NewUuid),
        ("'{}'::text[]", "text[]", Expr::EmptyArray),
        ("'{}'", "text[]", Expr::EmptyArray),
        ("ARRAY[]::integer[]", "integer[]", Expr::EmptyArray),
        ("'{}'::jsonb", "jsonb", text("{}")),
        (
            "'{\"bb\":1,\"a\":[true,null]}'",
            "jsonb",
            text("{\"a\": [true, null], \"bb\": 1}"),
        ),
        ("0", "bigint", Expr::Int(0)),
        ("'-1'::integer", "integer", Expr::Int(-1)),
        ("-1", "integer", Expr::Int(-1)),
        ("'9999999999'::bigint", "bigint", Expr::Int(9_999_999_999)),
        ("1.50", "numeric(10, 2)", sql("1.50")),
        ("'1.50'::numeric", "numeric(10, 2)", sql("1.50")),
        ("'-1.5'::numeric", "numeric", sql("-1.5")),
        ("0.5", "double precision", sql("0.5")),
        ("true", "boolean", Expr::Bool(true)),
        ("'f'", "boolean", Expr::Bool(false)),
        ("NULL::character varying", "varchar(3)", Expr::Null),
        ("'2020-01-01'::date", "date", text("2020-01-01")),
        (
            "'2020-01-01 09:00:00+09'::timestamp with time zone",
            "timestamptz",
            text("2020-01-01 00:00:00+00"),
        ),
        ("'1 week'", "interval", text("7 days")),
        ("nextval('a_seq'::regclass)", "integer", sql("nextval('a_seq')")),
        (
            "(now() + '1 day'::interval)",
            "timestamptz",
            sql("now() + '1 day'::interval"),
        ),
        ("'10.0.0.1'::inet", "inet", text("10.0.0.1")),
    ];
    for (written, ty, wanted) in table {
        let once = default(written, ty);
        assert_eq!(once, wanted, "{written} as {ty}");
        let again = normalize_default(&once, &Postgres.parse(ty).expect(ty));
        assert_eq!(again, once, "{written} as {ty}, twice");
    }
}
