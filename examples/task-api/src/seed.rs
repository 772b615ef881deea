//! A believable data set: three workspaces, a few thousand tasks. The same in every database.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use kickdb::prelude::*;
use uuid::Uuid;

use crate::models::{
    Comment, Label, Member, MemberRole, Project, Task, TaskLabel, TaskMeta, TaskPriority, TaskStatus, User, Workspace,
};

const PEOPLE: [&str; 12] = [
    "Ada Lindqvist",
    "Ben Okafor",
    "Chiara Conti",
    "Daniel Reyes",
    "Elif Yılmaz",
    "Finn Larsen",
    "Grace Mwangi",
    "Hana Sato",
    "Ivo Novák",
    "Jana Müller",
    "Kofi Mensah",
    "Lea Dubois",
];
const WORKSPACES: [(&str, &str); 3] = [
    ("harbour", "Harbour Logistics"),
    ("orchard", "Orchard Books"),
    ("lumen", "Lumen Clinic"),
];
const PROJECTS: [(&str, &str); 4] = [
    ("WEB", "Website"),
    ("APP", "Mobile app"),
    ("OPS", "Operations"),
    ("DATA", "Reporting"),
];
const VERBS: [&str; 10] = [
    "Fix",
    "Add",
    "Describe",
    "Measure",
    "Speed up",
    "Remove",
    "Replace",
    "Test",
    "Translate",
    "Review",
];
const THINGS: [&str; 16] = [
    "the login page",
    "invoice export",
    "search results",
    "the address form",
    "push notifications",
    "the nightly backup",
    "error pages",
    "the price list",
    "image uploads",
    "the onboarding mail",
    "the audit log",
    "password reset",
    "the map view",
    "the delivery calendar",
    "chart colours",
    "the import of old orders",
];
const PLACES: [&str; 6] = [
    "on small screens",
    "for guests",
    "in Firefox",
    "after the last release",
    "for the Lisbon office",
    "when offline",
];
const LABELS: [(&str, &str); 6] = [
    ("bug", "#d73a4a"),
    ("feature", "#0e8a16"),
    ("docs", "#0075ca"),
    ("chore", "#808080"),
    ("design", "#a371f7"),
    ("customer", "#fbca04"),
];
const REMARKS: [&str; 5] = [
    "Looks good to me.",
    "I can see this on staging, too.",
    "Waiting for an answer from the customer.",
    "Half done: the rest depends on the new form.",
    "Please have a look at the numbers again.",
];
const TASKS_PER_PROJECT: usize = 250;

/// Fills an empty database; gives the number of tasks written, 0 where there was something already.
///
/// Two processes that start at once do it once: all ids come from names, and the first insert is the one of the users.
///
/// # Errors
///
/// When the database refuses or cannot be reached.
pub async fn fill(db: &Db) -> kickdb::Result<usize> {
    if User::query().exists(db).await? {
        return Ok(0);
    }
    let data = Data::make();
    let tasks = data.tasks.len();
    let written = db
        .transaction(async |tx| {
            User::insert_many(&data.users).exec(&mut *tx).await?;
            Workspace::insert_many(&data.workspaces).exec(&mut *tx).await?;
            Member::insert_many(&data.members).exec(&mut *tx).await?;
            Project::insert_many(&data.projects).exec(&mut *tx).await?;
            Label::insert_many(&data.labels).exec(&mut *tx).await?;
            Task::insert_many(&data.tasks).exec(&mut *tx).await?;
            TaskLabel::insert_many(&data.task_labels).exec(&mut *tx).await?;
            Comment::insert_many(&data.comments).exec(&mut *tx).await?;
            Ok(())
        })
        .await;
    match written {
        Ok(()) => Ok(tasks),
        // Another process was faster with the same rows.
        Err(kickdb::Error::UniqueViolation(_)) => Ok(0),
        Err(error) => Err(error),
    }
}

#[derive(Default)]
struct Data {
    users: Vec<User>,
    workspaces: Vec<Workspace>,
    members: Vec<Member>,
    projects: Vec<Project>,
    labels: Vec<Label>,
    tasks: Vec<Task>,
    task_labels: Vec<TaskLabel>,
    comments: Vec<Comment>,
}

/// The same name, the same id, in every database.
fn id(name: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("task-api/{name}").as_bytes())
}

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_600_000, 0).expect("a second of the year 2026 is in range")
}

impl Data {
    fn make() -> Self {
        let mut data = Self::default();
        let created_at = start();
        for name in PEOPLE {
            let email = format!(
                "{}@example.org",
                name.to_lowercase()
                    .replace(' ', ".")
                    .replace(|c: char| !c.is_ascii(), "")
            );
            data.users.push(User {
                id: id(name),
                email,
                name: name.to_owned(),
                created_at,
            });
        }
        for (slug, name) in WORKSPACES {
            data.workspace(slug, name);
        }
        data
    }

    fn workspace(&mut self, slug: &str, name: &str) {
        let workspace_id = id(slug);
        let created_at = start();
        self.workspaces.push(Workspace {
            id: workspace_id,
            slug: slug.to_owned(),
            name: name.to_owned(),
            created_at,
        });
        for (at, user) in PEOPLE.iter().enumerate() {
            let role = [
                MemberRole::Owner,
                MemberRole::Admin,
                MemberRole::Member,
                MemberRole::Guest,
            ][at.div_ceil(3).min(3)];
            self.members.push(Member {
                workspace_id,
                user_id: id(user),
                role,
                joined_at: created_at,
            });
        }
        for (label, color) in LABELS {
            let id = id(&format!("{slug}/{label}"));
            self.labels.push(Label {
                id,
                workspace_id,
                name: label.to_owned(),
                color: color.to_owned(),
            });
        }
        for (key, name) in PROJECTS {
            let project_id = id(&format!("{slug}/{key}"));
            self.projects.push(Project {
                id: project_id,
                workspace_id,
                key: key.to_owned(),
                name: name.to_owned(),
                description: None,
                archived_at: None,
                created_at,
            });
            for number in 1..=TASKS_PER_PROJECT {
                self.task(slug, key, project_id, number);
            }
        }
    }

    fn task(&mut self, slug: &str, key: &str, project_id: Uuid, number: usize) {
        let task_id = id(&format!("{slug}/{key}/{number}"));
        // Digits that look like chance and are the same each time.
        let dice = task_id.as_u128() as usize;
        let created_at = start() + Duration::hours(i64::try_from(number * 5).expect("a few thousand hours fit"));
        let status = match dice % 10 {
            0..=3 => TaskStatus::Done,
            4 => TaskStatus::InReview,
            5 | 6 => TaskStatus::InProgress,
            _ => TaskStatus::Todo,
        };
        let pick = |list: &[&str], salt: usize| list[(dice / salt) % list.len()].to_owned();
        self.tasks.push(Task {
            id: task_id,
            project_id,
            number: i32::try_from(number).expect("a few hundred fit"),
            title: format!("{} {} {}", pick(&VERBS, 10), pick(&THINGS, 101), pick(&PLACES, 1009)),
            description: String::new(),
            status,
            priority: [
                TaskPriority::Normal,
                TaskPriority::Low,
                TaskPriority::High,
                TaskPriority::Urgent,
            ][(dice / 7) % 4],
            assignee_id: (!dice.is_multiple_of(4)).then(|| id(PEOPLE[(dice / 13) % PEOPLE.len()])),
            parent_id: (number.is_multiple_of(9)).then(|| id(&format!("{slug}/{key}/{}", number - 4))),
            meta: Json(TaskMeta {
                estimate: (dice.is_multiple_of(3)).then_some((dice % 40) as u32),
                links: Vec::new(),
            }),
            due_on: (dice.is_multiple_of(5)).then(|| NaiveDate::from(created_at.naive_utc()) + Duration::days(14)),
            created_at,
            updated_at: created_at,
            version: 1,
        });
        if dice.is_multiple_of(2) {
            let label_id = id(&format!("{slug}/{}", LABELS[(dice / 17) % LABELS.len()].0));
            self.task_labels.push(TaskLabel { task_id, label_id });
        }
        for at in 0..(dice / 19) % 3 {
            self.comments.push(Comment {
                id: id(&format!("{task_id}/{at}")),
                task_id,
                author_id: id(PEOPLE[(dice / 23 + at) % PEOPLE.len()]),
                body: pick(&REMARKS, 29 + at),
                created_at: created_at + Duration::hours(1 + i64::try_from(at).expect("at most two")),
            });
        }
    }
}
