//! Bodies of functions, which the server looks at when they are made.

use kickdb_core::dialect::Objects;
use kickdb_core::dialect::postgres::Postgres;

use super::{Server, plan_between, text};

#[tokio::test]
async fn what_a_declared_function_says_is_looked_at_where_it_can_be_found() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    server.execute("CREATE SCHEMA app; CREATE TABLE app.t (id int)").await;
    let from = server.schema().await;
    for (function, looks_away, is_made) in [
        (
            "f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM app.t'",
            false,
            true,
        ),
        (
            "f() RETURNS bigint LANGUAGE sql SET search_path = app AS 'SELECT count(*) FROM t'",
            false,
            true,
        ),
        // Whoever calls it has the path.
        (
            "f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM t'",
            true,
            true,
        ),
        (
            "f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM typo'",
            false,
            false,
        ),
        (
            "f() RETURNS bigint LANGUAGE sql SET search_path = public AS 'SELECT count(*) FROM t'",
            false,
            false,
        ),
    ] {
        let (id, object) = Postgres.read_object(&format!("CREATE FUNCTION {function}")).unwrap();
        let mut to = from.clone();
        to.objects.insert(id, object);
        let plan = plan_between(&from, &to);
        assert_eq!(
            text(&plan.up).contains("check_function_bodies"),
            looks_away,
            "{function}"
        );
        let done = server.try_run(&plan.up).await;
        assert_eq!(done.is_ok(), is_made, "{function}: {done:?}");
        if is_made {
            server.run(&plan.down).await;
            server.execute("RESET check_function_bodies").await;
        }
    }
}
