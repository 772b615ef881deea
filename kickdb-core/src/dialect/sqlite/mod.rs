//! SQLite, from 3.35 on.

mod catalog;
mod doubt;
mod emit;
mod exchange;
mod expr;
mod function;
#[cfg(feature = "sqlite")]
pub(super) mod misfit;
mod names;
mod normalize;
mod objects;
mod options;
mod token;
mod types;
#[cfg(feature = "sqlite")]
pub(super) mod violation;
mod virtual_table;

#[cfg(feature = "sqlite")]
pub(super) use self::emit::rebuild_step;
use super::{
    Caps, Dialect, DialectId, EnumStorage, Envelope, Function, IdentifierLimit, JoinKind, JoinedWrites, KeyList, Lock,
    Pattern, QuerySyntax, Returning, Trials, Versions,
};
use crate::lex::Lexis;
use crate::value::{KindId, Value};

const ID: DialectId = DialectId::new("sqlite");

/// SQLite.
#[derive(Clone, Copy, Debug)]
pub struct Sqlite;

impl Versions for Sqlite {}

impl Trials for Sqlite {}

impl Dialect for Sqlite {
    fn id(&self) -> DialectId {
        ID
    }

    fn title(&self) -> &'static str {
        "SQLite"
    }

    fn url_schemes(&self) -> &'static [&'static str] {
        &["sqlite"]
    }

    fn sample_url(&self) -> &'static str {
        "sqlite:app.db"
    }

    fn caps(&self) -> &'static Caps {
        &Caps {
            transactional_ddl: true,
            max_identifier: IdentifierLimit::None,
            enums: EnumStorage::Check,
            returning: Returning::ALL,
            schemas: false,
            add_foreign_key: false,
            // SQLITE_MAX_VARIABLE_NUMBER since 3.32.
            max_binds: 32_766,
            shared_index_names: true,
            shared_foreign_key_names: false,
            foreign_key_to_index: false,
            sets_required_to_null: true,
            counts_over_key: false,
        }
    }

    fn telemetry_name(&self) -> &'static str {
        "sqlite"
    }

    fn lexis(&self) -> Lexis {
        Lexis::SQLITE
    }

    fn envelope(&self) -> Option<Envelope> {
        // `PRAGMA foreign_keys` does nothing inside a transaction (https://sqlite.org/foreignkeys.html#fk_enable), and a
        // deferred check does not stop the implicit DELETE of DROP TABLE from cascading.
        Some(Envelope {
            open: &["PRAGMA foreign_keys = OFF", "BEGIN"],
            close: &["COMMIT", "PRAGMA foreign_keys = ON"],
        })
    }
}

impl QuerySyntax for Sqlite {
    fn quote_str(&self, name: &str, sql: &mut String) {
        token::quote_into(name, sql);
    }

    fn placeholder(&self, _: usize, sql: &mut String) {
        // Without its number: SQLite keeps `?1` as a name and looks names up one after the other, so a statement with
        // thousands of them takes seconds. Values are bound in the order in which they are written.
        sql.push('?');
    }

    /// A column without a collation of its own compares bytes.
    fn has_spellings(&self, _: Option<&str>, collation: Option<&str>) -> bool {
        collation.is_some_and(|name| !name.eq_ignore_ascii_case("binary"))
    }

    fn text_bytes(&self) -> (&'static str, &'static str) {
        ("CAST(", " AS blob)")
    }

    fn key_list(&self) -> KeyList {
        KeyList::Json
    }

    fn function(&self, function: Function) -> Result<&'static str, &'static str> {
        function::template(function)
    }

    fn cast_type(&self, kind: KindId) -> Option<&'static str> {
        Some(match kind {
            KindId::Bool | KindId::Int16 | KindId::Int32 | KindId::Int64 => "integer",
            KindId::Float32 | KindId::Float64 => "real",
            KindId::Text => "text",
            KindId::Bytes => "blob",
            _ => return None,
        })
    }

    fn many(&self, kind: KindId) -> Option<(&'static str, &'static str)> {
        // A number with a fraction may come out of JSON with another last bit.
        let in_json = !matches!(
            kind,
            KindId::Bytes | KindId::Json | KindId::List(_) | KindId::Float32 | KindId::Float64
        );
        in_json.then_some(("SELECT value FROM json_each(", ")"))
    }

    /// Whoever writes has the whole file.
    /// In quotes a word of FTS5 is no operator; words behind each other must all be found. Without any, nothing is.
    fn sought(&self, words: &str) -> (Vec<(&'static str, Value)>, &'static str) {
        let quoted = crate::dialect::words(words).map(|word| format!("\"{}\"", word.replace('"', "\"\"")));
        let all: Vec<String> = quoted.collect();
        let text = if all.is_empty() {
            "\"\"".to_owned()
        } else {
            all.join(" ")
        };
        (vec![("", Value::Text(text))], "")
    }

    fn lock(&self, _lock: Lock) -> Option<&'static str> {
        None
    }

    fn has_join(&self, join: JoinKind) -> bool {
        !matches!(join, JoinKind::Lateral | JoinKind::LeftLateral)
    }

    fn joined_writes(&self) -> JoinedWrites {
        JoinedWrites::FromInUpdate
    }

    fn pattern(&self, ignore_case: bool) -> Pattern {
        // LIKE takes `A` for `a`, whatever the column's collation.
        if ignore_case {
            Pattern::Like("LIKE")
        } else {
            Pattern::Glob("GLOB")
        }
    }

    fn has_default_values(&self) -> bool {
        false
    }

    fn has_size(&self, kind: KindId) -> bool {
        !matches!(kind, KindId::Decimal | KindId::List(_))
    }

    fn now(&self, _zoned: bool) -> &'static str {
        // `%f` is seconds with three digits of fraction; the form of `value::Instant` has no zeros at its end.
        "rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f', 'now'), '0'), '.')"
    }

    fn bigint(&self) -> &'static str {
        "integer"
    }
}
