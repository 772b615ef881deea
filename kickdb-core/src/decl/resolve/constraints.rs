use super::Linker;
use super::tables::Linked;
use crate::decl::names::{derived, expression, shorten};
use crate::decl::{At, IndexDecl, PartKey, Place, Problem, TableDecl};
use crate::ident::{Name, Qualified};
use crate::ir::{self, Check, Expr, Index, IndexKey, IndexPart, PrimaryKey, Unique};

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
            out.checks.insert(name.clone(), Check::new(name, expr));
        }
        for decl in &decl.indexes {
            self.add_index(index, decl, out);
        }
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
            out.primary_key = Some(PrimaryKey::new(name, columns));
        }
    }

    fn add_index(&mut self, table: usize, decl: &IndexDecl, out: &mut ir::Table) {
        let mut words = Vec::new();
        let mut parts = Vec::new();
        for part in &decl.parts {
            let key = match &part.key {
                PartKey::Column(field) => {
                    let Some(mut names) = self.names(table, std::slice::from_ref(field)) else {
                        return;
                    };
                    let Some(name) = names.pop() else { return };
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
                opclass: opclass.and_then(|name| self.name(name, &decl.place, "operator class")),
                collation: collation.and_then(|name| self.name(name, &decl.place, "collation")),
                ..IndexPart::new(key)
            });
        }
        let Some(include) = self.names(table, &decl.include) else {
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
            include,
            ..Index::new(name.clone(), parts)
        };
        out.indexes.insert(name, index);
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
