//! What a rename drags along: everything that says the old name.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::attributes::retyped;
use super::sql::{Words, rename_types};
use crate::ident::{Name, Qualified};
use crate::ir::{
    Column, ColumnValue, Exclusion, Expr, Index, IndexKey, IndexPart, Object, ObjectId, ObjectKind, Schema, SqlType,
    Table, Tables,
};

/// Names that change, all at once.
#[derive(Clone, Debug, Default)]
pub(super) struct Carry {
    /// Tables, old to new.
    pub(super) tables: BTreeMap<Qualified, Qualified>,
    /// Enums, old to new.
    pub(super) enums: BTreeMap<Qualified, Qualified>,
    /// Columns by their table's new name, each old to new.
    pub(super) columns: BTreeMap<Qualified, BTreeMap<Name, Name>>,
    /// Values by their enum's new name, each old to new.
    pub(super) values: BTreeMap<Qualified, BTreeMap<String, String>>,
}

impl Carry {
    pub(super) fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.enums.is_empty() && self.columns.is_empty() && self.values.is_empty()
    }

    /// The schema under the new names.
    pub(super) fn schema(&self, schema: &mut Schema) {
        if self.is_empty() {
            return;
        }
        let touched = self.touched(&schema.tables);
        let taken = touched.iter().filter_map(|name| schema.tables.remove(name));
        let mut taken = taken.map(Arc::unwrap_or_clone).collect::<Vec<_>>();
        // A table is the type of its rows where enums share names with tables.
        let rows = self.tables.iter().filter(|(old, _)| !schema.enums.contains_key(*old));
        let types = Arc::new(rows.chain(&self.enums).map(owned).collect());
        for table in &mut taken {
            self.table(table, &types);
        }
        let taken = taken.into_iter().map(|table| (table.name.clone(), table));
        schema.tables.extend(taken);
        let follows = |id: &ObjectId| {
            id.on.is_some()
                || id.signature.is_some()
                || matches!(id.kind, ObjectKind::Cast | ObjectKind::Type | ObjectKind::Domain)
        };
        if !(self.tables.is_empty() && self.enums.is_empty()) && schema.objects.keys().any(follows) {
            let objects = std::mem::take(&mut schema.objects);
            schema.objects = objects
                .into_iter()
                .map(|(id, object)| {
                    let renamed = self.definition(&id, &object);
                    (self.object(id), renamed.unwrap_or(object))
                })
                .collect();
        }
        if !self.enums.is_empty() {
            let enums = std::mem::take(&mut schema.enums);
            schema.enums = enums
                .into_values()
                .map(|mut e| {
                    e.name = renamed(&self.enums, &e.name).clone();
                    (e.name.clone(), e)
                })
                .collect();
        }
    }

    /// The tables that are renamed, or say anything that is. An enum can be said in any raw SQL.
    fn touched(&self, tables: &Tables) -> BTreeSet<Qualified> {
        if !self.enums.is_empty() {
            return tables.keys().cloned().collect();
        }
        let names = self.tables.keys().chain(self.columns.keys()).chain(self.values.keys());
        let mut touched = BTreeSet::new();
        for name in names {
            touched.extend(tables.saying(name).map(|table| table.name.clone()));
            touched.insert(name.clone());
        }
        touched
    }

    /// What belongs to a table stays with it under its new name, and moves with it to another schema; what is known by types is
    /// known by their new names. Its SQL still says the old names: where the engine does not rewrite it, it is made anew.
    pub(super) fn object(&self, mut id: ObjectId) -> ObjectId {
        if let Some(new) = id.on.as_ref().and_then(|on| self.tables.get(on)) {
            id.name.schema.clone_from(&new.schema);
            id.on = Some(new.clone());
        }
        let new = |old: &Qualified| self.ty(old);
        match (id.kind, &mut id.signature) {
            (ObjectKind::Cast, _) => {
                let name = Name::new(rename_types(id.name.name.as_str(), new));
                id.name.name = name.unwrap_or(id.name.name);
            }
            (kind, Some(signature)) if kind.is_callable() || kind == ObjectKind::Operator => {
                *signature = rename_types(signature, new);
            }
            _ => {}
        }
        id
    }

    /// The schema with types that are made of others under the new names of these, whose values they hold.
    pub(super) fn types<'a>(&self, schema: &'a Schema) -> Cow<'a, Schema> {
        let objects = schema.objects.iter();
        let mut schema = Cow::Borrowed(schema);
        for (id, object) in objects {
            if let Some(object) = self.definition(id, object) {
                schema.to_mut().objects.insert(id.clone(), object);
            }
        }
        schema
    }

    /// A composite type or a domain under the new names of what it is made of; `None` where it says none of them.
    fn definition(&self, id: &ObjectId, object: &Object) -> Option<Object> {
        if self.tables.is_empty() && self.enums.is_empty() || !matches!(id.kind, ObjectKind::Type | ObjectKind::Domain)
        {
            return None;
        }
        let renamed = |sql: &str| rename_types(sql, |old| self.ty(old));
        let mut new = object.clone();
        match new.facets.get_mut("type").filter(|_| id.kind == ObjectKind::Domain) {
            Some(base) => *base = renamed(base),
            None => new.sql = retyped(&object.sql, renamed),
        }
        (new != *object).then_some(new)
    }

    /// The new name of a type; a table is one of its rows.
    fn ty(&self, old: &Qualified) -> Option<&Qualified> {
        self.enums.get(old).or_else(|| self.tables.get(old))
    }

    /// One table under the new names, its own and those of others that it says.
    fn table(&self, table: &mut Table, types: &Arc<BTreeMap<Qualified, Qualified>>) {
        let old = table.name.clone();
        if let Some(new) = self.tables.get(&old) {
            // The sequences behind columns go along, under their old names.
            if new.schema != old.schema {
                move_counters(table, new);
            }
            table.name = new.clone();
        }
        for key in table.foreign_keys.values_mut() {
            if let Some(new) = self.tables.get(&key.references) {
                key.references = new.clone();
            }
            rename_all(&mut key.referenced, self.columns.get(&key.references));
        }
        let parents = table.inherits.iter_mut();
        for parent in parents.chain(table.partition.iter_mut().map(|partition| &mut partition.of)) {
            if let Some(new) = self.tables.get(parent) {
                *parent = new.clone();
            }
        }
        for column in &mut table.columns {
            self.column(column, types);
        }
        let columns = self.columns.get(&table.name);
        if columns.is_some() {
            self.parts(table, columns);
        }
        let words = Words {
            columns: columns.cloned().unwrap_or_default(),
            table: (old.name != table.name.name).then(|| (old.name, table.name.name.clone())),
            types: types.clone(),
        };
        if !words.is_empty() {
            for (_, expr) in raw(table) {
                *expr = words.rewrite(expr);
            }
        }
    }

    fn column(&self, column: &mut Column, types: &Arc<BTreeMap<Qualified, Qualified>>) {
        let name = match &mut column.ty {
            SqlType::Enum(name) => name,
            SqlType::Array(inner) => match &mut **inner {
                SqlType::Enum(name) => name,
                _ => return,
            },
            _ => return,
        };
        if let Some(new) = types.get(name) {
            *name = new.clone();
        }
        // An engine with enum types keeps a default by the value's identity, so it follows.
        if let Some(values) = self.values.get(name)
            && let ColumnValue::Default(Expr::Text(value)) = &mut column.value
            && let Some(new) = values.get(value)
        {
            value.clone_from(new);
        }
    }

    fn parts(&self, table: &mut Table, columns: Option<&BTreeMap<Name, Name>>) {
        for column in &mut table.columns {
            column.name = columns
                .and_then(|columns| columns.get(&column.name))
                .unwrap_or(&column.name)
                .clone();
        }
        if let Some(key) = &mut table.primary_key {
            rename_all(&mut key.columns, columns);
            rename_all(&mut key.include, columns);
        }
        for unique in table.uniques.values_mut() {
            rename_all(&mut unique.columns, columns);
            rename_all(&mut unique.include, columns);
        }
        for key in table.foreign_keys.values_mut() {
            rename_all(&mut key.columns, columns);
            rename_all(&mut key.set_columns, columns);
        }
        for exclusion in table.exclusions.values_mut() {
            rename_all(&mut exclusion.include, columns);
            let parts = exclusion.parts.iter_mut();
            parts.for_each(|(part, _)| rename_part(part, columns));
        }
        for index in table.indexes.values_mut() {
            rename_all(&mut index.include, columns);
            index.parts.iter_mut().for_each(|part| rename_part(part, columns));
        }
    }
}

fn owned(pair: (&Qualified, &Qualified)) -> (Qualified, Qualified) {
    (pair.0.clone(), pair.1.clone())
}

fn move_counters(table: &mut Table, new: &Qualified) {
    for column in &mut table.columns {
        if let ColumnValue::Identity(_, Some(counter)) = &mut column.value
            && let Some(name) = &mut counter.name
        {
            name.schema.clone_from(&new.schema);
        }
    }
}

fn rename_part(part: &mut IndexPart, columns: Option<&BTreeMap<Name, Name>>) {
    if let IndexKey::Column(name) = &mut part.key
        && let Some(new) = columns.and_then(|columns| columns.get(name))
    {
        *name = new.clone();
    }
}

pub(super) fn renamed<'a, N: Ord>(map: &'a BTreeMap<N, N>, name: &'a N) -> &'a N {
    map.get(name).unwrap_or(name)
}

fn rename_all(names: &mut [Name], columns: Option<&BTreeMap<Name, Name>>) {
    let Some(columns) = columns else { return };
    for name in names {
        if let Some(new) = columns.get(name) {
            *name = new.clone();
        }
    }
}

/// Where a raw expression of a table stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Column(Name),
    Check(Name),
    /// The predicate of an index.
    Index(Name),
    /// A part of an index, by position.
    Part(Name, usize),
    /// The predicate of an exclusion constraint.
    Exclusion(Name),
    /// A part of an exclusion constraint, by position.
    Excluded(Name, usize),
    /// The key by which rows are spread over partitions.
    Partitions,
}

/// The raw expressions of a table.
pub(super) fn raw(table: &mut Table) -> impl Iterator<Item = (Place, &mut String)> {
    let columns = table.columns.iter_mut().filter_map(|column| {
        let place = Place::Column(column.name.clone());
        match &mut column.value {
            ColumnValue::Default(Expr::Sql(sql))
            | ColumnValue::Generated {
                expr: Expr::Sql(sql), ..
            } => Some((place, sql)),
            _ => None,
        }
    });
    let checks = table.checks.values_mut().filter_map(|check| match &mut check.expr {
        Expr::Sql(sql) => Some((Place::Check(check.name.clone()), sql)),
        _ => None,
    });
    let indexes = table.indexes.values_mut().flat_map(raw_index);
    let exclusions = table.exclusions.values_mut().flat_map(raw_exclusion);
    let partitions = table.partition_by.iter_mut().map(|sql| (Place::Partitions, sql));
    columns.chain(checks).chain(indexes).chain(exclusions).chain(partitions)
}

fn raw_exclusion(exclusion: &mut Exclusion) -> impl Iterator<Item = (Place, &mut String)> {
    let name = exclusion.name.clone();
    let predicate = match &mut exclusion.predicate {
        Some(Expr::Sql(sql)) => Some((Place::Exclusion(name.clone()), sql)),
        _ => None,
    };
    let parts = exclusion.parts.iter_mut().enumerate();
    let parts = parts.filter_map(move |(at, (part, _))| match &mut part.key {
        IndexKey::Expr(Expr::Sql(sql)) => Some((Place::Excluded(name.clone(), at), sql)),
        _ => None,
    });
    predicate.into_iter().chain(parts)
}

fn raw_index(index: &mut Index) -> impl Iterator<Item = (Place, &mut String)> {
    let name = index.name.clone();
    let predicate = match &mut index.predicate {
        Some(Expr::Sql(sql)) => Some((Place::Index(name.clone()), sql)),
        _ => None,
    };
    let parts = index
        .parts
        .iter_mut()
        .enumerate()
        .filter_map(move |(at, part)| match &mut part.key {
            IndexKey::Expr(Expr::Sql(sql)) => Some((Place::Part(name.clone(), at), sql)),
            _ => None,
        });
    predicate.into_iter().chain(parts)
}
