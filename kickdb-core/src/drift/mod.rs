//! The live schema against the one that the last applied migration left behind.

mod doubt;
mod one_schema;
mod others;
mod settle;

pub use self::others::{set_aside, tool_of};
pub use self::settle::settle;
use crate::dialect::live::{Connection, catalog, unread, version};
use crate::diff::{Change, Facets, PartFacets, Renames, TableChange, diff};
use crate::error::{Drift, Error, Result};
use crate::ir::Schema;

/// A database beside the schema that it should have, both in normal form and in the same words.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// What should be there.
    pub expected: Schema,
    /// What is there.
    pub live: Schema,
    /// What differs as a text, where the engine could not be asked whether it means the same; with the reason.
    pub unsettled: Vec<String>,
    /// What is in the database besides and a schema cannot say: kinds and names.
    pub unread: Vec<String>,
    /// What is in the database besides and belongs to others: kinds and names, with the owner.
    pub others: Vec<String>,
}

impl Compared {
    /// The differences; `None` where there are none. What is unsettled counts as the same.
    #[must_use]
    pub fn drift(&self) -> Option<Drift> {
        compare(&self.expected, &self.live)
    }
}

/// Compares the connected database with a schema in normal form.
///
/// Where a view, a check or anything else that is kept as text differs, the engine is asked whether both texts mean the
/// same; see [`settle`].
///
/// # Errors
///
/// When the database cannot be read.
pub async fn drift(connection: &mut dyn Connection, expected: &Schema) -> Result<Compared> {
    let live = catalog(connection).await?;
    let unread = unread(connection, &live).await?;
    compared(connection, expected.clone(), live, unread).await
}

/// Compares the schema of the connection alone, where the other schemas of the database are those of other tenants; `None` where
/// the connection cannot look at one alone.
///
/// # Errors
///
/// As [`drift`].
pub async fn drift_of_one_schema(connection: &mut dyn Connection, expected: &Schema) -> Result<Option<Compared>> {
    let Some((on, off)) = connection.phrases().one_schema else {
        return Ok(None);
    };
    connection.execute(on).await?;
    let read = async {
        let live = catalog(connection).await?;
        let unread = unread(connection, &live).await?;
        Ok::<_, Error>((live, unread))
    }
    .await;
    connection.execute(off).await?;
    let (mut live, unread) = read?;
    let mut expected = expected.clone();
    for schema in [&mut live, &mut expected] {
        one_schema::keep(schema);
    }
    compared(connection, expected, live, unread).await.map(Some)
}

async fn compared(
    connection: &mut dyn Connection,
    mut expected: Schema,
    mut live: Schema,
    unread: Vec<String>,
) -> Result<Compared> {
    let dialect = connection.dialect();
    // A snapshot of an older version may say the same thing in an older way.
    dialect.normalize(&mut expected).map_err(|refusals| {
        let refusals: Vec<String> = refusals.iter().map(ToString::to_string).collect();
        Error::validation(format!(
            "the last applied snapshot cannot be compared: {}",
            refusals.join("; ")
        ))
    })?;
    let version = version(connection).await?;
    for schema in [&mut live, &mut expected] {
        dialect.as_told_by(schema, &version);
    }
    let mut others = set_aside(&expected, &mut live);
    others.extend(others::set_operations_aside(&expected, &mut live, dialect));
    let unsettled = settle(connection, &mut expected, &live).await?;
    Ok(Compared {
        expected,
        live,
        unsettled,
        unread,
        others,
    })
}

/// What is in `live` and not in `expected`, the other way round, and in both but not the same. Both are in the normal form
/// of one dialect.
#[must_use]
pub fn compare(expected: &Schema, live: &Schema) -> Option<Drift> {
    let changes = diff(expected, live, &Renames::default()).changes;
    if changes.is_empty() {
        return None;
    }
    let mut drift = Drift::default();
    for change in &changes {
        note(change, &mut drift);
    }
    // An engine may need to drop a part and add it anew: for people it has changed.
    let anew = drift.added.iter().filter(|added| drift.removed.contains(added));
    let anew: Vec<String> = anew.cloned().collect();
    for side in [&mut drift.added, &mut drift.removed] {
        side.retain(|part| !anew.contains(part));
    }
    drift.changed.extend(anew);
    for side in [&mut drift.added, &mut drift.removed, &mut drift.changed] {
        side.sort();
    }
    Some(drift)
}

fn note(change: &Change, drift: &mut Drift) {
    match change {
        Change::CreateNamespace(name) => drift.added.push(format!("schema {name}")),
        Change::DropNamespace(name) => drift.removed.push(format!("schema {name}")),
        Change::CreateEnum(e) => drift.added.push(format!("enum {}", e.name)),
        Change::DropEnum(e) => drift.removed.push(format!("enum {}", e.name)),
        Change::RenameEnum { from, to } => drift.changed.push(format!("enum {from} (now {to})")),
        Change::AlterEnum { to, .. } => drift.changed.push(format!("enum {} (values)", to.name)),
        Change::CreateTable(table) => drift.added.push(format!("table {}", table.name)),
        Change::DropTable(table) => drift.removed.push(format!("table {}", table.name)),
        Change::RenameTable { from, to } => drift.changed.push(format!("table {from} (now {to})")),
        Change::AlterTable { to, changes, .. } => {
            for change in changes {
                note_part(&to.name.to_string(), change, drift);
            }
        }
        Change::Fill { .. } => {}
        Change::Repartition { to, .. } => {
            let names = to.iter().map(|table| format!("partitioning of {}", table.name));
            drift.changed.extend(names);
        }
        Change::CreateObject { id, .. } => drift.added.push(id.to_string()),
        Change::DropObject { id, .. } => drift.removed.push(id.to_string()),
        Change::AlterObject { id, .. } | Change::RenameAttributes { id, .. } => drift.changed.push(id.to_string()),
    }
}

fn note_part(table: &str, change: &TableChange, drift: &mut Drift) {
    let part = |kind: &str, name: &dyn std::fmt::Display| format!("{kind} {table}.{name}");
    match change {
        TableChange::AddColumn(column) => drift.added.push(part("column", &column.name)),
        TableChange::DropColumn(column) => drift.removed.push(part("column", &column.name)),
        TableChange::RenameColumn { from, to } => {
            drift.changed.push(format!("{} (now {to})", part("column", from)));
        }
        TableChange::AlterColumn { from, to } => {
            let facets: Vec<_> = Facets::between(from, to).names().collect();
            drift
                .changed
                .push(format!("{} ({})", part("column", &to.name), facets.join(", ")));
        }
        TableChange::AddPart(own) => drift.added.push(part(own.kind(), own.name())),
        TableChange::DropPart(own) => drift.removed.push(part(own.kind(), own.name())),
        TableChange::AlterPart { from, to } => {
            let facets: Vec<_> = PartFacets::between(from, to).names().collect();
            drift
                .changed
                .push(format!("{} ({})", part(to.kind(), to.name()), facets.join(", ")));
        }
        TableChange::Leave { .. } | TableChange::Join { .. } | TableChange::Repartition { .. } => {
            drift.changed.push(format!("{change} ({table})"));
        }
        TableChange::RenameConstraint { from, to } => {
            drift.changed.push(format!("{} (now {to})", part("constraint", from)));
        }
        // Without renames there are none.
        TableChange::RenameValues { .. } => {}
        TableChange::RenameIndex { from, to } => drift.changed.push(format!("{} (now {to})", part("index", from))),
        TableChange::SetComment { .. } => drift.changed.push(format!("comment of {table}")),
        TableChange::SetOptions { .. } => drift.changed.push(format!("options of {table}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ident::{Name, Qualified};
    use crate::ir::{Column, SqlType, Table};

    fn schema(table: &str, columns: &[(&str, SqlType)]) -> Schema {
        let name = |text: &str| Name::new(text).unwrap();
        let mut made = Table::new(Qualified::local(name(table)));
        made.columns = columns.iter().map(|(n, ty)| Column::new(name(n), ty.clone())).collect();
        let mut schema = Schema::default();
        schema.tables.insert(made.name.clone(), made);
        schema
    }

    #[test]
    fn each_object_is_named_on_its_side() {
        let expected = schema("tasks", &[("id", SqlType::Text), ("old", SqlType::Date)]);
        let mut live = schema("tasks", &[("id", SqlType::Bool), ("new", SqlType::Uuid)]);
        live.tables.extend(schema("extra", &[]).tables);
        let drift = compare(&expected, &live).expect("they differ");
        assert_eq!(drift.added, ["column tasks.new", "table extra"]);
        assert_eq!(drift.removed, ["column tasks.old"]);
        assert_eq!(drift.changed, ["column tasks.id (type)"]);
        assert_eq!(compare(&expected, &expected), None);
    }
}
