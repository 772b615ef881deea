use super::read;

fn id(sql: &str) -> String {
    read(sql).unwrap().0.to_string()
}

#[test]
fn a_statement_says_what_it_makes() {
    for (sql, wanted) in [
        ("create or replace view app.v as select 1", "view app.v"),
        ("CREATE RECURSIVE VIEW \"V x\" (n) AS VALUES (1)", "view V x"),
        ("create materialized view public.m as select 1", "materialized view m"),
        (
            "create function f(a int, in b varchar(3) default 'x', out c text) returns int as ''",
            "function f(integer, varchar)",
        ),
        (
            "create function f(double precision, x double precision[]) returns int as ''",
            "function f(double precision, double precision[])",
        ),
        ("create aggregate s(*) (sfunc = a, stype = int)", "aggregate s()"),
        (
            "create constraint trigger t after insert on app.x for each row execute function f()",
            "trigger app.t on app.x",
        ),
        ("create policy p on t using (true)", "policy p on t"),
        ("create rule r as on insert to t do nothing", "rule r on t"),
        (
            "create extension if not exists \"uuid-ossp\" with schema ext",
            "extension uuid-ossp",
        ),
        ("comment on schema app is 'x'", "schema app"),
        ("create trusted language l handler h", "language l"),
        (
            "create default conversion app.c for 'LATIN1' to 'UTF8' from f",
            "conversion app.c",
        ),
        (
            "create transform for point language l (from sql with function f(internal))",
            "transform point for l",
        ),
        ("create unique index i on m (id)", "index i on m"),
        ("create foreign table f (id int) server s", "virtual table f"),
        (
            "create operator app.=== (leftarg = int, rightarg = int8, function = f)",
            "operator app.===(integer, bigint)",
        ),
        ("create cast (int as app.mood) with inout", "cast integer AS app.mood"),
        (
            "create operator class c default for type int using gist as function 1 f(int)",
            "operator class c(gist)",
        ),
        (
            "create event trigger e on sql_drop execute function f()",
            "event trigger e",
        ),
    ] {
        assert_eq!(id(sql), wanted, "{sql}");
    }
}

#[test]
fn options_are_written_out() {
    let (_, sequence) = read("create sequence s as smallint increment by -2 owned by public.t.\"A b\"").unwrap();
    let facets = format!("{:?}", sequence.facets);
    assert!(
        facets.contains(r#""max": "-1""#) && facets.contains(r#""min": "-32768""#),
        "{facets}"
    );
    assert_eq!(sequence.facets["owned by"], "t.\"A b\"");
    let (_, domain) =
        read("create domain d as varchar(9) default 'x' not null check (value <> '') constraint c check (true)")
            .unwrap();
    assert_eq!(domain.facets["type"], "varchar(9)");
    assert_eq!(domain.facets["constraint d_check"], "check (value <> '')");
    assert_eq!(domain.facets["constraint c"], "check (true)");
}

#[test]
fn what_changes_one_by_one_is_a_facet() {
    let facets = |sql: &str| {
        let (_, object) = read(sql).unwrap();
        format!("{} {:?}", object.sql, object.facets)
    };
    assert_eq!(
        facets("create server s type 'x' version '1' foreign data wrapper w options (host 'a b', \"Port\" '1')"),
        r#"CREATE SERVER s TYPE 'x' FOREIGN DATA WRAPPER w {"option Port": "1", "option host": "a b", "version": "1"}"#
    );
    assert_eq!(
        facets(
            "create publication p for table public.t (a, b) where (a > 1), s.x, tables in schema q with (publish = 'insert')"
        ),
        r#"CREATE PUBLICATION p {"publish": "insert", "schema q": "TABLES IN SCHEMA q", "table s.x": "TABLE s.x", "table t": "TABLE t (a, b) WHERE (a > 1)"}"#
    );
    assert_eq!(
        facets("create text search dictionary d (template = pg_catalog.simple, accept = false)"),
        r#"CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = pg_catalog.simple) {"options": "accept = false"}"#
    );
}

#[test]
fn the_comment_of_a_schema_is_all_there_is_of_it() {
    let (_, object) = read("COMMENT ON SCHEMA \"public\" IS 'it''s ours'").unwrap();
    assert_eq!(object.comment.as_deref(), Some("it's ours"));
    assert!(read("comment on schema app").is_err());
}

#[test]
fn what_is_no_object_is_refused() {
    for sql in [
        "select 1",
        "create table t (id int)",
        "create type e as enum ('a')",
        "create view",
        "create trigger t",
    ] {
        assert!(read(sql).is_err(), "{sql}");
    }
}
