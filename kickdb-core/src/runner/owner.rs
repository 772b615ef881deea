use std::hash::{BuildHasher, Hasher};

/// A name that no other holder has, and that tells a person where to look.
pub(super) fn owner(applied_by: &str) -> String {
    // The standard library's hasher is seeded at random.
    let token = std::collections::hash_map::RandomState::new().build_hasher().finish();
    format!(
        "kickdb {} ({applied_by}), process {} on {}, {token:016x}",
        env!("CARGO_PKG_VERSION"),
        std::process::id(),
        host()
    )
}

fn host() -> String {
    let named = ["HOSTNAME", "COMPUTERNAME"]
        .iter()
        .find_map(|variable| std::env::var(variable).ok().filter(|name| !name.is_empty()));
    named
        .or_else(|| std::fs::read_to_string("/proc/sys/kernel/hostname").ok())
        .or_else(|| std::fs::read_to_string("/etc/hostname").ok())
        .map_or_else(|| "an unknown host".to_owned(), |name| name.trim().to_owned())
}
