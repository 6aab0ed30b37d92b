//! `date/retrieval-in-text`: a text says when somebody took it from its source.

use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::role::Role;
use crate::text::statement::TextDate;
use crate::text::unit::Kind;

/// See [`RULE`].
#[derive(Debug)]
pub struct RetrievalInText;

/// What it is.
pub static RULE: Rule = Rule {
    id: "date/retrieval-in-text",
    severity: Severity::Info,
    summary: "a date on which somebody took the text from its source, in the text itself",
    settings: &[],
    docs: "\
## What it does
Finds a line such as `Retrieved on 13 March 2025 from …`. It is a warning where the manifest says that the text was
retrieved before that: the line cannot be older than the retrieval that brought it. Retrieval dates in the notes and
references of a text are about other texts, and are passed over.

## Why it matters
It is the retrieval of a page that the text went through, never its publication. It says that there is one more station
between the author and the corpus, and when the text was there at the latest.

## Example
```text
Retrieved on 4th May 2019 from example.org
```

## What to do
Record the station in `source.via`. Where the manifest gives an earlier retrieval, correct it.

## Where it errs
The notes of a text that are not marked as notes: a line `Accessed 5 May 2019` alone belongs to a source of the text.
Confidence 0.9.
",
};

/// So many are reported one by one.
const MOST: usize = 5;

impl Check for RetrievalInText {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let statement = text.statement();
        let reference = |date: &&TextDate| {
            let kind = statement.unit_of(date.line).map(|unit| statement.units[unit].kind);
            kind.is_some_and(|kind| matches!(kind, Kind::Note | Kind::Item | Kind::Prose))
        };
        let own: Vec<_> = statement
            .dates_as(Role::Retrieved)
            .filter(|date| !reference(date))
            .collect();
        if own.len() <= MOST {
            findings.extend(own.into_iter().map(|date| finding(document, date)));
        }
    }
}

fn finding(document: &Document<'_>, date: &TextDate) -> Finding {
    let said = date.mention.date;
    let recorded = document
        .entry
        .source
        .as_ref()
        .and_then(|source| source.retrieved_at.as_ref());
    let earlier = recorded.filter(|recorded| recorded.value.last() < said.first());
    let finding = RULE
        .finding(
            document.at(date.span),
            format!("the text says that it was retrieved on {said}"),
        )
        .confidence(0.9)
        .evidence("retrieved", said.to_string());
    let Some(recorded) = earlier else {
        return finding.help("record that station in `source.via`; it is no date of publication");
    };
    let mut finding = finding
        .severity(Severity::Warning)
        .help("correct `retrieved_at`: a text cannot carry a date that is later than its retrieval")
        .related(
            document.recorded(recorded.span),
            "the manifest gives an earlier retrieval",
        )
        .evidence("recorded", recorded.value.to_string());
    finding.message = format!("the text says that it was retrieved on {said}, after its recorded retrieval");
    finding
}
