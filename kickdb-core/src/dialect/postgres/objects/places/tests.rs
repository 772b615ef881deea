use super::*;

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn said(sql: &str) -> String {
    let mut schema = Schema::default();
    for table in ["t", "u"] {
        let table = Table::new(Qualified::local(name(table)));
        schema.tables.insert(table.name.clone(), table);
    }
    for (function, gives) in [("f", "SETOF t"), ("g", "integer"), ("h", "t[]")] {
        let sql = format!("CREATE FUNCTION {function}() RETURNS {gives} LANGUAGE sql AS 'SELECT 1'");
        let (id, object) = super::super::read::read(&sql).unwrap();
        schema.objects.insert(id, object);
    }
    let order = |columns: &[&str]| columns.iter().map(|column| name(column)).collect::<Vec<_>>();
    let orders = [(
        Qualified::local(name("t")),
        (order(&["a", "b", "c"]), order(&["c", "a", "b"])),
    )];
    let places = places(sql, &Rows::of(&schema.tables, &schema.objects));
    let mixed = places
        .iter()
        .filter(|place| place.items.is_empty())
        .map(|place| place.table.to_string());
    let mixed = mixed.collect::<Vec<_>>();
    match mixed.is_empty() {
        true => moved(sql, &places, &orders.into()).into_owned(),
        false => mixed.join(", "),
    }
}

#[test]
fn lists_follow_the_columns() {
    assert_eq!(
        said("CREATE VIEW v AS\n SELECT x.m FROM (t x(m, n, o) JOIN u y(m, n, o) ON (x.m = y.m))"),
        "CREATE VIEW v AS\n SELECT x.m FROM (t x(o, m, n) JOIN u y(m, n, o) ON (x.m = y.m))"
    );
    assert_eq!(
        said("CREATE VIEW v AS SELECT 1 FROM t x(m)"),
        "CREATE VIEW v AS SELECT 1 FROM t x(c, m, b)"
    );
    assert_eq!(
        said("CREATE VIEW v AS SELECT 1 FROM f() WITH ORDINALITY x(a, b, c, ordinality), g() y(a), h() z(a)"),
        "CREATE VIEW v AS SELECT 1 FROM f() WITH ORDINALITY x(c, a, b, ordinality), g() y(a), h() z(a)"
    );
    assert_eq!(
        said("CREATE VIEW v AS SELECT ROW(1, (2 + 3), u.x)::t AS t FROM u"),
        "CREATE VIEW v AS SELECT ROW(u.x, 1, (2 + 3))::t AS t FROM u"
    );
}

#[test]
fn what_a_body_gives_follows_the_columns() {
    assert_eq!(
        said(
            "CREATE FUNCTION h() RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC INSERT INTO t AS x (a, b) VALUES (1, 2); SELECT t.a, (SELECT 1, 2), t.c AS x FROM t ORDER BY 1; END"
        ),
        "CREATE FUNCTION h() RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC INSERT INTO t AS x (a, b) VALUES (1, 2); SELECT t.c AS x, t.a, (SELECT 1, 2) FROM t ORDER BY 1; END"
    );
}

#[test]
fn what_names_columns_stays() {
    for sql in [
        "CREATE RULE r AS ON INSERT TO u DO INSTEAD INSERT INTO t AS x (a, b, c) VALUES (new.a, 2, 3)",
        "CREATE VIEW v AS WITH t(a, b, c) AS (SELECT 1, 2, 3) SELECT x.m FROM t x(m, n, o)",
        "CREATE VIEW v AS SELECT 1 FROM (t JOIN u USING (a)) WHERE (a) IN (SELECT 1)",
        "CREATE VIEW v AS SELECT x.m FROM ( SELECT t.a, t.b, t.c FROM (t JOIN u ON (true))) x(m, n, o)",
    ] {
        assert_eq!(said(sql), sql);
    }
}

#[test]
fn what_mixes_columns_of_several_is_told() {
    assert_eq!(
        said("CREATE VIEW v AS SELECT x.m FROM (t JOIN u ON (t.a = u.a)) x(m, n, o, p)"),
        "t, u"
    );
    assert_eq!(
        said("CREATE VIEW v AS SELECT x.m FROM ROWS FROM(f(), g()) x(m, n, o, p)"),
        "t"
    );
}
