//! What the catalog tells about a database that was made by hand.

use kickdb_core::dialect::Normalize;
use kickdb_core::dialect::live::catalog_within;
use kickdb_core::dialect::postgres::Postgres;
use kickdb_core::ident::Qualified;
use kickdb_core::ir::{Check, ColumnValue, Deferrable, Expr, Identity, IndexKey, Schema, SqlType};

use super::{Server, assert_same, column, local, name, optional, plan_between, schema, table};

const BY_HAND: &str = r#"
    CREATE SCHEMA billing;
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    ALTER TYPE mood ADD VALUE 'new' BEFORE 'ok';
    CREATE TYPE billing."State" AS ENUM ('a');
    CREATE DOMAIN zip AS text;
    CREATE TABLE parents (id serial PRIMARY KEY, x int, y int, UNIQUE (x, y));
    CREATE TABLE "Children" (
      id bigint GENERATED ALWAYS AS IDENTITY,
      n int DEFAULT nextval('parents_id_seq'),
      moods mood[] DEFAULT '{sad}',
      state billing."State",
      code varchar(10) COLLATE "C" NOT NULL DEFAULT 'x',
      zip zip,
      x int, y int,
      total numeric(10,2) GENERATED ALWAYS AS (x * 1.5) STORED,
      PRIMARY KEY (id, code),
      CONSTRAINT xy FOREIGN KEY (y, x) REFERENCES parents (y, x) ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
      CONSTRAINT few CHECK (x BETWEEN 1 AND 5 AND code <> 'y')
    );
    ALTER TABLE "Children" DROP COLUMN n;
    CREATE INDEX by_code ON "Children" USING btree (lower(code) DESC NULLS LAST, code text_pattern_ops) INCLUDE (x) WHERE x IS NOT NULL;
    CREATE INDEX by_mood ON "Children" USING gin (moods);
    COMMENT ON TABLE "Children" IS 'it''s';
    COMMENT ON COLUMN "Children".code IS 'a code';
    CREATE VIEW seen AS SELECT 1 AS one;
    CREATE TABLE kick_migrations (id text);
    CREATE TABLE parted (id int) PARTITION BY RANGE (id);
    CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (1) TO (2);
    CREATE TABLE circles (c circle, EXCLUDE USING gist (c WITH &&));
"#;

#[tokio::test]
async fn a_database_made_by_hand() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    server.execute(BY_HAND).await;
    let live = server.schema().await;
    let tables: Vec<String> = live.tables.keys().map(ToString::to_string).collect();
    assert_eq!(tables, ["Children", "circles", "parents", "parted", "parted_1"]);
    assert_eq!(
        live.tables[&local("parted_1")]
            .partition
            .as_ref()
            .map(|place| &place.of),
        Some(&local("parted"))
    );
    assert!(live.namespaces.contains("billing") && live.namespaces.len() == 1);
    assert_eq!(live.enums[&local("mood")].values, ["sad", "new", "ok"]);
    assert!(live.tables[&local("circles")].indexes.is_empty());
    let parents = &live.tables[&local("parents")];
    assert!(matches!(
        parents.columns[0].value,
        ColumnValue::Identity(Identity::Serial, _)
    ));

    let children = &live.tables[&local("Children")];
    let get = |of: &str| children.column(&name(of)).unwrap();
    assert!(matches!(get("id").value, ColumnValue::Identity(Identity::Always, _)));
    assert_eq!(get("moods").ty, SqlType::Array(Box::new(SqlType::Enum(local("mood")))));
    assert_eq!(get("moods").value, ColumnValue::Default(Expr::Text("{sad}".into())));
    let state = Qualified {
        schema: Some(name("billing")),
        name: name("State"),
    };
    assert_eq!(get("state").ty, SqlType::Enum(state));
    assert_eq!(get("code").collation, Some(name("C")));
    assert_eq!(get("code").value, ColumnValue::Default(Expr::Text("x".into())));
    assert_eq!(get("code").comment.as_deref(), Some("a code"));
    let total = ColumnValue::Generated {
        expr: Expr::Sql("x * 1.5".into()),
        stored: true,
    };
    assert_eq!(get("total").value, total);
    assert_eq!(
        children.primary_key.as_ref().unwrap().columns,
        [name("id"), name("code")]
    );
    let key = &children.foreign_keys[&name("xy")];
    assert_eq!(
        (&key.columns, &key.referenced),
        (&vec![name("y"), name("x")], &vec![name("y"), name("x")])
    );
    assert_eq!(key.deferrable, Deferrable::Deferred);
    assert_eq!(
        children.checks[&name("few")].expr,
        Expr::Sql("x >= 1 AND x <= 5 AND code <> 'y'".into())
    );
    let index = &children.indexes[&name("by_code")];
    assert_eq!(index.parts[0].key, IndexKey::Expr(Expr::Sql("lower(code)".into())));
    assert_eq!(
        (index.parts[0].descending, index.parts[0].nulls_first),
        (true, Some(false))
    );
    assert_eq!(index.parts[1].opclass, Some(name("text_pattern_ops")));
    assert_eq!(
        (&index.include, index.predicate.as_ref()),
        (&vec![name("x")], Some(&Expr::Sql("x IS NOT NULL".into())))
    );
    assert_eq!(children.indexes[&name("by_mood")].method, Some(name("gin")));
    assert_eq!(children.comment.as_deref(), Some("it's"));

    let mut again = live.clone();
    Postgres.normalize(&mut again).unwrap();
    assert_eq!(again, live);
    assert!(plan_between(&live, &live).up.steps.is_empty());
}

/// As a user writes them, over the columns below.
const CHECKS: &[&str] = &[
    "n>0 and m<5",
    "n > -5",
    "(n = 1 or m = 2) and not ok",
    "n != 3",
    "price > 0 and price * n < 100",
    "price between 0 and 9.5",
    "ratio > 0.5 or weight < 1",
    "big < 5000000000",
    "small in (1, 2)",
    "title in ('a', 'b')",
    "body not in ('a', 'b')",
    "title <> '' and length(title) > 2",
    "code = 'abc'",
    "lower(title) = body",
    "title like 'a%' or body not ilike '%b'",
    "title ~ '^[a-z]+$'",
    "status = 'ok' or status in ('sad', 'ok')",
    "coalesce(title, '') <> ''",
    "coalesce(price, 0) >= 0",
    "n::text <> '5'",
    "cast(n as numeric(10,2)) > 1",
    "day >= '2020-01-01'",
    "day >= date '2020-01-01'",
    "wall < wall + interval '7 days'",
    "at is not null or wall is null",
    "meta->>'a' = 'b'",
    "meta @> '{}'",
    "meta #>> '{a,b}' is null",
    "tags @> array['a']",
    "'a' = any(tags)",
    "cardinality(tags) < 5",
    "ip << '10.0.0.0/8'",
    "n is distinct from 3",
    "n is not distinct from m",
    "case when n > 0 then title end = 'a'",
    "case status when 'ok' then 1 else 2 end = n",
    "trim(body) <> ''",
    "substring(body from 1 for 3) = 'abc'",
    "extract(year from day) > 2000",
    "(wall at time zone 'UTC') < '2100-01-01'",
    "date_trunc('day', wall) = wall",
    "ok is true",
    "\"created at\" > 0 and \"order\" % 2 = 0",
    "num_nonnulls(n, m) = 1",
    "(n is null) = (m is null)",
    "n + m * 2 - (n - m) > 0",
    "-n < 5 and abs(n) < 9",
    "title || ' ' || body <> ''",
    "body = 'it''s'",
    "greatest(n, 5) > least(m, 2)",
    "nullif(title, '') is not null",
    "tags[1] = 'a'",
    "octet_length(body) < 10 and upper(body) = body",
    "n > 1.5 and n::numeric > 1",
    "at > '2020-01-01' and at < '2100-01-01T00:00:00+02:00'",
    "wall < wall + interval '90 minutes'",
    "tags || 'a'::text <> tags",
    "to_jsonb('a'::text) <> meta",
    "n & 1 = 1",
    "char_length(title) between 1 and 10",
];

#[tokio::test]
async fn checks_as_users_write_them_come_back_the_same() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    server.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')").await;
    let types = "n integer, m integer, price numeric(10, 2), ratio double precision, weight real, big bigint, small smallint, \
                 title varchar(40), body text, code char(3), status mood, day date, at timestamptz, wall timestamp, meta jsonb, \
                 tags text[], ip inet, ok boolean";
    let mut all = types.split(", ").fold(Vec::new(), |mut parts: Vec<String>, part| {
        // The comma inside of numeric(10, 2).
        match parts
            .last_mut()
            .filter(|last| last.contains('(') && !last.contains(')'))
        {
            Some(last) => last.push_str(&format!(", {part}")),
            None => parts.push(part.to_owned()),
        }
        parts
    });
    all.extend(["created at=integer".to_owned(), "order=integer".to_owned()]);
    let columns = all.iter().map(|part| {
        let (of, ty) = part.split_once('=').or_else(|| part.split_once(' ')).unwrap();
        optional(of, ty)
    });
    let mut checked = table("checked", columns.collect());
    checked.columns.insert(0, column("id", "integer"));
    for (number, sql) in CHECKS.iter().enumerate() {
        let check = Check::new(name(&format!("check_{number:02}")), Expr::Sql((*sql).to_owned()));
        checked.checks.insert(check.name.clone(), check);
    }
    let mut wanted: Schema = schema([checked]);
    let before = server.schema().await;
    wanted.enums.clone_from(&before.enums);
    let plan = plan_between(&before, &wanted);
    server.run(&plan.up).await;
    assert_same(&server.schema().await, &wanted, &plan.up);
}

#[tokio::test]
async fn rows_of_a_table_named_like_a_type_of_the_servers_are_refused() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    let beside = "CREATE TABLE public.point (x int); CREATE TABLE t (own point)";
    server.execute(beside).await;
    let live = server.schema().await;
    assert_eq!(live.tables[&local("t")].columns[0].ty, SqlType::Native("point".into()));
    server
        .execute("ALTER TABLE t ADD p public.point, ADD q public.point[]")
        .await;
    let told = catalog_within(&mut *server.connection).await.unwrap_err().to_string();
    for column in ["p", "q"] {
        let wanted = format!("`t.{column}`: it holds rows of `point`");
        assert!(told.contains(&wanted), "{told}");
    }
}
