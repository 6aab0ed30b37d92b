//! The custody of one text, for people, for programs and for print.

mod html;
mod json;
mod text;

use std::ops::Range;

pub use html::write as write_html;
pub use json::{JSON_SCHEMA, write as write_json};
pub use text::write as write_text;

use crate::diff::{Difference, Peeled};
use crate::history::{History, Present, Step, Version};
use crate::report::count_of;

/// So many equal lines are shown around what differs.
const CONTEXT: usize = 2;

/// Two versions whose bytes are at hand, made comparable; `None` where a copy is missing.
fn peeled<'a>(old: &'a Version, new: &'a Version) -> Option<(Peeled<'a>, &'a [Range<usize>], &'static str)> {
    let ((before, origin), (after, _)) = (old.bytes.as_ref()?, new.bytes.as_ref()?);
    Some((Peeled::of(before, after), &old.page, origin))
}

fn difference<'a>(peeled: &'a Peeled<'_>, page: &[Range<usize>]) -> Difference<'a> {
    Difference::of(peeled, &|| page.to_vec())
}

/// Why there is no difference to show between two versions.
fn why_not(old: &Version, new: &Version) -> &'static str {
    match (&old.bytes, &new.bytes) {
        (None, _) if old.damaged.is_some() => "the copy of the bytes before is damaged",
        (_, None) if new.damaged.is_some() => "the copy of the bytes after is damaged",
        (None, None) => "neither the bytes before nor those after are kept",
        (None, _) => "the bytes before are not kept",
        _ => "the bytes after are not kept",
    }
}

fn sha256(version: &Version) -> String {
    version
        .sha256
        .map_or_else(|| "unknown".to_owned(), |digest| digest.to_string())
}

/// What stands at the path, in one sentence.
fn standing(history: &History) -> String {
    match &history.present {
        Present::AsCertified if !history.leads_to_record => {
            "as certified, but the steps on record do not lead to it".to_owned()
        }
        Present::AsCertified => "as certified".to_owned(),
        Present::Changed(_) => "changed since, and nobody has certified that".to_owned(),
        Present::Unreadable(why) => format!("not to be compared: {why}"),
    }
}

/// What a step is open to doubt for, if anything.
fn doubts(step: &Step) -> Vec<&'static str> {
    let mut doubts = Vec::new();
    if !step.follows {
        doubts.push("it does not begin with the bytes that the step before ended with");
    }
    if step.event.is_none() {
        doubts.push("the log has no event of it");
    }
    doubts
}

/// The copies that cannot be used, in one sentence.
fn copies_line(history: &History) -> Option<String> {
    let damaged = history
        .damaged()
        .map(|(number, why)| format!("of version {number}: {why}"));
    let damaged: Vec<String> = damaged.collect();
    (!damaged.is_empty()).then(|| format!("damaged {}", damaged.join("; damaged ")))
}

/// What the log says, in one sentence.
fn log_line(history: &History) -> String {
    match &history.broken {
        None if history.events == 0 => "there is no log".to_owned(),
        None => format!(
            "{}, each follows from the one before",
            count_of(history.events, "event", "events")
        ),
        Some(found) => format!("broken at line {}: {}", found.line, found.why),
    }
}

/// The fixity checks, in one sentence.
fn checks_line(history: &History) -> String {
    let checks = history.checks;
    match checks.last {
        None => "none on record".to_owned(),
        Some(last) => {
            let outcome = if checks.last_well {
                "as certified"
            } else {
                "not as certified"
            };
            format!("{} on record, the last {last}: {outcome}", checks.count)
        }
    }
}
