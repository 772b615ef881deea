//! What only PostgreSQL's tables, columns and indexes have: storage parameters, row-level security, replica identity, …

use std::collections::BTreeMap;

use super::Postgres;
use super::syntax::{bare, ident, literal};
use crate::dialect::Dialect;
use crate::dialect::head::Head;
use crate::ident::Name;
use crate::ir::{Column, SqlType};

/// Options by their name, with their value.
pub(super) type Options = BTreeMap<String, String>;

pub(super) const UNLOGGED: &str = "unlogged";
pub(super) const ROW_SECURITY: &str = "row security";
pub(super) const FORCED_ROW_SECURITY: &str = "forced row security";
pub(super) const METHOD: &str = "access method";
/// `full`, `nothing`, or `index` and its name.
pub(super) const REPLICA_IDENTITY: &str = "replica identity";

/// The index whose order `CLUSTER` brings the rows into.
pub(super) const CLUSTER: &str = "cluster on";

/// The composite type that a table is one `OF`, as statements name it.
pub(super) const OF: &str = "of type";

/// The foreign keys that a partition has from the table above it under other names: `above = own, …`.
pub(super) const KEYS_FROM_ABOVE: &str = "foreign keys from above";

/// The comment on the index of a constraint, which is another one than that on the constraint.
pub(super) const INDEX_COMMENT: &str = "index comment";

/// The comment on the sequence of a column.
pub(super) const SEQUENCE_COMMENT: &str = "sequence comment";

/// Before the number of a part of an index: how closely the planner looks at it.
pub(super) const PART_STATISTICS: &str = "statistics ";

/// The order of the parameters of an index or of an operator class, where two databases are compared: there it is a part of the server's words.
pub(super) const ORDER: &str = "order of parameters";

pub(super) const STORAGE: &str = "storage";
pub(super) const COMPRESSION: &str = "compression";
const STATISTICS: &str = "statistics";

/// Keeps what PostgreSQL knows of a table; one source may serve several engines.
pub(super) fn of_table(options: &mut Options) {
    options.retain(|key, value| match key.as_str() {
        UNLOGGED | ROW_SECURITY | FORCED_ROW_SECURITY => {
            let said = !matches!(value.as_str(), "false" | "off" | "no");
            value.clear();
            said
        }
        METHOD => value != "heap",
        REPLICA_IDENTITY => value != "default",
        CLUSTER | OF => true,
        KEYS_FROM_ABOVE => {
            *value = said_names(&names(value));
            !value.is_empty()
        }
        key => is_parameter(key),
    });
}

/// Reads `one = other, …`.
pub(super) fn names(said: &str) -> BTreeMap<Name, Name> {
    let mut head = Head::new(said, Postgres.lexis(), true);
    let mut names = BTreeMap::new();
    while let Some(one) = head.name() {
        if !head.eat("=") {
            break;
        }
        if let Some(other) = head.name() {
            names.insert(one.name, other.name);
        }
        head.eat(",");
    }
    names
}

pub(super) fn said_names(names: &BTreeMap<Name, Name>) -> String {
    let names = names.iter();
    let said = names.map(|(one, other)| format!("{} = {}", bare(one.as_str()), bare(other.as_str())));
    said.collect::<Vec<_>>().join(", ")
}

/// Keeps what PostgreSQL knows of a column.
pub(super) fn of_column(options: &mut Options) {
    options.retain(|key, value| match key.as_str() {
        STORAGE | COMPRESSION => {
            value.make_ascii_lowercase();
            value != "default"
        }
        STATISTICS => value != "-1",
        SEQUENCE_COMMENT => true,
        "n_distinct" | "n_distinct_inherited" => true,
        _ => false,
    });
}

/// Keeps what PostgreSQL knows of an index.
pub(super) fn of_index(options: &mut Options) {
    const KNOWN: &[&str] = &[
        "autosummarize",
        "buffering",
        "deduplicate_items",
        "fastupdate",
        "fillfactor",
        "gin_pending_list_limit",
        INDEX_COMMENT,
        "pages_per_range",
    ];
    // Those of the methods of extensions (`lists`, `m`, `ef_construction`, `length`, `col1`, …) are not all known.
    const OTHERS: &[&str] = &[
        "comment",
        "ignored",
        "invisible",
        "key_block_size",
        "parser",
        "visible",
        "with parser",
    ];
    options.retain(|key, value| {
        let looked_at = key.strip_prefix(PART_STATISTICS).is_some_and(is_word) && value != "-1";
        looked_at || KNOWN.contains(&key.as_str()) || is_word(key) && !OTHERS.contains(&key.as_str())
    });
}

/// The storage parameters of tables (`CREATE TABLE`, Storage Parameters).
fn is_parameter(key: &str) -> bool {
    let key = key.strip_prefix("toast.").unwrap_or(key);
    const KNOWN: &[&str] = &[
        "fillfactor",
        "log_autovacuum_min_duration",
        "parallel_workers",
        "toast_tuple_target",
        "user_catalog_table",
        "vacuum_index_cleanup",
        "vacuum_max_eager_freeze_failure_rate",
        "vacuum_truncate",
    ];
    KNOWN.contains(&key) || key.starts_with("autovacuum_")
}

fn is_word(key: &str) -> bool {
    key.chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// ` WITH (…)`, or nothing.
pub(super) fn with(options: &Options) -> String {
    let parameters = parameters(options);
    if parameters.is_empty() {
        return String::new();
    }
    let list: Vec<String> = parameters.iter().map(|(key, value)| assignment(key, value)).collect();
    format!(" WITH ({})", list.join(", "))
}

/// The parameters of an operator class: ` (…)`, or nothing.
pub(super) fn of_class(parameters: &Options) -> String {
    let list = self::parameters(parameters).into_iter();
    let list: Vec<String> = list.map(|(key, value)| assignment(key, value)).collect();
    match list.is_empty() {
        true => String::new(),
        false => format!(" ({})", list.join(", ")),
    }
}

fn parameters(options: &Options) -> Vec<(&str, &str)> {
    const WORDS: &[&str] = &[
        UNLOGGED,
        ROW_SECURITY,
        FORCED_ROW_SECURITY,
        METHOD,
        REPLICA_IDENTITY,
        CLUSTER,
        OF,
        KEYS_FROM_ABOVE,
        INDEX_COMMENT,
        ORDER,
    ];
    let all = options
        .iter()
        .filter(|(key, _)| !WORDS.contains(&key.as_str()) && !key.starts_with(PART_STATISTICS));
    let mut all = all
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect::<Vec<_>>();
    if let Some(order) = options.get(ORDER) {
        all.sort_by_key(|(key, _)| order.split(", ").position(|other| other == *key));
    }
    all
}

fn assignment(key: &str, value: &str) -> String {
    let plain = !value.is_empty()
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'));
    match plain && !value.starts_with('.') && !value.ends_with('.') {
        true if value.starts_with(|c: char| c.is_ascii_digit())
            && value.contains(|c: char| c.is_ascii_alphabetic()) =>
        {
            format!("{key} = {}", literal(value))
        }
        true => format!("{key} = {value}"),
        false => format!("{key} = {}", literal(value)),
    }
}

/// `SET (…)` and `RESET (…)`, which tables and indexes share.
pub(super) fn parameter_changes(from: &Options, to: &Options) -> Vec<String> {
    let (from, to) = (parameters(from), parameters(to));
    let gone = from.iter().filter(|(key, _)| !to.iter().any(|(other, _)| other == key));
    let gone: Vec<&str> = gone.map(|(key, _)| *key).collect();
    let set = to.iter().filter(|pair| !from.contains(pair));
    let set: Vec<String> = set.map(|(key, value)| assignment(key, value)).collect();
    let mut actions = Vec::new();
    if !gone.is_empty() {
        actions.push(format!("RESET ({})", gone.join(", ")));
    }
    if !set.is_empty() {
        actions.push(format!("SET ({})", set.join(", ")));
    }
    actions
}

/// The same of an index. Where their order is known it is kept: what is set comes behind what stays.
pub(super) fn index_changes(from: &Options, to: &Options) -> Vec<String> {
    let (before, after) = (parameters(from), parameters(to));
    let stays = before.iter().filter(|pair| after.contains(pair));
    let set = after.iter().filter(|pair| !before.contains(pair));
    let (Some(_), false) = (to.get(ORDER), stays.chain(set).eq(&after)) else {
        return parameter_changes(from, to);
    };
    let mut actions = parameter_changes(from, &Options::new());
    actions.extend(parameter_changes(&Options::new(), to));
    actions
}

/// How closely the planner looks at the parts of an index, as actions of `ALTER INDEX`.
pub(super) fn index_statistics(from: Option<&Options>, to: &Options) -> Vec<String> {
    let none = Options::new();
    let from = from.unwrap_or(&none);
    let gone = from.keys().filter(|key| !to.contains_key(*key)).map(|key| (key, "-1"));
    let set = to.iter().filter(|(key, value)| from.get(*key) != Some(value));
    let set = set.map(|(key, value)| (key, value.as_str()));
    gone.chain(set)
        .filter_map(|(key, target)| Some((key.strip_prefix(PART_STATISTICS)?, target)))
        .map(|(part, target)| format!("ALTER COLUMN {part} SET STATISTICS {target}"))
        .collect()
}

/// What `CREATE TABLE` cannot say of a new table, as actions of `ALTER TABLE`.
pub(super) fn after_creation(options: &Options) -> Vec<String> {
    let made = options
        .iter()
        .filter(|(key, _)| matches!(key.as_str(), UNLOGGED | METHOD));
    let mut made: Options = made.map(|(key, value)| (key.clone(), value.clone())).collect();
    let parameters = parameters(options).into_iter();
    made.extend(parameters.map(|(key, value)| (key.to_owned(), value.to_owned())));
    changes(&made, options)
}

/// Actions of `ALTER TABLE` from some options to others.
pub(super) fn changes(from: &Options, to: &Options) -> Vec<String> {
    let mut actions = Vec::new();
    let switch = |key: &str| match (from.contains_key(key), to.contains_key(key)) {
        (was, is) if was == is => None,
        (_, is) => Some(is),
    };
    if let Some(unlogged) = switch(UNLOGGED) {
        actions.push(if unlogged { "SET UNLOGGED" } else { "SET LOGGED" }.to_owned());
    }
    let method = |options: &Options| options.get(METHOD).map_or("heap", String::as_str).to_owned();
    if method(from) != method(to)
        && let Ok(method) = Name::new(method(to))
    {
        // PostgreSQL 15 and later.
        actions.push(format!("SET ACCESS METHOD {}", ident(&method)));
    }
    actions.extend(parameter_changes(from, to));
    if let Some(on) = switch(ROW_SECURITY) {
        let word = if on { "ENABLE" } else { "DISABLE" };
        actions.push(format!("{word} ROW LEVEL SECURITY"));
    }
    if let Some(on) = switch(FORCED_ROW_SECURITY) {
        let word = if on { "" } else { "NO " };
        actions.push(format!("{word}FORCE ROW LEVEL SECURITY"));
    }
    if from.get(CLUSTER) != to.get(CLUSTER) {
        let index = to.get(CLUSTER).and_then(|index| Name::new(index.as_str()).ok());
        actions.push(match index {
            Some(index) => format!("CLUSTER ON {}", ident(&index)),
            None => "SET WITHOUT CLUSTER".to_owned(),
        });
    }
    if from.get(REPLICA_IDENTITY) != to.get(REPLICA_IDENTITY) {
        let identity = match to.get(REPLICA_IDENTITY).map(String::as_str) {
            None => "DEFAULT".to_owned(),
            Some("full") => "FULL".to_owned(),
            Some("nothing") => "NOTHING".to_owned(),
            Some(other) => match Name::new(other.strip_prefix("index ").unwrap_or(other)) {
                Ok(index) => format!("USING INDEX {}", ident(&index)),
                Err(_) => "DEFAULT".to_owned(),
            },
        };
        actions.push(format!("REPLICA IDENTITY {identity}"));
    }
    actions
}

/// What options say of an index, which is forgotten with it: actions of `ALTER TABLE` for one that was made again.
pub(super) fn of_index_again(options: &Options, index: &Name) -> Vec<String> {
    let said = options.iter().filter(|(key, value)| match key.as_str() {
        CLUSTER => value.as_str() == index.as_str(),
        REPLICA_IDENTITY => value.strip_prefix("index ") == Some(index.as_str()),
        _ => false,
    });
    let said = said.map(|(key, value)| (key.clone(), value.clone()));
    changes(&Options::new(), &said.collect())
}

/// Actions of `ALTER TABLE` that bring one column from some options to others.
pub(super) fn column_changes(column: &Column, from: &Options) -> Vec<String> {
    let mut actions = Vec::new();
    let (name, to) = (ident(&column.name), &column.options);
    let word = |key: &str| (from.get(key) != to.get(key)).then(|| to.get(key).map(String::as_str));
    if let Some(storage) = word(STORAGE) {
        let storage = storage.unwrap_or_else(|| own_storage(&column.ty)).to_ascii_uppercase();
        actions.push(format!("ALTER COLUMN {name} SET STORAGE {storage}"));
    }
    if let Some(compression) = word(COMPRESSION) {
        actions.push(format!(
            "ALTER COLUMN {name} SET COMPRESSION {}",
            compression.unwrap_or("default")
        ));
    }
    if let Some(statistics) = word(STATISTICS) {
        actions.push(format!(
            "ALTER COLUMN {name} SET STATISTICS {}",
            statistics.unwrap_or("-1")
        ));
    }
    let distinct = |options: &Options| -> Options {
        let own = options.iter().filter(|(key, _)| key.starts_with("n_distinct"));
        own.map(|(key, value)| (key.clone(), value.clone())).collect()
    };
    let own = parameter_changes(&distinct(from), &distinct(to));
    actions.extend(own.into_iter().map(|action| format!("ALTER COLUMN {name} {action}")));
    actions
}

/// What options of a column are left of these where its type or collation changes: how values are stored is the type's again.
pub(super) fn retyped(options: &Options) -> Options {
    let stay = options
        .iter()
        .filter(|(key, _)| !matches!(key.as_str(), STORAGE | COMPRESSION));
    stay.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// How a type is stored unless told otherwise (`pg_type.typstorage`). The word DEFAULT for it is PostgreSQL 16's.
fn own_storage(ty: &SqlType) -> &'static str {
    match ty {
        SqlType::Decimal(_) => "main",
        SqlType::Bool | SqlType::Int { .. } | SqlType::Float { .. } | SqlType::Uuid | SqlType::Enum(_) => "plain",
        SqlType::Date | SqlType::Time { .. } | SqlType::Timestamp { .. } | SqlType::Interval => "plain",
        SqlType::Native(text) => match &**text {
            "inet" | "cidr" => "main",
            "box" | "circle" | "line" | "lseg" | "macaddr" | "macaddr8" | "money" | "oid" | "point" | "pg_lsn"
            | "tsquery" => "plain",
            _ => "extended",
        },
        SqlType::Text
        | SqlType::Varchar(_)
        | SqlType::Char(_)
        | SqlType::Bytes
        | SqlType::Json { .. }
        | SqlType::Array(_) => "extended",
    }
}
