//! Values for the rows that are there when a column must have one from now on: asked for, never guessed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::fill::literal;
use super::question::shell;
use super::{Change, TableChange};
use crate::error::{Error, Result};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, ForeignKey, SqlType, Table};
use crate::lex::{Kind, Lexis, tokens};

/// A column that must have a value from now on, of a table that may have rows without one.
///
/// Answered with [`Backfills::answer`], or on the command line with [`flag`](NeededValue::flag) or
/// [`none_flag`](NeededValue::none_flag).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeededValue {
    /// The table, by its new name.
    pub table: Qualified,
    /// The column as it will be.
    pub column: Column,
    /// Whether it is new; otherwise it was there, and NULL was allowed.
    pub added: bool,
}

impl NeededValue {
    /// The columns among the changes of a [`diff`](super::diff) for which rows that are there need a value.
    ///
    /// A table that is a part of another (a partition, a child) gets the value with that one, be it a default that only that
    /// one has.
    #[must_use]
    pub fn of(changes: &[Change]) -> Vec<Self> {
        let mut found = Vec::new();
        let mut parents = BTreeMap::new();
        let mut given = BTreeSet::new();
        let mut counted = BTreeSet::new();
        for change in changes {
            let Change::AlterTable { from, to, changes } = change else {
                continue;
            };
            parents.insert(&to.name, (from, to.parents().collect::<Vec<_>>()));
            for change in changes {
                if let TableChange::AddColumn(column) = change
                    && !column.nullable
                    && matches!(column.value, ColumnValue::Default(_))
                {
                    given.insert((&to.name, &column.name));
                }
                if let TableChange::AlterColumn { from, to: column } = change
                    && from.nullable
                    && matches!(column.value, ColumnValue::Identity(..))
                {
                    counted.insert((&to.name, &column.name));
                }
                let (column, added) = match change {
                    TableChange::AddColumn(column) if needs_values(column, to) => (column, true),
                    TableChange::AlterColumn { from, to } if from.nullable && holds_values(&to.value) => (to, false),
                    _ => continue,
                };
                if !column.nullable {
                    found.push(Self {
                        table: to.name.clone(),
                        column: column.clone(),
                        added,
                    });
                }
            }
        }
        let own = |needed: &Self| {
            let Some((from, above)) = parents.get(&needed.table) else {
                return true;
            };
            let column = &needed.column.name;
            let same = |table: &Qualified| found.iter().any(|other| other.is(table, column));
            // A table that only joins has its rows without what comes to those that are there.
            let has = |table: &Qualified| {
                needed.added && given.contains(&(table, column)) && from.parents().any(|parent| parent == table)
            };
            let counts = |table: &Qualified| counted.contains(&(table, column));
            !above.iter().any(|table| same(table) || has(table) || counts(table))
        };
        found.iter().filter(|needed| own(needed)).cloned().collect()
    }

    /// What is asked, in one sentence without its end: `` rows of `tasks` need a value for the new column `title` ``.
    #[must_use]
    pub fn asked(&self) -> String {
        let (table, column) = (&self.table, &self.column.name);
        match self.added {
            true => format!("rows of `{table}` need a value for the new column `{column}`, which has no default"),
            false => format!("rows of `{table}` that hold NULL need a value for `{column}`, which becomes NOT NULL"),
        }
    }

    /// The flag that gives a value: `--backfill tasks.title=<SQL>`, with an example in place of `<SQL>` where there is one.
    #[must_use]
    pub fn flag(&self) -> String {
        let example = self.example();
        format!(
            "--backfill {}",
            shell(&format!("{self}={}", example.as_deref().unwrap_or("<SQL>")))
        )
    }

    /// The flag that says that no row needs one: `--no-backfill tasks.title`.
    #[must_use]
    pub fn none_flag(&self) -> String {
        format!("--no-backfill {}", shell(&self.to_string()))
    }

    /// What could be given, in SQL that every engine reads: the default, or the plainest value of the type.
    #[must_use]
    pub fn example(&self) -> Option<String> {
        if let ColumnValue::Default(value) = &self.column.value {
            return literal(value, Lexis::POSTGRES);
        }
        let example = match &self.column.ty {
            SqlType::Bool => "false",
            SqlType::Int { .. } | SqlType::Float { .. } | SqlType::Decimal(_) => "0",
            SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) => "''",
            SqlType::Date => "CURRENT_DATE",
            SqlType::Timestamp { .. } => "CURRENT_TIMESTAMP",
            SqlType::Json { .. } => "'{}'",
            _ => return None,
        };
        Some(example.to_owned())
    }

    pub(crate) fn is(&self, table: &Qualified, column: &Name) -> bool {
        self.table == *table && self.column.name == *column
    }
}

impl fmt::Display for NeededValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.table, self.column.name)
    }
}

/// `{ "column", "added", "flag", "none": { "flag" } }`, for a program that answers.
impl Serialize for NeededValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct Without {
            flag: String,
        }
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("column", &self.to_string())?;
        map.serialize_entry("added", &self.added)?;
        map.serialize_entry("flag", &self.flag())?;
        map.serialize_entry("none", &Without { flag: self.none_flag() })?;
        map.end()
    }
}

/// Whether nothing gives the rows that are there a value for a column that comes. A counter does, but not one that another
/// table has.
pub(super) fn needs_values(column: &Column, table: &Table) -> bool {
    let points = |key: &ForeignKey| key.columns == [column.name.clone()];
    match column.value {
        ColumnValue::Required => true,
        ColumnValue::Identity(..) => table.foreign_keys.values().any(points),
        _ => false,
    }
}

fn holds_values(value: &ColumnValue) -> bool {
    matches!(value, ColumnValue::Required | ColumnValue::Default(_))
}

/// Values that were given, by table and column; `None` where no row needs one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backfills {
    given: BTreeMap<(Qualified, Name), Option<String>>,
}

impl Backfills {
    /// Whether there is an answer.
    #[must_use]
    pub fn answers(&self, needed: &NeededValue) -> bool {
        self.get(&needed.table, &needed.column.name).is_some()
    }

    /// The answer for a column: `Some(None)` where no row needs a value.
    #[must_use]
    pub fn get(&self, table: &Qualified, column: &Name) -> Option<Option<&str>> {
        let answer = self.given.get(&(table.clone(), column.clone()));
        answer.map(Option::as_deref)
    }

    /// Adds an answer: an SQL expression, which may say other columns of the row, or `None` where no row needs a value.
    ///
    /// # Errors
    ///
    /// When it is not one expression: it is empty, a parenthesis or a quote stays open, or it holds a `;` or a comment.
    pub fn answer(&mut self, needed: &NeededValue, value: Option<&str>, lexis: Lexis) -> Result<()> {
        let value = value.map(str::trim);
        if let Some(Err(reason)) = value.map(|value| expression(value, lexis)) {
            return Err(Error::validation(format!(
                "the value for `{needed}` is no SQL expression: {reason}; write one like `'a text'`, `0` or `lower(name)`"
            )));
        }
        let key = (needed.table.clone(), needed.column.name.clone());
        self.given.insert(key, value.map(str::to_owned));
        Ok(())
    }

    /// Adds an answer that nobody gave, but the plan itself.
    pub(crate) fn set(&mut self, needed: &NeededValue, value: &str) {
        let key = (needed.table.clone(), needed.column.name.clone());
        self.given.insert(key, Some(value.to_owned()));
    }

    /// Reads the values of `--backfill table.column=SQL` and `--no-backfill table.column`.
    ///
    /// # Errors
    ///
    /// When a flag fits none of the columns that need a value, or its value is no expression.
    pub fn from_flags<S: AsRef<str>>(
        values: &[S],
        without: &[S],
        needed: &[NeededValue],
        lexis: Lexis,
    ) -> Result<Self> {
        let mut read = Self::default();
        for flag in values.iter().map(AsRef::as_ref) {
            let fitting = needed.iter().find_map(|needed| {
                let rest = flag.strip_prefix(&needed.to_string())?;
                Some((needed, rest.trim_start().strip_prefix('=')?))
            });
            let (needed, value) = fitting.ok_or_else(|| unfit("--backfill", flag, needed))?;
            read.answer(needed, Some(value), lexis)?;
        }
        for flag in without.iter().map(AsRef::as_ref) {
            let fitting = needed.iter().find(|needed| needed.to_string() == flag);
            let fitting = fitting.ok_or_else(|| unfit("--no-backfill", flag, needed))?;
            read.answer(fitting, None, lexis)?;
        }
        Ok(read)
    }

    /// Adds other answers; those win.
    pub fn extend(&mut self, other: Self) {
        self.given.extend(other.given);
    }

    /// The changes with the values for rows in them.
    #[must_use]
    pub fn fill(&self, mut changes: Vec<Change>) -> Vec<Change> {
        let needed = NeededValue::of(&changes);
        changes.extend(needed.into_iter().filter_map(|needed| {
            let value = self.get(&needed.table, &needed.column.name)??.to_owned();
            Some(Change::Fill {
                table: needed.table,
                column: needed.column.name,
                value,
            })
        }));
        changes
    }
}

fn unfit(flag: &str, value: &str, needed: &[NeededValue]) -> Error {
    let all = needed.iter().map(|needed| format!("`{needed}`")).collect::<Vec<_>>();
    let hint = match all.as_slice() {
        [] => "no column needs a value for rows that are there".to_owned(),
        all => format!("a value is needed for {}", all.join(", ")),
    };
    let form = match flag {
        "--backfill" => "; write `--backfill table.column=SQL`",
        _ => "",
    };
    Error::validation(format!("`{flag} {value}`: {hint}{form}"))
}

/// Whether a text is one expression as far as words and parentheses tell.
fn expression(sql: &str, lexis: Lexis) -> std::result::Result<(), &'static str> {
    if sql.is_empty() {
        return Err("it is empty");
    }
    // What stays open swallows the parenthesis that is put behind it.
    let closed = format!("({sql})");
    let mut open = 0_usize;
    for token in tokens(&closed, lexis) {
        let last = token.start + token.text.len() == closed.len();
        match (token.kind, token.text) {
            (Kind::Comment, _) => return Err("it holds a comment"),
            (Kind::Sign, ";") => return Err("it holds a `;`"),
            (Kind::Sign, "(") => open += 1,
            (Kind::Sign, ")") => open -= 1,
            _ if last => return Err("a quote stays open"),
            _ => {}
        }
        match open {
            0 if !last => return Err("it closes a parenthesis that is not open"),
            1.. if last => return Err("a parenthesis stays open"),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Backfills, NeededValue};
    use crate::diff::{Change, Renames, diff};
    use crate::ident::{Name, Qualified};
    use crate::ir::{Column, ColumnValue, Expr, Schema, SqlType, Table};
    use crate::lex::Lexis;

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    fn schema(columns: &[Column]) -> Schema {
        let mut table = Table::new(Qualified::local(name("tasks")));
        table.columns = columns.to_vec();
        Schema {
            tables: [(table.name.clone(), table)].into(),
            ..Schema::default()
        }
    }

    fn column(text: &str, nullable: bool) -> Column {
        Column {
            nullable,
            ..Column::new(name(text), SqlType::Text)
        }
    }

    fn needed(from: &[Column], to: &[Column]) -> (Vec<Change>, Vec<NeededValue>) {
        let changes = diff(&schema(from), &schema(to), &Renames::default()).changes;
        let needed = NeededValue::of(&changes);
        (changes, needed)
    }

    #[test]
    fn what_must_have_a_value_from_now_on_needs_one_and_nothing_else_does() {
        let with_default = Column {
            value: ColumnValue::Default(Expr::Text("x".to_owned())),
            ..column("state", false)
        };
        let before = [column("id", false), column("note", true), column("title", true)];
        let after = [
            column("id", false),
            column("note", true),
            column("title", false),
            column("owner", false),
            column("due", true),
            with_default,
        ];
        let (changes, found) = needed(&before, &after);
        let names = found.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names, ["tasks.owner", "tasks.title"]);
        assert_eq!(found[0].flag(), r"--backfill 'tasks.owner='\'''\'''");
        assert_eq!(found[1].none_flag(), "--no-backfill tasks.title");

        let values = ["tasks.owner = lower(title)"];
        let given = Backfills::from_flags(&values, &["tasks.title"], &found, Lexis::SQLITE).unwrap();
        assert!(found.iter().all(|needed| given.answers(needed)));
        let filled = given.fill(changes.clone());
        assert_eq!(filled.len(), changes.len() + 1);
        assert_eq!(
            filled.last(),
            Some(&Change::Fill {
                table: Qualified::local(name("tasks")),
                column: name("owner"),
                value: "lower(title)".to_owned(),
            })
        );
    }

    #[test]
    fn a_new_table_needs_nothing() {
        let to = schema(&[column("id", false)]);
        let changes = diff(&Schema::default(), &to, &Renames::default()).changes;
        assert_eq!(NeededValue::of(&changes), []);
    }

    #[test]
    fn only_one_expression_can_be_given() {
        let (_, found) = needed(&[column("id", false)], &[column("id", false), column("title", false)]);
        let read = |value: &str| {
            let value = format!("tasks.title={value}");
            Backfills::from_flags(&[value.as_str()], &[], &found, Lexis::POSTGRES).map(drop)
        };
        for good in ["''", "';--'", "(1)", "coalesce(a, (SELECT max(b) FROM c))", "$$;)$$"] {
            assert!(read(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            (" ", "empty"),
            ("1; DROP TABLE tasks", "`;`"),
            ("1 -- one", "comment"),
            ("1 /* one", "comment"),
            ("'a", "quote"),
            ("(1", "stays open"),
            ("1)", "not open"),
            ("1) + (1", "not open"),
        ] {
            let error = read(bad).expect_err(bad).to_string();
            assert!(error.contains(why), "{bad}: {error}");
        }
        let unknown = Backfills::from_flags(&["tasks.titel=''"], &[], &found, Lexis::POSTGRES);
        let error = unknown.unwrap_err().to_string();
        assert!(error.contains("needed for `tasks.title`"), "{error}");
    }
}
