//! `docs/engines.md` against what the dialects say of themselves.

use std::path::Path;

use kickdb_core::dialect::ALL;

#[test]
fn the_page_about_engines_lists_what_needs_which_version() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/engines.md");
    let page = std::fs::read_to_string(page).expect("the page can be read");
    for dialect in ALL {
        let rows = dialect.needs().iter().map(|need| match need.since {
            (major, 0) => format!("| {} | {major} |", need.what),
            (major, minor) => format!("| {} | {major}.{minor} |", need.what),
        });
        let table = format!("| {} | since |", dialect.title());
        let mut rest = page.as_str();
        for row in rows {
            let start = rest
                .find(&table)
                .unwrap_or_else(|| panic!("there is no table `{table}`"));
            rest = &rest[start..];
            assert!(rest.contains(&row), "the page does not say {row}");
        }
    }
}
