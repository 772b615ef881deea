//! What `cargo kickdb introspect` wrote of a database with a little of everything: it compiles, and says it again.
//!
//! Where the words of the output change, the file is written anew with `KICKDB_BLESS=1`.

use kickdb::dialect;
use kickdb_core::decl::resolve;
use kickdb_core::lower::{self, Origin};
use kickdb_core::raise::{Known, print, raise};

#[expect(unreachable_pub, reason = "it is written for a library")]
#[rustfmt::skip]
mod schema;

#[test]
fn the_source_says_the_schema_that_it_was_written_from() {
    let text = include_str!("schema.rs");
    let origin = Origin {
        file: "schema.rs".into(),
        module: "schema".to_owned(),
    };
    let postgres = dialect::by_name("postgres").expect("PostgreSQL is known");
    let items = lower::file(text, &origin).unwrap_or_else(|errors| panic!("{:?}", errors.problems(&origin)));
    let resolved = resolve(&items, postgres).unwrap_or_else(|problems| panic!("{problems:?}"));
    let known = Known {
        root: "schema".to_owned(),
        ..Known::default()
    };
    let raised = raise(&resolved.schema, postgres, &known);
    let again = print::file(&raised.items, "schema", &raised.unsaid);
    if std::env::var_os("KICKDB_BLESS").is_some() {
        std::fs::write(
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/introspected/schema.rs"),
            &again,
        )
        .expect("the file can be written");
        return;
    }
    assert_eq!(again, text);
}
