use kickdb::prelude::*;
use kickdb::{Error, dialect, testing};
use uuid::Uuid;

use super::{each, label, project, task, tasks, user};
use crate::model::{Desk, Label, Plan, Project, Room, Task, TaskLabel, TaskStatus, User};

async fn put(db: &Db, task: &Task, labels: &[&Label]) {
    for label in labels {
        TaskLabel::insert()
            .task_id(task.id)
            .label_id(label.id)
            .exec(db)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn one_row_and_many_rows_beside_each() {
    each(async |db| {
        let (project, all) = tasks(db, &["a", "b", "c"]).await;
        let empty = super::project(db, "nothing in it").await;
        let owner = User::query().one(db).await.unwrap();
        let rows: Vec<(Project, User, Vec<Task>)> = Project::query()
            .with(Project::OWNER)
            .with(Project::TASKS.order_by(Task::NUMBER.desc()))
            .order_by(Project::NAME)
            .all(db)
            .await
            .unwrap();
        let backwards: Vec<Task> = all.iter().rev().cloned().collect();
        assert_eq!(rows, [(project, owner.clone(), backwards), (empty, owner, Vec::new())]);
    })
    .await;
}

#[tokio::test]
async fn no_rows_ask_for_no_relations() {
    each(async |db| {
        let board = || {
            Project::query()
                .with(Project::OWNER)
                .with(Project::TASKS.with(Task::LABELS))
                .all(db)
        };
        let (rows, sent): (kickdb::Result<Vec<Board>>, _) = testing::watch(board()).await;
        assert_eq!(rows.unwrap(), []);
        assert_eq!(sent.statements().len(), 1, "{sent:?}");
        // One more for each relation that has rows to belong to, however many there are.
        project(db, "empty").await;
        let (rows, sent) = testing::watch(board()).await;
        assert_eq!((rows.unwrap().len(), sent.statements().len()), (1, 3), "{sent:?}");
        for count in [1, 300] {
            let of = project(db, &format!("with {count}")).await;
            let tasks: Vec<Task> = (1..=count).map(|n| task(&of, 1_000 * count + n, "t")).collect();
            Task::insert_many(&tasks).exec(db).await.unwrap();
            let (rows, sent) = testing::watch(board()).await;
            assert!(rows.unwrap().iter().any(|row| row.2.len() == tasks.len()));
            assert_eq!(sent.statements().len(), 4, "{sent:?}");
        }
    })
    .await;
}

type Board = (Project, User, Vec<(Task, Vec<Label>)>);

#[tokio::test]
async fn nested_relations_to_any_depth() {
    each(async |db| {
        let (project, mut all) = tasks(db, &["root", "child", "grandchild"]).await;
        for at in [1, 2] {
            let parent = all[at - 1].id;
            Task::update()
                .set(Task::PARENT_ID, parent)
                .filter(Task::ID.eq(all[at].id))
                .exec(db)
                .await
                .unwrap();
            all[at].parent_id = Some(parent);
        }
        let [red, blue] = [label(db, "red").await, label(db, "blue").await];
        put(db, &all[0], &[&red]).await;
        put(db, &all[2], &[&red, &blue]).await;

        type Grandchild = (Task, Vec<Label>, Option<(Task, Project)>);
        type Child = (Task, Vec<Grandchild>);
        let rows: Vec<(Task, Vec<Child>)> = Task::query()
            .filter(Task::PARENT_ID.is_null())
            .with(
                Task::CHILDREN.with(
                    Task::CHILDREN
                        .with(Task::LABELS.order_by(Label::NAME))
                        .with(Task::PARENT.with(Task::PROJECT)),
                ),
            )
            .all(db)
            .await
            .unwrap();
        let grandchild = (all[2].clone(), vec![blue, red], Some((all[1].clone(), project)));
        assert_eq!(rows, [(all[0].clone(), vec![(all[1].clone(), vec![grandchild])])]);
    })
    .await;
}

#[tokio::test]
async fn filter_order_limit_and_offset_hold_for_each_row() {
    each(async |db| {
        let (first, _) = tasks(db, &["a", "b", "c", "d"]).await;
        let second = project(db, "second").await;
        let more: Vec<Task> = (11..)
            .zip(["x", "y"])
            .map(|(n, title)| task(&second, n, title))
            .collect();
        Task::insert_many(&more).exec(db).await.unwrap();

        let titles = async |tasks: kickdb::query::Relation<Project, Task, kickdb::query::Many>| {
            let rows = Project::query()
                .with(tasks)
                .order_by(Project::NAME)
                .all(db)
                .await
                .unwrap();
            rows.into_iter()
                .map(|(_, tasks)| tasks.into_iter().map(|task| task.title).collect::<String>())
                .collect::<Vec<_>>()
        };
        assert_eq!(first.name, "kickdb");
        let newest = Project::TASKS.order_by(Task::NUMBER.desc());
        assert_eq!(titles(newest.clone().limit(2)).await, ["dc", "yx"]);
        assert_eq!(titles(newest.clone().limit(2).offset(1)).await, ["cb", "x"]);
        assert_eq!(titles(newest.clone().offset(2)).await, ["ba", ""]);
        assert_eq!(titles(newest.clone().limit(0)).await, ["", ""]);
        assert_eq!(titles(newest.clone().offset(u64::MAX)).await, ["", ""]);
        let some = newest
            .filter(Task::TITLE.in_(["a", "d", "y"]))
            .filter(None::<Condition<Task>>);
        assert_eq!(titles(some.clone().limit(1)).await, ["d", "y"]);
        assert_eq!(titles(some).await, ["da", "y"]);
        assert_eq!(titles(Project::TASKS.filter(any_of::<Task>([]))).await, ["", ""]);
    })
    .await;
}

#[tokio::test]
async fn by_a_table_between() {
    each(async |db| {
        let (_, all) = tasks(db, &["a", "b", "c"]).await;
        let [red, blue] = [label(db, "red").await, label(db, "blue").await];
        put(db, &all[0], &[&red, &blue]).await;
        put(db, &all[1], &[&red]).await;
        let rows = Task::query()
            .with(Task::LABELS.order_by(Label::NAME))
            .order_by(Task::NUMBER)
            .all(db)
            .await
            .unwrap();
        let labels: Vec<_> = rows.into_iter().map(|(_, labels)| labels).collect();
        assert_eq!(labels, [vec![blue.clone(), red.clone()], vec![red.clone()], vec![]]);

        // A filter and an order may use the table between, and a limit is for each task.
        let rows = Task::query()
            .with(
                Task::LABELS
                    .filter(TaskLabel::LABEL_ID.ne(0))
                    .order_by((TaskLabel::LABEL_ID.desc(), Label::NAME))
                    .limit(1),
            )
            .order_by(Task::NUMBER)
            .all(db)
            .await
            .unwrap();
        let labels: Vec<_> = rows.into_iter().map(|(_, labels)| labels).collect();
        assert_eq!(labels, [vec![blue], vec![red], vec![]]);
    })
    .await;
}

async fn desks(db: &Db) -> (User, User) {
    let (ada, bob) = (user(db, "ada").await, user(db, "bob").await);
    for (org, code, floor) in [(1, "a", 0), (1, "b", 1), (2, "a", 2)] {
        let code = code.to_owned();
        Room::insert_row(&Room { org, code, floor }).exec(db).await.unwrap();
    }
    let desk = |id, org, room: Option<&str>, guest: Option<&User>| Desk {
        id,
        org,
        room: room.map(str::to_owned),
        owner_id: ada.id,
        guest_id: guest.map(|guest| guest.id),
        cleaned_by: guest.map(|guest| guest.name.clone()),
    };
    let all = [
        desk(1, 1, Some("a"), Some(&bob)),
        desk(2, 1, Some("a"), None),
        desk(3, 2, Some("a"), Some(&ada)),
        desk(4, 2, None, None),
        desk(5, 2, Some("gone"), None),
    ];
    Desk::insert_many(&all).exec(db).await.unwrap();
    let plan = Plan {
        id: 1,
        org: 2,
        room: "a".to_owned(),
        drawing: vec![0, 255],
    };
    Plan::insert_row(&plan).exec(db).await.unwrap();
    (ada, bob)
}

#[tokio::test]
async fn keys_of_several_columns_and_several_relations_to_one_table() {
    each(async |db| {
        let (ada, bob) = desks(db).await;
        let rooms = Room::query()
            .with(Room::DESKS.order_by(Desk::ID))
            .with(Room::PLAN)
            .order_by((Room::ORG, Room::CODE))
            .all(db)
            .await
            .unwrap();
        let seen: Vec<(i32, Vec<i32>, Option<i32>)> = rooms
            .iter()
            .map(|(room, desks, plan)| {
                let desks = desks.iter().map(|desk| desk.id).collect();
                (room.floor, desks, plan.as_ref().map(|plan| plan.id))
            })
            .collect();
        assert_eq!(seen, [(0, vec![1, 2], None), (1, vec![], None), (2, vec![3], Some(1))]);
        let last = Room::DESKS.order_by(Desk::ID.desc()).limit(1);
        let rooms = Room::query()
            .with(last)
            .order_by((Room::ORG, Room::CODE))
            .all(db)
            .await
            .unwrap();
        let seen: Vec<_> = rooms
            .iter()
            .map(|(_, desks)| desks.iter().map(|desk| desk.id).collect::<Vec<_>>())
            .collect();
        assert_eq!(seen, [vec![2], vec![], vec![3]]);

        let desks: Vec<(Desk, Option<Room>, User, Option<User>, Option<User>)> = Desk::query()
            .with(Desk::PLACE)
            .with(Desk::OWNER)
            .with(Desk::GUEST)
            .with(Desk::CLEANER)
            .order_by(Desk::ID)
            .all(db)
            .await
            .unwrap();
        let floors: Vec<_> = desks
            .iter()
            .map(|desk| desk.1.as_ref().map(|room| room.floor))
            .collect();
        assert_eq!(floors, [Some(0), Some(0), Some(2), None, None]);
        assert!(desks.iter().all(|desk| desk.2 == ada && desk.3 == desk.4));
        assert_eq!(desks[0].3, Some(bob));
        assert_eq!(desks[2].3, Some(ada));
        assert_eq!(desks[3].3, None);
    })
    .await;
}

#[tokio::test]
async fn a_row_that_must_be_there_and_is_not() {
    each(async |db| {
        let (ada, _) = desks(db).await;
        User::delete().filter(User::ID.eq(ada.id)).exec(db).await.unwrap();
        let error = Desk::query().with(Desk::OWNER).all(db).await.unwrap_err();
        assert!(matches!(&error, Error::NotFound { table, .. } if table == "users"));
        assert_eq!(
            error.to_string(),
            "no row of `users` for the key (owner_id) of a row of `desks`; load the relation `owner` with `.optional()` where that may be"
        );
        let desks = Desk::query().with(Desk::OWNER.optional()).all(db).await.unwrap();
        assert_eq!(desks.len(), 5);
        assert!(desks.iter().all(|(_, owner)| owner.is_none()));
        // What is filtered away is `None`, too, so the type says so.
        let desks: Vec<(Desk, Option<User>)> = Desk::query()
            .with(Desk::OWNER.filter(User::NAME.eq("nobody")))
            .all(db)
            .await
            .unwrap();
        assert!(desks.iter().all(|(_, owner)| owner.is_none()));
    })
    .await;
}

#[tokio::test]
async fn a_relation_to_one_row_with_several() {
    each(async |db| {
        desks(db).await;
        let second = Plan {
            id: 2,
            org: 2,
            room: "a".to_owned(),
            drawing: Vec::new(),
        };
        Plan::insert_row(&second).exec(db).await.unwrap();
        let error = Room::query().with(Room::PLAN).all(db).await.unwrap_err().to_string();
        assert_eq!(
            error,
            "`plans` has 2 rows for one row of `rooms` by its relation `plan`, which is to one; say with `.order_by(…)` which of them is meant, or make it `has_many`"
        );
        let newest = Room::PLAN.order_by(Plan::ID.desc());
        let room = Room::find((2, "a")).with(newest).one(db).await.unwrap();
        assert_eq!(room.1, Some(second));
    })
    .await;
}

#[tokio::test]
async fn with_find_one_optional_and_first() {
    each(async |db| {
        let (project, all) = tasks(db, &["a", "b"]).await;
        let (found, tasks) = Project::find(project.id)
            .with(Project::TASKS.order_by(Task::NUMBER))
            .one(db)
            .await
            .unwrap();
        assert_eq!((found, tasks), (project.clone(), all.clone()));
        let missing = Task::find(Uuid::nil()).with(Task::PROJECT);
        assert_eq!(missing.clone().optional(db).await.unwrap(), None);
        let error = missing.one(db).await.unwrap_err().to_string();
        assert_eq!(error, "no row of `tasks` for this key (id)");

        let by_title = Task::query().with(Task::PROJECT).filter(Task::TITLE.eq("b"));
        assert_eq!(
            by_title.clone().one(db).await.unwrap(),
            (all[1].clone(), project.clone())
        );
        assert_eq!(by_title.clone().count(db).await.unwrap(), 1);
        assert!(by_title.exists(db).await.unwrap());
        let both = Task::query().with(Task::PROJECT).order_by(Task::NUMBER.desc());
        assert_eq!(both.clone().first(db).await.unwrap().unwrap().0, all[1]);
        assert!(matches!(both.clone().optional(db).await, Err(Error::Validation { .. })));
        assert_eq!(both.limit(1).offset(1).all(db).await.unwrap()[0].0, all[0]);

        // Rows of a join, and inside of a transaction.
        let joined = db
            .transaction(async |tx| {
                Project::query()
                    .join(Task, Task::PROJECT_ID.eq(Project::ID))
                    .filter(Task::TITLE.eq("a"))
                    .with(Project::TASKS.filter(Task::TITLE.eq("b")))
                    .all(&mut *tx)
                    .await
            })
            .await
            .unwrap();
        assert_eq!(joined, [(project, vec![all[1].clone()])]);
    })
    .await;
}

#[tokio::test]
async fn more_keys_than_one_statement_takes() {
    each(async |db| {
        let project = project(db, "large").await;
        let all: Vec<Task> = (1..=20_000).map(|n| task(&project, n, "t")).collect();
        Task::insert_many(&all).exec(db).await.unwrap();
        let rows: Vec<(Task, Vec<Task>)> = Task::query().with(Task::CHILDREN).all(db).await.unwrap();
        assert_eq!(rows.len(), all.len());
        let rows: Vec<(Task, Project)> = Task::query().with(Task::PROJECT).all(db).await.unwrap();
        assert!(rows.iter().all(|(_, of)| *of == project));
    })
    .await;
}

#[tokio::test]
async fn questions_about_related_rows() {
    each(async |db| {
        let (project, all) = tasks(db, &["a", "b", "c"]).await;
        let empty = super::project(db, "empty").await;
        let red = label(db, "red").await;
        put(db, &all[0], &[&red]).await;
        Task::update()
            .set(Task::PARENT_ID, all[0].id)
            .set(Task::STATUS, TaskStatus::Done)
            .filter(Task::ID.eq(all[1].id))
            .exec(db)
            .await
            .unwrap();

        let projects = async |condition: Condition<Project>| {
            let found = Project::query().filter(condition).order_by(Project::NAME);
            found.select(Project::NAME).all(db).await.unwrap()
        };
        assert_eq!(projects(Project::TASKS.exists()).await, [project.name.as_str()]);
        assert_eq!(projects(!Project::TASKS.exists()).await, [empty.name.as_str()]);
        let done = Task::STATUS.eq(TaskStatus::Done);
        assert_eq!(
            projects(Project::TASKS.any(done.clone())).await,
            [project.name.as_str()]
        );
        assert_eq!(projects(Project::TASKS.none(done.clone())).await, [empty.name.as_str()]);
        assert_eq!(
            projects(Project::TASKS.count().gt(2).over()).await,
            [project.name.as_str()]
        );
        assert_eq!(
            projects(Project::TASKS.filter(done.clone()).count().eq(0).over()).await,
            [empty.name.as_str()]
        );
        assert_eq!(projects(Project::OWNER.any(User::NAME.eq("ada"))).await.len(), 2);

        // About the table itself, two levels deep, by way of a table between, and over a join.
        let titles = async |condition: Condition<Task>| {
            let found = Task::query().filter(condition).order_by(Task::TITLE);
            found.select(Task::TITLE).all(db).await.unwrap()
        };
        assert_eq!(titles(Task::CHILDREN.any(done)).await, ["a"]);
        assert_eq!(titles(Task::PARENT.exists()).await, ["b"]);
        let labelled = Task::LABELS.any(Label::NAME.eq("red").and(TaskLabel::LABEL_ID.eq(red.id)));
        assert_eq!(titles(labelled.clone()).await, ["a"]);
        assert_eq!(
            titles(Task::PARENT.any(Task::CHILDREN.any(Task::TITLE.eq("b")))).await,
            ["b"]
        );
        let counted: Vec<(String, i64, i64)> = Task::query()
            .join(Project, Task::PROJECT_ID.eq(Project::ID))
            .filter(labelled)
            .select((Task::TITLE, Project::TASKS.count(), Task::LABELS.count()))
            .all(db)
            .await
            .unwrap();
        assert_eq!(counted, [("a".to_owned(), 3, 1)]);

        let removed = Task::delete().filter(Task::PARENT.exists()).exec(db).await.unwrap();
        assert_eq!(removed, 1);
        let changed = Task::update()
            .set(Task::VOTES, 9)
            .filter(Task::LABELS.exists())
            .exec(db)
            .await
            .unwrap();
        assert_eq!(changed, 1);
    })
    .await;
}

/// What is sent, on each engine, without one.
#[test]
fn the_statements_of_relations() {
    let mut text = String::new();
    for dialect in dialect::ALL {
        let board = Project::query()
            .with(Project::OWNER)
            .with(
                Project::TASKS
                    .filter(Task::STATUS.ne(TaskStatus::Done))
                    .order_by(Task::NUMBER)
                    .limit(5)
                    .offset(1)
                    .with(Task::LABELS.order_by(Label::NAME)),
            )
            .filter(Project::TASKS.any(Task::CHILDREN.none(Task::LABELS.count().gt(1))));
        let rooms = Room::query().with(Room::DESKS).with(Room::DESKS.limit(1));
        for statement in board
            .render(*dialect)
            .unwrap()
            .into_iter()
            .chain(rooms.render(*dialect).unwrap())
        {
            text.push_str(&format!("-- {}\n{}\n\n", dialect.id(), statement.sql));
        }
    }
    insta::assert_snapshot!(text);
}
