//! The constructs of a query to SQL: functions, choices, subqueries, windows, joins.

use super::node::Node;
use super::render::Writer;
use super::select::{Derived, Distinct, Join, Select, SetOperation};
use super::table::TableMeta;
use super::window::{Bound, WindowParts};
use crate::dialect::{Function, JoinKind, Lock};
use crate::value::{KindId, Value};

/// Whether a value means the same inside of a list. What is refused is said best by itself, with its place.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Null(_) | Value::Now { .. } | Value::Refused(_) | Value::List { .. } => false,
        Value::Float32(number) => number.is_finite(),
        Value::Float64(number) => number.is_finite(),
        Value::Text(text) => !text.contains('\0'),
        _ => true,
    }
}

impl Writer<'_> {
    pub(super) fn construct(&mut self, node: Node) {
        match node {
            Node::Function { function, of } => self.function(function, of),
            Node::JsonPath(steps) => {
                let path = self.dialect().json_path(&steps);
                self.bind(path, false);
            }
            Node::Words(words) => {
                let (parts, end) = self.dialect().sought(&words);
                for (before, value) in parts {
                    self.push(before);
                    self.bind(value, false);
                }
                self.push(end);
            }
            Node::Cast { of, to } => self.cast(*of, to),
            Node::Case { when, otherwise } => {
                self.push("CASE");
                for (condition, value) in when {
                    self.push(" WHEN ");
                    self.node(condition);
                    self.push(" THEN ");
                    self.node(value);
                }
                if let Some(otherwise) = otherwise {
                    self.push(" ELSE ");
                    self.node(*otherwise);
                }
                self.push(" END");
            }
            Node::Scalar(select) => {
                self.push("(");
                self.part(*select, None, false);
                self.push(")");
            }
            Node::Exists { mut select, not } => {
                self.push(if not { "NOT EXISTS (" } else { "EXISTS (" });
                // What it reads does not matter, but to a query whose rows are told apart by it.
                if select.more.is_empty() && matches!(select.distinct, Distinct::No) && select.group.is_empty() {
                    select.columns = Some(vec![Node::Number(1)]);
                }
                self.select(*select);
                self.push(")");
            }
            Node::InSelect { of, select, not } => {
                self.inner(*of);
                self.push(if not { " NOT IN (" } else { " IN (" });
                self.part(*select, None, false);
                self.push(")");
            }
            Node::Over { of, window } => {
                self.node(*of);
                self.push(" OVER (");
                self.window(*window);
                self.push(")");
            }
            Node::Windowed { function, of } => {
                self.push(function);
                self.push("(");
                self.list_of(of);
                self.push(")");
            }
            Node::Fragment { pieces, of } => {
                let mut of = of.into_iter();
                for piece in pieces {
                    self.push(piece);
                    if let Some(node) = of.next() {
                        self.inner(node);
                    }
                }
            }
            Node::Position(number) | Node::Number(number) => self.push(&number.to_string()),
            // The others are written where they are taken apart.
            other => self.node(other),
        }
    }

    /// Many values as one that is bound: the statement stays short, and no engine's limit of values is reached. The list as it
    /// was where it is short, or the engine cannot take it as one value.
    pub(super) fn many(&self, list: Vec<Node>) -> Result<(Value, &'static str, &'static str), Vec<Node>> {
        const MANY: usize = 500;
        let first = match list.first() {
            Some(Node::Value(value)) if list.len() > MANY => value,
            _ => return Err(list),
        };
        let (kind, of) = match first {
            Value::Enum { of, .. } => (KindId::Enum, Some(*of)),
            value => (value.kind(), None),
        };
        let plain = |node: &Node| matches!(node, Node::Value(value) if value.kind() == kind && is_plain(value));
        let Some((before, after)) = self.dialect().many(kind).filter(|_| list.iter().all(plain)) else {
            return Err(list);
        };
        let items = list.into_iter().filter_map(|node| match node {
            Node::Value(value) => Some(value),
            _ => None,
        });
        let items = items.collect();
        Ok((Value::List { kind, of, items }, before, after))
    }

    fn list_of(&mut self, nodes: Vec<Node>) {
        for (at, node) in nodes.into_iter().enumerate() {
            self.push(if at == 0 { "" } else { ", " });
            self.node(node);
        }
    }

    /// Puts the arguments into the engine's template, in the order in which it names them: values are bound in that order.
    fn function(&mut self, function: Function, of: Vec<Node>) {
        let template = match self.dialect().function(function) {
            Ok(template) => template,
            Err(hint) => {
                self.refuse(format!("the function {function:?} of a query"), hint);
                return;
            }
        };
        let mut rest = template;
        while let Some(at) = rest.find('{') {
            self.push(&rest[..at]);
            let number = usize::from(rest.as_bytes()[at + 1] - b'0');
            if let Some(node) = of.get(number) {
                match function.is_of_columns() {
                    true => self.in_own_type(node.clone(), &of),
                    false => self.read_inner(node.clone()),
                }
            }
            rest = &rest[at + 3..];
        }
        self.push(rest);
    }

    fn cast(&mut self, of: Node, to: KindId) {
        let Some(name) = self.dialect().cast_type(to) else {
            self.refuse(
                format!("a cast to values of the kind {to:?}"),
                "read the value as it is, and turn it into another one in Rust",
            );
            return;
        };
        self.push("CAST(");
        self.node(of);
        self.push(" AS ");
        self.push(name);
        self.push(")");
    }

    fn window(&mut self, window: WindowParts) {
        let partitioned = !window.partition.is_empty();
        if partitioned {
            self.push("PARTITION BY ");
            self.list_of(window.partition);
        }
        if !window.order.is_empty() {
            self.ordered(window.order, if partitioned { " ORDER BY " } else { "ORDER BY " });
        }
        if let Some((from, to)) = window.frame {
            self.push(" ROWS BETWEEN ");
            self.bound(from);
            self.push(" AND ");
            self.bound(to);
        }
    }

    fn bound(&mut self, bound: Bound) {
        match bound {
            Bound::Start => self.push("UNBOUNDED PRECEDING"),
            Bound::Before(rows) => self.push(&format!("{rows} PRECEDING")),
            Bound::Current => self.push("CURRENT ROW"),
            Bound::After(rows) => self.push(&format!("{rows} FOLLOWING")),
            Bound::End => self.push("UNBOUNDED FOLLOWING"),
        }
    }

    /// Writes the queries that have a name in this one, and leaves the others where they are.
    pub(super) fn common(&mut self, select: &mut Select) {
        if select.derived.is_empty() {
            return;
        }
        let all = std::mem::take(&mut select.derived);
        let (common, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|derived| derived.common);
        select.derived = rest;
        let recursive = common.iter().any(|derived| derived.recursive);
        let any = !common.is_empty();
        for (at, derived) in common.into_iter().enumerate() {
            self.push(match (at, recursive) {
                (0, true) => "WITH RECURSIVE ",
                (0, false) => "WITH ",
                _ => ", ",
            });
            self.name(derived.table.name);
            self.push(" (");
            self.names(derived.table.columns);
            self.push(") AS (");
            self.part(*derived.select, None, true);
            self.push(")");
        }
        if any {
            self.push(" ");
        }
    }

    /// Writes a table at its place in `FROM`, or the query that it is.
    pub(super) fn source(&mut self, table: &TableMeta, derived: &mut Vec<Derived>) {
        let found = derived.iter().position(|derived| derived.table.name == table.name);
        if let Some(at) = found {
            let derived = derived.remove(at);
            self.push("(");
            self.part(*derived.select, Some(derived.table.columns), true);
            self.push(") AS ");
            self.name(table.alias.unwrap_or(table.name));
            return;
        }
        self.table(table);
        if let Some(alias) = table.alias {
            self.push(" AS ");
            self.name(alias);
        }
    }

    pub(super) fn join(&mut self, join: Join, derived: &mut Vec<Derived>) {
        if !self.dialect().has_join(join.kind) {
            let (what, hint) = match join.kind {
                JoinKind::Full => (
                    "a full join",
                    "put a left join and the rows of the other side without a match together with `.union_all(…)`",
                ),
                JoinKind::Lateral | JoinKind::LeftLateral => (
                    "a lateral join",
                    "join a query that is grouped or numbered with `row_number()`, or load the rows as a relation",
                ),
                _ => ("this kind of join", "write the tables the other way round"),
            };
            self.refuse(what, hint);
        }
        self.push(match join.kind {
            JoinKind::Inner => " JOIN ",
            JoinKind::Left => " LEFT JOIN ",
            JoinKind::Right => " RIGHT JOIN ",
            JoinKind::Full => " FULL JOIN ",
            JoinKind::Cross => " CROSS JOIN ",
            JoinKind::Lateral => " JOIN LATERAL ",
            JoinKind::LeftLateral => " LEFT JOIN LATERAL ",
        });
        self.source(join.table, derived);
        match join.on {
            Some(on) => {
                self.push(" ON ");
                self.node(on);
            }
            None if join.kind != JoinKind::Cross => self.push(" ON 1 = 1"),
            None => {}
        }
    }

    pub(super) fn distinct(&mut self, select: &mut Select) {
        match std::mem::replace(&mut select.distinct, Distinct::No) {
            Distinct::No => self.push("SELECT "),
            Distinct::Rows => self.push("SELECT DISTINCT "),
            Distinct::On(nodes) => {
                if !self.dialect().has_distinct_on() {
                    self.refuse(
                        "`DISTINCT ON`",
                        "number the rows with `row_number().over(window().partition_by(…))` and take the first of each",
                    );
                }
                self.push("SELECT DISTINCT ON (");
                self.list_of(nodes);
                self.push(") ");
            }
        }
    }

    /// A part with an order or a limit of its own, or of several parts, is a query of its own: not every engine takes
    /// parentheses around it.
    pub(super) fn parts(&mut self, parts: Vec<(SetOperation, Select)>, names: Option<&[&str]>) {
        for (at, (operation, part)) in parts.into_iter().enumerate() {
            if at > 0 {
                self.push(match operation {
                    SetOperation::Union => " UNION ",
                    SetOperation::UnionAll => " UNION ALL ",
                    SetOperation::Intersect => " INTERSECT ",
                    SetOperation::Except => " EXCEPT ",
                });
            }
            let names = names.filter(|_| at == 0);
            if part.is_cut() || !part.more.is_empty() || part.derived.iter().any(|derived| derived.common) {
                self.push("SELECT * FROM (");
                self.select_as(part, names);
                self.push(") AS ");
                self.name(&format!("part{}", at + 1));
            } else {
                self.select_as(part, names);
            }
        }
    }

    pub(super) fn locks(&mut self, locks: &[Lock]) {
        for lock in locks {
            match self.dialect().lock(*lock) {
                Some(sql) => self.push(sql),
                None => self.refuse(
                    "locking rows",
                    "a transaction that writes has the whole file there, from its beginning; leave it out",
                ),
            }
        }
    }
}
