use proptest::prelude::*;

use super::*;
use crate::ident::Name;

fn spelled(raw: &str) -> String {
    let ty = Postgres.parse(raw).unwrap_or_else(|error| panic!("{error}"));
    Postgres.format(&ty).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_spelling_has_one_canonical_form() {
    let table = [
        ("int4", "integer"),
        ("INT", "integer"),
        ("pg_catalog.int8", "bigint"),
        ("smallserial", "smallint"),
        ("bigserial", "bigint"),
        ("bool", "boolean"),
        ("float8", "double precision"),
        ("Double  Precision", "double precision"),
        ("float(24)", "real"),
        ("float", "double precision"),
        ("decimal(10,2)", "numeric(10, 2)"),
        ("numeric(10)", "numeric(10, 0)"),
        ("dec", "numeric"),
        ("numeric(5,-2)", "numeric(5,-2)"),
        ("character varying(40)", "varchar(40)"),
        ("varchar", "varchar"),
        ("character varying", "varchar"),
        ("character(3)", "char(3)"),
        ("char", "char(1)"),
        ("bpchar", "bpchar"),
        ("bpchar(4)", "char(4)"),
        ("\"char\"", "\"char\""),
        ("timestamp(3) with time zone", "timestamptz(3)"),
        ("timestamp without time zone", "timestamp"),
        ("timestamptz", "timestamptz"),
        ("time(0)", "time(0)"),
        ("time with time zone", "timetz"),
        ("interval", "interval"),
        ("INTERVAL DAY TO SECOND(3)", "interval day to second(3)"),
        ("interval(2)", "interval(2)"),
        ("_text", "text[]"),
        ("_int4", "integer[]"),
        ("text[]", "text[]"),
        ("text ARRAY", "text[]"),
        ("integer[3][3]", "integer[]"),
        ("character varying(20)[]", "varchar(20)[]"),
        ("bit", "bit(1)"),
        ("bit varying(5)", "varbit(5)"),
        ("CITEXT", "citext"),
        ("public.citext", "citext"),
        ("extensions.vector(3)", "extensions.vector(3)"),
        ("\"My Ext\".CITEXT[]", "\"My Ext\".citext[]"),
        ("pg_catalog.inet", "inet"),
        ("geometry(Point,4326)", "geometry(point,4326)"),
        ("tstzrange", "tstzrange"),
        ("hstore[]", "hstore[]"),
        ("task_status", "task_status"),
        ("\"Task Status\"", "\"Task Status\""),
        ("billing.\"State\"[]", "billing.\"State\"[]"),
        ("\"time\"", "\"time\""),
        ("public.mood", "mood"),
    ];
    for (raw, canonical) in table {
        assert_eq!(spelled(raw), canonical, "{raw}");
        assert_eq!(spelled(canonical), canonical, "{raw}");
    }
}

#[test]
fn what_is_no_type_is_refused_with_a_hint() {
    for raw in [
        "",
        "varchar(0)",
        "varchar(a)",
        "numeric(2000, 1)",
        "timestamp(9)",
        "text text",
        "numeric(1,2,3)",
        "\"open",
    ] {
        let read = Postgres.parse(raw).and_then(|ty| Postgres.format(&ty));
        let error = read.expect_err(raw);
        assert!(
            !error.hint.is_empty() && error.ty == raw || raw.contains("2000"),
            "{error}"
        );
    }
    let unsigned = Postgres
        .format(&SqlType::Int {
            bits: IntBits::B32,
            unsigned: true,
        })
        .expect_err("it has none");
    assert!(unsigned.to_string().contains("signed"), "{unsigned}");
}

#[test]
fn narrowing_never_goes_through_an_explicit_cast() {
    let parse = |raw: &str| Postgres.parse(raw).expect(raw);
    let table = [
        ("varchar(100)", "varchar(3)", None),
        ("text", "varchar(3)", None),
        ("bigint", "integer", None),
        ("text", "integer", Some("{}::integer")),
        ("text", "mood", Some("{}::\"mood\"")),
        ("mood", "text", None),
        ("mood", "feeling", Some("{}::text::\"feeling\"")),
        ("text[]", "integer[]", Some("{}::integer[]")),
        ("boolean", "bigint", Some("{}::integer::bigint")),
        ("timestamp", "timestamptz", Some("{} AT TIME ZONE 'UTC'")),
        ("date", "timestamptz", Some("{}::timestamp AT TIME ZONE 'UTC'")),
        ("jsonb", "uuid", Some("{}::text::uuid")),
        ("integer", "bytea", Some("convert_to({}::text, 'UTF8')")),
        ("bytea", "integer", Some("convert_from({}, 'UTF8')::integer")),
        ("money", "numeric(10,2)", Some("{}::numeric::numeric(10, 2)")),
        ("integer", "money", Some("{}::numeric::money")),
        ("macaddr8", "macaddr", Some("{}::macaddr")),
        ("hstore", "jsonb", Some("{}::jsonb")),
        ("jsonb", "hstore", Some("pg_temp.kick_hstore({}::jsonb)")),
        ("bit(8)", "smallint", Some("{}::integer::smallint")),
        ("integer", "bit(8)", Some("{}::integer::bit(8)")),
        ("int4range", "int4multirange", Some("{}::int4multirange")),
        ("int4multirange", "int4range", Some("range_merge({})")),
        ("boolean", "numeric", Some("{}::integer::numeric")),
    ];
    for (from, to, using) in table {
        assert_eq!(
            conversion(&parse(from), &parse(to)).using.as_deref(),
            using,
            "{from} to {to}"
        );
    }
}

#[test]
fn no_value_changes_unseen() {
    let parse = |raw: &str| Postgres.parse(raw).expect(raw);
    let table = [
        ("text", "integer", None),
        ("text", "mood", None),
        ("text", "varchar(3)", Some(["{}::text", "{}::varchar(3)::text"])),
        ("varchar(3)", "varchar(9)", None),
        (
            "text",
            "numeric(5,2)",
            Some(["{}::numeric", "{}::numeric(5, 2)::numeric"]),
        ),
        ("text", "varchar(3)[]", Some(["{}::text[]", "{}::varchar(3)[]::text[]"])),
        ("text", "tsvector", Some(["{}::text", "{}::tsvector::text"])),
        ("mood", "feeling", None),
        ("integer[]", "text", None),
        (
            "integer[]",
            "varchar(9)",
            Some(["{}::text", "(({}::text::varchar(9))::text::integer[])::text"]),
        ),
        (
            "integer",
            "interval",
            Some(["{}::text", "(({}::text::interval)::text::integer)::text"]),
        ),
        (
            "interval",
            "interval day",
            Some(["{}::text", "(({}::text::interval day)::text::interval)::text"]),
        ),
        (
            "varbit",
            "bit(4)",
            Some(["{}::text", "(({}::text::bit(4))::text::varbit)::text"]),
        ),
        (
            "timestamp",
            "time",
            Some(["{}::text", "(({}::text::time)::text::timestamp)::text"]),
        ),
        ("integer", "numeric(4,2)", None),
        ("double precision", "real", Some(["{}", "{}::real::double precision"])),
    ];
    for (from, to, wanted) in table {
        let found = conversion(&parse(from), &parse(to)).round_trip;
        let wanted = wanted.map(|pair| pair.map(ToOwned::to_owned));
        assert_eq!(found, wanted, "{from} to {to}");
    }
}

#[test]
fn safety_of_casts() {
    let cast = |from: &str, to: &str| Postgres.cast(&Postgres.parse(from).expect(from), &Postgres.parse(to).expect(to));
    let safe = [
        ("integer", "bigint"),
        ("varchar(40)", "varchar(255)"),
        ("varchar(40)", "text"),
        ("numeric(10,2)", "numeric(12,2)"),
        ("numeric(10,2)", "numeric"),
        ("integer", "numeric(10,0)"),
        ("real", "double precision"),
        ("integer", "double precision"),
        ("date", "timestamp"),
        ("mood", "text"),
        ("uuid", "varchar(36)"),
    ];
    for (from, to) in safe {
        assert_eq!(cast(from, to), Cast::Safe, "{from} to {to}");
    }
    let risky = [
        ("bigint", "integer"),
        ("varchar(40)", "varchar(3)"),
        ("text", "integer"),
        ("numeric(10,2)", "numeric(10,1)"),
        ("double precision", "real"),
        ("timestamp", "date"),
        ("bigint", "double precision"),
        ("text[]", "integer[]"),
    ];
    for (from, to) in risky {
        assert!(matches!(cast(from, to), Cast::Risky(_)), "{from} to {to}");
    }
    assert_eq!(cast("time", "timestamptz"), Cast::Impossible);
}

fn name() -> impl Strategy<Value = Name> {
    "[a-z_A-Zäß][a-zA-Z0-9_ \"]{0,8}"
        .prop_filter("that one is PostgreSQL's own", |name| name != "char")
        .prop_map(|name| Name::new(name).expect("it is not empty"))
}

fn scalar() -> impl Strategy<Value = SqlType> {
    let length = || (1..1000_u32).prop_map(|n| std::num::NonZeroU32::new(n).expect("it is not zero"));
    let precision = || proptest::option::of(0..=6_u8);
    let schema = proptest::option::of(name().prop_filter("never spelled", |name| name.as_str() != "public"));
    prop_oneof![
        Just(SqlType::Bool),
        prop_oneof![Just(IntBits::B16), Just(IntBits::B32), Just(IntBits::B64)]
            .prop_map(|bits| SqlType::Int { bits, unsigned: false }),
        any::<bool>().prop_map(|double| SqlType::Float { double }),
        proptest::option::of((1..=1000_u16, 0..=1000_u16)).prop_map(SqlType::Decimal),
        Just(SqlType::Text),
        length().prop_map(SqlType::Varchar),
        length().prop_map(SqlType::Char),
        Just(SqlType::Bytes),
        Just(SqlType::Uuid),
        Just(SqlType::Date),
        precision().prop_map(|precision| SqlType::Time { precision }),
        (precision(), any::<bool>()).prop_map(|(precision, zoned)| SqlType::Timestamp { precision, zoned }),
        Just(SqlType::Interval),
        any::<bool>().prop_map(|binary| SqlType::Json { binary }),
        (schema, name()).prop_map(|(schema, name)| SqlType::Enum(Qualified { schema, name })),
        prop_oneof![
            Just("citext"),
            Just("vector(3)"),
            Just("tsvector"),
            Just("varbit(8)"),
            Just("interval day to second(3)")
        ]
        .prop_map(|text| SqlType::Native(text.into())),
    ]
}

proptest! {
    #[test]
    fn types_round_trip(ty in prop_oneof![scalar(), scalar().prop_map(|ty| SqlType::Array(Box::new(ty)))]) {
        let text = Postgres.format(&ty).expect("PostgreSQL has it");
        prop_assert_eq!(Postgres.parse(&text).expect("it was just written"), ty, "{}", text);
    }
}
