//! The checks: one file each, with its metadata, documentation, logic and tests; [`ALL`] is the one list of them.
//!
//! Help, `explain`, the rule pages and every format derive from that list.

use std::collections::HashMap;
use std::fmt;

use jiff::civil::Date;

use crate::corpus::{Found, Listing, Observed, Refusal};
use crate::digest::Digest;
use crate::finding::{Finding, Location, Severity};
use crate::manifest::{Entry, Manifest, Problem, ProblemKind};
use crate::source::{Source, Span};
use crate::text::Text;

// A rule is its file, its line in one of these modules, and its line in `ALL`.

mod limit;

/// Encoding: whether the bytes are text, and the text is free of what no one sees.
pub mod encoding {
    pub mod bidirectional_control;
    pub mod byte_order_mark;
    pub mod control_character;
    mod guess;
    pub mod invalid_utf8;
    pub mod invisible_character;
    pub mod missing_final_newline;
    pub mod mixed_line_ends;
    pub mod no_break_space;
    pub mod replacement_character;
    mod script;
    mod tally;
}

/// Layout: what is left of the page that a text was taken from.
pub mod layout {
    pub mod blank_run;
    mod html;
    pub mod html_residue;
    mod labels;
    pub mod leading_blank;
    pub mod markdown_residue;
    mod shape;
    pub mod stray_label;
    pub mod trailing_space;
}

/// The manifest itself.
pub mod manifest {
    pub mod stale_acceptance;
    pub mod unknown_key;
}

/// Truncation: whether a text is whole.
pub mod truncation {
    pub mod cut_character;
}

/// Every check, by id.
pub static ALL: &[&dyn Check] = &[
    &encoding::bidirectional_control::BidirectionalControl,
    &encoding::byte_order_mark::ByteOrderMark,
    &encoding::control_character::ControlCharacter,
    &encoding::invalid_utf8::InvalidUtf8,
    &encoding::invisible_character::InvisibleCharacter,
    &encoding::missing_final_newline::MissingFinalNewline,
    &encoding::mixed_line_ends::MixedLineEnds,
    &encoding::no_break_space::NoBreakSpace,
    &encoding::replacement_character::ReplacementCharacter,
    &layout::blank_run::BlankRun,
    &layout::html_residue::HtmlResidue,
    &layout::leading_blank::LeadingBlank,
    &layout::markdown_residue::MarkdownResidue,
    &layout::stray_label::StrayLabel,
    &layout::trailing_space::TrailingSpace,
    &manifest::stale_acceptance::StaleAcceptance,
    &manifest::unknown_key::UnknownKey,
    &truncation::cut_character::CutCharacter,
];

/// What a rule is, apart from what it does.
#[derive(Debug)]
pub struct Rule {
    /// `family/name`; the name is a noun that reads after "allow".
    pub id: &'static str,
    /// The weight of its findings, unless they say otherwise.
    pub severity: Severity,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Its page, in Markdown: what it does, why that matters, an example, what to do, and how safe its fix is.
    pub docs: &'static str,
}

impl Rule {
    /// The family.
    pub fn family(&self) -> &'static str {
        self.id.split('/').next().unwrap_or(self.id)
    }

    /// A finding of this rule.
    pub fn finding(&self, location: Location, message: impl Into<String>) -> Finding {
        Finding::new(self.id, self.severity, location, message)
    }
}

/// A check: it may look at one text while its bytes are at hand, and at the corpus after all texts were seen.
pub trait Check: Sync {
    /// What it is.
    fn rule(&self) -> &'static Rule;

    /// Looks at one text. Runs on any thread, and sees texts in any order.
    fn document(&self, _document: &Document<'_>, _findings: &mut Vec<Finding>) {}

    /// Looks at the whole, once.
    fn corpus(&self, _survey: &Survey<'_>, _findings: &mut Vec<Finding>) {}
}

impl fmt::Debug for dyn Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.rule().id)
    }
}

/// The check of that id.
pub fn find(id: &str) -> Option<&'static dyn Check> {
    ALL.iter().copied().find(|check| check.rule().id == id)
}

/// One text, while its bytes are at hand.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// The manifest that lists it.
    pub manifest: &'a Manifest,
    /// Its entry.
    pub entry: &'a Entry,
    /// What became of it.
    pub observed: &'a Observed,
    /// Its bytes; the name is its path.
    pub source: &'a Source,
    /// Its lines and blocks, where it is UTF-8.
    pub text: Option<&'a Text<'a>>,
    /// Which entries have which digest on record.
    pub holders: &'a Holders<'a>,
    /// The day that the report calls today.
    pub today: Date,
}

impl Document<'_> {
    /// A place in the text.
    pub fn at(&self, span: Span) -> Location {
        Location::at(self.source.name(), span)
    }

    /// The text as a whole.
    pub fn whole(&self) -> Location {
        Location::file(self.source.name())
    }

    /// A place in the manifest file that lists the text.
    pub fn recorded(&self, span: Span) -> Location {
        self.manifest.location(self.entry.file, span)
    }

    /// The language on record, as a lower-case primary subtag (`en`).
    pub fn language(&self) -> Option<String> {
        let tag = self.manifest.language_of(self.entry)?;
        tag.split('-').next().map(str::to_lowercase)
    }
}

/// Which entries have which SHA-256 on record, by their place in the manifest.
#[derive(Debug, Default)]
pub struct Holders<'a>(HashMap<Digest, Vec<&'a Entry>>);

impl<'a> Holders<'a> {
    /// Of all entries of a manifest.
    pub fn new(manifest: &'a Manifest) -> Self {
        let mut holders: HashMap<Digest, Vec<&Entry>> = HashMap::with_capacity(manifest.entries.len());
        for entry in &manifest.entries {
            if let Some(digest) = entry.digest() {
                holders.entry(digest).or_default().push(entry);
            }
        }
        Self(holders)
    }

    /// The entries with that digest on record, in the order of the manifest.
    pub fn of(&self, digest: &Digest) -> &[&'a Entry] {
        self.0.get(digest).map_or(&[], Vec::as_slice)
    }
}

/// The corpus, after all texts were seen.
#[derive(Debug)]
pub struct Survey<'a> {
    /// What is recorded.
    pub manifest: &'a Manifest,
    /// What became of each entry, in the order of the manifest.
    pub observed: &'a [Observed],
    /// What each text says of itself, in the same order; `None` where it was not read as text.
    pub features: &'a [Option<crate::text::Features>],
    /// What stands in the root.
    pub listing: &'a Listing,
    /// Files of the listing that no entry names, with the SHA-256 of those that were looked into for a lost text.
    pub unlisted: &'a [(Found, Option<Digest>)],
    /// The SHA-256 of each file that an entry was derived from and that no entry lists, by path.
    pub derivations: &'a HashMap<String, Result<Digest, Refusal>>,
    /// Which entries have which digest on record.
    pub holders: &'a Holders<'a>,
    /// The day that the report calls today.
    pub today: Date,
}

impl<'a> Survey<'a> {
    /// Entries with what became of them.
    pub fn entries(&self) -> impl Iterator<Item = (&'a Entry, &'a Observed)> {
        self.manifest.entries.iter().zip(self.observed)
    }

    /// A place in the manifest file that lists an entry.
    pub fn at(&self, entry: &Entry, span: Span) -> Location {
        self.manifest.location(entry.file, span)
    }

    /// Where an entry says its path, or the entry as a whole.
    pub fn entry(&self, entry: &Entry) -> Location {
        let span = entry.path.as_ref().map_or(entry.span, |path| path.span);
        self.at(entry, span)
    }
}

impl Survey<'_> {
    /// The problems of one kind that reading the manifest noted, as findings of a rule.
    pub fn problems(&self, rule: &'static Rule, kind: ProblemKind) -> impl Iterator<Item = Finding> {
        let of_kind = self
            .manifest
            .problems
            .iter()
            .filter(move |problem| problem.kind == kind);
        of_kind.map(move |problem| self.problem(rule, problem))
    }

    fn problem(&self, rule: &'static Rule, problem: &Problem) -> Finding {
        let place = self.manifest.location(problem.file, problem.span);
        let mut finding = rule.finding(place, problem.message.clone());
        finding.help.clone_from(&problem.help);
        finding.label.clone_from(&problem.label);
        if problem.mild {
            finding.severity = Severity::Warning;
        }
        if let Some((file, span, what)) = problem.other {
            finding = finding.related(self.manifest.location(file, span), what);
        }
        finding
    }
}
