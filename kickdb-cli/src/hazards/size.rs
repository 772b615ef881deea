//! The size of the tables that findings are about, where a database can be asked.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::Duration;

use kickdb_core::dialect::live::{self as database, Connection};
use kickdb_core::lint::{ObjectName, Policy, weigh};

use super::Linted;
use crate::config::{Project, Target};
use crate::live;
use crate::terminal::Terminal;

/// How long a database may take to answer: what it says is welcome, not needed.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks a target's database, where one is configured. One that does not answer is told of, and nothing is weighed.
pub(crate) fn ask(linted: &mut [Linted], project: &Project, target: &Target, terminal: &Terminal) {
    let nothing = linted
        .iter()
        .flat_map(|script| &script.found)
        .all(|finding| finding.table.is_none());
    if nothing || !target.has_url() {
        return;
    }
    let Ok(url) = live::url(project, target) else { return };
    if database::is_new_file(&url) {
        return;
    }
    let asked = live::block_on(async {
        let work = async {
            let mut connection = database::connect(&url).await?;
            take_in(linted, &mut *connection, &project.policy).await;
            connection.close().await
        };
        match tokio::time::timeout(PATIENCE, work).await {
            Ok(done) => Ok(done?),
            Err(_) => Err(crate::failure::Failure::new(
                "connection",
                "the database does not answer",
            )),
        }
    });
    if let Err(failure) = asked {
        terminal.log(format!(
            "note: the size of the tables is not taken in: {}",
            failure.message
        ));
    }
}

/// Asks an open connection. A table that cannot be asked about has no size.
pub(crate) async fn take_in(linted: &mut [Linted], connection: &mut dyn Connection, policy: &Policy) {
    let mut sizes: BTreeMap<String, Option<u64>> = BTreeMap::new();
    for finding in linted.iter().flat_map(|script| &script.found) {
        let Some(table) = &finding.table else { continue };
        if let Entry::Vacant(size) = sizes.entry(table.to_string()) {
            let rows = database::rows(connection, table.schema.as_deref(), &table.name).await;
            size.insert(rows.unwrap_or_default());
        }
    }
    for script in linted {
        weigh(&mut script.found, |table: &ObjectName| {
            sizes.get(&table.to_string()).copied().flatten()
        });
        // A level that the project has set is not lowered.
        policy.apply(&mut script.found, &[]);
    }
}
