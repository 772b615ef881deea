//! Whose things are, and who may use them, is kept where they are made again.

use kickdb_core::dialect::Emit;
use kickdb_core::dialect::live::rights;
use kickdb_core::diff::Renames;
use kickdb_core::plan::{plan, say_rights};

use super::{Postgres, Server, text};
use crate::there_and_back::renames;

/// Everything that has rights of its own, with roles that every server has.
const BEFORE: &str = "
    CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, n int, twice int GENERATED ALWAYS AS (n * 2) STORED);
    CREATE VIEW v AS SELECT id, n FROM t; CREATE MATERIALIZED VIEW m AS SELECT n FROM v; CREATE VIEW untouched AS SELECT 1 AS one;
    CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a'; CREATE FUNCTION g() RETURNS SETOF v LANGUAGE sql AS 'SELECT id, n FROM v';
    CREATE TYPE mood AS ENUM ('good', 'bad', 'gone'); CREATE DOMAIN d AS int; CREATE TABLE u (m mood, x d);
    CREATE TABLE p (id serial, k int);
    ALTER TABLE v OWNER TO pg_monitor; GRANT SELECT ON v TO pg_read_all_stats WITH GRANT OPTION; GRANT SELECT (id), UPDATE (n) ON v TO PUBLIC;
    GRANT SELECT ON m TO pg_stat_scan_tables; REVOKE ALL ON FUNCTION f(int) FROM PUBLIC; GRANT EXECUTE ON FUNCTION f(int) TO pg_monitor;
    ALTER FUNCTION g() OWNER TO pg_monitor; REVOKE USAGE ON TYPE mood FROM PUBLIC; GRANT USAGE ON TYPE mood TO pg_monitor;
    GRANT USAGE ON TYPE d TO pg_monitor WITH GRANT OPTION; GRANT SELECT (twice) ON t TO pg_monitor;
    ALTER TABLE p OWNER TO pg_monitor; GRANT INSERT ON p TO pg_read_all_stats; GRANT SELECT (k) ON p TO PUBLIC; GRANT USAGE ON SEQUENCE p_id_seq TO pg_read_all_stats;
    ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_signal_backend;";

/// The same with other types, so that all of it is made again.
const AFTER: &str = "
    CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, n bigint, twice bigint GENERATED ALWAYS AS (n * 3) STORED);
    CREATE VIEW v AS SELECT id, n FROM t; CREATE MATERIALIZED VIEW m AS SELECT n FROM v; CREATE VIEW untouched AS SELECT 1 AS one;
    CREATE FUNCTION f(a int) RETURNS bigint LANGUAGE sql AS 'SELECT a::bigint'; CREATE FUNCTION g() RETURNS SETOF v LANGUAGE sql AS 'SELECT id, n FROM v';
    CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE DOMAIN d AS bigint; CREATE TABLE u (m mood, x d);
    CREATE TABLE p (id serial, k int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p DEFAULT;";

const RIGHTS: &str = "
    SELECT c.relname || ' ' || c.relowner::regrole || ' ' || coalesce((SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(c.relacl) a), '') || coalesce(
      (SELECT string_agg(a.attname || a.attacl::text, ',' ORDER BY a.attname) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped), '')
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'S', 'p') AND c.relname <> 'p1'
    UNION ALL
    SELECT p.proname || ' ' || p.proowner::regrole || ' ' || coalesce((SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(p.proacl) a), '')
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT t.typname || ' ' || t.typowner::regrole || ' ' || coalesce((SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(t.typacl) a), '')
    FROM pg_type t WHERE t.typname IN ('mood', 'd') ORDER BY 1";

#[tokio::test]
async fn owners_and_grants_outlive_what_is_made_again() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    server.execute(BEFORE).await;
    let (from, rights) = (server.schema().await, server.rows(RIGHTS).await);
    let Some(mut other) = Server::empty().await else {
        return;
    };
    other.execute(AFTER).await;
    let to = other.schema().await;
    for (from, to) in [(&from, &to), (&to, &from)] {
        let made = plan(from, to, &Renames::default(), &Postgres).unwrap();
        // As the script finds them out, and as who has the database at hand writes them down.
        let mut there = made.up.clone();
        if from.tables[&super::local("p")].partition_by.is_some() {
            let found = server.rows(&Postgres.rights_query(&made.changes, from).unwrap()).await;
            say_rights(&mut there, (from, &made.changes), found, &Postgres);
            assert!(!text(&there).contains("set_config"), "{}", text(&there));
        }
        server.run(&there).await;
        assert_eq!(server.rows(RIGHTS).await, rights, "{}", text(&there));
    }
}

#[tokio::test]
async fn grants_outlive_the_new_name_of_an_argument_or_a_table() {
    let both = "CREATE FUNCTION c({j}) RETURNS int LANGUAGE sql AS 'SELECT 1';";
    let given = "REVOKE ALL ON FUNCTION c(j) FROM PUBLIC; GRANT EXECUTE ON FUNCTION c(j) TO pg_monitor; ALTER FUNCTION c(j) OWNER TO pg_monitor;
        GRANT SELECT (id) ON j TO pg_monitor;";
    let before = "CREATE TABLE j (id int, n int);";
    let spread = "CREATE TABLE p (id int, n int) PARTITION BY LIST (n); CREATE TABLE p1 PARTITION OF p DEFAULT;";
    for (after, j) in [
        ("CREATE TABLE p (id int, n int);", "p"),
        ("CREATE TABLE p (id int, n int); CREATE TABLE j (x int);", "j"),
        (spread, "p"),
    ] {
        let (Some(mut server), Some(mut other)) = (Server::empty().await, Server::empty().await) else {
            return;
        };
        server
            .execute(&format!("{before} {} {given}", both.replace("{j}", "j")))
            .await;
        other.execute(&format!("{after} {}", both.replace("{j}", j))).await;
        let rights = "SELECT p.proowner::regrole || ' ' || p.proacl::text FROM pg_proc p WHERE p.proname = 'c' UNION ALL
            SELECT a.attacl::text FROM pg_attribute a WHERE a.attrelid IN (to_regclass('p'), to_regclass('j')) AND a.attacl IS NOT NULL";
        let (from, to, held) = (server.schema().await, other.schema().await, server.rows(rights).await);
        assert_eq!(held.len(), 2, "{held:?}");
        let renames = renames("j=p", &from, &to);
        let made = plan(&from, &to, &renames, &Postgres).unwrap();
        for script in [&made.up, &made.down] {
            server.run(script).await;
            assert_eq!(server.rows(rights).await, held, "{}", text(script));
        }
    }
}

/// Types that are made of others, and views that lose columns.
const NESTED_BEFORE: &str = "
    CREATE TYPE e AS ENUM ('a', 'b', 'gone'); CREATE DOMAIN d AS e; CREATE TYPE c AS (x d); CREATE TYPE r AS RANGE (subtype = e); CREATE TABLE t (d d, c c, r r, n int, m int);
    CREATE VIEW v AS SELECT n, m FROM t; CREATE VIEW w AS SELECT n, m FROM v; CREATE MATERIALIZED VIEW q AS SELECT n, m FROM t;
    ALTER DOMAIN d OWNER TO pg_monitor; GRANT USAGE ON TYPE d TO pg_read_all_stats; ALTER TYPE c OWNER TO pg_monitor; REVOKE USAGE ON TYPE c FROM PUBLIC; ALTER TYPE r OWNER TO pg_monitor;
    GRANT SELECT (n) ON v TO pg_monitor; GRANT SELECT (n), UPDATE (n) ON w TO PUBLIC; GRANT SELECT (n) ON q TO pg_monitor;";

const NESTED_AFTER: &str = "
    CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS e; CREATE TYPE c AS (x d); CREATE TYPE r AS RANGE (subtype = e); CREATE TABLE t (d d, c c, r r, n int, m int);
    CREATE VIEW v AS SELECT n, m + 1 AS more FROM t; CREATE VIEW w AS SELECT n FROM v; CREATE MATERIALIZED VIEW q AS SELECT n FROM t;";

const NESTED_RIGHTS: &str = "
    SELECT t.typname || ' ' || t.typowner::regrole || ' ' || coalesce((SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(t.typacl) a), '') FROM pg_type t WHERE t.typname IN ('d', 'c', 'r')
    UNION ALL SELECT c.relname || ' ' || string_agg(a.attname || a.attacl::text, ',' ORDER BY a.attname) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relname IN ('v', 'w', 'q') AND a.attname = 'n' GROUP BY c.relname ORDER BY 1";

#[tokio::test]
async fn types_made_of_others_stay_with_their_owners_and_columns_that_stay_with_their_grants() {
    let (Some(mut server), Some(mut other)) = (Server::empty().await, Server::empty().await) else {
        return;
    };
    server.execute(NESTED_BEFORE).await;
    // Rights on what goes do not come back.
    server
        .execute(
            "GRANT SELECT (m) ON v TO pg_monitor; GRANT SELECT (m) ON w TO pg_monitor; GRANT SELECT (m) ON q TO PUBLIC",
        )
        .await;
    other.execute(NESTED_AFTER).await;
    let (from, to, rights) = (
        server.schema().await,
        other.schema().await,
        server.rows(NESTED_RIGHTS).await,
    );
    for (from, to) in [(&from, &to), (&to, &from)] {
        let made = plan(from, to, &Renames::default(), &Postgres).unwrap();
        server.run(&made.up).await;
        assert_eq!(server.rows(NESTED_RIGHTS).await, rights, "{}", text(&made.up));
    }
}

#[tokio::test]
async fn what_two_databases_grant_in_other_ways_is_told() {
    let (Some(mut one), Some(mut other)) = (Server::empty().await, Server::empty().await) else {
        return;
    };
    let both = "CREATE TABLE t (id int, n int); CREATE TABLE u (id int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
        GRANT SELECT ON u TO pg_monitor; CREATE TYPE mood AS ENUM ('good');";
    one.execute(both).await;
    other.execute(both).await;
    let read = async |server: &mut Server| rights(&mut *server.connection).await.unwrap().unwrap();
    assert_eq!(
        read(&mut one).await.differences(&read(&mut other).await),
        Vec::<String>::new()
    );
    other
        .execute(
            "GRANT INSERT, SELECT ON t TO pg_monitor WITH GRANT OPTION; GRANT UPDATE (n) ON t TO PUBLIC; REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC;
             REVOKE SELECT ON u FROM pg_monitor; ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO pg_monitor;
             ALTER TYPE mood OWNER TO pg_monitor; CREATE TABLE kick_x (id int); GRANT SELECT ON kick_x TO PUBLIC;",
        )
        .await;
    let owner = one.rows("SELECT current_user").await.remove(0);
    assert_eq!(
        read(&mut one).await.differences(&read(&mut other).await),
        [
            format!("owner of enum mood ({owner} in the first database, pg_monitor in the second)"),
            "grant of SELECT on table u to pg_monitor (only in the first database)".to_owned(),
            format!("default privilege of {owner} in schema public: USAGE on new sequences to pg_monitor (only in the second database)"),
            "grant of INSERT with grant option, SELECT with grant option on table t to pg_monitor (only in the second database)".to_owned(),
            "grant of UPDATE on column t.n to PUBLIC (only in the second database)".to_owned(),
            "revocation of EXECUTE on function f() from PUBLIC (only in the second database)".to_owned(),
        ]
    );
}

#[tokio::test]
async fn a_server_that_is_made_again_knows_its_users() {
    let (Some(mut server), Some(mut other)) = (Server::empty().await, Server::empty().await) else {
        return;
    };
    let before = r#"CREATE FOREIGN DATA WRAPPER w; CREATE SERVER "S%" TYPE 'a' FOREIGN DATA WRAPPER w; CREATE SERVER gone FOREIGN DATA WRAPPER w;
        CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a'; ALTER FUNCTION f(int) OWNER TO pg_monitor;
        CREATE USER MAPPING FOR PUBLIC SERVER "S%" OPTIONS ("user" 'x; y', password 'it''s 100% \'); CREATE USER MAPPING FOR pg_monitor SERVER "S%";
        CREATE USER MAPPING FOR PUBLIC SERVER gone;"#;
    let after = r#"CREATE FOREIGN DATA WRAPPER w; CREATE SERVER "S%" TYPE 'b' FOREIGN DATA WRAPPER w;
        CREATE FUNCTION f(a int) RETURNS bigint LANGUAGE sql AS 'SELECT a::bigint';"#;
    server.execute(before).await;
    other.execute(after).await;
    let users = r#"SELECT usename || umoptions::text FROM pg_user_mappings WHERE umoptions IS NOT NULL AND srvname = 'S%' UNION ALL
        SELECT usename || ' on ' || srvname FROM pg_user_mappings WHERE umoptions IS NULL AND srvname = 'S%' ORDER BY 1"#;
    let known = server.rows(users).await;
    assert_eq!(known.len(), 2, "{known:?}");
    let (from, to) = (server.schema().await, other.schema().await);
    for (from, to) in [(&from, &to), (&to, &from)] {
        let made = plan(from, to, &Renames::default(), &Postgres).unwrap();
        let found = server.rows(&Postgres.rights_query(&made.changes, from).unwrap()).await;
        let mut there = made.up.clone();
        say_rights(&mut there, (from, &made.changes), found, &Postgres);
        assert!(!text(&there).contains("100%"), "{}", text(&there));
        server.run(&there).await;
        assert_eq!(server.rows(users).await, known, "{}", text(&there));
    }
}

/// What nobody is granted, or only a server is, with the owner in its comment.
const OWNED_BEFORE: &str = "
    CREATE FUNCTION same(a int, b int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT a = b'; CREATE FUNCTION other(a int, b int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT a = b';
    CREATE FUNCTION handle(internal) RETURNS internal LANGUAGE internal AS 'dsimple_init'; CREATE FUNCTION tell() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    CREATE OPERATOR === (FUNCTION = same, LEFTARG = int, RIGHTARG = int); CREATE OPERATOR CLASS \"Class\" FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 1 hashint4(int);
    CREATE OPERATOR FAMILY fam USING btree; CREATE OPERATOR CLASS of_fam FOR TYPE int USING btree FAMILY fam AS OPERATOR 3 =, FUNCTION 1 btint4cmp(int, int);
    CREATE COLLATION \"Sorts\" (provider = icu, locale = 'de'); CREATE CONVERSION conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
    CREATE TABLE t (a int, b int, c text COLLATE \"Sorts\"); CREATE STATISTICS stats ON a, b FROM t;
    CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = simple); CREATE TEXT SEARCH CONFIGURATION conf (PARSER = \"default\");
    CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s TYPE 'a' FOREIGN DATA WRAPPER w; CREATE SCHEMA \"In\"; CREATE FOREIGN TABLE \"In\".far (id int) SERVER s;
    CREATE PUBLICATION pub FOR TABLE t; CREATE EVENT TRIGGER ev ON ddl_command_end EXECUTE FUNCTION tell();";

const OWNED_AFTER: &str = "
    CREATE FUNCTION same(a int, b int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT a = b'; CREATE FUNCTION other(a int, b int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT a = b';
    CREATE FUNCTION handle(internal) RETURNS internal LANGUAGE internal AS 'dsimple_init'; CREATE FUNCTION tell() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    CREATE OPERATOR === (FUNCTION = other, LEFTARG = int, RIGHTARG = int); CREATE OPERATOR CLASS \"Class\" FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 1 hashint4(int), FUNCTION 2 hashint4extended(int, bigint);
    CREATE OPERATOR FAMILY fam USING btree; CREATE OPERATOR CLASS of_fam FOR TYPE int USING btree FAMILY fam AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(int, int);
    CREATE COLLATION \"Sorts\" (provider = icu, locale = 'fr'); CREATE CONVERSION conv FOR 'LATIN2' TO 'UTF8' FROM iso8859_to_utf8;
    CREATE TABLE t (a int, b int, c text COLLATE \"Sorts\"); CREATE STATISTICS stats (ndistinct) ON a, b FROM t;
    CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = synonym, SYNONYMS = synonym_sample); CREATE TEXT SEARCH CONFIGURATION conf (PARSER = \"default\");
    CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s TYPE 'b' FOREIGN DATA WRAPPER w; CREATE SCHEMA \"In\"; CREATE FOREIGN TABLE \"In\".far (id int) SERVER s OPTIONS (a 'b');
    CREATE PUBLICATION pub FOR ALL TABLES; CREATE EVENT TRIGGER ev ON sql_drop EXECUTE FUNCTION tell();";

const OWN: &str = "
    ALTER OPERATOR === (int, int) OWNER TO pg_monitor; ALTER OPERATOR CLASS \"Class\" USING hash OWNER TO pg_monitor; ALTER OPERATOR FAMILY \"Class\" USING hash OWNER TO pg_read_all_stats;
    ALTER OPERATOR CLASS of_fam USING btree OWNER TO pg_monitor; ALTER COLLATION \"Sorts\" OWNER TO pg_monitor; ALTER CONVERSION conv OWNER TO pg_monitor; ALTER STATISTICS stats OWNER TO pg_monitor;
    ALTER TEXT SEARCH DICTIONARY dict OWNER TO pg_monitor; ALTER SERVER s OWNER TO pg_monitor; GRANT USAGE ON FOREIGN SERVER s TO PUBLIC; ALTER FOREIGN TABLE \"In\".far OWNER TO pg_monitor;
    GRANT SELECT ON \"In\".far TO PUBLIC; ALTER PUBLICATION pub OWNER TO pg_monitor; CREATE ROLE {role} SUPERUSER; ALTER EVENT TRIGGER ev OWNER TO {role}";

const OWNERS: &str = "
    SELECT oprname || ' ' || oprowner::regrole FROM pg_operator WHERE oid >= 16384 UNION ALL SELECT opcname || ' ' || opcowner::regrole FROM pg_opclass WHERE oid >= 16384
    UNION ALL SELECT opfname || ' ' || opfowner::regrole FROM pg_opfamily WHERE oid >= 16384 UNION ALL SELECT collname || ' ' || collowner::regrole FROM pg_collation WHERE oid >= 16384
    UNION ALL SELECT conname || ' ' || conowner::regrole FROM pg_conversion WHERE oid >= 16384 UNION ALL SELECT stxname || ' ' || stxowner::regrole FROM pg_statistic_ext
    UNION ALL SELECT dictname || ' ' || dictowner::regrole FROM pg_ts_dict WHERE oid >= 16384 UNION ALL SELECT cfgname || ' ' || cfgowner::regrole FROM pg_ts_config WHERE oid >= 16384
    UNION ALL SELECT srvname || ' ' || srvowner::regrole || srvacl::text FROM pg_foreign_server UNION ALL SELECT relname || ' ' || relowner::regrole || relacl::text FROM pg_class WHERE relname = 'far'
    UNION ALL SELECT pubname || ' ' || pubowner::regrole FROM pg_publication UNION ALL SELECT evtname || ' ' || evtowner::regrole FROM pg_event_trigger ORDER BY 1";

#[tokio::test]
async fn what_only_has_an_owner_keeps_it() {
    let (Some(mut server), Some(mut other)) = (Server::empty().await, Server::empty().await) else {
        return;
    };
    server.execute(OWNED_BEFORE).await;
    other.execute(OWNED_AFTER).await;
    // Of an event trigger only a superuser can be the owner.
    let role = format!("kick_owner_{}", std::process::id());
    server.execute(&OWN.replace("{role}", &role)).await;
    let (from, to, owners) = (server.schema().await, other.schema().await, server.rows(OWNERS).await);
    let mut seen = Vec::new();
    for (from, to) in [(&from, &to), (&to, &from)] {
        let made = plan(from, to, &Renames::default(), &Postgres).unwrap();
        for made_again in [
            "OPERATOR ===",
            "OPERATOR FAMILY",
            "OPERATOR CLASS",
            "COLLATION",
            "CONVERSION",
            "STATISTICS",
            "TEXT SEARCH DICTIONARY",
            "SERVER",
            "FOREIGN TABLE",
            "PUBLICATION",
            "EVENT TRIGGER",
        ] {
            let drop = format!("DROP {made_again}");
            assert!(text(&made.up).contains(&drop), "{drop} in {}", text(&made.up));
        }
        let done = server.try_run(&made.up).await;
        seen.push((done, server.rows(OWNERS).await, text(&made.up)));
    }
    server
        .execute(&format!("REASSIGN OWNED BY {role} TO CURRENT_USER; DROP ROLE {role}"))
        .await;
    for (done, now, script) in seen {
        assert_eq!((done, now), (Ok(()), owners.clone()), "{script}");
    }
}
