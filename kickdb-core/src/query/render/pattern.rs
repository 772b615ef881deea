//! `LIKE`, in the way in which each engine minds the case.

use super::Writer;
use crate::dialect::Pattern;
use crate::query::node::Node;
use crate::value::Value;

impl Writer<'_> {
    pub(super) fn like(&mut self, of: Node, pattern: &str, ignore_case: bool) {
        let how = self.dialect.pattern(ignore_case);
        if how == Pattern::Folded {
            self.push("lower(");
            self.read(of);
            self.push(") LIKE lower(");
            self.bind(Value::Text(pattern.to_owned()), false);
            self.push(")");
            self.push(self.dialect.pattern_escape());
            return;
        }
        self.read_inner(of);
        self.push(" ");
        match how {
            Pattern::Like(operator) => {
                self.push(operator);
                self.push(" ");
                self.bind(Value::Text(pattern.to_owned()), false);
                self.push(self.dialect.pattern_escape());
            }
            Pattern::Glob(operator) => {
                self.push(operator);
                self.push(" ");
                self.bind(Value::Text(glob(pattern)), false);
            }
            Pattern::Folded => {}
        }
    }
}

/// The pattern of `LIKE` as one of `GLOB`.
fn glob(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 2);
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '%' => out.push('*'),
            '_' => out.push('?'),
            '\\' => push_literal(characters.next().unwrap_or('\\'), &mut out),
            other => push_literal(other, &mut out),
        }
    }
    out
}

/// Only these three are special outside of a character set.
fn push_literal(character: char, out: &mut String) {
    if matches!(character, '*' | '?' | '[') {
        out.push('[');
        out.push(character);
        out.push(']');
    } else {
        out.push(character);
    }
}
