use crate::ir::Column;

/// In what two columns of one name differ. Emit, lint and drift all ask this, so that they never disagree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// The type.
    pub ty: bool,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// The default, identity or generated expression.
    pub value: bool,
    /// The collation.
    pub collation: bool,
    /// The comment.
    pub comment: bool,
    /// The options that one engine has.
    pub options: bool,
}

impl Facets {
    /// The facets in which the columns differ.
    #[must_use]
    pub fn between(from: &Column, to: &Column) -> Self {
        Self {
            ty: from.ty != to.ty,
            nullable: from.nullable != to.nullable,
            value: from.value != to.value,
            collation: from.collation != to.collation,
            comment: from.comment != to.comment,
            options: from.options != to.options,
        }
    }

    /// Whether the columns are the same.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// The names of the facets, for people.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [
            (self.ty, "type"),
            (self.nullable, "nullability"),
            (self.value, "default"),
            (self.collation, "collation"),
            (self.comment, "comment"),
            (self.options, "options"),
        ]
        .into_iter()
        .filter_map(|(differs, name)| differs.then_some(name))
    }
}
