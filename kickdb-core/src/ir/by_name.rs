use std::ops::{Deref, DerefMut};

use litemap::LiteMap;

use crate::ident::Name;

/// What belongs to a table, by name.
///
/// A table has few of each, and a schema many tables: a sorted list takes a tenth of the memory of a tree, whose nodes have
/// room for eleven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByName<T>(LiteMap<Name, T>);

impl<T> ByName<T> {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self(LiteMap::new_vec())
    }

    /// None yet, with room for so many.
    #[must_use]
    pub fn with_capacity(parts: usize) -> Self {
        Self(LiteMap::with_capacity(parts))
    }

    /// Each, to be changed. Its name is changed with its key.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut T> {
        self.0.iter_mut().map(|(_, part)| part)
    }

    /// Takes out the first of them.
    pub fn pop_first(&mut self) -> Option<(Name, T)> {
        let name = self.0.first()?.0.clone();
        self.0.remove(&name).map(|part| (name, part))
    }

    /// Each, in the order of the names.
    pub fn into_values(self) -> impl DoubleEndedIterator<Item = T> {
        self.0.into_iter().map(|(_, part)| part)
    }

    /// Each name, in order.
    pub fn into_keys(self) -> impl DoubleEndedIterator<Item = Name> {
        self.0.into_iter().map(|(name, _)| name)
    }
}

impl<T> Default for ByName<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Deref for ByName<T> {
    type Target = LiteMap<Name, T>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> DerefMut for ByName<T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<T> FromIterator<(Name, T)> for ByName<T> {
    fn from_iter<I: IntoIterator<Item = (Name, T)>>(parts: I) -> Self {
        Self(parts.into_iter().collect())
    }
}

impl<T> Extend<(Name, T)> for ByName<T> {
    fn extend<I: IntoIterator<Item = (Name, T)>>(&mut self, parts: I) {
        self.0.extend(parts);
    }
}

impl<T, const N: usize> From<[(Name, T); N]> for ByName<T> {
    fn from(parts: [(Name, T); N]) -> Self {
        parts.into_iter().collect()
    }
}

impl<T> IntoIterator for ByName<T> {
    type Item = (Name, T);
    type IntoIter = std::vec::IntoIter<(Name, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_tuple_vec().into_iter()
    }
}

impl<'a, T> IntoIterator for &'a ByName<T> {
    type Item = (&'a Name, &'a T);
    type IntoIter = <&'a LiteMap<Name, T> as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        (&self.0).into_iter()
    }
}

impl<'a, T> IntoIterator for &'a mut ByName<T> {
    type Item = (&'a Name, &'a mut T);
    type IntoIter = <&'a mut LiteMap<Name, T> as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        (&mut self.0).into_iter()
    }
}
