//! What PostgreSQL tells about itself, read from `pg_catalog` in a few queries however many tables there are.
//!
//! Each kind of object has its own query and its own pass below, so that another kind is one more file and one more pass.

mod rows;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use self::rows::{ColumnRow, ConstraintRow, EnumRow, IndexRow, Namespaces, ObjectRow, Part, TableRow};
use super::{Postgres, types};
use crate::dialect::{Catalog, CatalogError, Normalize, Types};
use crate::ident::{Name, Qualified};
use crate::ir::{
    Action, Check, Column, ColumnValue, Deferrable, Enum, Expr, ForeignKey, Identity, Index, IndexKey, IndexPart,
    Object, ObjectId, PrimaryKey, Schema, SqlType, Table, Unique,
};

const QUERIES: &[&str] = &[
    include_str!("catalog/namespaces.sql"),
    include_str!("catalog/enums.sql"),
    include_str!("catalog/tables.sql"),
    include_str!("catalog/columns.sql"),
    include_str!("catalog/constraints.sql"),
    include_str!("catalog/indexes.sql"),
    include_str!("catalog/objects.sql"),
];

type Read<T> = Result<T, CatalogError>;

impl Catalog for Postgres {
    fn catalog_queries(&self) -> &'static [&'static str] {
        QUERIES
    }

    fn read_catalog(&self, answers: &[String]) -> Result<Schema, CatalogError> {
        let [namespaces, enums, tables, columns, constraints, indexes, objects] = answers else {
            return Err(wrong(format!("{} answers to {} queries", answers.len(), QUERIES.len())));
        };
        let mut reader = Reader::new(parse(namespaces, "namespaces")?)?;
        for row in parse::<Vec<EnumRow>>(enums, "enums")? {
            reader.read_enum(row)?;
        }
        for row in parse::<Vec<TableRow>>(tables, "tables")? {
            reader.read_table(row)?;
        }
        for row in parse::<Vec<ColumnRow>>(columns, "columns")? {
            reader.read_column(row)?;
        }
        for row in parse::<Vec<ConstraintRow>>(constraints, "constraints")? {
            reader.read_constraint(row)?;
        }
        for row in parse::<Vec<IndexRow>>(indexes, "indexes")? {
            reader.read_index(row)?;
        }
        for row in parse::<Vec<ObjectRow>>(objects, "objects")? {
            reader.read_object(row)?;
        }
        let mut schema = reader.finish();
        self.normalize(&mut schema).map_err(|refusals| {
            let lines: Vec<String> = refusals.iter().map(ToString::to_string).collect();
            wrong(lines.join("; "))
        })?;
        Ok(schema)
    }
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

    fn read_column(&mut self, row: ColumnRow) -> Read<()> {
        let ty = self.column_type(&row)?;
        let column = Column {
            name: name(&row.name)?,
            ty,
            nullable: !row.not_null,
            value: column_value(&row),
            collation: row.collation.as_deref().map(name).transpose()?,
            comment: row.comment,
            options: BTreeMap::new(),
        };
        if let Some(draft) = self.drafts.get_mut(&row.table) {
            draft.columns.insert(row.number, column.name.clone());
            draft.table.columns.push(column);
        }
        Ok(())
    }

    fn column_type(&self, row: &ColumnRow) -> Read<SqlType> {
        let Some(schema) = &row.type_schema else {
            return Postgres
                .parse(&row.r#type)
                .map_err(|error| wrong(format!("column `{}`: {error}", row.name)));
        };
        let ty = types::user(self.qualified(schema, &row.type_name)?);
        Ok(if row.array { SqlType::Array(Box::new(ty)) } else { ty })
    }

    fn read_constraint(&mut self, row: ConstraintRow) -> Read<()> {
        let references = match (&row.foreign_schema, &row.foreign_table) {
            (Some(schema), Some(table)) => Some(self.qualified(schema, table)?),
            _ => None,
        };
        let Some(draft) = self.drafts.get_mut(&row.table) else {
            return Ok(());
        };
        let (table, named) = (&mut draft.table, name(&row.name)?);
        let columns = row.columns.unwrap_or_default();
        let columns: Vec<Name> = columns
            .iter()
            .filter_map(|number| draft.columns.get(number).cloned())
            .collect();
        let deferrable = match (row.deferrable, row.deferred) {
            (false, _) => Deferrable::No,
            (true, false) => Deferrable::Immediate,
            (true, true) => Deferrable::Deferred,
        };
        match (row.kind.as_str(), row.check, references) {
            ("p", ..) => {
                table.primary_key = Some(PrimaryKey {
                    name: named,
                    columns,
                    deferrable,
                })
            }
            ("u", ..) => {
                let nulls_distinct = !row.nulls_not_distinct;
                table.uniques.insert(
                    named.clone(),
                    Unique {
                        name: named,
                        columns,
                        nulls_distinct,
                        deferrable,
                    },
                );
            }
            ("c", Some(sql), _) => {
                table.checks.insert(
                    named.clone(),
                    Check {
                        name: named,
                        expr: Expr::Sql(sql),
                    },
                );
            }
            ("f", _, Some(references)) => {
                let referenced = row.foreign_columns.unwrap_or_default();
                let key = ForeignKey {
                    name: named.clone(),
                    columns,
                    references,
                    referenced: referenced.iter().map(|text| name(text)).collect::<Read<_>>()?,
                    on_delete: action(&row.on_delete)?,
                    on_update: action(&row.on_update)?,
                    deferrable,
                };
                table.foreign_keys.insert(named, key);
            }
            (kind, ..) => return Err(wrong(format!("constraint `{named}` is of the unknown kind `{kind}`"))),
        }
        Ok(())
    }

    fn read_index(&mut self, row: IndexRow) -> Read<()> {
        let Some(draft) = self.drafts.get_mut(&row.table) else {
            return Ok(());
        };
        let named = name(&row.name)?;
        let column = |part: &Part| {
            let found = part.column.and_then(|number| draft.columns.get(&number).cloned());
            found.ok_or_else(|| {
                wrong(format!(
                    "index `{named}` has a part that is neither a column nor an expression"
                ))
            })
        };
        let mut parts = Vec::new();
        let mut include = Vec::new();
        for part in &row.parts {
            if !part.key {
                include.push(column(part)?);
                continue;
            }
            parts.push(IndexPart {
                key: match &part.expression {
                    Some(sql) => IndexKey::Expr(Expr::Sql(sql.clone())),
                    None => IndexKey::Column(column(part)?),
                },
                descending: part.descending,
                nulls_first: Some(part.nulls_first),
                opclass: part.opclass.as_deref().map(name).transpose()?,
                collation: part.collation.as_deref().map(name).transpose()?,
            });
        }
        let index = Index {
            name: named.clone(),
            parts,
            unique: row.unique,
            nulls_distinct: !row.nulls_not_distinct,
            method: Some(name(&row.method)?),
            predicate: row.predicate.map(Expr::Sql),
            include,
            options: BTreeMap::new(),
        };
        draft.table.indexes.insert(named, index);
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
        let id = ObjectId {
            kind: row.kind,
            name: match &row.schema {
                Some(schema) => self.qualified(schema, &row.name)?,
                None => Qualified::local(name(&row.name)?),
            },
            on,
            signature: row.signature,
        };
        let object = Object {
            sql: row.sql,
            facets: row.facets,
            comment: row.comment,
        };
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

fn column_value(row: &ColumnRow) -> ColumnValue {
    match (row.identity.as_str(), row.generated.as_str(), &row.default) {
        ("a", ..) => ColumnValue::Identity(Identity::Always),
        ("d", ..) => ColumnValue::Identity(Identity::ByDefault),
        (_, kind @ ("s" | "v"), Some(sql)) => ColumnValue::Generated {
            expr: Expr::Sql(sql.clone()),
            stored: kind == "s",
        },
        (_, _, Some(_)) if row.serial => ColumnValue::Identity(Identity::Serial),
        (_, _, Some(sql)) => ColumnValue::Default(Expr::Sql(sql.clone())),
        (_, _, None) => ColumnValue::Required,
    }
}

fn action(letter: &str) -> Read<Action> {
    Ok(match letter {
        "a" => Action::NoAction,
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        other => return Err(wrong(format!("a foreign key has the unknown action `{other}`"))),
    })
}
