//! `provenance/invalid-license`: a licence that no tool can read.

use std::collections::HashMap;
use std::sync::LazyLock;

use spdx::identifiers::LICENSES;
use spdx::{Expression, ParseMode};

use crate::address::Address;
use crate::checks::{Check, Rule, Survey};
use crate::finding::{Finding, Location, Related, Severity};
use crate::manifest::{Manifest, Spanned, nearest};

/// See [`RULE`].
#[derive(Debug)]
pub struct InvalidLicense;

/// What it is.
pub static RULE: Rule = Rule {
    id: "provenance/invalid-license",
    severity: Severity::Warning,
    summary: "a licence that is no SPDX expression",
    settings: &[],
    docs: "\
## What it does
Reads `license` of the corpus and of each entry as an SPDX licence expression: identifiers of the SPDX list, joined by `AND`,
`OR` and `WITH`, or names of your own that begin with `LicenseRef-`. One licence that is wrong in many entries is one finding
with a count. It is info where the meaning is clear: another case of the letters, an identifier that is deprecated, or the
address of a licence that is known.

## Why it matters
`CC BY`, `CC-BY 4.0` and `Creative Commons` are three things for a program, and not even one for a lawyer: versions differ in
what they allow. An identifier of the list is the same for all.

## Example
`license: CC BY 4.0` in place of `license: CC-BY-4.0`.

## What to do
Write the identifier that the finding names, after looking at the source. For a licence that is not on the list, or for rights
that are not free, write a name of your own: `LicenseRef-all-rights-reserved`.
",
};

/// So many places of one wrong licence are named.
const MOST: usize = 8;
/// For so many different texts a near identifier is looked for; comparing each with the whole list takes time.
const NEAREST: usize = 50;

impl Check for InvalidLicense {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn corpus(&self, survey: &Survey<'_>, findings: &mut Vec<Finding>) {
        let licenses = licenses(survey.manifest);
        let mut guesses = NEAREST;
        for group in licenses.chunk_by(|a, b| a.1.value == b.1.value) {
            let (file, first) = group[0];
            let Some(judgement) = Judgement::of(&first.value, &mut guesses) else {
                continue;
            };
            let mut finding = judgement.finding(survey.manifest.location(file, first.span));
            finding.related = others(survey.manifest, &group[1..]);
            findings.push(finding.evidence("places", group.len()));
        }
    }
}

/// A licence, and which file of the manifest it stands in.
type Placed<'a> = (usize, &'a Spanned<String>);

/// Every licence on record, equal ones together, that of the corpus first among them.
fn licenses(manifest: &Manifest) -> Vec<Placed<'_>> {
    let corpus = manifest.corpus.license.iter().map(|license| (0, license));
    let entry = manifest.entries.iter();
    let entries = entry.filter_map(|entry| Some((entry.file, entry.license.as_ref()?)));
    let mut licenses: Vec<Placed<'_>> = corpus.chain(entries).collect();
    licenses.sort_by(|a, b| a.1.value.cmp(&b.1.value));
    licenses
}

fn others(manifest: &Manifest, group: &[Placed<'_>]) -> Vec<Related> {
    let related = |&(file, license): &Placed<'_>| Related {
        location: manifest.location(file, license.span),
        message: "and here".to_owned(),
    };
    group.iter().take(MOST).map(related).collect()
}

/// What is wrong with a licence.
#[derive(Debug, PartialEq, Eq)]
struct Judgement {
    severity: Severity,
    message: String,
    help: String,
    /// The expression to write.
    suggestion: Option<String>,
}

impl Judgement {
    /// `None` where the text is a sound expression. `guesses` is how many more times the list may be gone through.
    fn of(text: &str, guesses: &mut usize) -> Option<Self> {
        if let Some(help) = is_no_licence(text) {
            return Some(Self::warning(format!("`{text}` is no licence"), help.to_owned(), None));
        }
        if let Ok(address) = Address::parse(text) {
            return Some(Self::of_address(&address));
        }
        let lenient = ParseMode {
            allow_deprecated: true,
            ..ParseMode::STRICT
        };
        match Expression::parse_mode(text, lenient) {
            Ok(expression) => Self::of_deprecated(&expression),
            Err(_) => Some(Self::of_unreadable(text, guesses)),
        }
    }

    fn warning(message: String, help: String, suggestion: Option<String>) -> Self {
        Self {
            severity: Severity::Warning,
            message,
            help,
            suggestion,
        }
    }

    fn info(message: String, suggestion: String) -> Self {
        Self {
            severity: Severity::Info,
            message,
            help: format!("write {suggestion}"),
            suggestion: Some(suggestion),
        }
    }

    fn of_address(address: &Address) -> Self {
        match license_at(address) {
            Some(id) => Self::info("the licence is given by its address".to_owned(), current(id)),
            None => Self::warning(
                "the licence is given by an address that is not known".to_owned(),
                "write its SPDX identifier, or a name of your own: LicenseRef-name".to_owned(),
                None,
            ),
        }
    }

    fn of_deprecated(expression: &Expression) -> Option<Self> {
        let mut ids = expression.requirements().filter_map(|term| term.req.license.id());
        let old = ids.find(|id| id.is_deprecated())?;
        let new = current(old.name);
        let message = format!("the identifier {} is deprecated", old.name);
        if new == old.name {
            let help = "see https://spdx.org/licenses/ for what took its place".to_owned();
            let severity = Severity::Info;
            return Some(Self {
                severity,
                ..Self::warning(message, help, None)
            });
        }
        Some(Self::info(message, new))
    }

    fn of_unreadable(text: &str, guesses: &mut usize) -> Self {
        let spelt = respell(text);
        if Expression::parse(&spelt).is_ok() {
            return Self::info(format!("`{text}` is not spelt as in the SPDX list"), spelt);
        }
        let message = format!("`{text}` is no SPDX licence expression");
        let near = known(text).map(current).or_else(|| guess(text, guesses));
        let help = match &near {
            Some(near) => format!("did you mean {near}?"),
            None => {
                "write an identifier of https://spdx.org/licenses/, or a name of your own: LicenseRef-name".to_owned()
            }
        };
        Self::warning(message, help, near)
    }

    fn finding(self, place: Location) -> Finding {
        let finding = RULE
            .finding(place, self.message)
            .severity(self.severity)
            .help(self.help);
        match self.suggestion {
            Some(suggestion) => finding.evidence("suggestion", suggestion),
            None => finding,
        }
    }
}

/// What to do about words that stand where a licence should, but are none.
fn is_no_licence(text: &str) -> Option<&'static str> {
    const RESERVED: &str = "write a name of your own: LicenseRef-all-rights-reserved";
    match text.trim().to_lowercase().trim_end_matches('.') {
        "" | "?" | "-" | "n/a" | "tbd" | "todo" | "none" | "noassertion" | "unknown" | "null" | "~" => {
            Some("name the licence, or leave the key out")
        }
        "public domain" | "publicdomain" | "public-domain" | "pd" | "gemeinfrei" | "domaine public" => {
            Some("write CC0-1.0 or CC-PDM-1.0 where the source says so in these words, or LicenseRef-public-domain")
        }
        "all rights reserved" | "copyright" | "copyrighted" | "proprietary" | "©" => Some(RESERVED),
        "creative commons" | "cc" | "cc by" | "cc-by" | "cc by-sa" | "cc-by-sa" => {
            Some("name the kind and the version: CC-BY-4.0, CC-BY-SA-3.0; they differ in what they allow")
        }
        _ => None,
    }
}

/// The identifier to write for one of the list that is deprecated.
fn current(id: &str) -> String {
    let base = id.trim_end_matches('+');
    let (only, later) = (format!("{base}-only"), format!("{base}-or-later"));
    match (spdx::license_id(&only), spdx::license_id(&later)) {
        (Some(_), Some(_)) if id.ends_with('+') => later,
        (Some(_), Some(_)) => format!("{only} or {later}"),
        _ => id.to_owned(),
    }
}

/// The expression with each word as the list spells it, and `OR` for a slash.
fn respell(text: &str) -> String {
    let spaced = text.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words = spaced
        .split_whitespace()
        .map(|word| match word.to_ascii_lowercase().as_str() {
            "and" => "AND",
            "or" => "OR",
            "with" => "WITH",
            lower => spelt(lower).unwrap_or(word),
        });
    let words: Vec<&str> = words.collect();
    words.join(" ").replace("( ", "(").replace(" )", ")")
}

/// The identifier of the list, for one in lower case.
fn spelt(lower: &str) -> Option<&'static str> {
    static LOWER: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
        let names = LICENSES.iter().map(|license| license.name);
        let exceptions = spdx::identifiers::EXCEPTIONS.iter().map(|exception| exception.name);
        names
            .chain(exceptions)
            .map(|name| (name.to_ascii_lowercase(), name))
            .collect()
    });
    LOWER.get(lower).copied()
}

/// The identifier of the list that has this identifier or name, whatever the spelling.
fn known(text: &str) -> Option<&'static str> {
    static NAMES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
        let mut names = HashMap::new();
        let deprecated = |license: &&spdx::License| license.flags & spdx::flags::IS_DEPRECATED != 0;
        let (old, new): (Vec<_>, Vec<_>) = LICENSES.iter().partition(deprecated);
        for license in new.iter().chain(&old) {
            names.entry(plain(license.name)).or_insert(license.name);
            names.entry(plain(license.full_name)).or_insert(license.name);
        }
        names
    });
    let plain = plain(text);
    let zero = (plain == "cc0").then_some("CC0-1.0");
    NAMES.get(&plain).copied().or(zero)
}

/// What two spellings of one name share: letters and numbers, without the words that add nothing and a final `.0`.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric() && c != '.');
    let empty = [
        "",
        "license",
        "licence",
        "the",
        "version",
        "v",
        "international",
        "v.",
        "ver.",
    ];
    let joined: String = words.filter(|word| !empty.contains(word)).collect();
    let versioned: String = joined
        .char_indices()
        .filter(|&(at, c)| c != 'v' || !joined[at + 1..].starts_with(|next: char| next.is_ascii_digit()))
        .map(|(_, c)| c)
        .collect();
    let whole = versioned.trim_end_matches('.');
    whole.strip_suffix(".0").unwrap_or(whole).to_owned()
}

fn guess(text: &str, guesses: &mut usize) -> Option<String> {
    if *guesses == 0 || text.len() > 60 {
        return None;
    }
    *guesses -= 1;
    let names = LICENSES.iter().map(|license| license.name);
    nearest(text, names).filter(|near| near.len() > 3).map(current)
}

/// The licence that an address is known to lead to.
fn license_at(address: &Address) -> Option<&'static str> {
    let parts: Vec<&str> = address.path().split('/').filter(|part| !part.is_empty()).collect();
    let last = parts.last().copied().unwrap_or_default();
    let bare = [".html", ".txt", ".en", ".php"]
        .iter()
        .fold(last, |bare, end| bare.strip_suffix(end).unwrap_or(bare));
    match (address.host().trim_start_matches("www."), parts.as_slice()) {
        ("creativecommons.org", ["publicdomain", "zero", ..]) => Some("CC0-1.0"),
        ("creativecommons.org", ["publicdomain", "mark", ..]) => Some("CC-PDM-1.0"),
        ("creativecommons.org", ["licenses", kind, version, rest @ ..]) => {
            let place = rest.first().copied().unwrap_or_default();
            let ported = spelt(&format!("cc-{kind}-{version}-{place}").to_ascii_lowercase());
            ported.or_else(|| spelt(&format!("cc-{kind}-{version}").to_ascii_lowercase()))
        }
        ("apache.org", ["licenses", ..]) => known(&format!("apache {bare}")),
        ("unlicense.org", _) => Some("Unlicense"),
        ("spdx.org" | "opensource.org" | "choosealicense.com" | "gnu.org" | "mozilla.org", _) => known(bare),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn judge(text: &str) -> Option<(Severity, Option<String>)> {
        Judgement::of(text, &mut 10).map(|judgement| (judgement.severity, judgement.suggestion))
    }

    #[test]
    fn sound_expressions() {
        for text in [
            "CC-BY-4.0",
            "MIT OR Apache-2.0",
            "(CC0-1.0 OR MIT) AND CC-BY-SA-3.0-DE",
            "GPL-2.0-or-later WITH Classpath-exception-2.0",
            "LicenseRef-all-rights-reserved",
            "DocumentRef-corpus:LicenseRef-own",
            "CC-PDM-1.0",
        ] {
            assert_eq!(judge(text), None, "{text}");
        }
    }

    #[test]
    fn clear_in_meaning() {
        for (text, want) in [
            ("cc-by-4.0", "CC-BY-4.0"),
            ("mit/apache-2.0", "MIT OR Apache-2.0"),
            ("MIT or (cc0-1.0 And isc)", "MIT OR (CC0-1.0 AND ISC)"),
            ("GPL-3.0", "GPL-3.0-only or GPL-3.0-or-later"),
            ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
            (
                "http://creativecommons.org/licenses/by-nc-sa/3.0/de/deed.en",
                "CC-BY-NC-SA-3.0-DE",
            ),
            ("https://creativecommons.org/publicdomain/zero/1.0/legalcode", "CC0-1.0"),
            ("https://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0"),
            ("https://opensource.org/licenses/MIT", "MIT"),
            ("https://spdx.org/licenses/CC-BY-4.0.html", "CC-BY-4.0"),
            (
                "https://www.gnu.org/licenses/gpl-3.0.en.html",
                "GPL-3.0-only or GPL-3.0-or-later",
            ),
        ] {
            assert_eq!(judge(text), Some((Severity::Info, Some(want.to_owned()))), "{text}");
        }
    }

    #[test]
    fn other_names() {
        for (text, want) in [
            ("CC BY 4.0", Some("CC-BY-4.0")),
            ("CC-BY-SA 3.0", Some("CC-BY-SA-3.0")),
            ("CC0", Some("CC0-1.0")),
            ("CC-BY-4", Some("CC-BY-4.0")),
            ("Creative Commons Attribution 4.0 International", Some("CC-BY-4.0")),
            ("Apache License, Version 2.0", Some("Apache-2.0")),
            ("The MIT License", Some("MIT")),
            ("GPLv3", Some("GPL-3.0-only or GPL-3.0-or-later")),
            ("CC-BYY-4.0", Some("CC-BY-4.0")),
            ("public domain", None),
            ("All rights reserved.", None),
            ("NOASSERTION", None),
            ("", None),
            ("ask the editor first", None),
            ("https://example.org/terms", None),
            ("MIT OR", None),
        ] {
            let want = want.map(str::to_owned);
            assert_eq!(judge(text), Some((Severity::Warning, want)), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "([()+/ ]|MIT|GPL-2.0|OR|WITH|LicenseRef-|é|[a-z0-9.:-]{0,5}|https://creativecommons.org/licenses/){0,12}") {
            let _ = Judgement::of(&text, &mut 1);
        }
    }
}
