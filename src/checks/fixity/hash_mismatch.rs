//! `fixity/hash-mismatch`: bytes that are not those on record, and why they may not be.

use std::collections::HashSet;

use super::swapped_texts;
use crate::checks::{Check, Document, Holders, Rule, Survey};
use crate::corpus::Observed;
use crate::diagnosis::{self, Case, Class, Diagnosis};
use crate::digest::{Algorithm, Digest};
use crate::finding::{Finding, Location, Severity};
use crate::manifest::{Entry, Manifest, Recorded};
use crate::source::Span;

/// See [`RULE`].
#[derive(Debug)]
pub struct HashMismatch;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/hash-mismatch",
    severity: Severity::Error,
    summary: "a text whose bytes are not those on record",
    settings: &[],
    docs: "\
## What it does
Computes the digests of each text and compares them with the manifest: the SHA-256, and every further digest. Where they
differ it looks for the cause. It undoes what transport does (line ends, byte-order marks, encodings, Unicode forms) until
the recorded digest comes out, asks whether the bytes are those of another text or of an earlier state, and looks for
the traces of damage and of cutting.

## Why it matters
The text is not the one that was certified. Whether that is a new line end, a correction or a broken disk decides what to
do, and a bare pair of digests does not say.

The evidence names the class (`transport`, `misfiled`, `cut`, `damage`, `edit`, `record`, `unknown`) and whether it is
proven: whether undoing the cause gives exactly the recorded bytes.

## Example
A text that was checked out with `core.autocrlf`, so that every line ends with CR and LF.

## What to do
Restore damaged and cut texts from a copy. Where the change was meant, have `vidimus accept` record it with its reason. Texts
that merely changed places with each other are named by `fixity/swapped-texts` instead.
",
};

impl Check for HashMismatch {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(mismatch) = Mismatch::of(document.manifest, document.entry, document.observed) else {
            return;
        };
        if mismatch.known(document.holders).is_none() {
            findings.push(mismatch.diagnosed(document));
        }
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let swapped: HashSet<usize> = swapped_texts::rings(survey).into_iter().flatten().collect();
        for (index, (entry, observed)) in survey.entries().enumerate() {
            let Some(mismatch) = Mismatch::of(survey.manifest, entry, observed) else {
                findings.extend(further(survey, entry, observed));
                continue;
            };
            if !swapped.contains(&index) {
                findings.extend(mismatch.without_bytes(survey.holders));
            }
        }
    }
}

/// An entry whose text has another SHA-256 than the one on record.
struct Mismatch<'a> {
    manifest: &'a Manifest,
    entry: &'a Entry,
    observed: &'a Observed,
    recorded: &'a Recorded,
    expected: Digest,
    actual: Digest,
}

/// What the manifest itself knows of the present bytes, so that nobody need look into them.
struct Known {
    cause: &'static str,
    class: &'static str,
    proven: bool,
    reason: String,
    help: &'static str,
    place: Option<(usize, Span, &'static str)>,
}

impl<'a> Mismatch<'a> {
    fn of(manifest: &'a Manifest, entry: &'a Entry, observed: &'a Observed) -> Option<Self> {
        let recorded = entry.sha256.as_ref()?;
        let (expected, actual) = (recorded.digest?, observed.sha256()?);
        (expected != actual).then_some(Self {
            manifest,
            entry,
            observed,
            recorded,
            expected,
            actual,
        })
    }

    /// The finding, where it takes no look at the bytes or none could be taken.
    fn without_bytes(&self, holders: &Holders<'_>) -> Option<Finding> {
        let path = self.entry.path.as_ref()?.value.as_str();
        match self.known(holders) {
            Some(known) => Some(self.explained(Location::file(path), known)),
            None if self.observed.examined => None,
            None => Some(self.unexplained(Location::file(path))),
        }
    }

    fn known(&self, holders: &Holders<'_>) -> Option<Known> {
        self.agreeing()
            .or_else(|| self.misfiled(holders))
            .or_else(|| self.edited())
            .or_else(|| self.original())
    }

    /// A further digest on record is right.
    fn agreeing(&self) -> Option<Known> {
        let agrees = |further: &&Recorded| {
            further
                .digest
                .is_some_and(|digest| self.observed.digests.contains(&digest))
        };
        let further = self.entry.digests.iter().find(agrees)?;
        Some(Known {
            cause: "stale-record",
            class: "record",
            proven: !matches!(further.algorithm, Algorithm::Md5 | Algorithm::Sha1),
            reason: format!(
                "they have the {} under `digests`, but not the SHA-256 on record",
                further.algorithm.title()
            ),
            help: "one of the two digests on record is wrong; find out which, then record the other with `vidimus accept`",
            place: Some((self.entry.file, further.span, "this one is right")),
        })
    }

    /// The bytes are on record for another entry.
    fn misfiled(&self, holders: &Holders<'_>) -> Option<Known> {
        let other = self.other(holders, &self.actual)?;
        if self.observed.size == 0 {
            return None; // Every empty file is every other.
        }
        let place = other
            .sha256
            .as_ref()
            .map(|digest| (other.file, digest.span, "recorded here for the other one"));
        let same_path = other.path.as_ref().map(|path| &path.value) == self.entry.path.as_ref().map(|path| &path.value);
        Some(if same_path {
            Known {
                cause: "double-entry",
                class: "record",
                proven: true,
                reason: "they are those that another entry for the same path records".to_owned(),
                help: "remove the entry that is wrong",
                place,
            }
        } else {
            Known {
                cause: "misfiled",
                class: "misfiled",
                proven: true,
                reason: format!("they are those of {}", other.name()),
                help: "put the right file in its place; if it is lost, restore it from a copy",
                place,
            }
        })
    }

    /// The bytes are those before or after an edit on record.
    fn edited(&self) -> Option<Known> {
        let is = |recorded: &Option<Recorded>| recorded.as_ref().is_some_and(|one| one.digest == Some(self.actual));
        let place = |span| Some((self.entry.file, span, "this edit"));
        if let Some(edit) = self.entry.edits.iter().find(|edit| is(&edit.from)) {
            return Some(Known {
                cause: "undone-edit",
                class: "edit",
                proven: true,
                reason: "they are those from before an edit that is on record".to_owned(),
                help: "put the edited text back, or record why the edit was undone with `vidimus accept`",
                place: place(edit.span),
            });
        }
        let edit = self.entry.edits.iter().find(|edit| is(&edit.to))?;
        Some(Known {
            cause: "stale-record",
            class: "record",
            proven: true,
            reason: "they are those after an edit that is on record, and the entry has another digest".to_owned(),
            help: "find out what was done to the text after that edit, then record the digest with `vidimus accept`",
            place: place(edit.span),
        })
    }

    /// The bytes are those of a file that the text was made from.
    fn original(&self) -> Option<Known> {
        let is = |recorded: &&Recorded| recorded.digest == Some(self.actual);
        let files = self.entry.derived_from.iter();
        let (file, recorded) = files
            .filter_map(|file| Some((file, file.sha256.as_ref().filter(is)?)))
            .next()?;
        let name = file.path.as_ref().map_or("a file", |path| path.value.as_str());
        Some(Known {
            cause: "original",
            class: "misfiled",
            proven: true,
            reason: format!("they are those of {name}, which the text was made from"),
            help: "put the text that was made from it back",
            place: Some((self.entry.file, recorded.span, "the digest of the original")),
        })
    }

    fn diagnosed(&self, document: &Document<'_>) -> Finding {
        let holder = |digest: &Digest| {
            self.other(document.holders, digest)
                .map(|entry| entry.name().to_owned())
        };
        let diagnosis = diagnosis::diagnose(&Case {
            bytes: document.source.bytes(),
            recorded: self.expected,
            recorded_bytes: self.entry.bytes.as_ref().map(|bytes| bytes.value),
            search: diagnosis::search_among(document.manifest.entries.len()),
            holder: &holder,
        });
        let place = match &diagnosis.at {
            Some(at) => document.at(document.source.nearest_span(at.start, at.end)),
            None => document.whole(),
        };
        self.of_diagnosis(place, diagnosis)
    }

    fn of_diagnosis(&self, place: Location, diagnosis: Diagnosis) -> Finding {
        let mut finding = self.finding(place, &diagnosis.message).help(diagnosis.help);
        if diagnosis.class == Class::Record {
            finding.message = format!("the record is wrong: {}", diagnosis.message);
        }
        finding.evidence = diagnosis.evidence;
        finding.evidence.remove("present_bytes"); // Said as `bytes`, by whatever way the cause was found.
        self.concluded(finding, diagnosis.cause, diagnosis.class.name(), diagnosis.proven)
            .evidence("cause_confidence", f64::from(diagnosis.confidence))
    }

    /// The first other entry with that digest on record.
    fn other<'h>(&self, holders: &Holders<'h>, digest: &Digest) -> Option<&'h Entry> {
        let other = |entry: &&&Entry| !std::ptr::eq(**entry, self.entry);
        holders.of(digest).iter().find(other).copied()
    }

    fn explained(&self, place: Location, known: Known) -> Finding {
        let mut finding = self.finding(place, &known.reason);
        if let Some((file, span, what)) = known.place {
            finding = finding.related(self.manifest.location(file, span), what);
        }
        self.concluded(finding.help(known.help), known.cause, known.class, known.proven)
    }

    fn unexplained(&self, place: Location) -> Finding {
        let size = self.observed.size;
        let reason = match self.entry.bytes.as_ref().map(|bytes| bytes.value) {
            None => "they were not looked into".to_owned(),
            Some(recorded) if size < recorded => format!("{} missing", count(recorded - size)),
            Some(recorded) if size > recorded => more(size - recorded),
            Some(_) => "there are as many, but not the same".to_owned(),
        };
        let finding = self.finding(place, &reason).help("compare the text with a copy");
        self.concluded(finding, "unknown", "unknown", false)
    }

    fn finding(&self, place: Location, reason: &str) -> Finding {
        let recorded = self.manifest.location(self.entry.file, self.recorded.span);
        RULE.finding(place, format!("the bytes are not those on record: {reason}"))
            .related(recorded, "recorded here")
            .anchor(self.actual.to_string())
    }

    fn concluded(&self, finding: Finding, cause: &'static str, class: &'static str, proven: bool) -> Finding {
        let mut finding = finding
            .evidence("expected", self.expected.to_string())
            .evidence("actual", self.actual.to_string())
            .evidence("cause", cause)
            .evidence("class", class)
            .evidence("proven", proven)
            .evidence("bytes", self.observed.size);
        if let Some(recorded) = &self.entry.bytes {
            finding = finding.evidence("recorded_bytes", recorded.value);
        }
        finding
    }
}

fn count(bytes: u64) -> String {
    match bytes {
        1 => "1 byte is".to_owned(),
        _ => format!("{bytes} bytes are"),
    }
}

fn more(bytes: u64) -> String {
    match bytes {
        1 => "there is 1 byte more".to_owned(),
        _ => format!("there are {bytes} bytes more"),
    }
}

/// The further digests that disagree, where the SHA-256 does not.
fn further<'a>(survey: &'a Survey<'_>, entry: &'a Entry, observed: &'a Observed) -> impl Iterator<Item = Finding> + 'a {
    let disagrees = |recorded: &&Recorded| {
        let actual = of_algorithm(observed, recorded.algorithm);
        actual.is_some() && recorded.digest.is_some_and(|digest| actual != Some(digest))
    };
    let disagreeing = entry.digests.iter().filter(disagrees);
    disagreeing.map(move |recorded| further_finding(survey, entry, observed, recorded))
}

fn further_finding(survey: &Survey<'_>, entry: &Entry, observed: &Observed, recorded: &Recorded) -> Finding {
    let title = recorded.algorithm.title();
    let sound = entry.digest().is_some();
    let (message, help) = if sound {
        (
            format!(
                "this is not the {title} of {}, although its SHA-256 is the one on record",
                entry.name()
            ),
            "the text is the one that was recorded; correct this digest, or remove it",
        )
    } else {
        (
            format!(
                "this is not the {title} of {}, and there is no usable SHA-256 on record",
                entry.name()
            ),
            "compare the text with a copy before a digest is recorded",
        )
    };
    let mut finding = RULE.finding(survey.at(entry, recorded.span), message).help(help);
    for (name, digest) in [
        ("expected", recorded.digest),
        ("actual", of_algorithm(observed, recorded.algorithm)),
    ] {
        finding = finding.evidence(name, digest.map(|digest| digest.to_string()));
    }
    let (cause, class) = if sound {
        ("stale-record", "record")
    } else {
        ("unknown", "unknown")
    };
    finding
        .evidence("algorithm", recorded.algorithm.name())
        .evidence("cause", cause)
        .evidence("class", class)
        .evidence("proven", sound)
        .evidence("bytes", observed.size)
}

fn of_algorithm(observed: &Observed, algorithm: Algorithm) -> Option<Digest> {
    observed
        .digests
        .iter()
        .copied()
        .find(|digest| digest.algorithm() == algorithm)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    /// What is said of a text that was too large to be looked into.
    fn said(entry: &str, present: &[u8]) -> Option<String> {
        let text = format!("vidimus: 1\ncorpus: {{include: []}}\nentries: [{{path: a.txt, {entry}}}]\n");
        let none = |_: &str| Err(std::io::Error::from(std::io::ErrorKind::NotFound));
        let manifest = Manifest::parse(Source::new("m", text.into()), "m", none).expect("yaml");
        let digests = vec![Algorithm::Sha256.digest(present)];
        let observed = Observed::compared(&manifest.entries[0], digests, present.len() as u64);
        let mismatch = Mismatch::of(&manifest, &manifest.entries[0], &observed)?;
        let finding = mismatch.without_bytes(&Holders::new(&manifest))?;
        Some(finding.message.split_once(": ")?.1.to_owned())
    }

    #[test]
    fn a_text_that_was_not_looked_into_is_not_passed_over() {
        let recorded = format!("sha256: {}", Algorithm::Sha256.digest(b"abc"));
        assert_eq!(said(&recorded, b"abc"), None);
        let cases = [
            ("", "they were not looked into"),
            (", bytes: 5", "1 byte is missing"),
            (", bytes: 6", "2 bytes are missing"),
            (", bytes: 3", "there is 1 byte more"),
            (", bytes: 4", "there are as many, but not the same"),
        ];
        for (bytes, want) in cases {
            assert_eq!(said(&format!("{recorded}{bytes}"), b"abcd").as_deref(), Some(want));
        }
    }
}
