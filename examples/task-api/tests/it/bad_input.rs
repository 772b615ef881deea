use serde_json::{Value, json};

use crate::on_each_engine;
use crate::server::Server;

/// A request that is refused with this status, naming this field.
fn refused(server: &Server, status: u16, field: &str, method: &str, path: &str, body: &Value) {
    // A body that nobody reads would make the server close the connection.
    let answer = server.expect(status, method, path, Some(body).filter(|body| !body.is_null()));
    assert_eq!(answer["field"], field, "{method} {path} {body} answered {answer}");
    assert!(!answer["message"].as_str().unwrap().is_empty());
}

#[test]
fn what_is_wrong_is_answered_with_the_field() {
    on_each_engine(|server| {
        let project = server.get("/projects")[0]["id"].clone();
        let task = |rest: Value| {
            let mut body = json!({ "project_id": project, "title": "x" });
            body.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
            body
        };
        refused(server, 400, "name", "POST", "/users", &json!({ "email": "a@b.org" }));
        refused(
            server,
            400,
            "email",
            "POST",
            "/users",
            &json!({ "email": "nobody", "name": "N" }),
        );
        refused(
            server,
            400,
            "nmae",
            "POST",
            "/users",
            &json!({ "email": "a@b.org", "nmae": "N" }),
        );
        refused(server, 400, "title", "POST", "/tasks", &task(json!({ "title": " " })));
        refused(
            server,
            400,
            "title",
            "POST",
            "/tasks",
            &task(json!({ "title": "x".repeat(201) })),
        );
        refused(server, 400, "title", "POST", "/tasks", &task(json!({ "title": 5 })));
        refused(
            server,
            400,
            "status",
            "POST",
            "/tasks",
            &task(json!({ "status": "someday" })),
        );
        refused(
            server,
            400,
            "due_on",
            "POST",
            "/tasks",
            &task(json!({ "due_on": "2026-02-30" })),
        );
        refused(
            server,
            400,
            "meta.estimate",
            "POST",
            "/tasks",
            &task(json!({ "meta": { "estimate": -1 } })),
        );
        refused(server, 400, "status", "GET", "/tasks?status=someday", &Value::Null);
        refused(server, 400, "limit", "GET", "/tasks?limit=100000", &Value::Null);
        refused(server, 400, "limit", "GET", "/tasks?limit=-1", &Value::Null);
        for after in ["x", "%5B1%5D", "%5B%22a%22,%22b%22%5D"] {
            let answer = server.expect(400, "GET", &format!("/tasks?after={after}"), None);
            assert_eq!(answer["field"], "after", "{answer}");
        }
        refused(server, 400, "id", "GET", "/tasks/not-an-id", &Value::Null);
        server.expect(400, "POST", "/tasks", Some(&Value::String("{".into())));
        let user = server.get("/users")[0]["id"].as_str().unwrap().to_owned();
        server.expect(400, "PATCH", &format!("/users/{user}"), Some(&json!({})));
    });
}

#[test]
fn conflicts_are_409() {
    on_each_engine(|server| {
        let users = server.get("/users");
        let nobody = "00000000-0000-0000-0000-000000000000";
        refused(
            server,
            409,
            "email",
            "POST",
            "/users",
            &json!({ "email": users[0]["email"], "name": "Again" }),
        );
        let project = server.get("/projects")[0].clone();
        let again = json!({ "workspace_id": project["workspace_id"], "key": project["key"], "name": "Again" });
        server.expect(409, "POST", "/projects", Some(&again));
        server.expect(
            409,
            "POST",
            "/tasks",
            Some(&json!({ "project_id": nobody, "title": "lost" })),
        );
        // Someone with comments cannot go.
        let author = server
            .get("/users")
            .as_array()
            .unwrap()
            .iter()
            .map(|user| user["id"].as_str().unwrap().to_owned())
            .map(|id| server.request("DELETE", &format!("/users/{id}"), None).0)
            .collect::<Vec<_>>();
        assert!(author.iter().all(|status| *status == 409), "{author:?}");
    });
}

#[test]
fn missing_things_are_404() {
    on_each_engine(|server| {
        let nobody = "00000000-0000-0000-0000-000000000000";
        for thing in ["users", "workspaces", "projects", "tasks"] {
            server.expect(404, "GET", &format!("/{thing}/{nobody}"), None);
            server.expect(404, "DELETE", &format!("/{thing}/{nobody}"), None);
        }
        server.expect(
            404,
            "PATCH",
            &format!("/tasks/{nobody}"),
            Some(&json!({ "title": "x" })),
        );
        server.expect(404, "PATCH", &format!("/users/{nobody}"), Some(&json!({ "name": "x" })));
        server.expect(404, "GET", &format!("/projects/{nobody}/board"), None);
        server.expect(
            404,
            "POST",
            &format!("/tasks/{nobody}/comments"),
            Some(&json!({ "author_id": nobody, "body": "x" })),
        );
        server.expect(404, "GET", "/nothing-here", None);
    });
}
