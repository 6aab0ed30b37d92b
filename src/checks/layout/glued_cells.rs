//! `layout/glued-cells`: labels, items or cells of a table in one line without spaces.

use super::glued_words::{chance, lines, mended};
use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::setting::Setting;
use crate::text::Text;
use crate::text::glue::GluedLine;

/// See [`RULE`].
#[derive(Debug)]
pub struct GluedCells;

/// How sure the best seam has to be.
static LEAST: Setting = Setting {
    key: "layout/glued-cells.least",
    default: 1.6,
    range: (0.5, 10.0),
    meaning: "the least sum of the weights of what speaks for the surest seam of a line, less what speaks against it",
};

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/glued-cells",
    severity: Severity::Warning,
    summary: "items of a menu, a list or a table without spaces between them",
    settings: &[&LEAST],
    docs: "\
## What it does
Finds lines in which three or more places look like a lost seam: `HomeAbout usPrice listContact`. Each place is weighed as
`layout/glued-words` does, whose page shows the weights. Blocks of code, and lines with the signs of
programs and words like `firstName`, are left alone.

## Why it matters
It is a menu, a list or a row of a table whose items lost what parted them. Mostly it is no part of the text at all; where it is
a table, its cells can no longer be told apart.

## Example
`HomeAbout usPrice listContact`

## What to do
Take the line out if it belongs to the page, or take the table from the page again.

## Where it errs
It takes a line of user names or of products that are written with capitals inside for a menu, and code that stands alone in a
line of prose. The confidence is what the sum of the weights says.

## Fix safety
Unsafe: a space is put in at each seam, which is less than the line break or the border that stood there.
",
};

impl Check for GluedCells {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let runs = lines(text, document.settings.value(&LEAST)).filter(|line| line.best.signals.is_run());
        let runs = runs.filter(|line| line.best.signals.is_two_sided());
        limit(runs.map(|line| finding(document, text, line)), findings);
    }
}

fn finding(document: &Document<'_>, text: &Text<'_>, line: &GluedLine) -> Finding {
    let start = line.joints.first().map_or(line.best.start, |first| first.start);
    let end = line.joints.last().map_or(line.best.end, |last| last.end);
    let place = text.source.nearest_span(start, end);
    let message = match line.joints.len() {
        0 | 1 => "items of a list stand together without a space".to_owned(),
        seams => format!("{} items of a list stand together without a space", seams + 1),
    };
    let finding = RULE
        .finding(document.at(place), message)
        .help("take the line out if it belongs to the page, or part its items");
    mended(finding, text, line)
        .evidence("seams", line.joints.len())
        .confidence(chance(&line.best))
}
