use std::fmt;

use serde::{Deserialize, Serialize};

/// A Rust type as it is written: a path and the types between its angle brackets.
///
/// ```
/// use kickdb_core::decl::RustType;
///
/// let ty: RustType = "Option<chrono::DateTime<Utc>>".parse()?;
/// assert_eq!(ty.name(), "Option");
/// assert_eq!(ty.args[0].path, ["chrono", "DateTime"]);
/// assert_eq!(ty.to_string(), "Option<chrono::DateTime<Utc>>");
/// # Ok::<(), kickdb_core::decl::RustTypeError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RustType {
    /// The segments of the path; never empty.
    pub path: Vec<String>,
    /// The type arguments of the last segment.
    pub args: Vec<RustType>,
}

impl RustType {
    /// The last segment of the path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// The inner type of `Option<T>`, else `None`.
    #[must_use]
    pub fn optional(&self) -> Option<&Self> {
        let is_std = match &self.path[..] {
            [_] => true,
            [first, middle, _] => matches!(first.as_str(), "std" | "core") && middle == "option",
            _ => false,
        };
        (is_std && self.name() == "Option" && self.args.len() == 1).then(|| &self.args[0])
    }
}

impl fmt::Display for RustType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path.join("::"))?;
        let mut open = '<';
        for arg in &self.args {
            write!(f, "{open}{}{arg}", if open == ',' { " " } else { "" })?;
            open = ',';
        }
        if open == ',' { f.write_str(">") } else { Ok(()) }
    }
}

impl From<RustType> for String {
    fn from(ty: RustType) -> Self {
        ty.to_string()
    }
}

impl TryFrom<String> for RustType {
    type Error = RustTypeError;

    fn try_from(text: String) -> Result<Self, RustTypeError> {
        text.parse()
    }
}

impl std::str::FromStr for RustType {
    type Err = RustTypeError;

    fn from_str(text: &str) -> Result<Self, RustTypeError> {
        let mut rest = text;
        let ty = parse(&mut rest).ok_or_else(|| RustTypeError(text.into()))?;
        if rest.trim().is_empty() {
            Ok(ty)
        } else {
            Err(RustTypeError(text.into()))
        }
    }
}

/// A text that is not a path with type arguments.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a type made of a path and type arguments")]
pub struct RustTypeError(String);

fn parse(rest: &mut &str) -> Option<RustType> {
    let end = rest.find(['<', ',', '>']).unwrap_or(rest.len());
    let (path, tail) = rest.split_at(end);
    let path: Vec<String> = path.split("::").map(|segment| segment.trim().to_owned()).collect();
    if path.iter().any(String::is_empty) {
        return None;
    }
    *rest = tail;
    let mut args = Vec::new();
    if let Some(tail) = rest.strip_prefix('<') {
        *rest = tail;
        loop {
            args.push(parse(rest)?);
            if let Some(tail) = rest.strip_prefix(',') {
                *rest = tail;
            } else {
                *rest = rest.strip_prefix('>')?.trim_start();
                break;
            }
        }
    }
    Some(RustType { path, args })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in ["i32", "Option<Vec<a::B>>", "Map<K, Option<V>>", "crate::m::T"] {
            assert_eq!(text.parse::<RustType>().unwrap().to_string(), text);
        }
        for text in ["", "A<", "A<B", "A>", "::A", "A<B>C"] {
            assert!(text.parse::<RustType>().is_err(), "{text}");
        }
    }
}
