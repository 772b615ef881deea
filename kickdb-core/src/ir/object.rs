use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ident::Qualified;

/// What kind of thing an [`Object`] is. The order is the one in which things that do not need each other are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ObjectKind {
    /// A named schema, of which only the comment is said here.
    Schema,
    /// A package of the engine's.
    Extension,
    /// A language that functions are written in.
    Language,
    /// How the engine keeps rows, or finds them.
    AccessMethod,
    /// A rule for sorting text.
    Collation,
    /// A counter that no column owns, or that its column does not imply.
    Sequence,
    /// A type with a name of its own: composite or range.
    Type,
    /// A type with a constraint.
    Domain,
    /// A function.
    Function,
    /// A procedure.
    Procedure,
    /// What a sign between two values does.
    Operator,
    /// Operators that mean the same for several types, for an index.
    OperatorFamily,
    /// How an index sorts, finds or hashes the values of a type.
    OperatorClass,
    /// How values of one type become those of another.
    Cast,
    /// An aggregate function.
    Aggregate,
    /// How a text gets from one encoding to another.
    Conversion,
    /// How a type comes into a language and back.
    Transform,
    /// What cuts a text into words.
    TextSearchParser,
    /// What a dictionary is made by.
    TextSearchTemplate,
    /// How the words of a text are brought into one form.
    TextSearchDictionary,
    /// Which dictionaries see which words of a text.
    TextSearchConfiguration,
    /// A module of the engine that reads from elsewhere.
    ForeignDataWrapper,
    /// Another server.
    Server,
    /// A table whose rows are kept by a module of the engine (SQLite), or by another server (PostgreSQL's foreign tables).
    VirtualTable,
    /// A view.
    View,
    /// A view whose rows are kept.
    MaterializedView,
    /// An index on a materialized view.
    Index,
    /// What the planner is to know of several columns together.
    Statistics,
    /// What happens on a change of a row.
    Trigger,
    /// A rewrite of statements.
    Rule,
    /// Who may see or change which rows.
    Policy,
    /// Which changes of which tables others can subscribe to.
    Publication,
    /// What happens on a change of the schema.
    EventTrigger,
    /// What happens at a time.
    Event,
}

impl ObjectKind {
    /// The kind's name for people, which is that of SQL.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Language => "language",
            Self::AccessMethod => "access method",
            Self::Conversion => "conversion",
            Self::Transform => "transform",
            Self::TextSearchParser => "text search parser",
            Self::TextSearchTemplate => "text search template",
            Self::Collation => "collation",
            Self::Sequence => "sequence",
            Self::Type => "type",
            Self::Domain => "domain",
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::Operator => "operator",
            Self::OperatorFamily => "operator family",
            Self::OperatorClass => "operator class",
            Self::Cast => "cast",
            Self::Aggregate => "aggregate",
            Self::TextSearchDictionary => "text search dictionary",
            Self::TextSearchConfiguration => "text search configuration",
            Self::ForeignDataWrapper => "foreign data wrapper",
            Self::Server => "server",
            Self::VirtualTable => "virtual table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Index => "index",
            Self::Statistics => "statistics",
            Self::Trigger => "trigger",
            Self::Rule => "rule",
            Self::Policy => "policy",
            Self::Publication => "publication",
            Self::EventTrigger => "event trigger",
            Self::Event => "event",
        }
    }

    /// Whether a default, a check, an index or the type of a column can say it.
    #[must_use]
    pub fn serves_tables(self) -> bool {
        self.is_callable()
            || matches!(
                self,
                Self::AccessMethod
                    | Self::Collation
                    | Self::Sequence
                    | Self::Type
                    | Self::Domain
                    | Self::Operator
                    | Self::OperatorFamily
                    | Self::OperatorClass
                    | Self::Cast
                    | Self::TextSearchDictionary
                    | Self::TextSearchConfiguration
            )
    }

    /// Whether its name is one of those that the tables, types and indexes of a schema share: no two of them have the same.
    #[must_use]
    pub fn shares_names(self) -> bool {
        matches!(
            self,
            Self::View
                | Self::MaterializedView
                | Self::VirtualTable
                | Self::Sequence
                | Self::Type
                | Self::Domain
                | Self::Index
        )
    }

    /// Whether it is called with arguments.
    #[must_use]
    pub fn is_callable(self) -> bool {
        matches!(self, Self::Function | Self::Procedure | Self::Aggregate)
    }

    /// Whether those put it into a database who run it, or take its data elsewhere, rather than those who write its schema. It
    /// has names and settings, and no text that an engine would rewrite.
    #[must_use]
    pub fn is_of_operations(self) -> bool {
        matches!(
            self,
            Self::Schema
                | Self::Language
                | Self::AccessMethod
                | Self::Conversion
                | Self::Transform
                | Self::TextSearchParser
                | Self::TextSearchTemplate
                | Self::ForeignDataWrapper
                | Self::Server
                | Self::Publication
                | Self::EventTrigger
        )
    }

    /// Whether another object can say it.
    #[must_use]
    pub fn serves_objects(self) -> bool {
        self.serves_tables()
            || matches!(
                self,
                Self::Language
                    | Self::TextSearchParser
                    | Self::TextSearchTemplate
                    | Self::ForeignDataWrapper
                    | Self::Server
                    | Self::VirtualTable
                    | Self::View
                    | Self::MaterializedView
            )
    }
}

/// What tells one object from all others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// Its kind.
    pub kind: ObjectKind,
    /// Its name. What belongs to a table or view is in the schema of that.
    pub name: Qualified,
    /// The table or view that it belongs to and goes with.
    pub on: Option<Qualified>,
    /// The types of the arguments, where things of one name differ by them. In the engine's normal form.
    pub signature: Option<String>,
}

impl ObjectId {
    /// Something that neither belongs to a table nor has arguments.
    #[must_use]
    pub fn new(kind: ObjectKind, name: Qualified) -> Self {
        Self {
            kind,
            name,
            on: None,
            signature: None,
        }
    }

    /// Something that belongs to a table or view.
    #[must_use]
    pub fn on(kind: ObjectKind, name: Qualified, on: Qualified) -> Self {
        Self {
            on: Some(on),
            ..Self::new(kind, name)
        }
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The schema of a schema is itself.
        match self.kind {
            ObjectKind::Schema => write!(f, "{} {}", self.kind.title(), self.name.name)?,
            kind => write!(f, "{} {}", kind.title(), self.name)?,
        }
        if let Some(signature) = &self.signature {
            write!(f, "({signature})")?;
        }
        match &self.on {
            Some(on) => write!(f, " on {on}"),
            None => Ok(()),
        }
    }
}

/// A named thing whose definition is the engine's own SQL: a view, a function, a trigger, an extension, …
///
/// Shared code never interprets the SQL. It reads the names in it, to know what must be there before and what cannot
/// change under it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// The statement that makes it, without the semicolon at its end; empty where `facets` say everything.
    pub sql: String,
    /// What the engine can change one by one, by name.
    pub facets: BTreeMap<String, String>,
    /// The comment kept in the database.
    pub comment: Option<String>,
    /// What its database tells of it beside that.
    pub told: Told,
}

/// What a database keeps of a thing beyond what a schema says of it, by name: the rules under which it was made, the words of
/// an option that change nothing.
///
/// It counts only between two databases, of which one is to become just what the other is. So two are always equal.
#[derive(Clone, Debug, Default)]
pub struct Told(pub BTreeMap<String, String>);

impl PartialEq for Told {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Told {}

impl Object {
    /// An object that a statement makes.
    #[must_use]
    pub fn new(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            ..Self::default()
        }
    }
}
