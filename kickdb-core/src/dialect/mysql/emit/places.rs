//! Rows that no partition to come has a place for, and those of a history that a column to come has no value for, looked for
//! before anything is done: the server fails for the first of them when it gets there, and names neither table nor row.

use std::collections::BTreeMap;

use super::alter::versioning::{History, history};
use super::guard;
use crate::dialect::mysql::normalize::{COLLATE, PARTITION_BY, UNVERSIONED, VERSIONED};
use crate::dialect::mysql::partition::{Partitioning, Parts, Rows, parse, split};
use crate::dialect::mysql::syntax::{ident, literal, table as table_name};
use crate::dialect::mysql::types::{Class, class};
use crate::ident::Name;
use crate::ir::Table;
use crate::lex::{Kind, Lexis, tokens};
use crate::plan::{OptionsOverRows, Steps};

/// So many values are named.
const NAMED: usize = 5;

const NOTE: &str = "fails, before anything is done, where a row has no place in any partition: move it, or leave this out where that is \
                    done below";

const NULL_NOTE: &str =
    "fails, before anything is done, where a row or what it once was holds NULL: a history takes no values";

const CUT_NOTE: &str =
    "fails, before anything is done, where a value would not stay what it is: no check looks into a history";

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
    let Some(by) = under_old_names(&to.by, &comparable(table)) else {
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
    let message = format!(
        "{start}, COUNT(*), {said}, GROUP_CONCAT(DISTINCT CONCAT('(', {values}, ')') ORDER BY 1 LIMIT {NAMED})"
    );
    let rows = format!("{}{all}\n    WHERE {outside}", table_name(&table.rows.name));
    out.push_outside(failing(&message, &rows, ("HY000", 1526)), Some(NOTE));
}

/// Fails with the parts of a message where there is any of these rows.
fn failing(message: &str, rows: &str, (state, number): (&str, u16)) -> String {
    format!(
        "BEGIN NOT ATOMIC\n  SET @kick_found = NULL;\n  SELECT CONCAT({message}) INTO @kick_found\n    FROM {rows}\n    HAVING COUNT(*) > 0;\n  \
         IF @kick_found IS NOT NULL THEN\n    SET @kick_found = LEFT(@kick_found, 500);\n    \
         SIGNAL SQLSTATE '{state}' SET MYSQL_ERRNO = {number}, MESSAGE_TEXT = @kick_found;\n  END IF;\nEND"
    )
}

/// The columns, by their names after, whose values compare as they did: their names before the first change.
fn comparable(table: &OptionsOverRows<'_>) -> BTreeMap<Name, Name> {
    let alike = |(now, was): &(&Name, &Name)| {
        use Class::{Date, Decimal, Float, Moment, Text, Time, Whole};
        let column = table.rows.column(was).zip(table.to.column(now));
        let classes = column.map(|(before, after)| (class(&before.ty), class(&after.ty)));
        matches!(
            classes,
            Some(
                (
                    Whole { .. } | Decimal { .. } | Float { .. },
                    Whole { .. } | Decimal { .. } | Float { .. }
                ) | (Date | Moment { .. }, Date | Moment { .. })
                    | (Time { .. }, Time { .. })
                    | (Text { .. }, Text { .. })
            )
        )
    };
    let retyped = table.retyped.iter().filter(alike);
    let names = table.columns.iter().chain(retyped);
    names.map(|(now, was)| (now.clone(), was.clone())).collect()
}

/// A value that is given to the rows leaves them in the history as they were, and the server holds that, too, to NOT NULL. What a
/// check says it holds the rows to that are, and not those that were (10.11): a conversion cuts them.
fn look_at_history(table: &OptionsOverRows<'_>, out: &mut Steps) {
    let versioned = |table: &Table| table.options.contains_key(VERSIONED);
    if !versioned(table.rows) || !versioned(table.from) || history(table.from, table.to) != History::Stays {
        return;
    }
    for column in &table.to.columns {
        let Some(name) = table.called.get(&column.name) else {
            continue;
        };
        let (Some(was), Some(before)) = (table.rows.column(name), table.from.column(&column.name)) else {
            continue;
        };
        let mut look = |said: &str, condition: &str, number, note| {
            let message = format!(
                "{}, COUNT(*), {}",
                literal(&format!("{}.{name}: ", table.rows.name)),
                literal(said)
            );
            let rows = format!("{} FOR SYSTEM_TIME ALL WHERE {condition}", table_name(&table.rows.name));
            out.cause(table.at);
            out.push_outside(failing(&message, &rows, number), Some(note));
        };
        // A column that the history leaves out has its value there when its row has it.
        if before.nullable && !column.nullable && !column.options.contains_key(UNVERSIONED) {
            let said = format!(
                " rows hold NULL, those of its history included, which takes no value: let {name} be NULL, or let the history go first, \
                 by DROP SYSTEM VERSIONING"
            );
            look(&said, &format!("{} IS NULL", ident(name)), ("22004", 1138), NULL_NOTE);
        }
        if let Some(kept) = guard::kept(was, column, name).filter(|_| before.ty != column.ty) {
            let said = " rows, those of its history included, hold a value that would not stay what it is: keep the type, or let the history \
                 go first, by DROP SYSTEM VERSIONING";
            look(said, &format!("NOT ({kept})"), ("22001", 1265), CUT_NOTE);
        }
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
