//! Sixteen times the tables take some sixteen times as long, not 256 times.

use std::time::{Duration, Instant};

use kickdb_core::dialect::{ALL, Dialect};
use kickdb_core::diff::Renames;
use kickdb_core::ir::{
    Check, Column, Expr, ForeignKey, Index, IndexKey, IndexPart, PrimaryKey, Schema, SqlType, Table,
};
use kickdb_core::plan::{plan, write};
use kickdb_core::snapshot;

use crate::sample::{local, name};

/// Tables with two columns, a check and an index each; `target` says where the foreign key points.
fn schema(count: usize, target: impl Fn(usize) -> usize) -> Schema {
    let tables = (0..count).map(|at| {
        let this = format!("t{at:04}");
        let of = |part: &str| name(&format!("{this}_{part}"));
        let text = |column: &str| Column::new(name(column), SqlType::Varchar(20.try_into().unwrap()));
        let mut table = Table::new(local(&this));
        table.columns = vec![text("id"), text("parent"), text("state")];
        table.primary_key = Some(PrimaryKey::new(of("pkey"), vec![name("id")]));
        let to = local(&format!("t{:04}", target(at)));
        let key = ForeignKey::new(of("fkey"), vec![name("parent")], to, vec![name("id")]);
        table.foreign_keys.insert(key.name.clone(), key);
        let check = Check::new(of("check"), Expr::Sql("state <> 'none'".to_owned()));
        table.checks.insert(check.name.clone(), check);
        let index = Index::new(of("idx"), vec![IndexPart::new(IndexKey::Column(name("state")))]);
        table.indexes.insert(index.name.clone(), index);
        (table.name.clone(), table)
    });
    Schema {
        tables: tables.collect(),
        ..Schema::default()
    }
}

/// Two schemas of so many tables each, and what has another name.
type Pair = fn(usize) -> (Schema, Schema, Renames);

const PAIRS: &[(&str, Pair)] = &[
    ("a chain is made", |count| {
        (
            Schema::default(),
            schema(count, |at| at.saturating_sub(1)),
            Renames::default(),
        )
    }),
    ("a circle goes", |count| {
        (
            schema(count, |at| (at + 1) % count),
            Schema::default(),
            Renames::default(),
        )
    }),
    ("every table changes", |count| {
        let mut to = schema(count, |at| at / 2);
        for table in to.tables.values_mut() {
            table.columns[2].nullable = true;
            table.columns.push(Column {
                nullable: true,
                ..Column::new(name("more"), SqlType::Bool)
            });
        }
        (schema(count, |at| at / 2), to, Renames::default())
    }),
    ("every key changes", |count| {
        let mut to = schema(count, |at| at / 2);
        for column in to.tables.values_mut().flat_map(|table| &mut table.columns[..2]) {
            column.ty = SqlType::Varchar(30.try_into().unwrap());
        }
        (schema(count, |at| at / 2), to, Renames::default())
    }),
    ("every table is renamed", |count| {
        let mut renames = Renames::default();
        let mut to = Schema::default();
        for mut table in schema(count, |at| at / 2).tables.into_values() {
            let new = |old: &kickdb_core::ident::Qualified| local(&format!("x{}", old.name));
            renames.tables.insert(table.name.clone(), new(&table.name));
            table.name = new(&table.name);
            for key in table.foreign_keys.values_mut() {
                key.references = new(&key.references);
            }
            to.tables.insert(table.name.clone(), table);
        }
        (schema(count, |at| at / 2), to, renames)
    }),
    ("a column of every table is renamed", |count| {
        let mut renames = Renames::default();
        let mut to = schema(count, |at| at / 2);
        for table in to.tables.values_mut() {
            table.columns[2].name = name("status");
            renames
                .columns
                .insert((table.name.clone(), name("state")), name("status"));
            for index in table.indexes.values_mut() {
                index.parts[0].key = IndexKey::Column(name("status"));
            }
            for check in table.checks.values_mut() {
                check.expr = Expr::Sql("status <> 'none'".to_owned());
            }
        }
        (schema(count, |at| at / 2), to, renames)
    }),
];

fn time(pair: Pair, count: usize, dialect: &dyn Dialect) -> Duration {
    let (mut from, mut to, renames) = pair(count);
    dialect.normalize(&mut from).unwrap();
    dialect.normalize(&mut to).unwrap();
    let start = Instant::now();
    let plan = plan(&from, &to, &renames, dialect).unwrap();
    let texts = [write(&[], &plan.up, dialect), write(&[], &plan.down, dialect)];
    assert!(!texts[0].is_empty());
    let text = snapshot::write(&to, dialect).unwrap();
    assert_eq!(snapshot::read(&text, dialect).unwrap().schema, to);
    start.elapsed()
}

#[test]
fn the_time_of_a_plan_grows_as_the_number_of_tables_does() {
    const SMALL: usize = 40;
    const TIMES: usize = 16;
    // What grows with the square takes 256 times as long. Up to 56 is left to caches, and to a machine that is busy elsewhere;
    // for that, too, each size counts by its best run.
    const SLACK: u32 = 56;
    const RUNS: usize = 8;
    for dialect in ALL.iter().copied() {
        for (what, pair) in PAIRS {
            let mut best = [Duration::MAX; 2];
            let grows = (0..RUNS).all(|_| {
                best[1] = best[1].min(time(*pair, SMALL * TIMES, dialect));
                best[0] = best[0].min(time(*pair, SMALL, dialect));
                best[1] > best[0] * SLACK
            });
            assert!(!grows, "{}, {what}: {best:?}", dialect.id());
        }
    }
}
