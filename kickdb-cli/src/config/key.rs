//! The keys of the configuration, the same in every layer.

use std::collections::BTreeMap;
use std::time::Duration;

use kickdb_core::dialect::ServerVersion;

use crate::args::duration;

/// What a key takes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Text,
    List,
    Bool,
    Duration,
    Choice(&'static [&'static str]),
    Dialect,
    /// The version of a server.
    Version,
}

/// A key, with what it takes.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Whether it may also stand in a `[target.<name>]` table.
    pub(crate) per_target: bool,
}

const fn key(name: &'static str, kind: Kind, per_target: bool) -> Key {
    Key { name, kind, per_target }
}

/// Every key.
pub(crate) const KEYS: &[Key] = &[
    key("dialect", Kind::Dialect, true),
    key("url", Kind::Text, true),
    key("shadow_url", Kind::Text, true),
    key("server_version", Kind::Version, true),
    key("migrations_dir", Kind::Text, true),
    key("source", Kind::List, false),
    key("drift_check", Kind::Choice(&["error", "warn", "ignore"]), true),
    key("require_reviewed", Kind::Bool, true),
    key("lock_timeout", Kind::Duration, true),
    key("statement_timeout", Kind::Duration, true),
    key("tracking_schema", Kind::Text, true),
];

/// A value of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    List(Vec<String>),
    Bool(bool),
    Duration(Duration),
}

impl Value {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Where a value was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `[package.metadata.kickdb]` in Cargo.toml.
    Manifest,
    /// kickdb.toml.
    File,
    /// A variable of the environment, or of a `.env` file.
    Env(String),
    /// A flag.
    Flag(&'static str),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Manifest => f.write_str("Cargo.toml"),
            Self::File => f.write_str("kickdb.toml"),
            Self::Env(name) => f.write_str(name),
            Self::Flag(name) => write!(f, "--{name}"),
        }
    }
}

/// What one layer says.
pub(crate) type Settings = BTreeMap<&'static str, (Value, Origin)>;

/// Lays a stronger layer over a weaker one.
pub(crate) fn overlay(weaker: &mut Settings, stronger: &Settings) {
    weaker.extend(stronger.iter().map(|(key, value)| (*key, value.clone())));
}

/// Reads a value that is written as plain text: a variable or a flag.
pub(crate) fn from_text(key: &Key, text: &str) -> Result<Value, String> {
    match key.kind {
        Kind::Text => Ok(Value::Text(text.to_owned())),
        Kind::List => Ok(Value::List(
            text.split(',')
                .map(|part| part.trim().to_owned())
                .filter(|part| !part.is_empty())
                .collect(),
        )),
        Kind::Bool => match text {
            "true" | "1" => Ok(Value::Bool(true)),
            "false" | "0" => Ok(Value::Bool(false)),
            _ => Err(format!("`{text}` is neither `true` nor `false`")),
        },
        Kind::Duration => duration(text).map(Value::Duration),
        Kind::Version if ServerVersion::parse(text).is_some() => Ok(Value::Text(text.to_owned())),
        Kind::Version => Err(format!("`{text}` is no version of a server")),
        Kind::Choice(choices) if choices.contains(&text) => Ok(Value::Text(text.to_owned())),
        Kind::Choice(choices) => Err(format!("`{text}` is not one of {}", quoted(choices))),
        Kind::Dialect if kickdb_core::dialect::by_name(text).is_some() => Ok(Value::Text(text.to_owned())),
        Kind::Dialect => {
            let known: Vec<_> = kickdb_core::dialect::ALL
                .iter()
                .map(|dialect| dialect.id().as_str())
                .collect();
            Err(format!("`{text}` is not one of {}", quoted(&known)))
        }
    }
}

/// What a key takes, in words.
pub(crate) fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Choice(_) | Kind::Dialect => "a text in quotes",
        Kind::List => "a list of texts, like `[\"src/lib.rs\"]`",
        Kind::Bool => "`true` or `false`",
        Kind::Version => "a version in quotes, like `\"15\"`",
        Kind::Duration => "a duration in quotes, like `\"5s\"`",
    }
}

/// Words in backticks, with commas.
pub(crate) fn quoted(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
