//! One running service and a client for it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A service that stops when the value is dropped.
pub struct Server {
    process: Child,
    address: String,
    agent: ureq::Agent,
}

impl Server {
    /// Starts the service on a free port and waits until it listens.
    pub fn start(database_url: &str) -> Self {
        Self::with_replica(database_url, "")
    }

    /// The same, with a second database for what only reads.
    pub fn with_replica(database_url: &str, replica_url: &str) -> Self {
        let mut process = Self::spawn(database_url, replica_url);
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let Some(address) = line.trim().strip_prefix("listening on ") else {
            process.kill().unwrap();
            let said = std::io::read_to_string(process.stderr.take().unwrap()).unwrap();
            panic!("the service did not start: {line}{said}");
        };
        // Nobody reads the rest of its log; a full pipe would stop it.
        let mut log = process.stderr.take().unwrap();
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        Self {
            address: address.to_owned(),
            process,
            agent: config.into(),
        }
    }

    /// Starts the service without waiting for it.
    fn spawn(database_url: &str, replica_url: &str) -> Child {
        Command::new(env!("CARGO_BIN_EXE_task-api"))
            .env("DATABASE_URL", database_url)
            .env("REPLICA_URL", replica_url)
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// One request: the status, and the body where it is JSON.
    pub fn request(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let text = body.map(ToString::to_string).unwrap_or_default();
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.address))
            .header("content-type", "application/json")
            .body(text)
            .unwrap();
        let mut answer = self
            .agent
            .run(request)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let text = answer.body_mut().read_to_string().unwrap();
        (
            answer.status().as_u16(),
            serde_json::from_str(&text).unwrap_or(Value::String(text)),
        )
    }

    pub fn get(&self, path: &str) -> Value {
        self.expect(200, "GET", path, None)
    }

    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.expect(201, "POST", path, Some(body))
    }

    pub fn patch(&self, path: &str, body: &Value) -> Value {
        self.expect(200, "PATCH", path, Some(body))
    }

    pub fn delete(&self, path: &str) {
        self.expect(204, "DELETE", path, None);
    }

    /// One request whose status must be the expected one.
    pub fn expect(&self, status: u16, method: &str, path: &str, body: Option<&Value>) -> Value {
        let (got, answer) = self.request(method, path, body);
        assert_eq!(got, status, "{method} {path} answered {got}: {answer}");
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
