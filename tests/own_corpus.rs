//! The corpus of this repository against the list of what is wrong in it, which was made by hand.

use std::collections::BTreeMap;
use std::path::Path;

use vidimus::corpus::Corpus;
use vidimus::engine::Options;
use vidimus::finding::{Finding, Location, Severity};

/// What has to be found of the hand-made list, by grade. Raise it when the checks get better; never lower it.
const FOUND: [(&str, usize); 2] = [("must", 38), ("should", 32)];

struct Row {
    files: Vec<String>,
    lines: (usize, usize),
    families: Vec<String>,
    grade: String,
    what: String,
}

fn truth() -> Vec<Row> {
    let text = include_str!("corpus/truth.tsv");
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let number = |index: usize| cells[index].parse().expect("a line number");
        Row {
            files: cells[0].split(';').map(str::to_owned).collect(),
            lines: (number(1), number(2)),
            families: cells[3].split(',').map(str::to_owned).collect(),
            grade: cells[6].to_owned(),
            what: format!("{}:{}-{} {}", cells[0], cells[1], cells[2], cells[4]),
        }
    };
    text.lines().skip(1).filter(|line| !line.is_empty()).map(row).collect()
}

/// Whether a finding, or a place that belongs to it, lies on the lines of a row.
fn hits(row: &Row, finding: &Finding) -> bool {
    let related = finding.related.iter().map(|related| &related.location);
    let at = |location: &Location| {
        let name = location.path.rsplit('/').next().unwrap_or_default();
        let lines = location
            .place
            .as_ref()
            .map_or((0, 0), |place| (place.start.line, place.end.line));
        let same_file = row.files.iter().any(|file| file == name);
        let same_lines = row.lines.0 == 0 || lines.0 == 0 || (lines.0 <= row.lines.1 && lines.1 >= row.lines.0);
        let recorded = name == "manifest.yaml" && row.lines.0 == 0 && row.families == ["provenance"];
        recorded || (same_file && same_lines)
    };
    let family = row.families.iter().any(|family| family == finding.family());
    family && std::iter::once(&finding.location).chain(related).any(at)
}

fn findings() -> Vec<Finding> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("manifest.yaml");
    let options = Options {
        today: jiff::civil::date(2026, 1, 1),
        ..Options::default()
    };
    let report = Corpus::open(&manifest)
        .expect("a manifest")
        .check(&options)
        .expect("checked");
    assert_eq!((report.summary.listed, report.summary.verified), (5, 5));
    report.findings
}

#[test]
fn what_must_be_found_is_found() {
    let (truth, findings) = (truth(), findings());
    let mut missed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in &truth {
        if !findings.iter().any(|finding| hits(row, finding)) {
            missed.entry(&row.grade).or_default().push(&row.what);
        }
    }
    for (grade, wanted) in FOUND {
        let all = truth.iter().filter(|row| row.grade == grade).count();
        let missed = missed.get(grade).map_or(&[][..], Vec::as_slice);
        let found = all - missed.len();
        assert!(
            found >= wanted,
            "{grade}: {found} of {all}, missed:\n{}",
            missed.join("\n")
        );
    }
}

#[test]
fn no_trap_is_sprung_and_no_alarm_is_false() {
    let (truth, findings) = (truth(), findings());
    let loud = findings.iter().filter(|finding| finding.severity >= Severity::Warning);
    let named = |finding: &&Finding| truth.iter().any(|row| row.grade != "trap" && hits(row, finding));
    let false_alarms: Vec<_> = loud
        .filter(|finding| !matches!(finding.family(), "fixity" | "manifest" | "provenance"))
        .filter(|finding| !named(finding))
        .map(|finding| {
            let line = finding.location.place.as_ref().map_or(0, |place| place.start.line);
            format!("{}:{line} {} {}", finding.location.path, finding.rule, finding.message)
        })
        .collect();
    assert!(false_alarms.is_empty(), "{}", false_alarms.join("\n"));
}
