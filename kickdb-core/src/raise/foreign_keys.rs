//! Foreign keys, as far as both ends can be declared.

use super::constraints::strs;
use super::types::FieldType;
use super::{Raiser, at};
use crate::decl::{ForeignKeyDecl, TableDecl};
use crate::ident::{Name, Qualified};
use crate::ir::{Action, ForeignKey, Index, IndexKey, IndexPart, Table};

impl Raiser<'_> {
    /// Gives fields that reference others the type of those; whether there was any to give.
    pub(super) fn type_references(&mut self) -> bool {
        let mut given: Vec<(Qualified, Name, FieldType)> = Vec::new();
        for table in self.schema.tables.values() {
            for key in table.foreign_keys.values() {
                for (own, other) in key.columns.iter().zip(&key.referenced) {
                    let is_known = self
                        .known
                        .tables
                        .get(&table.name)
                        .is_some_and(|known| known.same_type.contains(own));
                    let target = self.tables.get(&key.references).and_then(|named| named.field(other));
                    let field = self.tables.get(&table.name).and_then(|named| named.field(own));
                    if let (Some((_, _, target)), Some((_, _, field)), false) = (target, field, is_known)
                        && !same_type(&target.rust, &field.rust)
                        && target.rust.path.len() == 1
                        && let Some(column) = table.column(own)
                    {
                        let (rust, ty) = (target.rust.clone(), column.ty.clone());
                        let mut wanted = self.with_raw(rust, &ty);
                        // The two are compared by the engine, whatever it calls them.
                        wanted.raw = wanted.raw.or_else(|| self.dialect.format(&ty).ok());
                        given.push((table.name.clone(), own.clone(), wanted));
                    }
                }
            }
        }
        let mut changed = false;
        for (table, column, ty) in given {
            let fields = self.tables.get_mut(&table).map(|named| &mut named.fields);
            let field = fields.and_then(|fields| fields.iter_mut().find(|(name, _, _)| *name == column));
            if let Some((_, _, field)) = field {
                changed |= *field != ty;
                *field = ty;
            }
        }
        changed
    }

    pub(super) fn foreign_keys(&mut self, table: &Table, decl: &mut TableDecl) {
        for key in table.foreign_keys.values() {
            match self.foreign_key(table, key, &decl.module) {
                Ok(key) => decl.foreign_keys.push(key),
                Err(why) => self.leave(format!("foreign key {}.{}", table.name, key.name), why),
            }
        }
    }

    fn foreign_key(&self, table: &Table, key: &ForeignKey, module: &str) -> Result<ForeignKeyDecl, String> {
        let gone = || format!("it references {}, which is not in this schema", key.references);
        let target = self.schema.tables.get(&key.references).ok_or_else(gone)?;
        let path = if key.references == table.name {
            vec!["Self".to_owned()]
        } else {
            self.path_to(module, &key.references).ok_or_else(gone)?
        };
        let missing = || format!("it references a column that {} has not", key.references);
        let columns = self.fields(table, &key.columns).ok_or_else(missing)?;
        let referenced = self.fields(target, &key.referenced).ok_or_else(missing)?;
        let is_listed = self.dialect.caps().foreign_key_to_index && begins_a_key(target, &key.referenced);
        if !is_listed && !is_unique(target, &key.referenced) {
            return Err(format!(
                "{} has neither a primary key nor a unique constraint on ({})",
                key.references,
                strs(&key.referenced).join(", ")
            ));
        }
        let differing = self.differing(table, key);
        if let Some((own, other)) = differing {
            return Err(format!("`{own}` and `{other}` have types that no field can share"));
        }
        let set = if key.set_columns.is_empty() {
            &key.columns
        } else {
            &key.set_columns
        };
        let required = |name: &&Name| table.column(name).is_some_and(|column| !column.nullable);
        let nulled = set
            .iter()
            .find(required)
            .filter(|_| key.on_delete == Action::SetNull || key.on_update == Action::SetNull);
        if let Some(column) = nulled.filter(|_| !self.dialect.caps().sets_required_to_null) {
            return Err(format!("SET NULL on `{column}`, which cannot be NULL"));
        }
        Ok(ForeignKeyDecl {
            name: self.unless_derived(table, &key.name, &strs(&key.columns), "fkey"),
            on_delete: key.on_delete,
            on_update: key.on_update,
            deferrable: key.deferrable,
            set_columns: self.fields(table, &key.set_columns).ok_or_else(missing)?,
            match_full: key.match_full,
            not_valid: !key.validated,
            although_required: nulled.is_some(),
            comment: key.comment.clone(),
            ..ForeignKeyDecl::new(columns, at(path), referenced)
        })
    }

    /// Columns that the key compares although their fields have different types.
    fn differing(&self, table: &Table, key: &ForeignKey) -> Option<(Name, Name)> {
        let (from, to) = (self.tables.get(&table.name)?, self.tables.get(&key.references)?);
        let pairs = key.columns.iter().zip(&key.referenced);
        let differ = |own: &Name, other: &Name| match (from.field(own), to.field(other)) {
            (Some((_, _, own)), Some((_, _, other))) => !same_type(&own.rust, &other.rust),
            _ => true,
        };
        pairs
            .filter(|(own, other)| differ(own, other))
            .map(|(own, other)| (own.clone(), other.clone()))
            .next()
    }
}

/// Whether the last parts of two paths are the same, and their arguments.
fn same_type(one: &crate::decl::RustType, other: &crate::decl::RustType) -> bool {
    one.name() == other.name() && one.args == other.args
}

/// Whether a key can point to these columns.
pub(super) fn is_unique(table: &Table, columns: &[Name]) -> bool {
    let sorted = |columns: &[Name]| {
        let mut columns = columns.to_vec();
        columns.sort();
        columns
    };
    let wanted = sorted(columns);
    let keys = table.primary_key.iter().map(|key| sorted(&key.columns));
    let uniques = table.uniques.values().map(|unique| sorted(&unique.columns));
    let indexes = table
        .indexes
        .values()
        .filter(|index| index.unique && index.predicate.is_none());
    let indexes = indexes.filter_map(|index| {
        let names = index.parts.iter().map(|part| match &part.key {
            IndexKey::Column(name) => Some(name.clone()),
            IndexKey::Expr(_) => None,
        });
        names.collect::<Option<Vec<Name>>>().map(|names| sorted(&names))
    });
    keys.chain(uniques).chain(indexes).any(|have| have == wanted)
}

/// Whether a key or an index begins with those columns, in their order.
fn begins_a_key(table: &Table, columns: &[Name]) -> bool {
    let primary = table.primary_key.iter().map(|key| &key.columns);
    let mut keys = primary.chain(table.uniques.values().map(|unique| &unique.columns));
    let is_listed = |index: &&Index| index.predicate.is_none() && index.method.is_none();
    let mut indexes = table.indexes.values().filter(is_listed);
    let is_of = |part: &IndexPart, name: &Name| {
        part.opclass.is_none() && matches!(&part.key, IndexKey::Column(column) if column == name)
    };
    keys.any(|key| key.starts_with(columns))
        || indexes.any(|index| {
            index.parts.len() >= columns.len() && index.parts.iter().zip(columns).all(|(part, name)| is_of(part, name))
        })
}
