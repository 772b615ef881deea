//! Words of the engines' command-line clients, which no server knows. They get into migrations with pasted dumps and sessions.

use super::script::Planned;
use crate::error::{Error, Result};

/// Refuses migrations with statements that only a client can carry out.
///
/// # Errors
///
/// At the first of them, with what it is and what to write in its place.
pub(super) fn refuse(planned: &[Planned], folder: &str) -> Result<()> {
    for one in planned {
        for statement in one.statements.iter().skip(one.done) {
            if let Some((what, instead)) = client_word(&statement.sql) {
                let shown = statement.sql.lines().next().unwrap_or_default();
                let shown: String = shown.chars().take(60).collect();
                return Err(Error::folder(
                    format!("{folder}/{}/{}", one.id, one.direction.file()),
                    format!(
                        "line {}: `{shown}` is {what}, which the server does not know; {instead}. Nothing was run",
                        statement.line
                    ),
                ));
            }
        }
    }
    Ok(())
}

/// What a statement is where it is for a client, and what to do about it.
fn client_word(sql: &str) -> Option<(&'static str, &'static str)> {
    let mut words = sql
        .split(|c: char| c.is_whitespace() || c == ';')
        .filter(|word| !word.is_empty());
    let first = words.next()?;
    if first.starts_with('\\') {
        return Some(("a command of psql", "write the SQL that it stands for, or leave it out"));
    }
    if first.len() > 1 && first.starts_with('.') && first[1..].chars().all(|c| c.is_ascii_lowercase()) {
        return Some((
            "a command of the sqlite3 shell",
            "write the SQL that it stands for, or leave it out",
        ));
    }
    let is = |word: &str| first.eq_ignore_ascii_case(word);
    if is("delimiter") {
        return Some((
            "a command of the mysql client",
            "leave it out: bodies of functions and triggers are recognized without it",
        ));
    }
    if is("source") {
        return Some(("a command of the mysql client", "put the file's text in its place"));
    }
    if is("go") && words.next().is_none() {
        return Some((
            "a word of SQL Server's clients",
            "leave it out: a statement ends with `;`",
        ));
    }
    if is("copy") {
        let head: Vec<String> = sql
            .lines()
            .next()?
            .split_whitespace()
            .map(str::to_ascii_lowercase)
            .collect();
        let from_stdin = head
            .windows(2)
            .any(|pair| pair[0] == "from" && pair[1].trim_end_matches(';') == "stdin");
        return from_stdin.then_some((
            "a COPY whose rows the client sends",
            "write the rows as INSERT (`pg_dump --inserts` does), or load them by a program",
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::client_word;

    #[test]
    fn only_what_a_client_does_is_refused() {
        for sql in [
            "\\connect app",
            "\\.",
            ".tables",
            "DELIMITER //",
            "source other.sql",
            "GO",
            "COPY public.tasks (id, title) FROM stdin",
            "copy tasks from STDIN",
        ] {
            assert!(client_word(sql).is_some(), "{sql}");
        }
        for sql in [
            "SELECT '\\d'",
            "COPY tasks FROM '/srv/tasks.csv'",
            "CREATE TABLE go (id integer)",
            "GRANT SELECT ON go TO a",
            "UPDATE source SET delimiter = 1",
            "-- \\d\nSELECT 1",
        ] {
            assert!(client_word(sql).is_none(), "{sql}");
        }
    }
}
