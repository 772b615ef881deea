//! Changes in words, one line each.

use std::fmt;

use super::{Change, Facets, PartFacets, TableChange};
use crate::ident::Qualified;
use crate::ir::Partition;

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateNamespace(name) => write!(f, "create schema {name}"),
            Self::DropNamespace(name) => write!(f, "drop schema {name}"),
            Self::CreateEnum(e) => write!(f, "create enum {}", e.name),
            Self::DropEnum(e) => write!(f, "drop enum {}", e.name),
            Self::RenameEnum { from, to } => write!(f, "rename enum {from} to {to}"),
            Self::AlterEnum { from, to, renamed } => {
                write!(f, "alter enum {}", to.name)?;
                let removed = |value: &&String| !to.values.contains(value) && !renamed.contains_key(*value);
                let added =
                    |value: &&String| !from.values.contains(value) && !renamed.values().any(|new| new == *value);
                for (old, new) in renamed {
                    write!(f, " '{old}' -> '{new}'")?;
                }
                for value in from.values.iter().filter(removed) {
                    write!(f, " -'{value}'")?;
                }
                for value in to.values.iter().filter(added) {
                    write!(f, " +'{value}'")?;
                }
                Ok(())
            }
            Self::CreateTable(table) => write!(f, "create table {}", table.name),
            Self::DropTable(table) => write!(f, "drop table {}", table.name),
            Self::RenameTable { from, to } => write!(f, "rename table {from} to {to}"),
            Self::AlterTable { to, changes, .. } => {
                write!(f, "alter table {}: ", to.name)?;
                for (at, change) in changes.iter().enumerate() {
                    if at > 0 {
                        f.write_str(", ")?;
                    }
                    change.fmt(f)?;
                }
                Ok(())
            }
            Self::Fill { table, column, value } => write!(f, "fill {column} of {table} with {value}"),
            Self::Repartition { from, to } => {
                let kept = from
                    .iter()
                    .filter(|table| to.iter().any(|other| other.name == table.name));
                let names = kept.map(|table| table.name.to_string()).collect::<Vec<_>>();
                if names.is_empty() {
                    let all = |tables: &[crate::ir::Table]| {
                        let names = tables.iter().map(|table| table.name.to_string());
                        names.collect::<Vec<_>>().join(", ")
                    };
                    return write!(f, "copy {} into {}", all(from), all(to));
                }
                write!(f, "copy {} into new partitions", names.join(", "))
            }
            Self::CreateObject { id, .. } => write!(f, "create {id}"),
            Self::DropObject { id, .. } => write!(f, "drop {id}"),
            Self::AlterObject { id, .. } => write!(f, "alter {id}"),
            Self::RenameAttributes { id, steps, .. } => {
                write!(f, "alter {id}:")?;
                steps.iter().try_for_each(|(old, new)| write!(f, " {old} -> {new}"))
            }
        }
    }
}

impl fmt::Display for TableChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RenameColumn { from, to } => write!(f, "rename column {from} to {to}"),
            Self::RenameConstraint { from, to } => write!(f, "rename constraint {from} to {to}"),
            Self::RenameIndex { from, to } => write!(f, "rename index {from} to {to}"),
            Self::Leave { inherits, partition } => family(f, "leave", inherits, partition.as_ref()),
            Self::Join { inherits, partition } => family(f, "join", inherits, partition.as_ref()),
            Self::DropColumn(column) => write!(f, "drop column {}", column.name),
            Self::AddColumn(column) => write!(f, "add column {}", column.name),
            Self::AlterColumn { from, to } => {
                let facets = Facets::between(from, to).names().collect::<Vec<_>>();
                write!(f, "change {} of {}", facets.join(" and "), to.name)
            }
            Self::DropPart(part) => write!(f, "drop {} {}", part.kind(), part.name()),
            Self::AddPart(part) => write!(f, "add {} {}", part.kind(), part.name()),
            Self::AlterPart { from, to } => {
                let facets = PartFacets::between(from, to).names().collect::<Vec<_>>();
                write!(f, "change {} of {} {}", facets.join(" and "), to.kind(), to.name())
            }
            Self::Repartition { .. } => f.write_str("change partitioning"),
            Self::SetComment { .. } => f.write_str("change comment"),
            Self::RenameValues { column, .. } => write!(f, "rename values of column {column}"),
            Self::SetOptions { .. } => f.write_str("change options"),
        }
    }
}

fn family(
    f: &mut fmt::Formatter<'_>,
    verb: &str,
    inherits: &[Qualified],
    partition: Option<&Partition>,
) -> fmt::Result {
    let parents = inherits.iter().map(|parent| format!("parent {parent}"));
    let places = partition
        .iter()
        .map(|partition| format!("partitions of {}", partition.of));
    let all = parents.chain(places).collect::<Vec<_>>();
    write!(f, "{verb} {}", all.join(" and "))
}
