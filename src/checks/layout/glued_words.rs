//! `layout/glued-words`: two words that a page kept apart and the text does not.

use super::glued_alt_text;
use super::marked::Code;
use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::setting::Setting;
use crate::text::Text;
use crate::text::glue::{GluedLine, Joint};

/// See [`RULE`].
#[derive(Debug)]
pub struct GluedWords;

/// How sure a seam has to be.
static LEAST: Setting = Setting {
    key: "layout/glued-words.least",
    default: 1.6,
    range: (0.5, 10.0),
    meaning: "the least sum of the weights of what speaks for a lost seam, less what speaks against it",
};

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/glued-words",
    severity: Severity::Warning,
    summary: "two words without the space that the page had between them",
    settings: &[&LEAST],
    docs: concat!(
        "\
## What it does
Finds words like `newslettersEmail`, `Contact UsPrice list` and `EPAThe`, where a small letter, an abbreviation or a number is
followed by a capital. It adds up what speaks for a lost seam and against a name or an identifier: the length and the form of
both halves, whether the right half is a word that sentences begin with (in eight languages), what stands around it, and what
the line looks like. Names that many texts mention (`LinkedIn`), pairs that stand on three lines of the text, addresses,
identifiers and blocks of code are left alone. A line that may be nothing but a name (`OakHill`, alone), and a word in
small letters among the signs of programs (`firstName`), make an `info`. Lines with three seams and more are the matter of `layout/glued-cells`.

## Why it matters
A word that is two is in no dictionary: it is not found, not counted, and broken into pieces where a model learns from it. Where a
space is lost, a picture, a cell or a line break was, and what they held may be lost too.

## Example
`Sign up to our daily newslettersEmail`

## What to do
Look at the page, put in what stood there, at least a space.

## Where it errs
It takes a rare name with a capital inside for two words, mostly in a heading or a list of products and in code without code
around it, and it misses seams before a small letter or within capitals (`clientprojects`, `ABOUTUS`). On lines of web pages of
sites that it was not fitted to, it reports about one in a hundred of those whose capitals inside words are right. The confidence is what
the sum says.

## Fix safety
Unsafe: a space is put in at each seam, and a name would be broken by it.

## Weights
The sum is the logarithm of the odds.

```text
",
        include_str!("../../text/glue/weights.txt"),
        "```
"
    ),
};

/// A pair that stands on so many lines is a name.
const NAME: u32 = 3;

impl Check for GluedWords {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let least = document.settings.value(&LEAST);
        let lines = lines(text, least).filter(|line| !line.best.signals.is_run());
        let alone = lines.filter(|line| line.seen < if line.best.signals.is_two_sided() { NAME } else { 2 });
        let free = alone.filter(|line| !glued_alt_text::stands_at(document, text, line));
        limit(free.map(|line| finding(document, text, line)), findings);
    }
}

/// The lines with a seam of at least that score, but for code.
pub(super) fn lines<'a>(text: &'a Text<'a>, least: f64) -> impl Iterator<Item = &'a GluedLine> {
    let lines = &text.glue().lines;
    let mut code = Code::of(text);
    let scored = lines.iter().filter(move |line| f64::from(line.best.score) >= least);
    scored.filter(move |line| !code.holds(line.line))
}

fn finding(document: &Document<'_>, text: &Text<'_>, line: &GluedLine) -> Finding {
    let best = &line.best;
    let place = text.source.nearest_span(best.start, best.end);
    let (left, right) = (&text.text[best.start..best.at], &text.text[best.at..best.end]);
    let message = format!("`{left}` and `{right}` stand together without a space");
    let finding = RULE.finding(document.at(place), message);
    let sure = best.signals.is_two_sided();
    let finding = match sure {
        true => finding.help("see what stood between them on the page, and part them"),
        false => finding
            .severity(Severity::Info)
            .help("see whether it is a name; if not, part them"),
    };
    mended(finding, text, line).confidence(if sure { chance(best) } else { 0.5 })
}

/// Adds what it was concluded from, and the spaces.
pub(super) fn mended(finding: Finding, text: &Text<'_>, line: &GluedLine) -> Finding {
    let spaces = line.joints.iter().filter_map(|joint| {
        let place = text.source.span(joint.at, joint.at)?;
        Some((place, " ".to_owned()))
    });
    finding
        .evidence("score", (f64::from(line.best.score) * 10.0).round() / 10.0)
        .evidence("signals", line.best.signals.names())
        .replace_all(Safety::Unsafe, spaces)
}

/// How likely a seam is a lost one: the logistic function of its score, and never certain.
pub(super) fn chance(joint: &Joint) -> f32 {
    let chance = 1.0 / (1.0 + (-joint.score).exp());
    (chance.min(0.97) * 100.0).round() / 100.0
}
