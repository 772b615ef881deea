//! SQLite's error as kickdb's, by the codes of <https://www.sqlite.org/rescode.html>.

use crate::error::{Error, Violation};

/// The result code with its extension; 0 where the error is rusqlite's own.
pub(super) fn code(error: &rusqlite::Error) -> i32 {
    error.sqlite_error().map_or(0, |error| error.extended_code)
}

/// What the engine says.
pub(super) fn message(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    }
}

pub(super) fn fault(sql: &str, error: rusqlite::Error) -> Error {
    let message = message(&error);
    match code(&error) {
        // UNIQUE, PRIMARYKEY, ROWID
        2067 | 1555 | 2579 => Error::UniqueViolation(constraint("unique", &message, error)),
        787 | 1811 => Error::ForeignKeyViolation(constraint("foreign key", &message, error)),
        1299 => Error::NotNullViolation(constraint("not null", &message, error)),
        275 => Error::CheckViolation(constraint("check", &message, error)),
        // BUSY_SNAPSHOT: another connection wrote after this transaction had read.
        517 => Error::SerializationFailure {
            source: Some(Box::new(error)),
        },
        code if code & 0xFF == 5 => Error::Query {
            message: format!("{message}: another connection kept writing for longer than this one waits"),
            sql: sql.to_owned(),
            source: Some(Box::new(error)),
        },
        _ => Error::Query {
            message,
            sql: sql.to_owned(),
            source: Some(Box::new(error)),
        },
    }
}

fn constraint(kind: &'static str, message: &str, error: rusqlite::Error) -> Box<Violation> {
    let mut violation = Violation::new(kind, message);
    let (_, object) = message.split_once(" constraint failed: ").unwrap_or_default();
    if kind == "check" || object.starts_with("index ") {
        let name = object.strip_prefix("index ").unwrap_or(object).trim_matches('\'');
        violation.constraint = (!name.is_empty()).then(|| name.to_owned());
    } else {
        for (table, column) in object.split(", ").filter_map(|column| column.split_once('.')) {
            violation.table = Some(table.to_owned());
            violation.columns.push(column.to_owned());
        }
    }
    violation.source = Some(Box::new(error));
    Box::new(violation)
}
