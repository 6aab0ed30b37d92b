//! `manifest/invalid-digest`: a digest that is none.

use std::collections::HashSet;

use crate::checks::{Check, Document, Rule, Survey};
use crate::diagnosis;
use crate::digest::Algorithm;
use crate::finding::{Finding, Severity};
use crate::manifest::{Entry, ProblemKind, Recorded};
use crate::source::Span;

/// See [`RULE`].
#[derive(Debug)]
pub struct InvalidDigest;

/// What it is.
pub static RULE: Rule = Rule {
    id: "manifest/invalid-digest",
    severity: Severity::Error,
    summary: "a digest that is none",
    settings: &[],
    docs: "\
## What it does
Finds values that are no digest of the algorithm that they stand for: placeholders, addresses, digests of another length or
in another notation. Where the text is at hand it tries what the value may be: the MD5 of the present bytes, their SHA-256 in
base64, the name that Git gives them.

## Why it matters
Nothing is verified against such a value, while the manifest looks as if it were. In a survey of 116 published values that
claimed to be SHA-256, 58 were none.

## Example
```yaml
- path: corpus/a.txt
  sha256: 900150983cd24fb0d6963f7d28e17f72
```

## What to do
Have `vidimus accept` write the SHA-256, once somebody has seen that the text is the right one. Where the finding says that the
value is another digest of the present bytes, the text is the one that was meant.
",
};

impl Check for InvalidDigest {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        for recorded in unusable(document.entry) {
            let problems = document.manifest.problems_at(document.entry.file, recorded.span);
            let problems = problems.filter(|problem| problem.kind == ProblemKind::InvalidDigest);
            let finding = problems.map(|problem| RULE.problem(document.manifest, problem));
            findings.extend(finding.map(|finding| explained(finding, document, recorded)));
        }
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let examined = survey.entries().filter(|(_, observed)| observed.examined);
        let said: HashSet<(usize, Span)> = examined
            .flat_map(|(entry, _)| unusable(entry).map(|recorded| (entry.file, recorded.span)))
            .collect();
        let problems = survey.manifest.problems.iter();
        let open = problems.filter(|problem| {
            problem.kind == ProblemKind::InvalidDigest && !said.contains(&(problem.file, problem.span))
        });
        findings.extend(open.map(|problem| RULE.problem(survey.manifest, problem)));
    }
}

/// The digests of a text's own bytes that are none.
fn unusable(entry: &Entry) -> impl Iterator<Item = &Recorded> {
    let all = entry.sha256.iter().chain(&entry.digests);
    all.filter(|recorded| recorded.digest.is_none())
}

fn explained(mut finding: Finding, document: &Document<'_>, recorded: &Recorded) -> Finding {
    let Some(explanation) = diagnosis::explain_value(&recorded.text, document.source.bytes()) else {
        return finding;
    };
    finding.message = format!("this is no {} digest: {explanation}", recorded.algorithm.title());
    let help = match recorded.algorithm {
        Algorithm::Sha256 => "the text is the one that was meant; have `vidimus accept` write its SHA-256",
        _ => "the text is the one that was meant; write the value under the algorithm that it is of, or remove it",
    };
    finding.help(help).evidence("explanation", explanation)
}
