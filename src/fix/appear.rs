//! Which findings a fix has brought: those of the mended text that answer to nothing in the text before.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::plan::origin;
use super::{Look, Step};
use crate::finding::{Finding, RuleId};

/// Findings that were not there before.
#[derive(Debug, Default)]
pub(super) struct Appeared {
    /// In texts that were changed: the path, the place in the text before where it is about a place, and the rule.
    of_texts: Vec<(String, Option<Range<usize>>, RuleId)>,
    /// In other texts.
    pub(super) elsewhere: Vec<Finding>,
}

impl Appeared {
    /// Compares what was found before some texts were changed with what was found afterwards.
    pub(super) fn between(before: &Look, after: &Look, steps: &BTreeMap<String, Step>) -> Self {
        let mut of_path: HashMap<&str, Vec<&Finding>> = HashMap::new();
        for finding in &before.report.findings {
            of_path.entry(&finding.location.path).or_default().push(finding);
        }
        let mut appeared = Self::default();
        for finding in &after.report.findings {
            let path = finding.location.path.as_str();
            if after.manifest.file(path).is_some() {
                continue;
            }
            let known = of_path.get(path).map_or(&[][..], Vec::as_slice);
            match steps.get(path) {
                Some(step) => appeared
                    .of_texts
                    .extend(unknown(finding, step, known).map(|at| (path.to_owned(), at, finding.rule))),
                None if !known.iter().any(|old| is_same(old, finding)) => appeared.elsewhere.push(finding.clone()),
                None => {}
            }
        }
        appeared.of_entries(before, after, steps);
        appeared
    }

    /// Findings in the manifest, by the entry that they stand in: an entry must not have more of one rule than before.
    fn of_entries(&mut self, before: &Look, after: &Look, steps: &BTreeMap<String, Step>) {
        let old = counts(before);
        for (place, count) in counts(after) {
            if count <= old.get(&place).copied().unwrap_or(0) {
                continue;
            }
            let (entry, rule) = place;
            let path = entry.and_then(|entry| after.manifest.entries[entry].path.as_ref());
            match path
                .map(|path| path.value.as_str())
                .filter(|path| steps.contains_key(*path))
            {
                Some(path) => self.of_texts.push((path.to_owned(), None, rule)),
                // What no entry accounts for, all changes do.
                None => self
                    .of_texts
                    .extend(steps.keys().map(|path| (path.clone(), None, rule))),
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.of_texts.is_empty()
    }

    /// The fixes to take back, by text, each with the rule of what it brings: for each finding the nearest, or all where it
    /// is about no place.
    pub(super) fn culprits(&self, steps: &BTreeMap<String, Step>) -> BTreeMap<String, Vec<(Finding, RuleId)>> {
        let mut culprits: BTreeMap<String, Vec<(Finding, RuleId)>> = BTreeMap::new();
        for (path, at, rule) in &self.of_texts {
            let Some(step) = steps.get(path) else { continue };
            let own = culprits.entry(path.clone()).or_default();
            match at.as_ref().and_then(|at| nearest(step, at)) {
                Some(finding) => own.push((finding.clone(), rule)),
                None => own.extend(step.taken.iter().map(|finding| (finding.clone(), *rule))),
            }
        }
        culprits
    }
}

type Place = (Option<usize>, &'static str);

/// How many findings of each rule stand in each entry of a manifest.
fn counts(look: &Look) -> BTreeMap<Place, usize> {
    let manifest = &look.manifest;
    let mut counts = BTreeMap::new();
    for finding in &look.report.findings {
        let file = manifest
            .files
            .iter()
            .position(|file| file.name() == finding.location.path);
        let Some(file) = file else { continue };
        let entry = finding.location.span.and_then(|span| manifest.entry_at(file, span));
        *counts.entry((entry, finding.rule)).or_insert(0) += 1;
    }
    counts
}

/// Where a finding of a changed text was before, where nothing before answers to it.
fn unknown(finding: &Finding, step: &Step, known: &[&Finding]) -> Option<Option<Range<usize>>> {
    let lengths: Vec<usize> = step.edits.iter().map(|edit| edit.replacement.len()).collect();
    let at = finding
        .location
        .span
        .map(|span| origin(&step.edits, span.range(), &lengths));
    let answers = |old: &&&Finding| {
        old.rule == finding.rule
            && match (old.location.span, &at) {
                _ if old.fingerprint == finding.fingerprint => true,
                (Some(span), Some(at)) => span.start() <= at.end && at.start <= span.end(),
                (None, None) => true,
                _ => false,
            }
    };
    known.iter().find(answers).is_none().then_some(at)
}

fn is_same(old: &Finding, new: &Finding) -> bool {
    old.rule == new.rule && (old.fingerprint == new.fingerprint || old.location.span == new.location.span)
}

/// The fix whose edits are nearest to a place.
fn nearest<'a>(step: &'a Step, at: &Range<usize>) -> Option<&'a Finding> {
    let distance = |finding: &&Finding| {
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        let away = edits.map(|edit| {
            let (before, behind) = (at.start.saturating_sub(edit.end), edit.start.saturating_sub(at.end));
            before.max(behind)
        });
        away.min().unwrap_or(usize::MAX)
    };
    step.taken.iter().min_by_key(distance)
}
