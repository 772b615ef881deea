//! Findings for people.

use kickdb_core::lint::{Finding, Level};

use super::{Linted, number};
use crate::describe::count;
use crate::terminal::{Paint, Snippet, Terminal};

/// Every finding at its place, as rustc shows its own; those that are allowed in one line.
pub(crate) fn report(linted: &Linted, terminal: &Terminal) {
    for finding in &linted.found {
        match &finding.allowed {
            Some(allowed) => {
                let line = format!(
                    "allowed[{}]: {} ({}:{}): {}\n",
                    finding.rule.code, finding.object, linted.shown, finding.line, allowed.reason
                );
                terminal.say(terminal.paint(Paint::Dim, &line));
            }
            None => terminal.snippet(&snippet(linted, finding)),
        }
    }
}

fn snippet<'a>(linted: &'a Linted, finding: &'a Finding) -> Snippet<'a> {
    let label = match finding.rows {
        Some(rows) => format!("{}, {}", finding.object, about(rows)),
        None => finding.object.clone(),
    };
    Snippet {
        level: finding.level,
        code: finding.rule.code,
        message: &finding.message,
        shown: &linted.shown,
        source: &linted.text,
        span: finding.span.clone(),
        line: finding.line,
        label,
        help: &finding.help,
    }
}

/// A number of rows as it is said: nobody needs the last digits.
fn about(rows: u64) -> String {
    match rows {
        0..1_000 => count(usize::try_from(rows).unwrap_or(usize::MAX), "row"),
        1_000..1_000_000 => format!("about {},000 rows", rows / 1_000),
        _ => format!("about {}.{} million rows", rows / 1_000_000, rows / 100_000 % 10),
    }
}

/// One line for each finding that is not allowed and is of that level or worse.
pub(crate) fn lines(found: &[Finding], least: Level, terminal: &Terminal) {
    let told = |finding: &&Finding| finding.allowed.is_none() && finding.level >= least;
    for finding in found.iter().filter(told) {
        terminal.hazard(&finding.hazard());
    }
}

/// How many there are, by their levels.
pub(crate) fn summary(linted: &[Linted]) -> String {
    let found = linted.iter().flat_map(|linted| &linted.found);
    let allowed = found.filter(|finding| finding.allowed.is_some()).count();
    let mut parts = Vec::new();
    for (number, what) in [
        (number(linted, Level::Deny), "refused"),
        (number(linted, Level::Warn), "to look at"),
        (number(linted, Level::Note), "good to know"),
        (allowed, "allowed"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    }
    let scripts = count(linted.len(), "script");
    match parts.as_slice() {
        [] => format!("No hazards in {scripts}."),
        parts => format!("Hazards in {scripts}: {}.", parts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::about;

    #[test]
    fn numbers_are_said_as_people_say_them() {
        assert_eq!(about(0), "0 rows");
        assert_eq!(about(1), "1 row");
        assert_eq!(about(12_345), "about 12,000 rows");
        assert_eq!(about(2_345_678), "about 2.3 million rows");
    }
}
