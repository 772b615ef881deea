//! Random schemas, the same for the same seed: for laws that must hold for all of them, with and without a server.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use kickdb_core::dialect::Dialect;
use kickdb_core::diff::{Change, Renames, TableChange, apply};
use kickdb_core::ident::{Name, Qualified};
use kickdb_core::ir::{
    Action, Check, Column, ColumnValue, Enum, Expr, ForeignKey, Identity, Index, IndexKey, IndexPart, IntBits,
    PrimaryKey, Schema, SqlType, Table, Unique,
};

/// The seeds of a test with a database: so many as are worth the time of each run, or as `KICKDB_TEST_PAIRS` asks for, from 1 or
/// from `KICKDB_TEST_SEED` on.
#[cfg(feature = "live")]
pub(crate) fn seeds(pairs: u64) -> std::ops::Range<u64> {
    let asked = |variable: &str| std::env::var(variable).ok().and_then(|text| text.parse().ok());
    let first = asked("KICKDB_TEST_SEED").unwrap_or(1);
    first..first + asked("KICKDB_TEST_PAIRS").unwrap_or(pairs)
}

/// A source of choices (splitmix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// Some of the elements, in their order or shuffled.
    fn some<T: Clone>(&mut self, from: &[T], most: usize) -> Vec<T> {
        let mut left = from.to_vec();
        let count = 1 + self.below(most.min(left.len()));
        (0..count)
            .map(|_| {
                let at = self.below(left.len());
                left.remove(at)
            })
            .collect()
    }
}

const TABLES: &[&str] = &[
    "tasks",
    "projects",
    "users",
    "order",
    "Mixed Case",
    "labels",
    "quote\"d",
    "notes",
];
const COLUMNS: &[&str] = &[
    "title", "state", "group", "Camel", "n", "amount", "done", "at", "it's", "body", "ref",
];
const ENUMS: &[&str] = &["mood", "phase", "Kind Of"];
const VALUES: &[&str] = &["todo", "doing", "done", "it's", "Later On"];

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub(crate) fn local(text: &str) -> Qualified {
    Qualified::local(name(text))
}

/// A schema in the form that declarations resolve to. Foreign keys only where they can hold.
pub(crate) fn schema(random: &mut Random, size: usize) -> Schema {
    let mut schema = Schema::default();
    for text in ENUMS {
        if random.once_in(2) {
            let values = random.some(VALUES, VALUES.len());
            schema.enums.insert(
                local(text),
                Enum {
                    name: local(text),
                    values: values.into_iter().map(str::to_owned).collect(),
                    comment: None,
                },
            );
        }
    }
    let enums = schema.enums.values().cloned().collect::<Vec<_>>();
    for text in random.some(TABLES, size.clamp(1, TABLES.len())) {
        let table = table(random, text, &enums);
        schema.tables.insert(table.name.clone(), table);
    }
    foreign_keys(random, &mut schema);
    schema
}

/// The schema as the dialect knows it; `None` where the dialect cannot have it.
pub(crate) fn normal(mut schema: Schema, dialect: &dyn Dialect) -> Option<Schema> {
    dialect.normalize(&mut schema).ok().map(|()| schema)
}

/// The schema as the dialect knows it, without the indexes that it cannot have and with bounded texts where it needs them.
#[cfg(feature = "live")]
pub(crate) fn fitted(schema: Schema, dialect: &dyn Dialect) -> Option<Schema> {
    let mut normal = schema.clone();
    let Err(refusals) = dialect.normalize(&mut normal) else {
        return Some(normal);
    };
    let mut schema = schema;
    for refusal in refusals {
        let table = refusal.object.and_then(|object| schema.tables.get_mut(&object))?;
        let part = refusal.part?;
        if table.indexes.remove(&part).is_none() {
            let column = table.columns.iter_mut().find(|column| column.name == part)?;
            column.ty = SqlType::Varchar(std::num::NonZeroU32::new(50)?);
            column.value = ColumnValue::Required;
        }
    }
    self::normal(schema, dialect)
}

fn table(random: &mut Random, text: &str, enums: &[Enum]) -> Table {
    let mut table = Table::new(local(text));
    let mut id = Column::new(name("id"), if random.once_in(2) { int() } else { SqlType::Uuid });
    if id.ty == int() && random.once_in(2) {
        id.value = ColumnValue::identity(Identity::ByDefault);
    }
    table.columns.push(id);
    for text in random.some(COLUMNS, 6) {
        let column = column(random, text, enums);
        table.columns.push(column);
    }
    table.primary_key = Some(PrimaryKey::new(name(&format!("{text}_pkey")), vec![name("id")]));
    let columns = table.columns[1..]
        .iter()
        .map(|column| column.name.clone())
        .collect::<Vec<_>>();
    if random.once_in(3) {
        let columns = random.some(&columns, 2);
        let unique = Unique::new(name(&format!("{text}_{}_key", random.below(2))), columns);
        table.uniques.insert(unique.name.clone(), unique);
    }
    for _ in 0..random.below(3) {
        let index = index(random, text, &columns);
        table.indexes.insert(index.name.clone(), index);
    }
    if random.once_in(3) {
        let quoted = random.pick(&columns).as_str().replace('"', "\"\"");
        let check = Check::new(
            name(&format!("{text}_check{}", random.below(2))),
            Expr::Sql(format!("\"{quoted}\" IS NOT NULL OR \"id\" IS NOT NULL")),
        );
        table.checks.insert(check.name.clone(), check);
    }
    table
}

fn int() -> SqlType {
    SqlType::Int {
        bits: IntBits::B64,
        unsigned: false,
    }
}

fn column(random: &mut Random, text: &str, enums: &[Enum]) -> Column {
    let (ty, default) = match random.below(8) {
        0 => (int(), Expr::Int(random.below(100) as i64 - 50)),
        1 => (SqlType::Bool, Expr::Bool(random.once_in(2))),
        2 => (
            SqlType::Varchar(NonZeroU32::new(40).unwrap()),
            Expr::Text("it's".to_owned()),
        ),
        3 => (SqlType::Uuid, Expr::NewUuid),
        4 => (
            SqlType::Timestamp {
                precision: None,
                zoned: true,
            },
            Expr::Now,
        ),
        5 => (SqlType::Json { binary: true }, Expr::Text("{}".to_owned())),
        6 if !enums.is_empty() => {
            let e = random.pick(enums);
            (SqlType::Enum(e.name.clone()), Expr::Text(random.pick(&e.values)))
        }
        _ => (SqlType::Text, Expr::Text(String::new())),
    };
    let mut column = Column::new(name(text), ty);
    column.nullable = random.once_in(2);
    if random.once_in(3) {
        column.value = ColumnValue::Default(default);
    }
    column
}

fn index(random: &mut Random, table: &str, columns: &[Name]) -> Index {
    let parts = random.some(columns, 2).into_iter().map(|column| IndexPart {
        descending: random.once_in(4),
        ..IndexPart::new(IndexKey::Column(column))
    });
    let mut index = Index::new(name("i"), parts.collect());
    index.unique = random.once_in(4);
    index.name = name(&format!("{table}_idx{}", random.below(3)));
    if random.once_in(4) {
        let quoted = random.pick(columns).as_str().replace('"', "\"\"");
        index.predicate = Some(Expr::Sql(format!("\"{quoted}\" IS NOT NULL")));
    }
    index
}

/// Foreign keys on columns made for them, of the type of the key they point at.
fn foreign_keys(random: &mut Random, schema: &mut Schema) {
    let keys = schema
        .tables
        .values()
        .map(|table| (table.name.clone(), table.columns[0].ty.clone()))
        .collect::<Vec<_>>();
    for table in schema.tables.values_mut() {
        for _ in 0..random.below(3) {
            let (target, ty): (Qualified, SqlType) = random.pick(&keys);
            let column = name(&format!("{}_id", target.name));
            if table.column(&column).is_some() {
                continue;
            }
            let mut made = Column::new(column.clone(), ty.clone());
            made.nullable = true;
            table.columns.push(made);
            let key = ForeignKey {
                on_delete: random.pick(&[Action::NoAction, Action::Cascade, Action::SetNull]),
                ..ForeignKey::new(
                    name(&format!("{}_{column}_fkey", table.name)),
                    vec![column],
                    target.clone(),
                    vec![name("id")],
                )
            };
            table.foreign_keys.insert(key.name.clone(), key);
        }
    }
}

/// The schema with some things renamed, and what was renamed.
pub(crate) fn renamed(random: &mut Random, from: &Schema) -> (Schema, Renames) {
    let mut schema = from.clone();
    let mut renames = Renames::default();
    let fresh = |random: &mut Random, taken: &dyn Fn(&Name) -> bool| {
        let name = name(&format!("new {}", random.below(1000)));
        (!taken(&name)).then_some(name)
    };
    for old in from.enums.keys() {
        let taken = |name: &Name| schema.enums.contains_key(&old.sibling(name.clone()));
        if let Some(new) = random.once_in(4).then(|| fresh(random, &taken)).flatten() {
            let new = old.sibling(new);
            renames.enums.insert(old.clone(), new.clone());
            schema = apply(
                &[Change::RenameEnum {
                    from: old.clone(),
                    to: new,
                }],
                &schema,
            );
        }
    }
    for old in from.tables.keys() {
        let taken = |name: &Name| schema.tables.contains_key(&old.sibling(name.clone()));
        if let Some(new) = random.once_in(4).then(|| fresh(random, &taken)).flatten() {
            let new = old.sibling(new);
            renames.tables.insert(old.clone(), new.clone());
            schema = apply(
                &[Change::RenameTable {
                    from: old.clone(),
                    to: new,
                }],
                &schema,
            );
        }
    }
    for table in schema.clone().tables.values() {
        for column in &table.columns {
            let taken = |name: &Name| schema.tables[&table.name].column(name).is_some();
            if let Some(new) = random.once_in(6).then(|| fresh(random, &taken)).flatten() {
                renames
                    .columns
                    .insert((table.name.clone(), column.name.clone()), new.clone());
                let change = Change::AlterTable {
                    from: table.clone().into(),
                    to: table.clone().into(),
                    changes: vec![TableChange::RenameColumn {
                        from: column.name.clone(),
                        to: new,
                    }],
                };
                schema = apply(&[change], &schema);
            }
        }
    }
    (schema, renames)
}

/// The schema with some tables, columns and parts changed, added and taken away, all of it still in one piece.
pub(crate) fn edited(random: &mut Random, from: &Schema, size: usize) -> Schema {
    let other = schema(random, size);
    let mut to = from.clone();
    for (name, e) in other.enums {
        if random.once_in(2) {
            to.enums.insert(name, e);
        }
    }
    for (name, table) in other.tables {
        if random.once_in(2) {
            to.tables.insert(name, table);
        } else if random.once_in(3) {
            to.tables.remove(&name);
        }
    }
    mend(&mut to);
    to
}

/// Takes out what points at nothing.
fn mend(schema: &mut Schema) {
    let enums = schema.enums.clone();
    let types = schema
        .tables
        .values()
        .map(|table| {
            let columns = table
                .columns
                .iter()
                .map(|column| (column.name.clone(), column.ty.clone()));
            (table.name.clone(), columns.collect::<BTreeMap<_, _>>())
        })
        .collect::<BTreeMap<_, _>>();
    for table in schema.tables.values_mut() {
        for column in &mut table.columns {
            if let SqlType::Enum(name) = &column.ty {
                let value = match &column.value {
                    ColumnValue::Default(Expr::Text(value)) => Some(value),
                    _ => None,
                };
                match enums.get(name) {
                    None => {
                        column.ty = SqlType::Text;
                    }
                    Some(e) if value.is_some_and(|value| !e.values.contains(value)) => {
                        column.value = ColumnValue::Required;
                    }
                    Some(_) => {}
                }
            }
        }
        let own = table
            .columns
            .iter()
            .map(|column| (&column.name, &column.ty))
            .collect::<BTreeMap<_, _>>();
        table.foreign_keys.retain(|_, key| {
            let target = types
                .get(&key.references)
                .and_then(|columns| columns.get(&key.referenced[0]));
            target.is_some() && own.get(&key.columns[0]).copied() == target
        });
    }
}

/// The schema with its columns by name: order is no difference.
pub(crate) fn sorted(mut schema: Schema) -> Schema {
    for table in schema.tables.values_mut() {
        table.columns.sort_by(|a, b| a.name.cmp(&b.name));
    }
    schema
}

/// All names of tables and enums, for renames that need not hold.
pub(crate) fn nonsense(random: &mut Random) -> Renames {
    let mut renames = Renames::default();
    for _ in 0..random.below(4) {
        renames
            .tables
            .insert(local(random.pick(TABLES)), local(random.pick(TABLES)));
        renames
            .enums
            .insert(local(random.pick(ENUMS)), local(random.pick(ENUMS)));
        let table = local(random.pick(TABLES));
        renames
            .columns
            .insert((table, name(random.pick(COLUMNS))), name(random.pick(COLUMNS)));
        let value = random.pick(VALUES).to_owned();
        renames
            .values
            .insert((local(random.pick(ENUMS)), value), random.pick(VALUES).to_owned());
    }
    renames
}

/// The columns that a table's parts name.
pub(crate) fn named_columns(table: &Table) -> BTreeSet<&Name> {
    let key = table.primary_key.iter().flat_map(|key| &key.columns);
    let uniques = table.uniques.values().flat_map(|unique| &unique.columns);
    let keys = table.foreign_keys.values().flat_map(|key| &key.columns);
    let indexes = table.indexes.values().flat_map(|index| {
        index.parts.iter().filter_map(|part| match &part.key {
            IndexKey::Column(name) => Some(name),
            IndexKey::Expr(_) => None,
        })
    });
    key.chain(uniques).chain(keys).chain(indexes).collect()
}
