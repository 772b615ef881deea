use serde_json::{Value, json};

use crate::on_each_engine;
use crate::server::Server;

/// The first workspace of the example data with its first project and its people.
fn example(server: &Server) -> (Value, Value, Value) {
    let workspace = server.get("/workspaces")[0].clone();
    let id = workspace["id"].as_str().unwrap();
    let project = server.get(&format!("/projects?workspace={id}"))[0].clone();
    let users = server.get("/users");
    (workspace, project, users)
}

#[test]
fn starts_with_example_data() {
    on_each_engine(|server| {
        assert_eq!(server.get("/users").as_array().unwrap().len(), 12);
        assert_eq!(server.get("/tasks?limit=1")["total"], 3000);
        server.expect(204, "GET", "/health", None);
        let document = server.get("/openapi.json");
        for path in [
            "/users",
            "/tasks/{id}",
            "/projects/{id}/board",
            "/tasks/{id}/labels/{label_id}",
        ] {
            assert!(document["paths"][path].is_object(), "{path} is described");
        }
        let (status, page) = server.request("GET", "/docs/", None);
        assert_eq!(status, 200);
        assert!(page.as_str().unwrap().contains("swagger-ui"));
    });
}

#[test]
fn a_task_from_its_creation_to_its_end() {
    on_each_engine(|server| {
        let (workspace, project, users) = example(server);
        let user = users[0]["id"].as_str().unwrap();
        let task = server.post(
            "/tasks",
            &json!({ "project_id": project["id"], "title": "Paint the \"fence\"; 100% blue_green", "priority": "high",
                     "assignee_id": user, "due_on": "2026-12-24", "meta": { "estimate": 3, "links": ["https://example.org"] } }),
        );
        let path = format!("/tasks/{}", task["id"].as_str().unwrap());
        assert_eq!(task["number"], 251);
        assert_eq!(task["status"], "todo");
        assert_eq!(server.get(&path), task);

        let patched = server.patch(&path, &json!({ "status": "in_progress", "assignee_id": null }));
        assert_eq!(
            (&patched["status"], &patched["assignee_id"]),
            (&json!("in_progress"), &Value::Null)
        );
        assert_eq!(
            (&patched["due_on"], &patched["meta"]["estimate"]),
            (&json!("2026-12-24"), &json!(3))
        );

        let child = server.post(
            "/tasks",
            &json!({ "project_id": project["id"], "title": "Buy paint", "parent_id": task["id"] }),
        );
        let label = server.post(
            &format!("/workspaces/{}/labels", workspace["id"].as_str().unwrap()),
            &json!({ "name": "garden", "color": "#00ff00" }),
        );
        let label_path = format!("{path}/labels/{}", label["id"].as_str().unwrap());
        server.expect(204, "PUT", &label_path, None);
        server.expect(204, "PUT", &label_path, None);
        server.post(
            &format!("{path}/comments"),
            &json!({ "author_id": user, "body": "Which blue?" }),
        );
        assert_eq!(server.get(&format!("{path}/comments"))[0]["body"], "Which blue?");

        let labelled = server.get(&format!("/tasks?label={}", label["id"].as_str().unwrap()));
        assert_eq!(
            (&labelled["total"], &labelled["tasks"][0]["id"]),
            (&json!(1), &task["id"])
        );

        let board = server.get(&format!("/projects/{}/board", project["id"].as_str().unwrap()));
        let cards: Vec<&Value> = board["columns"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|column| column["cards"].as_array().unwrap())
            .collect();
        assert_eq!(cards.len(), 252);
        let card = cards.iter().find(|card| card["task"]["id"] == task["id"]).unwrap();
        assert_eq!(
            (&card["assignee"], &card["comments"], &card["labels"][0]["name"]),
            (&Value::Null, &json!(1), &json!("garden"))
        );
        assert!(cards.iter().any(|card| card["assignee"].is_string()));

        server.expect(204, "DELETE", &label_path, None);
        server.delete(&path);
        server.expect(404, "GET", &path, None);
        let orphan = server.get(&format!("/tasks/{}", child["id"].as_str().unwrap()));
        assert_eq!(orphan["parent_id"], Value::Null);
    });
}

#[test]
fn tasks_are_filtered_sorted_and_paged() {
    on_each_engine(|server| {
        let (_, project, users) = example(server);
        let project = project["id"].as_str().unwrap();
        let assignee = users[3]["id"].as_str().unwrap();
        let found = server.get(&format!("/tasks?project={project}&status=done&assignee={assignee}"));
        let tasks = found["tasks"].as_array().unwrap();
        assert!(!tasks.is_empty());
        assert!(
            tasks.iter().all(|task| task["status"] == "done"
                && task["assignee_id"] == assignee
                && task["project_id"] == project)
        );

        for title in ["a%b", "aXb", "a_b"] {
            server.post(
                "/tasks",
                &json!({ "project_id": project, "title": format!("like {title}") }),
            );
        }
        let titles = |query: &str| -> Vec<String> {
            let page = server.get(&format!("/tasks?sort=title&q={query}"));
            page["tasks"]
                .as_array()
                .unwrap()
                .iter()
                .map(|task| task["title"].as_str().unwrap().to_owned())
                .collect()
        };
        // PostgreSQL finds words, too, and takes none of these characters for a part of one.
        for (sought, title) in [("like%20a%25b", "like a%b"), ("like%20a_b", "like a_b")] {
            let found = titles(sought);
            assert!(found.iter().any(|found| found == title), "{found:?}");
            assert!(!found.iter().any(|found| found == "like aXb"), "{found:?}");
        }

        for sort in ["newest", "oldest", "title"] {
            let path = format!("/tasks?project={project}&sort={sort}");
            let mut seen: Vec<Value> = Vec::new();
            let mut after = String::new();
            loop {
                let page = server.get(&format!("{path}&limit=100{after}"));
                seen.extend(page["tasks"].as_array().unwrap().clone());
                let Some(next) = page["next"].as_str() else { break };
                after = format!(
                    "&after={}",
                    form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>()
                );
            }
            // Each task once, over pages that rows with equal keys do not break.
            let ids: std::collections::BTreeSet<String> = seen.iter().map(|task| task["id"].to_string()).collect();
            assert_eq!((seen.len(), ids.len()), (253, 253), "{sort}");
            let few = server.get(&format!("{path}&limit=20"));
            assert_eq!(few["tasks"].as_array().unwrap()[..], seen[..20], "{sort}");
        }
    });
}

#[test]
fn workspaces_and_their_members() {
    on_each_engine(|server| {
        let users = server.get("/users");
        let (owner, guest) = (&users[0]["id"], users[1]["id"].as_str().unwrap());
        let workspace = server.post(
            "/workspaces",
            &json!({ "slug": "new-one", "name": "New one", "owner_id": owner }),
        );
        let path = format!("/workspaces/{}", workspace["id"].as_str().unwrap());
        server.expect(
            200,
            "PUT",
            &format!("{path}/members/{guest}"),
            Some(&json!({ "role": "guest" })),
        );
        let member = server.expect(
            200,
            "PUT",
            &format!("{path}/members/{guest}"),
            Some(&json!({ "role": "admin" })),
        );
        assert_eq!(member["role"], "admin");
        assert_eq!(server.get(&format!("{path}/members")).as_array().unwrap().len(), 2);
        server.delete(&format!("{path}/members/{guest}"));

        let project = server.post(
            "/projects",
            &json!({ "workspace_id": workspace["id"], "key": "NEW", "name": "Anew" }),
        );
        let project_path = format!("/projects/{}", project["id"].as_str().unwrap());
        server.patch(&project_path, &json!({ "archived": true, "description": "later" }));
        let visible = server.get(&format!("/projects?workspace={}", workspace["id"].as_str().unwrap()));
        assert_eq!(visible, json!([]));
        server.delete(&path);
        server.expect(404, "GET", &project_path, None);
    });
}
