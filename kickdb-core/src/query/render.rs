//! Queries to SQL, in the words of a dialect.

mod node;
mod pattern;
mod query;
mod select;

use super::node::Node;
use super::select::Select;
use super::table::TableMeta;
use crate::dialect::{Dialect, Function};
use crate::error::{Error, Result};
use crate::value::{Bind, Statement, Value};

/// Writes one statement.
pub(super) struct Writer<'d> {
    dialect: &'d dyn Dialect,
    statement: Statement,
    /// Whether columns are named with their table, which only a query of several tables needs.
    qualified: bool,
    /// Whether the query that is written is one whose columns the program reads, or another query by their kind.
    are_read: bool,
    /// Tables that have another name just now, the innermost one last.
    pub(super) aliases: Vec<(&'static TableMeta, String)>,
    /// What the query around is grouped by and binds values, with the SQL that it has become once it is written.
    keys: Vec<(String, Option<String>)>,
    /// Whether those are written as the greatest of a group, all of which are the same: in `HAVING` of an engine that knows only
    /// columns and aggregates there.
    keys_of_group: bool,
    /// Whether a new row has met one that is there, so that there are the values that it brings.
    meets: bool,
    /// What the engine cannot do, where there is something.
    refused: Option<Error>,
}

impl<'d> Writer<'d> {
    pub(super) fn new(dialect: &'d dyn Dialect, qualified: bool) -> Self {
        let statement = Statement {
            sql: String::with_capacity(256),
            binds: Vec::new(),
        };
        Self {
            dialect,
            statement,
            qualified,
            are_read: true,
            aliases: Vec::new(),
            keys: Vec::new(),
            keys_of_group: false,
            meets: false,
            refused: None,
        }
    }

    /// The statement.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] where something in it is not what the engine can do.
    pub(super) fn finish(self) -> Result<Statement> {
        match self.refused {
            Some(error) => Err(error),
            None => Ok(self.statement),
        }
    }

    pub(super) fn dialect(&self) -> &'d dyn Dialect {
        self.dialect
    }

    pub(super) fn push(&mut self, sql: &str) {
        self.statement.sql.push_str(sql);
    }

    pub(super) fn name(&mut self, name: &str) {
        self.dialect.quote_str(name, &mut self.statement.sql);
    }

    pub(super) fn names(&mut self, names: &[&str]) {
        for (at, name) in names.iter().enumerate() {
            self.push(if at == 0 { "" } else { ", " });
            self.name(name);
        }
    }

    pub(super) fn table(&mut self, table: &TableMeta) {
        self.dialect
            .quote_table(table.schema, table.name, &mut self.statement.sql);
    }

    /// The other name that a table has just now.
    pub(super) fn alias(&self, table: &TableMeta) -> Option<&str> {
        let named = self
            .aliases
            .iter()
            .rev()
            .find(|(named, _)| (named.schema, named.name) == (table.schema, table.name) && table.alias.is_none());
        named.map(|(_, alias)| alias.as_str())
    }

    pub(super) fn column(&mut self, table: &TableMeta, name: &str) {
        if !self.qualified && self.aliases.is_empty() {
            self.name(name);
            return;
        }
        // What is written so far is not part of what decides how a column is named.
        let mut sql = std::mem::take(&mut self.statement.sql);
        self.write_column(table, name, &mut sql);
        self.statement.sql = sql;
    }

    /// A column as it is written at this place.
    pub(super) fn column_text(&self, table: &TableMeta, name: &str) -> String {
        let mut text = String::new();
        self.write_column(table, name, &mut text);
        text
    }

    fn write_column(&self, table: &TableMeta, name: &str, text: &mut String) {
        if let Some(alias) = table.alias.filter(|_| self.qualified) {
            self.dialect.quote_str(alias, text);
            text.push('.');
        } else if let Some(alias) = self.alias(table) {
            self.dialect.quote_str(alias, text);
            text.push('.');
        } else if self.qualified {
            self.dialect.quote_table(table.schema, table.name, text);
            text.push('.');
        }
        self.dialect.quote_str(name, text);
    }

    /// Whether columns are named with their table from here on; gives what was so before.
    pub(super) fn set_qualified(&mut self, qualified: bool) -> bool {
        std::mem::replace(&mut self.qualified, qualified)
    }

    /// Writes a query whose columns are read, or stay of the types that they have.
    pub(super) fn part(&mut self, select: Select, names: Option<&[&str]>, are_read: bool) {
        let before = std::mem::replace(&mut self.are_read, are_read);
        self.select_as(select, names);
        self.are_read = before;
    }

    fn numbers_placeholders(&self) -> bool {
        let mut two = [String::new(), String::new()];
        for (n, sql) in (1..).zip(&mut two) {
            self.dialect.placeholder(n, sql);
        }
        two[0] != two[1]
    }

    pub(super) fn refuse(&mut self, feature: impl Into<String>, hint: impl Into<String>) {
        if self.refused.is_none() {
            self.refused = Some(Error::Unsupported {
                feature: feature.into(),
                dialect: self.dialect.id().as_str(),
                hint: hint.into(),
            });
        }
    }

    /// Makes room for so many values that are bound one by one.
    pub(super) fn expect_binds(&mut self, count: usize) {
        self.statement.binds.reserve(count);
        self.statement.sql.reserve(count * "?, ".len());
    }

    pub(super) fn bind(&mut self, value: Value, written: bool) {
        if let Value::Now { zoned } = value {
            self.push(self.dialect.now(zoned));
            return;
        }
        let n = self.statement.binds.len() + 1;
        placeholder(self.dialect, n, &value, &mut self.statement.sql);
        self.statement.binds.push(Bind { value, written });
    }

    /// Writes what becomes of a row that a new one has met.
    pub(super) fn met(&mut self, write: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.meets, true);
        write(self);
        self.meets = before;
    }

    pub(super) fn filter(&mut self, filter: Option<Node>) {
        if let Some(filter) = filter {
            self.push(" WHERE ");
            self.node(filter);
        }
    }
}

/// Writes where the value of this number is bound.
pub(super) fn placeholder(dialect: &dyn Dialect, n: usize, value: &Value, sql: &mut String) {
    match value {
        Value::Enum { of, .. } => dialect.enum_placeholder(n, of.schema, of.name, false, sql),
        Value::List { of: Some(of), .. } => dialect.enum_placeholder(n, of.schema, of.name, true, sql),
        _ => dialect.placeholder(n, sql),
    }
}

/// Whether an expression is more than a column, so that there may be a value in it.
fn may_bind(node: &Node) -> bool {
    !matches!(
        node,
        Node::Column { .. } | Node::Value(_) | Node::Number(_) | Node::Position(_) | Node::Incoming(_)
    )
}

/// Whether it is a value of many rows.
fn is_aggregate(node: &Node) -> bool {
    match node {
        Node::Call { .. } => true,
        Node::Function { function, .. } => matches!(function, Function::ListOfGroup | Function::TextOfGroup),
        _ => false,
    }
}
