//! What was measured, as a picture: how long each tool takes for what takes kickdb 1.

use std::fmt::Write as _;

use crate::report::Row;
use crate::tool::Engine;

const WIDTH: f64 = 860.0;
const LEFT: f64 = 90.0;
const BAR: f64 = 11.0;
/// Longer bars are cut off.
const MOST: f64 = 6.0;
const COLORS: [&str; 6] = ["#1b6ca8", "#d1495b", "#edae49", "#66a182", "#8d6a9f", "#9a9a9a"];

pub fn svg(rows: &[&Row]) -> String {
    let mut tools: Vec<&str> = Vec::new();
    for row in rows {
        if !tools.contains(&row.tool) {
            tools.push(row.tool);
        }
    }
    let scale = (WIDTH - LEFT - 60.0) / MOST;
    let mut out = String::new();
    let mut y = 24.0;
    for (at, tool) in tools.iter().enumerate() {
        let x = LEFT + 125.0 * at as f64;
        let _ = writeln!(
            out,
            r#"<rect x="{x}" y="{}" width="10" height="10" fill="{}"/>"#,
            y - 9.0,
            color(at)
        );
        let _ = writeln!(out, r#"<text x="{}" y="{y}">{tool}</text>"#, x + 14.0);
    }
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let of: Vec<&Row> = rows.iter().copied().filter(|row| row.engine == engine).collect();
        if of.is_empty() {
            continue;
        }
        y += 36.0;
        let _ = writeln!(
            out,
            r#"<text x="8" y="{y}" font-weight="bold">{}</text>"#,
            engine.name()
        );
        y += 8.0;
        let mut workloads: Vec<&str> = of.iter().map(|row| row.workload).collect();
        workloads.dedup();
        for workload in workloads {
            let some: Vec<&&Row> = of.iter().filter(|row| row.workload == workload).collect();
            let Some(own) = some.iter().find(|row| row.tool == "kickdb") else {
                continue;
            };
            let _ = writeln!(out, r#"<text x="8" y="{}">{workload}</text>"#, y + BAR);
            for row in &some {
                let ratio = row.median() / own.median();
                let at = tools.iter().position(|tool| *tool == row.tool).unwrap_or_default();
                let length = ratio.min(MOST) * scale;
                let _ = writeln!(
                    out,
                    r#"<rect x="{LEFT}" y="{y:.1}" width="{length:.1}" height="{:.1}" fill="{}"/><text x="{:.1}" y="{:.1}" font-size="9">{ratio:.2}</text>"#,
                    BAR - 1.0,
                    color(at),
                    LEFT + length + 3.0,
                    y + BAR - 2.0
                );
                y += BAR;
            }
            y += 6.0;
        }
    }
    let height = y + 10.0;
    let line = LEFT + scale;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"11\">\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"white\"/>\n{out}\
         <line x1=\"{line}\" y1=\"40\" x2=\"{line}\" y2=\"{height}\" stroke=\"#444\" stroke-dasharray=\"3 3\"/>\n</svg>\n"
    )
}

fn color(at: usize) -> &'static str {
    COLORS[at % COLORS.len()]
}
