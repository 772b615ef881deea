//! Vectors and the distances between them, by the extension pgvector.

use kickdb::prelude::*;
use kickdb_core::dialect::{by_name, live};
use kickdb_testdb::{Database, Engine, engines};

#[derive(Debug, Clone, PartialEq, DbType)]
#[db_type(type = "vector(2)")]
struct Place(Vec<f32>);

#[derive(Debug, Clone, PartialEq, Table)]
#[table(name = "docs", unmanaged, reason = "made by the test")]
struct Doc {
    #[column(primary_key)]
    id: i32,
    #[column(type = "vector(3)")]
    embedding: Vec<f32>,
    #[column(type = "vector(3)")]
    summary: Option<Vec<f32>>,
    place: Place,
}

fn doc(id: i32, embedding: [f32; 3]) -> Doc {
    Doc {
        id,
        embedding: embedding.to_vec(),
        summary: (id % 2 == 0).then(|| embedding.to_vec()),
        place: Place(vec![id as f32, 0.5]),
    }
}

/// A database with the extension; `None` where the server does not have it.
async fn with_vectors(engine: Engine) -> Option<(Db, Database)> {
    let database = engine.database();
    let mut connection = live::connect(database.url()).await.unwrap();
    let there = "SELECT 1::text FROM pg_available_extensions WHERE name = 'vector'";
    if connection.query(there, &[]).await.unwrap().is_empty() {
        println!("vectors: left out, the server does not have the extension pgvector");
        return None;
    }
    for sql in [
        "CREATE EXTENSION vector",
        "CREATE TABLE docs (id integer PRIMARY KEY, embedding vector(3) NOT NULL, summary vector(3), place vector(2) NOT NULL)",
        "CREATE INDEX near ON docs USING hnsw (embedding vector_cosine_ops)",
    ] {
        connection.execute(sql).await.unwrap();
    }
    connection.close().await.unwrap();
    Some((Db::connect(database.url()).await.unwrap(), database))
}

#[tokio::test]
async fn vectors_are_kept_and_the_nearest_found() {
    for engine in engines(&[Engine::Postgres]) {
        let Some((db, _database)) = with_vectors(engine).await else {
            continue;
        };
        let db = &db;
        // Enough rows for lists instead of single values.
        let mut docs: Vec<Doc> = (1..=40).map(|id| doc(id, [id as f32, 1.0, -0.25])).collect();
        Doc::insert_many(&docs).exec(db).await.unwrap();
        assert_eq!(Doc::query().order_by(Doc::ID).all(db).await.unwrap(), docs);
        docs[0].embedding = vec![0.5, 0.5, 0.5];
        Doc::update_rows([&docs[0]]).exec(db).await.unwrap();
        let same = Doc::query().filter(Doc::EMBEDDING.eq(&docs[0].embedding));
        assert_eq!(same.one(db).await.unwrap(), docs[0]);

        let to = vec![3.0, 1.0, 0.0];
        let near = Doc::query()
            .order_by((Doc::EMBEDDING.l2_distance(&to), Doc::ID))
            .limit(2);
        let near: Vec<(i32, f64)> = near
            .select((Doc::ID, Doc::EMBEDDING.l2_distance(&to)))
            .all(db)
            .await
            .unwrap();
        assert_eq!(near[0], (3, 0.25));
        assert!(near[1].1 > 1.0, "{near:?}");
        let within = Doc::query().filter(Doc::EMBEDDING.l1_distance(&to).le(1.25));
        assert_eq!(
            within.order_by(Doc::ID).select(Doc::ID).all(db).await.unwrap(),
            [2, 3, 4]
        );
        let (cosine, product): (f64, f64) = Doc::query()
            .filter(Doc::ID.eq(1))
            .select((
                Doc::EMBEDDING.cosine_distance(vec![1.0, 1.0, 1.0]),
                Doc::EMBEDDING.negative_inner_product(vec![1.0, 2.0, 3.0]),
            ))
            .one(db)
            .await
            .unwrap();
        assert!(cosine.abs() < 1e-6, "{cosine}");
        assert_eq!(product, -3.0);
        // Of two columns, one of which may be NULL, and of a newtype.
        let between: Vec<(Option<f64>, f64)> = Doc::query()
            .filter(Doc::ID.between(2, 3))
            .order_by(Doc::ID)
            .select((
                Doc::EMBEDDING.l2_distance(Doc::SUMMARY),
                Doc::PLACE.l2_distance(Place(vec![2.0, 0.5])),
            ))
            .all(db)
            .await
            .unwrap();
        assert_eq!(between, [(Some(0.0), 0.0), (None, 1.0)]);

        let error = Doc::query()
            .order_by(Doc::EMBEDDING.l2_distance(vec![1.0]))
            .all(db)
            .await
            .unwrap_err();
        assert!(error.to_string().contains("expected 3 dimensions, not 1"), "{error}");
        let wrong = Doc {
            embedding: vec![1.0, 2.0],
            ..docs[1].clone()
        };
        let error = Doc::update_rows([&wrong]).exec(db).await.unwrap_err();
        assert!(error.to_string().contains("expected 3 dimensions, not 2"), "{error}");
    }
}

#[tokio::test]
async fn an_order_by_a_distance_is_served_by_an_index() {
    for engine in engines(&[Engine::Postgres]) {
        let Some((db, _database)) = with_vectors(engine).await else {
            continue;
        };
        let docs: Vec<Doc> = (1..=300).map(|id| doc(id, [id as f32, 1.0, -0.25])).collect();
        Doc::insert_many(&docs).exec(&db).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        sql("SET LOCAL enable_seqscan = off").exec(&mut tx).await.unwrap();
        let order = Doc::EMBEDDING.cosine_distance(vec![1.0, 0.0, 0.0]);
        let query = Doc::query().order_by(order).limit(5).select(Doc::ID);
        assert_eq!(query.clone().all(&mut tx).await.unwrap().len(), 5);
        let text = query.render(db.dialect()).unwrap().sql;
        let plan = format!("EXPLAIN {}", text.replace("$1", "ARRAY[1, 0, 0]"));
        let plan = kickdb::sqlx::query_scalar::<_, String>(kickdb::sqlx::AssertSqlSafe(plan));
        let plan = plan.fetch_all(tx.postgres().await.unwrap()).await.unwrap();
        assert!(
            plan.iter().any(|line| line.contains("Index Scan using near")),
            "{plan:#?}"
        );
    }
}

#[test]
fn engines_without_vectors_say_so() {
    for name in ["sqlite", "mysql"] {
        let query = Doc::query().order_by(Doc::EMBEDDING.l2_distance(vec![1.0, 2.0, 3.0]));
        let error = query.render(by_name(name).unwrap()).unwrap_err();
        assert_eq!(error.code(), "unsupported_by_dialect");
        assert!(error.to_string().contains("pgvector"), "{error}");
    }
}
