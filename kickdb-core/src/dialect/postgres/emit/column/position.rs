//! Where a counter stands, when a column goes on by another one.
//!
//! The rows do not say it: those with the last numbers may be gone, and a number that was given out must not come again.

use super::Alteration;
use crate::dialect::postgres::counter::{self, full};
use crate::dialect::postgres::objects;
use crate::dialect::postgres::syntax::{literal, qualified};
use crate::ident::Qualified;
use crate::ir::{Column, ColumnValue, Identity, ObjectKind, Schema, SqlType, Table};

const STANDS: &str = "The new counter goes on where the old one stands.";

/// What a column draws its numbers from.
#[derive(PartialEq, Eq)]
enum Kind {
    Serial,
    Identity,
    /// A sequence that is there by itself.
    Free,
}

struct Counting {
    kind: Kind,
    sequence: Qualified,
    ascends: bool,
}

impl Counting {
    fn of(table: &Table, column: &Column, state: &Schema) -> Option<Self> {
        match &column.value {
            ColumnValue::Identity(identity, counter) => Some(Self {
                kind: match identity {
                    Identity::Serial => Kind::Serial,
                    Identity::Always | Identity::ByDefault => Kind::Identity,
                },
                sequence: counter::sequence(counter.as_deref(), &table.name, &column.name),
                ascends: full(column).increment > 0,
            }),
            value => {
                let mut sequences = state.objects.iter().filter(|(id, _)| id.kind == ObjectKind::Sequence);
                let (id, object) = sequences.find(|(id, _)| counter::is_drawing(value, &id.name))?;
                Some(Self {
                    kind: Kind::Free,
                    sequence: id.name.clone(),
                    ascends: objects::ascends(object),
                })
            }
        }
    }

    /// Whether the sequence of the one is gone when that of the other is there.
    fn ends_with(&self, next: &Self) -> bool {
        match (&self.kind, &next.kind) {
            (Kind::Serial, Kind::Identity) | (Kind::Identity, Kind::Serial) => true,
            (one, other) => one != other && self.sequence != next.sequence,
        }
    }
}

impl Alteration {
    /// Keeps where the old counter stands until the new one is there.
    pub(super) fn carry_on(&mut self, (table, state): (&Table, &Schema), from: &Column, to: &Column) {
        let count = |column| Counting::of(table, column, state);
        let (Some(old), Some(new)) = (count(from), count(to)) else {
            return;
        };
        if !old.ends_with(&new) || old.ascends != new.ascends {
            return;
        }
        let kept = qualified(&table.name.sibling(counter::kept_name(&to.name)));
        let keep = [
            format!("CREATE SEQUENCE {kept} MINVALUE {}", i64::MIN),
            format!(
                "SELECT setval({}, last_value, is_called) FROM {}",
                literal(&kept),
                qualified(&old.sequence)
            ),
        ];
        self.before.splice(0..0, keep.map(|sql| (sql, None)));
        let (name, further) = (qualified(&new.sequence), if new.ascends { ">" } else { "<" });
        let go_on = format!(
            "SELECT setval({of}, k.last_value, k.is_called) FROM {kept} k, {name} n, pg_catalog.pg_sequence s\n  \
             WHERE s.seqrelid = {of}::regclass AND k.last_value BETWEEN s.seqmin AND s.seqmax\n    \
             AND (k.last_value {further} n.last_value OR k.last_value = n.last_value AND k.is_called)",
            of = literal(&name),
        );
        self.after
            .extend([(go_on, Some(STANDS)), (format!("DROP SEQUENCE {kept}"), None)]);
    }

    /// Lets a free sequence from which a column draws that has drawn from another go on behind the rows that are there.
    pub(super) fn hand_on(&mut self, (table, state): (&Table, &Schema), from: &Column, to: &Column) {
        let count = |column| Counting::of(table, column, state);
        if let (Some(old), Some(new)) = (count(from), count(to))
            && old.sequence != new.sequence
            && new.ascends
            && matches!(to.ty, SqlType::Int { .. })
        {
            self.go_further(table, to, &new.sequence);
        }
    }
}
