//! The custody of a text, for people at a terminal.

use std::io::{self, Write};

use anstyle::Style as Ansi;

use super::{CONTEXT, checks_line, copies_line, difference, doubts, log_line, peeled, sha256, standing, why_not};
use crate::history::{History, Present, Version};
use crate::report::diff::{DiffFormat, Item, Printer, State};
use crate::report::{Style, printable};

/// Writes what is known of a text, from its first certified bytes to those that stand there now.
///
/// # Errors
/// What the writer gives.
pub fn write(history: &History, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let bold = if style.colour { Ansi::new().bold() } else { Ansi::new() };
    writeln!(out, "{bold}{}{bold:#}", printable(&history.path))?;
    for (name, value) in facts(history) {
        writeln!(out, "  {name:<11} {}", printable(&value))?;
    }
    writeln!(out, "\n{bold}certified{bold:#} {}", sha256(&history.first))?;
    let mut before = &history.first;
    for step in &history.steps {
        let by = step
            .program
            .as_deref()
            .map_or_else(String::new, |program| format!(", by {program}"));
        writeln!(
            out,
            "\n{bold}{}{bold:#} {}{}",
            printable(&step.at),
            printable(&step.reason),
            printable(&by)
        )?;
        if !step.rules.is_empty() {
            writeln!(out, "  by the rules {}", printable(&step.rules.join(", ")))?;
        }
        for doubt in doubts(step) {
            writeln!(out, "  in doubt: {doubt}")?;
        }
        writeln!(out, "  now {}\n", sha256(&step.to))?;
        write_difference(&history.path, before, &step.to, style, out)?;
        before = &step.to;
    }
    if let Present::Changed(version) = &history.present {
        writeln!(out, "\n{bold}not certified{bold:#} {}\n", sha256(version))?;
        write_difference(&history.path, before, version, style, out)?;
    }
    writeln!(
        out,
        "\n{} is {}",
        printable(&history.path),
        printable(&standing(history))
    )
}

fn facts(history: &History) -> Vec<(&'static str, String)> {
    let ingested = history.ingested.map(|at| at.to_string());
    let facts = [
        ("id", history.id.clone()),
        ("title", history.title.clone()),
        ("source", history.source.clone()),
        ("retrieved", history.retrieved.clone()),
        ("ingested", ingested),
        ("checks", Some(checks_line(history))),
        ("log", Some(log_line(history))),
        ("copies", copies_line(history)),
    ];
    facts
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

fn write_difference(path: &str, old: &Version, new: &Version, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Some((peeled, page, origin)) = peeled(old, new) else {
        return writeln!(out, "  not shown: {}", why_not(old, new));
    };
    let difference = difference(&peeled, page);
    let item = Item {
        path,
        from: None,
        state: State::Differs {
            difference: &difference,
            origin,
        },
    };
    Printer::new(DiffFormat::Unified, style, CONTEXT).add(&item, out)
}
