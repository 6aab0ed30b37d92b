//! `fixity/unpinned-manifest`: a manifest whose SHA-256 is not the one that was demanded.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Location, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct UnpinnedManifest;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/unpinned-manifest",
    severity: Severity::Error,
    summary: "a manifest whose SHA-256 is not the one that was demanded",
    settings: &[],
    docs: "\
## What it does
Runs where `--manifest-sha256` gives a digest, and compares it with that of the exact bytes of the manifest.

Where it fires, no text is read, nothing that the manifest lists or accepts is believed, and every entry counts as skipped. So
the run ends with 1, and with 2 where `--fail-on` leaves this rule out; `--select` and `--ignore` do not leave it out.

## Why it matters
A digest that was written down elsewhere, in a paper or in the settings of a pipeline, says which manifest was meant, and through
its digests, shards included, which texts. It needs no key, and it tells an old manifest from a new one.

## Example
`vidimus verify --manifest-sha256 9f86…`, after a text was added.

## What to do
Where the manifest was changed on purpose, write its new digest where the old one stands: the message names it. Otherwise get
the manifest that was meant, and see who changed this one.
",
};

impl Check for UnpinnedManifest {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn refuses(&self) -> bool {
        true
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let (Some(pinned), Some(present)) = (survey.seal.unpinned, survey.manifest.digests.first()) else {
            return;
        };
        let place = Location::file(survey.manifest.files[0].name());
        let message = format!("the manifest has the SHA-256 {present}, not {pinned}, which was demanded");
        let finding = RULE
            .finding(place, message)
            .help("get the manifest that was meant; where this one is right, demand its digest")
            .evidence("sha256", present.to_string())
            .evidence("pinned_sha256", pinned.to_string());
        findings.push(finding);
    }
}
