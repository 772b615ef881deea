//! The order in which an engine accepts the changes.
//!
//! Fixed phases, and inside a phase what depends on what: [`in_phases`] shows them one after the other, and each says why it
//! stands where it stands. Names are the new ones from the second phase on. Where the rest is:
//!
//! | module | what is there |
//! | --- | --- |
//! | `kinds` | the changes by their kind: what the phases take theirs from |
//! | `names` | names that change hands |
//! | `families` | tables that are parts of others: partitions and heirs, and tables that are spread in another way |
//! | `pieces` | which piece of an alteration stands before all of them, among them, and behind |
//! | `parts` | the constraints and indexes of a table |
//! | `in_the_way` | tables that go before anything is altered |
//! | `tables` | which table comes or goes before which |
//! | `foreign_keys`, `logged` | keys that are off while what they rest on changes; whether tables are logged |
//! | `rows` | columns that hold rows of another table |
//! | `reach` | what tables reach through functions and types: new tables that come ahead, and which alteration before which |
//! | `fills`, `borrowed` | values for rows that are there; defaults that draw from the counter of another table |
//! | `enums` | values that come first, and go last |
//! | `objects` | views, functions, triggers and the like, woven in at the end |
//! | `settle` | each change with the tables as they are when its turn comes |

mod borrowed;
mod enums;
mod families;
mod fills;
mod foreign_keys;
mod in_the_way;
mod kinds;
mod logged;
mod names;
mod objects;
mod parts;
mod pieces;
mod reach;
mod rows;
mod settle;
mod tables;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::borrowed::Later;
use self::families::regroup::{self, Regrouped};
use self::families::{Apart, repartition};
use self::foreign_keys::Detached;
use self::kinds::Kinds;
pub(super) use self::names::applied;
use self::names::indexes::{moved_indexes, unpair};
use self::pieces::Pieces;
use self::reach::Reach;
use self::rows::{OverRows, Parked, Rows};
use self::settle::{piece, settle};
use self::tables::{creation_order, drop_order, drop_touches_rows};
use crate::dialect::{Dialect, EnumStorage};
use crate::diff::{Change, Part, TableChange, apply};
use crate::ident::Qualified;
use crate::ir::{Schema, Table};

/// Whether programs write to the tables while they are changed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tables {
    /// Nobody does, or whoever does waits: the triggers of a table may be gone for a while, so that values that rows get
    /// without anybody having asked for it start nothing.
    Still,
    /// They do, and their triggers stay.
    InUse,
}

/// Changes in execution order.
#[derive(Debug, Default)]
pub(super) struct Ordered {
    pub(super) changes: Vec<Change>,
    /// Tables that point at each other are dropped, and the engine cannot drop a foreign key alone.
    pub(super) foreign_keys_off: bool,
}

/// Brings the changes of a [`Diff`](crate::diff::Diff) into an order that the engine accepts.
pub(super) fn order(from: &Schema, changes: &[Change], tables: Tables, dialect: &dyn Dialect) -> Ordered {
    let plain = names::from_above::forget(from, changes, dialect);
    let (start, plain) = plain
        .as_ref()
        .map_or((from, changes), |(from, changes)| (from, changes));
    let cleared = names::clear(start, plain, dialect);
    let mut out = in_phases(&cleared.from, &cleared.rest, tables, dialect);
    out.changes.splice(0..0, cleared.first);
    out.changes.extend(cleared.last);
    names::from_above::give(&mut out.changes, from, changes, dialect);
    out
}

fn in_phases(from: &Schema, changes: &[Change], tables: Tables, dialect: &dyn Dialect) -> Ordered {
    let to = apply(changes, from);
    let mut kinds = Kinds::of(changes);
    // New names before everything else: from here on only they are said.
    let mut done = names::give(&mut kinds, from, dialect);
    let named = done.len();
    let schema = apply(&done, from);
    if dialect.caps().shared_index_names {
        unpair(&mut kinds.alter, &schema, &to);
    }
    // What happens to a table happens to those below it: what is to be on its own is so before anything is altered.
    let apart = families::come_apart(&mut kinds, &mut done, schema, (from, &to), dialect);

    let mut phases = Phases::of(kinds, done, (from, &to), &apart, dialect);
    let gone = phases.make_way();
    let narrowed = phases.widen_enums();
    phases.alter_tables(&gone);
    phases.log_tables();
    phases.drop_tables();
    let closing = phases.create_tables();
    phases.join_tables();
    phases.add_foreign_keys(closing);
    phases.narrow_types(&narrowed);
    phases.drop_types_and_schemas();
    phases.weave_objects(named, tables)
}

/// What the phases share.
struct Phases<'a> {
    from: &'a Schema,
    /// The schema under the new names, when tables have come apart.
    middle: &'a Schema,
    to: &'a Schema,
    dialect: &'a dyn Dialect,
    /// Whether tables are parts of others.
    families: bool,
    /// What is to be done; each phase takes its part.
    kinds: Kinds,
    /// What is done.
    out: Ordered,
    pieces: Pieces,
    remade: &'a [Change],
    /// What columns hold rows of other tables, where the engine has such.
    rows: Option<Rows<'a>>,
    /// Defaults that draw from counters of new tables.
    later: Later<'a>,
    /// Whether tables are logged.
    logged: Vec<Change>,
    regrouped: &'a Regrouped,
    /// Indexes that come when all partitions have joined.
    unfinished: &'a [Change],
    /// What the tables reach before, and at the end.
    reach: [Reach<'a>; 2],
    /// The new tables that come before any is altered.
    ahead: BTreeSet<Qualified>,
    /// Foreign keys of new tables that come later than these, and indexes that come when all partitions have joined.
    closing: Vec<Change>,
}

impl<'a> Phases<'a> {
    /// What has its time beside the alterations is taken out of them.
    fn of(
        mut kinds: Kinds,
        done: Vec<Change>,
        (from, to): (&'a Schema, &'a Schema),
        apart: &'a Apart,
        dialect: &'a dyn Dialect,
    ) -> Self {
        let (middle, remade, caps) = (&apart.middle, &apart.remade, dialect.caps());
        let later = borrowed::postpone(&mut kinds, to, dialect);
        let reach = [Reach::of(middle, dialect), Reach::of(to, dialect)];
        let [before, after] = &reach;
        let mut detached = Detached::default();
        if caps.add_foreign_key {
            detached = foreign_keys::detached(middle, to, &kinds, remade, before, dialect);
        }
        for (table, key) in &apart.freed {
            detached.comes_back(table, key.clone());
        }
        let logged = logged::take(&mut kinds, middle, (to, after), dialect, &mut detached);
        // What alterations reach must be as it will be: a column of another table's rows, a function that reads it.
        reach::sort(&mut kinds.alter, before, after);
        let mut ahead = BTreeSet::new();
        if caps.add_foreign_key {
            ahead = reach::ahead(&kinds, remade, after);
        }
        let pieces = Pieces {
            detach: caps.add_foreign_key,
            detached,
            moved: moved_indexes(&kinds, remade, &ahead, dialect),
            taken: BTreeSet::new(),
        };
        Self {
            from,
            middle,
            to,
            dialect,
            families: apart.any,
            kinds,
            out: Ordered {
                changes: done,
                foreign_keys_off: false,
            },
            pieces,
            remade,
            rows: (caps.enums == EnumStorage::Type).then(|| Rows::of(middle, dialect)),
            later,
            logged,
            regrouped: &apart.regrouped,
            unfinished: &apart.unfinished,
            reach,
            ahead,
            closing: apart.unfinished.clone(),
        }
    }

    /// What others depend on cannot change or go under them: foreign keys go before the keys, columns and tables they point
    /// at (MySQL also refuses to drop an index that a foreign key needs), indexes before their names are needed elsewhere, and
    /// some tables before others are altered. Gives the names of all tables that go.
    fn make_way(&mut self) -> BTreeSet<Qualified> {
        let schemas = (self.middle, self.to);
        let early = in_the_way::take(
            &mut self.kinds,
            schemas,
            self.families,
            (self.rows.as_ref(), &self.reach[0]),
            self.dialect,
        );
        let doomed = self.kinds.drop_tables.iter().map(|table| table.name.clone());
        let mut gone = doomed.collect::<BTreeSet<_>>();
        if self.dialect.caps().shared_index_names {
            self.pieces.taken.clone_from(&gone);
        }
        gone.extend(early.iter().map(|table| table.name.clone()));
        let first = self.pieces.first(&self.kinds, self.middle);
        self.out.changes.extend(first);
        let over_rows = OverRows::of(&self.kinds.objects, &self.kinds.drop_tables, self.dialect);
        let calling = self.kinds.drop_tables.iter();
        let calling = calling.filter_map(|table| over_rows.go_first(table, self.dialect));
        self.out.changes.extend(calling);
        self.out.changes.extend(early.into_iter().map(Change::DropTable));
        gone
    }

    /// Enums before the columns that use them; new values before the defaults and checks that say them. Gives those that lose
    /// values.
    fn widen_enums(&mut self) -> Vec<Change> {
        self.out.changes.append(&mut self.kinds.create_enums);
        let mut narrowed = Vec::new();
        for change in self.kinds.alter_enums.drain(..) {
            let (wide, narrow) = enums::widen_then_narrow(change);
            self.out.changes.extend(wide);
            narrowed.extend(narrow);
        }
        narrowed
    }

    /// Existing tables before new ones: an index or a constraint that moves to a new table gives its name free first, and the
    /// new table's foreign keys find the keys they point at.
    fn alter_tables(&mut self, gone: &BTreeSet<Qualified>) {
        let (out, kinds, to) = (&mut self.out.changes, &mut self.kinds, self.to);
        let mut parked = match &self.rows {
            Some(rows) => {
                let schemas = (self.middle, to);
                rows::park(&mut kinds.alter, self.remade, gone, schemas, (rows, self.dialect))
            }
            None => Parked::default(),
        };
        // New tables that alterations cannot do without. Their keys come later, when what they point at is as it will be.
        let (made, late) = create_ahead(&mut kinds.create_tables, &self.ahead, &self.reach[1]);
        out.extend(made);
        self.closing.extend(late);
        let rest = |change: &Change| self.pieces.rest(change);
        out.extend(parked.first.iter().filter_map(rest));
        out.append(&mut parked.away);
        out.extend(repartition::make_way(&mut kinds.alter, self.remade, self.middle));
        // Tables that are made again before what is left to do to any other: nothing of them is altered afterwards.
        out.extend(self.remade.iter().cloned());
        if self.families {
            // A value for a column comes to all parts of a table at once, before any of them asks for it.
            let (alter, ahead) = fills::ahead(&kinds.alter, &kinds.fills, to, self.dialect);
            out.extend(ahead.iter().filter_map(rest));
            let state = families::replay(out, self.from, self.dialect);
            let during = parked.during(&self.later.before, self.dialect);
            let during = families::before_unfinished(self.unfinished, during);
            out.extend(families::alter(
                &alter,
                &kinds.fills,
                state,
                &during,
                self.dialect,
                &rest,
            ));
        } else {
            let left = kinds.alter.iter().filter_map(rest);
            out.extend(left.flat_map(|change| fills::around(change, &kinds.fills, to, self.dialect)));
        }
        out.append(&mut parked.back);
    }

    /// Whether tables are logged, when the foreign keys that go are gone and before those that come are there.
    fn log_tables(&mut self) {
        self.out.changes.append(&mut self.logged);
    }

    /// Tables go after the foreign keys to them are gone (SQLite drops those with a rebuild, when tables are altered, and
    /// otherwise deletes the rows that point to a dropped table), and before others are made that could take their names, or
    /// those of their indexes.
    fn drop_tables(&mut self) {
        let (out, kinds) = (&mut self.out, &mut self.kinds);
        let (doomed, in_a_circle) = drop_order(&kinds.drop_tables, &self.reach[0]);
        let touches_rows = || in_a_circle || drop_touches_rows(&kinds.drop_tables, self.to);
        out.foreign_keys_off = !self.pieces.detach && touches_rows();
        out.changes.extend(doomed.into_iter().map(Change::DropTable));
        let indexes = kinds.alter.iter();
        let indexes = indexes.filter_map(|change| self.pieces.behind_dropped_tables(change));
        out.changes.extend(indexes);
    }

    /// A table after those it points at. Where they point at each other, the key that closes the circle is added later, or
    /// stays where the engine does not look at its target yet. Gives such keys.
    fn create_tables(&mut self) -> Vec<Change> {
        let tables = &mut self.kinds.create_tables;
        // What takes the rows of all other partitions comes when those are there, whose rows it then never has to give back.
        tables.sort_by_key(|table| families::is_the_rest(table));
        let (ranked, cut) = creation_order(&tables.iter().map(|table| &**table).collect::<Vec<_>>(), &self.reach[1]);
        let mut closing = std::mem::take(&mut self.closing);
        // What takes the place of partitions that go.
        closing.extend(self.regrouped.late.iter().cloned());
        self.out.changes.extend(self.regrouped.changes.iter().cloned());
        let mut joins = Vec::new();
        let over_rows = OverRows::of(&self.kinds.objects, tables, self.dialect);
        for at in ranked {
            let mut table = tables[at].clone();
            closing.extend(over_rows.come_later(&mut table, self.dialect));
            if let Some(names) = cut.get(&at).filter(|_| self.pieces.detach) {
                let table = Arc::make_mut(&mut table);
                let keys = names.iter().filter_map(|name| table.foreign_keys.remove(name));
                let keys = keys.map(Part::ForeignKey).map(TableChange::AddPart).collect::<Vec<_>>();
                closing.push(piece(&table.name, keys));
            }
            joins.extend(regroup::joins_later(&mut table, self.middle, self.to));
            self.out.changes.push(Change::CreateTable(table));
        }
        // From the inside out.
        self.out.changes.extend(joins.into_iter().rev());
        // What draws from the counter of a new table.
        self.out.changes.append(&mut self.later.after);
        closing
    }

    /// A table joins those it is a part of when both are as they will be.
    fn join_tables(&mut self) {
        if self.families {
            self.out.changes.extend(families::join(&self.kinds.alter));
        }
    }

    /// Foreign keys when every table and key is as it will be.
    fn add_foreign_keys(&mut self, closing: Vec<Change>) {
        let keys = self.pieces.foreign_keys(&self.kinds.alter);
        self.out.changes.extend(keys);
        self.out.changes.extend(closing);
    }

    /// Values of enums go when nothing says them any more. The rows of tables that are spread by a type that is made again are
    /// gathered before, and spread afterwards.
    fn narrow_types(&mut self, narrowed: &[Change]) {
        let remade = enums::made_again(&self.kinds.objects, self.dialect);
        for change in narrowed.iter().chain(remade) {
            let (gather, spread) = repartition::gather(change, self.to, self.dialect);
            self.out.changes.extend(gather);
            if matches!(change, Change::AlterEnum { .. }) {
                self.out.changes.push(change.clone());
            }
            self.out.changes.extend(spread);
        }
    }

    /// Enums go when no column is of them, and schemas when nothing is in them.
    fn drop_types_and_schemas(&mut self) {
        self.out.changes.append(&mut self.kinds.drop_enums);
        self.out.changes.append(&mut self.kinds.drop_namespaces);
    }

    /// Objects last: where they stand is found between the changes of tables, which keep their order.
    fn weave_objects(self, named: usize, tables: Tables) -> Ordered {
        let Self {
            from,
            to,
            dialect,
            kinds,
            mut out,
            ..
        } = self;
        if kinds.objects.is_empty() && from.objects.is_empty() {
            settle(&mut out.changes, from, to, dialect);
            return out;
        }
        objects::leave_first(&mut out.changes, &kinds.objects, (named, self.middle, to), dialect);
        settle(&mut out.changes, from, to, dialect);
        out.changes = objects::weave(kinds.objects, out.changes, named, (from, to), (tables, dialect));
        names::tables::join(&mut out.changes, dialect);
        out
    }
}

/// Takes the tables out of those that are made that come ahead of the others. Gives what makes them, without their foreign keys,
/// and these.
fn create_ahead(
    created: &mut Vec<Arc<Table>>,
    ahead: &BTreeSet<Qualified>,
    reach: &Reach<'_>,
) -> (Vec<Change>, Vec<Change>) {
    let tables = created.extract_if(.., |table| ahead.contains(&table.name));
    let tables = tables.collect::<Vec<_>>();
    let (ranked, _) = creation_order(&tables.iter().map(|table| &**table).collect::<Vec<_>>(), reach);
    let (mut made, mut late) = (Vec::new(), Vec::new());
    for at in ranked {
        let mut table = tables[at].clone();
        if !table.foreign_keys.is_empty() {
            let keys = std::mem::take(&mut Arc::make_mut(&mut table).foreign_keys);
            let keys = keys
                .into_values()
                .map(Part::ForeignKey)
                .map(TableChange::AddPart)
                .collect();
            late.push(piece(&table.name, keys));
        }
        made.push(Change::CreateTable(table));
    }
    (made, late)
}
