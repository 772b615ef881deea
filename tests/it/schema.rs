use kickdb::decl::resolve;
use kickdb::{dialect, registry};
use kickdb_core::lower::{self, Origin};

/// The items of the model as the command line reads them.
fn from_source() -> Vec<kickdb::decl::Item> {
    let file: syn::File = syn::parse_str(include_str!("model.rs")).unwrap();
    let origin = Origin {
        file: "tests/it/model.rs".into(),
        module: "it::model".into(),
    };
    file.items
        .iter()
        .flat_map(|item| lower::item(item, &origin).unwrap())
        .collect()
}

#[test]
fn source_and_program_give_the_same_schema() {
    for dialect in dialect::ALL {
        let program = registry::schema(*dialect).unwrap();
        let source = resolve(&from_source(), *dialect).unwrap();
        assert_eq!(program.schema, source.schema, "{}", dialect.id());
        assert_eq!(program.schema.tables.len(), 6);
        assert_eq!(program.unmanaged.len(), 1);
    }
}
