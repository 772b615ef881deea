use syn::ext::IdentExt;

use super::Origin;
use crate::decl::{At, UseDecl};

/// The names that a `use` brings in. A glob brings in nothing that can be named here.
pub(super) fn uses(item: &syn::ItemUse, origin: &Origin) -> Vec<UseDecl> {
    let mut found = Vec::new();
    walk(&item.tree, &mut Vec::new(), origin, &mut found);
    found
}

fn walk(tree: &syn::UseTree, path: &mut Vec<String>, origin: &Origin, found: &mut Vec<UseDecl>) {
    let mut add = |ident: At<String>, path: Vec<String>| {
        found.push(UseDecl {
            ident,
            module: origin.module.clone(),
            path,
        });
    };
    match tree {
        syn::UseTree::Path(tree) => {
            path.push(tree.ident.unraw().to_string());
            walk(&tree.tree, path, origin, found);
            path.pop();
        }
        // `a::b::{self}` brings in `b`.
        syn::UseTree::Name(tree) if tree.ident == "self" => {
            if let Some(last) = path.last() {
                add(origin.at(last.clone(), tree.ident.span()), path.clone());
            }
        }
        syn::UseTree::Name(tree) => {
            let mut full = path.clone();
            full.push(tree.ident.unraw().to_string());
            add(origin.ident(&tree.ident), full);
        }
        syn::UseTree::Rename(tree) => {
            let mut full = path.clone();
            if tree.ident != "self" {
                full.push(tree.ident.unraw().to_string());
            }
            add(origin.ident(&tree.rename), full);
        }
        syn::UseTree::Group(group) => {
            for tree in &group.items {
                walk(tree, path, origin, found);
            }
        }
        _ => {}
    }
}
