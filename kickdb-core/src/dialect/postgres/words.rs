//! What PostgreSQL says when it refuses a statement, with what to do about it.

use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;

use super::Postgres;

/// The message, with its detail and a way out.
pub(super) fn told(connection: &Postgres, server: &dyn DatabaseError, sql: &str) -> String {
    let message = server.message();
    let Some(server) = server.try_downcast_ref::<PgDatabaseError>() else {
        return message.to_owned();
    };
    let detail = server.detail().map(|detail| detail.replace('\n', ", "));
    let with_detail = match &detail {
        Some(detail) => format!("{message}: {detail}"),
        None => message.to_owned(),
    };
    match server.code() {
        // dependent_objects_still_exist, and feature_not_supported for a column that a view names. The server's hint is CASCADE.
        "2BP01" => format!("{with_detail}; {DEPENDS}"),
        "0A000" if message.starts_with("cannot alter type of a column") => format!("{with_detail}; {DEPENDS}"),
        // read_only_sql_transaction
        "25006" => format!(
            "{with_detail}; this is a standby, or a database that is set to be read only: connect to the primary, or look at \
             `SHOW default_transaction_read_only`"
        ),
        // insufficient_privilege
        "42501" => match missing(message, sql, &connection.role) {
            Some(right) => format!("{with_detail}; {right}"),
            None => hinted(with_detail, server.hint()),
        },
        _ => hinted(with_detail, server.hint()),
    }
}

const DEPENDS: &str = "kickdb drops nothing that it did not make: drop what depends on it yourself and make it again afterwards, or declare it \
                       with `#[db_object]`, so that it makes room and comes back";

fn hinted(message: String, hint: Option<&str>) -> String {
    match hint {
        Some(hint) => format!("{message}; {hint}"),
        None => message,
    }
}

/// The statement that gives the right which a statement lacks, from the words of `aclcheck_error`.
fn missing(message: &str, sql: &str, role: &str) -> Option<String> {
    let verb = sql.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    if let Some(what) = message.strip_prefix("must be owner of ") {
        return Some(format!(
            "only the owner may do that: connect as the owner of {what}, or GRANT the owner's role TO {role}"
        ));
    }
    let (kind, name) = KINDS.iter().find_map(|(words, kind)| {
        let name = message.strip_prefix("permission denied for ")?.strip_prefix(words)?;
        Some((*kind, name.strip_prefix(' ')?))
    })?;
    if kind == "TABLE" && name.starts_with("kick_") {
        return Some(format!(
            "the role needs all of the bookkeeping: GRANT SELECT, INSERT, UPDATE, DELETE ON {BOOKKEEPING} TO {role}"
        ));
    }
    let reads = matches!(verb.as_str(), "SELECT" | "WITH" | "DO");
    let right = match kind {
        "SCHEMA" if reads => "USAGE",
        "SCHEMA" => "USAGE, CREATE",
        "DATABASE" => "CREATE",
        "TABLE" => match verb.as_str() {
            verb @ ("INSERT" | "UPDATE" | "DELETE" | "TRUNCATE") => verb,
            "ALTER" if message.contains("table") && sql.contains("REFERENCES") => "REFERENCES",
            _ => "SELECT",
        },
        "SEQUENCE" => "USAGE, SELECT",
        "ROUTINE" => "EXECUTE",
        _ => "USAGE",
    };
    Some(format!("GRANT {right} ON {kind} {name} TO {role}"))
}

const BOOKKEEPING: &str = "kick_migrations, kick_migrations_lock, kick_operations, kick_lease, kick_progress";

/// How the server calls a kind of object, and how `GRANT` does.
const KINDS: &[(&str, &str)] = &[
    ("schema", "SCHEMA"),
    ("database", "DATABASE"),
    ("table", "TABLE"),
    ("view", "TABLE"),
    ("materialized view", "TABLE"),
    ("foreign table", "TABLE"),
    ("sequence", "SEQUENCE"),
    ("function", "ROUTINE"),
    ("procedure", "ROUTINE"),
    ("aggregate", "ROUTINE"),
    ("type", "TYPE"),
    ("language", "LANGUAGE"),
    ("foreign server", "FOREIGN SERVER"),
    ("foreign-data wrapper", "FOREIGN DATA WRAPPER"),
];

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn the_missing_right_is_named() {
        let right = |message, sql| missing(message, sql, "app").unwrap_or_default();
        for (message, sql, wanted) in [
            (
                "permission denied for schema s",
                "SELECT 1 FROM s.t",
                "GRANT USAGE ON SCHEMA s TO app",
            ),
            (
                "permission denied for schema s",
                "CREATE TABLE s.t ()",
                "GRANT USAGE, CREATE ON SCHEMA s TO app",
            ),
            (
                "permission denied for table pg_proc",
                "WITH x AS (SELECT 1) SELECT 1",
                "GRANT SELECT ON TABLE pg_proc TO app",
            ),
            (
                "permission denied for materialized view m",
                "SELECT 1 FROM m",
                "GRANT SELECT ON TABLE m TO app",
            ),
            (
                "permission denied for table t",
                "INSERT INTO t VALUES (1)",
                "GRANT INSERT ON TABLE t TO app",
            ),
            (
                "permission denied for function f",
                "SELECT f()",
                "GRANT EXECUTE ON ROUTINE f TO app",
            ),
        ] {
            assert_eq!(right(message, sql), wanted);
        }
        assert!(right("must be owner of table t", "ALTER TABLE t ADD a int").contains("owner of table t"));
        assert_eq!(missing("must be superuser", "CREATE EXTENSION x", "app"), None);
    }
}
