//! Foreign data wrappers and servers, whose options change one by one: what is made of them, and who may use them, stays.

use std::collections::BTreeMap;

use super::define::{keyword, named, quoted};
use super::facets;
use crate::dialect::head::Head;
use crate::dialect::postgres::syntax::{bare, block, literal};
use crate::ir::{Object, ObjectId};
use crate::plan::Steps;

/// Before the name of an option.
pub(super) const OPTION: &str = "option ";
/// The version that a server says it has.
pub(super) const VERSION: &str = "version";
/// The functions of a wrapper, as facets and as words.
pub(super) const FUNCTIONS: [(&str, &str); 2] = [("handler", "HANDLER"), ("validator", "VALIDATOR")];

pub(super) fn create(id: &ObjectId, object: &Object, out: &mut Steps) {
    let mut sql = object.sql.clone();
    for (facet, word) in FUNCTIONS {
        if let Some(function) = facets::get(object, facet) {
            sql.push_str(&format!(" {word} {function}"));
        }
    }
    let options = facets::starting(object, OPTION).map(|(name, value)| format!("{} {}", bare(name), literal(value)));
    let options = options.collect::<Vec<_>>();
    if !options.is_empty() {
        sql.push_str(&format!(" OPTIONS ({})", options.join(", ")));
    }
    out.push(sql);
    // Between the type and the wrapper, where the statement could say it, is no place to write to.
    if let Some(version) = facets::get(object, VERSION) {
        out.push(format!("ALTER SERVER {} VERSION {}", named(id), literal(version)));
    }
}

/// A foreign table; what makes one as a partition cannot say the options of its columns.
pub(super) fn create_table(id: &ObjectId, object: &Object, out: &mut Steps) {
    out.push(object.sql.trim_end());
    for (column, options) in facets::starting(object, facets::COLUMN_OPTIONS) {
        let name = named(id);
        out.push(format!(
            "ALTER FOREIGN TABLE {name} ALTER COLUMN {} OPTIONS ({options})",
            quoted(column)
        ));
    }
}

/// Reads `ALTER COLUMN name OPTIONS (…)`.
pub(super) fn read_column(head: &mut Head<'_>) -> Option<(String, String)> {
    head.eat("alter").then_some(())?;
    head.eat("column");
    let column = head.name()?.name;
    head.eat("options").then_some(())?;
    let options = head.list()?.into_iter().map(|option| {
        let mut one = Head::new(option, crate::lex::Lexis::POSTGRES, true);
        one.eat("add");
        let name = one.name()?;
        Some(format!("{} {}", bare(name.name.as_str()), literal(&text(&mut one)?)))
    });
    let options = options.collect::<Option<Vec<_>>>()?.join(", ");
    Some((format!("{}{column}", facets::COLUMN_OPTIONS), options))
}

pub(super) fn alter(id: &ObjectId, from: &Object, to: &Object, out: &mut Steps) {
    let mut words = Vec::new();
    if facets::get(from, VERSION) != facets::get(to, VERSION) {
        let version = facets::get(to, VERSION).map_or_else(|| "NULL".to_owned(), literal);
        words.push(format!("VERSION {version}"));
    }
    for (facet, word) in FUNCTIONS {
        if facets::get(from, facet) != facets::get(to, facet) {
            words.push(match facets::get(to, facet) {
                Some(function) => format!("{word} {function}"),
                None => format!("NO {word}"),
            });
        }
    }
    let options = |object| facets::starting(object, OPTION).collect::<BTreeMap<&str, &str>>();
    let (before, after) = (options(from), options(to));
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    let mut changes = gone.map(|name| format!("DROP {}", bare(name))).collect::<Vec<_>>();
    for (name, value) in &after {
        match before.get(name) {
            Some(was) if was == value => {}
            Some(_) => changes.push(format!("SET {} {}", bare(name), literal(value))),
            None => changes.push(format!("ADD {} {}", bare(name), literal(value))),
        }
    }
    if !changes.is_empty() {
        words.push(format!("OPTIONS ({})", changes.join(", ")));
    }
    if !words.is_empty() {
        out.push(format!("ALTER {} {} {}", keyword(id.kind), named(id), words.join(" ")));
    }
}

/// Users are known to a server by what belongs to the environment, a password for example. They go with it, and are in its way.
pub(super) fn forget_users(id: &ObjectId, out: &mut Steps) {
    let body = format!(
        "DECLARE\n  one record;\nBEGIN\n  FOR one IN SELECT umuser, usename FROM pg_user_mappings WHERE srvname = {} LOOP\n    \
         EXECUTE format('DROP USER MAPPING FOR %s SERVER %I', CASE one.umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(one.usename) END, {0});\n  \
         END LOOP;\nEND",
        literal(id.name.name.as_str())
    );
    out.push_noted(block(&body), "The users that the server knows go with it.");
}

/// Reads what follows the name of a server or a wrapper into the object; gives what is left of the statement.
pub(super) fn read(head: &mut Head<'_>, object: &mut Object) -> Result<String, String> {
    let mut kept = String::new();
    while head.at < head.tokens.len() {
        let functions = FUNCTIONS.iter().find(|(facet, _)| head.eat(facet));
        if let Some((facet, _)) = functions {
            let name = head.name().ok_or("the name of the function is missing")?;
            object.facets.insert((*facet).to_owned(), name_of(&name));
        } else if head.eat("no handler") || head.eat("no validator") {
        } else if head.eat("type") {
            let text = text(head).ok_or("the type of the server is missing")?;
            kept.push_str(&format!(" TYPE {}", literal(&text)));
        } else if head.eat("version") {
            let text = text(head).ok_or("the version of the server is missing")?;
            object.facets.insert(VERSION.to_owned(), text);
        } else if head.eat("foreign data wrapper") {
            let name = head.name().ok_or("the name of the wrapper is missing")?;
            kept.push_str(&format!(" FOREIGN DATA WRAPPER {}", bare(name.name.as_str())));
        } else if head.eat("options") {
            for option in head.list().ok_or("the options are missing")? {
                let mut one = Head::new(option, crate::lex::Lexis::POSTGRES, true);
                let name = one.name().ok_or("the name of an option is missing")?;
                let value = text(&mut one).ok_or("the value of an option is missing")?;
                object.facets.insert(format!("{OPTION}{}", name.name), value);
            }
        } else {
            return Err(format!("`{}` was not expected", head.rest()));
        }
    }
    Ok(kept)
}

fn name_of(name: &crate::ident::Qualified) -> String {
    let schema = name
        .schema
        .as_ref()
        .filter(|schema| schema.as_str() != super::DEFAULT_SCHEMA);
    let schema = schema
        .map(|schema| format!("{}.", bare(schema.as_str())))
        .unwrap_or_default();
    format!("{schema}{}", bare(name.name.as_str()))
}

/// A string.
pub(super) fn text(head: &mut Head<'_>) -> Option<String> {
    let token = head.tokens.get(head.at)?;
    let inner = token.text.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'");
    head.at += 1;
    Some(inner)
}
