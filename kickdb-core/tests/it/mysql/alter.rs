//! Tables that change, with rows in them.

use kickdb_core::dialect::live::usual;
use kickdb_core::diff::{Backfills, Change, OwnValues, Part, Renames, TableChange, diff, fill};
use kickdb_core::ident::Qualified;
use kickdb_core::ir::{Enum, Schema};
use kickdb_core::plan::{plan, plan_changes};

use super::{Database, assert_same, mysql, name, planned, table, text, there_and_back};

/// Parents and children with rows, as a start.
const FROM: &str = "
create table p (id int primary key, code varchar(20) not null, unique key p_code (code));
create table c (id int primary key auto_increment, p_id int not null, q int, note varchar(100) default 'x', amount decimal(10,2),
  at datetime(6), state enum('todo','done') not null default 'todo',
  constraint c_p foreign key (p_id) references p (id), constraint q_small check (q < 100), key c_q (q));
insert into p values (1, 'one'), (2, 'two');
insert into c (p_id, q, amount, at) values (1, 5, 1.50, '2020-01-01 10:00:00'), (2, null, 2.00, null)";

async fn from_to(to: &str) {
    there_and_back(FROM, to).await;
}

fn child(columns: &str) -> String {
    format!(
        "create table p (id int primary key, code varchar(20) not null, unique key p_code (code));
         create table c (id int primary key auto_increment, p_id int not null, q int, note varchar(100) default 'x', amount decimal(10,2),
         at datetime(6), state enum('todo','done') not null default 'todo', {columns})"
    )
}

#[tokio::test]
async fn keys_and_checks_change_under_their_names() {
    let fk = "constraint c_p foreign key (p_id) references p (id)";
    for rest in [
        // Nothing but the foreign key, other actions, another check, another index of the same name.
        fk.to_owned(),
        format!("{fk} on delete cascade, constraint q_small check (q < 100), key c_q (q)"),
        format!("{fk}, constraint q_small check (q < 99 or q is null), key c_q (q desc, note)"),
        // The index that the foreign key makes gives way to another one, and the other way round.
        format!("{fk}, constraint q_small check (q < 100), key c_q (q), key c_p_q (p_id, q)"),
        "constraint q_small check (q < 100), key c_q (q)".to_owned(),
        "constraint q_small check (q < 100), unique key c_q (q)".to_owned(),
        format!("{fk}, check (p_id > 0), unique key both_of (p_id, q), fulltext key words (note), key part (note(10))"),
    ] {
        from_to(&child(&rest)).await;
    }
}

#[tokio::test]
async fn a_key_under_foreign_keys_takes_another_type() {
    let to = FROM
        .replace("id int primary key", "id bigint primary key")
        .replace("p_id int", "p_id bigint");
    let to = &to[..to.find("insert").unwrap()];
    from_to(to).await;
}

#[tokio::test]
async fn columns_change_and_keep_their_values() {
    let to = "
        create table p (id int primary key, code varchar(200) not null comment 'the code' collate utf8mb4_bin, unique key p_code (code));
        create table c (id bigint primary key auto_increment, p_id int not null, q bigint default 7, note text, amount decimal(12,3),
          at datetime(6) default current_timestamp(6) on update current_timestamp(6), state enum('todo','done','late'),
          twice int as (q * 2) virtual, more json default '{}', own int check (own > 0),
          constraint c_p foreign key (p_id) references p (id), constraint q_small check (q < 100), key c_q (q)) comment 'children'";
    from_to(to).await;
    let Some(mut database) = Database::with(FROM).await else {
        return;
    };
    let before = database.schema().await;
    let after = Database::with(to).await.unwrap().schema().await;
    let plan = planned(&before, &after);
    let ask =
        "select cast(id as char), cast(q as char), cast(amount as double), cast(at as char), state from c order by id";
    let rows = database
        .rows(&ask.replace("cast(amount as double)", "cast(cast(amount as double) as char)"))
        .await;
    database.run(&plan.up).await.unwrap();
    database.run(&plan.down).await.unwrap();
    let kept = database
        .rows(&ask.replace("cast(amount as double)", "cast(cast(amount as double) as char)"))
        .await;
    assert_eq!(kept, rows);
    assert_eq!(rows[0], "1 | 5 | 1.5 | 2020-01-01 10:00:00.000000 | todo");
}

#[tokio::test]
async fn generated_columns_and_their_keys_are_made_anew() {
    there_and_back(
        "create table t (id int primary key, a int, b int as (a + 1) stored, c int as (a + 2) virtual, d int, key t_b (b), key t_c (c, a))",
        "create table t (id int primary key, a int, b int as (a + 5) stored, c int, d int as (a * 2) virtual, key t_b (b), key t_c (c, a))",
    )
    .await;
}

#[tokio::test]
async fn counting_starts_and_stops_with_its_key() {
    there_and_back(
        "create table t (id int not null, b int)",
        "create table t (id int not null auto_increment primary key, b int)",
    )
    .await;
    there_and_back(
        "create table t (a int not null auto_increment primary key, b int not null)",
        "create table t (a int not null, b int not null auto_increment, primary key (b, a))",
    )
    .await;
}

#[tokio::test]
async fn tables_that_point_at_each_other_come_and_go() {
    there_and_back(
        "create table x (id int primary key)",
        "create table a (id int primary key, b int); create table b (id int primary key, a int, constraint b_a foreign key (a) references a (id));
         alter table a add constraint a_b foreign key (b) references b (id)",
    )
    .await;
}

#[tokio::test]
async fn options_and_collations_change() {
    there_and_back(
        "create table t (id int primary key, a varchar(20), b varchar(20) collate utf8mb4_bin, c int)",
        "create table t (id int primary key, a varchar(20), b varchar(20) collate utf8mb4_bin, c int) collate utf8mb4_unicode_ci row_format = compressed",
    )
    .await;
    there_and_back("create table t (id int) engine = Aria", "create table t (id int)").await;
}

#[tokio::test]
async fn renames_keep_what_is_in_the_column() {
    let Some(mut database) = Database::with(FROM).await else {
        return;
    };
    let before = database.schema().await;
    let to = FROM[..FROM.find("insert").unwrap()]
        .replace("p_id", "parent")
        .replace("q ", "quantity ")
        .replace("(q)", "(quantity)")
        .replace("create table c", "create table kids");
    let after = Database::with(&to).await.unwrap().schema().await;
    let kids = kickdb_core::ident::Qualified::local(name("kids"));
    let mut renames = Renames::default();
    renames.tables.insert(kids.sibling(name("c")), kids.clone());
    for (old, new) in [("p_id", "parent"), ("q", "quantity")] {
        renames.columns.insert((kids.clone(), name(old)), name(new));
    }
    let plan = plan(&before, &after, &renames, mysql()).unwrap();
    database.run(&plan.up).await.unwrap();
    assert_same(database.schema().await, after, &plan.up);
    assert_eq!(
        database
            .rows("select cast(parent as char), cast(quantity as char) from kids order by id")
            .await,
        ["1 | 5", "2 | NULL"]
    );
    database.run(&plan.down).await.unwrap();
    assert_same(database.schema().await, before, &plan.down);
}

/// Changes that cannot hold for the rows fail before anything is lost.
#[tokio::test]
async fn what_rows_do_not_allow_fails_and_changes_no_row() {
    for (column, to) in [
        ("note varchar(100)", "note varchar(2)"),
        ("q int", "q int not null"),
        ("amount decimal(10,2)", "amount int"),
        ("amount decimal(10,2)", "amount decimal(10,1)"),
        ("at datetime(6)", "at date"),
        ("'todo','done'", "'done','late'"),
        ("note varchar(100) default 'x'", "note int"),
        ("q int,", "q int, new_one int not null,"),
    ] {
        let Some(mut database) = Database::with(FROM).await else {
            return;
        };
        database
            .execute("update c set note = 'long enough', amount = 1.55, at = '2020-01-01 10:00:00.5'")
            .await;
        let ask = "select cast(id as char), note, cast(q as char), cast(amount as char), cast(at as char), state from c order by id";
        let rows = database.rows(ask).await;
        let before = database.schema().await;
        let sql = FROM[..FROM.find("insert").unwrap()]
            .replace(column, to)
            .replace("default 'todo'", "default 'done'");
        let after = Database::with(&sql).await.unwrap().schema().await;
        assert_ne!(before, after, "{to}");
        let plan = planned(&before, &after);
        let error = database.run(&plan.up).await.expect_err(to);
        assert!(error.contains("ALTER TABLE"), "{error}");
        assert_eq!(database.rows(ask).await, rows, "{to}");
    }
}

#[tokio::test]
async fn nothing_is_left_to_do_after_a_run() {
    let Some(mut database) = Database::with(FROM).await else {
        return;
    };
    let schema = database.schema().await;
    assert!(diff(&schema, &schema, &Renames::default()).changes.is_empty());
    let plan = planned(&schema, &Schema::default());
    assert!(plan.changes.iter().any(|change| matches!(change, Change::DropTable(_))));
    let early = |change: &Change| matches!(change, Change::AlterTable { changes, .. } if changes.iter().any(|c| matches!(c, TableChange::DropPart(Part::ForeignKey(_)))));
    assert!(
        !plan.changes.iter().any(early),
        "a child is dropped before its parent: no key must go before"
    );
    database.run(&plan.up).await.unwrap();
    assert!(database.schema().await.is_empty());
}

#[tokio::test]
async fn a_columns_own_check_goes_with_it() {
    there_and_back(
        "create table t (id int primary key, a int check (a > 0), b int)",
        "create table t (id int primary key, a int, b int check (b > 1), constraint rest check (a > b))",
    )
    .await;
}

#[tokio::test]
async fn indexes_exchange_their_names() {
    let keys = |one: &str, other: &str| {
        format!(
            "create table t (id int primary key, a int, b int, key `one` ({one}), unique key `two` ({other}));
             insert into t values (1, 2, 3)"
        )
    };
    there_and_back(
        &keys("a", "b"),
        &keys("b", "a")
            .replace(" unique", "")
            .replace("key `one`", "unique key `one`"),
    )
    .await;
}

#[tokio::test]
async fn a_plain_value_comes_beside_a_foreign_key_that_goes() {
    let parents = "create table p (id int primary key, code int, unique key u (code)); insert into p values (1, 1);";
    let from = format!(
        "{parents} create table c (id int primary key, p int, constraint f foreign key (p) references p (code));
         insert into c values (1, 1)"
    );
    let to = "create table p (id int primary key, code bigint, other int not null, unique key u (code, other));
        create table c (id int primary key, p bigint, name varchar(20) not null, at timestamp(3) not null, price decimal(8,2) not null,
          state enum('a','b') not null, data json not null)";
    let Some(mut database) = Database::with(&from).await else {
        return;
    };
    let before = database.schema().await;
    let after = Database::with(to).await.unwrap().schema().await;
    let changes = diff(&before, &after, &Renames::default()).changes;
    let (changes, filled) = fill(changes, &after, &Backfills::default(), mysql());
    assert_eq!(filled.len(), 6);
    let plan = plan_changes(&before, &changes, mysql()).unwrap();
    database.run(&plan.up).await.unwrap();
    assert_same(database.schema().await, after, &plan.up);
    let row = "select concat_ws('|', p, name, price, state, data) from c";
    assert_eq!(database.rows(row).await, ["1||0.00|a|{}"]);
    database.run(&plan.down).await.unwrap();
    assert_same(database.schema().await, before, &plan.down);
}

#[tokio::test]
async fn keys_that_come_get_other_values_in_each_row_and_foreign_keys_a_row_that_is_there() {
    let from = "create table people (id int primary key, name varchar(20)); create table tasks (title varchar(20));
        insert into people values (8, 'b'), (7, 'a'); insert into tasks values ('one'), ('two'), ('three')";
    let to = "create table people (id int primary key, name varchar(20), boss int not null, constraint b foreign key (boss) references people (id));
        create table tasks (title varchar(20), id smallint primary key, label varchar(20) not null unique, owner int not null,
          constraint o foreign key (owner) references people (id))";
    let (Some(mut database), Some(mut after)) = (Database::with(from).await, Database::with(to).await) else {
        return;
    };
    let (before, after) = (database.schema().await, after.schema().await);
    let changes = diff(&before, &after, &Renames::default()).changes;
    let (changes, _) = fill(changes, &after, &Backfills::default(), mysql());
    let plan = plan_changes(&before, &changes, mysql()).unwrap();
    database.run(&plan.up).await.unwrap();
    assert_same(database.schema().await, after, &plan.up);
    let rows = "select concat_ws('|', count(distinct t.id), count(distinct label), max(owner), max(boss)) from tasks t, people";
    assert_eq!(database.rows(rows).await, ["3|3|7|7"]);
    database.run(&plan.down).await.unwrap();
    assert_same(database.schema().await, before, &plan.down);
}

#[tokio::test]
async fn no_two_rows_are_alike_in_a_key_that_comes() {
    let from = "create table person (id int primary key); create table profile (id int primary key, bio text);
        create table role (person int, name int, primary key (person, name)); create table page (id int primary key, title varchar(9));
        insert into person values (5), (9), (11); insert into profile values (1, 'x'), (2, 'y');
        insert into role values (5, 1), (5, 2); insert into page values (1, 'a'), (2, 'b');
        create table seat (note varchar(9)); insert into seat values ('s'), ('t')";
    let to = "create table person (id int primary key);
        create table profile (person int primary key, bio text, constraint p foreign key (person) references person (id));
        create table role (person int, number int not null, primary key (person, number));
        create table page (id int primary key, title varchar(9), site int not null, hash binary(16) not null unique, at datetime(3) not null unique,
          day date not null unique, weight double not null unique, token uuid not null unique, unique key s (site, id));
        create table seat (note varchar(9), person int auto_increment primary key, constraint s foreign key (person) references person (id))";
    let (Some(mut database), Some(mut after)) = (Database::with(from).await, Database::with(to).await) else {
        return;
    };
    let (before, after) = (database.schema().await, after.schema().await);
    let changes = diff(&before, &after, &Renames::default()).changes;
    let (changes, _) = fill(changes, &after, &Backfills::default(), mysql());
    let plan = plan_changes(&before, &changes, mysql()).unwrap();
    database.run(&plan.up).await.unwrap();
    assert_same(database.schema().await, after.clone(), &plan.up);
    let rows = "select concat_ws('|', bio, person) from profile union select concat_ws('|', title, site) from page
        union select concat_ws('|', note, person) from seat order by 1";
    assert_eq!(database.rows(rows).await, ["a|0", "b|0", "s|5", "t|9", "x|5", "y|9"]);
    let changes = diff(&after, &before, &Renames::default()).changes;
    let (changes, _) = fill(changes, &before, &Backfills::default(), mysql());
    let back = plan_changes(&after, &changes, mysql()).unwrap().up;
    database.run(&back).await.unwrap();
    assert_same(database.schema().await, before, &back);
}

#[tokio::test]
async fn rows_get_values_while_the_key_of_a_counter_changes() {
    let from = "create table t (id int not null auto_increment primary key, a char(4) not null, b varchar(9), key ba (b(2), a));
        create table u (id int not null auto_increment, a int, unique key (id));
        insert into t values (1, 'a', null); insert into u values (1, null)";
    let to = r"create table t (id int not null auto_increment, a char(5) not null, b varchar(9) not null default 'x\\y',
          p point not null, primary key (id, a), key ba (b(3), a), spatial key (p));
        create table u (id int not null auto_increment, a int not null default 7, primary key (id, a))";
    let (Some(mut database), Some(mut after)) = (Database::with(from).await, Database::with(to).await) else {
        return;
    };
    let (before, after) = (database.schema().await, after.schema().await);
    let changes = diff(&before, &after, &Renames::default()).changes;
    let (changes, _) = fill(changes, &after, &Backfills::default(), mysql());
    let plan = plan_changes(&before, &changes, mysql()).unwrap();
    database.run(&plan.up).await.unwrap();
    assert_same(database.schema().await, after, &plan.up);
    let rows = "select concat_ws('|', t.b, u.a, st_astext(p)) from t join u using (id)";
    assert_eq!(database.rows(rows).await, [r"x\y|7|POINT(0 0)"]);
}

#[tokio::test]
async fn a_column_begins_to_count_in_a_key_whose_other_column_gets_values() {
    let from = "create table a (d int not null, a int); create table b (d int not null);
        create table c (a int not null) engine=myisam; create table d (b varchar(20), a int, key k10 (a, b));
        create table e (a int); create table f (d int not null default 3, a int, key (d));
        insert into a values (4, 7), (0, null); insert into b values (5); insert into c values (6);
        insert into d values ('x', 1); insert into e values (9); insert into f values (3, null)";
    let to = "create table a (d int not null auto_increment, a int not null default 8, primary key (d, a));
        create table b (d int not null auto_increment, a int not null, primary key (d, a));
        create table c (a int not null auto_increment, c int not null, primary key (c, a)) engine=myisam;
        create table d (b blob, a bigint unsigned not null auto_increment, c varchar(20) not null, primary key (a, c));
        create table e (d int not null auto_increment, a int not null default 8, primary key (d, a));
        create table f (d bigint not null auto_increment, a int not null default 8, primary key (a, d), key (d))";
    let (Some(mut database), Some(mut after)) = (Database::with(from).await, Database::with(to).await) else {
        return;
    };
    let (before, after) = (database.schema().await, after.schema().await);
    let changes = diff(&before, &after, &Renames::default()).changes;
    let (changes, _) = fill(changes, &after, &Backfills::default(), mysql());
    let plan = plan_changes(&before, &changes, mysql()).unwrap();
    database.run(&plan.up).await.unwrap();
    assert_same(database.schema().await, after, &plan.up);
    let rows = "select concat_ws('|', 'a', d, a) from a union select concat_ws('|', 'b', d) from b
        union select concat_ws('|', 'c', a) from c union select concat_ws('|', 'd', b, a) from d
        union select concat_ws('|', 'e', d, a) from e union select concat_ws('|', 'f', d, a) from f order by 1";
    let kept = ["a|0|8", "a|4|7", "b|5", "c|6", "d|x|1", "e|1|9", "f|3|8"];
    assert_eq!(database.rows(rows).await, kept, "{}", text(&plan.up));
    database.run(&plan.down).await.unwrap();
    assert_same(database.schema().await, before, &plan.down);
}

#[tokio::test]
async fn the_present_time_is_put_nowhere_for_null() {
    let from = "CREATE TABLE t (id int PRIMARY KEY, a timestamp NULL, b datetime(3) NULL)";
    let to = "CREATE TABLE t (id int PRIMARY KEY, a timestamp NOT NULL DEFAULT '2020-01-01 00:00:00', b timestamp NOT NULL DEFAULT now())";
    let (Some(mut database), Some(mut after)) = (Database::with(from).await, Database::with(to).await) else {
        return;
    };
    database.execute("INSERT INTO t (id) VALUES (1)").await;
    let plan = planned(&database.schema().await, &after.schema().await);
    let error = database.run(&plan.up).await.unwrap_err();
    assert!(error.contains("a_is_kept"), "{error}");
    assert_eq!(
        database
            .rows("SELECT concat(id, ifnull(a, '-'), ifnull(b, '-')) FROM t")
            .await,
        ["1--"]
    );
    database
        .execute("UPDATE t SET a = '2021-01-01', b = '2021-01-01'")
        .await;
    database.run(&plan.up).await.unwrap();
    assert_eq!(
        database.rows("SELECT concat(a, ' ', b) FROM t").await,
        ["2021-01-01 00:00:00 2021-01-01 00:00:00"]
    );
}

/// What is meant is what the table is there, not what a table of its words would be here.
#[tokio::test]
async fn a_table_without_a_collation_has_that_of_its_database() {
    let (Some(mut database), Some(mut other)) = (Database::empty().await, Database::empty().await) else {
        return;
    };
    database
        .execute("ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_german1_ci")
        .await;
    other
        .execute("ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
        .await;
    database
        .execute("CREATE TABLE t (id int PRIMARY KEY, a varchar(20)); INSERT INTO t VALUES (1, 'ä')")
        .await;
    other
        .execute(
            "CREATE TABLE t (id int PRIMARY KEY, a varchar(20)); CREATE TABLE u (a text); \
             CREATE TABLE v (a text) COLLATE latin1_german1_ci",
        )
        .await;
    let told = "SELECT concat(table_name, ' ', table_collation) FROM information_schema.tables \
        WHERE table_schema = database() ORDER BY 1";
    let (was, wanted) = (database.rows(told).await, other.rows(told).await);
    let there = usual(&mut *database.connection).await.unwrap().unwrap();
    let own = usual(&mut *other.connection).await.unwrap().unwrap();
    let (mut from, mut to) = (database.schema().await, other.schema().await);
    mysql().meet(&mut from, &mut to, [&there, &own]);
    let plan = planned(&from, &to);
    database.run(&plan.up).await.unwrap();
    assert_eq!(database.rows(told).await, wanted);
    let (mut found, mut to) = (database.schema().await, other.schema().await);
    mysql().meet(&mut found, &mut to, [&there, &own]);
    assert_eq!(planned(&found, &to).changes, []);
    database.run(&plan.down).await.unwrap();
    assert_eq!(database.rows(told).await, was);
    assert_eq!(database.rows("SELECT a FROM t").await, ["ä"]);
}

#[tokio::test]
async fn a_table_without_a_collation_of_its_own_takes_that_of_its_database() {
    let Some(mut database) = Database::empty().await else {
        return;
    };
    database
        .execute("ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
        .await;
    database
        .execute("CREATE TABLE t (id int PRIMARY KEY, a varchar(9), b text) COLLATE latin1_swedish_ci WITH SYSTEM VERSIONING")
        .await;
    database.execute("INSERT INTO t VALUES (1, 'é', 'ü')").await;
    let before = database.schema().await;
    // As structs say it that say nothing of a collation.
    let mut after = before.clone();
    let declared = after.tables.get_mut(&Qualified::local(name("t"))).unwrap();
    declared.options.remove("collate");
    let plan = planned(&before, &after);
    database.run(&plan.up).await.unwrap();
    assert_same(database.schema().await, after, &plan.up);
    let collation = "SELECT DISTINCT collation_name FROM information_schema.columns WHERE table_schema = DATABASE() AND column_name <> 'id'";
    assert_eq!(database.rows(collation).await, ["utf8mb4_unicode_ci"]);
    database.run(&plan.down).await.unwrap();
    assert_same(database.schema().await, before, &plan.down);
    assert_eq!(database.rows("SELECT a, b FROM t").await, ["é | ü"]);
}

/// A table of somebody else is in no schema, and yet it may be there.
#[tokio::test]
async fn a_foreign_key_to_a_table_that_no_schema_has_is_held_against_the_rows() {
    let from = "create table tasks (id int primary key, owner int); insert into tasks values (1, 7), (2, null)";
    let to = "set foreign_key_checks = 0; create table tasks (id int primary key, owner int, constraint o foreign key (owner) references `peo
ple` (id))";
    let (Some(mut absent), Some(mut there), Some(mut after)) = (
        Database::with(from).await,
        Database::with(from).await,
        Database::with(to).await,
    ) else {
        return;
    };
    let (before, after) = (absent.schema().await, after.schema().await);
    let plan = plan(&before, &after, &Renames::default(), mysql()).unwrap();
    absent.run(&plan.up).await.unwrap();
    assert_same(absent.schema().await, after, &plan.up);
    there.execute("create table `peo\nple` (id int primary key)").await;
    let refused = there.run(&plan.up).await.unwrap_err();
    assert!(refused.contains("a row of tasks has (owner) = (7)"), "{refused}");
}

/// The first value of each pair is no value of the type behind it, though the server would make one of it; the second one is.
#[tokio::test]
async fn a_value_becomes_no_other_one_with_its_type() {
    for (from, to, refused, taken) in [
        ("int", "date", "70001", "20240203"),
        ("bigint", "datetime", "20240203", "20240203040506"),
        ("decimal(10, 2)", "date", "70001", "20240203"),
        (
            "datetime(6)",
            "double",
            "'2024-02-03 04:05:06.789012'",
            "'2024-02-03 04:05:06'",
        ),
        ("bool", "enum('x', 'a', '0')", "1", "0"),
        ("int", "set('x', '2')", "1", "2"),
        ("varchar(9)", "enum('x', 'y', '7')", "'1'", "'7'"),
        ("varchar(9)", "enum('x', 'y')", "'X'", "'x'"),
        ("varchar(9)", "enum('x', 'y')", "'x '", "'y'"),
        ("varbinary(9)", "enum('é', 'y')", "'É'", "'é'"),
        (
            "enum('X', 'y') collate utf8mb4_bin",
            "enum('x', 'y') collate utf8mb4_bin",
            "'X'",
            "'y'",
        ),
        ("enum('1', '2', 'y')", "enum('x', 'y')", "'2'", "'y'"),
        ("enum('7', '2007')", "year", "'7'", "'2007'"),
        ("enum('7', '07:00:00')", "time", "'7'", "'07:00:00'"),
        ("varchar(9)", "int", "'007'", "'-7'"),
        ("varchar(9)", "decimal(6, 2)", "' 7'", "'7.25'"),
        ("varchar(9)", "double", "'1e3'", "'0.5'"),
        (
            "varchar(40)",
            "double",
            "'1.234567890123456789'",
            "'1.2345678901234567'",
        ),
        ("varchar(40)", "float", "'16777217'", "'0.1'"),
        ("varchar(40)", "float", "'3.1415927'", "'123456'"),
        ("text", "float(10, 2)", "'16777217.25'", "'0.1'"),
        ("text", "double(10, 2)", "'1.239'", "'1234567.25'"),
        (
            "char(36)",
            "uuid",
            "'00000000-0000-4000-8000-00000000000A'",
            "'00000000-0000-4000-8000-00000000000a'",
        ),
        ("varchar(40)", "inet6", "'2001:DB8::1'", "'2001:db8::1'"),
        ("decimal(20, 10)", "float(7, 2)", "0.1", "0.25"),
        ("bigint", "float(20, 0)", "16777217", "16777216"),
        ("double", "float(7, 2)", "0.1", "0.25"),
        ("float", "decimal(10, 2)", "1.234", "1.25"),
        ("float", "decimal(10, 4)", "1.23456", "1.2345"),
    ] {
        let what = format!("{from} to {to}");
        let table = |ty: &str| format!("create table t (id int primary key, c {ty})");
        let (Some(mut database), Some(mut after)) = (
            Database::with(&format!("{}; insert into t values (1, {refused})", table(from))).await,
            Database::with(&table(to)).await,
        ) else {
            return;
        };
        let (before, after) = (database.schema().await, after.schema().await);
        let plan = planned(&before, &after);
        let rows = "select cast(c as char) from t";
        let was = database.rows(rows).await;
        database.run(&plan.up).await.expect_err(&what);
        assert_eq!(database.rows(rows).await, was, "{what}");
        assert_same(database.schema().await, before.clone(), &plan.up);
        database.execute(&format!("update t set c = {taken}")).await;
        let was = database.rows("select cast(c + 0 as char) from t").await;
        database
            .run(&plan.up)
            .await
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_same(database.schema().await, after, &plan.up);
        database
            .run(&plan.down)
            .await
            .unwrap_or_else(|error| panic!("{what}, back: {error}"));
        assert_eq!(database.rows("select cast(c + 0 as char) from t").await, was, "{what}");
    }
}

#[tokio::test]
async fn values_that_rows_get_start_no_trigger() {
    let triggers = "create trigger u_touched before update on u for each row set new.touched = 2000;
        create trigger u_made before insert on u for each row set new.touched = 1;";
    let from = format!(
        "create table u (id int primary key, touched int, state enum('a','b'), twice int as (touched * 2));
         insert into u values (1, 7, 'a', default), (2, 8, 'b', default); {triggers}"
    );
    let to = format!(
        "create table u (id int primary key, touched int, state enum('new','b'), twice int, code varchar(20) not null unique);
         {triggers}"
    );
    let (Some(mut database), Some(mut after)) = (Database::with(&from).await, Database::with(&to).await) else {
        return;
    };
    let (before, after) = (database.schema().await, after.schema().await);
    let mut renames = Renames::in_engine(OwnValues::InType);
    let state = Enum::of_column(&table(&after, "u").name, &name("state"));
    renames.values.insert((state, "a".to_owned()), "new".to_owned());
    let changes = diff(&before, &after, &renames).changes;
    let (changes, _) = fill(changes, &after, &Backfills::default(), mysql());
    let plan = plan_changes(&before, &changes, mysql()).unwrap();
    database.run(&plan.up).await.unwrap();
    assert_same(database.schema().await, after, &plan.up);
    let rows = "select concat(touched, state, twice) from u order by id";
    assert_eq!(database.rows(rows).await, ["7new14", "8b16"], "{}", text(&plan.up));
    assert!(!text(&plan.up).contains("u_made"), "{}", text(&plan.up));
    database.run(&plan.down).await.unwrap();
    assert_same(database.schema().await, before, &plan.down);
    assert_eq!(database.rows(rows).await, ["7a14", "8b16"], "{}", text(&plan.down));
}

#[tokio::test]
async fn rows_without_a_number_get_the_next_ones_where_their_column_begins_to_count() {
    let from = "create table t (a int, id int, at timestamp not null default '2020-01-01 00:00:00' on update current_timestamp);
        insert into t (a, id) values (1, null), (2, 7), (3, 0), (4, null); create table u (id varchar(9)); insert into u values (null), ('12');";
    let to = "create table t (a int, id int not null auto_increment primary key, at timestamp not null default '2020-01-01 00:00:00' on update current_timestamp);
        create table u (id bigint not null auto_increment primary key);";
    let (Some(mut database), Some(mut after)) = (Database::with(from).await, Database::with(to).await) else {
        return;
    };
    let (before, after) = (database.schema().await, after.schema().await);
    let plan = planned(&before, &after);
    database.run(&plan.up).await.unwrap();
    assert_same(database.schema().await, after, &plan.up);
    let rows = "select concat(a, ' ', id, ' ', year(at)) from t order by a";
    let numbered = ["1 8 2020", "2 7 2020", "3 0 2020", "4 9 2020"];
    assert_eq!(database.rows(rows).await, numbered, "{}", text(&plan.up));
    assert_eq!(
        database.rows("select cast(id as char) from u order by id").await,
        ["12", "13"]
    );
    database.run(&plan.down).await.unwrap();
    assert_same(database.schema().await, before, &plan.down);
    assert_eq!(database.rows(rows).await, numbered, "{}", text(&plan.down));
}
