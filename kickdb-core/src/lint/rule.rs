use super::Level;
use super::finding::Found;
use super::hazard::Hazard;
use super::script::Script;
use crate::dialect::Types;
use crate::diff::Change;

/// One thing that can be dangerous. Each is a file in `lint/rules`, with its tests; its page in `docs/hazards` is written from it.
pub struct Rule {
    /// Its name, which never changes.
    pub code: &'static str,
    /// How bad it is where nothing else is said.
    pub level: Level,
    /// What kind of harm it does.
    pub harm: Harm,
    /// The engines that it is about, by their names.
    pub engines: &'static [&'static str],
    /// What happens, in one sentence that begins in lower case and has no full stop.
    pub title: &'static str,
    /// How it comes that it happens, for its page.
    pub why: &'static str,
    /// What to do instead, in one sentence that begins in lower case and has no full stop.
    pub instead: &'static str,
    /// SQL in which it is found.
    pub bad: &'static str,
    /// SQL that leads to the same end, or nearly, and in which it is not found.
    pub good: &'static str,
    /// What it rests on.
    pub sources: &'static [Source],
    /// Looks at the statements of a script.
    pub(crate) check: fn(&Script<'_>, &mut Found),
    /// Looks at a change of the schema, where there is something to see that the SQL does not say.
    pub(crate) change: Option<LookAtChange>,
}

impl Rule {
    /// Its page, in Markdown.
    #[must_use]
    pub fn page(&self) -> String {
        let engines = self.engines.join(", ");
        let mut page = format!(
            "# {}\n\n{}.\n\n| harm | level | engines |\n| --- | --- | --- |\n| {} | {} | {engines} |\n\n{}\n",
            self.code,
            capital(self.title),
            self.harm.title(),
            self.level.as_str(),
            self.why,
        );
        if !self.bad.is_empty() {
            page.push_str(&format!("\n```sql\n{}\n```\n", self.bad));
        }
        page.push_str(&format!("\n## Instead\n\n{}.\n", capital(self.instead)));
        if !self.good.is_empty() {
            page.push_str(&format!("\n```sql\n{}\n```\n", self.good));
        }
        page.push_str("\n## What it rests on\n\n");
        for source in self.sources {
            page.push_str(&format!("- [{}]({})\n", source.chapter, source.url));
        }
        page
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code)
    }
}

/// Looks at a change of the schema, on an engine with these types.
pub(crate) type LookAtChange = fn(&Change, &dyn Types) -> Vec<Hazard>;

/// A chapter of an engine's documentation.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// The engine with the version that was read, and the chapter.
    pub chapter: &'static str,
    /// Where it is.
    pub url: &'static str,
}

/// What kind of harm a hazard does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Harm {
    /// Rows or values are gone.
    DataLoss,
    /// The statement, or one behind it, fails.
    Failure,
    /// The table is written anew while nobody can use it.
    Rewrite,
    /// The table is locked for as long as the statement works.
    Lock,
    /// Every row is read while the table is locked.
    Scan,
    /// Programs of the version before do not get along with it.
    Compatibility,
    /// It cannot be reversed.
    OneWay,
    /// Running it again after it broke off does not lead to the same.
    Retry,
    /// Two sessions can wait for each other.
    Deadlock,
    /// The database keeps what breaks its own rules.
    Integrity,
    /// What comes after it is slow.
    Slow,
}

impl Harm {
    /// Its words in the index.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::DataLoss => "data loss",
            Self::Failure => "failure",
            Self::Rewrite => "table rewrite",
            Self::Lock => "long lock",
            Self::Scan => "full scan under a lock",
            Self::Compatibility => "breaks running programs",
            Self::OneWay => "not reversible",
            Self::Retry => "not safe to repeat",
            Self::Deadlock => "deadlock",
            Self::Integrity => "integrity",
            Self::Slow => "slow queries",
        }
    }

    /// Whether it grows with the table: on a small one it is over before anybody notices.
    #[must_use]
    pub fn grows(self) -> bool {
        matches!(self, Self::Rewrite | Self::Lock | Self::Scan)
    }
}
