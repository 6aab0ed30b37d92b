//! Each finding with its excerpt, the places that belong to it, and what to do next.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::address::rule_page;
use super::{printable, write_summary};
use crate::engine::Report;
use crate::error::Error;
use crate::finding::{Finding, Location, Place, Severity};

/// How the formats for people look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// With colours.
    pub colour: bool,
    /// How many columns there are.
    pub width: usize,
    /// With lines drawn in Unicode.
    pub unicode: bool,
    /// With the counts at the end.
    pub summary: bool,
    /// With links that a terminal can follow (OSC 8).
    pub links: bool,
    /// With a line in place of the findings of one rule in one text that are more than a few.
    pub fold: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            colour: false,
            width: 100,
            unicode: false,
            summary: true,
            links: false,
            fold: false,
        }
    }
}

impl Style {
    fn renderer(self) -> Renderer {
        let renderer = if self.colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let decor = if self.unicode {
            DecorStyle::Unicode
        } else {
            DecorStyle::Ascii
        };
        renderer.term_width(self.width).decor_style(decor)
    }
}

/// Writes every finding, then the summary.
///
/// # Errors
/// What the writer gives.
pub fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let renderer = style.renderer();
    let open: Vec<&Finding> = report.open().collect();
    for of_text in open.chunk_by(|one, other| one.location.path == other.location.path) {
        let mut seen: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in of_text {
            // An error is never folded: whoever looks for what is damaged wants all of it.
            if style.fold && finding.severity < Severity::Error {
                let alike = seen.entry(finding.rule).or_default();
                alike.push(finding);
                if alike.len() > SHOWN {
                    continue;
                }
            }
            let page = rule_page(report, finding.rule);
            let drawn = renderer.render(&[group(finding, style.width, page.as_deref(), style.links)]);
            writeln!(out, "{drawn}\n")?;
        }
        for folded in seen.values().filter(|alike| alike.len() > SHOWN) {
            let drawn = renderer.render(&[fold(&folded[SHOWN..])]);
            writeln!(out, "{drawn}\n")?;
        }
    }
    if style.summary {
        write_summary(report, out)
    } else {
        Ok(())
    }
}

/// So many findings of one rule in one text are drawn, where the rest is folded.
const SHOWN: usize = 5;
/// So many lines are named of those that are folded.
const NAMED: usize = 12;

/// One line for findings of one rule in one text: how many, and on which lines.
fn fold<'a>(alike: &[&'a Finding]) -> Group<'a> {
    let worst = alike.iter().map(|finding| finding.severity).max();
    let path = alike.first().map_or("", |finding| finding.location.path.as_str());
    let rule = alike.first().map_or("", |finding| finding.rule);
    let places = alike.iter().filter_map(|finding| finding.location.place.as_ref());
    let mut lines: Vec<String> = places.take(NAMED).map(|place| place.start.line.to_string()).collect();
    if alike.len() > lines.len() {
        lines.push("\u{2026}".to_owned());
    }
    let title = level(worst.unwrap_or(Severity::Info)).primary_title(format!("{} more in this text", alike.len()));
    let said = format!("lines {}; -v or --format concise shows each", lines.join(", "));
    title
        .id(rule)
        .element(Origin::path(printable(path)))
        .element(Level::NOTE.message(said))
}

/// Draws one finding.
pub fn draw(finding: &Finding, style: Style) -> String {
    style.renderer().render(&[group(finding, style.width, None, false)])
}

/// What an error that names several places writes before each.
const ITEM: &str = "\n  ";

/// Draws an error of the program itself, with its excerpt where it has one.
pub fn draw_error(error: &Error, style: Style) -> String {
    if let Error::Several(errors) = error {
        let drawn: Vec<String> = errors.iter().map(|error| draw_error(error, style)).collect();
        return drawn.join("\n\n");
    }
    let Error::Syntax {
        path,
        at,
        message,
        line,
        help,
    } = error
    else {
        let said = error.to_string();
        let lines: Vec<_> = said.split(ITEM).map(printable).collect();
        let said = lines.join(ITEM);
        return style
            .renderer()
            .render(&[Group::with_title(Level::ERROR.primary_title(said))]);
    };
    let start = line
        .char_indices()
        .nth(at.column - 1)
        .map_or(line.len(), |(start, _)| start);
    let end = line[start..].chars().next().map_or(start, |c| start + c.len_utf8());
    let snippet = Snippet::source(line.as_str())
        .line_start(at.line)
        .path(printable(path).into_owned())
        .annotation(AnnotationKind::Primary.span(start..end));
    let title = Level::ERROR.primary_title(printable(message));
    style
        .renderer()
        .render(&[title.element(snippet).element(Level::HELP.message(&**help))])
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    }
}

/// The page of its rule is a link behind the rule's name where links can be followed, and is written out where they cannot.
fn group<'a>(finding: &'a Finding, width: usize, page: Option<&'a str>, links: bool) -> Group<'a> {
    let title = level(finding.severity)
        .primary_title(printable(&finding.message))
        .id(finding.rule);
    let title = match page.filter(|_| links) {
        Some(page) => title.id_url(page),
        None => title,
    };
    let mut elements = place_elements(
        &finding.location,
        finding.label.as_deref(),
        AnnotationKind::Primary,
        width,
    );
    for related in &finding.related {
        let label = Some(related.message.as_str());
        elements.extend(place_elements(&related.location, label, AnnotationKind::Context, width));
    }
    if let Some(help) = &finding.help {
        elements.push(Level::HELP.message(printable(help)).into());
    }
    if let Some(page) = page.filter(|_| !links) {
        elements.push(Level::NOTE.message(printable(page)).into());
    }
    title.elements(elements)
}

fn place_elements<'a>(
    location: &'a Location,
    label: Option<&'a str>,
    kind: AnnotationKind,
    width: usize,
) -> Vec<Element<'a>> {
    match &location.place {
        Some(place) if place.excerpt.whole => vec![
            snippet(place, label, kind, width)
                .path(printable(&location.path))
                .into(),
        ],
        Some(place) => {
            let origin = Origin::path(printable(&location.path)).line(place.start.line);
            vec![
                origin.char_column(place.start.column).into(),
                snippet(place, label, kind, width).into(),
            ]
        }
        None if kind == AnnotationKind::Context => {
            let said = format!(
                "{}: {}",
                printable(&location.path),
                printable(label.unwrap_or_default())
            );
            vec![Level::NOTE.message(said).into()]
        }
        None => vec![Origin::path(printable(&location.path)).into()],
    }
}

/// The excerpt of a place. A span that no line of the screen could hold is underlined at its beginning, and so is one of
/// several lines that are much wider than the screen: lines are cut to it only where the span is in one.
fn snippet<'a>(
    place: &'a Place,
    label: Option<&'a str>,
    kind: AnnotationKind,
    width: usize,
) -> Snippet<'a, Annotation<'a>> {
    let excerpt = &place.excerpt;
    let drawn = if fits(&excerpt.text, width) {
        &excerpt.text[excerpt.start..excerpt.end]
    } else {
        first_line(&excerpt.text[excerpt.start..excerpt.end])
    };
    let span = excerpt.start..underlined(drawn, width) + excerpt.start;
    let annotation = kind.span(span).label(label.map(printable));
    let text = without_c1(&excerpt.text);
    Snippet::source(text)
        .line_start(excerpt.line)
        .fold(true)
        .annotation(annotation)
}

/// Text without the controls U+0080 to U+009F, which the renderer lets pass and some terminals obey: a dot of the same
/// length stands for each, so that spans stay where they are.
fn without_c1(text: &str) -> Cow<'_, str> {
    let is_c1 = |c: char| ('\u{80}'..='\u{9f}').contains(&c);
    if text.contains(is_c1) {
        text.replace(is_c1, "\u{b7}").into()
    } else {
        text.into()
    }
}

/// What the number of the line, the bar and the dots of a cut take of the width.
const MARGIN: usize = 24;

/// Whether two lines of the screen hold each line.
fn fits(text: &str, width: usize) -> bool {
    text.lines().all(|line| line.chars().nth(2 * width).is_none())
}

/// What a span has of its first line. Where that is nothing, the end of the line is marked.
fn first_line(span: &str) -> &str {
    span.lines().next().unwrap_or_default()
}

/// How many bytes of a span are underlined: all of it, or as much of its one line as the width holds.
fn underlined(span: &str, width: usize) -> usize {
    let room = width.saturating_sub(MARGIN).max(8);
    if span.contains('\n') {
        return span.len();
    }
    span.char_indices().nth(room).map_or(span.len(), |(end, _)| end)
}
