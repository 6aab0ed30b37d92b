//! The events of a log, for people and for programs.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Ansi};

use super::{Style, count_of, printable};
use crate::custody::{Account, Event, Line, Outcome};

/// Writes each event in a few lines.
///
/// # Errors
/// What the writer gives.
pub fn write(lines: &[Line], style: Style, out: &mut dyn Write) -> io::Result<()> {
    if lines.is_empty() && style.summary {
        return writeln!(out, "no event is recorded");
    }
    for line in lines {
        match &line.event {
            Ok(event) => write_event(event, style, out)?,
            Err(why) => writeln!(out, "line {} is no event: {}", line.number, printable(why))?,
        }
    }
    Ok(())
}

fn write_event(event: &Event, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let bold = if style.colour { Ansi::new().bold() } else { Ansi::new() };
    let about = match (&event.path, event.texts) {
        (Some(path), _) => printable(path).into_owned(),
        (None, Some(texts)) => count_of(texts, "text", "texts"),
        (None, None) => printable(&event.manifest.path).into_owned(),
    };
    writeln!(
        out,
        "{} {bold}{}{bold:#} {about}{}",
        event.at,
        event.event.name(),
        failure(event, style)
    )?;
    for line in details(event) {
        writeln!(out, "    {}", printable(&line))?;
    }
    Ok(())
}

fn failure(event: &Event, style: Style) -> String {
    let red = if style.colour {
        AnsiColor::BrightRed.on_default()
    } else {
        Ansi::new()
    };
    match event.outcome {
        Outcome::Success => String::new(),
        Outcome::Failure => format!(" {red}failed{red:#}"),
    }
}

fn details(event: &Event) -> Vec<String> {
    let mut lines = Vec::new();
    match (&event.from, &event.to) {
        (Some(from), Some(to)) if from != to => lines.push(format!("{} → {}", short(from), short(to))),
        (None, Some(to)) => lines.push(format!("SHA-256 {}", short(to))),
        (Some(from), None) => lines.push(format!("SHA-256 was {}", short(from))),
        _ => {}
    }
    if !event.rules.is_empty() {
        lines.push(event.rules.join(", "));
    }
    lines.extend(event.reason.clone());
    lines.extend(event.failed.iter().map(|path| format!("not as certified: {path}")));
    lines
}

/// The first digits of a digest, as many as tell it apart.
fn short(digest: &str) -> String {
    digest.chars().take(16).collect()
}

/// Writes each event as it stands in the log.
///
/// # Errors
/// What the writer gives.
pub fn write_jsonl(lines: &[Line], out: &mut dyn Write) -> io::Result<()> {
    for event in lines.iter().filter_map(|line| line.event.as_ref().ok()) {
        serde_json::to_writer(&mut *out, event)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Writes what a chain without a break accounts for.
///
/// # Errors
/// What the writer gives.
pub fn write_account(account: &Account, events: usize, out: &mut dyn Write) -> io::Result<()> {
    for (path, recorded) in &account.texts {
        writeln!(
            out,
            "{}: its digest was changed without an event: the last one gives {}",
            printable(path),
            short(recorded)
        )?;
    }
    writeln!(
        out,
        "{}, each follows from the one before",
        count_of(events, "event", "events")
    )?;
    if !account.manifest_as_logged {
        writeln!(out, "the manifest has been edited since the last event")?;
    }
    Ok(())
}
