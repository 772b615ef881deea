//! Views that read what is gone: the server keeps them, and no statement makes them.

use kickdb_core::dialect::live::{told, usual};
use kickdb_core::diff::Renames;
use kickdb_core::plan::plan;

use super::{Database, mysql, text};

/// What `diff` between two databases comes to, and what it leaves alone in the second one.
async fn between(from: &str, to: &str) -> Option<(Database, String, Vec<String>)> {
    let (mut from, mut to) = (Database::with(from).await?, Database::with(to).await?);
    let (mut before, mut after) = (
        told(&mut *from.connection).await.unwrap(),
        told(&mut *to.connection).await.unwrap(),
    );
    let there = usual(&mut *from.connection).await.unwrap().unwrap();
    let own = usual(&mut *to.connection).await.unwrap().unwrap();
    mysql().meet(&mut before, &mut after, [&there, &own]);
    let broken = mysql().set_broken_aside(&before, &mut after);
    let plan = plan(&before, &after, &Renames::default(), mysql()).unwrap();
    from.run(&plan.up).await.unwrap();
    Some((from, text(&plan.up), broken))
}

const GONE: &str = "create table o (id int primary key, n int); create view v as select id, n from o where n > 1; \
                    create view w as select id, 'x' as c from v; create table p (id int primary key, z int); ";

#[tokio::test]
async fn a_broken_view_is_told_and_not_made() {
    for breaks in ["alter table o drop column n", "drop table o"] {
        let to = format!("{GONE}{breaks}");
        let Some((_, sql, broken)) = between("create table p (id int primary key)", &to).await else {
            return;
        };
        assert!(!sql.contains("VIEW") && sql.contains("ADD COLUMN `z`"), "{sql}");
        assert_eq!(
            broken,
            [
                "view v, which reads what is not there",
                "view w, which reads what is not there"
            ]
        );
    }
}

#[tokio::test]
async fn a_view_that_is_broken_on_both_sides_is_no_difference() {
    for breaks in ["alter table o drop column n", "drop table o"] {
        let to = format!("{GONE}{breaks}");
        let Some((_, sql, _)) = between(&to.replace(", z int", ""), &to).await else {
            return;
        };
        assert_eq!(sql, "ALTER TABLE `p` ADD COLUMN `z` int");
    }
}

#[tokio::test]
async fn a_view_that_is_broken_on_one_side_alone_is_mended_and_goes() {
    let broken = format!("{GONE}alter table o drop column n");
    for (to, left) in [(GONE, "2"), ("create table p (id int primary key)", "0")] {
        let Some((mut database, _, told)) = between(&broken, to).await else {
            return;
        };
        assert!(told.is_empty(), "{told:?}");
        let views = "select concat(count(distinct table_name)) from information_schema.columns \
                     where table_schema = database() and table_name in ('v', 'w')";
        assert_eq!(database.rows(views).await, [left]);
    }
}
