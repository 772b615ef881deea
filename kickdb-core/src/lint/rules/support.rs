//! How the tests of a rule say what it finds.

use crate::dialect::{Dialect, by_name};
use crate::lint::rule::Rule;
use crate::lint::script::Script;
use crate::lint::{Finding, Input, apply};

impl Rule {
    /// What it alone finds in a script of an engine.
    pub(in crate::lint) fn look(&'static self, sql: &str, input: &Input<'_>) -> Vec<Finding> {
        let found = apply(self, &Script::read(sql, input));
        found.into_iter().map(|(_, finding)| finding).collect()
    }

    pub(in crate::lint) fn dialects(&self) -> impl Iterator<Item = &'static dyn Dialect> {
        self.engines
            .iter()
            .map(|engine| by_name(engine).expect("a rule names engines"))
    }

    /// Checks that it finds these things, and nothing else, in these scripts, on each of its engines.
    #[track_caller]
    pub(super) fn finds(&'static self, cases: &[(&str, &[&str])]) {
        for dialect in self.dialects() {
            self.finds_in(&Input::new(dialect), cases);
        }
    }

    /// The same, of scripts of which more is known.
    #[track_caller]
    pub(super) fn finds_in(&'static self, input: &Input<'_>, cases: &[(&str, &[&str])]) {
        for (sql, objects) in cases {
            let found = self.look(sql, input);
            let found: Vec<&str> = found.iter().map(|finding| finding.object.as_str()).collect();
            assert_eq!(found, *objects, "{} on {}: {sql}", self.code, input.dialect.id());
        }
    }

    /// Checks that it finds nothing in these scripts, on each of its engines.
    #[track_caller]
    pub(super) fn spares(&'static self, scripts: &[&str]) {
        for dialect in self.dialects() {
            self.spares_in(&Input::new(dialect), scripts);
        }
    }

    /// The same, of scripts of which more is known.
    #[track_caller]
    pub(super) fn spares_in(&'static self, input: &Input<'_>, scripts: &[&str]) {
        for sql in scripts {
            let found = self.look(sql, input);
            assert!(
                found.is_empty(),
                "{} on {}: {sql}\n{found:?}",
                self.code,
                input.dialect.id()
            );
        }
    }
}
