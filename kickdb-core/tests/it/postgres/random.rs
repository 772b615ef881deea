//! Random schemas, all in one database: what the plan says is what the catalog then tells, forward and back.

use std::collections::BTreeMap;

use kickdb_core::dialect::Types;
use kickdb_core::dialect::postgres::Postgres;
use kickdb_core::ident::{Name, Qualified};
use kickdb_core::ir::{
    Action, Check, Column, ColumnValue, Deferrable, Enum, Expr, ForeignKey, Identity, Index, IndexKey, IndexPart,
    PrimaryKey, Schema, SqlType, Table, Unique,
};

use super::{Server, assert_same, is_at_least, local, name, normal, plan_between, text};

/// A small generator of its own: the same seed gives the same schema on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        // Xorshift64*.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Types with defaults that they can have.
const TYPES: &[(&str, &[&str])] = &[
    ("smallint", &["3"]),
    ("integer", &["0", "-7", "1 + 2"]),
    ("bigint", &["9999999999", "0"]),
    ("numeric(10, 2)", &["1.50", "0", "-2.5"]),
    ("numeric", &["1"]),
    ("real", &["0.5"]),
    ("double precision", &["0.5", "2"]),
    ("boolean", &["true", "false"]),
    ("text", &["'it''s'", "''", "lower('A')", "'a' || 'b'"]),
    ("varchar(40)", &["'b c'"]),
    ("varchar(255)", &["'z'"]),
    ("char(3)", &["'abc'"]),
    ("bytea", &[]),
    ("uuid", &["gen_random_uuid()", "'6f1e9d8c-2a5b-4c7d-9e3f-1a2b3c4d5e6f'"]),
    ("date", &["'2020-01-01'", "CURRENT_DATE"]),
    ("time(3)", &[]),
    ("timestamp", &["now()"]),
    ("timestamptz", &["now()", "now() + interval '1 day'"]),
    ("timestamptz(3)", &["CURRENT_TIMESTAMP"]),
    ("interval", &[]),
    ("json", &["'{}'"]),
    ("jsonb", &["'{}'", "'{\"b\":1,\"a\":[true]}'"]),
    ("integer[]", &["'{}'", "ARRAY[1, 2]"]),
    ("text[]", &["'{}'"]),
    ("inet", &["'10.0.0.1'"]),
    ("cidr", &[]),
    ("tstzrange", &[]),
    ("tsvector", &[]),
    ("xml", &[]),
    ("money", &[]),
    ("bit(4)", &[]),
    ("varbit(8)", &[]),
    ("point", &[]),
    ("interval day to second(3)", &[]),
    ("mood", &["'ok'", "'it''s'"]),
    ("other.\"Kind\"", &["'b'"]),
    ("mood[]", &["'{}'", "'{ok}'"]),
];

const NAMES: &[&str] = &[
    "id",
    "name",
    "state",
    "order",
    "created at",
    "größe",
    "ref",
    "v",
    "Select",
    "total",
    "we\"ird",
    "k",
];

pub(super) fn random(seed: u64) -> Schema {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut schema = Schema::default();
    for (name, values) in [
        (local("mood"), ["sad", "ok", "it's", "glad"]),
        (kind(), ["a", "b", "c", "d"]),
    ] {
        let mut values: Vec<String> = values.map(str::to_owned).to_vec();
        // The values of defaults stay.
        if random.one_in(3) {
            values.remove(if values[0] == "a" { 3 } else { 0 });
        }
        if random.one_in(4) {
            values.swap(0, 2);
        }
        let comment = random.one_in(4).then(|| "how it's".to_owned());
        schema.enums.insert(name.clone(), Enum { name, values, comment });
    }
    let names = ["users", "orders", "Order Lines", "tags"];
    for of in names {
        if random.one_in(4) {
            continue;
        }
        let table = random_table(of, &mut random);
        schema.tables.insert(table.name.clone(), table);
    }
    foreign_keys(&mut schema, &mut random);
    normal(schema)
}

fn kind() -> Qualified {
    Qualified {
        schema: Some(name("other")),
        name: name("Kind"),
    }
}

fn random_table(of: &str, random: &mut Random) -> Table {
    let mut table = Table::new(local(of));
    let mut key = Column::new(
        name("pk"),
        Postgres.parse(random.pick::<&str>(&["bigint", "integer"])).unwrap(),
    );
    let identities = [Identity::Always, Identity::ByDefault, Identity::Serial];
    if !random.one_in(3) {
        key.value = ColumnValue::identity(*random.pick(&identities));
    }
    table.primary_key = Some(PrimaryKey::new(name(&format!("{of}_pkey")), vec![key.name.clone()]));
    table.columns.push(key);
    for column in NAMES {
        if random.one_in(2) {
            table.columns.push(random_column(column, random));
        }
    }
    if random.one_in(3) {
        let doubled = Expr::Sql("pk * 2".into());
        let mut column = Column::new(name("twice"), Postgres.parse("bigint").unwrap());
        column.nullable = true;
        column.value = match random.one_in(3) {
            true => ColumnValue::Required,
            false => ColumnValue::Generated {
                expr: doubled,
                stored: true,
            },
        };
        table.columns.push(column);
    }
    table.comment = random.one_in(4).then(|| "a 'table'".to_owned());
    constraints(&mut table, random);
    for number in 0..random.below(4) {
        let index = random_index(&format!("{of}_ix{number}"), &table, random);
        table.indexes.insert(index.name.clone(), index);
    }
    table
}

fn random_column(of: &str, random: &mut Random) -> Column {
    let (ty, defaults) = random.pick(TYPES);
    let mut column = Column::new(name(of), Postgres.parse(ty).unwrap());
    column.nullable = random.one_in(2);
    if !defaults.is_empty() && random.one_in(2) {
        column.value = ColumnValue::Default(Expr::Sql((*random.pick(defaults)).to_owned()));
    }
    if matches!(column.ty, SqlType::Text | SqlType::Varchar(_)) && random.one_in(4) {
        column.collation = Some(name(random.pick::<&str>(&["C", "POSIX"])));
    }
    column.comment = random.one_in(6).then(|| "a note; it's".to_owned());
    column
}

fn quoted(column: &Column) -> String {
    format!("\"{}\"", column.name.as_str().replace('"', "\"\""))
}

fn constraints(table: &mut Table, random: &mut Random) {
    let of = table.name.name.to_string();
    let deferrables = [Deferrable::No, Deferrable::Immediate, Deferrable::Deferred];
    for column in table.columns.clone() {
        let quoted = quoted(&column);
        let ty = Postgres.format(&column.ty).unwrap();
        let check = match ty.as_str() {
            "smallint" | "integer" | "bigint" => {
                format!("{quoted}>-{} and {quoted} not in (5,6)", random.below(90) + 2)
            }
            "numeric(10, 2)" | "double precision" => format!("{quoted} between 0 and 1000 or {quoted} is null"),
            "text" => format!("length({quoted})<100 and {quoted} like '%'"),
            "varchar(40)" => format!("{quoted} in ('a','b c') or lower({quoted})<>''"),
            "mood" => format!("{quoted} in ('ok', 'it''s')"),
            "boolean" => format!("not {quoted} or {quoted} is true"),
            _ => continue,
        };
        if random.one_in(3) {
            let check = Check::new(name(&format!("{of}_{}_check", column.name)), Expr::Sql(check));
            table.checks.insert(check.name.clone(), check);
        }
    }
    let unique: Vec<Name> = table
        .columns
        .iter()
        .filter(|column| sortable(column))
        .map(|column| column.name.clone())
        .collect();
    if random.one_in(3) {
        let unique = Unique {
            nulls_distinct: !random.one_in(3) || !is_at_least(15),
            deferrable: *random.pick(&deferrables),
            ..Unique::new(name(&format!("{of}_key")), vec![random.pick(&unique).clone()])
        };
        table.uniques.insert(unique.name.clone(), unique);
    }
}

fn sortable(column: &Column) -> bool {
    !matches!(&column.ty, SqlType::Json { .. }) && {
        !matches!(&column.ty, SqlType::Native(text) if matches!(&**text, "xml" | "point"))
    }
}

fn random_index(of: &str, table: &Table, random: &mut Random) -> Index {
    let columns: Vec<&Column> = table.columns.iter().filter(|column| sortable(column)).collect();
    let plain = |key| IndexPart::new(key);
    let column = *random.pick(&columns);
    let mut index = Index {
        unique: random.one_in(4),
        nulls_distinct: !random.one_in(4) || !is_at_least(15),
        predicate: random
            .one_in(4)
            .then(|| Expr::Sql(format!("{} is not null", quoted(column)))),
        ..Index::new(name(of), vec![plain(IndexKey::Column(column.name.clone()))])
    };
    match (&column.ty, random.below(4)) {
        (SqlType::Text | SqlType::Varchar(_), 0) => {
            index.parts[0].key = IndexKey::Expr(Expr::Sql(format!("LOWER( {} )", quoted(column))));
        }
        (SqlType::Text, 1) => index.parts[0].opclass = Some(name("text_pattern_ops")),
        (SqlType::Text, 2) => index.parts[0].collation = Some(name("C")),
        (SqlType::Array(inner), 0) if matches!(**inner, SqlType::Text) => {
            index.method = Some(name("gin"));
            index.unique = false;
        }
        (SqlType::Enum(of), 0) if *of == local("mood") => {
            index.predicate = Some(Expr::Sql(format!("{} = 'ok'", quoted(column))));
        }
        (_, 1) => {
            index.parts[0].descending = random.one_in(2);
            index.parts[0].nulls_first = Some(random.one_in(2));
        }
        (_, 2) => index.include = vec![name("pk")],
        _ => {}
    }
    index
}

fn foreign_keys(schema: &mut Schema, random: &mut Random) {
    let actions = [
        Action::NoAction,
        Action::Restrict,
        Action::Cascade,
        Action::SetNull,
        Action::SetDefault,
    ];
    let targets: BTreeMap<Qualified, SqlType> = schema
        .tables
        .iter()
        .map(|(name, table)| (name.clone(), table.columns[0].ty.clone()))
        .collect();
    let targets: Vec<(Qualified, SqlType)> = targets.into_iter().collect();
    for table in schema.tables.values_mut() {
        for number in 0..random.below(3) {
            let (references, ty) = random.pick(&targets).clone();
            let mut column = Column::new(name(&format!("to{number}")), ty);
            column.nullable = true;
            let key = ForeignKey {
                on_delete: *random.pick(&actions),
                on_update: *random.pick(&actions),
                deferrable: *random.pick(&[Deferrable::No, Deferrable::Immediate, Deferrable::Deferred]),
                ..ForeignKey::new(
                    name(&format!("{}_fk{number}", table.name.name)),
                    vec![column.name.clone()],
                    references,
                    vec![name("pk")],
                )
            };
            table.columns.push(column);
            table.foreign_keys.insert(key.name.clone(), key);
        }
    }
}

#[tokio::test]
async fn random_pairs_hold_both_ways() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    let pairs: u64 = std::env::var("KICKDB_TEST_PAIRS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(30);
    for seed in 0..pairs {
        let (a, b) = (random(seed * 2), random(seed * 2 + 1));
        server.execute("BEGIN").await;
        for (from, to) in [(&Schema::default(), &a), (&a, &b), (&b, &a)] {
            let plan = plan_between(from, to);
            for step in &plan.up.steps {
                let done = server.try_execute(&step.sql).await;
                done.unwrap_or_else(|error| panic!("seed {seed}: {error}\n{}\n\nin:\n{}", step.sql, text(&plan.up)));
            }
            assert_same(&server.schema().await, to, &plan.up);
            let nothing = plan_between(&server.schema().await, to);
            assert!(nothing.up.steps.is_empty(), "seed {seed}: {}", text(&nothing.up));
        }
        server.end("ROLLBACK").await;
    }
}
