//! By what one sees that a statement of DDL has been carried out.

use crate::lex::{Kind, Lexis, tokens};

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

const TABLE: &str = "SELECT CAST(count(*) AS char) FROM information_schema.TABLES \
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = $1";
const COLUMN: &str = "SELECT CAST(count(*) AS char) FROM information_schema.COLUMNS \
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = $1 AND COLUMN_NAME = $2";
const INDEX: &str = "SELECT CAST(count(*) AS char) FROM information_schema.STATISTICS \
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = $1 AND INDEX_NAME = $2";
const CONSTRAINT: &str = "SELECT CAST(count(*) AS char) FROM information_schema.TABLE_CONSTRAINTS \
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = $1 AND CONSTRAINT_NAME = $2";

/// The trace of a statement; `None` where it leaves none that is sure, as a change of a column, which may run twice.
pub(super) fn of(sql: &str) -> Option<Trace> {
    let solid = tokens(sql, Lexis::MYSQL).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
    let words: Vec<String> = solid.map(|token| word(token.text)).take(16).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let trace = |question, names: &[&str], there| {
        let names = names
            .iter()
            .map(|name| name.trim_start_matches('`').to_owned())
            .collect();
        Some(Trace { question, names, there })
    };
    match words[..] {
        ["CREATE", "TABLE", name, "(", ..] => trace(TABLE, &[name], true),
        ["DROP", "TABLE", name] => trace(TABLE, &[name], false),
        ["ALTER", "TABLE", _, "RENAME", "TO", name] => trace(TABLE, &[name], true),
        ["ALTER", "TABLE", table, ref clause @ ..] => match clause {
            ["ADD", "COLUMN", name, ..] => trace(COLUMN, &[table, name], true),
            ["DROP", "COLUMN", name, ..] => trace(COLUMN, &[table, name], false),
            ["RENAME", "COLUMN", _, "TO", name, ..] => trace(COLUMN, &[table, name], true),
            ["RENAME", "INDEX", _, "TO", name, ..] => trace(INDEX, &[table, name], true),
            ["ADD", "KEY", name, ..] | ["ADD", "UNIQUE" | "FULLTEXT" | "SPATIAL", "KEY", name, ..] => {
                trace(INDEX, &[table, name], true)
            }
            ["ADD", "CONSTRAINT", name, ..] => trace(CONSTRAINT, &[table, name], true),
            ["DROP", "FOREIGN", "KEY", name, ..] => trace(CONSTRAINT, &[table, name], false),
            _ => None,
        },
        _ => None,
    }
}

/// A bare word in upper case, a quoted name as it is, behind a backtick that tells it from a word.
fn word(text: &str) -> String {
    match text.strip_prefix('`').and_then(|name| name.strip_suffix('`')) {
        Some(name) => format!("`{}", name.replace("``", "`")),
        None => text.to_ascii_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::{COLUMN, CONSTRAINT, INDEX, TABLE, Trace, of};

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
        ] {
            let names = names.iter().map(ToString::to_string).collect();
            assert_eq!(of(sql), Some(Trace { question, names, there }), "{sql}");
        }
        // A key that goes and comes back under its name tells nothing, nor does what may run twice.
        for sql in [
            "ALTER TABLE `t` DROP INDEX `i`, ADD KEY `i` (`a`)",
            "ALTER TABLE `t` MODIFY COLUMN `a` int",
            "ALTER TABLE `t` DROP CONSTRAINT `c`, ADD CONSTRAINT `c` CHECK (`a` > 0)",
            "INSERT INTO `t` VALUES (1)",
            "CREATE TABLE IF NOT EXISTS `t` (`id` int)",
        ] {
            assert_eq!(of(sql), None, "{sql}");
        }
    }
}
