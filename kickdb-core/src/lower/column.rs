use proc_macro2::Span;
use syn::spanned::Spanned;

use super::attr::{self, Arg, Key};
use super::constraint::{self, ACTIONS, DEFERRABLE, IMMEDIATE};
use super::error::{Link, Sink};
use super::{Origin, counter, role, rust_type, ty};
use crate::decl::{
    At, Builtin, CheckDecl, ColumnDecl, ForeignKeyDecl, IndexDecl, Literal, PartDecl, PartKey, StorageDecl, TableDecl,
    UniqueDecl, ValueDecl, builtin, plain_value,
};
use crate::ir::{Action, Deferrable, Identity, SqlType};

const KEYS: &[Key] = &[
    ("primary_key", "primary_key"),
    ("name", "name = \"column_name\""),
    ("type", "type = \"varchar(200)\""),
    ("default", "default = 0"),
    ("default_sql", "default_sql = \"now()\""),
    ("default_now", "default_now"),
    ("default_uuid", "default_uuid"),
    ("identity", "identity` or `identity = always"),
    ("serial", "serial"),
    ("autoincrement", "autoincrement"),
    ("unique", "unique` or `unique = \"constraint_name\""),
    ("index", "index` or `index = \"index_name\""),
    ("check", "check = \"price > 0\""),
    ("references", "references = Project::id"),
    ("on_delete", "on_delete = cascade"),
    ("on_update", "on_update = cascade"),
    ("deferrable", "deferrable` or `deferrable = deferred"),
    ("foreign_key_name", "foreign_key_name = \"constraint_name\""),
    ("generated", "generated = \"price * quantity\""),
    ("stored", "stored"),
    ("virtual", "virtual"),
    ("collation", "collation = \"C\""),
    ("comment", "comment = \"what it is\""),
    ("options", "options(invisible, storage = \"external\")"),
    ("renamed_from", "renamed_from = \"old_name\""),
    ("created_at", "created_at"),
    ("updated_at", "updated_at"),
    ("version", "version"),
    ("deleted_at", "deleted_at"),
];

/// Lowers one field, with the constraints that are written at it.
pub(super) fn column(
    field: &syn::Field,
    ident: &syn::Ident,
    doc_comments: bool,
    table: &mut TableDecl,
    key: &mut Vec<At<String>>,
    origin: &Origin,
    errors: &mut Sink,
) {
    let args = attr::args(&field.attrs, "column", KEYS, errors);
    let mut column = ColumnDecl {
        field: origin.ident(ident),
        ..ColumnDecl::default()
    };
    for arg in &args {
        match arg.key.as_str() {
            "name" => column.name = arg.text(origin, errors),
            "type" => column.raw_type = arg.text(origin, errors),
            "collation" => column.collation = arg.text(origin, errors),
            "comment" => column.comment = arg.text(origin, errors).map(|text| text.value),
            "renamed_from" => column.renamed_from = arg.text(origin, errors),
            "primary_key" if arg.flag(errors) => key.push(column.field.clone()),
            "unique" => unique(arg, &column.field, table, origin, errors),
            "index" => index(arg, &column.field, table, origin, errors),
            "options" => column.options = arg.options(errors),
            "check" => table.checks.extend(arg.text(origin, errors).map(|expr| CheckDecl {
                column: Some(column.field.value.clone()),
                ..CheckDecl::new(expr)
            })),
            _ => {}
        }
    }
    if doc_comments && column.comment.is_none() {
        column.comment = attr::docs(&field.attrs);
    }
    same_name(column.renamed_from.as_ref(), column.name(), field.span(), errors);
    read_type(field, &mut column, origin, errors);
    if let Some((arg, value)) = value(&args, origin, errors) {
        fits(&value, arg, &column, table, errors);
        if matches!(value, ValueDecl::Identity(_)) {
            column.counter = counter::read(arg, origin, errors).1;
        }
        column.value = Some(origin.at(value, arg.span));
    }
    role::read(&args, &mut column, table, origin, errors);
    foreign_key(&args, ident, table, origin, errors);
    judge_null(&args, &column, table, errors);
    table.columns.push(column);
}

fn read_type(field: &syn::Field, column: &mut ColumnDecl, origin: &Origin, errors: &mut Sink) {
    match rust_type(&field.ty) {
        Ok(read) => {
            if read.optional().is_some_and(|inner| inner.optional().is_some()) {
                errors.add(
                    ty::span(&field.ty),
                    "an `Option` in an `Option` cannot be a column",
                    "a column is NULL or not: use one `Option`",
                );
            }
            column.ty = origin.at(read, ty::span(&field.ty));
        }
        Err(error) => errors.push(error),
    }
}

/// What a column's type is by its name alone, where it says so.
pub(super) fn known_type(column: &ColumnDecl) -> Option<SqlType> {
    let ty = column.ty.optional().unwrap_or(&column.ty);
    match builtin(ty) {
        _ if column.raw_type.is_some() => None,
        Some(Builtin::Type(ty)) => Some(ty),
        _ => None,
    }
}

/// A value that the type cannot have is seen here already where the type's name alone says so.
fn fits(value: &ValueDecl, arg: &Arg, column: &ColumnDecl, table: &TableDecl, errors: &mut Sink) {
    let Some(ty) = known_type(column) else { return };
    let nullable = column.ty.optional().is_some();
    if matches!(value, ValueDecl::Constant(_)) {
        return;
    }
    if let Err((message, help)) = plain_value(value, &column.ty, &ty, nullable) {
        errors.add(
            arg.span,
            format!("column `{}.{}`: {message}", table.shown(), **column.name()),
            help,
        );
    }
}

/// Where NULL cannot be, and where it must be possible.
fn judge_null(args: &[Arg], column: &ColumnDecl, table: &TableDecl, errors: &mut Sink) {
    let find = |key: &str| args.iter().find(|arg| arg.key == key);
    let name = column.name();
    if column.ty.optional().is_some() {
        if let Some(arg) = find("primary_key") {
            errors.add(
                arg.span,
                format!("column `{}.{}` of the primary key can be NULL", table.shown(), **name),
                "remove the `Option`",
            );
        }
        return;
    }
    let sets_null = |arg: &&Arg| matches!(arg.choice(ACTIONS, &mut Sink::default()), Some(Action::SetNull));
    let arg = [find("on_delete"), find("on_update")]
        .into_iter()
        .flatten()
        .find(sets_null);
    if let (Some(arg), Some(_)) = (arg, known_type(column)) {
        errors.add(
            arg.span,
            format!("`set_null` on `{}.{}`, which cannot be NULL", table.shown(), **name),
            "make the field an `Option`, or choose another action",
        );
    }
}

/// A rename to the same name says nothing, so it was meant otherwise.
pub(super) fn same_name(from: Option<&At<String>>, to: &At<String>, span: Span, errors: &mut Sink) {
    if from.is_some_and(|from| **from == **to) {
        errors.add(
            span,
            format!("`renamed_from = \"{}\"` is the name it has now", **to),
            "write the name it had before, or leave it out",
        );
    }
}

fn optional_name(arg: &Arg, origin: &Origin, errors: &mut Sink) -> Option<Option<At<String>>> {
    match arg.value {
        attr::Value::None => Some(None),
        _ => arg.text(origin, errors).map(Some),
    }
}

fn unique(arg: &Arg, field: &At<String>, table: &mut TableDecl, origin: &Origin, errors: &mut Sink) {
    if let Some(name) = optional_name(arg, origin, errors) {
        table.uniques.push(UniqueDecl {
            name,
            columns: vec![field.clone()],
            nulls_not_distinct: false,
            deferrable: Deferrable::No,
            storage: StorageDecl::default(),
            place: origin.place(arg.span),
        });
    }
}

fn index(arg: &Arg, field: &At<String>, table: &mut TableDecl, origin: &Origin, errors: &mut Sink) {
    if let Some(name) = optional_name(arg, origin, errors) {
        table.indexes.push(IndexDecl {
            name,
            parts: vec![PartDecl::new(PartKey::Column(field.clone()))],
            place: origin.place(arg.span),
            ..IndexDecl::default()
        });
    }
}

fn foreign_key(args: &[Arg], field: &syn::Ident, table: &mut TableDecl, origin: &Origin, errors: &mut Sink) {
    let mut target = None;
    let mut name = None;
    let mut on_delete = Action::NoAction;
    let mut on_update = Action::NoAction;
    let mut deferrable = Deferrable::No;
    let mut stray = None;
    for arg in args {
        match arg.key.as_str() {
            "references" => {
                target = arg.expr(errors).and_then(|expr| constraint::target(arg, expr, errors));
                if target.is_none() {
                    return;
                }
                continue;
            }
            "foreign_key_name" => name = arg.text(origin, errors),
            "on_delete" => on_delete = arg.choice(ACTIONS, errors).unwrap_or(on_delete),
            "on_update" => on_update = arg.choice(ACTIONS, errors).unwrap_or(on_update),
            "deferrable" if matches!(arg.value, attr::Value::None) => deferrable = IMMEDIATE,
            "deferrable" => deferrable = arg.choice(DEFERRABLE, errors).unwrap_or(deferrable),
            _ => continue,
        }
        stray = stray.or(Some(arg));
    }
    match (target, stray) {
        (Some((path, fields)), _) => {
            let referenced = fields.iter().map(|field| origin.ident(field)).collect();
            let path_of = origin.at(attr::segments(&path), path.span());
            table.foreign_keys.push(ForeignKeyDecl {
                name,
                on_delete,
                on_update,
                deferrable,
                ..ForeignKeyDecl::new(vec![origin.ident(field)], path_of, referenced)
            });
            errors.links.push(Link {
                own: vec![field.clone()],
                target: path,
                fields,
            });
        }
        (None, Some(arg)) => errors.add(
            arg.span,
            format!("`{}` without `references`", arg.key),
            "say which column it points to: `references = Project::id`",
        ),
        (None, None) => {}
    }
}

/// Where the column's value comes from; at most one of the attributes that say so.
fn value<'a>(args: &'a [Arg], origin: &Origin, errors: &mut Sink) -> Option<(&'a Arg, ValueDecl)> {
    let mut found: Option<(&Arg, ValueDecl)> = None;
    for arg in args {
        let value = match arg.key.as_str() {
            "default" => arg.expr(errors).and_then(|expr| default(expr, errors)),
            "default_sql" => arg.text(origin, errors).map(|text| ValueDecl::Sql(text.value)),
            "default_now" => arg.flag(errors).then_some(ValueDecl::Now),
            "default_uuid" => arg.flag(errors).then_some(ValueDecl::Uuid),
            "serial" if matches!(arg.value, attr::Value::List(..)) => Some(ValueDecl::Identity(Identity::Serial)),
            "serial" | "autoincrement" => arg.flag(errors).then_some(ValueDecl::Identity(Identity::Serial)),
            "identity" if matches!(arg.value, attr::Value::List(..)) => {
                Some(ValueDecl::Identity(counter::read(arg, origin, &mut Sink::default()).0))
            }
            "identity" => identity(arg, errors).map(ValueDecl::Identity),
            "generated" => arg.text(origin, errors).map(|text| ValueDecl::Generated {
                expr: text.value,
                stored: !args.iter().any(|arg| arg.key == "virtual"),
            }),
            _ => continue,
        };
        match (&found, value) {
            (Some((first, _)), _) => errors.add(
                arg.span,
                format!("`{}` and `{}` exclude each other", first.key, arg.key),
                "a column's value comes from one place: keep one of the two",
            ),
            (None, value) => found = value.map(|value| (arg, value)),
        }
    }
    kept_where(args, errors);
    found
}

fn kept_where(args: &[Arg], errors: &mut Sink) {
    let find = |key: &str| args.iter().find(|arg| arg.key == key);
    for arg in [find("stored"), find("virtual")].into_iter().flatten() {
        if arg.flag(errors) && find("generated").is_none() {
            errors.add(
                arg.span,
                format!("`{}` without `generated`", arg.key),
                "say what is computed: `generated = \"price * quantity\"`",
            );
        }
    }
    if let (Some(_), Some(arg)) = (find("stored"), find("virtual")) {
        errors.add(
            arg.span,
            "`stored` and `virtual` exclude each other",
            "`stored` keeps the value on disk, `virtual` computes it on each read: keep one of the two",
        );
    }
}

fn identity(arg: &Arg, errors: &mut Sink) -> Option<Identity> {
    match arg.value {
        attr::Value::None => Some(Identity::ByDefault),
        _ => arg.choice(
            &[("by_default", Identity::ByDefault), ("always", Identity::Always)],
            errors,
        ),
    }
}

fn default(expr: &syn::Expr, errors: &mut Sink) -> Option<ValueDecl> {
    match expr {
        syn::Expr::Group(group) => default(&group.expr, errors),
        syn::Expr::Lit(lit) => literal(&lit.lit, "", errors).map(ValueDecl::Literal),
        syn::Expr::Unary(syn::ExprUnary {
            op: syn::UnOp::Neg(_),
            expr,
            ..
        }) => match &**expr {
            syn::Expr::Lit(lit) if matches!(lit.lit, syn::Lit::Int(_) | syn::Lit::Float(_)) => {
                literal(&lit.lit, "-", errors).map(ValueDecl::Literal)
            }
            other => refuse_default(other, errors),
        },
        syn::Expr::Array(array) if array.elems.is_empty() => Some(ValueDecl::EmptyArray),
        syn::Expr::Path(path) if path.qself.is_none() => Some(ValueDecl::Constant(attr::segments(&path.path))),
        other => refuse_default(other, errors),
    }
}

fn refuse_default<T>(expr: &syn::Expr, errors: &mut Sink) -> Option<T> {
    errors.add(
        expr.span(),
        "a default must be a literal or a value of an enum",
        "write the value itself, or SQL: `default_sql = \"…\"`",
    );
    None
}

fn literal(lit: &syn::Lit, sign: &str, errors: &mut Sink) -> Option<Literal> {
    match lit {
        syn::Lit::Bool(value) => Some(Literal::Bool(value.value)),
        syn::Lit::Str(value) => Some(Literal::Text(value.value())),
        syn::Lit::Float(value) => Some(Literal::Float(format!("{sign}{}", value.base10_digits()))),
        syn::Lit::Int(value) => {
            let read = format!("{sign}{}", value.base10_digits()).parse();
            if read.is_err() {
                errors.add(
                    value.span(),
                    "this number does not fit into 64 bits",
                    "write it as SQL: `default_sql = \"…\"`",
                );
            }
            read.ok().map(Literal::Int)
        }
        other => {
            errors.add(
                other.span(),
                "this literal has no form in SQL",
                "write a number, a text, `true` or `false`, or SQL: `default_sql = \"…\"`",
            );
            None
        }
    }
}
