use super::super::condition::Condition;
use super::super::expr::{Expr, Expression};
use super::super::node::Node;
use super::super::operand::{Operand, Textual};
use super::{As, call, text, whole};
use crate::dialect::Function;

/// Functions of a text.
pub trait TextFunctions: Expression {
    /// In lower case (on SQLite for ASCII letters only).
    fn lower(self) -> Expr<As<Self, String>, Self::Uses>
    where
        Self::Type: Textual,
    {
        Expr::new(call(Function::Lower, [self.into_node()]))
    }

    /// In upper case (on SQLite for ASCII letters only).
    fn upper(self) -> Expr<As<Self, String>, Self::Uses>
    where
        Self::Type: Textual,
    {
        Expr::new(call(Function::Upper, [self.into_node()]))
    }

    /// How many characters it has.
    fn char_length(self) -> Expr<As<Self, i64>, Self::Uses>
    where
        Self::Type: Textual,
    {
        Expr::new(call(Function::CharLength, [self.into_node()]))
    }

    /// Without spaces at both ends.
    fn trimmed(self) -> Expr<As<Self, String>, Self::Uses>
    where
        Self::Type: Textual,
    {
        Expr::new(call(Function::Trim, [self.into_node()]))
    }

    /// Without spaces at its start.
    fn trimmed_start(self) -> Expr<As<Self, String>, Self::Uses>
    where
        Self::Type: Textual,
    {
        Expr::new(call(Function::TrimStart, [self.into_node()]))
    }

    /// Without spaces at its end.
    fn trimmed_end(self) -> Expr<As<Self, String>, Self::Uses>
    where
        Self::Type: Textual,
    {
        Expr::new(call(Function::TrimEnd, [self.into_node()]))
    }

    /// This text and `other` behind it; NULL where one of them is.
    fn concat<R: Operand<String>>(self, other: R) -> Expr<R::Lift<As<Self, String>>, R::With<Self::Uses>>
    where
        Self::Type: Textual,
    {
        Expr::new(call(Function::Concat, [self.into_node(), other.into_node()]))
    }

    /// `length` characters from the one at `start` on, which counts from 1.
    fn substring(self, start: u32, length: u32) -> Expr<As<Self, String>, Self::Uses>
    where
        Self::Type: Textual,
    {
        let (start, length) = (whole(i64::from(start)), whole(i64::from(length)));
        Expr::new(call(Function::Substring, [self.into_node(), start, length]))
    }

    /// With `to` in each place of `from`.
    fn replaced(self, from: &str, to: &str) -> Expr<As<Self, String>, Self::Uses>
    where
        Self::Type: Textual,
    {
        Expr::new(call(Function::Replace, [self.into_node(), text(from), text(to)]))
    }

    /// Where `part` begins in it, counted from 1; 0 where it does not.
    fn position(self, part: &str) -> Expr<As<Self, i64>, Self::Uses>
    where
        Self::Type: Textual,
    {
        Expr::new(call(Function::Position, [self.into_node(), text(part)]))
    }

    /// Whether the engine's full-text search finds all of the words in it: PostgreSQL with its default configuration, MySQL by a
    /// `fulltext` index on the column, SQLite in a table of FTS5. What the engine's index leaves out, such as "the", need not be
    /// found, and nothing is found where nothing else is sought. Operators of the engine's own search are text like any other.
    fn search(self, words: &str) -> Condition<Self::Uses>
    where
        Self::Type: Textual,
    {
        let words = Node::Words(words.to_owned());
        Condition::new(call(Function::Search, [self.into_node(), words]))
    }
}

impl<E: Expression> TextFunctions for E {}
