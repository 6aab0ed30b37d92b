//! `consistency/name-variant`: one name, spelt in several ways in one text.

use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::text::Text;
use crate::text::articles;
use crate::text::language;
use crate::text::spellings::{self, Cluster, Difference, Ground, Spelling, Weighing};
use crate::text::unit::Kind;

/// See [`RULE`].
#[derive(Debug)]
pub struct NameVariant;

/// What it is.
pub static RULE: Rule = Rule {
    id: "consistency/name-variant",
    severity: Severity::Warning,
    summary: "one name, spelt in several ways in one text",
    settings: &[],
    docs: "\
## What it does
Finds names with the same consonants and different vowels or doubled letters, as one name has that was written down by ear
or carried over from another alphabet. It is a warning where something ties the two together: the same first name or head
(`Ada Verrin`, `Ada Verin`), the same word for a place (`the district of Tarmouseh`, `Tarmussa district`). It is info where
only a title, a shared neighbouring word or rarity speaks for it, and where nothing differs but capitals, an accent, or how
the article is written (`al-Qamh`, `Al Qamh`).

## Why it matters
Whoever searches, counts or links names misses what stands under the other spelling. Several spellings of one place within a
few paragraphs also show that a text was put together from several reports.

## Example
```text
Shells fell on the suburb of Tarmuseh. An hour later the Tarmouseh district was empty.
```

## What to do
Look the name up, keep one spelling, or leave a text that has to stay as it was printed and accept the finding.

## Where it errs
Two people with the same first name and nearly the same last name are taken for one; forms of one name in a language with
cases are told apart by their last letters only, so that names in such languages are compared less. Verse and code are passed
over, and in German, where every noun has a capital, only names with a first name are compared. Of the warnings about nine in
ten are right, of the infos about seven.
",
};

impl Check for NameVariant {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text else { return };
        let clusters = clusters(document, text).into_iter();
        limit(clusters.map(|cluster| finding(document, &cluster)), findings);
    }
}

fn clusters(document: &Document<'_>, text: &Text<'_>) -> Vec<Cluster> {
    let recorded = document.language();
    let language = recorded.as_deref().or(text.statement().language);
    let weighing = Weighing {
        text: text.text,
        inflected: language.is_none_or(language::is_inflected),
        nouns: language.is_some_and(language::has_noun_capitals),
        is_prose: &|at| matches!(text.kind_at(at), Some(Kind::Prose | Kind::Fragment)),
    };
    let mut clusters = spellings::clusters(&weighing, text.vocabulary(), text.spellings());
    clusters.extend(articles::articles(text.text));
    clusters
}

fn finding(document: &Document<'_>, cluster: &Cluster) -> Finding {
    let at = |spelling: &Spelling| document.at(document.source.nearest_span(spelling.start, spelling.end));
    let (first, others) = (&cluster.spellings[0], &cluster.spellings[1..]);
    let words: Vec<&str> = cluster
        .spellings
        .iter()
        .map(|spelling| spelling.word.as_str())
        .collect();
    let (severity, confidence) = weight(cluster);
    let rare = &others[others.len() - 1];
    let mut finding = RULE
        .finding(
            at(rare),
            format!(
                "one name seems to be spelt in {} ways: {}",
                words.len(),
                words.join(", ")
            ),
        )
        .severity(severity)
        .confidence(confidence)
        .label("the rarest spelling")
        .help("look the name up and keep one spelling")
        .evidence("spellings", words)
        .evidence("difference", cluster.difference.name())
        .evidence("ground", cluster.ground.name());
    for spelling in std::iter::once(first).chain(&others[..others.len() - 1]) {
        finding = finding.related(at(spelling), format!("`{}`, {}", spelling.word, times(spelling.count)));
    }
    finding
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}

fn weight(cluster: &Cluster) -> (Severity, f32) {
    match (cluster.difference, cluster.ground) {
        (Difference::Letters, Ground::Head | Ground::Place) => (Severity::Warning, 0.85),
        (Difference::Letters, _) => (Severity::Info, 0.6),
        _ => (Severity::Info, 0.7),
    }
}
