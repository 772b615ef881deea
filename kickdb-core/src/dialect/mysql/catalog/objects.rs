use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::from_list;
use super::rows::{Truth, name, wrong};
use crate::dialect::mysql::Mysql;
use crate::dialect::mysql::objects::{
    CLIENT, CONNECTION, Characteristics, Event, Numbers, ORDER, Parameter, Routine, SQL_MODE, Schedule, TIME_ZONE,
    Trigger, View, WHOLE_SQL_MODE, WHOLE_TYPES, body, select, sequence_facets,
};
use crate::dialect::mysql::syntax::ident_str;
use crate::dialect::{CatalogError, Types};
use crate::ident::Qualified;
use crate::ir::{Object, ObjectId, ObjectKind};
use crate::lex::{Kind, Lexis, Token, tokens};

type Objects = BTreeMap<ObjectId, Object>;
type Read<T> = Result<T, CatalogError>;

#[derive(Deserialize)]
pub(super) struct ViewRow {
    pub(super) name: String,
    select: Option<String>,
    check: Option<String>,
    definer: Option<String>,
    invoker: Truth,
    #[serde(default)]
    algorithm: Option<String>,
    /// The database, which stands in front of every name that the query says.
    database: String,
    /// The collation that its texts have, and the character set in which it was sent.
    connection: Option<String>,
    client: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct TriggerRow {
    name: String,
    table: String,
    timing: String,
    event: String,
    order: usize,
    body: String,
    definer: Option<String>,
    mode: String,
}

#[derive(Deserialize)]
pub(super) struct RoutineRow {
    name: String,
    kind: String,
    returns: Option<String>,
    charset: Option<String>,
    collation: Option<String>,
    /// That of the database when it was made.
    usual: Option<String>,
    body: Option<String>,
    deterministic: Truth,
    data: Option<String>,
    invoker: Truth,
    comment: Option<String>,
    definer: Option<String>,
    mode: String,
}

#[derive(Deserialize)]
pub(super) struct ParameterRow {
    routine: String,
    kind: String,
    mode: Option<String>,
    name: Option<String>,
    #[serde(rename = "type")]
    ty: String,
    charset: Option<String>,
    collation: Option<String>,
    usual: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct EventRow {
    name: String,
    body: String,
    at: Option<String>,
    amount: Option<String>,
    field: Option<String>,
    starts: Option<String>,
    ends: Option<String>,
    preserve: Truth,
    state: String,
    comment: Option<String>,
    definer: Option<String>,
    mode: String,
    time_zone: String,
}

#[derive(Deserialize)]
pub(super) struct SequenceRow {
    name: String,
    start: i64,
    increment: i64,
    least: i64,
    most: i64,
    cache: i64,
    cycle: Truth,
}

/// What is told of a view that reads what is not there.
pub(super) const BROKEN: &str = "broken";

/// Modes in which the words of a statement mean something else, or its values do.
const MEANINGFUL: &[&str] = &[
    "ANSI_QUOTES",
    "HIGH_NOT_PRECEDENCE",
    "IGNORE_SPACE",
    "NO_BACKSLASH_ESCAPES",
    "NO_UNSIGNED_SUBTRACTION",
    "ORACLE",
    "PAD_CHAR_TO_FULL_LENGTH",
    "PIPES_AS_CONCAT",
    "REAL_AS_FLOAT",
];

/// Bodies word for word, where the catalog tells them in other ones.
pub(super) type Bodies = BTreeMap<(ObjectKind, String), String>;

/// What stands in the body of a trigger that the catalog may tell in other words than were written: `information_schema` keeps
/// them in utf8mb3 and halves each backslash in a text (seen on MariaDB 10.11).
const DOUBTFUL: &[char] = &['\\', '?'];
/// The same of a routine and an event, of which it tells a text without the character set in front of it (`_binary'a'`), too.
const DOUBTFUL_WITH_TEXT: &[char] = &['\\', '?', '\'', '"'];

/// A query that tells doubtful bodies word for word, if there are any.
pub(super) fn body_query(triggers: &[TriggerRow], routines: &[RoutineRow], events: &[EventRow]) -> Option<String> {
    let triggers = triggers
        .iter()
        .filter(|row| row.body.contains(DOUBTFUL))
        .map(|row| ("TRIGGER", &row.name));
    let doubtful = |body: &str| body.contains(DOUBTFUL_WITH_TEXT);
    let routines = routines
        .iter()
        .filter(|row| row.body.as_deref().is_some_and(doubtful))
        .map(|row| (row.kind.as_str(), &row.name));
    let events = events
        .iter()
        .filter(|row| doubtful(&row.body))
        .map(|row| ("EVENT", &row.name));
    let all = triggers.chain(routines).chain(events);
    let all: Vec<String> = all
        .map(|(kind, name)| format!("SHOW CREATE {kind} {}", ident_str(name)))
        .collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// Reads the answer of [`body_query`]: a statement is the third of the columns of its row, or the fourth.
pub(super) fn bodies_of(answer: &str, bodies: &mut Bodies) {
    for (kind, name, body) in answer.split('\0').filter_map(body) {
        bodies.insert((kind, name.to_string()), body);
    }
}

/// Reads the answer of `SHOW CREATE VIEW`: the view's name and its query.
pub(super) fn query_of(answer: &str) -> Option<(String, String)> {
    select(answer.split('\0').nth(1)?)
}

impl ViewRow {
    /// Whether there is a text in it, whose character set is not told here.
    pub(super) fn says_text(&self) -> bool {
        self.select.as_deref().is_some_and(says_text)
    }
}

fn verbatim(kind: ObjectKind, name: &str, told: String, bodies: &Bodies) -> String {
    bodies.get(&(kind, name.to_owned())).cloned().unwrap_or(told)
}

fn made(sql: String, mode: &str) -> Object {
    let mut object = Object::new(sql);
    let modes: Vec<&str> = mode.split(',').filter(|mode| MEANINGFUL.contains(mode)).collect();
    if !modes.is_empty() {
        object.facets.insert(SQL_MODE.to_owned(), modes.join(","));
    }
    object.told.0.insert(WHOLE_SQL_MODE.to_owned(), mode.to_owned());
    object
}

fn id(kind: ObjectKind, of: &str) -> Read<ObjectId> {
    Ok(ObjectId::new(kind, Qualified::local(name(of)?)))
}

fn hidden(what: &str, right: &str) -> CatalogError {
    wrong(format!(
        "the definition of {what} cannot be read: this user lacks the right {right}"
    ))
}

/// `known` are the names of tables, views and routines of the database, `with_columns` those of tables and views that the server
/// tells columns of: of a view that reads what is not there, or that its definer may not read, it tells none.
pub(super) fn view(
    row: ViewRow,
    (known, with_columns): (&BTreeSet<String>, &BTreeSet<String>),
    queries: &BTreeMap<String, String>,
    objects: &mut Objects,
) -> Read<()> {
    let closed = !with_columns.contains(&row.name);
    let broken = closed && (row.definer.is_none() || row.invoker.holds());
    let bare = |sql: &str| unqualified(sql, &row.database, (!closed).then_some(known));
    let select = row.select.filter(|select| !select.is_empty());
    let kept = select.map(|select| bare(&select));
    let shown = queries.get(&row.name).map(|query| bare(query));
    let select = match (kept, shown) {
        (Some(kept), Some(shown)) => from_list::with_texts(&kept, &shown).or(Some(shown)),
        (kept, shown) => shown.or(kept),
    };
    let select = select.ok_or_else(|| hidden(&format!("the view `{}`", row.name), "SHOW VIEW"))?;
    let view = View {
        select: from_list::with_commas(&select),
        name: row.name,
        columns: String::new(),
        algorithm: row.algorithm,
        definer: row.definer,
        invoker: row.invoker.holds(),
        check: row.check,
    };
    let mut object = Object::new(view.sql());
    if says_text(&object.sql) {
        // It is sent in UTF-8, whatever it was sent in then.
        let client = row
            .client
            .filter(|client| object.sql.is_ascii() || client.starts_with("utf8"));
        let told = [(CLIENT, client), (CONNECTION, row.connection)];
        let told = told
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        object.told.0.extend(told);
    }
    if broken {
        object.told.0.insert(BROKEN.to_owned(), String::new());
    }
    objects.insert(id(ObjectKind::View, &view.name)?, object);
    Ok(())
}

/// Whether there is a text in it, which has the collation of the connection that made it.
fn says_text(sql: &str) -> bool {
    tokens(sql, Lexis::MYSQL).any(|token| token.kind == Kind::Text)
}

/// A query without the name of the database that it was read from: it must be the same in another one. Not all that it says is
/// there where `known` is `None`.
fn unqualified(sql: &str, database: &str, known: Option<&BTreeSet<String>>) -> String {
    let quoted = ident_str(database);
    let all: Vec<Token<'_>> = tokens(sql, Lexis::MYSQL).collect();
    let text = |at: usize| all.get(at).map_or("", |token| token.text);
    let mut written = String::with_capacity(sql.len());
    let mut at = 0;
    while let Some(token) = all.get(at) {
        let qualifies = token.kind == Kind::Quoted && token.text == quoted && text(at + 1) == ".";
        // An alias could be called like the database: behind the dot there must be something of it.
        let name = || text(at + 2).trim_matches('`').replace("``", "`").to_lowercase();
        let names = || known.is_none_or(|known| known.contains(&name()));
        let follows_name = at > 0 && text(at - 1) == ".";
        if qualifies && !follows_name && names() {
            at += 2;
            continue;
        }
        written.push_str(token.text);
        at += 1;
    }
    written
}

pub(super) fn trigger(row: TriggerRow, bodies: &Bodies, objects: &mut Objects) -> Read<()> {
    let id = ObjectId::on(
        ObjectKind::Trigger,
        Qualified::local(name(row.name.as_str())?),
        Qualified::local(name(row.table.as_str())?),
    );
    let trigger = Trigger {
        body: verbatim(ObjectKind::Trigger, &row.name, row.body, bodies),
        name: row.name,
        table: row.table,
        definer: row.definer,
        timing: row.timing,
        event: row.event,
    };
    let mut object = made(trigger.sql(), &row.mode);
    if row.order > 1 {
        object.facets.insert(ORDER.to_owned(), row.order.to_string());
    }
    objects.insert(id, object);
    Ok(())
}

/// The parameters stand in their order.
pub(super) fn routines(
    rows: Vec<RoutineRow>,
    parameters: Vec<ParameterRow>,
    bodies: &Bodies,
    objects: &mut Objects,
) -> Read<()> {
    let mut of: BTreeMap<(String, String), Vec<(Parameter, String)>> = BTreeMap::new();
    for row in parameters {
        let collation = [row.charset.as_deref(), row.collation.as_deref()];
        let [ty, whole] = typed(&row.ty, collation, row.usual.as_deref());
        // The value of a function is told as a parameter without a name.
        if let (Some(mode), Some(name)) = (row.mode, row.name) {
            let parameters = of.entry((row.kind, row.routine)).or_default();
            parameters.push((Parameter { mode, name, ty }, whole));
        }
    }
    for row in rows {
        let kind = match row.kind.as_str() {
            "FUNCTION" => ObjectKind::Function,
            "PROCEDURE" => ObjectKind::Procedure,
            _ => continue,
        };
        let what = || format!("the {} `{}`", kind.title(), row.name);
        let body = row
            .body
            .clone()
            .ok_or_else(|| hidden(&what(), "SHOW CREATE ROUTINE, or SELECT on `mysql`.`proc`"))?;
        let body = verbatim(kind, &row.name, body, bodies);
        let returns = row.returns.as_ref().filter(|_| kind == ObjectKind::Function);
        let collation = [row.charset.as_deref(), row.collation.as_deref()];
        let returns = returns.map(|ty| typed(ty, collation, row.usual.as_deref()));
        let (parameters, whole): (Vec<Parameter>, Vec<String>) = of
            .remove(&(row.kind, row.name.clone()))
            .unwrap_or_default()
            .into_iter()
            .unzip();
        let mut routine = Routine {
            parameters,
            name: row.name,
            definer: row.definer,
            returns: returns.as_ref().map(|[ty, _]| ty.clone()),
            oracle: is_oracle(&row.mode),
            characteristics: Characteristics {
                data: row.data,
                deterministic: row.deterministic.holds(),
                invoker: row.invoker.holds(),
                comment: row.comment.unwrap_or_default(),
            },
            body,
        };
        let mut object = made(routine.sql(), &row.mode);
        for (parameter, whole) in routine.parameters.iter_mut().zip(whole) {
            parameter.ty = whole;
        }
        routine.returns = returns.map(|[_, whole]| whole);
        object.told.0.insert(WHOLE_TYPES.to_owned(), routine.sql());
        objects.insert(id(kind, &routine.name)?, object);
    }
    Ok(())
}

/// A type, with its character set where that is not the database's; and with its character set in any case.
fn typed(ty: &str, collation: [Option<&str>; 2], usual: Option<&str>) -> [String; 2] {
    let spelled = Mysql.parse(ty).and_then(|ty| Mysql.format(&ty));
    let short = spelled.unwrap_or_else(|_| ty.to_owned());
    let [Some(charset), Some(collation)] = collation else {
        return [short.clone(), short];
    };
    let whole = format!("{short} CHARSET {charset} COLLATE {collation}");
    match usual == Some(collation) {
        true => [short, whole],
        false => [whole.clone(), whole],
    }
}

fn is_oracle(mode: &str) -> bool {
    mode.split(',').any(|mode| mode == "ORACLE")
}

pub(super) fn event(row: EventRow, bodies: &Bodies, objects: &mut Objects) -> Read<()> {
    let schedule = match (row.at, row.amount, row.field) {
        (Some(at), ..) => Schedule::At(at),
        (None, Some(amount), Some(field)) => Schedule::Every {
            interval: match amount.parse::<u32>() {
                Ok(amount) => format!("{amount} {field}"),
                Err(_) => format!("'{}' {field}", amount.trim_matches('\'')),
            },
            starts: row.starts,
            ends: row.ends,
        },
        _ => return Err(wrong(format!("the event `{}` has no schedule", row.name))),
    };
    let event = Event {
        body: verbatim(ObjectKind::Event, &row.name, row.body, bodies),
        name: row.name,
        definer: row.definer,
        schedule,
        preserve: row.preserve.holds(),
        state: match row.state.as_str() {
            "ENABLED" => None,
            "SLAVESIDE_DISABLED" => Some("DISABLE ON SLAVE".to_owned()),
            _ => Some("DISABLE".to_owned()),
        },
        comment: row.comment.unwrap_or_default(),
    };
    let mut object = made(event.sql(), &row.mode);
    object.told.0.insert(TIME_ZONE.to_owned(), row.time_zone);
    objects.insert(id(ObjectKind::Event, &event.name)?, object);
    Ok(())
}

/// The engine and the comment of the table that a sequence is kept in.
pub(super) type Kept = (Option<String>, Option<String>);

pub(super) fn sequence(row: &SequenceRow, kept: &BTreeMap<String, Kept>, objects: &mut Objects) -> Read<()> {
    let numbers = Numbers {
        start: row.start,
        increment: row.increment,
        least: row.least,
        most: row.most,
        cache: row.cache,
        cycle: row.cycle.holds(),
    };
    let object = Object {
        facets: sequence_facets(&numbers, kept.get(&row.name).cloned().unwrap_or_default()),
        ..Object::default()
    };
    objects.insert(id(ObjectKind::Sequence, &row.name)?, object);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::unqualified;

    #[test]
    fn a_query_is_the_same_in_another_database() {
        let known = ["t", "v", "f", "blog"].map(str::to_owned).into();
        for (told, kept) in [
            (
                "select `blog`.`t`.`id` AS `id`,concat(`blog`.`t`.`b`,'`blog`.`t`') AS `c` from `blog`.`t` where `blog`.`f`(1) > 0",
                "select `t`.`id` AS `id`,concat(`t`.`b`,'`blog`.`t`') AS `c` from `t` where `f`(1) > 0",
            ),
            (
                "select `blog`.`blog`.`id` AS `id` from `blog`.`blog`",
                "select `blog`.`id` AS `id` from `blog`",
            ),
            (
                "select `v`.`id` AS `id` from (`blog`.`v` join `other`.`t`)",
                "select `v`.`id` AS `id` from (`v` join `other`.`t`)",
            ),
            (
                "select `blog`.`id` AS `id` from `blog`.`t` `blog`",
                "select `blog`.`id` AS `id` from `t` `blog`",
            ),
        ] {
            assert_eq!(unqualified(told, "blog", Some(&known)), kept);
        }
    }
}
