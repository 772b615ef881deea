//! What not every version has: refused where the server is too old, and made and read back where it is new enough.

use kickdb_core::dialect::{Objects, ServerVersion, Versions, too_new, too_new_between};
use kickdb_core::ir::{
    Action, ColumnValue, Exclusion, Expr, ForeignKey, Index, IndexKey, IndexPart, Schema, Table, Unique,
};

use super::{Postgres, Server, VERSION, column, is_at_least, name, optional, schema, table};

/// Each with the feature in words, and the first version that has it.
fn newer() -> Vec<(&'static str, u32, Table)> {
    let with_unique = |nulls_distinct| {
        let mut made = table("t", vec![optional("a", "integer")]);
        let unique = Unique {
            nulls_distinct,
            ..Unique::new(name("t_a_key"), vec![name("a")])
        };
        made.uniques.insert(unique.name.clone(), unique);
        made
    };
    let mut computed = optional("b", "integer");
    computed.value = ColumnValue::Generated {
        expr: Expr::Sql("a + 1".into()),
        stored: false,
    };
    let mut compressed = optional("b", "text");
    compressed.options.insert("compression".into(), "pglz".into());
    let mut spatial = table("t", vec![optional("p", "point"), optional("n", "integer")]);
    let mut index = Index::new(name("i"), vec![IndexPart::new(IndexKey::Column(name("p")))]);
    (index.method, index.include) = (Some(name("spgist")), vec![name("n")]);
    spatial.indexes.insert(index.name.clone(), index);
    let mut pointing = table(
        "t",
        vec![
            column("id", "integer"),
            optional("a", "integer"),
            optional("b", "integer"),
        ],
    );
    pointing
        .uniques
        .insert(name("u"), Unique::new(name("u"), vec![name("id"), name("a")]));
    let to_itself = ForeignKey::new(
        name("f"),
        vec![name("b"), name("a")],
        pointing.name.clone(),
        vec![name("id"), name("a")],
    );
    let to_itself = ForeignKey {
        on_delete: Action::SetNull,
        set_columns: vec![name("b")],
        ..to_itself
    };
    pointing.foreign_keys.insert(to_itself.name.clone(), to_itself);
    let mut spread = table("t", vec![column("a", "integer")]);
    spread.partition_by = Some("RANGE (a)".into());
    let part = IndexPart::new(IndexKey::Column(name("a")));
    let exclusion = Exclusion::new(name("x"), name("btree"), vec![(part, "=".into())]);
    spread.exclusions.insert(exclusion.name.clone(), exclusion);
    vec![
        ("compression methods of columns", 14, table("t", vec![compressed])),
        ("`INCLUDE` in SP-GiST indexes", 14, spatial),
        (
            "lists of columns behind `ON DELETE SET NULL` and `SET DEFAULT`",
            15,
            pointing,
        ),
        ("exclusion constraints on partitioned tables", 17, spread),
        ("multirange types", 14, table("t", vec![column("a", "int4multirange")])),
        ("`NULLS NOT DISTINCT`", 15, with_unique(false)),
        (
            "generated columns that are not stored",
            18,
            table("t", vec![optional("a", "integer"), computed]),
        ),
    ]
}

#[tokio::test]
async fn what_a_version_does_not_have_is_refused_with_the_one_that_has() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    let version = VERSION.get().unwrap();
    let cases = newer();
    assert_eq!(
        cases.len() + 3,
        Postgres.needs().len(),
        "a case for each but those below"
    );
    for (what, since, table) in cases {
        let wanted = schema([table]);
        let refusals: Vec<String> = too_new(&wanted, &Postgres, version)
            .iter()
            .map(ToString::to_string)
            .collect();
        if is_at_least(since) {
            assert_eq!(refusals, [""; 0]);
            server.moves(&Schema::default(), &wanted).await;
            server.moves(&wanted, &Schema::default()).await;
            continue;
        }
        let said = format!("only PostgreSQL {since} and newer have {what}; the server is {version}");
        assert!(refusals.len() == 1 && refusals[0].contains(&said), "{refusals:?}");
    }
}

#[test]
fn what_only_a_change_or_an_object_needs_is_refused_as_well() {
    let old = ServerVersion::parse("14.2").unwrap();
    let said =
        |refusals: Vec<kickdb_core::dialect::Refusal>| refusals.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut other = table("t", vec![column("a", "integer")]);
    let plain = schema([other.clone()]);
    other.options.insert("access method".into(), "columnar".into());
    let moved = schema([other]);
    assert_eq!(
        said(too_new(&moved, &Postgres, &old)),
        [""; 0],
        "a new one can be made so"
    );
    let refusals = said(too_new_between(&plain, &moved, &Postgres, &old));
    assert!(
        refusals.len() == 1 && refusals[0].contains("PostgreSQL 15"),
        "{refusals:?}"
    );
    assert_eq!(said(too_new_between(&moved, &moved, &Postgres, &old)), [""; 0]);
    for (sql, fits) in [
        ("CREATE PUBLICATION p FOR TABLE t", true),
        ("CREATE PUBLICATION p FOR TABLE t (a)", false),
        ("CREATE PUBLICATION p FOR TABLES IN SCHEMA s", false),
        ("CREATE SEQUENCE s", true),
        ("CREATE UNLOGGED SEQUENCE s", false),
    ] {
        let (id, object) = Postgres.read_object(sql).unwrap();
        let mut published = plain.clone();
        published.objects.insert(id, object);
        assert_eq!(too_new(&published, &Postgres, &old).is_empty(), fits, "{sql}");
    }
}
