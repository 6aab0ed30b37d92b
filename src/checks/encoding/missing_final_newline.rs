//! `encoding/missing-final-newline`: texts whose last line has no end.

use crate::checks::{Check, OfRecords, Rule, Survey};
use crate::finding::{Finding, Location, Severity};

/// See [`RULE`].
#[derive(Debug)]
pub struct MissingFinalNewline;

/// What it is.
pub static RULE: Rule = Rule {
    id: "encoding/missing-final-newline",
    severity: Severity::Info,
    summary: "texts whose last line has no line end",
    settings: &[],
    docs: "\
## What it does
Finds texts whose last line does not end in a line feed. It is one finding for the whole corpus, with the count.

## Why it matters
Programs that join texts glue the last line of one to the first of the next, and programs that count lines miss one.
Where all texts lack it, it is a habit of the program that wrote them; where one does, that text may be cut.

## Example
`the wheel stood still` and then the end of the file.

## What to do
Look whether the texts are whole. Nothing more is needed where all lack it.

## Where it errs
It cannot tell a text that was cut from one that was written so. Confidence 1.
",
};

/// So many further texts are named.
const NAMED: usize = 10;

impl Check for MissingFinalNewline {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn of_records(&self) -> OfRecords {
        OfRecords::Never
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let looked = survey.entries().zip(survey.features);
        let texts = looked.filter_map(|((entry, _), features)| Some((entry, features.as_ref()?.final_newline)));
        let texts: Vec<_> = texts.collect();
        let lacking: Vec<_> = texts
            .iter()
            .filter(|(_, newline)| !newline)
            .map(|(entry, _)| entry.name())
            .collect();
        let Some((first, others)) = lacking.split_first() else {
            return;
        };
        let message = message(lacking.len(), texts.len());
        let mut finding = RULE
            .finding(Location::file(*first), message)
            .help("look whether the text is whole");
        for other in others.iter().take(NAMED) {
            finding = finding.related(Location::file(*other), "nor does this one");
        }
        findings.push(
            finding
                .evidence("texts", texts.len())
                .evidence("lacking", lacking.len()),
        );
    }
}

fn message(lacking: usize, texts: usize) -> String {
    match (lacking, texts) {
        (1, 1) => "the text does not end in a newline".to_owned(),
        (1, texts) => format!("1 of {texts} texts does not end in a newline"),
        (lacking, texts) if lacking == texts => format!("none of the {texts} texts ends in a newline"),
        (lacking, texts) => format!("{lacking} of {texts} texts do not end in a newline"),
    }
}
