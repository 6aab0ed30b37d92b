//! Findings that a person has accepted in the manifest: marked, never removed, and told when they no longer apply.

use std::collections::{BTreeSet, HashMap};

use crate::checks::manifest::stale_acceptance;
use crate::finding::{Finding, Suppression};
use crate::manifest::{Accepted, Entry, Manifest};

/// Marks what was accepted, and gives a finding for each acceptance that no finding answers to.
///
/// `ran` tells whether a rule looked at an entry: an acceptance is stale only where its rule did.
pub fn apply(manifest: &Manifest, findings: &mut [Finding], ran: impl Fn(&Entry, &str) -> bool) -> Vec<Finding> {
    let mut of_path: HashMap<String, Vec<usize>> = HashMap::new();
    if manifest.entries.iter().all(|entry| entry.accepted.is_empty()) {
        return Vec::new();
    }
    for (number, finding) in findings.iter().enumerate() {
        for path in texts_of(finding) {
            of_path.entry(path.to_owned()).or_default().push(number);
        }
    }
    let mut stale = Vec::new();
    for entry in &manifest.entries {
        let path = entry.path.as_ref().map_or("", |path| path.value.as_str());
        let found = of_path.get(path).map_or(&[][..], Vec::as_slice);
        for accepted in &entry.accepted {
            if !mark(findings, found, accepted) && ran(entry, &accepted.rule) {
                stale.push(stale_acceptance::finding(manifest, entry, accepted));
            }
        }
    }
    stale
}

/// The texts in whose entries a finding can be accepted: all that it names, where it speaks of all of them alike.
pub(crate) fn texts_of(finding: &Finding) -> BTreeSet<&str> {
    let related = finding.related.iter().filter(|_| finding.shared);
    let others = related.map(|related| related.location.path.as_str());
    others.chain([finding.location.path.as_str()]).collect()
}

fn mark(findings: &mut [Finding], of_path: &[usize], accepted: &Accepted) -> bool {
    let passage = accepted.passage.to_lowercase();
    let answers = |finding: &Finding| {
        finding.rule == accepted.rule && passage.len() >= 8 && finding.fingerprint.starts_with(&passage)
    };
    let mut any = false;
    for &number in of_path {
        if answers(&findings[number]) {
            any = true;
            findings[number].suppressed = Some(Suppression {
                kind: "accepted",
                reason: accepted.reason.clone(),
            });
        }
    }
    any
}
