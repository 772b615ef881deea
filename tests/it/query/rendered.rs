//! The SQL of each construct, kept for each dialect.

use std::fmt::Write as _;
use std::time::Duration;

use kickdb::dialect::ALL;
use kickdb::prelude::*;
use kickdb::query::Scope;

use kickdb::Result;
use kickdb::dialect::Dialect;
use kickdb_core::value::Statement;
use uuid::Uuid;

use super::language::{Load, Parent, Tree};
use super::task;
use crate::model::{Label, Note, Project, Sample, Task, TaskLabel, TaskNumber, TaskStatus, User};

/// The SQL of a query for each dialect, or why there is none.
fn shown<Out, S: Scope>(title: &str, query: &Query<Out, S>, out: &mut String) {
    writeln!(out, "## {title}").unwrap();
    for dialect in ALL {
        match query.clone().render(*dialect) {
            Ok(statement) => writeln!(out, "{}: {}", dialect.id(), statement.sql).unwrap(),
            Err(error) => writeln!(out, "{}: -- {}: {error}", dialect.id(), error.code()).unwrap(),
        }
    }
    out.push('\n');
}

#[test]
fn functions() {
    let mut out = String::new();
    let texts = Task::query().select((
        Task::TITLE.lower(),
        Task::TITLE.upper(),
        Task::TITLE.char_length(),
        Task::TITLE.trimmed(),
        Task::TITLE.trimmed_start().concat(Task::TITLE.trimmed_end()),
        Task::TITLE.substring(1, 3),
        Task::TITLE.replaced("a", "b"),
        Task::TITLE.position("a"),
    ));
    shown("texts", &texts, &mut out);
    let numbers = Sample::query().select((
        Sample::DOUBLE.abs(),
        Sample::BIG.negated(),
        Sample::DOUBLE.rounded(),
        Sample::DOUBLE.floor(),
        Sample::DOUBLE.ceil(),
        Sample::BIG.divided_by(2),
        Sample::DOUBLE.divided_by(2.0),
        Sample::BIG.remainder(2),
        Sample::BIG.plus(1).times(Sample::BIG.minus(1)),
    ));
    shown("numbers", &numbers, &mut out);
    let parts = Sample::query().select((
        Sample::INSTANT.year(),
        Sample::WALL.month(),
        Sample::DAY.day(),
        Sample::DAY.weekday(),
        Sample::INSTANT.hour(),
        Sample::WALL.minute(),
        Sample::WALL.second(),
    ));
    shown("parts of dates", &parts, &mut out);
    let dates = Sample::query().select((
        Sample::INSTANT.start_of_year(),
        Sample::WALL.start_of_month(),
        Sample::INSTANT.start_of_day(),
        Sample::WALL.start_of_hour(),
        Sample::INSTANT.date(),
        Sample::INSTANT.later(Duration::from_secs(1)),
        Sample::INSTANT.earlier(Duration::from_secs(1)),
        Sample::INSTANT.seconds_since(Sample::INSTANT),
    ));
    shown("dates", &dates, &mut out);
    let json = Sample::query()
        .filter(Sample::DOCUMENT.json_has("a"))
        .select((Sample::DOCUMENT.json_text(["a", "b"]), Sample::DOCUMENT.json_part("a")));
    shown("JSON", &json, &mut out);
    let contains = Sample::query()
        .filter(Sample::DOCUMENT.json_contains(serde_json::json!({})))
        .select(Sample::ID);
    shown("JSON that contains", &contains, &mut out);
    let lists = Sample::query()
        .filter(Sample::NUMBERS.has(1))
        .filter(Sample::NUMBERS.has_all(vec![1]))
        .filter(Sample::WORDS.overlaps(vec!["a".to_owned()]))
        .select(Sample::NUMBERS.list_length());
    shown("lists", &lists, &mut out);
    let choices = Task::query().select((
        case(Task::VOTES.gt(1), "many").otherwise("few"),
        coalesce(Task::PARENT_ID, Task::ID),
        null_if(Task::VOTES, 0),
        Task::VOTES.cast::<f64>(),
        Task::VOTES.gt(1).into_bool(),
    ));
    shown("choices and casts", &choices, &mut out);
    shown(
        "a cast that not every engine has",
        &Task::query().select(Task::TITLE.cast::<uuid::Uuid>()),
        &mut out,
    );
    shown(
        "search",
        &Task::query().filter(Task::TITLE.search("words")).select(Task::ID),
        &mut out,
    );
    let own = fragment::<bool, _, _>("similar({}, {})", (Task::TITLE, val("x".to_owned())));
    shown("a fragment", &Task::query().filter(own).select(Task::ID), &mut out);
    insta::assert_snapshot!(out);
}

#[test]
fn constructs() {
    let mut out = String::new();
    let joins = Task::query()
        .left_join(Parent, Task::PARENT_ID.eq(Task::ID.of(Parent)))
        .cross_join(Label)
        .select((Task::TITLE, Task::TITLE.of(Parent), Label::NAME));
    shown("a self join, a cross join", &joins, &mut out);
    let right = Task::query()
        .right_join(Project, Task::PROJECT_ID.eq(Project::ID))
        .select((Task::TITLE, Project::NAME));
    shown("a right join", &right, &mut out);
    let full = Task::query()
        .full_join(Project, Task::PROJECT_ID.eq(Project::ID))
        .select((Task::TITLE, Project::NAME));
    shown("a full join", &full, &mut out);
    let own = || Task::query().outer(Project).filter(Task::PROJECT_ID.eq(Project::ID));
    let subqueries = Project::query()
        .filter(exists(own()))
        .filter(not_exists(own().filter(Task::STATUS.eq(TaskStatus::Done))))
        .filter(Project::OWNER_ID.in_query(User::query().filter(User::ACTIVE).select(User::ID)))
        .select((Project::NAME, own().select(max(Task::VOTES)).scalar()));
    shown("subqueries", &subqueries, &mut out);
    let load = || {
        Task::query()
            .group_by(Task::PROJECT_ID)
            .select((Task::PROJECT_ID, count_all()))
    };
    shown("a query in FROM", &Load::of(load()).filter(Load::OPEN.gt(1)), &mut out);
    let defined = Project::query()
        .define(Load, load())
        .join(Load, Load::PROJECT_ID.eq(Project::ID))
        .select((Project::NAME, Load::OPEN));
    shown("WITH", &defined, &mut out);
    let top = Task::query()
        .filter(Task::PARENT_ID.is_null())
        .select((Task::ID, val(0i64)));
    let below = Tree::query()
        .join(Task, Task::PARENT_ID.eq(Tree::ID))
        .select((Task::ID, Tree::DEPTH.plus(1)));
    shown(
        "WITH RECURSIVE",
        &Tree::query().define_recursive(Tree, top, below).order_by(Tree::DEPTH),
        &mut out,
    );
    let lateral = Project::query()
        .join_lateral(Tree, own().limit(1).select((Task::ID, val(1i64))))
        .select((Project::NAME, Tree::ID));
    shown("a lateral join", &lateral, &mut out);
    let by = || window().partition_by(Task::PROJECT_ID).order_by(Task::VOTES.desc());
    let windows = Task::query().select((
        row_number().over(by()),
        lead(Task::TITLE, 2).over(by()),
        sum(Task::VOTES).over(window().order_by(Task::NUMBER).rows(Bound::Before(2), Bound::After(1))),
        avg(Task::VOTES).over(window()),
    ));
    shown("windows", &windows, &mut out);
    let aggregates = Task::query().group_by(Task::STATUS).having(count_all().gt(1)).select((
        Task::STATUS,
        count_distinct(Task::TITLE),
        avg(Task::VOTES),
        sum(Task::VOTES).only(Task::VOTES.gt(1)),
        list_of(Task::ID),
    ));
    shown("groups and aggregates", &aggregates, &mut out);
    shown(
        "texts of a group",
        &Task::query().select(text_of(Task::TITLE, ", ")),
        &mut out,
    );
    let names = |project: &str| Project::query().filter(Project::NAME.eq(project)).select(Project::NAME);
    let sets = names("a")
        .union(names("b"))
        .except(names("c").order_by(Project::NAME).limit(1))
        .order_by_nth_desc(1)
        .limit(3);
    shown("sets of rows", &sets, &mut out);
    shown(
        "DISTINCT ON",
        &Task::query()
            .distinct_on(Task::PROJECT_ID)
            .order_by(Task::PROJECT_ID)
            .select(Task::ID),
        &mut out,
    );
    shown(
        "locks",
        &Task::query().limit(1).for_update().skip_locked().select(Task::ID),
        &mut out,
    );
    shown(
        "a shared lock",
        &Task::query().for_share().nowait().select(Task::ID),
        &mut out,
    );
    insta::assert_snapshot!(out);
}

/// The statements of a write for each dialect, or why there are none.
fn written(title: &str, render: impl Fn(&dyn Dialect) -> Result<Vec<Statement>>, out: &mut String) {
    writeln!(out, "## {title}").unwrap();
    for dialect in ALL {
        match render(*dialect) {
            Ok(statements) => statements
                .iter()
                .for_each(|statement| writeln!(out, "{}: {}", dialect.id(), statement.sql).unwrap()),
            Err(error) => writeln!(out, "{}: -- {}: {error}", dialect.id(), error.code()).unwrap(),
        }
    }
    out.push('\n');
}

#[test]
fn writes() {
    let mut out = String::new();
    let label = |id: i32| Label {
        id,
        name: "a".to_owned(),
    };
    let labels = |count: i32| (1..=count).map(label).collect::<Vec<_>>();
    let two = || Label::insert_many(&labels(2));
    written("rows", |dialect| two().render(dialect, false), &mut out);
    written("rows that come back", |dialect| two().render(dialect, true), &mut out);
    written(
        "many rows",
        |dialect| Label::insert_many(&labels(32)).render(dialect, false),
        &mut out,
    );
    let new = || Note::insert().id(1).body("a");
    let some = || Note::insert_all([new(), new().created_at(now()), new().parent_id(7)]);
    written(
        "rows that set different columns",
        |dialect| some().render(dialect, false),
        &mut out,
    );
    let met = || two().on_conflict(Label::NAME);
    written(
        "a conflict: nothing",
        |dialect| met().do_nothing().render(dialect, false),
        &mut out,
    );
    written(
        "a conflict: the new values",
        |dialect| met().do_update(Label::ID).render(dialect, false),
        &mut out,
    );
    let patch = || Note::patch().set_to(Note::BODY, Note::BODY.concat(incoming(Note::BODY)));
    let computed = || Note::insert_all([new()]).on_conflict(Note::ID).do_update_with(patch());
    written(
        "a conflict: what is computed",
        |dialect| computed().render(dialect, false),
        &mut out,
    );
    let titles = || {
        Task::query()
            .filter(Task::VOTES.gt(1))
            .select((Task::NUMBER, Task::TITLE))
    };
    let number = kickdb::query::Column::<Note, TaskNumber>::new("id");
    let from = || Note::insert_from((number, Note::BODY), titles());
    written("rows of a query", |dialect| Ok(vec![from().render(dialect)?]), &mut out);
    written(
        "rows over rows",
        |dialect| Label::update_rows(&labels(2)).render(dialect),
        &mut out,
    );
    let link = TaskLabel {
        task_id: Uuid::nil(),
        label_id: 1,
    };
    written(
        "rows over rows, where there is nothing but a key",
        |dialect| TaskLabel::update_rows([&link]).render(dialect),
        &mut out,
    );
    let change = || Note::update().patch(patch()).filter(Note::ID.in_(1..=2));
    written(
        "what no new row brings",
        |dialect| Ok(vec![change().render(dialect, false)?]),
        &mut out,
    );
    let patch = || Note::patch().set_to(Note::BODY, Note::BODY.concat("!"));
    let change = || Note::update().patch(patch()).filter(Note::ID.in_(1..=2));
    written(
        "a change",
        |dialect| Ok(vec![change().render(dialect, false)?]),
        &mut out,
    );
    written(
        "back again",
        |dialect| Ok(vec![Note::restore().all_rows().render(dialect, false)?]),
        &mut out,
    );
    insta::assert_snapshot!(out);
}

#[test]
fn rows_and_questions() {
    let mut out = String::new();
    let all = || Task::query().filter(Task::PARENT_ID.is_null());
    written(
        "a row by its key",
        |dialect| Ok(vec![TaskLabel::find((Uuid::nil(), 1)).render(dialect)?]),
        &mut out,
    );
    written("how many", |dialect| Ok(vec![all().render_count(dialect)?]), &mut out);
    written(
        "how many of a page",
        |dialect| Ok(vec![all().offset(5).limit(2).render_count(dialect)?]),
        &mut out,
    );
    written(
        "whether there is one",
        |dialect| Ok(vec![all().render_exists(dialect)?]),
        &mut out,
    );
    let conditions = Label::query()
        .filter(Label::ID.between(1, 2) | any_of([Label::NAME.starts_with("a"), Label::NAME.ends_with("b")]))
        .filter(Label::NAME.is_not_null().and(Label::ID.not_in([3, 4])))
        .filter(Label::ID.in_(Vec::<i32>::new()) | Label::ID.not_in(Vec::<i32>::new()));
    shown("conditions", &conditions, &mut out);
    shown("a long list", &Label::query().filter(Label::ID.in_(1..=501)), &mut out);
    shown(
        "a long list of texts",
        &Label::query().filter(Label::NAME.in_((1..=501).map(|n| n.to_string()))),
        &mut out,
    );
    shown(
        "a list of an enum",
        &all().filter(Task::STATUS.in_([TaskStatus::Done])).select(Task::ID),
        &mut out,
    );
    let order = (Task::VOTES.desc().nulls_first(), Task::TITLE.asc().nulls_last());
    shown("an order", &all().order_by(order).offset(1).select(Task::ID), &mut out);
    shown("different rows", &all().distinct().select(Task::STATUS), &mut out);
    let odd = || Task::VOTES.remainder(2);
    let groups = Task::query().group_by(odd()).having(odd().eq(1).and(sum(odd()).gt(2)));
    shown(
        "groups of what is computed",
        &groups.order_by(odd()).select((odd(), count_all())),
        &mut out,
    );
    let names = |name: &str| Label::query().filter(Label::NAME.eq(name)).select(Label::NAME);
    shown(
        "sets",
        &names("a").union_all(names("b")).intersect(names("c")).order_by_nth(1),
        &mut out,
    );
    shown(
        "a row before another",
        &Task::query().select((
            first_value(Task::TITLE).over(window().order_by(Task::ID)),
            lag(Task::TITLE, 1).over(window().order_by(Task::ID)),
            dense_rank().over(window().order_by(Task::ID)),
        )),
        &mut out,
    );
    shown(
        "the sum of decimals",
        &Sample::query().select((sum(Sample::AMOUNT), min(Sample::DAY))),
        &mut out,
    );
    let last = task(&project(), 7, "t");
    let page = |after| all().keyset((Task::VOTES.down(), Task::NUMBER.up()), after, 10);
    written(
        "the first page",
        |dialect| Ok(vec![page(None).render(dialect)?]),
        &mut out,
    );
    let after = Some((last.votes, last.number));
    written(
        "a page behind",
        |dialect| Ok(vec![page(after).render(dialect)?]),
        &mut out,
    );
    insta::assert_snapshot!(out);
}

fn project() -> Project {
    Project {
        id: Uuid::nil(),
        owner_id: 1,
        name: "a".to_owned(),
        starts: None,
    }
}
