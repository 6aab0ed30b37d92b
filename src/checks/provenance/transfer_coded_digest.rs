//! `provenance/transfer-coded-digest`: payload digests of responses that were sent in chunks, and what they are of.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::warc::Agreement;

/// See [`RULE`].
#[derive(Debug)]
pub struct TransferCodedDigest;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/transfer-coded-digest",
    severity: Severity::Info,
    summary: "payload digests of responses that were sent in chunks: whether they are of the body with them or without",
    settings: &[],
    docs: "\
## What it does
Where a response in a web archive was sent in chunks (`Transfer-Encoding: chunked`), compares its payload digest with the body as it
was sent, sizes of chunks and all, and with the body put together. `vidimus verify FILE` and imports say once a file which of the two
agrees, and for how many; `check` says it of a record that `archive.warc` names where it is the body as sent. Where neither agrees, it
is `fixity/hash-mismatch`.

## Why it matters
The standard means the payload without its transfer coding (ISO 28500, 5.9, with RFC 2616, 7.2), and much software takes it with. Both
sorts are in archives, and a tool that knows one of them calls the other damage. It also decides what a digest may be compared with: the
same page from another crawler, or a deduplication across files, agrees only with digests of the same sort.

## Example
`the payload digests of 3 chunked responses agree with the body as it was sent, with its chunks`.

## What to do
Nothing, unless files of both sorts are deduplicated together.
",
};

impl Check for TransferCodedDigest {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn reads_archives(&self) -> bool {
        true
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for archived in survey.archived() {
            let payload = archived.witness().and_then(|witness| witness.payload.as_ref());
            if payload.is_none_or(|claim| claim.agreement != Agreement::AsSent) {
                continue;
            }
            let message = format!(
                "the payload digest of the record of {} is of the body as it was sent, with its chunks",
                archived.entry.name()
            );
            findings.push(RULE.finding(survey.at(archived.entry, archived.record.span), message));
        }
    }
}
