//! Names that Rust can have, made of names that databases have.

use std::collections::{BTreeMap, BTreeSet};

use super::Known;
use crate::decl::names::Case;
use crate::decl::{RustType, builtin};

/// https://doc.rust-lang.org/reference/keywords.html
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that not even `r#` makes a name of.
const NEVER: &[&str] = &["_", "crate", "self", "Self", "super"];

/// Types that the source or the derives' users write by their bare name and that no table may hide.
const TAKEN_TYPES: &[&str] = &[
    "Box", "Err", "None", "Ok", "Option", "Result", "Some", "Utc", "Default", "Clone", "Copy", "Debug",
];

/// Crates and words that a module would hide.
const TAKEN_MODULES: &[&str] = &[
    "alloc",
    "bigdecimal",
    "chrono",
    "civil",
    "core",
    "jiff",
    "kickdb",
    "kickdb_core",
    "rust_decimal",
    "serde",
    "serde_json",
    "sqlx",
    "std",
    "time",
    "uuid",
];

/// A name as source spells it: `r#type` for `type`.
#[must_use]
pub fn rust_ident(name: &str) -> String {
    if KEYWORDS.contains(&name) {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}

/// Letters and digits that Rust takes in names as they are.
fn is_fine(c: char) -> bool {
    let c32 = u32::from(c);
    c.is_ascii_alphanumeric()
        || c.is_alphanumeric()
            && ((0xC0..=0x24F).contains(&c32)
                || (0x388..=0x3FF).contains(&c32)
                || (0x400..=0x481).contains(&c32)
                || (0x48A..=0x52F).contains(&c32)
                || (0x3041..=0x3096).contains(&c32)
                || (0x30A1..=0x30FA).contains(&c32)
                || (0x4E00..=0x9FFF).contains(&c32)
                || (0xAC00..=0xD7A3).contains(&c32))
}

fn written(text: &str, case: Case, before_digit: &str) -> String {
    let letters: String = text.chars().map(|c| if is_fine(c) { c } else { '_' }).collect();
    let name = case.apply(&letters);
    if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() {
        return format!("{before_digit}{name}");
    }
    if NEVER.contains(&name.as_str()) {
        return format!("{name}_");
    }
    name
}

/// A name in snake case, for a field, a relation or a module.
pub(super) fn snake(text: &str) -> String {
    written(text, Case::Snake, "n")
}

/// A name in pascal case, for a struct, an enum or a variant.
pub(super) fn pascal(text: &str) -> String {
    written(text, Case::Pascal, "N")
}

/// A name for a constant.
pub(super) fn constant(text: &str) -> String {
    written(text, Case::ScreamingSnake, "N")
}

/// A name for the module of a named schema.
pub(super) fn module(text: &str) -> String {
    let name = snake(text);
    if TAKEN_MODULES.contains(&name.as_str()) {
        format!("{name}_schema")
    } else {
        name
    }
}

/// Words whose singular no rule gives.
const IRREGULAR: &[(&str, &str)] = &[
    ("aliases", "alias"),
    ("buses", "bus"),
    ("caches", "cache"),
    ("children", "child"),
    ("indices", "index"),
    ("movies", "movie"),
    ("cookies", "cookie"),
    ("news", "news"),
    ("people", "person"),
    ("series", "series"),
    ("species", "species"),
    ("statuses", "status"),
];

/// One of what a table's name says many of.
///
/// ```
/// use kickdb_core::raise::singular;
///
/// assert_eq!(singular("order_lines"), "order_line");
/// assert_eq!(singular("categories"), "category");
/// assert_eq!(singular("status"), "status");
/// ```
#[must_use]
pub fn singular(name: &str) -> String {
    let (head, last) = match name.rfind(['_', ' ', '-']) {
        Some(at) => name.split_at(at + 1),
        None => ("", name),
    };
    let lower = last.to_lowercase();
    if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == lower) {
        return format!("{head}{one}");
    }
    let ends = |end: &str| lower.ends_with(end);
    let cut = |letters: usize, end: &str| match last.char_indices().rev().nth(letters - 1) {
        Some((at, _)) if at > 0 => format!("{head}{}{end}", &last[..at]),
        _ => name.to_owned(),
    };
    if ends("ies") && lower.len() > 4 {
        cut(3, "y")
    } else if ["sses", "xes", "ches", "shes"].into_iter().any(ends) {
        cut(2, "")
    } else if ends("s") && !["ss", "us", "is", "as"].into_iter().any(ends) {
        cut(1, "")
    } else {
        name.to_owned()
    }
}

/// Many of what a name says one of.
pub(super) fn plural(name: &str) -> String {
    if singular(name) != name {
        return name.to_owned();
    }
    match name.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if name.ends_with(['s', 'x']) || name.ends_with("ch") || name.ends_with("sh") => format!("{name}es"),
        _ => format!("{name}s"),
    }
}

/// The first of a name and its numbered followers that is free.
pub(super) fn first_free(name: String, is_free: impl Fn(&str) -> bool) -> String {
    if is_free(&name) {
        return name;
    }
    let numbered = (2..).map(|number| format!("{name}{number}"));
    let mut free = numbered.filter(|name| is_free(name));
    free.next().unwrap_or(name)
}

/// The names of items, by module, in lower case: names that differ in case alone are taken for one, so that what is derived
/// from them is of two names, too.
pub(super) struct Scopes {
    taken: BTreeMap<String, BTreeSet<String>>,
}

impl Scopes {
    pub(super) fn new(known: &Known) -> Self {
        let lower = |names: &BTreeSet<String>| names.iter().map(|name| name.to_lowercase()).collect();
        let taken = known.taken.iter();
        Self {
            taken: taken.map(|(module, names)| (module.clone(), lower(names))).collect(),
        }
    }

    /// Takes the first of some names that is free in a module, or a numbered one.
    pub(super) fn take(&mut self, module: &str, wanted: &[String]) -> String {
        let taken = self.taken.entry(module.to_owned()).or_default();
        let is_free = |name: &str| {
            let bare = RustType {
                path: vec![name.to_owned()],
                args: Vec::new(),
            };
            let generic = RustType {
                args: vec![bare.clone()],
                ..bare.clone()
            };
            builtin(&bare).is_none()
                && builtin(&generic).is_none()
                && !TAKEN_TYPES.contains(&name)
                && !taken.contains(&name.to_lowercase())
        };
        let free = wanted.iter().find(|name| is_free(name)).cloned();
        let last = wanted.last().cloned().unwrap_or_default();
        let name = free.unwrap_or_else(|| first_free(last, is_free));
        taken.insert(name.to_lowercase());
        name
    }
}

/// The path from a module to an item of another.
pub(super) fn path(from: &str, module: &str, ident: &str) -> Vec<String> {
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split("::").collect(), module.split("::").collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.len() - shared;
    let mut path: Vec<String> = Vec::new();
    if up > 1 || shared == 0 {
        path.push("crate".to_owned());
        path.extend(to.iter().skip(1).map(|part| (*part).to_owned()));
    } else {
        path.extend((0..up).map(|_| "super".to_owned()));
        if up == 0 && shared < to.len() {
            path.push("self".to_owned());
        }
        path.extend(to[shared..].iter().map(|part| (*part).to_owned()));
    }
    path.push(ident.to_owned());
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_becomes_one_that_rust_takes() {
        for (text, field, item) in [
            ("created_at", "created_at", "CreatedAt"),
            ("createdAt", "created_at", "CreatedAt"),
            ("2nd", "n2nd", "N2nd"),
            ("a b-c", "a_b_c", "ABC"),
            ("größe", "größe", "Größe"),
            ("it's \"x\"", "it_s_x", "ItSX"),
            ("self", "self_", "Self_"),
            ("***", "n", "N"),
            ("名前", "名前", "名前"),
        ] {
            assert_eq!((snake(text).as_str(), pascal(text).as_str()), (field, item), "{text}");
        }
        assert_eq!(rust_ident("type"), "r#type");
        assert_eq!(module("std"), "std_schema");
    }

    #[test]
    fn one_and_many() {
        for (many, one) in [
            ("tasks", "task"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("people", "person"),
            ("order_lines", "order_line"),
            ("s", "s"),
            ("glass", "glass"),
            ("data", "data"),
        ] {
            assert_eq!(singular(many), one);
        }
        assert_eq!(plural("category"), "categories");
        assert_eq!(plural("tasks"), "tasks");
        assert_eq!(plural("day"), "days");
    }

    #[test]
    fn paths_between_modules() {
        assert_eq!(path("a", "a", "X").join("::"), "X");
        assert_eq!(path("a", "a::b", "X").join("::"), "self::b::X");
        assert_eq!(path("a::b", "a", "X").join("::"), "super::X");
        assert_eq!(path("a::b", "a::c", "X").join("::"), "super::c::X");
        assert_eq!(path("a::b::c", "a::d", "X").join("::"), "crate::d::X");
    }
}
