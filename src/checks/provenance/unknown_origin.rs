//! `provenance/unknown-origin`: a text of which nobody knows where it comes from.

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Location, Severity};
use crate::manifest::{Entry, Origin, OriginKind, Spanned};

/// See [`RULE`].
#[derive(Debug)]
pub struct UnknownOrigin;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/unknown-origin",
    severity: Severity::Warning,
    summary: "a text of which nobody knows where it comes from",
    settings: &[],
    docs: "\
## What it does
Finds entries whose `origin` is `unknown`. One that is `attested` is noted as info; `local` says that the text was made
here, and is not found.

## Why it matters
The manifest is honest about it, and that is better than an invented address. It remains a text that nobody can compare
with its source.

## Example
```yaml
origin: {kind: unknown, reason: came without a record of its address}
```

## What to do
Look for the address: the text may name it, or its publisher and date. Record it as `source`, or name who vouches for the
text with `kind: attested`. Where all is lost, ignore the rule for this corpus.
",
};

impl Check for UnknownOrigin {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let stated = |entry| Some((entry, stated_origin(entry)?));
        let entries = survey.manifest.entries.iter().filter_map(stated);
        findings.extend(entries.filter_map(|(entry, origin)| {
            let (severity, message, help) = weigh(origin.value.kind)?;
            let finding = RULE.finding(survey.at(entry, origin.span), message).severity(severity);
            let finding = finding.help(help).evidence("reason", origin.value.reason.as_str());
            Some(match &entry.path {
                Some(path) => finding.related(Location::file(path.value.as_str()), "this is the text"),
                None => finding,
            })
        }));
    }
}

fn stated_origin(entry: &Entry) -> Option<&Spanned<Origin>> {
    let addressed = entry.source.as_ref().is_some_and(|source| source.url.is_some());
    entry.origin.as_ref().filter(|_| !addressed)
}

fn weigh(kind: OriginKind) -> Option<(Severity, &'static str, &'static str)> {
    match kind {
        OriginKind::Unknown => Some((
            Severity::Warning,
            "nobody knows where this text comes from",
            "look for its address, or name who vouches for it with `kind: attested`",
        )),
        OriginKind::Attested => Some((
            Severity::Info,
            "somebody vouches for this text, but no address is recorded",
            "record the address where there is one",
        )),
        OriginKind::Local => None,
    }
}
