//! File to schema.

use std::collections::{BTreeMap, BTreeSet};

use super::{BUILTIN, Result, SERIALS, parts, read_name, read_optional, read_qualified, read_raw, usual_counter};
use crate::dialect::Dialect;
use crate::ident::{Name, Qualified};
use crate::ir::{ByName, Column, ColumnValue, Counter, Enum, Identity, Partition, Schema, SqlType, Table};
use crate::snapshot::file;
use crate::snapshot::{Snapshot, SnapshotError, expr, names, objects};

/// File to schema.
pub(in crate::snapshot) struct Reader<'a> {
    dialect: &'a dyn Dialect,
    /// The enums of the schema, as a type spells them.
    enums: BTreeSet<String>,
    /// Types that were read before: schemas have many columns of few types.
    types: BTreeMap<String, SqlType>,
    schema: Schema,
    /// Tables of which the file says more than is read.
    unread: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(in crate::snapshot) fn new(dialect: &'a dyn Dialect, enums: BTreeSet<String>) -> Self {
        Self {
            dialect,
            enums,
            types: BTreeMap::new(),
            schema: Schema::default(),
            unread: Vec::new(),
        }
    }

    pub(in crate::snapshot) fn enums(&self) -> &BTreeSet<String> {
        &self.enums
    }

    /// Takes a table of the file.
    pub(in crate::snapshot) fn take(&mut self, key: &str, table: file::Table) -> Result<()> {
        if says(table.rls.as_ref()) || says(table.policies.as_ref()) {
            self.unread.push(format!("row-level security of {key}"));
        }
        let table = self.table(table);
        let table = table.map_err(|error| SnapshotError::new(format!("`{key}`: {error}")))?;
        match self.schema.tables.insert(table.name.clone(), table) {
            None => Ok(()),
            Some(_) => Err(SnapshotError::new(format!("the table `{key}` is there twice"))),
        }
    }

    /// The snapshot of the tables that were taken and of what else the file says.
    pub(in crate::snapshot) fn finish(mut self, file: file::File) -> Result<Snapshot> {
        let (schema, mut unread) = (&mut self.schema, Vec::new());
        unread.extend(says(file.views.as_ref()).then(|| "views".to_owned()));
        unread.extend(says(file.roles.as_ref()).then(|| "roles".to_owned()));
        unread.append(&mut self.unread);
        for name in &file.schemas {
            schema.namespaces.insert(read_name(name, "schemas")?);
        }
        for (_, e) in file.enums.0 {
            let name = read_qualified(&e.name, "enums")?;
            schema.enums.insert(
                name.clone(),
                Enum {
                    name,
                    values: e.values,
                    comment: e.comment,
                },
            );
        }
        schema.objects = objects::read(file.objects)?;
        for name in &file.unmanaged {
            schema.unmanaged.insert(read_qualified(name, "unmanaged")?);
        }
        Ok(Snapshot {
            schema: self.schema,
            unread,
        })
    }

    fn table(&mut self, file: file::Table) -> Result<Table> {
        let mut table = Table::new(Qualified {
            schema: file
                .schema
                .as_deref()
                .map(|schema| read_name(schema, "schema"))
                .transpose()?,
            name: read_name(&file.name, "name")?,
        });
        let marked = file.columns.0.iter().filter(|(_, column)| column.primary_key);
        let marked = marked.map(|(name, _)| name.clone()).collect::<Vec<_>>();
        table.columns = Vec::with_capacity(file.columns.0.len());
        for (_, column) in file.columns.0 {
            table.columns.push(self.column(column, &table.name)?);
        }
        table.primary_key = parts::read_primary_key(file.primary_key, &marked, &table.name)?;
        table.indexes = ByName::with_capacity(file.indexes.len());
        for index in file.indexes {
            if index.constraint {
                let unique = parts::read_unique(index)?;
                table.uniques.insert(unique.name.clone(), unique);
            } else {
                let index = parts::read_index(index)?;
                table.indexes.insert(index.name.clone(), index);
            }
        }
        table.foreign_keys = ByName::with_capacity(file.foreign_keys.len());
        for key in file.foreign_keys {
            let key = parts::read_foreign_key(key)?;
            table.foreign_keys.insert(key.name.clone(), key);
        }
        for check in file.checks {
            let check = parts::read_check(check)?;
            table.checks.insert(check.name.clone(), check);
        }
        for exclusion in file.exclusions {
            let exclusion = parts::read_exclusion(exclusion)?;
            table.exclusions.insert(exclusion.name.clone(), exclusion);
        }
        for parent in &file.inherits {
            table.inherits.push(read_qualified(parent, "inherits")?);
        }
        table.partition_by = file.partition_by;
        if let Some(partition) = file.partition {
            table.partition = Some(Partition {
                of: read_qualified(&partition.of, "partition")?,
                bound: partition.bound,
            });
        }
        table.comment = file.comment;
        table.options = file.options;
        Ok(table)
    }

    fn column(&mut self, file: file::Column, table: &Qualified) -> Result<Column> {
        let name = read_name(&file.name, "columns")?;
        let serial = SERIALS
            .iter()
            .find(|(_, serial)| *serial == file.ty && !self.enums.contains(&file.ty));
        // Few columns count, and what such a sequence is usually called takes its time.
        let counter = match serial.is_some() || file.identity.is_some() {
            true => self.counter(file.sequence, table, &name)?,
            false => None,
        };
        if let Some((bits, _)) = serial {
            let ty = SqlType::Int {
                bits: *bits,
                unsigned: false,
            };
            return Ok(Column {
                nullable: file.nullable,
                value: ColumnValue::Identity(Identity::Serial, counter),
                comment: file.comment,
                collation: None,
                options: file.options,
                ..Column::new(name, ty)
            });
        }
        let ty = self.ty(&file.ty, file.type_kind.as_deref());
        let ty = ty.map_err(|message| SnapshotError::new(format!("column `{name}`: {message}")))?;
        let value = match (file.generated, file.identity, file.default) {
            (Some(generated), _, _) => ColumnValue::Generated {
                expr: read_raw(generated.expression, generated.kind.as_deref())?,
                stored: generated.stored,
            },
            (_, Some(identity), _) => {
                let identity = match identity {
                    file::Identity::Always => Identity::Always,
                    file::Identity::ByDefault => Identity::ByDefault,
                    file::Identity::Serial => Identity::Serial,
                };
                ColumnValue::Identity(identity, counter)
            }
            (_, _, Some(text)) => ColumnValue::Default(match &file.default_kind {
                Some(kind) => read_raw(text, Some(kind))?,
                None => expr::default(&text, &ty),
            }),
            (None, None, None) => ColumnValue::Required,
        };
        Ok(Column {
            name,
            ty,
            nullable: file.nullable,
            value,
            collation: read_optional(file.collation.as_deref(), "collation")?,
            comment: file.comment,
            options: file.options,
        })
    }

    fn counter(
        &mut self,
        file: Option<Box<file::Sequence>>,
        table: &Qualified,
        column: &Name,
    ) -> Result<Option<Box<Counter>>> {
        let usual = usual_counter(self.dialect, table, column);
        let Some(file) = file else { return Ok(usual) };
        let ty = file.ty.map(|ty| self.ty(&ty, None)).transpose();
        let name = file.name.map(|name| read_qualified(&name, "sequence")).transpose()?;
        Ok(Some(Box::new(Counter {
            name: name.or_else(|| usual.and_then(|usual| usual.name)),
            ty: ty.map_err(|message| SnapshotError::new(format!("`sequence`: {message}")))?,
            start: file.start,
            increment: file.increment,
            min: file.min,
            max: file.max,
            cache: file.cache,
            cycle: file.cycle,
        })))
    }

    pub(super) fn ty(&mut self, text: &str, kind: Option<&str>) -> std::result::Result<SqlType, String> {
        if kind != Some(BUILTIN)
            && let Some(ty) = self.enum_type(text)
        {
            return Ok(ty);
        }
        if let Some(ty) = self.types.get(text) {
            return Ok(ty.clone());
        }
        let ty = self.dialect.parse(text).map_err(|error| error.to_string())?;
        self.types.insert(text.to_owned(), ty.clone());
        Ok(ty)
    }

    fn enum_type(&self, text: &str) -> Option<SqlType> {
        if self.enums.contains(text) {
            return names::read(text).map(SqlType::Enum);
        }
        let inner = self.enum_type(text.strip_suffix("[]")?)?;
        Some(SqlType::Array(Box::new(inner)))
    }
}

fn says(value: Option<&serde_json::Value>) -> bool {
    match value {
        Some(serde_json::Value::Object(map)) => !map.is_empty(),
        Some(serde_json::Value::Array(list)) => !list.is_empty(),
        other => other.is_some(),
    }
}
