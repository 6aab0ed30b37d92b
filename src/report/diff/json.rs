//! Differences for programs: one object (version 1). Frozen, and apart from what is used inside.

use std::io::{self, Write};

use serde::Serialize;

use super::{Item, State, Totals};
use crate::diff::{Difference, EntryChange, Hunk, KeyChange, Kind, ManifestDiff, body};

/// The name of the format, in the key `schema`.
pub const SCHEMA: &str = "vidimus-diff/1";

/// The JSON Schema of the one object.
pub const JSON_SCHEMA: &str = include_str!("../../../docs/diff.schema.json");

#[derive(Serialize)]
struct DiffV1<'a> {
    schema: &'static str,
    tool: ToolV1,
    summary: Option<&'a Totals>,
    texts: Vec<TextV1>,
    manifest: Option<ManifestV1<'a>>,
}

#[derive(Serialize)]
struct ToolV1 {
    name: &'static str,
    version: &'static str,
}

const TOOL: ToolV1 = ToolV1 {
    name: "vidimus",
    version: env!("CARGO_PKG_VERSION"),
};

/// A text, as it is printed.
#[derive(Debug, Serialize)]
pub(crate) struct TextV1 {
    path: String,
    old_path: Option<String>,
    state: &'static str,
    message: String,
    help: Option<String>,
    origin: Option<&'static str>,
    removed_words: Option<usize>,
    added_words: Option<usize>,
    coarse: bool,
    kinds: Vec<KindV1>,
    hunks: Vec<HunkV1>,
}

#[derive(Debug, Serialize)]
struct KindV1 {
    kind: &'static str,
    count: usize,
    message: String,
    from: Option<String>,
    to: Option<String>,
    added: Option<bool>,
    extent: Option<&'static str>,
    mark: Option<&'static str>,
    at: Option<usize>,
}

#[derive(Debug, Serialize)]
struct HunkV1 {
    old: RangeV1,
    new: RangeV1,
    lines: Vec<LineV1>,
}

/// Lines from 1; of no lines, the line before which they would stand.
#[derive(Debug, Serialize)]
struct RangeV1 {
    line: usize,
    lines: usize,
}

#[derive(Debug, Serialize)]
struct LineV1 {
    op: &'static str,
    text: String,
}

impl TextV1 {
    pub(crate) fn of(item: &Item<'_>, context: usize) -> Self {
        let (difference, origin) = match &item.state {
            State::Differs { difference, origin } => (Some(*difference), Some(*origin)),
            _ => (None, None),
        };
        let words = item.state.words();
        let hunks = difference.map_or(Vec::new(), |difference| {
            let hunks = difference.lines.hunks(context).into_iter();
            hunks.map(|hunk| HunkV1::of(difference, &hunk)).collect()
        });
        Self {
            path: item.path.to_owned(),
            old_path: item.from.map(str::to_owned),
            state: item.state.name(),
            message: item.state.said(),
            help: item.state.help().map(str::to_owned),
            origin,
            removed_words: words.map(|(removed, _)| removed),
            added_words: words.map(|(_, added)| added),
            coarse: difference.is_some_and(Difference::is_coarse),
            kinds: difference.map_or(Vec::new(), |difference| {
                difference.kinds.iter().map(KindV1::of).collect()
            }),
            hunks,
        }
    }
}

impl KindV1 {
    fn of(kind: &Kind) -> Self {
        let mut said = Self {
            kind: kind.name(),
            count: kind.count(),
            message: kind.to_string(),
            from: None,
            to: None,
            added: None,
            extent: None,
            mark: None,
            at: None,
        };
        match kind {
            Kind::Encoding { from, to } | Kind::Form { from, to, .. } => {
                (said.from, said.to) = (Some((*from).to_owned()), Some((*to).to_owned()));
            }
            Kind::LineEnds { from, to, .. } => (said.from, said.to) = (Some(from.clone()), Some(to.clone())),
            Kind::ByteOrderMark { added } | Kind::FinalNewline { added } => said.added = Some(*added),
            Kind::Cut { extent, at, .. } => (said.extent, said.at) = (Some(extent.name()), Some(*at)),
            Kind::Damage { mark, at, .. } => (said.mark, said.at) = (Some(mark.name()), Some(*at)),
            Kind::Space { .. } | Kind::Furniture { .. } | Kind::Prose { .. } => {}
        }
        said
    }
}

impl HunkV1 {
    fn of(difference: &Difference<'_>, hunk: &Hunk) -> Self {
        let line = |op: &'static str, line: &[u8]| LineV1 {
            op,
            text: String::from_utf8_lossy(body(line)).into_owned(),
        };
        let (old, new) = (&difference.lines.old, &difference.lines.new);
        let mut lines = Vec::new();
        let mut at = hunk.old.start;
        for part in &difference.lines.replaced[hunk.replaced.clone()] {
            lines.extend(old[at..part.old.start].iter().map(|text| line("equal", text)));
            lines.extend(old[part.old.clone()].iter().map(|text| line("removed", text)));
            lines.extend(new[part.new.clone()].iter().map(|text| line("added", text)));
            at = part.old.end;
        }
        lines.extend(old[at..hunk.old.end].iter().map(|text| line("equal", text)));
        let range = |lines: &std::ops::Range<usize>| RangeV1 {
            line: lines.start + 1,
            lines: lines.len(),
        };
        Self {
            old: range(&hunk.old),
            new: range(&hunk.new),
            lines,
        }
    }
}

/// Writes the object for texts.
pub(super) fn write(texts: Vec<TextV1>, totals: &Totals, out: &mut dyn Write) -> io::Result<()> {
    write_object(
        &DiffV1 {
            schema: SCHEMA,
            tool: TOOL,
            summary: Some(totals),
            texts,
            manifest: None,
        },
        out,
    )
}

fn write_object(diff: &DiffV1<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, diff)?;
    writeln!(out)
}

#[derive(Serialize)]
struct ManifestV1<'a> {
    same: usize,
    corpus: Vec<KeyV1<'a>>,
    entries: Vec<EntryV1<'a>>,
}

#[derive(Serialize)]
struct KeyV1<'a> {
    key: &'a str,
    old: Option<&'a str>,
    new: Option<&'a str>,
}

#[derive(Serialize)]
struct EntryV1<'a> {
    what: &'static str,
    old_path: Option<&'a str>,
    new_path: Option<&'a str>,
    digest: Option<KeyV1<'a>>,
    accounted: Option<bool>,
    edits: Vec<EditV1<'a>>,
    keys: Vec<KeyV1<'a>>,
}

#[derive(Serialize)]
struct EditV1<'a> {
    at: Option<&'a str>,
    reason: Option<&'a str>,
    rules: Option<&'a str>,
}

/// Writes the object for two manifests.
///
/// # Errors
/// What the writer gives.
pub fn write_manifest(diff: &ManifestDiff, out: &mut dyn Write) -> io::Result<()> {
    let manifest = ManifestV1 {
        same: diff.same,
        corpus: diff.corpus.iter().map(key).collect(),
        entries: diff.entries.iter().map(entry).collect(),
    };
    write_object(
        &DiffV1 {
            schema: SCHEMA,
            tool: TOOL,
            summary: None,
            texts: Vec::new(),
            manifest: Some(manifest),
        },
        out,
    )
}

fn key(change: &KeyChange) -> KeyV1<'_> {
    KeyV1 {
        key: &change.key,
        old: change.old.as_deref(),
        new: change.new.as_deref(),
    }
}

fn entry(change: &EntryChange) -> EntryV1<'_> {
    let edits = change.edits.iter().map(|edit| EditV1 {
        at: edit.at.as_deref(),
        reason: edit.reason.as_deref(),
        rules: edit.rules.as_deref(),
    });
    EntryV1 {
        what: change.what(),
        old_path: change.old.as_deref(),
        new_path: change.new.as_deref(),
        digest: change.digest.as_ref().map(key),
        accounted: change.digest.as_ref().map(|_| !change.edits.is_empty()),
        edits: edits.collect(),
        keys: change.keys.iter().map(key).collect(),
    }
}
