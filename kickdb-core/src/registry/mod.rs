//! Every table, enum and wrapper that the running program derives.
//!
//! The derives put their declarations in here, lowered by the same code that reads source; so the program can give the
//! very schema that `cargo kickdb generate` reads from its source.

mod sync;
mod witness;

use std::sync::Arc;

pub use self::sync::check_in_sync;
pub use self::witness::{Field, Fields, column_of, has, is_kind, same_kind};
use crate::decl::{Item, Place, Problem, Resolved, RustType, SqlText, builtin, names, resolve};
use crate::dialect::Dialect;
use crate::query::{EnumMeta, KindId};

/// One derived item, as the derive submits it.
#[derive(Debug)]
pub struct Registered {
    item: &'static str,
    file: &'static str,
    line: u32,
    module: &'static str,
    fields: &'static [Field],
    text: &'static str,
}

impl Registered {
    /// For the derives: the declaration as JSON, where it is written, and what the compiler says of its fields.
    #[must_use]
    pub const fn new(
        item: &'static str,
        file: &'static str,
        line: u32,
        module: &'static str,
        fields: &'static [Field],
    ) -> Self {
        Self {
            item,
            file,
            line,
            module,
            fields,
            text: "",
        }
    }

    /// For `#[db_object]`: the declaration as JSON, where it is written, and the value of the constant.
    #[must_use]
    pub const fn object(
        item: &'static str,
        file: &'static str,
        line: u32,
        module: &'static str,
        text: &'static str,
    ) -> Self {
        Self {
            item,
            file,
            line,
            module,
            fields: &[],
            text,
        }
    }
}

inventory::collect!(Registered);

/// The schema of the running program, in the dialect's normal form.
///
/// # Errors
///
/// Everything that is wrong with the declarations, or that the dialect cannot have.
pub fn schema(dialect: &dyn Dialect) -> Result<Resolved, Vec<Problem>> {
    resolve(&items()?, dialect)
}

/// The declarations of the running program, ordered by module and name.
///
/// # Errors
///
/// When a declaration was written by a derive of another version of kickdb.
pub fn items() -> Result<Vec<Item>, Vec<Problem>> {
    let mut items = Vec::new();
    let mut problems = Vec::new();
    for registered in inventory::iter::<Registered> {
        match read(registered) {
            Ok(item) => items.push((item, registered.fields)),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    // The linker decides the order in which they are found.
    items.sort_by(|(a, _), (b, _)| (a.module(), &a.ident().value).cmp(&(b.module(), &b.ident().value)));
    let known: Vec<Item> = items.iter().map(|(item, _)| item.clone()).collect();
    for (item, fields) in &mut items {
        name_types(item, fields, &known);
    }
    Ok(items.into_iter().map(|(item, _)| item).collect())
}

fn read(registered: &Registered) -> Result<Item, Problem> {
    let place = Place::line(Arc::<str>::from(registered.file), registered.line);
    let mut item: Item = serde_json::from_str(registered.item).map_err(|error| {
        Problem::new(&place, format!("this declaration cannot be read back: {error}"))
            .help("use one version of kickdb and its derives in the whole program")
    })?;
    let (module, ident) = match &mut item {
        Item::Table(decl) => (&mut decl.module, &mut decl.ident),
        Item::Enum(decl) => (&mut decl.module, &mut decl.ident),
        Item::Newtype(decl) => (&mut decl.module, &mut decl.ident),
        Item::Alias(decl) => (&mut decl.module, &mut decl.ident),
        Item::Use(decl) => (&mut decl.module, &mut decl.ident),
        Item::Object(decl) => {
            // Whatever the constant is made of, the program knows its value.
            decl.sql.value = SqlText::Text(registered.text.to_owned());
            (&mut decl.module, &mut decl.ident)
        }
    };
    registered.module.clone_into(module);
    ident.place = place;
    Ok(item)
}

/// Replaces the types that only the compiler can follow (aliases, types of other crates, one name in several modules) by
/// what the compiler says they are.
fn name_types(item: &mut Item, fields: &[Field], known: &[Item]) {
    let Item::Table(table) = item else { return };
    for column in &mut table.columns {
        let Some(field) = fields.iter().find(|field| *field.name == *column.field.value) else {
            continue;
        };
        let (inner, nullable) = match column.ty.optional() {
            Some(inner) => (inner, true),
            None => (&column.ty.value, false),
        };
        if builtin_through(inner) || declared_once(inner, known) {
            continue;
        }
        let Some(spelled) = spelled(field.kind, field.of, known) else {
            continue;
        };
        let text = if nullable {
            format!("Option<{spelled}>")
        } else {
            spelled
        };
        if let Ok(ty) = text.parse::<RustType>() {
            column.ty.value = ty;
        }
    }
}

fn leaf(ty: &RustType) -> &RustType {
    match (ty.name(), &ty.args[..]) {
        ("Vec", [inner]) => leaf(inner),
        _ => ty,
    }
}

fn builtin_through(ty: &RustType) -> bool {
    builtin(leaf(ty)).is_some()
}

fn declared_once(ty: &RustType, known: &[Item]) -> bool {
    let name = leaf(ty).name();
    known.iter().filter(|item| item.ident().value == name).count() == 1
}

/// A kind as a type that any module could write.
fn spelled(kind: KindId, of: Option<&EnumMeta>, known: &[Item]) -> Option<String> {
    Some(match kind {
        KindId::Bool => "bool".into(),
        KindId::Int16 => "i16".into(),
        KindId::Int32 => "i32".into(),
        KindId::Int64 => "i64".into(),
        KindId::Float32 => "f32".into(),
        KindId::Float64 => "f64".into(),
        KindId::Decimal => "rust_decimal::Decimal".into(),
        KindId::Text => "String".into(),
        KindId::Bytes => "Vec<u8>".into(),
        KindId::Uuid => "uuid::Uuid".into(),
        KindId::Date => "chrono::NaiveDate".into(),
        KindId::Time => "chrono::NaiveTime".into(),
        KindId::Timestamp => "chrono::NaiveDateTime".into(),
        KindId::TimestampTz => "jiff::Timestamp".into(),
        KindId::Json => "serde_json::Value".into(),
        KindId::List(inner) => format!("Vec<{}>", spelled(*inner, of, known)?),
        KindId::Enum => {
            let of = of?;
            known.iter().find_map(|item| match item {
                Item::Enum(decl) => {
                    let name = decl
                        .name
                        .as_ref()
                        .map_or_else(|| names::snake_case(&decl.ident), |name| name.value.clone());
                    let schema = decl.schema.as_ref().map(|schema| schema.value.as_str());
                    (name == of.name && schema == of.schema).then(|| format!("{}::{}", decl.module, *decl.ident))
                }
                _ => None,
            })?
        }
    })
}
