//! Who owns what is made again, and who may use it: the server forgets both with the old one, and a schema does not say them.

use super::columns::is_remade;
use super::enums;
use crate::dialect::postgres::counter;
use crate::dialect::postgres::objects::{is_nested, is_retyped, kin, with_arguments};
use crate::dialect::postgres::syntax::{literal, qualified};
use crate::diff::{Change, TableChange};
use crate::ident::Qualified;
use crate::ir::{Column, ColumnValue, Identity, ObjectId, ObjectKind, Schema, Table};
use crate::plan::mentioned;

/// A statement before the first change that keeps the rights in a setting of the session, and one after the last that gives
/// them again. `None` where nothing is made again.
pub(super) fn kept(changes: &[Change], from: &Schema) -> Option<(String, String)> {
    let keep = format!(
        "{}\nSELECT set_config('kickdb.rights', coalesce(string_agg(sql, '; ' ORDER BY turn), ''), false) FROM statements",
        held(&remade_once(changes, from)?, &narrowed(changes))
    );
    Some((keep, GIVE_BACK.to_owned()))
}

/// A query for the statements that give them again, one a row, for who has the database at hand.
pub(super) fn query(changes: &[Change], from: &Schema) -> Option<String> {
    let held = held(&remade_once(changes, from)?, &narrowed(changes));
    Some(format!("{held}\nSELECT sql FROM statements ORDER BY turn, sql"))
}

fn remade_once(changes: &[Change], from: &Schema) -> Option<Vec<Remade>> {
    let mut remade = remade(changes, from);
    remade.sort();
    remade.dedup();
    (!remade.is_empty()).then_some(remade)
}

/// Finds what `OWNER TO`, `REVOKE` and `GRANT` would have to say.
fn held(remade: &[Remade], narrowed: &[String]) -> String {
    let mut held = Vec::new();
    for (class, prefix, lookup) in CATALOGS {
        let names = remade.iter().filter(|(of, ..)| of == class);
        let names = names.map(|(_, word, name)| format!("('{word}', {})", literal(name)));
        let names = names.collect::<Vec<_>>();
        if !names.is_empty() {
            held.push(format!(
                "SELECT word, name, oid, {prefix}owner AS owner, {prefix}acl AS acl\n  FROM (VALUES {}) r (word, name) JOIN {class} ON oid = {lookup}(name)",
                names.join(", ")
            ));
        }
    }
    let of_columns = match remade
        .iter()
        .any(|(class, word, _)| *class == "pg_class" && *word == "TABLE")
    {
        true => {
            let again = narrowed
                .iter()
                .filter(|name| remade.iter().any(|(.., again)| again == *name));
            let narrowed = again.map(|name| literal(name)).collect::<Vec<_>>().join(", ");
            let grant = match narrowed.is_empty() {
                true => OF_COLUMN.to_owned(),
                false => format!("CASE WHEN name IN ({narrowed}) THEN {OF_A_COLUMN_THAT_STAYS} ELSE {OF_COLUMN} END"),
            };
            OF_COLUMNS.replace("{GRANT}", &grant).replace("{GRANTEE}", GRANTEE)
        }
        false => String::new(),
    };
    // The counter of a column belongs to the owner of its table.
    let owned = match remade.iter().any(|(_, word, _)| *word == "SEQUENCE") {
        true => " AND word <> 'SEQUENCE'",
        false => "",
    };
    format!(
        "WITH held AS (\n  {}\n), statements (turn, sql) AS (\n  \
         SELECT 1, format('ALTER %s %s OWNER TO %I', word, name, pg_get_userbyid(owner)) FROM held\n  \
         WHERE pg_get_userbyid(owner) <> current_user{owned}\n  \
         UNION ALL SELECT 2, format('REVOKE ALL ON %s %s FROM PUBLIC', word, name)\n    || coalesce((SELECT string_agg(DISTINCT format(', %I', \
         pg_get_userbyid(d.grantee)), '') FROM pg_default_acl, aclexplode(defaclacl) d WHERE d.grantee <> 0), '')\n  \
         FROM held WHERE acl IS NOT NULL\n  \
         UNION ALL SELECT 3, format('GRANT %s ON %s %s TO %s', a.privilege_type, word, name, {GRANTEE})\n  FROM held, aclexplode(acl) a{of_columns}\n)",
        held.join("\n  UNION ALL ")
    )
}

const CATALOGS: &[(&str, &str, &str)] = &[
    ("pg_class", "rel", "to_regclass"),
    ("pg_proc", "pro", "to_regprocedure"),
    ("pg_type", "typ", "to_regtype"),
];

/// The role of a grant, which may be everybody.
const GRANTEE: &str = "coalesce(quote_ident(pg_get_userbyid(nullif(a.grantee, 0))), 'PUBLIC')\n    || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END";

/// The grants of single columns. An oid of another catalog could be that of a relation, too.
const OF_COLUMNS: &str = "\n  UNION ALL SELECT 3, format({GRANT}, a.privilege_type, attname, name, \
     {GRANTEE})\n  \
     FROM held JOIN pg_attribute ON attrelid = oid AND NOT attisdropped AND word = 'TABLE', aclexplode(attacl) a";

const OF_COLUMN: &str = "'GRANT %s (%I) ON TABLE %s TO %s'";

/// The same where the column may be gone, and its rights with it.
const OF_A_COLUMN_THAT_STAYS: &str =
    "'DO $kick$ BEGIN GRANT %s (%I) ON TABLE %s TO %s; EXCEPTION WHEN undefined_column THEN NULL; END $kick$'";

const GIVE_BACK: &str = "DO $$\nBEGIN\n  EXECUTE coalesce(current_setting('kickdb.rights', true), '');\n  \
     PERFORM set_config('kickdb.rights', '', false);\nEND\n$$";

/// Catalog, word of GRANT, and name.
type Remade = (&'static str, &'static str, String);

fn remade(changes: &[Change], schema: &Schema) -> Vec<Remade> {
    let mut found = Vec::new();
    // With a type those are made again that are made of it.
    let made_of = |name: &Qualified| {
        kin(name, schema)
            .into_iter()
            .filter_map(|kin| object(kin.id))
            .collect::<Vec<_>>()
    };
    let copied = changes.iter().filter_map(|change| match change {
        Change::Repartition { from, .. } => Some(from),
        _ => None,
    });
    let copied = copied.flatten().map(|table| &table.name);
    let copied = copied.collect::<std::collections::BTreeSet<_>>();
    for (at, change) in changes.iter().enumerate() {
        let later = &changes[at + 1..];
        match change {
            Change::DropObject { id, .. } => {
                let comes = |change: &Change| matches!(change, Change::CreateObject { id: other, .. } if other == id);
                if later.iter().any(comes) {
                    found.extend(object(id));
                }
            }
            Change::AlterObject { id, from, to } if is_retyped(id, from, to) || is_nested(id, from, to, schema) => {
                found.extend(object(id));
                found.extend(made_of(&id.name));
            }
            Change::AlterEnum { from, to, renamed }
                if enums::is_made_again(from, to, renamed, &mentioned(&to.name, &to.values, later)) =>
            {
                found.push(("pg_type", "TYPE", qualified(&to.name)));
                found.extend(made_of(&to.name));
            }
            Change::Repartition { from, to } => {
                for table in to {
                    // Partitions whose rows are gathered in their table meanwhile come back with another step.
                    if copied.contains(&table.name) {
                        found.push(("pg_class", "TABLE", qualified(&table.name)));
                    }
                    let Some(old) = from.iter().find(|old| old.name == table.name) else {
                        continue;
                    };
                    let columns = table.columns.iter();
                    let both = columns.filter_map(|column| Some((old.column(&column.name)?, column)));
                    found.extend(both.filter_map(|(old, new)| sequence(&table.name, old, new)));
                }
            }
            Change::AlterTable { to, changes, .. } => {
                for change in changes {
                    let TableChange::AlterColumn { from, to: column } = change else {
                        continue;
                    };
                    if is_remade(from, column) {
                        found.push(("pg_class", "TABLE", qualified(&to.name)));
                    }
                    let is_serial =
                        |column: &Column| matches!(column.value, ColumnValue::Identity(Identity::Serial, _));
                    if is_serial(from) != is_serial(column) {
                        found.extend(sequence(&to.name, from, column));
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// Tables and views that may lose columns.
fn narrowed(changes: &[Change]) -> Vec<String> {
    let loses = |from: &Table, to: &Table| from.columns.iter().any(|column| to.column(&column.name).is_none());
    let mut found = Vec::new();
    for change in changes {
        match change {
            Change::DropObject { id, object } => {
                let again = |change: &Change| matches!(change, Change::CreateObject { id: other, object: new } if other == id && new.sql == object.sql);
                if !changes.iter().any(again) {
                    found.push(qualified(&id.name));
                }
            }
            Change::AlterTable { from, to, .. } if loses(from, to) => found.push(qualified(&to.name)),
            Change::Repartition { from, to } => {
                let tables = to
                    .iter()
                    .filter(|to| from.iter().any(|from| from.name == to.name && loses(from, to)));
                found.extend(tables.map(|table| qualified(&table.name)));
            }
            _ => {}
        }
    }
    found
}

fn object(id: &ObjectId) -> Option<Remade> {
    let (class, word) = match id.kind {
        ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::VirtualTable => ("pg_class", "TABLE"),
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => ("pg_proc", "ROUTINE"),
        ObjectKind::Type | ObjectKind::Domain => ("pg_type", "TYPE"),
        _ => return None,
    };
    // `(*)` is a spelling of statements alone: the lookup wants an empty list, which `ROUTINE` takes, too.
    let name = with_arguments(id);
    let name = match id.kind {
        ObjectKind::Aggregate => name.strip_suffix("(*)").map(|bare| format!("{bare}()")).unwrap_or(name),
        _ => name,
    };
    Some((class, word, name))
}

/// The sequence of a counter that is another one under the same name.
fn sequence(table: &Qualified, from: &Column, to: &Column) -> Option<Remade> {
    let (ColumnValue::Identity(_, was), ColumnValue::Identity(_, is)) = (&from.value, &to.value) else {
        return None;
    };
    let name = counter::sequence(is.as_deref(), table, &to.name);
    (name == counter::sequence(was.as_deref(), table, &from.name)).then(|| ("pg_class", "SEQUENCE", qualified(&name)))
}
