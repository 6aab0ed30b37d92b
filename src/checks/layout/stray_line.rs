//! `layout/stray-line`: lines that look like a part of the page, by their words, their shape and their place.

use serde_json::{Value, json};

use crate::checks::limit::limit;
use crate::checks::{Check, Document, Rule};
use crate::finding::{Finding, Severity};
use crate::setting::Setting;
use crate::text::Text;
use crate::text::recurrence::{HEADING, Names, may_be_heading};
use crate::text::unit::{Kind, Unit};

/// See [`RULE`].
#[derive(Debug)]
pub struct StrayLine;

/// What it is.
pub static RULE: Rule = Rule {
    id: "layout/stray-line",
    severity: Severity::Info,
    summary: "lines that look like a part of the page",
    settings: &[&SCORE],
    docs: "\
## What it does
Adds up what is seen of a line: how long it is and how it ends, its common words and its capitals, words of interfaces, captions
and legal notices, and where it stands between the paragraphs of the text. Each counts what the table of weights below says; a
sum of 0 is as likely a part of the page as of the text. Lines in a row are one finding.

A text needs a body of prose for this: in poems, plays, lists, tables and programs nothing is added up. The title, the byline, the
date of publication and notes are passed over, as are lines that `layout/stray-label` knows.

## Why it matters
Menus, captions, teasers and notices that an extraction left are counted, indexed and learned from as if the author had written
them.

## Example
`Sports Weather Classifieds Jobs`, before the first paragraph.

## What to do
Look at the lines, and take out those that the author did not write. There is no fix: a score is no proof.

## Where it errs
It is fitted to news pages, mostly in English. On pages of sites that it was not fitted to, about one line in five that it names
belongs to the text: subheadings of two or three words, lists, results of matches, answers of one line; and it misses one in four,
most of all captions and teasers that are whole sentences. Where few lines are strays, a greater share of what it names is wrong. The
confidence is the probability that the sum stands for, at most 0.95.
",
};

static SCORE: Setting = Setting {
    key: "layout/stray-line.score",
    default: -0.25,
    range: (-5.0, 20.0),
    meaning: "the least score of a line that is reported, in logits: 0 is an even chance, 3 is 95 %",
};

/// Where more of the lines of the body than one in so many look like strays, they are what the text is made of.
const HABIT: usize = 2;

impl Check for StrayLine {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn document(&self, document: &Document<'_>, findings: &mut Vec<Finding>) {
        let Some(text) = document.text.filter(|text| text.line_scores().has_body) else {
            return;
        };
        let least = document.settings.value(&SCORE) as f32;
        let language = document.language();
        let stray = strays(text, least, language.as_deref());
        let runs = stray.chunk_by(|one, next| one + 1 == *next);
        limit(runs.map(|run| finding(document, text, run)), findings);
    }
}

/// The units that look like strays, by their place in the statement.
fn strays(text: &Text<'_>, least: f32, language: Option<&str>) -> Vec<usize> {
    let (statement, scores) = (text.statement(), &text.line_scores().scores);
    let names = Names::of(text);
    let stray = |at: usize| {
        let unit = &statement.units[at];
        let score = scores.get(at).copied().unwrap_or(f32::MIN);
        let heading = score < HEADING && may_be_heading(text, at);
        score >= least
            && !heading
            && !is_signature(&statement.units, at)
            && unit.words > 0
            && !text.is_inside_sentence(unit.first)
            && !matches!(unit.kind, Kind::Note | Kind::Verse)
            && !names.hold(at, unit, score)
            && text.phrases.label(unit.text, language).is_none()
    };
    let mut strays: Vec<usize> = (0..statement.units.len()).filter(|&at| stray(at)).collect();
    let inside = |unit: &Unit<'_>| statement.zones.body.contains(&unit.first);
    let body = statement.units.iter().filter(|unit| inside(unit)).count();
    let in_body = strays.iter().filter(|&&at| inside(&statement.units[at])).count();
    if in_body * HABIT > body {
        strays.retain(|&at| !inside(&statement.units[at]));
    }
    strays
}

/// Whether a line closes a letter: a few words with a comma, or the name below them.
fn is_signature(units: &[Unit<'_>], at: usize) -> bool {
    let closes = |unit: &Unit<'_>| unit.words <= 4 && unit.text.ends_with([',', '，', '،']);
    closes(&units[at]) || (at > 0 && closes(&units[at - 1]) && units[at].words <= 4)
}

fn finding(document: &Document<'_>, text: &Text<'_>, run: &[usize]) -> Finding {
    let (units, scores) = (&text.statement().units, &text.line_scores().scores);
    let (first, last) = (&units[run[0]], &units[run[run.len() - 1]]);
    let of_run: Vec<f32> = run.iter().map(|&at| scores[at]).collect();
    let mean = of_run.iter().sum::<f32>() / of_run.len() as f32;
    let message = match run.len() {
        1 => "this line looks like a part of the page".to_owned(),
        many => format!("{many} lines in a row look like parts of the page"),
    };
    let rounded = |score: f32| json!((f64::from(score) * 100.0).round() / 100.0);
    RULE.finding(document.at(first.span.to(last.span)), message)
        .help("take it out where it is no part of the text")
        .confidence((1.0 / (1.0 + (-mean).exp())).min(0.95))
        .evidence("score", rounded(mean))
        .evidence(
            "scores",
            of_run.into_iter().take(50).map(rounded).collect::<Vec<Value>>(),
        )
}
