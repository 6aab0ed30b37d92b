//! What an editor shows beside the pointer: the page of a rule over a finding, and what became of a text over its entry.

use std::collections::BTreeSet;

use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position, Range};

use super::actions::touch;
use super::check::Checked;
use super::sheet::Sheet;
use crate::checks;
use crate::manifest::Entry;
use crate::report::rule_page;
use crate::source::Span;

/// What to show at a place of a file.
pub(super) fn hover(checked: &Checked, path: &str, sheet: &Sheet, at: Position) -> Option<Hover> {
    let here = Range::new(at, at);
    let shown = checked.shown.get(path).into_iter().flatten();
    let shown: Vec<_> = shown.filter(|shown| touch(shown.diagnostic.range, here)).collect();
    let rules: BTreeSet<&str> = shown.iter().map(|shown| shown.finding.rule).collect();
    let pages = rules.into_iter().filter_map(checks::find);
    let mut parts: Vec<String> = pages.map(|check| rule_page::page(check.rule())).collect();
    let state = entry_at(checked, path, sheet, at);
    parts.extend(
        state
            .iter()
            .map(|(_, state)| format!("On disk, this text is **{state}**.\n")),
    );
    let range = match (shown.first(), &state) {
        (Some(shown), _) => shown.diagnostic.range,
        (None, Some((span, _))) => sheet.lines.range(&sheet.bytes, span.start(), span.end()),
        (None, None) => return None,
    };
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent {
            kind: MarkupKind::Markdown,
            value: parts.join("\n---\n\n"),
        }),
        range: Some(range),
    })
}

/// The path or the digest of an entry at a place, and what became of its text.
fn entry_at(checked: &Checked, path: &str, sheet: &Sheet, at: Position) -> Option<(Span, &'static str)> {
    let manifest = &checked.manifest;
    let file = manifest.files.iter().position(|file| file.name() == path)?;
    let text = std::str::from_utf8(&sheet.bytes).ok()?;
    let byte = sheet.lines.byte(text, at);
    let mut entries = manifest.entries.iter().zip(&checked.states);
    entries.find_map(|(entry, state)| {
        let span = names(entry).find(|span| span.start() <= byte && byte <= span.end());
        Some((span.filter(|_| entry.file == file)?, *state))
    })
}

/// Where an entry says which bytes it is about.
fn names(entry: &Entry) -> impl Iterator<Item = Span> {
    let path = entry.path.as_ref().map(|path| path.span);
    let digest = entry.sha256.as_ref().map(|recorded| recorded.span);
    path.into_iter().chain(digest)
}
