//! `fixity/path-form`: a text that was found under a name of another case or Unicode form.

use unicode_normalization::UnicodeNormalization as _;

use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct PathForm;

/// What it is.
pub static RULE: Rule = Rule {
    id: "fixity/path-form",
    severity: Severity::Warning,
    summary: "a path that differs from the name of the file by case or Unicode form",
    settings: &[],
    docs: "\
## What it does
Where nothing stands at a path, it takes the one unlisted file whose name differs only by case or by Unicode form (composed or
decomposed accents), verifies that, and says so.

## Why it matters
On some systems the two names are one file, on others they are two: the corpus is whole on one machine and not on the next.
Copying between systems and unpacking archives change the form of names without being asked.

## Example
```yaml
- path: corpus/Café.txt
```
with a file whose é is an e and a combining accent, as older macOS writes it.

## What to do
Give the file the name on record, or correct the path.
",
};

impl Check for PathForm {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        for (entry, observed) in survey.entries() {
            let (Some(path), Some(found)) = (&entry.path, &observed.read_as) else {
                continue;
            };
            let by = difference(path.value.as_str(), found);
            let message = format!("the file is named {found}, which differs by {by}");
            let finding = RULE.finding(survey.at(entry, path.span), message);
            let help = "rename the file, or write its name as it is";
            findings.push(
                finding
                    .help(help)
                    .evidence("found", found.as_str())
                    .evidence("differs_by", by),
            );
        }
    }
}

/// In what two names differ that differ in form alone.
pub(crate) fn difference(recorded: &str, found: &str) -> &'static str {
    let composed = |text: &str| text.nfc().collect::<String>();
    if composed(recorded) == composed(found) {
        "Unicode form"
    } else if recorded.to_lowercase() == found.to_lowercase() {
        "case"
    } else {
        "case and Unicode form"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_differs() {
        assert_eq!(difference("caf\u{e9}", "cafe\u{301}"), "Unicode form");
        assert_eq!(difference("caf\u{e9}", "Caf\u{c9}"), "case");
        assert_eq!(difference("caf\u{e9}", "CAFE\u{301}"), "case and Unicode form");
    }
}
