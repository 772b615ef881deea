//! What several people do to the same things, many things at once, and two databases.

use kickdb_testdb::Engine;
use serde_json::{Value, json};

use crate::on_each_engine;
use crate::server::Server;

#[test]
fn nobodys_change_is_lost() {
    on_each_engine(|server| {
        let project = server.get("/projects")[0]["id"].clone();
        let task = server.post("/tasks", &json!({ "project_id": project, "title": "Draft" }));
        let path = format!("/tasks/{}", task["id"].as_str().unwrap());
        assert_eq!(task["version"], 1);
        let first = server.patch(&path, &json!({ "title": "Mine", "version": 1 }));
        assert_eq!((&first["title"], &first["version"]), (&json!("Mine"), &json!(2)));
        let late = server.expect(409, "PATCH", &path, Some(&json!({ "title": "Yours", "version": 1 })));
        assert_eq!(late["code"], "stale");
        assert_eq!(server.get(&path)["title"], "Mine");
        // Without a version, what is there is changed, and all who do so at once are served or told.
        let answers: Vec<u16> = std::thread::scope(|scope| {
            let path = &path;
            let all: Vec<_> = (0..6)
                .map(|at| {
                    let body = json!({ "description": format!("{at}") });
                    scope.spawn(move || server.request("PATCH", path, Some(&body)).0)
                })
                .collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(
            answers.iter().all(|status| matches!(status, 200 | 409 | 503)),
            "{answers:?}"
        );
        let kept = answers.iter().filter(|status| **status == 200).count();
        assert_eq!(server.get(&path)["version"], json!(2 + kept));
    });
}

#[test]
fn a_label_on_many_tasks() {
    on_each_engine(|server| {
        let workspaces = server.get("/workspaces");
        let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
        let (here, there) = (id(&workspaces[0]), id(&workspaces[1]));
        let label = server.post(&format!("/workspaces/{here}/labels"), &json!({ "name": "bulk" }));
        let path = format!("/labels/{}/tasks", id(&label));
        let tasks_of = |workspace: &str| -> Vec<Value> {
            let project = id(&server.get(&format!("/projects?workspace={workspace}"))[0]);
            let page = server.get(&format!("/tasks?project={project}&limit=50"));
            page["tasks"]
                .as_array()
                .unwrap()
                .iter()
                .map(|task| task["id"].clone())
                .collect()
        };
        let (own, foreign) = (tasks_of(&here), tasks_of(&there));
        let put = |status: u16, ids: &[Value]| server.expect(status, "POST", &path, Some(&json!({ "task_ids": ids })));
        assert_eq!(put(200, &own[..30])["changed"], 30);
        // Those that have it already, and one that is named twice, do not count.
        let mut again = own.clone();
        again.push(own[40].clone());
        assert_eq!(put(200, &again)["changed"], 20);
        let found = server.get(&format!("/tasks?label={}", id(&label)));
        assert_eq!(found["total"], 50);
        assert_eq!(put(400, &[&own[..1], &foreign[..1]].concat())["field"], "task_ids");
        assert_eq!(put(400, &[])["field"], "task_ids");
        assert_eq!(server.get(&format!("/tasks?label={}", id(&label)))["total"], 50);
        let nobody = "/labels/00000000-0000-0000-0000-000000000000/tasks";
        server.expect(404, "POST", nobody, Some(&json!({ "task_ids": own })));
    });
}

#[test]
fn words_are_found() {
    on_each_engine(|server| {
        let project = server.get("/projects")[0]["id"].clone();
        server.post(
            "/tasks",
            &json!({ "project_id": project, "title": "Water the zinnias twice" }),
        );
        assert_eq!(server.get("/tasks?q=the%20zinnias")["total"], 1);
        assert_eq!(server.get("/tasks?q=zinnias%20dahlias")["total"], 0);
    });
}

/// Both search texts, so that the order of words does not matter.
#[test]
fn words_are_found_in_any_order_where_texts_are_searched() {
    for engine in kickdb_testdb::engines(&[Engine::Postgres, Engine::Mysql]) {
        let database = engine.database();
        let server = Server::start(database.url());
        let project = server.get("/projects")[0]["id"].clone();
        server.post(
            "/tasks",
            &json!({ "project_id": project, "title": "Water the zinnias twice" }),
        );
        let total = |words: &str| server.get(&format!("/tasks?q={words}"))["total"].as_i64();
        assert_eq!(total("zinnias%20water"), Some(1));
        assert_eq!(total("ZINNIAS"), Some(1));
        assert_eq!(total("zinnias%20dahlias"), Some(0));
    }
}

#[test]
fn what_only_reads_is_asked_of_the_replica() {
    let (primary, replica) = (Engine::Sqlite.database(), Engine::Sqlite.database());
    // Both have the same example data, and no change comes over: what is read tells where from.
    drop(Server::start(replica.url()));
    let server = Server::with_replica(primary.url(), replica.url());
    let user = server.get("/users")[0].clone();
    let path = format!("/users/{}", user["id"].as_str().unwrap());
    let changed = server.patch(&path, &json!({ "name": "Somebody Else" }));
    assert_eq!(changed["name"], "Somebody Else");
    assert_eq!(server.get(&path)["name"], user["name"]);
    drop(server);
    assert_eq!(Server::start(primary.url()).get(&path)["name"], "Somebody Else");
}
