//! Which fixes of one text are applied together, and what comes of it. Nothing here reads or writes a file.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::finding::{Edit, Finding};

/// The fixes of one text that go together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Replacements that do not overlap, in order.
    pub edits: Vec<Edit>,
    /// The findings that they mend, by their number.
    pub taken: Vec<usize>,
    /// Findings whose fixes overlap those of others: their turn comes when these are made.
    pub put_off: Vec<usize>,
}

impl Plan {
    /// Chooses among the findings of one text: in the order of the text, the one that replaces more first, then by rule. One
    /// whose edits overlap what was chosen waits, unless it asks for the very same edits. Nothing is ever merged.
    pub fn of(findings: &[&Finding]) -> Self {
        let mut order: Vec<usize> = (0..findings.len())
            .filter(|&one| reach(findings[one]).is_some())
            .collect();
        order.sort_by_key(|&one| {
            let reach = reach(findings[one]).unwrap_or_default();
            (reach.start, std::cmp::Reverse(reach.end), findings[one].rule, one)
        });
        let mut plan = Self::default();
        for one in order {
            match plan.place(edits(findings[one])) {
                Place::Free => {
                    plan.edits.extend(edits(findings[one]).iter().cloned());
                    plan.edits.sort_by_key(|edit| (edit.start, edit.end));
                    plan.taken.push(one);
                }
                Place::Same => plan.taken.push(one),
                Place::Taken => plan.put_off.push(one),
            }
        }
        plan
    }

    fn place(&self, edits: &[Edit]) -> Place {
        if edits.iter().all(|edit| self.edits.contains(edit)) {
            return Place::Same;
        }
        let clash = |edit: &Edit| {
            let near = self.edits.partition_point(|other| other.end < edit.start);
            let rest = self.edits[near..].iter().take_while(|other| other.start <= edit.end);
            rest.into_iter().any(|other| overlap(edit, other))
        };
        if edits.iter().any(clash) {
            Place::Taken
        } else {
            Place::Free
        }
    }
}

/// Whether there is room for edits among others.
enum Place {
    Free,
    Same,
    Taken,
}

/// Whether two edits cannot both be made: they share bytes, or one inserts where the other begins or ends. Two that only
/// touch are told apart by their order, except that two insertions at one place have none.
fn overlap(one: &Edit, other: &Edit) -> bool {
    let empty = one.start == one.end || other.start == other.end;
    match empty {
        true => one.start <= other.end && other.start <= one.end,
        false => one.start < other.end && other.start < one.end,
    }
}

fn edits(finding: &Finding) -> &[Edit] {
    finding.fix.as_ref().map_or(&[], |fix| &fix.edits)
}

/// From the first byte that a fix replaces to the last.
fn reach(finding: &Finding) -> Option<Range<usize>> {
    let starts = edits(finding).iter().map(|edit| edit.start).min()?;
    let ends = edits(finding).iter().map(|edit| edit.end).max()?;
    Some(starts..ends)
}

/// The rules of some findings, sorted, each once.
pub fn rules<'a>(findings: impl Iterator<Item = &'a Finding>) -> BTreeSet<String> {
    findings.map(|finding| finding.rule.to_owned()).collect()
}

/// Makes the edits of a finding fit for a text: a text whose lines all end with CRLF keeps that, whatever a replacement is
/// written with. Tells whether they can be made at all: in order, inside the text, and not in the middle of a character.
pub fn fit(finding: &mut Finding, bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes).ok();
    let carriage = ends_with_crlf(bytes);
    let mut last = 0;
    let edits = finding.fix.iter_mut().flat_map(|fix| &mut fix.edits);
    edits.into_iter().all(|edit| {
        if carriage && edit.replacement.contains('\n') {
            edit.replacement = edit.replacement.replace("\r\n", "\n").replace('\n', "\r\n");
        }
        let inside = last <= edit.start && edit.start <= edit.end && edit.end <= bytes.len();
        last = edit.end;
        let whole = |at| text.is_none_or(|text| text.is_char_boundary(at));
        inside && whole(edit.start) && whole(edit.end)
    })
}

/// The bytes with all edits made.
pub fn apply(bytes: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut new = Vec::with_capacity(bytes.len());
    let mut done = 0;
    for edit in edits {
        new.extend_from_slice(&bytes[done..edit.start]);
        new.extend_from_slice(edit.replacement.as_bytes());
        done = edit.end;
    }
    new.extend_from_slice(&bytes[done..]);
    new
}

/// Whether every line feed of a text follows a carriage return, and there is one.
fn ends_with_crlf(bytes: &[u8]) -> bool {
    let mut feeds = memchr::memchr_iter(b'\n', bytes).peekable();
    feeds.peek().is_some() && feeds.all(|feed| feed > 0 && bytes[feed - 1] == b'\r')
}

/// Where a run of the new bytes was in the old ones. What stands in a replacement was where the replaced bytes were.
pub fn origin(edits: &[Edit], new: Range<usize>, lengths: &[usize]) -> Range<usize> {
    let back = |at: usize, end: bool| {
        let mut shift = 0_isize;
        for (edit, &length) in edits.iter().zip(lengths) {
            let start = edit.start.checked_add_signed(shift).unwrap_or(edit.start);
            if at < start || (at == start && end) {
                break;
            }
            if at < start + length || (at == start + length && end && length > 0) {
                return if end { edit.end } else { edit.start };
            }
            shift += length as isize - (edit.end - edit.start) as isize;
        }
        at.checked_add_signed(-shift).unwrap_or(at)
    };
    let start = back(new.start, false);
    start..back(new.end, true).max(start)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::finding::{Fix, Location, Safety, Severity};

    fn finding(rule: &'static str, edits: &[(usize, usize, &str)]) -> Finding {
        let edit = |&(start, end, replacement): &(usize, usize, &str)| Edit {
            path: "a.txt".to_owned(),
            start,
            end,
            replacement: replacement.to_owned(),
        };
        let mut finding = Finding::new(rule, Severity::Warning, Location::file("a.txt"), "x");
        finding.fix = Some(Fix {
            safety: Safety::Safe,
            edits: edits.iter().map(edit).collect(),
            places: Vec::new(),
            around: Vec::new(),
        });
        finding
    }

    fn planned(findings: &[Finding]) -> (Vec<usize>, Vec<usize>) {
        let plan = Plan::of(&findings.iter().collect::<Vec<_>>());
        (plan.taken, plan.put_off)
    }

    #[test]
    fn what_overlaps_waits() {
        let findings = [
            finding("layout/b", &[(4, 9, "")]),
            finding("layout/a", &[(4, 9, "")]),
            finding("layout/c", &[(8, 12, "x")]),
            finding("layout/d", &[(12, 13, "")]),
            finding("layout/e", &[(0, 1, ""), (20, 21, "")]),
            finding("layout/f", &[(0, 30, "")]),
        ];
        assert_eq!(planned(&findings), (vec![5], vec![4, 1, 0, 2, 3]));
        assert_eq!(planned(&findings[..5]), (vec![4, 1, 0, 3], vec![2]));
    }

    #[test]
    fn two_insertions_at_one_place_are_not_made_together() {
        assert_eq!(
            planned(&[finding("a/a", &[(3, 3, "x")]), finding("a/b", &[(3, 3, "y")])]),
            (vec![0], vec![1])
        );
        assert_eq!(
            planned(&[finding("a/a", &[(3, 3, "x")]), finding("a/b", &[(3, 5, "")])]),
            (vec![1], vec![0])
        );
        assert_eq!(
            planned(&[finding("a/a", &[(1, 3, "")]), finding("a/b", &[(3, 5, "")])]),
            (vec![0, 1], vec![])
        );
        assert_eq!(planned(&[finding("a/a", &[])]), (vec![], vec![]));
    }

    fn fitted(text: &[u8], edits: &[(usize, usize, &str)]) -> Option<String> {
        let mut finding = finding("a/a", edits);
        let fits = fit(&mut finding, text);
        let edits = finding.fix.expect("a fix").edits;
        fits.then(|| String::from_utf8(apply(text, &edits)).expect("UTF-8"))
    }

    #[test]
    fn line_ends_stay() {
        assert_eq!(
            fitted(b"a--b\r\n", &[(1, 3, "\n\n")]).as_deref(),
            Some("a\r\n\r\nb\r\n")
        );
        assert_eq!(fitted(b"a--b\n", &[(1, 3, "\n\n")]).as_deref(), Some("a\n\nb\n"));
        assert_eq!(
            fitted(b"a--b\r\n\n", &[(1, 3, "\n\n")]).as_deref(),
            Some("a\n\nb\r\n\n")
        );
    }

    #[test]
    fn edits_that_are_not_of_the_text_are_not_made() {
        for edits in [
            &[(2, 9, "x")][..],
            &[(3, 2, "x")],
            &[(2, 3, "x"), (0, 1, "y")],
            &[(5, 6, "x")],
        ] {
            assert_eq!(fitted("abcd\u{e9}".as_bytes(), edits), None, "{edits:?}");
        }
        assert_eq!(
            fitted("abcd\u{e9}".as_bytes(), &[(4, 6, "e")]).as_deref(),
            Some("abcde")
        );
    }

    proptest! {
        #[test]
        fn what_is_not_replaced_is_found_again(cuts in proptest::collection::vec((0..20_usize, 0..4_usize, "[xy]{0,3}"), 0..6)) {
            let text: Vec<u8> = (0..100).collect();
            let findings: Vec<Finding> = cuts
                .iter()
                .map(|(start, length, new)| finding("a/a", &[(start * 5, start * 5 + length, new.as_str())]))
                .collect();
            let plan = Plan::of(&findings.iter().collect::<Vec<_>>());
            let new = apply(&text, &plan.edits);
            let lengths: Vec<usize> = plan.edits.iter().map(|edit| edit.replacement.len()).collect();
            for (at, byte) in new.iter().enumerate().filter(|(_, byte)| **byte < 100) {
                let old = origin(&plan.edits, at..at + 1, &lengths);
                prop_assert_eq!(old, *byte as usize..*byte as usize + 1, "{} of {:?}", at, &plan.edits);
            }
        }
    }
}
