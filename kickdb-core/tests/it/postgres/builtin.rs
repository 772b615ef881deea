//! The lists of what is in `pg_catalog`, held to the server.

use std::collections::BTreeSet;

use super::Server;

/// A list, and what is on it.
const LISTS: [(&str, &str); 6] = [
    (
        include_str!("../../../src/dialect/postgres/builtin/functions.txt"),
        // What pg_upgrade alone calls may come with a minor version.
        "SELECT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname !~ '^binary_upgrade_'",
    ),
    (
        include_str!("../../../src/dialect/postgres/builtin/types.txt"),
        "SELECT typname FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace AND typname !~ '^(_|pg_)'",
    ),
    (
        include_str!("../../../src/dialect/postgres/builtin/operators.txt"),
        "SELECT oprname FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace",
    ),
    (
        include_str!("../../../src/dialect/postgres/builtin/operator_classes.txt"),
        "SELECT opcname FROM pg_opclass WHERE opcnamespace = 'pg_catalog'::regnamespace
         UNION SELECT opfname FROM pg_opfamily WHERE opfnamespace = 'pg_catalog'::regnamespace",
    ),
    (
        include_str!("../../../src/dialect/postgres/builtin/conversions.txt"),
        "SELECT conname FROM pg_conversion WHERE connamespace = 'pg_catalog'::regnamespace",
    ),
    (
        include_str!("../../../src/dialect/postgres/builtin/text_search.txt"),
        "SELECT cfgname FROM pg_ts_config WHERE cfgnamespace = 'pg_catalog'::regnamespace
         UNION SELECT dictname FROM pg_ts_dict WHERE dictnamespace = 'pg_catalog'::regnamespace
         UNION SELECT tmplname FROM pg_ts_template WHERE tmplnamespace = 'pg_catalog'::regnamespace
         UNION SELECT prsname FROM pg_ts_parser WHERE prsnamespace = 'pg_catalog'::regnamespace",
    ),
];

#[tokio::test]
async fn every_name_of_the_server_is_known() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    for (list, sql) in LISTS {
        let known = list.split_whitespace().collect::<BTreeSet<_>>();
        let there = server.rows(sql).await;
        assert!(there.len() > 40, "{there:?}");
        let unknown = there.iter().filter(|name| !known.contains(name.as_str()));
        assert_eq!(unknown.collect::<Vec<_>>(), [""; 0], "{sql}");
    }
}
