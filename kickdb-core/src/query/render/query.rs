//! The statements that a query becomes: its rows, their number, whether there is one.

use super::{Writer, is_aggregate};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::query::node::Node;
use crate::query::select::{Distinct, Query};
use crate::value::Statement;

impl<Out, S> Query<Out, S> {
    fn writer<'d>(&self, dialect: &'d dyn Dialect) -> Writer<'d> {
        Writer::new(dialect, self.select.is_qualified())
    }

    /// The statement.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`](crate::Error::Unsupported) where something in it is not what the engine can do.
    pub fn render(self, dialect: &dyn Dialect) -> Result<Statement> {
        let mut writer = self.writer(dialect);
        writer.select(self.select);
        writer.finish()
    }

    /// The statement that counts the rows.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`](crate::Error::Unsupported) where something in it is not what the engine can do.
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
                .is_some_and(|nodes| nodes.iter().any(has_aggregate));
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
    /// [`Error::Unsupported`](crate::Error::Unsupported) where something in it is not what the engine can do.
    pub fn render_exists(self, dialect: &dyn Dialect) -> Result<Statement> {
        let mut writer = self.writer(dialect);
        writer.push("SELECT EXISTS(");
        writer.select(self.select);
        writer.push(")");
        writer.finish()
    }
}

/// Whether a value of many rows is in it.
fn has_aggregate(node: &Node) -> bool {
    match node {
        node if is_aggregate(node) => true,
        Node::Function { of, .. } | Node::Fragment { of, .. } => of.iter().any(has_aggregate),
        Node::ToInt64(of) | Node::Not(of) | Node::Sized { of, .. } | Node::Cast { of, .. } => has_aggregate(of),
        Node::Binary { left, right, .. } => has_aggregate(left) || has_aggregate(right),
        _ => false,
    }
}
