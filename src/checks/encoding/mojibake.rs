//! `encoding/mojibake`: UTF-8 that was read as something else.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};
use crate::text::Text;
use crate::text::mojibake::Damage;

/// See [`RULE`].
#[derive(Debug)]
pub struct Mojibake;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/mojibake",
    severity: Severity::Warning,
    summary: "UTF-8 that was read as something else, once or several times",
    settings: &[],
    docs: "\
## What it does
Looks at every run of characters beyond ASCII: turned back into the bytes of one of twelve encodings (Windows-1250 to
1254 and 1257, Latin-1, ISO 8859-2, Macintosh, IBM 437, 850 and 866, KOI8-R), is it UTF-8, and is what that says much
likelier than what stands there? Likely is judged by what no language has: a fraction or a currency sign inside a word, a
capital after a small letter, two scripts in one word, a sign that no text uses. Up to four layers are taken off. A weak
case counts where the text has a clear one of the same encoding. Lone U+0080 to U+009F that make a quotation mark or a
dash of Windows-1252 count too. Sound characters beside it stay as they are.

## Why it matters
The words are not found, not counted and not compared, and a second wrong conversion makes them beyond repair.

## Example
`Ã¼ber`, which was `über`; `itâ€™s`, which was `it’s`; `Ð´Ð°`, which was `да`.

## What to do
Apply the fix, and look at how the text was fetched: the rest of its source will have the same fault.

## Where it errs
It mends mojibake that a text speaks of (\"`Ã¤` instead of `ä`\"). A lone capital letter before a sign that may well stand
there (`Å™`, `Ä“`) is left alone unless the text has clear mojibake elsewhere. Text that was never UTF-8 (Windows-1251 read
as Windows-1252) is not found. On 3,300 clean lines of web pages in twenty languages it made no false alarm; confidence
is .9 for a single weak run, .99 for clear ones.

## Fix safety
Safe where every byte is there, one encoding explains it, and nothing odd is left. Unsafe where a byte is lost (it stays
U+FFFD), where a space is taken for a no-break space, where two encodings give two results that are both possible (ISO 8859-2
and Windows-1250 differ in a few letters), and for lone U+0080 to U+009F. Nothing but the encoding is mended: quotation
marks stay curly and ligatures stay.
",
};

/// So many examples are shown.
const SHOWN: usize = 5;
/// A run that is so much likelier after mending, in tenths, leaves no doubt.
const CLEAR: i32 = 30;

impl Check for Mojibake {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let found = text.mojibake();
        let (safe, unsafe_): (Vec<&Damage>, Vec<&Damage>) = found.damages.iter().partition(|damage| damage.safe);
        let groups = [(Safety::Safe, safe, found.more), (Safety::Unsafe, unsafe_, false)];
        for (safety, damages, more) in groups {
            findings.extend(finding(document, text, safety, &damages, more));
        }
    }
}

fn finding(
    document: &Document<'_>,
    text: &Text<'_>,
    safety: Safety,
    damages: &[&Damage],
    more: bool,
) -> Option<Finding> {
    let first = damages.first()?;
    let stands = text.source.text_of(first.span);
    let finding = RULE.finding(document.at(first.span), message(damages, more));
    let gain = damages.iter().map(|damage| damage.gain).max()?;
    let mut finding = finding
        .confidence(if gain >= CLEAR { 0.99 } else { 0.9 })
        .label(format!("`{stands}` stands for `{}`", first.meant))
        .help(help(safety, more))
        .evidence("count", damages.len())
        .evidence("read_as", layers(damages))
        .evidence("examples", examples(text, damages));
    if more {
        finding = finding.evidence("more", true);
    }
    let edits = damages.iter().map(|damage| (damage.span, damage.meant.clone()));
    Some(finding.replace_all(safety, edits))
}

fn message(damages: &[&Damage], more: bool) -> String {
    let places = match damages.len() {
        1 => "a place".to_owned(),
        count if more => format!("{count} places and more"),
        count => format!("{count} places"),
    };
    let latin = damages.iter().all(|damage| damage.read_as == ["iso-8859-1"]);
    let was = if latin { "Windows-1252" } else { "UTF-8" };
    let read_as = damages.first().and_then(|damage| damage.read_as.last()).copied();
    format!("{was} was read as {} in {places}", read_as.unwrap_or_default())
}

fn help(safety: Safety, more: bool) -> &'static str {
    match safety {
        _ if more => "decode the original again as UTF-8, or apply the fix until nothing is left to mend",
        Safety::Safe => "apply the fix, or decode the original again as UTF-8",
        _ => "decode the original again as UTF-8, or apply the fix and read the diff",
    }
}

/// How often which layers of wrong reading were taken off: `{"windows-1252": 7, "windows-1252, windows-1252": 1}`.
fn layers(damages: &[&Damage]) -> Value {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for damage in damages {
        *counts.entry(damage.read_as.join(", ")).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(layers, count)| (layers, Value::from(count)))
        .collect()
}

/// The first different ones: `["Ã¼", "ü"]`.
fn examples(text: &Text<'_>, damages: &[&Damage]) -> Vec<Value> {
    let mut examples: Vec<Value> = Vec::new();
    for damage in damages {
        let example = Value::from(vec![
            text.source.text_of(damage.span).into_owned(),
            damage.meant.clone(),
        ]);
        if !examples.contains(&example) {
            examples.push(example);
        }
        if examples.len() == SHOWN {
            break;
        }
    }
    examples
}
