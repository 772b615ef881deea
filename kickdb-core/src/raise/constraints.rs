//! Keys, uniques, checks, exclusion constraints and indexes.

use super::{Raiser, at};
use crate::decl::names::{derived, expression, shorten};
use crate::decl::{
    CheckDecl, ExclusionDecl, IndexDecl, KeyDecl, PartDecl, PartKey, Place, StorageDecl, TableDecl, UniqueDecl,
};
use crate::dialect::Dialect;
use crate::ident::{Name, Qualified};
use crate::ir::{Column, Exclusion, Index, IndexKey, IndexPart, PrimaryKey, Schema, SqlType, Table};

/// Whether the engine keeps the name of a primary key.
pub(super) fn names_keys(dialect: &dyn Dialect) -> bool {
    let probe = || {
        let (table, column, key) = (Name::new("t").ok()?, Name::new("c").ok()?, Name::new("own").ok()?);
        let mut made = Table::new(Qualified::local(table));
        made.columns.push(Column::new(column.clone(), SqlType::Date));
        made.primary_key = Some(PrimaryKey::new(key.clone(), vec![column]));
        let mut schema = Schema::default();
        schema.tables.insert(made.name.clone(), made);
        dialect.normalize(&mut schema).ok()?;
        let made = schema.tables.into_values().next()?;
        Some(made.primary_key?.name == key)
    };
    probe().unwrap_or(true)
}

impl Raiser<'_> {
    pub(super) fn constraints(&mut self, table: &Table, decl: &mut TableDecl) {
        decl.primary_key = table.primary_key.as_ref().and_then(|key| self.key(table, key));
        for unique in table.uniques.values() {
            let columns = strs(&unique.columns);
            let storage = self.storage(
                table,
                &unique.include,
                unique.part_of.as_ref(),
                &unique.options,
                unique.comment.as_ref(),
            );
            if let (Some(fields), Some(storage)) = (self.fields(table, &unique.columns), storage) {
                decl.uniques.push(UniqueDecl {
                    name: self.unless_derived(table, &unique.name, &columns, "key"),
                    columns: fields,
                    nulls_not_distinct: !unique.nulls_distinct,
                    deferrable: unique.deferrable,
                    storage,
                    place: Place::default(),
                });
            }
        }
        for check in table
            .checks
            .values()
            .filter(|check| !self.is_said_by_enum(table, &check.name))
        {
            let plain = check.validated && check.inherited && check.comment.is_none();
            let of_field = table
                .columns
                .iter()
                .find(|column| plain && self.derived(table, &[column.name.as_str()], "check") == check.name.as_str());
            let field = of_field.and_then(|column| self.fields(table, std::slice::from_ref(&column.name)));
            let field = field.and_then(|mut fields| fields.pop()).map(|field| field.value);
            decl.checks.push(CheckDecl {
                name: match &field {
                    Some(_) => None,
                    None => self.unless_derived(table, &check.name, &[], "check"),
                },
                column: field,
                not_valid: !check.validated,
                no_inherit: !check.inherited,
                comment: check.comment.clone(),
                ..CheckDecl::new(at(self.sql(&check.expr)))
            });
        }
        for index in table.indexes.values() {
            decl.indexes.extend(self.index(table, index));
        }
        for exclusion in table.exclusions.values() {
            decl.exclusions.extend(self.exclusion(table, exclusion));
        }
    }

    fn key(&self, table: &Table, key: &PrimaryKey) -> Option<KeyDecl> {
        Some(KeyDecl {
            name: self
                .unless_derived(table, &key.name, &[], "pkey")
                .filter(|_| self.names_keys),
            columns: self.fields(table, &key.columns)?,
            deferrable: key.deferrable,
            storage: self.storage(
                table,
                &key.include,
                key.part_of.as_ref(),
                &key.options,
                key.comment.as_ref(),
            )?,
        })
    }

    fn index(&self, table: &Table, index: &Index) -> Option<IndexDecl> {
        let parts: Option<Vec<PartDecl>> = index.parts.iter().map(|part| self.part(table, part)).collect();
        let words: Vec<String> = index.parts.iter().map(|part| self.word_of(part)).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Some(IndexDecl {
            dialects: Vec::new(),
            name: self.unless_derived(table, &index.name, &words, "idx"),
            parts: parts?,
            unique: index.unique,
            nulls_not_distinct: !index.nulls_distinct,
            method: index.method.as_ref().map(|method| at(method.to_string())),
            predicate: index.predicate.as_ref().map(|predicate| at(self.sql(predicate))),
            storage: self.storage(
                table,
                &index.include,
                index.part_of.as_ref(),
                &index.options,
                index.comment.as_ref(),
            )?,
            place: Place::default(),
        })
    }

    fn exclusion(&self, table: &Table, exclusion: &Exclusion) -> Option<ExclusionDecl> {
        let parts: Option<Vec<(PartDecl, String)>> = exclusion
            .parts
            .iter()
            .map(|(part, operator)| Some((self.part(table, part)?, operator.clone())))
            .collect();
        let words: Vec<String> = exclusion.parts.iter().map(|(part, _)| self.word_of(part)).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Some(ExclusionDecl {
            name: self.unless_derived(table, &exclusion.name, &words, "excl"),
            method: (exclusion.method != "gist").then(|| at(exclusion.method.to_string())),
            parts: parts?,
            predicate: exclusion.predicate.as_ref().map(|predicate| at(self.sql(predicate))),
            deferrable: exclusion.deferrable,
            storage: self.storage(
                table,
                &exclusion.include,
                None,
                &exclusion.options,
                exclusion.comment.as_ref(),
            )?,
            place: Place::default(),
        })
    }

    fn part(&self, table: &Table, part: &IndexPart) -> Option<PartDecl> {
        let key = match &part.key {
            IndexKey::Column(name) => PartKey::Column(self.fields(table, std::slice::from_ref(name))?.pop()?),
            IndexKey::Expr(expr) => PartKey::Expr(at(self.sql(expr))),
        };
        Some(PartDecl {
            descending: part.descending,
            nulls_first: part.nulls_first,
            opclass: part.opclass.as_ref().map(|class| at(class.to_string())),
            parameters: part.parameters.clone(),
            collation: part.collation.as_ref().map(|collation| at(collation.to_string())),
            ..PartDecl::new(key)
        })
    }

    fn word_of(&self, part: &IndexPart) -> String {
        match &part.key {
            IndexKey::Column(name) => name.to_string(),
            IndexKey::Expr(expr) => expression(&self.sql(expr)).to_owned(),
        }
    }

    fn storage(
        &self,
        table: &Table,
        include: &[Name],
        part_of: Option<&Name>,
        options: &std::collections::BTreeMap<String, String>,
        comment: Option<&String>,
    ) -> Option<StorageDecl> {
        Some(StorageDecl {
            include: self.fields(table, include)?,
            part_of: part_of.map(|name| at(name.to_string())),
            options: options.clone(),
            comment: comment.cloned(),
        })
    }

    pub(super) fn fields(&self, table: &Table, columns: &[Name]) -> Option<Vec<crate::decl::At<String>>> {
        self.tables.get(&table.name)?.fields(columns)
    }

    fn derived(&self, table: &Table, columns: &[&str], suffix: &str) -> String {
        let limit = self.dialect.caps().max_identifier;
        shorten(derived(table.name.name.as_str(), columns, suffix), limit)
    }

    /// The name, where it is not the one that nobody need write.
    pub(super) fn unless_derived(
        &self,
        table: &Table,
        name: &Name,
        columns: &[&str],
        suffix: &str,
    ) -> Option<crate::decl::At<String>> {
        (name.as_str() != self.derived(table, columns, suffix)).then(|| at(name.to_string()))
    }
}

pub(super) fn strs(names: &[Name]) -> Vec<&str> {
    names.iter().map(Name::as_str).collect()
}
