use super::Folder;
use crate::dialect::Dialect;
use crate::lint::{Finding, Input, lint_migration};

impl Folder {
    /// Everything dangerous in the `up.sql` of a migration as it is now, with what the snapshots around it tell. Its exceptions are
    /// not taken in. Where a snapshot is missing or cannot be read, the SQL alone is looked at.
    #[must_use]
    pub fn lint(&self, id: &str, dialect: &dyn Dialect) -> Vec<Finding> {
        let Some(migration) = self.migration(id) else {
            return Vec::new();
        };
        let known = self.changes(id, dialect).ok();
        let after = self.snapshot(id, dialect).ok();
        let (before, changes) = match &known {
            Some((before, changes)) => (Some(before), changes.as_slice()),
            None => (None, &[][..]),
        };
        let input = Input {
            transaction: migration.transaction(),
            runner: true,
            before,
            after: after.as_ref().map(|snapshot| &snapshot.schema),
            down: migration.down.as_deref(),
            ..Input::new(dialect)
        };
        lint_migration(changes, migration.up.as_deref().unwrap_or_default(), &input)
    }
}
