//! Extractors and transactions of axum.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use kickdb::Error;
use kickdb::axum::{Primary, Problem, Replica, Scoped, Tx, transaction};
use kickdb::prelude::*;
use tower::ServiceExt as _;

use super::{create_tables, each, label};
use crate::model::{Label, User};

async fn add(tx: &mut Transaction, name: &str) -> kickdb::Result<Label> {
    Label::insert().name(name).returning(tx).await
}

async fn kept(mut tx: Tx) -> Result<(StatusCode, String), Error> {
    Ok((StatusCode::CREATED, add(&mut tx, "kept").await?.name))
}

async fn moved(mut tx: Tx) -> Result<Redirect, Error> {
    add(&mut tx, "moved").await?;
    Ok(Redirect::to("/labels"))
}

async fn refused(mut tx: Tx) -> Result<(), Error> {
    add(&mut tx, "lost").await?;
    add(&mut tx, "lost").await.map(drop)
}

async fn teapot(mut tx: Tx) -> Result<StatusCode, Error> {
    add(&mut tx, "lost").await?;
    Ok(StatusCode::IM_A_TEAPOT)
}

async fn panicking(mut tx: Tx) -> Result<(), Error> {
    add(&mut tx, "lost").await?;
    panic!("as it may happen")
}

async fn endless(mut tx: Tx) -> Result<(), Error> {
    add(&mut tx, "lost").await?;
    std::future::pending().await
}

async fn escaping(mut tx: Tx) -> Result<(), Error> {
    add(&mut tx, "lost").await?;
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        add(&mut tx, "lost, too").await.ok();
    });
    Ok(())
}

async fn twice(_first: Tx, _second: Tx) {}

/// Reads after its transaction, and before it is committed: another connection does not see it.
async fn outside(Scoped(db): Scoped, mut tx: Tx) -> Result<String, Error> {
    let before = Label::query().count(&db).await?;
    add(&mut tx, "outside").await?;
    let within = Label::query().count(&mut *tx).await?;
    Ok(format!("{before} {within}"))
}

async fn nothing() -> &'static str {
    "no connection was taken"
}

fn app(db: &Db) -> Router {
    Router::new()
        .route("/kept", post(kept))
        .route("/moved", post(moved))
        .route("/refused", post(refused))
        .route("/teapot", post(teapot))
        .route("/panicking", post(panicking))
        .route("/endless", post(endless))
        .route("/escaping", post(escaping))
        .route("/twice", post(twice))
        .route("/outside", post(outside))
        .route("/nothing", post(nothing))
        .layer(from_fn_with_state(db.clone(), transaction))
        .route("/unlayered", post(kept))
        .with_state(db.clone())
}

async fn send(app: &Router, path: &str) -> (StatusCode, String) {
    let request = Request::post(path).body(Body::empty()).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn names(db: &Db) -> Vec<String> {
    Label::query()
        .order_by(Label::ID)
        .select(Label::NAME)
        .all(db)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_request_is_a_transaction() {
    each(async |db| {
        let app = app(db);
        assert_eq!(send(&app, "/kept").await, (StatusCode::CREATED, "kept".into()));
        assert_eq!(send(&app, "/moved").await.0, StatusCode::SEE_OTHER);
        assert_eq!(names(db).await, ["kept", "moved"]);

        let (status, body) = send(&app, "/refused").await;
        assert_eq!(status, StatusCode::CONFLICT);
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(
            (&body["code"], &body["fields"][0]),
            (&"conflict".into(), &"name".into())
        );
        assert!(!body.to_string().contains("lost"), "{body}");
        assert_eq!(send(&app, "/teapot").await.0, StatusCode::IM_A_TEAPOT);
        let run = tokio::spawn({
            let app = app.clone();
            async move { send(&app, "/panicking").await }
        });
        assert!(run.await.unwrap_err().is_panic());
        // The client goes away.
        let gone = tokio::time::timeout(Duration::from_millis(100), send(&app, "/endless")).await;
        assert!(gone.is_err());
        for wrong in ["/escaping", "/twice", "/unlayered"] {
            let (status, body) = send(&app, wrong).await;
            assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{wrong}");
            assert!(body.contains("\"internal\"") && !body.contains("Tx"), "{body}");
        }
        assert_eq!(names(db).await, ["kept", "moved"]);
        assert_eq!(send(&app, "/nothing").await.0, StatusCode::OK);
        // The connections come back.
        for _ in 0..100 {
            if db.status().in_use == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(db.status().in_use, 0);
    })
    .await;
}

#[tokio::test]
async fn what_reads_beside_a_transaction_does_not_see_it() {
    each(async |db| {
        let app = app(db);
        assert_eq!(send(&app, "/outside").await.1, "0 1");
        assert_eq!(names(db).await, ["outside"]);
    })
    .await;
}

#[tokio::test]
async fn extractors_of_one_request_are_of_one_scope() {
    let mut dbs = Vec::new();
    let databases = [(); 2].map(|()| kickdb_testdb::Engine::Sqlite.database());
    for (database, name) in databases.iter().zip(["primary", "replica"]) {
        create_tables(database.url()).await;
        let db = Db::connect(database.url()).await.unwrap();
        label(&db, name).await;
        dbs.push(db);
    }
    let db = Db::routed(dbs.remove(0), dbs).unwrap();
    async fn read(on: &Db) -> String {
        let rows = Label::query().order_by(Label::ID).select(Label::NAME).all(on).await;
        rows.unwrap().join("+")
    }
    async fn all(Scoped(scoped): Scoped, Primary(primary): Primary, Replica(replica): Replica) -> String {
        let before = read(&scoped).await;
        label(&primary, "new").await;
        format!(
            "{before} {} {} {}",
            read(&scoped).await,
            read(&primary).await,
            read(&replica).await
        )
    }
    async fn after(mut tx: Tx, scoped: Scoped) -> Result<String, Error> {
        add(&mut tx, "tx").await?;
        Ok(read(&scoped).await)
    }
    let app = Router::new()
        .route("/all", post(all))
        .route("/tx", post(after))
        .layer(from_fn_with_state(db.clone(), transaction))
        .route("/late", get(async |Replica(db): Replica| read(&db).await))
        .with_state(db.clone());
    assert_eq!(send(&app, "/all").await.1, "replica primary+new primary+new replica");
    assert_eq!(send(&app, "/tx").await.1, "primary+new");
    assert_eq!(read(&db.primary()).await, "primary+new+tx");
}

#[tokio::test]
async fn errors_have_one_status_each_and_tell_no_values() {
    let db = Db::connect("sqlite::memory:").await.unwrap();
    let missing = Label::query().count(&db).await.unwrap_err();
    let sql = missing.to_string();
    let of = |error: Error| (Problem::from(&error).status.as_u16(), Problem::from(&error).code);
    assert_eq!(of(missing), (500, "internal"));
    let unreachable = Db::connect("postgres://u:secret@127.0.0.1:1/d").await.unwrap_err();
    let response = unreachable.into_response();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers()["retry-after"], "1");
    let body = to_bytes(response.into_body(), 10_000).await.unwrap();
    assert!(!String::from_utf8_lossy(&body).contains("127.0.0.1"), "{body:?} {sql}");
    let not_found = Error::NotFound {
        table: "users".into(),
        key: "id".into(),
    };
    assert_eq!(of(not_found), (404, "not_found"));
    assert_eq!(of(Error::validation("no")), (400, "validation"));
    assert_eq!(of(Error::Deadlock { source: None }), (503, "unavailable"));
    let stale = Error::Stale {
        table: "users".into(),
        key: "id".into(),
    };
    assert_eq!(of(stale), (409, "stale"));
    each(async |db| {
        let nobody = crate::model::Project::insert()
            .owner_id(7)
            .name("p")
            .id(uuid::Uuid::new_v4());
        let problem = Problem::from(&nobody.exec(db).await.unwrap_err());
        assert_eq!((problem.status.as_u16(), problem.code), (409, "conflict"));
        assert_eq!(User::query().count(db).await.unwrap(), 0);
    })
    .await;
}
