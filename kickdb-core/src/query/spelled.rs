//! Columns of a type that one engine alone has: `inet`, `interval`, `int4range`, `money`. They are read and written as texts or
//! numbers, which the engine casts.

use super::node::Node;
use super::render::Writer;
use super::table::TableMeta;
use crate::dialect::ReadAs;
use crate::value::{KindId, Value};

/// How the database spells the type of a column, where it may not be one that the field's type stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spelled {
    /// The column's name.
    pub column: &'static str,
    /// The kind of its values in the program.
    pub kind: KindId,
    /// The type, where the declaration spells it.
    pub ty: Option<&'static str>,
}

/// What stands at a place is this column, in its own type.
#[derive(Clone, Copy)]
pub(super) struct Cast {
    ty: &'static str,
    kind: KindId,
    how: ReadAs,
}

/// How an operand is written.
#[derive(Clone, Copy)]
pub(super) enum Operand {
    Plain,
    /// A value that is cast.
    Bound(Cast),
    /// What is of a type of its own, cast to what the program reads.
    Read(Cast),
}

impl Writer<'_> {
    /// How values are cast to and from a column, where they have to be.
    pub(super) fn cast_of(&self, table: &TableMeta, column: &str) -> Option<Cast> {
        let spelled = table.spelled.iter().find(|spelled| spelled.column == column)?;
        let (ty, kind) = (spelled.ty?, spelled.kind);
        let how = self.dialect().read_as(kind, ty)?;
        Some(Cast { ty, kind, how })
    }

    /// The cast of what an expression gives: of a column, or the least or greatest of its values.
    pub(super) fn cast_of_node(&self, node: &Node) -> Option<Cast> {
        match node {
            Node::Column { table, name } => self.cast_of(table, name),
            Node::Call {
                function: "min" | "max",
                of: Some(of),
                ..
            } => self.cast_of_node(of),
            Node::Scalar(select) => match select.columns.as_deref() {
                Some([one]) if select.more.is_empty() => self.cast_of_node(one),
                _ => None,
            },
            _ => None,
        }
    }

    /// Writes an expression whose value the program reads.
    pub(super) fn read(&mut self, node: Node) {
        match self.cast_of_node(&node) {
            Some(cast) => self.operand(node, Operand::Read(cast)),
            None => self.node(node),
        }
    }

    /// Writes an operand of what knows only its kind, such as a function.
    pub(super) fn read_inner(&mut self, node: Node) {
        let how = self.cast_of_node(&node).map_or(Operand::Plain, Operand::Read);
        self.operand(node, how);
    }

    /// Writes an operand of what knows the types of columns: a column stands alone, as an index on it needs, and a value becomes of
    /// the type of the column among the operands.
    pub(super) fn in_own_type(&mut self, node: Node, of: &[Node]) {
        let cast = of.iter().find_map(|node| self.cast_of_node(node));
        match cast {
            Some(cast) => self.operand(node, Operand::Bound(cast)),
            None => self.inner(node),
        }
    }

    /// Columns of a table that the program reads.
    pub(super) fn read_names(&mut self, table: &TableMeta, columns: &[&str]) {
        for (at, column) in columns.iter().enumerate() {
            self.push(if at == 0 { "" } else { ", " });
            let (before, after) = self.cast_of(table, column).map_or(("", ""), |cast| cast.how.around);
            self.push(before);
            self.column(table, column);
            self.push(after);
        }
    }

    /// How an operand is written that is compared with others: values become of the others' type, and what is of a type of its
    /// own beside anything else is compared as the program reads it.
    pub(super) fn beside(&self, node: &Node, others: &[&Node]) -> Operand {
        let own = |node: &&Node| self.cast_of_node(node);
        if let Node::Value(_) = node {
            return others.iter().find_map(own).map_or(Operand::Plain, Operand::Bound);
        }
        let typed = |other: &&Node| matches!(other, Node::Value(_)) || own(other).is_some();
        match own(&node) {
            Some(cast) if !others.iter().all(typed) => Operand::Read(cast),
            _ => Operand::Plain,
        }
    }

    /// Writes an operand.
    pub(super) fn operand(&mut self, node: Node, how: Operand) {
        match (node, how) {
            (Node::Value(value), Operand::Bound(cast)) => self.bind_as(value, false, Some(cast)),
            (node, Operand::Read(cast)) => {
                self.push(cast.how.around.0);
                self.inner(node);
                self.push(cast.how.around.1);
            }
            (node, _) => self.inner(node),
        }
    }

    /// Binds a value, or a list of values, to what is of a type of its own.
    pub(super) fn bind_as(&mut self, value: Value, written: bool, cast: Option<Cast>) {
        let Some(cast) = cast.filter(|_| !matches!(value, Value::Now { .. })) else {
            return self.bind(value, written);
        };
        let list = matches!(value, Value::List { .. }) && !matches!(cast.kind, KindId::List(_));
        self.bind(value, written);
        for ty in [cast.how.bound, "::", cast.ty] {
            self.push(ty);
            if list && ty != "::" {
                self.push("[]");
            }
        }
    }

    /// An expression that is stored in a column.
    pub(super) fn stored(&mut self, table: &TableMeta, column: &str, node: Node) {
        match node {
            Node::Value(value) => {
                let cast = self.cast_of(table, column);
                self.bind_as(value, true, cast);
            }
            other => self.node(other),
        }
    }
}
