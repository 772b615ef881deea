use crate::ir::Schema;

/// How an engine settles whether two texts of one thing mean the same.
///
/// A view, a check or a function comes back from a server in the server's own words, so two texts that differ may say one
/// thing. Where text alone does not tell, both are made in a place of their own, read back by the catalog's queries, and
/// undone again.
pub trait Trials {
    /// The statements that make what is in doubt on both sides, to be run in a transaction that is rolled back; where DDL
    /// cannot be rolled back, under names that nothing else has, with the statements that undo it. They take no lock on
    /// what they do not make but the one that reading takes.
    ///
    /// `None` where the engine keeps every text as it is written.
    fn trial(&self, doubts: &Doubts) -> Option<Trial> {
        let _ = doubts;
        None
    }

    /// What the trial made of each side, out of the schema that is read while it lasts: under their own names, and those
    /// spelled as in the live texts.
    fn told(&self, doubts: &Doubts, read: &Schema) -> [Schema; 2] {
        let _ = (doubts, read);
        Default::default()
    }
}

/// What two schemas say about one thing in different texts, and nothing else of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doubts {
    /// The one side: tables with nothing but the parts in doubt, and objects.
    pub expected: Schema,
    /// The other side, of the database: the same tables, parts and objects.
    pub live: Schema,
    /// What the objects in doubt belong to, as far as it is not in doubt itself: only its kind and name matter.
    pub owners: Schema,
}

impl Doubts {
    /// Whether there is nothing to settle.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.expected.tables.is_empty() && self.expected.objects.is_empty()
    }
}

/// The statements of a trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// To be run in this order. Where a single thing is refused, the others are made all the same.
    pub statements: Vec<String>,
    /// A query for what was refused, a row each: the side (`1` or `2`), the thing as it shows itself, the code and the
    /// message of the refusal.
    pub refused: &'static str,
    /// The queries that tell the schema while the trial lasts: those of the catalog, without what hides the trial.
    pub catalog: Vec<String>,
    /// To be run after the transaction, whatever became of it. They touch nothing that another trial has made.
    pub undo: Vec<String>,
}
