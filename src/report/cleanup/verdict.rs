//! The sentence at the top: whether these are the texts on record, and what is still to be done.

use crate::engine::{Report, Summary};
use crate::report::cleanup::count_of;

/// How things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Mood {
    /// Nothing is in the way.
    Good,
    /// A person must look.
    Doubt,
    /// It must not be published as it is.
    Bad,
}

impl Mood {
    /// Its name.
    pub(in crate::report) fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Doubt => "doubt",
            Self::Bad => "bad",
        }
    }
}

/// How things stand, in a sentence or two.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::report) struct Verdict {
    pub(in crate::report) mood: Mood,
    /// Whether the bytes are those on record.
    pub(in crate::report) fixity: String,
    /// What was found in them.
    pub(in crate::report) found: String,
}

impl Verdict {
    /// Of a report.
    pub(super) fn of(report: &Report) -> Self {
        let summary = &report.summary;
        let (fixity, mood) = fixity(report);
        let (found, worst) = found(summary, report);
        Self {
            mood: if mood == Mood::Good { worst } else { mood },
            fixity,
            found,
        }
    }
}

fn fixity(report: &Report) -> (String, Mood) {
    let summary = &report.summary;
    let looked = summary.listed - summary.skipped;
    let skipped = match summary.skipped {
        0 => String::new(),
        skipped => format!(", and {} not looked at", are(skipped)),
    };
    let wrong = wrong(summary);
    let said = match summary.verified {
        _ if report.seal.refuses() => {
            "The manifest is not the one that was demanded, so no text was looked at.".to_owned()
        }
        0 if wrong.is_empty() => "Nothing was verified.".to_owned(),
        0 => format!("Nothing was verified: {wrong}{skipped}."),
        verified if verified == looked => {
            return (format!("{} as recorded{skipped}.", all(verified)), Mood::Good);
        }
        verified => {
            let texts = count_of(looked, "text", "texts");
            format!("Of {texts}, {} as recorded; {wrong}{skipped}.", are(verified))
        }
    };
    (said, Mood::Bad)
}

fn all(count: usize) -> String {
    match count {
        1 => "The one text is".to_owned(),
        2 => "Both texts are".to_owned(),
        _ => format!("All {}", count_of(count, "text is", "texts are")),
    }
}

/// What is wrong with those that are not as recorded.
fn wrong(summary: &Summary) -> String {
    let counts = [
        (summary.changed(), "changed"),
        (summary.missing, "missing"),
        (summary.unverifiable, "not verifiable"),
    ];
    let some = counts.into_iter().filter(|(count, _)| *count > 0);
    let said: Vec<String> = some.map(|(count, what)| format!("{} {what}", are(count))).collect();
    said.join(", ")
}

fn are(count: usize) -> String {
    count_of(count, "is", "are")
}

fn found(summary: &Summary, report: &Report) -> (String, Mood) {
    let counts = [
        (summary.errors, "error", "errors"),
        (summary.warnings, "warning", "warnings"),
        (summary.infos, "remark", "remarks"),
    ];
    let said: Vec<String> = counts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| count_of(count, one, many))
        .collect();
    let verb = if report.open().count() == 1 { "is" } else { "are" };
    let mut open = match said.split_last() {
        None => "Nothing is open.".to_owned(),
        Some((last, [])) => format!("{last} {verb} open."),
        Some((last, before)) => format!("{} and {last} are open.", before.join(", ")),
    };
    if report.outside > 0 {
        let more = count_of(report.outside, "more finding is", "more findings are");
        open = format!("{open} {more} outside the change that was asked about, and not told here.");
    }
    let mood = match (summary.errors, summary.warnings) {
        (0, 0) => Mood::Good,
        (0, _) => Mood::Doubt,
        _ => Mood::Bad,
    };
    (open, mood)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(summary: Summary) -> (String, &'static str) {
        let verdict = Verdict::of(&Report {
            summary,
            ..Report::default()
        });
        (format!("{} {}", verdict.fixity, verdict.found), verdict.mood.name())
    }

    #[test]
    fn it_says_what_is_in_the_way() {
        let all = Summary {
            listed: 3,
            verified: 3,
            ..Summary::default()
        };
        assert_eq!(
            verdict(all),
            ("All 3 texts are as recorded. Nothing is open.".to_owned(), "good")
        );
        let some = Summary {
            listed: 5,
            verified: 2,
            missing: 1,
            skipped: 1,
            warnings: 2,
            errors: 1,
            ..Summary::default()
        };
        let said = "Of 4 texts, 2 are as recorded; 1 is changed, 1 is missing, and 1 is not looked at. 1 error and 2 warnings are open.";
        assert_eq!(verdict(some), (said.to_owned(), "bad"));
    }

    #[test]
    fn nothing_verified_is_never_good() {
        let (said, mood) = verdict(Summary::default());
        assert_eq!((said.as_str(), mood), ("Nothing was verified. Nothing is open.", "bad"));
        let changed = Summary {
            listed: 1,
            ..Summary::default()
        };
        let (said, mood) = verdict(changed);
        assert_eq!(
            (said.as_str(), mood),
            ("Nothing was verified: 1 is changed. Nothing is open.", "bad")
        );
    }
}
