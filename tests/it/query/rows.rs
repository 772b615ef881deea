//! Rows as structs of one's own, and many rows at once.

use kickdb::prelude::*;
use kickdb::{Error, testing};

use super::{each, label, project, task, tasks};
use crate::model::{Label, Note, Project, Sample, Task, TaskStatus, User};

#[derive(Debug, PartialEq, Row)]
struct Card {
    #[row(Task::TITLE)]
    title: String,
    #[row(Project::NAME)]
    project: Option<String>,
    #[row(Task::VOTES.plus(1))]
    votes: i32,
    #[row(Task::STATUS)]
    status: Option<TaskStatus>,
}

#[derive(Debug, PartialEq, Row)]
struct Load {
    #[row(Project::NAME)]
    name: String,
    #[row(count(Task::ID))]
    tasks: i64,
    #[row(max(Task::VOTES))]
    most: Option<i32>,
}

#[tokio::test]
async fn a_struct_whose_fields_say_what_they_read() {
    each(async |db| {
        let (of, _) = tasks(db, &["a", "b"]).await;
        project(db, "empty").await;
        let card = |title: &str, votes| Card {
            title: title.to_owned(),
            project: Some(of.name.clone()),
            votes,
            status: Some(TaskStatus::Todo),
        };
        let joined = Task::query()
            .join(Project, Task::PROJECT_ID.eq(Project::ID))
            .order_by(Task::NUMBER);
        assert_eq!(
            joined.clone().select(Card).all(db).await.unwrap(),
            [card("a", 2), card("b", 3)]
        );
        let beside: Vec<(Card, i32)> = joined.select((Card, Task::WEIGHT)).all(db).await.unwrap();
        assert_eq!(beside[1], (card("b", 3), 0));
        let left = Task::query()
            .left_join(
                Project,
                Task::PROJECT_ID.eq(Project::ID).and(Project::NAME.eq("another")),
            )
            .filter(Task::TITLE.eq("a"))
            .select(Card)
            .one(db)
            .await
            .unwrap();
        assert_eq!(left.project, None);

        let loads = Project::query()
            .left_join(Task, Task::PROJECT_ID.eq(Project::ID))
            .group_by(Project::NAME)
            .order_by(Project::NAME)
            .select(Load)
            .all(db)
            .await
            .unwrap();
        let load = |name: &str, tasks, most| Load {
            name: name.to_owned(),
            tasks,
            most,
        };
        assert_eq!(loads, [load("empty", 0, None), load("kickdb", 2, Some(2))]);
    })
    .await;
}

#[derive(Debug, PartialEq, Row)]
struct Board {
    project: Project,
    owner: Option<User>,
    cards: Vec<Labelled>,
}

#[derive(Debug, PartialEq, Row)]
struct Labelled {
    task: Task,
    labels: Vec<Label>,
}

#[tokio::test]
async fn a_struct_of_a_row_and_its_relations() {
    each(async |db| {
        let (project, all) = tasks(db, &["a", "b"]).await;
        let red = label(db, "red").await;
        crate::model::TaskLabel::insert()
            .task_id(all[1].id)
            .label_id(red.id)
            .exec(db)
            .await
            .unwrap();
        let query = Project::query()
            .with(Project::OWNER.optional())
            .with(Project::TASKS.order_by(Task::NUMBER).with(Task::LABELS))
            .read_as::<Board>();
        let board = query.one(db).await.unwrap();
        assert_eq!(board.project, project);
        assert_eq!(board.owner.map(|owner| owner.name).as_deref(), Some("ada"));
        assert_eq!(
            board.cards[0],
            Labelled {
                task: all[0].clone(),
                labels: vec![]
            }
        );
        assert_eq!(
            board.cards[1],
            Labelled {
                task: all[1].clone(),
                labels: vec![red]
            }
        );
        let cards: Vec<Labelled> = Task::query().with(Task::LABELS).read_as().all(db).await.unwrap();
        assert_eq!(cards.len(), 2);
        let none = Task::query().with(Task::LABELS).filter(Task::TITLE.eq("z"));
        assert_eq!(none.read_as::<Labelled>().optional(db).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn rows_with_values_of_their_own() {
    each(async |db| {
        let (of, mut all) = tasks(db, &["a", "b", "c"]).await;
        for task in &mut all {
            task.title = format!("{} changed", task.title);
            task.votes *= 10;
            task.parent_id = Some(of.id);
            task.deleted_at = None;
        }
        all[1].status = TaskStatus::Done;
        all[2].parent_id = None;
        let absent = task(&of, 99, "absent");
        // The parent is not a task, so the column stays out.
        let some = Task::update_rows(all.iter().chain([&absent])).only((Task::TITLE, Task::VOTES, Task::STATUS));
        assert_eq!(some.exec(db).await.unwrap(), 3);
        let now = Task::query().order_by(Task::NUMBER).all(db).await.unwrap();
        for (task, wanted) in now.iter().zip(&all) {
            assert_eq!(
                (&task.title, task.votes, task.status),
                (&wanted.title, wanted.votes, wanted.status)
            );
            assert_eq!(task.parent_id, None);
        }
        for task in &mut all {
            task.parent_id = None;
            task.weight = 5;
        }
        assert_eq!(Task::update_rows(&all).exec(db).await.unwrap(), 3);
        assert_eq!(Task::query().order_by(Task::NUMBER).all(db).await.unwrap(), all);
        assert_eq!(Task::update_rows(&[]).exec(db).await.unwrap(), 0);

        // A column of each kind.
        let mut samples: Vec<Sample> = (1..=40).map(super::values::sample).collect();
        Sample::insert_many(&samples).exec(db).await.unwrap();
        for sample in &mut samples {
            sample.text.push('!');
            sample.maybe = (sample.id % 2 == 0).then_some(0.5);
        }
        assert_eq!(Sample::update_rows(&samples).exec(db).await.unwrap(), 40);
        assert_eq!(Sample::query().order_by(Sample::ID).all(db).await.unwrap(), samples);
    })
    .await;
}

#[tokio::test]
async fn rows_of_which_one_is_stale_all_stay() {
    each(async |db| {
        let new = (1..=3).map(|id| Note::insert().id(id).body("old"));
        let mut notes = Note::insert_all(new).returning(db).await.unwrap();
        Note::edit(&notes[2]).set(Note::BODY, "theirs").exec(db).await.unwrap();
        for note in &mut notes {
            note.body = "mine".to_owned();
        }
        let error = Note::update_rows(&notes).exec(db).await.unwrap_err();
        assert!(matches!(error, Error::Stale { .. }), "{error}");
        let bodies: Vec<String> = Note::query()
            .order_by(Note::ID)
            .select(Note::BODY)
            .all(db)
            .await
            .unwrap();
        assert_eq!(bodies, ["old", "old", "theirs"]);
        assert_eq!(Note::update_rows(&notes[..2]).exec(db).await.unwrap(), 2);
        let versions: Vec<i32> = Note::query()
            .order_by(Note::ID)
            .select(Note::VERSION)
            .all(db)
            .await
            .unwrap();
        assert_eq!(versions, [2, 2, 2]);
    })
    .await;
}

#[tokio::test]
async fn a_row_in_the_way_is_changed_by_what_is_there_and_what_comes() {
    each(async |db| {
        let (of, all) = tasks(db, &["a", "b"]).await;
        let mut more: Vec<Task> = all.iter().cloned().map(|task| Task { votes: 10, ..task }).collect();
        more.push(task(&of, 3, "c"));
        let patch = Task::patch()
            .set_to(Task::VOTES, Task::VOTES.plus(incoming(Task::VOTES)))
            .set(Task::TITLE, "met");
        Task::insert_many(&more)
            .on_conflict(Task::ID)
            .do_update_with(patch)
            .exec(db)
            .await
            .unwrap();
        let rows = Task::query().order_by(Task::NUMBER).select((Task::TITLE, Task::VOTES));
        let rows: Vec<(String, i32)> = rows.all(db).await.unwrap();
        assert_eq!(
            rows,
            [("met".to_owned(), 11), ("met".to_owned(), 12), ("c".to_owned(), 3)]
        );

        let note = || Note::insert().id(1).body("new");
        let longer = || Note::patch().set_to(Note::BODY, incoming(Note::BODY));
        for _ in 0..2 {
            note()
                .on_conflict(Note::ID)
                .do_update_with(longer())
                .exec(db)
                .await
                .unwrap();
        }
        assert_eq!(Note::find(1).one(db).await.unwrap().version, 2);
    })
    .await;
}

#[tokio::test]
async fn rows_of_a_query_are_new_rows() {
    each(async |db| {
        tasks(db, &["a", "b"]).await;
        let titles = Task::query()
            .join(Project, Task::PROJECT_ID.eq(Project::ID))
            .filter(Project::NAME.eq("kickdb"))
            .select((Task::NUMBER, Task::TITLE));
        // A newtype in the one table, a number in the other: the value is the same.
        let number = kickdb::query::Column::<Note, crate::model::TaskNumber>::new("id");
        let inserted = Note::insert_from((number, Note::BODY), titles).exec(db).await.unwrap();
        assert_eq!(inserted, 2);
        let notes = Note::query()
            .order_by(Note::ID)
            .select((Note::ID, Note::BODY))
            .all(db)
            .await
            .unwrap();
        assert_eq!(notes, [(1, "a".to_owned()), (2, "b".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn more_rows_than_one_statement_takes_come_one_by_one() {
    each(async |db| {
        let of = project(db, "large").await;
        let rows = (1..=12_345).map(|n| task(&of, n, "t"));
        assert_eq!(Task::insert_each(rows).exec(db).await.unwrap(), 12_345);
        assert_eq!(Task::query().count(db).await.unwrap(), 12_345);

        // The last row has a number that is there: nothing is kept.
        let again = (20_001..=25_000)
            .map(|n| task(&of, n, "t"))
            .chain([task(&of, 1, "twice")]);
        let error = Task::insert_each(again).exec(db).await.unwrap_err();
        assert!(matches!(error, Error::UniqueViolation(_)), "{error}");
        let broken = futures_util::stream::iter([Ok(task(&of, 30_000, "t")), Err(Error::validation("no more"))]);
        assert!(Task::insert_stream(broken).exec(db).await.is_err());
        assert_eq!(Task::query().count(db).await.unwrap(), 12_345);
        let none: [Task; 0] = [];
        assert_eq!(Task::insert_each(none).exec(db).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_query_in_a_loop_is_noticed_and_named() {
    each(async |db| {
        tasks(db, &["a", "b", "c", "d"]).await;
        let (projects, sent) = testing::watch(async {
            let mut projects = Vec::new();
            for task in Task::query().all(db).await.unwrap() {
                projects.push(Project::find(task.project_id).one(db).await.unwrap());
            }
            projects
        })
        .await;
        assert_eq!((projects.len(), sent.statements().len()), (4, 5));
        let [(sql, 4)] = sent.in_a_loop()[..] else {
            panic!("{sent:?}")
        };
        assert!(sql.contains("projects"), "{sql}");

        let board = Task::query().with(Task::PROJECT.with(Project::TASKS.with(Task::LABELS)));
        let rows = testing::refuse_loops(async { board.all(db).await.unwrap() }).await;
        assert_eq!(rows.len(), 4);
    })
    .await;
}

#[tokio::test]
#[should_panic(expected = "a query runs in a loop over rows; read all at once")]
async fn a_loop_fails_its_test() {
    let db = Db::connect("sqlite::memory:").await.unwrap();
    testing::refuse_loops(async {
        for _ in 0..3 {
            // There is no such table; what counts is what is sent.
            let _ = Project::query().count(&db).await;
        }
    })
    .await;
}
