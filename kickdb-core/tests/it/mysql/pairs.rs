//! Pairs of schemas as applications write them, there and back with rows, held against the server's own tables about itself.

use std::collections::{BTreeMap, BTreeSet};

use kickdb_core::dialect::live::{told, usual};
use kickdb_core::lex::Lexis;
use kickdb_core::plan::{Plan, plan, statements, write};

use super::{Database, mysql, planned, text};
use crate::there_and_back::renames;

/// `@@ name`, with what takes another name behind it (`old=new table.old=new`); the schema before and its rows, `=>`, the schema after.
const TABLES: &str = include_str!("cases/tables.txt");
/// The same for views, triggers, routines, events and sequences.
const OBJECTS: &str = include_str!("cases/objects.txt");

struct Case {
    name: &'static str,
    renames: &'static str,
    from: &'static str,
    to: &'static str,
}

fn cases() -> Vec<Case> {
    let blocks = [TABLES, OBJECTS].into_iter().flat_map(|cases| cases.split("@@ "));
    blocks
        .filter(|block| !block.trim().is_empty())
        .map(|block| {
            let (head, body) = block.split_once('\n').unwrap();
            let (name, renames) = head.split_once(' ').unwrap_or((head, ""));
            let (from, to) = body.split_once("=>\n").unwrap();
            Case {
                name,
                renames,
                from,
                to,
            }
        })
        .collect()
}

/// What the server tells, without anything of kickdb's in between.
const FINGERPRINT: &[&str] = &[
    "select concat_ws(' ', 'table', table_name, table_type, engine, table_collation, table_comment)
     from information_schema.tables where table_schema = database()",
    "select concat_ws(' ', 'column', table_name, column_name, column_type, is_nullable, ifnull(column_default, '-'), extra,
       ifnull(collation_name, '-'), column_comment, ifnull(generation_expression, '-'))
     from information_schema.columns where table_schema = database()",
    "select concat_ws(' ', 'index', table_name, index_name, non_unique, seq_in_index, column_name, ifnull(sub_part, '-'),
       ifnull(collation, '-'), index_type, index_comment, ignored)
     from information_schema.statistics where table_schema = database()",
    "select concat_ws(' ', 'key', k.table_name, k.constraint_name, k.column_name, k.ordinal_position, k.referenced_table_name,
       k.referenced_column_name, r.update_rule, r.delete_rule)
     from information_schema.key_column_usage k join information_schema.referential_constraints r
       on r.constraint_schema = k.constraint_schema and r.constraint_name = k.constraint_name and r.table_name = k.table_name
     where k.table_schema = database()",
    "select concat_ws(' ', 'check', table_name, constraint_name, level, check_clause)
     from information_schema.check_constraints where constraint_schema = database()",
    "select concat_ws(' ', 'partition', table_name, partition_name, subpartition_name, partition_method, subpartition_method,
       partition_expression, subpartition_expression, partition_description, partition_comment)
     from information_schema.partitions where table_schema = database() and partition_name is not null",
    "select concat_ws(' ', 'view', table_name, replace(view_definition, concat('`', database(), '`.'), ''), check_option,
       security_type, algorithm)
     from information_schema.views where table_schema = database()",
    "select concat_ws(' ', 'position', f_table_name, g_geometry_column, srid)
     from information_schema.geometry_columns where f_table_schema = database()",
    "select concat_ws(' ', 'trigger', trigger_name, event_object_table, action_timing, event_manipulation, action_order,
       action_statement, sql_mode)
     from information_schema.triggers where trigger_schema = database()",
    "select concat_ws(' ', routine_type, routine_name, dtd_identifier, character_set_name, routine_definition,
       is_deterministic, sql_data_access, security_type, routine_comment, sql_mode)
     from information_schema.routines where routine_schema = database()",
    "select concat_ws(' ', 'parameter', specific_name, ordinal_position, parameter_mode, parameter_name, dtd_identifier,
       character_set_name)
     from information_schema.parameters where specific_schema = database()",
    "select concat_ws(' ', 'event', event_name, event_definition, event_type, execute_at, interval_value, interval_field,
       nullif(starts, created), ends, status, on_completion, event_comment, sql_mode, time_zone)
     from information_schema.events where event_schema = database()",
    // `information_schema` leaves the character sets of texts out.
    "select concat_ws(' ', 'body', type, name, convert(body using utf8mb4)) from mysql.proc where db = database()",
    "select concat_ws(' ', 'body event', name, convert(body using utf8mb4)) from mysql.event where db = database()",
];

async fn fingerprint(database: &mut Database) -> BTreeSet<String> {
    let name = database.rows("select database()").await.remove(0);
    let mut told = database.rows(&FINGERPRINT.join(" union all ")).await;
    let tables = "select table_name from information_schema.tables where table_schema = database()
        and table_type in ('BASE TABLE', 'SYSTEM VERSIONED')";
    for table in database.rows(tables).await {
        let created = database
            .rows(&format!("show create table `{}`", table.replace('`', "``")))
            .await
            .join("\n");
        // Where it goes on counting is no part of a schema.
        let counter = |word: &&str| !word.starts_with("AUTO_INCREMENT=");
        let lines = created.lines().map(|line| line.trim().trim_end_matches(','));
        let lines = lines.map(|line| line.split(' ').filter(counter).collect::<Vec<_>>().join(" "));
        told.extend(lines.map(|line| format!("shown {table} {line}")));
    }
    let sequences =
        "select table_name from information_schema.tables where table_schema = database() and table_type = 'SEQUENCE'";
    for sequence in database.rows(sequences).await {
        told.extend(database.rows(&format!("show create table `{sequence}`")).await);
    }
    told.into_iter().map(|line| line.replace(&name, "-")).collect()
}

/// The values of each column, in some order.
async fn values(database: &mut Database) -> BTreeMap<String, Vec<String>> {
    let columns = "select concat(table_name, '\n', column_name) from information_schema.columns
        join information_schema.tables using (table_schema, table_name)
        where table_schema = database() and table_type = 'BASE TABLE'";
    let mut values = BTreeMap::new();
    for column in database.rows(columns).await {
        let (table, name) = column.split_once('\n').unwrap();
        let quoted = |name: &str| name.replace('`', "``");
        let ask = format!("select hex(`{}`) from `{}` order by 1", quoted(name), quoted(table));
        let found = database.rows(&ask).await;
        values.insert(column, found);
    }
    values
}

/// A database that the statements make; `None` where no server is at hand.
async fn database(sql: &str) -> Option<Result<Database, String>> {
    let mut database = Database::empty().await?;
    // Whatever the server's own default is.
    database
        .execute("alter database character set utf8mb4 collate utf8mb4_general_ci")
        .await;
    for statement in statements(sql, Lexis::MYSQL) {
        if let Err(error) = database.try_execute(statement.sql).await {
            return Some(Err(error));
        }
    }
    // MariaDB takes RESTRICT for NO ACTION where it does not look at the other table; a case may have set more.
    database
        .execute("set foreign_key_checks = 1, sql_mode = default, time_zone = default")
        .await;
    Some(Ok(database))
}

/// What `diff` between two databases comes to.
async fn between(from: &mut Database, to: &mut Database, said: &str) -> Plan {
    let mut sides = Vec::new();
    for database in [from, to] {
        let connection = &mut *database.connection;
        let schema = told(connection).await.unwrap();
        sides.push((schema, usual(connection).await.unwrap().unwrap()));
    }
    let ((mut to, own), (mut from, there)) = (sides.remove(1), sides.remove(0));
    mysql().meet(&mut from, &mut to, [&there, &own]);
    plan(&from, &to, &renames(said, &from, &to), mysql()).unwrap()
}

/// What is wrong, if anything.
async fn there_and_back(case: &Case) -> Option<String> {
    let (mut from, mut to) = match (database(case.from).await?, database(case.to).await?) {
        (Ok(from), Ok(to)) => (from, to),
        (Err(error), _) | (_, Err(error)) => return Some(format!("{}: {error}", case.name)),
    };
    let (before, after) = (fingerprint(&mut from).await, fingerprint(&mut to).await);
    let rows = values(&mut from).await;
    let kept: BTreeSet<String> = values(&mut to).await.into_keys().collect();
    let schemas = (from.schema().await, to.schema().await);
    let plan = between(&mut from, &mut to, case.renames).await;
    for (script, wanted, schema) in [(&plan.up, &after, &schemas.1), (&plan.down, &before, &schemas.0)] {
        if let Err(error) = from.run(script).await {
            return Some(format!("{}: {error}", case.name));
        }
        let found = fingerprint(&mut from).await;
        if found != *wanted {
            let missing: Vec<_> = wanted.difference(&found).collect();
            let more: Vec<_> = found.difference(wanted).collect();
            return Some(format!(
                "{}: missing {missing:#?}, instead {more:#?}\n{}",
                case.name,
                text(script)
            ));
        }
        let left = planned(&from.schema().await, schema).changes;
        if !left.is_empty() {
            let left: Vec<_> = left.iter().map(ToString::to_string).collect();
            return Some(format!("{}: {left:#?} is left after\n{}", case.name, text(script)));
        }
    }
    let after = values(&mut from).await;
    let lost = rows
        .iter()
        .filter(|(column, values)| kept.contains(*column) && after.get(*column) != Some(*values));
    let lost: Vec<_> = lost.map(|(column, _)| column).collect();
    (!lost.is_empty()).then(|| format!("{}: rows of {lost:?}", case.name))
}

/// The server writes each change to disk, so that several cases at a time take hardly longer than one.
const AT_A_TIME: usize = 6;

#[tokio::test]
async fn every_pair_is_what_it_was_after_going_there_and_back() {
    let cases = cases();
    let mut wrong = Vec::new();
    for some in cases.chunks(AT_A_TIME) {
        let found = futures_util::future::join_all(some.iter().map(there_and_back)).await;
        wrong.extend(found.into_iter().flatten());
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

#[tokio::test]
async fn words_that_change_nothing_are_no_reason_to_touch_a_table() {
    let plain = "create table t (id int primary key, a int, unique u (a), key k (id, a))";
    let wordy = "create table t (id int, a int, primary key (id) using btree, unique u (a) using btree, key k (id, a) using btree)
        row_format = dynamic";
    let (Some(one), Some(other)) = (database(plain).await, database(wordy).await) else {
        return;
    };
    let (mut one, mut other) = (one.unwrap(), other.unwrap());
    let plan = between(&mut one, &mut other, "").await;
    assert_eq!((text(&plan.up), text(&plan.down)), (String::new(), String::new()));

    // They come along where it is touched.
    other.execute("alter table t add b int").await;
    let plan = between(&mut one, &mut other, "").await;
    assert!(text(&plan.up).contains("USING BTREE"), "{}", text(&plan.up));
}

#[tokio::test]
async fn a_foreign_key_into_another_database_points_there() {
    let Some(other) = database("create table customers (id int primary key)").await else {
        return;
    };
    let mut other = other.unwrap();
    let name = other.rows("select database()").await.remove(0);
    let own = "create table customers (id int primary key)";
    let key = format!(
        "{own}; create table w (id int primary key, c int, constraint k foreign key (c) references `{name}`.customers (id))"
    );
    let near = format!(
        "{own}; create table w (id int primary key, c int, constraint k foreign key (c) references customers (id))"
    );
    for (from, to) in [(own, &key), (&near, &key), (&key, &near)] {
        let (mut from, mut to) = (
            database(from).await.unwrap().unwrap(),
            database(to).await.unwrap().unwrap(),
        );
        let wanted = fingerprint(&mut to).await;
        let plan = between(&mut from, &mut to, "").await;
        from.run(&plan.up).await.unwrap();
        assert_eq!(fingerprint(&mut from).await, wanted, "{}", text(&plan.up));
    }
}

#[tokio::test]
async fn text_of_four_bytes_is_not_left_to_the_character_set_of_a_client() {
    let made = "create table t (id int primary key, a varchar(9) character set utf8mb4 check (a <> '💩'))";
    let (Some(one), Some(other)) = (database("").await, database(made).await) else {
        return;
    };
    let plan = between(&mut one.unwrap(), &mut other.unwrap(), "").await;
    let file = write(&[], &plan.up, mysql());
    assert!(
        file.starts_with("SET SESSION character_set_client = 'utf8mb4'"),
        "{file}"
    );
    assert!(!write(&[], &plan.down, mysql()).contains("SET"));
}
