use super::Linker;
use super::scope::Found;
use crate::decl::{At, Builtin, ColumnDecl, Item, Place, Problem, RustType, builtin, nearest};
use crate::ir::SqlType;

/// What a column's Rust type comes to.
#[derive(Clone)]
pub(super) struct Typed {
    pub(super) ty: SqlType,
    pub(super) nullable: bool,
    /// The enum, by its index among the items.
    pub(super) of_enum: Option<usize>,
}

impl Typed {
    fn new(ty: SqlType) -> Self {
        Self {
            ty,
            nullable: false,
            of_enum: None,
        }
    }
}

/// Aliases and wrappers that stand for one another in a circle end here.
const DEEPEST: usize = 32;

impl Linker<'_> {
    /// What a column is in the database.
    pub(super) fn column_type(&mut self, column: &ColumnDecl, table: &str, module: &str) -> Option<Typed> {
        let place = column.ty.place.or(&column.field.place);
        let read = match &column.raw_type {
            Some(raw) => self.raw_type(raw).map(|ty| Typed {
                ty,
                nullable: column.ty.optional().is_some(),
                of_enum: None,
            }),
            None => self.read(&column.ty, module, DEEPEST),
        };
        let of_column = format!("column `{table}.{}`", **column.name());
        match read {
            Ok(typed) => Some(typed),
            Err((message, help)) => {
                let place = column
                    .raw_type
                    .as_ref()
                    .map_or(place, |raw| raw.place.or(&column.field.place));
                self.problems
                    .push(Problem::new(&place, format!("{of_column}: {message}")).help(help));
                None
            }
        }
    }

    fn raw_type(&self, raw: &At<String>) -> Result<SqlType, (String, String)> {
        self.dialect.parse(raw).map_err(|error| {
            (
                format!("{} has no type `{}`", self.dialect.title(), error.ty),
                error.hint,
            )
        })
    }

    fn read(&mut self, ty: &RustType, module: &str, depth: usize) -> Result<Typed, (String, String)> {
        if depth == 0 {
            return Err((
                format!("type `{ty}` stands for itself"),
                "name a type that a database keeps".into(),
            ));
        }
        if let Some(inner) = ty.optional() {
            return self.read(inner, module, depth - 1).map(|typed| Typed {
                nullable: true,
                ..typed
            });
        }
        if let Some(found) = builtin(ty) {
            if ty.path.len() == 1 && self.scope.is_own(ty.name(), module) {
                return Err((
                    format!("`{ty}` is taken for the well-known type of that name"),
                    format!("write `self::{ty}` for your own type"),
                ));
            }
            return self.builtin(found, ty, module, depth);
        }
        let items = self.scope.items;
        match self.scope.find(&ty.path, module) {
            Found::One(index) => self.item(index, depth),
            Found::Several(indexes) => {
                let paths: Vec<String> = indexes
                    .iter()
                    .map(|index| format!("`{}::{}`", items[*index].module(), items[*index].ident().value))
                    .collect();
                Err((
                    format!("`{ty}` can be {}", paths.join(" or ")),
                    "write it with its path from `crate` on".into(),
                ))
            }
            Found::Nothing(path) => {
                let imported = RustType {
                    path,
                    args: ty.args.clone(),
                };
                match builtin(&imported) {
                    Some(found) => self.builtin(found, &imported, module, depth),
                    None => Err(self.unknown(ty)),
                }
            }
        }
    }

    fn builtin(
        &mut self,
        found: Builtin,
        ty: &RustType,
        module: &str,
        depth: usize,
    ) -> Result<Typed, (String, String)> {
        match found {
            Builtin::Type(ty) => Ok(Typed::new(ty)),
            Builtin::Unsupported(help) => Err((format!("type `{ty}` cannot be a column"), help.into())),
            Builtin::List => {
                let inner = self.read(&ty.args[0], module, depth - 1)?;
                if inner.nullable {
                    return Err((
                        format!("type `{ty}` is a list of values that can be NULL"),
                        "remove the `Option`, or keep the list as JSON: `Json<…>`".into(),
                    ));
                }
                Ok(Typed {
                    ty: SqlType::Array(Box::new(inner.ty)),
                    nullable: false,
                    of_enum: inner.of_enum,
                })
            }
        }
    }

    fn item(&mut self, index: usize, depth: usize) -> Result<Typed, (String, String)> {
        let items = self.scope.items;
        match &items[index] {
            Item::Enum(decl) => {
                let name = self.enums.get(&index).map(|(_, name)| name.clone());
                let name = name.ok_or_else(|| {
                    (
                        format!("enum `{}` has no usable name", *decl.ident),
                        "see the other error".into(),
                    )
                })?;
                Ok(Typed {
                    ty: SqlType::Enum(name),
                    nullable: false,
                    of_enum: Some(index),
                })
            }
            Item::Newtype(decl) => match &decl.raw_type {
                Some(raw) => self.raw_type(raw).map(Typed::new),
                None => self.read(&decl.ty, &decl.module, depth - 1),
            },
            Item::Alias(decl) => self.read(&decl.ty, &decl.module, depth - 1),
            Item::Table(decl) => Err((
                format!("`{}` is a table, not a value", *decl.ident),
                "keep its key in a column with `references`, and declare the relation with `#[belongs_to(…)]`".into(),
            )),
            Item::Use(_) | Item::Object(_) => Err(("an import cannot be a column".into(), "name a type".into())),
        }
    }

    fn unknown(&self, ty: &RustType) -> (String, String) {
        let near = nearest(ty.name(), self.scope.idents())
            .map(|near| format!("did you mean `{near}`? else "))
            .unwrap_or_default();
        (
            format!("type `{ty}` is not known"),
            format!(
                "{near}derive `DbEnum` or `DbType` for it, keep it as JSON with `Json<{ty}>`, or say what it is in the database with `#[column(type = \"…\")]`"
            ),
        )
    }

    /// Reports a problem.
    pub(super) fn problem(&mut self, place: &Place, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem::new(place, message).help(help));
    }
}
