use std::collections::BTreeMap;

use super::Linker;
use super::tables::Linked;
use crate::decl::names::{derived, expression, shorten};
use crate::decl::{At, ExclusionDecl, IndexDecl, PartDecl, PartKey, Place, Problem, StorageDecl, TableDecl};
use crate::ident::{Name, Qualified};
use crate::ir::{self, Check, Exclusion, Expr, Index, IndexKey, IndexPart, PrimaryKey, Unique};

/// What is said of the index of a key.
struct Storage {
    include: Vec<Name>,
    part_of: Option<Name>,
    options: BTreeMap<String, String>,
    comment: Option<String>,
}

impl<'a> Linker<'a> {
    /// Keys, uniques, checks and indexes of one table.
    pub(super) fn add_constraints(&mut self, index: usize, out: &mut ir::Table) {
        let Some(table) = self.tables.get(&index) else { return };
        let decl = table.decl;
        self.add_primary_key(index, decl, out);
        for unique in &decl.uniques {
            let Some(columns) = self.names(index, &unique.columns) else {
                continue;
            };
            let Some(storage) = self.storage(index, &unique.storage, &unique.place) else {
                continue;
            };
            let Some(name) = self.part_name(unique.name.as_ref(), out, &strs(&columns), "key", &unique.place) else {
                continue;
            };
            if out.uniques.contains_key(&name) {
                self.collision(out, &name, &unique.place, "a unique constraint");
            }
            self.part_place(out, &name, &unique.place);
            out.uniques.insert(
                name.clone(),
                Unique {
                    nulls_distinct: !unique.nulls_not_distinct,
                    deferrable: unique.deferrable,
                    include: storage.include,
                    part_of: storage.part_of,
                    options: storage.options,
                    comment: storage.comment,
                    ..Unique::new(name, columns)
                },
            );
        }
        for check in &decl.checks {
            let column = check.column.as_ref().and_then(|field| decl.column(field));
            let columns: Vec<&str> = column.iter().map(|column| column.name().as_str()).collect();
            let Some(name) = self.part_name(check.name.as_ref(), out, &columns, "check", &check.expr.place) else {
                continue;
            };
            if out.checks.contains_key(&name) {
                self.collision(out, &name, &check.expr.place, "a check");
            }
            self.part_place(out, &name, &check.expr.place);
            let expr = Expr::Sql(check.expr.value.clone());
            out.checks.insert(
                name.clone(),
                Check {
                    validated: !check.not_valid,
                    inherited: !check.no_inherit,
                    comment: check.comment.clone(),
                    ..Check::new(name, expr)
                },
            );
        }
        for decl in &decl.indexes {
            for dialect in &decl.dialects {
                self.check_dialect(dialect);
            }
            if decl.is_for(self.dialect.id().as_str()) {
                self.add_index(index, decl, out);
            }
        }
        for decl in &decl.exclusions {
            self.add_exclusion(index, decl, out);
        }
    }

    /// What is said of the index of a key.
    fn storage(&mut self, table: usize, decl: &StorageDecl, place: &Place) -> Option<Storage> {
        Some(Storage {
            include: self.names(table, &decl.include)?,
            part_of: match &decl.part_of {
                Some(name) => Some(self.name(name, place, "index")?),
                None => None,
            },
            options: decl.options.clone(),
            comment: decl.comment.clone(),
        })
    }

    fn add_primary_key(&mut self, index: usize, decl: &TableDecl, out: &mut ir::Table) {
        let Some(key) = &decl.primary_key else { return };
        let Some(columns) = self.names(index, &key.columns) else {
            return;
        };
        for field in &key.columns {
            let column = self.tables.get(&index).and_then(|table| table.column(field));
            if column.is_some_and(|(_, typed)| typed.nullable) {
                self.problem(
                    &field.place.or(&decl.ident.place),
                    format!("column `{}.{}` of the primary key can be NULL", out.name, **field),
                    "remove the `Option`",
                );
            }
        }
        if let Some(name) = self.part_name(key.name.as_ref(), out, &[], "pkey", &decl.ident.place) {
            self.part_place(out, &name, &decl.ident.place);
            let Some(storage) = self.storage(index, &key.storage, &decl.ident.place) else {
                return;
            };
            out.primary_key = Some(PrimaryKey {
                include: storage.include,
                deferrable: key.deferrable,
                part_of: storage.part_of,
                options: storage.options,
                comment: storage.comment,
                ..PrimaryKey::new(name, columns)
            });
        }
    }

    fn add_index(&mut self, table: usize, decl: &IndexDecl, out: &mut ir::Table) {
        let Some((parts, words)) = self.parts(table, &decl.parts, &decl.place) else {
            return;
        };
        let Some(storage) = self.storage(table, &decl.storage, &decl.place) else {
            return;
        };
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let Some(name) = self.part_name(decl.name.as_ref(), out, &words, "idx", &decl.place) else {
            return;
        };
        if out.indexes.contains_key(&name) {
            self.collision(out, &name, &decl.place, "an index");
        }
        self.part_place(out, &name, &decl.place);
        let method = decl.method.as_ref();
        let index = Index {
            unique: decl.unique,
            nulls_distinct: !decl.nulls_not_distinct,
            method: method.and_then(|name| self.name(name, &decl.place, "index method")),
            predicate: decl.predicate.as_ref().map(|sql| Expr::Sql(sql.value.clone())),
            include: storage.include,
            part_of: storage.part_of,
            options: storage.options,
            comment: storage.comment,
            ..Index::new(name.clone(), parts)
        };
        out.indexes.insert(name, index);
    }

    /// The parts of an index, and the words that its name is made of; `None` where one could not be read.
    fn parts<'d>(
        &mut self,
        table: usize,
        decls: impl IntoIterator<Item = &'d PartDecl>,
        place: &Place,
    ) -> Option<(Vec<IndexPart>, Vec<String>)> {
        let mut words = Vec::new();
        let mut parts = Vec::new();
        for part in decls {
            let key = match &part.key {
                PartKey::Column(field) => {
                    let name = self.names(table, std::slice::from_ref(field))?.pop()?;
                    words.push(name.as_str().to_owned());
                    IndexKey::Column(name)
                }
                PartKey::Expr(expr) => {
                    words.push(expression(expr).to_owned());
                    IndexKey::Expr(Expr::Sql(expr.value.clone()))
                }
            };
            let opclass = part.opclass.as_ref();
            let collation = part.collation.as_ref();
            parts.push(IndexPart {
                descending: part.descending,
                nulls_first: part.nulls_first,
                opclass: opclass.and_then(|name| self.name(name, place, "operator class")),
                parameters: part.parameters.clone(),
                collation: collation.and_then(|name| self.name(name, place, "collation")),
                ..IndexPart::new(key)
            });
        }
        Some((parts, words))
    }

    fn add_exclusion(&mut self, table: usize, decl: &ExclusionDecl, out: &mut ir::Table) {
        let parts = decl.parts.iter().map(|(part, _)| part);
        let Some((parts, words)) = self.parts(table, parts, &decl.place) else {
            return;
        };
        let Some(storage) = self.storage(table, &decl.storage, &decl.place) else {
            return;
        };
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let Some(name) = self.part_name(decl.name.as_ref(), out, &words, "excl", &decl.place) else {
            return;
        };
        let gist = At::new("gist".to_owned(), decl.place.clone());
        let Some(method) = self.name(decl.method.as_ref().unwrap_or(&gist), &decl.place, "index method") else {
            return;
        };
        if out.exclusions.contains_key(&name) {
            self.collision(out, &name, &decl.place, "an exclusion constraint");
        }
        self.part_place(out, &name, &decl.place);
        let operators = decl.parts.iter().map(|(_, operator)| operator.clone());
        let exclusion = Exclusion {
            predicate: decl.predicate.as_ref().map(|sql| Expr::Sql(sql.value.clone())),
            include: storage.include,
            deferrable: decl.deferrable,
            options: storage.options,
            comment: storage.comment,
            ..Exclusion::new(name.clone(), method, parts.into_iter().zip(operators).collect())
        };
        out.exclusions.insert(name, exclusion);
    }

    /// The columns of those fields; `None` where one of them could not be read, which is then reported already.
    pub(super) fn names(&self, table: usize, fields: &[At<String>]) -> Option<Vec<Name>> {
        let table: &Linked<'a> = self.tables.get(&table)?;
        fields
            .iter()
            .map(|field| table.column(field).map(|(name, _)| name.clone()))
            .collect()
    }

    /// The name of a constraint or index: the one that is given, or one derived from its columns and made to fit.
    pub(super) fn part_name(
        &mut self,
        given: Option<&At<String>>,
        table: &ir::Table,
        columns: &[&str],
        suffix: &str,
        place: &Place,
    ) -> Option<Name> {
        match given {
            Some(given) => self.name(given, place, "constraint or index"),
            None => {
                let name = derived(table.name.name.as_str(), columns, suffix);
                Name::new(shorten(name, self.dialect.caps().max_identifier)).ok()
            }
        }
    }

    pub(super) fn part_place(&mut self, table: &ir::Table, part: &Name, place: &Place) {
        let key: (Qualified, Option<Name>) = (table.name.clone(), Some(part.clone()));
        self.out.places.entry(key).or_insert_with(|| place.clone());
    }

    pub(super) fn collision(&mut self, table: &ir::Table, name: &Name, place: &Place, what: &str) {
        let first = self.out.place(&table.name, Some(name)).cloned().unwrap_or_default();
        self.problems.push(
            Problem::new(
                place,
                format!("table `{}` has {what} named `{name}` already", table.name),
            )
            .help("remove it, or give it another name with `name = \"…\"`")
            .note(&first, "the first one is here"),
        );
    }
}

fn strs(names: &[Name]) -> Vec<&str> {
    names.iter().map(Name::as_str).collect()
}
