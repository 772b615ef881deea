use super::*;
use crate::decl::{AliasDecl, At, ColumnDecl, EnumValueDecl, ForeignKeyDecl, KeyDecl, TableDecl, UseDecl, ValueDecl};
use crate::dialect;
use crate::ir::{Deferrable, Expr, SqlType};

fn at(text: &str) -> At<String> {
    At::new(text.into(), Place::default())
}

fn path(text: &str) -> Vec<String> {
    text.split("::").map(String::from).collect()
}

fn column(field: &str, ty: &str) -> ColumnDecl {
    ColumnDecl {
        field: at(field),
        ty: At::new(ty.parse().unwrap(), Place::default()),
        ..ColumnDecl::default()
    }
}

fn table(module: &str, ident: &str, columns: Vec<ColumnDecl>) -> TableDecl {
    TableDecl {
        ident: at(ident),
        module: module.into(),
        primary_key: Some(KeyDecl {
            columns: vec![columns[0].field.clone()],
            ..KeyDecl::default()
        }),
        columns,
        ..TableDecl::default()
    }
}

fn boxed(table: TableDecl) -> Item {
    Item::Table(Box::new(table))
}

fn enumeration(module: &str, ident: &str, name: &str) -> Item {
    Item::Enum(EnumDecl {
        ident: at(ident),
        module: module.into(),
        name: Some(at(name)),
        values: vec![EnumValueDecl {
            ident: at("A"),
            value: "a".into(),
            renamed_from: None,
        }],
        ..EnumDecl::default()
    })
}

fn import(module: &str, of: &str) -> Item {
    let path = path(of);
    Item::Use(UseDecl {
        ident: at(path.last().unwrap()),
        module: module.into(),
        path,
    })
}

fn alias(module: &str, ident: &str, ty: &str) -> Item {
    Item::Alias(AliasDecl {
        ident: at(ident),
        module: module.into(),
        ty: At::new(ty.parse().unwrap(), Place::default()),
    })
}

fn refers(field: &str, target: &str, to: &str) -> ForeignKeyDecl {
    ForeignKeyDecl::new(vec![at(field)], At::new(path(target), Place::default()), vec![at(to)])
}

fn postgres() -> &'static dyn Dialect {
    dialect::by_name("postgres").unwrap()
}

fn linked(items: &[Item]) -> Resolved {
    link(items, postgres()).unwrap()
}

fn messages(items: &[Item]) -> Vec<String> {
    let problems = link(items, postgres()).unwrap_err();
    problems.into_iter().map(|problem| problem.message).collect()
}

fn ty(resolved: &Resolved, table: &str, name: &str) -> (SqlType, bool) {
    let name = Name::new(name).unwrap();
    let table = Qualified::local(Name::new(table).unwrap());
    let column = resolved.schema.tables[&table].column(&name).unwrap();
    (column.ty.clone(), column.nullable)
}

fn enum_type(name: &str) -> SqlType {
    SqlType::Enum(Qualified::local(Name::new(name).unwrap()))
}

#[test]
fn one_name_in_two_modules_is_told_apart() {
    let both = [
        enumeration("app::a", "Status", "one"),
        enumeration("app::b", "Status", "two"),
    ];
    let fields = vec![
        column("id", "i64"),
        column("bare", "Status"),
        column("full", "crate::a::Status"),
        column("near", "super::b::Status"),
    ];
    let mut items = both.to_vec();
    items.push(import("app::c", "crate::b::Status"));
    items.push(boxed(table("app::c", "T", fields)));
    let resolved = linked(&items);
    assert_eq!(ty(&resolved, "t", "bare").0, enum_type("two"));
    assert_eq!(ty(&resolved, "t", "full").0, enum_type("one"));
    assert_eq!(ty(&resolved, "t", "near").0, enum_type("two"));

    items.remove(2);
    assert_eq!(
        messages(&items),
        ["column `t.bare`: `Status` can be `app::a::Status` or `app::b::Status`"]
    );
}

#[test]
fn aliases_are_followed_and_may_be_null() {
    let items = [
        alias("app", "Id", "Key"),
        alias("app", "Key", "i64"),
        alias("app", "Maybe", "Option<Id>"),
        alias("app", "When", "Moment"),
        Item::Use(UseDecl {
            ident: at("Moment"),
            module: "app".into(),
            path: path("chrono::NaiveDateTime"),
        }),
        boxed(table(
            "app",
            "T",
            vec![
                column("id", "Id"),
                column("up", "Maybe"),
                column("at", "When"),
                column("all", "Vec<Id>"),
            ],
        )),
    ];
    let resolved = linked(&items);
    let int = SqlType::Int {
        bits: crate::ir::IntBits::B64,
        unsigned: false,
    };
    assert_eq!(ty(&resolved, "t", "id"), (int.clone(), false));
    assert_eq!(ty(&resolved, "t", "up"), (int.clone(), true));
    assert_eq!(ty(&resolved, "t", "all").0, SqlType::Array(Box::new(int)));
    assert!(matches!(
        ty(&resolved, "t", "at").0,
        SqlType::Timestamp { zoned: false, .. }
    ));
}

#[test]
fn a_type_of_ones_own_does_not_pass_for_a_known_one() {
    let own = alias("app", "Date", "i32");
    let bare = boxed(table("app", "T", vec![column("id", "i64"), column("day", "Date")]));
    assert_eq!(
        messages(&[own.clone(), bare]),
        ["column `t.day`: `Date` is taken for the well-known type of that name"]
    );
    let with_path = boxed(table(
        "app",
        "T",
        vec![column("id", "i64"), column("day", "self::Date")],
    ));
    let resolved = linked(&[own, with_path]);
    assert!(matches!(ty(&resolved, "t", "day").0, SqlType::Int { .. }));
}

#[test]
fn only_used_enums_are_in_the_schema_and_nothing_of_somebody_elses_tables() {
    let mut theirs = table("app", "Theirs", vec![column("id", "i64"), column("status", "Used")]);
    theirs.unmanaged = Some(at("owned by somebody else"));
    let mut ours = table("app", "Ours", vec![column("id", "i64"), column("their_id", "i64")]);
    ours.foreign_keys.push(refers("their_id", "Theirs", "id"));
    let resolved = linked(&[enumeration("app", "Used", "used"), boxed(theirs), boxed(ours)]);
    assert!(resolved.schema.enums.is_empty());
    assert_eq!(resolved.schema.tables.len(), 1);
    assert_eq!(resolved.unmanaged[0].reason, "owned by somebody else");
    let ours = resolved.schema.tables.values().next().unwrap();
    let key = ours.foreign_keys.values().next().unwrap();
    assert_eq!(key.name, "ours_their_id_fkey");
    assert_eq!(key.references.to_string(), "theirs");
}

#[test]
fn what_was_renamed_is_told() {
    let mut decl = table("app", "Card", vec![column("id", "i64"), column("title", "String")]);
    decl.schema = Some(at("board"));
    decl.renamed_from = Some(at("task"));
    decl.columns[1].renamed_from = Some(at("name"));
    let resolved = linked(&[boxed(decl)]);
    let name = |text: &str| Name::new(text).unwrap();
    let board = |text: &str| Qualified {
        schema: Some(name("board")),
        name: name(text),
    };
    assert_eq!(
        resolved.renames,
        [
            Rename::Column {
                table: board("card"),
                from: name("name"),
                to: name("title")
            },
            Rename::Table {
                from: board("task"),
                to: board("card")
            },
        ]
    );
    assert!(resolved.schema.namespaces.contains("board"));
}

#[test]
fn a_default_of_an_enum_is_its_text() {
    let mut status = column("status", "Level");
    status.value = Some(At::new(ValueDecl::Constant(path("Level::A")), Place::default()));
    let items = [
        alias("app", "Level", "Status"),
        enumeration("app::m", "Status", "status"),
        boxed(table("app", "T", vec![column("id", "i64"), status])),
    ];
    let resolved = linked(&items);
    let table = resolved.schema.tables.values().next().unwrap();
    assert_eq!(table.columns[1].value, ir::ColumnValue::Default(Expr::Text("a".into())));
}

#[test]
fn long_names_that_nobody_wrote_are_shortened_and_stay_apart() {
    let long = "a".repeat(40);
    let other = format!("{}b", "a".repeat(39));
    let mut decl = table(
        "app",
        "T",
        vec![column("id", "i64"), column(&long, "i64"), column(&other, "i64")],
    );
    decl.name = Some(at(&"t".repeat(60)));
    for field in [&long, &other] {
        decl.uniques.push(crate::decl::UniqueDecl {
            name: None,
            columns: vec![at(field)],
            nulls_not_distinct: false,
            deferrable: Deferrable::No,
            storage: crate::decl::StorageDecl::default(),
            place: Place::default(),
        });
    }
    let resolved = linked(&[boxed(decl)]);
    let table = resolved.schema.tables.values().next().unwrap();
    assert_eq!(table.uniques.len(), 2);
    assert!(table.uniques.keys().all(|name| name.as_str().len() <= 63));
}

#[test]
fn the_order_of_items_does_not_matter() {
    let mut child = table("app", "Child", vec![column("id", "i64"), column("parent_id", "i64")]);
    child.foreign_keys.push(refers("parent_id", "Parent", "id"));
    let parent = boxed(table("app", "Parent", vec![column("id", "i64")]));
    let one = [boxed(child.clone()), parent.clone()];
    let two = [parent, boxed(child)];
    assert_eq!(linked(&one).schema, linked(&two).schema);
}

#[test]
fn a_table_and_an_enum_share_their_names_where_an_enum_is_a_type() {
    let items = [
        enumeration("app", "Status", "t"),
        boxed(table("app", "T", vec![column("id", "i64"), column("status", "Status")])),
    ];
    assert_eq!(messages(&items), ["enum `Status` and table `t` are both named `t`"]);
    assert!(link(&items, dialect::by_name("sqlite").unwrap()).is_ok());
}

#[test]
fn an_index_is_for_the_engines_that_it_names() {
    let with_index = |engine: &str| {
        let mut decl = table("app", "A", vec![column("id", "i64"), column("title", "String")]);
        decl.indexes.push(crate::decl::IndexDecl {
            parts: vec![crate::decl::PartDecl::new(crate::decl::PartKey::Column(at("title")))],
            dialects: vec![at(engine)],
            ..crate::decl::IndexDecl::default()
        });
        [boxed(decl)]
    };
    for dialect in dialect::ALL {
        let schema = link(&with_index("mysql"), *dialect).unwrap().schema;
        let table = schema.tables.values().next().unwrap();
        assert_eq!(table.indexes.len(), usize::from(dialect.id().as_str() == "mysql"));
    }
    assert_eq!(
        messages(&with_index("mysqll")),
        ["`mysqll` is no engine that kickdb knows"]
    );
}

#[test]
fn an_index_name_is_free_in_another_table_where_the_engine_says_so() {
    let with_index = |ident: &str| {
        let mut decl = table("app", ident, vec![column("id", "i64")]);
        decl.indexes.push(crate::decl::IndexDecl {
            name: Some(at("by_id")),
            parts: vec![crate::decl::PartDecl::new(crate::decl::PartKey::Column(at("id")))],
            ..crate::decl::IndexDecl::default()
        });
        boxed(decl)
    };
    let items = [with_index("A"), with_index("B")];
    for dialect in dialect::ALL {
        assert_eq!(
            link(&items, *dialect).is_err(),
            dialect.caps().shared_index_names,
            "{}",
            dialect.id()
        );
    }
}
