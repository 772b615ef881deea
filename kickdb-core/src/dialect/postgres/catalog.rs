//! What PostgreSQL tells about itself, read from `pg_catalog` in a few queries however many tables there are.
//!
//! Each kind of object has its own query and its own pass below, so that another kind is one more file and one more pass.

mod columns;
mod objects;
mod parts;
mod rows;
mod told;
mod values;
mod words;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use self::rows::{ColumnRow, ConstraintRow, EnumRow, IndexRow, Namespaces, ObjectRow, TableRow};
use super::Postgres;
use super::extension::Homes;
use super::options as option;
use crate::dialect::{Catalog, CatalogError, Normalize};
use crate::ident::{Name, Qualified};
use crate::ir::{Enum, Object, ObjectId, ObjectKind, Partition, Schema, Table};

const QUERIES: &[&str] = &[
    include_str!("catalog/namespaces.sql"),
    include_str!("catalog/enums.sql"),
    include_str!("catalog/tables.sql"),
    include_str!("catalog/columns.sql"),
    include_str!("catalog/constraints.sql"),
    include_str!("catalog/indexes.sql"),
    objects::KINDS,
];

/// Before the name of what is only told of an object.
const TOLD: &str = "told ";

type Read<T> = Result<T, CatalogError>;

impl Catalog for Postgres {
    fn catalog_queries(&self) -> &'static [&'static str] {
        QUERIES
    }

    fn further_queries(&self, answers: &[String]) -> Result<Vec<String>, CatalogError> {
        let kinds = answers.last().map_or("", String::as_str);
        Ok(objects::query(kinds)?.into_iter().collect())
    }

    fn unread_query(&self) -> &'static str {
        include_str!("catalog/unread.sql")
    }

    fn all_rights_query(&self) -> Option<&'static str> {
        Some(include_str!("catalog/rights.sql"))
    }

    fn read_catalog(&self, answers: &[String]) -> Result<Schema, CatalogError> {
        let mut schema = read(answers)?;
        normalize(&mut schema)?;
        Ok(schema)
    }

    fn read_told(&self, answers: &[String]) -> Result<Schema, CatalogError> {
        let told = read(answers)?;
        let mut schema = told.clone();
        normalize(&mut schema)?;
        told::respell(&mut schema, told);
        Ok(schema)
    }

    fn meet(&self, from: &mut Schema, to: &mut Schema, _usual: [&str; 2]) {
        super::objects::meet(from, to);
    }
}

fn read(answers: &[String]) -> Read<Schema> {
    let [
        namespaces,
        enums,
        tables,
        columns,
        constraints,
        indexes,
        _kinds,
        objects @ ..,
    ] = answers
    else {
        return Err(wrong(format!("{} answers to {} queries", answers.len(), QUERIES.len())));
    };
    let mut reader = Reader::new(parse(namespaces, "namespaces")?)?;
    for row in parse::<Vec<EnumRow>>(enums, "enums")? {
        reader.read_enum(row)?;
    }
    for row in parse::<Vec<TableRow>>(tables, "tables")? {
        reader.read_table(row)?;
    }
    let mut columns = parse::<Vec<ColumnRow>>(columns, "columns")?;
    // Faster here than by the server.
    columns.sort_by_key(|row| (row.table, row.number));
    for row in columns {
        reader.read_column(row)?;
    }
    let indexes = parse::<Vec<IndexRow>>(indexes, "indexes")?;
    reader.indexes = indexes.into_iter().map(|row| (row.index, row)).collect();
    for row in parse::<Vec<ConstraintRow>>(constraints, "constraints")? {
        reader.read_constraint(row)?;
    }
    for row in std::mem::take(&mut reader.indexes).into_values() {
        reader.read_index(row)?;
    }
    for answer in objects {
        for row in parse::<Vec<ObjectRow>>(answer, "objects")? {
            reader.read_object(row)?;
        }
    }
    Ok(reader.finish())
}

fn normalize(schema: &mut Schema) -> Read<()> {
    Postgres.normalize(schema).map_err(|refusals| {
        let lines: Vec<String> = refusals.iter().map(ToString::to_string).collect();
        wrong(lines.join("; "))
    })
}

fn wrong(message: impl Into<String>) -> CatalogError {
    CatalogError {
        message: message.into(),
    }
}

fn parse<T: DeserializeOwned>(answer: &str, what: &str) -> Read<T> {
    serde_json::from_str(answer)
        .map_err(|error| wrong(format!("the answer about {what} is not what was asked for: {error}")))
}

fn name(text: &str) -> Read<Name> {
    Name::new(text).map_err(|error| wrong(error.to_string()))
}

/// A table that is being put together.
struct Draft {
    table: Table,
    /// Column names by their number in the catalog.
    columns: BTreeMap<i64, Name>,
}

struct Reader {
    /// The connection's default schema, whose objects go by their bare names.
    current: String,
    schema: Schema,
    drafts: BTreeMap<i64, Draft>,
    /// Those that no constraint has claimed so far.
    indexes: BTreeMap<i64, IndexRow>,
}

impl Reader {
    fn new(namespaces: Namespaces) -> Read<Self> {
        let mut schema = Schema::default();
        for named in &namespaces.named {
            schema.namespaces.insert(name(named)?);
        }
        Ok(Self {
            current: namespaces.current.unwrap_or_else(|| "public".to_owned()),
            schema,
            drafts: BTreeMap::new(),
            indexes: BTreeMap::new(),
        })
    }

    /// Where the connection's default schema is another one, what is in `public` belongs to somebody else.
    fn is_foreign(&self, schema: &str) -> bool {
        schema == "public" && self.current != "public"
    }

    fn qualified(&self, schema: &str, bare: &str) -> Read<Qualified> {
        let schema = if schema == self.current {
            None
        } else {
            Some(name(schema)?)
        };
        Ok(Qualified {
            schema,
            name: name(bare)?,
        })
    }

    fn read_enum(&mut self, row: EnumRow) -> Read<()> {
        if self.is_foreign(&row.schema) {
            return Ok(());
        }
        let name = self.qualified(&row.schema, &row.name)?;
        let e = Enum {
            name: name.clone(),
            values: row.values.unwrap_or_default(),
            comment: row.comment,
        };
        self.schema.enums.insert(name, e);
        Ok(())
    }

    fn read_table(&mut self, row: TableRow) -> Read<()> {
        if self.is_foreign(&row.schema) {
            return Ok(());
        }
        let mut table = Table::new(self.qualified(&row.schema, &row.name)?);
        for parent in row.parents.iter().flatten() {
            let parent = self.qualified(parent.schema.as_deref().unwrap_or_default(), &parent.name)?;
            match &row.bound {
                Some(bound) => {
                    table.partition = Some(Partition {
                        of: parent,
                        bound: bound.clone(),
                    });
                }
                None => table.inherits.push(parent),
            }
        }
        table.options = table_options(&row);
        table.partition_by = row.partition_by;
        table.comment = row.comment;
        self.drafts.insert(
            row.table,
            Draft {
                table,
                columns: BTreeMap::new(),
            },
        );
        Ok(())
    }

    fn read_object(&mut self, row: ObjectRow) -> Read<()> {
        if row.schema.as_ref().is_some_and(|schema| self.is_foreign(schema)) {
            return Ok(());
        }
        let on = match (&row.on_schema, &row.on_name) {
            (Some(schema), Some(table)) => Some(self.qualified(schema, table)?),
            _ => None,
        };
        let mut id = ObjectId {
            kind: row.kind,
            name: match &row.schema {
                Some(schema) => self.qualified(schema, &row.name)?,
                None => Qualified::local(name(&row.name)?),
            },
            on,
            signature: row.signature,
        };
        super::objects::settle(&mut id, &Homes::default());
        let sql = words::faithful(row.sql);
        let mut object = Object {
            sql: values::named(&sql).unwrap_or(sql),
            comment: row.comment,
            ..Object::default()
        };
        if let ObjectKind::Function | ObjectKind::Procedure = id.kind {
            object.told.0.insert(super::objects::STANDS.to_owned(), String::new());
        }
        for (facet, text) in row.facets {
            match facet.strip_prefix(TOLD) {
                Some(told) => object.told.0.insert(told.to_owned(), text),
                None => object.facets.insert(facet, text),
            };
        }
        self.schema.objects.insert(id, object);
        Ok(())
    }

    fn finish(mut self) -> Schema {
        for draft in self.drafts.into_values() {
            self.schema.tables.insert(draft.table.name.clone(), draft.table);
        }
        self.schema
    }
}

fn table_options(row: &TableRow) -> BTreeMap<String, String> {
    let mut said = options(row.storage.as_deref());
    let toast = options(row.toast_storage.as_deref());
    said.extend(toast.into_iter().map(|(key, value)| (format!("toast.{key}"), value)));
    let words = [
        (option::UNLOGGED, row.unlogged),
        (option::ROW_SECURITY, row.row_security),
        (option::FORCED_ROW_SECURITY, row.forced_row_security),
    ];
    said.extend(
        words
            .into_iter()
            .filter(|(_, is)| *is)
            .map(|(key, _)| (key.to_owned(), String::new())),
    );
    said.extend(row.method.clone().map(|method| (option::METHOD.to_owned(), method)));
    said.extend(row.of_type.clone().map(|ty| (option::OF.to_owned(), ty)));
    let keys = row.keys_from_above.iter().flatten();
    let keys = keys.filter_map(|key| Some((Name::new(&*key.above).ok()?, Name::new(&*key.own).ok()?)));
    let keys = option::said_names(&keys.collect());
    said.extend((!keys.is_empty()).then(|| (option::KEYS_FROM_ABOVE.to_owned(), keys)));
    said.extend(row.clustered.clone().map(|index| (option::CLUSTER.to_owned(), index)));
    let identity = match (row.identity.as_str(), &row.identity_index) {
        ("f", _) => Some("full".to_owned()),
        ("n", _) => Some("nothing".to_owned()),
        ("i", Some(index)) => Some(format!("index {index}")),
        _ => None,
    };
    said.extend(identity.map(|identity| (option::REPLICA_IDENTITY.to_owned(), identity)));
    said
}

/// The `name=value` of the catalog.
fn options(list: Option<&[String]>) -> BTreeMap<String, String> {
    let pairs = list.unwrap_or_default().iter();
    let pairs = pairs.filter_map(|pair| pair.split_once('='));
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}
