use super::*;
use crate::decl::{Literal, PartKey, TableDecl, ValueDecl};
use crate::ir::{Action, Deferrable, Identity};

fn lowered(source: &str) -> Item {
    let item = syn::parse_str(source).unwrap();
    let origin = Origin {
        file: "src/model.rs".into(),
        module: "app::model".into(),
    };
    super::item(&item, &origin).unwrap().remove(0)
}

fn table_of(source: &str) -> TableDecl {
    match lowered(source) {
        Item::Table(table) => *table,
        other => panic!("not a table: {other:?}"),
    }
}

#[test]
fn a_derive_by_its_path_counts_and_any_other_struct_does_not() {
    let with_path = "#[derive(Debug, kickdb::Table)] struct A { #[column(primary_key)] id: i64 }";
    assert!(matches!(lowered(with_path), Item::Table(_)));
    let item = syn::parse_str("#[derive(Debug)] struct A { id: i64 }").unwrap();
    assert!(super::item(&item, &Origin::default()).unwrap().is_empty());
}

#[test]
fn values_in_every_form() {
    let table = table_of(
        r#"#[derive(Table)] struct A {
            #[column(primary_key, identity = always)] id: i64,
            #[column(default = -5)] a: i32,
            #[column(default = -0.5)] b: f64,
            #[column(default = "x")] c: String,
            #[column(default = [])] d: Vec<i32>,
            #[column(default = m::Status::Todo)] e: Status,
            #[column(default_sql = "1 + 1")] f: i32,
            #[column(generated = "a + 1")] g: i32,
            #[column(generated = "a + 1", virtual)] h: i32,
            #[column(serial)] i: i32,
            #[column(default = true)] j: bool,
            #[column(default = 1_000)] k: i64,
        }"#,
    );
    let values: Vec<ValueDecl> = table
        .columns
        .iter()
        .map(|column| column.value.clone().unwrap().value)
        .collect();
    let path = |path: &str| ValueDecl::Constant(path.split("::").map(String::from).collect());
    let generated = |stored| ValueDecl::Generated {
        expr: "a + 1".into(),
        stored,
    };
    assert_eq!(
        values,
        [
            ValueDecl::Identity(Identity::Always),
            ValueDecl::Literal(Literal::Int(-5)),
            ValueDecl::Literal(Literal::Float("-0.5".into())),
            ValueDecl::Literal(Literal::Text("x".into())),
            ValueDecl::EmptyArray,
            path("m::Status::Todo"),
            ValueDecl::Sql("1 + 1".into()),
            generated(true),
            generated(false),
            ValueDecl::Identity(Identity::Serial),
            ValueDecl::Literal(Literal::Bool(true)),
            ValueDecl::Literal(Literal::Int(1000)),
        ]
    );
}

#[test]
fn an_index_with_everything() {
    let table = table_of(
        r#"#[derive(Table)]
        #[index(
            columns(a(desc, nulls_last), "lower(b)", b(opclass = text_pattern_ops, collation = "C")),
            name = "i", where = "a > 0", include(c), method = gin, unique, nulls_not_distinct,
            only(postgres, mysql)
        )]
        struct A { #[column(primary_key)] a: i64, b: String, c: i32 }"#,
    );
    let index = &table.indexes[0];
    assert!(index.unique && index.nulls_not_distinct);
    assert_eq!(index.method.as_ref().unwrap().value, "gin");
    assert_eq!(index.predicate.as_ref().unwrap().value, "a > 0");
    assert_eq!(index.storage.include[0].value, "c");
    let engines: Vec<&str> = index.dialects.iter().map(|engine| engine.as_str()).collect();
    assert_eq!(engines, ["postgres", "mysql"]);
    assert!(index.parts[0].descending);
    assert_eq!(index.parts[0].nulls_first, Some(false));
    assert!(matches!(&index.parts[1].key, PartKey::Expr(sql) if **sql == "lower(b)"));
    assert_eq!(index.parts[2].opclass.as_ref().unwrap().value, "text_pattern_ops");
}

#[test]
fn foreign_keys_at_a_field_and_at_the_struct() {
    let table = table_of(
        r#"#[derive(Table)]
        #[foreign_key(columns(a, b), references = m::Other(x, y), on_update = set_default, deferrable = deferred)]
        struct A {
            #[column(primary_key)] a: i64,
            b: i64,
            #[column(references = Self::a, on_delete = cascade, deferrable, foreign_key_name = "up")] c: Option<i64>,
        }"#,
    );
    let field = &table.foreign_keys[0];
    assert_eq!(
        (field.on_delete, field.deferrable),
        (Action::Cascade, Deferrable::Immediate)
    );
    assert_eq!(field.table.value, ["Self"]);
    assert_eq!(field.name.as_ref().unwrap().value, "up");
    let composite = &table.foreign_keys[1];
    assert_eq!(composite.table.value, ["m", "Other"]);
    assert_eq!(
        (composite.on_update, composite.deferrable),
        (Action::SetDefault, Deferrable::Deferred)
    );
}

#[test]
fn doc_comments_are_comments_only_when_asked_for() {
    let source = |attr: &str| {
        format!(
            "/// A thing.\n///\n/// In two parts.\n#[derive(Table)] {attr} struct A {{ /// Its key.\n #[column(primary_key)] id: i64,
            /// Not this.\n #[column(comment = \"this\")] b: i32 }}"
        )
    };
    let asked = table_of(&source("#[table(doc_comments)]"));
    assert_eq!(asked.comment.as_deref(), Some("A thing.\n\nIn two parts."));
    assert_eq!(asked.columns[0].comment.as_deref(), Some("Its key."));
    assert_eq!(asked.columns[1].comment.as_deref(), Some("this"));
    assert_eq!(table_of(&source("")).comment, None);
}

#[test]
fn a_raw_identifier_is_a_plain_name() {
    let table = table_of("#[derive(Table)] #[index(columns(r#type))] struct A { #[column(primary_key)] r#type: i64 }");
    assert_eq!(*table.columns[0].field, "type");
    assert!(matches!(&table.indexes[0].parts[0].key, PartKey::Column(column) if **column == "type"));
}

#[test]
fn an_enum_with_values_of_its_own() {
    let Item::Enum(decl) = lowered(
        r#"#[derive(DbEnum)] #[db_enum(rename_all = "kebab-case", schema = "app")]
        enum Status { InProgress, #[db_enum(rename = "all done", renamed_from = "done")] Done }"#,
    ) else {
        panic!("not an enum")
    };
    assert_eq!(decl.values[0].value, "in-progress");
    assert_eq!(decl.values[1].value, "all done");
    assert_eq!(decl.values[1].renamed_from.as_ref().unwrap().value, "done");
}

#[test]
fn a_use_gives_each_name_with_its_path() {
    let item = syn::parse_str("use crate::{a::B, c::{self, D as E}, f::*};").unwrap();
    let found: Vec<(String, String)> = super::item(&item, &Origin::default())
        .unwrap()
        .into_iter()
        .map(|item| match item {
            Item::Use(decl) => (decl.ident.value, decl.path.join("::")),
            other => panic!("not a use: {other:?}"),
        })
        .collect();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        found,
        [
            pair("B", "crate::a::B"),
            pair("c", "crate::c"),
            pair("E", "crate::c::D")
        ]
    );
}

#[test]
fn a_declaration_survives_the_registry() {
    let item = lowered(
        r#"#[derive(Table)]
        #[table(name = "a", schema = "s", strict, engine = "InnoDB")]
        #[check(expr = "id > 0")] #[unique(columns(id), deferrable)]
        #[has_many(others: Self, key = up)]
        struct A { #[column(primary_key)] id: i64, #[column(references = Self::id)] up: Option<i64> }"#,
    );
    let text = serde_json::to_string(&item).unwrap();
    let mut back: Item = serde_json::from_str(&text).unwrap();
    if let Item::Table(table) = &mut back {
        table.module = "app::model".into();
        // Places do not travel.
        for unique in &mut table.uniques {
            unique.place = Place {
                file: "src/model.rs".into(),
                ..match &item {
                    Item::Table(table) => table.uniques[0].place.clone(),
                    _ => Place::default(),
                }
            };
        }
    }
    assert_eq!(back, item);
}

#[test]
fn every_mistake_has_a_place() {
    let source = "#[derive(Table)]\n#[index(columns(no))]\nstruct A {\n    #[column(uniqe)]\n    id: i64,\n}";
    let origin = Origin {
        file: "src/a.rs".into(),
        module: "app".into(),
    };
    let problems = super::item(&syn::parse_str(source).unwrap(), &origin)
        .unwrap_err()
        .problems(&origin);
    let places: Vec<String> = problems
        .iter()
        .map(|problem| problem.place.as_ref().unwrap().to_string())
        .collect();
    assert_eq!(places, ["src/a.rs:4:14", "src/a.rs:3:8", "src/a.rs:2:17"]);
}

#[test]
fn what_the_documentation_declares_can_be_declared() {
    let page = include_str!("../../../docs/schema.md");
    let blocks = page
        .split("```rust\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next());
    let mut declared = 0;
    for block in blocks.filter(|block| block.contains("derive(")) {
        let file = syn::parse_file(block).unwrap_or_else(|error| panic!("{error} in\n{block}"));
        for item in &file.items {
            match super::item(item, &Origin::default()) {
                Ok(items) => declared += items.iter().filter(|item| !matches!(item, Item::Use(_))).count(),
                Err(errors) => panic!("{:?} in\n{block}", errors.problems(&Origin::default())),
            }
        }
    }
    assert!(declared > 10, "{declared}");
}
