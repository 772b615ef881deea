//! Drift on real servers: what is said in other words is the same, what means something else is found.

use kickdb_core::dialect::live::{Connection, catalog, connect};
use kickdb_core::drift::drift;
use kickdb_core::ident::{Name, Qualified};
use kickdb_core::ir::{Expr, Schema};
use kickdb_core::plan::statements;
use kickdb_testdb::{Engine, engines};

async fn run(connection: &mut dyn Connection, script: &str) {
    for statement in statements(script, connection.dialect().lexis()) {
        let done = connection.execute(statement.sql).await;
        done.unwrap_or_else(|error| panic!("{error}\n{}", statement.sql));
    }
}

/// Two texts of one thing, and one of something else.
struct Text {
    /// Whose text it is: the object as it shows itself, or `check t.name`.
    of: &'static str,
    same: &'static str,
    other: &'static str,
}

const SCRIPT: &str = r#"
CREATE TYPE state AS ENUM ('new', 'done');
CREATE SCHEMA app;
CREATE TABLE tasks (
  id bigint PRIMARY KEY, title varchar(20) NOT NULL, state state NOT NULL DEFAULT 'new', n integer DEFAULT (1 + 2) * 3,
  owner text, twice integer GENERATED ALWAYS AS (n * 2) STORED,
  CONSTRAINT tasks_title CHECK (title IN ('a', 'b') AND tasks.n BETWEEN 1 AND 9));
CREATE TABLE app.tasks (id integer, team integer, CONSTRAINT team CHECK (team IN (1, 2)));
CREATE TABLE members (team integer, name text);
CREATE TABLE bookings (room int4range, CONSTRAINT once EXCLUDE USING gist (room WITH &&) WHERE (lower(room) IN (1, 2)));
CREATE INDEX tasks_open ON tasks (lower(title)) WHERE state IN ('new', 'done') AND n <> 4;
CREATE VIEW open_tasks AS SELECT * FROM tasks WHERE state IN ('new') ORDER BY id;
CREATE VIEW counted (owner, open) AS SELECT owner, count(*) FROM open_tasks GROUP BY 1;
CREATE VIEW app.both AS SELECT t.id, team FROM tasks t JOIN app.tasks USING (id);
CREATE MATERIALIZED VIEW totals AS SELECT owner, sum(n) AS n FROM tasks GROUP BY owner;
CREATE UNIQUE INDEX totals_owner ON totals (coalesce(owner, ''));
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE FUNCTION add(a int, b int DEFAULT 1 + 1) RETURNS int IMMUTABLE STRICT LANGUAGE sql AS 'SELECT a + b';
CREATE TRIGGER touched BEFORE UPDATE OF title, n ON tasks FOR EACH ROW WHEN (old.n IS DISTINCT FROM new.n) EXECUTE FUNCTION touch();
ALTER TABLE app.tasks ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON app.tasks USING (EXISTS (SELECT 1 FROM members m WHERE m.team = tasks.team AND name = current_user));
CREATE RULE quiet AS ON DELETE TO members WHERE old.team IN (1, 2) DO INSTEAD NOTHING;
CREATE DOMAIN positive AS integer CONSTRAINT positive CHECK (value > 0 AND value NOT IN (13));
CREATE STATISTICS together ON owner, title FROM tasks;
"#;

const TEXTS: &[Text] = &[
    Text {
        of: "check tasks.tasks_title",
        same: "title in ('a','b') and tasks.n between 1 and 9",
        other: "title in ('a','c') and tasks.n between 1 and 9",
    },
    Text {
        of: "check app.tasks.team",
        same: "(team) in (1,2)",
        other: "team in (1, 3)",
    },
    Text {
        of: "index tasks.tasks_open",
        same: "state in ('new','done') and (n) != 4",
        other: "state in ('new') and n <> 4",
    },
    Text {
        of: "exclusion bookings.once",
        same: "lower(room) in (1,2)",
        other: "lower(room) in (1, 3)",
    },
    Text {
        of: "default tasks.n",
        same: "((1+2)*3)",
        other: "1 + 2 * 3",
    },
    Text {
        of: "generated tasks.twice",
        same: "(n)*(2)",
        other: "n * 3",
    },
    Text {
        of: "view open_tasks",
        same: "create or replace view public.open_tasks as select * from tasks where state in ('new') order by id asc",
        other: "create view open_tasks as select * from tasks where state in ('done') order by id",
    },
    Text {
        of: "view counted",
        same: "CREATE VIEW counted(owner, open) AS SELECT owner, count(*) FROM open_tasks GROUP BY owner",
        other: "CREATE VIEW counted(owner, open) AS SELECT owner, count(owner) FROM open_tasks GROUP BY owner",
    },
    Text {
        of: "view app.both",
        same: "CREATE VIEW app.\"both\" AS SELECT t.id, team FROM public.tasks AS t INNER JOIN app.tasks USING (id)",
        other: "CREATE VIEW app.\"both\" AS SELECT t.id, team FROM tasks t LEFT JOIN app.tasks USING (id)",
    },
    Text {
        of: "materialized view totals",
        same: "CREATE MATERIALIZED VIEW totals AS SELECT owner, sum(n) n FROM tasks GROUP BY owner WITH NO DATA",
        other: "CREATE MATERIALIZED VIEW totals AS SELECT owner, max(n) AS n FROM tasks GROUP BY owner",
    },
    Text {
        of: "index totals_owner on totals",
        same: "create unique index totals_owner on totals using btree (coalesce(owner, ''::text))",
        other: "create unique index totals_owner on totals (coalesce(owner, '-'))",
    },
    Text {
        of: "function add(integer, integer)",
        same: "create or replace function public.add(a int, b int = 1+1) returns int strict immutable language sql as $f$SELECT a + b$f$",
        other: "CREATE FUNCTION add(a int, b int DEFAULT 1 + 1) RETURNS int IMMUTABLE STRICT LANGUAGE sql AS 'SELECT a - b'",
    },
    Text {
        of: "trigger touched on tasks",
        same: "CREATE TRIGGER touched BEFORE UPDATE OF title,n ON tasks FOR ROW WHEN (OLD.n IS DISTINCT FROM NEW.n) EXECUTE PROCEDURE touch()",
        other: "CREATE TRIGGER touched BEFORE UPDATE OF title ON tasks FOR EACH ROW EXECUTE FUNCTION touch()",
    },
    Text {
        of: "policy app.own on app.tasks",
        same: "CREATE POLICY own ON app.tasks FOR ALL TO public USING (exists (select 1 from members m where m.team = tasks.team and name = current_user))",
        other: "CREATE POLICY own ON app.tasks USING (true)",
    },
    Text {
        of: "rule quiet on members",
        same: "create or replace rule quiet as on delete to members where old.team in (1,2) do instead nothing",
        other: "CREATE RULE quiet AS ON DELETE TO members WHERE old.team IN (1) DO INSTEAD NOTHING",
    },
    Text {
        of: "domain positive",
        same: "check (value>0 and value not in (13))",
        other: "CHECK (value > 0)",
    },
    Text {
        of: "statistics together",
        same: "create statistics public.together on title, owner from tasks",
        other: "CREATE STATISTICS together ON title, n FROM tasks",
    },
];

/// Puts a text in the place of the one that the server gave.
fn say(schema: &mut Schema, of: &str, text: &str) {
    let local = |name: &str| {
        let (schema, name) = name.split_once('.').map_or((None, name), |(s, n)| (Some(s), n));
        Qualified {
            schema: schema.map(|schema| Name::new(schema).unwrap()),
            name: Name::new(name).unwrap(),
        }
    };
    let part = of.split_once(' ').unwrap();
    let expr = Expr::Sql(text.to_owned());
    if let ("check" | "index" | "exclusion" | "default" | "generated", Some((table, part))) =
        (part.0, part.1.rsplit_once('.'))
    {
        let table = schema.tables.get_mut(&local(table)).unwrap();
        let name = Name::new(part).unwrap();
        use kickdb_core::ir::ColumnValue as V;
        let column = table.columns.iter_mut().find(|column| column.name == name);
        match (of.split_once(' ').unwrap().0, column) {
            ("check", _) => table.checks.get_mut(&name).unwrap().expr = expr,
            ("exclusion", _) => table.exclusions.get_mut(&name).unwrap().predicate = Some(expr),
            ("index", _) => table.indexes.get_mut(&name).unwrap().predicate = Some(expr),
            ("default", Some(column)) => column.value = V::Default(expr),
            (_, Some(column)) => column.value = V::Generated { expr, stored: true },
            _ => panic!("there is no {of}"),
        }
        return;
    }
    let (_, object) = schema
        .objects
        .iter_mut()
        .find(|(id, _)| id.to_string() == of)
        .unwrap_or_else(|| panic!("there is no {of}"));
    match object.sql.is_empty() {
        true => drop(object.facets.insert("constraint positive".to_owned(), text.to_owned())),
        false => object.sql = text.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_says_whether_two_texts_mean_the_same() {
    let engine = engines(&[Engine::Postgres]).into_iter().next();
    let Some(engine) = engine.filter(|_| cfg!(feature = "postgres")) else {
        return;
    };
    let database = engine.database();
    let mut connection = connect(database.url()).await.unwrap();
    run(&mut *connection, SCRIPT).await;
    let live = catalog(&mut *connection).await.unwrap();

    let mut by_hand = live.clone();
    for text in TEXTS {
        say(&mut by_hand, text.of, text.same);
    }
    let compared = drift(&mut *connection, &by_hand).await.unwrap();
    assert_eq!(compared.unsettled, [""; 0]);
    assert_eq!(compared.drift(), None);

    // Each change is found, among all the others that are none.
    for text in TEXTS {
        let mut changed = by_hand.clone();
        say(&mut changed, text.of, text.other);
        let compared = drift(&mut *connection, &changed).await.unwrap();
        let drift = compared.drift().unwrap_or_else(|| panic!("{}: not found", text.of));
        let (kind, name) = text.of.split_once(' ').unwrap();
        let found = match kind {
            "default" | "generated" => format!("column {name} (default)"),
            _ => text.of.to_owned(),
        };
        assert_eq!(drift.changed, [found]);
        assert_eq!((drift.added, drift.removed), (Vec::new(), Vec::new()), "{}", text.of);
        assert_eq!(compared.unsettled, [""; 0], "{}", text.of);
    }
    assert_eq!(catalog(&mut *connection).await.unwrap(), live, "nothing is left behind");
    connection.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_of_others_or_cannot_be_said_is_listed_and_no_drift() {
    type Case<'a> = (Engine, bool, &'a str, &'a [&'a str], &'a [&'a str]);
    let cases: &[Case<'_>] = &[
        (
            Engine::Postgres,
            cfg!(feature = "postgres"),
            "CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
             CREATE EVENT TRIGGER noted ON sql_drop EXECUTE FUNCTION note();
             CREATE PUBLICATION all_of_it FOR ALL TABLES;
             CREATE FOREIGN DATA WRAPPER far; CREATE SERVER there FOREIGN DATA WRAPPER far;
             CREATE FOREIGN TABLE distant (a integer) SERVER there;
             CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq);
             CREATE TEXT SEARCH CONFIGURATION plain (COPY = simple);
             CREATE CAST (integer AS macaddr) WITH INOUT;
             CREATE CONVERSION away FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
             COMMENT ON SCHEMA public IS 'ours'; CREATE TYPE hollow;
             CREATE TABLE tasks (id integer);
             CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY);",
            &["type hollow"],
            &[
                "table _sqlx_migrations (SQLx)",
                "schema public",
                "conversion away",
                "foreign data wrapper far",
                "server there",
                "virtual table distant",
                "publication all_of_it",
                "event trigger noted",
            ],
        ),
        (
            Engine::Sqlite,
            cfg!(feature = "sqlite"),
            "CREATE TABLE tasks (id integer); CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY);",
            &[],
            &["table _sqlx_migrations (SQLx)"],
        ),
        (
            Engine::Mysql,
            cfg!(feature = "mysql"),
            "CREATE TABLE tasks (id integer); CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY);
             CREATE PROCEDURE noop() SELECT 1",
            &[],
            &["table _sqlx_migrations (SQLx)"],
        ),
    ];
    for (engine, compiled, script, unread, others) in cases {
        let Some(engine) = engines(&[*engine]).into_iter().next().filter(|_| *compiled) else {
            continue;
        };
        let database = engine.database();
        let mut connection = connect(database.url()).await.unwrap();
        run(&mut *connection, script).await;
        let mut expected = catalog(&mut *connection).await.unwrap();
        expected.tables.retain(|name, _| name.name == "tasks");
        expected
            .objects
            .retain(|id, _| !others.contains(&id.to_string().as_str()));
        let compared = drift(&mut *connection, &expected).await.unwrap();
        assert_eq!(compared.unread, *unread, "{engine:?}");
        assert_eq!(compared.others, *others, "{engine:?}");
        assert_eq!(compared.drift(), None, "{engine:?}");
        connection.close().await.unwrap();
    }
}
