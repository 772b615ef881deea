//! Constraints and indexes, there and back.

use std::collections::BTreeMap;

use super::{
    COLUMN, Result, raw_kind, read_name, read_names, read_optional, read_qualified, read_raw, usual_key_name,
    write_names, write_optional,
};
use crate::ident::Qualified;
use crate::ir::{
    Action, Check, Deferrable, Exclusion, Expr, ForeignKey, Index, IndexKey, IndexPart, PrimaryKey, Table, Unique,
};
use crate::snapshot::{SnapshotError, expr, file, names};

/// The primary key where the columns alone do not say it: another name than the usual one, another order, or anything
/// beyond its columns.
pub(super) fn write_primary_key(table: &Table) -> Option<file::PrimaryKey> {
    let key = table.primary_key.as_ref()?;
    let usual = usual_key_name(&table.name);
    let marked = table.columns.iter().map(|column| &column.name);
    let in_order = marked.filter(|name| key.columns.contains(name)).eq(&key.columns);
    let plain = PrimaryKey::new(key.name.clone(), key.columns.clone()) == *key;
    let name = (key.name.as_str() != usual).then(|| key.name.to_string());
    (name.is_some() || !in_order || !plain).then(|| file::PrimaryKey {
        name,
        columns: write_names(&key.columns),
        deferrable: write_deferrable(key.deferrable),
        include: write_names(&key.include),
        part_of: write_optional(key.part_of.as_ref()),
        options: key.options.clone(),
        comment: key.comment.clone(),
    })
}

/// `marked` are the columns that say themselves that they belong to the key.
pub(super) fn read_primary_key(
    file: Option<file::PrimaryKey>,
    marked: &[String],
    table: &Qualified,
) -> Result<Option<PrimaryKey>> {
    let usual = || read_name(&usual_key_name(table), "primaryKey");
    match file {
        None if marked.is_empty() => Ok(None),
        None => Ok(Some(PrimaryKey::new(usual()?, read_names(marked, "primaryKey")?))),
        Some(key) => Ok(Some(PrimaryKey {
            name: key
                .name
                .as_deref()
                .map_or_else(usual, |name| read_name(name, "primaryKey"))?,
            columns: read_names(&key.columns, "primaryKey")?,
            include: read_names(&key.include, "primaryKey")?,
            deferrable: read_deferrable(key.deferrable),
            part_of: read_optional(key.part_of.as_deref(), "partOf")?,
            options: key.options,
            comment: key.comment,
        })),
    }
}

pub(super) fn write_unique(unique: &Unique) -> file::Index {
    file::Index {
        name: unique.name.to_string(),
        columns: write_names(&unique.columns),
        unique: true,
        constraint: true,
        include: write_names(&unique.include),
        nulls_not_distinct: !unique.nulls_distinct,
        deferrable: write_deferrable(unique.deferrable),
        options: unique.options.clone(),
        part_of: write_optional(unique.part_of.as_ref()),
        comment: unique.comment.clone(),
        ..file::Index::default()
    }
}

pub(super) fn read_unique(index: file::Index) -> Result<Unique> {
    Ok(Unique {
        name: read_name(&index.name, "indexes")?,
        columns: read_names(&index.columns, "indexes")?,
        nulls_distinct: !index.nulls_not_distinct,
        include: read_names(&index.include, "include")?,
        deferrable: read_deferrable(index.deferrable),
        part_of: read_optional(index.part_of.as_deref(), "partOf")?,
        options: index.options,
        comment: index.comment,
    })
}

pub(super) fn write_index(index: &Index) -> file::Index {
    let parts = index.parts.iter().collect::<Vec<_>>();
    file::Index {
        name: index.name.to_string(),
        unique: index.unique,
        using: write_optional(index.method.as_ref()),
        include: write_names(&index.include),
        nulls_not_distinct: !index.nulls_distinct,
        options: index.options.clone(),
        part_of: write_optional(index.part_of.as_ref()),
        comment: index.comment.clone(),
        ..write_parts(&parts, index.predicate.as_ref())
    }
}

pub(super) fn read_index(mut index: file::Index) -> Result<Index> {
    Ok(Index {
        parts: read_parts(&mut index)?,
        name: read_name(&index.name, "indexes")?,
        unique: index.unique,
        nulls_distinct: !index.nulls_not_distinct,
        method: read_optional(index.using.as_deref(), "using")?,
        predicate: read_predicate(&mut index)?,
        include: read_names(&index.include, "include")?,
        part_of: read_optional(index.part_of.as_deref(), "partOf")?,
        options: index.options,
        comment: index.comment,
    })
}

pub(super) fn write_exclusion(exclusion: &Exclusion) -> file::Index {
    let parts = exclusion.parts.iter().map(|(part, _)| part).collect::<Vec<_>>();
    file::Index {
        name: exclusion.name.to_string(),
        constraint: true,
        using: Some(exclusion.method.to_string()),
        include: write_names(&exclusion.include),
        deferrable: write_deferrable(exclusion.deferrable),
        options: exclusion.options.clone(),
        operators: exclusion.parts.iter().map(|(_, operator)| operator.clone()).collect(),
        comment: exclusion.comment.clone(),
        ..write_parts(&parts, exclusion.predicate.as_ref())
    }
}

pub(super) fn read_exclusion(mut file: file::Index) -> Result<Exclusion> {
    let parts = read_parts(&mut file)?;
    if parts.len() != file.operators.len() {
        return Err(SnapshotError::new(format!(
            "`{}` in `exclusions` has {} columns and {} operators",
            file.name,
            parts.len(),
            file.operators.len()
        )));
    }
    Ok(Exclusion {
        name: read_name(&file.name, "exclusions")?,
        method: read_name(file.using.as_deref().unwrap_or_default(), "using")?,
        predicate: read_predicate(&mut file)?,
        include: read_names(&file.include, "include")?,
        deferrable: read_deferrable(file.deferrable),
        parts: parts.into_iter().zip(file.operators).collect(),
        options: file.options,
        comment: file.comment,
    })
}

/// What is indexed, and which rows.
fn write_parts(parts: &[&IndexPart], predicate: Option<&Expr>) -> file::Index {
    let columns = parts.iter().map(|part| match &part.key {
        IndexKey::Column(name) => name.to_string(),
        IndexKey::Expr(value) => format!("({})", expr::text(value)),
    });
    let columns = columns.collect::<Vec<_>>();
    let mut opclasses = BTreeMap::new();
    let parts = parts.iter().zip(&columns).map(|(part, text)| {
        let opclass = write_optional(part.opclass.as_ref());
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
            collation: write_optional(part.collation.as_ref()),
            opclass,
            parameters: part.parameters.clone(),
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
        predicate: predicate.map(expr::text),
        where_kind: predicate.and_then(raw_kind),
        parts: if plain { Vec::new() } else { parts },
        columns,
        opclasses,
        ..file::Index::default()
    }
}

fn read_parts(index: &mut file::Index) -> Result<Vec<IndexPart>> {
    let mut said = std::mem::take(&mut index.parts).into_iter();
    let columns = std::mem::take(&mut index.columns);
    let parts = columns.into_iter().map(|text| {
        let part = said.next().unwrap_or_default();
        let opclass = part.opclass.as_ref().or_else(|| index.opclasses.get(&text));
        let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
        let key = match (inner, part.kind.as_deref()) {
            (None, _) | (_, Some(COLUMN)) => IndexKey::Column(read_name(&text, "indexes")?),
            (Some(inner), kind) => IndexKey::Expr(read_raw(inner.to_owned(), kind)?),
        };
        Ok(IndexPart {
            key,
            descending: part.descending,
            nulls_first: part.nulls_first,
            opclass: read_optional(opclass.map(String::as_str), "opclasses")?,
            parameters: part.parameters,
            collation: read_optional(part.collation.as_deref(), "collation")?,
        })
    });
    parts.collect()
}

fn read_predicate(index: &mut file::Index) -> Result<Option<Expr>> {
    let predicate = index.predicate.take();
    predicate
        .map(|text| read_raw(text, index.where_kind.as_deref()))
        .transpose()
}

pub(super) fn write_foreign_key(key: &ForeignKey) -> file::ForeignKey {
    file::ForeignKey {
        name: key.name.to_string(),
        columns: write_names(&key.columns),
        ref_table: names::text(&key.references),
        ref_columns: write_names(&key.referenced),
        on_delete: write_action(key.on_delete),
        on_update: write_action(key.on_update),
        deferrable: write_deferrable(key.deferrable),
        match_full: key.match_full,
        set_columns: write_names(&key.set_columns),
        not_valid: !key.validated,
        comment: key.comment.clone(),
    }
}

pub(super) fn read_foreign_key(key: file::ForeignKey) -> Result<ForeignKey> {
    Ok(ForeignKey {
        name: read_name(&key.name, "foreignKeys")?,
        columns: read_names(&key.columns, "columns")?,
        references: read_qualified(&key.ref_table, "refTable")?,
        referenced: read_names(&key.ref_columns, "refColumns")?,
        match_full: key.match_full,
        on_delete: read_action(key.on_delete),
        set_columns: read_names(&key.set_columns, "setColumns")?,
        on_update: read_action(key.on_update),
        deferrable: read_deferrable(key.deferrable),
        validated: !key.not_valid,
        comment: key.comment,
    })
}

pub(super) fn write_check(check: &Check) -> file::Check {
    file::Check {
        name: check.name.to_string(),
        expression: expr::text(&check.expr),
        kind: raw_kind(&check.expr),
        not_valid: !check.validated,
        no_inherit: !check.inherited,
        comment: check.comment.clone(),
    }
}

pub(super) fn read_check(check: file::Check) -> Result<Check> {
    Ok(Check {
        name: read_name(&check.name, "checks")?,
        expr: read_raw(check.expression, check.kind.as_deref())?,
        validated: !check.not_valid,
        inherited: !check.no_inherit,
        comment: check.comment,
    })
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

fn read_action(action: file::Action) -> Action {
    match action {
        file::Action::NoAction => Action::NoAction,
        file::Action::Restrict => Action::Restrict,
        file::Action::Cascade => Action::Cascade,
        file::Action::SetNull => Action::SetNull,
        file::Action::SetDefault => Action::SetDefault,
    }
}

fn write_deferrable(deferrable: Deferrable) -> Option<file::Deferrable> {
    match deferrable {
        Deferrable::No => None,
        Deferrable::Immediate => Some(file::Deferrable::Immediate),
        Deferrable::Deferred => Some(file::Deferrable::Deferred),
    }
}

fn read_deferrable(deferrable: Option<file::Deferrable>) -> Deferrable {
    match deferrable {
        None => Deferrable::No,
        Some(file::Deferrable::Immediate) => Deferrable::Immediate,
        Some(file::Deferrable::Deferred) => Deferrable::Deferred,
    }
}
