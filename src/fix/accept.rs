//! Findings that a person lets stand: they are written into the entries of their texts, in the same change as the fixes.

use std::collections::BTreeMap;

use crate::checks;
use crate::corpus::Corpus;
use crate::engine::Report;
use crate::error::{Error, Result};
use crate::finding::{Edit, Finding};
use crate::inventory::entry_at;
use crate::inventory::record::before;
use crate::manifest::Manifest;
use crate::manifest::edit::Draft;
use crate::manifest::write::{Item, Value};
use crate::suppress;

/// A finding that is to stand, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Acceptance {
    /// The finding, as a check of the present texts gives it.
    pub finding: Finding,
    /// Why it stands.
    pub reason: String,
}

/// An acceptance as the manifest is to have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// The number of the entry that it stands in.
    pub entry: usize,
    /// The path of that text.
    pub path: String,
    /// The finding, as it was.
    pub finding: Finding,
    /// Its fingerprint once the texts are mended.
    pub passage: String,
    /// Why it stands.
    pub reason: String,
}

/// The number of the entry that a finding can be accepted in: that of its own text where it has one.
///
/// # Errors
/// Why there is none, as the end of a sentence that begins with the finding.
pub fn entry_of(manifest: &Manifest, finding: &Finding) -> Result<usize, String> {
    let own = finding.location.path.as_str();
    if manifest.file(own).is_some() {
        return Err(format!(
            "is about {own} itself and cannot be accepted in it; mend it there"
        ));
    }
    if let Some(record) = &finding.location.record {
        return Err(format!(
            "is in a record of the shard {}, in which nothing is accepted; mend it where the shard is made, or use a baseline",
            record.shard
        ));
    }
    let texts = suppress::texts_of(finding);
    let path = |index: &usize| manifest.entries[*index].path.as_ref().map(|path| path.value.as_str());
    let mut entries: Vec<usize> = (0..manifest.entries.len())
        .filter(|index| path(index).is_some_and(|path| texts.contains(path)))
        .collect();
    entries.sort_by_key(|index| (manifest.entries[*index].file != 0, path(index) != Some(own)));
    match entries.first() {
        None => Err("is in no text that the manifest lists; list it first".to_owned()),
        Some(&entry) if manifest.entries[entry].records.is_some() => Err(format!(
            "is about the shard of records {}, in which nothing is accepted; mend it where it is made, or use a baseline",
            manifest.entries[entry].name()
        )),
        Some(&entry) if manifest.entries[entry].file != 0 => {
            let shard = manifest.files[manifest.entries[entry].file].name();
            Err(format!(
                "is in a text of the shard {shard}; accept it with that as the manifest"
            ))
        }
        Some(&entry) => Ok(entry),
    }
}

/// The manifest with one more finding that stands, in the entry of its text; all else in it stays as it is written.
///
/// # Errors
/// [`Error::Refused`] where the finding has no entry, or the manifest is written in a way that cannot
/// be changed safely.
pub fn written(manifest: &Manifest, finding: &Finding, reason: &str) -> Result<Vec<u8>> {
    let refused = |why| Error::Refused(format!("{} {why}", finding.rule));
    let entry = entry_of(manifest, finding).map_err(refused)?;
    let accepted = Accepted {
        entry,
        path: manifest.entries[entry].name().to_owned(),
        finding: finding.clone(),
        passage: finding.fingerprint.clone(),
        reason: reason.to_owned(),
    };
    let mut draft = Draft::new(&manifest.files[0])?;
    record(&[accepted], &mut draft)?;
    draft.finish()
}

/// What becomes of acceptances when texts are mended: those that still have a finding to stand for, and those findings
/// that are gone. `edits` gives what was done to a text, and `after` what is then found.
pub(super) fn carry<'e>(
    corpus: &Corpus,
    acceptances: &[Acceptance],
    edits: impl Fn(&str) -> &'e [Edit],
    after: &Report,
) -> (Vec<Accepted>, Vec<Finding>) {
    let (mut accepted, mut lapsed) = (Vec::new(), Vec::new());
    for Acceptance { finding, reason } in acceptances {
        let entry = entry_of(&corpus.manifest, finding).ok();
        let passage = passage_after(finding, edits(&finding.location.path), after);
        match entry.zip(passage) {
            Some((entry, passage)) => accepted.push(Accepted {
                entry,
                path: corpus.manifest.entries[entry].name().to_owned(),
                finding: finding.clone(),
                passage,
                reason: reason.trim().to_owned(),
            }),
            None => lapsed.push(finding.clone()),
        }
    }
    (accepted, lapsed)
}

/// The fingerprint of a finding in the mended text: it may be another one, because equal passages are counted.
fn passage_after(finding: &Finding, edits: &[Edit], after: &Report) -> Option<String> {
    let ran = |rule: &str| {
        checks::ALL
            .iter()
            .any(|check| check.rule().id == rule && !check.compares())
    };
    if edits.is_empty() || !ran(finding.rule) {
        return Some(finding.fingerprint.clone());
    }
    let of_rule = |other: &&Finding| other.rule == finding.rule && other.location.path == finding.location.path;
    let start = finding.location.span.map(|span| moved(span.start(), edits));
    let there = |other: &&Finding| other.location.span.map(|span| span.start()) == start;
    let same = |other: &&Finding| other.fingerprint == finding.fingerprint;
    let mut found = after.findings.iter().filter(of_rule);
    let found = found.clone().find(there).or_else(|| found.find(same));
    found.map(|found| found.fingerprint.clone())
}

/// Where a byte stands after edits that are all before or behind it.
fn moved(at: usize, edits: &[Edit]) -> usize {
    edits.iter().filter(|edit| edit.end <= at).fold(at, |at, edit| {
        (at + edit.replacement.len()).saturating_sub(edit.end - edit.start)
    })
}

/// Writes acceptances into the entries of their texts.
pub(super) fn record(accepted: &[Accepted], draft: &mut Draft<'_>) -> Result<()> {
    let mut values: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
    for one in accepted {
        values.entry(one.entry).or_default().push(Value::Record(vec![
            Item::Field("rule", Value::text(one.finding.rule)),
            Item::Field("passage", Value::quoted(&one.passage)),
            Item::Field("reason", Value::quoted(&one.reason)),
        ]));
    }
    values
        .iter()
        .try_for_each(|(&entry, values)| draft.extend(&entry_at(entry), &before("accepted"), "accepted", values))
}
