//! The one place that writes to the terminal.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level as Mark, Renderer};
use kickdb_core::lint::{Hazard, Level};
use serde_json::Value;

use crate::args::{ColorWhen, Format, Global};
use crate::failure::{Diagnostic, Exit, Failure, Place};
use crate::safe;

/// So many lines of a long statement are shown.
const SHOWN_LINES: usize = 6;

/// So many hazards of one kind are shown one by one.
const SHOWN_OF_A_KIND: usize = 5;

/// Where and how things are printed, and whether questions may be asked.
#[derive(Clone, Debug)]
pub(crate) struct Terminal {
    format: Format,
    quiet: bool,
    color_out: bool,
    color_err: bool,
    questions: bool,
    width: usize,
}

/// What a finished command says to a program.
pub(crate) struct Outcome {
    pub(crate) exit: Exit,
    pub(crate) data: Value,
}

impl Outcome {
    pub(crate) fn done(data: Value) -> Self {
        Self { exit: Exit::Done, data }
    }

    /// The answer is "no" where `no`.
    pub(crate) fn answer(no: bool, data: Value) -> Self {
        let exit = if no { Exit::No } else { Exit::Done };
        Self { exit, data }
    }
}

/// A colour by its meaning.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Paint {
    Good,
    Bad,
    Warn,
    Dim,
    Bold,
}

/// A place in a text that is at hand, with what is to be said of it.
pub(crate) struct Snippet<'a> {
    pub(crate) level: Level,
    pub(crate) code: &'static str,
    pub(crate) message: &'a str,
    /// The file, as it is shown.
    pub(crate) shown: &'a str,
    pub(crate) source: &'a str,
    /// In bytes of the source.
    pub(crate) span: Range<usize>,
    /// The line on which it starts, from 1.
    pub(crate) line: usize,
    /// What stands beside the underlined part.
    pub(crate) label: String,
    pub(crate) help: &'a str,
}

/// A cell of a table.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    text: String,
    paint: Option<Paint>,
}

impl Cell {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            text: safe::one_line(&text.into()).into_owned(),
            paint: None,
        }
    }

    pub(crate) fn painted(paint: Paint, text: impl Into<String>) -> Self {
        Self {
            text: safe::one_line(&text.into()).into_owned(),
            paint: Some(paint),
        }
    }
}

impl Terminal {
    pub(crate) fn new(global: &Global) -> Self {
        let (out, err) = (std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let color = |terminal: bool| match global.color {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => {
                terminal && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        };
        if !color(err) {
            inquire::set_global_render_config(inquire::ui::RenderConfig::empty());
        }
        Self {
            format: global.format,
            quiet: global.quiet,
            color_out: color(out),
            color_err: color(err),
            questions: !global.no_input
                && global.format == Format::Human
                && err
                && std::io::stdin().is_terminal()
                && !set("CI"),
            width: 110,
        }
    }

    /// Whether somebody is there to answer.
    pub(crate) fn may_ask(&self) -> bool {
        self.questions
    }

    /// Whether people read along.
    pub(crate) fn is_human(&self) -> bool {
        self.format == Format::Human
    }

    /// A line of the result, for people only.
    pub(crate) fn result(&self, line: impl AsRef<str>) {
        if self.is_human() {
            write_line(
                &mut std::io::stdout().lock(),
                &safe::lines(line.as_ref(), self.color_out),
            );
        }
    }

    /// SQL, for people and for what they pipe it into: only on a terminal is it shown with escapes.
    pub(crate) fn sql(&self, sql: &str) {
        match std::io::stdout().is_terminal() {
            true => self.result(sql),
            false if self.is_human() => write_line(&mut std::io::stdout().lock(), sql),
            false => {}
        }
    }

    /// A text as it is, for a file or another program, which need not read it to its end.
    pub(crate) fn text(text: &str) {
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }

    /// A line about what happens or comes next: people only, and not with `--quiet`.
    pub(crate) fn say(&self, line: impl AsRef<str>) {
        if !self.quiet {
            self.result(line);
        }
    }

    /// A line on the side, such as progress: never on stdout, and not with `--quiet`.
    pub(crate) fn log(&self, line: impl AsRef<str>) {
        if !self.quiet {
            write_line(
                &mut std::io::stderr().lock(),
                &safe::lines(line.as_ref(), self.color_err),
            );
        }
    }

    /// A text in a colour, for stdout.
    pub(crate) fn paint(&self, paint: Paint, text: &str) -> String {
        if !self.color_out {
            return text.to_owned();
        }
        let code = match paint {
            Paint::Good => "32",
            Paint::Bad => "31;1",
            Paint::Warn => "33",
            Paint::Dim => "2",
            Paint::Bold => "1",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// A table without frames, for people only.
    pub(crate) fn table(&self, header: &[&str], rows: &[Vec<Cell>]) {
        let mut table = comfy_table::Table::new();
        table.load_style(comfy_table::presets::NOTHING);
        table.set_content_arrangement(comfy_table::ContentArrangement::Disabled);
        table.set_header(header.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>());
        for row in rows {
            table.add_row(row.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>());
        }
        for (index, line) in table.lines().enumerate() {
            let cells = index.checked_sub(1).and_then(|index| rows.get(index));
            self.result(self.painted(line.trim_end(), cells.map_or(&[], Vec::as_slice)));
        }
    }

    /// Colours the cells of a line. Only now: codes of colours would count as width while the table is laid out.
    fn painted(&self, line: &str, cells: &[Cell]) -> String {
        let mut out = String::new();
        let mut rest = line;
        for cell in cells.iter().filter(|cell| !cell.text.is_empty()) {
            let Some(at) = rest.find(&cell.text) else { break };
            out.push_str(&rest[..at]);
            match cell.paint {
                Some(paint) => out.push_str(&self.paint(paint, &cell.text)),
                None => out.push_str(&cell.text),
            }
            rest = &rest[at + cell.text.len()..];
        }
        out + rest
    }

    /// Diagnostics on stderr, as rustc shows them.
    pub(crate) fn diagnostics(&self, diagnostics: &[Diagnostic]) {
        for diagnostic in diagnostics {
            let text = self.render(diagnostic);
            let text = format!("{text}\n");
            write_line(&mut std::io::stderr().lock(), &safe::lines(&text, self.color_err));
        }
    }

    /// A part of the result as rustc shows it, for people only.
    pub(crate) fn snippet(&self, snippet: &Snippet<'_>) {
        let renderer = match self.color_out {
            true => Renderer::styled(),
            false => Renderer::plain(),
        };
        let mark = match snippet.level {
            Level::Deny => Mark::ERROR,
            Level::Warn => Mark::WARNING,
            Level::Note => Mark::NOTE,
        };
        // Only the lines that are shown: the renderer counts the lines of all that it gets.
        let start = snippet.source[..snippet.span.start].rfind('\n').map_or(0, |at| at + 1);
        let said = &snippet.source[snippet.span.clone()];
        let long = said
            .match_indices('\n')
            .nth(SHOWN_LINES - 1)
            .map(|(at, _)| snippet.span.start + at);
        let span_end = long.unwrap_or(snippet.span.end);
        let line_end = snippet.source[span_end..]
            .find('\n')
            .map_or(snippet.source.len(), |at| span_end + at);
        let source = annotate_snippets::Snippet::source(&snippet.source[start..line_end])
            .line_start(snippet.line)
            .path(snippet.shown)
            .annotation(
                AnnotationKind::Primary
                    .span(snippet.span.start - start..span_end - start)
                    .label(snippet.label.as_str()),
            );
        let mut group = mark.primary_title(snippet.message).id(snippet.code).element(source);
        if !snippet.help.is_empty() {
            group = group.element(Mark::HELP.message(snippet.help));
        }
        self.result(format!("{}\n", renderer.term_width(self.width).render(&[group])));
    }

    /// Hazards in one line each, for people only. Of those that say the same about many things some stand for all, but never
    /// of the dangerous ones.
    pub(crate) fn hazards(&self, hazards: &[Hazard]) {
        let mut number = BTreeMap::<&str, usize>::new();
        for hazard in hazards {
            *number.entry(&hazard.code).or_default() += 1;
        }
        let mut shown = BTreeMap::<&str, usize>::new();
        for hazard in hazards {
            let all = number[hazard.code.as_str()];
            let shown = shown.entry(&hazard.code).or_default();
            *shown += 1;
            // One that is left out costs the line that says so.
            if hazard.level == Level::Deny || *shown <= SHOWN_OF_A_KIND || all == SHOWN_OF_A_KIND + 1 {
                self.hazard(hazard);
            } else if *shown == all {
                self.result(self.paint(
                    Paint::Dim,
                    &format!(
                        "  … and {} more [{}]: `cargo kickdb lint` shows them all",
                        all - SHOWN_OF_A_KIND,
                        hazard.code
                    ),
                ));
            }
        }
    }

    /// A hazard in one line, for people only.
    pub(crate) fn hazard(&self, hazard: &Hazard) {
        let (paint, word) = match hazard.level {
            Level::Note => (Paint::Dim, "note"),
            Level::Warn => (Paint::Warn, "careful"),
            Level::Deny => (Paint::Bad, "danger"),
        };
        self.result(format!(
            "  {} {}: {} [{}]",
            self.paint(paint, word),
            safe::one_line(&hazard.object),
            safe::one_line(&hazard.message),
            hazard.code
        ));
    }

    /// Lines of a result that another program takes; where people look at them, nothing in them steers their terminal.
    pub(crate) fn lines(&self, lines: &[String]) {
        for line in lines {
            let shown = match std::io::stdout().is_terminal() {
                true => safe::lines(line, self.color_out),
                false => line.into(),
            };
            write_line(&mut std::io::stdout().lock(), &shown);
        }
    }

    /// The end of a command that did its work.
    pub(crate) fn finish(&self, command: &str, outcome: &Outcome) {
        if self.format != Format::Json {
            return;
        }
        let mut document =
            serde_json::json!({ "ok": outcome.exit == Exit::Done, "exit": outcome.exit.code(), "command": command });
        if let (Some(document), Value::Object(data)) = (document.as_object_mut(), &outcome.data) {
            document.extend(data.clone());
        }
        self.document(&document);
    }

    /// The end of a command that did not.
    pub(crate) fn fail(&self, failure: &Failure) {
        if self.format == Format::Json {
            self.document(&failure.json());
            return;
        }
        self.diagnostics(&failure.diagnostics);
        let mut text = format!("{} {}", self.word("31;1", "error:"), failure.message);
        for help in &failure.help {
            text.push_str(&format!("\n{} {help}", self.word("36;1", "help:")));
        }
        write_line(&mut std::io::stderr().lock(), &safe::lines(&text, self.color_err));
    }

    /// A word in a colour, for stderr.
    fn word(&self, code: &str, text: &str) -> String {
        match self.color_err {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }

    /// A document on stdout.
    pub(crate) fn document(&self, document: &Value) {
        let text = serde_json::to_string_pretty(document).expect("a JSON value always serializes");
        write_line(&mut std::io::stdout().lock(), &text);
    }

    fn renderer(&self) -> Renderer {
        let renderer = if self.color_err {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.term_width(self.width)
    }

    fn render(&self, diagnostic: &Diagnostic) -> String {
        let title = Mark::ERROR.primary_title(diagnostic.message.as_str());
        let mut groups = vec![match &diagnostic.place {
            Some(place) => at(title, place),
            None => Group::with_title(title),
        }];
        for (place, message) in &diagnostic.notes {
            groups.push(at(Mark::NOTE.secondary_title(message.as_str()), place));
        }
        if let Some(help) = &diagnostic.help {
            groups.push(Group::with_title(Mark::HELP.secondary_title(help.as_str())));
        }
        self.renderer().render(&groups)
    }
}

/// A title with the line of its place, or with its place alone where that cannot be read.
fn at<'a>(title: annotate_snippets::Title<'a>, place: &'a Place) -> Group<'a> {
    let source = std::fs::read_to_string(&place.path).unwrap_or_default();
    // Only the line that is shown: the renderer counts the lines of all that it gets.
    let Some(line) = source.lines().nth(place.line.saturating_sub(1)) else {
        let origin = annotate_snippets::Origin::path(place.shown.as_str());
        return title.element(origin.line(place.line).char_column(place.column));
    };
    let from = offset(line, place.column);
    let to = offset(line, place.column.saturating_add(place.width.max(1))).max(from);
    let snippet = annotate_snippets::Snippet::source(line.to_owned())
        .line_start(place.line)
        .path(place.shown.as_str());
    title.element(snippet.annotation(AnnotationKind::Primary.span(from..to)))
}

/// The byte offset of a column of a line, from 1 and in characters; the end of the line where it is shorter.
fn offset(line: &str, column: usize) -> usize {
    let mut characters = line.char_indices();
    characters
        .nth(column.saturating_sub(1))
        .map_or(line.len(), |(at, _)| at)
}

/// A reader that went away (`| head`) is no error of ours.
fn write_line(to: &mut impl Write, line: &str) {
    let _ = writeln!(to, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_counts_characters_and_stays_in_its_line() {
        assert_eq!(offset("aä", 2), 1);
        assert_eq!(offset("aä", 9), 3);
        assert_eq!(offset("bcd", 3), 2);
    }
}
