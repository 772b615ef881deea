//! Edits of one text, by the bytes that they replace.

use std::ops::Range;

use kickdb_core::decl::Place;
use proc_macro2::Span;

/// Edits of a text, gathered while it is looked at and applied at once.
#[derive(Debug, Default)]
pub(super) struct Edits {
    edits: Vec<(Range<usize>, String)>,
}

impl Edits {
    pub(super) fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    pub(super) fn replace(&mut self, range: Range<usize>, with: impl Into<String>) {
        self.edits.push((range, with.into()));
    }

    pub(super) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.edits.push((at..at, text.into()));
    }

    /// Removes what stands there, with its lines where nothing else stands in them.
    pub(super) fn remove(&mut self, text: &str, range: Range<usize>) {
        self.edits.push((whole_lines(text, range), String::new()));
    }

    /// The text after all edits. What lies within something that is replaced or removed goes with it.
    pub(super) fn apply(mut self, text: &str) -> String {
        // Those of one place stay in the order in which they were asked for.
        self.edits
            .sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (range, with) in self.edits {
            if range.start < at {
                continue;
            }
            out.push_str(&text[at..range.start]);
            out.push_str(&with);
            at = range.end;
        }
        out.push_str(&text[at..]);
        out
    }
}

/// The range with the rest of its lines, where only spaces are beside it.
fn whole_lines(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text[..range.start].trim_end_matches([' ', '\t']).len();
    let behind = &text[range.end..];
    let rest = behind.trim_start_matches([' ', '\t', '\r']);
    let end = range.end + behind.len() - rest.len();
    let opens = start == 0 || text[..start].ends_with('\n');
    match (opens, rest.starts_with('\n')) {
        (true, true) => start..end + 1,
        _ => range,
    }
}

/// The bytes of a span.
pub(super) fn bytes(span: Span) -> Range<usize> {
    span.byte_range()
}

/// Whether a place begins within a span.
pub(super) fn holds(span: Span, place: &Place) -> bool {
    let (start, end) = (span.start(), span.end());
    let at = (place.line as usize, place.column as usize);
    (start.line, start.column) <= at && at < (end.line, end.column)
}

/// Lines with so much space in front of each that is not empty.
pub(super) fn indented(text: &str, indent: usize) -> String {
    let space = " ".repeat(indent);
    let lines = text.lines().map(|line| match line.is_empty() {
        true => "\n".to_owned(),
        false => format!("{space}{line}\n"),
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_do_not_move_each_other() {
        let text = "a\n  b\nc\n";
        let mut edits = Edits::default();
        edits.insert(8, "d\n");
        edits.replace(0..1, "x");
        edits.remove(text, 4..5);
        assert_eq!(edits.apply(text), "x\nc\nd\n");
    }

    #[test]
    fn what_shares_a_line_leaves_the_line() {
        let text = "a, b\n";
        let mut edits = Edits::default();
        edits.remove(text, 3..4);
        assert_eq!(edits.apply(text), "a, \n");
    }
}
