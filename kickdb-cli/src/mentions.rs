//! Where the source still says what a migration takes away.
//!
//! Read from the words of the files, so that it works while the program does not build: paths like `Task::NOTE`, and texts of
//! SQL that say the table and the column.

use std::collections::BTreeSet;

use kickdb_core::decl::{Item, constant};
use kickdb_core::diff::{Change, TableChange};
use kickdb_core::ident::{Name, Qualified};
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use serde_json::{Value, json};

use crate::collect::SourceFile;
use crate::terminal::{Paint, Terminal};

/// A table or a column that is not there any more under its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Gone {
    table: Qualified,
    /// `None` where the table itself goes.
    column: Option<Name>,
}

impl Gone {
    /// What changes take away.
    pub(crate) fn of(changes: &[Change]) -> BTreeSet<Self> {
        let mut gone = BTreeSet::new();
        for change in changes {
            match change {
                Change::DropTable(table) => drop(gone.insert(Self::table(&table.name))),
                Change::RenameTable { from, .. } => drop(gone.insert(Self::table(from))),
                Change::AlterTable { to, changes, .. } => {
                    let columns = changes.iter().filter_map(|change| match change {
                        TableChange::DropColumn(column) => Some(&column.name),
                        TableChange::RenameColumn { from, .. } => Some(from),
                        _ => None,
                    });
                    gone.extend(columns.map(|column| Self {
                        table: to.name.clone(),
                        column: Some(column.clone()),
                    }));
                }
                _ => {}
            }
        }
        // What comes under the name again is named rightly.
        for change in changes {
            let Change::AlterTable { to, changes, .. } = change else {
                continue;
            };
            let comes = changes.iter().filter_map(|change| match change {
                TableChange::AddColumn(column) => Some(&column.name),
                TableChange::RenameColumn { to, .. } => Some(to),
                _ => None,
            });
            for column in comes {
                gone.remove(&Self {
                    table: to.name.clone(),
                    column: Some(column.clone()),
                });
            }
        }
        gone
    }

    fn table(name: &Qualified) -> Self {
        Self {
            table: name.clone(),
            column: None,
        }
    }

    fn shown(&self) -> String {
        match &self.column {
            Some(column) => format!("{}.{column}", self.table),
            None => self.table.to_string(),
        }
    }
}

/// A place that says what is gone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mention {
    file: String,
    line: usize,
    column: usize,
    /// What is gone: `tasks.note`.
    thing: String,
    /// How it is said: `Task::NOTE`, or `SQL`.
    said: String,
}

impl Mention {
    pub(crate) fn json(&self) -> Value {
        json!({ "thing": self.thing, "file": self.file, "line": self.line, "column": self.column, "said": self.said })
    }
}

/// Every place in the source that says one of the things.
pub(crate) fn find(gone: &BTreeSet<Gone>, items: &[Item], files: &[SourceFile]) -> Vec<Mention> {
    let mut found = Vec::new();
    if gone.is_empty() {
        return found;
    }
    let wanted = gone.iter().map(|gone| Wanted::of(gone, items)).collect::<Vec<_>>();
    for file in files {
        let Ok(text) = std::fs::read_to_string(&file.path) else {
            continue;
        };
        if !wanted.iter().any(|wanted| wanted.may_be_in(&text)) {
            continue;
        }
        let Ok(tokens) = text.parse::<TokenStream>() else {
            continue;
        };
        let mut look = Look {
            file: &file.shown,
            wanted: &wanted,
            found: &mut found,
        };
        look.tokens(tokens);
    }
    found.sort();
    found.dedup();
    found
}

/// Tells people of the places, each in a line.
pub(crate) fn show(mentions: &[Mention], terminal: &Terminal) {
    for one in mentions {
        terminal.say(format!(
            "  {} `{}` goes, and {}:{}:{} still says it ({})",
            terminal.paint(Paint::Warn, "careful"),
            one.thing,
            one.file,
            one.line,
            one.column,
            one.said
        ));
    }
}

/// The words by which a thing is said.
struct Wanted<'a> {
    gone: &'a Gone,
    /// The structs of the table.
    structs: Vec<&'a str>,
    constant: Option<String>,
}

impl<'a> Wanted<'a> {
    fn of(gone: &'a Gone, items: &'a [Item]) -> Self {
        let structs = items.iter().filter_map(|item| match item {
            Item::Table(decl) if decl.table_name() == gone.table.name.as_str() => Some(decl.ident.value.as_str()),
            _ => None,
        });
        Self {
            gone,
            structs: structs.collect(),
            constant: gone.column.as_ref().map(|column| constant(column.as_str())),
        }
    }

    fn may_be_in(&self, text: &str) -> bool {
        let words = [self
            .gone
            .column
            .as_ref()
            .map_or(self.gone.table.name.as_str(), Name::as_str)];
        let path = self
            .constant
            .as_ref()
            .is_some_and(|constant| text.contains(constant.as_str()));
        path || words.iter().all(|word| text.contains(word))
    }

    fn is_in_sql(&self, sql: &str) -> bool {
        let words = || sql.split(|sign: char| !(sign.is_alphanumeric() || sign == '_'));
        let says = |word: &str| words().any(|other| other.eq_ignore_ascii_case(word));
        let verb = ["select", "insert", "update", "delete", "from", "join"]
            .iter()
            .any(|word| says(word));
        verb && says(self.gone.table.name.as_str())
            && self.gone.column.as_ref().is_none_or(|column| says(column.as_str()))
    }
}

struct Look<'a> {
    file: &'a str,
    wanted: &'a [Wanted<'a>],
    found: &'a mut Vec<Mention>,
}

impl Look<'_> {
    fn tokens(&mut self, tokens: TokenStream) {
        let all: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in all.iter().enumerate() {
            match token {
                TokenTree::Group(group) => {
                    // `/// text` is `#[doc = "text"]`: what is told about a table is no use of it.
                    let doc = group.delimiter() == Delimiter::Bracket
                        && matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(word)) if word == "doc");
                    if !doc {
                        self.tokens(group.stream());
                    }
                }
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    if text.starts_with('"') || text.starts_with('r') {
                        for wanted in self.wanted.iter().filter(|wanted| wanted.is_in_sql(&text)) {
                            self.found
                                .push(mention(self.file, literal.span(), wanted.gone, "SQL".to_owned()));
                        }
                    }
                }
                TokenTree::Ident(owner) => self.path(owner, &all[at + 1..]),
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// `Task::NOTE`, from its first word on.
    fn path(&mut self, owner: &proc_macro2::Ident, rest: &[TokenTree]) {
        let [TokenTree::Punct(a), TokenTree::Punct(b), TokenTree::Ident(word), ..] = rest else {
            return;
        };
        if a.as_char() != ':' || b.as_char() != ':' {
            return;
        }
        for wanted in self.wanted {
            let same = wanted.constant.as_ref().is_some_and(|constant| word == constant);
            if same && wanted.structs.iter().any(|name| owner == name) {
                self.found.push(mention(
                    self.file,
                    owner.span(),
                    wanted.gone,
                    format!("{owner}::{word}"),
                ));
            }
        }
    }
}

fn mention(file: &str, span: Span, gone: &Gone, said: String) -> Mention {
    Mention {
        file: file.to_owned(),
        line: span.start().line,
        column: span.start().column + 1,
        thing: gone.shown(),
        said,
    }
}
