use std::collections::BTreeMap;

use super::cursor::{Cursor, text};
use super::key::{Key, key, names, on_conflict, references};
use crate::dialect::Types;
use crate::dialect::sqlite::expr::{self, Scope, same};
use crate::dialect::sqlite::options::{self, ON_CONFLICT, Of, STRICT, WITHOUT_ROWID};
use crate::dialect::sqlite::token::{Kind, quoted_name};
use crate::dialect::sqlite::{Sqlite, names as default_names};
use crate::ident::{Name, Qualified};
use crate::ir::{Check, Column, ColumnValue, Expr, ForeignKey, Identity, PrimaryKey, SqlType, Table, Unique};

/// A table as its statement tells it.
pub(super) struct Read {
    pub(super) table: Table,
    /// Constraints in the order they are written; they get their names at the end.
    constraints: Vec<(Option<Name>, Constraint)>,
    options: BTreeMap<String, String>,
    /// The primary key as a constraint of the table says it, where it says more than its columns.
    key_of_table: Option<String>,
    key_repeats: bool,
}

enum Constraint {
    Unique { key: Key, on_conflict: Option<String> },
    Check { sql: String, column: Option<Name> },
    ForeignKey(ForeignKey),
}

/// Reads a `CREATE TABLE` statement.
pub(super) fn read(name: &str, sql: &str) -> Result<Read, String> {
    let mut cursor = Cursor::new(sql)?;
    cursor.expect(&["CREATE"])?;
    cursor.expect(&["TABLE"])?;
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    cursor.qualified_name()?;
    if !cursor.eat_kind(Kind::Open) {
        return Err("`(` was expected".to_owned());
    }
    let name = Name::new(name).map_err(|error| error.to_string())?;
    let mut read = Read {
        table: Table::new(Qualified::local(name)),
        constraints: Vec::new(),
        options: BTreeMap::new(),
        key_of_table: None,
        key_repeats: false,
    };
    while !cursor.eat_kind(Kind::Close) {
        // The comma between two table constraints may be missing.
        if cursor.eat_kind(Kind::Comma) {
            continue;
        }
        if TABLE_CONSTRAINTS.iter().any(|word| cursor.sees(&[word])) {
            read.table_constraint(&mut cursor)?;
        } else {
            read.column(&mut cursor)?;
        }
    }
    read.table_options(&mut cursor)?;
    read.name_constraints();
    read.table.options = std::mem::take(&mut read.options);
    // Said of the table, a direction or collation of the row's own number says nothing.
    if let Some(detail) = read.key_of_table.take()
        && !options::is_lone_integer(&read.table)
    {
        read.table.options.insert(Of::Primary.key(), detail);
    }
    // `PRIMARY KEY (id, id)` is no row's own number, and so it is said.
    if let Some(key) = &read.table.primary_key
        && read.key_repeats
        && options::is_lone_integer(&read.table)
    {
        let detail = format!("{} DESC", quoted_name(key.columns[0].as_str()));
        read.table.options.insert(Of::Primary.key(), detail);
    }
    Ok(read)
}

const TABLE_CONSTRAINTS: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// Words that end a column's type.
const COLUMN_CONSTRAINTS: &[&str] = &[
    "CONSTRAINT",
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "AS",
    "DEFERRABLE",
    "ON",
];

impl Read {
    fn column(&mut self, cursor: &mut Cursor<'_>) -> Result<(), String> {
        let name = cursor.name()?;
        let mut column = Column::new(name, ty(cursor)?);
        column.nullable = true;
        let mut constraint = None;
        loop {
            if cursor.eat(&["CONSTRAINT"]) {
                constraint = Some(cursor.name()?);
            } else if matches!(cursor.peek_kind(), None | Some(Kind::Comma | Kind::Close)) {
                break;
            } else {
                self.column_constraint(cursor, &mut column, constraint.take())?;
            }
        }
        self.table.columns.push(column);
        Ok(())
    }

    fn column_constraint(
        &mut self,
        cursor: &mut Cursor<'_>,
        column: &mut Column,
        name: Option<Name>,
    ) -> Result<(), String> {
        let own = vec![column.name.clone()];
        if cursor.eat(&["PRIMARY", "KEY"]) {
            if !cursor.eat(&["ASC"]) && cursor.eat(&["DESC"]) {
                let detail = format!("{} DESC", quoted_name(column.name.as_str()));
                self.options.insert(Of::Primary.key(), detail);
            }
            let on_conflict = on_conflict(cursor)?;
            if cursor.eat(&["AUTOINCREMENT"]) {
                column.value = ColumnValue::identity(Identity::Serial);
            }
            self.primary_key(own, on_conflict);
        } else if cursor.eat(&["NOT", "NULL"]) {
            column.nullable = false;
            if let Some(what) = on_conflict(cursor)? {
                column.options.insert(ON_CONFLICT.to_owned(), what);
            }
        } else if cursor.eat(&["NULL"]) {
            on_conflict(cursor)?;
        } else if cursor.eat(&["UNIQUE"]) {
            let key = Key {
                columns: own,
                autoincrement: false,
                detail: None,
                repeats: false,
            };
            let on_conflict = on_conflict(cursor)?;
            self.constraints.push((name, Constraint::Unique { key, on_conflict }));
        } else if cursor.eat(&["CHECK"]) {
            let sql = text(&cursor.parentheses()?);
            on_conflict(cursor)?;
            self.constraints.push((
                name,
                Constraint::Check {
                    sql,
                    column: Some(column.name.clone()),
                },
            ));
        } else if cursor.eat(&["DEFAULT"]) {
            column.value = ColumnValue::Default(Expr::Sql(default(cursor)?));
        } else if cursor.eat(&["COLLATE"]) {
            column.collation = Some(cursor.name()?);
        } else if cursor.eat(&["REFERENCES"]) {
            self.constraints
                .push((name, Constraint::ForeignKey(references(cursor, own)?)));
        } else if cursor.eat(&["GENERATED", "ALWAYS", "AS"]) || cursor.eat(&["AS"]) {
            let expr = Expr::Sql(text(&cursor.parentheses()?));
            let stored = cursor.eat(&["STORED"]);
            cursor.eat(&["VIRTUAL"]);
            column.value = ColumnValue::Generated { expr, stored };
        } else {
            let found = cursor.next()?.text;
            return Err(format!(
                "the column `{}` says `{found}`, which is not understood",
                column.name
            ));
        }
        Ok(())
    }

    fn table_constraint(&mut self, cursor: &mut Cursor<'_>) -> Result<(), String> {
        let name = if cursor.eat(&["CONSTRAINT"]) {
            Some(cursor.name()?)
        } else {
            None
        };
        if cursor.eat(&["PRIMARY", "KEY"]) {
            let key = key(cursor)?;
            if key.autoincrement
                && let Some(column) = self
                    .table
                    .columns
                    .iter_mut()
                    .find(|column| key.columns.iter().any(|name| same(name.as_str(), column.name.as_str())))
            {
                column.value = ColumnValue::identity(Identity::Serial);
            }
            let on_conflict = on_conflict(cursor)?;
            self.key_of_table = key.detail;
            self.key_repeats = key.repeats;
            self.primary_key(key.columns, on_conflict);
        } else if cursor.eat(&["UNIQUE"]) {
            let key = key(cursor)?;
            let on_conflict = on_conflict(cursor)?;
            self.constraints.push((name, Constraint::Unique { key, on_conflict }));
        } else if cursor.eat(&["CHECK"]) {
            let sql = text(&cursor.parentheses()?);
            on_conflict(cursor)?;
            self.constraints.push((name, Constraint::Check { sql, column: None }));
        } else if cursor.eat(&["FOREIGN", "KEY"]) {
            let columns = names(&cursor.parentheses()?)?;
            cursor.expect(&["REFERENCES"])?;
            self.constraints
                .push((name, Constraint::ForeignKey(references(cursor, columns)?)));
        } else if name.is_none() {
            return Err("a constraint is not understood".to_owned());
        }
        Ok(())
    }

    fn primary_key(&mut self, columns: Vec<Name>, on_conflict: Option<String>) {
        let name = default_names::primary_key(&self.table.name.name);
        if let Some(what) = on_conflict {
            self.options.insert(Of::Primary.conflict(), what);
        }
        self.table.primary_key = Some(PrimaryKey::new(name, columns));
    }

    fn table_options(&mut self, cursor: &mut Cursor<'_>) -> Result<(), String> {
        while !cursor.is_at_end() {
            if cursor.eat(&["STRICT"]) {
                self.options.insert(STRICT.to_owned(), String::new());
            } else if cursor.eat(&["WITHOUT", "ROWID"]) {
                self.options.insert(WITHOUT_ROWID.to_owned(), String::new());
            } else if !cursor.eat_kind(Kind::Comma) && !cursor.eat_kind(Kind::Semicolon) {
                let found = cursor.next()?.text;
                return Err(format!("it ends in `{found}`, which is not understood"));
            }
        }
        Ok(())
    }

    /// Those with a name of their own first, so that a made-up name never takes one of theirs.
    fn name_constraints(&mut self) {
        let (named, unnamed): (Vec<_>, Vec<_>) = std::mem::take(&mut self.constraints)
            .into_iter()
            .partition(|(name, _)| name.is_some());
        for (name, constraint) in named.into_iter().chain(unnamed) {
            let name = name.unwrap_or_else(|| self.default_name(&constraint));
            self.add(name, constraint);
        }
    }

    fn default_name(&self, constraint: &Constraint) -> Name {
        let table = &self.table.name.name;
        match constraint {
            Constraint::Unique { key, .. } => default_names::constraint(table, &key.columns, "key"),
            Constraint::ForeignKey(key) => default_names::constraint(table, &key.columns, "fkey"),
            Constraint::Check {
                column: Some(column), ..
            } => default_names::constraint(table, std::slice::from_ref(column), "check"),
            Constraint::Check { sql, column: None } => {
                let columns: Vec<Name> = self.table.columns.iter().map(|column| column.name.clone()).collect();
                let scope = Scope {
                    table,
                    columns: &columns,
                };
                let mut used = expr::columns_of(&Expr::Sql(sql.clone()), scope);
                if used.len() > 1 {
                    used.clear();
                }
                default_names::constraint(table, &used, "check")
            }
        }
    }

    fn add(&mut self, name: Name, constraint: Constraint) {
        let table = &mut self.table;
        match constraint {
            Constraint::Unique { key, on_conflict } => {
                let name = default_names::free(name, &table.uniques);
                if let Some(what) = on_conflict {
                    self.options.insert(Of::Unique(&name).conflict(), what);
                }
                if let Some(detail) = key.detail {
                    self.options.insert(Of::Unique(&name).key(), detail);
                }
                let unique = Unique::new(name.clone(), key.columns);
                table.uniques.insert(name, unique);
            }
            Constraint::Check { sql, .. } => {
                let name = default_names::free(name, &table.checks);
                let check = Check::new(name.clone(), Expr::Sql(sql));
                table.checks.insert(name, check);
            }
            Constraint::ForeignKey(mut key) => {
                key.name = default_names::free(name, &table.foreign_keys);
                table.foreign_keys.insert(key.name.clone(), key);
            }
        }
    }
}

fn ty(cursor: &mut Cursor<'_>) -> Result<SqlType, String> {
    let mut raw = String::new();
    while cursor.peek().is_some_and(|token| {
        token.is_name() && !(token.kind == Kind::Word && COLUMN_CONSTRAINTS.iter().any(|word| token.is(word)))
    }) && !cursor.sees(&["GENERATED", "ALWAYS"])
    {
        if !raw.is_empty() {
            raw.push(' ');
        }
        raw.push_str(cursor.next()?.text);
    }
    if !raw.is_empty() && cursor.peek_kind() == Some(Kind::Open) {
        raw.push('(');
        raw.push_str(&text(&cursor.parentheses()?));
        raw.push(')');
    }
    Sqlite.parse(&raw).map_err(|error| error.to_string())
}

fn default(cursor: &mut Cursor<'_>) -> Result<String, String> {
    if cursor.peek_kind() == Some(Kind::Open) {
        return Ok(text(&cursor.parentheses()?));
    }
    let token = cursor.next()?;
    if token.kind == Kind::Operator {
        return Ok(format!("{} {}", token.text, cursor.next()?.text));
    }
    Ok(token.text.to_owned())
}
