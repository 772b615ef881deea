//! Sequences.

use super::{Reader, local};
use crate::dialect::mysql::objects::sequence::{Numbers, facets};
use crate::dialect::mysql::syntax::unquote;
use crate::ir::{Object, ObjectId, ObjectKind};

impl Reader<'_> {
    pub(super) fn sequence(&mut self) -> Option<(ObjectId, Object)> {
        let name = self.name()?;
        let (mut start, mut increment, mut least, mut most, mut cache, mut cycle) =
            (None, None, None, None, None, false);
        let (mut engine, mut comment) = (None, None);
        while self.peek().is_some() {
            if self.word("start") {
                start = Some(self.number("with")?);
            } else if self.word("increment") {
                increment = Some(self.number("by")?);
            } else if self.word("minvalue") {
                least = Some(self.number("")?);
            } else if self.word("maxvalue") {
                most = Some(self.number("")?);
            } else if self.word("cache") {
                cache = Some(self.number("")?);
            } else if self.word("nocache") {
                cache = Some(0);
            } else if self.word("cycle") {
                cycle = true;
            } else if self.word("engine") {
                self.sign("=");
                engine = Some(self.name()?);
            } else if self.word("comment") {
                self.sign("=");
                comment = Some(unquote(self.peek()?.text)?);
                self.at += 1;
            } else if self.word("nominvalue") || self.word("nomaxvalue") || self.word("nocycle") {
            } else {
                return None;
            }
        }
        let increment = increment.unwrap_or(1);
        let least = least.unwrap_or(if increment > 0 { 1 } else { i64::MIN + 2 });
        let most = most.unwrap_or(if increment > 0 { i64::MAX - 1 } else { -1 });
        let numbers = Numbers {
            start: start.unwrap_or(if increment > 0 { least } else { most }),
            increment,
            least,
            most,
            cache: cache.unwrap_or(1000),
            cycle,
        };
        let object = Object {
            facets: facets(&numbers, (engine, comment)),
            ..Object::default()
        };
        Some((ObjectId::new(ObjectKind::Sequence, local(&name)?), object))
    }

    fn number(&mut self, filler: &str) -> Option<i64> {
        if !filler.is_empty() {
            self.word(filler);
        }
        self.sign("=");
        let sign = if self.sign("-") { "-" } else { "" };
        let digits = self.peek()?.text;
        self.at += 1;
        format!("{sign}{digits}").parse().ok()
    }
}
