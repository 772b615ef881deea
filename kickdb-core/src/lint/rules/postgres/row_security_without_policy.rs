use std::collections::BTreeSet;

use crate::ir::ObjectKind;
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "row_security_without_policy",
    level: Level::Warn,
    harm: Harm::Compatibility,
    engines: POSTGRES,
    title: "there is no policy in sight, and without one nobody but the owner sees a row",
    why: "ENABLE ROW LEVEL SECURITY with no policy on the table lets every other role see nothing and write nothing, without an error.",
    instead: "make the policies in the same transaction, before it is enabled",
    bad: "ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;",
    good: "CREATE POLICY own_rows ON tasks USING (owner = current_user);\nALTER TABLE tasks ENABLE ROW LEVEL SECURITY;",
    sources: &[Source {
        chapter: "PostgreSQL 15, 5.8 Row Security Policies",
        url: "https://www.postgresql.org/docs/15/ddl-rowsecurity.html",
    }],
    check,
    change: None,
};

fn check(script: &Script<'_>, found: &mut Found) {
    let mut covered: BTreeSet<String> = BTreeSet::new();
    for statement in &script.statements {
        let mut cursor = statement.cursor();
        if cursor.eat("create policy") {
            cursor.word();
            cursor.eat("on");
            covered.extend(cursor.name().map(|table| table.key()));
        }
    }
    for schema in [script.input.before, script.input.after].into_iter().flatten() {
        let policies = schema.objects.keys().filter(|id| id.kind == ObjectKind::Policy);
        covered.extend(policies.filter_map(|id| Some(id.on.as_ref()?.to_string().to_lowercase())));
    }
    for altered in script.old_alterations() {
        if altered.cursor().is("enable row level security") && !covered.contains(&altered.table.key()) {
            found.add(altered.index, altered.span(), altered.table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;

    #[test]
    fn cases() {
        RULE.finds(&[
            ("ALTER TABLE a ENABLE ROW LEVEL SECURITY", &["a"]),
            (
                "CREATE POLICY p ON b USING (true); ALTER TABLE a ENABLE ROW LEVEL SECURITY",
                &["a"],
            ),
        ]);
        RULE.spares(&[
            "ALTER TABLE a ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON public.a USING (true)",
            "CREATE TABLE a (x int); ALTER TABLE a ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE a DISABLE ROW LEVEL SECURITY",
        ]);
    }
}
