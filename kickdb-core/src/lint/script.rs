//! A script with what is known about it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Input;
use super::exception::{self, Allowed, Unclear};
use super::read::{Action, Alter, Alteration, Cursor, ObjectName, Statement, action, unwrapped};
use super::rules;
use crate::ir::Table;
use crate::lex::{Kind, tokens};
use crate::plan;

/// So many words of one statement are looked at: far more than DDL has, and few enough for a row of a dump.
const LONGEST: usize = 20_000;

/// So many parts or statements before and behind another one are near it.
const NEAR: usize = 100;

/// The statements of a script, and what each of them finds when it runs.
pub(crate) struct Script<'a> {
    pub(crate) statements: Vec<Statement<'a>>,
    pub(crate) input: &'a Input<'a>,
    /// Comments that meant to allow something.
    pub(crate) unclear: Vec<Unclear>,
    /// By table: from which statement on it is one that the script has made itself (or no longer is).
    own: BTreeMap<String, Vec<(usize, bool)>>,
    /// By table: the parts of ALTER TABLE about it, as numbers of statement and part.
    altered: BTreeMap<String, Vec<(usize, usize)>>,
    /// By table: the numbers of the statements that update it.
    updates: BTreeMap<String, Vec<usize>>,
    before: BTreeMap<String, &'a Table>,
    after: BTreeMap<String, &'a Table>,
}

impl<'a> Script<'a> {
    pub(crate) fn read(sql: &'a str, input: &'a Input<'a>) -> Self {
        let source = plan::read(sql, input.dialect);
        let mut script = Self {
            statements: Vec::with_capacity(source.statements.len()),
            input,
            unclear: Vec::new(),
            own: BTreeMap::new(),
            altered: BTreeMap::new(),
            updates: BTreeMap::new(),
            before: by_key(input.before),
            after: by_key(input.after),
        };
        let mut transaction = (input.transaction || source.session.foreign_keys_off).then_some(0);
        let mut gap = 0;
        for (index, found) in source.statements.iter().enumerate() {
            // Statements are pieces of the script.
            let start = found.sql.as_ptr() as usize - sql.as_ptr() as usize;
            let mut statement = script.statement(found.sql, start);
            script.between(&sql[gap..start], gap, &mut statement.allowed);
            gap = start + found.sql.len();
            match statement.action {
                Action::Begin => transaction = Some(index + 1),
                Action::Commit | Action::Rollback => transaction = None,
                _ => statement.transaction = transaction,
            }
            script.note(index, &statement.action);
            script.statements.push(statement);
        }
        script.between(&sql[gap..], gap, &mut Vec::new());
        script
    }

    /// Takes the exceptions in the comments between two statements: one on the line of the first belongs to that one, the
    /// others to `next`.
    fn between(&mut self, text: &str, start: usize, next: &mut Vec<Allowed>) {
        let line_end = text.find('\n').unwrap_or(text.len());
        for comment in tokens(text, self.input.dialect.lexis()).filter(|token| token.kind == Kind::Comment) {
            let Some(allowed) = self.exception(comment.text, start + comment.start) else {
                continue;
            };
            match self.statements.last_mut() {
                Some(last) if comment.start < line_end => last.allowed.push(allowed),
                _ => next.push(allowed),
            }
        }
    }

    /// What a comment allows. One that cannot be understood is kept to be told of.
    fn exception(&mut self, comment: &str, start: usize) -> Option<Allowed> {
        match exception::read(comment, |code| rules::by_code(code).is_some())? {
            Ok(allowed) => Some(allowed),
            Err(message) => {
                let span = start..start + comment.trim_end().len();
                self.unclear.push(Unclear { span, message });
                None
            }
        }
    }

    /// Reads one statement, which starts at that byte of the script.
    fn statement(&mut self, sql: &'a str, start: usize) -> Statement<'a> {
        let mut words = Vec::new();
        let mut allowed = Vec::new();
        let mut whole = true;
        for mut token in tokens(sql, self.input.dialect.lexis()) {
            match token.kind {
                Kind::Space => {}
                Kind::Comment => allowed.extend(self.exception(token.text, start + token.start)),
                _ if words.len() == LONGEST => {
                    whole = false;
                    break;
                }
                _ => {
                    token.start += start;
                    words.push(token);
                }
            }
        }
        let words = unwrapped(words);
        let mut action = action(&words);
        if let (Action::Update(changing) | Action::Delete(changing), false) = (&mut action, whole) {
            changing.filtered = true;
        }
        Statement {
            span: start..start + sql.len(),
            action,
            tokens: words,
            transaction: None,
            allowed,
        }
    }

    /// Keeps in mind which tables the script makes.
    fn note(&mut self, index: usize, action: &Action) {
        let mut set = |table: &ObjectName, own: bool| self.own.entry(table.key()).or_default().push((index, own));
        match action {
            Action::CreateTable(create) => set(&create.table, true),
            Action::Drop(drop) if drop.kind == "table" => drop.names.iter().for_each(|table| set(table, false)),
            Action::AlterTable(alter) => {
                let places = self.altered.entry(alter.table.key()).or_default();
                places.extend((0..alter.parts.len()).map(|part| (index, part)));
                for part in &alter.parts {
                    if let Alter::RenameTable(to) = &part.what {
                        let to = renamed(&alter.table, to);
                        self.rename(index, &alter.table, &to);
                    }
                }
            }
            Action::Update(update) => self.updates.entry(update.table.key()).or_default().push(index),
            Action::Rename(pairs) => pairs.iter().for_each(|(from, to)| self.rename(index, from, to)),
            _ => {}
        }
    }

    fn rename(&mut self, index: usize, from: &ObjectName, to: &ObjectName) {
        // The next statement is the first that sees it so.
        let own = self.makes(from, index + 1);
        self.own.entry(from.key()).or_default().push((index, false));
        self.own.entry(to.key()).or_default().push((index, own));
    }

    /// Whether the script itself made the table before that statement: nobody else has looked at it, and it holds what the
    /// script put there.
    pub(crate) fn makes(&self, table: &ObjectName, statement: usize) -> bool {
        let events = self.own.get(&table.key()).map(Vec::as_slice).unwrap_or_default();
        let before = events.partition_point(|(at, _)| *at < statement);
        before.checked_sub(1).is_some_and(|last| events[last].1)
    }

    /// The name that a table has in the end which is called so behind that statement.
    pub(crate) fn called_at_last(&self, table: &ObjectName, statement: usize) -> ObjectName {
        let (mut name, mut behind) = (table.clone(), statement);
        while let Some((at, to)) = self.renamed_behind(&name, behind) {
            (name, behind) = (renamed(&name, to), at);
        }
        name
    }

    fn renamed_behind(&self, table: &ObjectName, statement: usize) -> Option<(usize, &ObjectName)> {
        let places = self.altered.get(&table.key())?;
        let later = places.partition_point(|(index, _)| *index <= statement);
        places[later..].iter().find_map(|(index, part)| {
            let Action::AlterTable(alter) = &self.statements[*index].action else {
                return None;
            };
            match &alter.parts[*part].what {
                Alter::RenameTable(to) => Some((*index, to)),
                _ => None,
            }
        })
    }

    /// The table as it is before the script, where that is known.
    pub(crate) fn before(&self, table: &ObjectName) -> Option<&'a Table> {
        self.before.get(&table.key()).copied()
    }

    /// The table as it is after the script, where that is known.
    pub(crate) fn after(&self, table: &ObjectName) -> Option<&'a Table> {
        self.after.get(&table.key()).copied()
    }

    /// The first statement that says the last two parts of a name: `tasks.state`.
    pub(crate) fn statement_of(&self, object: &str) -> Option<usize> {
        let parts: Vec<&str> = object.rsplit('.').take(2).collect();
        self.statements.iter().position(|statement| {
            parts.iter().all(|part| {
                let mut tokens = statement.tokens.iter();
                tokens.any(|token| {
                    token
                        .text
                        .trim_matches(['"', '`', '\'', '[', ']'])
                        .eq_ignore_ascii_case(part)
                })
            })
        })
    }

    /// Whether an UPDATE of its table says a column, `tasks.state`.
    pub(crate) fn fills(&self, object: &str) -> bool {
        let Some((table, column)) = object.rsplit_once('.') else {
            return false;
        };
        let updates = self
            .updates
            .get(&table.to_lowercase())
            .map(Vec::as_slice)
            .unwrap_or_default();
        // The last ones are enough: what fills a column stands near what needs it.
        updates.iter().rev().take(NEAR).any(|index| {
            let mut tokens = self.statements[*index].tokens.iter();
            tokens.any(|token| {
                token
                    .text
                    .trim_matches(['"', '`', '[', ']'])
                    .eq_ignore_ascii_case(column)
            })
        })
    }

    /// Every statement with its number.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (usize, &Statement<'a>)> {
        self.statements.iter().enumerate()
    }

    /// Every part of an ALTER TABLE.
    pub(crate) fn alterations(&self) -> impl Iterator<Item = Altered<'_, 'a>> {
        self.numbered().flat_map(|(index, statement)| {
            let alter = match &statement.action {
                Action::AlterTable(alter) => Some(alter),
                _ => None,
            };
            alter.into_iter().flat_map(move |alter| {
                alter.parts.iter().map(move |part| Altered {
                    index,
                    statement,
                    table: &alter.table,
                    part,
                })
            })
        })
    }

    /// The parts of ALTER TABLE about a table, as far as they are near that statement: what belongs together stands together, and a
    /// script of any size is read in one walk.
    pub(crate) fn alterations_near(
        &self,
        table: &ObjectName,
        statement: usize,
    ) -> impl Iterator<Item = Altered<'_, 'a>> {
        let places = self.altered.get(&table.key()).map(Vec::as_slice).unwrap_or_default();
        let at = places.partition_point(|(index, _)| *index < statement);
        let near = &places[at.saturating_sub(NEAR)..(at + NEAR).min(places.len())];
        near.iter().filter_map(|(index, part)| {
            let statement = &self.statements[*index];
            match &statement.action {
                Action::AlterTable(alter) => Some(Altered {
                    index: *index,
                    statement,
                    table: &alter.table,
                    part: &alter.parts[*part],
                }),
                _ => None,
            }
        })
    }

    /// The parts of every ALTER TABLE whose table was there before the script.
    pub(crate) fn old_alterations(&self) -> impl Iterator<Item = Altered<'_, 'a>> {
        self.alterations()
            .filter(|altered| !self.makes(altered.table, altered.index))
    }
}

/// One part of an ALTER TABLE, with its statement.
pub(crate) struct Altered<'s, 'a> {
    pub(crate) index: usize,
    pub(crate) statement: &'s Statement<'a>,
    pub(crate) table: &'s ObjectName,
    pub(crate) part: &'s Alteration,
}

impl<'s> Altered<'s, '_> {
    pub(crate) fn what(&self) -> &'s Alter {
        &self.part.what
    }

    pub(crate) fn span(&self) -> &'s Range<usize> {
        &self.part.span
    }

    /// `table.column`
    pub(crate) fn column(&self, column: &str) -> String {
        format!("{}.{column}", self.table)
    }

    pub(crate) fn keeps_nobody_out(&self) -> bool {
        self.statement.keeps_nobody_out()
    }

    /// The words of the part.
    pub(crate) fn cursor(&self) -> Cursor<'s> {
        let statement: &'s Statement<'_> = self.statement;
        Cursor::new(&statement.tokens[self.part.words.clone()])
    }
}

/// The name that a table gets: one without a schema stays in its own.
fn renamed(from: &ObjectName, to: &ObjectName) -> ObjectName {
    ObjectName {
        schema: to.schema.clone().or_else(|| from.schema.clone()),
        name: to.name.clone(),
    }
}

fn by_key(schema: Option<&crate::ir::Schema>) -> BTreeMap<String, &Table> {
    let tables = schema.into_iter().flat_map(|schema| &schema.tables);
    tables
        .map(|(name, table)| (name.to_string().to_lowercase(), table))
        .collect()
}
