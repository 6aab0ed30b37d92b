//! A text as the page shows it: what is on record of it, what was found, fixed and accepted, and what is open.

use super::finding::{Item, Words, words};
use crate::digest::Algorithm;
use crate::engine::{Change, TextRecord};
use crate::finding::Finding;
use crate::report::cleanup::count_of;
use crate::report::cleanup::{Cleanup, Group, called, custody, digest_of, is_web, said, short};

/// So many findings of other texts that name this one are listed.
const NAMED: usize = 6;
/// So many changes of a text are listed.
const EDITS: usize = 30;
/// So many acceptances that no finding answers to are listed.
const SETTLED: usize = 30;

/// A text.
#[derive(Debug)]
pub(super) struct Section<'a> {
    pub(super) anchor: String,
    pub(super) title: String,
    pub(super) path: String,
    pub(super) is_text: bool,
    pub(super) state: &'static str,
    pub(super) url: Option<Address>,
    pub(super) retrieved: String,
    pub(super) published: String,
    pub(super) licence: String,
    /// The digest of the bytes that stand there; the one on record where they were not read.
    pub(super) digest: String,
    pub(super) custody: String,
    pub(super) facts: Vec<(&'static str, Fact)>,
    pub(super) language: Option<String>,
    /// Findings that are open, by severity.
    pub(super) open: Vec<(&'static str, usize)>,
    pub(super) open_said: String,
    /// Findings by what became of them: open, accepted, known.
    pub(super) lists: Vec<(String, Vec<Item<'a>>)>,
    pub(super) rest: Vec<Words>,
    pub(super) edits: Vec<Edited>,
    pub(super) more_edits: usize,
    pub(super) settled: Vec<Settled>,
    pub(super) more_settled: usize,
    pub(super) named: Vec<Named<'a>>,
    pub(super) more_named: usize,
}

/// An address, as a link where it may be one.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) href: Option<String>,
    pub(super) shown: String,
    /// What it is called in a table: without its scheme.
    pub(super) brief: String,
}

/// Something that is on record.
#[derive(Debug)]
pub(super) enum Fact {
    Words(String),
    Digest(String),
    Link(Address),
}

/// A change that was recorded.
#[derive(Debug)]
pub(super) struct Edited {
    pub(super) at: String,
    pub(super) reason: String,
    pub(super) rules: Vec<String>,
    pub(super) from: String,
    pub(super) to: String,
}

/// An acceptance that no finding of the text answers to.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) rule: String,
    pub(super) passage: String,
    pub(super) reason: String,
}

/// A finding of another text that names this one.
#[derive(Debug)]
pub(super) struct Named<'a> {
    /// Where the page tells it, if it does.
    pub(super) fingerprint: Option<&'a str>,
    pub(super) message: Vec<Words>,
    pub(super) path: String,
}

impl<'a> Section<'a> {
    pub(super) fn of(cleanup: &Cleanup<'_>, group: &'a Group<'a>) -> Self {
        let nothing = TextRecord::default();
        let record = group.record.unwrap_or(&nothing);
        let path = short(group.path, 300);
        let open = group.findings.open();
        let day = |day: &Option<String>| day.as_deref().map(|day| short(day, 60)).unwrap_or_default();
        Self {
            anchor: anchor(group.path),
            title: record
                .title
                .as_deref()
                .map_or_else(|| path.clone(), |title| short(title, 300)),
            path,
            is_text: group.record.is_some(),
            state: record.state,
            url: record.url.as_deref().map(Address::of),
            retrieved: day(&record.retrieved_at),
            published: day(&record.published_at),
            licence: record.license.as_deref().map(|one| short(one, 100)).unwrap_or_default(),
            digest: digest_of(
                record
                    .present
                    .as_deref()
                    .or(record.recorded.as_deref())
                    .unwrap_or_default(),
            ),
            custody: short(&custody(record), 400),
            facts: group.record.map(facts).unwrap_or_default(),
            language: record.language.clone().filter(|tag| is_tag(tag)),
            open_said: open_said(group),
            open: open.iter().map(|(severity, count)| (severity.name(), *count)).collect(),
            lists: lists(cleanup, &group.findings.told),
            rest: group.findings.rest().as_deref().map(words).unwrap_or_default(),
            edits: record.edits.iter().take(EDITS).map(Edited::of).collect(),
            more_edits: record.edits.len().saturating_sub(EDITS),
            settled: group
                .settled
                .iter()
                .take(SETTLED)
                .map(|one| Settled {
                    rule: short(&one.rule, 100),
                    passage: short(&one.passage, 64),
                    reason: said(&one.reason),
                })
                .collect(),
            more_settled: group.settled.len().saturating_sub(SETTLED),
            named: group.named.iter().take(NAMED).map(|one| named(cleanup, one)).collect(),
            more_named: group.named.len().saturating_sub(NAMED),
        }
    }
}

/// The name of a text in the page: it stays as long as the path does.
pub(super) fn anchor(path: &str) -> String {
    let digest = Algorithm::Sha256.digest(path.as_bytes()).to_string();
    let plain = digest.rsplit(':').next().unwrap_or_default();
    format!("t-{}", plain.chars().take(12).collect::<String>())
}

fn open_said(group: &Group<'_>) -> String {
    let counts: Vec<String> = group
        .findings
        .open()
        .into_iter()
        .map(|(severity, count)| {
            let one = called(severity);
            count_of(count, one, &format!("{one}s"))
        })
        .collect();
    if counts.is_empty() {
        "nothing open".to_owned()
    } else {
        format!("{} open", counts.join(", "))
    }
}

fn lists<'a>(cleanup: &Cleanup<'_>, told: &[&'a Finding]) -> Vec<(String, Vec<Item<'a>>)> {
    let names = [
        ("open", "Open"),
        ("accepted", "Accepted"),
        ("baseline", "Known before, and not counted"),
    ];
    let items: Vec<Item<'a>> = told.iter().map(|finding| Item::of(cleanup, finding)).collect();
    let mut by_state: Vec<(&str, String, Vec<Item<'a>>)> =
        names.map(|(state, name)| (state, name.to_owned(), Vec::new())).into();
    for item in items {
        if let Some((.., list)) = by_state.iter_mut().find(|(state, ..)| *state == item.state) {
            list.push(item);
        }
    }
    let lists = by_state.into_iter().filter(|(.., list)| !list.is_empty());
    lists.map(|(_, name, list)| (name, list)).collect()
}

fn facts(record: &TextRecord) -> Vec<(&'static str, Fact)> {
    let words = |name, value: Option<String>| value.map(|value| (name, Fact::Words(said(&value))));
    let link = |name, value: &Option<String>| value.as_deref().map(|url| (name, Fact::Link(Address::of(url))));
    let digest = |name, value: &Option<String>| value.as_deref().map(|one| (name, Fact::Digest(digest_of(one))));
    let joined = |values: &[String]| (!values.is_empty()).then(|| values.join(", "));
    let recorded = record.recorded.as_ref().filter(|_| record.state != "verified");
    let origin = record.origin.as_ref();
    [
        words("Author", joined(&record.authors)),
        link("Address", &record.url),
        words("Retrieved", record.retrieved_at.clone()),
        words("Republished at", joined(&record.via)),
        link("Archived", &record.archive),
        words("Origin", origin.map(|(kind, reason)| format!("{kind}: {reason}"))),
        words("Published", record.published_at.clone()),
        words("Modified", record.modified_at.clone()),
        words("Language", record.language.clone()),
        words("Licence", record.license.clone()),
        words("Made from", joined(&record.derived_from)),
        words("Custody", Some(custody(record))),
        digest("SHA-256 on record", &recorded.cloned()),
        digest("SHA-256", &record.present),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether a language tag has the shape that BCP 47 gives it.
fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let plain =
        |part: &str| part.len() <= 8 && !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_alphabetic()) && parts.all(plain)
}

impl Address {
    fn of(url: &str) -> Self {
        let brief = url.split_once("://").map_or(url, |(_, rest)| rest);
        Self {
            href: is_web(url).then(|| url.to_owned()),
            shown: short(url, 300),
            brief: short(brief.strip_prefix("www.").unwrap_or(brief).trim_end_matches('/'), 90),
        }
    }
}

impl Edited {
    fn of(change: &Change) -> Self {
        let digest = |value: &Option<String>| value.as_deref().map(digest_of).unwrap_or_default();
        Self {
            at: short(&change.at, 60),
            reason: said(&change.reason),
            rules: change.rules.iter().map(|rule| short(rule, 100)).collect(),
            from: digest(&change.from),
            to: digest(&change.to),
        }
    }
}

fn named<'a>(cleanup: &Cleanup<'_>, finding: &'a Finding) -> Named<'a> {
    Named {
        fingerprint: Some(finding.fingerprint.as_str()).filter(|_| cleanup.tells(finding)),
        message: words(&finding.message),
        path: short(&finding.location.path, 200),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_languages_have_a_shape() {
        assert!(is_tag("en") && is_tag("zh-Hant-TW"));
        for wrong in ["", "e", "en-", "en us", "\"onload", "english"] {
            assert!(!is_tag(wrong), "{wrong}");
        }
    }

    #[test]
    fn addresses_are_links_only_where_they_are_of_the_web() {
        let address = Address::of("https://www.example.org/a/");
        assert_eq!(
            (address.href.as_deref(), address.brief.as_str()),
            (Some("https://www.example.org/a/"), "example.org/a")
        );
        assert_eq!(Address::of("javascript:alert(1)").href, None);
    }
}
