//! What the compiler takes.

use kickdb_core::query::{Condition, Expression, InsertColumns, Query, Table, all_of, any_of, count};
use uuid::Uuid;

use super::expanded::{Task, TaskNumber, TaskStatus};

#[test]
fn an_insert_is_complete_in_any_order() {
    let row = Task::insert()
        .title("x")
        .parent_id(None)
        .number(TaskNumber(1))
        .project_id(Uuid::nil())
        .parent_id(Uuid::nil());
    assert!(!format!("{:?}", row.into_row()).is_empty());
}

#[test]
fn conditions_over_one_table_fit_in_one_list() {
    let open: Vec<Condition<Task>> = vec![
        Task::STATUS.ne(TaskStatus::Done),
        Task::TITLE.contains("x") | Task::DONE.eq(false),
        Task::PARENT_ID.eq(Task::ID).over(),
        any_of([Task::NUMBER.eq(TaskNumber(1)), Task::PARENT_ID.is_null()]),
    ];
    let query: Query<Task, _> = Task::query()
        .filter(all_of(open))
        .filter(Some(3).map(|number| Task::NUMBER.gt(TaskNumber(number))))
        .filter(Task::DONE)
        .order_by((Task::TITLE.desc(), Task::ID));
    let _: Query<(TaskStatus, i64), _> = query.group_by(Task::STATUS).select((Task::STATUS, count(Task::ID)));
}
