//! Two manifests for people: entry by entry, each key that differs with both values.

use std::io::{self, Write};

use super::ink::Ink;
use crate::diff::{Edit, EntryChange, KeyChange, ManifestDiff};
use crate::report::{Style, count_of, printable};

/// Writes what differs, then how much is the same.
///
/// # Errors
/// What the writer gives.
pub fn write(diff: &ManifestDiff, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if !diff.corpus.is_empty() {
        writeln!(out, "{}", Ink::Title.paint("corpus", style))?;
        diff.corpus
            .iter()
            .try_for_each(|change| write_key(change, style, out))?;
        writeln!(out)?;
    }
    for entry in &diff.entries {
        write_entry(entry, style, out)?;
    }
    if style.summary {
        writeln!(out, "{}", total(diff))?;
    }
    Ok(())
}

fn write_entry(entry: &EntryChange, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let path = Ink::Title.paint(&printable(entry.path()), style);
    match (&entry.old, entry.what()) {
        (Some(old), "moved") => writeln!(out, "{path}: moved from {}", printable(old))?,
        (_, what) => writeln!(out, "{path}: {what}")?,
    }
    if let Some(digest) = &entry.digest {
        write_key(digest, style, out)?;
        entry
            .edits
            .iter()
            .try_for_each(|edit| writeln!(out, "    {}", said(edit)))?;
        if entry.edits.is_empty() {
            writeln!(out, "    no edit on record accounts for it")?;
        }
    }
    entry.keys.iter().try_for_each(|change| write_key(change, style, out))?;
    writeln!(out)
}

fn said(edit: &Edit) -> String {
    let at = edit.at.as_ref().map_or(String::new(), |at| format!(" at {at}"));
    let rules = edit.rules.as_ref().map_or(String::new(), |rules| format!(" ({rules})"));
    let reason = edit.reason.as_deref().unwrap_or("no reason given");
    printable(&format!("edited{at}: {reason}{rules}")).into_owned()
}

/// As in `title: Breaking → Broken`, over two lines where both do not fit in one.
fn write_key(change: &KeyChange, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let value = |value: &Option<String>| {
        value
            .as_deref()
            .map_or("∅".into(), |value| printable(value).into_owned())
    };
    let (key, old, new) = (printable(&change.key), value(&change.old), value(&change.new));
    let fits = key.chars().count() + old.chars().count() + new.chars().count() + 7 <= style.width;
    let (old, new) = (Ink::Old.paint(&old, style), Ink::New.paint(&new, style));
    match fits {
        true => writeln!(out, "  {key}: {old} → {new}"),
        false => writeln!(out, "  {key}:\n    {old}\n  → {new}"),
    }
}

/// As in `2 entries changed, 1 added; 40 are the same`.
fn total(diff: &ManifestDiff) -> String {
    let count = |what: &str| diff.entries.iter().filter(|entry| entry.what() == what).count();
    let said = ["changed", "moved", "added", "removed"].map(|what| (count(what), what));
    let said: Vec<String> = said
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let entries = match said.is_empty() {
        true => "no entry differs".to_owned(),
        false => format!("entries: {}", said.join(", ")),
    };
    format!("{entries}; {}", count_of(diff.same, "is the same", "are the same"))
}
