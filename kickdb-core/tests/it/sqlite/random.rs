//! Random schemas, random edits of them, and rows that both sides allow.

use kickdb_core::ir::{
    Action, Check, Column, ColumnValue, Deferrable, Enum, Expr, ForeignKey, Identity, Index, IndexKey, IndexPart,
    ObjectKind, PrimaryKey, SqlType, Unique,
};

use super::*;

/// Numbers from a seed (xorshift64*): a failure names the seed and can be run again.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % end
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

const TABLES: &[&str] = &["users", "orders", "Order Lines", "select", "größe"];
const COLUMNS: &[&str] = &[
    "name",
    "created at",
    "Select",
    "größe",
    "end",
    "it's",
    "a\"b",
    "total",
    "note",
    "key",
];

/// None of them is the name of what was dropped, which would then be the same thing with another type.
const NEW_TABLES: &[&str] = &["fresh", "Group", "x y"];
const NEW_COLUMNS: &[&str] = &["new", "order by", "straße", "x'y"];

/// The column of the primary key.
fn id(table: &Table) -> Name {
    table.primary_key.as_ref().unwrap().columns[0].clone()
}

pub(super) fn quoted(name: &Name) -> String {
    let mut sql = String::new();
    sqlite().quote(name, &mut sql);
    sql
}

fn int() -> SqlType {
    sqlite().parse("integer").unwrap()
}

/// A random schema, not in normal form.
pub(super) fn schema(random: &mut Random) -> Schema {
    let mut schema = Schema::default();
    let mood = Qualified::local(name("mood"));
    let values = vec!["ok".to_owned(), "it's".to_owned()];
    schema.enums.insert(
        mood.clone(),
        Enum {
            name: mood,
            values,
            comment: None,
        },
    );
    for _ in 0..=random.below(4) {
        let table = table(TABLES, random);
        schema.tables.insert(table.name.clone(), table);
    }
    for _ in 0..random.below(5) {
        add_key(&mut schema, random);
    }
    for _ in 0..random.below(5) {
        add_object(&mut schema, random);
    }
    schema
}

/// A view, or a trigger on a table or view.
fn add_object(schema: &mut Schema, random: &mut Random) {
    let tables: Vec<&Table> = schema.tables.values().collect();
    let table = random.pick(&tables);
    let (of, column) = (quoted(&table.name.name), quoted(&random.pick(&table.columns).name));
    let named = quoted(&name(&format!("obj \"{}\"", random.below(1000))));
    let views = schema.objects.keys().filter(|id| id.kind == ObjectKind::View);
    let views: Vec<String> = views.map(|id| quoted(&id.name.name)).collect();
    let sql = match random.below(6) {
        0 => format!("CREATE VIEW {named} AS SELECT {column} FROM {of} -- its {column}"),
        1 => format!("CREATE VIEW {named} (one) AS SELECT count(*) FROM {of} WHERE {column} IS NOT NULL"),
        2 if !views.is_empty() => format!("CREATE VIEW {named} AS SELECT * FROM {}", random.pick(&views)),
        2 => format!("CREATE VIEW {named} AS SELECT * FROM {of}"),
        3 if !views.is_empty() => format!(
            "CREATE TRIGGER {named} INSTEAD OF INSERT ON {} BEGIN DELETE FROM {of} WHERE {column} = 'gone'; END",
            random.pick(&views)
        ),
        _ => {
            let event = random.pick(&[
                "INSERT ON".to_owned(),
                "DELETE ON".to_owned(),
                format!("UPDATE OF {column} ON"),
            ]);
            let other = quoted(&random.pick(&tables).name.name);
            format!(
                "CREATE TRIGGER {named} AFTER {event} {of} WHEN 1 BEGIN SELECT ';'; SELECT count(*) FROM {other}; END"
            )
        }
    };
    let (id, object) = sqlite().read_object(&sql).unwrap();
    if schema.objects.keys().all(|other| other.name != id.name) {
        schema.objects.insert(id, object);
    }
}

/// Takes the objects along under the new names, without those that would say what is not there any more.
fn edit_objects(from: &Schema, to: &mut Schema, renames: &Renames, random: &mut Random) {
    let mut names: Vec<(String, String)> = Vec::new();
    for (old, new) in &renames.tables {
        names.push((quoted(&old.name), quoted(&new.name)));
    }
    let mut gone: Vec<String> = Vec::new();
    for ((_, old), new) in &renames.columns {
        // In a text nothing tells a column from a table of the same name.
        if from.tables.keys().any(|table| table.name == *old) {
            gone.push(quoted(old));
        }
        names.push((quoted(old), quoted(new)));
    }
    for table in from.tables.values() {
        let new = renames.tables.get(&table.name).unwrap_or(&table.name);
        if !to.tables.contains_key(new) {
            gone.push(quoted(&table.name.name));
        }
        for column in &table.columns {
            let renamed = renames.columns.contains_key(&(new.clone(), column.name.clone()));
            let kept = to
                .tables
                .get(new)
                .is_some_and(|table| table.column(&column.name).is_some());
            if !kept && !renamed {
                gone.push(quoted(&column.name));
            }
        }
    }
    to.objects.clear();
    let mut lost = Vec::new();
    for (id, object) in &from.objects {
        let mut sql = object.sql.clone();
        if gone.iter().any(|name| sql.contains(name)) {
            lost.push(quoted(&id.name.name));
            continue;
        }
        for (old, new) in &names {
            sql = sql.replace(old, new);
        }
        if random.chance(15) {
            sql = sql.replace("count(*)", "count(1)");
        }
        if random.chance(10) {
            lost.push(quoted(&id.name.name));
        } else {
            let (id, object) = sqlite().read_object(&sql).unwrap();
            to.objects.insert(id, object);
        }
    }
    // What says a view that is gone goes, too.
    while let Some(name) = lost.pop() {
        to.objects.retain(|id, object| {
            let says = quoted(&id.name.name) != name && object.sql.contains(&name);
            if says {
                lost.push(quoted(&id.name.name));
            }
            !says
        });
    }
    for _ in 0..random.below(3) {
        add_object(to, random);
    }
}

fn table(names: &[&str], random: &mut Random) -> Table {
    let mut table = Table::new(Qualified::local(name(random.pick(names))));
    let mut id = Column::new(name("id"), if random.chance(70) { int() } else { SqlType::Uuid });
    let counts = id.ty == int();
    if counts && random.chance(40) {
        id.value = ColumnValue::identity(if random.chance(50) {
            Identity::Serial
        } else {
            Identity::ByDefault
        });
    }
    table.columns.push(id);
    let key = PrimaryKey::new(name("pk"), vec![name("id")]);
    table.primary_key = Some(key);
    // Not with an integer key: SQLite 3.51 cannot rename it where a unique constraint is on it, too ("expressions
    // prohibited in PRIMARY KEY and UNIQUE constraints").
    if !counts && random.chance(25) {
        table.options.insert("without rowid".to_owned(), String::new());
    }
    if random.chance(15) {
        table.options.insert("strict".to_owned(), String::new());
    }
    for _ in 0..=random.below(6) {
        add_column(&mut table, COLUMNS, random);
    }
    for _ in 0..random.below(4) {
        add_something(&mut table, random);
    }
    table
}

/// A new column that rows which are there already can have.
fn add_column(table: &mut Table, names: &[&str], random: &mut Random) {
    let named = name(random.pick(names));
    if table.column(&named).is_some() {
        return;
    }
    let mut types = vec![
        int(),
        SqlType::Bool,
        SqlType::Text,
        SqlType::Float { double: true },
        SqlType::Bytes,
        SqlType::Date,
    ];
    types.push(SqlType::Enum(Qualified::local(name("mood"))));
    if !table.options.contains_key("strict") {
        types.extend(["varchar(40)", "numeric(10, 2)", "odd words"].map(|raw| sqlite().parse(raw).unwrap()));
    }
    let mut column = Column::new(named, random.pick(&types));
    column.nullable = random.chance(60);
    if matches!(column.ty, SqlType::Text | SqlType::Varchar(_)) && random.chance(30) {
        column.collation = Some(name("nocase"));
    }
    let id = quoted(&id(table));
    let value = |sql: &str| ColumnValue::Default(Expr::Sql(sql.to_owned()));
    column.value = match &column.ty {
        SqlType::Enum(_) if random.chance(50) => ColumnValue::Default(Expr::Text("it's".to_owned())),
        SqlType::Date if random.chance(50) => ColumnValue::Default(Expr::Now),
        SqlType::Text if random.chance(20) => ColumnValue::Default(Expr::NewUuid),
        SqlType::Text | SqlType::Varchar(_) if random.chance(60) => {
            value(random.pick(&["'x'", "''", "'it''s'", "lower('A')"]))
        }
        SqlType::Int { .. } if random.chance(60) => value(random.pick(&["0", "-7", "(1 + 2)"])),
        SqlType::Float { .. } if random.chance(50) => value("1.50"),
        SqlType::Bytes if random.chance(30) => value("x'00ff'"),
        SqlType::Int { .. } if random.chance(15) => ColumnValue::Generated {
            expr: Expr::Sql(format!("length({id}) * 2")),
            stored: random.chance(50),
        },
        _ => ColumnValue::Required,
    };
    if column.value == ColumnValue::Required {
        column.nullable = true;
    }
    table.columns.push(column);
}

/// An index, unique or check that the rows satisfy.
fn add_something(table: &mut Table, random: &mut Random) {
    let column = random.pick(&table.columns).name;
    let quoted = quoted(&column);
    let named = |kind: &str, random: &mut Random| name(&format!("{}_{kind}{}", table.name, random.below(1000)));
    match random.below(4) {
        0 => {
            let name = named("check", random);
            let sql = random.pick(&[
                format!("length({quoted})<1000"),
                format!("{quoted} is null OR {quoted} <> 'zzz'"),
            ]);
            table.checks.insert(name.clone(), Check::new(name, Expr::Sql(sql)));
        }
        1 => {
            let name = named("key", random);
            let mut columns = vec![id(table)];
            if column != columns[0] {
                columns.insert(random.below(2), column);
            }
            let unique = Unique::new(name.clone(), columns);
            table.uniques.insert(name, unique);
        }
        _ => {
            let name = named("idx", random);
            let part = |key, random: &mut Random| IndexPart {
                descending: random.chance(30),
                collation: random.chance(20).then(|| self::name("RTRIM")),
                ..IndexPart::new(key)
            };
            let mut parts = vec![part(IndexKey::Column(column), random)];
            if random.chance(30) {
                parts.push(part(IndexKey::Expr(Expr::Sql(format!("lower({quoted})"))), random));
            }
            let unique = random.chance(20);
            if unique {
                parts.push(part(IndexKey::Column(id(table)), random));
            }
            let predicate = random.chance(30).then(|| Expr::Sql(format!("{quoted} IS NOT NULL")));
            let index = Index {
                unique,
                predicate,
                options: std::collections::BTreeMap::new(),
                ..Index::new(name.clone(), parts)
            };
            table.indexes.insert(name, index);
        }
    }
}

/// A foreign key on a column of its own.
fn add_key(schema: &mut Schema, random: &mut Random) {
    let names: Vec<Qualified> = schema.tables.keys().cloned().collect();
    let (from, to) = (random.pick(&names), random.pick(&names));
    let id = id(&schema.tables[&to]);
    let ty = schema.tables[&to].column(&id).unwrap().ty.clone();
    let table = schema.tables.get_mut(&from).unwrap();
    let key = name(&format!("{from}_fkey{}", random.below(1000)));
    let column = name(&format!("ref{}", random.below(1000)));
    if table.column(&column).is_some() || table.foreign_keys.contains_key(&key) {
        return;
    }
    table.columns.push(Column {
        nullable: true,
        ..Column::new(column.clone(), ty)
    });
    let actions = [
        Action::NoAction,
        Action::Restrict,
        Action::Cascade,
        Action::SetNull,
        Action::SetDefault,
    ];
    let key = ForeignKey {
        on_delete: random.pick(&actions),
        on_update: random.pick(&actions),
        deferrable: random.pick(&[Deferrable::No, Deferrable::Immediate, Deferrable::Deferred]),
        ..ForeignKey::new(key, vec![column], to, vec![id])
    };
    table.foreign_keys.insert(key.name.clone(), key);
}

/// Some edits of a schema in normal form, and the renames among them.
pub(super) fn edit(from: &Schema, random: &mut Random) -> (Schema, Renames) {
    let mut to = from.clone();
    // New columns may be of the enum.
    let mood = Qualified::local(name("mood"));
    let values = vec!["ok".to_owned(), "it's".to_owned()];
    to.enums.insert(
        mood.clone(),
        Enum {
            name: mood,
            values,
            comment: None,
        },
    );
    let mut renames = Renames::default();
    if random.chance(25) {
        rename_table(&mut to, &mut renames, random);
    }
    if random.chance(35) {
        rename_columns(&mut to, &mut renames, random);
    }
    for _ in 0..=random.below(5) {
        let names: Vec<Qualified> = to.tables.keys().cloned().collect();
        let picked = random.pick(&names);
        match random.below(9) {
            0 => {
                let new = table(NEW_TABLES, random);
                if !to.tables.contains_key(&new.name) {
                    to.tables.insert(new.name.clone(), new);
                }
            }
            1 if to.tables.len() > 1 => drop_table(&mut to, &picked),
            2 => add_key(&mut to, random),
            kind => edit_table(to.tables.get_mut(&picked).unwrap(), kind, random),
        }
    }
    // An index's name is unique in the whole database, and a new table may have taken one.
    let mut taken = std::collections::BTreeSet::new();
    for table in to.tables.values_mut() {
        table.indexes.retain(|name, _| taken.insert(name.clone()));
    }
    edit_objects(from, &mut to, &renames, random);
    (to, renames)
}

fn edit_table(table: &mut Table, kind: usize, random: &mut Random) {
    let at = random.below(table.columns.len());
    match kind {
        3 | 4 => add_column(table, NEW_COLUMNS, random),
        5 if at > 0 => drop_column(table, at),
        6 if at > 0 => change_column(table, at, random),
        7 => {
            match random.below(4) {
                0 => drop(table.indexes.pop_first()),
                1 => drop(table.checks.pop_first()),
                2 => drop(table.uniques.pop_first()),
                _ => drop(table.foreign_keys.pop_first()),
            };
        }
        _ => add_something(table, random),
    }
}

fn uses(sql: &Expr, column: &Name) -> bool {
    matches!(sql, Expr::Sql(sql) if sql.contains(&quoted(column)))
}

fn drop_column(table: &mut Table, at: usize) {
    let column = &table.columns[at];
    if !column.nullable && column.value == ColumnValue::Required {
        return;
    }
    let column = table.columns.remove(at).name;
    table.checks.retain(|_, check| !uses(&check.expr, &column));
    table.uniques.retain(|_, unique| !unique.columns.contains(&column));
    table.foreign_keys.retain(|_, key| !key.columns.contains(&column));
    table.indexes.retain(|_, index| {
        let used = index.parts.iter().any(|part| match &part.key {
            IndexKey::Column(name) => *name == column,
            IndexKey::Expr(sql) => uses(sql, &column),
        });
        !used && !index.predicate.iter().any(|sql| uses(sql, &column))
    });
}

fn change_column(table: &mut Table, at: usize, random: &mut Random) {
    let strict = table.options.contains_key("strict");
    let id = quoted(&id(table));
    let column = &mut table.columns[at];
    if column.name.as_str().starts_with("ref") {
        return;
    }
    match &column.value {
        ColumnValue::Default(_) if random.chance(40) && column.nullable => column.value = ColumnValue::Required,
        ColumnValue::Required if random.chance(40) && column.ty == int() => {
            column.value = ColumnValue::Default(Expr::Int(9));
        }
        ColumnValue::Default(_) if random.chance(50) => column.nullable = !column.nullable,
        ColumnValue::Generated { stored, .. } => {
            column.value = ColumnValue::Generated {
                expr: Expr::Sql(format!("length({id}) * 3")),
                stored: *stored,
            };
        }
        ColumnValue::Required if !strict && column.ty == int() => column.ty = SqlType::Text,
        ColumnValue::Required if column.ty == SqlType::Text && !strict => {
            column.ty = sqlite().parse("varchar(3)").unwrap()
        }
        _ => {}
    }
}

/// The columns that may point to it go, too: they would point to nothing when it comes back without its rows.
fn drop_table(schema: &mut Schema, gone: &Qualified) {
    schema.tables.remove(gone);
    for table in schema.tables.values_mut() {
        while let Some(at) = table
            .columns
            .iter()
            .position(|column| column.name.as_str().starts_with("ref"))
        {
            drop_column(table, at);
        }
        table.foreign_keys.retain(|_, key| key.references != *gone);
    }
}

fn rename_table(schema: &mut Schema, renames: &mut Renames, random: &mut Random) {
    let names: Vec<Qualified> = schema.tables.keys().cloned().collect();
    let (old, new) = (random.pick(&names), Qualified::local(name("renamed \"table\"")));
    let mut table = std::sync::Arc::unwrap_or_clone(schema.tables.remove(&old).unwrap());
    table.name = new.clone();
    schema.tables.insert(new.clone(), table);
    let keys = schema
        .tables
        .values_mut()
        .flat_map(|table| table.foreign_keys.values_mut());
    for key in keys.filter(|key| key.references == old) {
        key.references = new.clone();
    }
    renames.tables.insert(old, new);
}

/// One column takes a new name, or two take each other's.
fn rename_columns(schema: &mut Schema, renames: &mut Renames, random: &mut Random) {
    let names: Vec<Qualified> = schema.tables.keys().cloned().collect();
    let table = schema.tables.get_mut(&random.pick(&names)).unwrap();
    let old = random.pick(&table.columns).name;
    let new = name(if old.as_str().starts_with("ref") {
        "ref new"
    } else {
        "new \"name\""
    });
    let text = |sql: &mut Expr| {
        if let Expr::Sql(sql) = sql {
            *sql = sql.replace(&quoted(&old), &quoted(&new));
        }
    };
    let swap = |name: &mut Name| {
        if *name == old {
            *name = new.clone();
        }
    };
    for column in &mut table.columns {
        swap(&mut column.name);
        if let ColumnValue::Generated { expr, .. } = &mut column.value {
            text(expr);
        }
    }
    table
        .primary_key
        .iter_mut()
        .flat_map(|key| &mut key.columns)
        .for_each(swap);
    table
        .uniques
        .values_mut()
        .flat_map(|unique| &mut unique.columns)
        .for_each(swap);
    table
        .foreign_keys
        .values_mut()
        .flat_map(|key| &mut key.columns)
        .for_each(swap);
    table.checks.values_mut().for_each(|check| text(&mut check.expr));
    for index in table.indexes.values_mut() {
        index.predicate.iter_mut().for_each(text);
        for part in &mut index.parts {
            match &mut part.key {
                IndexKey::Column(name) => swap(name),
                IndexKey::Expr(sql) => text(sql),
            }
        }
    }
    renames.columns.insert((table.name.clone(), old.clone()), new.clone());
    let of = table.name.clone();
    for key in schema
        .tables
        .values_mut()
        .flat_map(|table| table.foreign_keys.values_mut())
    {
        if key.references == of {
            key.referenced.iter_mut().for_each(swap);
        }
    }
}

/// Three rows for each table; a foreign key points to a row of the same number.
pub(super) fn rows(schema: &Schema) -> String {
    let mut sql = "PRAGMA foreign_keys = OFF;".to_owned();
    for table in schema.tables.values() {
        for row in 1..=3 {
            let values: Vec<(String, String)> = table
                .columns
                .iter()
                .filter(|column| !matches!(column.value, ColumnValue::Generated { .. }))
                .map(|column| (quoted(&column.name), value(column, table, row)))
                .collect();
            let (names, values): (Vec<_>, Vec<_>) = values.into_iter().unzip();
            sql.push_str(&format!(
                "INSERT INTO {} ({}) VALUES ({});",
                quoted(&table.name.name),
                names.join(", "),
                values.join(", ")
            ));
        }
    }
    sql.push_str("PRAGMA foreign_keys = ON;");
    sql
}

fn value(column: &Column, table: &Table, row: usize) -> String {
    let is_enum = table
        .checks
        .values()
        .any(|check| uses(&check.expr, &column.name) && matches!(&check.expr, Expr::Sql(sql) if sql.contains(" IN (")));
    if is_enum {
        return "'ok'".to_owned();
    }
    if row == 2 && column.nullable {
        return "NULL".to_owned();
    }
    let key = column.name == id(table) || column.name.as_str().starts_with("ref");
    match &column.ty {
        SqlType::Int { .. } => format!("{row}"),
        SqlType::Float { .. } => format!("{row}.25"),
        SqlType::Bytes => format!("x'0{row}'"),
        SqlType::Native(_) => format!("{row}.75"),
        _ if key => format!("'key{row}'"),
        _ => format!("'Text {row}'"),
    }
}
