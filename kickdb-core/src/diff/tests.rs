use super::{Change, Object, Question, Reading, Renames, apply, diff, invert};
use crate::ident::{Name, Qualified};
use crate::ir::{
    Action, ByName, Check, Column, ColumnValue, Enum, Expr, ForeignKey, Index, IndexKey, IndexPart, ObjectId,
    ObjectKind, Schema, SqlType, Table, Unique,
};

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn local(text: &str) -> Qualified {
    Qualified::local(name(text))
}

fn table(text: &str, columns: &[&str]) -> Table {
    let mut table = Table::new(local(text));
    let columns = columns.iter().map(|column| Column::new(name(column), SqlType::Text));
    table.columns.extend(columns);
    table
}

fn schema(tables: impl IntoIterator<Item = Table>) -> Schema {
    Schema {
        tables: tables.into_iter().map(|table| (table.name.clone(), table)).collect(),
        ..Schema::default()
    }
}

fn state(values: &[&str]) -> Schema {
    let e = Enum {
        name: local("state"),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        comment: None,
    };
    let mut tasks = table("tasks", &["id"]);
    tasks.columns.push(Column {
        value: ColumnValue::Default(Expr::Text(values[0].to_owned())),
        ..Column::new(name("state"), SqlType::Enum(local("state")))
    });
    Schema {
        enums: [(e.name.clone(), e)].into(),
        ..schema([tasks])
    }
}

fn key(text: &str, column: &str, target: &str, referenced: &str) -> ForeignKey {
    ForeignKey::new(name(text), vec![name(column)], local(target), vec![name(referenced)])
}

fn index(text: &str, column: &str) -> Index {
    Index::new(name(text), vec![IndexPart::new(IndexKey::Column(name(column)))])
}

fn said(changes: &[Change]) -> Vec<String> {
    changes.iter().map(ToString::to_string).collect()
}

fn flags(renames: &[&str], drops: &[&str], from: &Schema, to: &Schema) -> Result<Renames, String> {
    Renames::from_flags(renames, drops, from, to).map_err(|error| error.to_string())
}

/// Asks, answers every question with `pick`, asks again.
fn answered(from: &Schema, to: &Schema, pick: impl Fn(&Question) -> Reading) -> Vec<String> {
    let mut renames = Renames::default();
    for _ in 0..5 {
        let found = diff(from, to, &renames);
        if found.questions.is_empty() {
            assert_eq!(
                apply(&invert(&found.changes), &apply(&found.changes, from))
                    .tables
                    .len(),
                from.tables.len()
            );
            return said(&found.changes);
        }
        for question in &found.questions {
            renames.answer(question, pick(question));
        }
    }
    panic!("the questions do not end");
}

#[test]
fn a_column_is_never_taken_for_renamed_by_itself() {
    let from = schema([table("tasks", &["id", "removed_at"])]);
    let to = schema([table("tasks", &["id", "note", "deleted_at"])]);
    let found = diff(&from, &to, &Renames::default());
    let question = &found.questions[0];
    assert_eq!(question.dropped, Object::Column(local("tasks"), name("removed_at")));
    // The likeliest first.
    assert_eq!(question.candidates[0].last(), "deleted_at");
    assert_eq!(
        answered(&from, &to, |question| Reading::Renamed(question.candidates[0].clone())),
        [
            "alter table tasks: rename column removed_at to deleted_at",
            "alter table tasks: add column note"
        ]
    );
    assert_eq!(
        answered(&from, &to, |_| Reading::Dropped),
        ["alter table tasks: drop column removed_at, add column note, add column deleted_at"]
    );
}

#[test]
fn a_column_in_other_letters_is_the_same_column() {
    let from = schema([table("t", &["Id", "Name", "x"])]);
    let to = schema([table("t", &["ID", "name", "x"])]);
    let found = diff(&from, &to, &Renames::default());
    assert_eq!(found.questions, []);
    assert!(
        matches!(&found.changes[..], [Change::AlterTable { changes, .. }]
            if changes.iter().all(|change| matches!(change, super::TableChange::RenameColumn { .. })) && changes.len() == 2),
        "{:?}",
        found.changes
    );
    assert_eq!(apply(&found.changes, &from), to);
    // Where letters tell columns apart, two of them can be meant.
    let from = schema([table("t", &["Id", "ID"])]);
    let found = diff(&from, &schema([table("t", &["id"])]), &Renames::default());
    assert_eq!(found.questions.len(), 2);
}

#[test]
fn a_question_is_asked_only_where_there_are_two_readings() {
    let from = schema([table("tasks", &["id", "a"])]);
    let mut number = table("tasks", &["id"]);
    number.columns.push(Column::new(name("b"), SqlType::Bytes));
    for to in [schema([table("tasks", &["id"])]), schema([number]), schema([])] {
        assert_eq!(diff(&from, &to, &Renames::default()).questions, []);
    }
    let unlike = schema([table("labels", &["x", "y", "z"])]);
    assert_eq!(diff(&from, &unlike, &Renames::default()).questions, []);
    let alike = schema([table("jobs", &["id", "a", "b"])]);
    assert_eq!(
        answered(&from, &alike, |question| Reading::Renamed(
            question.candidates[0].clone()
        )),
        ["rename table tasks to jobs", "alter table jobs: add column b"]
    );
}

#[test]
fn an_enum_value_is_asked_about_and_its_default_follows() {
    let (from, to) = (state(&["todo", "done"]), state(&["open", "done"]));
    let found = diff(&from, &to, &Renames::default());
    assert_eq!(found.questions[0].flag(&Reading::Dropped), "--allow-drop state.todo");
    let renames = flags(&["state.todo=open"], &[], &from, &to).unwrap();
    assert_eq!(
        said(&diff(&from, &to, &renames).changes),
        ["alter enum state 'todo' -> 'open'"]
    );
    let dropped = flags(&[], &["state.todo"], &from, &to).unwrap();
    assert_eq!(
        said(&diff(&from, &to, &dropped).changes),
        [
            "alter enum state -'todo' +'open'",
            "alter table tasks: change default of state"
        ]
    );
}

#[test]
fn a_rename_carries_all_that_names_it() {
    let mut tasks = table("tasks", &["id", "owner"]);
    tasks.foreign_keys.insert(name("k"), key("k", "owner", "users", "id"));
    tasks.checks.insert(
        name("c"),
        Check::new(
            name("c"),
            Expr::Sql("length(owner) > 0 AND tasks.owner <> 'owner'".to_owned()),
        ),
    );
    tasks.indexes.insert(name("i"), index("i", "owner"));
    let from = schema([table("users", &["id"]), tasks]);

    let mut jobs = table("jobs", &["id", "assignee"]);
    jobs.foreign_keys
        .insert(name("k"), key("k", "assignee", "people", "key"));
    jobs.checks.insert(
        name("c"),
        Check::new(
            name("c"),
            Expr::Sql("length(assignee) > 0 AND jobs.assignee <> 'owner'".to_owned()),
        ),
    );
    jobs.indexes.insert(name("i"), index("i", "assignee"));
    let to = schema([table("people", &["key"]), jobs]);

    let renames = flags(
        &["tasks=jobs", "users=people", "jobs.owner=assignee", "people.id=key"],
        &[],
        &from,
        &to,
    )
    .unwrap();
    let found = diff(&from, &to, &renames);
    assert_eq!(
        said(&found.changes),
        [
            "rename table tasks to jobs",
            "rename table users to people",
            "alter table jobs: rename column owner to assignee",
            "alter table people: rename column id to key",
        ]
    );
    assert_eq!(apply(&found.changes, &from), to);
    assert_eq!(apply(&invert(&found.changes), &to), from);
    // What is done is not done again.
    assert_eq!(diff(&to, &to, &renames), super::Diff::default());
}

#[test]
fn an_expression_that_says_a_renamed_column_takes_the_spelling_of_the_target() {
    let with_check = |column: &str, sql: &str| {
        let mut table = table("tasks", &[column]);
        let check = Check::new(name("c"), Expr::Sql(sql.to_owned()));
        table.checks.insert(name("c"), check);
        schema([table])
    };
    let from = with_check("n", "(n > 0)");
    let to = with_check("order", "(\"order\" > 0)");
    let renames = flags(&["tasks.n=order"], &[], &from, &to).unwrap();
    let found = diff(&from, &to, &renames);
    assert_eq!(said(&found.changes), ["alter table tasks: rename column n to order"]);
    assert_eq!(apply(&found.changes, &from), to);
    let other = with_check("order", "(\"order\" > 1)");
    let found = diff(&from, &other, &renames);
    assert_eq!(said(&found.changes)[1], "alter table tasks: drop check c, add check c");
}

#[test]
fn the_same_under_another_name_is_renamed_and_another_under_the_same_name_is_seen() {
    let mut tasks = table("tasks", &["a", "b"]);
    tasks.indexes.insert(name("i"), index("i", "a"));
    tasks.foreign_keys.insert(name("k"), key("k", "a", "tasks", "b"));
    let from = schema([tasks.clone()]);

    let mut renamed = tasks.clone();
    renamed.indexes = ByName::from([(name("j"), index("j", "a"))]);
    renamed.foreign_keys = ByName::from([(name("l"), key("l", "a", "tasks", "b"))]);
    assert_eq!(
        said(&diff(&from, &schema([renamed]), &Renames::default()).changes),
        ["alter table tasks: rename constraint k to l, rename index i to j"]
    );

    let mut changed = tasks.clone();
    changed.indexes = ByName::from([(name("i"), index("i", "b"))]);
    let mut cascade = key("k", "a", "tasks", "b");
    cascade.on_delete = Action::Cascade;
    changed.foreign_keys = ByName::from([(name("k"), cascade)]);
    assert_eq!(
        said(&diff(&from, &schema([changed]), &Renames::default()).changes),
        ["alter table tasks: drop foreign key k, drop index i, add index i, add foreign key k"]
    );

    // The name is taken by something else that goes: two steps, or they would collide.
    let mut taken = tasks.clone();
    taken.uniques.insert(name("u"), Unique::new(name("u"), vec![name("b")]));
    let mut takes = tasks;
    takes.foreign_keys = ByName::from([(name("u"), key("u", "a", "tasks", "b"))]);
    assert_eq!(
        said(&diff(&schema([taken]), &schema([takes]), &Renames::default()).changes),
        ["alter table tasks: drop foreign key k, drop unique u, add foreign key u"]
    );
}

#[test]
fn a_position_is_no_change_and_a_chain_of_names_is_one() {
    let from = schema([table("tasks", &["a", "b", "c"])]);
    let turned = schema([table("tasks", &["c", "b", "a"])]);
    assert_eq!(diff(&from, &turned, &Renames::default()), super::Diff::default());

    let from = schema([table("tasks", &["a", "b"])]);
    let to = schema([table("tasks", &["b", "c"])]);
    let renames = flags(&["tasks.a=b", "tasks.b=c"], &[], &from, &to).unwrap();
    assert_eq!(
        said(&diff(&from, &to, &renames).changes),
        ["alter table tasks: rename column b to c, rename column a to b"]
    );
}

#[test]
fn names_go_round_where_that_is_said_of_this_step_and_not_where_a_declaration_goes_on_saying_it() {
    let from = schema([table("a", &["x", "y"]), table("b", &["z"])]);
    let to = schema([table("b", &["y", "x"]), table("a", &["z"])]);
    let renames = flags(&["a=b", "b=a", "b.x=y", "b.y=x"], &[], &from, &to).unwrap();
    let round = [
        "rename table a to kick_spare_1",
        "rename table b to a",
        "rename table kick_spare_1 to b",
        "alter table b: rename column x to kick_spare_1, rename column y to x, rename column kick_spare_1 to y",
    ];
    let found = diff(&from, &to, &renames);
    assert_eq!(said(&found.changes), round);
    assert_eq!(apply(&found.changes, &from), to);
    assert_eq!(apply(&diff(&to, &from, &renames.inverse()).changes, &to), from);

    let mut declared = Renames::default();
    declared.extend(renames.clone());
    declared.once.clear();
    assert_eq!(
        said(&diff(&to, &to, &declared).changes),
        [] as [&str; 0],
        "what is done is not done again"
    );
    // One flag does not turn what else is declared.
    declared.extend(flags(&["a=b"], &[], &from, &to).unwrap());
    let by_name = diff(&from, &to, &declared);
    assert!(
        !said(&by_name.changes)
            .iter()
            .any(|change| change.starts_with("rename table"))
    );
}

#[test]
fn what_has_the_new_name_goes_where_a_flag_says_so_and_not_where_a_declaration_goes_on_saying_it() {
    let from = schema([table("old", &["a", "b", "c"]), table("tasks", &["z"])]);
    let to = schema([table("tasks", &["b", "c"])]);
    let renames = flags(&["old=tasks", "tasks.a=b"], &[], &from, &to).unwrap();
    let found = diff(&from, &to, &renames);
    assert_eq!(
        said(&found.changes),
        [
            "rename table tasks to kick_spare_1",
            "rename table old to tasks",
            "alter table tasks: rename column b to kick_spare_1, rename column a to b",
            "alter table tasks: drop column kick_spare_1",
            "drop table kick_spare_1",
        ]
    );
    assert_eq!(found.questions, []);
    assert_eq!(apply(&found.changes, &from), to);
    let back = diff(&to, &from, &Renames::of(&found.changes).inverse());
    assert_eq!(apply(&back.changes, &to), from);

    let mut declared = renames;
    declared.once.clear();
    let by_name = diff(&from, &to, &declared);
    assert!(said(&by_name.changes).contains(&"drop table old".to_owned()));
}

#[test]
fn a_flag_that_means_nothing_or_two_things_is_refused() {
    let from = schema([table("tasks", &["a"])]);
    let to = schema([table("tasks", &["b"])]);
    for (renames, drops, part) in [
        (vec!["tasks.a"], vec![], "write `--rename old=new`"),
        (vec!["tasks.x=b"], vec![], "there is no `tasks.x`"),
        (
            vec!["tasks.a=x"],
            vec![],
            "there is no `tasks.a` before the change that could be `x`",
        ),
        (vec![], vec!["tasks.x"], "there is no `tasks.x`"),
    ] {
        let error = flags(&renames, &drops, &from, &to).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
    let id = ObjectId::new(ObjectKind::VirtualTable, local("notes"));
    let with_index = Schema {
        objects: [(id, crate::ir::Object::new("CREATE VIRTUAL TABLE notes USING fts5(a)"))].into(),
        ..from.clone()
    };
    let error = flags(&["notes=texts"], &[], &with_index, &to).unwrap_err();
    assert!(error.contains("`notes` is a virtual table"), "{error}");
    let both = |tables: &str, enums: &str| Schema {
        enums: [(
            local(enums),
            Enum {
                name: local(enums),
                values: vec!["a".to_owned()],
                comment: None,
            },
        )]
        .into(),
        ..schema([table(tables, &["a"])])
    };
    let (from, to) = (both("state", "state"), both("phase", "phase"));
    let error = flags(&["state=phase"], &[], &from, &to).unwrap_err();
    assert!(error.contains("`table:`") && error.contains("`enum:`"), "{error}");
    let renames = flags(&["enum:state=phase", "table:state=phase"], &[], &from, &to).unwrap();
    assert_eq!(
        said(&diff(&from, &to, &renames).changes),
        ["rename enum state to phase", "rename table state to phase"]
    );
}
