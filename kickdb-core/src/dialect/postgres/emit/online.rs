//! The safe way to what a plain statement does under a lock that keeps writers out, statement by statement.
//!
//! Each statement is a transaction of its own: what one has locked is free again before the next.

use super::column::push_actions;
use super::define;
use crate::dialect::postgres::syntax::{ident, qualified};
use crate::diff::{Part, TableChange};
use crate::ident::Name;
use crate::ir::{Check, Column, ForeignKey, Index, IndexKey, IndexPart, PrimaryKey, Table, Unique};
use crate::plan::Steps;

/// Whether the ways of this file are open for the table: not for one that is spread over partitions or is one of them.
pub(super) fn is_open(table: &Table, out: &Steps) -> bool {
    out.online() && table.partition_by.is_none() && table.partition.is_none() && table.inherits.is_empty()
}

/// Keys and checks, then indexes, then foreign keys, as the plain form does.
pub(super) fn adds(to: &Table, changes: &[TableChange], out: &mut Steps) {
    for change in changes {
        match change {
            TableChange::AddPart(Part::PrimaryKey(key)) => primary_key(to, key, out),
            TableChange::AddPart(Part::Unique(unique)) => self::unique(to, unique, out),
            TableChange::AddPart(Part::Exclusion(exclusion)) => {
                push_actions(&to.name, &[format!("ADD {}", define::exclusion(exclusion))], out);
            }
            _ => {}
        }
    }
    for change in changes {
        if let TableChange::AddPart(Part::Check(check)) = change {
            self::check(to, check, out);
        }
    }
    for change in changes {
        if let TableChange::AddPart(Part::Index(index)) = change {
            out.push(define::index_concurrently(to, index));
            define::look(to, index, None, out);
        }
    }
    for change in changes {
        if let TableChange::AddPart(Part::ForeignKey(key)) = change {
            foreign_key(to, key, out);
        }
    }
}

fn check(to: &Table, check: &Check, out: &mut Steps) {
    let open = Check {
        validated: false,
        ..check.clone()
    };
    push_actions(&to.name, &[format!("ADD {}", define::check(&open))], out);
    if check.validated {
        validate(to, &check.name, out);
    }
}

fn foreign_key(to: &Table, key: &ForeignKey, out: &mut Steps) {
    let open = ForeignKey {
        validated: false,
        ..key.clone()
    };
    push_actions(&to.name, &[format!("ADD {}", define::foreign_key(&open))], out);
    if key.validated {
        validate(to, &key.name, out);
    }
}

fn validate(to: &Table, name: &Name, out: &mut Steps) {
    push_actions(&to.name, &[format!("VALIDATE CONSTRAINT {}", ident(name))], out);
}

fn unique(to: &Table, unique: &Unique, out: &mut Steps) {
    let index = Index {
        unique: true,
        nulls_distinct: unique.nulls_distinct,
        include: unique.include.clone(),
        options: unique.options.clone(),
        ..Index::new(unique.name.clone(), parts(&unique.columns))
    };
    out.push(define::index_concurrently(to, &index));
    take_over(to, &unique.name, "UNIQUE", define::deferrable(unique.deferrable), out);
}

fn primary_key(to: &Table, key: &PrimaryKey, out: &mut Steps) {
    let index = Index {
        unique: true,
        include: key.include.clone(),
        options: key.options.clone(),
        ..Index::new(key.name.clone(), parts(&key.columns))
    };
    out.push(define::index_concurrently(to, &index));
    take_over(to, &key.name, "PRIMARY KEY", define::deferrable(key.deferrable), out);
}

fn parts(columns: &[Name]) -> Vec<IndexPart> {
    let columns = columns.iter().cloned().map(IndexKey::Column);
    columns.map(IndexPart::new).collect()
}

fn take_over(to: &Table, name: &Name, kind: &str, deferrable: &str, out: &mut Steps) {
    let name = ident(name);
    let action = format!("ADD CONSTRAINT {name} {kind} USING INDEX {name}{deferrable}");
    push_actions(&to.name, &[action], out);
}

/// Proves that columns hold no NULL before they become NOT NULL: then nothing is read under the lock. Gives what takes the
/// proofs away again.
pub(super) fn prove_no_null<'a>(
    to: &Table,
    altered: impl Iterator<Item = (&'a Column, &'a Column)>,
    out: &mut Steps,
) -> Vec<String> {
    let mut taken = Vec::new();
    let mut names = (1_u32..).map(|number| Name::new(format!("kick_no_null_{number}")));
    for (_, column) in altered.filter(|(from, to)| from.nullable && !to.nullable) {
        let Some(name) = names.by_ref().flatten().find(|name| !to.checks.contains_key(name)) else {
            continue;
        };
        let (name, column) = (ident(&name), ident(&column.name));
        let add = format!("ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID");
        push_actions(&to.name, &[add], out);
        push_actions(&to.name, &[format!("VALIDATE CONSTRAINT {name}")], out);
        taken.push(format!("ALTER TABLE {} DROP CONSTRAINT {name}", qualified(&to.name)));
    }
    taken
}
