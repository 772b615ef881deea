//! Database URLs: without their passwords, of another database, of an engine that nobody knows.

use crate::dialect::ALL;
use crate::error::Error;

/// A database URL without its password.
///
/// ```
/// use kickdb_core::dialect::live::redact;
///
/// assert_eq!(redact("postgres://ada:secret@db.example/app"), "postgres://ada:***@db.example/app");
/// assert_eq!(redact("sqlite://app.db"), "sqlite://app.db");
/// ```
#[must_use]
pub fn redact(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return redact_query(url);
    };
    // A password may hold any character when it was pasted without escapes, so the last `@` before a query ends it.
    let (place, query) = match rest.split_once('?') {
        Some((place, query)) if !query.contains('@') => (place, Some(query)),
        _ => (rest, None),
    };
    let place = match place.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((user, _)) => format!("{user}:***@{host}"),
            None => format!("{user}@{host}"),
        },
        None => place.to_owned(),
    };
    match query {
        Some(query) => redact_query(&format!("{scheme}://{place}?{query}")),
        None => redact_query(&format!("{scheme}://{place}")),
    }
}

/// Hides the values of parameters that are called after a password.
fn redact_query(url: &str) -> String {
    let Some((place, query)) = url.split_once('?') else {
        return url.to_owned();
    };
    let shown: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, _)) if key.to_ascii_lowercase().contains("pass") => format!("{key}=***"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{place}?{}", shown.join("&"))
}

fn unknown_scheme(url: &str) -> String {
    let known: Vec<String> = ALL
        .iter()
        .filter_map(|dialect| dialect.url_schemes().first())
        .map(|scheme| format!("`{scheme}:`"))
        .collect();
    let given = match url.split_once(':') {
        Some((scheme, _)) => format!("`{scheme}:` is no engine that kickdb knows"),
        None => "this is not a database URL".to_owned(),
    };
    format!("{given}; a URL starts with one of {}", known.join(", "))
}

/// The error of a URL whose scheme names no engine.
pub(in crate::dialect) fn unknown(url: &str) -> Error {
    failed(url, unknown_scheme(url))
}

/// The URL of another database on the same server.
///
/// ```
/// use kickdb_core::dialect::live::in_database;
///
/// assert_eq!(in_database("postgres://ada@h:5432/app?sslmode=require", "other"), "postgres://ada@h:5432/other?sslmode=require");
/// assert_eq!(in_database("mysql://h", "other"), "mysql://h/other");
/// ```
#[must_use]
pub fn in_database(url: &str, name: &str) -> String {
    let (rest, query) = match url.split_once('?') {
        Some((rest, query)) => (rest, Some(query)),
        None => (url, None),
    };
    let start = rest.find("://").map_or(0, |at| at + "://".len());
    let end = rest[start..].rfind('/').map_or(rest.len(), |at| start + at);
    // The database may be named among the parameters as well.
    let kept = query.iter().flat_map(|query| query.split('&'));
    let kept = kept
        .filter(|pair| !pair.starts_with("dbname="))
        .collect::<Vec<_>>()
        .join("&");
    let mark = if kept.is_empty() { "" } else { "?" };
    format!("{}/{name}{mark}{kept}", &rest[..end])
}

pub(super) fn failed(url: &str, message: impl Into<String>) -> Error {
    Error::Connection {
        target: redact(url),
        message: message.into(),
        source: None,
    }
}
