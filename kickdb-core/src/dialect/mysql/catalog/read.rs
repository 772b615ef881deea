use std::collections::{BTreeMap, BTreeSet};

use super::column::{action, json_check, split_compressed, value, without_introducer, without_introducers};
use super::objects::{self, SequenceRow, ViewRow};
use super::rows::{CheckRow, ColumnRow, ForeignKeyRow, IndexRow, PositionRow, SRID_ROW, TableRow, name, rows, wrong};
use super::{partitions, shown};

use crate::dialect::mysql::normalize::{
    COLLATE, COMPRESSED, ENGINE, INVISIBLE, ROW_END, SRID, UNVERSIONED, VERSIONED, is_geometry, is_in_memory, is_text,
    table_check,
};
use crate::dialect::mysql::syntax::{ident_str, literal};
use crate::dialect::mysql::{Mysql, keys};
use crate::dialect::{CatalogError, Types};
use crate::ident::{Name, Qualified};
use crate::ir::{
    Check, Column, ColumnValue, Expr, ForeignKey, Index, IndexKey, IndexPart, Object, ObjectId, PrimaryKey, Schema,
    SqlType, Table,
};

/// The schema as the server spells it, not yet in normal form.
pub(super) fn schema(answers: &[String]) -> Result<Schema, CatalogError> {
    let [tables, columns, indexes, foreign_keys, checks, partitions, others @ ..] = answers else {
        return Err(wrong(format!("11 answers were asked for, {} came", answers.len())));
    };
    let mut found = Tables::default();
    for row in rows::<TableRow>(tables)?.into_iter().filter(|row| row.kind != SEQUENCE) {
        found.table(row)?;
    }
    if let Some(why) = others.iter().find_map(|answer| answer.strip_prefix(HALF_SEEN)) {
        return Err(wrong(why));
    }
    let checks = rows::<CheckRow>(checks)?;
    let columns = rows::<ColumnRow>(columns)?;
    let with_columns = columns.iter().map(|row| row.table.clone()).collect();
    for row in columns {
        found.column(row, &checks)?;
    }
    for row in rows::<IndexRow>(indexes)? {
        found.index(row)?;
    }
    for table in found.tables.values_mut() {
        let row_end = row_end(table);
        for index in table.indexes.values_mut().filter(|index| index.unique) {
            index
                .parts
                .retain(|part| !matches!((&part.key, &row_end), (IndexKey::Column(name), Some(end)) if name == end));
        }
    }
    for row in rows::<ForeignKeyRow>(foreign_keys)? {
        found.foreign_key(row)?;
    }
    for row in checks {
        found.check(row)?;
    }
    partitions::read(rows(partitions)?, &mut found.tables)?;
    let (positions, others): (Vec<&String>, Vec<&String>) =
        others.iter().partition(|answer| answer.starts_with(SRID_ROW));
    for answer in positions {
        for row in rows::<PositionRow>(answer)? {
            found.position(row)?;
        }
    }
    let is_shown = |answer: &&String| {
        answer
            .split('\0')
            .nth(1)
            .is_some_and(|text| text.starts_with(shown::START))
    };
    let (shown, others): (Vec<&String>, Vec<&String>) = others.into_iter().partition(is_shown);
    let names: BTreeSet<String> = found.tables.keys().map(|table| table.name.to_string()).collect();
    for text in shown.iter().flat_map(|answer| shown::statements(answer, &names)) {
        shown::read(text, &mut found.tables)?;
    }
    let others: Vec<String> = others.into_iter().cloned().collect();
    for table in found.tables.values_mut() {
        primary_key(table);
    }
    let kept = rows::<TableRow>(tables)?.into_iter().filter(|row| row.kind == SEQUENCE);
    let kept = kept.map(|row| (row.table, (row.engine, row.comment))).collect();
    let objects = others_of(&others, (&found, &with_columns), &kept)?;
    Ok(Schema {
        objects,
        tables: found.tables,
        ..Schema::default()
    })
}

const SEQUENCE: &str = "SEQUENCE";

/// Asks in which system the places of the tables are, where there are any.
pub(super) fn positions(answers: &[String]) -> Result<Option<&'static str>, CatalogError> {
    let [_, columns, ..] = answers else {
        return Ok(None);
    };
    let rows = rows::<ColumnRow>(columns)?;
    let of_places = |row: &ColumnRow| is_geometry(&SqlType::Native(row.ty.as_str().into()));
    Ok(rows.iter().any(of_places).then_some(
        "SELECT JSON_OBJECT('srid', SRID, 'table', F_TABLE_NAME, 'column', G_GEOMETRY_COLUMN) \
         FROM information_schema.GEOMETRY_COLUMNS WHERE F_TABLE_SCHEMA = DATABASE() AND SRID <> 0",
    ))
}

/// The names of the sequences among the tables.
pub(super) fn sequences(tables: &str) -> Result<Vec<String>, CatalogError> {
    let rows = rows::<TableRow>(tables)?.into_iter();
    Ok(rows.filter(|row| row.kind == SEQUENCE).map(|row| row.table).collect())
}

/// The tables that must be asked for the statement that makes them.
pub(super) fn doubtful(answers: &[String]) -> Result<BTreeSet<String>, CatalogError> {
    let [_, columns, _, _, checks, partitions, ..] = answers else {
        return Ok(BTreeSet::new());
    };
    Ok(shown::doubtful(&rows(columns)?, &rows(checks)?, &rows(partitions)?))
}

/// The statements that make the tables, in one query, and those that make the views with a text in them, whose character set
/// the catalog does not tell.
pub(super) fn told_queries(answers: &[String]) -> Result<Vec<String>, CatalogError> {
    let [tables, _, _, _, _, _, views, ..] = answers else {
        return Ok(Vec::new());
    };
    // What has no engine cannot be opened.
    let open = |row: &TableRow| row.kind != SEQUENCE && row.engine.is_some();
    let tables = rows::<TableRow>(tables)?.into_iter().filter(open);
    let show = |row: TableRow| format!("SHOW CREATE TABLE {}", ident_str(&row.table));
    let tables = tables.map(show).collect::<Vec<_>>().join("; ");
    let views = rows::<ViewRow>(views)?.into_iter().filter(ViewRow::says_text);
    let views = views.map(|row| format!("SHOW CREATE VIEW {}", ident_str(&row.name)));
    Ok((!tables.is_empty())
        .then_some(tables)
        .into_iter()
        .chain(views)
        .collect())
}

/// What tells the bodies that the catalog does not tell word for word.
pub(super) fn body_query(answers: &[String]) -> Result<Option<String>, CatalogError> {
    let [.., triggers, routines, _parameters, events] = answers else {
        return Err(wrong("the answers about routines are missing"));
    };
    Ok(objects::body_query(&rows(triggers)?, &rows(routines)?, &rows(events)?))
}

/// What an answer starts with that says why the user sees half of the schema alone.
const HALF_SEEN: &str = "half seen: ";

/// Asks whether the user sees half of the schema. Whoever has rights on single tables sees no others, and whoever has no right
/// beside `SELECT` sees neither foreign keys, checks nor triggers: then a table has a unique key, and yet no constraint.
pub(super) fn half_seen(answers: &[String]) -> Result<String, CatalogError> {
    let mut keyed = None;
    if let [_, _, indexes, foreign_keys, checks, ..] = answers
        && foreign_keys.is_empty()
        && checks.is_empty()
    {
        keyed = rows::<IndexRow>(indexes)?
            .into_iter()
            .find(|index| index.unique.holds());
    }
    let hidden = keyed.map(|index| {
        format!(
            "WHEN NOT EXISTS (SELECT 1 FROM information_schema.TABLE_CONSTRAINTS WHERE TABLE_SCHEMA = DATABASE() AND \
             TABLE_NAME = {}) THEN CONCAT('the user ', CURRENT_USER(), ' may read the tables, but their foreign keys, checks and \
             triggers are hidden from whoever has no other right than SELECT; GRANT SHOW VIEW, TRIGGER, EVENT ON `', \
             DATABASE(), '`.* TO ', CURRENT_USER()) ",
            literal(&index.table)
        )
    });
    Ok(format!(
        "SELECT CONCAT('{HALF_SEEN}', why) FROM (SELECT CASE \
         WHEN NOT EXISTS (SELECT 1 FROM information_schema.USER_PRIVILEGES WHERE PRIVILEGE_TYPE <> 'USAGE') \
         AND NOT EXISTS (SELECT 1 FROM information_schema.SCHEMA_PRIVILEGES WHERE DATABASE() LIKE TABLE_SCHEMA) \
         AND COALESCE(CURRENT_ROLE(), 'NONE') = 'NONE' \
         THEN CONCAT('the user ', CURRENT_USER(), ' has rights on single tables of `', DATABASE(), '` alone, and sees no others; \
         GRANT SELECT, SHOW VIEW, TRIGGER, EVENT, EXECUTE ON `', DATABASE(), '`.* TO ', CURRENT_USER()) \
         {}END AS why) seen WHERE why IS NOT NULL",
        hidden.unwrap_or_default()
    ))
}

/// Views, triggers, routines, events and sequences.
fn others_of(
    answers: &[String],
    (found, with_columns): (&Tables, &BTreeSet<String>),
    kept: &BTreeMap<String, objects::Kept>,
) -> Result<BTreeMap<ObjectId, Object>, CatalogError> {
    let [views, triggers, routines, parameters, events, further @ ..] = answers else {
        return Err(wrong("the answers about views and routines are missing"));
    };
    // Only statements have several columns.
    let (statements, sequences): (Vec<&String>, Vec<&String>) =
        further.iter().partition(|answer| answer.contains('\0'));
    let mut bodies = objects::Bodies::new();
    let queries: BTreeMap<String, String> = statements
        .iter()
        .filter_map(|answer| objects::query_of(answer))
        .collect();
    for answer in statements {
        objects::bodies_of(answer, &mut bodies);
    }
    let mut read = BTreeMap::new();
    objects::routines(rows(routines)?, rows(parameters)?, &bodies, &mut read)?;
    let views = rows::<ViewRow>(views)?;
    let tables = found.tables.keys().map(|table| table.name.as_str());
    let routines = read.keys().map(|id: &ObjectId| id.name.name.as_str());
    let names = tables
        .chain(routines)
        .chain(views.iter().map(|view| view.name.as_str()));
    let mut known: BTreeSet<String> = names.map(str::to_lowercase).collect();
    for answer in sequences {
        for row in rows::<SequenceRow>(answer)? {
            objects::sequence(&row, kept, &mut read)?;
        }
    }
    known.extend(read.keys().map(|id| id.name.name.as_str().to_lowercase()));
    for row in views {
        objects::view(row, (&known, with_columns), &queries, &mut read)?;
    }
    for row in rows(triggers)? {
        objects::trigger(row, &bodies, &mut read)?;
    }
    for row in rows(events)? {
        objects::event(row, &bodies, &mut read)?;
    }
    Ok(read)
}

#[derive(Default)]
struct Tables {
    tables: crate::ir::Tables,
    collations: BTreeMap<Qualified, Option<String>>,
    /// Checks of columns that hold JSON, which are part of the columns' type.
    json: BTreeSet<(Qualified, Name)>,
}

impl Tables {
    fn get(&mut self, table: &str) -> Result<Option<&mut Table>, CatalogError> {
        let name = Qualified::local(name(table)?);
        Ok(self.tables.get_mut(&name))
    }

    fn table(&mut self, row: TableRow) -> Result<(), CatalogError> {
        let name = Qualified::local(name(row.table)?);
        let mut table = Table::new(name.clone());
        table.comment = row.comment;
        if let Some(engine) = row.engine {
            table.options.insert(ENGINE.to_owned(), engine);
        }
        if let Some(collation) = row.collation.clone().filter(|own| Some(own) != row.usual.as_ref()) {
            table.options.insert(COLLATE.to_owned(), collation);
        }
        // `row_format=DYNAMIC stats_persistent=1`; what an engine adds is `` `page_compressed`='1' ``.
        for option in row.options.unwrap_or_default().split_whitespace() {
            if let Some((name, value)) = option.split_once('=') {
                let bare = |text: &str| text.trim_matches(['`', '\'', '"']).to_owned();
                let (name, value) = (bare(name).to_ascii_lowercase(), bare(value));
                table.written.told.0.insert(name.clone(), value.clone());
                table.options.insert(name, value);
            }
        }
        if row.kind == "SYSTEM VERSIONED" {
            table.options.insert(VERSIONED.to_owned(), String::new());
        }
        self.collations.insert(name.clone(), row.collation);
        self.tables.insert(name, table);
        Ok(())
    }

    fn column(&mut self, row: ColumnRow, checks: &[CheckRow]) -> Result<(), CatalogError> {
        let table = Qualified::local(name(row.table.as_str())?);
        let column_name = name(row.name.as_str())?;
        let usual = self.collations.get(&table).cloned().flatten();
        // The name of a type that a later server has is kept as it is.
        let (spelled, compressed) = split_compressed(&row.ty);
        let mut ty = Mysql.parse(spelled).unwrap_or_else(|_| SqlType::Native(spelled.into()));
        if let Some(check) = json_check(&row, checks) {
            ty = SqlType::Json { binary: false };
            self.json.insert((table.clone(), name(check.name.as_str())?));
        }
        let mut column = Column::new(column_name, ty);
        column.nullable = row.nullable.holds();
        column.comment = row.comment.clone();
        if is_text(&column.ty) {
            let own = row.collation.clone().filter(|own| Some(own) != usual.as_ref());
            column.collation = own.map(name).transpose()?;
        }
        column.value = value(&row);
        if !row.server.contains("MariaDB") {
            without_introducers(&mut column.value);
        }
        let extra = row.extra.as_deref().unwrap_or_default().to_ascii_lowercase();
        for (said, option) in [("invisible", INVISIBLE), ("without system versioning", UNVERSIONED)] {
            if extra.contains(said) {
                column.options.insert(option.to_owned(), String::new());
            }
        }
        if let Some(method) = compressed {
            column.options.insert(COMPRESSED.to_owned(), method.to_owned());
        }
        if let Some(table) = self.tables.get_mut(&table) {
            table.columns.push(column);
        }
        Ok(())
    }

    fn position(&mut self, row: PositionRow) -> Result<(), CatalogError> {
        let column = name(row.column)?;
        let columns = self.get(&row.table)?.into_iter().flat_map(|table| &mut table.columns);
        for column in columns.filter(|other| other.name == column) {
            column.options.insert(SRID.to_owned(), row.srid.to_string());
        }
        Ok(())
    }

    fn index(&mut self, row: IndexRow) -> Result<(), CatalogError> {
        let Some(table) = self.get(&row.table)? else {
            return Ok(());
        };
        let index_name = name(row.name.as_str())?;
        let kind = row.kind.to_ascii_lowercase();
        let tree = kind == keys::BTREE || kind == keys::HASH;
        let key = match (row.column, row.prefix.filter(|_| tree), row.expression) {
            (Some(column), Some(length), _) => keys::prefix_key(&name(column)?, length),
            (Some(column), None, _) => IndexKey::Column(name(column)?),
            (None, _, expression) => IndexKey::Expr(Expr::Sql(expression.unwrap_or_default())),
        };
        let method = Some(name(kind)?);
        let index = table.indexes.entry(index_name.clone()).or_insert_with(|| Index {
            unique: row.unique.holds(),
            method,
            ..Index::new(index_name, Vec::new())
        });
        if let Some(comment) = row.comment {
            index.options.insert(keys::COMMENT.to_owned(), comment);
        }
        if row.ignored.holds() {
            index.options.insert(keys::IGNORED.to_owned(), String::new());
        }
        index.parts.push(IndexPart {
            descending: row.descending.holds(),
            ..IndexPart::new(key)
        });
        Ok(())
    }

    fn foreign_key(&mut self, row: ForeignKeyRow) -> Result<(), CatalogError> {
        let Some(table) = self.get(&row.table)? else {
            return Ok(());
        };
        let key_name = name(row.name)?;
        let references = Qualified {
            schema: row.schema.map(name).transpose()?,
            name: name(row.references)?,
        };
        let (on_delete, on_update) = (action(&row.on_delete), action(&row.on_update));
        let key = table
            .foreign_keys
            .entry(key_name.clone())
            .or_insert_with(|| ForeignKey {
                on_delete,
                on_update,
                ..ForeignKey::new(key_name, Vec::new(), references, Vec::new())
            });
        key.columns.push(name(row.column)?);
        key.referenced.push(name(row.referenced)?);
        Ok(())
    }

    fn check(&mut self, row: CheckRow) -> Result<(), CatalogError> {
        let check = name(row.name)?;
        let table = Qualified::local(name(row.table)?);
        if self.json.contains(&(table.clone(), check.clone())) {
            return Ok(());
        }
        if let Some(table) = self.tables.get_mut(&table) {
            if !row.of_column.holds() && row.told_level.holds() && table.column(&check).is_some() {
                table.options.insert(table_check(&check), String::new());
            }
            let clause = if row.told_level.holds() {
                row.clause
            } else {
                without_introducer(&row.clause)
            };
            let expr = Expr::Sql(clause);
            table.checks.insert(check.clone(), Check::new(check, expr));
        }
        Ok(())
    }
}

/// The server counts the end of a row's time to every unique key of a versioned table whose bounds are columns of its own.
fn row_end(table: &Table) -> Option<Name> {
    let is_end =
        |value: &ColumnValue| matches!(value, ColumnValue::Generated { expr: Expr::Sql(sql), .. } if sql == ROW_END);
    let end = table.columns.iter().find(|column| is_end(&column.value));
    end.map(|column| column.name.clone())
}

/// The index of the primary key's name as the primary key.
fn primary_key(table: &mut Table) {
    let Ok(primary) = Name::new(keys::PRIMARY) else { return };
    let Some(index) = table.indexes.remove(&primary) else {
        return;
    };
    let columns: Vec<Name> = index.parts.iter().filter_map(keys::column_of).collect();
    let usual = if is_in_memory(table) { keys::HASH } else { keys::BTREE };
    let using = index.method.as_ref().filter(|method| **method != usual);
    let overlaps = index.options.contains_key(keys::WITHOUT_OVERLAPS);
    let comment = index.options.get(keys::COMMENT).filter(|comment| !comment.is_empty());
    let whole = index.parts.iter().all(|part| keys::plain_column(part).is_some());
    if using.is_some() || overlaps || comment.is_some() || !whole {
        let mut parts = keys::key_parts(&index);
        if let Some(comment) = comment {
            parts.push_str(&format!(" COMMENT {}", literal(comment)));
        }
        if let Some(method) = using {
            parts.push_str(&format!(" USING {}", method.as_str().to_ascii_uppercase()));
        }
        table.options.insert(keys::PRIMARY_KEY.to_owned(), parts);
    }
    table.primary_key = Some(PrimaryKey::new(primary, columns));
}
