use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Object, Renames};

/// Something that is gone where something of its kind is new: renamed, or dropped and added?
///
/// Answered with [`Renames::answer`], or on the command line with the flags that each reading names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is gone.
    pub dropped: Object,
    /// What it could be called now, the likeliest first.
    pub candidates: Vec<Object>,
}

/// One way to read a [`Question`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It is this candidate now.
    Renamed(Object),
    /// It really goes, with all that is in it.
    Dropped,
}

impl Question {
    /// Both ways to read it: a rename to each candidate, then the drop.
    pub fn readings(&self) -> impl Iterator<Item = Reading> {
        let renamed = self.candidates.iter().cloned().map(Reading::Renamed);
        renamed.chain([Reading::Dropped])
    }

    /// The flag that answers it with that reading: `--rename tasks.removed_at=deleted_at`, `--allow-drop tasks.removed_at`.
    ///
    /// Quoted for a shell where it must be.
    #[must_use]
    pub fn flag(&self, reading: &Reading) -> String {
        match reading {
            Reading::Renamed(new) => format!("--rename {}", shell(&format!("{}={}", self.dropped, new.last()))),
            Reading::Dropped => format!("--allow-drop {}", shell(&self.dropped.to_string())),
        }
    }
}

impl Renames {
    /// Adds the answer to a question.
    pub fn answer(&mut self, question: &Question, reading: Reading) {
        match (question.dropped.clone(), reading) {
            (Object::Table(old), Reading::Renamed(Object::Table(new))) => {
                self.tables.insert(old, new);
            }
            (Object::Enum(old), Reading::Renamed(Object::Enum(new))) => {
                self.enums.insert(old, new);
            }
            (Object::Column(of, old), Reading::Renamed(Object::Column(_, new)))
            | (Object::Attribute(of, old), Reading::Renamed(Object::Attribute(_, new))) => {
                self.columns.insert((of, old), new);
            }
            (Object::Value(name, old), Reading::Renamed(Object::Value(_, new))) => {
                self.values.insert((name, old), new);
            }
            (dropped, _) => {
                self.dropped.insert(dropped);
            }
        }
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.dropped.kind();
        write!(
            f,
            "the {kind} `{}` is gone. Was it renamed, or does it really go?",
            self.dropped
        )?;
        for reading in self.readings() {
            match &reading {
                Reading::Renamed(new) => write!(f, "\n  renamed to `{}`: ", new.last())?,
                Reading::Dropped => write!(f, "\n  dropped, with its data: ")?,
            }
            f.write_str(&self.flag(&reading))?;
        }
        Ok(())
    }
}

/// `{ "kind", "dropped", "renamed": [{ "to", "flag" }], "drop": { "flag" } }`, for a program that answers.
impl Serialize for Question {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct Renamed {
            to: String,
            flag: String,
        }
        #[derive(serde::Serialize)]
        struct Dropped {
            flag: String,
        }
        let renamed = self.candidates.iter().map(|candidate| Renamed {
            to: candidate.last(),
            flag: self.flag(&Reading::Renamed(candidate.clone())),
        });
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("kind", self.dropped.kind())?;
        map.serialize_entry("dropped", &self.dropped.to_string())?;
        map.serialize_entry("renamed", &renamed.collect::<Vec<_>>())?;
        map.serialize_entry(
            "drop",
            &Dropped {
                flag: self.flag(&Reading::Dropped),
            },
        )?;
        map.end()
    }
}

pub(super) fn shell(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-.=/:".contains(c);
    if text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// The candidates whose names share most with the old one first; among equals, as they come.
pub(super) fn closest(dropped: &Object, mut candidates: Vec<Object>) -> Vec<Object> {
    let old = dropped.last();
    candidates.sort_by_cached_key(|candidate| std::cmp::Reverse(shared(&old, &candidate.last())));
    candidates
}

/// How many characters two names share at their beginning and at their end.
fn shared(one: &str, other: &str) -> usize {
    let front = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let back = one
        .chars()
        .rev()
        .zip(other.chars().rev())
        .take_while(|(a, b)| a == b)
        .count();
    front + back
}
