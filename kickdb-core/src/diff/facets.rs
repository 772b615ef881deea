use std::collections::BTreeMap;

use super::Part;
use crate::ident::Name;
use crate::ir::{Check, Column, Deferrable, Exclusion, ForeignKey, Index, PrimaryKey, Unique};

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

/// In what two constraints or indexes of one kind differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartFacets {
    /// What cannot change without making it anew.
    pub definition: bool,
    /// Whether the rows that were there before are known to obey it.
    pub validated: bool,
    /// When it is checked.
    pub deferrable: bool,
    /// The options that one engine has.
    pub options: bool,
    /// The index of the partitioned table that it is a part of.
    pub part_of: bool,
    /// The comment.
    pub comment: bool,
}

impl PartFacets {
    /// The facets in which the two differ.
    #[must_use]
    pub fn between(from: &Part, to: &Part) -> Self {
        let (from, to) = (&mut from.clone(), &mut to.clone());
        let (old, new) = (loose(from), loose(to));
        let facets = Self {
            definition: false,
            validated: settle(old.validated, new.validated),
            deferrable: settle(old.deferrable, new.deferrable),
            options: settle(old.options, new.options),
            part_of: settle(old.part_of, new.part_of),
            comment: settle(Some(old.comment), Some(new.comment)),
        };
        Self {
            definition: from != to,
            ..facets
        }
    }

    /// The names of the facets, for people.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [
            (self.definition, "definition"),
            (self.validated, "validation"),
            (self.deferrable, "deferrability"),
            (self.options, "options"),
            (self.part_of, "place in the partitioned index"),
            (self.comment, "comment"),
        ]
        .into_iter()
        .filter_map(|(differs, name)| differs.then_some(name))
    }
}

/// The facets of a part that it may not have to be made anew for.
struct Loose<'a> {
    validated: Option<&'a mut bool>,
    deferrable: Option<&'a mut Deferrable>,
    options: Option<&'a mut BTreeMap<String, String>>,
    part_of: Option<&'a mut Option<Name>>,
    comment: &'a mut Option<String>,
}

fn loose(part: &mut Part) -> Loose<'_> {
    match part {
        Part::PrimaryKey(PrimaryKey {
            options,
            part_of,
            comment,
            ..
        })
        | Part::Unique(Unique {
            options,
            part_of,
            comment,
            ..
        })
        | Part::Index(Index {
            options,
            part_of,
            comment,
            ..
        }) => Loose {
            validated: None,
            deferrable: None,
            options: Some(options),
            part_of: Some(part_of),
            comment,
        },
        Part::Exclusion(Exclusion { options, comment, .. }) => Loose {
            validated: None,
            deferrable: None,
            options: Some(options),
            part_of: None,
            comment,
        },
        Part::Check(Check { validated, comment, .. }) => Loose {
            validated: Some(validated),
            deferrable: None,
            options: None,
            part_of: None,
            comment,
        },
        Part::ForeignKey(ForeignKey {
            validated,
            deferrable,
            comment,
            ..
        }) => Loose {
            validated: Some(validated),
            deferrable: Some(deferrable),
            options: None,
            part_of: None,
            comment,
        },
    }
}

/// Makes the two the same, and says whether they were not.
fn settle<T: Clone + PartialEq>(from: Option<&mut T>, to: Option<&mut T>) -> bool {
    match (from, to) {
        (Some(from), Some(to)) if from != to => {
            from.clone_from(to);
            true
        }
        _ => false,
    }
}
