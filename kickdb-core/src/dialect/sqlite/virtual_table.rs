//! Virtual tables that become others: SQLite alters none, and what is in one goes with it.

use super::expr::same;
use super::token::{Kind, Token, quoted_name, tokens};
use crate::ident::Qualified;
use crate::ir::{Object, ObjectId, Schema, Table};
use crate::plan::Steps;

const LOST: &str = "SQLite cannot alter a virtual table, and nothing can be copied: what is in it goes";
const COPIED: &str = "SQLite cannot alter a virtual table: it is made anew and its rows are copied";
const INDEXED_ANEW: &str =
    "SQLite cannot alter a virtual table: it is made anew and fills itself from its content table";

/// What a virtual table says of its rows, where its module is known.
pub(super) struct Rows {
    /// The modules between which rows can be copied.
    pub(super) family: Family,
    pub(super) columns: Vec<String>,
    /// How many of them an `rtree` keeps beside its boxes: the last ones.
    beside: usize,
    content: Content,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// `fts3`, `fts4`, `fts5`
    Text,
    /// `rtree`, `rtree_i32`
    Boxes,
}

/// Where the values are (<https://www.sqlite.org/fts5.html>, section 4.4).
#[derive(PartialEq, Eq)]
enum Content {
    Own,
    Table(String),
    Nowhere,
}

/// The table that a full-text index takes its content from.
pub(super) fn content_table(sql: &str) -> Option<String> {
    match Rows::of(sql)?.content {
        Content::Table(name) => Some(name),
        Content::Own | Content::Nowhere => None,
    }
}

/// Makes a virtual table. An index of words over a table that has rows finds none of them before it is told to look.
pub(super) fn make(id: &ObjectId, object: &Object, state: &Schema, out: &mut Steps) {
    out.push(object.sql.clone());
    if Rows::of(&object.sql).is_some_and(|rows| !rows.is_written() && rows.can_be_read(state)) {
        let name = quoted_name(id.name.name.as_str());
        out.push_noted(rebuilt(&name), "The index fills itself from its content table");
    }
}

fn rebuilt(name: &str) -> String {
    format!("INSERT INTO {name} ({name}) VALUES ('rebuild')")
}

/// Makes a virtual table anew, with the rows of the old one where they can be had. `has` tells what is in the schema.
pub(super) fn remake(id: &ObjectId, from: &Object, to: &Object, has: impl Fn(&Qualified) -> bool, out: &mut Steps) {
    let name = quoted_name(id.name.name.as_str());
    let drop = format!("DROP TABLE {name}");
    let (before, after) = (Rows::of(&from.sql), Rows::of(&to.sql));
    if let Some(Content::Table(content)) = after.as_ref().map(|after| &after.content)
        && crate::ident::Name::new(content.as_str()).is_ok_and(|content| has(&Qualified::local(content)))
    {
        out.push_noted(drop, INDEXED_ANEW);
        out.push(to.sql.clone());
        out.push(rebuilt(&name));
        return;
    }
    let Some(columns) = before.zip(after).and_then(|(before, after)| after.taken_from(&before)) else {
        out.push_noted(drop, LOST);
        out.push(to.sql.clone());
        return;
    };
    let old = quoted_name(&format!("kick_old_{}", id.name.name));
    // Views and triggers go on naming the table as they do.
    out.push_noted("PRAGMA legacy_alter_table = ON", COPIED);
    out.push(format!("ALTER TABLE {name} RENAME TO {old}"));
    out.push("PRAGMA legacy_alter_table = OFF");
    out.push(to.sql.clone());
    out.push(format!("INSERT INTO {name} ({columns}) SELECT {columns} FROM {old}"));
    out.push(format!("DROP TABLE {old}"));
}

/// Whether what is written into a virtual table is gone when it is, or when it becomes another one. Of a module that is not known, it
/// may be.
pub(super) fn loses_rows(from: &str, to: Option<&str>) -> bool {
    let before = Rows::of(from);
    let kept = before.as_ref().zip(to.and_then(Rows::of));
    let kept = kept.is_some_and(|(before, after)| after.is_written() && after.taken_from(before).is_some());
    !kept && before.is_none_or(|rows| rows.is_written())
}

impl Rows {
    pub(super) fn of(sql: &str) -> Option<Self> {
        let tokens = tokens(sql).ok()?;
        let using = tokens.iter().position(|token| token.is("USING"))?;
        let module = tokens.get(using + 1)?.unquoted().to_ascii_lowercase();
        let family = match module.as_str() {
            "fts3" | "fts4" | "fts5" => Family::Text,
            "rtree" | "rtree_i32" => Family::Boxes,
            _ => return None,
        };
        let arguments = match tokens.get(using + 2..) {
            Some([open, inner @ .., close]) if open.kind == Kind::Open && close.kind == Kind::Close => inner,
            _ => &[],
        };
        let mut rows = Self {
            family,
            columns: Vec::new(),
            beside: 0,
            content: Content::Own,
        };
        for argument in arguments.split(|token| token.kind == Kind::Comma) {
            rows.read(argument);
        }
        if rows.columns.is_empty() && module != "fts5" {
            rows.columns.push("content".to_owned());
        }
        Some(rows)
    }

    /// Whether it keeps, or indexes, what is written into it, and does not take it from elsewhere.
    pub(super) fn is_written(&self) -> bool {
        !matches!(self.content, Content::Table(_))
    }

    /// Whether the values of its columns can be had: they are its own, or those of a table that has them at that point.
    pub(super) fn can_be_read(&self, state: &Schema) -> bool {
        match &self.content {
            Content::Own => true,
            Content::Nowhere => false,
            Content::Table(content) => {
                let mut tables = state.tables.values();
                let table = tables.find(|table| same(table.name.name.as_str(), content));
                table.is_some_and(|table| self.columns.iter().all(|name| has_column(table, name)))
            }
        }
    }

    /// Whether that column of a box is kept beside it.
    pub(super) fn is_beside(&self, at: usize) -> bool {
        at >= self.columns.len() - self.beside
    }

    fn read(&mut self, argument: &[Token<'_>]) {
        match argument {
            [key, equals, value @ ..] if equals.text == "=" && key.is("content") => {
                let name = value.first().map(|value| value.unquoted().into_owned());
                self.content = match name.unwrap_or_default() {
                    name if name.is_empty() => Content::Nowhere,
                    name => Content::Table(name),
                };
            }
            // An option, also without `=`: `tokenize porter`, as fts3 has it.
            [key, next, ..] if next.text == "=" || key.is("tokenize") => {}
            // `+label`: kept beside the box, and not in the index.
            [plus, name, ..] if plus.text == "+" => {
                self.columns.push(name.unquoted().into_owned());
                self.beside += 1;
            }
            [name, ..] if name.is_name() => self.columns.push(name.unquoted().into_owned()),
            _ => {}
        }
    }

    /// Whether both have the number of each box, and one of them all sides of the other. SQLite makes 0 of those that come.
    fn box_of(&self, other: &Self) -> bool {
        let (own, others) = (self.sides(), other.sides());
        let within =
            |some: &[String], all: &[String]| some.iter().all(|side| all.iter().any(|other| same(other, side)));
        let number = own.first().zip(others.first());
        number.is_some_and(|(own, other)| same(own, other)) && (within(own, others) || within(others, own))
    }

    /// The number of a box and its sides.
    fn sides(&self) -> &[String] {
        &self.columns[..self.columns.len() - self.beside]
    }

    /// The columns that can be copied from the other one, where any can.
    fn taken_from(&self, other: &Self) -> Option<String> {
        if self.family != other.family || other.content == Content::Nowhere {
            return None;
        }
        let both = self
            .columns
            .iter()
            .filter(|column| other.columns.iter().any(|other| same(other, column)));
        let both = both.map(|column| quoted_name(column)).collect::<Vec<_>>();
        match self.family {
            Family::Text if !both.is_empty() => Some(format!("rowid, {}", both.join(", "))),
            // A box with other sides, or without its number, is another one.
            Family::Boxes if self.box_of(other) => Some(both.join(", ")),
            _ => None,
        }
    }
}

fn has_column(table: &Table, name: &str) -> bool {
    table.columns.iter().any(|column| same(column.name.as_str(), name))
}

/// The names that a virtual table says outside of itself, as SQL.
pub(super) fn said(sql: &str) -> String {
    content_table(sql).map_or_else(String::new, |table| quoted_name(&table))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_options_are_told_apart() {
        let rows = |sql: &str| Rows::of(sql).unwrap();
        let fts =
            rows("CREATE VIRTUAL TABLE f USING fts5(a, \"b c\" UNINDEXED, content='t', tokenize = 'porter ascii')");
        assert_eq!(fts.columns, ["a", "b c"]);
        assert!(fts.content == Content::Table("t".to_owned()));
        assert!(rows("CREATE VIRTUAL TABLE f USING fts5(a, content='')").content == Content::Nowhere);
        assert_eq!(rows("CREATE VIRTUAL TABLE f USING fts4").columns, ["content"]);
        assert_eq!(
            rows("CREATE VIRTUAL TABLE f USING fts3(a TEXT NOT NULL, tokenize porter)").columns,
            ["a"]
        );
        assert_eq!(
            rows("CREATE VIRTUAL TABLE f USING rtree(id, x0, x1, +label)").columns,
            ["id", "x0", "x1", "label"]
        );
        assert!(Rows::of("CREATE VIRTUAL TABLE f USING other(a)").is_none());
    }
}
