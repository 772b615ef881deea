//! Events.

use super::{Reader, local};
use crate::dialect::mysql::objects::define::{Event, Schedule};
use crate::dialect::mysql::syntax::unquote;
use crate::ir::{Object, ObjectId, ObjectKind};
use crate::lex::Token;

impl Reader<'_> {
    pub(super) fn event(&mut self, definer: Option<String>) -> Option<(ObjectId, Object)> {
        let name = self.name()?;
        if !(self.word("on") && self.word("schedule")) {
            return None;
        }
        let text = |token: &Token<'_>| unquote(token.text);
        let schedule = if self.word("at") {
            let at = text(self.peek()?)?;
            self.at += 1;
            Schedule::At(at)
        } else if self.word("every") {
            let amount = self.peek()?.text.to_owned();
            self.at += 1;
            let amount = unquote(&amount)
                .filter(|amount| amount.parse::<u32>().is_ok())
                .unwrap_or(amount);
            let interval = format!("{amount} {}", self.upper()?);
            let mut bounds = [None, None];
            for (bound, word) in bounds.iter_mut().zip(["starts", "ends"]) {
                if self.word(word) {
                    *bound = Some(text(self.peek()?)?);
                    self.at += 1;
                }
            }
            let [starts, ends] = bounds;
            Schedule::Every { interval, starts, ends }
        } else {
            return None;
        };
        let mut preserve = false;
        if self.word("on") {
            self.word("completion");
            preserve = !self.word("not");
            self.word("preserve");
        }
        let mut state = None;
        if self.word("disable") {
            // On a replica it is disabled (`REPLICA` since MySQL 8.0.26 and MariaDB 10.5).
            let elsewhere = self.word("on") && (self.word("slave") || self.word("replica"));
            state = Some(if elsewhere { "DISABLE ON SLAVE" } else { "DISABLE" }.to_owned());
        } else {
            self.word("enable");
        }
        let mut comment = String::new();
        if self.word("comment") {
            comment = text(self.peek()?)?;
            self.at += 1;
        }
        if !self.word("do") {
            return None;
        }
        let event = Event {
            name: name.clone(),
            definer,
            schedule,
            preserve,
            state,
            comment,
            body: self.rest(),
        };
        Some((
            ObjectId::new(ObjectKind::Event, local(&name)?),
            Object::new(event.sql()),
        ))
    }
}
