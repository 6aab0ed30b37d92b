//! `encoding/double-entity`: character references of HTML that were escaped twice.

use memchr::memmem;

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::source::Span;
use crate::text::Text;

/// See [`RULE`].
#[derive(Debug)]
pub struct DoubleEntity;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/double-entity",
    severity: Severity::Info,
    summary: "character references of HTML that were escaped twice",
    settings: &[],
    docs: "\
## What it does
Finds `&amp;` before the rest of a character reference: `&amp;nbsp;`, `&amp;#8217;`, `&amp;amp;`.

## Why it matters
The text was turned into HTML twice and back once or never. What was one character is five or ten, and what reads the text
once more as HTML shows the inner reference.

## Example
`Q&amp;amp;A`

## What to do
Read the text as HTML as often as it was written so, at its source. The fix of `layout/html-residue` takes off one layer at a
time.

## Where it errs
A text that explains HTML writes it so rightly, if it is HTML itself. Names are not looked up: `&amp;foo;` counts.
Confidence .95.
",
};

/// A reference has at most so many characters between `&` and `;`.
const LONGEST: usize = 10;

impl Check for DoubleEntity {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let mut doubles = doubles(text);
        let Some(first) = doubles.next() else { return };
        let count = 1 + doubles.count();
        let message = match count {
            1 => "1 character reference was escaped twice".to_owned(),
            count => format!("{count} character references were escaped twice"),
        };
        let finding = RULE.finding(document.at(first), message).evidence("count", count);
        findings.push(
            finding
                .confidence(0.95)
                .help("read the text as HTML once more, at its source"),
        );
    }
}

fn doubles<'a>(text: &'a Text<'_>) -> impl Iterator<Item = Span> + 'a {
    let bytes = text.text.as_bytes();
    memmem::find_iter(bytes, b"&amp;").filter_map(move |at| {
        let rest = at + "&amp;".len();
        let reach = &bytes[rest..bytes.len().min(rest + LONGEST + 1)];
        let length = memchr::memchr(b';', reach)?;
        let name = reach[..length].strip_prefix(b"#").unwrap_or(&reach[..length]);
        let sound = !name.is_empty() && name.iter().all(u8::is_ascii_alphanumeric);
        text.source.span(at, rest + length + 1).filter(|_| sound && length > 1)
    })
}
