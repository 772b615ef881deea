//! The parts of a statement that engines spell differently.

use super::{Function, JoinKind, JsonStep, Lock, json_path};
use crate::ident::Name;
use crate::value::{KindId, Value};

/// How what is of a type that one engine alone has is read as a value of a portable kind.
#[derive(Clone, Copy, Debug)]
pub struct ReadAs {
    /// What stands before it, and behind it.
    pub around: (&'static str, &'static str),
    /// The cast of a bound value to what it is bound as.
    pub bound: &'static str,
}

/// The parts of a statement that engines spell differently.
pub trait QuerySyntax {
    /// Writes an identifier, quoted. The only quoting function of an engine.
    fn quote_str(&self, name: &str, sql: &mut String);
    /// Writes a name, quoted.
    fn quote(&self, name: &Name, sql: &mut String) {
        self.quote_str(name.as_str(), sql);
    }
    /// The schema that the name of a table which says none must be said with, lest the engine take another table.
    fn home(&self, _table: &str) -> Option<&'static str> {
        None
    }
    /// Writes the name of a table with its schema, quoted.
    fn quote_table(&self, schema: Option<&str>, name: &str, sql: &mut String) {
        if let Some(schema) = schema.or_else(|| self.home(name)) {
            self.quote_str(schema, sql);
            sql.push('.');
        }
        self.quote_str(name, sql);
    }
    /// Writes the placeholder of the bound value number `n`, from 1.
    fn placeholder(&self, n: usize, sql: &mut String);
    /// Writes the placeholder of the bound value number `n` of an enum type, which is bound as text, or of a list of such
    /// values where `list`.
    ///
    /// An engine with enum types of its own casts it; `schema` and `name` are those of the type, unquoted.
    fn enum_placeholder(&self, n: usize, _schema: Option<&str>, _name: &str, _list: bool, sql: &mut String) {
        self.placeholder(n, sql);
    }
    /// How a column of the type `ty`, which this engine alone has, is read as a value of this kind. `None` where its driver gives
    /// it so.
    fn read_as(&self, _kind: KindId, _ty: &str) -> Option<ReadAs> {
        None
    }
    /// How a text is compared with a pattern, case taken for case, or not where `ignore_case`.
    fn pattern(&self, ignore_case: bool) -> Pattern;
    /// What follows a pattern so that `\` escapes its special characters.
    fn pattern_escape(&self) -> &'static str {
        r" ESCAPE '\'"
    }
    /// The database's clock: an instant where `zoned`, or else what a clock on the wall shows in UTC. It is of the form in
    /// which values are kept.
    fn now(&self, zoned: bool) -> &'static str;
    /// Whether `DEFAULT` can stand among the values of an insert of several rows.
    fn has_default_values(&self) -> bool {
        true
    }
    /// Whether values of this kind are compared, sorted and calculated with by their size, and not as the text that the
    /// engine keeps instead.
    fn has_size(&self, _kind: KindId) -> bool {
        true
    }
    /// What follows the table's name in an insert of a row that gives no value at all.
    fn no_values(&self) -> &'static str {
        " DEFAULT VALUES"
    }
    /// Whether it has `NULLS FIRST` and `NULLS LAST`.
    fn has_nulls_order(&self) -> bool {
        true
    }
    /// How an insert says what to do with a row that is there already.
    fn upsert(&self) -> Upsert {
        Upsert::OnConflict
    }
    /// How a statement is given many keys at once.
    fn key_list(&self) -> KeyList;
    /// Whether a column of texts may hold different ones that the engine takes for equal: a column of this type and with this
    /// collation, where the declaration names them.
    fn has_spellings(&self, ty: Option<&str>, collation: Option<&str>) -> bool;
    /// What stands before and behind a text so that it is compared byte by byte.
    fn text_bytes(&self) -> (&'static str, &'static str);
    /// How rows of values stand in a statement as something to join with.
    fn row_source(&self) -> RowSource {
        RowSource::Values
    }
    /// How the first rows of each key are found.
    fn per_row(&self) -> PerRow {
        PerRow::Ranked
    }
    /// The type that a cast to a whole number of 8 bytes names.
    fn bigint(&self) -> &'static str {
        "bigint"
    }
    /// How a function is spelled, with `{0}`, `{1}`, … for its arguments.
    ///
    /// # Errors
    ///
    /// What to do instead, where the engine does not have it.
    fn function(&self, function: Function) -> Result<&'static str, &'static str>;
    /// The type that a cast to values of this kind names; `None` where there is no such cast.
    fn cast_type(&self, kind: KindId) -> Option<&'static str>;
    /// What stands before and after a list of values of this kind that is bound as one, so that it is a query of its values;
    /// `None` where the engine cannot take it so.
    fn many(&self, _kind: KindId) -> Option<(&'static str, &'static str)> {
        None
    }
    /// A path into a JSON document as a value to bind.
    fn json_path(&self, steps: &[JsonStep]) -> Value {
        Value::Text(json_path(steps))
    }
    /// Words that all must be found by [`Function::Search`], as SQL around values to bind: each piece stands before a value, and the
    /// last text behind them all. What means something to the engine's search is only text in them.
    fn sought(&self, words: &str) -> (Vec<(&'static str, Value)>, &'static str) {
        (vec![("", Value::Text(words.to_owned()))], "")
    }
    /// What follows a query whose rows are locked, where the engine locks rows.
    fn lock(&self, lock: Lock) -> Option<&'static str>;
    /// Whether it has joins of this kind.
    fn has_join(&self, join: JoinKind) -> bool;
    /// How an update or a delete names other tables.
    fn joined_writes(&self) -> JoinedWrites;
    /// Whether `HAVING` finds what the query is grouped by where that is more than a column.
    fn has_keys_in_having(&self) -> bool {
        true
    }
    /// Whether it has `DISTINCT ON`.
    fn has_distinct_on(&self) -> bool {
        false
    }
}

/// The words of a search: what stands between spaces, where a letter or a digit is in it.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let apart = text.split(|c: char| c.is_whitespace() || c.is_control());
    apart.filter(|word| word.contains(char::is_alphanumeric))
}

/// How an update or a delete names tables beside the one that it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinedWrites {
    /// `UPDATE … SET … FROM`, `DELETE FROM … USING`.
    From,
    /// `UPDATE … SET … FROM`; a delete has a subquery.
    FromInUpdate,
    /// `UPDATE … JOIN … SET`, `DELETE … FROM … JOIN`.
    Joined,
}

/// How a statement is given many keys at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyList {
    /// As one array: `= ANY($1)`, `unnest($1, $2)`.
    Array,
    /// As one JSON text: `IN (SELECT value FROM json_each(?))`.
    Json,
    /// Each by itself: `IN (?, ?, …)`.
    Values,
}

/// How rows of values stand in a statement as something to join with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowSource {
    /// As `VALUES`, whose columns are `column1` and so on, after `FROM`.
    Values,
    /// As a `UNION` of rows, joined before `SET`.
    Select,
}

impl RowSource {
    /// The name of a column of the rows, from 0.
    #[must_use]
    pub fn name(self, at: usize) -> String {
        format!("column{}", at + 1)
    }
}

/// How the first rows of each of many keys are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PerRow {
    /// By a lateral subquery for each key.
    Lateral,
    /// By a window function that numbers the rows of each key.
    Ranked,
}

/// How an engine compares a text with a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// By an operator that takes `%` and `_`, with `\` as the escape character.
    Like(&'static str),
    /// By `LIKE`, with both sides in lower case.
    Folded,
    /// By an operator that takes `*`, `?` and character sets (SQLite, whose `LIKE` always ignores the case).
    Glob(&'static str),
}

/// How an insert says what to do with a row that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upsert {
    /// `ON CONFLICT (…)`, which names the unique columns.
    OnConflict,
    /// `ON DUPLICATE KEY UPDATE`, which holds for every unique key.
    OnDuplicateKey,
}

/// Writes a name in quotes, those in it twice.
pub(super) fn push_quoted(name: &str, quote: char, sql: &mut String) {
    sql.reserve(name.len() + 2);
    sql.push(quote);
    // Nearly always so, and a search that is set up for longer texts takes longer than this.
    if name.bytes().all(|byte| u32::from(byte) != u32::from(quote)) {
        sql.push_str(name);
        sql.push(quote);
        return;
    }
    for (at, part) in name.split(quote).enumerate() {
        if at > 0 {
            sql.extend([quote, quote]);
        }
        sql.push_str(part);
    }
    sql.push(quote);
}
