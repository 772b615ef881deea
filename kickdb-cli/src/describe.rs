//! Changes in a few words each, for people and for programs.

use std::fmt::Display;

use kickdb_core::dialect::Dialect;
use kickdb_core::diff::{Change, Part, TableChange};
use kickdb_core::ir::{Column, ForeignKey, Schema, Table};
use serde_json::{Value, json};

use crate::safe;
use crate::terminal::{Paint, Terminal};

/// One line about a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) mark: Mark,
    pub(crate) text: String,
    /// Whether it belongs to the table named by the line above.
    pub(crate) inner: bool,
}

/// What happens to the thing of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Add,
    Drop,
    Alter,
}

impl Mark {
    fn sign(self) -> (&'static str, Paint) {
        match self {
            Self::Add => ("+", Paint::Good),
            Self::Drop => ("-", Paint::Bad),
            Self::Alter => ("~", Paint::Warn),
        }
    }
}

impl Line {
    /// The line without colours.
    pub(crate) fn plain(&self) -> String {
        let indent = if self.inner { "  " } else { "" };
        format!("{indent}{} {}", self.mark.sign().0, self.text)
    }
}

/// Prints the lines of a list of changes.
pub(crate) fn print(terminal: &Terminal, lines: &[Line]) {
    for line in lines {
        let (sign, paint) = line.mark.sign();
        let indent = if line.inner { "    " } else { "  " };
        terminal.say(format!(
            "{indent}{} {}",
            terminal.paint(paint, sign),
            safe::one_line(&line.text)
        ));
    }
}

/// The lines as texts, for programs.
pub(crate) fn json(lines: &[Line]) -> Value {
    lines.iter().map(|line| json!(line.plain())).collect()
}

/// A list of changes, in their order.
pub(crate) fn lines(changes: &[Change], dialect: &dyn Dialect) -> Vec<Line> {
    let mut out = Vec::new();
    let tables = changes.iter().map(|change| match change {
        Change::RenameTable { from, to } => Some((from, to)),
        _ => None,
    });
    for (change, step) in changes.iter().zip(ends(tables)) {
        match step {
            Step::Other => self::change(change, dialect, &mut out),
            Step::Between => {}
            Step::Rename(from, to) => out.push(outer(Mark::Alter, format!("table {from} is now {to}"))),
        }
    }
    out
}

/// What a step is to those who read about it.
enum Step<'a, N> {
    /// No new name.
    Other,
    /// A new name on the way to another one: names that are exchanged make room for each other.
    Between,
    /// A new name that stays, and the one before all steps.
    Rename(&'a N, &'a N),
}

/// Steps that may be new names, old and new, by where these lead.
fn ends<'a, N: PartialEq>(steps: impl Iterator<Item = Option<(&'a N, &'a N)>>) -> Vec<Step<'a, N>> {
    let steps = steps.collect::<Vec<_>>();
    let step = |(at, step): (usize, &Option<(&'a N, &'a N)>)| {
        let Some((from, to)) = *step else {
            return Step::Other;
        };
        if steps[at + 1..].iter().flatten().any(|(later, _)| *later == to) {
            return Step::Between;
        }
        let earlier = steps[..at].iter().rev().flatten();
        let first = earlier.fold(from, |name, (old, new)| if *new == name { old } else { name });
        Step::Rename(first, to)
    };
    steps.iter().enumerate().map(step).collect()
}

/// The tables that belong to somebody else from now on, or no longer.
pub(crate) fn handed_over(from: &Schema, to: &Schema) -> Vec<Line> {
    let gone = to.unmanaged.difference(&from.unmanaged);
    let gone = gone.map(|name| {
        outer(
            Mark::Alter,
            format!("table {name} belongs to somebody else from now on"),
        )
    });
    let back = from.unmanaged.difference(&to.unmanaged);
    let back = back.map(|name| outer(Mark::Alter, format!("table {name} belongs to somebody else no more")));
    gone.chain(back).collect()
}

fn outer(mark: Mark, text: String) -> Line {
    Line {
        mark,
        text,
        inner: false,
    }
}

fn change(change: &Change, dialect: &dyn Dialect, out: &mut Vec<Line>) {
    let line = match change {
        Change::CreateNamespace(name) => outer(Mark::Add, format!("schema {name}")),
        Change::DropNamespace(name) => outer(Mark::Drop, format!("schema {name}")),
        Change::CreateEnum(e) => outer(Mark::Add, format!("enum {} ({})", e.name, e.values.join(", "))),
        Change::DropEnum(e) => outer(Mark::Drop, format!("enum {}", e.name)),
        Change::RenameEnum { from, to } => outer(Mark::Alter, format!("enum {from} is now {to}")),
        Change::AlterEnum { from, to, renamed } => {
            let mut parts = Vec::new();
            parts.extend(renamed.iter().map(|(old, new)| format!("{old} is now {new}")));
            let gone = |value: &&String| !to.values.contains(value) && !renamed.contains_key(*value);
            parts.extend(from.values.iter().filter(gone).map(|value| format!("without {value}")));
            let new = |value: &&String| !from.values.contains(value) && !renamed.values().any(|name| name == *value);
            parts.extend(to.values.iter().filter(new).map(|value| format!("with {value}")));
            if parts.is_empty() {
                parts.push("order or comment".to_owned());
            }
            outer(Mark::Alter, format!("enum {}: {}", to.name, parts.join(", ")))
        }
        Change::CreateTable(t) => outer(
            Mark::Add,
            format!("table {} ({})", t.name, count(t.columns.len(), "column")),
        ),
        Change::DropTable(t) => outer(Mark::Drop, format!("table {}", t.name)),
        Change::RenameTable { from, to } => outer(Mark::Alter, format!("table {from} is now {to}")),
        Change::AlterTable { from, to, changes } => {
            out.push(outer(Mark::Alter, format!("table {}", to.name)));
            let columns = changes.iter().map(|change| match change {
                TableChange::RenameColumn { from, to } => Some((from, to)),
                _ => None,
            });
            out.extend(changes.iter().zip(ends(columns)).filter_map(|(change, step)| {
                let (mark, text) = match step {
                    Step::Other => table_change(change, from, dialect),
                    Step::Between => return None,
                    Step::Rename(from, to) => (Mark::Alter, format!("column {from} is now {to}")),
                };
                Some(Line {
                    mark,
                    text,
                    inner: true,
                })
            }));
            return;
        }
        Change::Fill { table, column, value } => {
            outer(Mark::Alter, format!("rows of {table} without {column} get {value}"))
        }
        Change::Repartition { from, to } => {
            let names = to.iter().map(|table| &table.name).collect::<Vec<_>>();
            let gone = from.iter().filter(|table| !names.contains(&&table.name));
            let gone = gone.map(|table| &table.name).collect::<Vec<_>>();
            let way = match gone.as_slice() {
                [] => String::new(),
                gone => format!(" out of {}", list(gone)),
            };
            outer(Mark::Alter, format!("table {}: rows are copied{way}", list(&names)))
        }
        Change::CreateObject { id, .. } => outer(Mark::Add, id.to_string()),
        Change::DropObject { id, .. } => outer(Mark::Drop, id.to_string()),
        Change::AlterObject { id, .. } => outer(Mark::Alter, id.to_string()),
        Change::RenameAttributes { id, steps, .. } => {
            let pairs = steps.iter().map(|(from, to)| format!("{from} is now {to}"));
            outer(Mark::Alter, format!("{id}: {}", pairs.collect::<Vec<_>>().join(", ")))
        }
    };
    out.push(line);
}

fn table_change(change: &TableChange, from: &Table, dialect: &dyn Dialect) -> (Mark, String) {
    use Mark::{Add, Alter, Drop};
    match change {
        TableChange::RenameColumn { from, to } => (Alter, format!("column {from} is now {to}")),
        TableChange::RenameConstraint { from, to } => (Alter, format!("constraint {from} is now {to}")),
        TableChange::RenameValues { column, renamed } => {
            let pairs = renamed.iter().map(|(old, new)| format!("{old} is now {new}"));
            (
                Alter,
                format!("values of {column}: {}", pairs.collect::<Vec<_>>().join(", ")),
            )
        }
        TableChange::RenameIndex { from, to } => (Alter, format!("index {from} is now {to}")),
        TableChange::DropColumn(column) => (Drop, format!("column {}", self::column(column, dialect))),
        TableChange::AddColumn(column) => (Add, format!("column {}", self::column(column, dialect))),
        TableChange::AlterColumn { from, to } => (Alter, altered(from, to, dialect)),
        TableChange::DropPart(part) => (Drop, described(part)),
        TableChange::AddPart(part) => (Add, described(part)),
        TableChange::AlterPart { .. }
        | TableChange::Leave { .. }
        | TableChange::Join { .. }
        | TableChange::Repartition { .. } => (Alter, change.to_string()),
        TableChange::SetComment { .. } => (Alter, format!("comment of {}", from.name)),
        TableChange::SetOptions { .. } => (Alter, format!("options of {}", from.name)),
    }
}

fn described(part: &Part) -> String {
    let what = match part {
        Part::PrimaryKey(key) => format!("({})", list(&key.columns)),
        Part::Unique(unique) => format!("{} ({})", unique.name, list(&unique.columns)),
        Part::ForeignKey(key) => foreign_key(key),
        _ => part.name().to_string(),
    };
    format!("{} {what}", part.kind())
}

fn column(column: &Column, dialect: &dyn Dialect) -> String {
    let null = if column.nullable { ", nullable" } else { "" };
    format!("{} {}{null}", column.name, self::type_name(column, dialect))
}

fn type_name(column: &Column, dialect: &dyn Dialect) -> String {
    dialect
        .format(&column.ty)
        .unwrap_or_else(|_| format!("{:?}", column.ty))
}

/// What differs in a column, named one by one.
fn altered(from: &Column, to: &Column, dialect: &dyn Dialect) -> String {
    let mut parts = Vec::new();
    if from.ty != to.ty {
        parts.push(format!("{} → {}", type_name(from, dialect), type_name(to, dialect)));
    }
    if from.nullable != to.nullable {
        parts.push(if to.nullable { "may be NULL" } else { "NOT NULL" }.to_owned());
    }
    if from.value != to.value {
        parts.push("default".to_owned());
    }
    if from.collation != to.collation {
        parts.push("collation".to_owned());
    }
    if from.comment != to.comment {
        parts.push("comment".to_owned());
    }
    format!("column {}: {}", to.name, parts.join(", "))
}

fn foreign_key(key: &ForeignKey) -> String {
    format!(
        "({}) → {} ({})",
        list(&key.columns),
        key.references,
        list(&key.referenced)
    )
}

fn list<T: Display>(names: &[T]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// `1 column`, `2 columns`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
