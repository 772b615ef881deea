//! Expressions.

use super::{Writer, is_aggregate, may_bind};
use crate::dialect::Upsert;
use crate::error::Error;
use crate::query::node::Node;
use crate::value::KindId;

impl Writer<'_> {
    /// Writes an expression that can stand alone. What a query is grouped by is written with the same placeholders at each
    /// place: an engine that numbers them cannot see that two hold the same value.
    pub(in crate::query) fn node(&mut self, node: Node) {
        if self.keys.is_empty() || !may_bind(&node) {
            self.write(node);
            return;
        }
        let shown = format!("{node:?}");
        let Some(at) = self.keys.iter().position(|(key, _)| *key == shown) else {
            self.write(node);
            return;
        };
        if self.keys_of_group {
            self.push("max(");
            self.without_keys(node);
            self.push(")");
            return;
        }
        if let Some(sql) = self.keys[at].1.clone() {
            self.push(&sql);
            return;
        }
        let from = self.statement.sql.len();
        self.write(node);
        self.keys[at].1 = Some(self.statement.sql[from..].to_owned());
    }

    /// Writes an expression for each row, whatever the query is grouped by.
    fn without_keys(&mut self, node: Node) {
        let keys = std::mem::take(&mut self.keys);
        self.write(node);
        self.keys = keys;
    }

    fn write(&mut self, node: Node) {
        match node {
            aggregate if self.keys_of_group && !self.keys.is_empty() && is_aggregate(&aggregate) => {
                self.without_keys(aggregate);
            }
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
                if !self.meets && self.refused.is_none() {
                    self.refused = Some(Error::validation(format!(
                        "`incoming(…)` of the column `{name}` is what a new row brings where it meets another one, and here is none; use \
                         it in `.do_update_with(…)` of an insert"
                    )));
                }
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
    pub(in crate::query) fn inner(&mut self, node: Node) {
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
            | Node::Words(_)
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
}
