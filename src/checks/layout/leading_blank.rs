//! `layout/leading-blank`: blank lines before the first word.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Safety, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct LeadingBlank;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/leading-blank",
    severity: Severity::Info,
    summary: "blank lines before the first word of a text",
    settings: &[],
    docs: "\
## What it does
Finds blank lines before the first line that says something.

## Why it matters
They are what is left of a page header, a front matter block or a template. They make two copies of one text differ, and
tools that read the title from the first line find nothing.

## Example
A text that begins with four empty lines and then its title.

## What to do
Apply the fix, or accept the finding where the space is part of the text.

## Where it errs
A poem or a title page may be meant to begin low on its page.

## Fix safety
Safe: nothing but white space is removed.
",
};

impl Check for LeadingBlank {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let blank = text.lines.iter().take_while(|line| line.is_blank()).count();
        if blank == 0 || blank == text.lines.len() {
            return;
        }
        let before = text.lines[0].span.to(text.lines[blank - 1].span);
        let Some(removed) = text.source.span(before.start(), text.lines[blank].span.start()) else {
            return;
        };
        let noun = if blank == 1 {
            "1 blank line stands".to_owned()
        } else {
            format!("{blank} blank lines stand")
        };
        let finding = RULE.finding(document.at(before), format!("{noun} before the first word"));
        findings.push(finding.help("remove them").replace(Safety::Safe, removed, ""));
    }
}
