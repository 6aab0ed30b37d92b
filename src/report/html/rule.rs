//! Where the page says more of a rule: on its own page, or in a list at the end.

use super::finding::{Words, words};
use crate::checks;
use crate::engine::Report;
use crate::report::address::rule_page;
use crate::report::cleanup::{Cleanup, is_web};

/// A rule, and where it is explained.
#[derive(Debug)]
pub(super) struct RuleLink {
    pub(super) id: &'static str,
    /// An address, or a place of this page.
    pub(super) href: String,
    /// What it finds.
    pub(super) summary: &'static str,
}

impl RuleLink {
    pub(super) fn of(report: &Report, id: &'static str) -> Self {
        let page = rule_page(report, id).filter(|page| is_web(page));
        Self {
            id,
            href: page.unwrap_or_else(|| format!("#{}", anchor(id))),
            summary: checks::find(id).map_or("", |check| check.rule().summary),
        }
    }
}

fn anchor(id: &str) -> String {
    format!("r-{}", id.replace('/', "-"))
}

/// A rule that found something.
#[derive(Debug)]
pub(super) struct RuleNote {
    pub(super) anchor: String,
    pub(super) id: &'static str,
    pub(super) count: usize,
    pub(super) summary: &'static str,
    /// Its page, where one is published.
    pub(super) page: Option<String>,
    /// What its page says, where none is published.
    pub(super) parts: Vec<Part>,
}

/// A part of what a rule says of itself.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) heading: bool,
    pub(super) block: bool,
    pub(super) words: Vec<Words>,
}

/// The rules that found something.
pub(super) fn notes(cleanup: &Cleanup<'_>) -> Vec<RuleNote> {
    let note = |(id, count): (&'static str, usize)| {
        let rule = checks::find(id)?.rule();
        let page = rule_page(cleanup.report, id).filter(|page| is_web(page));
        Some(RuleNote {
            anchor: anchor(id),
            id,
            count,
            summary: rule.summary,
            parts: if page.is_some() { Vec::new() } else { parts(rule.docs) },
            page,
        })
    };
    cleanup.rules().into_iter().filter_map(note).collect()
}

/// The headings, paragraphs and blocks of the page of a rule.
fn parts(docs: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for (number, piece) in docs.split("```").enumerate() {
        if number % 2 == 1 {
            let text = piece.split_once('\n').map_or(piece, |(_, text)| text);
            parts.push(Part {
                heading: false,
                block: true,
                words: vec![Words {
                    code: false,
                    text: text.trim_end().to_owned(),
                }],
            });
            continue;
        }
        for line in paragraphs(piece) {
            let heading = line.strip_prefix("## ");
            parts.push(Part {
                heading: heading.is_some(),
                block: false,
                words: words(heading.unwrap_or(&line)),
            });
        }
    }
    parts
}

/// Headings, and paragraphs in one line each.
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in text.lines() {
        let alone = line.starts_with("## ") || line.starts_with("- ");
        match paragraphs.last_mut() {
            Some(last) if !alone && !line.is_empty() && !last.starts_with("## ") => {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(line);
            }
            _ => paragraphs.push(line.to_owned()),
        }
    }
    paragraphs.retain(|one| !one.is_empty());
    paragraphs
}
