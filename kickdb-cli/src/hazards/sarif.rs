//! Findings as SARIF 2.1.0, which code scanning services read.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::collections::BTreeMap;

use kickdb_core::lint::{Finding, Level, Rule};
use serde_json::{Value, json};

use super::{Linted, page};

/// The log of one run.
pub(crate) fn sarif(linted: &[Linted]) -> Value {
    let found = || {
        linted
            .iter()
            .flat_map(|script| script.found.iter().map(move |finding| (script, finding)))
    };
    let rules: BTreeMap<&str, &Rule> = found().map(|(_, finding)| (finding.rule.code, finding.rule)).collect();
    let indexes: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(index, code)| (*code, index)).collect();
    let results: Vec<Value> = found()
        .map(|(script, finding)| result(script, finding, indexes[finding.rule.code]))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "kickdb",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.values().map(|rule| described(rule)).collect::<Vec<_>>(),
            } },
            // Columns are counted in characters, not in UTF-16 units.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn described(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why },
        "help": { "text": rule.instead },
        "helpUri": page(rule.code),
        "defaultConfiguration": { "level": level(rule.level) },
        "properties": { "tags": [rule.harm.title()] },
    })
}

fn result(script: &Linted, finding: &Finding, rule: usize) -> Value {
    let (end_line, end_column) = end(&script.text, finding);
    let mut value = json!({
        "ruleId": finding.rule.code,
        "ruleIndex": rule,
        "level": level(finding.level),
        "message": { "text": format!("{}: {}; {}", finding.object, finding.message, finding.help) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&script.shown) },
            "region": {
                "startLine": finding.line,
                "startColumn": finding.column,
                "endLine": end_line,
                "endColumn": end_column,
            },
        } }],
        // The same finding stays the same when lines are put in above it.
        "partialFingerprints": { "hazard/v1": format!("{}:{}:{}", script.shown, finding.rule.code, finding.object) },
    });
    if let Some(allowed) = &finding.allowed {
        let kind = if allowed.in_script { "inSource" } else { "external" };
        value["suppressions"] = json!([{ "kind": kind, "justification": allowed.reason }]);
    }
    value
}

/// The line and the character behind a finding, both from 1.
fn end(text: &str, finding: &Finding) -> (usize, usize) {
    let said = text.get(finding.span.clone()).unwrap_or_default();
    match said.rsplit_once('\n') {
        Some((before, last)) => (
            finding.line + before.matches('\n').count() + 1,
            last.chars().count() + 1,
        ),
        None => (finding.line, finding.column + said.chars().count()),
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Note => "note",
        Level::Warn => "warning",
        Level::Deny => "error",
    }
}

/// A path as a relative URI.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'\\' => uri.push('/'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => uri.push(char::from(byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}
