//! Foreign keys that come over values, which must be found out before anything is done: the server takes nothing back.

use kickdb_core::diff::{Backfills, Renames, diff, fill};
use kickdb_core::plan::{Plan, plan_changes};

use super::{Database, assert_same, mysql, planned, text};
use crate::there_and_back::renames;

const OWNERS: &str = "create table owners (id int primary key);";

/// What turns a database that `from` makes into one that `to` makes; `None` where no server is at hand.
async fn between(from: &str, to: &str) -> Option<(Database, Plan)> {
    let mut database = Database::with(from).await?;
    let after = Database::with(to).await?.schema().await;
    let plan = planned(&database.schema().await, &after);
    Some((database, plan))
}

/// Whether a script looks for values before it does anything.
fn looks(script: &kickdb_core::plan::Script) -> bool {
    text(script).starts_with("BEGIN NOT ATOMIC")
}

#[tokio::test]
async fn a_key_to_a_table_that_comes_with_it_fails_before_that_is_made() {
    let pets = "create table pets (id int primary key, owner int);";
    let to = format!(
        "{OWNERS} create table pets (id int primary key, owner int, constraint o foreign key (owner) references owners (id))"
    );
    let Some((mut database, plan)) = between(pets, &to).await else {
        return;
    };
    let before = database.schema().await;
    database
        .execute("insert into pets values (1, 7), (2, 7), (3, 8), (4, null)")
        .await;
    let refused = database.run(&plan.up).await.unwrap_err();
    assert!(
        refused.contains("o: 3 rows of pets have (owner) = (7),(8), and owners is made here and holds no row"),
        "{refused}"
    );
    assert_same(database.schema().await, before.clone(), &plan.up);

    database.execute("update pets set owner = null").await;
    database.run(&plan.up).await.unwrap();
    // The way back looks at nothing: it makes no key.
    database
        .execute("insert into owners values (7); update pets set owner = 7")
        .await;
    database.run(&plan.down).await.unwrap();
    assert_same(database.schema().await, before, &plan.down);
    assert_eq!(
        database.rows("select concat(owner) from pets where id = 1").await,
        ["7"]
    );
}

#[tokio::test]
async fn a_table_that_was_dropped_comes_back_without_the_rows_that_its_keys_point_at() {
    let pets =
        "create table pets (id int primary key, owner int, constraint o foreign key (owner) references owners (id));";
    let from = format!("{OWNERS} {pets} insert into owners values (7); insert into pets values (1, 7)");
    let Some((mut database, plan)) = between(
        &from,
        "create table pets (id int primary key, owner int, key o (owner))",
    )
    .await
    else {
        return;
    };
    let before = database.schema().await;
    database.run(&plan.up).await.unwrap();
    let between = database.schema().await;
    let refused = database.run(&plan.down).await.unwrap_err();
    assert!(refused.contains("1 rows of pets have (owner) = (7)"), "{refused}");
    assert_same(database.schema().await, between, &plan.down);
    database.execute("delete from pets").await;
    database.run(&plan.down).await.unwrap();
    assert_same(database.schema().await, before, &plan.down);
}

#[tokio::test]
async fn a_value_that_points_at_nothing_is_found_under_the_names_that_things_have_before() {
    let from = format!(
        "{OWNERS} insert into owners values (1); \
         create table pets (id int primary key, a int, b int); insert into pets values (1, 1, 5), (2, 3, 6), (3, null, 7)"
    );
    let to = "create table people (number int primary key); \
         create table animals (id int primary key, b int, a int, added int, constraint o foreign key (b) references people (number))";
    let Some(mut database) = Database::with(&from).await else {
        return;
    };
    let after = Database::with(to).await.unwrap().schema().await;
    let before = database.schema().await;
    let said = renames(
        "owners=people people.id=number pets=animals animals.a=b animals.b=a",
        &before,
        &after,
    );
    let plan = kickdb_core::plan::plan(&before, &after, &said, mysql()).unwrap();
    let refused = database.run(&plan.up).await.unwrap_err();
    assert!(
        refused.contains("o: 1 rows of pets have (a) = (3), which is no (id) of owners"),
        "{refused}"
    );
    assert_same(database.schema().await, before.clone(), &plan.up);
    database.execute("delete from pets where id = 2").await;
    database.run(&plan.up).await.unwrap();
    assert_same(database.schema().await, after, &plan.up);
    assert_eq!(
        database
            .rows("select concat(b), concat(a) from animals order by id")
            .await,
        ["1 | 5", "NULL | 7"]
    );
    database.run(&plan.down).await.unwrap();
    assert_same(database.schema().await, before, &plan.down);
}

#[tokio::test]
async fn a_column_that_gets_a_value_in_each_row_has_none_that_a_new_table_holds() {
    let pets = "create table pets (id int primary key); insert into pets values (1)";
    let to = format!(
        "{OWNERS} create table pets (id int primary key, owner int not null, constraint o foreign key (owner) references owners (id))"
    );
    let (Some(mut database), Some(mut after)) = (Database::with(pets).await, Database::with(&to).await) else {
        return;
    };
    let (before, after) = (database.schema().await, after.schema().await);
    let changes = diff(&before, &after, &Renames::default()).changes;
    let (changes, _) = fill(changes, &after, &Backfills::default(), mysql());
    let plan = plan_changes(&before, &changes, mysql()).unwrap();
    let refused = database.run(&plan.up).await.unwrap_err();
    assert!(
        refused.contains("o: 1 rows of pets would point at nothing"),
        "{refused}"
    );
    assert_same(database.schema().await, before, &plan.up);
    database.execute("delete from pets").await;
    database.run(&plan.up).await.unwrap();
    assert_same(database.schema().await, after, &plan.up);
}

#[tokio::test]
async fn nothing_is_looked_for_where_no_value_can_be_in_the_way() {
    let other = "create table other (id int primary key);";
    for (from, to) in [
        // The column is new, and NULL in each row.
        (
            "create table pets (id int primary key)".to_owned(),
            format!("{OWNERS} create table pets (id int primary key, owner int, constraint o foreign key (owner) references owners (id))"),
        ),
        // The table is new.
        (
            other.to_owned(),
            format!("{other} {OWNERS} create table pets (id int primary key, owner int, constraint o foreign key (owner) references owners (id))"),
        ),
        // The key was there, and is away while what it rests on changes.
        (
            format!("{OWNERS} create table pets (id int primary key, owner int, constraint o foreign key (owner) references owners (id))"),
            "create table owners (id bigint primary key); create table pets (id int primary key, owner bigint, constraint o foreign \
             key (owner) references owners (id) on delete cascade)"
                .to_owned(),
        ),
        // The server itself fails before anything is done.
        (
            format!("{OWNERS} create table pets (id int primary key, owner int, key x (owner))"),
            format!("{OWNERS} create table pets (id int primary key, owner int, key x (owner), constraint o foreign key (owner) references owners (id))"),
        ),
    ] {
        let Some((mut database, plan)) = between(&from, &to).await else {
            return;
        };
        assert!(!looks(&plan.up), "{}", text(&plan.up));
        let before = database.schema().await;
        database.run(&plan.up).await.unwrap();
        database.run(&plan.down).await.unwrap();
        assert_same(database.schema().await, before, &plan.down);
    }
}
