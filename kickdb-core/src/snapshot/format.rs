//! Between the schema and the fields of the file: the only place that knows both.

use std::collections::{BTreeMap, BTreeSet};

use super::file::{self, Entries};
use super::{Snapshot, SnapshotError, VERSION, expr, names, objects};
use crate::dialect::Dialect;
use crate::ident::{Name, Qualified};
use crate::ir::{
    Action, Check, Column, ColumnValue, Deferrable, Enum, Expr, ForeignKey, Identity, Index, IndexKey, IndexPart,
    IntBits, PrimaryKey, Schema, SqlType, Table, Unique,
};

type Result<T> = std::result::Result<T, SnapshotError>;

/// Types that count by themselves, as PostgreSQL spells them and the file does for all.
const SERIALS: &[(IntBits, &str)] = &[
    (IntBits::B16, "smallserial"),
    (IntBits::B32, "serial"),
    (IntBits::B64, "bigserial"),
];

/// A word of `typeKind`.
const BUILTIN: &str = "builtin";
/// A word of `parts[].kind`.
const COLUMN: &str = "column";

/// Schema to file.
pub(super) struct Writer<'a> {
    schema: &'a Schema,
    dialect: &'a dyn Dialect,
    reader: Reader<'a>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(schema: &'a Schema, dialect: &'a dyn Dialect) -> Self {
        let mut reader = Reader::new(dialect);
        reader.enums = schema.enums.keys().map(names::text).collect();
        Self {
            schema,
            dialect,
            reader,
        }
    }

    pub(super) fn file(&mut self) -> Result<file::File> {
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
        let mut indexes = table.uniques.values().map(write_unique).collect::<Vec<_>>();
        indexes.extend(table.indexes.values().map(write_index));
        indexes.sort_by(|a, b| (&a.name, !a.constraint).cmp(&(&b.name, !b.constraint)));
        Ok(file::Table {
            name: table.name.name.to_string(),
            schema: table.name.schema.as_ref().map(Name::to_string),
            columns: Entries(columns),
            indexes,
            foreign_keys: table.foreign_keys.values().map(write_foreign_key).collect(),
            checks: table.checks.values().map(write_check).collect(),
            primary_key: write_primary_key(table),
            comment: table.comment.clone(),
            options: table.options.clone(),
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
            ColumnValue::Identity(identity) => {
                if let Some(serial) = serial(*identity, &column.ty)
                    && !self.reader.enums.contains(serial)
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
                written.generated = Some(file::Generated {
                    expression: expr::text(value),
                    stored: *stored,
                    kind: raw_kind(value),
                });
            }
        }
        (written.ty, written.type_kind) = self.ty(&column.ty, || format!("{}.{}", table.name, column.name))?;
        Ok(written)
    }

    fn ty(&mut self, ty: &SqlType, place: impl Fn() -> String) -> Result<(String, Option<String>)> {
        let text = self
            .type_text(ty)
            .map_err(|message| SnapshotError::new(format!("`{}`: {message}", place())))?;
        for kind in [None, Some(BUILTIN)] {
            let same = |read: std::result::Result<SqlType, String>| read.as_ref() == Ok(ty);
            if same(self.reader.ty(&text, kind)) {
                return Ok((text, kind.map(str::to_owned)));
            }
        }
        Err(SnapshotError::new(format!(
            "`{}`: the type `{text}` would be read back as another one; please report this",
            place()
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

fn raw_kind(value: &Expr) -> Option<String> {
    (!matches!(value, Expr::Sql(_))).then(|| expr::kind(value).to_owned())
}

/// The primary key where the columns alone do not say it: another name than the usual one, another order, or one that is
/// not checked at once.
fn write_primary_key(table: &Table) -> Option<file::PrimaryKey> {
    let key = table.primary_key.as_ref()?;
    let usual = usual_key_name(&table.name);
    let marked = table.columns.iter().map(|column| &column.name);
    let in_order = marked.filter(|name| key.columns.contains(name)).eq(&key.columns);
    let name = (key.name.as_str() != usual).then(|| key.name.to_string());
    let deferrable = write_deferrable(key.deferrable);
    (name.is_some() || !in_order || deferrable.is_some()).then(|| file::PrimaryKey {
        name,
        columns: key.columns.iter().map(Name::to_string).collect(),
        deferrable,
    })
}

fn usual_key_name(table: &Qualified) -> String {
    format!("{}_pkey", table.name)
}

fn write_enum(e: &Enum) -> file::Enum {
    file::Enum {
        name: names::text(&e.name),
        values: e.values.clone(),
        comment: e.comment.clone(),
    }
}

fn write_unique(unique: &Unique) -> file::Index {
    file::Index {
        name: unique.name.to_string(),
        columns: unique.columns.iter().map(Name::to_string).collect(),
        unique: true,
        predicate: None,
        using: None,
        include: Vec::new(),
        opclasses: BTreeMap::new(),
        constraint: true,
        nulls_not_distinct: !unique.nulls_distinct,
        deferrable: write_deferrable(unique.deferrable),
        where_kind: None,
        options: BTreeMap::new(),
        parts: Vec::new(),
    }
}

fn write_index(index: &Index) -> file::Index {
    let columns = index.parts.iter().map(|part| match &part.key {
        IndexKey::Column(name) => name.to_string(),
        IndexKey::Expr(value) => format!("({})", expr::text(value)),
    });
    let columns = columns.collect::<Vec<_>>();
    let mut opclasses = BTreeMap::new();
    let parts = index.parts.iter().zip(&columns).map(|(part, text)| {
        let opclass = part.opclass.as_ref().map(Name::to_string);
        // By the text of the part where that says which one is meant.
        let single = columns.iter().filter(|other| *other == text).count() == 1;
        let opclass = match opclass {
            Some(opclass) if single => {
                opclasses.insert(text.clone(), opclass);
                None
            }
            other => other,
        };
        file::Part {
            descending: part.descending,
            nulls_first: part.nulls_first,
            collation: part.collation.as_ref().map(Name::to_string),
            opclass,
            kind: match &part.key {
                IndexKey::Column(name) if name.as_str().starts_with('(') => Some(COLUMN.to_owned()),
                IndexKey::Column(_) => None,
                IndexKey::Expr(value) => raw_kind(value),
            },
        }
    });
    let parts = parts.collect::<Vec<_>>();
    let plain = parts.iter().all(|part| *part == file::Part::default());
    file::Index {
        name: index.name.to_string(),
        unique: index.unique,
        predicate: index.predicate.as_ref().map(expr::text),
        using: index.method.as_ref().map(Name::to_string),
        include: index.include.iter().map(Name::to_string).collect(),
        constraint: false,
        nulls_not_distinct: !index.nulls_distinct,
        deferrable: None,
        where_kind: index.predicate.as_ref().and_then(raw_kind),
        options: index.options.clone(),
        parts: if plain { Vec::new() } else { parts },
        columns,
        opclasses,
    }
}

fn write_foreign_key(key: &ForeignKey) -> file::ForeignKey {
    file::ForeignKey {
        name: key.name.to_string(),
        columns: key.columns.iter().map(Name::to_string).collect(),
        ref_table: names::text(&key.references),
        ref_columns: key.referenced.iter().map(Name::to_string).collect(),
        on_delete: write_action(key.on_delete),
        on_update: write_action(key.on_update),
        deferrable: write_deferrable(key.deferrable),
    }
}

fn write_check(check: &Check) -> file::Check {
    file::Check {
        name: check.name.to_string(),
        expression: expr::text(&check.expr),
        kind: raw_kind(&check.expr),
    }
}

fn write_action(action: Action) -> file::Action {
    match action {
        Action::NoAction => file::Action::NoAction,
        Action::Restrict => file::Action::Restrict,
        Action::Cascade => file::Action::Cascade,
        Action::SetNull => file::Action::SetNull,
        Action::SetDefault => file::Action::SetDefault,
    }
}

fn write_deferrable(deferrable: Deferrable) -> Option<file::Deferrable> {
    match deferrable {
        Deferrable::No => None,
        Deferrable::Immediate => Some(file::Deferrable::Immediate),
        Deferrable::Deferred => Some(file::Deferrable::Deferred),
    }
}

/// File to schema.
pub(super) struct Reader<'a> {
    dialect: &'a dyn Dialect,
    /// The enums of the schema, as a type spells them.
    enums: BTreeSet<String>,
    /// Types that were read before: schemas have many columns of few types.
    types: BTreeMap<String, SqlType>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(dialect: &'a dyn Dialect) -> Self {
        Self {
            dialect,
            enums: BTreeSet::new(),
            types: BTreeMap::new(),
        }
    }

    pub(super) fn schema(mut self, file: file::File) -> Result<Snapshot> {
        let mut schema = Schema::default();
        let mut unread = Vec::new();
        let says = |value: &Option<serde_json::Value>| match value {
            Some(serde_json::Value::Object(map)) => !map.is_empty(),
            Some(serde_json::Value::Array(list)) => !list.is_empty(),
            other => other.is_some(),
        };
        unread.extend(says(&file.views).then(|| "views".to_owned()));
        unread.extend(says(&file.roles).then(|| "roles".to_owned()));
        for name in &file.schemas {
            schema.namespaces.insert(read_name(name, "schemas")?);
        }
        for (_, e) in file.enums.0 {
            self.enums.insert(e.name.clone());
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
        for (key, table) in file.tables.0 {
            unread.extend((says(&table.rls) || says(&table.policies)).then(|| format!("row-level security of {key}")));
            let table = self
                .table(table)
                .map_err(|error| SnapshotError::new(format!("`{key}`: {error}")))?;
            if schema.tables.insert(table.name.clone(), table).is_some() {
                return Err(SnapshotError::new(format!("the table `{key}` is there twice")));
            }
        }
        schema.objects = objects::read(file.objects)?;
        Ok(Snapshot { schema, unread })
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
        for (_, column) in file.columns.0 {
            table.columns.push(self.column(column)?);
        }
        let (name, columns, deferrable) = match file.primary_key {
            Some(key) => (key.name, key.columns, key.deferrable),
            None => (None, marked, None),
        };
        if !columns.is_empty() {
            let name = name.unwrap_or_else(|| usual_key_name(&table.name));
            table.primary_key = Some(PrimaryKey {
                name: read_name(&name, "primaryKey")?,
                columns: read_names(&columns, "primaryKey")?,
                deferrable: read_deferrable(deferrable),
            });
        }
        for index in file.indexes {
            if index.constraint {
                let unique = read_unique(&index)?;
                table.uniques.insert(unique.name.clone(), unique);
            } else {
                let index = read_index(index)?;
                table.indexes.insert(index.name.clone(), index);
            }
        }
        for key in file.foreign_keys {
            let key = read_foreign_key(&key)?;
            table.foreign_keys.insert(key.name.clone(), key);
        }
        for check in file.checks {
            let name = read_name(&check.name, "checks")?;
            let expr = read_raw(check.expression, check.kind.as_deref())?;
            table.checks.insert(name.clone(), Check { name, expr });
        }
        table.comment = file.comment;
        table.options = file.options;
        Ok(table)
    }

    fn column(&mut self, file: file::Column) -> Result<Column> {
        let name = read_name(&file.name, "columns")?;
        let serial = SERIALS
            .iter()
            .find(|(_, serial)| *serial == file.ty && !self.enums.contains(&file.ty));
        if let Some((bits, _)) = serial {
            let ty = SqlType::Int {
                bits: *bits,
                unsigned: false,
            };
            return Ok(Column {
                nullable: file.nullable,
                value: ColumnValue::Identity(Identity::Serial),
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
            (_, Some(identity), _) => ColumnValue::Identity(match identity {
                file::Identity::Always => Identity::Always,
                file::Identity::ByDefault => Identity::ByDefault,
                file::Identity::Serial => Identity::Serial,
            }),
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
            collation: file
                .collation
                .as_deref()
                .map(|name| read_name(name, "collation"))
                .transpose()?,
            comment: file.comment,
            options: file.options,
        })
    }

    fn ty(&mut self, text: &str, kind: Option<&str>) -> std::result::Result<SqlType, String> {
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

fn read_unique(index: &file::Index) -> Result<Unique> {
    Ok(Unique {
        name: read_name(&index.name, "indexes")?,
        columns: read_names(&index.columns, "indexes")?,
        nulls_distinct: !index.nulls_not_distinct,
        deferrable: read_deferrable(index.deferrable),
    })
}

fn read_index(index: file::Index) -> Result<Index> {
    let mut said = index.parts.into_iter();
    let parts = index.columns.into_iter().map(|text| {
        let part = said.next().unwrap_or_default();
        let opclass = part.opclass.as_ref().or_else(|| index.opclasses.get(&text));
        let opclass = opclass.map(|name| read_name(name, "opclasses")).transpose()?;
        let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
        let key = match (inner, part.kind.as_deref()) {
            (None, _) | (_, Some(COLUMN)) => IndexKey::Column(read_name(&text, "indexes")?),
            (Some(inner), kind) => IndexKey::Expr(read_raw(inner.to_owned(), kind)?),
        };
        Ok(IndexPart {
            key,
            descending: part.descending,
            nulls_first: part.nulls_first,
            opclass,
            collation: part
                .collation
                .as_deref()
                .map(|name| read_name(name, "collation"))
                .transpose()?,
        })
    });
    Ok(Index {
        parts: parts.collect::<Result<_>>()?,
        name: read_name(&index.name, "indexes")?,
        unique: index.unique,
        nulls_distinct: !index.nulls_not_distinct,
        method: index
            .using
            .as_deref()
            .map(|name| read_name(name, "using"))
            .transpose()?,
        predicate: index
            .predicate
            .map(|text| read_raw(text, index.where_kind.as_deref()))
            .transpose()?,
        include: read_names(&index.include, "include")?,
        options: index.options,
    })
}

fn read_foreign_key(key: &file::ForeignKey) -> Result<ForeignKey> {
    Ok(ForeignKey {
        name: read_name(&key.name, "foreignKeys")?,
        columns: read_names(&key.columns, "columns")?,
        references: read_qualified(&key.ref_table, "refTable")?,
        referenced: read_names(&key.ref_columns, "refColumns")?,
        on_delete: read_action(key.on_delete),
        on_update: read_action(key.on_update),
        deferrable: read_deferrable(key.deferrable),
    })
}

fn read_action(action: file::Action) -> Action {
    match action {
        file::Action::NoAction => Action::NoAction,
        file::Action::Restrict => Action::Restrict,
        file::Action::Cascade => Action::Cascade,
        file::Action::SetNull => Action::SetNull,
        file::Action::SetDefault => Action::SetDefault,
    }
}

fn read_deferrable(deferrable: Option<file::Deferrable>) -> Deferrable {
    match deferrable {
        None => Deferrable::No,
        Some(file::Deferrable::Immediate) => Deferrable::Immediate,
        Some(file::Deferrable::Deferred) => Deferrable::Deferred,
    }
}

fn read_raw(text: String, kind: Option<&str>) -> Result<Expr> {
    match kind {
        None => Ok(Expr::Sql(text)),
        Some(kind) => expr::read_as(&text, kind).ok_or_else(|| {
            SnapshotError::new(format!(
                "`{text}` is no expression of kind `{kind}`; install a newer kickdb"
            ))
        }),
    }
}

fn read_name(text: &str, field: &str) -> Result<Name> {
    Name::new(text).map_err(|error| SnapshotError::new(format!("`{field}`: {error}")))
}

fn read_names(texts: &[String], field: &str) -> Result<Vec<Name>> {
    texts.iter().map(|text| read_name(text, field)).collect()
}

fn read_qualified(text: &str, field: &str) -> Result<Qualified> {
    names::read(text).ok_or_else(|| SnapshotError::new(format!("`{field}`: `{text}` is no name")))
}
