//! `fixity/bare-signature`: a right signature whose trusted comment does not say which manifest it is of.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Location, Severity};
use crate::signature::Signed;

/// See [`RULE`].
#[derive(Debug)]
pub struct BareSignature;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/bare-signature",
    severity: Severity::Info,
    summary: "a right signature whose trusted comment does not say which manifest it is of",
    settings: &[],
    docs: "\
## What it does
Runs where `--key` names a public key. The signature is right, but its trusted comment has no word `sha256:…`, as `vidimus
sign` writes it; minisign alone writes the name of the file and the time.

## Why it matters
Little: the signature covers every byte of the manifest either way, so this is no more than info. But who reads the comment
with another program, or years later beside a heap of files that are all called `manifest.yaml`, does not learn from it which
corpus was meant.

## Example
`minisign -Sm manifest.yaml`, whose comment is `timestamp:1795658809 file:manifest.yaml hashed`.

## What to do
Nothing, or sign with `vidimus sign`. `minisign -t` may give the same words by hand.
",
};

impl Check for BareSignature {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let Some(Signed::Bare { comment, .. }) = &survey.seal.signed else {
            return;
        };
        let place = Location::file(survey.manifest.files[0].name());
        let message = "the signature is right, but its trusted comment does not name this manifest";
        let finding = RULE.finding(place, message).help("sign it with `vidimus sign`");
        findings.push(finding.evidence("trusted_comment", comment.as_str()));
    }
}
