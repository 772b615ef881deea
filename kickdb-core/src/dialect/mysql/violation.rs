//! Which constraint was broken: the server names it in its message, and the catalog the columns of a key.

use super::Mysql;
use crate::dialect::Dialect as _;
use crate::error::Violation;
use crate::lex::{Kind, tokens};

/// The columns of a key, in order: its table and its name are bound.
pub(in crate::dialect) const KEY_COLUMNS: &str = "SELECT CAST(COLUMN_NAME AS char) FROM information_schema.STATISTICS \
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND INDEX_NAME = ? AND COLUMN_NAME IS NOT NULL ORDER BY SEQ_IN_INDEX";

/// What kind of constraint the error of this number is about, see
/// <https://mariadb.com/kb/en/mariadb-error-code-reference/>.
pub(in crate::dialect) fn kind(number: u16) -> Option<&'static str> {
    match number {
        // ER_DUP_ENTRY, ER_DUP_ENTRY_WITH_KEY_NAME
        1062 | 1586 => Some("unique"),
        // ER_NO_REFERENCED_ROW, ER_ROW_IS_REFERENCED and their newer forms with the constraint's name
        1216 | 1217 | 1451 | 1452 => Some("foreign key"),
        // ER_BAD_NULL_ERROR, ER_NO_DEFAULT_FOR_FIELD
        1048 | 1364 => Some("not null"),
        // ER_CONSTRAINT_FAILED of MariaDB, ER_CHECK_CONSTRAINT_VIOLATED of MySQL
        4025 | 3819 => Some("check"),
        _ => None,
    }
}

/// Reads the server's message about a statement of ours.
pub(in crate::dialect) fn read(kind: &'static str, message: &str, sql: &str) -> Violation {
    let mut violation = Violation::new(kind, message);
    let names = quoted(message);
    match kind {
        "unique" => {
            // "Duplicate entry 'x' for key 'name'"; the value may hold anything, so the key is what stands last. MySQL from
            // 8.0.19 on puts the table before it.
            let key = message.trim_end_matches('\'').rsplit_once("for key '");
            let key = key.map_or("", |(_, key)| key);
            let (table, key) = match key.split_once('.') {
                Some((table, key)) => (Some(table.to_owned()), key),
                None => (None, key),
            };
            violation.constraint = (!key.is_empty()).then(|| key.to_owned());
            violation.table = table.or_else(|| written_table(sql));
        }
        // "… (`db`.`tasks`, CONSTRAINT `name` FOREIGN KEY (`a`, `b`) REFERENCES `projects` (`a`, `b`))"
        "foreign key" => {
            let columns = message
                .split_once("FOREIGN KEY (")
                .and_then(|(_, rest)| rest.split_once(')'))
                .map(|(columns, _)| quoted(columns));
            if let Some(columns) = columns {
                violation.table = names.get(1).cloned();
                violation.constraint = names.get(2).cloned();
                violation.columns = columns;
            }
        }
        // "Column 'x' cannot be null", "Field 'x' doesn't have a default value"
        "not null" => {
            violation.table = written_table(sql);
            violation.columns = message.split('\'').nth(1).map(str::to_owned).into_iter().collect();
        }
        // "CONSTRAINT `name` failed for `db`.`table`", "Check constraint 'name' is violated."
        _ => {
            violation.constraint = names
                .first()
                .cloned()
                .or_else(|| message.split('\'').nth(1).map(str::to_owned));
            violation.table = names.get(2).cloned().or_else(|| written_table(sql));
        }
    }
    violation
}

/// The names in backticks.
fn quoted(message: &str) -> Vec<String> {
    let mut names = Vec::new();
    for token in tokens(message, Mysql.lexis()) {
        if token.text.starts_with('`') && token.text.len() > 1 && token.kind == Kind::Quoted {
            names.push(token.text[1..token.text.len() - 1].replace("``", "`"));
        }
    }
    names
}

/// The table that a statement of ours writes: the first name in it.
fn written_table(sql: &str) -> Option<String> {
    let start = sql.find('`')?;
    quoted(&sql[start..]).into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_messages_are_read() {
        let unique = read(
            "unique",
            "Duplicate entry 'it's for key '-1' for key 'tasks_key'",
            "INSERT INTO `ta``sks` (`a`) VALUES (?)",
        );
        assert_eq!(unique.constraint.as_deref(), Some("tasks_key"));
        assert_eq!(unique.table.as_deref(), Some("ta`sks"));
        let newer = read("unique", "Duplicate entry '1' for key 'tasks.PRIMARY'", "");
        assert_eq!(
            (newer.table.as_deref(), newer.constraint.as_deref()),
            (Some("tasks"), Some("PRIMARY"))
        );
        let foreign = read(
            "foreign key",
            "Cannot delete or update a parent row: a foreign key constraint fails (`app`.`tasks`, CONSTRAINT `tasks_fk` \
             FOREIGN KEY (`a`, `b`) REFERENCES `projects` (`x`, `y`))",
            "DELETE FROM `projects`",
        );
        assert_eq!(foreign.table.as_deref(), Some("tasks"));
        assert_eq!(foreign.constraint.as_deref(), Some("tasks_fk"));
        assert_eq!(foreign.columns, ["a", "b"]);
        let check = read("check", "CONSTRAINT `positive` failed for `app`.`tasks`", "");
        assert_eq!(
            (check.table.as_deref(), check.constraint.as_deref()),
            (Some("tasks"), Some("positive"))
        );
        let check = read(
            "check",
            "Check constraint 'positive' is violated.",
            "UPDATE `tasks` SET `a` = ?",
        );
        assert_eq!(
            (check.table.as_deref(), check.constraint.as_deref()),
            (Some("tasks"), Some("positive"))
        );
        let null = read(
            "not null",
            "Field 'extra' doesn't have a default value",
            "INSERT INTO `label` () VALUES ()",
        );
        assert_eq!(
            (null.table.as_deref(), &null.columns[..]),
            (Some("label"), &["extra".to_owned()][..])
        );
    }
}
