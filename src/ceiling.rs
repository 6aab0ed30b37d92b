//! The removal ceiling: fixes that a program applies by itself take no paragraph of prose and no tenth of a text.
//!
//! Tools that remove more have removed books: what looks like furniture twenty times in a row may be the text.

use crate::finding::{Edit, Finding, Safety};
use crate::text::unit::{Kind, Unit, count_words};
use crate::text::{Text, prefix};

/// One word in so many may go.
const SHARE: usize = 10;

/// Makes safe fixes of one text unsafe that remove a paragraph of prose, and all that remove words where they remove more
/// than a tenth of them together.
pub fn hold(text: &Text<'_>, findings: &mut [Finding]) {
    let mut removed = 0;
    for finding in findings.iter_mut().filter(|finding| is_safe(finding)) {
        if edits(finding).any(|edit| takes_prose(text, edit)) {
            demote(finding, "it removes a paragraph of prose");
        } else {
            removed += words_removed(text, finding);
        }
    }
    let all = || text.statement().units.iter().map(|unit| unit.words).sum::<usize>();
    if removed == 0 || removed * SHARE <= all() {
        return;
    }
    let takers = findings
        .iter_mut()
        .filter(|finding| is_safe(finding) && words_removed(text, finding) > 0);
    takers.for_each(|finding| demote(finding, "safe fixes would remove more than a tenth of the text"));
}

/// The same for findings across texts, by bytes: their texts are not at hand any more. `size` gives that of a path.
pub fn hold_across(findings: &mut [Finding], size: &dyn Fn(&str) -> Option<u64>) {
    let too_much = |finding: &Finding| {
        let removed = |edit: &Edit| (edit.end - edit.start).saturating_sub(edit.replacement.len()) as u64;
        edits(finding).any(|edit| size(&edit.path).is_some_and(|size| removed(edit) * SHARE as u64 > size))
    };
    let findings = findings
        .iter_mut()
        .filter(|finding| is_safe(finding) && too_much(finding));
    findings.for_each(|finding| demote(finding, "it would remove more than a tenth of the text"));
}

fn is_safe(finding: &Finding) -> bool {
    finding.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe)
}

fn edits(finding: &Finding) -> impl Iterator<Item = &Edit> {
    finding.fix.iter().flat_map(|fix| &fix.edits)
}

fn demote(finding: &mut Finding, why: &'static str) {
    if let Some(fix) = &mut finding.fix {
        fix.safety = Safety::Unsafe;
    }
    finding.evidence.insert("unsafe", why.into());
}

fn words_removed(text: &Text<'_>, finding: &Finding) -> usize {
    let removed = |edit: &Edit| {
        let before = text.text.get(edit.start..edit.end).map_or(0, count_words);
        before.saturating_sub(count_words(&edit.replacement))
    };
    edits(finding).map(removed).sum()
}

/// Whether an edit takes all of a paragraph of prose, and puts less than half of it back.
fn takes_prose(text: &Text<'_>, edit: &Edit) -> bool {
    let units = &text.statement().units;
    let from = units.partition_point(|unit| unit.span.start() < edit.start);
    let within = |unit: &&Unit<'_>| unit.span.end() <= edit.end;
    let prose: usize = units[from..]
        .iter()
        .take_while(within)
        .filter(|unit| unit.kind == Kind::Prose)
        .map(|unit| unit.words)
        .sum();
    prose > 2 * count_words(prefix(&edit.replacement, edit.end - edit.start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Location, Severity};
    use crate::source::Source;

    const PROSE: &str =
        "The miller kept his book by the window, where the light of the river fell on it until the evening.";

    fn held(text: &str, cuts: &[&str]) -> Vec<Safety> {
        let source = Source::new("a", text.replace('¶', PROSE).into());
        let text = Text::new(&source).expect("text");
        let finding = |cut: &&str| {
            let cut = cut.replace('¶', PROSE);
            let start = text.text.find(&cut).expect("a cut of the text");
            let span = source.span(start, start + cut.len()).expect("a span");
            Finding::new("layout/x", Severity::Info, Location::at("a", span), "x").replace(Safety::Safe, span, "")
        };
        let mut findings: Vec<Finding> = cuts.iter().map(finding).collect();
        hold(&text, &mut findings);
        let safety = |finding: Finding| finding.fix.map(|fix| fix.safety);
        findings.into_iter().filter_map(safety).collect()
    }

    #[test]
    fn a_label_may_go_and_a_paragraph_may_not() {
        assert_eq!(held("Share\n\n¶\n\n¶\n", &["Share\n"]), [Safety::Safe]);
        assert_eq!(held("Share\n\n¶\n\n¶\n", &["Share\n\n¶\n\n"]), [Safety::Unsafe]);
    }

    #[test]
    fn no_tenth_of_a_text_goes() {
        assert_eq!(
            held("Share this\n\nPrint this\n\n¶\n", &["Share this", "Print this"]),
            [Safety::Unsafe; 2]
        );
        assert_eq!(held("Share this\n\n\n¶\n", &["\n\n\n"]), [Safety::Safe]);
    }

    #[test]
    fn across_texts_bytes_count() {
        let cut = |end: usize| {
            let source = Source::new("a", vec![b'x'; 100]);
            let span = source.span(0, end).expect("a span");
            let finding = Finding::new("layout/x", Severity::Info, Location::at("a", span), "x");
            let mut findings = [finding.replace(Safety::Safe, span, "")];
            hold_across(&mut findings, &|_| Some(100));
            findings[0].fix.as_ref().map(|fix| fix.safety)
        };
        assert_eq!((cut(10), cut(11)), (Some(Safety::Safe), Some(Safety::Unsafe)));
    }
}
