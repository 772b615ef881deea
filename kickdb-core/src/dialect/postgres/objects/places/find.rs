//! Where a text goes by the place of columns.

use std::collections::{BTreeMap, BTreeSet};

use crate::dialect::head::Head;
use crate::dialect::postgres::objects::read::local;
use crate::dialect::postgres::objects::uses::quoted_body;
use crate::ident::{Name, Qualified};
use crate::ir::{Object, ObjectId, ObjectKind, Tables};
use crate::lex::{Kind, Lexis, Token, tokens};

/// What stands before a table or a function that rows are read from.
const BEFORE: &[&str] = &["from", "join", ",", "(", "only", "using", "lateral"];

/// What stands behind a table and is no other name of it.
const NO_ALIAS: &[&str] = &[
    "and",
    "except",
    "fetch",
    "group",
    "having",
    "in",
    "intersect",
    "limit",
    "not",
    "offset",
    "on",
    "or",
    "order",
    "returning",
    "set",
    "tablesample",
    "union",
    "using",
    "values",
    "when",
    "where",
];

/// What ends the columns of a query.
const BEHIND: &[&str] = &[
    "from", "where", "group", "having", "window", "order", "limit", "offset", "fetch", "for",
];

/// Whether its text is the server's, with a query in it. What is a string the server leaves as it was written.
pub(super) fn may_say(id: &ObjectId, object: &Object) -> bool {
    match id.kind {
        ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Rule | ObjectKind::Policy => true,
        ObjectKind::Function | ObjectKind::Procedure => {
            let is_sql = object.sql.contains("BEGIN ATOMIC") || object.sql.contains("RETURN ");
            is_sql && quoted_body(&object.sql).is_none()
        }
        _ => false,
    }
}

/// A place where a text goes by the columns of a table.
pub(super) struct Place<'a> {
    pub(super) table: Qualified,
    /// What stands there, each with where it starts; none where it is mixed with columns of others.
    pub(super) items: Vec<(usize, &'a str)>,
    /// Whether what is left out at the end goes by the names of the columns.
    pub(super) open: bool,
}

/// What gives rows of tables: these, and functions.
pub(super) struct Rows<'a> {
    tables: &'a Tables,
    functions: BTreeMap<Qualified, BTreeSet<Qualified>>,
}

impl<'a> Rows<'a> {
    pub(super) fn of(tables: &'a Tables, objects: &BTreeMap<ObjectId, Object>) -> Self {
        let mut functions = BTreeMap::<_, BTreeSet<_>>::new();
        for (id, object) in objects.iter().filter(|(id, _)| id.kind == ObjectKind::Function) {
            if let Some(table) = given(&object.sql).filter(|name| tables.contains_key(name)) {
                functions.entry(id.name.clone()).or_default().insert(table);
            }
        }
        Self { tables, functions }
    }

    /// The tables whose rows a function of that name gives.
    fn function(&self, name: &Qualified) -> Vec<Qualified> {
        self.functions.get(name).into_iter().flatten().cloned().collect()
    }

    fn table(&self, name: Qualified) -> Vec<Qualified> {
        self.tables.contains_key(&name).then_some(name).into_iter().collect()
    }
}

/// The type that a function gives rows of. It stands in its head, and bodies can be long.
fn given(sql: &str) -> Option<Qualified> {
    let mut solid = tokens(sql, Lexis::POSTGRES).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
    let mut depth = 0_usize;
    solid.find(|token| {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => return depth == 0 && is_one_of(token, &["returns"]),
        }
        false
    })?;
    let next = solid.take(5).collect::<Vec<_>>();
    let (first, last) = (next.first()?, next.last()?);
    let mut head = Head::new(&sql[first.start..last.start + last.text.len()], Lexis::POSTGRES, true);
    head.eat("setof");
    let name = head.name().map(local);
    // Of an array it is one value.
    name.filter(|_| !head.eat("["))
}

pub(super) fn places<'a>(sql: &'a str, rows: &Rows<'_>) -> Vec<Place<'a>> {
    let mut head = Head::new(sql, Lexis::POSTGRES, true);
    let mut found = Vec::new();
    let own = named_queries(&mut head);
    for at in 1..head.tokens.len() {
        head.at = at;
        if head.tokens[at].text == ")" {
            found.extend(joined(&mut head, rows));
        } else if head.eat("row (") {
            head.at = at + 1;
            found.extend(row(&mut head, rows));
        } else if is_one_of(&head.tokens[at - 1], BEFORE) {
            found.extend(aliased(&mut head, rows, &own));
        }
    }
    if let Some(table) = given(sql).filter(|table| rows.tables.contains_key(table)) {
        found.extend(result(&mut head, table));
    }
    found
}

fn is_one_of(token: &Token<'_>, words: &[&str]) -> bool {
    token.kind != Kind::Quoted && words.iter().any(|word| token.text.eq_ignore_ascii_case(word))
}

/// The queries that stand before another one under a name: `WITH x AS (…)`.
fn named_queries(head: &mut Head<'_>) -> BTreeSet<Name> {
    let mut found = BTreeSet::new();
    for at in 1..head.tokens.len() {
        head.at = at;
        if is_one_of(&head.tokens[at - 1], &["with", "recursive", ","])
            && let Some(Qualified { schema: None, name }) = head.name()
        {
            let _ = head.list();
            if head.eat("as (") || head.eat("as materialized (") || head.eat("as not materialized (") {
                found.insert(name);
            }
        }
    }
    found
}

/// Another name for what rows are read from, with names for its columns.
fn alias<'a>(head: &mut Head<'a>) -> Option<Vec<(usize, &'a str)>> {
    head.eat("as");
    if head.tokens.get(head.at).is_none_or(|token| is_one_of(token, NO_ALIAS)) {
        return None;
    }
    head.name()?;
    let items = items(head)?;
    let is_name = |item: &str| {
        let mut one = Head::new(item, Lexis::POSTGRES, true);
        one.name().is_some() && one.at == one.tokens.len()
    };
    items.iter().all(|(_, item)| is_name(item)).then_some(items)
}

/// What stands in parentheses, with where it starts.
fn items<'a>(head: &mut Head<'a>) -> Option<Vec<(usize, &'a str)>> {
    let (sql, list) = (head.sql, head.list()?);
    let start = |item: &str| item.as_ptr() as usize - sql.as_ptr() as usize;
    Some(list.into_iter().map(|item| (start(item), item)).collect())
}

/// `t x(a, b)`, or `f(1) x(a, b)`.
fn aliased<'a>(head: &mut Head<'a>, rows: &Rows<'_>, own: &BTreeSet<Name>) -> Vec<Place<'a>> {
    let Some(name) = head.name() else { return Vec::new() };
    let calls = head.tokens.get(head.at).is_some_and(|token| token.text == "(");
    let tables = match calls {
        true => rows.function(&local(name)),
        false if name.schema.is_none() && own.contains(&name.name) => return Vec::new(),
        false => rows.table(local(name)),
    };
    if tables.is_empty() || calls && head.list().is_none() {
        return Vec::new();
    }
    head.eat("with ordinality");
    let Some(items) = alias(head) else { return Vec::new() };
    // Functions of one name may give rows of several tables.
    let is_sure = tables.len() == 1;
    let place = |table| Place {
        table,
        items: if is_sure { items.clone() } else { Vec::new() },
        open: true,
    };
    tables.into_iter().map(place).collect()
}

/// `(t JOIN u ON …) x(a, b)` and `ROWS FROM (f(), g()) x(a, b)`, whose columns are those of several.
fn joined<'a>(head: &mut Head<'a>, rows: &Rows<'_>) -> Vec<Place<'a>> {
    let end = head.at;
    head.at += 1;
    if alias(head).is_none() {
        return Vec::new();
    }
    let (mut depth, mut start, mut joins) = (0_usize, end, false);
    loop {
        match head.tokens[start].text {
            ")" => depth += 1,
            "(" => depth -= 1,
            _ => joins |= depth == 1 && is_one_of(&head.tokens[start], &["join"]),
        }
        if depth == 0 || start == 0 {
            break;
        }
        start -= 1;
    }
    let is_rows =
        start > 1 && is_one_of(&head.tokens[start - 1], &["from"]) && is_one_of(&head.tokens[start - 2], &["rows"]);
    let is_query = is_one_of(&head.tokens[start + 1], &["select", "with", "values"]);
    if is_query || !joins && !is_rows {
        return Vec::new();
    }
    let mut tables = BTreeSet::new();
    for at in start + 1..end {
        head.at = at;
        if let Some(name) = head.name().map(local) {
            tables.extend(rows.function(&name));
            tables.extend(rows.table(name));
        }
    }
    let mixed = |table| Place {
        table,
        items: Vec::new(),
        open: false,
    };
    tables.into_iter().map(mixed).collect()
}

/// `ROW(1, 2)::t`.
fn row<'a>(head: &mut Head<'a>, rows: &Rows<'_>) -> Option<Place<'a>> {
    let items = items(head)?;
    if !head.eat(": :") {
        return None;
    }
    let table = rows.table(local(head.name()?)).pop()?;
    let open = false;
    Some(Place { table, items, open })
}

/// What the last statement of a body gives, as rows of the table: `BEGIN ATOMIC SELECT a, b FROM t; END`.
fn result<'a>(head: &mut Head<'a>, table: Qualified) -> Option<Place<'a>> {
    head.at = 0;
    if !head.skip_past("begin") || !head.eat("atomic") {
        return None;
    }
    let ends = (head.at..head.tokens.len())
        .filter(|at| head.tokens[*at].text == ";")
        .collect::<Vec<_>>();
    let (end, before) = (
        *ends.last()?,
        ends.len().checked_sub(2).map_or(head.at, |at| ends[at] + 1),
    );
    head.at = before;
    let top = {
        let mut depth = 0_usize;
        let level = |at: &usize| {
            let was = depth;
            match head.tokens[*at].text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
            was == 0
        };
        (before..end).filter(level).collect::<Vec<_>>()
    };
    let at_top = |words: &[&str]| top.iter().copied().find(|at| is_one_of(&head.tokens[*at], words));
    if at_top(&["union", "intersect", "except"]).is_some() {
        let (items, open) = (Vec::new(), false);
        return Some(Place { table, items, open });
    }
    let mut start = at_top(&["returning"]).or(at_top(&["select"]))? + 1;
    if is_one_of(&head.tokens[start], &["distinct"]) {
        start += 1;
        head.at = start;
        if head.eat("on") {
            head.list()?;
            start = head.at;
        }
    }
    let ends = |at: usize| is_one_of(&head.tokens[at], BEHIND) && !is_one_of(&head.tokens[at - 1], &["distinct"]);
    let stop = top.iter().copied().find(|at| *at > start && ends(*at)).unwrap_or(end);
    let commas = top
        .iter()
        .copied()
        .filter(|at| (start..stop).contains(at) && head.tokens[*at].text == ",");
    let cuts = commas.chain([stop]).collect::<Vec<_>>();
    let mut items = Vec::new();
    for cut in cuts {
        let from = head.tokens[start].start;
        items.push((from, head.sql[from..head.tokens[cut].start].trim_end()));
        start = cut + 1;
    }
    let open = false;
    // One alone is the whole row.
    (items.len() > 1).then_some(Place { table, items, open })
}
