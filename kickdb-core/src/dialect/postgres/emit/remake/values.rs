//! What the values of a column are in the type that is made again.

use super::{Remake, Root, aside, suffixed};
use crate::dialect::Types;
use crate::dialect::postgres::expr;
use crate::dialect::postgres::objects;
use crate::dialect::postgres::syntax::{self, ident, literal, qualified};
use crate::dialect::postgres::types::{ddl, element, user};
use crate::diff::{Change, TableChange};
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Expr, Object, ObjectKind, SqlType, Table};

impl Remake<'_> {
    /// The new type of a column, and what its values are there.
    pub(super) fn conversion(&self, column: &Column) -> String {
        let (name, ty) = (ident(&column.name), ddl(&self.renamed_type(&column.ty)));
        if let Some(collation) = column.collation.as_ref().filter(|name| self.is_collation(name)) {
            return format!("{ty} COLLATE {}", syntax::collation(collation));
        }
        if self.is_reshaped() {
            return format!("{ty} USING {}", self.reshaped(&name, &column.ty));
        }
        let array = matches!(column.ty, SqlType::Array(_));
        match self.root {
            // By the type that it is made of, whose values need no text.
            Root::Object(id, from, to)
                if id.kind == ObjectKind::Domain && from.sql.is_empty() && objects::is_of(&column.ty, &id.name) =>
            {
                let base = objects::base(to);
                let is_list = |base: &str| base.ends_with(']');
                if array && is_list(base) || is_list(objects::base(from)) != is_list(base) {
                    // There is no list of lists, and no way from a list to what is none but by its text.
                    return format!("{ty} USING {name}::text::{ty}");
                }
                let base = if array { format!("{base}[]") } else { base.to_owned() };
                format!("{ty} USING {name}::{base}::{ty}")
            }
            // A list whose text is one of another type's values.
            Root::Object(id, from, _) if array && self.kin.is_empty() && objects::changes_kind(id, from) => {
                format!("{ty} USING {name}::text[]::{ty}")
            }
            Root::Enum(_) if array && self.kin.is_empty() => format!("{ty} USING {name}::text[]::{ty}"),
            _ => format!("{ty} USING {name}::text::{ty}"),
        }
    }

    /// The type under its new name, where a range brings its other type under another one.
    fn renamed_type(&self, ty: &SqlType) -> SqlType {
        let Root::Object(id, from, to) = self.root else {
            return ty.clone();
        };
        match (objects::multirange(id, from), objects::multirange(id, to), ty) {
            (Some(_), Some(_), SqlType::Array(items)) => SqlType::Array(Box::new(self.renamed_type(items))),
            (Some((was, _)), Some((is, _)), _) if objects::is_of(ty, &was) => user(is),
            _ => ty.clone(),
        }
    }

    /// Whether a type of another kind takes the name.
    pub(super) fn is_of_another_kind(&self) -> bool {
        matches!(self.root, Root::Object(id, from, _) if objects::changes_kind(id, from))
    }

    /// Whether a composite type has other attributes, so that its text form is not that of the new one.
    pub(super) fn is_reshaped(&self) -> bool {
        match self.root {
            Root::Object(id, from, to) if id.kind == ObjectKind::Type => {
                let names = |object: &Object| {
                    let all = objects::attributes(&object.sql)?;
                    Some(
                        all.iter()
                            .map(|attribute| objects::attribute_name(attribute).to_owned())
                            .collect::<Vec<_>>(),
                    )
                };
                match (names(from), names(to)) {
                    (Some(before), Some(after)) => before != after,
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// A value of an old type as one of the new type of that name.
    fn reshaped(&self, value: &str, ty: &SqlType) -> String {
        let new = ddl(ty);
        let names = self.names();
        let Some(name) = names.iter().find(|name| objects::is_of(ty, name)) else {
            return value.to_owned();
        };
        if matches!(ty, SqlType::Array(_)) {
            return format!("pg_temp.{}({value})", ident(&converter(name, true)));
        }
        match self.kin.iter().find(|kin| kin.id.name == *name) {
            Some(kin) if kin.id.kind == ObjectKind::Domain => {
                let base = base_type(kin.object);
                let old = self.old_type(&base);
                format!("{}::{new}", self.reshaped(&format!("{value}::{old}"), &base))
            }
            Some(kin) if objects::attributes(&kin.object.sql).is_none() => format!("{value}::text::{new}"),
            _ => format!("pg_temp.{}({value})", ident(&converter(name, false))),
        }
    }

    /// What a type is called while the old ones stand aside.
    fn old_type(&self, ty: &SqlType) -> String {
        let aside = |ty: &SqlType| match ty {
            SqlType::Enum(name) if self.names().contains(name) => qualified(&name.sibling(aside(&name.name))),
            other => ddl(other),
        };
        match ty {
            SqlType::Array(_) => format!("{}[]", aside(element(ty))),
            other => aside(other),
        }
    }

    /// The functions that bring the values of composite types, and of arrays of any of these, into their new shape: a statement
    /// that changes the type of a column cannot say how a list is gone through.
    pub(super) fn functions(&self) -> Vec<(String, String)> {
        let mut functions = Vec::new();
        if !self.is_reshaped() {
            return functions;
        }
        let mut function = |name: Name, from: &str, to: &str, body: &str| {
            let name = format!("pg_temp.{}({from})", ident(&name));
            let sql = format!("CREATE FUNCTION {name} RETURNS {to} LANGUAGE sql STRICT AS $kick$ SELECT {body} $kick$");
            functions.push((name, sql));
        };
        for (_, name, object) in self.old() {
            let Some((id, old)) = object else { continue };
            let ty = SqlType::Enum(name.clone());
            let (from, to) = (self.old_type(&ty), ddl(&ty));
            let new = match self.root {
                Root::Object(root, _, new) if root == id => new,
                _ => old,
            };
            if let (Some(before), Some(after)) = (objects::attributes(&old.sql), objects::attributes(&new.sql)) {
                let field = |attribute: &String| {
                    let name = objects::attribute_name(attribute);
                    let mut same = before.iter().filter(|other| objects::attribute_name(other) == name);
                    let Some(was) = same.next() else {
                        return "NULL".to_owned();
                    };
                    let (value, ty) = (format!("($1).{name}"), attribute_type(attribute));
                    match (attribute_type(was), &ty) {
                        // The server knows no way between two types of a user's.
                        (SqlType::Enum(was), SqlType::Enum(is)) if was != *is => format!("{value}::text::{}", ddl(&ty)),
                        _ => self.reshaped(&value, &ty),
                    }
                };
                let fields = after.iter().map(field).collect::<Vec<_>>().join(", ");
                function(converter(name, false), &from, &to, &format!("ROW({fields})::{to}"));
            }
            let array = format!(
                "ARRAY(SELECT {} FROM generate_subscripts($1, 1) n ORDER BY n)",
                self.reshaped("($1)[n]", &ty)
            );
            function(converter(name, true), &format!("{from}[]"), &format!("{to}[]"), &array);
        }
        functions
    }

    /// Whether a change that follows gives the column another default, or none.
    fn is_changed_later(&self, table: &Table, column: &Column, default: &Expr) -> bool {
        self.later.iter().any(|change| {
            let Change::AlterTable { to, changes, .. } = change else {
                return false;
            };
            let alters = |change: &TableChange| match change {
                TableChange::AlterColumn { to, .. } => {
                    to.name == column.name && !matches!(&to.value, ColumnValue::Default(other) if other == default)
                }
                TableChange::DropColumn(gone) => gone.name == column.name,
                _ => false,
            };
            to.name == table.name && changes.iter().any(alters)
        })
    }

    /// The default goes before and comes back after, where its value is still there.
    pub(super) fn convert(&self, table: &Table, column: &Column) -> Vec<String> {
        let name = ident(&column.name);
        if matches!(column.value, ColumnValue::Generated { .. }) || self.is_holder(column) {
            return Vec::new();
        }
        if self.is_from_above(table, &column.name) {
            return match &column.value {
                ColumnValue::Default(default) => self.default(table, column, default).into_iter().collect(),
                _ => vec![format!("ALTER COLUMN {name} DROP DEFAULT")],
            };
        }
        let change = format!("ALTER COLUMN {name} TYPE {}", self.conversion(column));
        let ColumnValue::Default(default) = &column.value else {
            return vec![change];
        };
        let mut actions = vec![format!("ALTER COLUMN {name} DROP DEFAULT"), change];
        actions.extend(self.default(table, column, default));
        actions
    }

    /// The column that was parked as a text, as it was.
    pub(super) fn row_again(&self, table: &Table, column: &Column) -> Vec<String> {
        let (name, ty) = (ident(&column.name), ddl(&self.renamed_type(&column.ty)));
        let change = format!("ALTER COLUMN {name} TYPE {ty} USING {name}::{ty}");
        let change = (!self.is_from_above(table, &column.name)).then_some(change);
        let default = match &column.value {
            ColumnValue::Default(default) => self.default(table, column, default),
            _ => None,
        };
        change.into_iter().chain(default).collect()
    }

    /// The default again, where its value is still there.
    pub(super) fn default(&self, table: &Table, column: &Column, default: &Expr) -> Option<String> {
        if self.is_changed_later(table, column, default) {
            return None;
        }
        let default = self.expr_renamed(default);
        let gone = match (&default, &self.root) {
            (Expr::Text(value), Root::Enum(to)) if objects::is_of(&column.ty, &to.name) => !to.values.contains(value),
            _ => false,
        };
        let kept = !gone || matches!(column.ty, SqlType::Array(_));
        let set = || {
            format!(
                "ALTER COLUMN {} SET DEFAULT {}",
                ident(&column.name),
                expr::operand(&default)
            )
        };
        kept.then(set)
    }

    pub(super) fn value_renamed(&self, value: &ColumnValue) -> ColumnValue {
        match value {
            ColumnValue::Generated { expr, stored } => ColumnValue::Generated {
                expr: self.expr_renamed(expr),
                stored: *stored,
            },
            other => other.clone(),
        }
    }

    /// The expression with the new names of values. It belongs to a table as it is before, whose values are renamed by now.
    pub(super) fn expr_renamed(&self, expr: &Expr) -> Expr {
        match expr {
            Expr::Text(value) => Expr::Text(self.renamed.get(value).unwrap_or(value).clone()),
            Expr::Sql(sql) => {
                let mut sql = sql.clone();
                for (from, to) in self.renamed {
                    sql = sql.replace(&literal(from), &literal(to));
                }
                Expr::Sql(sql)
            }
            other => other.clone(),
        }
    }
}

/// The function that makes a new value of an old one, or an array of an array.
fn converter(name: &Qualified, array: bool) -> Name {
    suffixed(&name.name, if array { "__kick_all" } else { "__kick_new" })
}

pub(super) fn base_type(domain: &Object) -> SqlType {
    parsed(objects::base(domain))
}

pub(super) fn attribute_type(attribute: &str) -> SqlType {
    parsed(objects::attribute_type(attribute))
}

fn parsed(text: &str) -> SqlType {
    crate::dialect::postgres::Postgres
        .parse(text)
        .unwrap_or_else(|_| SqlType::Native(text.into()))
}
