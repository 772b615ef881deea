//! Schemas that hold everything that a schema can.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use kickdb_core::dialect::{self, Dialect};
use kickdb_core::ident::{Name, Qualified};
use kickdb_core::ir::{
    Action, Check, Column, ColumnValue, Counter, Deferrable, Enum, Exclusion, Expr, ForeignKey, Identity, Index,
    IndexKey, IndexPart, IntBits, Object, ObjectId, ObjectKind, Partition, PrimaryKey, Schema, SqlType, Table, Unique,
};

use super::{assert_same, there_and_back};
use crate::sample::{local, name, normal};

fn postgres() -> &'static dyn Dialect {
    dialect::by_name("postgres").unwrap()
}

fn in_app(text: &str) -> Qualified {
    Qualified {
        schema: Some(name("app")),
        name: name(text),
    }
}

fn int(bits: IntBits) -> SqlType {
    SqlType::Int { bits, unsigned: false }
}

fn sql(text: &str) -> Expr {
    Expr::Sql(text.to_owned())
}

fn options(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    pairs.collect()
}

fn table(of: Qualified, columns: Vec<Column>) -> Table {
    let mut table = Table::new(of);
    table.primary_key = Some(PrimaryKey::new(
        name(&format!("{}_pkey", table.name.name)),
        vec![columns[0].name.clone()],
    ));
    table.columns = columns;
    table
}

fn column(of: &str, ty: SqlType) -> Column {
    Column::new(name(of), ty)
}

fn add(schema: &mut Schema, table: Table) {
    schema.namespaces.extend(table.name.schema.clone());
    schema.tables.insert(table.name.clone(), table);
}

fn everything() -> Schema {
    let mut schema = Schema::default();
    let status = Enum {
        name: in_app("status"),
        values: vec![
            "todo".to_owned(),
            "In Progress".to_owned(),
            "1st".to_owned(),
            String::new(),
        ],
        comment: Some("where it stands".to_owned()),
    };
    let lonely = Enum {
        name: local("lonely"),
        values: vec!["a".to_owned()],
        comment: None,
    };
    for e in [status, lonely] {
        schema.enums.insert(e.name.clone(), e);
    }

    let mut id = column("id", int(IntBits::B64));
    id.value = ColumnValue::Identity(
        Identity::Always,
        Some(Box::new(Counter {
            start: Some(1000),
            increment: Some(-10),
            cycle: true,
            name: Some(in_app("own_counter")),
            ..Counter::default()
        })),
    );
    let mut kind = column("type", SqlType::Enum(in_app("status")));
    kind.value = ColumnValue::Default(Expr::Text("In Progress".to_owned()));
    let mut made = column(
        "createdAt",
        SqlType::Timestamp {
            precision: None,
            zoned: true,
        },
    );
    made.value = ColumnValue::Default(Expr::Now);
    made.comment = Some("when \"it\"\nwas made".to_owned());
    let mut body = column("body", SqlType::Varchar(NonZeroU32::new(200).unwrap()));
    body.collation = Some(name("C"));
    body.nullable = true;
    body.options = options(&[("storage", "external"), ("statistics", "100")]);
    let mut total = column("total", SqlType::Decimal(Some((10, 2))));
    total.nullable = true;
    total.value = ColumnValue::Generated {
        expr: sql("price * 2"),
        stored: true,
    };
    let mut tags = column("tags", SqlType::Array(Box::new(SqlType::Text)));
    tags.value = ColumnValue::Default(Expr::EmptyArray);
    let during = column("during", postgres().parse("tstzrange").unwrap());
    let price = column("price", SqlType::Decimal(Some((10, 2))));
    let mut parent = column("parent_id", int(IntBits::B32));
    parent.nullable = true;
    let mut tasks = table(
        in_app("tasks"),
        vec![id, kind, made, body, price, total, tags, during, parent],
    );
    tasks.comment = Some("one card".to_owned());
    tasks.options = options(&[("unlogged", ""), ("fillfactor", "70"), ("row security", "")]);
    if let Some(key) = &mut tasks.primary_key {
        key.name = name("own key");
        key.include = vec![name("body")];
        key.deferrable = Deferrable::Deferred;
        key.comment = Some("the key".to_owned());
    }
    let unique = Unique {
        nulls_distinct: false,
        include: vec![name("body")],
        deferrable: Deferrable::Immediate,
        comment: Some("once".to_owned()),
        options: options(&[("fillfactor", "50")]),
        ..Unique::new(name("once"), vec![name("type"), name("price")])
    };
    tasks.uniques.insert(unique.name.clone(), unique);
    let check = Check {
        validated: false,
        inherited: false,
        comment: Some("not \"yet\"".to_owned()),
        ..Check::new(name("dear"), sql("price > 0::numeric"))
    };
    tasks.checks.insert(check.name.clone(), check);
    let at_field = Check::new(name("tasks_body_check"), sql("length(body) > 0"));
    tasks.checks.insert(at_field.name.clone(), at_field);
    let mut part = IndexPart::new(IndexKey::Column(name("createdAt")));
    part.descending = true;
    part.nulls_first = Some(false);
    let mut lower = IndexPart::new(IndexKey::Expr(sql("lower(body)")));
    lower.opclass = Some(name("text_pattern_ops"));
    lower.collation = Some(name("C"));
    let index = Index {
        unique: true,
        nulls_distinct: false,
        predicate: Some(sql("price > 1::numeric")),
        include: vec![name("tags")],
        options: options(&[("fillfactor", "60")]),
        comment: Some("fast".to_owned()),
        ..Index::new(name("tasks Index"), vec![part, lower])
    };
    tasks.indexes.insert(index.name.clone(), index);
    let gin = Index {
        method: Some(name("gin")),
        ..Index::new(
            name("tasks_tags_idx"),
            vec![IndexPart::new(IndexKey::Column(name("tags")))],
        )
    };
    tasks.indexes.insert(gin.name.clone(), gin);
    let exclusion = Exclusion {
        predicate: Some(sql("price > 2::numeric")),
        deferrable: Deferrable::Immediate,
        comment: Some("one at a time".to_owned()),
        ..Exclusion::new(
            name("tasks_during_excl"),
            name("gist"),
            vec![(IndexPart::new(IndexKey::Column(name("during"))), "&&".to_owned())],
        )
    };
    tasks.exclusions.insert(exclusion.name.clone(), exclusion);
    let key = ForeignKey {
        on_delete: Action::SetNull,
        deferrable: Deferrable::Deferred,
        validated: false,
        comment: Some("up".to_owned()),
        ..ForeignKey::new(
            name("upwards"),
            vec![name("parent_id")],
            local("boards"),
            vec![name("id")],
        )
    };
    tasks.foreign_keys.insert(key.name.clone(), key);
    add(&mut schema, tasks);
    let boards = table(local("boards"), vec![column("id", int(IntBits::B64))]);
    add(&mut schema, boards);
    add_families(&mut schema);
    add(&mut schema, Table::new(local("nothing")));
    schema
}

fn add_families(schema: &mut Schema) {
    let columns = || vec![column("region", SqlType::Text), column("self", int(IntBits::B32))];
    let mut whole = table(local("events"), columns());
    whole.partition_by = Some("LIST (region)".to_owned());
    let mut part = table(in_app("events_eu"), columns());
    part.partition = Some(Partition {
        of: local("events"),
        bound: "FOR VALUES IN ('eu')".to_owned(),
    });
    if let Some(key) = &mut part.primary_key {
        key.part_of = Some(name("events_pkey"));
    }
    let mut heir = table(local("heirs"), columns());
    heir.inherits = vec![in_app("parents")];
    add(schema, whole);
    add(schema, part);
    add(schema, heir);
    add(schema, table(in_app("parents"), columns()));
}

#[test]
fn everything_that_postgresql_has_can_be_said() {
    let schema = normal(everything(), postgres()).unwrap();
    let text = assert_same(&schema, postgres());
    for wanted in [
        "pub mod app {",
        "identity(always, start = 1000, increment = -10, cycle, name = \"own_counter\")",
        "inherits(self::app::Parent))]",
        "part_of = \"events_pkey\"",
        "#[db_enum(always)]",
        "references = super::Board(id)",
        "pub r#type: Status",
        "pub self_: i32",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
}

#[test]
fn names_that_rust_cannot_have_are_said_by_attributes() {
    let hostile = [
        "2nd", "self", "type", "a b", "it's", "\"q\"", "größe", "Größe", "a-b", "a_b", "A_B", "", " ", "名前",
        "e\u{301}", "Option", "String", "\\", "\n", "r#x", "_", "__", "dyn",
    ];
    let names: Vec<Name> = hostile.iter().filter_map(|text| Name::new(*text).ok()).collect();
    let mut schema = Schema::default();
    for text in &names {
        let columns = names.iter().map(|name| Column::new(name.clone(), SqlType::Text));
        let mut table = table(Qualified::local(text.clone()), columns.collect());
        let index = Index::new(
            name(&format!("of {text}")),
            names
                .iter()
                .take(3)
                .map(|name| IndexPart::new(IndexKey::Column(name.clone())))
                .collect(),
        );
        table.indexes.insert(index.name.clone(), index);
        add(&mut schema, table);
    }
    for text in &names {
        let e = Enum {
            name: Qualified::local(name(&format!("{text} e"))),
            values: hostile.iter().map(|value| (*value).to_owned()).collect(),
            comment: None,
        };
        schema.enums.insert(e.name.clone(), e);
    }
    let schema = normal(schema, postgres()).unwrap();
    assert_same(&schema, postgres());
}

#[test]
fn relations_are_named_after_what_they_lead_to() {
    let mut schema = Schema::default();
    add(
        &mut schema,
        table(local("users"), vec![column("id", int(IntBits::B64))]),
    );
    let keys = ["author_id", "editor_id", "id"];
    let mut posts = table(
        local("posts"),
        keys.iter().rev().map(|text| column(text, int(IntBits::B64))).collect(),
    );
    for text in ["author_id", "editor_id"] {
        let key = ForeignKey::new(
            name(&format!("posts_{text}_fkey")),
            vec![name(text)],
            local("users"),
            vec![name("id")],
        );
        posts.foreign_keys.insert(key.name.clone(), key);
    }
    let mut profiles = table(local("profiles"), vec![column("user_id", int(IntBits::B64))]);
    let key = ForeignKey::new(
        name("profiles_user_id_fkey"),
        vec![name("user_id")],
        local("users"),
        vec![name("id")],
    );
    profiles.foreign_keys.insert(key.name.clone(), key);
    add(&mut schema, posts);
    add(&mut schema, profiles);
    for dialect in dialect::ALL {
        let text = assert_same(&normal(schema.clone(), *dialect).unwrap(), *dialect);
        for wanted in [
            "#[belongs_to(author: User)]",
            "#[belongs_to(editor: User)]",
            "#[has_many(posts_by_author: Post, key = author_id)]",
            "#[has_one(profile: Profile)]",
        ] {
            assert!(text.contains(wanted), "{wanted}\n{text}");
        }
    }
}

#[test]
fn an_enum_without_values_is_one_of_postgresql_alone() {
    let empty = Enum {
        name: local("nothing"),
        values: Vec::new(),
        comment: None,
    };
    let mut never = column("never", SqlType::Enum(empty.name.clone()));
    never.nullable = true;
    let mut schema = Schema::default();
    schema.enums.insert(empty.name.clone(), empty);
    add(
        &mut schema,
        table(local("t"), vec![column("id", int(IntBits::B64)), never]),
    );
    let text = assert_same(&normal(schema.clone(), postgres()).unwrap(), postgres());
    assert!(text.contains("pub never: Option<Nothing>"), "{text}");
    for dialect in ["sqlite", "mysql"] {
        let refusals = dialect::by_name(dialect).unwrap().normalize(&mut schema.clone());
        let message = refusals.unwrap_err().remove(0).message;
        assert_eq!(message, "an enum without values");
    }
}

#[test]
fn a_column_counts_that_another_key_starts_with() {
    let mysql = dialect::by_name("mysql").unwrap();
    let mut schema = Schema::default();
    for unique in [false, true] {
        let mut number = column("number", int(IntBits::B32));
        number.value = ColumnValue::identity(Identity::ByDefault);
        let mut orders = table(
            local(if unique { "orders" } else { "lines" }),
            vec![column("id", int(IntBits::B64)), number],
        );
        let columns = vec![name("number"), name("id")];
        if unique {
            let unique = Unique::new(name("by_number"), columns);
            orders.uniques.insert(unique.name.clone(), unique);
        } else {
            let parts = columns
                .into_iter()
                .map(|column| IndexPart::new(IndexKey::Column(column)));
            let index = Index::new(name("by_number"), parts.collect());
            orders.indexes.insert(index.name.clone(), index);
        }
        add(&mut schema, orders);
    }
    assert_same(&normal(schema, mysql).unwrap(), mysql);
}

#[test]
fn a_trigger_spells_its_table_in_other_letters() {
    let sqlite = dialect::by_name("sqlite").unwrap();
    let mut schema = Schema::default();
    add(
        &mut schema,
        table(local("Users"), vec![column("id", int(IntBits::B64))]),
    );
    for (kind, of, on, sql) in [
        (
            ObjectKind::View,
            "Names",
            None,
            "CREATE VIEW Names AS SELECT id FROM users",
        ),
        (
            ObjectKind::Trigger,
            "seen",
            Some("users"),
            "CREATE TRIGGER seen AFTER INSERT ON users BEGIN SELECT 1; END",
        ),
        (
            ObjectKind::Trigger,
            "kept",
            Some("NAMES"),
            "CREATE TRIGGER kept INSTEAD OF INSERT ON NAMES BEGIN SELECT 1; END",
        ),
    ] {
        let id = ObjectId {
            on: on.map(local),
            ..ObjectId::new(kind, local(of))
        };
        schema.objects.insert(id, Object::new(sql));
    }
    assert_same(&normal(schema, sqlite).unwrap(), sqlite);
}

#[test]
fn triggers_of_one_moment_say_their_order_where_their_names_do_not() {
    let mysql = dialect::by_name("mysql").unwrap();
    let mut schema = Schema::default();
    add(&mut schema, table(local("t"), vec![column("id", int(IntBits::B64))]));
    for (of, moment, place) in [
        ("c", "AFTER INSERT", ""),
        ("a", "AFTER INSERT", "2"),
        ("b", "AFTER INSERT", "3"),
        ("d", "AFTER DELETE", ""),
        ("e", "AFTER DELETE", "2"),
    ] {
        let sql = format!("CREATE TRIGGER `{of}` {moment} ON `t` FOR EACH ROW\nSET @x = 1");
        let mut object = Object::new(sql);
        if !place.is_empty() {
            object.facets.insert("order".to_owned(), place.to_owned());
        }
        schema
            .objects
            .insert(ObjectId::on(ObjectKind::Trigger, local(of), local("t")), object);
    }
    let text = assert_same(&normal(schema, mysql).unwrap(), mysql);
    assert_eq!(text.matches("FOLLOWS").count(), 2, "{text}");
}

#[test]
fn what_cannot_be_said_is_listed() {
    let sqlite = dialect::by_name("sqlite").unwrap();
    let mut tasks = table(
        local("tasks"),
        vec![column("id", int(IntBits::B64)), column("board", SqlType::Text)],
    );
    let key = ForeignKey::new(
        name("tasks_board_fkey"),
        vec![name("board")],
        local("boards"),
        vec![name("id")],
    );
    tasks.foreign_keys.insert(key.name.clone(), key);
    let mut schema = Schema::default();
    add(&mut schema, tasks);
    let schema = normal(schema, sqlite).unwrap();
    let (text, unsaid, read) = there_and_back(&schema, sqlite);
    assert_eq!(unsaid.len(), 1, "{text}");
    assert!(
        text.contains("// - foreign key tasks.tasks_board_fkey: it references boards"),
        "{text}"
    );
    assert!(read.tables[&local("tasks")].foreign_keys.is_empty());
}

#[test]
fn a_foreign_key_sets_a_required_column_to_null_where_the_engine_lets_it() {
    let mut boards = Schema::default();
    add(
        &mut boards,
        table(local("boards"), vec![column("id", int(IntBits::B64))]),
    );
    let mut tasks = table(
        local("tasks"),
        vec![column("id", int(IntBits::B64)), column("board", int(IntBits::B64))],
    );
    let mut key = ForeignKey::new(
        name("tasks_board_fkey"),
        vec![name("board")],
        local("boards"),
        vec![name("id")],
    );
    key.on_delete = Action::SetNull;
    tasks.foreign_keys.insert(key.name.clone(), key);
    let mut schema = boards;
    add(&mut schema, tasks);
    let text = assert_same(&normal(schema.clone(), postgres()).unwrap(), postgres());
    assert!(text.contains("on_delete = set_null, although_required"), "{text}");
    // MySQL refuses such a key itself.
    let mysql = dialect::by_name("mysql").unwrap();
    assert!(normal(schema.clone(), mysql).is_none());
    for table in schema.tables.values_mut() {
        let keys = table.foreign_keys.values_mut();
        keys.for_each(|key| key.on_delete = Action::Cascade);
    }
    assert!(normal(schema, mysql).is_some());
}
