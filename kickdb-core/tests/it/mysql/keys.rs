//! Foreign keys and the indexes that they rest on.

use super::{Database, planned, text, there_and_back};

#[tokio::test]
async fn an_index_stays_while_a_foreign_key_over_it_changes() {
    let before = "create table p (id int primary key); \
                  create table t (id int primary key, a int, b int, c int, key i (b), unique u (c), constraint j foreign key (a) references p (id), \
                  constraint k foreign key (b) references p (id), constraint l foreign key (c) references p (id), \
                  constraint m foreign key (b, a) references s (x, y)); \
                  insert into p values (1); insert into s values (1, 1); insert into t values (1, 1, 1, 1)";
    let before = format!("create table s (x int, y int, primary key (x, y)); {before}");
    let after = before
        .replace("references p (id)", "references p (id) on delete cascade")
        .replace("references s (x, y)", "references s (x, y) on update cascade")
        .replace("key i (b),", "key i (b), key other (id, c),");
    let after = after.split("insert").next().unwrap();
    let Some(up) = there_and_back(&before, after).await else {
        return;
    };
    assert!(!up.contains("DROP INDEX") && !up.contains("ADD KEY `i`"), "{up}");
    assert_eq!(up.matches("FOREIGN KEY").count(), 8, "{up}");
}

#[tokio::test]
async fn an_index_stays_while_another_foreign_key_of_the_table_comes() {
    let before =
        "create table p (id int primary key); create table t (id int primary key, a int, b int, key a (a), key b (b))";
    let after = before.replace("key a (a)", "key a (a), constraint k foreign key (a) references p (id)");
    let Some(up) = there_and_back(before, &after).await else {
        return;
    };
    assert!(!up.contains("`b`"), "{up}");
}

/// The server made the index `l` for a foreign key of that name, and would let it go for the one that `k` would get.
#[tokio::test]
async fn an_index_that_the_server_made_outlives_its_foreign_key_and_changes_of_another_one() {
    let both = "create table p (id int primary key); create table t (id int primary key, a int, \
                constraint k foreign key (a) references p (id), constraint l foreign key (a) references p (id))";
    let one = "create table p (id int primary key); create table t (id int primary key, a int, \
               key l (a), constraint k foreign key (a) references p (id))";
    let changed = one.replace("references p (id))", "references p (id) on delete cascade)");
    for (first, second) in [(one.to_owned(), changed.clone()), (changed, one.to_owned())] {
        let Some(mut database) = Database::with(both).await else {
            return;
        };
        for to in [first, second] {
            let after = Database::with(&to).await.unwrap().schema().await;
            let plan = planned(&database.schema().await, &after);
            database.run(&plan.up).await.unwrap();
            assert_eq!(database.schema().await, after, "{}", text(&plan.up));
        }
    }
}
