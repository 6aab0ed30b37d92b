//! `provenance/record-mismatch`: an entry and the record of a web archive that it names, which do not say the same.

use crate::address::Tier;
use crate::checks::{Archived, Check, Rule, Survey};
use crate::digest::Digest;
use crate::finding::{Finding, Severity};
use crate::source::Span;
use crate::warc::label;
use crate::warc::witness::Witness;

/// See [`RULE`].
#[derive(Debug)]
pub struct RecordMismatch;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/record-mismatch",
    severity: Severity::Error,
    summary: "an entry and the record of a web archive that it names, which do not say the same",
    settings: &[],
    docs: "\
## What it does
Compares an entry with the record that `archive.warc` names:

- `source.url`, `canonical_url` and `via` with the `WARC-Target-URI`. Another host, path or query is an error, tracking parameters and
  marks of mobile pages a warning, the scheme, `www.` and a final `/` are info. A capture in `source.url` counts as the page that it is of.
- `retrieved_at` with the `WARC-Date`, to the second where both have one, else as exactly as both are, with a day for time zones. Not
  where `source.url` is itself a capture, which may be retrieved at any later time.
- `payload_digest` with the payload, both with its transfer coding and without, and with the digest that the record gives.
- The digests of the record with its own bytes.

## Why it matters
Each of them alone is a claim; together they are evidence, as long as they agree.

## Example
`source: {url: https://example.org/a/3}` and a record whose `WARC-Target-URI` is `https://example.org/a/4`.

## What to do
Find out which of the two is right. An id that was copied from the neighbour is more likely than a wrong record.
",
};

impl Check for RecordMismatch {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn reads_archives(&self) -> bool {
        true
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for archived in survey.archived() {
            if let Some(witness) = archived.witness() {
                let look = Look {
                    survey,
                    archived: &archived,
                    witness,
                };
                findings.extend(
                    [look.address(), look.date(), look.digest(), look.bytes()]
                        .into_iter()
                        .flatten(),
                );
            }
        }
    }
}

/// One entry beside its record.
struct Look<'a> {
    survey: &'a Survey<'a>,
    archived: &'a Archived<'a>,
    witness: &'a Witness,
}

impl Look<'_> {
    fn finding(&self, span: Span, message: String) -> Finding {
        let finding = RULE.finding(self.survey.at(self.archived.entry, span), message);
        finding.related(
            self.survey.at(self.archived.entry, self.archived.record.span),
            "this is the record",
        )
    }

    fn address(&self) -> Option<Finding> {
        let source = self.archived.entry.source.as_ref()?;
        let url = source.url.as_ref()?;
        let tier = self
            .witness
            .tier(source.addresses().map(|(_, url)| url.value.as_str()))?;
        let severity = match tier {
            Tier::Same | Tier::Fragment => return None,
            Tier::Scheme | Tier::Www | Tier::TrailingSlash => Severity::Info,
            Tier::Tracking | Tier::Amp => Severity::Warning,
            Tier::Query | Tier::Path | Tier::Host => Severity::Error,
        };
        let target = self.witness.target.as_deref()?;
        let message = format!(
            "the record is of another address: {} differs from {target}",
            tier.noun()
        );
        let finding = self.finding(url.span, message).severity(severity);
        Some(
            finding
                .help("correct the address or the record")
                .evidence("target", target)
                .evidence("differs_in", tier.name()),
        )
    }

    fn date(&self) -> Option<Finding> {
        let source = self.archived.entry.source.as_ref()?;
        let at = source.retrieved_at.as_ref()?;
        let captured = self
            .archived
            .entry
            .captures()
            .any(|(url, _)| Some(&url.value) == source.url.as_ref().map(|url| &url.value));
        if captured || self.witness.agrees_with(Some(at.value)) != Some(false) {
            return None;
        }
        let date = self.witness.date.as_deref()?;
        let message = format!("the record was made at another time: its WARC-Date is {date}");
        let finding = self.finding(at.span, message).severity(Severity::Warning);
        Some(
            finding
                .help("record the WARC-Date, or name the record of that time")
                .evidence("warc_date", date),
        )
    }

    fn digest(&self) -> Option<Finding> {
        let said = self.archived.record.payload_digest.as_ref()?;
        let digest = match label::parse(&said.value) {
            Ok(digest) => digest,
            Err(error) => {
                let message = format!("the payload digest `{}` {}", said.value, error.reason());
                return Some(
                    self.finding(said.span, message)
                        .help("copy the `WARC-Payload-Digest` of the record"),
                );
            }
        };
        let own = self
            .witness
            .payload
            .as_ref()
            .and_then(|claim| claim.label.as_ref().ok());
        if own == Some(&digest) || self.witness.digests.contains(&digest) {
            return None;
        }
        let comparable = |one: &Digest| one.algorithm() == digest.algorithm();
        let (what, actual) = match self
            .witness
            .digests
            .iter()
            .find(|one| comparable(one))
            .or(own.filter(|one| comparable(one)))
        {
            Some(actual) => ("has another", actual.to_string()),
            None => ("gives no", String::new()),
        };
        let message = format!(
            "the payload of the record {what} {} than the entry says",
            digest.algorithm().title()
        );
        let message = if actual.is_empty() {
            message.replace(" than the entry says", " to compare with that of the entry")
        } else {
            message
        };
        let severity = if actual.is_empty() {
            Severity::Warning
        } else {
            Severity::Error
        };
        let finding = self.finding(said.span, message).severity(severity);
        Some(
            finding
                .evidence("expected", digest.to_string())
                .evidence("actual", actual)
                .help("copy the digest from the record, once it is known to be the right one"),
        )
    }

    fn bytes(&self) -> Option<Finding> {
        let why = match (self.witness.denied, self.witness.whole) {
            (true, _) => "does not have the digests that it gives of itself",
            (_, false) => "is not whole",
            _ => return None,
        };
        let message = format!("the record of {} {why}", self.archived.entry.name());
        let finding = self.finding(self.archived.record.span, message);
        Some(finding.help("see `vidimus verify` of the file; restore it from a copy"))
    }
}
