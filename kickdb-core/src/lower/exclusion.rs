use syn::spanned::Spanned;

use super::Origin;
use super::attr::Key;
use super::constraint::{deferrable, parts_with, read, storage};
use super::error::Sink;
use crate::decl::{ExclusionDecl, StorageDecl};
use crate::ir::Deferrable;

const EXCLUDE: &[Key] = &[
    ("columns", "columns(room(with = \"=\"), during(with = \"&&\"))"),
    ("name", "name = \"constraint_name\""),
    ("method", "method = gist"),
    ("where", "where = \"NOT cancelled\""),
    ("deferrable", "deferrable` or `deferrable = deferred"),
    ("include", "include(title)"),
    ("comment", "comment = \"what it is\""),
    ("options", "options(fillfactor = \"70\")"),
];
const PART: &[Key] = &[
    ("with", "with = \"=\""),
    ("desc", "desc"),
    ("asc", "asc"),
    ("nulls_first", "nulls_first"),
    ("nulls_last", "nulls_last"),
    ("opclass", "opclass = \"range_ops\""),
    ("collation", "collation = \"C\""),
    ("parameters", "parameters(siglen = \"32\")"),
];

/// `#[exclude(columns(room(with = "="), during(with = "&&")))]`.
pub(super) fn exclusion(attr: &syn::Attribute, origin: &Origin, errors: &mut Sink) -> ExclusionDecl {
    let mut exclusion = ExclusionDecl {
        name: None,
        method: None,
        parts: Vec::new(),
        predicate: None,
        deferrable: Deferrable::No,
        storage: StorageDecl::default(),
        place: origin.place(attr.span()),
    };
    let args = read(attr, "exclude", EXCLUDE, &["columns"], errors);
    for arg in &args {
        match arg.key.as_str() {
            "columns" => {
                for (part, args) in parts_with(arg, PART, origin, errors) {
                    let with = args.iter().find(|arg| arg.key == "with");
                    match with.map(|with| with.text(origin, errors)) {
                        Some(operator) => exclusion.parts.extend(operator.map(|operator| (part, operator.value))),
                        None => errors.add(
                            arg.span,
                            "a part of an exclusion constraint says no operator",
                            "write how two rows are compared: `room(with = \"=\")`",
                        ),
                    }
                }
            }
            "name" => exclusion.name = arg.text(origin, errors),
            "method" => exclusion.method = arg.word(origin, errors),
            "where" => exclusion.predicate = arg.text(origin, errors),
            "deferrable" => exclusion.deferrable = deferrable(arg, errors),
            _ => storage(arg, &mut exclusion.storage, origin, errors),
        }
    }
    exclusion
}
