//! `consistency/number-format`: thousands that are divided in two ways, or in the way of another language.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::source::Span;
use crate::text::Text;
use crate::text::unit::Kind;

/// See [`RULE`].
#[derive(Debug)]
pub struct NumberFormat;

/// What it is.
pub static RULE: Rule = Rule {
    id: "consistency/number-format",
    severity: Severity::Info,
    summary: "thousands divided in two ways, or in the way of another language",
    settings: &[],
    docs: "\
## What it does
Finds numbers such as `300.000` in a text of a language that writes `300,000`, and the other way round, and says where the same
text writes both. One finding names all of a text.

## Why it matters
`300.000` is three hundred thousand to one reader and three hundred to another; programs that read numbers take the second.
In a translation it is what is left of the original.

## Example
```text
Around 40.000 people left the upper town. The council had counted 41,500.
```

## What to do
Write all numbers of a text in one way, that of its language.

## Where it errs
A decimal fraction with three digits that ends in two noughts looks like thousands. Fractions such as `0.250`, versions,
addresses, dates, and texts that have other fractions of three digits are passed over, and so are languages that put a space
and those that differ between countries, as Spanish does. A quotation in another language is reported.
",
};

/// Languages that divide thousands by a comma.
const COMMA: &[&str] = &["en", "zh", "ja", "ko", "he", "th", "ga"];
/// Languages that divide thousands by a full stop.
const STOP: &[&str] = &[
    "de", "it", "nl", "da", "id", "tr", "el", "ro", "hr", "sl", "sr", "ca", "gl", "is",
];

impl Check for NumberFormat {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let recorded = document.language();
        let language = recorded.as_deref().or(text.statement().language).unwrap_or_default();
        let own = match language {
            _ if COMMA.contains(&language) => b',',
            _ if STOP.contains(&language) => b'.',
            _ => return,
        };
        findings.extend(finding(document, text, own));
    }
}

/// Numbers that are divided by one sign.
#[derive(Default)]
struct Numbers {
    first: Option<Span>,
    others: Vec<Span>,
    count: usize,
}

/// So many places are named.
const NAMED: usize = 8;

impl Numbers {
    fn add(&mut self, span: Span) {
        self.count += 1;
        if self.first.is_none() {
            self.first = Some(span);
        } else if self.others.len() < NAMED {
            self.others.push(span);
        }
    }
}

fn finding(document: &Document<'_>, text: &Text<'_>, own: u8) -> Option<Finding> {
    let (mut ours, mut foreign) = (Numbers::default(), Numbers::default());
    let mut fractions = 0;
    each_number(text.text, |start, end| {
        let number = &text.text[start..end];
        let Some(sign) = divider(number) else { return };
        if sign == own {
            ours.count += 1;
            ours.first = ours.first.or(text.source.span(start, end));
        } else if is_thousands(number) && is_free(text.text, start, end) {
            let prose = matches!(text.kind_at(start), Some(Kind::Prose));
            text.source
                .span(start, end)
                .filter(|_| prose)
                .into_iter()
                .for_each(|span| foreign.add(span));
        } else {
            fractions += 1;
        }
    });
    let first = foreign.first.filter(|_| fractions == 0)?;
    let written = text.source.text_of(first).into_owned();
    let right = written.replace(if own == b',' { '.' } else { ',' }, if own == b',' { "," } else { "." });
    let message = match foreign.count {
        1 => format!("`{written}` divides thousands in the way of another language; here it is `{right}`"),
        count => format!("{count} numbers divide thousands in the way of another language: `{written}` for `{right}`"),
    };
    let mut finding = RULE
        .finding(document.at(first), message)
        .confidence(if ours.count > 0 || foreign.count > 1 { 0.85 } else { 0.6 })
        .help("write all numbers of the text in one way")
        .evidence("foreign", foreign.count)
        .evidence("own", ours.count);
    for span in foreign.others {
        finding = finding.related(document.at(span), "another one");
    }
    Some(match ours.first {
        Some(span) => finding.related(document.at(span), "this one is written in the way of the language"),
        None => finding,
    })
}

/// Every run of digits, commas and full stops that holds one of both between digits.
fn each_number(text: &str, mut visit: impl FnMut(usize, usize)) {
    let bytes = text.as_bytes();
    let part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',');
    let mut done = 0;
    for at in memchr::memchr2_iter(b'.', b',', bytes) {
        let inside = at > done && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        if !inside {
            continue;
        }
        let start = at - bytes[done..at].iter().rev().take_while(|byte| part(byte)).count();
        let end = at + bytes[at..].iter().take_while(|byte| part(byte)).count();
        let number = text[start..end].trim_end_matches(['.', ',']);
        visit(start, start + number.len());
        done = end;
    }
}

/// The one sign that divides a number, where groups of three follow it.
fn divider(number: &str) -> Option<u8> {
    let sign = number.bytes().find(|byte| !byte.is_ascii_digit())?;
    let mut groups = number.split(char::from(sign));
    let first = groups.next()?;
    let digits = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    ((1..=3).contains(&first.len()) && groups.all(digits)).then_some(sign)
}

/// Whether a number that may be a fraction is one of thousands: several groups, or two noughts at the end.
fn is_thousands(number: &str) -> bool {
    let groups = number.split(['.', ',']).count();
    let address = groups > 3;
    !number.starts_with('0') && !address && (groups == 3 || number.ends_with("00")) && number != "1.000"
}

/// Whether nothing around it makes it a version, a code or a share.
fn is_free(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].trim_start_matches([' ', '\u{a0}']);
    let tied = before.is_some_and(|sign| sign.is_alphanumeric() || "-/:_@=#§.,'+×*".contains(sign));
    let number = text[..start]
        .trim_end()
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    let numbered = ["No.", "no.", "Nr.", "n°", "№", "version", "Version", "v."].contains(&number);
    !tied
        && !numbered
        && !after.starts_with(['%', '°', '‰', '/', ':', '′', '″', '×', '*'])
        && !text[end..].starts_with(|sign: char| sign.is_alphanumeric() || "-_".contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_thousands_from_fractions() {
        assert_eq!(divider("300.000"), Some(b'.'));
        assert_eq!(divider("1,300,000"), Some(b','));
        assert_eq!(divider("1,300.50"), None);
        assert_eq!(divider("12.5"), None);
        assert!(is_thousands("10.000") && is_thousands("1.234.567"));
        assert!(!is_thousands("3.142") && !is_thousands("0.500") && !is_thousands("192.168.100.200"));
    }
}
