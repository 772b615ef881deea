use std::collections::BTreeSet;
use std::collections::btree_map::{self, BTreeMap};
use std::fmt;
use std::ops::Index;
use std::sync::{Arc, OnceLock};

use super::{SqlType, Table};
use crate::ident::Qualified;

/// The tables of a schema, sorted by name.
///
/// A clone shares its tables with the original until they are changed: planning keeps the schema as it is at many points in
/// time, and next to nothing differs from one to the next.
///
/// ```
/// use kickdb_core::ident::{Name, Qualified};
/// use kickdb_core::ir::{Table, Tables};
///
/// let tasks = Qualified::local(Name::new("tasks")?);
/// let before = Tables::from([(tasks.clone(), Table::new(tasks.clone()))]);
/// let mut after = before.clone();
/// after.get_mut(&tasks).expect("it is there").comment = Some("what is to be done".to_owned());
/// assert_ne!(before, after);
/// # Ok::<(), kickdb_core::ident::NameError>(())
/// ```
#[derive(Clone, Default)]
pub struct Tables {
    by_name: BTreeMap<Qualified, Arc<Table>>,
    /// By each name that tables say, those that do; made when first asked for, and kept right from then on.
    said: OnceLock<Arc<Said>>,
    /// The table that was last given out to be changed, with what it said until then.
    loose: Option<(Qualified, BTreeSet<Qualified>)>,
}

type Said = BTreeMap<Qualified, BTreeSet<Qualified>>;

impl Tables {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// Whether there is one of that name.
    #[must_use]
    pub fn contains_key(&self, name: &Qualified) -> bool {
        self.by_name.contains_key(name)
    }

    /// The table of that name.
    #[must_use]
    pub fn get(&self, name: &Qualified) -> Option<&Table> {
        self.by_name.get(name).map(|table| &**table)
    }

    /// The table of that name, to be kept without a copy.
    #[must_use]
    pub fn share(&self, name: &Qualified) -> Option<Arc<Table>> {
        self.by_name.get(name).cloned()
    }

    /// The table of that name, to be changed.
    pub fn get_mut(&mut self, name: &Qualified) -> Option<&mut Table> {
        self.settle();
        let table = self.by_name.get_mut(name)?;
        if self.said.get().is_some() {
            self.loose = Some((name.clone(), names_in(table).cloned().collect()));
        }
        Some(Arc::make_mut(table))
    }

    /// Puts a table under a name; gives back the one that had it.
    pub fn insert(&mut self, name: Qualified, table: impl Into<Arc<Table>>) -> Option<Arc<Table>> {
        let table = table.into();
        self.settle();
        let old = self.by_name.get(&name);
        let alike = old.is_some_and(|old| names_in(old).eq(names_in(&table)));
        if self.said.get().is_some() && !alike {
            let was = old.map(|old| names_in(old).cloned().collect()).unwrap_or_default();
            let new = names_in(&table).cloned().collect();
            self.learn(&name, &was, &new);
        }
        self.by_name.insert(name, table)
    }

    /// Takes the table of that name out.
    pub fn remove(&mut self, name: &Qualified) -> Option<Arc<Table>> {
        self.settle();
        let table = self.by_name.remove(name)?;
        if self.said.get().is_some() {
            let said = names_in(&table).cloned().collect();
            self.learn(name, &said, &BTreeSet::new());
        }
        Some(table)
    }

    /// Keeps those for which `keep` holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&Qualified, &Table) -> bool) {
        self.forget();
        self.by_name.retain(|name, table| keep(name, table));
    }

    /// Their names.
    pub fn keys(&self) -> btree_map::Keys<'_, Qualified, Arc<Table>> {
        self.by_name.keys()
    }

    /// The tables.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Table> + ExactSizeIterator + Clone {
        self.by_name.values().map(|table| &**table)
    }

    /// The tables with their names, to be kept without a copy.
    pub fn shared(&self) -> btree_map::Iter<'_, Qualified, Arc<Table>> {
        self.by_name.iter()
    }

    /// The tables, to be changed. Whatever is shared is copied, so it is for changing all of them.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut Table> + ExactSizeIterator {
        self.forget();
        self.by_name.values_mut().map(Arc::make_mut)
    }

    /// The tables without their names.
    pub fn into_values(self) -> impl DoubleEndedIterator<Item = Table> + ExactSizeIterator {
        self.by_name.into_values().map(Arc::unwrap_or_clone)
    }

    /// The tables with their names.
    pub fn iter(&self) -> Iter<'_> {
        Iter(self.by_name.iter())
    }

    /// The tables that say a name: as the target of a foreign key, as the type of a column, or as what they are a part of.
    ///
    /// It does not look at all the others.
    pub fn saying<'a>(&'a self, name: &'a Qualified) -> impl Iterator<Item = &'a Table> {
        let said = self.said.get_or_init(|| Arc::new(self.learned()));
        let loose = self.loose.iter().map(|(loose, _)| loose);
        let found = said
            .get(name)
            .into_iter()
            .flatten()
            .chain(loose)
            .collect::<BTreeSet<_>>();
        let tables = found.into_iter().filter_map(|table| self.get(table));
        tables.filter(move |table| names_in(table).any(|said| said == name))
    }

    fn learned(&self) -> Said {
        let mut all = Said::new();
        for (table, said) in self
            .iter()
            .flat_map(|(name, table)| names_in(table).map(move |said| (name, said)))
        {
            all.entry(said.clone()).or_default().insert(table.clone());
        }
        all
    }

    /// Takes note of what the table that was given out says now.
    fn settle(&mut self) {
        if let Some((name, was)) = self.loose.take()
            && let Some(table) = self.by_name.get(&name)
        {
            let said = names_in(table).cloned().collect();
            self.learn(&name, &was, &said);
        }
    }

    fn learn(&mut self, table: &Qualified, was: &BTreeSet<Qualified>, is: &BTreeSet<Qualified>) {
        let Some(said) = self.said.get_mut().filter(|_| was != is) else {
            return;
        };
        let said = Arc::make_mut(said);
        for gone in was.difference(is) {
            if let Some(tables) = said.get_mut(gone) {
                tables.remove(table);
            }
        }
        for new in is.difference(was) {
            said.entry(new.clone()).or_default().insert(table.clone());
        }
    }

    fn forget(&mut self) {
        self.loose = None;
        self.said.take();
    }
}

/// The names of other tables and of types that a table says.
fn names_in(table: &Table) -> impl Iterator<Item = &Qualified> {
    let targets = table.foreign_keys.values().map(|key| &key.references);
    let types = table.columns.iter().filter_map(|column| type_in(&column.ty));
    table.parents().chain(targets).chain(types)
}

fn type_in(ty: &SqlType) -> Option<&Qualified> {
    match ty {
        SqlType::Enum(name) => Some(name),
        SqlType::Array(inner) => type_in(inner),
        _ => None,
    }
}

impl Index<&Qualified> for Tables {
    type Output = Table;

    /// The table of that name, for where it is known to be there.
    fn index(&self, name: &Qualified) -> &Table {
        &self.by_name[name]
    }
}

impl PartialEq for Tables {
    fn eq(&self, other: &Self) -> bool {
        self.by_name == other.by_name
    }
}

impl Eq for Tables {}

impl fmt::Debug for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.by_name.fmt(f)
    }
}

impl<T: Into<Arc<Table>>> FromIterator<(Qualified, T)> for Tables {
    fn from_iter<I: IntoIterator<Item = (Qualified, T)>>(tables: I) -> Self {
        let by_name = tables.into_iter().map(|(name, table)| (name, table.into()));
        Self {
            by_name: by_name.collect(),
            ..Self::default()
        }
    }
}

impl<T: Into<Arc<Table>>, const N: usize> From<[(Qualified, T); N]> for Tables {
    fn from(tables: [(Qualified, T); N]) -> Self {
        tables.into_iter().collect()
    }
}

impl<T: Into<Arc<Table>>> Extend<(Qualified, T)> for Tables {
    fn extend<I: IntoIterator<Item = (Qualified, T)>>(&mut self, tables: I) {
        for (name, table) in tables {
            self.insert(name, table);
        }
    }
}

/// The tables of a schema with their names.
#[derive(Clone, Debug)]
pub struct Iter<'a>(btree_map::Iter<'a, Qualified, Arc<Table>>);

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a Qualified, &'a Table);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, table)| (name, &**table))
    }
}

impl<'a> IntoIterator for &'a Tables {
    type Item = (&'a Qualified, &'a Table);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl IntoIterator for Tables {
    type Item = (Qualified, Arc<Table>);
    type IntoIter = btree_map::IntoIter<Qualified, Arc<Table>>;

    fn into_iter(self) -> Self::IntoIter {
        self.by_name.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Tables;
    use crate::ident::{Name, Qualified};
    use crate::ir::{ForeignKey, Table};

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    fn local(text: &str) -> Qualified {
        Qualified::local(name(text))
    }

    fn pointing(text: &str, target: &str) -> (Qualified, Table) {
        let mut table = Table::new(local(text));
        let key = ForeignKey::new(name("key"), vec![name("a")], local(target), vec![name("id")]);
        table.foreign_keys.insert(key.name.clone(), key);
        (local(text), table)
    }

    fn saying(tables: &Tables, target: &str) -> Vec<String> {
        let target = local(target);
        tables.saying(&target).map(|table| table.name.to_string()).collect()
    }

    #[test]
    fn a_clone_shares_what_is_not_changed() {
        let one = Tables::from([pointing("a", "x"), pointing("b", "x")]);
        let mut two = one.clone();
        two.get_mut(&local("a")).unwrap().comment = Some("changed".to_owned());
        let shared = |text: &str| Arc::ptr_eq(&one.share(&local(text)).unwrap(), &two.share(&local(text)).unwrap());
        assert!(!shared("a") && shared("b"));
    }

    #[test]
    fn who_says_a_name_is_known_after_every_change() {
        let mut tables = Tables::from([pointing("a", "x"), pointing("b", "x"), pointing("c", "y")]);
        assert_eq!(saying(&tables, "x"), ["a", "b"]);
        let before = tables.clone();

        let turn = |tables: &mut Tables, text: &str, target: &str| {
            let keys = &mut tables.get_mut(&local(text)).unwrap().foreign_keys;
            keys.get_mut(&name("key")).unwrap().references = local(target);
        };
        turn(&mut tables, "a", "y");
        assert_eq!(
            (saying(&tables, "x"), saying(&tables, "y")),
            (vec!["b".to_owned()], vec!["a".to_owned(), "c".to_owned()])
        );
        turn(&mut tables, "c", "x");
        assert_eq!(saying(&tables, "x"), ["b", "c"]);
        // The one that was given out last is replaced, and goes.
        tables.extend([pointing("c", "z")]);
        assert_eq!(
            (saying(&tables, "x"), saying(&tables, "z")),
            (vec!["b".to_owned()], vec!["c".to_owned()])
        );
        turn(&mut tables, "b", "z");
        tables.remove(&local("b"));
        assert_eq!(
            (saying(&tables, "x").len(), saying(&tables, "z")),
            (0, vec!["c".to_owned()])
        );
        for table in tables.values_mut() {
            table.foreign_keys.clear();
        }
        assert_eq!(saying(&tables, "z").len(), 0);
        assert_eq!(saying(&before, "x"), ["a", "b"]);
    }
}
