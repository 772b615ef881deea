//! What was measured, as a table and as JSON.

use std::fmt::Write as _;

use serde_json::json;

use crate::tool::{Engine, Result};

pub struct Row {
    pub engine: Engine,
    pub workload: &'static str,
    pub tool: &'static str,
    /// In order.
    samples: Vec<f64>,
}

impl Row {
    pub fn new(engine: Engine, workload: &'static str, tool: &'static str, mut samples: Vec<f64>) -> Self {
        samples.sort_by(f64::total_cmp);
        Self {
            engine,
            workload,
            tool,
            samples,
        }
    }

    pub fn median(&self) -> f64 {
        self.samples[self.samples.len() / 2]
    }
}

#[derive(Default)]
pub struct Rows(Vec<Row>);

impl Rows {
    pub fn push(&mut self, row: Row) {
        self.0.push(row);
    }

    pub fn svg(&self) -> String {
        let peers = |row: &&Row| !row.tool.contains(',');
        crate::plot::svg(&self.0.iter().filter(peers).collect::<Vec<_>>())
    }

    pub fn json(&self) -> Result<String> {
        let round = |micros: f64| (micros * 100.0).round() / 100.0;
        let rows: Vec<_> = self
            .0
            .iter()
            .map(|row| {
                json!({
                    "engine": row.engine.name(),
                    "workload": row.workload,
                    "tool": row.tool,
                    "version": version(row.tool),
                    "median_us": round(row.median()),
                    "min_us": round(row.samples[0]),
                    "runs": row.samples.len(),
                })
            })
            .collect();
        Ok(serde_json::to_string_pretty(&rows)? + "\n")
    }

    /// One line for each workload, and one column for each tool: the median, and behind it the fastest sample.
    pub fn table(&self) -> String {
        let mut out = String::new();
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let of: Vec<&Row> = self.0.iter().filter(|row| row.engine == engine).collect();
            let mut tools: Vec<&str> = Vec::new();
            let mut workloads: Vec<&str> = Vec::new();
            for row in &of {
                if !tools.contains(&row.tool) {
                    tools.push(row.tool);
                }
                if !workloads.contains(&row.workload) {
                    workloads.push(row.workload);
                }
            }
            if of.is_empty() {
                continue;
            }
            let _ = write!(out, "\n{:10}", engine.name());
            for tool in &tools {
                let _ = write!(out, " {tool:>19}");
            }
            for workload in workloads {
                let _ = write!(out, "\n{workload:10}");
                for tool in &tools {
                    let found = of.iter().find(|row| row.workload == workload && row.tool == *tool);
                    let cell = found.map_or_else(
                        || "–".to_owned(),
                        |row| format!("{} ({})", micros(row.median()), micros(row.samples[0])),
                    );
                    let _ = write!(out, " {cell:>19}");
                }
            }
            out.push('\n');
        }
        out
    }
}

fn micros(micros: f64) -> String {
    match micros {
        small if small < 100.0 => format!("{small:.1}"),
        _ => format!("{micros:.0}"),
    }
}

/// The version as the lock file has it.
fn version(tool: &str) -> String {
    let lock = include_str!("../Cargo.lock");
    let tool = tool.split(',').next().unwrap_or(tool);
    let name = format!("name = \"{tool}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1).and_then(|line| line.strip_prefix("version = \""));
    version.unwrap_or_default().trim_end_matches('"').to_owned()
}
