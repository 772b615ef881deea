use super::Linker;
use super::scope::Found;
use super::types::Typed;
use crate::decl::{At, Builtin, ColumnDecl, Item, Literal, RustType, ValueDecl, builtin, nearest};
use crate::ident::Qualified;
use crate::ir::{ColumnValue, Expr, IntBits, SqlType};

impl Linker<'_> {
    /// Where a column's value comes from, checked against its type.
    pub(super) fn column_value(
        &mut self,
        value: &At<ValueDecl>,
        column: &ColumnDecl,
        table: &Qualified,
        typed: &Typed,
        module: &str,
    ) -> ColumnValue {
        let read = match (&value.value, &typed.ty) {
            (ValueDecl::Constant(path), _) => self.constant(path, typed, module).map(ColumnValue::Default),
            (ValueDecl::Literal(Literal::Text(text)), SqlType::Enum(_)) => {
                self.enum_text(text, typed).map(ColumnValue::Default)
            }
            (value, ty) => plain_value(value, &column.ty, ty, typed.nullable),
        };
        match read {
            Ok(value) => value,
            Err((message, help)) => {
                let place = value.place.or(&column.field.place);
                self.problem(&place, format!("column `{table}.{}`: {message}", **column.name()), help);
                ColumnValue::Required
            }
        }
    }

    fn enum_text(&self, text: &str, typed: &Typed) -> Result<Expr, (String, String)> {
        let decl = typed
            .of_enum
            .and_then(|index| self.enums.get(&index))
            .map(|(decl, _)| *decl);
        let values: Vec<&str> = decl
            .map(|decl| decl.values.iter().map(|value| value.value.as_str()).collect())
            .unwrap_or_default();
        if values.contains(&text) {
            return Ok(Expr::Text(text.into()));
        }
        Err((
            format!("\"{text}\" is no value of the enum"),
            format!("its values are {}", quoted(&values)),
        ))
    }

    /// A path as a default: a value of the column's enum.
    fn constant(&self, path: &[String], typed: &Typed, module: &str) -> Result<Expr, (String, String)> {
        let written = path.join("::");
        let unknown = || {
            (
                format!("the value of `{written}` cannot be read from the source"),
                "write a literal, a value of the column's enum, or SQL: `default_sql = \"…\"`".to_owned(),
            )
        };
        let (variant, of) = path.split_last().ok_or_else(unknown)?;
        let Found::One(index) = self.scope.find(of, module) else {
            return Err(unknown());
        };
        let index = self.through_aliases(index);
        let Item::Enum(decl) = &self.scope.items[index] else {
            return Err(unknown());
        };
        if typed.of_enum != Some(index) || matches!(typed.ty, SqlType::Array(_)) {
            return Err((
                format!("`{written}` is not of the column's type"),
                "a default has the type of its column".into(),
            ));
        }
        match decl.values.iter().find(|value| *value.ident == *variant) {
            Some(value) => Ok(Expr::Text(value.value.clone())),
            None => {
                let idents: Vec<&str> = decl.values.iter().map(|value| value.ident.as_str()).collect();
                let near = nearest(variant, idents.iter().copied());
                Err((
                    format!("enum `{}` has no value `{variant}`", decl.ident.value),
                    match near {
                        Some(near) => format!("did you mean `{}::{near}`?", of.join("::")),
                        None => format!("its values are {}", quoted(&idents)),
                    },
                ))
            }
        }
    }

    fn through_aliases(&self, mut index: usize) -> usize {
        for _ in 0..32 {
            let Item::Alias(alias) = &self.scope.items[index] else {
                break;
            };
            let Found::One(next) = self.scope.find(&alias.ty.path, &alias.module) else {
                break;
            };
            index = next;
        }
        index
    }
}

/// A value that can be judged by the column's type alone: everything but a value of an enum.
///
/// # Errors
///
/// Why the type has no such value, and what to write instead.
pub(crate) fn plain_value(
    value: &ValueDecl,
    rust: &RustType,
    ty: &SqlType,
    nullable: bool,
) -> Result<ColumnValue, (String, String)> {
    let default = match (value, ty) {
        (ValueDecl::Sql(sql), _) => Expr::Sql(sql.clone()),
        (ValueDecl::Generated { expr, stored }, _) => {
            return Ok(ColumnValue::Generated {
                expr: Expr::Sql(expr.clone()),
                stored: *stored,
            });
        }
        (ValueDecl::Identity(identity), ty) if !nullable && is_whole(ty, rust) => {
            return Ok(ColumnValue::identity(*identity));
        }
        (ValueDecl::Identity(_), _) => {
            return Err((
                "only a whole number that is not NULL can count by itself".into(),
                "give the field the type `i32` or `i64`".into(),
            ));
        }
        (ValueDecl::Now, SqlType::Timestamp { .. } | SqlType::Date | SqlType::Time { .. } | SqlType::Native(_)) => {
            Expr::Now
        }
        (ValueDecl::Now, _) => return Err(wrong("the current time", rust, "use it on a date or date-time")),
        (ValueDecl::Uuid, SqlType::Uuid | SqlType::Native(_)) => Expr::NewUuid,
        (ValueDecl::Uuid, _) => return Err(wrong("a random UUID", rust, "use it on a `Uuid`")),
        (ValueDecl::EmptyArray, SqlType::Array(_) | SqlType::Native(_)) => Expr::EmptyArray,
        (ValueDecl::EmptyArray, _) => return Err(wrong("an empty list", rust, "use it on a `Vec<…>`")),
        (ValueDecl::Literal(literal), ty) => self::literal(literal, rust, ty)?,
        (ValueDecl::Constant(path), _) => {
            return Err((
                format!("the value of `{}` cannot be read from the source", path.join("::")),
                "write a literal, or SQL: `default_sql = \"…\"`".into(),
            ));
        }
    };
    Ok(ColumnValue::Default(default))
}

/// Whether the values are whole numbers: the field says so where the type is one that an engine alone has (`int(10)`).
fn is_whole(ty: &SqlType, rust: &RustType) -> bool {
    let whole = |rust: &RustType| matches!(builtin(rust), Some(Builtin::Type(SqlType::Int { .. })));
    matches!(ty, SqlType::Int { .. }) || matches!(ty, SqlType::Native(_)) && whole(rust)
}

fn literal(literal: &Literal, rust: &RustType, ty: &SqlType) -> Result<Expr, (String, String)> {
    let fits = |bits: IntBits, n: i64| match bits {
        IntBits::B8 => i8::try_from(n).is_ok(),
        IntBits::B16 => i16::try_from(n).is_ok(),
        IntBits::B32 => i32::try_from(n).is_ok(),
        IntBits::B64 => true,
    };
    match (literal, ty) {
        (Literal::Bool(value), SqlType::Bool | SqlType::Native(_)) => Ok(Expr::Bool(*value)),
        (Literal::Int(n), SqlType::Int { bits, .. }) if !fits(*bits, *n) => Err((
            format!("the default {n} does not fit into `{rust}`"),
            "write a number that fits".into(),
        )),
        (Literal::Int(n), SqlType::Int { .. } | SqlType::Float { .. } | SqlType::Decimal(_) | SqlType::Native(_)) => {
            Ok(Expr::Int(*n))
        }
        (Literal::Float(text), SqlType::Float { .. } | SqlType::Decimal(_) | SqlType::Native(_)) => {
            Ok(Expr::Sql(text.clone()))
        }
        (Literal::Text(text), SqlType::Varchar(most) | SqlType::Char(most))
            if text.chars().count() > most.get() as usize =>
        {
            Err((
                format!("the default \"{text}\" is longer than {most} characters"),
                "write a shorter text".into(),
            ))
        }
        (Literal::Text(text), ty) if takes_text(ty) => Ok(Expr::Text(text.clone())),
        (literal, ty) => Err(wrong(&shown(literal), rust, example(ty))),
    }
}

fn wrong(what: &str, ty: &RustType, help: &str) -> (String, String) {
    (format!("{what} is no default for `{ty}`"), help.to_owned())
}

fn shown(literal: &Literal) -> String {
    match literal {
        Literal::Bool(value) => value.to_string(),
        Literal::Int(n) => n.to_string(),
        Literal::Float(text) => text.clone(),
        Literal::Text(text) => format!("\"{text}\""),
    }
}

fn takes_text(ty: &SqlType) -> bool {
    matches!(
        ty,
        SqlType::Text
            | SqlType::Varchar(_)
            | SqlType::Char(_)
            | SqlType::Uuid
            | SqlType::Date
            | SqlType::Time { .. }
            | SqlType::Timestamp { .. }
            | SqlType::Interval
            | SqlType::Json { .. }
            | SqlType::Native(_)
    )
}

fn example(ty: &SqlType) -> &'static str {
    match ty {
        SqlType::Bool => "write `default = false` or `default = true`",
        SqlType::Int { .. } => "write a whole number: `default = 0`",
        SqlType::Float { .. } | SqlType::Decimal(_) => "write a number: `default = 0.5`",
        SqlType::Enum(_) => "write a value of the enum: `default = TaskStatus::Todo`",
        SqlType::Array(_) => "write `default = []`, or SQL: `default_sql = \"…\"`",
        SqlType::Bytes => "write SQL: `default_sql = \"…\"`",
        _ => "write a text in quotes, or SQL: `default_sql = \"…\"`",
    }
}

fn quoted(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
