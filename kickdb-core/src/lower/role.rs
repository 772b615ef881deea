use super::Origin;
use super::attr::Arg;
use super::column::known_type;
use super::error::Sink;
use crate::decl::{ColumnDecl, Literal, Role, TableDecl, ValueDecl};
use crate::ir::SqlType;

/// Reads what queries do with a column by themselves, and gives it the default that this needs.
pub(super) fn read(args: &[Arg], column: &mut ColumnDecl, table: &TableDecl, origin: &Origin, errors: &mut Sink) {
    for role in Role::ALL {
        let Some(arg) = args.iter().find(|arg| arg.key == role.as_str()) else {
            continue;
        };
        if !arg.flag(errors) {
            continue;
        }
        if let Some(first) = column.role {
            errors.add(
                arg.span,
                format!("`{}` and `{}` exclude each other", first.as_str(), role.as_str()),
                "a column has one of these meanings: keep one of the two",
            );
            continue;
        }
        if let Some((message, help)) = misfit(role, column) {
            let name = format!("`{}.{}`", table.shown(), **column.name());
            errors.add(
                arg.span,
                format!("column {name} is `{}`, and {message}", role.as_str()),
                help,
            );
            continue;
        }
        if role != Role::DeletedAt && table.columns.iter().any(|column| column.role == Some(role)) {
            errors.add(
                arg.span,
                format!("`{}` is said of two columns", role.as_str()),
                "keep one of the two",
            );
            continue;
        }
        let value = match role {
            Role::CreatedAt | Role::UpdatedAt => Some(ValueDecl::Now),
            Role::Version => Some(ValueDecl::Literal(Literal::Int(1))),
            Role::DeletedAt => None,
        };
        if column.value.is_none() {
            column.value = value.map(|value| origin.at(value, arg.span));
        }
        column.role = Some(role);
    }
}

fn misfit(role: Role, column: &ColumnDecl) -> Option<(&'static str, &'static str)> {
    let nullable = column.ty.optional().is_some();
    let ty = known_type(column);
    match role {
        Role::Version if nullable => Some(("may be NULL", "remove the `Option`")),
        Role::Version if !matches!(ty, None | Some(SqlType::Int { .. })) => {
            Some(("is no whole number", "make it an `i16`, `i32` or `i64`"))
        }
        Role::Version => None,
        Role::DeletedAt if !nullable => Some((
            "can never be NULL, so every row would be deleted",
            "make it an `Option`",
        )),
        Role::UpdatedAt if nullable => Some(("may be NULL", "remove the `Option`")),
        Role::CreatedAt | Role::UpdatedAt | Role::DeletedAt => match ty {
            None | Some(SqlType::Timestamp { .. }) => None,
            Some(_) => Some((
                "is no date with a time",
                "make it a date with a time, such as `DateTime<Utc>`",
            )),
        },
    }
}
