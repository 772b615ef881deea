use kickdb::dialect::{Dialect, by_name};
use kickdb::prelude::*;
use uuid::Uuid;

use crate::model::{Label, Project, Task, TaskLabel, TaskNumber, TaskStatus};

fn each(render: impl Fn(&dyn Dialect) -> String) -> String {
    ["postgres", "sqlite", "mysql"]
        .map(|name| format!("-- {name}\n{}", render(by_name(name).unwrap())))
        .join("\n")
}

#[test]
fn conditions_and_order() {
    let query = Label::query()
        .filter((Label::NAME.contains("50%") | Label::ID.in_([1, 2])) & Label::NAME.ne("x"))
        .filter(not(Label::NAME.ilike("a_b")))
        .order_by((Label::NAME.desc().nulls_last(), Label::ID))
        .limit(10)
        .offset(20);
    insta::assert_snapshot!(each(|dialect| query.clone().render(dialect).unwrap().sql), @r#"
    -- postgres
    SELECT "id", "name" FROM "label" WHERE ("name" LIKE $1 ESCAPE '\' OR "id" IN ($2, $3)) AND "name" <> $4 AND NOT ("name" ILIKE $5 ESCAPE '\') ORDER BY "name" DESC NULLS LAST, "id" LIMIT 10 OFFSET 20
    -- sqlite
    SELECT "id", "name" FROM "label" WHERE ("name" GLOB ? OR "id" IN (?, ?)) AND "name" <> ? AND NOT ("name" LIKE ? ESCAPE '\') ORDER BY "name" DESC NULLS LAST, "id" LIMIT 10 OFFSET 20
    -- mysql
    SELECT `id`, `name` FROM `label` WHERE (`name` LIKE BINARY ? OR `id` IN (?, ?)) AND `name` <> ? AND NOT (lower(`name`) LIKE lower(?)) ORDER BY `name` IS NULL, `name` DESC, `id` LIMIT 10 OFFSET 20
    "#);
}

#[test]
fn joins_and_groups() {
    let query = Project::query()
        .left_join(Task, Task::PROJECT_ID.eq(Project::ID))
        .filter(Task::STATUS.ne(TaskStatus::Done))
        .group_by(Project::NAME)
        .having(count_all().gt(1))
        .select((Project::NAME, sum(Task::VOTES)));
    insta::assert_snapshot!(each(|dialect| query.clone().render(dialect).unwrap().sql), @r#"
    -- postgres
    SELECT "projects"."name", CAST(sum("tasks"."votes") AS bigint) FROM "projects" LEFT JOIN "tasks" ON "tasks"."project_id" = "projects"."id" WHERE "tasks"."status" <> $1::text::"task_status" GROUP BY "projects"."name" HAVING count(*) > $2
    -- sqlite
    SELECT "projects"."name", CAST(sum("tasks"."votes") AS integer) FROM "projects" LEFT JOIN "tasks" ON "tasks"."project_id" = "projects"."id" WHERE "tasks"."status" <> ? GROUP BY "projects"."name" HAVING count(*) > ?
    -- mysql
    SELECT `projects`.`name`, CAST(sum(`tasks`.`votes`) AS signed) FROM `projects` LEFT JOIN `tasks` ON `tasks`.`project_id` = `projects`.`id` WHERE `tasks`.`status` <> ? GROUP BY `projects`.`name` HAVING count(*) > ?
    "#);
    insta::assert_snapshot!(each(|dialect| query.clone().render_count(dialect).unwrap().sql), @r#"
    -- postgres
    SELECT count(*) FROM (SELECT "projects"."name" AS "c0", CAST(sum("tasks"."votes") AS bigint) AS "c1" FROM "projects" LEFT JOIN "tasks" ON "tasks"."project_id" = "projects"."id" WHERE "tasks"."status" <> $1::text::"task_status" GROUP BY "projects"."name" HAVING count(*) > $2) AS "counted"
    -- sqlite
    SELECT count(*) FROM (SELECT "projects"."name" AS "c0", CAST(sum("tasks"."votes") AS integer) AS "c1" FROM "projects" LEFT JOIN "tasks" ON "tasks"."project_id" = "projects"."id" WHERE "tasks"."status" <> ? GROUP BY "projects"."name" HAVING count(*) > ?) AS "counted"
    -- mysql
    SELECT count(*) FROM (SELECT `projects`.`name` AS `c0`, CAST(sum(`tasks`.`votes`) AS signed) AS `c1` FROM `projects` LEFT JOIN `tasks` ON `tasks`.`project_id` = `projects`.`id` WHERE `tasks`.`status` <> ? GROUP BY `projects`.`name` HAVING count(*) > ?) AS `counted`
    "#);
}

#[test]
fn writes() {
    let link = TaskLabel {
        task_id: Uuid::nil(),
        label_id: 1,
    };
    let insert = TaskLabel::insert_many([&link, &link])
        .on_conflict((TaskLabel::TASK_ID, TaskLabel::LABEL_ID))
        .do_nothing();
    insta::assert_snapshot!(each(|dialect| insert.clone().render(dialect, true).unwrap().remove(0).sql), @r#"
    -- postgres
    INSERT INTO "task_label" ("task_id", "label_id") VALUES ($1, $2), ($3, $4) ON CONFLICT ("task_id", "label_id") DO NOTHING RETURNING "task_id", "label_id"
    -- sqlite
    INSERT INTO "task_label" ("task_id", "label_id") VALUES (?, ?), (?, ?) ON CONFLICT ("task_id", "label_id") DO NOTHING RETURNING "task_id", "label_id"
    -- mysql
    INSERT IGNORE INTO `task_label` (`task_id`, `label_id`) VALUES (?, ?), (?, ?) RETURNING `task_id`, `label_id`
    "#);
    let update = Task::update()
        .set(Task::STATUS, TaskStatus::Done)
        .set_to(Task::VOTES, Task::VOTES.plus(1).times(2))
        .filter(Task::NUMBER.eq(TaskNumber(1)));
    insta::assert_snapshot!(each(|dialect| update.clone().render(dialect, false).unwrap().sql), @r#"
    -- postgres
    UPDATE "tasks" SET "status" = $1::text::"task_status", "votes" = ("votes" + $2) * $3 WHERE "number" = $4
    -- sqlite
    UPDATE "tasks" SET "status" = ?, "votes" = ("votes" + ?) * ? WHERE "number" = ?
    -- mysql
    UPDATE `tasks` SET `status` = ?, `votes` = (`votes` + ?) * ? WHERE `number` = ?
    "#);
    let delete = TaskLabel::delete().all_rows();
    insta::assert_snapshot!(each(|dialect| delete.clone().render(dialect, false).unwrap().sql), @r#"
    -- postgres
    DELETE FROM "task_label"
    -- sqlite
    DELETE FROM "task_label"
    -- mysql
    DELETE FROM `task_label`
    "#);
}

#[test]
fn writes_by_other_tables() {
    let update = Task::update()
        .join(Project, Task::PROJECT_ID.eq(Project::ID))
        .set_to(Task::TITLE, Project::NAME)
        .filter(Project::NAME.ne("x"));
    insta::assert_snapshot!(each(|dialect| update.clone().render(dialect, false).unwrap().sql), @r#"
    -- postgres
    UPDATE "tasks" SET "title" = "projects"."name" FROM "projects" WHERE "tasks"."project_id" = "projects"."id" AND "projects"."name" <> $1
    -- sqlite
    UPDATE "tasks" SET "title" = "projects"."name" FROM "projects" WHERE "tasks"."project_id" = "projects"."id" AND "projects"."name" <> ?
    -- mysql
    UPDATE `tasks` JOIN `projects` ON `tasks`.`project_id` = `projects`.`id` SET `tasks`.`title` = `projects`.`name` WHERE `projects`.`name` <> ?
    "#);
    let delete = TaskLabel::delete()
        .using(Task, TaskLabel::TASK_ID.eq(Task::ID))
        .using(Project, Task::PROJECT_ID.eq(Project::ID))
        .filter(Project::NAME.eq("x"));
    insta::assert_snapshot!(each(|dialect| delete.clone().render(dialect, false).unwrap().sql), @r#"
    -- postgres
    DELETE FROM "task_label" USING "tasks", "projects" WHERE "task_label"."task_id" = "tasks"."id" AND "tasks"."project_id" = "projects"."id" AND "projects"."name" = $1
    -- sqlite
    DELETE FROM "task_label" WHERE EXISTS (SELECT 1 FROM "tasks" CROSS JOIN "projects" WHERE "task_label"."task_id" = "tasks"."id" AND "tasks"."project_id" = "projects"."id" AND "projects"."name" = ?)
    -- mysql
    DELETE `task_label` FROM `task_label` JOIN `tasks` ON `task_label`.`task_id` = `tasks`.`id` JOIN `projects` ON `tasks`.`project_id` = `projects`.`id` WHERE `projects`.`name` = ?
    "#);
    insta::assert_snapshot!(each(|dialect| delete.clone().render(dialect, true).unwrap().sql), @r#"
    -- postgres
    DELETE FROM "task_label" USING "tasks", "projects" WHERE "task_label"."task_id" = "tasks"."id" AND "tasks"."project_id" = "projects"."id" AND "projects"."name" = $1 RETURNING "task_label"."task_id", "task_label"."label_id"
    -- sqlite
    DELETE FROM "task_label" WHERE EXISTS (SELECT 1 FROM "tasks" CROSS JOIN "projects" WHERE "task_label"."task_id" = "tasks"."id" AND "tasks"."project_id" = "projects"."id" AND "projects"."name" = ?) RETURNING "task_label"."task_id", "task_label"."label_id"
    -- mysql
    DELETE FROM `task_label` WHERE EXISTS (SELECT 1 FROM `tasks` CROSS JOIN `projects` WHERE `task_label`.`task_id` = `tasks`.`id` AND `tasks`.`project_id` = `projects`.`id` AND `projects`.`name` = ?) RETURNING `task_label`.`task_id`, `task_label`.`label_id`
    "#);
}

#[test]
fn groups_by_what_is_computed_with_a_value() {
    let query = Task::query()
        .filter(Task::VOTES.gt(2))
        .group_by(Task::VOTES.remainder(2))
        .order_by(Task::VOTES.remainder(2))
        .select((Task::VOTES.remainder(2), count_all()));
    insta::assert_snapshot!(each(|dialect| query.clone().render(dialect).unwrap().sql), @r#"
    -- postgres
    SELECT ("votes" % nullif($1, 0)), count(*) FROM "tasks" WHERE "votes" > $2 GROUP BY ("votes" % nullif($1, 0)) ORDER BY ("votes" % nullif($1, 0))
    -- sqlite
    SELECT ("votes" % nullif(?, 0)), count(*) FROM "tasks" WHERE "votes" > ? GROUP BY ("votes" % nullif(?, 0)) ORDER BY ("votes" % nullif(?, 0))
    -- mysql
    SELECT (`votes` % nullif(?, 0)), count(*) FROM `tasks` WHERE `votes` > ? GROUP BY (`votes` % nullif(?, 0)) ORDER BY (`votes` % nullif(?, 0))
    "#);
}
