//! Reading kickdb.toml and `[package.metadata.kickdb]`, with the place of every mistake.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use kickdb_core::decl::nearest;
use kickdb_core::lint::{self, Setting};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::key::{KEYS, Key, Kind, Origin, Settings, Value, from_text, quoted, wanted};
use crate::failure::{Diagnostic, Failure, Place};

/// What one file says.
#[derive(Debug, Default)]
pub(crate) struct Layer {
    pub(crate) settings: Settings,
    pub(crate) targets: BTreeMap<String, Settings>,
    /// The levels that `[lint]` gives to hazards.
    pub(crate) hazards: BTreeMap<String, Setting>,
}

/// A TOML file with what is needed to point into it.
pub(crate) struct TomlFile<'a> {
    pub(crate) path: &'a Path,
    pub(crate) shown: &'a str,
    pub(crate) text: &'a str,
}

impl<'a> TomlFile<'a> {
    /// Parses the file.
    pub(crate) fn parse(&self) -> Result<Spanned<DeTable<'a>>, Failure> {
        DeTable::parse(self.text).map_err(|error| {
            let diagnostic = Diagnostic::error(error.message().to_owned());
            let diagnostic = match error.span() {
                Some(span) => diagnostic.place(self.place(&span)),
                None => diagnostic,
            };
            Failure::new("config", format!("`{}` is not valid TOML", self.shown))
                .at(diagnostic)
                .help("correct the line above, then run the command again")
        })
    }

    /// Reads the keys of a table, and of its `target` tables.
    pub(crate) fn layer(&self, table: &DeTable<'_>, origin: &Origin) -> Result<Layer, Failure> {
        let mut layer = Layer::default();
        let mut wrong = Vec::new();
        for (name, value) in table {
            if name.get_ref() == "target" {
                self.targets(value, origin, &mut layer, &mut wrong);
            } else if name.get_ref() == "lint" {
                self.hazards(value, &mut layer, &mut wrong);
            } else {
                self.key(name, value, false, origin, &mut layer.settings, &mut wrong);
            }
        }
        if wrong.is_empty() {
            return Ok(layer);
        }
        Err(Failure {
            diagnostics: wrong,
            ..Failure::new("config", format!("`{}` cannot be used", self.shown))
                .help("correct the lines above; `cargo kickdb init --print` shows every key with its meaning")
        })
    }

    fn hazards(&self, value: &Spanned<DeValue<'_>>, layer: &mut Layer, wrong: &mut Vec<Diagnostic>) {
        let Some(table) = value.get_ref().as_table() else {
            let help = "write `[lint]`, and below for example `drop_column = \"warn\"`".to_owned();
            wrong.push(self.diagnostic("`lint` must be a table".to_owned(), &value.span(), help));
            return;
        };
        for (name, value) in table {
            let code: &str = name.get_ref();
            if lint::by_code(code).is_none() {
                let help = match nearest(code, lint::ALL.iter().map(|rule| rule.code)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "docs/hazards.md lists all of them".to_owned(),
                };
                wrong.push(self.diagnostic(format!("there is no hazard `{code}`"), &name.span(), help));
                continue;
            }
            match value.get_ref().as_str().and_then(Setting::parse) {
                Some(setting) => {
                    layer.hazards.insert(code.to_owned(), setting);
                }
                None => wrong.push(self.diagnostic(
                    format!("`{code}`: this is no level"),
                    &value.span(),
                    format!("a hazard is set to one of {}", quoted(Setting::WORDS)),
                )),
            }
        }
    }

    fn targets(&self, value: &Spanned<DeValue<'_>>, origin: &Origin, layer: &mut Layer, wrong: &mut Vec<Diagnostic>) {
        let entries = value.get_ref().as_table().into_iter().flatten();
        let mut found = false;
        for (name, target) in entries {
            found = true;
            let Some(keys) = target.get_ref().as_table() else {
                wrong.push(self.diagnostic(
                    format!("`target.{}` must be a table", name.get_ref()),
                    &name.span(),
                    format!("write `[target.{}]` and its keys below", name.get_ref()),
                ));
                continue;
            };
            let settings = layer.targets.entry(name.get_ref().to_string()).or_default();
            for (key, value) in keys {
                self.key(key, value, true, origin, settings, wrong);
            }
        }
        if !found {
            wrong.push(self.diagnostic(
                "`target` must hold named tables".to_owned(),
                &value.span(),
                "write for example `[target.sqlite]` with `dialect`, `url` and `migrations_dir` below".to_owned(),
            ));
        }
    }

    fn key(
        &self,
        name: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        in_target: bool,
        origin: &Origin,
        settings: &mut Settings,
        wrong: &mut Vec<Diagnostic>,
    ) {
        let word: &str = name.get_ref();
        let usable = |key: &&Key| key.per_target || !in_target;
        let Some(key) = KEYS.iter().filter(usable).find(|key| key.name == word) else {
            wrong.push(self.unknown(word, &name.span(), in_target));
            return;
        };
        match read(key, value.get_ref()) {
            Ok(value) => {
                settings.insert(key.name, (value, origin.clone()));
            }
            Err(message) => wrong.push(self.diagnostic(
                format!("`{}`: {message}", key.name),
                &value.span(),
                format!("`{}` takes {}", key.name, taken(key.kind)),
            )),
        }
    }

    fn unknown(&self, word: &str, span: &Range<usize>, in_target: bool) -> Diagnostic {
        let known: Vec<_> = KEYS
            .iter()
            .filter(|key| key.per_target || !in_target)
            .map(|key| key.name)
            .collect();
        let everywhere = KEYS.iter().any(|key| key.name == word);
        let help = match nearest(word, known.iter().copied()) {
            _ if everywhere => format!("`{word}` belongs to the whole project; move it above the `[target.…]` tables"),
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known keys: {}", quoted(&known)),
        };
        self.diagnostic(format!("unknown key `{word}`"), span, help)
    }

    fn diagnostic(&self, message: String, span: &Range<usize>, help: String) -> Diagnostic {
        Diagnostic::error(message).place(self.place(span)).help(help)
    }

    /// A byte range of the text as a place.
    fn place(&self, span: &Range<usize>) -> Place {
        let before = &self.text[..span.start.min(self.text.len())];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let within = self.text.get(span.clone()).unwrap_or("");
        Place {
            shown: self.shown.to_owned(),
            path: self.path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            width: within.lines().next().map_or(1, |line| line.chars().count()).max(1),
        }
    }
}

fn taken(kind: Kind) -> String {
    match kind {
        Kind::Choice(choices) => format!("one of {}", quoted(choices)),
        Kind::Dialect => {
            let known: Vec<_> = kickdb_core::dialect::ALL
                .iter()
                .map(|dialect| dialect.id().as_str())
                .collect();
            format!("one of {}", quoted(&known))
        }
        other => wanted(other).to_owned(),
    }
}

fn read(key: &Key, value: &DeValue<'_>) -> Result<Value, String> {
    let not = || {
        format!(
            "expected {}, found a value of type {}",
            wanted(key.kind),
            value.type_str()
        )
    };
    match (key.kind, value) {
        (Kind::Bool, DeValue::Boolean(value)) => Ok(Value::Bool(*value)),
        (Kind::List, DeValue::String(one)) => Ok(Value::List(vec![one.to_string()])),
        (Kind::List, DeValue::Array(items)) => items
            .iter()
            .map(|item| item.get_ref().as_str().map(str::to_owned).ok_or_else(not))
            .collect::<Result<_, _>>()
            .map(Value::List),
        (Kind::Bool, _) => Err(not()),
        (_, DeValue::String(text)) => from_text(key, text),
        _ => Err(not()),
    }
}
