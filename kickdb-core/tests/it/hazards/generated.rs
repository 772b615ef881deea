//! What `generate` writes, as the rules see it.

use kickdb_core::dialect::ALL;
use kickdb_core::diff::{Renames, diff};
use kickdb_core::ident::{Name, Qualified};
use kickdb_core::ir::{Column, ColumnValue, Expr, ForeignKey, IntBits, PrimaryKey, Schema, SqlType, Table};
use kickdb_core::lint::{Input, of_migration};
use kickdb_core::plan::{irreversible, plan_changes, write};

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// A table with a key and these columns more.
fn table(called: &str, columns: &[&str]) -> Table {
    let mut table = Table::new(Qualified::local(name(called)));
    let ty = SqlType::Int {
        bits: IntBits::B32,
        unsigned: false,
    };
    table.columns.push(Column::new(name("id"), ty.clone()));
    for column in columns {
        let mut column = Column::new(name(column), ty.clone());
        column.nullable = true;
        table.columns.push(column);
    }
    table.primary_key = Some(PrimaryKey::new(name(&format!("{called}_pkey")), vec![name("id")]));
    table
}

fn schema(tables: Vec<Table>) -> Schema {
    let mut schema = Schema::default();
    schema
        .tables
        .extend(tables.into_iter().map(|table| (table.name.clone(), table)));
    schema
}

#[test]
fn a_key_to_a_table_that_comes_with_it_is_told_of_where_rows_have_values() {
    let pointing = || {
        let mut pets = table("pets", &["owner"]);
        let owners = Qualified::local(name("owners"));
        let key = ForeignKey::new(name("pets_owner_fkey"), vec![name("owner")], owners, vec![name("id")]);
        pets.foreign_keys.insert(key.name.clone(), key);
        pets
    };
    let with_key = || schema(vec![table("owners", &[]), pointing()]);
    let values = || schema(vec![table("pets", &["owner"])]);
    for dialect in ALL {
        let plan = |from: Schema, to: Schema| {
            let (mut from, mut to) = (from, to);
            dialect.normalize(&mut from).unwrap();
            dialect.normalize(&mut to).unwrap();
            let changes = diff(&from, &to, &Renames::default()).changes;
            let plan = plan_changes(&from, &changes, *dialect).unwrap();
            let input = Input {
                runner: true,
                before: Some(&from),
                after: Some(&to),
                ..Input::new(*dialect)
            };
            let found = of_migration(&plan.changes, &write(&[], &plan.up, *dialect), &input);
            let found = found.into_iter().filter(|hazard| hazard.code == "key_to_new_table");
            let objects = found.map(|hazard| hazard.object).collect::<Vec<_>>();
            (objects, irreversible(&plan, *dialect))
        };
        let (found, _) = plan(values(), with_key());
        assert_eq!(found, ["pets.owner"], "{}", dialect.id());
        // Nothing has a value in a column, or a table, that comes with it.
        assert_eq!(
            plan(schema(vec![table("pets", &[])]), with_key()).0,
            [""; 0],
            "{}",
            dialect.id()
        );
        assert_eq!(plan(schema(vec![]), with_key()).0, [""; 0], "{}", dialect.id());
        // The way back of its end meets the same.
        let (found, lost) = plan(with_key(), values());
        assert_eq!(found, [""; 0], "{}", dialect.id());
        let said = "values of pets.owner point at owners, which comes back without rows";
        assert_eq!(lost, ["dropped table owners", said], "{}", dialect.id());
    }
}

/// The table with a column that is computed or holds what it was given.
fn sums(computed: bool, partition_by: Option<&str>) -> Schema {
    let mut sums = table("sums", &["part", "total"]);
    sums.partition_by = partition_by.map(str::to_owned);
    if computed {
        sums.columns[2].value = ColumnValue::Generated {
            expr: Expr::Sql("part * 5".into()),
            stored: true,
        };
    }
    schema(vec![sums])
}

#[test]
fn a_column_that_is_computed_from_now_on_gives_its_values_up_and_says_so() {
    for dialect in ALL {
        let plan = |mut from: Schema, mut to: Schema| {
            dialect.normalize(&mut from).unwrap();
            dialect.normalize(&mut to).unwrap();
            let changes = diff(&from, &to, &Renames::default()).changes;
            let plan = plan_changes(&from, &changes, *dialect).unwrap();
            let input = Input {
                runner: true,
                before: Some(&from),
                after: Some(&to),
                ..Input::new(*dialect)
            };
            let up = write(&[], &plan.up, *dialect);
            let found = of_migration(&plan.changes, &up, &input);
            let found = found.into_iter().filter(|hazard| hazard.code == "drop_column");
            let found = found.map(|hazard| hazard.message).collect::<Vec<_>>();
            let said = up.contains("-- What a column that is computed from now on has held in the rows goes\n");
            (found, irreversible(&plan, *dialect), said)
        };
        let engine = dialect.id();
        // On PostgreSQL the rows may be copied to other partitions, too.
        let keys = [None, Some("RANGE (id)")];
        let keys = keys
            .into_iter()
            .filter(|key| key.is_none() || engine.as_str() == "postgres");
        for key in keys {
            let (found, lost, said) = plan(sums(false, None), sums(true, key));
            assert_eq!(found, ["what is computed takes the place of its values"], "{engine}");
            assert_eq!(lost, ["dropped values of sums.total"], "{engine}");
            assert!(said, "{engine}");
            // What was computed is kept, or computed again.
            let (found, lost, said) = plan(sums(true, None), sums(false, key));
            assert_eq!((found, lost, said), (vec![], vec![], false), "{engine}");
        }
    }
}

#[test]
fn the_rows_of_a_virtual_table_are_among_what_does_not_come_back() {
    let sqlite = kickdb_core::dialect::by_name("sqlite").unwrap();
    let with = |sql: &str| {
        let mut schema = Schema::default();
        if !sql.is_empty() {
            let (id, object) = sqlite.read_object(sql).unwrap();
            schema.objects.insert(id, object);
        }
        schema
    };
    let lost = |from: &str, to: &Schema| {
        let from = with(from);
        let changes = diff(&from, to, &Renames::default()).changes;
        irreversible(&plan_changes(&from, &changes, sqlite).unwrap(), sqlite)
    };
    let own = "CREATE VIRTUAL TABLE f USING fts5(a)";
    let of_p = "CREATE VIRTUAL TABLE f USING fts5(a, content='p')";
    assert_eq!(lost(own, &with("")), ["dropped virtual table f"]);
    assert_eq!(lost(of_p, &with("")), [""; 0]);
    let other = "CREATE VIRTUAL TABLE f USING fts5(b)";
    assert_eq!(lost(own, &with(other)), ["dropped rows of virtual table f"]);
    assert_eq!(lost(own, &with("CREATE VIRTUAL TABLE f USING fts5(a, b)")), [""; 0]);
    // A table of its name takes its rows.
    let mut table = schema(vec![table("f", &["a"])]);
    sqlite.normalize(&mut table).unwrap();
    assert_eq!(lost(own, &table), [""; 0]);
}
