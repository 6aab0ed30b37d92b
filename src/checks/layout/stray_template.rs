//! `layout/stray-template`: a line that several texts share, and that looks like a part of the page.

use std::collections::HashMap;

use crate::address::Address;
use crate::checks::limit::limit;
use crate::checks::{Check, OfRecords, Rule, Survey};
use crate::finding::{Finding, Location, Safety, Severity};
use crate::manifest::Entry;
use crate::setting::Setting;
use crate::text::Features;
use crate::text::line_score::LineScores;
use crate::text::recurrence::{Candidate, recurrence};

/// See [`RULE`].
#[derive(Debug)]
pub struct StrayTemplate;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/stray-template",
    severity: Severity::Warning,
    summary: "a line of the template that a source sets around its texts",
    settings: &[&PAGES, &SCORE],
    docs: "\
## What it does
Finds lines that stand in several texts of the corpus, numbers apart, and that look like a part of the page. It needs both: the
same line in so many pages, and a score (see `layout/stray-line`) that says so, the recurrence included. Texts that share half of
their paragraphs are copies of one page and count once. A line whose score is between 0 and the least one for a warning is
`info`.

## Why it matters
What a source prints around each of its texts is repeated thousands of times in a corpus, and is in no text what its author
wrote.

## Example
`More from the Mill Street desk` after the last paragraph of five texts.

## What to do
Take the line out of the texts. Where a series of texts shares a line that is its own, such as a motto, accept the finding.

## Where it errs
A heading that many texts of one form share, such as a question put in every interview of a series, looks the same; it stands
between paragraphs, which lowers its score, but not always enough. In trials nineteen warnings of twenty were right.

## Fix safety
Safe where the line stands outside the prose, has no number in it, and three in five or more of the pages of its host have it, at
least five; and where the lines that go are no more than a twentieth of the text. Unsafe for all others: only the line goes.
",
};

static PAGES: Setting = Setting {
    key: "layout/stray-template.pages",
    default: 2.0,
    range: (2.0, 1000.0),
    meaning: "so many pages have the line, at least",
};

static SCORE: Setting = Setting {
    key: "layout/stray-template.score",
    default: 1.0,
    range: (0.0, 20.0),
    meaning: "the least score of a line that is a warning, in logits: 1 is 73 %",
};

/// A line is proved to be of a template by so many pages of a host,
const PROOF: usize = 5;
/// and by so many in a hundred of them.
const PROOF_SHARE: usize = 60;
/// Safe fixes take at most one byte in so many of a text.
const CEILING: usize = 20;

impl Check for StrayTemplate {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn of_records(&self) -> OfRecords {
        OfRecords::Never
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let recurrence = recurrence(survey.features);
        let proof = Proof::of(survey);
        for (at, (entry, _)) in survey.entries().enumerate() {
            let Some(features) = &survey.features[at] else { continue };
            let lines = features.candidates.iter().zip(&recurrence[at]);
            let lines: Vec<_> = lines
                .filter_map(|(line, &pages)| Line::of(survey, at, line, pages))
                .collect();
            let proved = |line: &Line<'_>| proof.holds(at, line.candidate.key) && line.candidate.fixed;
            let cut: usize = lines.iter().filter(|line| proved(line)).map(Line::bytes).sum();
            let safe = |line: &Line<'_>| proved(line) && cut * CEILING <= features.bytes;
            limit(lines.iter().map(|line| line.finding(entry, safe(line))), findings);
        }
    }
}

/// A line that several pages have.
struct Line<'a> {
    candidate: &'a Candidate,
    pages: usize,
    score: f32,
    sure: bool,
}

impl<'a> Line<'a> {
    fn of(survey: &Survey<'_>, text: usize, candidate: &'a Candidate, pages: usize) -> Option<Self> {
        let score = LineScores::with_recurrence(candidate.score, pages);
        let sure = score >= survey.setting(text, &SCORE) as f32;
        // What has that score without recurrence, `layout/stray-line` reports.
        let wanted = sure || (score >= 0.0 && candidate.score < 0.0);
        let recurs = pages as f64 >= survey.setting(text, &PAGES);
        (wanted && recurs && !candidate.labelled).then_some(Self {
            candidate,
            pages,
            score,
            sure,
        })
    }

    fn bytes(&self) -> usize {
        self.candidate.line.len()
    }

    fn finding(&self, entry: &Entry, safe: bool) -> Finding {
        let path = entry.path.as_ref().map_or("", |path| path.value.as_str());
        let line = self.candidate;
        let severity = if self.sure { Severity::Warning } else { Severity::Info };
        let safety = if safe { Safety::Safe } else { Safety::Unsafe };
        let confidence = 1.0 / (1.0 + (-self.score).exp());
        RULE.finding(
            Location::at(path, line.place),
            format!(
                "this line stands in {} pages of the corpus, and looks like a part of them",
                self.pages
            ),
        )
        .severity(severity)
        .help("take it out of the texts")
        .confidence(if safe { 0.98 } else { confidence.min(0.95) })
        .evidence("pages", self.pages)
        .evidence("score", (f64::from(self.score) * 100.0).round() / 100.0)
        .replace(safety, line.line, "")
    }
}

/// In how many texts of a host a line stands outside the prose, word for word.
#[derive(Default)]
struct Proof {
    /// The host of each text, and how many texts it has.
    hosts: Vec<Option<(usize, usize)>>,
    counts: HashMap<(usize, u64), usize>,
}

impl Proof {
    fn of(survey: &Survey<'_>) -> Self {
        let mut names: HashMap<String, (usize, usize)> = HashMap::new();
        let mut numbers = Vec::with_capacity(survey.features.len());
        for (entry, _) in survey.entries() {
            let next = names.len();
            let number = host(entry).map(|host| {
                let of_host = names.entry(host).or_insert((next, 0));
                of_host.1 += 1;
                *of_host
            });
            numbers.push(number.map(|(number, _)| number));
        }
        let mut sizes = vec![0; names.len()];
        numbers.iter().flatten().for_each(|&number| sizes[number] += 1);
        let mut proof = Self::default();
        for (features, number) in survey.features.iter().zip(&numbers) {
            proof.hosts.push(number.map(|number| (number, sizes[number])));
            proof.add(features.as_ref(), *number);
        }
        proof
    }

    fn add(&mut self, features: Option<&Features>, host: Option<usize>) {
        let (Some(features), Some(host)) = (features, host) else {
            return;
        };
        let fixed = features.candidates.iter().filter(|line| line.fixed);
        let mut keys: Vec<u64> = fixed.map(|line| line.key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter()
            .for_each(|key| *self.counts.entry((host, key)).or_default() += 1);
    }

    fn holds(&self, text: usize, key: u64) -> bool {
        let Some(Some((host, texts))) = self.hosts.get(text) else {
            return false;
        };
        let count = self.counts.get(&(*host, key)).copied().unwrap_or(0);
        count >= PROOF && count * 100 >= texts * PROOF_SHARE
    }
}

fn host(entry: &Entry) -> Option<String> {
    let url = entry.source.as_ref()?.url.as_ref()?;
    Address::parse(&url.value).ok().map(|address| address.host().to_owned())
}
