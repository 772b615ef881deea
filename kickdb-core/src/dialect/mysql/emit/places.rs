//! Rows that no partition to come has a place for, and those of a history that a column to come has no value for, looked for
//! before anything is done: the server fails for the first of them when it gets there, and names neither table nor row.

use std::collections::BTreeMap;

use super::alter::versioning::{History, history};
use crate::dialect::mysql::normalize::{COLLATE, PARTITION_BY, UNVERSIONED, VERSIONED};
use crate::dialect::mysql::partition::{Partitioning, Parts, Rows, parse, split};
use crate::dialect::mysql::syntax::{ident, literal, table as table_name};
use crate::ident::Name;
use crate::ir::{Column, Table};
use crate::lex::{Kind, Lexis, tokens};
use crate::plan::{OptionsOverRows, Steps};

/// So many values are named.
const NAMED: usize = 5;

const NOTE: &str = "fails, before anything is done, where a row has no place in any partition: move it, or leave this out where that is \
                    done below";

const NULL_NOTE: &str =
    "fails, before anything is done, where a row or what it once was holds NULL: a history takes no values";

pub(super) fn look(table: &OptionsOverRows<'_>, out: &mut Steps) {
    look_at_history(table, out);
    let read = |text: Option<&String>| parse(text?, &[]);
    let before = read(table.from.options.get(PARTITION_BY));
    let Some(to) = read(table.to.options.get(PARTITION_BY)) else {
        return;
    };
    // What is compared in another way may be spread in another way.
    if table.from.options.get(COLLATE) != table.to.options.get(COLLATE) {
        return;
    }
    let Some(by) = under_old_names(&to.by, &table.columns) else {
        return;
    };
    let same = before
        .as_ref()
        .filter(|before| before.method == to.method && (before.by == to.by || before.by == by));
    let Some(outside) = outside(same, &to, &by) else {
        return;
    };
    let values = split(&by)
        .into_iter()
        .map(|value| format!("COALESCE({value}, 'NULL')"))
        .collect::<Vec<_>>()
        .join(", ', ', ");
    // Rows that were are spread like those that are.
    let all = match table.rows.options.contains_key(VERSIONED) {
        true => " FOR SYSTEM_TIME ALL",
        false => "",
    };
    let start = literal(&format!("{}: ", table.rows.name));
    let said = literal(&format!(" rows have no place in a partition, by ({}) = ", shown(&by)));
    out.push_outside(
        format!(
            "BEGIN NOT ATOMIC\n  SET @kick_found = NULL;\n  SELECT CONCAT({start}, COUNT(*), {said}, GROUP_CONCAT(DISTINCT CONCAT('(', \
             {values}, ')') ORDER BY 1 LIMIT {NAMED})) INTO @kick_found\n    FROM {}{all}\n    WHERE {outside}\n    HAVING COUNT(*) > 0;\n  \
             IF @kick_found IS NOT NULL THEN\n    SET @kick_found = LEFT(@kick_found, 500);\n    \
             SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1526, MESSAGE_TEXT = @kick_found;\n  END IF;\nEND",
            table_name(&table.rows.name)
        ),
        Some(NOTE),
    );
}

/// A value that is given to the rows leaves them in the history as they were, and the server holds that, too, to NOT NULL.
fn look_at_history(table: &OptionsOverRows<'_>, out: &mut Steps) {
    let versioned = |table: &Table| table.options.contains_key(VERSIONED);
    if !versioned(table.rows) || !versioned(table.from) || history(table.from, table.to) != History::Stays {
        return;
    }
    // A column that the history leaves out has its value there when its row has it.
    let kept = |column: &&Column| !column.nullable && !column.options.contains_key(UNVERSIONED);
    for column in table.to.columns.iter().filter(kept) {
        let nullable = |column: Option<&Column>| column.is_some_and(|column| column.nullable);
        let Some(name) = table
            .called
            .get(&column.name)
            .filter(|_| nullable(table.from.column(&column.name)))
        else {
            continue;
        };
        let start = literal(&format!("{}.{name}: ", table.rows.name));
        let said = literal(&format!(
            " rows hold NULL, those of its history included, which takes no value: let {name} be NULL, or let the history go first, \
             by DROP SYSTEM VERSIONING"
        ));
        out.cause(table.at);
        out.push_outside(
            format!(
                "BEGIN NOT ATOMIC\n  SET @kick_found = NULL;\n  SELECT CONCAT({start}, COUNT(*), {said}) INTO @kick_found\n    FROM {} \
                 FOR SYSTEM_TIME ALL WHERE {} IS NULL\n    HAVING COUNT(*) > 0;\n  IF @kick_found IS NOT NULL THEN\n    \
                 SET @kick_found = LEFT(@kick_found, 500);\n    \
                 SIGNAL SQLSTATE '22004' SET MYSQL_ERRNO = 1138, MESSAGE_TEXT = @kick_found;\n  END IF;\nEND",
                table_name(&table.rows.name),
                ident(name)
            ),
            Some(NULL_NOTE),
        );
    }
}

/// What holds for a row without a place; `None` where each has one. `before` are the partitions that the rows are in now, where
/// they are spread by the same.
fn outside(before: Option<&Partitioning>, to: &Partitioning, by: &str) -> Option<String> {
    let Parts::Named(parts) = &to.parts else {
        return None;
    };
    let old = match before.map(|before| &before.parts) {
        Some(Parts::Named(parts)) => parts.as_slice(),
        _ => &[],
    };
    match &parts.last()?.rows {
        Rows::LessThan(bound) => {
            let kept = |old: &Rows| parts.iter().any(|part| part.rows == *old);
            let reached = old.last().is_some_and(|last| kept(&last.rows));
            if reached { None } else { beyond(by, bound) }
        }
        _ => {
            if parts.iter().any(|part| part.rows == Rows::Default) {
                return None;
            }
            let new = parts
                .iter()
                .filter_map(|part| listed(&part.rows))
                .flatten()
                .collect::<Vec<_>>();
            let had = old.iter().map(|part| listed(&part.rows)).collect::<Option<Vec<_>>>();
            let had = had.unwrap_or_default().concat();
            if new.is_empty() || !had.is_empty() && had.iter().all(|value| new.contains(value)) {
                return None;
            }
            let row = if split(by).len() > 1 {
                format!("({by})")
            } else {
                by.to_owned()
            };
            let one = |value: &&str| format!("{row} <=> {value}");
            Some(format!(
                "NOT ({})",
                new.iter().map(one).collect::<Vec<_>>().join(" OR ")
            ))
        }
    }
}

fn listed(rows: &Rows) -> Option<Vec<&str>> {
    match rows {
        Rows::In(values) => Some(split(values)),
        _ => None,
    }
}

/// What lies at the bound of the last range, or beyond it: NULL comes before every value.
fn beyond(by: &str, bound: &str) -> Option<String> {
    let (columns, bounds) = (split(by), split(bound));
    let closed = bounds.iter().take_while(|bound| **bound != "MAXVALUE").count();
    if closed < bounds.len() && closed == 0 {
        return None;
    }
    let mut ways = Vec::new();
    for at in 0..closed {
        let mut all = (0..at)
            .map(|before| format!("{} = {}", columns[before], bounds[before]))
            .collect::<Vec<_>>();
        let last = at + 1 == bounds.len();
        all.push(format!(
            "{} {} {}",
            columns[at],
            if last { ">=" } else { ">" },
            bounds[at]
        ));
        ways.push(all.join(" AND "));
    }
    Some(ways.join(" OR "))
}

/// The expression under the names that its columns have before the first change; `None` where one of them does not hold what it
/// held.
fn under_old_names(by: &str, columns: &BTreeMap<Name, Name>) -> Option<String> {
    let mut sql = String::new();
    for token in tokens(by, Lexis::MYSQL) {
        match token.kind {
            Kind::Quoted => {
                let name = token.text.strip_prefix('`')?.strip_suffix('`')?.replace("``", "`");
                sql.push_str(&ident(columns.get(&Name::new(name).ok()?)?));
            }
            _ => sql.push_str(token.text),
        }
    }
    Some(sql)
}

/// The expression without the quotes around its names.
fn shown(by: &str) -> String {
    let quoted = |text: &str| Some(text.strip_prefix('`')?.strip_suffix('`')?.replace("``", "`"));
    let shown = tokens(by, Lexis::MYSQL).map(|token| quoted(token.text).unwrap_or_else(|| token.text.to_owned()));
    shown.collect()
}
