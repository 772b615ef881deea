//! What an object names, and which changes it must make room for.

use std::collections::{BTreeMap, BTreeSet};

use super::DEFAULT_SCHEMA;
use super::handed_on;
use super::kin::kin;
use super::retype::{is_nested, is_retyped, multirange};
use super::signature::argument_parts;
use super::{attribute_name, attributes, made_of};
use crate::dialect::head::Head;
use crate::dialect::postgres::emit::{generated_from, is_made_again};
use crate::dialect::postgres::{Postgres, counter, options, syntax};
use crate::dialect::{Dialect, Disturbs, Uses};
use crate::diff::{Change, Facets, Part, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Identity, Object, ObjectId, ObjectKind, Schema, SqlType, Table};
use crate::lex::{Kind, Lexis, Said, Token, tokens};
use crate::plan::mentioned;

/// The server holds a function to the types of its arguments and result. What a body in quotes says is looked at when the
/// function is made (`check_function_bodies`), and then no more.
pub(super) fn of(id: &ObjectId, object: &Object) -> Uses {
    let lexis = Postgres.lexis();
    let mut uses = Uses::default();
    if let Some(attributes) = attributes(&object.sql).filter(|_| id.kind == ObjectKind::Type) {
        // The names of attributes are none of a type's.
        for attribute in &attributes {
            let ty = &attribute[attribute_name(attribute).len()..];
            uses.held.read(ty, lexis, DEFAULT_SCHEMA);
        }
        return uses;
    }
    if let Some(options) = made_of::options(id, object) {
        for (name, value) in options {
            // Elsewhere a name behind `=` is a function's, but there the operator is said, too.
            let called = if made_of::is_function(name) { "()" } else { "" };
            uses.held.read(&format!("{value}{called}"), lexis, DEFAULT_SCHEMA);
        }
        return uses;
    }
    if id.kind == ObjectKind::Operator {
        read_operator(&object.sql, &mut uses.held);
        return uses;
    }
    // The name before the arguments is its own, which others have, too.
    let start = match id.kind.is_callable() {
        true => read_arguments(id, &object.sql, &mut uses.held),
        false => 0,
    };
    match (id.kind, quoted_body(&object.sql)) {
        (ObjectKind::Function | ObjectKind::Procedure, Some(body)) => {
            uses.held
                .read(object.sql.get(start..body).unwrap_or_default(), lexis, DEFAULT_SCHEMA);
            let before = object.sql.get(start..body).unwrap_or_default();
            uses.said.read(&object.sql[body..], lexis, DEFAULT_SCHEMA);
            for schema in search_path(before) {
                let mut inside = Said::default();
                inside.read(&object.sql[body..], lexis, DEFAULT_SCHEMA);
                inside.stand_in(&schema);
                uses.said.extend(&inside);
            }
        }
        _ => uses.held.read(&object.sql[start..], lexis, DEFAULT_SCHEMA),
    }
    if matches!(
        id.kind,
        ObjectKind::Language | ObjectKind::AccessMethod | ObjectKind::Conversion
    ) {
        read_handlers(&object.sql, &mut uses.held);
    }
    for (facet, text) in &object.facets {
        // A sequence is not held to the column that owns it; it goes with it.
        if facet == super::facets::OWNED_BY {
            uses.said.read(text, lexis, DEFAULT_SCHEMA);
        } else if super::foreign::FUNCTIONS.iter().any(|(name, _)| name == facet) {
            uses.held.read(&format!("= {text}"), lexis, DEFAULT_SCHEMA);
        } else if !facet.starts_with(super::facets::COMMENT) && !facet.starts_with(super::facets::NOTE) {
            uses.held.read(text, lexis, DEFAULT_SCHEMA);
        }
    }
    uses
}

/// Reads what an operator is held to. Its commutator and its negator it only names: each may come and go without the other.
fn read_operator(sql: &str, held: &mut Said) {
    let mut head = Head::new(sql, Lexis::POSTGRES, true);
    let open = head.tokens.iter().position(|token| token.text == "(");
    head.at = open.unwrap_or(head.tokens.len());
    for option in head.list().unwrap_or_default() {
        let name = option.split('=').next().unwrap_or_default().trim();
        if !["commutator", "negator"]
            .iter()
            .any(|word| name.eq_ignore_ascii_case(word))
        {
            held.read(option, Lexis::POSTGRES, DEFAULT_SCHEMA);
        }
    }
}

/// Reads the functions that are named without arguments.
fn read_handlers(sql: &str, held: &mut Said) {
    for word in ["handler", "inline", "validator", "from"] {
        let mut head = Head::new(sql, Lexis::POSTGRES, true);
        if head.skip_past(word)
            && let Some(function) = head.name()
        {
            held.read(
                &format!("= {}", syntax::qualified(&function)),
                Lexis::POSTGRES,
                DEFAULT_SCHEMA,
            );
        }
    }
}

/// The schemas in which a function looks for the names in its body.
pub(super) fn search_path(sql: &str) -> Vec<String> {
    let solid = tokens(sql, Lexis::POSTGRES).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
    let mut rest = solid
        .skip_while(|token| !token.text.eq_ignore_ascii_case("search_path"))
        .skip(1);
    if !rest
        .next()
        .is_some_and(|token| token.text == "=" || token.text.eq_ignore_ascii_case("to"))
    {
        return Vec::new();
    }
    let mut found = Vec::new();
    while let Some(token) = rest.next() {
        found.push(match token.kind {
            Kind::Text | Kind::Quoted => token.text.trim_matches(['\'', '"']).to_owned(),
            Kind::Word => token.text.to_lowercase(),
            _ => break,
        });
        if rest.next().is_none_or(|token| token.text != ",") {
            break;
        }
    }
    found
}

/// Reads the types and defaults of the arguments of a function, and of the columns that it gives, but not their names; gives
/// where the rest starts.
fn read_arguments(id: &ObjectId, sql: &str, held: &mut Said) -> usize {
    let mut head = Head::new(sql, Postgres.lexis(), true);
    let Some(open) = head.tokens.iter().position(|token| token.text == "(") else {
        return 0;
    };
    head.at = open;
    let mut lists = head.list().unwrap_or_default();
    if head.eat("returns table") {
        lists.extend(head.list().unwrap_or_default());
    }
    for argument in lists {
        if let Some((ty, default)) = argument_parts(argument, id.kind) {
            held.read(&ty, Postgres.lexis(), DEFAULT_SCHEMA);
            held.read(default, Postgres.lexis(), DEFAULT_SCHEMA);
        }
    }
    head.tokens.get(head.at).map_or(sql.len(), |token| token.start)
}

/// Where the body of a function in quotes starts: the string behind `AS`.
pub(super) fn quoted_body(sql: &str) -> Option<usize> {
    let solid = tokens(sql, Lexis::POSTGRES).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
    let mut before = None::<Token<'_>>;
    for token in solid {
        if token.kind == Kind::Text && before.is_some_and(|before| before.text.eq_ignore_ascii_case("as")) {
            return before.map(|before| before.start);
        }
        before = Some(token);
    }
    None
}

/// Where a function's properties begin, of which `CREATE OR REPLACE` can change all.
const PROPERTIES: &[&str] = &[
    "language",
    "as",
    "immutable",
    "stable",
    "volatile",
    "strict",
    "called",
    "security",
    "external",
    "parallel",
    "cost",
    "rows",
    "set",
    "window",
    "leakproof",
    "not",
    "transform",
    "support",
    "begin",
    "return",
];

/// The name, arguments and result of a function, which `CREATE OR REPLACE` cannot change.
///
/// See <https://www.postgresql.org/docs/18/sql-createfunction.html>: "if you tried, you would actually be creating a new,
/// distinct function", and the result and the names of arguments cannot change either.
pub(super) fn header(sql: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut words = Vec::new();
    for token in tokens(sql, Lexis::POSTGRES).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment)) {
        let word = match token.kind {
            Kind::Word => token.text.to_lowercase(),
            _ => token.text.to_owned(),
        };
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            property
                if depth == 0
                    && token.kind == Kind::Word
                    && words.contains(&"(".to_owned())
                    && PROPERTIES.contains(&property) =>
            {
                break;
            }
            _ => {}
        }
        words.push(word);
    }
    words
}

/// Whether the function is one of windows, which `CREATE OR REPLACE` makes of no other.
pub(super) fn is_window(sql: &str) -> bool {
    let (mut depth, mut is_past_arguments) = (0_usize, false);
    for token in tokens(sql, Lexis::POSTGRES) {
        match token.text.to_ascii_lowercase().as_str() {
            "(" => depth += 1,
            ")" => {
                depth = depth.saturating_sub(1);
                is_past_arguments = true;
            }
            _ if depth > 0 || !is_past_arguments => {}
            "window" => return true,
            // A body may have windows of its own.
            "as" | "begin" | "return" => return false,
            _ => {}
        }
    }
    false
}

/// Whether the table is written to the log, or no more: a publication gives no unlogged table.
pub(super) fn is_toggled(change: &TableChange) -> bool {
    let TableChange::SetOptions { from, to } = change else {
        return false;
    };
    from.contains_key(options::UNLOGGED) != to.contains_key(options::UNLOGGED)
}

/// What must make room for a change. A publication never does: it steps aside table by table.
pub(super) fn disturbance<'a>(change: &'a Change, later: &'a [Change], to: &'a Schema) -> Option<Disturbs<'a>> {
    let made_again = |name: &'a Qualified, own: Option<&'a ObjectId>| -> Disturbs<'a> {
        let users = Users::of(name, to);
        Box::new(move |id, uses| own != Some(id) && id.kind != ObjectKind::Publication && users.has(id, uses))
    };
    match change {
        Change::DropTable(_) | Change::Repartition { .. } | Change::AlterTable { .. } => {
            let computed = computed_aside(change, to);
            Some(Box::new(move |id, uses| {
                id.kind != ObjectKind::Publication && table_disturbs(change, &computed, to, id, uses)
            }))
        }
        Change::RenameTable { from, .. } | Change::RenameEnum { from, .. } => handed_on::by_name(from, to),
        Change::RenameAttributes { id, steps, .. } => handed_on::by_attribute(id, steps, to),
        Change::AlterEnum { from, to: e, renamed } => {
            let mentioned = mentioned(&e.name, &e.values, later);
            is_made_again(from, e, renamed, &mentioned).then(|| made_again(&e.name, None))
        }
        Change::AlterObject { id, from, to: object } => {
            let again = is_retyped(id, from, object) || is_nested(id, from, object, to);
            again.then(|| made_again(&id.name, Some(id)))
        }
        _ => None,
    }
}

fn table_disturbs(change: &Change, computed: &[&Name], to: &Schema, id: &ObjectId, uses: &Uses) -> bool {
    let on = |name: &Qualified| uses.held.says(name) || id.on.as_ref() == Some(name);
    match change {
        Change::DropTable(table) => on(&table.name),
        Change::Repartition { from, .. } => from.iter().any(|table| on(&table.name)),
        Change::AlterTable { to: table, changes, .. } => {
            let is_there = on(&table.name) || to.all_below(&table.name).iter().any(on);
            let part = |change: &TableChange| {
                part_disturbs(change, &uses.held) || handed_on::is_a_column(change, &table.name, to, id, uses)
            };
            let disturbs = |change: &TableChange| drops_counter(change, table, uses) || is_there && part(change);
            let aside = || is_there && computed.iter().any(|name| uses.held.says_word(name));
            !is_loose(id, uses) && (changes.iter().any(disturbs) || aside())
                || is_there && changes.iter().any(|change| reaches_below(change, id, uses))
        }
        _ => false,
    }
}

/// Whether a column gets a default or its NOT NULL anew that a foreign table below has otherwise: there it would be the new one.
fn reaches_below(change: &TableChange, id: &ObjectId, uses: &Uses) -> bool {
    let TableChange::AlterColumn { from, to } = change else {
        return false;
    };
    let facets = Facets::between(from, to);
    id.kind == ObjectKind::VirtualTable && (facets.value || facets.nullable) && uses.held.says_word(&to.name)
}

/// The columns of a table, and of those below, that step aside since they are computed from one whose type changes.
fn computed_aside<'a>(change: &'a Change, schema: &'a Schema) -> Vec<&'a Name> {
    let Change::AlterTable { to: table, changes, .. } = change else {
        return Vec::new();
    };
    let retyped = changes.iter().filter_map(|change| match change {
        TableChange::AlterColumn { from, to } if from.ty != to.ty || from.collation != to.collation => Some(&to.name),
        _ => None,
    });
    let mut retyped = retyped.peekable();
    if retyped.peek().is_none() {
        return Vec::new();
    }
    let below = schema.all_below(&table.name);
    let below = below.iter().filter_map(|name| schema.tables.get(name));
    let tables = std::iter::once(&**table).chain(below).collect::<Vec<_>>();
    let computed = retyped.flat_map(|name| tables.iter().flat_map(move |table| generated_from(table, name)));
    computed.map(|column| &column.name).collect()
}

/// Whether the sequence of a column goes that the object says.
fn drops_counter(change: &TableChange, table: &Table, uses: &Uses) -> bool {
    let (from, to) = match change {
        TableChange::DropColumn(column) => (column, None),
        TableChange::AlterColumn { from, to } => (from, Some(to)),
        _ => return false,
    };
    let serial = |value: &ColumnValue| match value {
        ColumnValue::Identity(kind, _) => Some(*kind == Identity::Serial),
        _ => None,
    };
    let ColumnValue::Identity(_, counter) = &from.value else {
        return false;
    };
    let goes = to.is_none_or(|to| serial(&from.value) != serial(&to.value));
    goes && uses
        .held
        .says(&counter::sequence(counter.as_deref(), &table.name, &from.name))
}

/// Whether it is a function whose body is a string: that knows a table as the type of its rows at most, which may change. One
/// with a body that is SQL (`BEGIN ATOMIC`) is held like a view.
pub(super) fn is_loose(id: &ObjectId, uses: &Uses) -> bool {
    id.kind == ObjectKind::Aggregate || id.kind.is_callable() && uses.said.words().next().is_some()
}

/// What is held to a type that is made again, to one that is made of it, or to a column of these.
pub(super) struct Users<'a> {
    /// The types, by their name in lower case.
    types: BTreeMap<String, Vec<Qualified>>,
    /// The columns of these, by the name of their table.
    columns: BTreeMap<String, Vec<(&'a Qualified, &'a Name)>>,
}

impl<'a> Users<'a> {
    pub(super) fn of(name: &Qualified, schema: &'a Schema) -> Self {
        let mut names = vec![name.clone()];
        for kin in kin(name, schema) {
            names.push(kin.id.name.clone());
            names.extend(multirange(kin.id, kin.object).map(|(name, _)| name));
        }
        let collations = names.iter().map(syntax::collation_name).collect::<BTreeSet<_>>();
        let said = |ty: &SqlType| names.iter().any(|name| is_of(ty, name));
        let lower = |name: &Qualified| name.name.as_str().to_lowercase();
        let mut columns = BTreeMap::<String, Vec<(&Qualified, &Name)>>::new();
        for table in schema.tables.values() {
            let own = table.columns.iter().filter(|column| {
                let collation = column.collation.as_ref();
                said(&column.ty) || collation.is_some_and(|name| collations.contains(name.as_str()))
            });
            for column in own {
                let users = columns.entry(lower(&table.name)).or_default();
                users.push((&table.name, &column.name));
            }
        }
        let mut types = BTreeMap::<String, Vec<Qualified>>::new();
        for name in names {
            types.entry(lower(&name)).or_default().push(name);
        }
        Self { types, columns }
    }

    /// Whether the object is among them. The types themselves are made again along with it.
    pub(super) fn has(&self, id: &ObjectId, uses: &Uses) -> bool {
        if matches!(id.kind, ObjectKind::Type | ObjectKind::Domain | ObjectKind::Collation) {
            return false;
        }
        let mut types = uses.held.words().filter_map(|word| self.types.get(word)).flatten();
        if types.any(|name| uses.held.says(name)) {
            return true;
        }
        if self.columns.is_empty() || is_loose(id, uses) {
            return false;
        }
        let own = id.on.as_ref().map(|on| on.name.as_str().to_lowercase());
        let words = uses.held.words().chain(own.as_deref());
        let mut columns = words.filter_map(|word| self.columns.get(word)).flatten();
        columns.any(|(table, column)| {
            let on = uses.held.says(table) || id.on.as_ref() == Some(*table);
            on && uses.held.says_word(column)
        })
    }
}

/// Whether the object says a column of that type, with its table.
fn says_a_user(ty: &Qualified, schema: &Schema, id: &ObjectId, uses: &Uses) -> bool {
    !is_loose(id, uses)
        && schema.tables.values().any(|table| {
            let on = uses.held.says(&table.name) || id.on.as_ref() == Some(&table.name);
            let mut columns = table.columns.iter().filter(|column| {
                is_of(&column.ty, ty) || {
                    let own = column.collation.as_ref();
                    own.is_some_and(|name| name.as_str() == syntax::collation_name(ty))
                }
            });
            on && columns.any(|column| uses.held.says_word(&column.name))
        })
}

/// Whether the cast can be part of what the object says: it says the type that the cast is from or to, or a column of it.
pub(super) fn reaches_cast(cast: &ObjectId, id: &ObjectId, uses: &Uses, schema: &Schema) -> bool {
    let types = Said::of(cast.name.name.as_str(), Lexis::POSTGRES, DEFAULT_SCHEMA);
    let own = schema.enums.keys().chain(
        schema
            .objects
            .keys()
            .filter(|id| id.kind.serves_tables())
            .map(|id| &id.name),
    );
    let mut own = own.filter(|name| types.says(name));
    // A type is not held to its casts, nor is a function whose body is a string.
    let held = !matches!(id.kind, ObjectKind::Cast | ObjectKind::Type | ObjectKind::Domain) && !is_loose(id, uses);
    held && own.any(|ty| uses.held.says(ty) || says_a_user(ty, schema, id, uses))
}

/// Whether a type is that one of a user's, or an array of it.
pub(in crate::dialect::postgres) fn is_of(ty: &SqlType, name: &Qualified) -> bool {
    match ty {
        SqlType::Enum(other) => other == name,
        SqlType::Array(inner) => is_of(inner, name),
        SqlType::Native(text) => {
            let said = Said::of(text, Lexis::POSTGRES, DEFAULT_SCHEMA);
            said.says(name)
        }
        _ => false,
    }
}

pub(super) fn part_disturbs(change: &TableChange, said: &Said) -> bool {
    match change {
        TableChange::DropColumn(column) => said.says_word(&column.name),
        TableChange::AlterColumn { from, to } => {
            let facets = Facets::between(from, to);
            let computed = |column: &Column| matches!(column.value, ColumnValue::Generated { .. });
            let made_again = facets.value && (computed(from) || computed(to));
            (facets.ty || facets.collation || made_again) && said.says_word(&to.name)
        }
        // `GROUP BY` a key lets a view name all other columns, and holds it to the key.
        TableChange::DropPart(Part::PrimaryKey(key)) => {
            said.words().any(|word| word == "group") && { key.columns.iter().all(|column| said.says_word(column)) }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::header;

    #[test]
    fn a_header_ends_where_the_properties_begin() {
        let one =
            header("CREATE FUNCTION f(a integer DEFAULT 1)\n RETURNS SETOF text\n LANGUAGE sql AS $$ select 1 $$");
        let other =
            header("create function f(a integer default 1) returns setof text immutable language plpgsql as ''");
        assert_eq!(one, other);
        assert_ne!(
            one,
            header("CREATE FUNCTION f(b integer DEFAULT 1) RETURNS SETOF text LANGUAGE sql AS ''")
        );
    }
}
