//! Schema to file.

use super::{BUILTIN, Reader, Result, SERIALS, parts, raw_kind, usual_counter};
use crate::dialect::Dialect;
use crate::ident::Name;
use crate::ir::{Column, ColumnValue, Counter, Enum, Identity, PrimaryKey, Schema, SqlType, Table};
use crate::snapshot::file::{self, Entries};
use crate::snapshot::{SnapshotError, VERSION, expr, names, objects};

/// Schema to file.
pub(in crate::snapshot) struct Writer<'a> {
    schema: &'a Schema,
    dialect: &'a dyn Dialect,
    reader: Reader<'a>,
}

impl<'a> Writer<'a> {
    pub(in crate::snapshot) fn new(schema: &'a Schema, dialect: &'a dyn Dialect) -> Self {
        let enums = schema.enums.keys().map(names::text).collect();
        Self {
            schema,
            dialect,
            reader: Reader::new(dialect, enums),
        }
    }

    pub(in crate::snapshot) fn file(&mut self) -> Result<file::File> {
        let schema = self.schema;
        let mut tables = Vec::with_capacity(schema.tables.len());
        for table in schema.tables.values() {
            tables.push((names::text(&table.name), self.table(table)?));
        }
        Ok(file::File {
            version: VERSION,
            dialect: self.dialect.id().as_str().to_owned(),
            tables: Entries(tables),
            schemas: schema.namespaces.iter().map(Name::to_string).collect(),
            enums: Entries(
                schema
                    .enums
                    .values()
                    .map(|e| (names::text(&e.name), write_enum(e)))
                    .collect(),
            ),
            objects: objects::write(&schema.objects),
            unmanaged: schema.unmanaged.iter().map(names::text).collect(),
            views: None,
            roles: None,
        })
    }

    fn table(&mut self, table: &Table) -> Result<file::Table> {
        let columns = table.columns.iter().map(|column| {
            let written = self.column(column, table)?;
            Ok((column.name.to_string(), written))
        });
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let mut indexes = table.uniques.values().map(parts::write_unique).collect::<Vec<_>>();
        indexes.extend(table.indexes.values().map(parts::write_index));
        indexes.sort_by(|a, b| (&a.name, !a.constraint).cmp(&(&b.name, !b.constraint)));
        Ok(file::Table {
            name: table.name.name.to_string(),
            schema: table.name.schema.as_ref().map(Name::to_string),
            columns: Entries(columns),
            indexes,
            foreign_keys: table.foreign_keys.values().map(parts::write_foreign_key).collect(),
            checks: table.checks.values().map(parts::write_check).collect(),
            primary_key: parts::write_primary_key(table),
            comment: table.comment.clone(),
            options: table.options.clone(),
            exclusions: table.exclusions.values().map(parts::write_exclusion).collect(),
            inherits: table.inherits.iter().map(names::text).collect(),
            partition_by: table.partition_by.clone(),
            partition: table.partition.as_ref().map(|partition| file::Partition {
                of: names::text(&partition.of),
                bound: partition.bound.clone(),
            }),
            rls: None,
            policies: None,
        })
    }

    fn column(&mut self, column: &Column, table: &Table) -> Result<file::Column> {
        let is_key = |key: &PrimaryKey| key.columns.contains(&column.name);
        let mut written = file::Column {
            name: column.name.to_string(),
            ty: String::new(),
            nullable: column.nullable,
            default: None,
            primary_key: table.primary_key.as_ref().is_some_and(is_key),
            generated: None,
            identity: None,
            sequence: None,
            comment: column.comment.clone(),
            collation: column.collation.as_ref().map(Name::to_string),
            options: column.options.clone(),
            type_kind: None,
            default_kind: None,
        };
        match &column.value {
            ColumnValue::Required => {}
            ColumnValue::Default(value) => {
                let text = expr::text(value);
                let plain = expr::default(&text, &column.ty) == *value;
                written.default_kind = (!plain).then(|| expr::kind(value).to_owned());
                written.default = Some(text);
            }
            ColumnValue::Identity(identity, counter) => {
                written.sequence = self.counter(counter.as_deref(), table, &column.name)?;
                if let Some(serial) = serial(*identity, &column.ty)
                    && !self.reader.enums().contains(serial)
                {
                    written.ty = serial.to_owned();
                    return Ok(written);
                }
                written.identity = Some(match identity {
                    Identity::Always => file::Identity::Always,
                    Identity::ByDefault => file::Identity::ByDefault,
                    Identity::Serial => file::Identity::Serial,
                });
            }
            ColumnValue::Generated { expr: value, stored } => {
                written.generated = Some(Box::new(file::Generated {
                    expression: expr::text(value),
                    stored: *stored,
                    kind: raw_kind(value),
                }));
            }
        }
        (written.ty, written.type_kind) = self.ty(&column.ty, || format!("{}.{}", table.name, column.name))?;
        Ok(written)
    }

    /// The counter where it is not the usual one.
    fn counter(&self, counter: Option<&Counter>, table: &Table, column: &Name) -> Result<Option<Box<file::Sequence>>> {
        let usual = usual_counter(self.dialect, &table.name, column);
        let Some(counter) = counter.filter(|counter| Some(*counter) != usual.as_deref()) else {
            return Ok(None);
        };
        let ty = counter.ty.as_ref().map(|ty| self.type_text(ty)).transpose();
        let usual_name = usual.and_then(|usual| usual.name);
        Ok(Some(Box::new(file::Sequence {
            name: counter
                .name
                .as_ref()
                .filter(|name| Some(*name) != usual_name.as_ref())
                .map(names::text),
            ty: ty.map_err(SnapshotError::new)?,
            start: counter.start,
            increment: counter.increment,
            min: counter.min,
            max: counter.max,
            cache: counter.cache,
            cycle: counter.cycle,
        })))
    }

    fn ty(&mut self, ty: &SqlType, place: impl Fn() -> String) -> Result<(String, Option<String>)> {
        let refused = |message| SnapshotError::new(format!("`{}`: {message}", place()));
        let text = self.type_text(ty).map_err(refused)?;
        // A type of one's own that is no enum may have a name that says something else where it is not quoted.
        let quoted = self.dialect.format(ty).ok();
        for text in std::iter::once(&text).chain(&quoted) {
            for kind in [None, Some(BUILTIN)] {
                let same = |read: std::result::Result<SqlType, String>| read.as_ref() == Ok(ty);
                if same(self.reader.ty(text, kind)) {
                    return Ok((text.clone(), kind.map(str::to_owned)));
                }
            }
        }
        Err(refused(format!(
            "the type `{text}` would be read back as another one; please report this"
        )))
    }

    fn type_text(&self, ty: &SqlType) -> std::result::Result<String, String> {
        match ty {
            SqlType::Enum(name) => Ok(names::text(name)),
            SqlType::Array(inner) if has_enum(inner) => Ok(self.type_text(inner)? + "[]"),
            _ => self.dialect.format(ty).map_err(|error| error.to_string()),
        }
    }
}

fn has_enum(ty: &SqlType) -> bool {
    match ty {
        SqlType::Enum(_) => true,
        SqlType::Array(inner) => has_enum(inner),
        _ => false,
    }
}

fn serial(identity: Identity, ty: &SqlType) -> Option<&'static str> {
    let SqlType::Int { bits, unsigned: false } = ty else {
        return None;
    };
    let (_, name) = SERIALS
        .iter()
        .find(|(width, _)| identity == Identity::Serial && width == bits)?;
    Some(name)
}

fn write_enum(e: &Enum) -> file::Enum {
    file::Enum {
        name: names::text(&e.name),
        values: e.values.clone(),
        comment: e.comment.clone(),
    }
}
