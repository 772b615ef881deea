//! Servers of several versions: what the newer ones have, and what an older one says in other words.

use std::fmt;

use super::{Dialect, Refusal};
use crate::ident::{Name, Qualified};
use crate::ir::Schema;

/// The version of a server, as it tells it: `17.5`, `15.8 (Debian 15.8-0+deb12u1)`, `10.11.6-MariaDB`. A setting may leave
/// out what does not matter: `17`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVersion {
    text: String,
    numbers: (u32, u32),
}

impl ServerVersion {
    /// Reads a version; `None` where the text does not start with a number.
    ///
    /// ```
    /// use kickdb_core::dialect::ServerVersion;
    ///
    /// let version = ServerVersion::parse("10.11.6-MariaDB").expect("it starts with a number");
    /// assert!(version.is_at_least((10, 5)) && !version.is_at_least((11, 0)));
    /// assert!(ServerVersion::parse("new").is_none());
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
        let major = digits(text);
        let minor = text[major.len()..].strip_prefix('.').map(digits).unwrap_or_default();
        Some(Self {
            numbers: (major.parse().ok()?, minor.parse().unwrap_or(0)),
            text: text.to_owned(),
        })
    }

    /// Whether it is this one (major, minor) or a newer one.
    #[must_use]
    pub fn is_at_least(&self, numbers: (u32, u32)) -> bool {
        self.numbers >= numbers
    }

    /// Whether both are of one release, whatever their patches: servers that say the same thing in the same words.
    ///
    /// ```
    /// # use kickdb_core::dialect::ServerVersion;
    /// # let parse = |text| ServerVersion::parse(text).expect("it starts with a number");
    /// assert!(parse("15.8").is_of_release(&parse("15.3")));
    /// assert!(!parse("15.8").is_of_release(&parse("16.0")));
    /// ```
    #[must_use]
    pub fn is_of_release(&self, other: &Self) -> bool {
        self.numbers.0 == other.numbers.0
    }

    /// All that the server says about its version.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text.split_whitespace().next().unwrap_or_default())
    }
}

/// Something that not every supported server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// What it is, as the documentation lists it.
    pub what: &'static str,
    /// The first version (major, minor) that has it.
    pub since: (u32, u32),
}

fn shown((major, minor): (u32, u32)) -> String {
    match minor {
        0 => major.to_string(),
        _ => format!("{major}.{minor}"),
    }
}

/// A place in a schema that needs a newer server than the oldest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needed {
    /// What is needed.
    pub need: &'static Need,
    /// The table, type or object that needs it.
    pub object: Qualified,
    /// The column, index or constraint in it.
    pub part: Option<Name>,
}

/// What servers of different versions have, and how they say it.
pub trait Versions {
    /// The oldest server (major, minor) that everything else here works on, where that is known.
    fn oldest(&self) -> Option<(u32, u32)> {
        None
    }

    /// What only newer servers than the oldest have.
    fn needs(&self) -> &'static [Need] {
        &[]
    }

    /// Where a schema in normal form needs a newer server than the oldest.
    fn needed(&self, schema: &Schema) -> Vec<Needed> {
        let _ = schema;
        Vec::new()
    }

    /// Where a server must be newer than the oldest to bring one schema to another, though it can have both.
    fn needed_between(&self, from: &Schema, to: &Schema) -> Vec<Needed> {
        let _ = (from, to);
        Vec::new()
    }

    /// Brings a schema in normal form into the words of a server of this version, where an older one says the same thing
    /// differently. What is compared with its catalog goes through this, and so does the catalog.
    fn as_told_by(&self, schema: &mut Schema, version: &ServerVersion) {
        let _ = (schema, version);
    }
}

/// What a server of this version cannot have of a schema in normal form.
#[must_use]
pub fn too_new(schema: &Schema, dialect: &dyn Dialect, version: &ServerVersion) -> Vec<Refusal> {
    let title = dialect.title();
    if let Some(oldest) = dialect.oldest()
        && !version.is_at_least(oldest)
    {
        return vec![Refusal {
            object: None,
            part: None,
            message: format!(
                "the server is {title} {version}, and the oldest that kickdb knows is {}",
                shown(oldest)
            ),
            help: Some("use a newer server".to_owned()),
        }];
    }
    refused(dialect.needed(schema), dialect, version)
}

/// What a server of this version cannot do on the way from one schema to another.
#[must_use]
pub fn too_new_between(from: &Schema, to: &Schema, dialect: &dyn Dialect, version: &ServerVersion) -> Vec<Refusal> {
    refused(dialect.needed_between(from, to), dialect, version)
}

fn refused(needed: Vec<Needed>, dialect: &dyn Dialect, version: &ServerVersion) -> Vec<Refusal> {
    let title = dialect.title();
    let missing = needed.into_iter();
    missing
        .filter(|needed| !version.is_at_least(needed.need.since))
        .map(|Needed { need, object, part }| Refusal {
            object: Some(object),
            part,
            message: format!(
                "only {title} {} and newer have {}; the server is {version}",
                shown(need.since),
                need.what
            ),
            help: None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::ServerVersion;

    #[test]
    fn a_version_is_read_as_servers_tell_it() {
        for (text, numbers, shown) in [
            ("15.8 (Debian 15.8-0+deb12u1)", (15, 8), "15.8"),
            ("18beta1", (18, 0), "18beta1"),
            ("17", (17, 0), "17"),
            ("10.11.6-MariaDB-0+deb12u1", (10, 11), "10.11.6-MariaDB-0+deb12u1"),
            ("8.0.36", (8, 0), "8.0.36"),
        ] {
            let version = ServerVersion::parse(text).expect("it starts with a number");
            assert_eq!((version.numbers, version.to_string().as_str()), (numbers, shown));
        }
        assert_eq!(ServerVersion::parse("MariaDB 10"), None);
    }
}
