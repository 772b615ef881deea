use crate::dialect::mysql::Mysql;
use crate::dialect::{Normalize, Objects};
use crate::ir::{ObjectKind, Schema};
use crate::plan::Steps;

fn read(sql: &str) -> (String, String) {
    let (id, object) = Mysql.read_object(sql).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        Mysql.read_object(&object.sql).map(|(_, again)| again.sql),
        Ok(object.sql.clone()),
        "{sql}"
    );
    (id.to_string(), object.sql)
}

#[test]
fn a_statement_has_one_spelling_around_its_body() {
    for (written, id, spelled) in [
        (
            "create or replace algorithm=merge definer = current_user() sql security invoker view v (a, b) as select 1, 2 with local check option;",
            "view v",
            "CREATE ALGORITHM = MERGE SQL SECURITY INVOKER VIEW `v` (a, b) AS select 1, 2 WITH LOCAL CHECK OPTION",
        ),
        (
            "create definer='ro`ot'@'%' trigger if not exists `t g` before update on tasks for each row follows other set new.a = 1",
            "trigger t g on tasks",
            "CREATE DEFINER = `ro``ot`@`%` TRIGGER `t g` BEFORE UPDATE ON `tasks` FOR EACH ROW\nset new.a = 1",
        ),
        (
            "CREATE FUNCTION app.f(a INTEGER(11), b enum('x','y') charset latin1) RETURNS VARCHAR(20) CHARSET utf8mb4 DETERMINISTIC NO SQL COMMENT 'it''s' RETURN concat(a, b)",
            "function f",
            "CREATE FUNCTION `f`(`a` int, `b` enum('x','y') CHARSET latin1) RETURNS varchar(20) CHARSET utf8mb4\n    NO SQL\n    DETERMINISTIC\n    COMMENT 'it''s'\nRETURN concat(a, b)",
        ),
        (
            "create procedure p(out x decimal(10,2), inout y int) begin select 1; end",
            "procedure p",
            "CREATE PROCEDURE `p`(OUT `x` decimal(10, 2), INOUT `y` int)\nbegin select 1; end",
        ),
        (
            "create event e on schedule every '2' hour starts '2030-01-01 00:00:00' on completion preserve disable comment 'c' do delete from log",
            "event e",
            "CREATE EVENT `e` ON SCHEDULE EVERY 2 HOUR STARTS '2030-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE COMMENT 'c' DO\ndelete from log",
        ),
        (
            "create event e on schedule every 1 day starts '2030-01-01 00:00:00' disable on replica do delete from log",
            "event e",
            "CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DISABLE ON SLAVE DO\ndelete from log",
        ),
    ] {
        assert_eq!(read(written), (id.to_owned(), spelled.to_owned()), "{written}");
    }
    for wrong in [
        "select 1",
        "create table t (id int)",
        "create trigger t",
        "create function f() return 1",
    ] {
        assert!(Mysql.read_object(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_routine_in_the_grammar_of_oracle_is_of_that_mode() {
    let mode = |sql: &str| {
        let (_, object) = Mysql.read_object(sql).unwrap();
        object.facets.get(super::SQL_MODE).cloned()
    };
    for sql in [
        "create procedure p(a in int, b out int) as begin b := a; end",
        "create procedure p as x int := 5; begin select x; end",
        "create function f(a varchar(10)) return varchar(20) is begin return a; end",
    ] {
        assert!(mode(sql).is_some_and(|mode| mode.ends_with("ORACLE")), "{sql}");
    }
    assert_eq!(mode("create procedure p(in a int) begin select a as b; end"), None);
}

#[test]
fn triggers_stand_where_their_statements_say() {
    let places = |statements: &[&str]| {
        let mut schema = Schema::default();
        for sql in statements {
            let (id, object) = Mysql.read_object(sql).unwrap();
            schema.objects.insert(id, object);
        }
        Mysql.normalize(&mut schema).unwrap();
        let numbered = schema.clone();
        Mysql.normalize(&mut schema).unwrap();
        assert_eq!(schema, numbered);
        schema
    };
    let place = |schema: &Schema, name: &str| {
        let (_, object) = schema
            .objects
            .iter()
            .find(|(id, _)| id.name.name.as_str() == name)
            .unwrap();
        object
            .facets
            .iter()
            .map(|(facet, value)| format!("{facet} {value}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let schema = places(&[
        "create trigger a after insert on t for each row follows c set @x = 1",
        "create trigger b after insert on t for each row precedes `c` set @x = 1",
        "create trigger c after insert on t for each row set @x = 1",
        "create trigger d before insert on t for each row set @x = 1",
        "create trigger z after insert on t for each row follows A set @x = 1",
        "create trigger z2 after insert on u for each row follows nobody set @x = 1",
    ]);
    let found = ["a", "b", "c", "d", "z", "z2"].map(|name| place(&schema, name));
    assert_eq!(found, ["order 3", "", "order 2", "", "order 4", ""]);
    let said = schema.objects.iter().map(|(id, object)| {
        let mut out = Steps::default();
        Mysql.declared(id, object, &schema, &mut out).unwrap();
        out.finish().steps.remove(0).sql
    });
    let said = said.collect::<Vec<_>>();
    assert_eq!(
        places(&said.iter().map(String::as_str).collect::<Vec<_>>()),
        schema,
        "{said:#?}"
    );
}

#[test]
fn a_sequence_is_what_differs_from_the_usual_one() {
    let (id, plain) = Mysql.read_object("create sequence s start with 1 nocycle").unwrap();
    assert_eq!((id.kind, plain.facets.len()), (ObjectKind::Sequence, 0));
    let (_, other) = Mysql
        .read_object("create sequence s start with 100 increment by 10 minvalue 50 maxvalue 1000 cycle cache 20")
        .unwrap();
    let mut out = Steps::default();
    Mysql
        .create_object(&id, &other, &[], &Schema::default(), &mut out)
        .unwrap();
    Mysql
        .alter_object(&id, &other, &plain, (&Schema::default(), &[]), &mut out)
        .unwrap();
    Mysql.drop_object(&id, &plain, &Schema::default(), &mut out).unwrap();
    let sql: Vec<String> = out.finish().steps.into_iter().map(|step| step.sql).collect();
    assert_eq!(
        sql,
        [
            "CREATE SEQUENCE `s` INCREMENT BY 10 MINVALUE 50 MAXVALUE 1000 START WITH 100 CACHE 20 CYCLE",
            "ALTER SEQUENCE `s` INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775806 START WITH 1 CACHE 1000 NOCYCLE",
            "DROP SEQUENCE `s`",
        ]
    );
}
