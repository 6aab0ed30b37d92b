//! `encoding/mixed-line-ends`: more than one kind of line end in one text.

use memchr::memchr2_iter;

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::source::{Source, Span};

/// See [`RULE`].
#[derive(Debug)]
pub struct MixedLineEnds;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/mixed-line-ends",
    severity: Severity::Warning,
    summary: "more than one kind of line end in one text",
    settings: &[],
    docs: "\
## What it does
Counts the line ends of a text: LF, CRLF and a CR alone. Two or more kinds in one text are one finding, at the first of
the rarer kind.

## Why it matters
Such a text was put together from two, or a program converted a part of it. Its lines are counted differently by each
program that reads it, and its digest changes with the next one that repairs them.

## Example
A text of 200 lines that end in CRLF, and three that end in LF alone.

## What to do
Apply the fix, which gives every line the end that most have.

## Where it errs
A text that quotes a file of another system keeps its line ends rightly. Confidence 1.

## Fix safety
Safe between LF and CRLF. Unsafe where a CR stands alone: it may be a line end, or the trace of something else.
",
};

/// A fix mends at most this many line ends at once.
const EDITS: usize = 10_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Lf,
    CrLf,
    Cr,
}

const ENDS: [End; 3] = [End::Lf, End::CrLf, End::Cr];

impl End {
    fn name(self) -> &'static str {
        ["LF", "CRLF", "CR"][self as usize]
    }

    fn text(self) -> &'static str {
        ["\n", "\r\n", "\r"][self as usize]
    }
}

impl Check for MixedLineEnds {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let mut counts = [0usize; 3];
        ends(text.source).for_each(|(end, _)| counts[end as usize] += 1);
        let mut present: Vec<End> = ENDS.into_iter().filter(|&end| counts[end as usize] > 0).collect();
        present.sort_by_key(|&end| counts[end as usize]);
        let [least, .., most] = present[..] else { return };
        let Some((_, first)) = ends(text.source).find(|&(end, _)| end == least) else {
            return;
        };
        let said = present
            .iter()
            .rev()
            .map(|&end| format!("{} {}", counts[end as usize], end.name()));
        let said: Vec<String> = said.collect();
        let finding = RULE.finding(
            document.at(first),
            format!("lines end in different ways: {}", said.join(", ")),
        );
        let finding = finding.label(format!("the first {}", least.name()));
        let finding = present.iter().fold(finding, |finding, &end| {
            finding.evidence(end.name(), counts[end as usize])
        });
        findings.push(fixed(finding, text.source, most, counts[End::Cr as usize] > 0));
    }
}

/// Every line end of a source, with its place.
fn ends(source: &Source) -> impl Iterator<Item = (End, Span)> {
    let bytes = source.bytes();
    let end = move |at: usize| {
        let (end, start) = match bytes[at] {
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => return None,
            b'\r' => (End::Cr, at),
            _ if at > 0 && bytes[at - 1] == b'\r' => (End::CrLf, at - 1),
            _ => (End::Lf, at),
        };
        source.span(start, at + 1).map(|span| (end, span))
    };
    memchr2_iter(b'\n', b'\r', bytes).filter_map(end)
}

fn fixed(finding: Finding, source: &Source, most: End, alone: bool) -> Finding {
    let others = ends(source).filter(|(end, _)| *end != most);
    let edits: Vec<(Span, String)> = others
        .take(EDITS)
        .map(|(_, span)| (span, most.text().to_owned()))
        .collect();
    let safety = if alone { Safety::Unsafe } else { Safety::Safe };
    finding
        .help(format!("end every line in {}", most.name()))
        .replace_all(safety, edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_ends_apart() {
        let source = Source::new("a", b"a\nb\r\nc\rd\r\r\n".to_vec());
        let names: Vec<_> = ends(&source).map(|(end, span)| (end.name(), span.start())).collect();
        assert_eq!(names, [("LF", 1), ("CRLF", 3), ("CR", 6), ("CR", 8), ("CRLF", 9)]);
    }
}
