//! `layout/stray-label`: a line that was a button, a notice or a heading of the page, not of the text.

use std::collections::HashMap;

use serde_json::Value;

use super::shape::{is_code, is_numbered, is_prose, is_verse, may_be_heading};
use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Fix, Safety, Severity};
use crate::source::Span;
use crate::text::phrases::{Label, Part, Phrases};
use crate::text::{Block, Text};

/// See [`RULE`].
#[derive(Debug)]
pub struct StrayLabel;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/stray-label",
    severity: Severity::Warning,
    summary: "a line that belongs to the page, not to the text",
    settings: &[],
    docs: "\
## What it does
Finds lines that are, as a whole, a label of a web page: share buttons, labels of advertisements, navigation, teasers of
other articles, notices about comments, newsletters and cookies; and lines that are made of several of them (`Print Email
Share`) or begin with one that is half of the line. They are looked up, without case, accents and punctuation, in lists in twelve
languages, which a user may extend; where the manifest records the language, in that one and in English.

The list alone makes an `info`. A `warning` needs a second side: the line stands alone, beside other labels, outside the prose or
more than once, or its score (see `layout/stray-line`) says that it looks like a part of the page; and it is no heading of its text.
For words that may as well stand over a chapter (\"Related\", \"Share\") it is not enough that they stand alone. Lines in verse, in
code and in numbered articles, and the title on record, are no labels.

## Lists of your own
`vidimus check --phrases FILE` adds a list, and may be given several times. A list is UTF-8 with one pattern a line: `(a|b)` is one
of several, `?` after it makes it optional, `<n>` is a number. `# class: NAME` opens a class, one of `share`, `advertisement`,
`navigation`, `teaser`, `comments`, `newsletter`, `consent`, `paywall`, `continuation`; `weak` after it: words that also stand
over a chapter. A file `sv.txt` counts for texts in Swedish, one of another name for all.

## Why it matters
The lines are no part of what the author wrote. They are counted, indexed, translated and learned from as if they were, and
where they stand between paragraphs they hide that something is missing.

## Example
`Advertisement`, alone between two paragraphs.

## What to do
Apply the fix. Accept the finding where the line belongs to the text.

## Where it errs
A story with a heading that is a label, between paragraphs of its own (`Share`, in a tale of heirs), is reported where other labels
stand near. Lists in which \"Contact\" or \"Photos\" name what follows are reported beside one another. In trials the warnings were right
in 96 to 99 of a hundred cases, with most of the rest a matter of what one calls the text (\"Read more\", kept by an editor); in whole
pages, in 98 of a hundred. Labels that no list has are missed. Confidence 0.98 where the fix is safe, 0.9 for other warnings,
0.5 for info.

## Fix safety
Safe for labels of sharing, advertisements and comments that stand alone and are no common word: the line and one blank
line beside it go. Unsafe for all others, and for all where safe fixes would take more than a tenth of the text.
",
};

/// A score from which a line looks like a part of the page, in logits: 73 %.
const LOOKS: f32 = 1.0;

/// So many lines of a block tell whether a label is in it.
const LOOKED: usize = 40;

/// A title or heading that is followed by prose makes a text one with headings from this many on.
const HEADINGS: usize = 3;

impl Check for StrayLabel {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let language = document.language();
        let title = document.entry.title.as_ref().map_or("", |title| title.value.trim());
        let page = Page::of(text, title, language.as_deref());
        let labels = page
            .lines
            .iter()
            .enumerate()
            .filter_map(|(at, line)| Some((at, line.label.as_ref()?)));
        let mut of_page: Vec<Finding> = Vec::new();
        limit(
            labels.map(|(at, (plain, label))| page.finding(document, at, *plain, *label)),
            &mut of_page,
        );
        keep_below(text.text.len() / CEILING, &mut of_page);
        findings.append(&mut of_page);
    }
}

/// Safe fixes take at most one byte in so many of a text: more is no residue of a page, but a text made of labels.
const CEILING: usize = 10;

/// Takes back the word that fixes are safe, where together they take more than so many bytes.
fn keep_below(most: usize, findings: &mut [Finding]) {
    let safe = |fix: &&mut Fix| fix.safety == Safety::Safe;
    let removed = |fix: &mut Fix| fix.edits.iter().map(|edit| edit.end - edit.start).sum::<usize>();
    let all: usize = findings
        .iter_mut()
        .filter_map(|one| one.fix.as_mut())
        .filter(safe)
        .map(removed)
        .sum();
    if all > most {
        let fixes = findings.iter_mut().filter_map(|one| one.fix.as_mut());
        fixes.filter(safe).for_each(|fix| fix.safety = Safety::Unsafe);
    }
}

/// A line that stands for itself: a block of one line, or one of a block whose lines are paragraphs.
struct Alone<'a> {
    /// 0-based in [`Text::lines`].
    index: usize,
    text: &'a str,
    /// Its block, for what stands around it.
    block: usize,
    label: Option<(u64, Label<'a>)>,
    /// Whether the lists know all of it, and not only how it begins.
    whole: bool,
}

/// A text as a sequence of such lines; other blocks stand for their first line.
struct Page<'a> {
    text: &'a Text<'a>,
    lines: Vec<Alone<'a>>,
    /// How often each label occurs.
    counts: HashMap<u64, usize>,
    /// The first and the last line of prose, in `lines`.
    prose: Option<(usize, usize)>,
    headings: usize,
    numbered: bool,
    /// So many lines are labels before the first that is none.
    leading: usize,
}

impl<'a> Page<'a> {
    fn of(text: &'a Text<'a>, title: &str, language: Option<&str>) -> Self {
        // Most blocks are one line: a list that grows is in memory twice while it is moved.
        let mut lines: Vec<Alone<'a>> = Vec::with_capacity(text.blocks.len());
        for (at, block) in text.blocks.iter().enumerate() {
            alone(text, (at, block), title, language, &mut lines);
        }
        let mut counts: HashMap<u64, usize> = HashMap::new();
        lines
            .iter()
            .filter_map(|line| line.label.as_ref())
            .for_each(|(plain, _)| *counts.entry(*plain).or_default() += 1);
        let prose = |line: &Alone<'_>| line.label.is_none() && is_prose(line.text);
        let numbered = lines.iter().filter(|line| is_numbered(line.text)).count();
        let heading = |pair: &&[Alone<'_>]| pair[0].label.is_none() && may_be_heading(pair[0].text) && prose(&pair[1]);
        Self {
            prose: lines.iter().position(prose).zip(lines.iter().rposition(prose)),
            headings: lines.windows(2).filter(heading).count(),
            numbered: numbered > 3 && numbered * 3 >= lines.len(),
            leading: lines.iter().take_while(|line| line.label.is_some()).count(),
            text,
            lines,
            counts,
        }
    }

    fn finding(&self, document: &Document<'_>, at: usize, plain: u64, label: Label<'_>) -> Finding {
        let line = &self.lines[at];
        let reasons = self.reasons(at, plain, label);
        let sure = !reasons.is_empty();
        let place = self.text.source.span_of(line.text);
        let mut finding = RULE.finding(document.at(place), message(line.text, label));
        if !sure {
            finding = finding
                .severity(Severity::Info)
                .help("see whether it belongs to the text");
        }
        let strong = sure && line.whole && !label.weak && matches!(label.class, "share" | "advertisement" | "comments");
        let safety = if strong { Safety::Safe } else { Safety::Unsafe };
        let confidence = if strong {
            0.98
        } else if sure {
            0.9
        } else {
            0.5
        };
        finding = finding.evidence("class", label.class).evidence("list", label.language);
        finding = finding.evidence("reasons", reasons.into_iter().map(Value::from).collect::<Vec<_>>());
        let help = finding
            .help
            .clone()
            .unwrap_or_else(|| "take it out of the text".to_owned());
        finding.help(help).confidence(confidence).replace(
            safety,
            removal(self.text, line.index, at >= self.leading),
            "",
        )
    }

    /// What speaks for a label besides the list; nothing where too little does.
    fn reasons(&self, at: usize, plain: u64, label: Label<'_>) -> Vec<&'static str> {
        if self.numbered || self.in_verse(at) {
            return Vec::new();
        }
        let followed = self
            .lines
            .get(at + 1)
            .is_some_and(|next| next.label.is_none() && is_prose(next.text));
        let company = self.neighbours(at).any(|line| line.label.is_some());
        let repeated = self.counts.get(&plain).is_some_and(|&count| count > 1);
        let outside = self
            .prose
            .is_some_and(|(first, last)| at > last || (at < first && !followed));
        let heading = followed && !company && (!repeated || label.weak) && (label.weak || self.headings >= HEADINGS);
        if heading {
            return Vec::new();
        }
        let score = self.text.line_scores().of_line(self.text, self.lines[at].index);
        let opens = label.weak && line_opens(self.lines[at].text);
        let likely = score.is_some_and(|score| score >= LOOKS) && !opens;
        let sides = [
            (likely, "looks like a part of the page"),
            (company, "beside other labels"),
            (repeated && (likely || !label.weak), "more than once in the text"),
            (outside, "outside the prose"),
            (!label.weak, "a line of its own"),
        ];
        sides
            .into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, reason)| reason)
            .collect()
    }

    fn neighbours(&self, at: usize) -> impl Iterator<Item = &Alone<'a>> {
        let before = at.checked_sub(1).and_then(|before| self.lines.get(before));
        before.into_iter().chain(self.lines.get(at + 1))
    }

    /// Whether the blocks on both sides are verse.
    fn in_verse(&self, at: usize) -> bool {
        let block = self.lines[at].block;
        let verse =
            |block: Option<&Block<'_>>| block.is_some_and(|block| is_verse(self.text, block) && !self.is_menu(block));
        let before = block.checked_sub(1).map(|before| &self.text.blocks[before]);
        verse(self.text.blocks.get(block + 1)) && (before.is_none() || verse(before))
            || verse(before) && self.text.blocks.get(block + 1).is_none()
    }

    /// Whether a block has a label in it.
    fn is_menu(&self, block: &Block<'_>) -> bool {
        let first = self.lines.partition_point(|line| line.index < block.first);
        let mut within = self.lines[first..]
            .iter()
            .take(LOOKED)
            .take_while(|line| line.index < block.end);
        within.any(|line| line.label.is_some())
    }
}

/// The lines of a block that stand for themselves.
fn alone<'a>(
    text: &'a Text<'a>,
    (at, block): (usize, &Block<'a>),
    title: &str,
    language: Option<&str>,
    alone: &mut Vec<Alone<'a>>,
) {
    let lines = text.lines_of(block);
    let name = |line: &str, part: Part<'a>| {
        let label = named(text, line, part, language)?;
        let titled = line.trim().eq_ignore_ascii_case(title);
        Phrases::key(line).filter(|_| !titled).map(|key| (key, label))
    };
    let begun = |index: usize, line: &str, part: Part<'a>| {
        let label = begins(part)?;
        text.line_scores()
            .of_line(text, index)
            .filter(|&score| score >= BEGUN)?;
        Phrases::key(line).map(|key| (key, label))
    };
    let paragraphs = lines.len() == 1 || lines.iter().any(|line| line.text.len() > WRAPPED);
    let part = |line: &str| text.phrases.part(line, language);
    let menu = || lines.iter().all(|line| name(line.text, part(line.text)).is_some());
    let open = (paragraphs || menu()) && (lines.len() == 1 || !is_code(text, block));
    let one = |(offset, line): (usize, &crate::text::Line<'a>)| {
        let index = block.first + offset;
        let part = if open { part(line.text) } else { Part::None };
        let whole = name(line.text, part);
        Alone {
            index,
            text: line.text.trim(),
            block: at,
            whole: whole.is_some(),
            label: whole.or_else(|| begun(index, line.text, part)),
        }
    };
    let count = if open { lines.len() } else { 1 };
    alone.extend(lines.iter().enumerate().take(count).map(one));
}

/// The label that a line is, or the first of those that it is made of.
fn named<'a>(text: &'a Text<'a>, line: &str, part: Part<'a>, language: Option<&str>) -> Option<Label<'a>> {
    let known = |label: &Label<'_>| !matches!(label.class, "paywall" | "continuation");
    match part {
        Part::Whole(_) => text.phrases.labels(line, language).find(known),
        Part::Several(label) if text.line_scores().has_body => Some(Label { weak: true, ..label }).filter(known),
        _ => None,
    }
}

/// A line that begins with a label is one where its score is at least this.
const BEGUN: f32 = 1.0;

/// The label that a line begins with, where that is half of it.
fn begins(part: Part<'_>) -> Option<Label<'_>> {
    match part {
        Part::Opens(label, words, all) if words * 2 >= all && label.class != "paywall" => Some(label),
        _ => None,
    }
}

/// A text that is wrapped has no longer line, in bytes; where one is, lines are paragraphs.
const WRAPPED: usize = 160;

fn message(line: &str, label: Label<'_>) -> String {
    let what = match label.class {
        "share" => "a button for sharing",
        "advertisement" => "a label of an advertisement",
        "navigation" => "a part of the navigation",
        "teaser" => "a pointer to other articles",
        "comments" => "a notice about comments",
        "newsletter" => "a call to subscribe",
        _ => "a notice about terms or cookies",
    };
    format!("“{line}” is {what}, not a part of the text")
}

/// Whether a line leads over to the next: `Photo:`, before a name.
fn line_opens(line: &str) -> bool {
    line.ends_with([':', '：'])
}

/// A line with one blank line beside it: the one before it, after a text has begun, so that removals do not overlap.
fn removal(text: &Text<'_>, index: usize, begun: bool) -> Span {
    let blank = |index: usize| text.lines.get(index).is_some_and(crate::text::Line::is_blank);
    let start = |index: usize| text.lines.get(index).map_or(text.text.len(), |line| line.span.start());
    let (from, to) = match index.checked_sub(1).filter(|_| begun) {
        Some(before) if blank(before) => (before, index + 1),
        None if blank(index + 1) => (index, index + 2),
        _ => (index, index + 1),
    };
    text.source.nearest_span(start(from), start(to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    const PROSE: &str =
        "The miller kept his book by the window, where the light of the river fell on it until the evening.";

    /// For each label of a text, whether enough speaks for it to warn.
    fn labels(text: &str) -> Vec<bool> {
        let source = Source::new("a", text.replace('¶', PROSE).into());
        let text = Text::new(&source).expect("text");
        let page = Page::of(&text, "", None);
        let label = |(at, line): (usize, &Alone<'_>)| {
            let (plain, label) = line.label.as_ref()?;
            Some(!page.reasons(at, *plain, *label).is_empty())
        };
        page.lines.iter().enumerate().filter_map(label).collect()
    }

    #[test]
    fn a_heading_that_is_a_label_word_does_not_warn() {
        assert_eq!(labels("The mill\n\n¶\n\nRelated\n\n¶\n\nThe weir\n\n¶"), [false]);
        assert_eq!(labels("¶\n\nShare\n\n¶"), [false]);
        assert_eq!(
            labels("The mill\n\n¶\n\nThe weir\n\n¶\n\nThe book\n\n¶\n\nAdvertisement\n\n¶"),
            [false]
        );
    }

    #[test]
    fn verse_and_articles_do_not_warn() {
        assert_eq!(
            labels("The wheel\ngoes round\n\nAdvertisement\n\nThe water\nfalls"),
            [false]
        );
        assert_eq!(labels("Article 1\n\n(1) ¶\n\nAdvertising\n\n(2) ¶\n\n(3) ¶"), [false]);
    }

    #[test]
    fn two_sides_warn() {
        assert_eq!(labels("Share\n\nThe mill is sold\n\n¶\n\n¶"), [true]);
        assert_eq!(labels("¶\n\nAdvertisement\n\n¶"), [true]);
        assert_eq!(labels("¶\n\nTags\n\nComments\n\nRelated"), [true, true, true]);
    }

    #[test]
    fn safe_fixes_take_a_tenth_at_most() {
        let of = |bytes: usize| {
            let span = Source::new("a", vec![b'a'; bytes]).whole();
            Finding::new("a/b", Severity::Info, crate::finding::Location::file("a"), "m").replace(
                Safety::Safe,
                span,
                "",
            )
        };
        let safe = |findings: &[Finding]| {
            let fixes = findings.iter().filter_map(|one| one.fix.as_ref());
            fixes.filter(|fix| fix.safety == Safety::Safe).count()
        };
        let mut findings = vec![of(40), of(50)];
        keep_below(100, &mut findings);
        assert_eq!(safe(&findings), 2);
        keep_below(89, &mut findings);
        assert_eq!(safe(&findings), 0);
    }

    #[test]
    fn removals_do_not_overlap() {
        let source = Source::new(
            "a",
            b"Share this\n\nPrint this\n\nThe mill\n\nShare this\n\nPrint this\n".to_vec(),
        );
        let text = Text::new(&source).expect("text");
        let cuts: Vec<_> = [(0, false), (2, false), (6, true), (8, true)]
            .into_iter()
            .map(|(index, begun)| removal(&text, index, begun))
            .collect();
        assert!(cuts.windows(2).all(|pair| pair[0].end() <= pair[1].start()));
        assert_eq!((cuts[1].end(), cuts[3].end()), (24, source.len()));
    }
}
