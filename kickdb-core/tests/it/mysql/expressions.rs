//! Expressions of every kind: what is declared is what the server says of it, and what the server says can be said again.

use kickdb_core::ir::{Expr, Schema};

use super::{Database, mysql, name, planned, table, text};

/// One expression in each line, over the columns of [`COLUMNS`].
const EXPRESSIONS: &str = include_str!("cases/expressions.sql");

const COLUMNS: &str = "a int, b int, c varchar(50), d date, e decimal(10,2), f json, g datetime, p point";

const CHUNK: usize = 40;

/// Each in its own check; many in a table, since a table takes the server longer than a check.
fn tables(expressions: &[&str]) -> String {
    let tables = expressions.chunks(CHUNK).enumerate().map(|(at, some)| {
        let checks = some
            .iter()
            .enumerate()
            .map(|(number, sql)| format!("constraint c{number} check ({sql}\n)"));
        format!(
            "create table t{at} ({COLUMNS}, {})",
            checks.collect::<Vec<_>>().join(",\n")
        )
    });
    tables.collect::<Vec<_>>().join(";\n")
}

const CLAUSES: &str =
    "select concat(table_name, '.', constraint_name, ': ', check_clause) from information_schema.check_constraints
    where constraint_schema = database() order by 1";

#[tokio::test]
async fn what_the_server_says_of_an_expression_is_what_was_declared() {
    let expressions: Vec<&str> = EXPRESSIONS.lines().filter(|line| !line.is_empty()).collect();
    let Some(mut database) = Database::with(&tables(&expressions)).await else {
        return;
    };
    let told = database.schema().await;
    let mut wrong = Vec::new();
    for (at, sql) in expressions.iter().enumerate() {
        let table_name = format!("t{}", at / CHUNK);
        let check = name(&format!("c{}", at % CHUNK));
        let said = table(&told, &table_name).checks[&check].expr.clone();
        let mut declared = Schema::default();
        let mut one = table(&told, &table_name).clone();
        one.checks.retain(|name, _| *name == check);
        for check in one.checks.values_mut() {
            check.expr = Expr::Sql((*sql).to_owned());
        }
        declared.tables.insert(one.name.clone(), one);
        mysql().normalize(&mut declared).unwrap();
        let normal = &table(&declared, &table_name).checks[&check].expr;
        if *normal != said {
            wrong.push(format!("{sql}\n    is declared {normal:?}\n    and told     {said:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        expressions.len(),
        wrong.join("\n")
    );
    let before = database.rows(CLAUSES).await;
    let mut copy = Database::empty().await.unwrap();
    let plan = planned(&Schema::default(), &told);
    copy.run(&plan.up).await.unwrap();
    let after = copy.rows(CLAUSES).await;
    let changed: Vec<_> = before
        .iter()
        .zip(&after)
        .filter(|(before, after)| before != after)
        .collect();
    assert!(changed.is_empty(), "{changed:#?}\n{}", text(&plan.up).len());
}
