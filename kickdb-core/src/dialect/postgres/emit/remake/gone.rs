//! What says an attribute that a composite type has no more, or a value that is none of another kind of type: a later change takes
//! it away, or makes it anew, and finds it under its name until then.

use super::Remake;
use crate::diff::{Change, Part, TableChange};
use crate::ident::Name;
use crate::ir::{Check, Column, ColumnValue, Exclusion, Expr, Index, IndexKey, IndexPart, Table};

impl Remake<'_> {
    pub(super) fn column_until_then(&self, table: &Table, column: &mut Column) {
        let is_own = |change: &TableChange| match change {
            TableChange::DropColumn(gone) => gone.name == column.name,
            TableChange::AlterColumn { from, to } => to.name == column.name && from.value != to.value,
            _ => false,
        };
        if self.changes_later(table, is_own)
            && let ColumnValue::Generated { expr, .. } = &mut column.value
        {
            *expr = Expr::Null;
            column.nullable = true;
        }
    }

    pub(super) fn check_until_then(&self, table: &Table, check: &mut Check) {
        if self.drops_later(table, &Part::Check(check.clone())) {
            check.expr = Expr::Bool(true);
        }
    }

    pub(super) fn index_until_then(&self, table: &Table, index: &mut Index) {
        if self.drops_later(table, &Part::Index(index.clone())) {
            let nothing = IndexPart::new(IndexKey::Expr(Expr::Bool(true)));
            *index = Index::new(index.name.clone(), vec![nothing]);
        }
    }

    pub(super) fn exclusion_until_then(&self, table: &Table, exclusion: &mut Exclusion) {
        if self.drops_later(table, &Part::Exclusion(exclusion.clone())) {
            let nothing = IndexPart::new(IndexKey::Expr(Expr::Bool(true)));
            let method = Name::new("btree").unwrap_or_else(|_| exclusion.method.clone());
            *exclusion = Exclusion::new(exclusion.name.clone(), method, vec![(nothing, "=".to_owned())]);
            exclusion.predicate = Some(Expr::Bool(false));
        }
    }

    fn drops_later(&self, table: &Table, part: &Part) -> bool {
        self.changes_later(table, |change| match change {
            TableChange::DropPart(gone) => gone.is_like(part) && gone.name() == part.name(),
            _ => false,
        })
    }

    fn changes_later(&self, table: &Table, is_own: impl Fn(&TableChange) -> bool) -> bool {
        let later = || {
            self.later.iter().any(|change| {
                matches!(change, Change::AlterTable { to, changes, .. } if to.name == table.name && changes.iter().any(&is_own))
            })
        };
        (self.is_reshaped() || self.is_of_another_kind()) && later()
    }
}
