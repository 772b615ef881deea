//! Pairs from files, for those who try more than what is kept here.

use std::env::var;

use super::super::Server;

/// One side, the other side, and the name.
type Case = (String, String, String);

/// `== name`, one side, a line of `--`, the other side; and each the other way round. With `KICKDB_TEST_CROSS` also what is
/// beside each other in a file.
fn read(text: &str) -> Vec<Case> {
    let text = format!("\n{text}");
    let cases = text.split("\n== ").skip(1).map(|case| {
        let (name, sides) = case.split_once('\n').unwrap_or((case, ""));
        let sides = format!("\n{sides}\n");
        let (a, b) = sides.split_once("\n--\n").unwrap_or((&sides, ""));
        (a.to_owned(), b.to_owned(), name.to_owned())
    });
    let cases = cases.collect::<Vec<_>>();
    let back = cases
        .iter()
        .map(|(a, b, name)| (b.clone(), a.clone(), format!("{name}, back")));
    let mut all = cases.iter().cloned().chain(back).collect::<Vec<_>>();
    if var("KICKDB_TEST_CROSS").is_ok() {
        for two in cases.windows(2) {
            let name = format!("{} and {}", two[0].2, two[1].2);
            all.push((two[0].1.clone(), two[1].0.clone(), name.clone()));
            all.push((two[0].1.clone(), two[1].1.clone(), format!("{name}, ends")));
        }
    }
    all
}

/// The files are named in `KICKDB_TEST_PAIRS`. What the server does not take is passed over.
#[tokio::test]
async fn every_pair_of_files_goes_there_and_back() {
    let files = var("KICKDB_TEST_PAIRS").unwrap_or_default();
    let wanted = var("KICKDB_TEST_CASE").unwrap_or_default();
    let (mut wrong, mut right) = (Vec::new(), 0);
    for file in files.split_whitespace() {
        let Some(mut server) = Server::empty().await else {
            return;
        };
        let text = std::fs::read_to_string(file).unwrap();
        for (a, b, name) in read(&text).into_iter().filter(|(.., name)| name.contains(&wanted)) {
            if let Some(error) = server.refuses(&a).await.or(server.refuses(&b).await) {
                println!("== {name}: unusable: {error}");
            } else if let Some(what) = server.walk(&a, &b).await {
                println!("== {name}\n{what}\n");
                wrong.push(name);
            } else {
                right += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{right} right, wrong: {}", wrong.join("; "));
}

impl Server {
    async fn refuses(&mut self, sql: &str) -> Option<String> {
        self.execute("BEGIN").await;
        let done = self.try_execute(sql).await;
        self.end("ROLLBACK").await;
        done.err()
    }
}
