use super::error::Sink;
use super::{LowerErrors, Origin, item};
use crate::decl::Item;

/// Lowers a source text that stands alone, with the modules that are written in it. What `cfg` says is not looked at, and
/// modules in other files are left out.
///
/// # Errors
///
/// Every mistake in its items, or that it is not valid Rust.
pub fn file(text: &str, origin: &Origin) -> Result<Vec<Item>, LowerErrors> {
    let mut items = Vec::new();
    let mut sink = Sink::default();
    match syn::parse_file(text) {
        Ok(file) => module(&file.items, origin, &mut items, &mut sink),
        Err(error) => sink.add(
            error.span(),
            format!("this is not valid Rust: {error}"),
            "`cargo check` shows it in full",
        ),
    }
    sink.or(items)
}

fn module(all: &[syn::Item], origin: &Origin, items: &mut Vec<Item>, sink: &mut Sink) {
    for one in all {
        if let syn::Item::Mod(inner) = one {
            let name = inner.ident.to_string();
            let name = name.strip_prefix("r#").unwrap_or(&name);
            let inside = Origin {
                module: format!("{}::{name}", origin.module),
                ..origin.clone()
            };
            if let Some((_, all)) = &inner.content {
                module(all, &inside, items, sink);
            }
            continue;
        }
        match item(one, origin) {
            Ok(found) => items.extend(found),
            Err(errors) => errors.iter().cloned().for_each(|error| sink.push(error)),
        }
    }
}
