//! What is declared, and what the server says of it.

use kickdb_core::dialect::live::{catalog, connect, unread};
use kickdb_core::ir::{ColumnValue, Expr, Schema, SqlType};

use super::{Database, mysql, planned, table, text};

/// Every type, default and kind of constraint that the server has, in its own spelling.
const EVERYTHING: &str = "
create table p (id bigint not null primary key, u int unique, v varchar(10), w int, key kv (v(5)), key kd (u desc, v), key kw (w, u));
create table t (
 a tinyint(1) not null default 1, a2 boolean, b smallint, c int(11) default 5, d bigint unsigned not null auto_increment,
 e float, f double, f2 real, f3 float(10,2), g decimal, g2 decimal(10,2) default 1.50, g3 numeric(5) unsigned zerofill,
 h char(36), h2 char, i varchar(20) default 'it''s', i2 varchar(20) default '', i3 varchar(10) collate utf8mb4_bin default null,
 j text, j2 mediumtext, j3 longtext, j4 tinytext, k blob, k2 longblob, l json,
 m datetime(6) default current_timestamp(6) on update current_timestamp(6), m2 timestamp, m3 timestamp not null default current_timestamp,
 m4 datetime default null on update current_timestamp(), m5 datetime(6) default now(),
 n date default '2020-01-01', o time(6), p year default 2020, q enum('a','b''c','D,e') default 'D,e', r set('x','y'), s bit(4) default b'101',
 u uuid default uuid(), v inet6, w point, x varbinary(20) default 0x61, x2 binary(16),
 y int generated always as (c + 1) stored, z int as (c*2+length(i)) virtual, `or der` int default (1+2),
 z1 double default 1e3, z2 datetime default now(), z3 double default 0.5, z5 bool default true, z6 text default 'x', z7 json default '{}',
 z8 int default -1, z9 varchar(10) default (concat('a','b')), za int comment 'it''s c', zb decimal(10,2) default '1.5', zc mediumint,
 zd int unsigned, ze nchar(5), zf varchar(20) character set latin1, zg bigint(3) zerofill, zh time(6) default '10:00',
 zi datetime default '2020-01-01', zj date default curdate(), zk varchar(36) default uuid(), zl bit, zm geometry not null,
 zn bigint unsigned default 18446744073709551615, zo varchar(20) default 'a\\\\b', zp int check (zp > 3), `back``tick` int,
 zq binary(16) not null default 0xff, zr varbinary(4) default x'80', zs varbinary(4) default x'00ff', zt varbinary(9) default x'6100c3a9',
 zu varbinary(4) default '?', zv blob default x'80ff', zw binary(3) default 'a',
 primary key (d), unique key uq (b, c), check (c > 0), constraint ck2 check (`i` <> '' and LENGTH(i) < 10 or c IN (1,2)),
 constraint ck3 check (json_valid(z7)), fulltext key ft (j), spatial key sp (zm), key pre (j2(20), c desc),
 fk1 bigint, fk2 int, constraint fkx foreign key (fk1) references p (id) on delete set null on update cascade,
 constraint fky foreign key (fk2) references p (u) on delete no action, key fk2_first (fk2, c)
) comment 'tab''le';
create table o (a int) engine = Aria collate utf8mb4_unicode_ci row_format = page;
create table self (id int primary key, parent int, constraint self_parent foreign key (parent) references self (id));
create table kick_migrations (id int);
create view seen as select * from p";

async fn everything() -> Option<(Database, Schema)> {
    let mut database = Database::with(EVERYTHING).await?;
    let schema = database.schema().await;
    Some((database, schema))
}

#[tokio::test]
async fn everything_comes_back_as_it_was_written() {
    let Some((_kept, schema)) = everything().await else {
        return;
    };
    let mut copy = Database::empty().await.unwrap();
    let plan = planned(&Schema::default(), &schema);
    copy.run(&plan.up).await.unwrap();
    assert_eq!(copy.schema().await, schema, "\n{}", text(&plan.up));
    copy.run(&plan.down).await.unwrap();
    assert_eq!(copy.schema().await, Schema::default());
}

#[tokio::test]
async fn the_bytes_of_a_default_are_read() {
    let Some((_kept, schema)) = everything().await else {
        return;
    };
    let table = table(&schema, "t");
    let digits = |sql: &str| Expr::Sql(sql.to_owned());
    let text = |text: &str| Expr::Text(text.to_owned());
    for (column, value) in [
        ("zq", digits("0xff")),
        ("zr", digits("0x80")),
        ("zs", digits("0x00ff")),
        ("zt", digits("0x6100c3a9")),
        ("zu", text("?")),
        ("zv", digits("0x80ff")),
        ("zw", text("a")),
    ] {
        let found = table.columns.iter().find(|found| found.name.as_str() == column);
        assert_eq!(found.unwrap().value, ColumnValue::Default(value), "{column}");
    }
}

#[tokio::test]
async fn what_is_read_back_is_in_normal_form() {
    let Some((_kept, schema)) = everything().await else {
        return;
    };
    let mut again = schema.clone();
    // An index over a text without a bound is no business of a declaration, but the server may have one.
    let _refusals = mysql().normalize(&mut again);
    assert_eq!(again, schema);
}

#[tokio::test]
async fn the_catalog_says_what_is_there() {
    let Some((_kept, schema)) = everything().await else {
        return;
    };
    let names: Vec<String> = schema.tables.keys().map(ToString::to_string).collect();
    assert_eq!(
        names,
        ["o", "p", "self", "t"],
        "neither views nor the runner's own tables"
    );
    let t = table(&schema, "t");
    let ty = |column: &str| mysql().format(&t.column(&super::name(column)).unwrap().ty).unwrap();
    assert_eq!(ty("a"), "tinyint(1)");
    assert_eq!(ty("l"), "json");
    assert_eq!(ty("q"), "enum('a','b''c','D,e')");
    assert_eq!(ty("g3"), "decimal(5,0) unsigned zerofill");
    let default = |column: &str| match &t.column(&super::name(column)).unwrap().value {
        ColumnValue::Default(expr) => Some(expr.clone()),
        _ => None,
    };
    assert_eq!(default("z5"), Some(Expr::Bool(true)));
    assert_eq!(default("i"), Some(Expr::Text("it's".into())));
    assert_eq!(default("g2"), Some(Expr::Sql("1.50".into())));
    assert_eq!(default("z2"), Some(Expr::Now));
    assert_eq!(default("zk"), Some(Expr::NewUuid));
    assert_eq!(default("b"), None);
    assert_eq!(
        default("m"),
        Some(Expr::Sql("current_timestamp(6) on update current_timestamp(6)".into()))
    );
    assert_eq!(t.column(&super::name("l")).unwrap().ty, SqlType::Json { binary: false });
    let checks: Vec<&str> = t.checks.keys().map(|name| name.as_str()).collect();
    assert_eq!(
        checks,
        ["CONSTRAINT_1", "ck2", "ck3", "zp"],
        "the check of a json column is its type"
    );
    let indexes: Vec<&str> = t.indexes.keys().map(|name| name.as_str()).collect();
    assert_eq!(
        indexes,
        ["fk2_first", "ft", "pre", "sp"],
        "the index of `fkx` is the foreign key's own"
    );
    assert_eq!(t.primary_key.as_ref().unwrap().name, *"PRIMARY");
    let options: Vec<String> = table(&schema, "o")
        .options
        .iter()
        .map(|(k, v)| format!("{k}={v}"))
        .collect();
    assert_eq!(
        options,
        ["collate=utf8mb4_unicode_ci", "engine=Aria", "row_format=PAGE"]
    );
}

#[tokio::test]
async fn long_catalogs_are_not_cut() {
    let Some(mut database) = Database::empty().await else {
        return;
    };
    database.execute("set session group_concat_max_len = 1024").await;
    for at in 0..20 {
        let columns: Vec<String> = (0..40)
            .map(|c| format!("column_number_{c} int comment 'ä long comment'"))
            .collect();
        database
            .execute(&format!("create table t{at} ({})", columns.join(", ")))
            .await;
    }
    let schema = database.schema().await;
    assert_eq!(
        schema.tables.values().map(|table| table.columns.len()).sum::<usize>(),
        800
    );
}

#[tokio::test]
async fn bodies_are_read_word_for_word() {
    let script = [
        "CREATE TABLE t (a varchar(90))",
        r"CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW SET new.a = concat('\\d+\\', 'tab\there', 'it''s', '\%', '\\\\', '🦀?')",
        r"CREATE PROCEDURE p(IN x varchar(9) CHARSET latin1) SELECT x REGEXP '^\\w\\.$', '🦀'",
        r"CREATE FUNCTION f() RETURNS varchar(9) DETERMINISTIC RETURN _latin1'a\\b'",
        r"CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO UPDATE t SET a = '\\'",
    ];
    let Some(mut database) = Database::empty().await else {
        return;
    };
    for sql in script {
        database.execute(sql).await;
    }
    let schema = database.schema().await;
    for (sql, object) in script[1..]
        .iter()
        .filter_map(|sql| Some((sql, mysql().read_object(sql).ok()?)))
    {
        let told = &schema.objects[&object.0].sql;
        let body = |sql: &str| {
            sql[sql
                .find("concat")
                .or(sql.rfind("SELECT x"))
                .or(sql.rfind("RETURN "))
                .or(sql.find("UPDATE t"))
                .unwrap()..]
                .to_owned()
        };
        assert_eq!(body(told), body(sql));
    }
    let mut copy = Database::empty().await.unwrap();
    copy.run(&planned(&Schema::default(), &schema).up).await.unwrap();
    assert_eq!(copy.schema().await, schema);
}

#[tokio::test]
async fn what_a_user_may_not_see_is_said_with_the_grant() {
    let Some(mut database) = Database::with("CREATE TABLE seen (id int PRIMARY KEY)").await else {
        return;
    };
    database.execute("CREATE TABLE hidden (id int PRIMARY KEY)").await;
    let of = database.rows("SELECT DATABASE()").await.remove(0);
    let user = format!("half_{}", &of[of.len().saturating_sub(20)..]);
    database
        .execute(&format!("CREATE USER {user}@'%' IDENTIFIED BY 'secret'"))
        .await;
    database
        .execute(&format!("GRANT SELECT ON {of}.seen TO {user}@'%'"))
        .await;
    let url = database
        .url()
        .replace("mysql://root@", &format!("mysql://{user}:secret@"));
    if url == database.url() {
        return;
    }
    let mut half = connect(&url).await.unwrap();
    let error = catalog(&mut *half).await.unwrap_err().to_string();
    assert!(
        error.contains("single tables") && error.contains(&format!("ON `{of}`.* TO {user}")),
        "{error}"
    );
    // With no other right the keys of the tables are hidden.
    database.execute(&format!("GRANT SELECT ON {of}.* TO {user}@'%'")).await;
    let mut bare = connect(&url).await.unwrap();
    let error = catalog(&mut *bare).await.unwrap_err().to_string();
    assert!(
        error.contains("hidden from") && error.contains(&format!("EVENT ON `{of}`.* TO {user}")),
        "{error}"
    );
    database
        .execute(&format!("GRANT SELECT, INSERT ON {of}.* TO {user}@'%'"))
        .await;
    let mut more = connect(&url).await.unwrap();
    let schema = catalog(&mut *more).await.unwrap();
    assert_eq!(schema.tables.len(), 2);
    let lines = unread(&mut *more, &schema).await.unwrap();
    let says = |what: &str, right: &str| {
        lines
            .iter()
            .any(|line| line.starts_with(what) && line.contains(&format!("GRANT {right} ON")))
    };
    assert!(
        says("triggers", "TRIGGER") && says("events", "EVENT") && says("routines", "EXECUTE"),
        "{lines:?}"
    );
    database
        .execute(&format!("CREATE VIEW v AS SELECT * FROM {of}.seen"))
        .await;
    let error = catalog(&mut *more).await.unwrap_err().to_string();
    assert!(error.contains("SHOW VIEW"), "{error}");
    database.execute(&format!("DROP USER {user}@'%'")).await;
}
