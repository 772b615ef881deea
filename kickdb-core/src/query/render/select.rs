//! Queries: what is read, from where, in which order.

use super::{Writer, may_bind};
use crate::dialect::JoinKind;
use crate::query::node::{Node, OrderPart};
use crate::query::select::{Select, and_also};

impl Writer<'_> {
    pub(in crate::query) fn order(&mut self, order: Vec<OrderPart>) {
        self.ordered(order, " ORDER BY ");
    }

    pub(in crate::query) fn ordered(&mut self, order: Vec<OrderPart>, word: &str) {
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

    pub(super) fn from(&mut self, select: &mut Select) {
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
        let computed = if self.dialect.has_keys_in_having() || select.having.is_none() {
            Vec::new()
        } else {
            computed_keys(&select.group)
        };
        for (at, node) in std::mem::take(&mut select.group).into_iter().enumerate() {
            self.push(if at == 0 { " GROUP BY " } else { ", " });
            self.node(node);
        }
        if let Some(having) = select.having.take() {
            self.push(" HAVING ");
            if computed.is_empty() {
                self.node(having);
            } else {
                self.of_group(having, computed);
            }
        }
    }

    /// Writes a condition on groups, these keys in it as the greatest of the group, in which they are all the same.
    fn of_group(&mut self, having: Node, computed: Vec<(String, Option<String>)>) {
        let keys = std::mem::replace(&mut self.keys, computed);
        let of_group = std::mem::replace(&mut self.keys_of_group, true);
        self.node(having);
        (self.keys, self.keys_of_group) = (keys, of_group);
    }

    pub(in crate::query) fn page(&mut self, limit: Option<u64>, offset: Option<u64>) {
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

    pub(in crate::query) fn select(&mut self, select: Select) {
        self.select_as(select, None);
    }

    /// Writes a query, its columns under these names where there are some.
    pub(in crate::query) fn select_as(&mut self, mut select: Select, names: Option<&[&str]>) {
        let before = self.set_qualified(select.is_qualified());
        let keys = std::mem::take(&mut self.keys);
        self.common(&mut select);
        if !select.group.is_empty() && self.numbers_placeholders() {
            self.keys = computed_keys(&select.group);
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

/// What a query is grouped by that is more than a column, as it is looked for.
fn computed_keys(group: &[Node]) -> Vec<(String, Option<String>)> {
    let computed = group.iter().filter(|node| may_bind(node));
    computed.map(|node| (format!("{node:?}"), None)).collect()
}

/// Leaves out the rows that are marked as deleted. Of a joined table they are no match, so that the rows of the others stay
/// where they would without a match.
fn leave_deleted(select: &mut Select) {
    if let Some(seen) = select.from.seen() {
        and_also(&mut select.filter, Some(seen));
    }
    for join in &mut select.joins {
        let Some(seen) = join.table.seen() else { continue };
        match &mut join.on {
            Some(on) if matches!(join.kind, JoinKind::Inner | JoinKind::Left) => {
                let before = std::mem::replace(on, Node::All(Vec::new()));
                *on = before.and(seen);
            }
            // All rows of the joined table stay, whatever its condition says; a row without one has NULL in the mark, too.
            _ => and_also(&mut select.filter, Some(seen)),
        }
    }
}
