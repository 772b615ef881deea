//! What PostgreSQL 14 to 18 have that 13 does not, and what 13 says in other words.
//!
//! The versions are those of the release notes, <https://www.postgresql.org/docs/release/>.

use super::types::element;
use super::{Postgres, expr, options};
use crate::dialect::{Need, Needed, ServerVersion, Versions};
use crate::ident::Name;
use crate::ir::{ColumnValue, Expr, Index, IndexKey, ObjectKind, Schema, SqlType, Table};

const MULTIRANGE: Need = Need {
    what: "multirange types",
    since: (14, 0),
};
const COMPRESSION: Need = Need {
    what: "compression methods of columns",
    since: (14, 0),
};
const SPGIST_INCLUDE: Need = Need {
    what: "`INCLUDE` in SP-GiST indexes",
    since: (14, 0),
};
const SET_COLUMNS: Need = Need {
    what: "lists of columns behind `ON DELETE SET NULL` and `SET DEFAULT`",
    since: (15, 0),
};
const PARTITIONED_EXCLUSION: Need = Need {
    what: "exclusion constraints on partitioned tables",
    since: (17, 0),
};
const NULLS_NOT_DISTINCT: Need = Need {
    what: "`NULLS NOT DISTINCT`",
    since: (15, 0),
};
const ACCESS_METHOD: Need = Need {
    what: "`ALTER TABLE … SET ACCESS METHOD`",
    since: (15, 0),
};
const PUBLISHED_SCHEMAS: Need = Need {
    what: "publications of whole schemas, of columns and of some rows",
    since: (15, 0),
};
const UNLOGGED_SEQUENCE: Need = Need {
    what: "sequences that are not logged",
    since: (15, 0),
};
const VIRTUAL: Need = Need {
    what: "generated columns that are not stored",
    since: (18, 0),
};

impl Versions for Postgres {
    fn oldest(&self) -> Option<(u32, u32)> {
        Some((13, 0))
    }

    fn needs(&self) -> &'static [Need] {
        &[
            MULTIRANGE,
            COMPRESSION,
            SPGIST_INCLUDE,
            NULLS_NOT_DISTINCT,
            SET_COLUMNS,
            ACCESS_METHOD,
            PUBLISHED_SCHEMAS,
            UNLOGGED_SEQUENCE,
            PARTITIONED_EXCLUSION,
            VIRTUAL,
        ]
    }

    fn needed(&self, schema: &Schema) -> Vec<Needed> {
        let published = schema.objects.iter().filter(|(id, object)| {
            let members = object
                .facets
                .iter()
                .filter(|(name, _)| name.starts_with("table ") || name.starts_with("schema "));
            let mut members = members.map(|(name, text)| (name, text.split_once(' ').map_or("", |(_, rest)| rest)));
            let plain = |(name, text): (&String, &str)| name.strip_prefix("table ") == Some(text);
            id.kind == ObjectKind::Publication && !members.all(plain)
        });
        let published = published.map(|(id, _)| Needed {
            need: &PUBLISHED_SCHEMAS,
            object: id.name.clone(),
            part: None,
        });
        let unlogged = schema
            .objects
            .iter()
            .filter(|(id, object)| id.kind == ObjectKind::Sequence && object.facets.contains_key("unlogged"));
        let unlogged = unlogged.map(|(id, _)| Needed {
            need: &UNLOGGED_SEQUENCE,
            object: id.name.clone(),
            part: None,
        });
        let tables = schema.tables.values().flat_map(needed);
        tables.chain(published).chain(unlogged).collect()
    }

    fn needed_between(&self, from: &Schema, to: &Schema) -> Vec<Needed> {
        let method = |table: &Table| table.options.get(options::METHOD).cloned();
        let both = to
            .tables
            .values()
            .filter_map(|table| Some((from.tables.get(&table.name)?, table)));
        let moved = both.filter(|(before, after)| method(before) != method(after));
        moved
            .map(|(_, table)| Needed {
                need: &ACCESS_METHOD,
                object: table.name.clone(),
                part: None,
            })
            .collect()
    }

    fn as_told_by(&self, schema: &mut Schema, version: &ServerVersion) {
        // Until 13 `EXTRACT` was grammar for `date_part`, and what it gives a double precision.
        if version.is_at_least((14, 0)) {
            return;
        }
        for table in schema.tables.values_mut() {
            for sql in raw(table) {
                if let Some(told) = expr::as_before_14(sql) {
                    *sql = told;
                }
            }
        }
    }
}

fn needed(table: &Table) -> Vec<Needed> {
    let of = |need: &'static Need, part: &Name| Needed {
        need,
        object: table.name.clone(),
        part: Some(part.clone()),
    };
    let mut found = Vec::new();
    for column in &table.columns {
        if matches!(element(&column.ty), SqlType::Native(ty) if ty.ends_with("multirange")) {
            found.push(of(&MULTIRANGE, &column.name));
        }
        if matches!(column.value, ColumnValue::Generated { stored: false, .. }) {
            found.push(of(&VIRTUAL, &column.name));
        }
        if column.options.contains_key(options::COMPRESSION) {
            found.push(of(&COMPRESSION, &column.name));
        }
    }
    let uniques = table.uniques.values().filter(|unique| !unique.nulls_distinct);
    found.extend(uniques.map(|unique| of(&NULLS_NOT_DISTINCT, &unique.name)));
    let indexes = table.indexes.values().filter(|index| !index.nulls_distinct);
    found.extend(indexes.map(|index| of(&NULLS_NOT_DISTINCT, &index.name)));
    let keys = table.foreign_keys.values().filter(|key| !key.set_columns.is_empty());
    found.extend(keys.map(|key| of(&SET_COLUMNS, &key.name)));
    let is_spgist = |index: &&Index| index.method.as_ref().is_some_and(|method| method.as_str() == "spgist");
    let covering = table.indexes.values().filter(|index| !index.include.is_empty());
    found.extend(covering.filter(is_spgist).map(|index| of(&SPGIST_INCLUDE, &index.name)));
    if table.partition_by.is_some() {
        found.extend(table.exclusions.keys().map(|name| of(&PARTITIONED_EXCLUSION, name)));
    }
    found
}

/// The expressions of a table that are SQL.
fn raw(table: &mut Table) -> impl Iterator<Item = &mut String> {
    let columns = table.columns.iter_mut().filter_map(|column| match &mut column.value {
        ColumnValue::Default(expr) | ColumnValue::Generated { expr, .. } => Some(expr),
        _ => None,
    });
    let checks = table.checks.values_mut().map(|check| &mut check.expr);
    let indexes = table.indexes.values_mut().flat_map(|index| {
        let parts = index.parts.iter_mut().filter_map(|part| match &mut part.key {
            IndexKey::Expr(expr) => Some(expr),
            IndexKey::Column(_) => None,
        });
        parts.chain(index.predicate.as_mut())
    });
    columns.chain(checks).chain(indexes).filter_map(|expr| match expr {
        Expr::Sql(sql) => Some(sql),
        _ => None,
    })
}
