//! The SQL of each construct, kept for each dialect.

use std::fmt::Write as _;
use std::time::Duration;

use kickdb::dialect::ALL;
use kickdb::prelude::*;
use kickdb::query::Scope;

use super::language::{Load, Parent, Tree};
use crate::model::{Label, Project, Sample, Task, TaskStatus, User};

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
