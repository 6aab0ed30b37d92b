//! `fixity/wrong-signature`: a signature that is none of this manifest by the key that was named.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Location, Severity};
use crate::signature::Signed;

/// See [`RULE`].
#[derive(Debug)]
pub struct WrongSignature;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/wrong-signature",
    severity: Severity::Error,
    summary: "a signature that is none of this manifest by the key that was named",
    settings: &[],
    docs: "\
## What it does
Runs where `--key` names a public key. The signature beside the manifest, or the one that `--signature` names, must have been
made by that key over the exact bytes of the manifest, and its trusted comment with it. Where that comment names a SHA-256 or a
corpus, as `vidimus sign` lets it, they must be those of this manifest.

Signatures over the bytes themselves and not over their hash, as older versions of minisign made them, are taken too: they are
as good for bytes that are at hand.

Where it fires, no text is read, nothing that the manifest lists or accepts is believed, and every entry counts as skipped. So
the run ends with 1, and with 2 where `--fail-on` leaves this rule out; `--select` and `--ignore` do not leave it out.

## Why it matters
Whoever can change the texts can mostly change the manifest beside them, and then every digest agrees. A signature can be made
only by whoever has the secret key.

It says nothing of age: an old manifest has a right signature too. Pin the one that is meant with `--manifest-sha256`, or read
the time in the trusted comment.

## Example
`vidimus verify --key minisign.pub`, after somebody corrected a title in the manifest.

## What to do
See what changed in the manifest, and who changed it. Where that is right, verify the corpus without `--key`, then sign the
manifest again with `vidimus sign`. Where another key was named, ask its owner for the right one by a way that whoever changed
the corpus could not have changed as well.
",
};

impl Check for WrongSignature {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn refuses(&self) -> bool {
        true
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let Some((message, help)) = survey.seal.signed.as_ref().and_then(objection) else {
            return;
        };
        let place = Location::file(survey.manifest.files[0].name());
        findings.push(RULE.finding(place, message).help(help));
    }
}

const CHANGED: &str = "see what changed in the manifest, and who changed it; where that is right, sign it again";

fn objection(signed: &Signed) -> Option<(String, &'static str)> {
    match signed {
        Signed::Right { .. } | Signed::Bare { .. } => None,
        Signed::Misnamed { said, .. } => Some((
            format!("the signature is right, but its trusted comment speaks of another manifest: {said}"),
            "ask whoever signed what was meant to be signed, then have it signed again",
        )),
        Signed::OtherKey { wanted, named } => Some((
            format!("the signature is one by the key {named}, not by {wanted}"),
            "name the key of whoever was to sign, or have it signed with that key",
        )),
        Signed::Wrong { wanted } => Some((
            format!(
                "the signature is none by the key {wanted} of these bytes: the manifest or the signature was changed"
            ),
            CHANGED,
        )),
    }
}
