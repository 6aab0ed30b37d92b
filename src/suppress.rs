//! Findings that a person has accepted in the manifest: marked, never removed, and told when they no longer apply.

use std::collections::HashMap;

use crate::checks::manifest::stale_acceptance;
use crate::finding::{Finding, Suppression};
use crate::manifest::{Accepted, Entry, Manifest};

/// Marks what was accepted, and gives a finding for each acceptance that no finding answers to.
///
/// `ran` tells whether a rule looked at an entry: an acceptance is stale only where its rule did.
pub fn apply(manifest: &Manifest, findings: &mut [Finding], ran: impl Fn(&Entry, &str) -> bool) -> Vec<Finding> {
    let mut of_path: HashMap<String, Vec<&mut Finding>> = HashMap::new();
    if manifest.entries.iter().all(|entry| entry.accepted.is_empty()) {
        return Vec::new();
    }
    for finding in findings {
        of_path.entry(finding.location.path.clone()).or_default().push(finding);
    }
    let mut stale = Vec::new();
    for entry in &manifest.entries {
        let path = entry.path.as_ref().map_or("", |path| path.value.as_str());
        let mut none = Vec::new();
        let found = of_path.get_mut(path).unwrap_or(&mut none);
        for accepted in &entry.accepted {
            if !mark(found, accepted) && ran(entry, &accepted.rule) {
                stale.push(stale_acceptance::finding(manifest, entry, accepted));
            }
        }
    }
    stale
}

fn mark(findings: &mut [&mut Finding], accepted: &Accepted) -> bool {
    let answers = |finding: &&mut &mut Finding| {
        let passage = accepted.passage.to_lowercase();
        finding.rule == accepted.rule && passage.len() >= 8 && finding.fingerprint.starts_with(&passage)
    };
    let mut any = false;
    for finding in findings.iter_mut().filter(answers) {
        any = true;
        finding.suppressed = Some(Suppression {
            kind: "accepted",
            reason: accepted.reason.clone(),
        });
    }
    any
}
