//! A finding as the page shows it.

use super::rule::RuleLink;
use super::text::anchor;
use crate::finding::{Finding, Fix, Location};
use crate::report::change::{self, Fate};
use crate::report::cleanup::{
    Cleanup, Line, Piece, called, excerpt, pieces, safety, said, short, state_of, unseen_edits, where_in,
};

/// So many other places of a finding are shown.
const RELATED: usize = 8;
/// So many characters stand on either side of what an excerpt marks.
const SIDE: usize = 220;
/// A line of a change has so many characters in one piece at most.
const PIECE: usize = 900;

/// A finding.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) fingerprint: &'a str,
    pub(super) severity: &'static str,
    /// The word for the severity.
    pub(super) called: &'static str,
    pub(super) family: &'static str,
    pub(super) state: &'static str,
    pub(super) message: Vec<Words>,
    pub(super) rule: RuleLink,
    pub(super) place: Option<String>,
    pub(super) sure: Option<String>,
    pub(super) lines: Vec<Line>,
    pub(super) label: Option<String>,
    pub(super) help: Vec<Words>,
    pub(super) related: Vec<Other>,
    pub(super) more_related: usize,
    pub(super) fix: Option<Mend>,
    /// Why it is not open.
    pub(super) why: Option<String>,
}

/// A run of words of a message.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) code: bool,
    pub(super) text: String,
}

/// Another place that belongs to a finding.
#[derive(Debug)]
pub(super) struct Other {
    pub(super) message: Vec<Words>,
    /// Where, with the path where that is another text.
    pub(super) place: String,
    /// The part of the page that is about that text, where it is another one.
    pub(super) anchor: Option<String>,
    /// What stands there.
    pub(super) passage: Option<String>,
}

/// A fix, with what goes out and what comes in.
#[derive(Debug)]
pub(super) struct Mend {
    pub(super) safety: &'static str,
    pub(super) stretches: Vec<(usize, Vec<Row>)>,
    pub(super) unseen: Option<String>,
}

/// A line of a change.
#[derive(Debug)]
pub(super) struct Row {
    /// `old`, `new`, `both` or nothing.
    pub(super) kind: &'static str,
    pub(super) parts: Vec<(Fate, String)>,
}

impl<'a> Item<'a> {
    pub(super) fn of(cleanup: &Cleanup<'_>, finding: &'a Finding) -> Self {
        let related = finding.related.iter().take(RELATED);
        let own = &finding.location.path;
        Self {
            fingerprint: &finding.fingerprint,
            severity: finding.severity.name(),
            called: called(finding.severity),
            family: finding.family(),
            state: state_of(finding),
            message: words(&finding.message),
            rule: RuleLink::of(cleanup.report, finding.rule),
            place: where_in(&finding.location),
            sure: (finding.confidence < 0.995).then(|| format!("{:.0} % sure", finding.confidence * 100.0)),
            lines: finding
                .location
                .place
                .as_ref()
                .map(|place| excerpt(place, SIDE))
                .unwrap_or_default(),
            label: finding.label.as_deref().map(said),
            help: finding.help.as_deref().map(words).unwrap_or_default(),
            related: related
                .map(|one| Other::of(cleanup, own, &one.location, &one.message))
                .collect(),
            more_related: finding.related.len().saturating_sub(RELATED),
            fix: finding.fix.as_ref().map(|fix| Mend::of(finding, fix)),
            why: finding.suppressed.as_ref().map(|why| said(&why.reason)),
        }
    }
}

/// The words of a message, safe to show.
pub(super) fn words(message: &str) -> Vec<Words> {
    let message = said(message);
    let word = |piece: Piece<'_>| match piece {
        Piece::Words(text) => Words {
            code: false,
            text: text.to_owned(),
        },
        Piece::Code(text) => Words {
            code: true,
            text: text.to_owned(),
        },
    };
    pieces(&message).into_iter().map(word).collect()
}

impl Other {
    fn of(cleanup: &Cleanup<'_>, own: &str, location: &Location, message: &str) -> Self {
        let elsewhere = location.path != own;
        let place = where_in(location);
        let path = elsewhere.then(|| short(&location.path, 200));
        let parts: Vec<String> = path.into_iter().chain(place).collect();
        let passage = location.place.as_ref().map(|place| {
            let excerpt = &place.excerpt;
            short(
                excerpt.text.get(excerpt.start..excerpt.end).unwrap_or_default().trim(),
                160,
            )
        });
        Self {
            message: words(message),
            place: parts.join(", "),
            anchor: (elsewhere && cleanup.tells_of(&location.path)).then(|| anchor(&location.path)),
            passage: passage.filter(|text| !text.is_empty()),
        }
    }
}

impl Mend {
    fn of(finding: &Finding, fix: &Fix) -> Self {
        let stretch = |stretch: &crate::finding::Stretch| {
            let edits: Vec<_> = fix
                .edits
                .iter()
                .filter(|edit| stretch.holds(edit))
                .cloned()
                .map(|mut edit| {
                    edit.start -= stretch.start;
                    edit.end -= stretch.start;
                    edit
                })
                .collect();
            (
                stretch.line,
                change::marked(&stretch.bytes, &edits).into_iter().map(row).collect(),
            )
        };
        Self {
            safety: safety(fix.safety),
            stretches: fix.around.iter().map(stretch).collect(),
            unseen: unseen_edits(finding),
        }
    }
}

fn row((mark, parts): (char, Vec<(Fate, String)>)) -> Row {
    Row {
        kind: match mark {
            '-' => "old",
            '+' => "new",
            '~' => "both",
            _ => "",
        },
        parts: parts.into_iter().map(|(fate, text)| (fate, middle(text))).collect(),
    }
}

/// A piece without its middle where it is very long.
fn middle(text: String) -> String {
    let count = text.chars().count();
    if count <= PIECE {
        return text;
    }
    let head: String = text.chars().take(PIECE * 2 / 3).collect();
    let tail: String = text.chars().skip(count - PIECE / 4).collect();
    format!("{head} … {} characters … {tail}", count - PIECE * 2 / 3 - PIECE / 4)
}
