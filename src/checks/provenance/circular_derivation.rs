//! `provenance/circular-derivation`: texts that are made from each other.

use std::collections::HashMap;

use crate::checks::{Check, OfRecords, Rule, Survey};
use crate::finding::{Finding, Severity};
use crate::manifest::Manifest;
use crate::source::Span;

/// See [`RULE`].
#[derive(Debug)]
pub struct CircularDerivation;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/circular-derivation",
    severity: Severity::Error,
    summary: "a text that is recorded as made from itself, at once or over others",
    settings: &[],
    docs: "\
## What it does
Follows `derived_from` from entry to entry and finds where it comes back.

## Why it matters
A text cannot be older than itself. Somewhere in the circle a derivation is written the wrong way round, and none of these
texts has an original.

## Example
Entry `a.txt` with `derived_from: [{path: b.txt, …}]`, and entry `b.txt` with `derived_from: [{path: a.txt, …}]`.

## What to do
Find out which text came first, and remove its derivation.
",
};

impl Check for CircularDerivation {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn of_records(&self) -> OfRecords {
        OfRecords::Never
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let graph = Graph::new(survey.manifest);
        for step in graph.closing_steps() {
            let entry = &survey.manifest.entries[step.from];
            let origin = &survey.manifest.entries[step.to];
            let message = match step.length {
                1 => format!("{} is recorded as made from itself", entry.name()),
                2 => format!(
                    "{} and {} are recorded as made from each other",
                    entry.name(),
                    origin.name()
                ),
                length => format!(
                    "{} is made from {}, and that from it, over {length} steps",
                    entry.name(),
                    origin.name()
                ),
            };
            let mut finding = RULE.finding(survey.at(entry, step.span), message);
            if step.length > 1 {
                finding = finding.related(survey.entry(origin), "this is made from it in turn");
            }
            let finding = finding.help("remove the derivation of the text that came first");
            findings.push(finding.evidence("steps", step.length));
        }
    }
}

/// Which entries are made from which, by their place in the manifest.
struct Graph {
    origins: Vec<Vec<(usize, Span)>>,
}

/// A derivation that closes a circle.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    from: usize,
    to: usize,
    span: Span,
    /// How many derivations the circle has.
    length: usize,
}

/// How far the walk is with an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Never,
    /// It is so many steps down the way that is being followed.
    Open(usize),
    Done,
}

impl Graph {
    fn new(manifest: &Manifest) -> Self {
        let mut places = HashMap::with_capacity(manifest.entries.len());
        for (index, entry) in manifest.entries.iter().enumerate() {
            places.extend(entry.path.as_ref().map(|path| (path.value.as_str(), index)));
        }
        let origins = manifest.entries.iter().map(|entry| {
            let paths = entry.derived_from.iter().filter_map(|one| one.path.as_ref());
            paths
                .filter_map(|path| Some((*places.get(path.value.as_str())?, path.span)))
                .collect()
        });
        Self {
            origins: origins.collect(),
        }
    }

    /// The derivations that lead back into the way on which they were reached; each circle has one.
    ///
    /// A walk with a stack of its own, since a chain may be as long as the manifest.
    fn closing_steps(&self) -> Vec<Step> {
        let mut visits = vec![Visit::Never; self.origins.len()];
        let mut steps = Vec::new();
        for start in 0..self.origins.len() {
            if visits[start] == Visit::Never {
                self.walk(start, &mut visits, &mut steps);
            }
        }
        steps
    }

    fn walk(&self, start: usize, visits: &mut [Visit], steps: &mut Vec<Step>) {
        let mut way = vec![(start, 0)];
        visits[start] = Visit::Open(0);
        while let Some((from, next)) = way.last_mut() {
            let from = *from;
            let Some(&(to, span)) = self.origins[from].get(*next) else {
                visits[from] = Visit::Done;
                way.pop();
                continue;
            };
            *next += 1;
            match visits[to] {
                Visit::Done => {}
                Visit::Open(depth) => {
                    let length = way.len() - depth;
                    steps.push(Step { from, to, span, length });
                }
                Visit::Never => {
                    visits[to] = Visit::Open(way.len());
                    way.push((to, 0));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles(origins: &[&[usize]]) -> Vec<(usize, usize, usize)> {
        let step = |&to: &usize| (to, Span::default());
        let graph = Graph {
            origins: origins.iter().map(|to| to.iter().map(step).collect()).collect(),
        };
        let steps = graph.closing_steps();
        steps.iter().map(|step| (step.from, step.to, step.length)).collect()
    }

    #[test]
    fn circles_are_found_once() {
        assert_eq!(circles(&[&[0]]), [(0, 0, 1)]);
        assert_eq!(circles(&[&[1], &[0]]), [(1, 0, 2)]);
        assert_eq!(circles(&[&[1], &[2], &[3], &[1]]), [(3, 1, 3)]);
    }

    #[test]
    fn a_shared_origin_is_no_circle() {
        assert_eq!(circles(&[&[1, 2], &[3], &[3], &[]]), []);
    }

    #[test]
    fn a_chain_as_long_as_the_manifest() {
        let next: Vec<[usize; 1]> = (0..200_000).map(|at| [(at + 1) % 200_000]).collect();
        let origins: Vec<&[usize]> = next.iter().map(|one| &one[..]).collect();
        assert_eq!(circles(&origins), [(199_999, 0, 200_000)]);
    }
}
