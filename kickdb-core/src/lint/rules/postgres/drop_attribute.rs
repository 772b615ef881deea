use crate::dialect::Types;
use crate::diff::{Change, lost_attributes};
use crate::lint::rules::prelude::*;

pub(super) static RULE: Rule = Rule {
    code: "drop_attribute",
    level: Level::Deny,
    harm: Harm::DataLoss,
    engines: POSTGRES,
    title: "the attribute goes out of every value of the type",
    why: "Columns of a composite type, of arrays of it and of types that are made of it lose what their rows have there, for good; \
          reversing the migration makes an attribute that is NULL everywhere. Programs of the version before that still name it fail.",
    instead: "release a version that no longer uses it, and copy what may be missed into a column first; what only has another name \
              is renamed",
    bad: "ALTER TYPE address DROP ATTRIBUTE street;",
    good: "ALTER TYPE address ADD ATTRIBUTE country text;",
    sources: &[Source {
        chapter: "PostgreSQL 15, SQL Commands, ALTER TYPE, DROP ATTRIBUTE",
        url: "https://www.postgresql.org/docs/15/sql-altertype.html",
    }],
    check,
    change: Some(change),
};

fn check(script: &Script<'_>, found: &mut Found) {
    for (index, statement) in script.numbered() {
        let mut cursor = statement.cursor();
        if !cursor.eat("alter type") {
            continue;
        }
        let Some(name) = cursor.name() else { continue };
        loop {
            if cursor.eat("drop attribute") {
                cursor.eat("if exists");
                if let Some(attribute) = cursor.name() {
                    found.add(index, &statement.span, format!("{name}.{attribute}"));
                }
            } else if cursor.next().is_none() {
                break;
            }
        }
    }
}

fn change(change: &Change, _: &dyn Types) -> Vec<Hazard> {
    let Change::AlterObject { id, from, to } = change else {
        return Vec::new();
    };
    let lost = lost_attributes(id, from, to).into_iter();
    lost.map(|object| Hazard::new(RULE.code, RULE.level, object, RULE.title))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::dialect::by_name;
    use crate::diff::Change;
    use crate::ident::{Name, Qualified};
    use crate::ir::{Object, ObjectId, ObjectKind};

    #[test]
    fn an_attribute_that_a_statement_drops_is_lost() {
        RULE.finds(&[
            ("ALTER TYPE address DROP ATTRIBUTE street", &["address.street"]),
            (
                "alter type app.address add attribute b int, drop attribute if exists a cascade, drop attribute c",
                &["app.address.a", "app.address.c"],
            ),
        ]);
        RULE.spares(&[
            "ALTER TYPE address ADD ATTRIBUTE street text",
            "ALTER TYPE address RENAME ATTRIBUTE street TO road",
        ]);
    }

    #[test]
    fn an_attribute_that_is_gone_in_the_new_definition_is_lost() {
        let object = |sql: &str| Object::new(sql);
        let change = Change::AlterObject {
            id: ObjectId::new(ObjectKind::Type, Qualified::local(Name::new("address").unwrap())),
            from: object("CREATE TYPE address AS (street text, zip text)"),
            to: object("CREATE TYPE address AS (zip varchar(9), country text)"),
        };
        let found = crate::lint::hazards(std::slice::from_ref(&change), by_name("postgres").unwrap());
        let found: Vec<_> = found.iter().map(|hazard| hazard.object.as_str()).collect();
        assert_eq!(found, ["address.street"]);
    }
}
