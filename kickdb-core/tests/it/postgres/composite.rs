//! Composite types that change under columns with rows.

use kickdb_core::dialect::postgres::Postgres;
use kickdb_core::diff::{Reading, Renames, diff};
use kickdb_core::ir::Schema;
use kickdb_core::plan::{irreversible, plan};

use super::{Server, assert_same, plan_between, text};

#[tokio::test]
async fn an_attribute_changes_with_every_value_or_not_at_all() {
    let few = "a text, n numeric(10,2)";
    let more = "a text, n numeric(10,2), gone int";
    for (was, values, is, fits) in [
        (more, "(abc,2.00,1)", "a varchar(3), n integer", true),
        (more, "(abcd,2.00,1)", "a varchar(3), n integer", false),
        (more, "(abc,1.25,1)", "a varchar(3), n integer", false),
        (few, "(abc,1.25)", "a text, n numeric(10,1)", false),
        ("a text, n integer", "(abc,1)", "a varchar(3), n bigint", true),
    ] {
        // The value itself, and what it can be inside of.
        let inside = if was == few { 6 } else { 1 };
        for (around, ty, value) in [
            ("", "c", format!("'{values}'")),
            (
                "",
                "c[]",
                format!("ARRAY[NULL, '(x,1,0)', '{values}']::text[]::c[]")
                    .replace(",0)", if was == more { ",0)" } else { ")" }),
            ),
            (
                "CREATE DOMAIN d AS c CHECK ((value).a <> '');",
                "d",
                format!("'{values}'"),
            ),
            (
                "CREATE DOMAIN d AS c CHECK ((value).a <> '');",
                "d[]",
                format!("ARRAY['{values}']::text[]::d[]"),
            ),
            (
                "CREATE TYPE o AS (i int, cs c[]);",
                "o",
                format!("row(1, ARRAY['{values}']::text[]::c[])::o"),
            ),
            (
                "CREATE TYPE o AS (i int, c c);",
                "o[]",
                format!("ARRAY[NULL, row(1, '{values}'::c)::o]"),
            ),
        ]
        .into_iter()
        .take(inside)
        {
            let (Some(mut server), Some(mut goal)) = (Server::empty().await, Server::empty().await) else {
                return;
            };
            let made = |attributes: &str| {
                format!("CREATE TYPE c AS ({attributes}); {around} CREATE TABLE t (id int PRIMARY KEY, v {ty});")
            };
            server.execute(&made(was)).await;
            goal.execute(&made(is)).await;
            let (from, to) = (server.schema().await, goal.schema().await);
            server
                .execute(&format!("INSERT INTO t VALUES (1, NULL), (2, {value})"))
                .await;
            let plan = plan_between(&from, &to);
            let done = server.try_run(&plan.up).await;
            assert_eq!(done.is_ok(), fits, "{was} {value} as {ty} to {is}: {done:?}");
            if fits {
                assert_same(&server.schema().await, &to, &plan.up);
                assert_eq!(
                    irreversible(&plan, &Postgres).contains(&"dropped attribute c.gone".to_owned()),
                    was == more
                );
            }
        }
    }
}

#[tokio::test]
async fn a_list_that_is_gone_through_keeps_its_shape_or_nothing_is_done() {
    for (list, fits) in [
        ("{\"(1,x)\",NULL}", true),
        ("{}", true),
        ("{{\"(1,x)\"},{\"(2,y)\"}}", false),
        ("[0:0]={\"(1,x)\"}", false),
    ] {
        for (around, ty) in [("", "c[]"), ("CREATE TYPE o AS (i int, cs c[]);", "o")] {
            let (Some(mut server), Some(mut goal)) = (Server::empty().await, Server::empty().await) else {
                return;
            };
            let made = |attributes: &str| format!("CREATE TYPE c AS ({attributes}); {around} CREATE TABLE t (v {ty})");
            server.execute(&made("a int, b text")).await;
            goal.execute(&made("b text")).await;
            let (from, to) = (server.schema().await, goal.schema().await);
            let value = match ty {
                "o" => format!("row(1, '{list}')"),
                _ => format!("'{list}'"),
            };
            server.execute(&format!("INSERT INTO t VALUES ({value}), (NULL)")).await;
            let done = server.try_run(&plan_between(&from, &to).up).await;
            assert_eq!(done.is_ok(), fits, "{ty} {list}: {done:?}");
        }
    }
}

#[tokio::test]
async fn a_domain_inside_of_other_types_changes_with_every_value_or_not_at_all() {
    for (value, fits) in [("1.50", true), ("1.25", false)] {
        let (Some(mut server), Some(mut goal)) = (Server::empty().await, Server::empty().await) else {
            return;
        };
        let made = |base: &str| {
            format!(
                "CREATE DOMAIN d AS {base}; CREATE TYPE c AS (ds d[], n d); CREATE TABLE t (id int, v c, l c[], a d[])"
            )
        };
        server.execute(&made("numeric(10,2)")).await;
        goal.execute(&made("numeric(10,1)")).await;
        let (from, to) = (server.schema().await, goal.schema().await);
        for row in [
            "(1, row('{VALUE}', 0))",
            "(1, NULL, ARRAY[row('{0}', VALUE)::c])",
            "(1, NULL, NULL, '{VALUE}')",
        ] {
            let insert = format!("INSERT INTO t VALUES {}", row.replace("VALUE", value));
            server.execute(&format!("TRUNCATE t; {insert}")).await;
            let script = plan_between(&from, &to).up;
            let done = server.try_run(&script).await;
            assert_eq!(done.is_ok(), fits, "{insert}: {done:?}");
            if fits {
                server.run(&plan_between(&to, &from).up).await;
            }
        }
    }
}

fn renames(pairs: &[&str], from: &Schema, to: &Schema) -> Renames {
    Renames::from_flags(pairs, &[], from, to).unwrap()
}

#[tokio::test]
async fn an_attribute_takes_another_name_with_its_values_both_ways() {
    let before = "CREATE TYPE c AS (a int, \"B\" text); CREATE DOMAIN d AS c CHECK ((value).a > 0);
        CREATE TABLE t (id int PRIMARY KEY, v c, l c[], w d, s int GENERATED ALWAYS AS ((v).a) STORED, CHECK ((v).a < 99));
        CREATE INDEX t_a ON t (((v).a)); CREATE VIEW x AS SELECT (v).a, (l[1]).\"B\" FROM t;
        CREATE FUNCTION f(c) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a';";
    let rows = "INSERT INTO t VALUES (1, '(1,x)', '{\"(2,y)\",NULL}', '(3,z)'), (2, NULL, NULL, NULL)";
    for (after, flags, expected) in [
        // A name, and a swap of two.
        (
            before.replace(").a", ").b").replace("(a int", "(b int"),
            vec!["c.a=b"],
            None,
        ),
        (
            before
                .replace(").a", ").k")
                .replace("\"B\"", "a")
                .replace("(a int", "(k int")
                .replace(").k", ").\"B\"")
                .replace("(k int", "(\"B\" int"),
            vec!["c.a=B", "c.B=a"],
            None,
        ),
        // Beside attributes that come and go.
        (
            before
                .replace(").a", ").b")
                .replace("(a int, \"B\" text)", "(n date, b bigint)")
                .replace(", (l[1]).\"B\"", ""),
            vec!["attribute:c.a=b"],
            Some(["(,1)", "{\"(,2)\",NULL}", "(,3)"]),
        ),
    ] {
        let (Some(mut server), Some(mut goal)) = (Server::empty().await, Server::empty().await) else {
            return;
        };
        server.execute(before).await;
        goal.execute(&after).await;
        let (from, to) = (server.schema().await, goal.schema().await);
        server.execute(rows).await;
        let plan = plan(&from, &to, &renames(&flags, &from, &to), &Postgres).unwrap();
        assert!(text(&plan.up).contains("RENAME ATTRIBUTE"), "{}", text(&plan.up));
        let values = "SELECT v::text, l::text, w::text, s::text FROM t ORDER BY id LIMIT 1";
        server.run(&plan.up).await;
        assert_same(&server.schema().await, &to, &plan.up);
        let kept = ["(1,x)", "{\"(2,y)\",NULL}", "(3,z)"];
        let all = |values: [&str; 3]| vec![format!("{} | 1", values.join(" | "))];
        assert_eq!(server.rows(values).await, all(expected.unwrap_or(kept)));
        server.run(&plan.down).await;
        assert_same(&server.schema().await, &from, &plan.down);
        let back = expected.map_or(kept, |_| ["(1,)", "{\"(2,)\",NULL}", "(3,)"]);
        assert_eq!(server.rows(values).await, all(back));
    }
}

#[tokio::test]
async fn an_attribute_that_is_gone_where_one_is_new_is_asked_about() {
    let (Some(mut server), Some(mut goal)) = (Server::empty().await, Server::empty().await) else {
        return;
    };
    server.execute("CREATE TYPE c AS (a int, b text)").await;
    goal.execute("CREATE TYPE c AS (x int, b text)").await;
    let (from, to) = (server.schema().await, goal.schema().await);
    let found = diff(&from, &to, &Renames::default());
    let flags: Vec<_> = found.questions[0]
        .readings()
        .map(|reading| found.questions[0].flag(&reading))
        .collect();
    assert_eq!(flags, ["--rename c.a=x", "--allow-drop c.a"]);
    assert_eq!(found.questions[0].dropped.kind(), "attribute");
    for (drops, answer) in [
        (vec!["c.a"], Reading::Dropped),
        (vec![], Reading::Renamed(found.questions[0].candidates[0].clone())),
    ] {
        let mut known = Renames::from_flags(&[], &drops, &from, &to).unwrap();
        assert_eq!(diff(&from, &to, &known).questions.len(), usize::from(drops.is_empty()));
        known.answer(&found.questions[0], answer);
        assert_eq!(diff(&from, &to, &known).questions, []);
    }
    let refused = Renames::from_flags(&["c.a=y"], &[], &from, &to)
        .unwrap_err()
        .to_string();
    assert!(refused.contains("`--rename type.attribute=new`"), "{refused}");
}

#[tokio::test]
async fn attributes_keep_their_names_while_a_table_is_of_the_type() {
    let (Some(mut server), Some(mut goal)) = (Server::empty().await, Server::empty().await) else {
        return;
    };
    server.execute("CREATE TYPE c AS (a int); CREATE TABLE t OF c").await;
    goal.execute("CREATE TYPE c AS (x int); CREATE TABLE t OF c").await;
    let (from, to) = (server.schema().await, goal.schema().await);
    let refused = plan(&from, &to, &renames(&["c.a=x"], &from, &to), &Postgres).unwrap_err();
    assert!(refused.message.contains("`t` is OF it"), "{}", refused.message);
}

#[tokio::test]
async fn attributes_in_an_order_of_their_own_do_not_change_places() {
    for around in ["", "CREATE TYPE o AS (x c, y text);"] {
        let (column, of) = if around.is_empty() { ("c", "c") } else { ("o", "o") };
        let made =
            |attributes: &str| format!("CREATE TYPE c AS ({attributes}); {around} CREATE TABLE t ({column} {of})");
        let (Some(mut known), Some(mut goal)) = (Server::empty().await, Server::empty().await) else {
            return;
        };
        known.execute(&made("a text, b text")).await;
        goal.execute(&made("a varchar(9), b text")).await;
        let plan = plan_between(&known.schema().await, &goal.schema().await);
        let mut other = Server::empty().await.unwrap();
        other.execute(&made("b text, a text")).await;
        let refused = other.try_run(&plan.up).await.unwrap_err();
        assert!(refused.contains("another order"), "{refused}");
        known.run(&plan.up).await;
    }
}
