//! Text search: dictionaries and configurations change where they are, since computed columns and indexes use them.

use std::collections::{BTreeMap, BTreeSet};

use super::define::named;
use super::facets;
use crate::dialect::head::Head;
use crate::ir::{Object, ObjectId};
use crate::lex::Lexis;
use crate::plan::Steps;

/// What a dictionary's template is told.
pub(super) const OPTIONS: &str = "options";
/// Before the name of a kind of word.
pub(super) const MAPPING: &str = "mapping ";

pub(super) fn create_dictionary(object: &Object, out: &mut Steps) {
    let sql = object.sql.trim_end();
    out.push(match (facets::get(object, OPTIONS), sql.strip_suffix(')')) {
        (Some(options), Some(open)) => format!("{open}, {options})"),
        _ => sql.to_owned(),
    });
}

pub(super) fn alter_dictionary(id: &ObjectId, from: &Object, to: &Object, out: &mut Steps) {
    let options = |object| facets::get(object, OPTIONS).unwrap_or_default();
    if options(from) == options(to) {
        return;
    }
    let (before, after) = (named_options(options(from)), named_options(options(to)));
    let gone = before
        .keys()
        .filter(|name| !after.contains_key(*name))
        .map(|name| (*name).to_owned());
    let set = after.iter().filter(|(name, text)| before.get(*name) != Some(text));
    let words = gone.chain(set.map(|(_, text)| (*text).to_owned())).collect::<Vec<_>>();
    out.push(format!(
        "ALTER TEXT SEARCH DICTIONARY {} ({})",
        named(id),
        words.join(", ")
    ));
}

/// `name = value`, each by its name.
fn named_options(text: &str) -> BTreeMap<String, String> {
    let whole = format!("({text})");
    let all = Head::new(&whole, Lexis::POSTGRES, true).list().unwrap_or_default();
    let all = all.into_iter().filter_map(|option| {
        let name = Head::new(option, Lexis::POSTGRES, true).name()?;
        Some((name.name.to_string(), option.to_owned()))
    });
    all.collect()
}

pub(super) fn create_configuration(id: &ObjectId, object: &Object, out: &mut Steps) {
    out.push(object.sql.trim_end());
    map(id, &Object::default(), object, out);
}

pub(super) fn alter_configuration(id: &ObjectId, from: &Object, to: &Object, out: &mut Steps) {
    map(id, from, to, out);
}

/// The kinds of words that go to the same dictionaries, in one statement.
fn map(id: &ObjectId, from: &Object, to: &Object, out: &mut Steps) {
    let mut act = |action: String| out.push(format!("ALTER TEXT SEARCH CONFIGURATION {} {action}", named(id)));
    let mappings = |object| facets::starting(object, MAPPING).collect::<BTreeMap<&str, &str>>();
    let (before, after) = (mappings(from), mappings(to));
    let gone = before
        .keys()
        .filter(|kind| !after.contains_key(*kind))
        .copied()
        .collect::<Vec<_>>();
    if !gone.is_empty() {
        act(format!("DROP MAPPING FOR {}", gone.join(", ")));
    }
    let mut changed = BTreeMap::<(&str, &str), BTreeSet<&str>>::new();
    for (kind, dictionaries) in &after {
        match before.get(kind) {
            Some(was) if was == dictionaries => {}
            was => {
                let word = if was.is_some() { "ALTER" } else { "ADD" };
                changed.entry((word, dictionaries)).or_default().insert(kind);
            }
        }
    }
    for ((word, dictionaries), kinds) in changed {
        let kinds = kinds.into_iter().collect::<Vec<_>>().join(", ");
        act(format!("{word} MAPPING FOR {kinds} WITH {dictionaries}"));
    }
}

/// Takes the options of a dictionary but its template out of the statement.
pub(super) fn read_dictionary(head: &mut Head<'_>, object: &mut Object) -> Result<String, String> {
    let list = head.list().ok_or("what the dictionary is made of is missing")?;
    let is_template = |option: &&str| Head::new(option, Lexis::POSTGRES, true).eat("template");
    let (template, options): (Vec<&str>, Vec<&str>) = list.into_iter().partition(is_template);
    let template = template.first().and_then(|option| option.split_once('='));
    let (_, template) = template.ok_or("the template of the dictionary is missing")?;
    if !options.is_empty() {
        object.facets.insert(OPTIONS.to_owned(), options.join(", "));
    }
    Ok(format!(" (TEMPLATE = {})", template.trim()))
}

/// `ADD MAPPING FOR a, b WITH c, d`.
pub(super) fn read_mapping(head: &mut Head<'_>, object: &mut Object) -> Option<()> {
    if !head.eat("add mapping for") {
        return None;
    }
    let mut kinds = vec![head.name()?.name];
    while head.eat(",") {
        kinds.push(head.name()?.name);
    }
    if !head.eat("with") {
        return None;
    }
    for kind in kinds {
        object.facets.insert(format!("{MAPPING}{kind}"), head.rest().to_owned());
    }
    Some(())
}
