//! By what one sees that a statement of DDL has been carried out.

use crate::lex::{Lexis, first_words};

/// What is asked of the catalog, and what the answer is once the statement is done.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Trace {
    /// Counts what has the names.
    pub(super) question: &'static str,
    /// What is looked for.
    pub(super) names: Vec<String>,
    /// Whether it is there afterwards.
    pub(super) there: bool,
}

/// Counts the rows of a table of `information_schema` in this database that have these names.
macro_rules! count {
    ($table:literal, $schema:literal, $($test:literal),+) => {
        concat!(
            "SELECT CAST(count(*) AS char) FROM information_schema.", $table, " WHERE ", $schema, " = DATABASE()",
            $(" AND ", $test),+
        )
    };
}

const TABLE: &str = count!("TABLES", "TABLE_SCHEMA", "TABLE_NAME = $1");
const VERSIONED: &str = count!(
    "TABLES",
    "TABLE_SCHEMA",
    "TABLE_NAME = $1",
    "TABLE_TYPE = 'SYSTEM VERSIONED'"
);
const COLUMN: &str = count!("COLUMNS", "TABLE_SCHEMA", "TABLE_NAME = $1", "COLUMN_NAME = $2");
const INDEX: &str = count!("STATISTICS", "TABLE_SCHEMA", "TABLE_NAME = $1", "INDEX_NAME = $2");
const CONSTRAINT: &str = count!(
    "TABLE_CONSTRAINTS",
    "TABLE_SCHEMA",
    "TABLE_NAME = $1",
    "CONSTRAINT_NAME = $2"
);
const PARTITION: &str = count!("PARTITIONS", "TABLE_SCHEMA", "TABLE_NAME = $1", "PARTITION_NAME = $2");
const TRIGGER: &str = count!("TRIGGERS", "TRIGGER_SCHEMA", "TRIGGER_NAME = $1");
const PROCEDURE: &str = count!(
    "ROUTINES",
    "ROUTINE_SCHEMA",
    "ROUTINE_TYPE = 'PROCEDURE'",
    "ROUTINE_NAME = $1"
);
const FUNCTION: &str = count!(
    "ROUTINES",
    "ROUTINE_SCHEMA",
    "ROUTINE_TYPE = 'FUNCTION'",
    "ROUTINE_NAME = $1"
);
const EVENT: &str = count!("EVENTS", "EVENT_SCHEMA", "EVENT_NAME = $1");

/// Kinds of objects with names of their own, and the question about them.
const KINDS: [(&str, &str); 7] = [
    ("TABLE", TABLE),
    ("VIEW", TABLE),
    ("SEQUENCE", TABLE),
    ("TRIGGER", TRIGGER),
    ("PROCEDURE", PROCEDURE),
    ("FUNCTION", FUNCTION),
    ("EVENT", EVENT),
];

/// So many words are looked at. A name that comes again behind them is not seen: see [`of`].
const WORDS: usize = 4096;

/// The trace of a statement; `None` where it leaves none that is sure, as a change of a column, which may run twice, or
/// something that goes and comes back under its name.
pub(super) fn of(sql: &str) -> Option<Trace> {
    let words = first_words(sql, Lexis::MYSQL, WORDS);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // `SET STATEMENT name = value FOR …` does what stands behind it.
    let words = match words[..] {
        ["SET", "STATEMENT", ref rest @ ..] => {
            let before = rest.iter().position(|word| *word == "FOR")?;
            rest[before + 1..].to_vec()
        }
        _ => words,
    };
    let trace = match words[..] {
        ["CREATE" | "DROP", _, "IF", ..] | ["CREATE", "OR", ..] => None,
        ["CREATE", "TABLE", name, "(", ..] => trace(TABLE, &[name], true),
        ["CREATE", ref rest @ ..] => created(rest),
        ["DROP", "INDEX", name, "ON", table] => trace(INDEX, &[table, name], false),
        ["DROP", kind, name] => {
            let (_, question) = KINDS.iter().find(|(word, _)| *word == kind)?;
            trace(question, &[name], false)
        }
        ["RENAME", "TABLE", _, "TO", name] | ["ALTER", "TABLE", _, "RENAME", "TO", name] => trace(TABLE, &[name], true),
        ["ALTER", "TABLE", table, ref clause @ ..] => altered(table, clause),
        _ => None,
    }?;
    (trace.there || !comes_back(words.get(3..).unwrap_or_default(), &trace)).then_some(trace)
}

/// Whether the clauses of an `ALTER TABLE` name what goes once more.
fn comes_back(words: &[&str], trace: &Trace) -> bool {
    let name = trace.names.last().map(String::as_str).unwrap_or_default();
    words.iter().filter(|word| plain(word) == name).count() > 1
}

/// What a `CREATE` makes that is no table: `CREATE DEFINER = … SQL SECURITY … VIEW name`, `CREATE UNIQUE INDEX name ON table`.
fn created(words: &[&str]) -> Option<Trace> {
    let mut places = words.windows(2).take(16);
    places.find_map(|pair| match pair {
        ["INDEX", name] => {
            let on = words.iter().position(|word| *word == "ON")?;
            trace(INDEX, &[words.get(on + 1)?, name], true)
        }
        [kind, name] => {
            let (_, question) = KINDS[1..].iter().find(|(word, _)| word == kind)?;
            trace(question, &[name], true)
        }
        _ => None,
    })
}

fn altered(table: &str, clause: &[&str]) -> Option<Trace> {
    match clause {
        ["ADD", "COLUMN", name, ..] => trace(COLUMN, &[table, name], true),
        ["DROP", "COLUMN", name, ..] => trace(COLUMN, &[table, name], false),
        ["RENAME", "COLUMN", _, "TO", name, ..] | ["CHANGE", "COLUMN", _, name, ..] => {
            trace(COLUMN, &[table, name], true)
        }
        ["RENAME", "INDEX" | "KEY", _, "TO", name, ..] => trace(INDEX, &[table, name], true),
        ["ADD", "KEY" | "INDEX", name, ..] | ["ADD", "UNIQUE" | "FULLTEXT" | "SPATIAL", "KEY" | "INDEX", name, ..] => {
            trace(INDEX, &[table, name], true)
        }
        ["DROP", "KEY" | "INDEX", name, ..] => trace(INDEX, &[table, name], false),
        ["ADD", "PRIMARY", "KEY", ..] => trace(INDEX, &[table, "PRIMARY"], true),
        ["DROP", "PRIMARY", "KEY", ..] => trace(INDEX, &[table, "PRIMARY"], false),
        ["ADD", "CONSTRAINT", name, ..] => trace(CONSTRAINT, &[table, name], true),
        ["DROP", "FOREIGN", "KEY", name, ..] | ["DROP", "CONSTRAINT", name, ..] => {
            trace(CONSTRAINT, &[table, name], false)
        }
        ["ADD", "PARTITION", "(", "PARTITION", name, ..] => trace(PARTITION, &[table, name], true),
        ["DROP", "PARTITION", name, ..] => trace(PARTITION, &[table, name], false),
        ["ADD", "SYSTEM", "VERSIONING", ..] => trace(VERSIONED, &[table], true),
        ["DROP", "SYSTEM", "VERSIONING", ..] => trace(VERSIONED, &[table], false),
        _ => None,
    }
}

fn trace(question: &'static str, names: &[&str], there: bool) -> Option<Trace> {
    let names = names.iter().map(|name| plain(name)).collect();
    Some(Trace { question, names, there })
}

/// A name without its backticks. A bare one has come in upper case: what the catalog compares names by does not mind.
fn plain(name: &str) -> String {
    match name.strip_prefix('`').and_then(|name| name.strip_suffix('`')) {
        Some(name) => name.replace("``", "`"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{COLUMN, CONSTRAINT, EVENT, INDEX, PARTITION, PROCEDURE, TABLE, TRIGGER, Trace, VERSIONED, of};

    #[test]
    fn a_statement_is_known_by_what_it_leaves() {
        for (sql, question, names, there) in [
            ("CREATE TABLE `a``b` (\n `id` int)", TABLE, &["a`b"][..], true),
            ("DROP TABLE `t`", TABLE, &["t"], false),
            ("ALTER TABLE `a` RENAME TO `b`", TABLE, &["b"], true),
            (
                "ALTER TABLE `t`\n    ADD COLUMN `c` int,\n    DROP COLUMN `d`",
                COLUMN,
                &["t", "c"],
                true,
            ),
            ("ALTER TABLE `t` RENAME COLUMN `a` TO `to`", COLUMN, &["t", "to"], true),
            ("ALTER TABLE `t` ADD UNIQUE KEY `u` (`a`)", INDEX, &["t", "u"], true),
            ("ALTER TABLE `t` DROP FOREIGN KEY `f`", CONSTRAINT, &["t", "f"], false),
            (
                "SET STATEMENT foreign_key_checks = 0 FOR ALTER TABLE `t`\n    ADD CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `b` (`c`),\n    LOCK=NONE",
                CONSTRAINT,
                &["t", "f"],
                true,
            ),
            ("ALTER TABLE `t` DROP INDEX `i`", INDEX, &["t", "i"], false),
            ("ALTER TABLE `t` DROP PRIMARY KEY", INDEX, &["t", "PRIMARY"], false),
            (
                "ALTER TABLE `t` ADD PARTITION (PARTITION `p` VALUES IN (1))",
                PARTITION,
                &["t", "p"],
                true,
            ),
            ("ALTER TABLE `t` ADD SYSTEM VERSIONING", VERSIONED, &["t"], true),
            ("CREATE UNIQUE INDEX `i` ON `t` (`a`)", INDEX, &["t", "i"], true),
            ("DROP INDEX `i` ON `t`", INDEX, &["t", "i"], false),
            ("CREATE SEQUENCE `s` START WITH 5", TABLE, &["s"], true),
            ("CREATE SQL SECURITY INVOKER VIEW `v` AS SELECT 1", TABLE, &["v"], true),
            (
                "CREATE DEFINER = `a`@`b` TRIGGER `r` AFTER UPDATE ON `t` FOR EACH ROW SET @a = 1",
                TRIGGER,
                &["r"],
                true,
            ),
            ("CREATE PROCEDURE `p`() SELECT 1", PROCEDURE, &["p"], true),
            ("DROP EVENT `e`", EVENT, &["e"], false),
            ("DROP VIEW `v`", TABLE, &["v"], false),
        ] {
            let names = names.iter().map(ToString::to_string).collect();
            assert_eq!(of(sql), Some(Trace { question, names, there }), "{sql}");
        }
        // A key that goes and comes back under its name tells nothing, nor does what may run twice.
        for sql in [
            "ALTER TABLE `t` DROP INDEX `i`, ADD KEY `i` (`a`)",
            "ALTER TABLE `t` MODIFY COLUMN `a` int",
            "ALTER TABLE `t` DROP CONSTRAINT `c`, ADD CONSTRAINT `c` CHECK (`a` > 0)",
            "ALTER TABLE `t` DROP PRIMARY KEY, ADD PRIMARY KEY (`a`)",
            "CREATE OR REPLACE VIEW `v` AS SELECT 1",
            "DROP TABLE IF EXISTS `t`",
            "INSERT INTO `t` VALUES (1)",
            "CREATE TABLE IF NOT EXISTS `t` (`id` int)",
        ] {
            assert_eq!(of(sql), None, "{sql}");
        }
    }
}
