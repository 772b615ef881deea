//! What differs from engine to engine, behind traits. Nothing outside of this module matches on a dialect.
//!
//! Each engine has a folder: its types, its normal form, its DDL, its catalog. [`ALL`] lists them; whatever must know of
//! every engine (URL schemes, values of the command line, loops of tests) iterates it.

mod characters;
mod fill;
mod function;
mod head;
mod lacking;
#[cfg(feature = "live")]
pub mod live;
pub mod mysql;
mod objects;
pub mod online;
pub mod postgres;
#[cfg(feature = "live")]
pub(crate) mod session;
pub mod sqlite;
mod trial;
mod version;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub(crate) use self::function::json_path;
pub use self::function::{Function, JoinKind, JsonStep, Lock};
pub use self::objects::{Objects, Uses};
use self::online::Online;
pub use self::trial::{Doubts, Trial, Trials};
pub use self::version::{Need, Needed, ServerVersion, Versions, too_new, too_new_between};
use crate::diff::{Change, OwnValues, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Enum, Expr, Schema, SqlType, Table};
use crate::lex::Lexis;
use crate::plan::Steps;
use crate::value::{KindId, Value};

/// Every engine, in the order they are listed to users.
pub static ALL: &[&dyn Dialect] = &[&self::postgres::Postgres, &self::sqlite::Sqlite, &self::mysql::Mysql];

/// Writes a name in quotes, those in it twice.
fn push_quoted(name: &str, quote: char, sql: &mut String) {
    sql.push(quote);
    for (at, part) in name.split(quote).enumerate() {
        if at > 0 {
            sql.extend([quote, quote]);
        }
        sql.push_str(part);
    }
    sql.push(quote);
}

/// The dialect of that name (`postgres`, `sqlite`, `mysql`).
#[must_use]
pub fn by_name(name: &str) -> Option<&'static dyn Dialect> {
    ALL.iter().copied().find(|dialect| dialect.id().as_str() == name)
}

/// The dialect that a database URL names by its scheme.
#[must_use]
pub fn by_url(url: &str) -> Option<&'static dyn Dialect> {
    let (scheme, _) = url.split_once(':')?;
    ALL.iter()
        .copied()
        .find(|dialect| dialect.url_schemes().contains(&scheme))
}

/// The name of a dialect, as files and the command line spell it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DialectId(&'static str);

impl DialectId {
    /// For the dialects themselves.
    pub(crate) const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Debug for DialectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for DialectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The pure half of an engine: no connection, always compiled, tested without a database.
pub trait Dialect:
    Types + Normalize + Versions + Emit + Objects + Trials + QuerySyntax + Catalog + Send + Sync + 'static
{
    /// Its name in files and on the command line.
    fn id(&self) -> DialectId;
    /// Its name for people.
    fn title(&self) -> &'static str;
    /// The schemes of its URLs; the first is the one that is shown.
    fn url_schemes(&self) -> &'static [&'static str];
    /// The URL of a developer's own database, to be shown and to begin with.
    fn sample_url(&self) -> &'static str;
    /// What it can do.
    fn caps(&self) -> &'static Caps;
    /// Its name in traces, by OpenTelemetry's conventions.
    fn telemetry_name(&self) -> &'static str;
    /// What a string or a comment is in its scripts.
    fn lexis(&self) -> Lexis;
    /// How it changes tables that are in use; `None` where nothing is to be gained: one writer has the whole database.
    fn online(&self) -> Option<&'static dyn Online> {
        None
    }
    /// The name of the sequence that a column gets when it begins to count; `None` where the engine has no sequences.
    fn counter_name(&self, _table: &Qualified, _column: &Name) -> Option<Qualified> {
        None
    }
    /// How a script switches foreign keys off around its transaction; `None` where the engine never needs it.
    fn envelope(&self) -> Option<Envelope> {
        None
    }
}

/// Statements around a script that must run without foreign keys.
///
/// A file says them, so that whoever runs it by other means is safe, too; a runner that reads them with
/// [`read`](crate::plan::read) does the same in its own way, with its bookkeeping inside of the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Before the first statement: foreign keys off, then BEGIN.
    pub open: &'static [&'static str],
    /// After the last: COMMIT, then foreign keys on.
    pub close: &'static [&'static str],
}

/// What an engine can do, where shared code must know.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// Whether DDL can be rolled back.
    pub transactional_ddl: bool,
    /// The longest identifier it keeps whole.
    pub max_identifier: IdentifierLimit,
    /// How an enum is kept.
    pub enums: EnumStorage,
    /// Which statements can return the rows that they write.
    pub returning: Returning,
    /// Whether it has named schemas.
    pub schemas: bool,
    /// Whether a foreign key can be added to a table that exists. Where not, tables may name tables that do not exist yet.
    pub add_foreign_key: bool,
    /// The most values one statement can bind.
    pub max_binds: usize,
    /// Whether the tables and indexes of a schema share their names, so that no two tables can have an index of one name.
    pub shared_index_names: bool,
    /// Whether all foreign keys of a database share their names, and not only those of one table.
    pub shared_foreign_key_names: bool,
}

/// Which statements of an engine can return the rows that they write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returning {
    /// INSERT.
    pub insert: bool,
    /// UPDATE.
    pub update: bool,
    /// DELETE.
    pub delete: bool,
}

impl Returning {
    /// All of them.
    pub(crate) const ALL: Self = Self {
        insert: true,
        update: true,
        delete: true,
    };
}

/// The longest identifier an engine keeps whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentifierLimit {
    /// So many bytes.
    Bytes(usize),
    /// So many characters.
    Chars(usize),
    /// No limit that a name reaches.
    None,
}

impl From<EnumStorage> for OwnValues {
    fn from(storage: EnumStorage) -> Self {
        match storage {
            EnumStorage::Type => Self::None,
            EnumStorage::Inline => Self::InType,
            EnumStorage::Check => Self::InCheck,
        }
    }
}

/// How an engine keeps an enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnumStorage {
    /// As a type of its own.
    Type,
    /// As part of each column's type.
    Inline,
    /// As text with a check.
    Check,
}

/// The names of types.
pub trait Types {
    /// Reads a type as the engine or a user spells it.
    ///
    /// # Errors
    ///
    /// When the engine has no such type.
    fn parse(&self, raw: &str) -> Result<SqlType, TypeError>;

    /// Writes a type in its one canonical spelling.
    ///
    /// # Errors
    ///
    /// When the engine has no such type.
    fn format(&self, ty: &SqlType) -> Result<String, TypeError>;

    /// The plainest value of a type, for rows that are there when a column comes that must have one; `None` where there is
    /// none, or where the engine fills in such a value by itself.
    fn plain(&self, ty: &SqlType) -> Option<Expr> {
        let _ = ty;
        None
    }

    /// The Rust type that a program uses for values of a type that only this engine has.
    fn rust_type(&self, native: &str) -> &'static str {
        let _ = native;
        "String"
    }

    /// The values of an enum that is a part of a column's type.
    fn inline_values(&self, ty: &SqlType) -> Option<Vec<String>> {
        let _ = ty;
        None
    }

    /// What happens to values when a column of type `from` becomes one of type `to`.
    fn cast(&self, from: &SqlType, to: &SqlType) -> Cast;
}

/// What happens to values when a column's type changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cast {
    /// Every value survives.
    Safe,
    /// Some values may not convert, and the statement then fails as a whole.
    Risky(&'static str),
    /// There is no conversion.
    Impossible,
}

/// A type that an engine does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{dialect} has no type `{ty}`; {hint}")]
pub struct TypeError {
    /// The engine.
    pub dialect: DialectId,
    /// The type, as it was given or as it would be written.
    pub ty: String,
    /// What to use instead.
    pub hint: String,
}

/// The one normal form.
pub trait Normalize {
    /// Brings a schema into this engine's normal form: what the engine would say about the schema if it were asked back.
    ///
    /// Idempotent. This is the only place where "the same thing said differently" is settled.
    ///
    /// # Errors
    ///
    /// Everything in the schema that the engine cannot have, each with its table and column.
    fn normalize(&self, schema: &mut Schema) -> Result<(), Vec<Refusal>>;
}

/// Something declared that an engine cannot have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The table, or the enum.
    pub object: Option<Qualified>,
    /// The column, index or constraint in it.
    pub part: Option<Name>,
    /// What is refused.
    pub message: String,
    /// What to do instead.
    pub help: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.object, &self.part) {
            (Some(object), Some(part)) => write!(f, "`{object}.{part}`: ")?,
            (Some(object), None) => write!(f, "`{object}`: ")?,
            _ => {}
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

/// The DDL of an engine. Every schema given here is in normal form.
pub trait Emit {
    /// Writes the creation of a named schema.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn create_namespace(&self, name: &Name, out: &mut Steps) -> Result<(), EmitError>;
    /// Writes the removal of a named schema.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn drop_namespace(&self, name: &Name, out: &mut Steps) -> Result<(), EmitError>;
    /// Writes the creation of an enum.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn create_enum(&self, e: &Enum, out: &mut Steps) -> Result<(), EmitError>;
    /// Writes the removal of an enum.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn drop_enum(&self, e: &Enum, out: &mut Steps) -> Result<(), EmitError>;
    /// Writes the new name of an enum.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn rename_enum(&self, from: &Qualified, to: &Qualified, out: &mut Steps) -> Result<(), EmitError>;
    /// Writes a change of an enum's values. `mentioned`
    /// are values of `to` that later statements of the same script name (in a default, a check, a predicate); `place` is the
    /// schema just before it and what follows it.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn alter_enum(
        &self,
        from: &Enum,
        to: &Enum,
        renamed: &BTreeMap<String, String>,
        mentioned: &BTreeSet<String>,
        place: (&Schema, &[Change]),
        out: &mut Steps,
    ) -> Result<(), EmitError>;
    /// Writes the creation of a table with all that belongs to it. `state` is the schema just before.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn create_table(&self, t: &Table, state: &Schema, out: &mut Steps) -> Result<(), EmitError>;
    /// Writes the removal of a table; `place` is the schema just before it and what follows it.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn drop_table(&self, t: &Table, place: (&Schema, &[Change]), out: &mut Steps) -> Result<(), EmitError>;
    /// Writes the new name of a table.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn rename_table(&self, from: &Qualified, to: &Qualified, out: &mut Steps) -> Result<(), EmitError>;
    /// Writes one table's whole group of changes: ALTERs or a rebuild, the dialect decides. `state` is the schema just before.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn alter_table(
        &self,
        from: &Table,
        to: &Table,
        changes: &[TableChange],
        state: &Schema,
        out: &mut Steps,
    ) -> Result<(), EmitError>;
    /// Writes that rows which hold NULL in a column get a value. `table` is the table at that point.
    fn fill(&self, table: &Table, column: &Name, value: &str, out: &mut Steps);
    /// Writes that tables are made again under the names that they have, and the rows of the first of `to` copied: the rows
    /// are spread another way. `state` is the schema just before.
    ///
    /// # Errors
    ///
    /// When the engine cannot do it.
    fn repartition(&self, from: &[Table], to: &[Table], state: &Schema, out: &mut Steps) -> Result<(), EmitError> {
        let _ = (state, out);
        let first = to.first().or(from.first());
        Err(EmitError {
            object: first.map_or_else(String::new, |table| table.name.to_string()),
            message: "this engine has no partitions of that kind; remove them for this target".to_owned(),
        })
    }
    /// Whether a change of a table gives what its rows are spread by another type: then they are spread again, see
    /// [`Emit::repartition`].
    fn respreads(&self, table: &Table, change: &TableChange) -> bool {
        let _ = (table, change);
        false
    }
    /// Where `change` makes a type again that the rows of a table are spread by: the first of `family`, which is that table
    /// and its partitions, as a table that is not spread and does not say the type. `None` where nothing of that is so.
    fn gathered(&self, family: &[&Table], change: &Change, schema: &Schema) -> Option<Table> {
        let _ = (family, change, schema);
        None
    }
    /// Where the changes make things again under their names, and the engine forgets with the old one whose it is and who may
    /// use it: a statement before all of them that keeps it, and one after them that gives it again.
    fn keep_rights(&self, changes: &[Change]) -> Option<(String, String)> {
        let _ = changes;
        None
    }
    /// A query for the statements that give the rights on what the changes make again, one a row, where the database is at hand. `None`
    /// where nothing is made again.
    fn rights_query(&self, changes: &[Change]) -> Option<String> {
        let _ = changes;
        None
    }
    /// Whether a table with these options ceases to be written to the log (`true`) or begins to be (`false`): the engine looks at
    /// its foreign keys then, since no table may point at one that is kept less safely. `None` where nothing of that changes.
    fn ceases_to_log(&self, from: &BTreeMap<String, String>, to: &BTreeMap<String, String>) -> Option<bool> {
        let _ = (from, to);
        None
    }
    /// Brings what a change does to other tables into `state`, which knows the change itself already: where the engine has
    /// tables that are parts of others, a statement reaches into those below, too.
    fn spread(&self, _change: &Change, _state: &mut Schema) {}
}

/// A change that an engine cannot carry out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{object}`: {message}")]
pub struct EmitError {
    /// The table or type.
    pub object: String,
    /// Why not, and what to do instead.
    pub message: String,
}

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
    /// What follows a query whose rows are locked, where the engine locks rows.
    fn lock(&self, lock: Lock) -> Option<&'static str>;
    /// Whether it has joins of this kind.
    fn has_join(&self, join: JoinKind) -> bool;
    /// How an update or a delete names other tables.
    fn joined_writes(&self) -> JoinedWrites;
    /// Whether it has `DISTINCT ON`.
    fn has_distinct_on(&self) -> bool {
        false
    }
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

/// How an engine tells what is in it: queries, and the pure reading of their answers.
pub trait Catalog {
    /// The queries. Each gives rows with one column of text, which are joined by line ends: one row with a JSON document, or,
    /// where an engine cuts long ones, a row for each object.
    fn catalog_queries(&self) -> &'static [&'static str];

    /// What is to be asked when the first answers are known, in a number that does not grow with the schema but for what the
    /// engine tells one by one alone. The answers follow the others; several columns are joined by NUL bytes.
    ///
    /// # Errors
    ///
    /// When an answer is not what the queries promise.
    fn further_queries(&self, answers: &[String]) -> Result<Vec<String>, CatalogError> {
        let _ = answers;
        Ok(Vec::new())
    }

    /// Reads the answers, in the order of the queries, into a schema in normal form. Tables that start with `kick_` are
    /// left out.
    ///
    /// # Errors
    ///
    /// When an answer is not what the queries promise.
    fn read_catalog(&self, answers: &[String]) -> Result<Schema, CatalogError>;

    /// What is asked besides for [`read_told`](Self::read_told); the answers follow all others.
    ///
    /// # Errors
    ///
    /// When an answer is not what the queries promise.
    fn told_queries(&self, answers: &[String]) -> Result<Vec<String>, CatalogError> {
        let _ = answers;
        Ok(Vec::new())
    }

    /// The same, but with the expressions in the words of the server, where it rewrites them. For two databases of one version,
    /// each of which speaks for itself: what differs in words there is to be the same in words afterwards.
    ///
    /// # Errors
    ///
    /// When an answer is not what the queries promise.
    fn read_told(&self, answers: &[String]) -> Result<Schema, CatalogError> {
        self.read_catalog(answers)
    }

    /// A query for what may not be read, in rows of one text: the kind and the name, as an [`ObjectId`](crate::ir::ObjectId)
    /// or `table …` shows itself. What is read after all is taken off the list.
    fn unread_query(&self) -> &'static str;

    /// Asks for what a table has that says nothing of its own, where each database decides that (a collation).
    fn usual_query(&self) -> Option<&'static str> {
        None
    }

    /// Lets two schemas that were read where that is `usual`, in their order, say the same where they mean the same, and what
    /// they mean where they do not. It is the first database that will be changed.
    fn meet(&self, from: &mut Schema, to: &mut Schema, usual: [&str; 2]) {
        let _ = (from, to, usual);
    }
}

/// An answer of a catalog that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the database's catalog cannot be read: {message}")]
pub struct CatalogError {
    /// What was found, and where.
    pub message: String,
}
