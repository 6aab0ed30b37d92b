//! How much there is room for: what is left out is the quietest, and it is counted.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::findings as count;
use crate::finding::{Finding, Severity};

/// What a format has room for.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) struct Bounds {
    /// So many texts.
    pub(in crate::report) texts: usize,
    /// So many findings in all, and at least one of each file.
    pub(in crate::report) findings: usize,
    /// So many findings of a file.
    pub(in crate::report) each: usize,
    /// So many groups of passages.
    pub(in crate::report) clusters: usize,
}

impl Bounds {
    /// Which texts there is room for, in order: those with the loudest findings.
    pub(super) fn texts<'f>(self, texts: impl Iterator<Item = &'f [&'f Finding]>) -> Vec<usize> {
        let mut ranked: Vec<(Reverse<Option<Severity>>, usize)> = texts
            .enumerate()
            .map(|(index, own)| (Reverse(loudest(own)), index))
            .collect();
        ranked.sort_unstable();
        let mut told: Vec<usize> = ranked.into_iter().take(self.texts).map(|(_, index)| index).collect();
        told.sort_unstable();
        told
    }

    /// How many findings of each file there is room for: as many as may be, so that the files with few are told whole.
    pub(super) fn findings_each(self, counts: impl Iterator<Item = usize>) -> usize {
        let mut counts: Vec<usize> = counts.collect();
        counts.sort_unstable();
        let mut room = self.findings;
        let mut files = counts.len();
        for count in counts {
            if count * files > room {
                return (room / files).clamp(1, self.each);
            }
            room -= count;
            files -= 1;
        }
        self.each
    }
}

fn loudest(own: &[&Finding]) -> Option<Severity> {
    let open = own.iter().filter(|finding| finding.suppressed.is_none());
    open.map(|finding| finding.severity).max()
}

/// Findings of a file: those that there is room for in their order, and a count of the others.
#[derive(Debug)]
pub(in crate::report) struct Shown<'a> {
    /// Those that are told.
    pub(in crate::report) told: Vec<&'a Finding>,
    /// The others.
    pub(in crate::report) left: Vec<&'a Finding>,
}

impl<'a> Shown<'a> {
    /// Keeps as many as there is room for: open ones before others, the loudest first.
    pub(super) fn of(own: &[&'a Finding], room: usize) -> Self {
        let mut ranked: Vec<usize> = (0..own.len()).collect();
        ranked.sort_by_key(|index| (own[*index].suppressed.is_some(), Reverse(own[*index].severity), *index));
        let (mut told, mut left) = (ranked, Vec::new());
        if told.len() > room {
            left = told.split_off(room);
        }
        told.sort_unstable();
        left.sort_unstable();
        let findings = |indices: Vec<usize>| indices.into_iter().map(|index| own[index]).collect();
        Self {
            told: findings(told),
            left: findings(left),
        }
    }

    /// All of them.
    pub(in crate::report) fn all(&self) -> impl Iterator<Item = &'a Finding> {
        self.told.iter().chain(&self.left).copied()
    }

    /// How many are open, by severity, loudest first; without those that there are none of.
    pub(in crate::report) fn open(&self) -> Vec<(Severity, usize)> {
        let of = |severity| {
            let open = self.all().filter(|finding| finding.suppressed.is_none());
            (severity, open.filter(|finding| finding.severity == severity).count())
        };
        let counts = [Severity::Error, Severity::Warning, Severity::Info].map(of);
        counts.into_iter().filter(|(_, count)| *count > 0).collect()
    }

    /// What is left out, and where it is told.
    pub(in crate::report) fn rest(&self) -> Option<String> {
        let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in &self.left {
            *rules.entry(finding.rule).or_insert(0) += 1;
        }
        let rules: Vec<String> = rules
            .iter()
            .map(|(rule, count)| format!("{count} × `{rule}`"))
            .collect();
        (!rules.is_empty()).then(|| {
            format!(
                "And {} more of this text: {}. `vidimus check --format jsonl` lists all of them.",
                count(self.left.len()),
                rules.join(", ")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Location;

    const BOUNDS: Bounds = Bounds {
        texts: 2,
        findings: 10,
        each: 6,
        clusters: 1,
    };

    fn finding(severity: Severity, message: &str) -> Finding {
        Finding::new("layout/stray-line", severity, Location::file("a.txt"), message)
    }

    #[test]
    fn the_room_is_filled_and_not_exceeded() {
        let each = |counts: &[usize]| BOUNDS.findings_each(counts.iter().copied());
        assert_eq!(each(&[1, 2, 3]), 6);
        assert_eq!(each(&[1, 1, 100, 100]), 4);
        assert_eq!(each(&[9; 20]), 1);
        assert_eq!(each(&[]), 6);
    }

    #[test]
    fn the_loudest_are_told_in_their_order() {
        let all = [
            finding(Severity::Info, "1"),
            finding(Severity::Error, "2"),
            finding(Severity::Warning, "3"),
        ];
        let own: Vec<&Finding> = all.iter().collect();
        let shown = Shown::of(&own, 2);
        let said = |findings: &[&Finding]| findings.iter().map(|one| one.message.clone()).collect::<Vec<_>>();
        assert_eq!(
            (said(&shown.told), said(&shown.left)),
            (vec!["2".into(), "3".into()], vec!["1".into()])
        );
        let rest = shown.rest().expect("left out");
        assert!(
            rest.starts_with("And 1 finding more of this text: 1 × `layout/stray-line`."),
            "{rest}"
        );
        let texts = [&own[..1], &own[1..2], &[], &own[2..]];
        assert_eq!(BOUNDS.texts(texts.into_iter()), [1, 3]);
    }
}
