//! What an engine cannot have is refused before anything is written, with the table and the part.

use kickdb_core::dialect::{ALL, Dialect, IdentifierLimit, by_name};
use kickdb_core::ir::{Check, Column, ColumnValue, Expr, Index, IndexKey, IndexPart, Schema, SqlType, Table, Unique};

use super::place::{PLACES, int, local, name, optional, plain};

/// The refusals of a schema, a line each.
fn refused(mut schema: Schema, dialect: &dyn Dialect) -> String {
    let refusals = dialect.normalize(&mut schema).err().unwrap_or_default();
    let lines: Vec<String> = refusals.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn of(tables: impl IntoIterator<Item = Table>) -> Schema {
    Schema {
        tables: tables.into_iter().map(|table| (table.name.clone(), table)).collect(),
        ..Schema::default()
    }
}

#[test]
fn a_name_that_would_be_cut_is_refused_in_every_place() {
    for dialect in ALL {
        let (limit, unit) = match dialect.caps().max_identifier {
            IdentifierLimit::Bytes(limit) => (limit, "bytes"),
            IdentifierLimit::Chars(limit) => (limit, "characters"),
            IdentifierLimit::None => continue,
        };
        for place in PLACES.iter().filter(|place| (place.on)(*dialect)) {
            // A type's name is no name on an engine that writes the values into the column.
            if place.name == "enum" && dialect.id().as_str() == "mysql" {
                continue;
            }
            let fits = "a".repeat(limit);
            let too_long = "b".repeat(limit + 1);
            let said = refused((place.schema)(&[&fits], false, *dialect), *dialect);
            assert_eq!(said, "", "{} {}", dialect.id(), place.name);
            let said = refused((place.schema)(&[&too_long], false, *dialect), *dialect);
            assert!(
                said.contains(&too_long) && said.contains(&format!("{} {unit}", limit + 1)) && said.contains("name"),
                "{} {}: {said}",
                dialect.id(),
                place.name
            );
            // Two that are the same as far as the engine looks.
            let pair = [format!("{too_long}1"), format!("{too_long}2")];
            let said = refused((place.schema)(&[&pair[0], &pair[1]], false, *dialect), *dialect);
            assert!(
                pair.iter().all(|name| said.contains(name)),
                "{} {}: {said}",
                dialect.id(),
                place.name
            );
        }
    }
}

#[test]
fn what_the_engine_keeps_for_itself_is_refused() {
    /// Engine, place, name, and what is said.
    const CASES: &[(&str, &str, &str, &str)] = &[
        ("postgres", "column", "ctid", "system column"),
        ("postgres", "column", "xmin", "system column"),
        ("postgres", "column", "tableoid", "system column"),
        ("postgres", "schema", "pg_mine", "PostgreSQL's own"),
        ("postgres", "enum", "box", "has a type of this name"),
        ("postgres", "enum", "text", "has a type of this name"),
        ("postgres", "enum", "oid", "has a type of this name"),
        ("postgres", "enum", "t0", "a table has this name"),
        ("sqlite", "table", "sqlite_mine", "belong to SQLite"),
        ("sqlite", "table", "SQLite_mine", "belong to SQLite"),
        ("sqlite", "index", "sqlite_mine", "belong to SQLite"),
        ("mysql", "table", "end ", "ends with a space"),
        ("mysql", "table", "end\n", "ends with a space"),
        ("mysql", "column", "end\t", "ends with a space"),
        ("mysql", "index", "end\r", "ends with a space"),
        ("mysql", "unique", "end ", "ends with a space"),
        ("mysql", "check", "end ", "ends with a space"),
        ("mysql", "foreign key", "end ", "ends with a space"),
        ("mysql", "table", "a🦀", "U+FFFF"),
        ("mysql", "column", "a🦀", "U+FFFF"),
        ("mysql", "index", "🦀", "U+FFFF"),
        ("mysql", "index", "primary", "keeps this name for itself"),
        ("mysql", "unique", "PRIMARY", "keeps this name for itself"),
        ("mysql", "check", "Primary", "keeps this name for itself"),
        ("mysql", "foreign key", "PRIMARY", "keeps this name for itself"),
        ("mysql", "index", "GEN_CLUST_INDEX", "keeps this name for itself"),
        ("mysql", "table", "#mysql50#x", "a mark"),
        (
            "mysql",
            "table",
            "日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日",
            "too long for the table's file",
        ),
    ];
    for (engine, place, text, words) in CASES {
        let dialect = by_name(engine).unwrap();
        let place = PLACES.iter().find(|found| found.name == *place).unwrap();
        let said = refused((place.schema)(&[text], false, dialect), dialect);
        assert!(
            said.contains(words) && said.contains(text),
            "{engine} {} {text:?}: {said}",
            place.name
        );
    }
}

#[test]
fn names_that_the_engine_takes_for_one_are_refused() {
    /// Engine, and the places where letter case does not tell names apart.
    const CASES: &[(&str, &[&str])] = &[
        ("sqlite", &["table", "index"]),
        ("mysql", &["foreign key"]),
        ("postgres", &[]),
    ];
    for (engine, places) in CASES {
        let dialect = by_name(engine).unwrap();
        for place in PLACES.iter().filter(|place| (place.on)(dialect)) {
            let said = refused((place.schema)(&["tasks", "Tasks"], false, dialect), dialect);
            assert_eq!(
                !said.is_empty(),
                places.contains(&place.name),
                "{engine} {}: {said}",
                place.name
            );
        }
        let mut table = plain("t");
        table
            .columns
            .extend([optional("title", int()), optional("Title", int())]);
        let said = refused(of([table]), dialect);
        assert_eq!(said.contains("`t.Title`"), *engine != "postgres", "{engine}: {said}");
    }
}

#[test]
fn names_of_one_table_that_meet_are_refused() {
    let mut table = plain("t");
    let index = Index::new(name("Same"), vec![IndexPart::new(IndexKey::Column(name("id")))]);
    table.indexes.insert(index.name.clone(), index);
    let unique = Unique::new(name("same"), vec![name("id")]);
    table.uniques.insert(unique.name.clone(), unique);
    let said = refused(of([table.clone()]), by_name("mysql").unwrap());
    assert!(said.contains("`t.Same`") && said.contains("`same`"), "{said}");
    let check = |text: &str| Check::new(name(text), Expr::Sql("id > 0".to_owned()));
    let mut table = plain("t");
    table.checks = [check("Same"), check("same")]
        .map(|check| (check.name.clone(), check))
        .into();
    let said = refused(of([table]), by_name("mysql").unwrap());
    assert!(said.contains("`t.same`") && said.contains("`Same`"), "{said}");
}

#[test]
fn texts_that_the_engine_cannot_keep_are_refused() {
    let with = |put: &dyn Fn(&mut Table)| {
        let mut table = plain("t");
        table.columns.push(optional("note", SqlType::Text));
        put(&mut table);
        of([table])
    };
    let default = |text: &str| {
        let value = ColumnValue::Default(Expr::Text(text.to_owned()));
        with(&|table: &mut Table| {
            table.columns[1] = Column {
                value: value.clone(),
                ..table.columns[1].clone()
            }
        })
    };
    let commented = |text: &str| with(&|table: &mut Table| table.columns[1].comment = Some(text.to_owned()));
    let titled = |text: &str| with(&|table: &mut Table| table.comment = Some(text.to_owned()));
    let of_enum = |value: &str| {
        let mut schema = with(&|table: &mut Table| table.columns[1].ty = SqlType::Enum(local("kind")));
        let of = kickdb_core::ir::Enum {
            name: local("kind"),
            values: vec!["a".to_owned(), value.to_owned()],
            comment: None,
        };
        schema.enums.insert(local("kind"), of);
        schema
    };
    for dialect in ALL {
        let said = refused(default("a\0b"), *dialect);
        assert!(
            said.contains("`t.note`") && said.contains("NUL"),
            "{}: {said}",
            dialect.id()
        );
        let said = refused(of_enum("a\0b"), *dialect);
        assert!(
            said.contains("kind") && said.contains("NUL"),
            "{}: {said}",
            dialect.id()
        );
        if dialect.id().as_str() != "sqlite" {
            for (schema, of) in [(commented("a\0b"), "`t.note`"), (titled("a\0b"), "`t`")] {
                let said = refused(schema, *dialect);
                assert!(said.contains(of) && said.contains("NUL"), "{}: {said}", dialect.id());
            }
        }
    }
    let mysql = by_name("mysql").unwrap();
    for (schema, words) in [
        (
            commented(&"x".repeat(1025)),
            "`t.note`: the comment has 1025 characters",
        ),
        (titled(&"x".repeat(2049)), "`t`: the comment has 2049 characters"),
    ] {
        let said = refused(schema, mysql);
        assert!(said.contains(words), "{said}");
    }
    for schema in [commented("🦀"), titled("🦀"), default("🦀"), of_enum("🦀")] {
        let said = refused(schema, mysql);
        assert!(said.contains("U+FFFF"), "{said}");
    }
    assert_eq!(refused(commented(&"é".repeat(1024)), mysql), "");
    assert_eq!(refused(titled(&"é".repeat(2048)), mysql), "");
}
