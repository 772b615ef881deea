//! A migrations folder as an expression.

use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

/// The folder that a literal names, below the package, with its files included by the compiler: a file that changes makes
/// it compile anew, and so does a migration that is added, because that changes the journal.
pub(crate) fn embed(folder: &LitStr) -> TokenStream {
    let root = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    expand(Path::new(&root), folder).unwrap_or_else(|error| error.to_compile_error())
}

fn expand(root: &Path, literal: &LitStr) -> syn::Result<TokenStream> {
    let relative = literal.value();
    let folder = root.join(&relative);
    let failed = |what: &str, error: &dyn std::fmt::Display| {
        syn::Error::new(
            literal.span(),
            format!(
                "the migrations folder `{relative}` {what}: {error}; the path is relative to the package's Cargo.toml"
            ),
        )
    };
    let mut migrations = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(|error| failed("cannot be read", &error))? {
        let entry = entry.map_err(|error| failed("cannot be read", &error))?;
        let id = entry
            .file_name()
            .into_string()
            .map_err(|name| failed("has a folder whose name is not text", &name.display()))?;
        if entry.path().join("up.sql").is_file() || entry.path().join("meta.json").is_file() {
            migrations.push(id);
        }
    }
    migrations.sort();
    let migrations = migrations.iter().map(|id| {
        let [up, down, snapshot, meta] =
            ["up.sql", "down.sql", "snapshot.json", "meta.json"].map(|file| include(&folder.join(id).join(file)));
        quote! {
            ::kickdb::__private::EmbeddedMigration { id: #id, up: #up, down: #down, snapshot: #snapshot, meta: #meta }
        }
    });
    let journal = include(&folder.join("_journal.json"));
    Ok(quote! {
        &::kickdb::__private::Embedded { path: #relative, journal: #journal, migrations: &[#(#migrations),*] }
    })
}

fn include(file: &Path) -> TokenStream {
    match file.to_str() {
        Some(path) if file.is_file() => quote!(::core::option::Option::Some(::core::include_str!(#path))),
        _ => quote!(::core::option::Option::None),
    }
}
