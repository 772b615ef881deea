use crate::decl::RustType;
use crate::raise::rust_ident;

/// As wide as `rustfmt` lets a line become.
const WIDTH: usize = 100;

/// An attribute with arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attr {
    /// Its name.
    pub name: &'static str,
    /// Its arguments.
    pub args: Vec<String>,
}

impl Attr {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, args: Vec::new() }
    }

    pub(super) fn arg(&mut self, arg: impl Into<String>) {
        self.args.push(arg.into());
    }

    /// `key = "text"`.
    pub(super) fn text(&mut self, key: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.args.push(format!("{key} = {}", literal(text)));
        }
    }

    /// `key = word`, in quotes where it is none.
    pub(super) fn word(&mut self, key: &str, word: Option<&str>) {
        if let Some(word) = word {
            let word = if is_word(word) { word.to_owned() } else { literal(word) };
            self.args.push(format!("{key} = {word}"));
        }
    }

    /// `word`, where it holds.
    pub(super) fn flag(&mut self, word: &str, holds: bool) {
        if holds {
            self.args.push(word.to_owned());
        }
    }

    /// The attribute as it stands `indent` columns from the left, without the indent of its first line.
    #[must_use]
    pub fn render(&self, indent: usize) -> String {
        let line = format!("#[{}({})]", self.name, self.args.join(", "));
        if indent + line.chars().count() <= WIDTH || self.args.len() < 2 {
            return line;
        }
        let space = " ".repeat(indent);
        let args: String = self.args.iter().map(|arg| format!("{space}    {arg},\n")).collect();
        format!("#[{}(\n{args}{space})]", self.name)
    }
}

/// A text as a literal.
pub(super) fn literal(text: &str) -> String {
    format!("{text:?}")
}

fn is_word(text: &str) -> bool {
    rust_ident(text) == text
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !["crate", "self", "super", "Self"].contains(&text)
}

/// Options in parentheses: `options(word, other = "value")`.
pub(super) fn options<'a>(key: &str, options: impl IntoIterator<Item = (&'a String, &'a String)>) -> Option<String> {
    let options: Vec<String> = options
        .into_iter()
        .map(|(name, value)| {
            let name = if is_word(name) { name.clone() } else { literal(name) };
            if value.is_empty() {
                name
            } else {
                format!("{name} = {}", literal(value))
            }
        })
        .collect();
    (!options.is_empty()).then(|| format!("{key}({})", options.join(", ")))
}

/// A path as source spells it.
pub(super) fn path(segments: &[String]) -> String {
    let segments: Vec<String> = segments.iter().map(|segment| rust_ident(segment)).collect();
    segments.join("::")
}

/// A type as source spells it.
#[must_use]
pub fn rust_type(ty: &RustType) -> String {
    let args: Vec<String> = ty.args.iter().map(rust_type).collect();
    if args.is_empty() {
        path(&ty.path)
    } else {
        format!("{}<{}>", path(&ty.path), args.join(", "))
    }
}
