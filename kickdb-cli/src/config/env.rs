//! The environment, with what a `.env` file adds to it.

use std::collections::BTreeMap;
use std::path::Path;

use super::key::{KEYS, Origin, Settings, Value, from_text};
use crate::failure::Failure;

/// Variables of the process, and below them those of the nearest `.env` file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Env {
    from_file: BTreeMap<String, String>,
}

impl Env {
    /// Reads the `.env` of the project, or of the nearest folder above that has one.
    pub(crate) fn read(root: &Path) -> Result<Self, Failure> {
        let Some(path) = root
            .ancestors()
            .map(|folder| folder.join(".env"))
            .find(|path| path.is_file())
        else {
            return Ok(Self::default());
        };
        let wrong = |error: dotenvy::Error| {
            // The error's text holds the line, and a line of this file may hold a password.
            let what = match error {
                dotenvy::Error::LineParse(_, column) => format!("a line cannot be read (at its character {column})"),
                other => other.to_string(),
            };
            Failure::new("config", format!("`.env`: {what}"))
                .help("write one `NAME=value` per line, the value in quotes where it has spaces")
        };
        let entries = dotenvy::from_path_iter(&path).map_err(wrong)?;
        let from_file = entries.collect::<Result<_, _>>().map_err(wrong)?;
        Ok(Self { from_file })
    }

    /// A variable; the process's own environment wins over the file.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        std::env::var(name)
            .ok()
            .or_else(|| self.from_file.get(name).cloned())
            .filter(|value| !value.is_empty())
    }

    /// The layer of settings: `KICKDB_<KEY>`, and `DATABASE_URL` below `KICKDB_URL`.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = Settings::new();
        if let Some(url) = self.get("DATABASE_URL") {
            settings.insert("url", (Value::Text(url), Origin::Env("DATABASE_URL".to_owned())));
        }
        for key in KEYS {
            let name = format!("KICKDB_{}", key.name.to_uppercase());
            if let Some(text) = self.get(&name) {
                let value = from_text(key, &text).map_err(|message| {
                    Failure::usage("config", format!("the variable {name} cannot be used: {message}"))
                        .help(format!("correct {name}, or unset it"))
                })?;
                settings.insert(key.name, (value, Origin::Env(name)));
            }
        }
        Ok(settings)
    }

    /// Puts variables in the place of `${NAME}`.
    pub(crate) fn expand(&self, text: &str) -> Result<String, Failure> {
        let mut expanded = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').ok_or_else(|| {
                Failure::usage("config", "a `${` in a database URL is not closed by `}`").help("write `${NAME}`")
            })?;
            let value = self.get(name).ok_or_else(|| {
                Failure::usage(
                    "config",
                    format!("the configured database URL uses ${{{name}}}, which is not set"),
                )
                .help(format!("set {name} in the environment or in `.env`, or give `--url`"))
            })?;
            expanded.push_str(before);
            expanded.push_str(&value);
            rest = after;
        }
        expanded.push_str(rest);
        Ok(expanded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_put_in_place_and_a_missing_one_is_named() {
        let env = Env {
            from_file: BTreeMap::from([("KICKDB_T_HOST".to_owned(), "db".to_owned())]),
        };
        assert_eq!(env.expand("postgres://${KICKDB_T_HOST}/x").unwrap(), "postgres://db/x");
        assert!(
            env.expand("${KICKDB_T_NONE}")
                .unwrap_err()
                .message
                .contains("KICKDB_T_NONE")
        );
        assert!(env.expand("${KICKDB_T_HOST").is_err());
    }
}
