//! Who owns what is made again, and who may use it: the server forgets both with the old one, and a schema does not say them.

use super::columns::is_remade;
use super::enums;
use crate::dialect::postgres::counter;
use crate::dialect::postgres::objects::{
    has_its_own_family, is_nested, is_retyped, keyword, kin, named, with_arguments,
};
use crate::dialect::postgres::syntax::{literal, qualified};
use crate::diff::{Change, TableChange, apply_one};
use crate::ident::Qualified;
use crate::ir::{Column, ColumnValue, Identity, Object, ObjectId, ObjectKind, Schema, Table};
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
    for (class, prefix, has_grants, _) in CATALOGS {
        let names = remade.iter().filter(|thing| thing.class == *class);
        let names = names.map(|thing| format!("('{}', {}, {})", thing.word, literal(&thing.name), thing.oid));
        let names = names.collect::<Vec<_>>();
        if !names.is_empty() {
            let acl = match has_grants {
                true => format!("{prefix}acl"),
                false => "NULL::aclitem[]".to_owned(),
            };
            held.push(format!(
                "SELECT word, name, oid, {prefix}owner AS owner, {acl} AS acl\n  FROM (VALUES {}) r (word, name, old) JOIN {class} ON oid = old",
                names.join(", ")
            ));
        }
    }
    let of_columns = match remade
        .iter()
        .any(|thing| thing.class == "pg_class" && thing.word == "TABLE")
    {
        true => {
            let again = narrowed
                .iter()
                .filter(|name| remade.iter().any(|again| again.name == **name));
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
    let owned = match remade.iter().any(|thing| thing.word == "SEQUENCE") {
        true => " AND word <> 'SEQUENCE'",
        false => "",
    };
    let word = match remade.iter().any(|thing| thing.word == SERVER) {
        true => format!("replace(word, '{SERVER}', 'SERVER')"),
        false => "word".to_owned(),
    };
    // Of much there is an owner alone.
    let grants = match remade.iter().any(Remade::has_grants) {
        true => GRANTS.replace("{GRANTEE}", GRANTEE) + &of_columns,
        false => String::new(),
    };
    format!(
        "WITH held AS (\n  {}\n), statements (turn, sql) AS (\n  \
         SELECT 1, format('ALTER %s %s OWNER TO %I', {word}, name, pg_get_userbyid(owner)) FROM held\n  \
         WHERE pg_get_userbyid(owner) <> current_user{owned}{grants}\n)",
        held.join("\n  UNION ALL ")
    )
}

/// What was granted and revoked, and nothing that is granted by default.
const GRANTS: &str = "\n  \
     UNION ALL SELECT 2, format('REVOKE ALL ON %s %s FROM PUBLIC', word, name)\n    || coalesce((SELECT string_agg(DISTINCT format(', %I', \
     pg_get_userbyid(d.grantee)), '') FROM pg_default_acl, aclexplode(defaclacl) d WHERE d.grantee <> 0), '')\n  \
     FROM held WHERE acl IS NOT NULL\n  \
     UNION ALL SELECT 3, format('GRANT %s ON %s %s TO %s', a.privilege_type, word, name, {GRANTEE})\n  FROM held, aclexplode(acl) a";

/// Where the owners are, what the names of the columns there start with, whether there are grants, too, and whether a name is one
/// within its schema.
const CATALOGS: &[(&str, &str, bool, bool)] = &[
    ("pg_class", "rel", true, true),
    ("pg_proc", "pro", true, true),
    ("pg_type", "typ", true, true),
    ("pg_foreign_data_wrapper", "fdw", true, false),
    ("pg_foreign_server", "srv", true, false),
    ("pg_language", "lan", true, false),
    ("pg_collation", "coll", false, true),
    ("pg_conversion", "con", false, true),
    ("pg_operator", "opr", false, true),
    ("pg_opclass", "opc", false, true),
    ("pg_opfamily", "opf", false, true),
    ("pg_statistic_ext", "stx", false, true),
    ("pg_ts_config", "cfg", false, true),
    ("pg_ts_dict", "dict", false, true),
    ("pg_publication", "pub", false, false),
    ("pg_event_trigger", "evt", false, false),
];

/// What `GRANT` calls a server, and no other statement does.
const SERVER: &str = "FOREIGN SERVER";

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

/// What is made again.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Remade {
    /// Its catalog.
    class: &'static str,
    /// What `GRANT` calls its kind.
    word: String,
    /// Its name in statements.
    name: String,
    /// What finds it in its catalog.
    oid: String,
}

impl Remade {
    /// It is looked up before the first change, when it may have another name.
    fn table(name: &Qualified, before: &[Change]) -> Self {
        let mut was = name;
        for change in before.iter().rev() {
            match change {
                Change::RenameTable { from, to } if to == was => was = from,
                _ => {}
            }
        }
        Self {
            name: qualified(name),
            ..Self::found_by("to_regclass", "pg_class", "TABLE", qualified(was))
        }
    }

    fn ty(name: &Qualified) -> Self {
        Self::found_by("to_regtype", "pg_type", "TYPE", qualified(name))
    }

    fn has_grants(&self) -> bool {
        CATALOGS
            .iter()
            .any(|(class, _, has_grants, _)| *class == self.class && *has_grants)
    }

    /// By the function that knows the name as statements say it.
    fn found_by(function: &str, class: &'static str, word: &str, name: String) -> Self {
        Self {
            class,
            word: word.to_owned(),
            oid: format!("{function}({})", literal(&name)),
            name,
        }
    }

    /// By the row of the catalog.
    fn listed(id: &ObjectId, class: &'static str) -> Option<Self> {
        let (_, prefix, _, has_schema) = CATALOGS.iter().find(|(other, ..)| *other == class)?;
        let mut oid = format!(
            "SELECT oid FROM {class} WHERE {prefix}name = {}",
            literal(id.name.name.as_str())
        );
        if *has_schema {
            let schema = match &id.name.schema {
                Some(schema) => literal(schema.as_str()),
                None => "current_schema()".to_owned(),
            };
            oid.push_str(&format!(
                " AND {prefix}namespace = (SELECT oid FROM pg_namespace WHERE nspname = {schema})"
            ));
        }
        if let ObjectKind::OperatorClass | ObjectKind::OperatorFamily = id.kind {
            let method = literal(id.signature.as_deref().unwrap_or("btree"));
            oid.push_str(&format!(
                " AND {prefix}method = (SELECT oid FROM pg_am WHERE amname = {method})"
            ));
        }
        let word = match id.kind {
            ObjectKind::Server => SERVER.to_owned(),
            kind => keyword(kind),
        };
        Some(Self {
            class,
            word,
            name: named(id),
            oid: format!("({oid})"),
        })
    }
}

fn remade(changes: &[Change], schema: &Schema) -> Vec<Remade> {
    let mut found = Vec::new();
    // With a type those are made again that are made of it.
    let made_of = |name: &Qualified| {
        kin(name, schema)
            .into_iter()
            .flat_map(|kin| objects(kin.id, kin.object))
            .collect::<Vec<_>>()
    };
    let copied = changes.iter().filter_map(|change| match change {
        Change::Repartition { from, .. } => Some(from),
        _ => None,
    });
    let copied = copied.flatten().map(|table| &table.name);
    let copied = copied.collect::<std::collections::BTreeSet<_>>();
    for (at, change) in changes.iter().enumerate() {
        let (before, later) = (&changes[..at], &changes[at + 1..]);
        match change {
            Change::DropObject { id, object } => {
                let was = earlier(id, before, schema);
                let comes = |id: &&ObjectId| {
                    let mut later = later.iter();
                    later.any(|change| matches!(change, Change::CreateObject { id: other, .. } if other == *id))
                };
                if let Some(again) = [id, was].into_iter().find(comes) {
                    let found_by = objects(was, object).into_iter().map(|was| was.oid);
                    let again = objects(again, object).into_iter().zip(found_by);
                    found.extend(again.map(|(again, oid)| Remade { oid, ..again }));
                }
            }
            Change::AlterObject { id, from, to } if is_retyped(id, from, to) || is_nested(id, from, to, schema) => {
                found.extend(objects(id, from));
                found.extend(made_of(&id.name));
            }
            Change::AlterEnum { from, to, renamed }
                if enums::is_made_again(from, to, renamed, &mentioned(&to.name, &to.values, later)) =>
            {
                found.push(Remade::ty(&to.name));
                found.extend(made_of(&to.name));
            }
            Change::Repartition { from, to } => {
                for table in to {
                    // Partitions whose rows are gathered in their table meanwhile come back with another step.
                    if copied.contains(&table.name) {
                        found.push(Remade::table(&table.name, before));
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
                        found.push(Remade::table(&to.name, before));
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

/// An object, and the family that came with an operator class.
fn objects(id: &ObjectId, object: &Object) -> Vec<Remade> {
    let family = id.kind == ObjectKind::OperatorClass && has_its_own_family(&object.sql);
    let family = family.then(|| ObjectId {
        kind: ObjectKind::OperatorFamily,
        ..id.clone()
    });
    std::iter::once(id).chain(&family).filter_map(of).collect()
}

/// `None` where nobody owns such a thing.
fn of(id: &ObjectId) -> Option<Remade> {
    let class = match id.kind {
        ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::VirtualTable => {
            return Some(Remade::table(&id.name, &[]));
        }
        ObjectKind::Type | ObjectKind::Domain => return Some(Remade::ty(&id.name)),
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
            // `(*)` is a spelling of statements alone: the lookup wants an empty list, which `ROUTINE` takes, too.
            let name = with_arguments(id);
            let name = name.strip_suffix("(*)").map(|bare| format!("{bare}()")).unwrap_or(name);
            return Some(Remade::found_by("to_regprocedure", "pg_proc", "ROUTINE", name));
        }
        ObjectKind::Operator => {
            return Some(Remade::found_by("to_regoperator", "pg_operator", "OPERATOR", named(id)));
        }
        ObjectKind::Collation => {
            return Some(Remade::found_by(
                "to_regcollation",
                "pg_collation",
                "COLLATION",
                named(id),
            ));
        }
        ObjectKind::Language => "pg_language",
        ObjectKind::ForeignDataWrapper => "pg_foreign_data_wrapper",
        ObjectKind::Server => "pg_foreign_server",
        ObjectKind::Publication => "pg_publication",
        ObjectKind::EventTrigger => "pg_event_trigger",
        ObjectKind::Conversion => "pg_conversion",
        ObjectKind::OperatorClass => "pg_opclass",
        ObjectKind::OperatorFamily => "pg_opfamily",
        ObjectKind::Statistics => "pg_statistic_ext",
        ObjectKind::TextSearchConfiguration => "pg_ts_config",
        ObjectKind::TextSearchDictionary => "pg_ts_dict",
        _ => return None,
    };
    Remade::listed(id, class)
}

/// The sequence of a counter that is another one under the same name.
fn sequence(table: &Qualified, from: &Column, to: &Column) -> Option<Remade> {
    let (ColumnValue::Identity(_, was), ColumnValue::Identity(_, is)) = (&from.value, &to.value) else {
        return None;
    };
    let name = counter::sequence(is.as_deref(), table, &to.name);
    (name == counter::sequence(was.as_deref(), table, &from.name))
        .then(|| Remade::found_by("to_regclass", "pg_class", "SEQUENCE", qualified(&name)))
}

/// What an object was called that is known by types, before these took other names.
fn earlier<'a>(id: &'a ObjectId, before: &[Change], schema: &'a Schema) -> &'a ObjectId {
    let renames = |change: &&Change| matches!(change, Change::RenameTable { .. } | Change::RenameEnum { .. });
    if id.signature.is_none() || !before.iter().any(|change| renames(&change)) {
        return id;
    }
    let is_it = |was: &&ObjectId| {
        let mut only = Schema::default();
        only.objects.insert((*was).clone(), Object::default());
        let renames = before.iter().filter(renames);
        renames.for_each(|change| apply_one(change, &mut only));
        was.kind == id.kind && only.objects.contains_key(id)
    };
    let mut named = schema.objects.keys().filter(|was| was.name.name == id.name.name);
    named.find(is_it).unwrap_or(id)
}
