//! `fixity/symbolic-link`: a text that is reached through a symbolic link.

use crate::checks::{Check, Rule, Survey};
use crate::corpus::{FileKind, Fixity, Refusal};
use crate::finding::{Finding, Location, Severity};
use crate::manifest::Entry;

/// See [`RULE`].
#[derive(Debug)]
pub struct SymbolicLink;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/symbolic-link",
    severity: Severity::Error,
    summary: "a symbolic link in place of a text",
    settings: &[],
    docs: "\
## What it does
Finds entries whose path is a symbolic link, or lies below a folder that is one, and does not follow them. Links that a pattern
of `include` matches and no entry lists are warnings.

## Why it matters
A link is not a text: a copy of the corpus has the link and may not have what it leads to. A link can also lead out of the
corpus, to a file that belongs to somebody else.

## Example
`corpus/a.txt`, a link to `/home/me/a.txt`.

## What to do
Put the file itself there. Where links inside the root are meant, allow them in the manifest:
```yaml
corpus:
  symlinks: within-root
```
Links that lead out of the root are never followed.
",
};

impl Check for SymbolicLink {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for (entry, observed) in survey.entries() {
            if let Fixity::Refused(refusal) = &observed.fixity {
                findings.extend(listed(survey, entry, refusal));
            }
        }
        let links = survey.unlisted.iter().filter(|(found, _)| found.kind == FileKind::Link);
        findings.extend(links.map(|(found, _)| unlisted(&found.path)));
    }
}

fn listed(survey: &Survey<'_>, entry: &Entry, refusal: &Refusal) -> Option<Finding> {
    let (message, help) = match refusal {
        Refusal::Link(link) if link == entry.name() => (
            "this is a symbolic link, and is not followed".to_owned(),
            "put the file itself there, or allow links inside the root: `symlinks: within-root` under `corpus`",
        ),
        Refusal::Link(link) => (
            format!("{link} is a symbolic link, and is not followed"),
            "put the files themselves there, or allow links inside the root: `symlinks: within-root` under `corpus`",
        ),
        Refusal::Outside => (
            "this leads out of the root through a symbolic link, and is not followed".to_owned(),
            "put the file itself there: no link that leaves the root is followed",
        ),
        _ => return None,
    };
    let place = Location::file(entry.name());
    Some(
        RULE.finding(place, message)
            .help(help)
            .related(survey.entry(entry), "listed here"),
    )
}

fn unlisted(path: &str) -> Finding {
    RULE.finding(
        Location::file(path),
        "no entry lists this symbolic link, and it is not followed",
    )
    .help("remove it, keep it out with `exclude`, or put the file itself there and list it")
    .severity(Severity::Warning)
}
