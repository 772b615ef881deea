//! Alterations of tables with rows in them.

use kickdb_core::dialect::postgres::Postgres;
use kickdb_core::diff::{Renames, diff};
use kickdb_core::ident::Name;
use kickdb_core::ir::{
    Action, Column, ColumnValue, Deferrable, Expr, ForeignKey, Identity, Index, IndexKey, IndexPart, PrimaryKey,
    Schema, Table,
};
use kickdb_core::plan::online;
use kickdb_core::snapshot;

use super::{Server, assert_same, column, local, name, optional, plan_between, schema, table, with_default};

fn keyed(of: &str, columns: Vec<Column>) -> Table {
    let mut table = table(of, columns);
    let columns = vec![table.columns[0].name.clone()];
    table.primary_key = Some(PrimaryKey::new(name(&format!("{of}_pkey")), columns));
    table
}

fn counted(ty: &str, value: ColumnValue) -> Schema {
    let mut id = column("n", ty);
    id.value = value;
    schema([keyed("We\"ird", vec![column("id", "integer"), id])])
}

#[tokio::test]
async fn every_source_of_values_becomes_every_other() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    let sources = [
        ColumnValue::Required,
        ColumnValue::Default(Expr::Int(7)),
        ColumnValue::identity(Identity::ByDefault),
        ColumnValue::identity(Identity::Always),
        ColumnValue::identity(Identity::Serial),
        ColumnValue::Generated {
            expr: Expr::Sql("id * 2".into()),
            stored: true,
        },
        ColumnValue::Generated {
            expr: Expr::Sql("id * 3".into()),
            stored: true,
        },
    ];
    for from in &sources {
        for to in &sources {
            for (from_type, to_type) in [("integer", "integer"), ("integer", "bigint"), ("bigint", "smallint")] {
                let (a, b) = (counted(from_type, from.clone()), counted(to_type, to.clone()));
                server.moves(&Schema::default(), &a).await;
                let insert = match from {
                    ColumnValue::Generated { .. } => r#"INSERT INTO "We""ird" (id) VALUES (1), (5)"#,
                    _ => r#"INSERT INTO "We""ird" (id, n) OVERRIDING SYSTEM VALUE VALUES (1, 10), (5, 20)"#,
                };
                server.execute(insert).await;
                server.moves(&a, &b).await;
                let computed = matches!(to, ColumnValue::Generated { .. });
                let counts = matches!(to, ColumnValue::Identity(..)) && to != from;
                let was_counting = matches!(from, ColumnValue::Identity(Identity::Always | Identity::ByDefault, _));
                let keeps_counter = was_counting && !matches!(to, ColumnValue::Identity(Identity::Serial, _));
                if counts && !keeps_counter && !matches!(from, ColumnValue::Generated { .. }) {
                    server.execute(r#"INSERT INTO "We""ird" (id) VALUES (6)"#).await;
                    let rows = server.rows(r#"SELECT n::text FROM "We""ird" WHERE id = 6"#).await;
                    assert_eq!(rows, ["21"], "{from:?} to {to:?} does not go on behind the rows");
                }
                if !computed && !matches!(from, ColumnValue::Generated { .. }) {
                    let rows = server
                        .rows(r#"SELECT n::text FROM "We""ird" WHERE id < 6 ORDER BY id"#)
                        .await;
                    assert_eq!(rows, ["10", "20"], "{from:?} to {to:?} loses rows");
                }
                let back = plan_between(&b, &a);
                server.run(&back.up).await;
                assert_same(&server.schema().await, &a, &back.up);
                let sequences = server
                    .rows("SELECT count(*)::text FROM pg_class WHERE relkind = 'S'")
                    .await;
                let wanted = usize::from(matches!(from, ColumnValue::Identity(..)));
                assert_eq!(
                    sequences,
                    [wanted.to_string()],
                    "sequences left behind after {from:?} to {to:?} and back"
                );
                server.moves(&a, &Schema::default()).await;
            }
        }
    }
}

#[tokio::test]
async fn a_type_changes_with_every_value_or_not_at_all() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    // From, a value, to, what it becomes; `None` where the migration must fail.
    let table = [
        ("text", "'42'", "integer", Some("42")),
        ("text", "'x'", "integer", None),
        ("varchar(100)", "'abc'", "varchar(3)", Some("abc")),
        ("varchar(100)", "'abcd'", "varchar(3)", None),
        ("text", "'abcd'", "varchar(3)", None),
        ("text", "'abcd'", "char(3)", None),
        ("text", "'abc '", "varchar(3)", None),
        ("text", "'ab '", "char(3)", None),
        ("varchar(9)[]", "'{ab,\"ab  \"}'", "varchar(3)[]", None),
        ("char(9)", "'ab'", "varchar(3)", Some("ab")),
        ("integer", "1234", "varchar(3)", None),
        ("text[]", "'{abcd}'", "varchar(3)[]", None),
        ("text[]", "'{1,2}'", "integer[]", Some("{1,2}")),
        ("bigint", "5000000000", "integer", None),
        ("numeric(10, 4)", "1.2500", "numeric(10, 2)", Some("1.25")),
        ("numeric(10, 4)", "1.2345", "numeric(10, 2)", None),
        ("double precision", "1.5", "integer", None),
        ("double precision", "2", "integer", Some("2")),
        ("bigint", "9007199254740993", "double precision", None),
        ("boolean", "true", "bigint", Some("1")),
        ("integer", "1", "boolean", Some("true")),
        ("integer", "2", "boolean", None),
        (
            "timestamp",
            "'2020-01-02 03:04:05'",
            "timestamptz",
            Some("2020-01-02 03:04:05+00"),
        ),
        (
            "timestamptz",
            "'2020-01-02 03:04:05+02'",
            "timestamp",
            Some("2020-01-02 01:04:05"),
        ),
        ("timestamptz", "'2020-01-02 00:00:00+00'", "date", Some("2020-01-02")),
        ("timestamptz", "'2020-01-02 01:00:00+00'", "date", None),
        ("timestamp", "'2020-01-02 03:04:05.678'", "timestamp(0)", None),
        ("date", "'2020-01-02'", "timestamptz", Some("2020-01-02 00:00:00+00")),
        ("text", "'größe'", "bytea", Some("\\x6772c3b6c39f65")),
        ("bytea", "'\\x61'", "text", Some("a")),
        (
            "uuid",
            "'6f1e9d8c-2a5b-4c7d-9e3f-1a2b3c4d5e6f'",
            "text",
            Some("6f1e9d8c-2a5b-4c7d-9e3f-1a2b3c4d5e6f"),
        ),
        ("text", "'{\"a\":1}'", "jsonb", Some("{\"a\": 1}")),
        ("jsonb", "'5'", "integer", Some("5")),
        ("text", "'2024-01-05 10:00'", "date", None),
        ("text", "'2024-01-05T00:00:00+05'", "date", None),
        ("text", "'2024-01-05T00:00:00Z'", "date", Some("2024-01-05")),
        ("char(12)", "'Jan 5 2024'", "date", Some("2024-01-05")),
        ("text", "'infinity'", "date", Some("infinity")),
        ("text", "'2024-01-05 10:00+05'", "timestamp", None),
        ("text", "'2024-01-05 10:00 PST'", "timestamp", None),
        ("text", "'2024-01-05 10:00:00.6'", "timestamp(0)", None),
        ("text", "'2024-01-05 10:00Z'", "timestamp", Some("2024-01-05 10:00:00")),
        (
            "text",
            "'2024-01-05 10:00'",
            "timestamp(0)",
            Some("2024-01-05 10:00:00"),
        ),
        ("text", "'2024-01-05 10:00:00'", "time", None),
        ("text", "'2024-01-05 10:00:00+05'", "timetz", None),
        ("text", "'05.01.2024 10:00'", "time", None),
        ("text", "'10:00+05'", "time", None),
        ("text", "'10:00:00.6'", "time(0)", None),
        ("varchar(20)", "'10:00 PM'", "time", Some("22:00:00")),
        ("text", "'10:00:00.5+05'", "timetz", Some("10:00:00.5+05")),
        ("text", "'16777217'", "real", None),
        ("text", "'16777216'", "real", Some("1.6777216e+07")),
        ("text", "'0.1'", "real", Some("0.1")),
        ("text", "'1.234567890123456789'", "double precision", None),
        ("varchar(20)", "'007.10'", "double precision", Some("7.1")),
        ("text", "'NaN'", "double precision", Some("NaN")),
        ("text", "'-Infinity'", "real", Some("-Infinity")),
        ("text", "'1.239'", "money", None),
        ("text", "'-$1,234.50'", "money", Some("-$1,234.50")),
        ("text", "'100'", "money", Some("$100.00")),
        ("text", "'{0.1,16777217}'", "real[]", None),
        ("text", "'{0.1,NaN}'", "real[]", Some("{0.1,NaN}")),
        ("text", "'{2024-01-05,2024-01-05 10:00}'", "date[]", None),
        ("text", "'{Jan 5 2024}'", "date[]", Some("{2024-01-05}")),
        ("text", "'{2024-01-05 10:00}'", "time[]", None),
        ("text[]", "'{2024-01-05 10:00}'", "date[]", None),
        ("text", "'{1.239}'", "money[]", None),
        ("text", "'2024-01-05 10:00:00.1234567'", "timestamp", None),
        ("text", "'2024-01-05 00:00:00.0000001'", "date", None),
        ("text", "'2024-01-05 10:00:00.1234567+00'", "timestamptz", None),
        ("text", "'{2024-01-05 10:00:00.1234567+00}'", "timestamptz[]", None),
        (
            "text",
            "'2024-01-05 10:00:00.1234560+00'",
            "timestamptz",
            Some("2024-01-05 10:00:00.123456+00"),
        ),
        ("text", "'10:00:00.1234567'", "time", None),
        ("text", "'1 day 00:00:01.1234567'", "interval", None),
        ("text", "'{1.1234567 s}'", "interval[]", None),
        ("text", "'1.5 s'", "interval", Some("00:00:01.5")),
        ("text", "'1.5 s'", "interval(0)", None),
        ("text", "'(0.1,1.23456789012345678)'", "point", None),
        ("text", "'{\"(0.1,1.23456789012345678)\"}'", "point[]", None),
        ("text", "'(0.10, -2e1)'", "point", Some("(0.1,-20)")),
        ("text", "'(1,2),(3,0)'", "box", Some("(3,2),(1,0)")),
        ("text", "'((0,0),(1,1))'", "line", Some("{1,-1,0}")),
        (
            "text",
            "'{\"a\":1,\"b\":{\"a\":[]}}'",
            "jsonb",
            Some("{\"a\": 1, \"b\": {\"a\": []}}"),
        ),
        ("text", "'{\"a\":1,\"a\":2}'", "jsonb", None),
        ("json", "'[[{\"b\":{\"\\u0061\":1,\"a\":2}}]]'", "jsonb", None),
        (
            "json",
            "'[{\"a\":1},{\"a\":2}]'",
            "jsonb",
            Some("[{\"a\": 1}, {\"a\": 2}]"),
        ),
        ("json[]", "ARRAY['1','{\"a\":1,\"a\":2}']::json[]", "jsonb[]", None),
        ("text[]", "ARRAY['{\"a\":1,\"a\":2}']", "jsonb[]", None),
    ];
    // A session elsewhere must not change what a value becomes.
    server.execute("SET timezone = 'Asia/Tokyo'").await;
    for (from, value, to, wanted) in table {
        let a = schema([super::table("t", vec![optional("c", from)])]);
        let b = schema([super::table("t", vec![optional("c", to)])]);
        server.moves(&Schema::default(), &a).await;
        server.execute(&format!("INSERT INTO t VALUES ({value}), (NULL)")).await;
        let plan = plan_between(&a, &b);
        let done = server.try_run(&plan.up).await;
        assert_eq!(done.is_ok(), wanted.is_some(), "{from} {value} to {to}: {done:?}");
        if let Some(wanted) = wanted {
            server.execute("SET timezone = 'UTC'").await;
            assert_eq!(
                server.rows("SELECT c::text FROM t ORDER BY c IS NULL").await,
                [wanted, "NULL"],
                "{from} {value} to {to}"
            );
            server.execute("SET timezone = 'Asia/Tokyo'").await;
            assert_same(&server.schema().await, &b, &plan.up);
        }
        server.execute("DROP TABLE t").await;
    }
}

#[tokio::test]
async fn values_are_looked_at_whatever_a_column_is_called() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    for name in ["found", "kick_row", "t"] {
        let of = |ty| schema([super::table("t", vec![optional(name, ty)])]);
        let (a, b) = (of("numeric(10, 4)"), of("numeric(10, 2)"));
        server.moves(&Schema::default(), &a).await;
        server.execute("INSERT INTO t VALUES (1.234)").await;
        let plan = plan_between(&a, &b);
        let refused = server.try_run(&plan.up).await.unwrap_err();
        assert!(refused.contains("cannot hold exactly"), "{refused}");
        server.execute(&format!("UPDATE t SET {name} = 1.23")).await;
        server.run(&plan.up).await;
        server.execute("DROP TABLE t").await;
    }
}

#[tokio::test]
async fn a_default_does_not_stand_in_the_way_of_a_type() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    let a = schema([table(
        "t",
        vec![
            with_default(optional("c", "text"), "'5'"),
            with_default(column("d", "varchar(40)"), "'a'"),
        ],
    )]);
    let b = schema([table(
        "t",
        vec![
            with_default(column("c", "integer"), "7"),
            with_default(column("d", "varchar(50)"), "'a'"),
        ],
    )]);
    server.moves(&Schema::default(), &a).await;
    server.execute("INSERT INTO t DEFAULT VALUES").await;
    let plan = server.moves(&a, &b).await;
    assert_eq!(server.rows("SELECT c::text, d FROM t").await, ["5 | a"]);
    server.run(&plan.down).await;
    assert_same(&server.schema().await, &a, &plan.down);
    assert_eq!(server.rows("SELECT c::text, d FROM t").await, ["5 | a"]);
}

#[tokio::test]
async fn when_a_primary_key_is_checked_is_seen_and_changed() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    let a = schema([keyed("t", vec![column("id", "integer")])]);
    server.moves(&Schema::default(), &a).await;
    server.execute("INSERT INTO t VALUES (1), (2)").await;
    for deferrable in [Deferrable::Immediate, Deferrable::Deferred] {
        let mut b = a.clone();
        let t = b.tables.get_mut(&local("t")).unwrap();
        t.primary_key.as_mut().unwrap().deferrable = deferrable;
        let written = snapshot::write(&b, &Postgres).unwrap();
        assert_eq!(snapshot::read(&written, &Postgres).unwrap().schema, b);
        let plan = server.moves(&a, &b).await;
        // Each row is moved onto the next, which is a clash until the statement ends.
        server.execute("UPDATE t SET id = id + 1").await;
        server.run(&plan.down).await;
        assert_same(&server.schema().await, &a, &plan.down);
    }
    assert_eq!(server.rows("SELECT id::text FROM t ORDER BY id").await, ["3", "4"]);
}

fn pointing(ty: &str, identity: Option<Identity>) -> Schema {
    let mut parent = keyed("parents", vec![column("id", ty)]);
    if let Some(identity) = identity {
        parent.columns[0].value = ColumnValue::identity(identity);
    }
    let mut child = keyed("children", vec![column("id", "integer"), optional("parent_id", ty)]);
    let key = ForeignKey {
        on_delete: Action::Cascade,
        ..ForeignKey::new(
            name("children_parent_id_fkey"),
            vec![name("parent_id")],
            local("parents"),
            vec![name("id")],
        )
    };
    child.foreign_keys.insert(key.name.clone(), key);
    schema([parent, child])
}

#[tokio::test]
async fn a_key_changes_its_type_under_foreign_keys() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    let (a, b) = (
        pointing("integer", Some(Identity::Serial)),
        pointing("bigint", Some(Identity::Serial)),
    );
    server.moves(&Schema::default(), &a).await;
    server
        .execute("INSERT INTO parents DEFAULT VALUES; INSERT INTO children VALUES (1, 1)")
        .await;
    let plan = server.moves(&a, &b).await;
    let sequence = "SELECT format_type(seqtypid, NULL) FROM pg_sequence";
    assert_eq!(server.rows(sequence).await, ["bigint"]);
    server.execute("INSERT INTO parents DEFAULT VALUES").await;
    server.run(&plan.down).await;
    assert_eq!(server.rows(sequence).await, ["integer"]);
    assert_same(&server.schema().await, &a, &plan.down);
    assert_eq!(server.rows("SELECT parent_id::text FROM children").await, ["1"]);

    let (a, b) = (pointing("integer", Some(Identity::Serial)), pointing("text", None));
    let plan = server.moves(&a, &b).await;
    assert_eq!(server.rows("SELECT parent_id FROM children").await, ["1"]);
    server.run(&plan.down).await;
    assert_same(&server.schema().await, &a, &plan.down);
    assert_eq!(server.rows("SELECT parent_id::text FROM children").await, ["1"]);
}

fn index_on(of: &str, column: &Name) -> Index {
    let key = IndexKey::Column(column.clone());
    Index {
        options: std::collections::BTreeMap::new(),
        ..Index::new(name(of), vec![IndexPart::new(key)])
    }
}

#[tokio::test]
async fn computed_columns_step_aside_and_come_back_with_their_indexes() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    let build = |ty: &str| {
        let mut doubled = optional("doubled", "numeric");
        doubled.value = ColumnValue::Generated {
            expr: Expr::Sql("n * 2".into()),
            stored: true,
        };
        doubled.comment = Some("twice n".into());
        let mut t = keyed("t", vec![column("id", "integer"), optional("n", ty), doubled]);
        let index = index_on("t_doubled_idx", &name("doubled"));
        t.indexes.insert(index.name.clone(), index);
        schema([t])
    };
    let (a, b) = (build("integer"), build("bigint"));
    server.moves(&Schema::default(), &a).await;
    server.execute("INSERT INTO t (id, n) VALUES (1, 21)").await;
    let plan = server.moves(&a, &b).await;
    assert_eq!(server.rows("SELECT doubled::text FROM t").await, ["42"]);
    server.run(&plan.down).await;
    assert_same(&server.schema().await, &a, &plan.down);
}

/// What the server cannot do is said before anything is done.
#[tokio::test]
async fn rows_that_cannot_be_written_again_are_named() {
    let cases = [
        (
            "CREATE TABLE t (a int); CREATE VIEW w AS SELECT a FROM t; CREATE TABLE h (v w);",
            "CREATE TABLE t (a bigint); CREATE VIEW w AS SELECT a FROM t; CREATE TABLE h (v w);",
            "a column of `h` holds rows of it",
        ),
        (
            "CREATE TYPE c AS (p int, q int); CREATE TABLE t (a c); CREATE TABLE h (v t);",
            "CREATE TYPE c AS (q int); CREATE TABLE t (a c); CREATE TABLE h (v t);",
            "`h.v` holds rows of a table with a column of it",
        ),
    ];
    for (from, to, message) in cases {
        let (Some(mut one), Some(mut other)) = (Server::empty().await, Server::empty().await) else {
            return;
        };
        one.execute(from).await;
        other.execute(to).await;
        let (from, to) = (one.schema().await, other.schema().await);
        let error = kickdb_core::plan::plan(&from, &to, &kickdb_core::diff::Renames::default(), &Postgres).unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[tokio::test]
async fn a_domain_is_made_of_something_else_with_every_value_or_not_at_all() {
    for (was, value, is, fits) in [
        ("numeric(10,2)", "2.00", "integer", true),
        ("numeric(10,2)", "1.25", "integer", false),
        ("timestamp", "2020-01-02 03:04:05", "date", false),
        ("text", "abcd", "varchar(3)", false),
        ("bigint", "7", "integer", true),
    ] {
        let (Some(mut server), Some(mut goal)) = (Server::empty().await, Server::empty().await) else {
            return;
        };
        let made = |base: &str| format!("CREATE DOMAIN d AS {base}; CREATE TABLE t (id int PRIMARY KEY, a d, b d[]);");
        let rows = [
            format!("INSERT INTO t VALUES (1, NULL, NULL), (2, '{value}', NULL)"),
            format!("INSERT INTO t VALUES (1, NULL, NULL), (2, NULL, '{{{value}}}')"),
        ];
        server.execute(&made(was)).await;
        goal.execute(&made(is)).await;
        let (from, to) = (server.schema().await, goal.schema().await);
        for insert in rows {
            server.execute(&insert).await;
            let plan = plan_between(&from, &to);
            let done = server.try_run(&plan.up).await;
            assert_eq!(done.is_ok(), fits, "{was} {insert} to {is}: {done:?}");
            if fits {
                assert_same(&server.schema().await, &to, &plan.up);
                server.try_run(&plan.down).await.unwrap();
            }
            server.execute("DELETE FROM t").await;
        }
    }
}

#[tokio::test]
async fn a_column_goes_into_a_domain_with_every_value_or_not_at_all() {
    let values = [
        ("text", "1.239", "numeric(10,2)", "1.23"),
        ("text", "abcd", "varchar(3)", "abc"),
        ("text", "2024-01-05 10:00", "date", "2024-01-05"),
        ("timestamp", "2024-01-05 10:00", "date", "2024-01-05"),
        ("numeric(10,3)", "1.239", "numeric(10,2)", "1.23"),
        ("varchar(40)[]", "{abcd}", "varchar(3)", "{abc}"),
    ];
    // In place, and where the rows are copied to other partitions.
    let spread = ["", " PARTITION BY RANGE (id); CREATE TABLE rest PARTITION OF t DEFAULT"];
    for ((was, value, base, taken), spread) in values
        .into_iter()
        .flat_map(|value| spread.map(|spread| (value, spread)))
    {
        let (Some(mut server), Some(mut goal)) = (Server::empty().await, Server::empty().await) else {
            return;
        };
        let list = if was.ends_with("[]") { "[]" } else { "" };
        server
            .execute(&format!("CREATE TABLE t (id int PRIMARY KEY, c {was})"))
            .await;
        // One around another, both of which come with the change.
        goal.execute(&format!(
            "CREATE DOMAIN e AS {base}; CREATE DOMAIN d AS e; CREATE TABLE t (id int PRIMARY KEY, c d{list}){spread}"
        ))
        .await;
        let (from, to) = (server.schema().await, goal.schema().await);
        server
            .execute(&format!("INSERT INTO t VALUES (1, '{value}'), (2, NULL)"))
            .await;
        let plan = plan_between(&from, &to);
        let refused = server.try_run(&plan.up).await.expect_err(value);
        assert!(
            refused.contains("cannot hold exactly"),
            "{was} {value} to {base}: {refused}"
        );
        server
            .execute(&format!("UPDATE t SET c = '{taken}' WHERE id = 1"))
            .await;
        server.run(&plan.up).await;
        assert_same(&server.schema().await, &to, &plan.up);
        assert_eq!(
            server.rows("SELECT c::text FROM t WHERE id = 1").await,
            [taken],
            "{was} to {base}"
        );
    }
}

#[tokio::test]
async fn what_comes_back_into_a_domain_from_a_table_in_use_is_no_other_value() {
    let (Some(mut server), Some(mut goal)) = (Server::empty().await, Server::empty().await) else {
        return;
    };
    let domain = "CREATE DOMAIN d AS varchar(3); CREATE TABLE t (id int PRIMARY KEY, c";
    server.execute(&format!("{domain} d)")).await;
    goal.execute(&format!("{domain} text)")).await;
    let (from, to) = (server.schema().await, goal.schema().await);
    let changes = diff(&from, &to, &Renames::default()).changes;
    let stages = online(&from, &changes, &Postgres).unwrap();
    assert!(stages.len() > 1, "{stages:?}");
    for stage in &stages {
        server.run_freely(&stage.plan.up).await.unwrap();
    }
    server.execute("INSERT INTO t VALUES (1, 'abcd')").await;
    let back = stages.iter().rev().map(|stage| &stage.plan.down);
    let mut refused = Ok(());
    for down in back {
        if refused.is_ok() {
            refused = server.run_freely(down).await;
        }
    }
    assert!(
        refused.clone().unwrap_err().contains("cannot hold exactly"),
        "{refused:?}"
    );
}
