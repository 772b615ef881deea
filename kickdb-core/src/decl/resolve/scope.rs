use std::collections::BTreeMap;

use crate::decl::Item;

/// Every declaration by the name it has in Rust.
pub(super) struct Scope<'a> {
    pub(super) items: &'a [Item],
    by_ident: BTreeMap<&'a str, Vec<usize>>,
    uses: BTreeMap<(&'a str, &'a str), &'a [String]>,
}

/// What a path leads to.
pub(super) enum Found {
    /// To nothing that is declared; the path is as it is after the module's imports.
    Nothing(Vec<String>),
    /// To one item, by its index.
    One(usize),
    /// To one of these, and nothing says to which.
    Several(Vec<usize>),
}

impl<'a> Scope<'a> {
    pub(super) fn new(items: &'a [Item]) -> Self {
        let mut by_ident: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut uses = BTreeMap::new();
        for (index, item) in items.iter().enumerate() {
            let ident = item.ident().as_str();
            match item {
                Item::Use(decl) => {
                    uses.insert((decl.module.as_str(), ident), decl.path.as_slice());
                }
                // A constant is no type.
                Item::Object(_) => {}
                _ => by_ident.entry(ident).or_default().push(index),
            }
        }
        Self { items, by_ident, uses }
    }

    /// The names of all items that a column's type or a reference can name.
    pub(super) fn idents(&self) -> impl Iterator<Item = &'a str> {
        self.by_ident.keys().copied()
    }

    /// Looks a path up, as it is written in a module.
    ///
    /// Not all of Rust's rules are followed (a glob or a re-export may stand between), so where only one item has the
    /// name it is taken, and among several the path decides.
    pub(super) fn find(&self, path: &[String], module: &str) -> Found {
        let path = self.imported(path, module);
        let Some(last) = path.last() else {
            return Found::Nothing(path);
        };
        let candidates = match self.by_ident.get(last.as_str()) {
            None => return Found::Nothing(path),
            Some(candidates) if candidates.len() == 1 => return Found::One(candidates[0]),
            Some(candidates) => candidates,
        };
        let full = absolute(&path, module);
        let parent = full.rsplit_once("::").map_or("", |(parent, _)| parent);
        let suffix = path[..path.len() - 1].join("::");
        type Fits<'f> = &'f dyn Fn(&str) -> bool;
        let rules: [Fits<'_>; 3] = [
            &|of| of == parent,
            &|of| of.strip_prefix(parent).is_some_and(|rest| rest.starts_with("::")),
            &|of| !suffix.is_empty() && (of == suffix || of.ends_with(&format!("::{suffix}"))),
        ];
        // A bare name is only looked for in its own module: anything further would be a guess.
        let rules = if path.len() == 1 { &rules[..1] } else { &rules[..] };
        for rule in rules {
            let fitting: Vec<usize> = candidates
                .iter()
                .copied()
                .filter(|index| rule(self.items[*index].module()))
                .collect();
            match fitting[..] {
                [] => {}
                [one] => return Found::One(one),
                _ => return Found::Several(fitting),
            }
        }
        Found::Several(candidates.clone())
    }

    /// Whether a bare name stands, in a module, for something declared or imported from the program itself.
    pub(super) fn is_own(&self, name: &str, module: &str) -> bool {
        let declared = self
            .by_ident
            .get(name)
            .is_some_and(|candidates| candidates.iter().any(|index| self.items[*index].module() == module));
        let imported = self.uses.get(&(module, name)).is_some_and(|path| {
            matches!(path.first().map(String::as_str), Some("crate" | "self" | "super"))
                && self.by_ident.contains_key(name)
        });
        declared || imported
    }

    fn imported(&self, path: &[String], module: &str) -> Vec<String> {
        let (own, rest) = match path.split_first() {
            Some((first, rest)) if first == "self" && !rest.is_empty() => (&rest[0], &rest[1..]),
            Some((first, rest)) => (first, rest),
            None => return Vec::new(),
        };
        match self.uses.get(&(module, own.as_str())) {
            Some(full) => full.iter().chain(rest).cloned().collect(),
            None => path.to_vec(),
        }
    }
}

/// A path from the crate's name on.
fn absolute(path: &[String], module: &str) -> String {
    let mut base: Vec<&str> = module.split("::").collect();
    let mut rest = path;
    match path.first().map(String::as_str) {
        Some("crate") => {
            base.truncate(1);
            rest = &path[1..];
        }
        Some("self") => rest = &path[1..],
        _ => {}
    }
    while rest.first().is_some_and(|first| first == "super") {
        base.pop();
        rest = &rest[1..];
    }
    if rest.len() == path.len() && path.len() > 1 && base.first() == path.first().map(String::as_str).as_ref() {
        base.clear();
    }
    base.extend(rest.iter().map(String::as_str));
    base.join("::")
}
