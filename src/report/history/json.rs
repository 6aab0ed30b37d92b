//! The custody of a text for programs: one object (version 1). Frozen, and apart from what is used inside.

use std::io::{self, Write};

use serde::Serialize;

use super::{CONTEXT, difference, peeled};
use crate::history::{History, Present, Step, Version};
use crate::report::diff::{Item, State, TextV1};

/// The name of the format, in the key `schema`.
const SCHEMA: &str = "vidimus-custody/1";
/// The JSON Schema of the one object.
pub const JSON_SCHEMA: &str = include_str!("../../../docs/custody.schema.json");

#[derive(Serialize)]
struct CustodyV1<'a> {
    schema: &'static str,
    path: &'a str,
    id: Option<&'a str>,
    title: Option<&'a str>,
    source: Option<&'a str>,
    retrieved_at: Option<&'a str>,
    ingested_at: Option<String>,
    first: VersionV1<'a>,
    steps: Vec<StepV1<'a>>,
    present: PresentV1,
    checks: ChecksV1,
    log: LogV1<'a>,
    sound: bool,
}

#[derive(Serialize)]
struct VersionV1<'a> {
    sha256: Option<String>,
    bytes: Option<usize>,
    kept_in: Option<&'static str>,
    damaged: Option<&'a str>,
}

#[derive(Serialize)]
struct StepV1<'a> {
    at: &'a str,
    reason: &'a str,
    rules: &'a [String],
    to: VersionV1<'a>,
    event: Option<usize>,
    program: Option<&'a str>,
    follows: bool,
    difference: Option<TextV1>,
}

#[derive(Serialize)]
struct PresentV1 {
    state: &'static str,
    why: Option<String>,
    sha256: Option<String>,
    difference: Option<TextV1>,
}

#[derive(Serialize)]
struct ChecksV1 {
    count: usize,
    last_at: Option<String>,
    last_well: Option<bool>,
}

#[derive(Serialize)]
struct LogV1<'a> {
    events: usize,
    broken_at: Option<usize>,
    why: Option<&'a str>,
}

/// Writes one object.
///
/// # Errors
/// What the writer gives.
pub fn write(history: &History, out: &mut dyn Write) -> io::Result<()> {
    let mut before = &history.first;
    let mut steps = Vec::with_capacity(history.steps.len());
    for step in &history.steps {
        steps.push(step_of(&history.path, before, step));
        before = &step.to;
    }
    let object = CustodyV1 {
        schema: SCHEMA,
        path: &history.path,
        id: history.id.as_deref(),
        title: history.title.as_deref(),
        source: history.source.as_deref(),
        retrieved_at: history.retrieved.as_deref(),
        ingested_at: history.ingested.map(|at| at.to_string()),
        first: version_of(&history.first),
        present: present_of(history, before),
        steps,
        checks: ChecksV1 {
            count: history.checks.count,
            last_at: history.checks.last.map(|at| at.to_string()),
            last_well: history.checks.last.map(|_| history.checks.last_well),
        },
        log: LogV1 {
            events: history.events,
            broken_at: history.broken.as_ref().map(|found| found.line),
            why: history.broken.as_ref().map(|found| found.why.as_str()),
        },
        sound: history.is_sound(),
    };
    serde_json::to_writer_pretty(&mut *out, &object)?;
    writeln!(out)
}

fn version_of(version: &Version) -> VersionV1<'_> {
    VersionV1 {
        sha256: version.sha256.map(|digest| digest.to_string()),
        bytes: version.bytes.as_ref().map(|(bytes, _)| bytes.len()),
        kept_in: version.bytes.as_ref().map(|(_, origin)| *origin),
        damaged: version.damaged.as_deref(),
    }
}

fn step_of<'a>(path: &str, before: &Version, step: &'a Step) -> StepV1<'a> {
    StepV1 {
        at: &step.at,
        reason: &step.reason,
        rules: &step.rules,
        to: version_of(&step.to),
        event: step.event,
        program: step.program.as_deref(),
        follows: step.follows,
        difference: difference_of(path, before, &step.to),
    }
}

fn present_of(history: &History, before: &Version) -> PresentV1 {
    let none = |state| PresentV1 {
        state,
        why: None,
        sha256: None,
        difference: None,
    };
    match &history.present {
        Present::AsCertified => none("certified"),
        Present::Changed(version) => PresentV1 {
            sha256: version.sha256.map(|digest| digest.to_string()),
            difference: difference_of(&history.path, before, version),
            ..none("changed")
        },
        Present::Unreadable(why) => PresentV1 {
            why: Some(why.clone()),
            ..none("unreadable")
        },
    }
}

fn difference_of(path: &str, old: &Version, new: &Version) -> Option<TextV1> {
    let (peeled, page, origin) = peeled(old, new)?;
    let difference = difference(&peeled, page);
    let state = State::Differs {
        difference: &difference,
        origin,
    };
    let item = Item {
        path,
        from: None,
        state,
    };
    Some(TextV1::of(&item, CONTEXT))
}
