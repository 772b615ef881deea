//! Queries to SQL, in the words of a dialect.

use super::node::{Node, OrderPart};
use super::select::{Distinct, Query, Select};
use super::table::TableMeta;
use crate::dialect::{Dialect, Function, JoinKind, Pattern, Upsert};
use crate::error::{Error, Result};
use crate::value::{Bind, KindId, Statement, Value};

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
        if let Some(schema) = table.schema {
            self.name(schema);
            self.push(".");
        }
        self.name(table.name);
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
            if let Some(schema) = table.schema {
                self.dialect.quote_str(schema, text);
                text.push('.');
            }
            self.dialect.quote_str(table.name, text);
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

    pub(super) fn filter(&mut self, filter: Option<Node>) {
        if let Some(filter) = filter {
            self.push(" WHERE ");
            self.node(filter);
        }
    }

    /// Writes an expression that can stand alone. What a query is grouped by is written with the same placeholders at each
    /// place: an engine that numbers them cannot see that two hold the same value.
    pub(super) fn node(&mut self, node: Node) {
        if self.keys.is_empty() || !may_bind(&node) {
            self.write(node);
            return;
        }
        let shown = format!("{node:?}");
        let Some(at) = self.keys.iter().position(|(key, _)| *key == shown) else {
            self.write(node);
            return;
        };
        if let Some(sql) = self.keys[at].1.clone() {
            self.push(&sql);
            return;
        }
        let from = self.statement.sql.len();
        self.write(node);
        self.keys[at].1 = Some(self.statement.sql[from..].to_owned());
    }

    fn write(&mut self, node: Node) {
        match node {
            Node::Column { table, name } => self.column(table, name),
            Node::Value(value) => self.bind(value, false),
            Node::Binary { left, operator, right } => {
                let how = (self.beside(&left, &[&right]), self.beside(&right, &[&left]));
                self.operand(*left, how.0);
                self.push(" ");
                self.push(operator);
                self.push(" ");
                self.operand(*right, how.1);
            }
            Node::Not(of) => {
                self.push("NOT (");
                self.node(*of);
                self.push(")");
            }
            Node::IsNull { of, not } => {
                self.inner(*of);
                self.push(if not { " IS NOT NULL" } else { " IS NULL" });
            }
            Node::In { of, list, not } => self.one_of(*of, list, not),
            Node::Between { of, low, high } => {
                let how = [
                    self.beside(&of, &[&low, &high]),
                    self.beside(&low, &[&of]),
                    self.beside(&high, &[&of]),
                ];
                self.operand(*of, how[0]);
                self.push(" BETWEEN ");
                self.operand(*low, how[1]);
                self.push(" AND ");
                self.operand(*high, how[2]);
            }
            Node::Like {
                of,
                pattern,
                ignore_case,
            } => self.like(*of, &pattern, ignore_case),
            Node::All(all) => self.list(all, " AND ", "1 = 1"),
            Node::Any(any) => self.list(any, " OR ", "1 = 0"),
            Node::Call { function, distinct, of } => {
                self.push(function);
                self.push(if distinct { "(DISTINCT " } else { "(" });
                match of {
                    Some(of) => self.node(*of),
                    None => self.push("*"),
                }
                self.push(")");
            }
            Node::ToInt64(of) => {
                self.push("CAST(");
                self.node(*of);
                self.push(" AS ");
                self.push(self.dialect.bigint());
                self.push(")");
            }
            Node::Related(related) => self.related(*related),
            Node::Incoming(name) => {
                let duplicates = self.dialect.upsert() == Upsert::OnDuplicateKey;
                self.push(if duplicates { "VALUES(" } else { "excluded." });
                self.name(name);
                self.push(if duplicates { ")" } else { "" });
            }
            Node::Sized { of, kind } => {
                self.require_size(kind);
                self.node(*of);
            }
            other => self.construct(other),
        }
    }

    /// Writes an expression inside of another one: in parentheses where it is not of one piece.
    pub(super) fn inner(&mut self, node: Node) {
        match node {
            Node::Column { table, name } => self.column(table, name),
            Node::Value(value) => self.bind(value, false),
            Node::Call { .. }
            | Node::ToInt64(_)
            | Node::Related(_)
            | Node::Incoming(_)
            | Node::Cast { .. }
            | Node::Function { .. }
            | Node::JsonPath(_)
            | Node::Scalar(_)
            | Node::Over { .. }
            | Node::Position(_)
            | Node::Number(_) => self.node(node),
            Node::Sized { of, kind } => {
                self.require_size(kind);
                self.inner(*of);
            }
            other => {
                self.push("(");
                self.node(other);
                self.push(")");
            }
        }
    }

    fn require_size(&mut self, kind: KindId) {
        if self.refused.is_none() && !self.dialect.has_size(kind) {
            self.refused = Some(Error::Unsupported {
                feature: format!("comparing, sorting by or calculating with values of the kind {kind:?}"),
                dialect: self.dialect.id().as_str(),
                hint: "the engine keeps them as text, and texts sort by their characters; ask only whether they are equal, \
                       keep a whole number of the smallest unit in an `i64` column (cents instead of euros), or read the \
                       rows and do it in Rust"
                    .to_owned(),
            });
        }
    }

    /// Conditions with a word between; a list of another kind inside is put in parentheses.
    fn list(&mut self, nodes: Vec<Node>, word: &str, none: &str) {
        if nodes.is_empty() {
            self.push(none);
        }
        for (at, node) in nodes.into_iter().enumerate() {
            self.push(if at == 0 { "" } else { word });
            match node {
                Node::All(_) | Node::Any(_) => {
                    self.push("(");
                    self.node(node);
                    self.push(")");
                }
                simple => self.node(simple),
            }
        }
    }

    /// `IN ()` is not SQL everywhere, and what it would be is known.
    fn one_of(&mut self, of: Node, list: Vec<Node>, not: bool) {
        if list.is_empty() {
            self.push(if not { "1 = 1" } else { "1 = 0" });
            return;
        }
        let cast = self.cast_of_node(&of);
        let list = match self.many(list) {
            Ok((of_list, before, after)) => {
                self.inner(of);
                self.push(if not { " NOT IN (" } else { " IN (" });
                self.push(before);
                self.bind_as(of_list, false, cast);
                self.push(after);
                self.push(")");
                return;
            }
            Err(few) => few,
        };
        let others: Vec<&Node> = list.iter().collect();
        let how = self.beside(&of, &others);
        self.operand(of, how);
        self.push(if not { " NOT IN (" } else { " IN (" });
        for (at, item) in list.into_iter().enumerate() {
            self.push(if at == 0 { "" } else { ", " });
            match (item, cast) {
                (Node::Value(value), Some(cast)) => self.bind_as(value, false, Some(cast)),
                (item, _) => self.node(item),
            }
        }
        self.push(")");
    }

    fn like(&mut self, of: Node, pattern: &str, ignore_case: bool) {
        let how = self.dialect.pattern(ignore_case);
        if how == Pattern::Folded {
            self.push("lower(");
            self.read(of);
            self.push(") LIKE lower(");
            self.bind(Value::Text(pattern.to_owned()), false);
            self.push(")");
            self.push(self.dialect.pattern_escape());
            return;
        }
        self.read_inner(of);
        self.push(" ");
        match how {
            Pattern::Like(operator) => {
                self.push(operator);
                self.push(" ");
                self.bind(Value::Text(pattern.to_owned()), false);
                self.push(self.dialect.pattern_escape());
            }
            Pattern::Glob(operator) => {
                self.push(operator);
                self.push(" ");
                self.bind(Value::Text(glob(pattern)), false);
            }
            Pattern::Folded => {}
        }
    }

    pub(super) fn order(&mut self, order: Vec<OrderPart>) {
        self.ordered(order, " ORDER BY ");
    }

    pub(super) fn ordered(&mut self, order: Vec<OrderPart>, word: &str) {
        for (at, part) in order.into_iter().enumerate() {
            self.push(if at == 0 { word } else { ", " });
            let emulated = part.nulls_first.filter(|_| !self.dialect.has_nulls_order());
            if let Some(first) = emulated {
                self.inner(part.by.clone());
                self.push(if first { " IS NULL DESC, " } else { " IS NULL, " });
            }
            self.node(part.by);
            if part.descending {
                self.push(" DESC");
            }
            match part.nulls_first.filter(|_| emulated.is_none()) {
                Some(true) => self.push(" NULLS FIRST"),
                Some(false) => self.push(" NULLS LAST"),
                None => {}
            }
        }
    }

    fn from(&mut self, select: &mut Select) {
        self.push(" FROM ");
        if !select.deleted {
            leave_deleted(select);
        }
        let mut derived = std::mem::take(&mut select.derived);
        self.source(select.from, &mut derived);
        for join in std::mem::take(&mut select.joins) {
            self.join(join, &mut derived);
        }
        self.filter(select.filter.take());
        for (at, node) in std::mem::take(&mut select.group).into_iter().enumerate() {
            self.push(if at == 0 { " GROUP BY " } else { ", " });
            self.node(node);
        }
        if let Some(having) = select.having.take() {
            self.push(" HAVING ");
            self.node(having);
        }
    }

    pub(super) fn page(&mut self, limit: Option<u64>, offset: Option<u64>) {
        // Only PostgreSQL has OFFSET without LIMIT; no table has more rows than this.
        let most = i64::MAX.unsigned_abs();
        let limit = limit.or(offset.map(|_| most));
        if let Some(limit) = limit {
            self.push(" LIMIT ");
            self.push(&limit.min(most).to_string());
        }
        if let Some(offset) = offset {
            self.push(" OFFSET ");
            self.push(&offset.min(most).to_string());
        }
    }

    fn columns(&mut self, select: &mut Select, names: Option<&[&str]>) {
        let read = self.are_read;
        let table = select.from;
        if select.columns.is_none() && names.is_none() && read {
            self.read_names(table, table.columns);
            return;
        }
        let nodes = select.columns.take().unwrap_or_else(|| {
            let all = table.columns.iter();
            all.map(|name| Node::Column { table, name }).collect()
        });
        for (at, node) in nodes.into_iter().enumerate() {
            self.push(if at == 0 { "" } else { ", " });
            match read {
                true => self.read(node),
                false => self.node(node),
            }
            if let Some(name) = names.and_then(|names| names.get(at)) {
                self.push(" AS ");
                self.name(name);
            }
        }
    }

    pub(super) fn select(&mut self, select: Select) {
        self.select_as(select, None);
    }

    /// Writes a query, its columns under these names where there are some.
    pub(super) fn select_as(&mut self, mut select: Select, names: Option<&[&str]>) {
        let before = self.set_qualified(select.is_qualified());
        let keys = std::mem::take(&mut self.keys);
        self.common(&mut select);
        if !select.group.is_empty() && self.numbers_placeholders() {
            let binding = select.group.iter().filter(|node| may_bind(node));
            self.keys = binding.map(|node| (format!("{node:?}"), None)).collect();
        }
        if !select.more.is_empty() {
            self.parts(std::mem::take(&mut select.more), names);
        } else {
            self.distinct(&mut select);
            self.columns(&mut select, names);
            self.from(&mut select);
        }
        self.order(std::mem::take(&mut select.order));
        self.page(select.limit, select.offset);
        self.locks(&select.locks);
        self.keys = keys;
        self.set_qualified(before);
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

impl<Out, S> Query<Out, S> {
    fn writer<'d>(&self, dialect: &'d dyn Dialect) -> Writer<'d> {
        Writer::new(dialect, self.select.is_qualified())
    }

    /// The statement.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] where something in it is not what the engine can do.
    pub fn render(self, dialect: &dyn Dialect) -> Result<Statement> {
        let mut writer = self.writer(dialect);
        writer.select(self.select);
        writer.finish()
    }

    /// The statement that counts the rows.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] where something in it is not what the engine can do.
    pub fn render_count(mut self, dialect: &dyn Dialect) -> Result<Statement> {
        let mut writer = self.writer(dialect);
        let select = &self.select;
        let whole = !matches!(select.distinct, Distinct::No)
            || !select.group.is_empty()
            || select.limit.is_some()
            || select.offset.is_some()
            || !select.more.is_empty();
        // Aggregates without a group make one row of all.
        let aggregated = select.having.is_some()
            || select
                .columns
                .as_ref()
                .is_some_and(|nodes| nodes.iter().any(is_aggregate));
        self.select.locks.clear();
        writer.common(&mut self.select);
        writer.push("SELECT count(*)");
        if whole || aggregated {
            writer.push(" FROM (");
            // Its columns need names of their own, since two tables may have the same one.
            let many = self.select.columns.as_ref().map_or(0, Vec::len);
            let names: Vec<String> = (0..many).map(|at| format!("c{at}")).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            if self.select.limit.is_none()
                && self.select.offset.is_none()
                && !matches!(self.select.distinct, Distinct::On(_))
            {
                self.select.order.clear();
            }
            writer.select_as(self.select, Some(&names));
            writer.push(") AS ");
            writer.name("counted");
        } else {
            writer.from(&mut self.select);
        }
        writer.finish()
    }

    /// The statement that asks whether there is a row.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] where something in it is not what the engine can do.
    pub fn render_exists(self, dialect: &dyn Dialect) -> Result<Statement> {
        let mut writer = self.writer(dialect);
        writer.push("SELECT EXISTS(");
        writer.select(self.select);
        writer.push(")");
        writer.finish()
    }
}

/// Leaves out the rows that are marked as deleted. Of a joined table they are no match, so that the rows of the others stay
/// where they would without a match.
fn leave_deleted(select: &mut Select) {
    if let Some(seen) = select.from.seen() {
        super::select::and_also(&mut select.filter, Some(seen));
    }
    for join in &mut select.joins {
        let Some(seen) = join.table.seen() else { continue };
        match &mut join.on {
            Some(on) if matches!(join.kind, JoinKind::Inner | JoinKind::Left) => {
                let before = std::mem::replace(on, Node::All(Vec::new()));
                *on = before.and(seen);
            }
            // All rows of the joined table stay, whatever its condition says; a row without one has NULL in the mark, too.
            _ => super::select::and_also(&mut select.filter, Some(seen)),
        }
    }
}

/// Whether an expression is more than a column, so that there may be a value in it.
fn may_bind(node: &Node) -> bool {
    !matches!(
        node,
        Node::Column { .. } | Node::Value(_) | Node::Number(_) | Node::Position(_) | Node::Incoming(_)
    )
}

fn is_aggregate(node: &Node) -> bool {
    match node {
        Node::Call { .. } => true,
        Node::Function {
            function: Function::ListOfGroup | Function::TextOfGroup,
            ..
        } => true,
        Node::Function { of, .. } | Node::Fragment { of, .. } => of.iter().any(is_aggregate),
        Node::ToInt64(of) | Node::Not(of) | Node::Sized { of, .. } | Node::Cast { of, .. } => is_aggregate(of),
        Node::Binary { left, right, .. } => is_aggregate(left) || is_aggregate(right),
        _ => false,
    }
}

/// The pattern of `LIKE` as one of `GLOB`.
fn glob(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 2);
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '%' => out.push('*'),
            '_' => out.push('?'),
            '\\' => push_literal(characters.next().unwrap_or('\\'), &mut out),
            other => push_literal(other, &mut out),
        }
    }
    out
}

/// Only these three are special outside of a character set.
fn push_literal(character: char, out: &mut String) {
    if matches!(character, '*' | '?' | '[') {
        out.push('[');
        out.push(character);
        out.push(']');
    } else {
        out.push(character);
    }
}
