use kickdb::decl::{Problem, Resolved, resolve};
use kickdb::dialect::{self, Dialect};
use kickdb::registry;
use kickdb_core::ir::Schema;
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

/// The items of the model as the program itself has them. Other tests have some of their own.
fn from_program() -> Vec<kickdb::decl::Item> {
    let mut items = registry::items().unwrap();
    items.retain(|item| item.module() == "it::model");
    items
}

/// The schema, or what the engine cannot have of it.
fn told(resolved: Result<Resolved, Vec<Problem>>) -> Result<Schema, Vec<String>> {
    match resolved {
        Ok(resolved) => {
            assert_eq!(resolved.unmanaged.len(), 1);
            Ok(resolved.schema)
        }
        Err(problems) => Err(problems.into_iter().map(|problem| problem.message).collect()),
    }
}

/// The engines that can have the whole model.
fn dialects() -> Vec<&'static dyn Dialect> {
    let all = dialect::ALL.iter().copied();
    let found: Vec<_> = all.filter(|dialect| registry::schema(*dialect).is_ok()).collect();
    assert!(found.len() >= 2);
    found
}

#[test]
fn source_and_program_give_the_same_schema() {
    for dialect in dialect::ALL {
        let program = told(resolve(&from_program(), *dialect));
        let source = told(resolve(&from_source(), *dialect));
        assert_eq!(program, source, "{}", dialect.id());
    }
}

/// A migrations folder whose last snapshot is the program's schema, or that schema after a change.
fn folder(change: impl Fn(&mut Schema)) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for dialect in dialects() {
        let mut schema = registry::schema(dialect).unwrap().schema;
        change(&mut schema);
        let target = dir.path().join("migrations").join(dialect.id().as_str());
        let id = "20260101_000000_init";
        std::fs::create_dir_all(target.join(id)).unwrap();
        let snapshot = kickdb_core::snapshot::write(&schema, dialect).unwrap();
        std::fs::write(target.join(id).join("snapshot.json"), snapshot).unwrap();
        std::fs::write(target.join(id).join("up.sql"), "").unwrap();
        std::fs::write(target.join(id).join("down.sql"), "").unwrap();
        let journal = format!(
            r#"{{ "version": 1, "dialect": "{}", "entries": [{{ "id": "{id}", "tag": "init",
                "hash": "sha256:{}", "createdAt": "2026-01-01T00:00:00.000Z" }}] }}"#,
            dialect.id(),
            "0".repeat(64)
        );
        std::fs::write(target.join("_journal.json"), journal).unwrap();
    }
    dir
}

#[test]
fn the_program_is_compared_with_the_last_snapshot() {
    let same = folder(|_| {});
    registry::check_in_sync(same.path(), "migrations".as_ref()).unwrap();

    let other = folder(|schema| {
        schema.tables.retain(|name, _| name.to_string() != "task_label");
    });
    let message = registry::check_in_sync(other.path(), "migrations".as_ref()).unwrap_err();
    for dialect in dialects() {
        let line = format!("`migrations/{}`: the tables of this program", dialect.id());
        assert!(message.contains(&line), "{message}");
    }
    assert!(message.contains("create table task_label"), "{message}");
    assert!(message.contains("cargo kickdb generate"), "{message}");
}

#[test]
#[should_panic(expected = "there is no `_journal.json` in `no such folder`")]
fn a_missing_folder_is_said() {
    kickdb::assert_in_sync!("no such folder");
}

#[test]
fn the_model_in_each_dialect() {
    for dialect in dialect::ALL {
        let text = match resolve(&from_source(), *dialect) {
            Ok(resolved) => kickdb_core::snapshot::write(&resolved.schema, *dialect).unwrap(),
            Err(problems) => problems.iter().map(|problem| format!("{problem}\n\n")).collect(),
        };
        insta::assert_snapshot!(format!("model_{}", dialect.id()), text);
    }
}
