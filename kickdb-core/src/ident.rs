//! Names as databases know them: bare, unquoted, compared byte for byte.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A bare SQL identifier: unquoted, never empty, without a NUL byte.
///
/// Quoting is the business of a dialect, so a name may hold any other character.
///
/// ```
/// use kickdb_core::ident::Name;
///
/// assert_eq!(Name::new("tasks")?.as_str(), "tasks");
/// assert!(Name::new("").is_err());
/// # Ok::<(), kickdb_core::ident::NameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(
    // Shared: planning copies schemas again and again, and most of what it copies is names.
    Arc<str>,
);

impl Name {
    /// Takes a text as a name.
    ///
    /// # Errors
    ///
    /// When the text is empty or holds a NUL byte, which no engine accepts in an identifier.
    pub fn new(text: impl Into<Arc<str>>) -> Result<Self, NameError> {
        let text = text.into();
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if text.contains('\0') {
            return Err(NameError::Nul(text.replace('\0', "\\0")));
        }
        Ok(Self(text))
    }

    /// The name's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl TryFrom<String> for Name {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        Self::new(text)
    }
}

impl TryFrom<&str> for Name {
    type Error = NameError;

    fn try_from(text: &str) -> Result<Self, NameError> {
        Self::new(text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.as_str().to_owned()
    }
}

/// Why a text is not a [`Name`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// The text is empty.
    #[error("a name cannot be empty")]
    Empty,
    /// The text holds a NUL byte.
    #[error("the name `{0}` holds a NUL byte, which no database accepts")]
    Nul(String),
}

/// The name of a table or a type, with its schema where that is not the connection's default.
///
/// ```
/// use kickdb_core::ident::{Name, Qualified};
///
/// let tasks = Qualified::local(Name::new("tasks")?);
/// assert_eq!(tasks.to_string(), "tasks");
/// # Ok::<(), kickdb_core::ident::NameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Qualified {
    /// The schema; `None` is the connection's default one.
    pub schema: Option<Name>,
    /// The name inside the schema.
    pub name: Name,
}

impl Qualified {
    /// A name in the connection's default schema.
    #[must_use]
    pub fn local(name: Name) -> Self {
        Self { schema: None, name }
    }

    /// A name in the same schema as this one.
    #[must_use]
    pub fn sibling(&self, name: Name) -> Self {
        Self {
            schema: self.schema.clone(),
            name,
        }
    }
}

impl fmt::Display for Qualified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => self.name.fmt(f),
        }
    }
}
