//! The cleanup report as data: what an editor reads before publication, whatever it is written in. The formats that draw it
//! (`html`, `markdown`) decide how much of it there is room for, and say what they leave out.

mod beside;
mod bounds;
mod custody;
mod excerpt;
mod said;
mod verdict;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::diff::grouped;
use crate::engine::{Acceptance, Cluster, Report, Summary, TextRecord};
use crate::finding::{Finding, Location, Safety, Severity};

pub(super) use beside::{Side, beside};
pub(super) use bounds::{Bounds, Shown};
pub(super) use custody::custody;
pub(super) use excerpt::{Bit, Line, excerpt};
pub(super) use said::{Piece, digest_of, is_web, pieces, said, short};
pub(super) use verdict::Verdict;

/// Everything that is told, in order.
#[derive(Debug)]
pub(super) struct Cleanup<'a> {
    pub(super) report: &'a Report,
    pub(super) verdict: Verdict,
    /// Each text that there is room for, in the order of the manifest.
    pub(super) texts: Vec<Group<'a>>,
    /// Texts that there is no room for.
    pub(super) more_texts: usize,
    /// What was found in files that are no text of the corpus: the manifest, a file that it does not list.
    pub(super) others: Vec<Group<'a>>,
    /// Passages that stand more than once, as many as there is room for.
    pub(super) clusters: &'a [Cluster],
    /// Groups of them that there is no room for.
    pub(super) more_clusters: usize,
    by_path: HashMap<&'a str, &'a TextRecord>,
    /// The files that are told.
    paths: HashSet<&'a str>,
    /// The findings that are told, by fingerprint.
    told: HashSet<&'a str>,
}

/// A file, and what was found in it.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) path: &'a str,
    /// What is on record of it, where it is a text.
    pub(super) record: Option<&'a TextRecord>,
    /// Its findings.
    pub(super) findings: Shown<'a>,
    /// Findings of other texts that name it.
    pub(super) named: Vec<&'a Finding>,
    /// What was accepted of it, and is found no longer or is told at another text.
    pub(super) settled: Vec<&'a Acceptance>,
}

impl<'a> Cleanup<'a> {
    /// Of a report, as much as there is room for.
    pub(super) fn of(report: &'a Report, bounds: Bounds) -> Self {
        let mut by_path: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in &report.findings {
            by_path.entry(&finding.location.path).or_default().push(finding);
        }
        let named = named(report);
        let all = report.texts.iter().map(|record| {
            let own = by_path.remove(record.path.as_str()).unwrap_or_default();
            (record, own)
        });
        let all: Vec<_> = all.collect();
        let told = bounds.texts(all.iter().map(|(_, own)| own.as_slice()));
        let counts = told.iter().map(|index| all[*index].1.len());
        let each = bounds.findings_each(counts.chain(by_path.values().map(Vec::len)));
        let group = |(path, record, own): (&'a str, Option<&'a TextRecord>, &[&'a Finding])| Group {
            path,
            record,
            findings: Shown::of(own, each),
            named: named.get(path).cloned().unwrap_or_default(),
            settled: record.map_or_else(Vec::new, |record| settled(record, own)),
        };
        let texts = told.iter().map(|index| &all[*index]);
        let shown = report.clusters.len().min(bounds.clusters);
        let mut cleanup = Self {
            report,
            verdict: Verdict::of(report),
            more_texts: all.len() - told.len(),
            texts: texts
                .map(|(record, own)| group((&record.path, Some(record), own)))
                .collect(),
            others: by_path.iter().map(|(path, own)| group((path, None, own))).collect(),
            clusters: &report.clusters[..shown],
            more_clusters: report.clusters.len() - shown + report.more_clusters,
            by_path: report
                .texts
                .iter()
                .map(|record| (record.path.as_str(), record))
                .collect(),
            paths: HashSet::new(),
            told: HashSet::new(),
        };
        let groups = cleanup.texts.iter().chain(&cleanup.others);
        cleanup.paths = groups.clone().map(|group| group.path).collect();
        let told = groups.flat_map(|group| &group.findings.told);
        cleanup.told = told.map(|finding| finding.fingerprint.as_str()).collect();
        cleanup
    }

    /// What the corpus is called.
    pub(super) fn title(&self) -> String {
        short(self.report.title.as_deref().unwrap_or("Untitled corpus"), 300)
    }

    /// What a text is called; its path where it has no title.
    pub(super) fn title_of<'p>(&'p self, path: &'p str) -> &'p str {
        let record = self.by_path.get(path).copied();
        record.and_then(|record| record.title.as_deref()).unwrap_or(path)
    }

    /// Whether a file is told of.
    pub(super) fn tells_of(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// Whether a finding is told.
    pub(super) fn tells(&self, finding: &Finding) -> bool {
        self.told.contains(finding.fingerprint.as_str())
    }

    /// The day that the report speaks of.
    pub(super) fn day(&self) -> Option<String> {
        self.report.today.map(|day| day.to_string())
    }

    /// Findings by family, loudest first: errors, warnings, infos, accepted, known.
    pub(super) fn figures(&self) -> Vec<(&'static str, [usize; 5])> {
        let mut rows: BTreeMap<&str, [usize; 5]> = BTreeMap::new();
        for finding in &self.report.findings {
            rows.entry(finding.family()).or_default()[column(finding)] += 1;
        }
        let mut rows: Vec<_> = rows.into_iter().collect();
        rows.sort_by_key(|(family, counts)| (std::cmp::Reverse(*counts), *family));
        rows
    }

    /// How many open findings have a fix, and how many of those may be applied without a look.
    pub(super) fn fixes(&self) -> (usize, usize) {
        let fixes = self.report.open().filter_map(|finding| finding.fix.as_ref());
        let applicable: Vec<Safety> = fixes
            .map(|fix| fix.safety)
            .filter(|safety| *safety > Safety::Display)
            .collect();
        let safe = applicable.iter().filter(|safety| **safety == Safety::Safe).count();
        (applicable.len(), safe)
    }

    /// The rules that found something, by id.
    pub(super) fn rules(&self) -> BTreeMap<&'static str, usize> {
        let mut rules = BTreeMap::new();
        for finding in &self.report.findings {
            *rules.entry(finding.rule).or_insert(0) += 1;
        }
        rules
    }
}

/// What became of the texts, by name: all of it, also where there is none.
pub(super) fn fixity(summary: &Summary) -> [(&'static str, usize); 7] {
    [
        ("listed", summary.listed),
        ("verified", summary.verified),
        ("changed", summary.changed()),
        ("missing", summary.missing),
        ("unverifiable", summary.unverifiable),
        ("skipped", summary.skipped),
        ("unlisted", summary.unlisted),
    ]
}

fn column(finding: &Finding) -> usize {
    match (state_of(finding), finding.severity) {
        ("baseline", _) => 4,
        ("accepted", _) => 3,
        (_, Severity::Info) => 2,
        (_, Severity::Warning) => 1,
        (_, Severity::Error) => 0,
    }
}

/// `open`, `accepted`, or known to the `baseline`.
pub(super) fn state_of(finding: &Finding) -> &'static str {
    match &finding.suppressed {
        None => "open",
        Some(why) if why.kind == "baseline" => "baseline",
        Some(_) => "accepted",
    }
}

/// Findings by the other texts that they name.
fn named(report: &Report) -> HashMap<&str, Vec<&Finding>> {
    let mut named: HashMap<&str, Vec<&Finding>> = HashMap::new();
    for finding in &report.findings {
        let mut others: Vec<&str> = finding.related.iter().map(|one| one.location.path.as_str()).collect();
        others.sort_unstable();
        others.dedup();
        for other in others.into_iter().filter(|other| *other != finding.location.path) {
            named.entry(other).or_default().push(finding);
        }
    }
    named
}

/// Acceptances that no finding of the text answers to.
fn settled<'a>(record: &'a TextRecord, own: &[&Finding]) -> Vec<&'a Acceptance> {
    let answers = |accepted: &&Acceptance| {
        let same =
            |finding: &&&Finding| finding.rule == accepted.rule && finding.fingerprint.starts_with(&accepted.passage);
        own.iter()
            .find(same)
            .is_some_and(|finding| finding.suppressed.is_some())
    };
    record.accepted.iter().filter(|accepted| !answers(accepted)).collect()
}

/// Where a place is, in words, without the path.
pub(super) fn where_in(location: &Location) -> Option<String> {
    let place = location.place.as_ref()?;
    Some(format!("line {}, column {}", place.start.line, place.start.column))
}

/// What a fix is allowed to do.
pub(super) fn safety(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "safe: it cannot change what the text says",
        Safety::Unsafe => "unsafe: it may change what the text says",
        Safety::Display => "a proposal, never applied",
    }
}

/// What an editor calls a severity.
pub(super) fn called(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "remark",
    }
}

/// A count with its noun, with a comma before each three digits.
pub(super) fn count_of(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// How a count of findings is told.
pub(super) fn findings(count: usize) -> String {
    count_of(count, "finding", "findings")
}

/// Where an edit stands, and what it does, in words: for edits that are too long or too far off to be shown.
pub(super) fn unseen_edits(finding: &Finding) -> Option<String> {
    let fix = finding.fix.as_ref()?;
    let seen = |edit: &crate::finding::Edit| fix.around.iter().any(|stretch| stretch.holds(edit));
    let unseen: Vec<_> = fix.edits.iter().filter(|edit| !seen(edit)).collect();
    let (out, new): (usize, usize) = unseen
        .iter()
        .map(|edit| (edit.end - edit.start, edit.replacement.len()))
        .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let places = count_of(unseen.len(), "place", "places");
    (!unseen.is_empty()).then(|| {
        format!("In {places} that are not shown here, {out} bytes go and {new} come; `vidimus fix --diff` shows them.")
    })
}
