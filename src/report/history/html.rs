//! The custody of a text as one page that needs nothing else: to read, to print, to file.

use std::io::{self, Write};

use askama::Template;

use super::{CONTEXT, checks_line, copies_line, difference, doubts, log_line, peeled, sha256, standing, why_not};
use crate::history::{History, Present, Version};
use crate::report::diff::{Row, rows};
use crate::report::printable;

#[derive(Template)]
#[template(path = "custody.html")]
struct Page {
    title: String,
    path: String,
    facts: Vec<(&'static str, String)>,
    first: String,
    steps: Vec<Section>,
    standing: String,
    sound: bool,
    program: String,
}

/// A change.
struct Section {
    heading: String,
    at: String,
    certified: bool,
    rules: Vec<String>,
    program: Option<String>,
    doubts: Vec<&'static str>,
    sha256: String,
    said: String,
    rows: Vec<Row>,
}

/// Writes a page.
///
/// # Errors
/// What the writer gives.
pub fn write(history: &History, out: &mut dyn Write) -> io::Result<()> {
    let page = Page {
        title: printable(history.title.as_deref().unwrap_or(&history.path)).into_owned(),
        path: printable(&history.path).into_owned(),
        facts: facts(history),
        first: sha256(&history.first),
        steps: sections(history),
        standing: printable(&standing(history)).into_owned(),
        sound: history.is_sound(),
        program: crate::journal::program(),
    };
    let page = page.render().map_err(io::Error::other)?;
    writeln!(out, "{}", page.trim_end())
}

fn facts(history: &History) -> Vec<(&'static str, String)> {
    let facts = [
        ("Id", history.id.clone()),
        ("Source", history.source.clone()),
        ("Retrieved", history.retrieved.clone()),
        ("Ingested", history.ingested.map(|at| at.to_string())),
        ("Fixity checks", Some(checks_line(history))),
        ("Log", Some(log_line(history))),
        ("Copies", copies_line(history)),
    ];
    let said = facts.into_iter().filter_map(|(name, value)| Some((name, value?)));
    said.map(|(name, value)| (name, printable(&value).into_owned()))
        .collect()
}

fn sections(history: &History) -> Vec<Section> {
    let mut before = &history.first;
    let mut sections = Vec::with_capacity(history.steps.len() + 1);
    for step in &history.steps {
        let mut section = section(before, &step.to);
        section.heading = printable(&step.reason).into_owned();
        section.at = printable(&step.at).into_owned();
        section.rules = step.rules.iter().map(|rule| printable(rule).into_owned()).collect();
        section.program = step.program.as_ref().map(|program| printable(program).into_owned());
        section.doubts = doubts(step);
        sections.push(section);
        before = &step.to;
    }
    if let Present::Changed(version) = &history.present {
        let mut section = section(before, version);
        section.heading = "Changed since, and not certified".to_owned();
        section.certified = false;
        sections.push(section);
    }
    sections
}

fn section(old: &Version, new: &Version) -> Section {
    let (said, rows) = match peeled(old, new) {
        None => (why_not(old, new).to_owned(), Vec::new()),
        Some((peeled, page, _)) => {
            let difference = difference(&peeled, page);
            (
                printable(&difference.to_string()).into_owned(),
                rows(&difference, CONTEXT),
            )
        }
    };
    Section {
        heading: String::new(),
        at: String::new(),
        certified: true,
        rules: Vec::new(),
        program: None,
        doubts: Vec::new(),
        sha256: sha256(new),
        said,
        rows,
    }
}
