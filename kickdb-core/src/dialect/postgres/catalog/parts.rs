//! Constraints and indexes.

use std::collections::BTreeMap;

use super::rows::{ConstraintRow, IndexRow, Part};
use super::{Draft, Read, Reader, name, options, wrong};
use crate::dialect::postgres::options as option;
use crate::dialect::postgres::syntax::bare;
use crate::ident::{Name, Qualified};
use crate::ir::{
    Action, Check, Deferrable, Exclusion, Expr, ForeignKey, Index, IndexKey, IndexPart, PrimaryKey, Unique,
};

impl Reader {
    /// A constraint takes the index behind it out of those that are still to be read.
    pub(super) fn read_constraint(&mut self, row: ConstraintRow) -> Read<()> {
        let references = match (&row.foreign_schema, &row.foreign_table) {
            (Some(schema), Some(table)) => Some(self.qualified(schema, table)?),
            _ => None,
        };
        // A foreign key rests on the index of another constraint.
        let index = match row.kind.as_str() {
            "p" | "u" | "x" => row.index.and_then(|index| self.indexes.remove(&index)),
            _ => None,
        };
        let Some(draft) = self.drafts.get_mut(&row.table) else {
            return Ok(());
        };
        match (row.kind.as_str(), index, references) {
            ("p", Some(index), _) => draft.table.primary_key = Some(primary_key(draft, row, index)?),
            ("u", Some(index), _) => {
                let unique = unique(draft, row, index)?;
                draft.table.uniques.insert(unique.name.clone(), unique);
            }
            ("x", Some(index), _) => {
                let exclusion = exclusion(draft, row, index)?;
                draft.table.exclusions.insert(exclusion.name.clone(), exclusion);
            }
            ("c", ..) => {
                let check = check(row)?;
                draft.table.checks.insert(check.name.clone(), check);
            }
            ("f", _, Some(references)) => {
                let key = foreign_key(draft, row, references)?;
                draft.table.foreign_keys.insert(key.name.clone(), key);
            }
            (kind, ..) => {
                let name = &row.name;
                return Err(wrong(format!("constraint `{name}` of kind `{kind}` is not whole")));
            }
        }
        Ok(())
    }

    pub(super) fn read_index(&mut self, row: IndexRow) -> Read<()> {
        let Some(draft) = self.drafts.get_mut(&row.table) else {
            return Ok(());
        };
        let (parts, include) = parts(draft, &row)?;
        let options = own_options(&row);
        let index = Index {
            name: name(&row.name)?,
            parts,
            unique: row.unique,
            nulls_distinct: !row.nulls_not_distinct,
            method: Some(name(&row.method)?),
            predicate: row.predicate.map(Expr::Sql),
            include,
            part_of: row.part_of.as_deref().map(name).transpose()?,
            options,
            comment: row.comment,
        };
        draft.table.indexes.insert(index.name.clone(), index);
        Ok(())
    }
}

fn primary_key(draft: &Draft, row: ConstraintRow, index: IndexRow) -> Read<PrimaryKey> {
    let (_, include) = parts(draft, &index)?;
    Ok(PrimaryKey {
        name: name(&row.name)?,
        columns: columns(draft, row.columns.as_deref()),
        include,
        deferrable: deferrable(&row),
        part_of: index.part_of.as_deref().map(name).transpose()?,
        options: index_options(&index),
        comment: row.comment,
    })
}

fn unique(draft: &Draft, row: ConstraintRow, index: IndexRow) -> Read<Unique> {
    let (_, include) = parts(draft, &index)?;
    Ok(Unique {
        name: name(&row.name)?,
        columns: columns(draft, row.columns.as_deref()),
        nulls_distinct: !index.nulls_not_distinct,
        include,
        deferrable: deferrable(&row),
        part_of: index.part_of.as_deref().map(name).transpose()?,
        options: index_options(&index),
        comment: row.comment,
    })
}

fn exclusion(draft: &Draft, row: ConstraintRow, index: IndexRow) -> Read<Exclusion> {
    let (parts, include) = parts(draft, &index)?;
    let deferrable = deferrable(&row);
    let operators = row.operators.unwrap_or_default().into_iter().map(|operator| {
        // One that is found by its bare name needs no more.
        match operator.schema.filter(|schema| schema != "public") {
            Some(schema) => format!("OPERATOR({}.{})", bare(&schema), operator.name),
            None => operator.name,
        }
    });
    Ok(Exclusion {
        name: name(&row.name)?,
        method: name(&index.method)?,
        parts: parts.into_iter().zip(operators).collect(),
        options: index_options(&index),
        predicate: index.predicate.map(Expr::Sql),
        include,
        deferrable,
        comment: row.comment,
    })
}

/// The options of an index, with the order of its parameters and how closely the planner looks at its parts.
fn own_options(index: &IndexRow) -> BTreeMap<String, String> {
    let mut said = in_order(index.options.as_deref());
    for (at, part) in index.parts.iter().enumerate() {
        if let Some(target) = part.statistics {
            said.insert(format!("{}{}", option::PART_STATISTICS, at + 1), target.to_string());
        }
    }
    said
}

/// Options with the order in which they are.
fn in_order(pairs: Option<&[String]>) -> BTreeMap<String, String> {
    let mut said = options(pairs);
    if said.len() > 1 {
        let names = pairs.unwrap_or_default().iter().filter_map(|pair| pair.split_once('='));
        let names = names.map(|(name, _)| name).collect::<Vec<_>>();
        said.insert(option::ORDER.to_owned(), names.join(", "));
    }
    said
}

/// The options of the index behind a constraint, with the comment that the index has beside that of the constraint.
fn index_options(index: &IndexRow) -> BTreeMap<String, String> {
    let mut said = options(index.options.as_deref());
    let comment = index.comment.clone();
    said.extend(comment.map(|comment| (option::INDEX_COMMENT.to_owned(), comment)));
    said
}

fn check(row: ConstraintRow) -> Read<Check> {
    let name = name(&row.name)?;
    let sql = row.check;
    let sql = sql.ok_or_else(|| wrong(format!("the check `{name}` checks nothing")))?;
    Ok(Check {
        name,
        expr: Expr::Sql(sql),
        validated: row.validated,
        inherited: !row.no_inherit,
        comment: row.comment,
    })
}

fn foreign_key(draft: &Draft, row: ConstraintRow, references: Qualified) -> Read<ForeignKey> {
    let referenced = row.foreign_columns.as_deref().unwrap_or_default();
    Ok(ForeignKey {
        name: name(&row.name)?,
        columns: columns(draft, row.columns.as_deref()),
        references,
        referenced: referenced.iter().map(|text| name(text)).collect::<Read<_>>()?,
        match_full: row.r#match == "f",
        on_delete: action(&row.on_delete)?,
        set_columns: columns(draft, row.set_columns.as_deref()),
        on_update: action(&row.on_update)?,
        deferrable: deferrable(&row),
        validated: row.validated,
        comment: row.comment,
    })
}

fn columns(draft: &Draft, numbers: Option<&[i64]>) -> Vec<Name> {
    let numbers = numbers.unwrap_or_default().iter();
    numbers
        .filter_map(|number| draft.columns.get(number).cloned())
        .collect()
}

/// The parts of the key, and the columns beside it.
fn parts(draft: &Draft, row: &IndexRow) -> Read<(Vec<IndexPart>, Vec<Name>)> {
    let column = |part: &Part| {
        let found = part.column.and_then(|number| draft.columns.get(&number).cloned());
        found.ok_or_else(|| {
            wrong(format!(
                "index `{}` has a part that is neither a column nor an expression",
                row.name
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
            parameters: in_order(part.parameters.as_deref()),
            collation: part.collation.as_deref().map(name).transpose()?,
        });
    }
    Ok((parts, include))
}

fn deferrable(row: &ConstraintRow) -> Deferrable {
    match (row.deferrable, row.deferred) {
        (false, _) => Deferrable::No,
        (true, false) => Deferrable::Immediate,
        (true, true) => Deferrable::Deferred,
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
