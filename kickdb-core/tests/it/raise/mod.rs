//! A schema that is raised to declarations, written as source, read and resolved is the same schema.

mod cases;

use kickdb_core::decl::{Item, resolve};
use kickdb_core::dialect::{self, Dialect};
use kickdb_core::ir::{ObjectId, Schema};
use kickdb_core::lower::{self, Origin};
use kickdb_core::raise::{Known, Unsaid, print, raise};

use crate::sample::{self, Random};

fn origin() -> Origin {
    Origin {
        file: "schema.rs".into(),
        module: "app".to_owned(),
    }
}

/// The source of a schema, what it cannot say, and what it is read as.
fn there_and_back(schema: &Schema, dialect: &dyn Dialect) -> (String, Vec<Unsaid>, Schema) {
    let known = Known {
        root: "app".to_owned(),
        ..Known::default()
    };
    let raised = raise(schema, dialect, &known);
    let text = print::file(&raised.items, "app", &raised.unsaid);
    let items = lower::file(&text, &origin()).unwrap_or_else(|errors| {
        let problems = errors.problems(&origin());
        panic!("{}\n{text}", shown(&problems));
    });
    let declared: Vec<&Item> = items.iter().filter(|item| !matches!(item, Item::Use(_))).collect();
    let mut wanted: Vec<&Item> = raised.items.iter().collect();
    wanted.sort_by(|a, b| (a.module(), &a.ident().value).cmp(&(b.module(), &b.ident().value)));
    let mut sorted = declared;
    sorted.sort_by(|a, b| (a.module(), &a.ident().value).cmp(&(b.module(), &b.ident().value)));
    for (read, wanted) in sorted.iter().zip(&wanted) {
        if let (Item::Table(read), Item::Table(wanted)) = (read, wanted) {
            assert_eq!(read.columns, wanted.columns, "{text}");
            assert_eq!(read.relations, wanted.relations, "{text}");
        }
    }
    let resolved = resolve(&items, dialect).unwrap_or_else(|problems| panic!("{}\n{text}", shown(&problems)));
    (text, raised.unsaid, resolved.schema)
}

fn shown(problems: &[kickdb_core::decl::Problem]) -> String {
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| format!("{:?}: {} {:?}", problem.place, problem.message, problem.help))
        .collect();
    lines.join("\n")
}

fn assert_same(schema: &Schema, dialect: &dyn Dialect) -> String {
    let (text, unsaid, read) = there_and_back(schema, dialect);
    assert_eq!(unsaid, [], "{text}");
    let ids = |schema: &Schema| schema.objects.keys().cloned().collect::<Vec<ObjectId>>();
    assert_eq!(ids(&read), ids(schema), "{text}");
    for (name, table) in &schema.tables {
        assert_eq!(read.tables.get(name), Some(table), "{}:\n{text}", dialect.id());
    }
    assert_eq!(&read, schema, "{}:\n{text}", dialect.id());
    text
}

#[test]
fn what_is_raised_and_resolved_is_the_same_schema() {
    let mut had = 0;
    for seed in 0..500 {
        let schema = sample::schema(&mut Random::new(seed), 5);
        for dialect in dialect::ALL {
            if let Some(schema) = sample::normal(schema.clone(), *dialect) {
                had += 1;
                assert_same(&schema, *dialect);
            }
        }
    }
    assert!(had > 500, "{had}");
}
