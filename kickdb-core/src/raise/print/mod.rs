//! Declarations as source.

mod attr;
mod script;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

pub use self::attr::{Attr, rust_type};
pub use self::script::script;
pub use self::table::{Attrs, at_struct, attrs, field, relations, table};
use super::{Unsaid, rust_ident};
use crate::decl::{EnumDecl, Item, ObjectDecl, RustType, SqlText};

/// Types that are written by their bare name, with the crate that has them.
const IMPORTS: &[(&str, &[&str])] = &[
    (
        "chrono",
        &["DateTime", "NaiveDate", "NaiveDateTime", "NaiveTime", "Utc"],
    ),
    ("rust_decimal", &["Decimal"]),
    ("uuid", &["Uuid"]),
];

/// A whole file: imports, items by module, and at its end what it cannot say.
#[must_use]
pub fn file(items: &[Item], root: &str, unsaid: &[Unsaid]) -> String {
    parts(items, root, unsaid).concat()
}

/// The same in pieces that are each source by themselves: what stands at the head, each item of the root, each module, and what
/// a file cannot say.
#[must_use]
pub fn parts(items: &[Item], root: &str, unsaid: &[Unsaid]) -> Vec<String> {
    let mut head = String::from(
        "//! The schema of the database, as `cargo kickdb introspect` read it.\n//!\n//! It is yours to edit: rename structs and fields, add derives and methods. Run again with `--out`, the command keeps the\n//! edits and adds what changed in the database.\n\n",
    );
    head.push_str(&imports(items));
    let mut modules: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    for item in items {
        modules.entry(item.module()).or_default().push(item);
    }
    let mut parts = vec![head];
    for item in modules.remove(root).unwrap_or_default() {
        parts.push(format!("\n{}", self::item(item)));
    }
    for (module, items) in modules {
        let name = module.rsplit("::").next().unwrap_or(module);
        let inner: Vec<String> = items.into_iter().map(self::item).collect();
        parts.push(format!("\n{}", self::module(name, &inner)));
    }
    parts.push(footer(unsaid));
    parts
}

/// A module with items in it.
#[must_use]
pub fn module(name: &str, items: &[String]) -> String {
    let mut text = format!("pub mod {} {{\n    use super::*;\n", rust_ident(name));
    for item in items {
        text.push('\n');
        text.push_str(&nested(item, 4));
    }
    text.push_str("}\n");
    text
}

/// What a file cannot say, as comments.
#[must_use]
pub fn footer(unsaid: &[Unsaid]) -> String {
    let mut text = String::new();
    if !unsaid.is_empty() {
        text.push_str("\n// In the database, but not in this file:\n");
        for one in unsaid {
            let line = one.to_string().replace(['\n', '\r'], " ");
            let _ = writeln!(text, "// - {line}");
        }
    }
    text
}

/// One item as source, with a line end behind it.
#[must_use]
pub fn item(item: &Item) -> String {
    match item {
        Item::Table(decl) => table(decl),
        Item::Enum(decl) => enumeration(decl),
        Item::Object(decl) => object(decl),
        Item::Newtype(decl) => format!("pub struct {}({});\n", rust_ident(&decl.ident), rust_type(&decl.ty)),
        Item::Alias(decl) => format!("pub type {} = {};\n", rust_ident(&decl.ident), rust_type(&decl.ty)),
        Item::Use(decl) => format!("use {};\n", decl.path.join("::")),
    }
}

/// The lines of an item in a module; the inside of raw strings stays where it is.
#[must_use]
pub fn nested(item: &str, indent: usize) -> String {
    let space = " ".repeat(indent);
    let mut text = String::new();
    let mut closing: Option<String> = None;
    for line in item.lines() {
        match &closing {
            Some(mark) => {
                if line.starts_with(mark.as_str()) {
                    closing = None;
                }
                text.push_str(line);
            }
            None if line.is_empty() => {}
            None => {
                text.push_str(&space);
                text.push_str(line);
                if let Some((_, hashes)) = line.rsplit_once("= r")
                    && let Some(hashes) = hashes.strip_suffix('"')
                    && hashes.chars().all(|c| c == '#')
                {
                    closing = Some(format!("\"{hashes};"));
                }
            }
        }
        text.push('\n');
    }
    text
}

/// The lines that bring the types of some items into a file.
#[must_use]
pub fn imports(items: &[Item]) -> String {
    let mut used = BTreeSet::new();
    for item in items {
        if let Item::Table(decl) = item {
            for column in &decl.columns {
                names(&column.ty, &mut used);
            }
        }
    }
    let mut lines = Vec::new();
    for (of, types) in IMPORTS {
        let types: Vec<&str> = types.iter().copied().filter(|name| used.contains(*name)).collect();
        match &types[..] {
            [] => {}
            [one] => lines.push(format!("use {of}::{one};\n")),
            several => lines.push(format!("use {of}::{{{}}};\n", several.join(", "))),
        }
    }
    lines.push("use kickdb::prelude::*;\n".to_owned());
    lines.sort();
    lines.concat()
}

/// The features of `kickdb` that the types of some items need.
#[must_use]
pub fn features(items: &[Item]) -> Vec<&'static str> {
    let lines = imports(items);
    let mut features: Vec<&str> = IMPORTS.iter().map(|(of, _)| *of).collect();
    features.retain(|of| lines.contains(&format!("use {of}::")));
    let columns = items.iter().filter_map(|item| match item {
        Item::Table(decl) => Some(&decl.columns),
        _ => None,
    });
    if columns
        .flatten()
        .any(|column| column.ty.to_string().contains("serde_json::"))
    {
        features.push("json");
    }
    features
}

/// The bare names in a type.
fn names(ty: &RustType, used: &mut BTreeSet<String>) {
    if let [name] = &ty.path[..] {
        used.insert(name.clone());
    }
    ty.args.iter().for_each(|arg| names(arg, used));
}

/// An enum.
#[must_use]
pub fn enumeration(decl: &EnumDecl) -> String {
    let mut text = String::from("#[derive(Debug, Clone, Copy, PartialEq, Eq, DbEnum)]\n");
    let (word, case) = super::enums::usual_case(&decl.values);
    let mut head = Attr::new("db_enum");
    head.text("name", decl.name.as_ref().map(|name| name.as_str()));
    head.text("schema", decl.schema.as_ref().map(|name| name.as_str()));
    head.text("rename_all", Some(word).filter(|word| *word != "snake_case"));
    head.flag("always", decl.always);
    head.text("comment", decl.comment.as_deref());
    head.text("renamed_from", decl.renamed_from.as_ref().map(|name| name.as_str()));
    if !head.args.is_empty() {
        let _ = writeln!(text, "{}", head.render(0));
    }
    if decl.values.is_empty() {
        let _ = writeln!(text, "pub enum {} {{}}", rust_ident(&decl.ident));
        return text;
    }
    let _ = writeln!(text, "pub enum {} {{", rust_ident(&decl.ident));
    for value in &decl.values {
        if case.apply(&value.ident) != value.value {
            let mut attr = Attr::new("db_enum");
            attr.text("rename", Some(&value.value));
            let _ = writeln!(text, "    {}", attr.render(4));
        }
        let _ = writeln!(text, "    {},", rust_ident(&value.ident));
    }
    text.push_str("}\n");
    text
}

/// A constant that holds statements.
#[must_use]
pub fn object(decl: &ObjectDecl) -> String {
    let dialects: Vec<&str> = decl.dialects.iter().map(|dialect| dialect.as_str()).collect();
    let dialects = if dialects.is_empty() {
        String::new()
    } else {
        format!("({})", dialects.join(", "))
    };
    let value = match &decl.sql.value {
        SqlText::Text(text) => long_text(text),
        SqlText::File(path) => format!("include_str!({path:?})"),
    };
    format!(
        "#[db_object{dialects}]\nconst {}: &str = {value};\n",
        rust_ident(&decl.ident)
    )
}

/// A text of several lines as a literal in which they stand as they are. A carriage return would be lost in it.
#[must_use]
pub fn long_text(text: &str) -> String {
    if text.contains('\r') {
        return format!("{text:?}");
    }
    let mut hashes = String::new();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"\n{text}\n\"{hashes}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_a_module_is_not_indented() {
        let object = ObjectDecl {
            ident: crate::decl::At::new("V".to_owned(), crate::decl::Place::default()),
            sql: crate::decl::At::new(
                SqlText::Text("create view \"v\" as\nselect 1".to_owned()),
                crate::decl::Place::default(),
            ),
            ..ObjectDecl::default()
        };
        let text = module("app", &[self::object(&object)]);
        assert_eq!(
            text,
            "pub mod app {\n    use super::*;\n\n    #[db_object]\n    const V: &str = r#\"\ncreate view \"v\" as\nselect 1\n\"#;\n}\n"
        );
    }
}
