//! Replays `docs/tour.md`: every file is written, every command is run, every output must be what the tour shows.
//!
//! A block ` ```console ` holds commands (`$ …`) and what they print; a block ` ```rust src/main.rs ` is a file. Times,
//! durations and places of the machine are forgiven. `KICKDB_BLESS=1` writes what was printed into the tour instead.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use kickdb_testdb::Engine;

const MARK: &str = "\u{1}step ";
/// How the tour spells what differs from machine to machine.
const SHOWN_URL: &str = "postgres://postgres@127.0.0.1/shop";
const SHOWN_PATH: &str = "../kickdb";

#[test]
fn the_tour_is_true() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let tour = std::fs::read_to_string(workspace.join("docs/tour.md")).unwrap();
    let with_postgres = kickdb_testdb::available(Engine::Postgres);
    let database = with_postgres.then(|| Engine::Postgres.database());
    let url = database.as_ref().map_or(SHOWN_URL, |database| database.url());
    let workspace_path = workspace.display().to_string();
    let parts = parse(&tour);

    let folder = tempfile::tempdir().unwrap();
    let fill = |text: &str| text.replace(SHOWN_URL, url).replace(SHOWN_PATH, &workspace_path);
    let script = script(&parts, with_postgres, &workspace_path, fill);
    let printed = run(&script, folder.path(), workspace);
    let clean = |text: &str| {
        text.replace(url, SHOWN_URL)
            .replace(&workspace_path, SHOWN_PATH)
            .replace(&folder.path().display().to_string(), "")
    };

    let (mut blessed, mut wrong) = (String::new(), String::new());
    for (number, part) in parts.iter().enumerate() {
        if part.what != What::Commands || (part.postgres && !with_postgres) {
            blessed.push_str(&part.raw);
            continue;
        }
        let mut body = String::new();
        for (at, command) in commands(&part.body).enumerate() {
            let step = format!("{number} {at}\n");
            let output = printed
                .split(MARK)
                .find_map(|chunk| chunk.strip_prefix(&step))
                .unwrap_or_default();
            writeln!(body, "{}", format!("$ {command}\n{}", clean(output)).trim_end()).unwrap();
        }
        if normal(&body) != normal(&part.body) {
            writeln!(wrong, "the tour shows:\n{}\nbut this is printed:\n{body}", part.body).unwrap();
        }
        write!(blessed, "```console\n{body}```\n").unwrap();
    }
    if std::env::var_os("KICKDB_BLESS").is_some() {
        std::fs::write(workspace.join("docs/tour.md"), blessed).unwrap();
    } else {
        assert!(
            wrong.is_empty(),
            "{wrong}\nlook at it, then run this test with KICKDB_BLESS=1"
        );
    }
}

struct Part {
    what: What,
    raw: String,
    body: String,
    /// Whether it stands below the heading of the part on PostgreSQL.
    postgres: bool,
}

#[derive(PartialEq)]
enum What {
    Text,
    File(String),
    Commands,
}

fn parse(tour: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let (mut postgres, mut open) = (false, false);
    for line in tour.split_inclusive('\n') {
        let fence = line.trim_end().strip_prefix("```");
        if !open && line.starts_with("## ") {
            postgres = line.contains("PostgreSQL");
        }
        let opens = fence.is_some() && !open;
        if opens || parts.is_empty() || (!open && parts.last().is_some_and(|part| part.what != What::Text)) {
            let what = match fence.and_then(|head| head.split_once(' ')) {
                Some((_, path)) => What::File(path.to_owned()),
                None if fence == Some("console") => What::Commands,
                None => What::Text,
            };
            parts.push(Part {
                what,
                raw: String::new(),
                body: String::new(),
                postgres,
            });
        }
        let part = parts.last_mut().unwrap();
        part.raw.push_str(line);
        if fence.is_some() {
            open = opens;
        } else if open {
            part.body.push_str(line);
        }
    }
    parts
}

fn commands(body: &str) -> impl Iterator<Item = &str> {
    body.lines().filter_map(|line| line.strip_prefix("$ "))
}

/// One shell session, so that `cd` and `export` hold from command to command.
fn script(parts: &[Part], with_postgres: bool, workspace: &str, fill: impl Fn(&str) -> String) -> String {
    const END: &str = "END_OF_FILE_OF_THE_TOUR";
    // A new crate would take the newest versions; these are the ones that the workspace has been built with.
    let lock = format!("[ -f Cargo.toml ] && [ ! -f Cargo.lock ] && cp '{workspace}/Cargo.lock' .");
    let mut script = String::from("exec 2>&1\n");
    for (number, part) in parts
        .iter()
        .enumerate()
        .filter(|(_, part)| with_postgres || !part.postgres)
    {
        match &part.what {
            What::Text => {}
            What::File(path) => {
                let body = fill(&part.body);
                write!(
                    script,
                    "mkdir -p \"$(dirname {path})\"\ncat > {path} <<'{END}'\n{body}{END}\n"
                )
                .unwrap();
            }
            What::Commands => {
                for (at, command) in commands(&part.body).enumerate() {
                    write!(script, "{lock}\nprintf '{MARK}{number} {at}\\n'\n{}\n", fill(command)).unwrap();
                }
            }
        }
    }
    script
}

fn run(script: &str, folder: &Path, workspace: &Path) -> String {
    let binaries = Path::new(env!("CARGO_BIN_EXE_cargo-kickdb")).parent().unwrap();
    let path = format!("{}:{}", binaries.display(), std::env::var("PATH").unwrap());
    let done = Command::new("bash")
        .args(["-c", script])
        .current_dir(folder)
        .env("PATH", path)
        .env("CARGO_TARGET_DIR", workspace.join("target/tour"))
        .env("CARGO_TERM_COLOR", "never")
        .env_remove("DATABASE_URL")
        .env_remove("CARGO")
        .env_remove("RUST_BACKTRACE")
        .output()
        .unwrap();
    String::from_utf8(done.stdout).unwrap()
}

/// Without what is another each time: every number, so also ids, times and durations, and how long it is.
fn normal(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }) {
        if !(c == '0' && out.ends_with('0')) {
            out.push(c);
        }
    }
    out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
